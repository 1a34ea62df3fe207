"""order_spacing: years between two orders of one technology; sizes that the type says and the technology replaces."""

import pytest
from parks import Draft, built, standing

from models.case import Committed
from models.errors import LedgerError
from planner.ledger.ledger import check_plan
from planner.planning.run import Options, plan_park

YEAR = 876_000.0


def plant(last: int = 2029, **fields) -> Draft:
    """1 MW of demand, a grid at 876,000 a MW and year, a plant at 300,000 a MW that lives a year."""
    park = Draft(2026, last)
    park.demand()
    park.supply()
    park.converter("plant", **{"capital_cost": 300_000.0, "max_capacity": 5.0} | fields)
    return park


def planned(park: Draft, method: str):
    plan = plan_park(park.case(), Options(gap=1e-9, method=method, compare=False)).target
    assert plan.status == "optimal"
    return plan


def of_technology(park: Draft, **fields) -> Draft:
    """The same park, the technology itself saying so."""
    park.rows["technologies"] = [t.model_copy(update=fields) for t in park.rows["technologies"]]
    return park


def test_a_spacing_of_the_type_holds_and_not_of_what_stood_before():
    assert plant().cost() == pytest.approx(4 * 300_000) and plant(order_spacing=1).cost() == pytest.approx(4 * 300_000)
    assert plant(order_spacing=2).cost() == pytest.approx(2 * 300_000 + 2 * YEAR)
    assert of_technology(plant(order_spacing=2), order_spacing=0).cost() == pytest.approx(4 * 300_000)
    assert of_technology(plant(order_spacing=2), order_spacing=9).cost() == pytest.approx(300_000 + 3 * YEAR)
    assert plant(2026, existing=0.5, order_spacing=3).cost() == pytest.approx(0.5 * 300_000)
    run = plan_park(plant(order_spacing=3, reference=1).case(), Options(gap=1e-9))
    for name in ("target", "least-cost", "reference"):
        assert run.plans[name].system_cost == pytest.approx(2 * 300_000 + 2 * YEAR), name


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_two_orders_lie_so_many_years_apart(method):
    """Of four years two can be served by it where three years lie between orders: 2026 and 2029."""
    plan = planned(plant(order_spacing=3), method)
    assert plan.system_cost == pytest.approx(2 * 300_000 + 2 * YEAR) and sorted(built(plan, "plant")) == [2026, 2029]


def test_sizes_of_the_type_hold_where_the_technology_says_none():
    """Units of 0.8 MW: one, and the rest from the grid; a least size of 2 MW."""
    assert of_technology(plant(2026), unit_size=0.8).cost() == pytest.approx(0.8 * 300_000 + 0.2 * YEAR)
    for fields, own in (({"unit_size": 0.8}, "unit_size"), ({"min_build": 2.0}, "min_build")):
        park = plant(2026)
        park.rows["types"] = [t.model_copy(update=fields) for t in park.rows["types"]]
        assert park.cost() > 300_000 * (1 + 1e-6) and of_technology(park, **{own: 0.0}).cost() == pytest.approx(300_000)


@pytest.mark.parametrize(("year", "cost"), [(2027, 300_000 + 2 * YEAR), (2024, 2 * 300_000 + 2 * YEAR)])
def test_no_order_lies_nearer_to_a_signed_one(year, cost):
    """Signed for nothing in 2027, or 2024 (gone by 2026): with three years, 2026 to 2029 or 2026 are too near."""
    park = plant(order_spacing=3)
    park.add(Committed(technology="plant", year=year, build=1.0, capital_cost=0.0))
    expected = {2027: 3 * YEAR, 2024: 300_000 + 3 * YEAR}[year]
    assert park.cost() == pytest.approx(expected), cost


def test_the_ledger_refuses_orders_too_near_to_each_other():
    plan = plant().solve()
    with pytest.raises(LedgerError, match="years since another order"):
        check_plan(plant(order_spacing=2).case(), plan, 4380.0)


def test_what_stood_is_renewed_in_business_as_usual_no_sooner_than_allowed():
    """It ends with 2026; orders live two years, and three lie between orders: 2027 and 2030."""
    park = plant(2031, existing=1.0, existing_until=2026, lifetime=2, order_spacing=3)
    usual = plan_park(park.case(), Options(gap=1e-9)).plans["business-as-usual"]
    assert sorted(built(usual, "plant")) == [2027, 2030] and standing(usual, "plant")[2029] == pytest.approx(0.0)
