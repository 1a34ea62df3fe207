"""responses.csv: demands that there are, and no more of each than can be shed or moved at all."""

from __future__ import annotations

from models.case import Demand, Response
from planner.read import remarks
from planner.read.draft import Draft


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
