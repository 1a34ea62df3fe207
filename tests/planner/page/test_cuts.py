"""Cuts: what each decision cuts is worked out by hand in small parks, and adds up to the difference in all of them."""

import pytest
from parks import Draft

from planner.answer.emitted import CAPTURED, LESS, SAVED, SOLD, cuts
from planner.answer.series import net_emissions
from planner.plan import REFERENCE, TARGET


def both(park: Draft):
    """Tables of the target and of the reference."""
    plans = park.run().plans
    return plans[TARGET].tables, plans[REFERENCE].tables


def assert_adds_up(plan, reference, found) -> None:
    net = net_emissions({"plan": plan, "reference": reference})
    for y in net.index:
        assert found.loc[y].sum() == pytest.approx(net["reference"][y] - net["plan"][y], abs=1e-3)


def test_years_stay_in_their_order_where_a_decision_begins_later(monkeypatch) -> None:
    cut = {2026: {"pv": 1.0}, 2027: {"wind": 2.0}, 2028: {"pv": 3.0}}
    monkeypatch.setattr("planner.answer.emitted._years_of", lambda tables: {y: y for y in cut})
    monkeypatch.setattr("planner.answer.emitted._year", lambda mine, theirs, accounting: cut[mine])
    monkeypatch.setattr("planner.answer.emitted._used_less", lambda plan, reference: [])
    assert list(cuts({}, {}, "market").index) == [2026, 2027, 2028]


def powered() -> Draft:
    """8,760 MWh of electricity a year from a grid of 0.5 t/MWh: 4,380 t."""
    park = Draft(discount_rate=0.0, base_emissions=4380.0)
    park.demand("machines", mwh=8760.0)
    park.supply("grid", price=100.0, factor=0.5)
    return park


def test_a_plant_cuts_what_its_electricity_would_have_emitted() -> None:
    park = powered()
    park.converter("hydro", {"electricity": 1.0}, capital_cost=1.0, lifetime=10, max_capacity=0.25)
    plan, reference = both(park)
    found = cuts(plan, reference, "market")
    assert found.iloc[0]["hydro"] == pytest.approx(0.25 * 8760 * 0.5) and found.iloc[0].drop("hydro").abs().sum() < 1e-6
    assert_adds_up(plan, reference, found)


def test_a_measure_cuts_the_emissions_of_the_energy_that_it_saves() -> None:
    park = powered()
    park.measure("led", {"machines": 0.1}, capital_cost=1.0, lifetime=10)
    plan, reference = both(park)
    found = cuts(plan, reference, "market")
    assert found.iloc[0][SAVED] == pytest.approx(438.0)
    assert_adds_up(plan, reference, found)


def test_a_heat_pump_cuts_the_boiler_s_emissions_less_those_of_its_own_electricity() -> None:
    """1 MWh of heat from the boiler: 0.2/0.8 = 0.25 t. From the pump: 0.5/4 = 0.125 t. For 876 MWh: 109.5 t less."""
    park = powered()
    park.demand("warmth", "heat", mwh=876.0)
    park.supply("gas", "gas", price=50.0, factor=0.2)
    park.converter("boiler", {"gas": -1.25, "heat": 1.0}, existing=1.0)
    park.converter("pump", {"electricity": -0.25, "heat": 1.0}, capital_cost=1.0, lifetime=10, max_capacity=1.0)
    plan, reference = both(park)
    found = cuts(plan, reference, "market")
    assert found.iloc[0]["pump"] == pytest.approx(109.5)
    assert found.iloc[0].get(LESS, 0.0) == pytest.approx(0.0, abs=1e-6)  # boiler and gas only hand on what they got
    assert_adds_up(plan, reference, found)


def test_what_stands_in_a_zone_of_its_own_is_worth_what_it_replaces() -> None:
    """The hill has no electricity in the reference: the wind there is worth what arrives, the line what is lost on the way."""
    park = Draft(discount_rate=0.0, base_emissions=4380.0)
    park.demand("machines", zone="town", mwh=8760.0)
    park.supply("grid", zone="town", price=100.0, factor=0.5)
    park.converter("wind", {"electricity": 1.0}, zone="hill", capital_cost=1.0, lifetime=10, max_capacity=0.5)
    park.link("line", "hill", "town", "electricity", loss=0.1, capital_cost=1.0, lifetime=10, max_capacity=1.0)
    plan, reference = both(park)
    found = cuts(plan, reference, "market")
    assert found.iloc[0]["wind"] == pytest.approx(0.5 * 8760 * 0.9 * 0.5) and found.iloc[0].drop("wind").abs().sum() < 1e-6
    assert_adds_up(plan, reference, found)


def test_capture_credits_and_sales_add_up_too() -> None:
    park = powered()
    park.supply("well", "co2", price=None, max_export=2.0, prices={"export": -5.0})
    park.supply("gas", "gas", price=20.0, factor=0.2)
    park.converter("engine", {"gas": -2.0, "electricity": 1.0}, existing=0.5, capital_cost=1.0, lifetime=10)
    park.capture("scrubber", {"engine": 0.9}, {"electricity": -0.1}, capital_cost=1.0, lifetime=10)
    park.offset("biochar", "removal", 120.0)
    park.rule("net_ratio", "<=", 0.0)
    park.goal(2026)
    plan, reference = both(park)
    found = cuts(plan, reference, "market")
    assert found.iloc[0][CAPTURED] > 100 and found.iloc[0]["removal_credits"] > 100 and SOLD not in found
    assert_adds_up(plan, reference, found)
