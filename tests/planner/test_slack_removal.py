"""What a plan misses is served near its best point, for little money."""

from dataclasses import replace

import numpy as np
import pytest
from parks import Draft

from models.inputs import resolve
from models.park import build_master
from planner.days import choose_days
from planner.solve.benders.decomposed import solve_decomposed
from planner.solve.benders.master import Master
from planner.solve.benders.slack_removal import SlackRemover
from planner.solve.benders.trials import SLACK_TOLERANCE, Bounds, Result, Trials
from planner.solve.whole.whole import Limits
from planner.solve.year.years import Years

HOURS = np.arange(8760)


def solved() -> tuple[Master, Years, Result, list[str]]:
    """Two years of work, sun and a store on two days, of which the grid serves a part only, and their optimum."""
    park = Draft(hours=8760, last=2027, base_emissions=4000.0)
    park.profile("sun", np.clip(np.sin((HOURS % 24 - 6) / 12 * np.pi), 0, 1) * (0.7 + 0.3 * np.sin(HOURS // 24 * 1.7)))
    park.demand("power", mwh=8760.0)
    park.supply("grid", price=100.0, factor=0.5, max_import=0.9)
    park.converter("pv", capital_cost=2e7, max_capacity=9.0, lifetime=20, profile="sun")
    park.store(capital_cost=1e5, lifetime=10, max_capacity=20.0)
    case = park.case()
    days = choose_days(case, 2)
    inputs = resolve(case, case.goal, 4000.0, days)
    years, said = Years(inputs, 1), []
    master = Master(inputs, build_master(inputs), years)
    return master, years, solve_decomposed(master, years, Limits(1e-5), said.append), said


def test_what_is_missing_at_the_best_point_is_served_near_it() -> None:
    master, years, state, said = solved()
    assert state.point is not None
    trials = Trials(master, years, Limits(1e-3), said.append, Bounds(bound=state.bound), True)
    short = state.point.copy()
    built = [i for i, v in enumerate(master.matrix.columns) if v.parent_component().local_name in ("build", "capacity")]
    short[built] *= 0.995
    missed = trials.evaluate(short)
    assert missed.slack > SLACK_TOLERANCE and trials.overall.incumbent is None
    said.clear()
    SlackRemover(trials).polish(Bounds(replace(state.incumbent, point=short), state.bound))
    assert any(text.startswith("removing slack, 2") for text in said)
    assert not any(text.startswith("without slack") and "best none yet" in text for text in said)
    assert trials.overall.incumbent is not None and not trials.overall.incumbent.has_slack
    assert state.bound * (1 - 1e-9) <= trials.overall.cost <= state.cost * (1 + 1e-3)
    assert trials.count <= 3  # the one that misses, and the plan: what is missing is found out without a trial
    assert not trials.forbids_slack


def test_years_that_missed_nothing_are_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    master, years, state, said = solved()
    assert state.point is not None
    asked: list[list[int]] = []
    least_slacks = years.least_slacks
    monkeypatch.setattr(years, "least_slacks", lambda points: asked.append(list(points)) or least_slacks(points))
    SlackRemover(Trials(master, years, Limits(1e-3), said.append, Bounds(bound=state.bound), True)).polish(state)
    assert asked[0] == [2026, 2027] and sum(map(len, asked)) <= 2 * len(asked)


def test_a_known_plan_is_the_incumbent_to_begin_with() -> None:
    master, years, state, said = solved()
    said.clear()
    plan = Bounds()
    assert state.point is not None
    known = state.point
    again = solve_decomposed(master, years, Limits(1e-3), said.append, None, lambda _: np.zeros(0), plan, known_plan=known)
    assert said[0].startswith("known ") and "best" in said[0] and again.point is not None and again.cost <= state.cost * (1 + 1e-9)
    assert again.trials <= 3  # the known one, the optimum, and an extreme point in its place
