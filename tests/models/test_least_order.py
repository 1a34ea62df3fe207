"""No order is smaller than 1 kW where the gap leaves room for it: 1.0004 MW are needed in 2027, 1 MW stands."""

import pytest
from parks import Draft, built, standing

from planner.planning.run import Options, plan_park


def park(**plant) -> Draft:
    found = Draft(2026, 2028)
    found.demand("heat", "heat", mwh={2026: 8760.0, 2027: 1.0004 * 8760, 2028: 8760.0})
    found.supply("fuel", "fuel", price=10.0)
    found.supply("neighbour", "heat", price=1e4)
    found.converter("boiler", {"heat": 1.0, "fuel": -1.0}, **{"existing": 1.0, "capital_cost": 1000.0, "lifetime": 3} | plant)
    return found


def orders(draft: Draft, method: str = "whole", gap: float = 1e-3):
    plan = plan_park(draft.case(), Options(gap=gap, method=method, compare=False)).target
    assert plan.status == "optimal"
    return plan


def test_an_order_of_next_to_nothing_becomes_a_least_order_where_the_gap_has_room():
    plan = orders(park(until_year=2027, first_year=2027))
    assert built(plan, "boiler") == pytest.approx({2027: 0.001}, rel=1e-9)
    assert standing(plan, "boiler") == pytest.approx({2026: 1.0, 2027: 1.001, 2028: 1.001}, rel=1e-9)
    # It may end at any order within its gap.
    plan = orders(park(until_year=2027, first_year=2027), "decomposed", gap=2e-5)
    assert built(plan, "boiler")[2027] >= 0.001 * (1 - 1e-9)
    assert built(orders(park(first_year=2027), gap=1e-12), "boiler") == pytest.approx({2027: 0.0004})


@pytest.mark.parametrize("limit", [{"max_capacity": 1.0005}, {"max_build": 0.0005}])
def test_not_where_a_limit_is_in_the_way(limit):
    assert max(built(orders(park(first_year=2027, until_year=2027, **limit)), "boiler").values()) < 0.001


@pytest.mark.parametrize("method", ["whole", "decomposed"])
@pytest.mark.parametrize("plant", [{"max_growth": 0.0, "growth_base": 0.0006}, {"min_hours": 8757.0}, {"embodied": 100.0}])
def test_not_where_something_else_hangs_on_the_size(plant, method):
    """How much it may grow, what it must run at least, what is embodied in it."""
    draft = park(first_year=2027, until_year=2027, **plant)
    draft.park = draft.park.model_copy(update={"count_embodied": "embodied" in plant})
    order = built(orders(draft, method), "boiler")[2027]
    assert order == pytest.approx(0.0004, rel=0.2) or (method == "decomposed" and order >= 0.0004)


@pytest.mark.parametrize("method", ["whole", "decomposed"])
@pytest.mark.parametrize("level", ["min_level", "initial_level"])
def test_not_where_a_store_keeps_a_share_of_its_size(level, method):
    """20 W for 12 dear hours."""
    draft = Draft(2026)
    draft.supply()
    draft.tariff(3.0, hours="0-11")
    draft.demand(mwh=8760 * 0.00002)
    draft.store(capital_cost=1.0, lifetime=9, full_power_hours=1.0, max_capacity=5.0, **{level: 0.5})
    order = built(orders(draft, method), "battery")[2026]
    assert 0.00047 < order < 0.001


def test_among_plans_of_equal_cost_the_one_with_the_fewest_orders_is_reported():
    """2 MW from 2026 on for three years, at the same price in one order or two."""
    draft = Draft(2026, 2028)
    draft.demand("heat", "heat", mwh=8760.0)
    draft.supply("fuel", "fuel", price=0.0)
    draft.converter("boiler", {"heat": 1.0, "fuel": -1.0}, capital_cost=1000.0, lifetime=3, min_build=0.2, max_capacity=5.0)
    draft.converter("other", {"heat": 1.0, "fuel": -1.0}, capital_cost=1000.0, lifetime=3, min_build=0.2, max_capacity=5.0)
    plan = orders(draft, gap=1e-9)
    assert len(plan.tables["investments"]) == 1
