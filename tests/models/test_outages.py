"""reserves.csv with `operated`: the park is operated with any one unit out, on the days that are hardest.

Heat is needed, 1 MW in every hour unless said otherwise. Gas costs nothing, and a boiler 1000 CNY a MW that lives a year.
"""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from parks import Draft, planned

from models.case import Committed, Reserve
from models.errors import LedgerError
from models.inputs.reserves import day_inputs, stress_days
from models.operation.links import Links
from models.park import build_master
from planner.clock import Clock
from planner.ledger.ledger import check_plan
from planner.machine.stopping import CTRL_C, Watch
from planner.planning.run import Options, plan_park
from planner.solve import Master, OutageDays, Years
from planner.solve.year import outages as outage_cuts
from planner.tables.flows import flows_of_year

both = pytest.mark.parametrize("method", ["whole", "decomposed"])


def heated(last: int = 2026, needed: float = 1.0, hours: int = 24, **boiler) -> Draft:
    park = Draft(2026, last, hours=hours)
    park.demand("warmth", "heat", mwh=8760.0 * needed)
    park.supply("gas", "gas", price=0.0)
    park.converter("boiler", {"heat": 1.0, "gas": -1.0},
        **{"capital_cost": 1000.0, "max_capacity": 20.0, "unit_size": 1.0} | boiler)
    return park


def held(park: Draft, **fields) -> Draft:
    park.add(Reserve(**({"carrier": "heat", "largest_out": 1, "operated": 1} | fields)))
    return park


@both
def test_one_unit_more_than_is_needed(method):
    """2 MW: two units, or three so that two are left."""
    assert planned(heated(needed=2.0), method).system_cost == pytest.approx(2000)
    assert planned(held(heated(needed=2.0)), method).system_cost == pytest.approx(3000)


@both
def test_the_margin_raises_the_demand_of_stress_days(method):
    """2.4 MW with 20 %: three units left of four."""
    assert planned(held(heated(needed=2.0), margin=0.2), method).system_cost == pytest.approx(4000)


@both
def test_a_store_helps_for_what_it_holds(method):
    """Heat is needed in one hour of the day alone, 24 MW: 25 boilers, or few boilers and a tank that is filled meanwhile. With a
    tank of 48 MWh in two units of 24, and one MW of boiler out, or one tank: 2 boilers make 24 MWh in 24 h with one out."""
    park = held(heated(needed=1.0, max_capacity=100.0))
    park.rows["demand"].clear()
    park.demand("warmth", "heat", profile=park.profile("shape", [1.0] + [0.0] * 23))
    assert planned(park, method).system_cost == pytest.approx(25_000)
    park.store("tank", "heat", capital_cost=10.0, unit_size=24.0, max_capacity=480.0, full_power_hours=1.0)
    # two boilers (one left: 24 MWh a day) and two tanks (one left: 24 MWh less one MW made in the hour itself)
    assert planned(park, method).system_cost == pytest.approx(2_000 + 480)


@both
def test_of_a_store_that_is_never_emptied_only_the_rest_helps(method):
    """As above; of 24 MWh the last 12 stay in: with a tank out two are left, 24 MWh, so three stand."""
    park = held(heated(needed=1.0, max_capacity=100.0))
    park.rows["demand"].clear()
    park.demand("warmth", "heat", profile=park.profile("shape", [1.0] + [0.0] * 23))
    park.store("tank", "heat", capital_cost=10.0, unit_size=24.0, max_capacity=480.0, full_power_hours=1.0, min_level=0.5)
    assert planned(park, method).system_cost == pytest.approx(2_000 + 720)


