"""The soft box around the prices of a restricted master."""

import numpy as np
import pytest
from pyomo.environ import ConcreteModel, Constraint, NonNegativeReals, Objective, Var

from planner.solve.handover.matrix import compile_model
from planner.solve.handover.solver import Solver
from planner.solve.hours.restricted_master import PriceBox, Shape


class Bought:
    """3 MWh are needed, and a MWh costs 5: its price is 5, in a box around 2."""

    def __init__(self, size: float, sign: float = 1.0) -> None:
        model = ConcreteModel()
        model.bought = Var(within=NonNegativeReals)
        model.needed = Constraint(expr=sign * model.bought == sign * 3.0)
        model.cost = Objective(expr=5.0 * model.bought)
        matrix = compile_model(model)
        self.solver, self.sign = Solver(matrix), sign
        rows = matrix.rows_of([model.needed])
        self.box = PriceBox(self.solver, rows, np.array([sign]), matrix.columns_of([model.bought]), np.array([4.0]))
        self.box.place(Shape(np.array([2.0]), np.array([1.0])), np.array([size]))

    def solve(self) -> float:
        """The price."""
        answer = self.solver.run()
        self.values = answer.values
        return self.sign * float(answer.row_duals[0])


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_price_stays_in_the_box_as_long_as_there_is_slack(sign):
    bought = Bought(size=10.0, sign=sign)
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


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_price_that_is_held_is_the_dual(sign):
    bought = Bought(size=1.0, sign=sign)
    bought.box.hold(np.array([4.0]))
    assert bought.solve() == pytest.approx(4.0)
