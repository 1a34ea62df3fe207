"""limits.csv: what may stand, must stand, may be ordered and still stands, by year.

1 MW is needed, from the grid at 876,000 CNY a year unless the plant makes it at 300,000 a MW that lives a year.
"""

import pytest
from parks import Draft, built, planned, standing

from models.case import Limit
from planner.planning.run import Options, plan_park

YEAR = 876_000.0


def plant(last: int = 2029, **fields) -> Draft:
    park = Draft(2026, last)
    park.demand()
    park.supply()
    park.converter("plant", **{"capital_cost": 300_000.0} | fields)
    return park


def limited(park: Draft, item: str, points: dict[int | None, float]) -> Draft:
    park.add(*(Limit(technology="plant", item=item, year=y, value=v) for y, v in points.items()))
    return park


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_what_may_stand_is_interpolated_and_takes_the_place_of_the_column(method):
    """0.2 MW in 2026, 0.8 in 2029: 0.4 and 0.6 between; of the column's 0.1 nothing is left."""
    plan = planned(limited(plant(max_capacity=0.1), "max_capacity", {2026: 0.2, 2029: 0.8}), method)
    assert standing(plan, "plant") == pytest.approx({2026: 0.2, 2027: 0.4, 2028: 0.6, 2029: 0.8})
    assert plan.system_cost == pytest.approx(2 * 300_000 + 2 * YEAR)


def test_limits_hold_in_the_year_of_the_order_or_in_all():
    assert plant(max_capacity=0.1).cost() == pytest.approx(4 * (0.1 * 300_000 + 0.9 * YEAR))
    # A year of lead time: 0.5 MW ordered in 2026 serve 2027, 0.25 ordered in 2027 serve 2028.
    plan = planned(limited(plant(2028, lead_time=1, max_build=9.0), "max_build", {2026: 0.5, 2028: 0.0}))
    assert built(plan, "plant") == pytest.approx({2026: 0.5, 2027: 0.25})
    assert planned(limited(plant(), "max_capacity", {None: 0.5})).system_cost == pytest.approx(4 * 150_000 + 4 * YEAR / 2)


def test_what_stands_falls_in_steps_and_what_is_retired_is_paid_for():
    """1 MW until 2027, half of it in 2028, none from 2029 on."""
    plan = planned(limited(plant(existing=1.0, max_build=0.0), "existing", {2028: 0.5, 2029: 0.0}))
    assert [standing(plan, "plant").get(y, 0.0) for y in range(2026, 2030)] == pytest.approx([1.0, 1.0, 0.5, 0.0])
    assert plan.system_cost == pytest.approx(1.5 * YEAR)
    # 2 MW, 1 MW from 2027 on, and nothing is needed: to keep them until they fall costs 100,000, to retire them 200,000.
    park = Draft(2026, 2027)
    park.demand(mwh=0.0)
    park.supply()
    park.converter("plant", existing=2.0, fixed_cost=50_000.0, retirement_cost=100_000.0)
    plan = planned(limited(park, "existing", {2027: 1.0}))
    assert plan.system_cost == pytest.approx(150_000) and plan.tables["retirements"].empty
    # 2 MW stand, and no more than 1 MW may from 2027 on; there is no other reason to retire.
    park = plant(2027, existing=2.0, max_build=0.0)
    plan = planned(limited(park, "max_capacity", {2026: 2.0, 2027: 1.0}))
    assert standing(plan, "plant") == pytest.approx({2026: 2.0, 2027: 1.0})


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_what_was_retired_early_falls_first(method):
    """4 MW, 1.5 from 2028 on; none is needed before 2028, 1 MW from then. 100,000 a MW and year, and 50,000 for each MW retired. 3
    MW are retired at once, 150,000, and 1 MW is kept, 400,000. That 2.5 MW fall in 2028 costs nothing: they are gone already."""
    park = Draft(2026, 2029)
    park.demand(mwh={2026: 0.0, 2027: 0.0, 2028: 8760.0})
    park.supply()
    park.converter("plant", existing=4.0, fixed_cost=100_000.0, retirement_cost=50_000.0)
    plan = planned(limited(park, "existing", {2028: 1.5}), method)
    assert plan.system_cost == pytest.approx(150_000 + 400_000)
    assert standing(plan, "plant") == pytest.approx(dict.fromkeys(range(2026, 2030), 1.0))


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_what_must_stand_binds_target_and_least_cost_alone(method):
    """0.5 MW from 2027 on at 2 million a MW, dearer than the grid: two years of it, or none in reference and business as usual."""
    park = limited(plant(2028, capital_cost=2e6, reference=1), "min_capacity", {2027: 0.5})
    run = plan_park(park.case(), Options(gap=1e-9, method=method))
    forced = 2 * (1e6 + YEAR / 2) + YEAR
    assert {name: plan.system_cost for name, plan in run.plans.items()} == pytest.approx(
        {"target": forced, "least-cost": forced, "reference": 3 * YEAR, "business-as-usual": 3 * YEAR})
    assert standing(run.target, "plant") == pytest.approx({2026: 0.0, 2027: 0.5, 2028: 0.5})


def test_rows_hold_in_the_base_year_and_business_as_usual():
    park = limited(plant(max_build=0.1), "min_capacity", {2027: 0.5})
    run = plan_park(park.case(), Options(gap=1e-9))
    assert run.target.status == "infeasible" and any("plant" in line and "0.5" in line for line in run.explanation)
    # 1 MW stood, 0.25 since 2025: three quarters of the base year's 8760 MWh come from the grid at 0.5 t/MWh.
    park = limited(plant(existing=1.0), "existing", {2025: 0.25, 2030: 0.0})
    park.park = park.park.model_copy(update={"base_emissions": None})
    park.rows["emission_factors"] = [f.model_copy(update={"value": 0.5}) for f in park.rows["emission_factors"]]
    assert plan_park(park.case(), Options(gap=1e-9, compare=False)).base == pytest.approx(0.75 * 4380)
    # 1 MW, 0.4 from 2027 on, none from 2028: 0.6 MW are ordered again for 2027, and all of it from 2028 on, each living a year.
    park = limited(plant(2028, existing=1.0), "existing", {2027: 0.4, 2028: 0.0})
    usual = plan_park(park.case(), Options(gap=1e-9)).plans["business-as-usual"]
    assert built(usual, "plant") == pytest.approx({2027: 0.6, 2028: 1.0})
