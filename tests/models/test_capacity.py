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


def test_a_cheaper_plant_is_built_to_the_demand():
    assert plant().cost() == pytest.approx(300_000)


def test_no_more_stands_than_max_capacity():
    assert plant(max_capacity=0.4).cost() == pytest.approx(0.4 * 300_000 + 0.6 * YEAR)


def test_existing_counts_in_max_capacity():
    # 0.3 MW stand, 0.1 MW may be added.
    plan = plant(max_capacity=0.4, existing=0.3).solve()
    assert built(plan, "plant") == pytest.approx({2026: 0.1}) and plan.system_cost == pytest.approx(0.1 * 300_000 + 0.6 * YEAR)


def test_no_more_is_ordered_in_a_year_than_max_build():
    # Lifetime 2 and 0.4 MW a year: 0.4 MW in 2026, 0.8 MW in 2027, of whose second order half is seen.
    plan = plant(2027, max_build=0.4, lifetime=2).solve()
    assert standing(plan, "plant") == pytest.approx({2026: 0.4, 2027: 0.8})
    assert plan.system_cost == pytest.approx(0.4 * 300_000 * 1.5 + (0.6 + 0.2) * YEAR)


def test_orders_keep_to_the_years_of_the_technology():
    plan = plant(2028, first_year=2027, until_year=2027).solve()
    assert built(plan, "plant") == pytest.approx({2027: 1.0}) and plan.system_cost == pytest.approx(300_000 + 2 * YEAR)


def test_existing_capacity_works_until_its_last_year():
    park = plant(2027, existing=1.0, existing_until=2026, max_build=0.0)
    assert park.cost() == pytest.approx(YEAR) and plant(2027, existing=1.0, max_build=0.0).cost() == pytest.approx(0.0)


def test_a_build_costs_what_it_costs_in_the_year_of_its_order():
    # 500,000 in 2026, 100,000 in 2028: 300,000 in 2027 by interpolation.
    assert plant(2028, capital_cost={2026: 500_000.0, 2028: 100_000.0}).cost() == pytest.approx(900_000)


def test_fixed_cost_is_of_the_year_in_which_it_is_paid():
    park = plant(2027, lifetime=2, fixed_cost={2026: 1000.0, 2027: 3000.0})
    assert park.cost() == pytest.approx(300_000 + 4000)


def test_fixed_cost_in_percent_is_of_the_capital_cost_of_its_own_year():
    park = plant(2027, lifetime=2, max_build=1.0, capital_cost={2026: 300_000.0, 2027: 200_000.0}, until_year=2026)
    park.add(Cost(type="plant", parameter="fixed_cost", value=2.0, unit="%/year"))
    # 2 % of 300,000 in 2026 and of 200,000 in 2027.
    assert park.cost() == pytest.approx(300_000 + 6000 + 4000)


def test_variable_cost_is_of_activity():
    assert plant(variable_cost=10.0).cost() == pytest.approx(300_000 + 87_600)


def test_what_has_no_cost_can_only_exist():
    park = Draft()
    park.demand()
    park.supply()
    park.converter("old", existing=0.25)
    assert park.cost() == pytest.approx(0.75 * YEAR) and park.inputs().capacity.builds == ()
