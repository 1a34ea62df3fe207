"""Segments of typical days: hours that are alike share one value, the plan is operated on full days, and one pool of cuts serves all
years."""

from __future__ import annotations

import numpy as np
import pytest
from parks import Draft

from models.case import Reserve
from models.inputs import capacity
from models.park import build_master
from planner.machine.stopping import Watch, watched
from planner.plan import LEAST_COST, PLANS, TARGET
from planner.planning import strategy
from planner.planning.run import QUICK, QUICK_HOURS, Options, plan_park
from planner.solve import Master, Years, by_segments, segments_of

HOURS = np.arange(8760)
DAY = np.arange(24)


def park(**changes) -> Draft:
    """Work and wind over a year, and a rule that half of the emissions must go."""
    found = Draft(hours=8760, **({"base_emissions": 4000.0} | changes))
    found.park = found.park.model_copy(update={"typical_days": 4})
    found.profile("wind", np.round(np.clip(0.5 + 0.5 * np.sin(HOURS // 24 * 2.4), 0, 1) ** 2, 3))
    found.profile("work", np.round(1 + 0.9 * np.sin(HOURS // 24 * 0.7), 3))
    found.demand("power", mwh=8760.0, profile="work")
    found.supply("grid", price=100.0, factor=0.5)
    found.converter("turbine", capital_cost=2.2e6, max_capacity=9.0, profile="wind")
    found.rule("net_ratio", "<=", 0.8)
    return found


def day(shape: list[float], **price: dict[int, float]) -> Draft:
    """One day of 24 hours of a shape in three years, with a battery and sun."""
    found = Draft(last=2028, base_emissions=1e4)
    found.profile("work", np.array(shape))
    found.profile("sun", np.repeat([0.0, 1.0, 0.0], 8))
    found.demand(profile="work")
    found.supply(factor=0.5, **({"price": 100.0} | price))
    found.converter("panels", capital_cost=3e5, lifetime=20, max_capacity=9.0, profile="sun")
    found.store(capital_cost=1e5, lifetime=20, full_power_hours=4.0, max_capacity=9.0)
    return found


def searched(found: Draft, a_day: int) -> tuple[Master, Years]:
    inputs = found.inputs()
    years = Years(inputs) if a_day == 24 else Years(inputs, make=by_segments(segments_of(inputs, a_day)))
    return Master(inputs, build_master(inputs), years), years


def cost_at(found: Draft, a_day: int, point: dict[str, float]) -> tuple[float, Years]:
    """What all years cost with these capacities."""
    master, years = searched(found, a_day)
    values = np.zeros(master.count)
    for y, year in years.years.items():
        for (kind, name), place in zip(year.links, master.links[y].tolist(), strict=True):
            values[place] = point.get(name, 0.0) if kind == "capacity" else 0.0
    with watched(Watch(None)):
        return sum(cut.cost for cut in years.cuts(master.points_of(values)).values()), years


def test_hours_that_are_alike_are_one_segment_and_no_segment_is_of_two_days() -> None:
    inputs = day([1.0] * 8 + [2.0] * 8 + [1.0] * 8).inputs()
    assert segments_of(inputs, 3).tolist() == [0] * 8 + [1] * 8 + [2] * 8
    assert len(set(segments_of(inputs, 8).tolist())) == 8
    assert segments_of(inputs, 24).tolist() == list(range(24))


@pytest.mark.parametrize("a_day", [3, 6, 12])
def test_segments_in_which_nothing_differs_cost_what_their_hours_cost(a_day) -> None:
    """The battery is charged at a constant rate while the sun shines, so what it holds is a line."""
    found, built = day([1.0] * 8 + [2.0] * 8 + [1.0] * 8), {"panels": 4.0, "battery": 8.0}
    least, full = cost_at(found, 24, built)
    joined, years = cost_at(found, a_day, built)
    assert joined == pytest.approx(least, rel=1e-9)
    assert len(years.years[2026].matrix.rows) < 0.6 * len(full.years[2026].matrix.rows)


def test_a_cut_of_the_hours_of_one_year_bounds_every_other_from_below() -> None:
    """Prices rise and fall from year to year: what a year saves by its lower prices is taken off."""
    found = day([1.0] * 8 + [2.0] * 8 + [1.0] * 8, price={2026: 100.0, 2027: 140.0, 2028: 60.0})
    master, years = searched(found, 8)
    rng, solved = np.random.default_rng(1), []
    with watched(Watch(None)):
        for _ in range(6):
            points = {y: rng.uniform(0, 6, len(own)) for y, own in master.links.items()}
            cuts = years.cuts(points)
            master.cuts.add(cuts)
            totals = {y: cut.hours.totals for y, cut in cuts.items()}
            solved.append((points, totals, {y: cut.hours.value for y, cut in cuts.items()}))
    count = 0
    for points, totals, value in solved:
        for y, pool in master.cuts._pool.items():
            here = value[y] + master.accounts.of[y].constant
            for own in (cut for cut in pool if cut is not None):
                count += 1
                assert own[0] + own[1] @ points[y] + own[2] @ totals[y] <= here + 1e-6 * abs(here)
    assert count == 6 * 6 * 3 * 3  # no pair of years is left out


def test_a_large_park_is_searched_on_segments_and_operated_on_full_days(monkeypatch) -> None:
    monkeypatch.setattr(strategy, "LARGE", 0)
    own = park()
    own.add(Reserve(carrier="electricity", operated=1))
    run = plan_park(own.case(), Options(method="decomposed", verify=False, segments=4))
    full = plan_park(own.case(), Options(method="decomposed", verify=False, segments=24))
    for name in (TARGET, LEAST_COST):
        plan, days = run.plans[name], run.plans[name].on_days
        assert days.bound <= days.cost and days.gap <= 1e-3
        assert plan.system_cost == pytest.approx(full.plans[name].system_cost, rel=6e-3)
        assert plan.system_cost >= full.plans[name].on_days.bound * (1 - 1e-9)
    assert run.target.outages and list(run.plans) == list(PLANS)


def test_what_is_short_on_full_days_is_served_with_the_same_whole_numbers_or_others(monkeypatch) -> None:
    """Two segments a day hide a peak of 3 MW that the connection of 2 MW cannot serve: on full days an engine is asked for."""
    monkeypatch.setattr(strategy, "LARGE", 0)
    own = Draft(hours=8760, base_emissions=1e5)
    own.park = own.park.model_copy(update={"typical_days": 4})
    own.profile("work", np.where(DAY == 18, 3.0, 1.0))
    own.demand(profile="work")
    own.supply(max_import=2.0)
    own.supply("gas", carrier="gas", price=300.0)
    own.converter("engine", {"electricity": 1.0, "gas": -2.0}, capital_cost=1e5, min_build=0.4, max_capacity=9.0)
    plans = [plan_park(own.case(), Options(method="decomposed", verify=False, compare=False, segments=n)).target for n in (2, 24)]
    built = [plan.tables["investments"]["build"].sum() for plan in plans]
    assert built[0] == pytest.approx(built[1], rel=1e-6) and built[1] > 0
    assert plans[0].on_days.cost < plans[0].system_cost == pytest.approx(plans[1].system_cost, rel=1e-6)


def test_a_quick_run_is_compared_with_nothing_and_says_so(monkeypatch) -> None:
    for large in (0, 10**9):
        monkeypatch.setattr(strategy, "LARGE", large)
        run = plan_park(park().case(), Options(quick=True))
        assert list(run.plans) == [TARGET] and run.warnings == (QUICK,)
        assert run.target.has_tables and not run.target.verified and run.target.on_days.count == 4
    for limits, status, warnings in (({}, "optimal", (QUICK_HOURS,)), ({"max_import": 0.5}, "infeasible", ())):
        one = Draft(hours=24)
        one.demand("power")
        one.supply("grid", **limits)
        run = plan_park(one.case(), Options(quick=True))
        assert (run.target.status, run.target.verified, run.warnings) == (status, status == "optimal", warnings)


def test_what_the_plan_orders_is_kept_to_its_end_where_that_takes_many_decisions(monkeypatch) -> None:
    own = park(last=2029)
    own.converter("boiler", fixed_cost=10.0, capital_cost=1e5, lifetime=20, partial_retirement=0, min_build=1.0, max_capacity=9.0)
    case = own.case()
    asked = {v: case.model_copy(update={"park": case.park.model_copy(
        update={"orders": case.park.orders.model_copy(update={"early_retirement": v})})}) for v in (None, True, False)}
    count = {v: len(capacity.resolve_capacity(c, range(2026, 2030)).retirements) for v, c in asked.items()}
    assert count[None] == count[True] > count[False]
    monkeypatch.setattr(capacity, "EARLY", 0)
    assert len(capacity.resolve_capacity(asked[None], range(2026, 2030)).retirements) == count[False]
