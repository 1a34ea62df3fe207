"""park.toml, [orders]: anything is ordered, adopted or planted in the years named alone, in every plan."""

import pytest
from parks import Draft, adopted, built, planned, standing

from models.case import Committed
from models.case.case import Orders
from planner.planning.run import Options, plan_park


def park(years: tuple[int, ...] = (), **plant) -> Draft:
    """1 MW at 876,000 a year from the grid; a plant of a year's life at 100,000, so that it is ordered every year."""
    found = Draft(2026, 2029, orders=Orders(years=years))
    found.demand()
    found.supply()
    found.converter("plant", **{"capital_cost": 100_000.0, "lifetime": 1} | plant)
    return found


def test_the_year_is_that_of_the_order_and_every_one_unless_named():
    plan = planned(park())
    assert sorted(built(plan, "plant")) == [2026, 2027, 2028, 2029] and plan.system_cost == pytest.approx(400_000)
    assert standing(planned(park((2026, 2028), lead_time=1)), "plant") == pytest.approx({2027: 1.0, 2029: 1.0})
    run = plan_park(park((2028,), reference=1).case(), Options(gap=1e-9))
    for name in ("target", "least-cost", "reference"):
        assert sorted(built(run.plans[name], "plant")) == [2028]


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_orders_fall_in_the_years_named(method):
    plan = planned(park((2027, 2029)), method)
    assert sorted(built(plan, "plant")) == [2027, 2029] and plan.system_cost == pytest.approx(2 * 876_000 + 200_000)


def test_links_are_orders_too():
    found = Draft(2026, 2027, orders=Orders(years=(2027,)))
    found.demand(zone="works")
    found.supply("grid", zone="harbour")
    found.supply("dear", price=300.0, zone="works")
    found.link("cable", "harbour", "works", capital_cost=1000.0, lifetime=1)
    assert planned(found).system_cost == pytest.approx(3 * 876_000 + 876_000 + 1000)


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_measures_are_adopted_and_land_is_planted_in_them_alone(method):
    """Half of the demand is saved for nothing from 2027 on; the other 438 t of 2028
    are taken up by what was planted in 2027, 10 t/ha."""
    found = Draft(2026, 2028, orders=Orders(years=(2027,)))
    found.demand()
    found.supply(factor=0.1)
    found.measure("led", {"power": 0.5}, lifetime=9)
    found.restoration("wood", {0: 0.0, 1: 10.0}, capital_cost=100_000.0)
    found.rule("net_ratio", "<=", 0.0)
    found.goal(2028)
    plan = planned(found, method)
    assert adopted(plan) == [(2027, "led")]
    planted = plan.tables["restoration"].query("item == 'planted' and value > 0.001")
    assert dict(zip(planted["year"], planted["value"], strict=True)) == pytest.approx({2027: 43.8}, rel=1e-5)
    found.goal(2027)
    assert found.try_to_solve().status == "infeasible"


def test_retirement_contracts_and_signed_orders_may_fall_in_any_year():
    """1 MW stood and costs 50,000 a year; nothing is needed from 2027 on, when nothing may be ordered."""
    found = Draft(2026, 2027, orders=Orders(years=(2026,)))
    found.demand(mwh={2026: 8760.0, 2027: 0.0})
    found.supply()
    found.converter("old", existing=1.0, fixed_cost=50_000.0, capital_cost=1e7)
    found.add(Committed(technology="old", year=2027, build=2.0, capital_cost=1.0))
    plan = planned(found)
    assert plan.tables["retirements"]["year"].tolist() == [2027] and plan.system_cost == pytest.approx(50_000 + 2 + 2 * 50_000)
