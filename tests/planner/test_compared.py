"""The plans to compare with of a large park are made beside its target plan, or after it, and are the same either way."""

import threading
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from parks import Draft

from planner.answer.files import write_run
from planner.machine.stopping import CTRL_C, Stopped, Watch
from planner.plan import BUSINESS, LEAST_COST, PLANS, REFERENCE, TARGET, Run
from planner.planning import compared, repair_loop, strategy
from planner.planning.compared import NOT_REACHED, Compared, has_search_beside
from planner.planning.run import Options, plan_park
from planner.tables.output import read_output

HOURS = np.arange(8760)


@pytest.fixture(autouse=True)
def large(monkeypatch) -> None:
    """Every park is large enough."""
    monkeypatch.setattr(strategy, "LARGE", 0)


def park(ratio: float = 0.8, most: float = 9.0) -> Draft:
    """Work and wind that repeat every four days, which four typical days tell exactly, and a rule on emissions."""
    found = Draft(hours=8760, base_emissions=4000.0)
    found.park = found.park.model_copy(update={"typical_days": 4})
    found.profile("wind", np.round(np.clip(0.5 + 0.5 * np.sin(HOURS // 24 % 4 * 2.4), 0, 1) ** 2, 3))
    found.profile("work", np.round(1 + 0.9 * np.sin(HOURS // 24 % 4 * 0.7), 3))
    found.demand("power", mwh=8760.0, profile="work")
    found.supply("grid", price=100.0, factor=0.5)
    found.converter("turbine", capital_cost=2.2e6, max_capacity=most, profile="wind")
    found.rule("net_ratio", "<=", ratio)
    return found


def planned(monkeypatch, room: float, draft: Draft | None = None, **options) -> tuple[Run, list[str]]:
    """A run with so much memory asked for two plans at once, and the names of the threads in which plans were made."""
    names, plan = [], repair_loop.RepairLoop.plan
    def noted(self, name: str):
        names.append(f"{name} {'beside' if threading.current_thread().name == 'compared' else ''}".strip())
        return plan(self, name)
    monkeypatch.setattr(repair_loop.RepairLoop, "plan", noted)
    monkeypatch.setattr(compared, "ROOM", room)
    monkeypatch.setattr(compared, "cores", lambda: 2)
    return plan_park((draft or park()).case(), Options(method="decomposed", **options)), names


@pytest.mark.slow
def test_the_plans_are_the_same_beside_and_after(monkeypatch) -> None:
    with monkeypatch.context() as patch:
        beside, names = planned(patch, 0.0, days=4, verify_all=True)
    assert sorted(names) == sorted([TARGET, *(f"{name} beside" for name in PLANS[1:])])
    after, _ = planned(monkeypatch, np.inf, days=4, verify_all=True)
    for name in PLANS:
        one, other = beside.plans[name], after.plans[name]
        assert one.verified and one.system_cost == other.system_cost and one.on_days == other.on_days
        assert all(one.tables[key].equals(other.tables[key]) for key in other.tables)
    assert beside.plans[LEAST_COST].system_cost < beside.target.system_cost
    assert "solving least-cost" in beside.seconds and "solving least-cost" in after.seconds


def test_plans_of_a_large_park_compare_on_typical_days_and_in_all_hours_where_that_is_asked(monkeypatch, tmp_path) -> None:
    draft = park(ratio=0.5)
    draft.profile("wind", np.random.default_rng(1).random(365).repeat(24) ** 2)  # so that two days tell too little
    run, _ = planned(monkeypatch, np.inf, draft, days=2)
    others = {name: run.plans[name] for name in PLANS[1:]}
    assert run.target.verified and not any(plan.verified for plan in others.values())
    assert abs(run.target.days.system_cost - run.target.system_cost) > 1000
    assert run.saved == {name: plan.system_cost - run.target.days.system_cost for name, plan in others.items()}
    assert run.goal_cost.money == -run.saved[LEAST_COST] > 0
    assert run.abatement_cost[TARGET].money == -run.saved[REFERENCE]
    output = read_output(write_run(run, draft.case(), tmp_path / "days", {}, has_report=False))
    assert output.summary["plans"][REFERENCE]["saved"] == run.saved[REFERENCE]
    assert output.beside(REFERENCE)["system_cost"]["value"].sum() == pytest.approx(run.target.days.system_cost)
    assert output.target["system_cost"]["value"].sum() == pytest.approx(run.target.system_cost)
    run, _ = planned(monkeypatch, np.inf, draft, days=2, verify_all=True)
    assert all(plan.verified for plan in run.plans.values()) and run.on_days is None
    assert run.saved[REFERENCE] == run.plans[REFERENCE].system_cost - run.target.system_cost
    output = read_output(write_run(run, draft.case(), tmp_path / "hours", {}, has_report=False))
    assert output.beside(REFERENCE) is output.target


@pytest.mark.slow
@pytest.mark.parametrize("room", [0.0, np.inf], ids=["beside", "after"])
def test_on_every_hour_they_have_a_search_of_their_own_too(monkeypatch, room) -> None:
    run, names = planned(monkeypatch, room, days=0)
    assert sorted(names) == sorted([TARGET, *(f"{name} beside" for name in PLANS[1:])])
    assert all(run.plans[name].has_tables and run.plans[name].bound is not None for name in (TARGET, LEAST_COST))
    assert run.plans[LEAST_COST].system_cost < run.target.system_cost


@pytest.mark.slow
def test_they_are_begun_before_the_target_plan_and_the_least_cost_plan_comes_last(monkeypatch) -> None:
    begun, for_target = [], repair_loop.method_for
    monkeypatch.setattr(repair_loop, "method_for", lambda *args, **given: (begun.append("others" if threading.current_thread().name == "compared" else "target"), for_target(*args, **given))[1])
    thread = compared.threading.Thread.start
    monkeypatch.setattr(compared.threading.Thread, "start", lambda self: (begun.append(self.name), thread(self))[1])
    run, names = planned(monkeypatch, 0.0, days=4)
    assert begun.index("compared") < begun.index("target") and "others" in begun
    beside = [name.removesuffix(" beside") for name in names if name != TARGET]
    assert beside == [REFERENCE, BUSINESS, LEAST_COST] and list(run.plans) == list(PLANS)


@pytest.mark.parametrize(("method", "days", "large", "limit", "is_warm", "found"),
    [("auto", 4, 0, None, False, True), ("auto", 4, 1e9, None, False, False), ("whole", 4, 0, None, False, False),
     ("decomposed", 4, 1e9, None, False, False), ("decomposed", None, 1e9, None, False, True), ("auto", 4, 0, 60.0, False, False),
     ("auto", 4, 0, None, True, False), ("auto", None, 0, None, True, True)])
def test_where_the_others_have_a_search_of_their_own(monkeypatch, method, days, large, limit, is_warm, found) -> None:
    monkeypatch.setattr(strategy, "LARGE", large)
    monkeypatch.setattr(strategy, "MIXED_COLUMNS", large)
    case = park().case()
    task = SimpleNamespace(inputs=park().inputs(), days=days, clock=SimpleNamespace(watch=Watch(limit)))
    assert has_search_beside(case, task, method, is_warm) is found  # type: ignore[arg-type]


def test_nothing_is_made_where_nothing_is_compared(monkeypatch) -> None:
    run, names = planned(monkeypatch, 0.0, compare=False)
    assert list(run.plans) == [TARGET] and names == [TARGET]


@pytest.mark.slow
def test_other_typical_days_of_the_target_plan_are_those_of_all_plans(monkeypatch) -> None:
    made = repair_loop.RepairLoop._planned_and_repaired
    def repaired(self, name: str):
        if name == TARGET:
            self.task = replace(self.task, days=replace(self.task.days))
        return made(self, name)
    monkeypatch.setattr(repair_loop.RepairLoop, "_planned_and_repaired", repaired)
    run, names = planned(monkeypatch, np.inf)
    assert names == list(PLANS) and all(run.plans[name].has_tables for name in PLANS)


@pytest.mark.slow
def test_what_is_made_beside_a_goal_that_cannot_be_met_is_ended(monkeypatch) -> None:
    ended, end = [], Compared.end
    monkeypatch.setattr(Compared, "end", lambda self: (ended.append(self), end(self)))
    run, _ = planned(monkeypatch, 0.0, park(ratio=0.1, most=1.0))
    assert run.target.status == "infeasible" and list(run.plans) == [TARGET] and run.blocking
    ended[0].thread.join(60)
    assert not ended[0].thread.is_alive() and ended[0].clock.watch.is_over()


@pytest.mark.slow
def test_a_fault_of_a_plan_beside_is_raised_where_the_plan_is_waited_for(monkeypatch) -> None:
    plan = repair_loop.RepairLoop.plan
    def faulty(self, name: str):
        if name == REFERENCE:
            raise ValueError("reference")
        return plan(self, name)
    monkeypatch.setattr(repair_loop.RepairLoop, "plan", faulty)
    with pytest.raises(ValueError, match="reference"):
        planned(monkeypatch, 0.0)


def test_after_ctrl_c_no_other_plan_is_begun(monkeypatch) -> None:
    watch = Watch()
    task = SimpleNamespace(clock=SimpleNamespace(watch=watch, warnings=[], note=lambda *_: None))
    monkeypatch.setattr(compared, "ROOM", np.inf)
    others = Compared(park().case(), task, False, 4000.0)  # type: ignore[arg-type]
    watch.end(CTRL_C)
    assert others.plan(BUSINESS).status == "failed" and others.plan(BUSINESS).note == NOT_REACHED
    assert others.clock.watch.reason == CTRL_C


def test_while_the_target_plan_is_made_only_how_far_these_plans_are_is_told(monkeypatch) -> None:
    told: list[str] = []
    clock = SimpleNamespace(watch=Watch(), warnings=[], note=lambda *_: None, progress=lambda step, _: told.append(step))
    monkeypatch.setattr(compared, "ROOM", np.inf)
    others = Compared(park().case(), SimpleNamespace(clock=clock), False, 4000.0)  # type: ignore[arg-type]
    for step in ("building", "solving least-cost", "operating reference in every hour", "solving on a few days"):
        others.clock.progress(step)
    assert told == ["solving least-cost", "operating reference in every hour"]
    others.end()
    others.clock.progress("solving reference")
    assert len(told) == 2
    others.is_awaited = True
    others.clock.progress("building")
    assert told[2:] == ["building"]


def test_a_watch_beside_another_ends_with_it_and_not_the_other_way_round() -> None:
    watch = Watch()
    first, second = watch.beside(), watch.beside()
    first.end("no need")
    assert first.is_over() and not watch.is_over() and not second.is_over()
    watch.end(CTRL_C)
    assert second.is_over() and second.reason == CTRL_C and first.reason == "no need"
    with pytest.raises(Stopped):
        second.guarded(lambda: None)
