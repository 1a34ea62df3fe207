"""Demand that can move or be shed: what demand.csv allows of each end use.

Contracts that pay for demand that stands ready to be called off: what may be offered, and what a MW of it brings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from models.case import Case, Demand, Response
from models.inputs.calendar import HOURS_OF_YEAR, Calendar
from models.inputs.finance import over_years


@dataclass(frozen=True)
class Flexibility:
    """End uses u of which a part may be served in another hour, or not at all; what is 0 or not stated is absent.

    share        of the demand of each hour, that may move                              1 (u,y)
    power        most of the movable part in an hour, by its highest hour               1 (u,y); absent = no limit
    cost         of a MWh served in another hour than asked                             money/MWh (u,y)
    hours        by which it may come later or earlier                                  h (u)
    highest      highest hour of the shape                                              1/h (u)
    owed         shape of this hour and those before, as many as it may come later      1 (u) -> (snapshots,)
    ahead        shape of the hours after this one, as many as it may come earlier      1 (u) -> (snapshots,)
    shed_share   of the demand of each hour, that may go unserved                       1 (u,y)
    shed_price   of a MWh unserved                                                      money/MWh (u,y)
    shed_hours   most in a year, in hours of that share of the mean demand              h (u,y); absent = no limit
    firm         share of the demand that need not be held in reserve                   1 (u,y)
    """

    share: Mapping[tuple[str, int], float] = field(default_factory=dict)
    power: Mapping[tuple[str, int], float] = field(default_factory=dict)
    cost: Mapping[tuple[str, int], float] = field(default_factory=dict)
    hours: Mapping[str, int] = field(default_factory=dict)
    highest: Mapping[str, float] = field(default_factory=dict)
    owed: Mapping[str, np.ndarray] = field(default_factory=dict)
    ahead: Mapping[str, np.ndarray] = field(default_factory=dict)
    shed_share: Mapping[tuple[str, int], float] = field(default_factory=dict)
    shed_price: Mapping[tuple[str, int], float] = field(default_factory=dict)
    shed_hours: Mapping[tuple[str, int], float] = field(default_factory=dict)
    firm: Mapping[tuple[str, int], float] = field(default_factory=dict)

    def movable(self, y: int) -> list[str]:
        """End uses of which a part may move in a year."""
        return [u for u, when in self.share if when == y]

    def sheddable(self, y: int) -> list[str]:
        """End uses of which a part may go unserved in a year."""
        return [u for u, when in self.shed_share if when == y]

    def in_year(self, y: int) -> tuple:
        """All of a year that stands in the rows of its hours: equal for years of one structure."""
        tables = (self.share, self.power, self.shed_share, dict.fromkeys(self.cost), dict.fromkeys(self.shed_hours))
        return tuple(tuple((u, value) for (u, when), value in own.items() if when == y) for own in tables)

    def needed(self, u: str, y: int) -> float:
        """Share of a demand that must be held in reserve (1)."""
        return 1.0 - self.firm.get((u, y), 0.0)

    def shaped(self, calendar: Calendar, shape: Mapping[str, np.ndarray], highest: Mapping[str, float]) -> Flexibility:
        """What may move, on these snapshots and with these shapes of demands, of which these are the highest hours."""
        after = np.argsort(calendar.before)
        return replace(
            self,
            highest={u: highest[u] for u in self.hours},
            owed={u: shape[u] + _along(shape[u], calendar.before, h - 1) for u, h in self.hours.items()},
            ahead={u: _along(shape[u], after, h) for u, h in self.hours.items()},
        )

    def with_a_unit_out(self, y: int) -> Flexibility:
        """What may move in a year, of what must be served with a unit out, and nothing paid for it."""
        share = {(u, y): self.share[u, y] / self.needed(u, y) for u in self.movable(y)}
        return Flexibility(share=share, power=self.power, hours={u: self.hours[u] for u, _ in share})


def resolve_flexibility(case: Case, years: Sequence[int], calendar: Calendar, shape: Mapping[str, np.ndarray]) -> Flexibility:
    """What may move and be shed in every year; `shape` of each demand on the snapshots."""
    rows: dict[str, list[Demand]] = {}
    for row in case.demand:
        rows.setdefault(row.demand, []).append(row)
    rows = {u: own for u, own in rows.items() if any(row.shift_share or row.shed_share for row in own)}

    def of(column: str) -> dict[tuple[str, int], float]:
        """A column in every year, of the rows that state it."""
        told = {u: [(row.year, getattr(row, column)) for row in own] for u, own in rows.items()}
        stated = {u: [(year, value) for year, value in own if value is not None] for u, own in told.items()}
        return {(u, y): value for u, own in stated.items() if own for y, value in over_years(own, years).items()}

    share, shed = ({key: value for key, value in of(column).items() if value > 0} for column in ("shift_share", "shed_share"))
    hours = {u: next(row.shift_hours for row in rows[u]) or 0 for u in dict.fromkeys(u for u, _ in share)}
    flexibility = Flexibility(
        share=share,
        power={key: value for key, value in of("shift_power").items() if key in share},
        cost={key: value for key, value in of("shift_cost").items() if key in share and value > 0},
        hours=hours,
        shed_share=shed,
        shed_price={key: value for key, value in of("shed_price").items() if key in shed},
        shed_hours={key: value for key, value in of("shed_hours").items() if key in shed},
        firm={(u, y): value for (u, y), value in shed.items() if rows[u][0].firm_shed},
    )
    return flexibility.shaped(calendar, shape, {u: float(shape[u].max()) for u in hours})


def _along(shape: np.ndarray, step: np.ndarray, hours: int) -> np.ndarray:
    """Sum over so many hours that follow each hour, or go before it, one `step` after the other."""
    total, place = np.zeros(len(shape)), np.arange(len(shape))
    for _ in range(hours):
        place = step[place]
        total = total + shape[place]
    return total


@dataclass(frozen=True)
class Responses:
    """Contracts r of responses.csv and the demand that each is of.

    demand    that is called off                                                              (r)
    least     of the share of the demand that may be offered, in the hours that count         1/h (r,y)
    share     of each hour's demand that may be offered                                       1 (r,y)
    most      most that is taken                                                              MW (r,y); absent = no limit
    price     received for a MW that stands ready                                             money/MW (r,y)
    calls     full hours of calls                                                             h (r,y)
    call_price, call_cost   received for, and lost by, a MWh that is called                   money/MWh (r,y)
    cost      of a MW offered: what its calls cost, less what is received; mostly below 0     money/MW (r,y)
    firm      contracts of which what is not offered need not be held in reserve              set of r
    """

    demand: Mapping[str, str] = field(default_factory=dict)
    least: Mapping[tuple[str, int], float] = field(default_factory=dict)
    share: Mapping[tuple[str, int], float] = field(default_factory=dict)
    most: Mapping[tuple[str, int], float] = field(default_factory=dict)
    price: Mapping[tuple[str, int], float] = field(default_factory=dict)
    calls: Mapping[tuple[str, int], float] = field(default_factory=dict)
    call_price: Mapping[tuple[str, int], float] = field(default_factory=dict)
    call_cost: Mapping[tuple[str, int], float] = field(default_factory=dict)
    cost: Mapping[tuple[str, int], float] = field(default_factory=dict)
    firm: frozenset[str] = frozenset()

    def spared(self, u: str, y: int) -> float:
        """Share of a demand that need not be held in reserve as far as it is not offered (1)."""
        return sum(share for (r, when), share in self.share.items() if when == y and r in self.firm and self.demand[r] == u)

    def firm_of(self, demands: Mapping[str, float]) -> list[str]:
        """Contracts of some demands of which what is not offered need not be held in reserve."""
        return [r for r, u in self.demand.items() if r in self.firm and u in demands]


def resolve_responses(case: Case, years: Sequence[int]) -> Responses:
    """Contracts in every year, on all hours of the profiles of that year."""
    rows: dict[str, list[Response]] = {}
    for row in case.responses:
        rows.setdefault(row.response, []).append(row)

    def of(column: str) -> dict[tuple[str, int], float]:
        """A column in every year, of the rows that state it."""
        told = {r: [(row.year, getattr(row, column)) for row in own if getattr(row, column) is not None] for r, own in rows.items()}
        return {(r, y): value for r, own in told.items() if own for y, value in over_years(own, years).items()}

    share, price, calls, received, lost = map(of, ("share", "price", "calls", "call_price", "call_cost"))
    least = {(r, y): share[r, y] * _least_hour(case.in_year(y), own[0]) for r, own in rows.items() for y in years}
    return Responses(
        demand={r: own[0].demand for r, own in rows.items()},
        least=least,
        share=share,
        most=of("max_offer"),
        price=price,
        calls=calls,
        call_price=received,
        call_cost=lost,
        cost={key: calls[key] * (lost[key] - received[key]) - price[key] for key in least},
        firm=frozenset(r for r, own in rows.items() if own[0].firm),
    )


def _least_hour(case: Case, row: Response) -> float:
    """Least share of the year's energy that the demand asks for in an hour in which the contract is to stand ready (1/h)."""
    profile = next(d.profile for d in case.demand if d.demand == row.demand)
    shape = case.profiles[profile] if profile else np.ones(case.hours)
    ready = case.profiles[row.profile] > 0 if row.profile else np.ones(case.hours, dtype=bool)
    return float(shape[ready].min(initial=np.inf)) * case.hours / (float(shape.sum()) * HOURS_OF_YEAR) if ready.any() else 0.0
