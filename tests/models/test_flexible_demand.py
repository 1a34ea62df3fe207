"""Demand that moves or is shed by agreement, by hand: one day of 24 hours stands for the year, so a MW of an hour is 365 MWh."""

import numpy as np
import pytest
from parks import Draft, built, energy, paid

from models.case import ParkRule, Reserve
from planner.plan import REFERENCE, TARGET, Plan
from planner.solve.hours.months import LinkValues
from planner.solve.hours.operator import Operator
from planner.solve.hours.restricted_master import Conditions

DAYS = 365


def at(*hours: int) -> list[float]:
    """1 in these hours of the day."""
    return [1.0 if h in hours else 0.0 for h in range(24)]


def one_hour(cheap: int, asked: int = 12, **fields) -> Draft:
    """1 MW in one hour of the day; a MWh costs 100, in one hour of the day 40."""
    park = Draft()
    park.demand("power", mwh=float(DAYS), profile=park.profile("asked", at(asked)), **fields)
    park.supply(price=100.0, factor=0.5)
    park.tariff(0.4, hours=str(cheap))
    return park


def told(plan: Plan, item: str, demand: str = "power") -> float:
    own = plan.tables["flexibility"].query("demand == @demand and item == @item")
    return float(own["value"].sum())


@pytest.mark.parametrize(("cheap", "asked"), [(10, 12), (14, 12), (23, 1), (0, 22)])
def test_what_moves_comes_in_the_cheap_hour_within_its_hours(cheap, asked):
    assert one_hour(cheap, asked).cost() == pytest.approx(DAYS * 100)
    assert one_hour(cheap, asked, shift_share=1.0, shift_hours=1).cost() == pytest.approx(DAYS * 100)
    plan = one_hour(cheap, asked, shift_share=1.0, shift_hours=2).solve()
    assert plan.system_cost == pytest.approx(DAYS * 40)
    assert energy(plan, "demand", "power") == energy(plan, "served", "power") == pytest.approx(DAYS)
    assert [told(plan, item) for item in ("asked", "moved", "highest_served", "peak_less")] == pytest.approx([DAYS, DAYS, 1, 0])


def test_only_its_share_moves_and_where_that_saves_more_than_it_costs():
    park = one_hour(10, shift_share=0.5, shift_hours=2)
    assert park.solve_twice().system_cost == pytest.approx(DAYS * 70)
    park.measure("led", {"power": 0.2})
    plan = park.solve_twice()
    assert plan.system_cost == pytest.approx(0.8 * DAYS * 70) and told(plan, "asked") == pytest.approx(0.8 * 0.5 * DAYS)
    plan = one_hour(10, shift_share=1.0, shift_hours=2, shift_cost=20.0).solve_twice()
    assert plan.system_cost == pytest.approx(DAYS * 60)
    assert [paid(plan, "shift"), told(plan, "cost"), told(plan, "moved")] == pytest.approx([DAYS * 20, DAYS * 20, DAYS])
    plan = one_hour(10, shift_share=1.0, shift_hours=2, shift_cost=70.0).solve_twice()
    assert plan.system_cost == pytest.approx(DAYS * 100)
    assert [paid(plan, "shift"), told(plan, "moved")] == pytest.approx([0, 0], abs=1e-4)
    park = Draft()
    park.demand("power", mwh=float(12 * DAYS), profile=park.profile("asked", at(*range(12))), shift_share=1.0, shift_hours=1)
    park.supply(price=100.0)
    park.converter("pv", existing=5.0, profile=park.profile("sun", at(12)))
    assert park.cost() == pytest.approx(DAYS * 11 * 100)


@pytest.mark.parametrize(("power", "in_cheap"), [(None, 2.0), (1.5, 1.5), (1.0, 1.0)])
def test_a_flat_demand_moves_as_far_as_its_power_allows(power, in_cheap):
    # 1 MW always, every second hour at 40: with an hour's freedom all of an hour's MWh comes in the next one, if it has the power.
    park = Draft()
    park.demand("power", shift_share=1.0, shift_hours=1, shift_power=power)
    park.supply(price=100.0)
    park.tariff(0.4, hours=";".join(str(h) for h in range(1, 24, 2)))
    plan = park.solve()
    assert plan.system_cost == pytest.approx(DAYS * 12 * (in_cheap * 40 + (2 - in_cheap) * 100))
    assert power is None or told(plan, "highest_served") == pytest.approx(in_cheap)


