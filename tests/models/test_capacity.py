"""What may be ordered when, how much may stand, and what owning it costs."""

import pytest
from parks import Draft, built, standing

from models.case import Cost

YEAR = 876_000.0


def plant(last: int = 2026, **fields) -> Draft:
    """1 MW of demand, a grid at 876,000 a MW and year, a plant at 300,000 a MW that lives a year."""
    park = Draft(2026, last)
    park.demand()
    park.supply()
    park.converter("plant", **{"capital_cost": 300_000.0} | fields)
    return park


def test_what_is_built_keeps_to_demand_capacity_and_orders_of_a_year():
    assert plant().cost() == pytest.approx(300_000) and plant(max_capacity=0.4).cost() == pytest.approx(0.4 * 300_000 + 0.6 * YEAR)
    plan = plant(max_capacity=0.4, existing=0.3).solve()
    assert built(plan, "plant") == pytest.approx({2026: 0.1}) and plan.system_cost == pytest.approx(0.1 * 300_000 + 0.6 * YEAR)
    plan = plant(2027, max_build=0.4, lifetime=2).solve()
    assert standing(plan, "plant") == pytest.approx({2026: 0.4, 2027: 0.8})
    assert plan.system_cost == pytest.approx(0.4 * 300_000 * 1.5 + (0.6 + 0.2) * YEAR)


def test_orders_and_what_exists_keep_to_their_years():
    plan = plant(2028, first_year=2027, until_year=2027).solve()
    assert built(plan, "plant") == pytest.approx({2027: 1.0}) and plan.system_cost == pytest.approx(300_000 + 2 * YEAR)
    park = plant(2027, existing=1.0, existing_until=2026, max_build=0.0)
    assert park.cost() == pytest.approx(YEAR) and plant(2027, existing=1.0, max_build=0.0).cost() == pytest.approx(0.0)
    park = Draft()
    park.demand()
    park.supply()
    park.converter("old", existing=0.25)
    assert park.cost() == pytest.approx(0.75 * YEAR) and park.inputs().capacity.builds == ()


def test_costs_are_of_the_year_of_the_order_or_of_payment():
    assert plant(2028, capital_cost={2026: 500_000.0, 2028: 100_000.0}).cost() == pytest.approx(900_000)
    park = plant(2027, lifetime=2, fixed_cost={2026: 1000.0, 2027: 3000.0})
    assert park.cost() == pytest.approx(300_000 + 4000)
    park = plant(2027, lifetime=2, max_build=1.0, capital_cost={2026: 300_000.0, 2027: 200_000.0}, until_year=2026)
    park.add(Cost(type="plant", parameter="fixed_cost", value=2.0, unit="%/year"))
    # 2 % of 300,000 in 2026 and of 200,000 in 2027.
    assert park.cost() == pytest.approx(300_000 + 6000 + 4000)
    assert plant(variable_cost=10.0).cost() == pytest.approx(300_000 + 87_600)
