"""Demand charge on the month's peak, capacity charge on a contract, and the choice between the two."""

import numpy as np
import pytest
from parks import Draft, typical_days

from models.inputs.calendar import make_calendar


def park(hours: int = 24, last: int = 2026, charges=None, shape=(1.0,), mwh: float = 8760.0, **supply) -> Draft:
    """A grid whose energy is free, so that only the connection is paid."""
    found = Draft(2026, last, hours=hours)
    found.profile("shape", shape)
    found.demand(mwh=mwh, profile="shape")
    found.supply(price=0.0, prices=charges or {}, **supply)
    return found


def test_one_peak_of_a_stylised_profile_is_paid_twelve_times():
    # 0.5 MW for 23 hours, 2 MW for one: a peak of 2 MW.
    shape = [0.5] * 23 + [2.0]
    flat = park(charges={"demand_charge": 1000.0})
    peaked = park(charges={"demand_charge": 1000.0}, shape=shape, mwh=365 * 13.5)
    assert flat.cost() == pytest.approx(12_000) and peaked.cost() == pytest.approx(24_000) and park().cost() == pytest.approx(0)


def test_each_month_of_a_real_year_pays_its_own_peak():
    # 2 MW in one hour of January, 1 MW in all others: 2 + 11 months of 1 MW.
    shape = np.ones(8760)
    shape[100] = 2.0
    plan = park(8760, charges={"demand_charge": 1000.0}, shape=shape, mwh=8761.0).solve()
    assert plan.system_cost == pytest.approx(13_000)
    peaks = plan.tables["connections"].set_index("month")["value"]
    assert peaks[1] == pytest.approx(2) and peaks[2] == pytest.approx(1)


def test_a_month_has_the_hours_of_every_typical_day_that_stands_for_a_day_of_it():
    # The day of 2 MW stands for 15 January and 1 July: both months pay its peak.
    days = np.zeros(365, dtype=int)
    days[[14, 181]] = 1
    shape = [1.0] * 24 + [2.0] * 24
    found = park(8760, charges={"demand_charge": 1000.0}, mwh=24 * (363 + 2 * 2))
    assert found.solve_on_days(days, shape=shape).system_cost == pytest.approx(1000 * (2 * 2 + 10))
    billing = make_calendar(8760, typical_days(days, shape=shape)).billing
    assert [len(hours) for _, hours in billing] == [48, 24, 24, 24, 24, 24, 48, 24, 24, 24, 24, 24]
    assert {times for times, _ in billing} == {1}


def test_a_store_shaves_the_peak():
    # 2 MW for an hour and 0.5 MW for 23: 1 MWh less at the peak, 1/23 MW more in the others. With s MWh the peak is
    # 2 - s until it meets 0.5 + s/23: here s = 1.
    shape = [0.5] * 23 + [2.0]
    found = park(charges={"demand_charge": 1000.0}, shape=shape, mwh=365 * 13.5)
    found.store(existing=1.0)
    assert found.cost() == pytest.approx(12_000)


def test_a_capacity_charge_is_paid_on_the_contract_which_limits_imports():
    assert park(charges={"capacity_charge": 400.0}).cost() == pytest.approx(12 * 400)
    shape = [0.5] * 23 + [2.0]
    found = park(charges={"capacity_charge": 400.0}, shape=shape, mwh=365 * 13.5)
    assert found.cost() == pytest.approx(2 * 4800)
    found.converter("plant", capital_cost=3000.0, max_capacity=1.5)
    plan = found.solve()
    assert plan.system_cost == pytest.approx(0.5 * 4800 + 4500) and plan.tables["connections"]["value"].max() == pytest.approx(0.5)


@pytest.mark.slow
def test_the_basis_that_is_cheaper_is_chosen_each_year():
    both = {"demand_charge": {2026: 500.0, 2027: 300.0}, "capacity_charge": 400.0}
    plan = park(last=2027, charges=both).solve()
    assert plan.system_cost == pytest.approx(12 * (400 + 300))
    rows = plan.tables["connections"].set_index(["year", "item"])["value"]
    assert rows[2026, "peak"] == pytest.approx(0) and rows[2026, "contracted"] == pytest.approx(1)
    assert rows[2027, "contracted"] == pytest.approx(0)
    shape = np.ones(8760)
    shape[:744] = 2.0
    both = {"demand_charge": 500.0, "capacity_charge": 400.0}
    assert park(8760, charges=both, shape=shape, mwh=8760.0 + 744).cost() == pytest.approx(6500)
    assert park(charges=both, max_import=1.0).cost() == pytest.approx(4800)


def test_the_choice_holds_for_power_that_no_demand_needs():
    # 8760 t are taken from the air with 2 MWh/t: 2 MW, and no demand beside it. A contract: 12 x 400 x 2.
    found = Draft(base_emissions=1000.0)
    found.process("kiln", 8760.0)
    found.supply(price=0.0, prices={"demand_charge": 500.0, "capacity_charge": 400.0})
    found.supply("store", "co2", price=None, max_export=10.0)
    found.capture("fans", {"air": 1.0}, {"electricity": -2.0}, existing=5.0)
    found.rule("net_ratio", "<=", 0.0)
    assert found.cost() == pytest.approx(9600)


def test_a_charge_of_the_year_is_a_twelfth_of_it_by_the_month():
    found = park()
    found.price("grid", "demand_charge", 12_000.0, "CNY/MW/year")
    supplies = found.inputs().supplies
    (((charge, year), price),) = supplies.year_charge.items()
    assert price == 12_000 and supplies.contracted_charge(charge, year) == 1000
