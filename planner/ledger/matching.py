"""Matching: what is told of green power in the hour of its use is there, within what is used, and held by stores as they hold."""

from __future__ import annotations

import numpy as np

from models.message import Message
from planner.ledger.contracts import is_generating
from planner.ledger.figures import ELECTRICITY
from planner.ledger.flows import LedgerYear


def matched_of(year: LedgerYear) -> dict[str, float]:
    """Electricity that is used, and what green power covers of it (MWh); every hour is checked.

    Where no store runs, that is the most that can be; with stores the plan says how it is done, and it may be no more than told.
    """
    figures, book = year.figures, year.book
    use, green = (np.zeros(year.hours.count) for _ in range(2))
    for (flow, _, _, carrier), values in year.flows.items():
        if carrier == ELECTRICITY and flow in ("demand", "in"):
            use = use + values
    for k, kind in figures.of_role("converter").items():
        if kind.green:
            green = green + year.flow("out", k, ELECTRICITY)
    for supply in figures.case.supplies:
        if is_generating(supply) and supply.green_share == 1 and supply.carrier == ELECTRICITY:
            green = green + year.flow("import", supply.supply)
    matched, runs = year.flow("matched", ELECTRICITY), False
    for s, kind in figures.of_role("store").items():
        own = {flow: year.flow(flow, s) for flow in ("charge", "discharge", "held")}
        part = {flow: year.flow(f"green_{flow}", s) for flow in own}
        if not part["charge"].any() and not part["discharge"].any():
            runs |= bool(own["charge"].any())
            continue
        runs = True
        for flow, values in part.items():
            book.at_most_hours(Message("green part of {flow}", flow=flow), year.y, s, values, own[flow])
        left = (1 - kind.standing_loss) * part["held"][year.hours.before]
        found = left + kind.charge_efficiency * part["charge"] - part["discharge"] / kind.discharge_efficiency
        book.equal_hours("green energy held (MWh)", year.y, s, part["held"], found, scale=year.capacity.get(s, 0.0))
        green = green + part["discharge"] - part["charge"]
    scale = float(use.max(initial=0.0))
    book.at_most_hours("matched within use", year.y, "all electricity", matched, use, scale=scale)
    book.at_most_hours("matched within green power", year.y, "all electricity", matched, green, scale=scale)
    if not runs:
        book.equal_hours("matched, the most", year.y, "all electricity", matched, np.minimum(use, green), scale=scale)
    return {"hourly_use": year.hours.total(use), "matched": year.hours.total(matched)}
