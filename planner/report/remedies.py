"""The table of the remedies of a goal that cannot be met, explain.csv."""

from __future__ import annotations

import pandas as pd

from planner.output.schema import TABLES
from planner.plan import Run

#: Columns of explain.csv.
REMEDY_COLUMNS = TABLES["explain"].names


def remedies_table(run: Run) -> pd.DataFrame:
    """One row a limit that was looked at: those that are enough alone, then together, then those that are not enough."""
    rows = []
    for remedy in run.remedies:
        known = remedy.system_cost is not None and run.cost_without_goal is not None
        extra = remedy.system_cost - run.cost_without_goal if known else None  # type: ignore[operator]
        rows.append(
            (
                remedy.table,
                remedy.name,
                remedy.parameter,
                remedy.year,
                remedy.now,
                remedy.needed,
                remedy.unit,
                remedy.together,
                remedy.system_cost,
                extra,
                remedy.note,
                run.currency,
            )
        )
    table = pd.DataFrame(rows, columns=list(REMEDY_COLUMNS))
    table["year"] = table["year"].astype("Int64")
    return table
