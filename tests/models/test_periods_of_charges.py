"""Demand charges of a period of hours, and with a ratchet. 1 MW of electricity is needed, more in some hours; energy costs nothing."""

import numpy as np
import pytest
from parks import Draft

from models.case import Price
from models.errors import LedgerError
from planner.ledger.ledger import check_plan
from planner.planning.run import Options, plan_park

both = pytest.mark.parametrize("method", ["whole", "decomposed"])
MONTHLY = "CNY/MW/month"


def charged(own: Draft, value: float = 10.0, unit: str = MONTHLY, supply: str = "grid", **fields) -> Draft:
    own.add(Price(supply=supply, item="demand_charge", value=value, unit=unit, **fields))
    return own


def day() -> Draft:
    """2 MW in the first hour, 1.5 MW from 8 to 12."""
    own = Draft(2026)
    own.demand(mwh=365.0 * (2 + 4 * 1.5 + 19), profile=own.profile("day", [2.0] + [1.0] * 7 + [1.5] * 4 + [1.0] * 12))
    own.supply(price=0.0)
    return own


def year() -> Draft:
    """2 MW in an hour of January at noon, 1.5 MW in one of July in the evening; the 1st of January is a Monday."""
    own = Draft(2026, hours=8760, first_weekday=0)
    load = np.ones(8760)
    load[12], load[181 * 24 + 20] = 2.0, 1.5
    own.demand(mwh=float(load.sum()), profile=own.profile("load", load))
    own.supply(price=0.0)
    return own


def planned(own: Draft, method: str = "whole"):
    plan = plan_park(own.case(), Options(gap=1e-9 if own.hours == 24 else 1e-6, method=method, compare=False)).target
    assert plan.status == "optimal"
    return plan


@both
def test_a_period_is_billed_on_its_own_hours_beside_what_all_hours_are_billed(method):
    assert planned(charged(day(), period="peak", hours="8-11"), method).system_cost == pytest.approx(12 * 10 * 1.5)
    own = charged(charged(day(), period="peak", hours="8-11"), 4.0)
    assert planned(own, method).system_cost == pytest.approx(12 * (10 * 1.5 + 4 * 2))
    own = charged(day(), unit="CNY/MW/year", period="peak", hours="8-11")
    assert planned(own, method).system_cost == pytest.approx(10 * 1.5)


@both
def test_a_period_is_paid_for_beside_a_contract(method):
    """A contract of 2 MW at 1, which costs less than 2 MW at 5, takes the place of the charge on all hours, not of the period's."""
    own = charged(charged(day(), period="peak", hours="8-11"), 5.0)
    own.add(Price(supply="grid", item="capacity_charge", value=1.0, unit=MONTHLY))
    assert planned(own, method).system_cost == pytest.approx(12 * (10 * 1.5 + 1 * 2))


@both
def test_a_battery_moves_what_is_bought_out_of_the_period(method):
    """1 MWh, without a loss, lets the four dear hours take 0.25 MW less; the period's name is told."""
    own = charged(day(), period="peak", hours="8-11")
    own.store(existing=1.0, full_power_hours=1.0)
    plan = planned(own, method)
    assert plan.system_cost == pytest.approx(12 * 10 * 1.25)
    (row,) = plan.tables["connections"].to_dict("records")
    assert (row["period"], row["item"], row["value"]) == ("peak", "peak", pytest.approx(1.25))


@pytest.fixture(scope="module")
def whole_year():
    """A year with a ratchet, a period of July's evenings and one of the weekends of summer: its park, and its plan."""
    own = charged(year(), ratchet=0.8)
    charged(own, period="evening", months="7", hours="18-21")
    charged(own, period="rest", months="6-8", days="weekend")
    return own, planned(own)


@pytest.mark.slow
def test_a_year_with_months_days_and_a_ratchet(whole_year):
    """Of all hours each month pays for 1.6 of the 2 MW at least; in July's evenings, on its first day, a Sunday, there are 1.5 MW."""
    plan = whole_year[1]
    assert plan.system_cost == pytest.approx(10 * (2 + 11 * 1.6) + 10 * 1.5 + 10 * (1 + 1.5 + 1))
    told = {(r["period"], str(r["month"])): r["value"] for r in plan.tables["connections"].to_dict("records")}
    assert [told["", m] for m in ("1", "2", "7")] == pytest.approx([2.0, 1.6, 1.6])
    assert [told["rest", m] for m in ("6", "7", "8")] == pytest.approx([1.0, 1.5, 1.0])


@pytest.mark.slow
def test_a_plan_on_typical_days_pays_in_all_hours_what_they_ask(whole_year):
    """There is nothing to decide, so it costs what the plan of all hours does."""
    own, exact = whole_year
    plan = plan_park(own.case(), Options(days=2, compare=False)).target
    assert plan.verified and plan.on_days is not None and plan.system_cost == pytest.approx(exact.system_cost)


@both
def test_a_contract_takes_the_place_of_a_ratchet(method):
    """A stylised day has one month, for which a ratchet changes nothing: 2 MW at 10, or at 7 contracted."""
    own = charged(day(), ratchet=0.8)
    assert planned(own, method).system_cost == pytest.approx(12 * 10 * 2)
    own.add(Price(supply="grid", item="capacity_charge", value=7.0, unit=MONTHLY))
    assert planned(own, method).system_cost == pytest.approx(12 * 7 * 2)


@both
def test_under_a_scheme_both_are_paid_while_it_is_in_force(method):
    """By scheme a: 12 x 10 x 1.5 for the period and 12 x 1 x 2; scheme b asks 12 x 20 x 2 for all hours, or less."""
    for other, cost in ((20.0, 12 * (15 + 2)), (3.0, 12 * 3 * 2)):
        own = Draft(2026)
        own.demand(mwh=365.0 * (2 + 4 * 1.5 + 19), profile=own.profile("day", [2.0] + [1.0] * 7 + [1.5] * 4 + [1.0] * 12))
        own.connection("line", max_import=9.0)
        own.supply("grid", price=0.0, connection="line")
        charged(own, period="peak", hours="8-11", scheme="a", supply="line")
        charged(own, 1.0, scheme="a", supply="line", ratchet=0.5)
        charged(own, other, scheme="b", supply="line")
        assert planned(own, method).system_cost == pytest.approx(cost)


def test_the_ledger_refuses_hours_and_ratchets_that_are_others(whole_year):
    own, plan = whole_year
    for stated, other in (({"period": "evening"}, {"hours": "12-17"}), ({"ratchet": 0.8}, {"ratchet": 0.7})):
        case = own.case()
        ((column, value),) = stated.items()
        prices = tuple(p.model_copy(update=other) if getattr(p, column) == value else p for p in case.prices)
        with pytest.raises(LedgerError, match="paid peak"):
            check_plan(case.model_copy(update={"prices": prices}), plan, 4380.0)
