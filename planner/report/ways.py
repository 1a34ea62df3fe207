"""The table of the ways out of a goal that cannot be met, explain.csv."""

from __future__ import annotations

import pandas as pd

from planner.output.schema import TABLES
from planner.plan import Run

#: Columns of explain.csv.
WAY_COLUMNS = TABLES["explain"].names


def ways_table(run: Run) -> pd.DataFrame:
    """One row a limit that was looked at: those that are enough alone, then together, then those that are not enough."""
    rows = []
    for way in run.ways:
        known = way.system_cost is not None and run.cost_without_goal is not None
        extra = way.system_cost - run.cost_without_goal if known else None  # type: ignore[operator]
        rows.append(
            (way.table, way.name, way.parameter, way.year, way.now, way.needed, way.unit, way.together, way.system_cost,
             extra, way.note)
        )  # fmt: skip
    table = pd.DataFrame(rows, columns=list(WAY_COLUMNS))
    table["year"] = table["year"].astype("Int64")
    return table
