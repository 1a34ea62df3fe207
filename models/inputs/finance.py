"""Money over time: discounting, the value of yearly payments, and the share of a life that the horizon sees."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from models.case import WHOLE_PARK, Case
from models.units import factor

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
    paid = {y: money for y, money in (over_years(points, years) if points else {}).items() if money}
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
    """Values of the years: linear between the years given, flat outside; a figure without a year holds always."""
    points = list(points)
    for year, value in points:
        if year is None:
            return dict.fromkeys(years, value)
    given = sorted((y, v) for y, v in points if y is not None)
    at, values = [y for y, _ in given], [v for _, v in given]
    return {y: float(np.interp(y, at, values)) for y in years}
