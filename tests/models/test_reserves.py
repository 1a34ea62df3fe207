"""reserves.csv: firm capacity that meets the highest demand with a margin, and with the largest single unit out.

Heat is needed, 1 MW in every hour unless said otherwise. Gas costs nothing, and a boiler 1000 CNY a MW that lives a year.
"""

from dataclasses import replace

import numpy as np
import pytest
from parks import Draft, built, planned, standing

from models.case import Committed, Connection, Cost, Reserve
from models.errors import LedgerError
from planner.ledger.ledger import check_plan
from planner.planning.run import Options, plan_park


def heated(last: int = 2026, needed: float = 1.0, **boiler) -> Draft:
    park = Draft(2026, last)
    park.demand("warmth", "heat", mwh=8760.0 * needed)
    park.supply("gas", "gas", price=0.0)
    park.converter("boiler", {"heat": 1.0, "gas": -1.0}, **{"capital_cost": 1000.0, "max_capacity": 20.0} | boiler)
    return park


def held(park: Draft, zone: str = "park", **fields) -> Draft:
    park.add(Reserve(carrier="heat", zone=zone, **fields))
    return park


def told(plan, year: int = 2026, zone: str = "park") -> dict[str, float]:
    own = plan.tables["reserves"]
    own = own[(own["year"] == year) & (own["carrier"] == "heat") & (own["zone"] == zone)]
    return dict(zip(own["item"], own["value"].tolist(), strict=True))


both = pytest.mark.parametrize("method", ["whole", "decomposed"])


@both
def test_a_margin_is_held_on_top_of_the_highest_demand(method):
    assert planned(heated(), method).system_cost == pytest.approx(1000)
    plan = planned(held(heated(), margin=0.2), method)
    assert plan.system_cost == pytest.approx(1200)
    assert told(plan) == pytest.approx({"firm": 1.2, "demand": 1.0, "largest_unit": 1.2, "required": 1.2})


def test_without_margin_and_units_the_highest_hour_alone_is_asked_for():
    park = heated()
    park.rows["demand"].clear()
    park.demand("warmth", "heat", profile=park.profile("shape", [1.0, 3.0]))
    assert planned(park).system_cost == pytest.approx(1500) and planned(held(park)).system_cost == pytest.approx(1500)


@both
def test_the_largest_unit_may_be_out(method):
    """2 MW are needed: three units of 1 MW, or of 0.8 MW four."""
    for unit, cost in ((1.0, 3000), (0.8, 3200)):
        plan = planned(held(heated(needed=2.0, unit_size=unit), largest_out=1), method)
        assert plan.system_cost == pytest.approx(cost) and told(plan)["largest_unit"] == pytest.approx(unit)
        assert told(plan)["required"] == pytest.approx(2 + unit)


@both
def test_orders_without_units_are_a_unit_each(method):
    """Two boilers: each must do alone, 2 x 2 MW. Three: any two must, 3 x 1 MW."""
    for count, cost in ((2, 4000), (3, 3000)):
        park = held(heated(needed=2.0), largest_out=1)
        for i in range(count - 1):
            park.converter(f"boiler {i}", {"heat": 1.0, "gas": -1.0}, capital_cost=1000.0)
        assert planned(park, method).system_cost == pytest.approx(cost)


@both
def test_what_stood_is_one_unit_or_those_that_it_comes_in(method):
    """3 MW stood: in units of 1 MW one may be out and 2 MW are left; as one unit, 2 MW are ordered in units of 1 MW."""
    park = held(heated(needed=2.0, existing=3.0, unit_size=1.0, existing_unit=1.0), largest_out=1)
    assert planned(park, method).system_cost == pytest.approx(0.0, abs=1e-6)
    park = held(heated(needed=2.0, existing=3.0, unit_size=1.0), largest_out=1)
    assert planned(park, method).system_cost == pytest.approx(2000)


