"""Money over time: discounting, the share of a life that the horizon bears, lead time."""

import pytest
from parks import Draft, built, paid

YEAR = 876_000.0


def two_years(rate: float = 0.0, **plant) -> Draft:
    park = Draft(2026, 2027, discount_rate=rate)
    park.demand()
    park.supply()
    if plant:
        park.converter("plant", **{"capital_cost": 1_000_000.0, "lifetime": 4} | plant)
    return park


def test_the_horizon_bears_its_share_of_a_lifetime_and_cash_is_in_the_year_of_the_order():
    assert two_years().cost() == pytest.approx(2 * YEAR) and two_years(rate=0.1).cost() == pytest.approx(YEAR * (1 + 1 / 1.1))
    plan = two_years(capital_cost=1_000_000.0).solve()
    assert plan.system_cost == pytest.approx(500_000) and built(plan, "plant") == pytest.approx({2026: 1.0})
    assert two_years(rate=0.1, capital_cost=1_000_000.0).cost() == pytest.approx(1e6 * 1.9090909 / 3.4868520, rel=1e-6)
    assert paid(plan, "capital") == pytest.approx(1_000_000)
    assert paid(plan, "capital", table="system_cost") == pytest.approx(500_000)


def test_a_lead_time_delays_the_use_and_a_short_life_is_bought_again():
    plan = two_years(lead_time=1).solve()
    assert plan.system_cost == pytest.approx(YEAR + 250_000) and built(plan, "plant") == pytest.approx({2026: 1.0})
    assert two_years(rate=0.1, lead_time=1).cost() == pytest.approx(YEAR + 1e6 / 3.4868520, rel=1e-6)
    park = two_years(lead_time=2, capital_cost=0.0)
    assert built(park.solve(), "plant") == {} and park.inputs().capacity.builds == ()
    plan = two_years(capital_cost=300_000.0, lifetime=1).solve()
    assert plan.system_cost == pytest.approx(600_000) and built(plan, "plant") == pytest.approx({2026: 1.0, 2027: 1.0})
