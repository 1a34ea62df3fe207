"""Prices of column generation: half way to the duals, and to the duals themselves where the bound rises straight."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from planner.solve.hours.operator import generate


@dataclass
class Prices:
    """One price; what a bound is at it stands in the months."""

    totals: float
    value: float = 0.0
    contracts: float = 0.0

    def towards(self, other: Prices, share: float) -> Prices:
        return Prices(self.totals + share * (other.totals - self.totals))


class Months:
    """A bound that is a concave function of the price, and the prices tried."""

    def __init__(self, bound) -> None:
        self.bound_at, self.tried, self.slope = bound, [], None

    def price_months(self, totals: float, _contracts: float) -> tuple[float, float]:
        self.tried.append(totals)
        return self.bound_at(totals), 0.0

    def has_month_with_slack(self) -> bool:
        return False

    def with_avoidable_slack(self) -> list:
        return []


class Master:
    """A restricted master whose dual is 10 after the first round, where the first price was 2; its objective is 100."""

    objective, bound, bound_at = 100.0, float("-inf"), None

    def __init__(self) -> None:
        self.duals, self.solves = Prices(2.0), 0

    def solve(self) -> None:
        self.solves += 1
        self.duals = Prices(2.0 if self.solves == 1 else 10.0)

    def widen_box(self) -> bool:
        return False

    def is_within_gap(self) -> bool:
        return self.objective - self.bound < 0.5

    def exclude(self, _months) -> None:
        pass


@pytest.mark.parametrize(
    ("bound", "tried"),
    [
        (lambda price: 20.0 + 8.0 * price, [2.0, 6.0, 10.0]),  # straight up to the duals
        (lambda price: min(20.0 + 8.0 * price, 110.0 - 5.0 * price), [2.0, 6.0, 10.0]),  # no further than half way: the duals next
        (lambda price: min(20.0 + 8.0 * price, 40.0 + 1.0 * price), [2.0, 6.0, 8.0]),  # flatter from half way on: half way again
    ],
    ids=["straight", "falling", "bent"],
)
def test_the_duals_are_tried_next_where_the_bound_rises_straight(bound, tried) -> None:
    months = Months(bound)
    generate(months, Master(), is_trial=True)  # type: ignore[arg-type]
    assert months.tried[:3] == tried


def test_prices_known_before_are_the_first_centre() -> None:
    months = Months(lambda price: 20.0 + 8.0 * price)
    generate(months, Master(), is_trial=False, centre=Prices(0.0))  # type: ignore[arg-type]
    assert months.tried[0] == 1.0  # half way from 0 to the first dual, 2