@both
def test_the_rest_beside_whole_units_is_a_unit_too(method):
    """5 MW in units of 2 MW and one of 1 MW, at 100 a MW and year; 1 MW is needed, and more than that costs. The rest and a unit:
    with the unit out the rest is enough. The rest alone, or a unit alone, is not."""
    park = held(heated(needed=1.0, existing=5.0, existing_unit=2.0, fixed_cost=100.0, capital_cost=1e6), largest_out=1)
    plan = planned(park, method)
    assert standing(plan, "boiler") == pytest.approx({2026: 3.0}) and told(plan)["largest_unit"] == pytest.approx(2.0)


def test_signed_orders_and_those_that_are_decided_are_units_of_one_size():
    park = held(heated(needed=2.0, unit_size=1.0), largest_out=1)
    park.add(Committed(technology="boiler", year=2026, build=2.0, capital_cost=0.0))
    assert planned(park).system_cost == pytest.approx(1000)


@both
def test_an_order_that_is_signed_and_one_of_its_year_are_two_units(method):
    """2 MW are signed and 2 MW ordered: either does alone. In 2027 1 MW is needed: of each 1 MW is left, which pays 100 CNY."""
    park = held(heated(2027, lifetime=2.0, fixed_cost={2026: 0.0, 2027: 100.0}), largest_out=1)
    park.rows["demand"] = []
    park.demand("warmth", "heat", mwh={2026: 17520.0, 2027: 8760.0})
    park.add(Committed(technology="boiler", year=2026, build=2.0, capital_cost=0.0))
    plan = planned(park, method)
    assert plan.system_cost == pytest.approx(2 * 1000 + 2 * 100)
    assert [told(plan, y)["largest_unit"] for y in (2026, 2027)] == pytest.approx([2.0, 1.0])


def test_what_depends_on_the_weather_gives_nothing_for_sure_unless_its_type_says_so():
    """2 MW of solar heat stand, of which a fifth can be counted on: 0.4 MW."""
    for firm, cost in ((None, 1000), (0.2, 600), (0.0, 1000)):
        park = held(heated())
        park.profile("sun", [1.0])
        park.converter("solar", {"heat": 1.0}, existing=2.0, profile="sun", firm=firm)
        assert planned(park).system_cost == pytest.approx(cost)


def test_a_store_gives_what_it_can_for_four_hours():
    """8 MWh that can be emptied in two hours, with losses of a fifth: 8 x 0.8 / 4 = 1.6 MW; in ten hours 0.8 MW. 2 MW are needed."""
    for hours, firm, cost in ((2.0, None, 400), (10.0, None, 1200), (10.0, 0.2, 400)):
        park = held(heated(needed=2.0))
        park.profiles["shape"] = np.array([1.0])
        park.store("tank", "heat", existing=8.0, full_power_hours=hours, discharge_efficiency=0.8, firm=firm)
        park.supply("neighbour", "heat", price=0.0, max_import=0.0)
        plan = planned(park)
        # The store empties and fills within the day at no more than its losses allow: the boiler serves the mean.
        assert told(plan)["firm"] >= 2.0 - 1e-9 and plan.system_cost >= cost - 1e-6
        assert told(plan)["firm"] == pytest.approx(plan.system_cost / 1000 + {400: 1.6, 1200: 0.8}[cost])


def test_the_ratio_counts_less_what_goes_in_and_its_worst_hour():
    """A machine that gives 3 of heat and takes 0.5 of it back, in its worst hour half of the 3: 1 MW for each of its own."""
    park = held(heated(capital_cost=1e9), margin=1.0)
    park.profile("cold", [1.0, 0.5])
    park.converter("pump", {"heat": 3.0, "gas": -1.0}, capital_cost=1000.0)
    rows = park.rows["ports"]
    rows[-2] = rows[-2].model_copy(update={"profile": "cold"})
    rows.append(rows[-2].model_copy(update={"direction": "in", "ratio": 0.5, "profile": ""}))
    assert planned(park).system_cost == pytest.approx(2000)