@both
def test_what_feeds_a_converter_may_be_out_too(method):
    """An exchanger makes heat of steam, which one boiler makes: by sums of capacity the exchanger is firm, by operation it is not."""
    def park() -> Draft:
        own = Draft(2026)
        own.demand("warmth", "heat", mwh=8760.0)
        own.supply("gas", "gas", price=0.0)
        own.converter("steam boiler", {"steam": 1.0, "gas": -1.0}, capital_cost=1000.0, unit_size=1.0, max_capacity=9.0)
        own.converter("exchanger", {"heat": 1.0, "steam": -1.0}, capital_cost=10.0, unit_size=1.0, max_capacity=9.0)
        return own
    by_sums = park()
    by_sums.add(Reserve(carrier="heat", largest_out=1))
    assert planned(by_sums, method).system_cost == pytest.approx(1000 + 2 * 10)
    assert planned(held(park()), method).system_cost == pytest.approx(2 * 1000 + 2 * 10)


@both
@pytest.mark.parametrize(("reserve", "contracted"), [(False, 0.0), (True, 1.0)])
def test_of_waste_heat_that_costs_nothing_until_it_is_taken_what_an_outage_needs_is_contracted(method, reserve, contracted):
    """It is dearer than gas, so 1 MW of boiler runs; with that out 1 MW of up to 3 is taken."""
    park = heated()
    park.supply("waste", "heat", price=50.0, max_import=None, profile=park.profile("flat", [1.0] * 24), contract_max=3.0, take=0.0)
    plan = planned(held(park) if reserve else park, method)
    assert plan.system_cost == pytest.approx(1000)
    rows = plan.tables["contracts"].set_index(["supply", "item"])["value"]
    assert rows["waste", "contracted"] == pytest.approx(contracted, abs=1e-6)


@both
@pytest.mark.parametrize(("most", "contracted", "short"), [(3.0, 2.0, 0), (1.5, 1.5, 24)])
def test_of_waste_heat_that_costs_nothing_until_it_is_taken_what_a_week_needs_is_contracted(method, most, contracted, short):
    """Day 1 has most demand, 1.1 MW; day 2 needs 1 MW, half of what is contracted comes. A contract of 1.5 MW leaves 0.25 short."""
    park = held(heated(hours=240, existing=2.0, existing_unit=2.0, max_capacity=2.0))
    park.rows["demand"].clear()
    load, comes = np.full(240, 1.0), np.ones(240)
    load[:24], comes[24:48] = 1.1, 0.5
    park.demand("warmth", "heat", mwh=8760.0 * load.mean(), profile=park.profile("load", load))
    park.supply("waste", "heat", price=50.0, profile=park.profile("comes", comes), contract_max=most, take=0.0)
    plan = planned(park, method)
    rows = plan.tables["contracts"].set_index(["supply", "item"])["value"]
    assert rows["waste", "contracted"] == pytest.approx(contracted)
    found = plan.tables["outages"].set_index("first_day")
    assert found.loc[1, ["hours_short", "energy_short"]].tolist() == pytest.approx([short, 0.25 * short], abs=1e-6)


@both
def test_the_units_of_a_group_are_out_at_once(method):
    """Two kinds of boilers, two of each for 2 MW with one out; of a group one of each is out: 2 MW must be left."""
    def park(group: str) -> Draft:
        own = heated(needed=2.0, max_capacity=2.0, outage_group=group)
        own.converter("kettle", {"heat": 1.0, "gas": -1.0}, capital_cost=1100.0, unit_size=1.0, max_capacity=2.0,
            outage_group=group)
        return held(own)
    assert planned(park(""), method).system_cost == pytest.approx(2 * 1000 + 1100)
    assert planned(park("house"), method).system_cost == pytest.approx(2 * 1000 + 2 * 1100)


@both
def test_an_order_that_is_signed_and_one_of_its_year_are_two_units(method):
    """2 MW are signed and 2 MW ordered, each as one unit: with either out the other gives the 2 MW."""
    park = held(heated(needed=2.0, unit_size=0.0))
    park.add(Committed(technology="boiler", year=2026, build=2.0, capital_cost=0.0))
    assert planned(park, method).system_cost == pytest.approx(2000)