def test_a_store_of_that_kind_by_hand():
    # 2 MW asked at 8 and at 20, a connection of 1 MW: with an hour's freedom half comes an hour before or after, at no cost.
    park = Draft()
    park.demand("power", mwh=float(4 * DAYS), profile=park.profile("asked", at(8, 20)), shift_share=0.5, shift_hours=1)
    park.supply(price=100.0, max_import=1.0)
    plan = park.solve_twice()
    assert plan.system_cost == pytest.approx(DAYS * 400)
    assert [told(plan, item) for item in ("moved", "peak_less")] == pytest.approx([2 * DAYS, 1])
    park.rows["demand"] = [row.model_copy(update={"shift_share": 0.25}) for row in park.rows["demand"]]
    assert park.try_to_solve().status == "infeasible"


def dear_evening(**fields) -> Draft:
    """1 MW always; a MWh costs 100, at 18 and 19 it costs 900."""
    park = Draft(base_emissions=1.0)
    park.demand("power", shed_share=0.3, shed_price=300.0, **fields)
    park.supply(price=100.0)
    park.tariff(9.0, hours="18-19")
    return park


def test_what_is_shed_keeps_to_its_share_its_hours_and_its_price():
    plan = dear_evening().solve_twice()
    assert plan.system_cost == pytest.approx(DAYS * (22 * 100 + 2 * (0.7 * 900 + 0.3 * 300)))
    shed = 2 * 0.3 * DAYS
    assert [paid(plan, "shed"), energy(plan, "shed", "power"), told(plan, "shed")] == pytest.approx([300 * shed, shed, shed])
    assert energy(plan, "demand", "power") == pytest.approx(24 * DAYS - shed) and told(plan, "moved") == 0
    plan = dear_evening(shed_hours=float(DAYS)).solve_twice()
    assert plan.system_cost == pytest.approx(DAYS * (22 * 100 + 2 * 900 - 0.3 * 600))
    park = dear_evening(shed_hours=float(DAYS))
    park.measure("led", {"power": 0.5})  # halves the agreed energy, too
    assert park.solve_twice().system_cost == pytest.approx(0.5 * DAYS * (22 * 100 + 2 * 900 - 0.3 * 600))
    park = Draft(base_emissions=1.0)
    park.demand("power", shed_share=0.1, shed_price=90_000.0)
    park.supply(price=100.0, max_import=0.9)
    assert park.solve_twice().system_cost == pytest.approx(DAYS * 24 * (90 + 9000))


def test_only_firm_shedding_need_not_be_held_in_reserve():
    def park(**fields) -> Draft:
        own = Draft(base_emissions=1.0)
        own.demand("warmth", "heat", shift_share=0.5, shift_hours=3, shed_share=0.25, shed_price=1000.0, **fields)
        own.supply("gas", "gas", price=10.0)
        own.converter("boiler", {"gas": -1.0, "heat": 1.0}, capital_cost=1000.0, lifetime=1, max_capacity=9.0)
        own.add(Reserve(carrier="heat", margin=0.6))
        return own
    assert built(park().solve_twice(), "boiler")[2026] == pytest.approx(1.6)
    assert built(park(firm_shed=1).solve_twice(), "boiler")[2026] == pytest.approx(1.6 * 0.75)


def test_only_firm_shedding_is_left_out_with_a_unit_out():
    # Units of 0.5 MW for 1 MW: a third one, since one may be out; two where half of the demand need not be served then.
    def park(**fields) -> Draft:
        own = Draft(hours=24, base_emissions=1.0)
        own.demand("warmth", "heat", shed_share=0.5, shed_price=1000.0, **fields)
        own.supply("gas", "gas", price=10.0)
        own.converter("boiler", {"gas": -1.0, "heat": 1.0}, capital_cost=1000.0, lifetime=1, max_capacity=4.0, unit_size=0.5)
        own.add(Reserve(carrier="heat", largest_out=1, operated=1))
        return own
    assert built(park().solve(), "boiler")[2026] == pytest.approx(1.5)
    assert built(park(firm_shed=1).solve(), "boiler")[2026] == pytest.approx(1.0)