def test_imports_count_up_to_their_limit_in_the_years_in_which_they_are_offered():
    for limit, cost in ((0.75, 1250), (None, 0)):
        park = held(heated(), margin=1.0)
        park.supply("neighbour", "heat", price=0.0, max_import=limit)
        plan = planned(park)
        assert plan.system_cost == pytest.approx(cost, abs=1e-6) and bool(told(plan)) is (limit is not None)
    park = held(heated(), margin=1.0)
    sun = park.profile("sun", [1.0])
    park.supply("field", "heat", price=0.0, max_import=5.0, profile=sun, contract_max=5.0)
    assert planned(park).system_cost == pytest.approx(2000)
    park = held(heated(2027), margin=1.0)
    park.supply("neighbour", "heat", price=0.0, max_import=2.0, until_year=2026)
    assert planned(park).system_cost == pytest.approx(2000)


def test_of_a_connection_no_more_counts_than_its_limit_or_what_stands_of_it():
    """2 MW are asked for. A supply of 5 MW behind a connection of 0.5 MW leaves 1.5 MW; one that costs 400 a MW is cheaper than boilers."""
    for fields, cost in (({"max_import": 0.5}, 1500), ({"type": "main", "max_capacity": 1.5}, 0.5 * 1000 + 1.5 * 400)):
        park = held(heated(), margin=1.0)
        park.supply("neighbour", "heat", price=0.0, max_import=5.0, connection="ring")
        park.add(Connection(connection="ring", carrier="heat", **fields),
            Cost(type="main", parameter="capital_cost", value=400.0, unit="CNY/MW"),
            Cost(type="main", parameter="lifetime", value=1.0, unit="year"))
        assert planned(park).system_cost == pytest.approx(cost)


@both
def test_a_measure_lessens_what_is_asked_for(method):
    """It saves a quarter of the heat for 100; with a margin of a half: 1.125 MW in place of 1.5."""
    park = held(heated(), margin=0.5)
    park.measure("insulation", {"warmth": 0.25}, 100.0)
    assert planned(park, method).system_cost == pytest.approx(100 + 1125)


def test_rows_hold_from_their_year_in_target_and_least_cost():
    park = held(held(held(heated(2029), margin=0.1), year=2027, margin=0.5), year=2029, margin=0.0)
    assert standing(planned(park), "boiler") == pytest.approx({2026: 1.1, 2027: 1.5, 2028: 1.5, 2029: 1.0})
    run = plan_park(held(heated(reference=1), margin=0.5).case(), Options(gap=1e-9))
    costs = {name: plan.system_cost for name, plan in run.plans.items() if plan.has_tables}
    assert costs["target"] == pytest.approx(1500) and costs["least-cost"] == pytest.approx(1500)
    assert costs["reference"] == pytest.approx(1000)
    # 4 MW stood until 2026 as one unit, 2 MW are needed: units of 1 MW from 2027 on, three of them.
    park = held(heated(2027, needed=2.0, existing=4.0, existing_until=2026, unit_size=1.0), largest_out=1)
    plan = planned(park)
    assert built(plan, "boiler") == pytest.approx({2026: 2.0, 2027: 3.0})
    assert [told(plan, y)["largest_unit"] for y in (2026, 2027)] == pytest.approx([4.0, 1.0])


@pytest.mark.parametrize(("zone", "cost"), [("*", 2500), ("a", 2250)])
def test_all_zones_together_or_each(zone, cost):
    """1 MW is needed in each of two zones, at its own hour: together never more than 1.5 MW, so 2.5 MW with a margin of two thirds."""
    park = Draft(2026, 2026)
    park.supply("gas", "gas", price=0.0, zone="a")
    park.link("pipe", "a", "b", "gas", existing=9.0)
    for own, shape in (("a", [2.0, 1.0]), ("b", [1.0, 2.0])):
        park.demand(f"warmth {own}", "heat", mwh=8760 * 0.75, zone=own, profile=park.profile(f"shape {own}", shape))
        park.converter(f"boiler {own}", {"heat": 1.0, "gas": -1.0}, capital_cost=1000.0, zone=own)
    plan = planned(held(park, zone, margin=2 / 3 if zone == "*" else 0.25))
    assert plan.system_cost == pytest.approx(cost) and told(plan, zone=zone)["demand"] == pytest.approx(1.5 if zone == "*" else 1.0)


