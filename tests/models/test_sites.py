"""Sites: an area that several technologies share."""

import pytest
from parks import Draft, standing


def roof(area: float) -> Draft:
    """1 MW to serve: dense at 400,000 a MW and 1 ha, cheap at 100,000 a MW and 2 ha."""
    park = Draft()
    park.demand()
    park.supply()
    park.site("roof", area)
    park.converter("dense", capital_cost=400_000.0, site="roof", area=1.0)
    park.converter("cheap", capital_cost=100_000.0, site="roof", area=2.0)
    return park


def test_technologies_share_the_area_of_a_site():
    plan = roof(1.5).solve()
    assert standing(plan, "dense")[2026] == pytest.approx(0.5) and standing(plan, "cheap")[2026] == pytest.approx(0.5)
    assert plan.system_cost == pytest.approx(250_000) and roof(2.0).cost() == pytest.approx(100_000)
    park = roof(1.0)
    assert park.inputs().capacity.build_max["cheap", 2026] == pytest.approx(0.5)


def test_existing_capacity_uses_area():
    # 0.5 MW of dense stand on half of the hectare. On the other half fit 0.25 MW of cheap, with 0.25 MW of grid beside
    # it (25,000 + 219,000), or 0.5 MW of dense (200,000).
    park = Draft()
    park.demand()
    park.supply()
    park.site("roof", 1.0)
    park.converter("dense", existing=0.5, capital_cost=400_000.0, site="roof", area=1.0)
    park.converter("cheap", capital_cost=100_000.0, site="roof", area=2.0)
    assert park.cost() == pytest.approx(200_000)
