"""Builds of whole units, of a least size, with a cost per project; grants."""

import pytest
from parks import Draft, built

YEAR = 876_000.0


def plant(**fields) -> Draft:
    park = Draft()
    park.demand()
    park.supply()
    park.converter("plant", **fields)
    return park


def test_builds_come_in_whole_units_or_no_less_than_min_build():
    assert plant(capital_cost=400_000.0, unit_size=0.4).cost() == pytest.approx(3 * 160_000)
    assert plant(capital_cost=450_000.0, unit_size=0.4).cost() == pytest.approx(2 * 180_000 + 175_200)
    assert plant(capital_cost=450_000.0).cost() == pytest.approx(450_000)
    plan = plant(capital_cost=1000.0, unit_size=0.4, max_build=0.9).solve()
    assert built(plan, "plant") == pytest.approx({2026: 0.8})
    assert plant(capital_cost=400_000.0, min_build=2.0, max_capacity=5.0).cost() == pytest.approx(800_000)
    assert plant(capital_cost=500_000.0, min_build=2.0, max_capacity=5.0).cost() == pytest.approx(YEAR)
    assert plant(capital_cost=500_000.0, max_capacity=5.0).cost() == pytest.approx(500_000)


def test_a_project_cost_is_paid_once_and_a_grant_pays_its_share():
    assert plant(capital_cost=300_000.0, project_cost=100_000.0, max_capacity=5.0).cost() == pytest.approx(400_000)
    assert plant(capital_cost=300_000.0, project_cost=600_000.0, max_capacity=5.0).cost() == pytest.approx(YEAR)
    granted = plant(capital_cost=300_000.0, project_cost=100_000.0, grant=0.25, max_capacity=5.0)
    assert granted.cost() == pytest.approx(0.75 * 400_000)


@pytest.mark.slow
@pytest.mark.parametrize(("short", "most"), [(1e-4, 1e3), (5e-4, 1e3), (1e-4, 1e4), (1e-5, 1e4), (1e-3, 1e6)])
def test_a_millionth_of_a_yes_is_no_order(short, most):
    """0.01 to 1 kW are short of 10 MW: 0.5 MW is the least order. An integer of 1e-7 or 5e-7 allows as much of 1,000 MW, one of
    1e-8 or 1e-9, which HiGHS takes for 0, of 10,000 MW or more."""
    park = Draft()
    park.demand(mwh=10 * 8760.0)
    park.supply(price=10.0, max_import=10.0 - short)
    park.supply("diesel", "oil", price=10.0, factor=0.0)
    park.converter("genset", {"electricity": 1.0, "oil": -1.0}, capital_cost=1.0, project_cost=1e6, max_capacity=most,
        min_build=0.5)
    plan = park.solve_twice()
    assert built(plan, "genset") == pytest.approx({2026: 0.5}) and plan.system_cost == pytest.approx(1e6 + 0.5 + 10 * 10 * 8760)


def test_a_project_cost_gathers_builds_in_one_year():
    # Demand grows from 1 to 2 MW; 50,000 a MW and 100,000 a project, lifetime 2, horizon 2.
    # One order: 2 MW, 100,000 + 100,000. Two orders, each of which serves a year more than it is seen: 50,000 +
    # 100,000, and half of (50,000 + 100,000) in 2027: 225,000.
    park = Draft(2026, 2027)
    park.demand(mwh={2026: 8760.0, 2027: 17520.0})
    park.supply()
    park.converter("plant", capital_cost=50_000.0, project_cost=100_000.0, lifetime=2, max_capacity=5.0)
    plan = park.solve()
    assert plan.system_cost == pytest.approx(200_000) and built(plan, "plant") == pytest.approx({2026: 2.0})
