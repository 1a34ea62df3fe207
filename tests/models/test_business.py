"""Business as usual: what stands is renewed kind for kind, and nothing else is decided."""

from dataclasses import replace

import pytest
from parks import Draft, adopted, built, emitted

from models.case import Committed, Limit
from models.errors import LedgerError
from planner.ledger.ledger import check_plan
from planner.plan import BUSINESS, LEAST_COST, Plan, Run
from planner.planning.run import Options, plan_park
from planner.planning.variants import renewals

#: A MW of the grid for a year.
YEAR = 876_000.0


def park(last: int = 2029, **wind) -> Draft:
    """1 MW from the grid and half a MW of wind that ends in 2026, at 800,000 a MW for one year; no discounting."""
    found = Draft(2026, last)
    found.demand()
    found.supply(factor=0.5)
    found.converter("wind", **{"capital_cost": 800_000.0, "existing": 0.5, "existing_until": 2026} | wind)
    return found


def as_usual(found: Draft, method: str = "whole") -> Plan:
    run: Run = plan_park(found.case(), Options(gap=1e-6, method=method))
    return run.plans[BUSINESS]


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_what_stood_is_ordered_again_when_it_ends_and_no_more_than_that(method):
    # Half of the power is the grid's in all four years; wind is ordered for 2027, 2028 and 2029. More of it would pay.
    plan = as_usual(park(), method)
    assert plan.system_cost == pytest.approx(4 * YEAR / 2 + 3 * 400_000)
    assert built(plan, "wind") == pytest.approx({2027: 0.5, 2028: 0.5, 2029: 0.5})


@pytest.mark.slow
def test_what_is_renewed_lives_longer_takes_time_or_comes_in_units():
    plan = as_usual(park(lifetime=2))
    assert built(plan, "wind") == pytest.approx({2027: 0.5, 2029: 0.5})
    found = park(last=2028, lead_time=1)
    assert built(as_usual(found), "wind") == pytest.approx({2026: 0.5, 2027: 0.5})
    # With two years it works from 2028 on: 2027 is the grid's alone.
    late = as_usual(park(last=2028, lead_time=2))
    assert built(late, "wind") == pytest.approx({2026: 0.5}) and late.system_cost == pytest.approx(2 * YEAR / 2 + YEAR + 400_000)
    assert renewals(park(unit_size=0.4, max_capacity=5.0).inputs()) == pytest.approx({("wind", y): 0.8 for y in (2027, 2028, 2029)})
    assert renewals(park(min_build=0.7, max_capacity=5.0).inputs()) == pytest.approx({("wind", y): 0.7 for y in (2027, 2028, 2029)})
    # Of a MW 0.4 is left in 2027 and nothing in 2028: 0.6 and 0.4 end, of which 0.3 are ordered a year.
    found = park(last=2029, lifetime=10, max_build=0.3, existing=1.0, existing_until=None)
    found.add(*(Limit(technology="wind", item="existing", year=y, value=v) for y, v in ((2026, 1.0), (2027, 0.4), (2028, 0.0))))
    assert built(as_usual(found), "wind") == pytest.approx({2027: 0.3, 2028: 0.3, 2029: 0.3})
    # 0.3 MW are signed for 2028 and 0.6 MW may stand: 0.3 MW are ordered again in 2027, which stand beside them.
    found = park(lifetime=10, max_capacity=0.6)
    found.add(Committed(technology="wind", year=2028, build=0.3))
    plan = as_usual(found)
    assert renewals(found.inputs()) == pytest.approx({("wind", 2027): 0.3}) and plan.status == "optimal"


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_what_may_not_be_ordered_at_once_is_ordered_as_it_may_be(method):
    """Half a MW ends in 2026 and 0.2 MW may be ordered a year, living for ten: 0.2, 0.2 and 0.1 MW, and the grid does the rest, 0.8,
    0.6 and 0.5 MW. It ended the run, since all of it was ordered in 2027."""
    plan = as_usual(park(last=2029, lifetime=10, max_build=0.2), method)
    assert built(plan, "wind") == pytest.approx({2027: 0.2, 2028: 0.2, 2029: 0.1})
    paid = 80_000.0 * (3 * 2 + 2 * 2 + 1)  # 80,000 a MW and year of the ten that lie within the horizon, a tenth of a MW each
    assert plan.system_cost == pytest.approx((0.5 + 0.8 + 0.6 + 0.5) * YEAR + paid / 10)


