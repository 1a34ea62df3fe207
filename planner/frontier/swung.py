"""A park with one leading figure at its low or its high, all else as it is: what `swings.csv` tells with the plans as they are."""

from __future__ import annotations

from collections.abc import Mapping

from models.case import Case
from planner.finance.pieces import MEASURE, TECHNOLOGY
from planner.frontier.capital import times, with_capital
from planner.language.message import Message
from planner.report.swings import DEMAND, NAMES, RATE, SIDES, SWING, own_ranges

#: Item of prices.csv of what is bought, and of what is sold.
ITEM = {"bought": "energy", "sold": "export"}


def told_swing(what: str, name: str, side: str) -> Message:
    """What changes, to which side, as a message."""
    of = Message(NAMES[what], name=name) if name else Message(NAMES[what])
    return Message("{what}, {side}", what=of, side=Message(SIDES[side]))


def swung(case: Case, what: str, name: str, side: str) -> Case:
    """The case with a figure at its low or its high: of a price or a capital cost as far as its rows say, else by SWING."""
    at = list(SIDES).index(side)
    share = (-SWING, SWING)[at]
    if what == RATE:
        park = case.park.model_copy(update={"discount_rate": (1 + share) * case.park.discount_rate})
        return case.model_copy(update={"park": park})
    if what == DEMAND:
        rows = tuple(row.model_copy(update={"value": row.value * (1 + share)}) for row in case.demand)
        return case.model_copy(update={"demand": rows})
    years = range(case.park.first_year, case.park.last_year + 1)
    own = own_ranges(case).get((what, name))
    factors: Mapping[int, float] = {y: 1 + (share if own is None else own[y][at]) for y in years}
    if what == "capital":
        kind = MEASURE if any(m.measure == name for m in case.measures) else TECHNOLOGY
        return with_capital(case, kind, name, factors)
    moved = [p for p in case.prices if (p.supply, p.item) == (name, ITEM[what])]
    kept = tuple(p for p in case.prices if p not in moved)
    return case.model_copy(update={"prices": (*kept, *times(moved, factors, {}))})