def test_green_power_of_the_hour_covers_what_is_served_in_it():
    # Sun at 10, use at 12: only if it is served at 10 is all of it green in its hour.
    def park(**fields) -> Draft:
        own = one_hour(12, **fields)
        own.converter("pv", existing=1.0, profile=own.profile("sun", at(10)), green=1)
        own.add(ParkRule(rule="hourly", metric="hourly_green_share", sense=">=", limit=1.0))
        return own
    assert park().try_to_solve().status == "infeasible"
    plan = park(shift_share=1.0, shift_hours=2).solve_twice()
    assert plan.system_cost == pytest.approx(0, abs=1e-3) and energy(plan, "out", "pv") == pytest.approx(DAYS)


def test_a_typical_day_serves_what_is_asked_on_it():
    # Two kinds of days, used at 1 and cheap at 23: on both the cheap hour is that of the same day.
    park = Draft(hours=8760, base_emissions=1.0)
    park.demand("power", mwh=3.0, profile=park.profile("asked", [1.0] * 8760), shift_share=1.0, shift_hours=2)
    park.supply(price=100.0)
    park.tariff(0.4, hours="23")
    kinds = [i % 2 for i in range(365)]
    plan = park.solve_on_days(kinds, asked=at(1) + [2 * v for v in at(2)])
    # 183 days of 1 and 182 of 2: the first is two hours from 23, the second three.
    assert plan.system_cost == pytest.approx(3 * (183 * 40 + 364 * 100) / 547)


def test_shares_change_over_the_years_and_the_reference_moves():
    park = Draft(2026, 2028)
    for year, share in ((2026, 0.0), (2028, 1.0)):
        park.demand("power", mwh={year: float(DAYS)}, profile=park.profile("asked", at(12)), shift_share=share, shift_hours=2)
    park.supply(price=100.0, factor=0.5)
    park.tariff(0.4, hours="10")
    plan = park.solve_twice()
    costs = [paid(plan, "energy", y) for y in (2026, 2027, 2028)]
    assert costs == pytest.approx([DAYS * 100, DAYS * 70, DAYS * 40])
    park = one_hour(10, shift_share=1.0, shift_hours=2)
    park.by_the_hour("grid", park.profile("mix", [1.0 if h != 10 else 0.2 for h in range(24)]), basis="")
    park.park = park.park.model_copy(update={"base_emissions": None})
    run = park.run()
    assert run.plans[REFERENCE].system_cost == pytest.approx(DAYS * 40)
    base = run.plans[TARGET].tables["emissions"].query("item == 'base'")["value"].tolist()
    assert base == pytest.approx([DAYS * 0.5])  # as it is asked


def over_a_month_end(**fields) -> Draft:
    """10 MWh asked in the first hour of February; the hour before it costs 40, all others 100."""
    park = Draft(hours=8760, base_emissions=1.0)
    hours = np.arange(8760)
    park.demand("power", mwh=10.0, profile=park.profile("once", np.where(hours == 744, 1.0, 0.0)), shift_share=1.0, **fields)
    park.supply(price=100.0)
    park.by_the_hour("grid", park.profile("spot", np.where(hours == 743, 0.4, 1.0)), item="energy")
    return park


def test_months_agree_by_prices_on_what_is_served_before_it_is_asked():
    inputs, links = over_a_month_end(shift_hours=1, shift_cost=5.0).inputs(), LinkValues({("demand", "power"): 10.0}, {})
    operator = Operator(inputs, 1)
    year = operator.operate(2026, links, {}, Conditions(is_trial=True))
    assert year.cost == pytest.approx(450.0, rel=1e-3) and not year.coupling_slack
    assert year.slope["demand", "power"] == pytest.approx(45.0, rel=1e-2)
    # The operation of a plan of typical days has nothing ahead or owed as a month ends: it pays the full price in this one hour.
    assert operator.operate(2026, links, {}).cost == pytest.approx(1000.0, rel=1e-3)


def test_a_flat_demand_that_may_not_take_more_is_operated_by_months():
    park = Draft(hours=8760, base_emissions=1.0)
    park.demand("power", shift_share=1.0, shift_hours=12, shift_power=1.0)
    park.supply(price=100.0)
    year = Operator(park.inputs(), 1).operate(2026, LinkValues({("demand", "power"): 8760.0}, {}), {})
    assert year.cost == pytest.approx(876_000.0) and not year.unserved
