"""A plan where time is short, and a goal that the first trial misses by far."""

from __future__ import annotations

import numpy as np
import pytest

from models.inputs import resolve
from planner.clock import Clock
from planner.machine.stopping import Watch
from planner.park import GoalRequest, read_case
from planner.planning.methods import DecomposedMethod
from planner.planning.task import Task
from planner.solve.benders.decomposed import solve_decomposed
from planner.solve.whole.whole import Limits

GOAL = GoalRequest("zero-carbon", 2028, (("low-carbon", 2026),))


@pytest.fixture
def method(small) -> DecomposedMethod:
    """The small park, its photovoltaics with a project cost, so that each order is a yes or no, and so dear that no more of them are
    built than a rule asks for."""
    small.edit("costs.csv", "5000,CNY/kW", "50000,CNY/kW\nsolar,project_cost,,1000,CNY")
    case = read_case(small.folder, goal=GOAL)
    return DecomposedMethod(Task(resolve(case, case.goal, case.park.base_emissions), "CNY", 1e-3, Clock(lambda *_: None, Watch())))


@pytest.mark.parametrize("many", [0, 200])
def test_a_search_whose_time_is_over_at_once_still_ends_with_a_plan(method, monkeypatch, many) -> None:
    monkeypatch.setattr("planner.solve.benders.integer_phase.MANY", many)
    best = solve_decomposed(method.master, method.years, Limits(1e-6, None), lambda _: None, None, method.rounding)
    plan = solve_decomposed(method.master, method.years, Limits(1e-9, 1e-6), lambda _: None, None, method.rounding)
    assert plan.incumbent is not None and not plan.incumbent.has_slack and plan.bound <= best.cost * (1 + 1e-6)
    whole = plan.point[method.master.integers]
    assert np.abs(whole - np.round(whole)).max(initial=0.0) < 1e-9 and not method.master.breaks_rows(plan.point)
    assert plan.cost >= best.cost * (1 - 1e-6) and not len(method.master.fixed)


def test_a_goal_that_the_first_point_misses_by_far_goes_to_phase_1_at_a_coarse_gap(method, small) -> None:
    """Nothing may be built and no credits are sold: most of the first cost is paid for what is missing, and phase 1 is the proof."""
    small.edit("technologies.csv", "pv,solar,0,1,,sun", "pv,solar,0,1,0,sun")
    case = read_case(small.folder, goal=GOAL)
    bare = DecomposedMethod(Task(resolve(case, case.goal, case.park.base_emissions), "CNY", 1e-3, Clock(lambda *_: None, Watch())))
    said: list[str] = []
    nothing = bare.master.optimum().values
    state = solve_decomposed(bare.master, bare.years, Limits(1e-6, None), said.append, nothing, bare.rounding)
    assert state.status == "infeasible" and state.is_mostly_penalty and any(line.startswith("phase 1") for line in said)
    nothing = method.master.optimum().values
    fine = solve_decomposed(method.master, method.years, Limits(1e-6, None), lambda _: None, nothing, method.rounding)
    assert fine.status == "optimal" and fine.is_within(1e-6)
