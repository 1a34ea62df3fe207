"""Vehicles: charged between as early and as late as they can be, in a day that ends as it began.

Most parks have electricity at 50 CNY/MWh from 0 to 11 o'clock and at 100 after, and vehicles that ask for 4 MWh a day.
"""

from dataclasses import replace

import numpy as np
import pytest
from parks import Draft, energy, paid, standing
from scipy.optimize import linprog

from models.case import Reserve
from models.errors import LedgerError
from planner.ledger.ledger import check_plan

DEAR, CHEAP = 100.0, 50.0


def depot(*sessions, **chargers) -> Draft:
    """A depot with these sessions, of arrive, leave, MWh, MW."""
    park = Draft()
    park.supply()
    park.tariff(0.5, hours="0-11")
    park.chargers(**chargers)
    for session in sessions:
        park.session(*session)
    return park


def per_day(park: Draft) -> float:
    return park.cost() / 365


def charged(plan, name: str = "depot") -> list[float]:
    own = plan.tables["dispatch"]
    own = own[(own["flow"] == "demand") & (own["name"] == name)]
    return own["value"].tolist()


def test_vehicles_wait_for_cheap_hours_as_far_as_they_may_stay():
    night = ("20:00", "03:00", 4.0, 1.0)
    assert per_day(depot(night)) == pytest.approx(3 * CHEAP + 1 * DEAR)  # 0 to 3 o'clock, the rest before
    assert per_day(depot(night, flexible=0)) == pytest.approx(4 * DEAR)  # 20 to 24 o'clock
    assert per_day(depot(("20:00", "03:00", 4.0, 2.0))) == pytest.approx(4 * CHEAP)
    assert per_day(depot(("20:00", "03:00", 4.0, 4.0))) == pytest.approx(4 * CHEAP)
    plan = depot(("10:00", "14:00", 3.0, 1.0)).solve()
    assert charged(plan)[9:15] == pytest.approx([0.0, 1.0, 1.0, *charged(plan)[12:14], 0.0])
    assert sum(charged(plan)[12:14]) == pytest.approx(1.0) and plan.system_cost == pytest.approx(365 * (2 * CHEAP + 1 * DEAR))
    assert per_day(depot(("10:30", "12:30", 3.5, 2.0))) == pytest.approx(3 * CHEAP + 0.5 * DEAR)
    assert per_day(depot(("00:00", "12:00", 4.0, 1.0), efficiency=0.8)) == pytest.approx(5 * CHEAP)


def test_the_fleet_multiplies_sessions_and_rows_share_their_power():
    park = Draft(2026, 2028)
    park.supply()
    park.chargers(fleet={2026: 1.0, 2028: 3.0})
    park.session("00:00", "12:00", 2.0, 1.0, number=2)
    plan = park.solve_twice()
    assert [energy(plan, "demand", "depot", y) for y in (2026, 2027, 2028)] == pytest.approx([4 * 365, 8 * 365, 12 * 365])
    early, late = ("06:00", "14:00", 6.0, 2.0), ("08:00", "14:00", 6.0, 2.0)
    assert per_day(depot(early, late)) == pytest.approx(12 * CHEAP)
    # 2 MW from 6 to 12 o'clock is 12 MWh; 1.75 MW is 10.5 and leaves 1.5 for 12 to 14.
    assert per_day(depot(early, late, max_power=2.0)) == pytest.approx(12 * CHEAP)
    assert per_day(depot(early, late, max_power=1.75)) == pytest.approx(10.5 * CHEAP + 1.5 * DEAR)
    park = depot(("00:00", "12:00", 6.0, 1.0), ("12:00", "24:00", 6.0, 1.0))
    assert per_day(park) == pytest.approx(6 * CHEAP + 6 * DEAR)
    assert per_day(depot(("00:00", "24:00", 12.0, 1.0))) == pytest.approx(12 * CHEAP)