@both
def test_a_reserve_that_cannot_be_held_blocks(method):
    run = plan_park(held(heated(max_capacity=1.1), margin=0.5).case(), Options(gap=1e-9, method=method, compare=False))
    assert run.target.status == "infeasible" and [(b.stage, b.metric, b.year) for b in run.blocking] == [("reserve", "heat", 2026)]
    assert run.blocking[0].amount == pytest.approx(0.4) and run.blocking[0].unit == "MW"
    assert any("reserve" in line and "heat" in line for line in run.explanation)


@both
def test_a_reserve_that_cannot_be_held_blocks_beside_rules_that_hold(method):
    """No year is operated where no decisions hold the reserve, so no rule of a stage is broken either."""
    park = held(heated(max_capacity=1.1), margin=0.5)
    park.rule("net_ratio", "<=", 1.0)
    run = plan_park(park.case(), Options(gap=1e-9, method=method, compare=False))
    assert run.target.status == "infeasible"
    assert [(b.stage, b.metric, b.amount) for b in run.blocking] == [("reserve", "heat", pytest.approx(0.4))]
    assert {(b.stage, b.metric) for b in run.breaches} == {("reserve", "heat")}


def test_every_hour_of_the_profiles_counts_on_typical_days_too():
    """One hour of the year needs three times as much as the typical day knows of."""
    park = Draft(2026, 2026, hours=8760)
    shape = np.ones(8760)
    shape[4000] = 3.0
    park.profiles["shape"] = shape
    park.demand("warmth", "heat", mwh=float(shape.sum()), profile="shape")
    park.supply("gas", "gas", price=0.0)
    park.converter("boiler", {"heat": 1.0, "gas": -1.0}, capital_cost=1000.0)
    days = [0] * 365
    assert park.solve_on_days(days, shape=[1.0] * 24).system_cost == pytest.approx(1000, rel=1e-3)
    assert held(park, margin=0.1).solve_on_days(days, shape=[1.0] * 24).system_cost == pytest.approx(3300)


def test_the_ledger_refuses_too_little_and_a_figure_that_is_not_so():
    park = heated()
    plan, asked = planned(park), held(heated(), margin=0.5).case()
    with pytest.raises(LedgerError, match="firm capacity of heat"):
        check_plan(asked, plan, 4380.0)
    plan = planned(held(heated(), margin=0.5))
    tables = dict(plan.tables)
    tables["reserves"] = tables["reserves"].assign(value=tables["reserves"]["value"] * 1.01)
    with pytest.raises(LedgerError, match="reserve of"):
        check_plan(asked, replace(plan, tables=tables), 4380.0)


@both
@pytest.mark.parametrize(("fields", "missing"), [({"max_capacity": 0.2}, 0.1), ({"max_capacity": 0.4, "unit_size": 0.5}, 0.3)])
def test_a_reserve_that_cannot_be_held_blocks_though_every_hour_is_served_without_it(method, fields, missing):
    """A district that gives 1 MW serves all; 1.3 MW are to be firm, and 0.2 MW of boiler may stand, or no whole unit fits."""
    park = held(heated(**fields), margin=0.3)
    park.supply("district", "heat", max_import=1.0)
    run = plan_park(park.case(), Options(gap=1e-6, method=method, compare=False))
    assert run.target.status == "infeasible"
    assert [(b.stage, b.metric, b.year, b.amount) for b in run.blocking] == [("reserve", "heat", 2026, pytest.approx(missing))]
