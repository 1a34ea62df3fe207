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


def test_a_year_is_paid_at_its_start():
    assert two_years().cost() == pytest.approx(2 * YEAR) and two_years(rate=0.1).cost() == pytest.approx(YEAR * (1 + 1 / 1.1))


def test_the_horizon_bears_the_years_used_of_the_lifetime_at_rate_zero():
    # 1 MW lives 4 years, 2 are seen: half of 1,000,000.
    plan = two_years(capital_cost=1_000_000.0).solve()
    assert plan.system_cost == pytest.approx(500_000) and built(plan, "plant") == pytest.approx({2026: 1.0})


def test_the_horizon_bears_the_share_of_annuities_at_a_rate():
    # A(2) = 1.909091, A(4) = 3.486852 at 10 %.
    assert two_years(rate=0.1, capital_cost=1_000_000.0).cost() == pytest.approx(1e6 * 1.9090909 / 3.4868520, rel=1e-6)


def test_cash_is_the_full_capital_in_the_year_of_the_order():
    plan = two_years(capital_cost=1_000_000.0).solve()
    assert paid(plan, "capital") == pytest.approx(1_000_000)
    assert paid(plan, "capital", table="system_cost") == pytest.approx(500_000)


def test_a_lead_time_delays_the_use_and_shortens_what_is_seen():
    # Grid in 2026; ordered in 2026 it works in 2027, one of its 4 years: phi = 1/4.
    plan = two_years(lead_time=1).solve()
    assert plan.system_cost == pytest.approx(YEAR + 250_000) and built(plan, "plant") == pytest.approx({2026: 1.0})


def test_a_lead_time_at_a_rate_pays_in_the_year_of_the_order():
    # phi = A(1) / A(4); the order is not discounted, the use would be.
    assert two_years(rate=0.1, lead_time=1).cost() == pytest.approx(YEAR + 1e6 / 3.4868520, rel=1e-6)


def test_a_build_that_would_first_work_after_the_horizon_is_not_offered():
    park = two_years(lead_time=2, capital_cost=0.0)
    assert built(park.solve(), "plant") == {} and park.inputs().capacity.builds == ()


def test_a_short_life_is_bought_again_within_the_horizon():
    # Lifetime 1: 300,000 in each year, all of it seen.
    plan = two_years(capital_cost=300_000.0, lifetime=1).solve()
    assert plan.system_cost == pytest.approx(600_000) and built(plan, "plant") == pytest.approx({2026: 1.0, 2027: 1.0})
