"""costs.csv, annuity: paid in each year of an order's life, retired or not, as far as the horizon goes; in place of a capital cost.

1 MW is used in every hour, and the grid costs 876,000 CNY a year; a plant of 1 MW takes its place.
"""

import pytest
from parks import Draft, built

from models.case import Committed, Cost
from planner.plan import Plan

GRID = 876_000.0
YEARLY = 100_000.0


def park(last: int = 2029, **plant) -> Draft:
    found = Draft(2026, last)
    found.demand()
    found.supply()
    found.converter("plant", **({"annuity": YEARLY, "lifetime": 2} | plant))
    return found


def paid(plan: Plan, table: str = "costs") -> dict[int, float]:
    """The annuity by year."""
    rows = plan.tables[table].query("item == 'annuity'")
    return {y: v for y, v in zip(rows["year"].tolist(), rows["value"].tolist(), strict=True) if v}


def test_an_order_pays_in_each_year_of_its_life():
    """Ordered in 2026 and in 2028, of two years each; a capital cost of twice as much is the same money without interest."""
    plan = park().solve_twice()
    assert built(plan, "plant") == pytest.approx({2026: 1.0, 2028: 1.0})
    assert paid(plan) == pytest.approx(dict.fromkeys(range(2026, 2030), YEARLY)) and plan.system_cost == pytest.approx(4 * YEARLY)
    capital = Draft(2026, 2029)
    capital.demand()
    capital.supply()
    capital.converter("plant", capital_cost=2 * YEARLY, lifetime=2)
    assert capital.cost() == pytest.approx(4 * YEARLY)


def test_it_is_discounted_where_it_is_paid_and_ends_with_the_horizon():
    """Of five years and ordered in 2027 alone, at 10 %: paid in 2027 and 2028, and nothing of it is left out or given back."""
    found = park(2028, lifetime=5, first_year=2027, until_year=2027)
    found.park = found.park.model_copy(update={"discount_rate": 0.1})
    plan = found.solve_twice()
    assert paid(plan) == pytest.approx({2027: YEARLY, 2028: YEARLY})
    assert paid(plan, "system_cost") == pytest.approx({2027: YEARLY / 1.1, 2028: YEARLY / 1.21})
    assert plan.system_cost == pytest.approx(GRID + YEARLY / 1.1 + YEARLY / 1.21)


def test_an_order_pays_in_the_whole_years_of_its_life_from_when_it_works():
    plan = park(2028, lifetime=2, lead_time=1, until_year=2026).solve_twice()
    assert paid(plan) == pytest.approx({2027: YEARLY, 2028: YEARLY})
    plan = park(2029, lifetime=2.6, until_year=2026).solve_twice()
    assert paid(plan) == pytest.approx({2026: YEARLY, 2027: YEARLY}) and plan.system_cost == pytest.approx(2 * YEARLY + 2 * GRID)
    # It rises from 100,000 in 2026 to 300,000 in 2028: the order of 2026 pays 100,000 each year, that of 2028 pays 300,000.
    plan = park(annuity={2026: YEARLY, 2028: 3 * YEARLY}).solve_twice()
    assert paid(plan) == pytest.approx({2026: YEARLY, 2027: YEARLY, 2028: 3 * YEARLY, 2029: 3 * YEARLY})
    plan = park(2027, existing=1.0).solve_twice()
    assert paid(plan) == {} and plan.system_cost == pytest.approx(0.0)


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_what_is_retired_pays_on(method):
    """Signed for 2025, of four years, never run at 500 CNY/MWh: retired at once, which saves 50,000 a year of fixed cost alone. The
    annuity is paid in 2026, 2027 and 2028, and no more in 2029."""
    found = park(fixed_cost=50_000.0, lifetime=4, variable_cost=500.0)
    found.add(Committed(technology="plant", year=2025, build=1.0))
    plan = found.solve_twice() if method == "decomposed" else found.solve()
    assert plan.tables["retirements"]["year"].tolist() == [2026]
    assert paid(plan) == pytest.approx(dict.fromkeys((2026, 2027, 2028), YEARLY))
    assert plan.system_cost == pytest.approx(4 * GRID + 3 * YEARLY)


def test_an_order_that_is_signed_before_pays_the_annuity_of_its_year():
    """60,000 in 2024, 100,000 in 2026: 80,000 of an order of 2025."""
    found = park(2027, annuity={2024: 60_000.0, 2026: YEARLY}, lifetime=2, until_year=2025)
    found.add(Committed(technology="plant", year=2025, build=1.0))
    plan = found.solve_twice()
    assert paid(plan) == pytest.approx({2026: 80_000.0}) and plan.system_cost == pytest.approx(80_000.0 + GRID)


def test_it_is_outside_the_budget_and_has_no_grant():
    """Nothing may be spent on capital: what has an annuity is ordered all the same, and pays all of it."""
    found = park(2027, grant=0.5)
    for year in (2026, 2027):
        found.budget(year, 0.0)
    plan = found.solve_twice()
    assert built(plan, "plant") == pytest.approx({2026: 1.0}) and plan.system_cost == pytest.approx(2 * YEARLY)


def test_a_project_cost_beside_it_is_paid_once_as_ever():
    """30,000 an order, of two years, of which both are within the horizon."""
    plan = park(2027, project_cost=30_000.0, max_capacity=2.0).solve_twice()
    assert plan.system_cost == pytest.approx(2 * YEARLY + 30_000.0)


def test_links_and_connections_pay_it_too():
    """A cable of 2 MW from where a MWh is free: 40,000 per MW and year, of which 1 MW is ordered."""
    found = Draft(2026, 2027)
    found.demand(zone="works")
    found.supply("grid", zone="works")
    found.supply("far", zone="harbour", price=0.0)
    found.link("cable", "harbour", "works", annuity=40_000.0, lifetime=9, max_capacity=2.0)
    plan = found.solve_twice()
    assert plan.system_cost == pytest.approx(2 * 40_000.0)
    found.rows["costs"] = [Cost(type="cable", parameter="annuity", value=4_000.0, unit="CNY/MW/km/year"),
        Cost(type="cable", parameter="lifetime", value=9, unit="year")]
    found.rows["links"] = [link.model_copy(update={"length": 10.0}) for link in found.rows["links"]]
    assert found.solve().system_cost == pytest.approx(2 * 40_000.0)
