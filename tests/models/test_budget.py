"""The budget: cash that may be spent on capital in a year."""

import pytest
from parks import Draft, adopted, built

from planner.plan import PLANS

YEAR = 876_000.0


def plant(**fields) -> Draft:
    """500,000 a MW, lifetime 2, two years: all of an order of 2026 is seen, half of one of 2027."""
    park = Draft(2026, 2027)
    park.demand()
    park.supply()
    park.converter("plant", **{"capital_cost": 500_000.0, "lifetime": 2} | fields)
    return park


def test_a_budget_delays_what_it_cannot_pay():
    # 200,000 buy 0.4 MW; the rest follows in 2027, a year of 0.6 MW from the grid between.
    park = plant()
    assert park.cost() == pytest.approx(500_000)
    park.budget(2026, 200_000.0)
    plan = park.solve()
    assert built(plan, "plant") == pytest.approx({2026: 0.4, 2027: 0.6})
    assert plan.system_cost == pytest.approx(200_000 + 0.6 * YEAR + 0.6 * 250_000)


def test_a_budget_limits_cash_less_grants_in_the_years_that_have_a_row():
    park = plant()
    park.budget(2026, 0.0)
    park.budget(2027, 100_000.0)
    plan = park.solve()
    assert built(plan, "plant") == pytest.approx({2027: 0.2})
    assert plan.system_cost == pytest.approx(YEAR + 0.8 * YEAR + 0.2 * 250_000)
    park = plant(grant=0.5)
    park.budget(2026, 200_000.0)
    assert built(park.solve(), "plant")[2026] == pytest.approx(0.8)
    park = plant()
    park.budget(2027, 0.0)
    assert built(park.solve(), "plant") == pytest.approx({2026: 1.0})


def test_measures_and_planting_draw_on_the_budget():
    # 40,000 for either a measure (saves 87,600 a year) or nothing; with 30,000 the measure is out of reach.
    def park(capital: float) -> Draft:
        found = Draft()
        found.demand()
        found.supply()
        found.measure("lights", {"power": 0.1}, capital_cost=40_000.0)
        found.restoration("wood", {0: 1.0}, capital_cost=1000.0)
        found.budget(2026, capital)
        return found
    assert adopted(park(40_000.0).solve()) == [(2026, "lights")] and adopted(park(30_000.0).solve()) == []


def test_a_budget_of_a_year_in_which_nothing_costs_anything_holds():
    # The one thing to adopt is free of capital: the budget has nothing to bound.
    park = Draft()
    park.demand()
    park.supply()
    park.measure("habit", {"power": 0.1})
    park.budget(2026, 10.0)
    assert park.cost() == pytest.approx(0.9 * YEAR)


def test_a_budget_binds_the_other_plans_too():
    park = plant(reference=1)
    park.budget(2026, 0.0)
    park.budget(2027, 0.0)
    run = park.run()
    assert [plan.system_cost for plan in run.plans.values()] == pytest.approx([2 * YEAR] * len(PLANS))
