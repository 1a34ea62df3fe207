"""Contracts that pay for demand that stands ready to be called off: what may be offered, and what a MW of it brings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from models.case import Case, Response
from models.inputs.calendar import HOURS_OF_YEAR
from models.inputs.finance import over_years


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
