"""Early retirement gives up the value beyond the horizon: an order that is scrapped serves no years after the last one.

1 MW is needed in 2026, from the grid at 876,000 CNY or from a plant that costs nothing to run; after that nobody needs anything.
"""

from dataclasses import replace

import pytest
from parks import GAP, Draft, paid, signed

import planner.planning.run
from models.errors import LedgerError
from models.inputs import resolve
from planner.planning.run import Options, plan_park

METHODS = ["whole", "decomposed"]


def park(last: int = 2028, rate: float = 0.0, **plant) -> Draft:
    """A plant of four years, of which the horizon has three; 300,000 CNY a MW and 40,000 a year unless said otherwise."""
    found = Draft(2026, last, discount_rate=rate)
    found.demand(mwh={2026: 8760.0, 2027: 0.0})
    found.supply()
    found.converter("plant", **{"capital_cost": 300_000.0, "lifetime": 4, "fixed_cost": 40_000.0} | plant)
    return found


def planned(found: Draft, method: str = "whole"):
    plan = plan_park(found.case(), Options(gap=GAP if method == "whole" else 1e-7, method=method, compare=False)).target
    assert plan.status == "optimal"
    return plan


def retired(plan) -> list[tuple]:
    return [(r.year, r.ordered, round(r.retired, 3)) for r in plan.tables["retirements"].itertuples() if r.retired > 1e-3]


def given_up(plan, year: int = 2026) -> float:
    """Of the orders of a year; in cash it is nothing."""
    assert "value_given_up" not in set(plan.tables["costs"]["item"])
    return paid(plan, "value_given_up", year, table="system_cost")


@pytest.mark.parametrize("method", METHODS)
def test_the_value_beyond_the_horizon_is_weighed_against_the_fixed_cost(method):
    """A fourth of 300,000 lies beyond: 75,000. To go in 2027 saves 2 x 40,000, at 35,000 a year only 70,000."""
    goes = planned(park(), method)
    assert retired(goes) == [(2027, 2026, 1.0)] and goes.system_cost == pytest.approx(225_000 + 40_000 + 75_000)
    assert given_up(goes) == pytest.approx(75_000, rel=1e-5)
    stays = planned(park(fixed_cost=35_000.0), method)
    assert retired(stays) == [] and stays.system_cost == pytest.approx(225_000 + 3 * 35_000)
    assert given_up(stays) == pytest.approx(0.0, abs=1e-6 * stays.system_cost)  # the gap of the plan


def test_value_is_given_up_of_what_outlives_the_horizon_alone():
    plan = planned(park(lifetime=3, fixed_cost=10.0))
    assert retired(plan) == [(2027, 2026, 1.0)] and plan.system_cost == pytest.approx(300_010)
    # 3.5 years: it works three, and a seventh of it lies beyond: 42,857.
    plan = planned(park(lifetime=3.5))
    assert given_up(plan) == pytest.approx(300_000 / 7, rel=1e-5)
    assert plan.system_cost == pytest.approx(300_000 * 6 / 7 + 40_000 + 300_000 / 7)
    # Needed in 2026 and 2027: to go in 2028 saves 76,000 for 75,000, and not 74,000.
    for fixed, gone in ((76_000.0, True), (74_000.0, False)):
        found = park(fixed_cost=fixed)
        found.rows["demand"].clear()
        found.demand(mwh={2026: 8760.0, 2027: 8760.0, 2028: 0.0})
        plan = planned(found)
        assert retired(plan) == ([(2028, 2026, 1.0)] if gone else [])
        assert plan.system_cost == pytest.approx(225_000 + (2 * fixed + 75_000 if gone else 3 * fixed))
    plan = planned(park(existing=1.0, fixed_cost=1.0))
    assert retired(plan) == [(2027, 0, 1.0)] and plan.system_cost == pytest.approx(1)


def test_it_is_of_the_year_of_the_order_and_discounted_with_it():
    """Ordered in 2027, at 10 %: of four years the horizon sees 2027 and 2028 of the second, φ = (1 + 1/1.1) / A(4)."""
    found = park(rate=0.1, fixed_cost=500_000.0)
    found.rows["demand"].clear()
    found.demand(mwh={2026: 0.0, 2027: 3 * 8760.0, 2028: 0.0})
    plan = planned(found)
    share = (1 + 1 / 1.1) / sum(1.1**-i for i in range(4))
    assert retired(plan) == [(2028, 2027, 3.0)] and given_up(plan, 2026) == 0
    assert given_up(plan, 2027) == pytest.approx(3 * (1 - share) * 300_000 / 1.1)
    assert plan.system_cost == pytest.approx(3 * (300_000 + 500_000) / 1.1)  # all of the price, as if nothing lay beyond


