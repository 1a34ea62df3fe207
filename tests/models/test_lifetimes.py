"""A lifetime with a fraction: whole years of work, and the fraction in the share of the capital that the horizon bears.

A(2.5) is 2.5 at a rate of 0, and 1 + 1/1.25 + 0.5/1.25^2 = 2.12 at one of 25 %.
"""

import pytest
from parks import Draft, standing

from models.inputs.finance import annuity, horizon_share, whole_years
from planner.planning.run import Options, plan_park


def test_of_a_life_with_a_fraction_the_last_year_counts_in_part():
    assert annuity(0.0, 2.5) == pytest.approx(2.5) and annuity(0.25, 2.5) == pytest.approx(2.12)
    assert annuity(0.25, 2.0) == pytest.approx(1.8)
    # Of 2.5 years two lie within 2026 and 2027, and all of them where there is room for the rest.
    assert horizon_share(0.0, 2.5, 2026, 2027) == pytest.approx(0.8)
    assert horizon_share(0.25, 2.5, 2026, 2027) == pytest.approx(1.8 / 2.12)
    assert horizon_share(0.25, 2.5, 2026, 2028) == pytest.approx(1.0) and horizon_share(0.25, 2.0, 2026, 2027) == pytest.approx(1.0)
    assert whole_years(36.0 / 12 - 1e-12) == 3


def plant(lifetime: float, method: str):
    """1 MW for 100,000 a MW in 2026 alone, instead of 876,000 a year from the grid; discounted at 25 %."""
    park = Draft(2026, 2028, discount_rate=0.25)
    park.demand()
    park.supply()
    park.converter("plant", capital_cost=100_000.0, lifetime=lifetime, until_year=2026)
    return plan_park(park.case(), Options(gap=1e-9, method=method, compare=False)).target


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_an_order_works_the_whole_years_of_its_life(method):
    for lifetime in (2.0, 2.5):  # the half year lies within the horizon: all is paid
        plan = plant(lifetime, method)
        assert standing(plan, "plant") == pytest.approx({2026: 1.0, 2027: 1.0}, rel=1e-5)
        assert plan.system_cost == pytest.approx(100_000 + 876_000 / 1.25**2)
        assert plan.tables["investments"]["works_until"].tolist() == [2027]
    plan = plant(3.5, method)
    assert plan.system_cost == pytest.approx(100_000 * 2.44 / (2.44 + 0.5 / 1.25**3))


def test_measures_and_planted_land_too():
    """A measure that saves all for 1.5 years of a horizon of one: two thirds of 300,000; 87.6 t of a kiln on 8.76 ha."""
    park = Draft()
    park.demand()
    park.supply()
    park.measure("led", {"power": 1.0}, 300_000.0, lifetime=1.5)
    park.process("kiln", 87.6)
    park.restoration("wood", {0: 10.0}, capital_cost=1000.0, lifetime=2.5)
    park.rule("net_ratio", "<=", 0.0)
    assert park.cost() == pytest.approx(200_000 + 8760 * 0.4)
