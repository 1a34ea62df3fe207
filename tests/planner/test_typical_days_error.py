"""Typical days that cost something else than all hours: a small park is planned on every hour, any other run warns."""

from dataclasses import replace

import numpy as np
import pytest
from parks import Draft

from planner.language.language import Language
from planner.machine.stopping import Watch
from planner.plan import Plan
from planner.planning.repair_loop import RepairLoop, cost_error
from planner.planning.run import Options, plan_park

HOURS = np.arange(8760)


def park(days: int) -> Draft:
    """A year in which wind and work go up and down, each at its own pace: on few days they meet otherwise than in the year, and what
    the wind gives above the demand is lost. Measured: 6 days are 1.2 % off, 12 too, 16 are 0.4 %, 48 are 0.2 %."""
    found = Draft(hours=8760)
    found.park = found.park.model_copy(update={"typical_days": days})
    found.profile("wind", np.round(np.clip(0.5 + 0.5 * np.sin(HOURS // 24 * 2.4), 0, 1) ** 2, 3))
    found.profile("work", np.round(1 + 0.9 * np.sin(HOURS // 24 * 0.7), 3))
    found.demand("power", mwh=8760.0, profile="work")
    found.supply("grid", price=100.0, factor=0.5)
    found.converter("turbine", capital_cost=2.2e5, max_capacity=5.0, profile="wind")
    found.rule("net_ratio", "<=", 1.0)
    return found


def planned(begins: int, **fields):
    told: list[tuple[str, str]] = []
    run = plan_park(park(begins).case(), Options(method="whole", compare=False, **fields), lambda *words: told.append(words))
    return run, [words for step, words in told if words == "the plan is made on every hour"]


@pytest.fixture
def large(monkeypatch):
    """The park stands for one whose every hour no one matrix takes."""
    monkeypatch.setattr("planner.planning.repair_loop.LARGE", 0)


OFF = "the cost on the typical days (6) is -1.2% off that of all hours; more days (--days) tell more"


def assert_warned(run, told) -> None:
    assert told == [] and run.target.verified and run.target.on_days.count == 6 and run.warnings == (OFF,)


@pytest.mark.slow
def test_a_large_park_whose_days_are_far_off_is_planned_on_them_and_warns(large):
    assert_warned(*planned(6))
    assert Language("zh").tell(planned(6)[0].warnings[0]).startswith("典型日（6 个）上的成本")


def test_days_that_were_asked_for_stay():
    assert_warned(*planned(6, days=6))


def test_without_time_the_plan_of_now_stays(monkeypatch):
    monkeypatch.setattr(Watch, "left", lambda watch: 400.0)  # of 1000 s
    assert_warned(*planned(6, time_limit=1000.0))


def test_days_that_tell_the_truth_are_no_word():
    run, told = planned(48)
    assert told == [] and run.warnings == () and run.target.on_days.count == 48


@pytest.mark.slow
def test_a_small_park_whose_days_are_far_off_is_planned_on_every_hour():
    run, told = planned(6)
    assert len(told) == 1 and run.target.status == "optimal" and run.target.verified and run.target.on_days is None
    assert run.typical_days == 0 and run.warnings == ()
    days, _ = planned(6, days=6)
    assert run.target.bound <= run.target.system_cost <= days.target.system_cost


@pytest.mark.slow
def test_the_bound_of_all_hours_stands_beside_the_cheaper_plan_whichever_it_was_found_with(monkeypatch):
    made = []
    def again(own: RepairLoop, name: str) -> Plan:
        plan = first(own, name)
        made.append(plan if not made else replace(plan, system_cost=2 * plan.system_cost))
        return made[-1]
    first = RepairLoop._planned_and_repaired
    monkeypatch.setattr(RepairLoop, "_planned_and_repaired", again)
    run, _ = planned(6)
    assert len(made) == 2 and run.target.system_cost == made[0].system_cost and run.target.on_days.count == 6
    assert run.target.bound == made[1].bound < run.target.system_cost


@pytest.mark.parametrize(
    ("days", "hours", "gap", "search", "off"),
    [
        (100.0, 100.4, 0.0, 1e-3, None),
        (100.0, 101.0, 0.0, 1e-3, -1 / 101),
        (101.0, 100.0, 0.0, 1e-3, 0.01),
        (100.55, 100.0, 0.001, 1e-3, None),
        (100.65, 100.0, 0.001, 1e-3, 0.0065),
        (100.65, 100.0, 0.0, 3e-3, None),  # the search left 0.3 % open where 0.1 % was asked for
        (100.75, 100.0, 0.0, 3e-3, 0.0075),
    ],
)
def test_off_is_told_beyond_half_a_per_cent_the_gap_of_the_hours_and_what_the_search_left_open(days, hours, gap, search, off):
    from planner.plan import OnDays

    plan = Plan("target", "feasible", hours, on_days=OnDays(8, days, gap=search), verified=True, hourly_gap=gap)
    assert cost_error(plan, 1e-3) == (None if off is None else pytest.approx(off))