@pytest.mark.parametrize("method", METHODS)
def test_a_grant_and_a_project_cost_have_no_value_to_give_up(method):
    """A third is given: a fourth of 200,000 lies beyond. The project cost is no price of a unit."""
    plan = planned(park(grant=1 / 3, project_cost=30_000.0, max_capacity=2.0), method)
    assert retired(plan) == [(2027, 2026, 1.0)] and given_up(plan) == pytest.approx(50_000, rel=1e-5)
    assert plan.system_cost == pytest.approx(0.75 * (200_000 + 20_000) + 40_000 + 50_000)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "kind",
    [{}, {"unit_size": 1.0, "partial_retirement": 0, "max_capacity": 2.0},
     {"min_build": 1.0, "partial_retirement": 0, "max_capacity": 2.0}],
    ids=["any", "units", "whole"],
)
def test_of_a_signed_order_it_is_of_all_that_was_paid(kind, method):
    """Signed for 2026 at 100,000, without grant: 25,000 lie beyond. Of one of 2025 nothing is paid, and nothing is given up."""
    plan = planned(signed(park(grant=0.5, **kind), capital_cost=100_000.0), method)
    assert retired(plan) == [(2027, 2026, 1.0)] and given_up(plan) == pytest.approx(25_000, rel=1e-5)
    assert plan.system_cost == pytest.approx(75_000 + 40_000 + 25_000)
    early = planned(signed(park(last=2027, fixed_cost=1.0, **kind), year=2025, capital_cost=100_000.0), method)
    assert retired(early) == [(2027, 2025, 1.0)] and early.system_cost == pytest.approx(1)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", [{}, {"retirement_cost": 1e-3}], ids=["of any size", "told apart"])
def test_of_two_orders_the_one_with_the_lower_value_goes_first(kind, method):
    """Signed for 2026 at 400,000 and for 2027 at 80,000, of five years: 2/5 and 3/5 lie beyond, 160,000 and 48,000. One of them is
    needed in 2028: the younger goes."""
    found = park(lifetime=5, capital_cost=1e7, fixed_cost=100_000.0, **kind)
    found.rows["demand"].clear()
    found.demand(mwh={2026: 8760.0, 2027: 2 * 8760.0, 2028: 8760.0})
    signed(signed(found, 2026, capital_cost=400_000.0), 2027, capital_cost=80_000.0)
    plan = planned(found, method)
    assert retired(plan) == [(2028, 2027, 1.0)] and plan.system_cost == pytest.approx(240_000 + 32_000 + 4 * 100_000 + 48_000)


@pytest.mark.parametrize("method", METHODS)
def test_of_what_is_signed_and_what_is_decided_in_one_year_the_cheaper_goes_first(method):
    """1 MW is signed at 100,000, and 1 more is ordered at 300,000: 25,000 and 75,000 lie beyond. One goes, then both."""
    for later, gone in ((8760.0, 25_000), (0.0, 100_000)):
        found = signed(park(), capital_cost=100_000.0)
        found.rows["demand"].clear()
        found.demand(mwh={2026: 2 * 8760.0, 2027: later})
        plan = planned(found, method)
        assert given_up(plan) == pytest.approx(gone, rel=1e-5)
        assert plan.system_cost == pytest.approx(75_000 + 225_000 + 2 * 40_000 + later / 8760 * 2 * 40_000 + gone)


@pytest.mark.parametrize("method", METHODS)
def test_a_link_gives_up_the_price_of_its_length(method):
    """10 km at 30,000 a MW and km: 75,000 of 300,000 lie beyond."""
    found = Draft(2026, 2028)
    found.demand(zone="works", mwh={2026: 8760.0, 2027: 0.0})
    found.supply("grid", zone="works")
    found.supply("far", zone="harbour", price=0.0)
    found.link("cable", "harbour", "works", capital_cost=300_000.0, lifetime=4, fixed_cost=40_000.0, length=10.0)
    found.rows["costs"] = [
        row.model_copy(update={"value": 30_000.0, "unit": "CNY/MW/km"}) if row.parameter == "capital_cost" else row
        for row in found.rows["costs"]]
    plan = planned(found, method)
    assert given_up(plan) == pytest.approx(75_000, rel=1e-5) and plan.system_cost == pytest.approx(225_000 + 40_000 + 75_000)


def test_an_order_is_no_longer_made_and_scrapped_for_its_credit():
    """Of a plant of thirty years a tenth is paid for three. Ordered for 2026, scrapped and ordered anew for 2028 it was cheaper than
    the fixed cost of a year between, 100,000, as each order left 9/10 to the future; now each scrapped order costs all of it."""
    found = park(lifetime=30, capital_cost=300_000.0, fixed_cost=100_000.0)
    found.rows["demand"].clear()
    found.demand(mwh={2026: 8760.0, 2027: 0.0, 2028: 8760.0})
    plan = planned(found)
    assert retired(plan) == [] and plan.system_cost == pytest.approx(30_000 + 3 * 100_000)


def test_the_ledger_refuses_a_plan_that_keeps_the_value(monkeypatch):
    """Of what is retired nothing is given up, or another value."""
    for factor in (0.0, 0.9):
        def resolve_wrongly(*args, factor=factor):
            inputs = resolve(*args)
            wrong = {part: factor * value for part, value in inputs.capacity.given_up.items()}
            return replace(inputs, capacity=replace(inputs.capacity, given_up=wrong))
        monkeypatch.setattr(planner.planning.run, "resolve", resolve_wrongly)
        with pytest.raises(LedgerError, match="value_given_up"):
            planned(park())
