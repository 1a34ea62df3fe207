"""A large park whose time is limited is planned on two typical days first; that plan is given where the finer one is not found."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest
from parks import Draft

from models.case import Reserve
from planner.clock import BEGUN
from planner.language.words import FIRST
from planner.machine.stopping import TIME_LIMIT, Stopped, Watch
from planner.plan import LEAST_COST, PLANS, REFERENCE, TARGET, Plan
from planner.planning import beginning, compared, first_plan, methods, strategy, task
from planner.planning.first_plan import QUICK, QUICK_HOURS, QUICK_SMALL
from planner.planning.run import Options, plan_park
from planner.solve.benders import rough
from planner.solve.year.subproblem import Cut

HOURS = np.arange(8760)


@pytest.fixture(autouse=True)
def large(monkeypatch) -> None:
    """Every park is large enough to be planned on fewer days first."""
    monkeypatch.setattr(strategy, "LARGE", 0)


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


@pytest.mark.slow
def test_the_plan_on_two_days_is_given_where_none_is_found_on_more(monkeypatch) -> None:
    run, count = limited(monkeypatch, at(2))
    assert count == 2 and run.warnings == (BEGUN.format(wanted=4, count=2),)
    assert run.typical_days == 2 and run.target.on_days.count == 2
    assert run.target.status == "feasible" and run.target.has_tables and run.explanation == ()
    assert run.plans[LEAST_COST].status == "failed"


def test_it_is_given_at_once_where_no_time_is_left_for_more(monkeypatch) -> None:
    run, count = limited(monkeypatch, at(-1))
    assert count == 1 and run.typical_days == 2 and run.target.has_tables and run.warnings == (BEGUN.format(wanted=4, count=2),)


def test_the_first_plan_is_given_where_no_search_after_it_finds_one(monkeypatch) -> None:
    run, count = limited(monkeypatch, at(1))
    assert count == 1 and run.typical_days == 2 and run.target.has_tables and run.explanation == ()
    assert (run.target.status, run.target.bound, run.target.proof, run.target.verified) == ("feasible", None, None, False)
    assert run.target.on_days.count == 2 and run.target.on_days.bound is None and run.target.note == "stopped by the time limit"


def test_it_is_given_where_the_limit_passes_while_what_comes_after_it_is_built(monkeypatch) -> None:
    """Nothing after it may lose it: here the limit passes as the method on two days is asked for its plan."""
    watch, made = Watch(1e6), []

    def stopped(*_) -> None:
        made.append(watch.end(TIME_LIMIT))
        raise Stopped

    monkeypatch.setattr(beginning, "_fallback_by", stopped)
    run = plan_park(park().case(), Options(method="decomposed", verify=False), watch=watch)
    assert made and run.target.status == "feasible" and run.target.has_tables and run.typical_days == 2


def test_where_there_is_no_first_plan_either_the_run_says_what_was_tried(monkeypatch) -> None:
    monkeypatch.setattr(methods, "find_rough_plan", lambda *_: None)
    run, _ = limited(monkeypatch, at(1))
    assert run.target.status == "failed" and not run.target.has_tables
    assert "no plan was found" in run.target.note and run.warnings == ()


def test_a_quick_run_ends_with_the_first_plan_and_says_what_it_is() -> None:
    """It serves two days, and costs no less than the least there."""
    told: list[str] = []
    run = plan_park(park().case(), Options(method="decomposed", quick=True), lambda *words: told.append(" ".join(words)))
    plan = run.target
    assert list(run.plans) == [TARGET] and run.warnings == (QUICK.format(count=2),)
    assert (plan.status, plan.bound, plan.proof, plan.verified, plan.note) == ("feasible", None, None, False, "")
    assert run.typical_days == plan.on_days.count == 2
    assert any("MW. It is rough: planned on 2 typical days" in text for text in told)
    least = plan_park(park().case(), Options(days=2, method="decomposed", verify=False, compare=False)).target.on_days
    assert least.bound <= plan.system_cost <= 1.5 * least.cost


def test_operations_with_a_unit_out_are_read_once_the_first_plan_is_told(monkeypatch) -> None:
    """A quick run has them, and the ledger asks for each; a run that goes on does not read those of its first plan."""
    read, told = task.Task.with_outages, []
    monkeypatch.setattr(task.Task, "with_outages", lambda *given: (told.append("read"), read(*given))[1])

    def run(**options) -> Plan:
        told.clear()
        own = park()
        own.add(Reserve(carrier="electricity", operated=1))
        asked = Options(method="decomposed", verify=False, compare=False, **options)
        return plan_park(own.case(), asked, lambda step, _: told.append("told") if step == FIRST else None, tells_first=True)

    quick = run(quick=True).target
    assert told == ["told", "read"] and quick.outages and run().target.outages and told == ["told", "read"]


def test_a_quick_run_of_a_small_park_is_not_compared_and_not_operated_in_every_hour(monkeypatch) -> None:
    monkeypatch.setattr(strategy, "LARGE", 10**9)
    run = plan_park(park().case(), Options(quick=True))
    assert list(run.plans) == [TARGET] and run.warnings == (QUICK_SMALL,)
    assert run.target.has_tables and not run.target.verified and run.target.on_days.count == 4


def test_a_quick_run_says_that_a_plan_on_all_hours_holds_in_them_and_nothing_of_a_park_without_a_plan(monkeypatch) -> None:
    monkeypatch.setattr(strategy, "LARGE", 10**9)
    for limits, status, warnings in (({}, "optimal", (QUICK_HOURS,)), ({"max_import": 0.5}, "infeasible", ())):
        day = Draft(hours=24)
        day.demand("power")
        day.supply("grid", **limits)
        run = plan_park(day.case(), Options(quick=True))
        assert (run.target.status, run.target.verified, run.warnings) == (status, status == "optimal", warnings)


def test_without_a_limit_a_first_plan_that_is_told_changes_nothing() -> None:
    told: list[str] = []
    options = Options(method="decomposed", verify=False)
    run = plan_park(park().case(), options, lambda *words: told.append(" ".join(words)), tells_first=True)
    plain = plan_park(park().case(), options)
    assert sum(text.startswith("a first plan after") for text in told) == 1
    for name in PLANS:
        assert run.plans[name].tables["investments"].equals(plain.plans[name].tables["investments"])
        assert run.plans[name].system_cost == plain.plans[name].system_cost


def test_a_first_plan_is_built_before_the_plans_beside_it_are_begun(monkeypatch) -> None:
    """Models are built one at a time: the larger ones of the other plans would keep it waiting."""
    order, build, search = [], first_plan._method, methods.DecomposedMethod.rough_plan
    monkeypatch.setattr(first_plan, "_method", lambda *given: (build(*given), order.append("built"))[0])
    monkeypatch.setattr(compared.Compared, "begin", lambda self: order.append("beside"))
    monkeypatch.setattr(methods.DecomposedMethod, "rough_plan", lambda self: (order.append("searched"), search(self))[1])
    plan_park(park().case(), Options(method="decomposed", verify=False), tells_first=True)
    assert order == ["built", "beside", "searched", "beside"]
    order.clear()
    plan_park(park().case(), Options(method="decomposed", verify=False))
    assert order == ["beside"]


def test_years_that_are_not_solved_are_guessed_from_the_nearest_with_the_same_rules() -> None:
    rules = dict.fromkeys(range(2030, 2046), ("zero-carbon",))
    inputs = SimpleNamespace(years=range(2026, 2046), carbon=SimpleNamespace(rules=rules))
    nearest = rough._nearest(inputs)
    assert sorted(set(nearest.values())) == [2026, 2029, 2030, 2038, 2045]
    assert (nearest[2027], nearest[2028], nearest[2034], nearest[2035], nearest[2042]) == (2026, 2029, 2030, 2038, 2045)


def test_a_guessed_cut_is_the_line_of_the_solved_year_in_the_links_of_the_other() -> None:
    """100 at 3 MW and 7 less a MW more of wind; the other year has no sun and counts 5 MW of wind: 100 - 2 x 7 + 3 x 2 less sun."""
    years = SimpleNamespace(
        years={1: SimpleNamespace(links=[("capacity", "sun"), ("capacity", "wind")]),
            2: SimpleNamespace(links=[("capacity", "wind"), ("capacity", "store")])}
    )
    inputs = SimpleNamespace(years=(1, 2), carbon=SimpleNamespace(rules={}))
    cut = Cut(np.array([2.0, 3.0]), 100.0, np.array([-3.0, -7.0]), 0.0, 0.0, 100.0)
    found = rough.FewYears(inputs, years)._guessed(2, 1, cut, np.array([5.0, 9.0]))
    assert found.value == found.cost == pytest.approx(100.0 - 2 * 7.0 + 2 * 3.0)
    assert found.slope.tolist() == [-7.0, 0.0] and found.point.tolist() == [5.0, 9.0]


@pytest.mark.slow
def test_with_time_enough_the_plan_is_the_one_on_the_days_asked_for(monkeypatch) -> None:
    run, _ = limited(monkeypatch, lambda *_: None)
    assert run.typical_days == 4 and run.warnings == ()
    free = plan_park(park().case(), Options(method="decomposed", verify=False))
    for name in (TARGET, LEAST_COST):
        assert run.plans[name].system_cost == pytest.approx(free.plans[name].system_cost, rel=2e-3)


@pytest.mark.parametrize(("days", "first"), [(4, []), (5, [2]), (8, [2]), (12, [2, 5]), (36, [5, 12])])
def test_the_days_planned_on_first_grow_to_half_of_all(days, first) -> None:
    assert strategy.few_days(SimpleNamespace(calendar=SimpleNamespace(weight=np.ones(24 * days)))) == first


@pytest.mark.slow
def test_each_plan_begins_from_one_on_few_days_and_costs_what_it_would_without(monkeypatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(compared, "ROOM", np.inf)  # made after the target plan, so that all of it is told
    options = Options(days=6, method="decomposed", verify=False)
    begun = plan_park(park().case(), options, lambda *words: told.append(" ".join(words)))
    assert sum(text.startswith("planning on a few days first") for text in told) == 3
    monkeypatch.setattr(strategy, "few_days", lambda inputs: [])
    plain = plan_park(park().case(), options)
    for name in (TARGET, LEAST_COST, REFERENCE):
        assert begun.plans[name].on_days.gap <= 1e-3
        assert begun.plans[name].on_days.cost == pytest.approx(plain.plans[name].on_days.cost, rel=2e-3)
