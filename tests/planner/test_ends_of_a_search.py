"""What is left of a search however it ends: its plan, free integers, the penalty as it was."""

from dataclasses import replace

import numpy as np
import pytest
from parks import Draft

from models.park import build_master
from planner.machine.stopping import Stopped
from planner.solve.benders.decomposed import DecomposedSearch, solve_decomposed
from planner.solve.benders.integer_phase import branch_and_bound
from planner.solve.benders.master import Master
from planner.solve.benders.phase1 import Phase1, Phase1Result
from planner.solve.benders.trials import SLACK_TOLERANCE, Bounds, Phase, Trials
from planner.solve.handover.solver import Solver
from planner.solve.rounding.rounding import Rounding, rounding
from planner.solve.whole.whole import Limits
from planner.solve.year.years import Years


def plant(most: float = 5.0, **fields) -> tuple[Master, Years, Rounding]:
    """1 MW from a grid of `most` MW or a plant that works for nothing, ordered yes or no."""
    park = Draft(hours=24)
    park.demand()
    park.supply(max_import=most)
    park.converter("plant", **{"capital_cost": 1e4, "max_capacity": 5.0, "lifetime": 20, "min_build": 0.5} | fields)
    inputs = park.inputs()
    years, model = Years(inputs, 1), build_master(inputs)
    master = Master(inputs, model, years)
    return master, years, rounding(master.matrix, model, inputs)


def test_a_search_that_is_stopped_leaves_integers_free_and_the_penalty_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    master, years, rounded = plant()
    trials = Trials(master, years, Limits(1e-6), lambda _: None, Bounds(), True)
    trials.scale_penalty(20.0)
    lowest = master.optimum
    begun: list[bool] = []
    def stopped() -> object:
        if len(master.fixed):
            begun.append(True)
            raise Stopped
        return lowest()
    monkeypatch.setattr(master, "optimum", stopped)
    with pytest.raises(Stopped):
        DecomposedSearch(trials, rounded).solve(None)
    assert begun and not len(master.fixed) and years.variant.penalty_factor == pytest.approx(1.0)
    bounds = master.solver.object.getLp()
    assert np.array_equal(np.array(bounds.col_upper_)[master.integers], master.matrix.upper[master.integers])


def test_integers_are_relaxed_again_where_branch_and_bound_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    master, _, _ = plant()
    def stopped(solver: Solver, duals: bool = True, proves: bool = True) -> object:
        raise Stopped
    master.solver.relax(True)
    monkeypatch.setattr(Solver, "decided", stopped)
    still = np.ones(len(master.integers), dtype=bool)
    with pytest.raises(Stopped):
        branch_and_bound(master, None, 1e-6, 10.0, still)
    lp = master.solver.object.getLp()
    assert not any(int(kind) for kind in np.array(lp.integrality_, dtype=int))
    assert np.array_equal(np.array(lp.col_upper_)[master.integers], master.matrix.upper[master.integers])


def test_a_plan_that_was_found_is_the_result_where_phase_1_gives_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    master, years, rounded = plant()
    plan = solve_decomposed(master, years, Limits(1e-6), lambda _: None, None, rounded)
    assert plan.incumbent is not None
    trials = Trials(master, years, Limits(1e-6), lambda _: None, Bounds(), True)
    trials.overall.incumbent = plan.incumbent
    search = DecomposedSearch(trials, rounded)
    short = Phase(replace(plan.incumbent, slack=1.0, penalty=plan.cost), plan.cost * 0.9)
    monkeypatch.setattr(search, "_relaxed", lambda _: short)
    monkeypatch.setattr(Phase1, "reach", lambda *_: Phase1Result(None))
    found = search.solve(None)
    assert found.status == "feasible" and found.point is plan.point


def test_phase_1_follows_a_first_trial_that_is_mostly_penalty() -> None:
    """1 MW of demand and nothing to serve it with: it is proven."""
    master, years, rounded = plant(0.0, max_capacity=0.0)
    told: list[str] = []
    search = DecomposedSearch(Trials(master, years, Limits(1e-6), told.append, Bounds(), True), rounded)
    assert search.solve(np.zeros(master.count)).status == "infeasible" and any(line.startswith("phase 1") for line in told)


def test_phase_1_takes_slack_that_a_plan_may_have_for_none_though_it_adds_up() -> None:
    """Every hour of 24 misses 1.5e-7 of the peak, which a plan may: in all 3.6e-6. Ten times as much is too much."""
    for by, is_possible in ((1.5e-7, True), (1.5e-6, False)):
        master, years, _ = plant(1.0 - by, max_capacity=0.0)
        assert 24 * by > SLACK_TOLERANCE
        found = Phase1(master, years).reach(np.zeros(master.count), True, lambda: False, lambda _: None)
        assert found.is_possible is is_possible
