"""What is billed of the highest import: times a factor, by the month or once a year.

1 MW of electricity is needed, 2 MW in one hour of the day, and energy costs nothing.
"""

import numpy as np
import pytest
from parks import Draft, planned

from models.case import Price
from models.errors import LedgerError
from planner.ledger.ledger import check_plan
from planner.planning.run import Options, plan_park

both = pytest.mark.parametrize("method", ["whole", "decomposed"])


def park(hours: int = 24, charge: str = "", price: float = 10.0, **fields) -> Draft:
    own = Draft(2026, hours=hours)
    own.demand(mwh=8760.0 * 25 / 24, profile=own.profile("day", [2.0] + [1.0] * 23))
    own.supply(price=0.0, **fields)
    if charge:
        own.add(Price(supply="grid", item="demand_charge", value=price, unit=charge))
    return own


@both
def test_what_is_billed_or_contracted_is_the_highest_hour_times_a_factor(method):
    assert planned(park(charge="CNY/MW/month"), method).system_cost == pytest.approx(12 * 10 * 2)
    assert planned(park(charge="CNY/MW/month", peak_factor=1.05), method).system_cost == pytest.approx(12 * 10 * 2.1)
    own = park(peak_factor=1.05)
    own.add(Price(supply="grid", item="capacity_charge", value=7.0, unit="CNY/MW/month"))
    assert planned(own, method).system_cost == pytest.approx(12 * 7 * 2.1)
    own = park(connection="line")
    own.connection("line", max_import=9.0, peak_factor=1.1)
    own.add(Price(supply="line", item="demand_charge", value=10.0, unit="CNY/MW/month"))
    assert planned(own, method).system_cost == pytest.approx(12 * 10 * 2.2)


@both
@pytest.mark.parametrize("unit", ["CNY/MW/year", "CNY/MW/a", "元/兆瓦/年"])
def test_a_charge_of_a_year_is_paid_once(method, unit):
    """Once on 2 MW, also of a stylised day; a charge of a month twelve times."""
    plan = planned(park(charge=unit, peak_factor=1.05), method)
    assert plan.system_cost == pytest.approx(10 * 2.1)
    costs = plan.tables["costs"].set_index("item")["value"]
    assert costs["demand_charge"] == pytest.approx(21.0)
    (row,) = plan.tables["connections"].to_dict("records")
    assert (row["item"], row["month"], row["value"]) == ("peak", "all", pytest.approx(2.1))


@both
def test_a_charge_of_a_year_or_a_contract_is_chosen(method):
    """10 a year on the peak, or 12 x 0.5 on what is contracted."""
    own = park(charge="CNY/MW/year", price=10.0)
    own.add(Price(supply="grid", item="capacity_charge", value=0.5, unit="CNY/MW/month"))
    assert planned(own, method).system_cost == pytest.approx(2 * 6)
    own = park(charge="CNY/MW/year", price=5.0)
    own.add(Price(supply="grid", item="capacity_charge", value=0.5, unit="CNY/MW/month"))
    assert planned(own, method).system_cost == pytest.approx(2 * 5)


@pytest.mark.slow
def test_a_charge_of_a_year_is_of_the_one_highest_hour_of_all_months():
    """A real year with 2 MW in January and 1.5 MW in July: by months 11 x 1 + ..., by the year 2 MW."""
    own = Draft(2026, hours=8760)
    load = np.ones(8760)
    load[10], load[4500] = 2.0, 1.5
    own.demand(mwh=float(load.sum()), profile=own.profile("load", load))
    own.supply(price=0.0)
    by_year, by_month = own, own.case()
    by_month = by_month.model_copy(
        update={"prices": (*by_month.prices, Price(supply="grid", item="demand_charge", value=10.0, unit="CNY/MW/month"))})
    by_year.add(Price(supply="grid", item="demand_charge", value=10.0, unit="CNY/MW/year"))
    options = Options(gap=1e-9, method="whole", compare=False)
    assert plan_park(by_month, options).target.system_cost == pytest.approx(10 * (10 + 2.0 + 1.5))
    assert plan_park(by_year.case(), options).target.system_cost == pytest.approx(20.0)


def test_the_ledger_refuses_a_peak_without_the_factor():
    own = park(charge="CNY/MW/month", peak_factor=1.05)
    plan, case = planned(own), own.case()
    other = case.model_copy(update={"supplies": tuple(s.model_copy(update={"peak_factor": 1.0}) for s in case.supplies)})
    with pytest.raises(LedgerError, match="paid peak"):
        check_plan(other, plan, 4380.0)