def test_chargers_are_built_as_large_as_pays():
    # 4 MWh from 8 to 16 o'clock, 4 of these hours cheap: 1 MW serves in the cheap ones, 0.5 MW in all. A MW less saves its cost and
    # puts 4 MWh from 50 to 100 CNY: 73,000 CNY a year.
    session = ("08:00", "16:00", 4.0, 4.0)
    cheap = depot(session, capital_cost=70_000.0)
    plan = cheap.solve_twice()
    assert standing(plan, "depot")[2026] == pytest.approx(1.0) and plan.system_cost == pytest.approx(365 * 4 * CHEAP + 70_000)
    dear = depot(session, capital_cost=76_000.0).solve_twice()
    assert standing(dear, "depot")[2026] == pytest.approx(0.5) and paid(dear, "capital") == pytest.approx(38_000)
    at_once = depot(session, capital_cost=76_000.0, flexible=0).solve_twice()
    assert standing(at_once, "depot")[2026] == pytest.approx(4.0)


def test_a_demand_charge_is_paid_for_less_where_vehicles_give_way():
    def park(**chargers) -> Draft:
        found = Draft()
        found.supply(prices={"demand_charge": 1000.0})
        found.demand(mwh=8760.0, profile=found.profile("day", [0.0] * 12 + [2.0] * 12))
        found.chargers(**chargers)
        found.session("08:00", "18:00", 8.0, 8.0)
        return found
    # From 8 to 12 o'clock 2 MW, as the rest of the park has afterwards: none of 8 MWh is on top of it.
    energy_cost = (24 + 8) * 365 * 100.0
    assert park().cost() == pytest.approx(energy_cost + 12 * 1000 * 2)
    assert park(flexible=0).cost() == pytest.approx(energy_cost + 12 * 1000 * 8)


def test_days_of_the_week_dates_and_hours_of_the_profiles_are_told_apart():
    park = Draft(hours=14 * 24, first_weekday=2)  # Wednesday
    park.supply()
    park.chargers()
    park.session("08:00", "09:00", 1.0, 1.0, day="weekday")
    park.session("08:00", "09:00", 1.0, 1.0, day="weekend")
    park.session("22:00", "02:00", 4.0, 1.0, day="2030-01-14")
    park.session("1.5", "3.5", 2.0, 1.0, day="")
    park.session("335", "1", 2.0, 1.0, day="")
    plan = park.solve()
    weekdays, weekends, date, first, last = (np.array(charged(plan, f"depot {i}")) for i in range(1, 6))
    assert np.flatnonzero(weekdays).tolist() == [24 * d + 8 for d in (0, 1, 2, 5, 6, 7, 8, 9, 12, 13)]
    assert np.flatnonzero(weekends).tolist() == [24 * d + 8 for d in (3, 4, 10, 11)]
    assert np.flatnonzero(date).tolist() == [0, 1, 334, 335]  # over the end of the profiles
    assert first[:4].tolist() == pytest.approx([0.0, 0.5, 1.0, 0.5]) and np.flatnonzero(last).tolist() == [0, 335]


def test_the_ledger_refuses_charging_that_is_late_or_of_nobody():
    """Two sessions that touch: 2 MWh from 0 to 12 and 2 MWh from 12 to 24 o'clock, both in the first half, or both in the second."""
    park = depot(("00:00", "12:00", 2.0, 1.0))
    park.add(park.rows["sessions"][0].model_copy(update={"arrive": "12:00", "leave": "24:00"}))
    for row in (0, 1):
        only = Draft()
        only.rows, only.park = {**park.rows, "sessions": [park.rows["sessions"][row]]}, park.park
        plan, case = only.solve(), only.case()
        dispatch = plan.tables["dispatch"].copy()
        dispatch["value"] = dispatch.groupby("flow", observed=True)["value"].transform(lambda own: np.roll(own.to_numpy(), 12))
        with pytest.raises(LedgerError, match="charging"):
            check_plan(case, replace(plan, tables={**plan.tables, "dispatch": dispatch}), 4380.0)


