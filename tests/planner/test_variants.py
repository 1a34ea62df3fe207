"""The plans of a run are variants of one matrix, data that can be switched in any order."""

import numpy as np
import pytest

from models.inputs import resolve
from planner.clock import Clock
from planner.machine.stopping import Watch
from planner.park import GoalRequest, read_case
from planner.plan import PLANS
from planner.planning.methods import DecomposedMethod, WholeMethod
from planner.planning.task import Task
from planner.solve.handover.matrix import INFINITY, Matrix, Variant
from planner.solve.handover.solver import Solver
from planner.solve.year.subproblem import YearVariant

GOAL = GoalRequest("zero-carbon", 2028, (("low-carbon", 2026),))


@pytest.mark.parametrize("make", [WholeMethod, DecomposedMethod])
def test_plans_cost_the_same_in_whatever_order_they_are_made(make, small) -> None:
    case = read_case(small.folder, goal=GOAL)
    inputs = resolve(case, case.goal, case.park.base_emissions)
    def costs(order: tuple[str, ...]) -> dict[str, float | None]:
        method = make(Task(inputs, "CNY", 1e-6, Clock(lambda *_: None, Watch())))
        return {name: method.plan(name).system_cost for name in order}
    forwards, backwards = costs(PLANS), costs(PLANS[::-1])
    assert len({*forwards.values()}) > 1
    assert {name: backwards[name] for name in PLANS} == {name: pytest.approx(cost, rel=3e-6) for name, cost in forwards.items()}


def test_a_variant_leaves_nothing_behind_in_the_solver() -> None:
    """min -x - y with x + y at most 3, x at most 2, y at most 2: -3; without the row -4; x barred -2; y fixed at 1 -3."""
    one, two = np.ones(1), np.ones(2)
    matrix = Matrix(columns=[None] * 2, rows=[None], cost=-two, offset=0.0, start=np.array([0, 1, 2], dtype=np.int32),
        index=np.zeros(2, dtype=np.int32), value=two, lower=0 * two, upper=2 * two, row_lower=-INFINITY * one, row_upper=3 * one,
        integer=np.zeros(2, dtype=bool))
    x, y, row = (np.array([i], dtype=np.int32) for i in (0, 1, 0))
    solver = Solver(matrix)
    for variant, cost in ((Variant(), -3.0), (Variant(dropped=row), -4.0), (Variant(barred=x), -2.0),
        (Variant(dropped=row, fixed=y, values=one), -3.0), (Variant(), -3.0)):
        solver.set_variant(variant)
        assert solver.run().objective == pytest.approx(cost)
        solver.set_bounds(x, 0 * one, 0 * one)
        solver.restore_columns(x)
        assert solver.run().objective == pytest.approx(cost), "restored to the variant, not to the matrix"


def test_cuts_are_kept_where_the_terms_only_forbid_more() -> None:
    free, barred = YearVariant(binds="none"), YearVariant(binds="none", barred=("credits",))
    assert barred.keeps_cuts_of(free) and not free.keeps_cuts_of(barred)
    assert YearVariant(binds="all").keeps_cuts_of(free) and not free.keeps_cuts_of(YearVariant(binds="all"))
    assert not YearVariant(binds="lasting", barred=("credits",)).keeps_cuts_of(YearVariant())
