"""Demand that may move or be shed: columns that go together."""

from __future__ import annotations

from models.case import Demand
from planner.read import remarks
from planner.read.draft import Draft

#: Columns that say something of a share only.
OF_SHIFT, OF_SHED = ("shift_hours", "shift_power", "shift_cost"), ("shed_price", "firm_shed", "shed_hours")


def check_flexibility(draft: Draft) -> None:
    """Check what of each demand may move and be shed."""
    rows = draft.rows(Demand)
    for share, columns in (("shift_share", OF_SHIFT), ("shed_share", OF_SHED)):
        sharing = {row.demand for row in rows if getattr(row, share) > 0}
        told: set[str] = set()
        for row in rows:
            stated = [column for column in columns if getattr(row, column)]
            if stated and row.demand not in sharing | told:
                told.add(row.demand)
                draft.warn(row.origin, remarks.OF_NO_SHARE, column=stated[0], share=share, demand=repr(row.demand))
    for row in rows:
        if row.shift_share > 0 and row.shift_hours is None:
            draft.fault(row.origin, "shift_hours: is blank; say by how many hours what moves may come earlier or later, 1 to 12")
        if row.shed_share > 0 and row.shed_price is None:
            draft.fault(row.origin, "shed_price: is blank; say what is paid for a MWh that goes unserved")
        both = row.shift_share + row.shed_share
        if both > 1 + 1e-9:
            draft.fault(
                row.origin,
                "shift_share + shed_share = {both}: is above 1; no more than all of a demand can move or be shed",
                both=f"{both:g}",
            )
