"""A port's ratio that differs from hour to hour: in the balance, in what is made and emitted, on days and in all hours."""

from dataclasses import replace

import numpy as np
import pytest
from parks import GAP, Draft, emitted, energy, ratio

import planner.planning.run
from models.errors import LedgerError
from models.inputs import resolve
from planner.planning.base import base_emissions
from planner.planning.run import Options, plan_park

#: The first half of a day as stated, the second half at half of it.
HALVES = [1.0] * 12 + [0.5] * 12


def pump(profile: bool = True, **fields) -> Draft:
    """Heat of 1 MW from a heat pump of 3 MW heat for 1 MW of power at 100 CNY/MWh."""
    park = Draft(**fields)
    park.demand("warmth", "heat")
    park.supply(factor=0.5)
    cop = {"heat": park.profile("cop", HALVES)} if profile else {}
    park.converter("pump", {"electricity": -1.0, "heat": 3.0}, existing=1.0, port_profiles=cop)
    return park


def test_a_heat_pump_takes_and_gives_at_the_ratio_of_the_hour():
    assert pump(False).cost() == pytest.approx(8 * 365 * 100)
    plan = pump().solve()
    assert plan.system_cost == pytest.approx(12 * 365 * 100) and energy(plan, "in", "pump") == pytest.approx(12 * 365)
    assert energy(plan, "out", "pump") == pytest.approx(8760)
    park = pump()
    park.rows["technologies"][0] = park.rows["technologies"][0].model_copy(update={"existing": 0.5})
    assert park.try_to_solve().status == "infeasible"
    park = Draft()
    park.demand("warmth", "heat")
    park.supply("gas", "gas", price=50.0)
    park.converter("boiler", {"gas": -1.0, "heat": 1.0}, existing=1.0, port_profiles={"gas": park.profile("part", HALVES)})
    assert park.cost() == pytest.approx(0.75 * 8760 * 50)
    case = pump(base_emissions=None).case()
    assert base_emissions(case) == pytest.approx(0.5 * 12 * 365)
    assert resolve(case, case.goal, 1.0).conversion.ports["pump"][1].shape is not None


def test_one_port_of_a_carrier_may_differ_and_the_other_not():
    # A network pump: 1.2 of heat comes of 1 in half the hours, in the others 0.6 of 1, which is of no use.
    park = Draft()
    park.demand("warmth", "heat")
    park.supply("steam", "heat", price=60.0)
    park.converter("network", {"heat": 1.2}, existing=5.0, port_profiles={"heat": park.profile("lift", HALVES)})
    park.rows["ports"].append(park.rows["ports"][0].model_copy(update={"direction": "in", "ratio": 1.0, "profile": ""}))
    plan = park.solve()  # 0.2 a unit: 5 units give the 1 MW
    assert plan.system_cost == pytest.approx(12 * 365 * 60)


def test_electricity_is_counted_as_it_is_made_in_each_hour():
    # A green engine of 1 MW makes 1 MW and then 0.5 MW: 0.75 of all.
    park = Draft()
    park.demand()
    park.supply(factor=0.5)
    park.converter("engine", existing=1.0, green=1, port_profiles={"electricity": park.profile("heat of the day", HALVES)})
    park.rule("direct_green_share", ">=", 0.7)
    plan = park.solve()
    assert ratio(plan, "direct_green_share") == pytest.approx(0.75) and emitted(plan, "direct_green") == pytest.approx(0.75 * 8760)
    park.rule("gross_ratio", "<=", 0.0)
    assert park.try_to_solve().status == "infeasible"


def flue_gas(profile: str = "part", rate: float = 1.0) -> Draft:
    """A boiler that burns 1 MW and then 2 MW of gas at 0.2 t/MWh, from which all may be captured; carbon is dear."""
    park = Draft()
    park.profile("part", [1.0] * 12 + [2.0] * 12)
    park.demand("warmth", "heat")
    park.supply("gas", "gas", price=50.0, factor=0.2)
    park.price("*", "carbon", 1000.0, "CNY/t")
    park.supply("well", "co2", price=None, max_export=2.0)
    park.converter("boiler", {"gas": -1.0, "heat": 1.0}, existing=1.0, port_profiles={"gas": profile} if profile else {})
    park.capture("scrubber", {"boiler": rate}, existing=10.0)
    return park