@both
@pytest.mark.parametrize(("share", "margin", "units"), [(0.0, 0.0, 5), (0.2, 0.0, 4), (0.5, 0.0, 3), (0.5, 0.2, 4)])
def test_demand_moves_within_the_day_of_an_outage(method, share, margin, units):
    """1 MW, and 3.3 MW every third hour, 1.77 MW in the mean, or 2.12 MW with 20 %: where half may come an hour earlier or later as
    many boilers must be left as the mean asks for; of a fifth 2.64 MW stay; and where nothing moves 3.3 MW."""
    park = heated()
    park.rows["demand"].clear()
    moves = {"shift_share": share, "shift_hours": 1, "shift_power": 1.0} if share else {}
    park.demand("warmth", "heat", mwh=8760 * 5.3 / 3, profile=park.profile("load", [1.0, 1.0, 3.3] * 8), **moves)
    assert planned(held(park, margin=margin), method).system_cost == pytest.approx(1000 * units)


@both
@pytest.mark.parametrize(("unit", "status"), [(1.0, "optimal"), (0.7, "infeasible")])
def test_what_may_be_shed_for_sure_is_that_of_the_year(method, unit, status):
    """In 2026 0.6 of the 1 MW must be served with one of two boilers out, in 2027 all of it: 0.7 MW are too little."""
    park = heated(last=2027, existing=2 * unit, existing_unit=unit, max_capacity=2 * unit, until_year=2025)
    park.rows["demand"].clear()
    for year, share in ((2026, 0.4), (2027, 0.0)):
        park.demand("warmth", "heat", mwh={year: 8760.0}, shed_share=share, shed_price=5000.0, firm_shed=1)
    plan = plan_park(held(park).case(), Options(gap=1e-6, method=method, compare=False)).target
    assert plan.status == status


@both
@pytest.mark.parametrize("beside", ["no_load", "per_start"])
def test_a_boiler_that_takes_fuel_beside_its_load_may_be_out(method, beside):
    """Each of two serves 1 MW by itself."""
    park = heated(existing=2.0, existing_unit=1.0)
    park.rows["ports"] = [p.model_copy(update={beside: 0.05} if p.carrier == "gas" else {}) for p in park.rows["ports"]]
    assert planned(held(park), method).system_cost == pytest.approx(0.0)


@both
def test_a_plan_is_read_whatever_ended_its_search(method):
    """Ended once the search has a plan, its operations with a unit out are still told."""
    watch = Watch()
    options = Options(gap=1e-6, method=method, compare=False)
    plan = plan_park(held(heated()).case(), options, lambda step, _: watch.end(CTRL_C) if step == "reading results" else None, watch)
    assert plan.target.system_cost == pytest.approx(2000) and not plan.target.tables["outages"].empty


def test_without_time_for_the_weeks_the_plan_says_so(monkeypatch):
    monkeypatch.setattr(Clock, "left_to_read", lambda _: 0.0)
    run = plan_park(held(heated()).case(), Options(gap=1e-6, compare=False))
    assert run.target.system_cost == pytest.approx(2000)
    assert run.target.tables["outages"].empty and "outages.csv is empty" in run.warnings[-1]


def test_it_begins_with_the_first_orders_that_can_work():
    """Ordered in 2026, a boiler works in 2027: until then what stands serves without a unit more."""
    park = heated(last=2027, existing=1.0, existing_until=2026, existing_unit=1.0, lead_time=1)
    plan = planned(held(park))
    assert plan.system_cost == pytest.approx(2000) and set(plan.tables["outages"]["year"]) == {2027}


def test_what_stands_is_kept_where_the_plan_needs_it_in_an_outage():
    """One boiler of 2 MW stands whole: with it out nothing is left, so another of its size is ordered; two halves: one more of 1."""
    whole, halves = (heated(needed=2.0, unit_size=1.0, existing=2.0, existing_unit=unit) for unit in (2.0, 1.0))
    assert planned(held(whole)).system_cost == pytest.approx(2000) and planned(held(halves)).system_cost == pytest.approx(1000)


