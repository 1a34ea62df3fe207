"""Repairs of a plan that fails in all hours: a store that does more on a day alone, and a search that ends where the one before did."""

import numpy as np
import pytest
from parks import Draft

from planner.answer.summary import summary
from planner.clock import Clock
from planner.machine.stopping import Watch
from planner.plan import OnDays, Plan
from planner.planning.compared import _on_days as on_days_proven
from planner.planning.methods import DecomposedMethod, method_for
from planner.planning.run import Options, plan_park
from planner.planning.strategy import ENOUGH_FACTOR
from planner.planning.task import Task
from planner.solve.benders.decomposed import solve_decomposed
from planner.solve.benders.trials import End
from planner.solve.whole.whole import Limits


def morning() -> Draft:
    """1 MW of heat all year, but one day: 1 MW until 6, 1.8 MW for an hour, then 0.5 MW. A tank that loses a hundredth an hour. On
    that day alone the tank is filled in its evening for its own morning; in the year no hour before it has anything left."""
    park = Draft(hours=8760)
    shape = np.ones(8760)
    shape[40 * 24 : 41 * 24] = [1.0] * 6 + [1.8] + [0.5] * 17
    park.demand("warmth", "heat", float(shape.sum()), profile=park.profile("cold", shape))
    park.supply("gas", "gas", price=10.0, factor=0.2)
    park.converter("boiler", {"heat": 1.0, "gas": -1.0}, capital_cost=1000.0)
    park.store("tank", "heat", existing=0.9, full_power_hours=1, standing_loss=0.01)
    return park


@pytest.mark.slow
def test_a_store_that_serves_a_day_alone_is_not_counted_on_in_the_year():
    """The first repair joins that day to the typical ones, on which the store serves it alone; the second raises its demand, by more
    than is missing: both methods pay for the same, at most 1 % above the least cost."""
    plan, whole = (plan_park(morning().case(), Options(days=1, compare=False, method=m, gap=1e-4)).target for m in ("decomposed", "whole"))
    every = plan_park(morning().case(), Options(days=0, compare=False, gap=1e-6)).target
    assert plan.verified and plan.repairs == 2 and plan.system_cost == pytest.approx(whole.system_cost, rel=1e-3)
    assert every.system_cost <= plan.system_cost <= 1.01 * every.system_cost


@pytest.mark.slow
def test_the_cost_of_days_on_which_demand_was_raised_has_no_bound_of_these_days():
    """One matrix, so that day joins the typical ones; the store serves it alone, and what it must not count on is raised. The
    least-cost plan is made on the same days, so nothing of theirs bounds the cost of the goal."""
    run = plan_park(morning().case(), Options(days=1, method="whole", gap=1e-4))
    for plan in (run.target, run.plans["least-cost"]):
        days = plan.on_days
        assert plan.verified and (days.count, days.added, days.raised) == (2, (41,), True)
        assert (days.bound, days.gap, plan.proof) == (None, None, None) and days.repaired_gap <= 1e-4
    assert summary(run, morning().case())["goal_cost_range"] is None


def test_bounds_go_from_plan_to_plan_of_the_same_days_only():
    """A plan that repairs asked more of has the bound of the least-cost plan where it is of these days as they are."""
    def proven(days: OnDays) -> OnDays | None:
        least = Plan("least-cost", "feasible", on_days=OnDays(12, 9.0, 8.0, added=(38,)))
        return on_days_proven(days, [Plan("target", "feasible", on_days=days), least])
    assert proven(OnDays(12, 10.0, added=(38,), repaired_gap=1e-3)).bound == 8.0 and proven(OnDays(12, 10.0)).bound is None
    assert proven(OnDays(12, 10.0, added=(38,), raised=True)).bound is None


def growing(mwh: float, plant: float = 300_000.0) -> Draft:
    """Power of the grid, 0.5 MW of it, or of plants in units of 1 MW, of which the other is dearer."""
    park = Draft(2026, 2027)
    park.demand(mwh=mwh)
    park.supply(price=1.0, max_import=0.5)
    park.converter("plant", capital_cost=plant, lifetime=20, unit_size=1.0, max_capacity=3.0)
    park.converter("other", capital_cost=500_000.0, lifetime=20, unit_size=1.0, max_capacity=3.0)
    park.store(capital_cost=1000.0, lifetime=20, max_capacity=100.0)
    return park


def method_of(park: Draft) -> DecomposedMethod:
    return DecomposedMethod(Task(park.inputs(), "CNY", 1e-6, Clock(lambda *_: None, Watch())))


def dear() -> np.ndarray:
    """Decisions with one of the dear plants, and none of the cheap ones: they were dearer then."""
    method = method_of(growing(1.3 * 8760, plant=900_000.0))
    point = solve_decomposed(method.master, method.years, Limits(1e-6), lambda _: None, None, method.rounding).point
    assert point[method.master.matrix.column[id(method.model.capacity["other", 2026])]] == pytest.approx(1.0)
    return point


@pytest.mark.parametrize("enough", [0.0, 0.9])
def test_a_plan_to_begin_from_that_is_good_enough_is_not_searched_further(enough):
    start, method = dear(), method_of(growing(1.3 * 8760))
    limits = Limits(1e-6, enough=enough)
    result = solve_decomposed(method.master, method.years, limits, lambda _: None, start, method.rounding)
    other = result.point[method.master.matrix.column[id(method.model.capacity["other", 2026])]]
    if enough:
        assert (result.status, result.end) == ("feasible", End.STALLED) and 1e-6 < result.gap <= enough
        assert other == pytest.approx(1.0)
    else:
        assert (result.status, result.end) == ("optimal", End.GAP) and other == pytest.approx(0.0)


def test_slack_of_a_plan_to_begin_from_is_removed_with_its_whole_numbers():
    """The demand has grown by 0.1 MW since: what grid and plant give is enough, and orders stay as they are."""
    start, method = dear(), method_of(growing(1.4 * 8760))
    master = method.master
    result = solve_decomposed(master, method.years, Limits(1e-6, enough=0.9), lambda _: None, start, method.rounding)
    assert result.status == "feasible" and not result.incumbent.has_slack
    assert result.point[master.integers].tolist() == np.round(start[master.integers]).tolist()


def test_a_method_hands_on_the_gap_that_is_enough_where_it_has_solved_nothing():
    park = growing(1.3 * 8760)
    first = method_of(park)
    first.reached = 0.02
    task = first.task
    second = method_for(park.case(), task, "decomposed", first)
    third = method_for(park.case(), task, "decomposed", second)
    assert second.enough == third.enough == pytest.approx(ENOUGH_FACTOR * 0.02)
    first.reached = 1e-7  # within the gap asked for
    assert method_for(park.case(), task, "decomposed", first).enough == 0.0
