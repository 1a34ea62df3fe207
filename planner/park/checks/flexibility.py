"""Demand that may move or be shed: columns that go together.

responses.csv: demands that there are, and no more of each than can be shed or moved at all.
"""

from __future__ import annotations

from models.case import Demand, Response
from planner.park import remarks
from planner.park.draft import Draft

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


def check_responses(draft: Draft) -> None:
    """Check what of each demand is offered."""
    rows = draft.rows(Response)
    for row in rows:
        draft.refer(row.origin, ("demand", row.demand), "demand", (Demand, "demand"))
        received = row.price + row.calls * row.call_price
        if row.max_offer != 0 and received <= row.calls * row.call_cost:
            draft.warn(
                row.origin,
                remarks.NEVER_OFFERED,
                response=repr(row.response),
                received=f"{received:g}",
                lost=f"{row.calls * row.call_cost:g}",
            )
    for demand in dict.fromkeys(row.demand for row in rows):
        own = [row for row in rows if row.demand == demand]
        used = max((d.shift_share + d.shed_share for d in draft.rows(Demand) if d.demand == demand), default=0.0)
        highest = {row.response: 0.0 for row in own}
        for row in own:
            highest[row.response] = max(highest[row.response], row.share)
        total = used + sum(highest.values())
        if total > 1 + 1e-9:
            draft.fault(
                own[-1].origin,
                "share: of demand {demand} {total} in all would move, be shed or be offered, with shift_share and shed_share; "
                "no more than 1 can",
                demand=repr(demand),
                total=f"{total:g}",
            )
