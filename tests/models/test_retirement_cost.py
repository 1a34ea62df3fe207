"""costs.csv, retirement_cost: paid in the year in which capacity is retired early, and never at the end of its life."""

import pytest
from parks import Draft, paid

from models.case import Committed
from planner.planning.run import Options, plan_park


def park(last: int = 2028, **fields) -> Draft:
    """1 MW stood, which nobody needs and which costs 100,000 a year; the grid gives all at 876,000."""
    found = Draft(2026, last)
    found.demand()
    found.supply()
    found.converter("old", **{"existing": 1.0, "fixed_cost": 100_000.0, "variable_cost": 500.0} | fields)
    return found


def planned(found: Draft, method: str = "whole"):
    plan = plan_park(found.case(), Options(gap=1e-9 if method == "whole" else 1e-6, method=method, compare=False)).target
    assert plan.status == "optimal"
    return plan


def retired(plan) -> list[tuple]:
    """All that is more than what a gap of 1e-6 leaves open."""
    return [(r.year, r.ordered, round(r.retired, 3)) for r in plan.tables["retirements"].itertuples() if r.retired > 1e-3]


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_it_is_weighed_against_the_fixed_cost_that_retirement_saves(method):
    """300,000 are saved. For nothing or 299,000 it goes at once, for 301,000 it stays."""
    for cost, gone in ((0.0, True), (299_000.0, True), (301_000.0, False)):
        plan = planned(park(retirement_cost=cost), method)
        assert retired(plan) == ([(2026, 0, 1.0)] if gone else [])
        assert plan.system_cost - 3 * 876_000 == pytest.approx(cost if gone else 300_000, rel=1e-4)
        assert paid(plan, "retirement_cost") == pytest.approx(cost if gone else 0.0, rel=1e-4)


def test_it_is_that_of_the_year_and_outside_the_budget():
    """It falls to 50,000 in 2027: it waits a year. No capital may be spent."""
    found = park(retirement_cost={2026: 250_000.0, 2027: 50_000.0})
    for year in range(2026, 2029):
        found.budget(year, 0.0)
    plan = planned(found)
    assert retired(plan) == [(2027, 0, 1.0)] and plan.system_cost == pytest.approx(3 * 876_000 + 100_000 + 50_000)


def test_nothing_is_paid_at_the_end_of_a_life():
    plan = planned(park(retirement_cost=1e6, existing_until=2026))
    assert retired(plan) == [] and plan.system_cost == pytest.approx(3 * 876_000 + 100_000)


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_of_two_orders_each_that_is_retired_is_paid_for(method):
    """Signed for 2025 and 2026, of four years; nothing of them is needed. One ends in 2028, the other in 2029. The older goes in
    2026, and pays for 3 years; the younger stays a year, and goes in 2027, for 3 years: 120,000 each."""
    found = Draft(2026, 2029)
    found.demand()
    found.supply()
    found.converter("plant", capital_cost=1e7, lifetime=4, fixed_cost=100_000.0, retirement_cost=120_000.0, variable_cost=500.0)
    for year in (2025, 2026):
        found.add(Committed(technology="plant", year=year, build=1.0, capital_cost=0.0))
    plan = planned(found, method)
    assert retired(plan) == [(2026, 2025, 1.0), (2027, 2026, 1.0)]
    assert plan.system_cost == pytest.approx(4 * 876_000 + 100_000 + 240_000, rel=1e-6)


def test_links_pay_it_too():
    found = Draft(2026, 2028)
    found.demand(zone="works")
    found.supply("grid", zone="works")
    found.supply("far", zone="harbour")
    for cost, expected in ((50_000.0, 100_000.0), (200_000.0, 300_000.0)):
        found.rows["links"].clear()
        found.rows["costs"].clear()
        found.link("cable", "harbour", "works", existing=2.0, fixed_cost=50_000.0, retirement_cost=cost)
        assert planned(found).system_cost == pytest.approx(3 * 876_000 + expected)