@pytest.mark.parametrize(("fields", "orders"), [
    ({"min_build": 0.6, "max_capacity": 0.55}, {}),
    ({"unit_size": 0.2, "max_build": 0.5, "max_capacity": 1.0}, {2027: 0.4, 2028: 0.2}),
    ({"min_build": 0.3, "max_build": 0.2}, {}),
    ({"min_build": 0.3, "max_build": 0.3, "max_capacity": 1.0}, {2027: 0.3, 2028: 0.3}),
    ({"max_build": 0.2, "order_spacing": 2}, {2027: 0.2, 2029: 0.2}),
    ({"max_build": 0.2, "lead_time": 1}, {2026: 0.2, 2027: 0.2, 2028: 0.1}),
])
def test_what_may_be_ordered_depends_on_every_limit(fields, orders):
    """Half a MW to renew; the ledger, which works the orders out for itself, agrees."""
    found = park(lifetime=10, **fields)
    assert renewals(found.inputs()) == pytest.approx({("wind", y): size for y, size in orders.items()})
    assert as_usual(found).status == "optimal"


def test_nothing_is_saved_certified_credited_or_retired():
    found = park(fixed_cost=10.0)
    found.measure("lights", {"power": 0.5})
    found.certificate(price=1.0)
    found.offset("removals", "removal", price=1.0)
    found.rule("net_ratio", "<=", 0.0)
    plan = as_usual(found)
    assert adopted(plan) == [] and plan.tables["retirements"].empty
    assert emitted(plan, "certified") == pytest.approx(0) and emitted(plan, "removal_credits") == pytest.approx(0)


def test_where_it_cannot_serve_the_demand_the_run_says_so():
    # From 2027 on 0.6 MW of the grid and no wind that could be had again: 0.4 MW are missing.
    found = Draft(2026, 2027)
    found.demand()
    found.supply(factor=0.5, max_import=0.6)
    found.converter("wind", existing=0.5, existing_until=2026)
    found.converter("sun", capital_cost=1e6)
    run = plan_park(found.case(), Options(gap=1e-6))
    assert run.target.has_tables and run.plans[LEAST_COST].has_tables
    assert run.plans[BUSINESS].status == "infeasible" and not run.plans[BUSINESS].has_tables


def test_the_ledger_refuses_an_order_that_is_no_renewal():
    case = park().case()
    plan = plan_park(case, Options(gap=1e-6, method="whole")).plans[BUSINESS]
    for column, change in (("build", 0.25), ("year", 1)):
        wrong = plan.tables["investments"].copy()
        wrong.loc[2, column] += change
        with pytest.raises(LedgerError, match="renewal of what stood"):
            check_plan(case, replace(plan, tables={**plan.tables, "investments": wrong}), case.park.base_emissions)


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_chargers_come_with_the_vehicles_so_that_each_is_charged_as_it_arrives(method):
    """2 MWh at 0.6 MW from 8 o'clock, no vehicle in 2026, half of the fleet in 2027, all of it from 2028. It could not be served."""
    found = Draft(2026, 2029)
    found.demand()
    found.supply(factor=0.5)
    found.chargers(fleet={2026: 0.0, 2028: 1.0}, capital_cost=1000.0, lifetime=20, max_capacity=5.0)
    found.session("08:00", "16:00", 2.0, 0.6)
    plan = as_usual(found, method)
    assert plan.status in ("optimal", "feasible") and built(plan, "depot") == pytest.approx({2027: 0.3, 2028: 0.3})
    found.rows["technologies"] = [row.model_copy(update={"order_spacing": 3}) for row in found.rows["technologies"]]
    assert renewals(found.inputs())[("depot", 2026)] == pytest.approx(0.6)  # until the next order may work
    found.rows["technologies"] = [
        row.model_copy(update={"order_spacing": None, "existing": 0.7}) for row in found.rows["technologies"]]
    assert renewals(found.inputs()) == {}
