"""Money over time: discounting, the value of yearly payments, and the share of a life that the horizon sees."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.case import WHOLE_PARK, Case, Cost, StandardFactor, Supply
from models.units import UnitError, factor

#: Whom the fixed cost of the park as a whole is of, beside technologies.
OF_PARK = WHOLE_PARK


@dataclass(frozen=True)
class Finance:
    """Discounting of the horizon.

    rate        discount rate                                 1/year
    discount    factor of each year, 1 in the first           1 (y)
    budget      most that may be spent on capital, cash       money (y); a year without limit is absent
    park_cost   of the park as a whole, whatever is decided    money/year (y); absent = 0
    """

    rate: float
    discount: dict[int, float]
    budget: dict[int, float]
    park_cost: dict[int, float]


def resolve_finance(case: Case, years: Sequence[int]) -> Finance:
    """Discount factors, budget and fixed cost of the horizon."""
    rate = case.park.discount_rate
    discount = {y: (1 + rate) ** -(y - case.park.first_year) for y in years}
    rows = [c for c in case.costs if (c.type, c.parameter) == (WHOLE_PARK, "fixed_cost")]
    points = [(c.year, c.value * factor(c.unit, "money/year", case.park.currency)) for c in rows]
    paid = {y: money for y, money in over_years(points, years).items() if money}
    return Finance(rate, discount, {b.year: b.capital for b in case.budget if b.year in discount}, paid)


def whole_years(lifetime: float) -> int:
    """Years that something works, of a lifetime that may have a fraction."""
    return math.floor(lifetime + 1e-9)


def annuity(rate: float, payments: float) -> float:
    r"""Value of yearly payments of 1, the first one now; of the last one the fraction that is left.

    :math:`A(m) = \sum_{i < \lfloor m \rfloor} (1+r)^{-i} + (m - \lfloor m \rfloor)(1+r)^{-\lfloor m \rfloor}`.
    """
    whole = whole_years(payments)
    return sum((1 + rate) ** -i for i in range(whole)) + max(payments - whole, 0.0) * (1 + rate) ** -whole


def horizon_share(rate: float, lifetime: float, first_use: int, last_year: int) -> float:
    r"""Share of a capital cost that the horizon bears: :math:`\varphi = A(\min(n, T - v' + 1)) / A(n)`.

    v' is the first year of use, n the lifetime with its fraction, T the last year; 0 where it is first used after T.
    """
    used = min(lifetime, last_year - first_use + 1)
    return annuity(rate, used) / annuity(rate, lifetime) if used > 0 else 0.0


def over_years(points: Iterable[tuple[int | None, float]], years: Sequence[int]) -> dict[int, float]:
    """Values of the years: linear between the years given, flat outside; a figure without a year holds always; none without any."""
    points = list(points)
    if not points:
        return {}
    for year, value in points:
        if year is None:
            return dict.fromkeys(years, value)
    given = sorted((y, v) for y, v in points if y is not None)
    at, values = [y for y, _ in given], [v for _, v in given]
    return {y: float(np.interp(y, at, values)) for y in years}


def each_over_years(points: Iterable[tuple[tuple, int | None, float | None]], years: Sequence[int]) -> dict[Any, float]:
    """`over_years` of each key: (*key, y) -> value, from points (key, year, value); those without a value are left out."""
    given: dict[tuple, list[tuple[int | None, float]]] = {}
    for key, year, value in points:
        if value is not None:
            given.setdefault(key, []).append((year, value))
    return {(*key, y): value for key, own in given.items() for y, value in over_years(own, years).items()}


class CostTable:
    """The cost table in internal units, by type and parameter."""

    def __init__(self, rows: Iterable[Cost], years: Sequence[int], currency: str) -> None:
        self.currency, self.years = currency, years
        self.rows: dict[tuple[str, str], list] = {}
        for row in rows:
            self.rows.setdefault((row.type, row.parameter), []).append(row)

    def series(
        self, type_name: str, parameter: str, unit: str, per_km: float | None = None, years: Iterable[int] | None = None
    ) -> dict[int, float]:
        """Figures of every year, or of `years`, in `unit`; empty where the table has none.

        A cost per km is multiplied by the length.
        """
        rows = self.rows.get((type_name, parameter), [])
        points = [(r.year, r.value * self._factor(r.unit, unit, per_km)) for r in rows]
        return over_years(points, self.years if years is None else list(years))

    def lifetime(self, type_name: str) -> float:
        """Years that a build lives, a fraction too; 0 where the table has none. The first figure counts."""
        rows = self.rows.get((type_name, "lifetime"), [])
        return rows[0].value * factor(rows[0].unit, "year") if rows else 0.0

    def fixed_cost(self, type_name: str, per: str, per_km: float | None, years: Iterable[int] | None = None) -> dict[int, float]:
        """Money per capacity and year, of every year or of `years`; a figure in %/year is of the capital cost of the same year."""
        rows = self.rows.get((type_name, "fixed_cost"), [])
        asked = list(self.years if years is None else years)
        if not rows:
            return {}
        try:
            share = over_years([(r.year, r.value * factor(r.unit, "1/year")) for r in rows], asked)
        except UnitError:
            return self.series(type_name, "fixed_cost", f"money/({per})/year", per_km, asked)
        capital = self.series(type_name, "capital_cost", f"money/({per})", per_km, asked)
        return {y: share[y] * capital.get(y, 0.0) for y in asked}

    def is_by_order(self, type_name: str) -> bool:
        """True if the fixed cost of a type is that of the year of the order, for all its life."""
        return any(row.basis == "order" for row in self.rows.get((type_name, "fixed_cost"), []))

    def _factor(self, unit: str, to: str, per_km: float | None) -> float:
        if per_km is not None and "km" in unit:
            return factor(unit, f"{to}/km", self.currency) * per_km
        return factor(unit, to, self.currency)


@dataclass(frozen=True)
class Standard:
    """The factors that the park's standard fixes; what it does not is the park's own.

    applies          True if the standard fixes any
    factor           of what is bought                              t/MWh (s,basis,y); absent = the park's own
    tce              coal equivalent                                tce/MWh (s,y); absent = the park's own
    tce_electricity  that of the grid supply of it that is first by name   tce/MWh (y); absent = the park's own
    """

    applies: bool
    factor: dict[tuple[str, str, int], float]
    tce: dict[tuple[str, int], float]
    tce_electricity: dict[int, float]


def resolve_standard(case: Case, years: Sequence[int]) -> Standard:
    """The factors that the park's standard fixes for each of its supplies."""
    rows = [r for r in case.standards if r.standard == case.park.standard]
    factors, coal = [], []
    for s in case.supplies:
        own = rows_of(rows, s)
        for basis in ("location", "market"):
            stated = [r for r in own if r.basis == basis] or [r for r in own if not r.basis]
            factors += [((s.supply, basis), r.year, r.factor) for r in stated]
        coal += [((s.supply,), *point) for point in dict.fromkeys((r.year, r.tce_per_mwh) for r in own)]
    tce = each_over_years(coal, years)
    first = case.first_grid.supply if case.first_grid else ""
    electricity = {y: tce[first, y] for y in years if (first, y) in tce}
    return Standard(bool(rows), each_over_years(factors, years), tce, electricity)


def rows_of(rows: Sequence[StandardFactor], s: Supply) -> list[StandardFactor]:
    """The rows that a supply is worked out with: those of its fuel, else those of its kind and carrier where it is not green."""
    by_fuel = [r for r in rows if r.fuel and r.fuel == s.fuel]
    by_kind = [r for r in rows if not r.fuel and (r.supply_kind, r.carrier) == (s.kind, s.carrier) and s.green_share != 1]
    return by_fuel or by_kind
