"""Stores whose power is ordered apart, which keep a level, and into which something flows of itself."""

import pytest
from parks import Draft, built, energy

from models.case import Reserve, Technology
from models.inputs.equipment import producers
from planner.planning.run import Options, plan_park

DAY, NIGHT = 100.0, 50.0
#: Shape of an inflow that comes all at midnight.
FLOOD = [1.0] + [0.0] * 23


def tank(power: dict | None = None, **fields) -> Draft:
    """1 MW of demand, 12 hours at 50 and 12 at 100 CNY/MWh; 12 MWh of store that fills in an hour, or as its inverter allows."""
    park = Draft()
    park.demand()
    park.supply()
    park.tariff(0.5, hours="0-11")
    if power is not None:
        park.converter("inverter", {}, **power)
        fields["power_type"] = "inverter"
    park.store(**{"existing": 12.0} | fields)
    return park


def per_day(park: Draft) -> float:
    return park.cost() / 365


def test_power_apart_bounds_charge_and_discharge_of_all_stores_of_a_zone():
    park = tank({"existing": 0.5, "capital_cost": 1000.0}, min_level=0.25, initial_level=0.5, inflow=8760.0, inflow_profile="flood")
    park.profile("flood", FLOOD)
    park.solve_twice()
    assert per_day(tank()) == pytest.approx(24 * NIGHT) and per_day(tank({"existing": 1.0})) == pytest.approx(24 * NIGHT)
    assert per_day(tank({"existing": 0.5})) == pytest.approx(18 * NIGHT + 6 * DAY)
    park = tank({"existing": 0.5}, existing=6.0)
    park.store("packs", existing=6.0, power_type="inverter")
    assert per_day(park) == pytest.approx(18 * NIGHT + 6 * DAY)
    park.add(Technology(technology="second", type="inverter", existing=0.5))
    assert per_day(park) == pytest.approx(24 * NIGHT)


def test_power_and_energy_are_ordered_apart():
    # A MW saves 12 x 50 a day = 219 000 a year with its 12 MWh, and costs 100 000 and 12 x 5 000: 1 MW and 12 MWh are ordered.
    park = tank({"capital_cost": 100_000.0}, existing=0.0, capital_cost=5_000.0)
    plan = park.solve_twice()
    assert plan.system_cost == pytest.approx(365 * 24 * NIGHT + 160_000) and built(plan, "inverter") == pytest.approx({2026: 1.0})
    assert built(plan, "battery") == pytest.approx({2026: 12.0})
    # With MWh for 15 000 they come to more than they save: neither is ordered.
    dear = tank({"capital_cost": 100_000.0}, existing=0.0, capital_cost=15_000.0).solve()
    assert dear.system_cost == pytest.approx(365 * 12 * (NIGHT + DAY)) and built(dear, "inverter") == {}


def test_levels_are_held_and_what_flows_in_is_held_or_spilled():
    assert per_day(tank(min_level=0.25)) == pytest.approx(21 * NIGHT + 3 * DAY)
    assert per_day(tank(initial_level=0.5)) == pytest.approx(18 * NIGHT + 6 * DAY)
    assert per_day(tank(initial_level=0.0)) == pytest.approx(24 * NIGHT)
    assert per_day(tank(initial_level=1.0)) == pytest.approx(12 * NIGHT + 12 * DAY)
    assert per_day(tank(inflow=0.25 * 8760)) == pytest.approx(18 * NIGHT)
    park = tank(inflow=8760.0, inflow_profile="flood")
    park.profile("flood", FLOOD)
    assert per_day(park) == pytest.approx(11 * NIGHT)


def test_a_reservoir_holds_water_of_which_a_turbine_makes_electricity():
    # 0.25 MW of water for the day, when it is dear; the turbine makes 0.8 of it.
    park = tank(existing=12.0, inflow=0.25 * 8760)
    for table in ("technologies", "types", "ports"):
        park.rows[table].clear()
    park.converter("turbine", {"water": -1.25, "electricity": 1.0}, existing=1.0)
    park.store("lake", "water", existing=12.0, inflow=0.25 * 8760)
    plan = park.solve()
    assert energy(plan, "out", "turbine") == pytest.approx(0.8 * 0.25 * 8760)
    assert plan.system_cost / 365 == pytest.approx(12 * NIGHT + 7.2 * DAY)


def test_a_seasonal_store_keeps_its_levels_and_holds_what_flows_in():
    # Heat of 1 MW in winter, 182 days, at 100; in summer 1 MW of sun. The pit of 1000 MWh gives what it holds.
    def cost(**fields) -> float:
        park = Draft(hours=8760)
        park.profile("cold", [1.0])
        park.profile("sun", [1.0])
        park.demand("warmth", "heat", 4368.0, profile="cold")
        park.supply("steam", "heat", price=100.0)
        park.converter("collector", {"heat": 1.0}, existing=1.0, profile="sun")
        park.store("pit", "heat", existing=1000.0, seasonal=1, **fields)
        seasons = [0] * 182 + [1] * 183
        return park.solve_on_days(seasons, cold=[1.0] * 24 + [0.0] * 24, sun=[0.0] * 24 + [1.0] * 24).system_cost
    assert cost() == pytest.approx(3368 * 100) and cost(min_level=0.2) == pytest.approx(3568 * 100)
    assert cost(initial_level=0.5) == pytest.approx(3868 * 100)  # it begins winter with 500, and ends summer with them
    assert cost(inflow=0.3 * 8760) == pytest.approx((3368 - 0.3 * 4368) * 100)


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_a_unit_of_the_power_may_be_out(method):
    """Heat of 1 MW by day alone, 0.5 MW from outside at all times: the store gives 0.5 MW for 12 h. Of two inverters of 0.5 MW one
    may be out. Of one of 1 MW a second one is ordered, 1 MW for 1000; without the reserve neither needs one."""
    def cost(unit: float, operated: int) -> float:
        park = Draft()
        park.demand("warmth", "heat", mwh=4380.0, profile=park.profile("day", [0.0] * 12 + [1.0] * 12))
        park.supply("steam", "heat", price=0.0, max_import=0.5)
        park.converter("pump", {}, existing=1.0, existing_unit=unit, capital_cost=1000.0, unit_size=unit, max_capacity=4.0)
        park.store("tank", "heat", existing=8.0, existing_unit=1.0, power_type="pump")
        if operated:
            park.add(Reserve(carrier="heat", largest_out=1, operated=1))
        plan = plan_park(park.case(), Options(gap=1e-9, method=method, compare=False)).target
        assert plan.status == "optimal"
        return plan.system_cost
    assert cost(1.0, operated=0) == pytest.approx(0, abs=1e-6) and cost(0.5, operated=1) == pytest.approx(0, abs=1e-6)
    assert cost(1.0, operated=1) == pytest.approx(1000)


def test_sums_of_firm_capacity_count_power_apart_only_where_it_is_stated():
    assert producers(tank().case(), "electricity", "park") == {"battery": 0.25}
    assert producers(tank({"existing": 1.0}).case(), "electricity", "park") == {}
    assert producers(tank({"existing": 1.0}, firm=0.2).case(), "electricity", "park") == {"battery": 0.2}
