"""A large park whose time is limited is planned on two typical days first; that plan is given where the finer one is not found."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest
from parks import Draft

from planner.clock import BEGUN
from planner.plan import LEAST_COST, REFERENCE, TARGET
from planner.planning import beginning, compared, methods
from planner.planning.run import Options, plan_park
from planner.solve.machine.stopping import TIME_LIMIT, Stopped, Watch

HOURS = np.arange(8760)


@pytest.fixture(autouse=True)
def large(monkeypatch) -> None:
    """Every park is large enough to be planned on fewer days first."""
    monkeypatch.setattr(beginning, "LARGE", 0)


def park() -> Draft:
    """Work and wind over a year, and a rule that half of the emissions must go."""
    found = Draft(hours=8760, base_emissions=4000.0)
    found.park = found.park.model_copy(update={"typical_days": 4})
    found.profile("wind", np.round(np.clip(0.5 + 0.5 * np.sin(HOURS // 24 * 2.4), 0, 1) ** 2, 3))
    found.profile("work", np.round(1 + 0.9 * np.sin(HOURS // 24 * 0.7), 3))
    found.demand("power", mwh=8760.0, profile="work")
    found.supply("grid", price=100.0, factor=0.5)
    found.converter("turbine", capital_cost=2.2e6, max_capacity=9.0, profile="wind")
    found.rule("net_ratio", "<=", 0.8)
    return found


def limited(monkeypatch, ends: Callable[[int, Watch], None], seconds: float = 1e6):
    """A run that `ends` may end at the n-th solve, before it (n) or after it (-n)."""
    watch, solve, count = Watch(seconds), methods.solve_decomposed, [0]

    def solved(*args):
        count[0] += 1
        ends(count[0], watch)
        found = solve(*args)
        ends(-count[0], watch)
        return found

    monkeypatch.setattr(methods, "solve_decomposed", solved)
    run = plan_park(park().case(), Options(method="decomposed", verify=False), watch=watch)
    return run, count[0]


def at(number: int) -> Callable[[int, Watch], None]:
    def ends(now: int, watch: Watch) -> None:
        if now == number:
            watch.end(TIME_LIMIT)
            if now > 0:
                raise Stopped

    return ends


def test_the_plan_on_two_days_is_given_where_none_is_found_on_more(monkeypatch) -> None:
    run, count = limited(monkeypatch, at(2))
    assert count == 2
    assert run.warnings == (BEGUN.format(wanted=4, count=2),)
    assert run.typical_days == 2 and run.target.on_days.count == 2
    assert run.target.status == "feasible" and run.target.has_tables and run.explanation == ()
    assert run.plans[LEAST_COST].status == "failed"


def test_it_is_given_at_once_where_no_time_is_left_for_more(monkeypatch) -> None:
    run, count = limited(monkeypatch, at(-1))
    assert count == 1
    assert run.typical_days == 2 and run.target.has_tables
    assert run.warnings == (BEGUN.format(wanted=4, count=2),)


def test_where_there_is_none_on_two_days_either_the_run_says_what_was_tried(monkeypatch) -> None:
    run, _ = limited(monkeypatch, at(1))
    assert run.target.status == "failed" and not run.target.has_tables
    assert "no plan was found" in run.target.note and run.warnings == ()


def test_with_time_enough_the_plan_is_the_one_on_the_days_asked_for(monkeypatch) -> None:
    run, _ = limited(monkeypatch, lambda *_: None)
    assert run.typical_days == 4 and run.warnings == ()
    free = plan_park(park().case(), Options(method="decomposed", verify=False))
    for name in (TARGET, LEAST_COST):
        assert run.plans[name].system_cost == pytest.approx(free.plans[name].system_cost, rel=2e-3)


@pytest.mark.parametrize(("days", "first"), [(4, []), (5, [2]), (8, [2]), (12, [2, 5]), (36, [5, 12])])
def test_the_days_planned_on_first_grow_to_half_of_all(days, first) -> None:
    assert beginning.first_days(SimpleNamespace(calendar=SimpleNamespace(weight=np.ones(24 * days)))) == first


def test_each_plan_begins_from_one_on_few_days_and_costs_what_it_would_without(monkeypatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(compared, "ROOM", np.inf)  # made after the target plan, so that all of it is told
    options = Options(days=6, method="decomposed", verify=False)
    begun = plan_park(park().case(), options, lambda *words: told.append(" ".join(words)))
    assert sum(text.startswith("planning on a few days first") for text in told) == 3
    monkeypatch.setattr(beginning, "first_days", lambda inputs: [])
    plain = plan_park(park().case(), options)
    for name in (TARGET, LEAST_COST, REFERENCE):
        assert begun.plans[name].on_days.gap <= 1e-3
        assert begun.plans[name].on_days.cost == pytest.approx(plain.plans[name].on_days.cost, rel=2e-3)
