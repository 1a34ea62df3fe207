"""Seasonal stores on typical days: energy carried over the calendar, bounds exact."""

import numpy as np
import pytest
from parks import Draft, energy, typical_days

from models.park import build_park
from planner.solve.handover.matrix import compile_model
from planner.solve.handover.solver import Solver
from planner.solve.whole.whole import Limits, solve_whole

WINTER, SUMMER = 182, 183
SEASONS = [0] * WINTER + [1] * SUMMER


def pit(capacity: float, **fields) -> Draft:
    """Heat of 1 MW in winter only (4368 MWh), 100 CNY/MWh from outside; 1 MW of sun in summer only."""
    park = Draft(hours=8760)
    park.profile("cold", [1.0])
    park.profile("sun", [1.0])
    park.demand("warmth", "heat", WINTER * 24.0, profile="cold")
    park.supply("steam", "heat", price=100.0)
    park.converter("collector", {"heat": 1.0}, existing=1.0, profile="sun")
    park.store("pit", "heat", existing=capacity, **fields)
    return park


def cost(park: Draft) -> float:
    plan = park.solve_on_days(SEASONS, cold=[1.0] * 24 + [0.0] * 24, sun=[0.0] * 24 + [1.0] * 24)
    return plan.system_cost


def test_a_seasonal_store_earns_from_summer_to_winter_within_its_capacity_and_power():
    assert cost(pit(5000.0, seasonal=1)) == pytest.approx(0, abs=1e-3) and cost(pit(5000.0)) == pytest.approx(4368 * 100)
    assert cost(pit(1000.0, seasonal=1)) == pytest.approx(3368 * 100)
    assert cost(pit(1000.0, seasonal=1, charge_efficiency=0.5, discharge_efficiency=0.8)) == pytest.approx(3568 * 100)
    park = pit(1000.0, seasonal=1, full_power_hours=5000.0)
    assert cost(park) == pytest.approx((4368 - 182 * 24 * 0.2) * 100)


def test_in_hourly_mode_every_store_is_one_chain():
    # Four days, the first two winter: 24 MWh a day from summer, weight 8760 / 96.
    def park(seasonal: int) -> Draft:
        found = Draft(hours=96)
        found.profile("cold", [1.0] * 48 + [0.0] * 48)
        found.profile("sun", [0.0] * 48 + [1.0] * 48)
        found.demand("warmth", "heat", 4380.0, profile="cold")
        found.supply("steam", "heat", price=100.0)
        found.converter("collector", {"heat": 1.0}, existing=1.0, profile="sun")
        found.store("pit", "heat", existing=48.0, seasonal=seasonal)
        return found
    assert park(0).cost() == pytest.approx(0, abs=1e-3) and park(1).cost() == pytest.approx(0, abs=1e-3)


def test_its_bounds_hold_when_the_calendar_is_unrolled_day_by_day():
    rng = np.random.default_rng(7)
    of_day = rng.integers(0, 4, 365)
    sun = np.clip(np.sin((np.arange(96) % 24 - 6) / 12 * np.pi), 0, 1) * np.repeat([0.1, 0.4, 0.8, 1.0], 24)
    cold = np.repeat([2.0, 1.0, 0.5, 0.1], 24) * (1 + rng.random(96))
    loss, into, out, capacity = 0.002, 0.9, 0.95, 60.0
    park = Draft(hours=8760)
    park.profile("cold", [1.0])
    park.profile("sun", [1.0])
    park.demand("warmth", "heat", 8760.0, profile="cold")
    park.supply("steam", "heat", price=100.0)
    park.converter("collector", {"heat": 1.0}, existing=6.0, profile="sun")
    park.store("pit", "heat", existing=capacity, seasonal=1, standing_loss=loss, charge_efficiency=into, discharge_efficiency=out,
        full_power_hours=10.0)
    inputs = park.inputs(typical_days(of_day, cold=cold, sun=sun))
    model = build_park(inputs)
    matrix = compile_model(model)
    matrix.load(solve_whole(Solver(matrix), Limits()).values)
    year = model.year[2026]
    begun = held = year.at_start["pit", 0].value
    seen = []
    for j in of_day.tolist():
        for t in range(24 * j, 24 * j + 24):
            gained = into * year.charge["pit", t].value - year.discharge["pit", t].value / out
            held = (1 - loss) * held + gained
            seen.append(held)
    assert held == pytest.approx(begun, abs=1e-5) and min(seen) >= -1e-5 and max(seen) <= capacity + 1e-5
    # And they are no tighter than they must be: both are reached.
    assert min(seen) == pytest.approx(0, abs=1e-5) and max(seen) == pytest.approx(capacity, abs=1e-5)


def test_each_calendar_day_repeats_its_typical_day_on_what_it_began_with():
    # Winter, summer, winter, summer ... 182 times, and one summer day more. Each winter day takes d, each summer day
    # gives 182/183 d, so the pit sinks by d/183 a pair until the last summer day fills it again. The 182nd winter day
    # begins 181/183 d below the first and still takes d: d (1 + 181/183) <= 24 MWh.
    park = pit(24.0, seasonal=1)
    days = [i % 2 for i in range(364)] + [1]
    plan = park.solve_on_days(days, cold=[1.0] * 24 + [0.0] * 24, sun=[0.0] * 24 + [1.0] * 24)
    assert energy(plan, "discharge", "pit") == pytest.approx(182 * 24 * 183 / 364)
