"""What the catalogue has of standards: their rules, the factors that they fix, and what they are called. Raises nothing."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

from models.case import StageRule, StandardFactor
from models.case.base import Row
from planner.tables.names import FILE

CATALOGUE = FILE.parent
_Row = TypeVar("_Row", bound=Row)


@cache
def rules_of_catalogue() -> tuple[StageRule, ...]:
    """Rules of all standards of the catalogue."""
    return tuple(_read(StageRule))


@cache
def factors_of_catalogue() -> tuple[StandardFactor, ...]:
    """Factors that the standards of the catalogue fix."""
    return tuple(_read(StandardFactor))


def _read(kind: type[_Row]) -> Iterator[_Row]:
    """The rows of a table of the catalogue."""
    path: Path = CATALOGUE / f"{kind.table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield kind.model_validate({c: v for c, v in row.items() if v != "" and c in kind.columns()})


@cache
def titles_of_standard(standard: str) -> dict[str, str]:
    """What a standard of the catalogue is called."""
    with FILE.open(encoding="utf-8", newline="") as file:
        found = [r for r in csv.DictReader(file) if (r["kind"], r["name"]) == ("standard", standard)]
    return {"title_en": found[0]["title"], "title_zh": found[0]["title_zh"]} if found else {"title_en": "", "title_zh": ""}
