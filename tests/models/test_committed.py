"""committed.csv: orders that are signed stand in every plan, are paid once, and no limit on orders holds for them.

1 MW is needed, from the grid at 876,000 CNY a year unless the plant makes it.
"""

import pytest
from parks import Draft, paid, planned, signed, standing

from planner.planning.run import Options, plan_park


def park(first: int = 2026, last: int = 2028, **plant) -> Draft:
    """A plant that nobody would order: a million a MW, four years of life, 300 CNY/MWh to run."""
    found = Draft(first, last)
    found.demand()
    found.supply()
    found.converter("plant", **{"capital_cost": 1e6, "lifetime": 4, "variable_cost": 300.0} | plant)
    return found


def orders(plan) -> list[tuple]:
    own = plan.tables["investments"]
    return [(r.year, r.build, r.capital_cost, r.works_from, r.works_until, r.committed) for r in own.itertuples()]


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_a_signed_order_stands_and_is_paid_with_its_share_of_the_horizon(method):
    """3 of its 4 years lie within the horizon: 0.75 million; in cash a million."""
    plan = planned(signed(park()), method)
    assert standing(plan, "plant") == pytest.approx({2026: 1.0, 2027: 1.0, 2028: 1.0})
    assert orders(plan) == [(2026, 1.0, 1e6, 2026, 2029, 1)] and plan.system_cost == pytest.approx(3 * 876_000 + 750_000)
    assert paid(plan, "capital") == pytest.approx(1e6)


def test_it_stands_in_every_plan_and_beside_what_is_ordered_besides():
    """At 0 CNY/MWh 2 MW are of use: 0.5 MW are signed at a price of their own, and 1.5 MW ordered in the same year."""
    found = signed(park(variable_cost=0.0, capital_cost=1000.0, reference=1), build=0.5, capital_cost=10_000.0)
    found.rows["demand"].clear()
    found.demand(mwh=2 * 8760)
    run = plan_park(found.case(), Options(gap=1e-9))
    for name in ("target", "least-cost", "reference"):
        plan = run.plans[name]
        assert plan.system_cost == pytest.approx(0.75 * (5000 + 1500))
        assert sorted(orders(plan)) == [(2026, 0.5, 5000.0, 2026, 2029, 1), (2026, 1.5, 1500.0, 2026, 2029, 0)]
    assert paid(run.target, "capital") == pytest.approx(6500)
    (usual,) = (plan for name, plan in run.plans.items() if name not in ("target", "least-cost", "reference"))
    assert orders(usual) == [(2026, 0.5, 5000.0, 2026, 2029, 1)]


def test_a_signed_order_is_free_of_limits_takes_up_room_and_is_none_of_the_base_year():
    """Not offered, of 2 MW units and at least 4, at most 0.1 a year, with a project cost and a grant: it stands all the same."""
    limits = {"min_build": 4.0, "max_build": 0.0, "unit_size": 2.0, "until_year": 2020, "project_cost": 7e5, "grant": 0.5}
    plan = planned(signed(park(**limits), build=0.3))
    assert plan.system_cost == pytest.approx(3 * 876_000 + 0.3 * 750_000)
    # Both halves of 2 MW or 2 ha are taken: of what would pay no more than 1 MW is ordered.
    for limit in ({"max_capacity": 2.0}, {"site": "yard", "area": 1.0}):
        found = signed(park(variable_cost=0.0, capital_cost=1000.0, **limit))
        found.site("yard", 2.0)
        found.rows["demand"].clear()
        found.demand(mwh=3 * 8760)
        assert planned(found).system_cost == pytest.approx(2 * 750 + 3 * 876_000)
    found = signed(park(variable_cost=0.0), year=2024)
    found.rows["emission_factors"].clear()
    found.park = found.park.model_copy(update={"base_emissions": None})
    found.add(*[f.model_copy(update={"value": 0.5}) for f in park().rows["emission_factors"]])
    assert plan_park(found.case(), Options(gap=1e-9, compare=False)).base == pytest.approx(4380)
    # Ordered in 2024, a year of lead time: it works from 2025 to 2028 of a horizon from 2026 to 2029.
    found = signed(park(last=2029, lead_time=1, variable_cost=0.0, max_build=0.0), year=2024)
    plan = planned(found)
    assert standing(plan, "plant") == pytest.approx({2026: 1.0, 2027: 1.0, 2028: 1.0})
    assert orders(plan) == [(2024, 1.0, 0.0, 2025, 2028, 1)] and plan.system_cost == pytest.approx(876_000)
    plan = planned(park())
    assert orders(plan) == [] and plan.system_cost == pytest.approx(3 * 876_000)


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_it_takes_up_the_budget_of_its_year(method):
    """Of 5000 CNY it takes 1000: 4 more MW are ordered."""
    found = signed(park(variable_cost=0.0, capital_cost=1000.0))
    found.rows["demand"].clear()
    found.demand(mwh=9 * 8760)
    for year, capital in ((2026, 5000.0), (2027, 0.0), (2028, 0.0)):
        found.budget(year, capital)
    plan = planned(found, method)
    assert standing(plan, "plant") == pytest.approx({2026: 5.0, 2027: 5.0, 2028: 5.0})
    assert plan.system_cost == pytest.approx(5 * 750 + 3 * 4 * 876_000)


@pytest.mark.parametrize("kind", [{}, {"unit_size": 1.0}], ids=["any size", "units"])
def test_it_is_retired_as_other_orders_are(kind):
    """150,000 a year each MW. Signed for 2026 it stays that year, and gives up the fourth of its four years; of 2025, when nothing
    is paid, it may go at once. At 100,000 a year that fourth year is worth more than two years of fixed cost."""
    late = planned(signed(park(fixed_cost=150_000.0, **kind)))
    assert late.system_cost == pytest.approx(3 * 876_000 + 750_000 + 150_000 + 250_000)
    stays = planned(signed(park(fixed_cost=100_000.0, **kind)))
    assert stays.system_cost == pytest.approx(3 * 876_000 + 750_000 + 300_000)
    early = planned(signed(park(fixed_cost=100_000.0, **kind), year=2025))
    assert early.system_cost == pytest.approx(3 * 876_000)
    own = early.tables["retirements"]
    assert [(r.year, r.ordered, r.retired) for r in own.itertuples()] == [(2026, 2025, 1.0)]


@pytest.mark.slow
def test_on_typical_days_and_in_every_hour_it_stands_as_well():
    found = Draft(2026, 2027, hours=8760)
    found.demand()
    found.supply()
    found.converter("plant", capital_cost=1e6, lifetime=2, variable_cost=50.0)
    signed(found, build=0.5)
    plan = plan_park(found.case(), Options(gap=1e-9, days=1, method="decomposed", compare=False)).target
    assert plan.verified and plan.system_cost == pytest.approx(500_000 + 2 * (876_000 - 4380 * 50), rel=1e-4)
