"""Prices of column generation: half way to the duals, to the duals where the bound rises straight, and within a soft box."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from pyomo.environ import ConcreteModel, Constraint, NonNegativeReals, Objective, Var

from planner.solve.handover.matrix import compile_model
from planner.solve.handover.solver import Solver
from planner.solve.hours.operator import generate
from planner.solve.hours.restricted_master import PriceBox, Shape


@dataclass
class Prices:
    """One price; what a bound is at it stands in the months."""

    totals: float
    value: float = 0.0

    def towards(self, other: Prices, share: float) -> Prices:
        return Prices(self.totals + share * (other.totals - self.totals))


class Months:
    """A bound that is a concave function of the price, and the prices tried."""

    def __init__(self, bound) -> None:
        self.bound_at, self.tried, self.slope = bound, [], None

    def price_months(self, totals: float) -> tuple[float, float]:
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


class Bought:
    """3 MWh are needed, and a MWh costs 5: its price is 5, in a box around 2."""

    def __init__(self, size: float) -> None:
        model = ConcreteModel()
        model.bought = Var(within=NonNegativeReals)
        model.needed = Constraint(expr=-model.bought == -3.0)
        model.cost = Objective(expr=5.0 * model.bought)
        matrix = compile_model(model)
        self.solver = Solver(matrix)
        rows = matrix.rows_of([model.needed])
        self.box = PriceBox(self.solver, rows, matrix.columns_of([model.bought]), np.array([4.0]))
        self.box.place(Shape(np.array([2.0]), np.array([1.0])), np.array([size]))

    def solve(self) -> float:
        """The price."""
        answer = self.solver.run()
        self.values = answer.values
        return -float(answer.row_duals[0])


def test_a_price_stays_in_the_box_as_long_as_there_is_slack():
    bought = Bought(size=10.0)
    assert bought.solve() == pytest.approx(3.0) and bought.box.widen(bought.values)
    assert bought.solve() == pytest.approx(5.0)  # the box ends there now, and the slack costs as much
    assert bought.box.clipped(np.array([9.0])) == pytest.approx([5.0])


def test_a_price_leaves_the_box_once_the_slack_is_used_up():
    bought = Bought(size=1.0)
    assert bought.solve() == pytest.approx(5.0) and bought.values[bought.box.slack].max() == pytest.approx(1.0)


def test_the_box_grows_to_its_greatest_width_and_no_further():
    bought = Bought(size=1.0)
    widened = []
    for _ in range(4):
        bought.solve()
        widened.append(bought.box.widen(bought.values))
    assert widened == [True, True, False, False] and bought.box.shape.half == pytest.approx([4.0])
    assert bought.values[bought.box.slack].max() == pytest.approx(0.0)


def test_a_price_that_is_held_is_the_dual():
    bought = Bought(size=1.0)
    bought.box.hold(np.array([4.0]))
    assert bought.solve() == pytest.approx(4.0)