def test_the_weeks_of_stress_days_are_told():
    """Three boilers of 1 MW for 2: none short. A park without such a reserve is not looked at."""
    assert planned(heated(needed=2.0)).tables["outages"].empty
    rows = planned(held(heated(needed=2.0))).tables["outages"]
    assert list(rows["technology"]) == ["boiler"]
    assert rows.iloc[0][["lost", "unit", "first_day", "days", "hours_short", "energy_short"]].tolist() == [1.0, "MW", 1, 1, 0, 0.0]


def test_days_are_the_highest_day_the_highest_hour_and_the_highest_of_the_fifth_with_least_sun():
    park = heated(hours=240)
    park.rows["demand"].clear()
    load = np.ones(240)
    load[24:48] = 3.0
    load[72] = 9.0
    load[120:144] = 1.5
    park.demand("warmth", "heat", profile=park.profile("load", load))
    sun = np.ones(240)
    sun[120:144], sun[144:168] = 0.1, 0.0
    park.converter("collector", {"heat": 1.0}, capital_cost=1e9, max_capacity=1.0, profile=park.profile("sun", sun))
    assert stress_days(held(park).case(), "heat", "park") == (1, 3, 5)


def test_a_goal_that_an_outage_blocks_says_so():
    run = plan_park(held(heated(needed=2.0, max_capacity=2.0)).case(), Options(gap=1e-9, method="whole", compare=False))
    assert run.target.status == "infeasible"
    assert [(b.stage, b.metric, b.year) for b in run.blocking] == [("reserve", "boiler", 2026)]


def test_the_ledger_refuses_an_operation_that_has_what_is_out():
    park = held(heated(needed=2.0))
    plan = planned(park)
    wrong = {key: {flow: 1.5 * values for flow, values in flows.items()} for key, flows in plan.outages.items()}
    with pytest.raises(LedgerError, match="demand of"):
        check_plan(park.case(), replace(plan, outages=wrong), 4380.0)
    with pytest.raises(LedgerError, match="operations with a unit out"):
        check_plan(park.case(), replace(plan, outages={}), 4380.0)


def test_a_day_that_is_no_stress_day_is_short_in_its_week():
    """Day 1 has most demand, 2 MW, and sun; day 2 has 1.9 MW and nearly no sun, but days 9 and 10 have none. With the boiler out
    0.5 MW come from outside, and 0.002 from the sun: on day 2 are short 1.398 MW in 24 hours."""
    park = held(heated(hours=240, max_capacity=2.0, existing=2.0, existing_unit=2.0, unit_size=2.0))
    park.rows["demand"].clear()
    load, sun = np.full(240, 0.5), np.ones(240)
    load[:24], load[24:48], sun[24:48], sun[192:] = 2.0, 1.9, 0.001, 0.0
    park.demand("warmth", "heat", mwh=8760.0 * 0.79, profile=park.profile("load", load))
    park.converter("collector", {"heat": 1.0}, existing=2.0, profile=park.profile("sun", sun))
    park.supply("main", "heat", price=500.0, max_import=0.5)
    plan = planned(park)
    found = plan.tables["outages"].set_index("first_day")
    assert found["hours_short"].to_dict() == {1: 24, 4: 0} and found.loc[1, "energy_short"] == pytest.approx(24 * 1.398)
    assert found.loc[1, "worst"] == pytest.approx(1.398)
    for column in ("lost", "hours_short", "energy_short", "worst"):
        wrong = plan.tables["outages"].copy()
        wrong.loc[0, column] = wrong.loc[0, column] + 1
        with pytest.raises(LedgerError, match=r"outages\.csv"):
            check_plan(park.case(), replace(plan, tables={**plan.tables, "outages": wrong}), 4380.0)


