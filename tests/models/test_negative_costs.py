"""Costs below 0: a premium for what runs, a payment for what stands, is ordered, or is ordered at all.

1 MW is used in every hour, and the grid costs 876,000 CNY a year.
"""

import pytest
from parks import FLAT, Draft, built, standing

from models.case import Committed

GRID = 876_000.0


def park(last: int = 2026, **plant) -> Draft:
    found = Draft(2026, last)
    found.demand()
    found.supply()
    if plant:
        found.converter("plant", **plant)
    return found


def test_a_premium_for_what_runs_is_taken_as_far_as_it_is_bounded():
    """20 CNY/MWh are paid for each of 8,760 MWh: the year earns 175,200. At a cost of 20 it costs as much."""
    for cost in (20.0, -20.0):
        plan = park(existing=1.0, variable_cost=cost).solve_twice()
        assert plan.system_cost == pytest.approx(cost * FLAT)
    # A boiler of 1 MW for 0.4 MW of heat: gas at 30, and 50 for each MWh of heat, which may be let out: all of it runs.
    found = park()
    found.demand("warmth", "heat", mwh=0.4 * FLAT)
    found.supply("gas", "gas", price=30.0)
    found.converter("boiler", {"gas": -1.0, "heat": 1.0}, existing=1.0, variable_cost=-50.0)
    assert found.solve_twice().system_cost == pytest.approx(GRID - 0.4 * 20 * FLAT)
    found.supply("chimney", "heat", price=None, max_export=2.0)
    assert found.solve_twice().system_cost == pytest.approx(GRID - 20 * FLAT)
    # No limit of its own: 1 MW is ordered, since no more than what is used can be made. 10,000 of capital, 5 CNY/MWh earned.
    plan = park(capital_cost=10_000.0, variable_cost=-5.0).solve_twice()
    assert built(plan, "plant") == pytest.approx({2026: 1.0}) and plan.system_cost == pytest.approx(10_000.0 - 5 * FLAT)


def test_premiums_of_stores_and_links():
    """A battery of 1 MWh and no losses goes up and down: 12 MWh a day at 10 CNY. A free line of 2 MW carries 1 MW at -3 each."""
    found = park()
    found.store(existing=1.0, variable_cost=-10.0)
    assert found.solve_twice().system_cost == pytest.approx(GRID - 10 * FLAT / 2)
    found = Draft()
    found.demand(zone="works")
    found.supply("far", zone="harbour")
    found.link("cable", "harbour", "works", existing=2.0, variable_cost=-3.0, both_ways=0)
    assert found.solve_twice().system_cost == pytest.approx(GRID - 3 * FLAT)


@pytest.mark.parametrize("other", [1.0, -50.0])
def test_a_premium_of_one_of_two_stores_that_share_power(other):
    """1 MW shared is ordered at 100,000; the battery of 1 MWh goes up and down each two hours at 50 a MWh, the packs cost nothing."""
    found = Draft()
    found.demand()
    found.supply(price=10.0)
    found.converter("inverter", {}, capital_cost=100_000.0, max_capacity=1.0)
    found.store("battery", existing=1.0, power_type="inverter", variable_cost=-50.0)
    found.store("packs", existing=1.0, power_type="inverter", variable_cost=other)
    assert found.solve_twice(1e-5).system_cost == pytest.approx(0.1 * GRID + 100_000 - 50 * FLAT / 2)


def test_a_carbon_price_of_imports_whose_factor_is_below_0():
    """Every second hour of the grid counts -0.5 t/MWh: at 100 CNY/t and 10 CNY/MWh a battery of 3 MWh buys 4 MW then."""
    found = Draft()
    found.demand()
    found.supply(price=10.0, factor=0.5, max_import=4.0, prices={"carbon": 100.0})
    found.by_the_hour("grid", found.profile("f", [-1.0, 1.0]))
    found.store(capital_cost=50_000.0, max_capacity=4.0)
    plan = found.solve_twice()
    assert built(plan, "battery") == pytest.approx({2026: 1.0}) and plan.system_cost == pytest.approx(50_000 - 40 * FLAT)


