"""Which rows of a park's own tables are estimates: their grade, source or note says so, in either language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from models.case import TABLES, Case
from models.case.base import Row

#: Grade of figures that nobody has looked up.
UNCERTAIN = "general knowledge"
#: What a source or a note says of such a figure.
_SAID = re.compile(r"\bgeneral knowledge\b|\billustrative\b|\bestimate[sd]?\b|经验|示意|估计|估算|暂估", re.IGNORECASE)


def estimates(case: Case) -> list[dict[str, str]]:
    """Table, name and parameter ('' for the whole row) of each; the same of several years once. What the catalogue filled in is
    graded in assumptions.csv and is not here."""
    rows = [(table, row) for table in TABLES for row in getattr(case, table)]
    own = [(table, row) for table, row in rows if not row.is_of_catalogue]
    found = dict.fromkeys(
        (table, str(getattr(row, row.key[0], "")) if row.key else "", *(str(getattr(row, c, "")) for c in ("parameter", "item")))
        for table, row in own
        if is_estimate(row)
    )
    return [{"table": table, "name": name, "parameter": parameter or item} for table, name, parameter, item in found]


def is_estimate(row: Row) -> bool:
    """True if grade, source or note says so."""
    return row.grade.strip().lower() == UNCERTAIN or any(_SAID.search(text) for text in (row.source, row.note))


def estimate_count(summary: Mapping[str, Any]) -> int:
    """How many rows a summary.json lists as estimates: the one count that page, application and file tell."""
    return len(summary.get("estimates") or ())
