"""A plan where time is limited: whole numbers rounded, and what a trial misses served, whatever it was."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.inputs import resolve
from planner.clock import Clock
from planner.machine.stopping import Watch
from planner.park import GoalRequest, read_case
from planner.planning.methods import DecomposedMethod
from planner.planning.run import Options, plan_park
from planner.planning.task import Task
from planner.solve.benders.bounds import Bounds, End, Phase
from planner.solve.benders.decomposed import DecomposedSearch, solve_decomposed
from planner.solve.benders.primal_heuristics import PrimalHeuristics
from planner.solve.benders.projection import Projection
from planner.solve.benders.repair_heuristic import repair_to_plan
from planner.solve.benders.trial import SLACK_TOLERANCE, Trial
from planner.solve.benders.trials import Trials
from planner.solve.whole.whole import Limits
from planner.solve.year.subproblem import SlackCut

GOAL = GoalRequest("zero-carbon", 2028, (("low-carbon", 2026),))


@pytest.fixture
def method(small) -> DecomposedMethod:
    """The small park, its photovoltaics with a project cost, so that each order is a yes or no, and so dear that no more of them are
    built than a rule asks for."""
    small.edit("costs.csv", "5000,CNY/kW", "50000,CNY/kW\nsolar,project_cost,,1000,CNY")
    case = read_case(small.folder, goal=GOAL)
    return DecomposedMethod(Task(resolve(case, case.goal, case.park.base_emissions), "CNY", 1e-3, Clock(lambda *_: None, Watch())))


def completed(method: DecomposedMethod, trials: Trials, point: np.ndarray) -> Bounds:
    """The plan that is made of a point."""
    repair_to_plan(trials, point, method.rounding, PrimalHeuristics(trials, method.rounding))
    plan = trials.overall
    assert plan.incumbent is not None and not plan.incumbent.has_slack
    whole = plan.point[method.master.integers]
    assert np.abs(whole - np.round(whole)).max(initial=0.0) < 1e-9 and not method.master.breaks_rows(plan.point)
    return plan


def trials_of(method: DecomposedMethod) -> Trials:
    return Trials(method.master, method.years, Limits(1e-9, 1e9), lambda _: None, Bounds(), True)


def nothing_of(method: DecomposedMethod) -> np.ndarray:
    """What costs least while no year has been asked: nothing is built or adopted."""
    return method.master.optimum().values


def test_a_trial_that_builds_nothing_becomes_a_plan(method, small) -> None:
    """It misses the rules of both stages by hundreds of tonnes; the plan costs no less than the best one."""
    trials = trials_of(method)
    nothing = nothing_of(method)
    assert trials.evaluate(nothing).slack > 1e-3
    optimum = plan_park(read_case(small.folder, goal=GOAL), Options(gap=1e-6, compare=False)).target.system_cost
    assert completed(method, trials, nothing).cost >= optimum * (1 - 1e-6)


def test_a_trial_that_is_complete_but_for_a_crumb_becomes_a_plan_at_nearly_its_cost(method) -> None:
    """A plan with a thousandth less of photovoltaics misses a crumb; a plan made of it costs hardly more than that plan."""
    done = solve_decomposed(method.master, method.years, Limits(1e-6, None), lambda _: None, None, method.rounding)
    trials = trials_of(method)
    crumb, model = done.point.copy(), method.master.model
    crumb[method.master.matrix.columns_of([*model.build.values(), *model.capacity.values()])] *= 0.999
    assert trials.evaluate(method.master.within(crumb)).slack > SLACK_TOLERANCE
    assert done.cost * (1 - 1e-6) <= completed(method, trials, crumb).cost <= done.cost * 1.01


def test_a_park_without_integers_is_completed_near_by_too(small) -> None:
    for name in ("measures.csv", "savings.csv"):
        (small.folder / name).unlink()
    small.edit("costs.csv", "5000,CNY/kW", "50000,CNY/kW")
    small.edit("stages.csv", "gross_ratio,<=,0.5", "gross_ratio,<=,0.6")
    small.edit("offsets.csv", "2000", "3000")
    case = read_case(small.folder, goal=GOAL)
    bare = DecomposedMethod(Task(resolve(case, case.goal, case.park.base_emissions), "CNY", 1e-3, Clock(lambda *_: None, Watch())))
    assert not len(bare.master.integers)
    done = solve_decomposed(bare.master, bare.years, Limits(1e-6, None), lambda _: None, None, bare.rounding)
    model, crumb = bare.master.model, done.point.copy()
    crumb[bare.master.matrix.columns_of([*model.build.values(), *model.capacity.values()])] *= 0.999
    assert done.cost * (1 - 1e-6) <= completed(bare, trials_of(bare), crumb).cost <= done.cost * 1.01


def test_what_was_asked_for_of_the_search_is_so_afterwards(method) -> None:
    """Integers are free again, and what misses something is a candidate again, at its price."""
    trials = trials_of(method)
    completed(method, trials, nothing_of(method))
    assert not trials.forbids_slack and not len(method.master.fixed)


def test_where_the_whole_numbers_near_a_point_cannot_serve_there_is_no_plan_and_no_fault(method, small) -> None:
    """No photovoltaics and no credits may be had: nothing makes gross emissions half of the base."""
    small.edit("technologies.csv", "pv,solar,0,1,,sun", "pv,solar,0,1,0,sun")
    case = read_case(small.folder, goal=GOAL)
    bare = DecomposedMethod(Task(resolve(case, case.goal, case.park.base_emissions), "CNY", 1e-3, Clock(lambda *_: None, Watch())))
    trials = trials_of(bare)
    repair_to_plan(trials, nothing_of(bare), bare.rounding, PrimalHeuristics(trials, bare.rounding))
    assert trials.overall.incumbent is None


def test_only_a_linear_phase_that_runs_out_of_time_makes_a_first_plan(method, monkeypatch) -> None:
    """The limit is over with the first trial; with time enough the search itself finds plans."""
    made = []
    monkeypatch.setattr("planner.solve.benders.decomposed.repair_to_plan",
        lambda trials, *_: made.append(trials.overall.incumbent is None))
    solve_decomposed(method.master, method.years, Limits(1e-9, 1e-6), lambda _: None, None, method.rounding)
    assert made == [True]
    for seconds in (None, 1e9):
        solve_decomposed(method.master, method.years, Limits(1e-3, seconds), lambda _: None, None, method.rounding)
    assert made == [True]


def test_a_goal_that_the_first_point_misses_by_far_goes_to_phase_1_at_a_coarse_gap(method, small) -> None:
    """Nothing may be built and no credits are sold: most of the first cost is paid for what is missing, and phase 1 is the proof."""
    small.edit("technologies.csv", "pv,solar,0,1,,sun", "pv,solar,0,1,0,sun")
    case = read_case(small.folder, goal=GOAL)
    bare = DecomposedMethod(Task(resolve(case, case.goal, case.park.base_emissions), "CNY", 1e-3, Clock(lambda *_: None, Watch())))
    said: list[str] = []
    state = solve_decomposed(bare.master, bare.years, Limits(1e-6, None), said.append, nothing_of(bare), bare.rounding)
    assert state.status == "infeasible" and state.is_mostly_penalty and any(line.startswith("phase 1") for line in said)
    fine = solve_decomposed(method.master, method.years, Limits(1e-6, None), lambda _: None, nothing_of(method), method.rounding)
    assert fine.status == "optimal" and fine.is_within(1e-6)


def test_the_nearest_decisions_keep_to_every_row_and_need_few_trials(method, monkeypatch) -> None:
    """A yes to an order that was rounded away leaves a capacity that no order pays for; the nearest point has none."""
    done = solve_decomposed(method.master, method.years, Limits(1e-6, None), lambda _: None, None, method.rounding)
    said: list[str] = []
    trials = Trials(method.master, method.years, Limits(1e-9, 1e9), said.append, Bounds(), True)
    crumb, model = done.point.copy(), method.master.model
    crumb[method.master.matrix.columns_of(model.capacity.values())] *= 0.99
    assert method.master.breaks_rows(crumb)
    completed(method, trials, crumb)
    assert len([line for line in said if line.startswith("repair, ")]) <= 3 and not any(line.startswith("phase 1") for line in said)


def test_planes_that_leave_nothing_deeper_hold_as_they_are(method) -> None:
    """A capacity may be 1 MW more. A plane that asks for 0.9 MW asks for 1.8 at first, which is too much; one for 2 MW never holds."""
    point, columns = nothing_of(method), method.master.matrix.column
    capacity = next(v for v in method.master.model.capacity.values() if id(v) in columns)
    place, y = columns[id(capacity)], capacity.index()[1]
    nearest, at = Projection(method.master, point, None), point[method.master.links[y]]
    nearest.solver.set_bounds(np.array([place], dtype=np.int32), point[[place]], point[[place]] + 1.0)
    slope = np.where(method.master.links[y] == place, -1.0, 0.0)
    nearest.add(y, SlackCut(at, 0.9, slope, 1.0, 1.0))
    found = nearest.point()
    assert found is not None and found[place] == pytest.approx(point[place] + 0.9)
    nearest.add(y, SlackCut(at, 2.0, slope, 1.0, 1.0))
    assert nearest.point() is None


def test_many_integers_are_made_whole_with_no_less_capacity(method, monkeypatch) -> None:
    """A point between whole numbers: what covers it serves, where what is nearest need not."""
    monkeypatch.setattr("planner.solve.benders.primal_heuristics.NEIGHBOURHOOD_FIRST", 0)
    trials, master = trials_of(method), method.master
    local = PrimalHeuristics(trials, method.rounding)
    asked: list[np.ndarray] = []
    monkeypatch.setattr(local, "covering", lambda search, point: asked.append(point) or PrimalHeuristics.covering(local, search, point))
    repair_to_plan(trials, nothing_of(method), method.rounding, local)
    point = asked[-1]  # the plan is of the last point that was covered
    assert trials.overall.incumbent is not None
    capacity = master.matrix.columns_of(master.model.capacity.values())
    assert (trials.overall.point[capacity] >= point[capacity] - 1e-6).all()


def test_with_a_time_limit_and_many_integers_a_first_plan_is_made_at_once(method, monkeypatch) -> None:
    """The integer phase has its plan late; without a limit there is time for that."""
    monkeypatch.setattr("planner.solve.benders.primal_heuristics.NEIGHBOURHOOD_FIRST", 0)
    made = []
    monkeypatch.setattr("planner.solve.benders.decomposed.repair_to_plan",
        lambda trials, *_: made.append(trials.overall.incumbent is None))
    for seconds in (None, 1e9):
        solve_decomposed(method.master, method.years, Limits(1e-3, seconds), lambda _: None, None, method.rounding)
    assert made == [True]


def test_many_integers_that_all_need_slack_are_repaired_before_phase_1_is_asked(method, monkeypatch) -> None:
    """The integer phase begins again, with that plan known; phase 1 with integers would take many branch and bounds."""
    monkeypatch.setattr("planner.solve.benders.primal_heuristics.NEIGHBOURHOOD_FIRST", 0)
    optimum = solve_decomposed(method.master, method.years, Limits(1e-6, None), lambda _: None, None, method.rounding).cost
    said: list[str] = []
    trials = Trials(method.master, method.years, Limits(1e-3), said.append, Bounds(), True)
    search = DecomposedSearch(trials, method.rounding)
    known: list[Trial | None] = []
    run = search.integer.run

    def short_at_first(relaxed: Phase) -> Phase:
        known.append(trials.overall.incumbent)
        if len(known) > 1:
            return run(relaxed)
        cost = relaxed.cost
        trials.overall.incumbent = None
        return Phase(replace(relaxed.incumbent, slack=1.0, penalty=cost), 0.9 * cost, End.STALLED)

    monkeypatch.setattr(search.integer, "run", short_at_first)
    found = search.solve(None)
    _, repaired = known
    assert repaired is not None and not repaired.has_slack and not method.master.breaks_rows(repaired.point)
    whole = repaired.point[method.master.integers]
    assert np.abs(whole - np.round(whole)).max() < 1e-9 and not any(line.startswith("phase 1") for line in said)
    assert optimum * (1 - 1e-6) <= found.cost <= repaired.cost and found.bound <= optimum * (1 + 1e-6)