def test_a_payment_for_units_and_for_what_stands_is_taken():
    """50,000 are paid for each MW, 2 MW at most; 1 MW is used, free to run."""
    plan = park(capital_cost=-50_000.0, max_capacity=2.0).solve_twice()
    assert built(plan, "plant") == pytest.approx({2026: 2.0}) and plan.system_cost == pytest.approx(-100_000.0)
    # 10,000 a MW and year, up to 3 MW, for 1,000 of capital; what cannot grow needs no limit.
    plan = park(capital_cost=1000.0, fixed_cost=-10_000.0, max_capacity=3.0).solve_twice()
    assert built(plan, "plant") == pytest.approx({2026: 3.0}) and plan.system_cost == pytest.approx(-27_000.0)
    assert park(existing=2.0, fixed_cost=-10_000.0).solve_twice().system_cost == pytest.approx(-20_000.0)
    # 30,000 an order, at 10,000 a MW: of 1 MW at least each year; with units of 0.5 MW one of them. Never run at 500 CNY/MWh.
    owned = {"capital_cost": 10_000.0, "project_cost": -30_000.0, "max_capacity": 4.0, "variable_cost": 500.0}
    for size, expected in (({"min_build": 1.0}, -20_000.0), ({"unit_size": 0.5}, -25_000.0),
        ({"unit_size": 0.5, "min_build": 0.8}, -20_000.0)):
        plan = park(2027, **owned, **size).solve_twice()
        assert plan.system_cost == pytest.approx(2 * (GRID + expected))
    assert park(**(owned | {"project_cost": 30_000.0}), min_build=1.0).cost() == pytest.approx(GRID)
    # In all 3 years 1 MW runs at -200 CNY/MWh and is paid 40,000 a MW when ordered in 2026, for 3 years.
    plan = park(2028, capital_cost={2026: -40_000.0, 2027: 9e5}, lifetime=3, max_capacity=1.0, variable_cost=-200.0).solve_twice()
    assert plan.system_cost == pytest.approx(-40_000.0 - 3 * 200 * FLAT)


@pytest.mark.parametrize("pieces", [{}, {"partial_retirement": 0}, {"unit_size": 1.0, "partial_retirement": 0}])
def test_what_was_paid_for_is_not_retired_to_be_paid_for_again(pieces):
    """Of two years: 50,000 once for each of 2 MW, and 1,000 of fixed cost a MW and year. Retired in 2027 it could be ordered again,
    for 25,000 more a MW."""
    plan = park(2027, capital_cost=-50_000.0, max_capacity=2.0, lifetime=2, fixed_cost=1000.0, **pieces).solve_twice()
    assert built(plan, "plant") == pytest.approx({2026: 2.0}) and plan.tables["retirements"].empty
    assert plan.system_cost == pytest.approx(-100_000.0 + 4 * 1000.0)


def test_a_signed_order_that_earned_is_not_retired_either():
    """2 MW signed for 2026, never run at 500 CNY/MWh: they stay in 2027, with a fixed cost of 1,000."""
    found = park(2027, capital_cost=-50_000.0, max_capacity=2.0, lifetime=2, fixed_cost=1000.0, variable_cost=500.0)
    found.add(Committed(technology="plant", year=2026, build=2.0))
    plan = found.solve_twice()
    assert standing(plan, "plant") == pytest.approx({2026: 2.0, 2027: 2.0})
    assert plan.system_cost == pytest.approx(2 * GRID - 100_000.0 + 4 * 1000.0)


def test_it_counts_nothing_in_the_budget():
    """No capital may be spent: what earns is ordered, and what costs 10,000 cannot be had for what it earns."""
    found = park(capital_cost=-50_000.0, max_capacity=2.0, variable_cost=500.0)
    found.converter("other", capital_cost=10_000.0)
    assert found.solve_twice().system_cost == pytest.approx(-100_000.0 + 10_000.0)
    found.budget(2026, 0.0)
    plan = found.solve_twice()
    assert built(plan, "other") == {} and plan.system_cost == pytest.approx(GRID - 100_000.0)
    found.rows["budget"].clear()
    found.budget(2026, 10_000.0)
    assert found.solve_twice().system_cost == pytest.approx(-100_000.0 + 10_000.0)
