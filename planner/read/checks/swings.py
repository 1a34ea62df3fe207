"""What a price or a capital cost may come to at least and at most: beside a value that lies between, of what swings.csv tells."""

from __future__ import annotations

from models.case import Cost, Price
from planner.read.draft import Draft

#: What swings.csv tells of, by column.
TOLD = {"item": ("energy", "export"), "parameter": ("capital_cost",)}


def check_swings(draft: Draft) -> None:
    """`low` ≤ `value` ≤ `high`, of a price of energy or a capital cost."""
    for column, rows in (("item", draft.rows(Price)), ("parameter", draft.rows(Cost))):
        for row in rows:
            if row.low is None and row.high is None:
                continue
            what = getattr(row, column)
            if what not in TOLD[column]:
                draft.fault(
                    row.origin, "low, high: are of {told}, and this is {what}; leave them blank here",
                    told=", ".join(TOLD[column]), what=repr(what),
                )
            if row.low is not None and row.low > row.value:
                draft.fault(row.origin, "low {low}: is above the value {value}", low=f"{row.low:g}", value=f"{row.value:g}")
            if row.high is not None and row.high < row.value:
                draft.fault(row.origin, "high {high}: is below the value {value}", high=f"{row.high:g}", value=f"{row.value:g}")