def test_typical_days_have_the_energy_of_the_days_that_they_stand_for():
    park = depot(("20:00", "03:00", 4.0, 1.0))
    park.hours, park.rows["sessions"] = 8760, [park.rows["sessions"][0].model_copy(update={"day": "weekday"})]
    park.profile("flat", [1.0])
    plan = park.solve_on_days([0] * 100 + [1] * 265, flat=[1.0] * 48)
    weekdays = sum(d % 7 < 5 for d in range(365))
    assert energy(plan, "demand", "depot") == pytest.approx(4 * weekdays)
    # Each typical day has 3 cheap hours in which those who are there may draw all that they can.
    assert plan.system_cost == pytest.approx(weekdays * (3 * CHEAP + 1 * DEAR))


def test_what_moves_lowers_the_highest_hour_beside_what_vehicles_draw():
    """Power is dear from noon on, when 1.2 MW are asked; 2 MWh are charged from 2 to 6, as soon as vehicles are there."""
    park = depot()
    park.rows["sessions"] = []
    park.rows["chargers"] = [c.model_copy(update={"flexible": 0}) for c in park.rows["chargers"]]
    park.session("02:00", "06:00", 2.0, 1.0)
    park.tariff(2.0, hours="12-23")
    park.demand("works", profile=park.profile("day", [1.0] * 12 + [1.2] * 12), shift_share=0.1, shift_hours=2)
    plan = park.solve_twice()
    told = plan.tables["flexibility"].set_index(["demand", "item"])["value"]
    flows = plan.tables["dispatch"].query("flow == 'demand'").groupby("hour")["value"].sum()
    assert flows.max() > 1.9 and told["works", "peak_less"] <= 0.1


def test_what_is_planned_for_a_row_can_be_charged_session_by_session():
    """A week of stays of a whole day, one after the other in the middle of an hour: each gets its 6 MWh of what the row draws."""
    random = np.random.default_rng(3)
    park = Draft(hours=168)
    park.supply()
    park.by_the_hour("grid", park.profile("spot", random.uniform(0.1, 2.0, 168).round(2).tolist()), item="energy")
    park.chargers()
    park.session("18:30", "18:30", 6.0, 0.4)
    planned = charged(park.solve())
    hours = [(18 + 24 * d + np.arange(25)) % 168 for d in range(7)]
    most = np.full((7, 25), 0.4)
    most[:, [0, -1]] = 0.2
    by_hour = np.zeros((168, 175))
    by_hour[np.concatenate(hours), np.arange(175)] = 1.0
    by_session = np.kron(np.eye(7), np.ones(25))
    found = linprog(-np.ones(175), A_ub=np.vstack([by_hour, by_session]), b_ub=np.concatenate([planned, np.full(7, 6.0)]),
        bounds=np.stack([np.zeros(175), most.ravel()], axis=1))
    assert -found.fun == pytest.approx(42.0)


def test_reserves_count_vehicles_at_once_and_an_operated_one_as_it_suits():
    """1 MW all day and 6 MWh from 18 to 6 o'clock at 3 MW, 1 MW of import and engines of 1 MW. By sums 1.1 x 4 MW and a unit: 5
    engines with the import. With one out the day is 1.1 x (24 + 6) MWh over 24 hours, 1.1 MW at most of the day: 2."""
    for operated, peak, engines in ((0, [4.0], 5.0), (1, [], 2.0)):
        park = Draft()
        park.supply(max_import=1.0)
        park.demand()
        park.converter("engine", existing=2.0, existing_unit=1.0, unit_size=1.0, capital_cost=1e5, lifetime=20, max_capacity=9.0,
            variable_cost=500.0)
        park.chargers()
        park.session("18:00", "06:00", 6.0, 3.0)
        park.add(Reserve(carrier="electricity", zone="*", margin=0.1, largest_out=1, operated=operated))
        plan = park.solve()
        assert plan.tables["reserves"].query("item == 'demand'")["value"].tolist() == pytest.approx(peak)
        assert standing(plan, "engine")[2026] == pytest.approx(engines)
