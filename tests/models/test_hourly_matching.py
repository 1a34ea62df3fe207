"""Green power in the hour of its use: by the sun, by green contracts, by what stores held of them; with and without the rule."""

import numpy as np
import pytest
from parks import Draft, energy

from models.case import ParkRule
from models.errors import LedgerError
from planner.planning.run import Options, plan_park
from planner.tables.tenants import most_matched

SUN = [0.0] * 12 + [1.0] * 12


def sunny(limit: float | None = None, store: bool = False, hours: int = 24, **fields) -> Draft:
    """1 MW of use, 2 MW of sun by day, a grid at 100 that buys 1 MW at 90; what a store gives costs 20 a MWh."""
    park = Draft(hours=hours)
    park.profile("sun", SUN)
    park.demand()
    park.supply(price=100.0, max_export=1.0, prices={"export": 90.0}, factor=0.5)
    park.converter("pv", existing=2.0, profile="sun", green=1)
    if store:
        park.store(existing=12.0, full_power_hours=12.0, variable_cost=20.0, **fields)
    return park if limit is None else asks(park, limit)


def asks(park: Draft, limit: float) -> Draft:
    """The park with the rule."""
    park.add(ParkRule(rule="matched", metric="hourly_green_share", sense=">=", limit=limit))
    return park


def told(plan, year: int = 2026) -> float:
    """The share as it is told."""
    (value,) = plan.tables["rules"].query("metric == 'hourly_green_share' and year == @year")["value"]
    return float(value)


#: A MWh a day that is sold by day and bought at night costs 10.
FREE = 365 * 12 * 10


def test_the_sun_covers_the_day_and_a_store_carries_it_to_the_night():
    plan = sunny(0.5).solve_twice()
    assert told(plan) == pytest.approx(0.5) and plan.system_cost == pytest.approx(FREE)
    assert sunny(0.51).try_to_solve().status == "infeasible"
    assert told(sunny(0.1).solve()) == pytest.approx(0.5) and told(sunny(0.1, store=True).solve()) == pytest.approx(0.5)
    assert energy(sunny(store=True).solve(), "discharge", "battery") == pytest.approx(0.0, abs=1e-6)
    plan = sunny(0.75, store=True).solve_twice()
    assert energy(plan, "discharge", "battery") == pytest.approx(365 * 6) and plan.system_cost == pytest.approx(FREE + 365 * 6 * 10)
    assert told(plan) == pytest.approx(0.75) and sunny(1.0, store=True).cost() == pytest.approx(FREE + 365 * 12 * 10)
    plan = sunny(0.75, store=True, charge_efficiency=0.9, discharge_efficiency=0.9).solve_twice()
    assert plan.system_cost == pytest.approx(FREE + 365 * 6 * (90 / 0.81 + 20 - 100))


def test_a_store_that_the_grid_charges_gives_nothing_green():
    # Power is free in the first half of the night and dear in the second: the grid charges the store, and the share stays a half.
    park = sunny(0.1, store=True)
    park.profile("spot", [0.0] * 6 + [3.0] * 6 + [1.0] * 12)
    park.by_the_hour("grid", "spot", item="energy")
    plan = park.solve_twice()
    assert energy(plan, "discharge", "battery") == pytest.approx(365 * 6) and told(plan) == pytest.approx(0.5)
    park.rows["rules"] = []
    park = asks(park, 0.75)
    plan = park.solve_twice()
    # 6 MWh of sun are stored, and 6 of the grid's free power are sold in their place by day: 6 MWh more go through the store at 20.
    # What is free in 6 hours is sold in them, too.
    assert told(plan) == pytest.approx(0.75) and plan.system_cost == pytest.approx(365 * (12 * 20 - 18 * 90))


def test_a_green_contract_counts_in_the_hours_in_which_it_delivers_and_a_grey_one_never():
    def park(green: float, limit: float) -> Draft:
        found = sunny(limit)
        found.profile("night", [1.0] * 6 + [0.0] * 18)
        found.supply("wind", price=150.0, profile="night", contract_max=5.0, take=0.0, green_share=green, max_import=None)
        return found
    plan = park(1.0, 0.7).solve_twice()  # 0.2 x 24 MWh a day at 150 in place of 100
    assert told(plan) == pytest.approx(0.7) and plan.system_cost == pytest.approx(FREE + 365 * 4.8 * 50)
    assert park(0.9, 0.7).try_to_solve().status == "infeasible"


def test_what_equipment_takes_is_use_too():
    # A heater of 1 MW at night: half of 2 x 8760 MWh less is covered.
    park = sunny(0.3)
    park.demand("warmth", "heat", mwh=4380.0, profile=park.profile("cold", [1.0] * 12 + [0.0] * 12))
    park.converter("heater", {"electricity": -1.0, "heat": 1.0}, existing=1.0)
    assert told(park.solve_twice()) == pytest.approx(1 / 3)


@pytest.mark.slow
def test_a_plan_on_typical_days_keeps_the_share_in_all_hours():
    park = sunny(0.7, store=True, hours=8760)
    hours = np.arange(8760)
    park.profile("sun", np.clip(np.sin((hours % 24 - 6) / 12 * np.pi), 0, 1) * (0.8 + 0.2 * np.sin(hours / 8760 * 2 * np.pi)))
    park.rows["technologies"] = [
        t.model_copy(update={"existing": 4.0}) if t.technology == "pv" else t for t in park.rows["technologies"]]
    park.park = park.park.model_copy(update={"typical_days": 4})
    plan = plan_park(park.case(), Options(gap=1e-4, compare=False)).target
    assert plan.verified and told(plan) >= 0.7 - 1e-3


@pytest.mark.parametrize("store", [False, True])
def test_the_ledger_refuses_more_or_less_than_green_power_covers(store, monkeypatch):
    def otherwise(*of):
        matched, parts = most_matched(*of)
        return (1.01 if store else 0.99) * matched, parts
    monkeypatch.setattr("planner.tables.tenants.most_matched", otherwise)
    with pytest.raises(LedgerError) as caught:
        sunny(0.4, store=store).solve()
    assert any("matched" in d.quantity for d in caught.value.disagreements)