def test_flows_of_a_day_are_those_of_its_pyomo_block():
    """Read from arrays, or from the variables of the block with the same values in them."""
    park = held(heated(needed=2.0, existing=3.0, existing_unit=1.0))
    park.store("tank", "heat", existing=6.0, max_capacity=6.0)
    inputs = park.inputs()
    day = OutageDays(inputs).days[2026, 0]
    given = {("capacity", "boiler"): 1.5, ("capacity", "tank"): 6.0, ("demand", "warmth"): 2 * 8760.0}
    assert day.unserved(day.amounts(given)).value == pytest.approx(24 * 0.5)
    links = Links({k: given["capacity", k] for k in ("boiler", "tank")}, {"warmth": given["demand", "warmth"]})
    own = day_inputs(inputs, 2026, 0)
    read = flows_of_year(day.view(), own, 2026, links)
    day.matrix.load(day.values)
    block = flows_of_year(day.model.year, own, 2026, links)
    assert {f.flow for f in read} >= {"in", "out", "charge", "discharge", "held", "demand"}
    for one, other in zip(read, block, strict=True):
        assert replace(one, values=None) == replace(other, values=None) and one.values.tolist() == other.values.tolist()


def test_what_is_short_does_not_depend_on_the_number_of_cores(monkeypatch):
    """Six boilers and six pans of 1 MW for 5 MW in winter and summer of three years: with nothing there all is short, and a year
    gets the rows of its first operations, on whatever core they were solved."""
    park = heated(last=2028, needed=5.0, hours=240, max_capacity=6.0)
    park.demand("vapour", "steam", mwh=5 * 8760.0)
    park.converter("pan", {"steam": 1.0, "gas": -1.0}, capital_cost=1000.0, unit_size=1.0, max_capacity=6.0)
    park.add(Reserve(carrier="heat", operated=1), Reserve(carrier="steam", operated=1))
    inputs = park.inputs()
    def short(count: int) -> tuple:
        monkeypatch.setattr(outage_cuts, "cores", lambda: count)
        years = Years(inputs)
        master = Master(inputs, build_master(inputs), years)
        found = [master.outages.add_rows_at(np.full(master.count, share)) for share in (0.0, 3.0)]
        return [(f.most, f.total, f.penalty, [(row.of, row.most, row.values.tolist()) for row in f.rows]) for f in found]
    alone = short(1)
    assert alone == short(4)
    count = Counter(of[0] for of, *_ in alone[0][3])
    assert set(count) == {2026, 2027, 2028} and max(count.values()) <= outage_cuts.ROWS


@both
@pytest.mark.parametrize(("fields", "cost"), [
    ({"max_import": 3.0}, 0.0), ({"max_import": 3.0, "unit_size": 2.0}, 1000.0), ({"max_import": 1.5, "unit_size": 2.0}, 2000.0),
    ({"capital_cost": 100.0, "existing": 3.0, "unit_size": 2.0}, 100.0),
    ({"capital_cost": 100.0, "existing": 1.0, "unit_size": 2.0}, 300.0),
    ({"capital_cost": 100.0, "existing": 1.0, "max_capacity": 1.5, "unit_size": 2.0}, 2000.0)])
def test_a_unit_of_a_connection_may_be_out(method, fields, cost):
    """2 MW, an engine of 1 MW units for 1000 a MW. Of 3 MW of import 2 are lost: one engine; of 1.5 all: two, of which one may be out
    beside the line. A line that may grow, at 100 a MW, is 4 MW."""
    park = Draft(2026)
    park.demand(mwh=2 * 8760.0)
    park.supply(price=0.0, connection="line")
    park.connection(**fields)
    park.converter("engine", capital_cost=1000.0, unit_size=1.0, max_capacity=9.0)
    plan = planned(held(park, carrier="electricity"), method)
    assert plan.system_cost == pytest.approx(cost)
    if "unit_size" in fields:
        assert "line" in set(plan.tables["outages"]["technology"]) and plan.tables["outages"]["energy_short"].max() < 1e-6