def test_what_is_captured_follows_the_fuel_of_the_hour():
    plan = flue_gas().solve()
    assert emitted(plan, "captured_fossil") == pytest.approx(0.2 * 1.5 * 8760)
    assert emitted(plan, "scope1") == pytest.approx(0.0, abs=1e-3)
    assert emitted(flue_gas("").solve(), "captured_fossil") == pytest.approx(0.2 * 8760)
    park = flue_gas()
    park.rows["technologies"][1] = park.rows["technologies"][1].model_copy(update={"existing": 0.3})
    assert emitted(park.solve(), "captured_fossil") == pytest.approx(365 * (12 * 0.2 + 12 * 0.3))
    park = Draft()
    park.demand()
    park.supply()
    park.converter("roof", existing=2.0, profile=park.profile("sun", [0.0] * 12 + [1.0] * 12),
        port_profiles={"electricity": park.profile("warm", [1.0] * 12 + [0.8] * 12)})
    plan = park.solve()
    assert energy(plan, "curtailed", "roof") == pytest.approx(0.6 * 12 * 365)


def test_a_plant_whose_ports_all_rest_in_some_hours_is_planned():
    park = pump()
    park.profile("cop", [1.0] * 12 + [0.0] * 12)
    park.profiles["rest"] = park.profiles["cop"]
    park.rows["ports"] = [p.model_copy(update={"profile": "rest"}) for p in park.rows["ports"]]
    park.supply("steam", "heat", price=90.0)
    assert park.cost() == pytest.approx(365 * (12 / 3 * 100 + 12 * 90))


def test_a_profile_of_a_port_stands_on_typical_days_as_an_availability_does():
    # 265 days at the whole ratio, 100 at half of it.
    days = [0] * 265 + [1] * 100
    plan = pump(hours=8760).solve_on_days(days, cop=[1.0] * 24 + [0.5] * 24)
    assert plan.system_cost == pytest.approx(100 * 24 / 3 * (265 + 2 * 100))


def test_both_methods_find_the_same():
    costs = {method: plan_park(flue_gas().case(), Options(gap=GAP, compare=False, method=method)).target.system_cost
        for method in ("whole", "decomposed")}
    assert costs["decomposed"] == pytest.approx(costs["whole"], rel=1e-6)


@pytest.mark.slow
def test_a_plan_on_typical_days_is_operated_at_the_ratios_of_all_hours():
    park = pump(hours=8760)
    park.profile("cop", 0.75 + 0.25 * np.sin(np.arange(8760) / 8760 * 2 * np.pi))
    park.park = park.park.model_copy(update={"typical_days": 4})
    plan = plan_park(park.case(), Options(gap=1e-4, compare=False)).target
    assert plan.verified and plan.system_cost == pytest.approx(100 / 3 * float((1 / park.profiles["cop"]).sum()), rel=1e-5)


@pytest.mark.parametrize("park", [pump(), flue_gas()], ids=["made", "burnt"])
def test_the_ledger_refuses_another_ratio_in_an_hour(park: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve_wrongly(*args):
        inputs = resolve(*args)
        wrong = {k: tuple(p if p.shape is None else replace(p, shape=np.where(np.arange(24) == 13, 1.01, 1) * p.shape) for p in own)
            for k, own in inputs.conversion.ports.items()}
        return replace(inputs, conversion=replace(inputs.conversion, ports=wrong))
    monkeypatch.setattr(planner.planning.run, "resolve", resolve_wrongly)
    with pytest.raises(LedgerError) as caught:
        park.solve()
    assert any("flow of" in d.quantity for d in caught.value.disagreements)
