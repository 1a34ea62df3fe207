"""Flexibility: what of a demand moved or was shed is within what was agreed, and every figure of flexibility.csv.

What is served is compared with what is asked by two running sums: with A what is asked and S what is served since a day (in all
hours: the year) began, there must be an amount c with A(t - h) <= c + S(t) <= A(t + h) in every hour t.
"""

from __future__ import annotations

import numpy as np

from planner.ledger.compare import NOISE
from planner.ledger.flows import LedgerYear
from planner.ledger.vehicles import charged_rows


def check_flexibility(year: LedgerYear) -> None:
    """Every demand of which a part may move or be shed."""
    found: dict[tuple[str, str], float] = {}
    noise: dict[tuple[str, str], float] = {}
    for u, energy in year.demand.items():
        moves, sheds = agreed(year, u, "shift_share"), agreed(year, u, "shed_share")
        if not moves and not sheds:
            continue
        whole = whole_of(year, u)
        asked, served, shed = moves * whole, year.flow("served", u), year.flow("shed", u)
        if moves:
            year.book.equal_hours("movable demand that is asked", year.y, u, year.flow("asked", u), asked)
            check_moves(year, u, asked, served, float(asked.max(initial=0.0)))
        year.book.at_most_hours("shed demand", year.y, u, shed, sheds * whole, scale=float(whole.max(initial=0.0)))
        hours = agreed(year, u, "shed_hours", np.inf)
        if np.isfinite(hours):
            year.book.at_most("demand shed in the year", year.y, u, year.hours.total(shed), hours * sheds * energy / 8760, energy)
        moved = year.hours.total(np.maximum(served - asked, 0.0))
        rows = {
            "asked": year.hours.total(asked),
            "moved": moved,
            "shed": year.hours.total(shed),
            "cost": agreed(year, u, "shift_cost") * moved + agreed(year, u, "shed_price") * year.hours.total(shed),
            "highest_served": float(served.max(initial=0.0)),
            "peak_less": _less_at_peak(year, u),
        }
        found |= {(u, item): value for item, value in rows.items()}
        noise[u, "peak_less"] = NOISE * float(whole.max(initial=0.0))
    said = year.said("flexibility", "demand", "item")
    year.book.equal_items("flexibility.csv", year.y, said, found, noise=noise)


def agreed(year: LedgerYear, u: str, column: str, otherwise: float = 0.0) -> float:
    """A column of demand.csv in the year; `otherwise` where no row states it."""
    rows = [(d.year, getattr(d, column)) for d in year.figures.case.demand if d.demand == u]
    return year.figures.series([(y, float(value)) for y, value in rows if value is not None]).get(year.y, otherwise)


def whole_of(year: LedgerYear, u: str) -> np.ndarray:
    """A demand after measures as it is asked for, hour by hour (MW)."""
    shape = year.hours.profile(next(d.profile for d in year.figures.case.demand if d.demand == u))
    return year.demand[u] * shape / year.hours.total(shape)


def shift_cash(year: LedgerYear) -> dict[tuple[str, str], float]:
    """What is paid for demand that moved and that was shed: (item, name) -> money."""
    found = {}
    for u in year.demand:
        moves, sheds = agreed(year, u, "shift_share"), agreed(year, u, "shed_share")
        price = agreed(year, u, "shift_cost")
        if moves and price:
            moved = np.maximum(year.flow("served", u) - moves * whole_of(year, u), 0.0)
            found["shift", u] = price * year.hours.total(moved)
        if sheds:
            found["shed", u] = agreed(year, u, "shed_price") * year.hours.total(year.flow("shed", u))
    return found


def noise_of_moves(year: LedgerYear) -> dict[tuple[str, str], float]:
    """What the tolerance of the solver in every hour may make of what is paid for moving."""
    hours = year.hours.total(np.ones(year.hours.count))
    return {("shift", u): 0.1 * NOISE * hours * agreed(year, u, "shift_cost") for u in year.demand}


def check_moves(year: LedgerYear, u: str, asked: np.ndarray, served: np.ndarray, highest: float) -> None:
    """All that is asked in a chain of hours is served in it, no more than so many hours before or after, within its power.

    highest   most that is asked in an hour of the year   MW
    """
    hours = int(next(d.shift_hours for d in year.figures.case.demand if d.demand == u) or 0)
    length = 24 if len(year.hours.of_day) else year.hours.count
    for first in range(0, year.hours.count, length):
        part, scale = slice(first, first + length), float(asked[first : first + length].sum())
        total, so_far = float(asked[part].sum()), np.cumsum(asked[part])

        def until(place: np.ndarray, total: float = total, so_far: np.ndarray = so_far) -> np.ndarray:
            return place // length * total + so_far[place % length]

        place, done = np.arange(length), np.cumsum(served[part])
        year.book.equal("movable demand that is served", year.y, u, float(done[-1]), total, scale)
        late, early = until(place - hours) - done, until(place + hours) - done
        year.book.at_most("demand served by the time it may come at the latest", year.y, u, late.max(), early.min(), scale)
    most = agreed(year, u, "shift_power", np.inf)
    if np.isfinite(most):
        year.book.at_most_hours("power of the movable demand", year.y, u, served, most * highest)


def _less_at_peak(year: LedgerYear, u: str) -> float:
    """By how much the highest hour of the demands of a place is lower than if all came as it is asked (MW), beside what vehicles
    there draw."""
    places = {d.demand: (d.zone, d.carrier) for d in year.figures.case.demand}
    here = [name for name in year.demand if places[name] == places[u]]
    charged = [r.name for r in charged_rows(year.figures.case) if (r.chargers.zone, r.chargers.carrier) == places[u]]
    as_asked, drawn = (
        np.sum([*(of(name) for name in here), *(year.flow("demand", name) for name in charged)], axis=0)
        for of in (lambda name: whole_of(year, name), lambda name: year.flow("demand", name))
    )
    return float(as_asked.max() - drawn.max())
