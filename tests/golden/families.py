"""The rows of each constraint family of both models, as readable text, on parks of two snapshots.

Four parks together have every family: one of two hours with all kinds of equipment, as a whole and its decisions apart, one with a seasonal store and a demand
charge on two typical days, of which two hours and three calendar days are shown, one that makes a fuel that it also buys, and one whose demand moves.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from parks import Draft, typical_days
from pyomo.core import ConcreteModel, Constraint
from pyomo.repn import generate_standard_repn

from models.case import Committed, Connection, Cost, Limit, ParkRule, Price, Reserve, StandardFactor
from models.inputs import Inputs
from models.park import build_master, build_park

FIRST, LAST = 2026, 2027


def two_hours() -> ConcreteModel:
    """Every family but those of the seasonal store."""
    return build_park(inputs_of_hours())


def master() -> ConcreteModel:
    """The same park's decisions alone."""
    return build_master(inputs_of_hours())


def inputs_of_hours() -> Inputs:
    """A park of two hours with all kinds of equipment."""
    park = Draft(FIRST, LAST, hours=2, base_emissions=1000.0, discount_rate=0.05, count_embodied=True)
    park.profile("sun", [0.0, 0.5])
    park.demand("power", zone="a", mwh={FIRST: 8760.0, LAST: 17520.0}, profile=park.profile("shape", [1.0, 3.0]))
    park.demand("warmth", "heat", zone="b", mwh=4380.0)
    park.supply("grid", zone="a", factor=0.5, tce_per_mwh=0.1, max_export=0.5, max_import=9.0,
        prices={"demand_charge": 50.0, "capacity_charge": 40.0})
    park.supply("gas", "gas", zone="b", factor=0.2, tce_per_mwh=0.12, prices={"capacity_charge": 7.0})
    park.supply("wind-farm", zone="a", max_export=1.0, connection="cable-in")
    park.supply("hydro", zone="a", connection="cable-in", max_export=1.0)
    park.connection("cable-in", zone="a", max_import=5.0, max_export=2.0, one_way=1, scheme_years=2)
    park.supply("flat", zone="a", price=90.0, max_import=2.0, max_export=1.0, connection="cable-in", scheme="flat")
    park.supply("farm-flat", zone="a", price=30.0, profile=park.profile("farm", [0.25, 1.0]), contract_max=1.0, min_year=100.0,
        connection="cable-in", scheme="flat")
    park.supply("by-hour", zone="a", price=70.0, connection="cable-in", scheme="two-part")
    park.add(Price(supply="cable-in", item="demand_charge", scheme="two-part", value=20.0, unit="CNY/MW/month"),
        Price(supply="cable-in", item="capacity_charge", scheme="two-part", value=15.0, unit="CNY/MW/month"),
        Price(supply="wind-farm", item="demand_charge", value=3.0, unit="CNY/MW/month", period="late", hours="1", ratchet=0.5),
        Price(supply="hydro", item="capacity_charge", scheme="flat", value=5.0, unit="CNY/MW/month"))
    park.supply("sun-farm", zone="a", price={FIRST: 40.0, LAST: 50.0}, profile="farm", contract_max=3.0, take=0.6, min_year=500.0,
        green_share=1.0, direct=1)
    park.supply("reserve", zone="a", price=300.0, max_import=0.7, max_export=0.3, prices={"fixed": 900.0})
    park.supply("town", "heat", zone="b", scope=2, kind="fuel", max_export=1.0, connection="pipe-in")
    park.connection("pipe-in", "heat", zone="b", capital_cost=200.0, lifetime=1, existing=0.5)
    park.price("pipe-in", "demand_charge", 30.0, "CNY/MW/month")
    park.supply("well", "co2", zone="b", price=None, max_export=2.0)
    park.certificate("gec", max_share=0.8)
    park.site("roof", 3.0)
    park.converter("solar", capital_cost=600.0, lifetime=1, fixed_cost=10.0, existing=0.5, profile="sun", zone="a", site="roof",
        area=1.5, green=1, embodied=40.0)
    park.converter("chp", {"gas": -2.5, "electricity": 1.0, "heat": 1.2}, existing=1.0, min_load=0.4, zone="b", capital_cost=900.0,
        lifetime=1, min_build=0.2, max_capacity=4.0, project_cost=70.0, unit_size=0.1)
    park.store("battery", zone="a", capital_cost=300.0, lifetime=10, charge_efficiency=0.9, discharge_efficiency=0.8,
        standing_loss=0.01, full_power_hours=4.0)
    park.converter("inverter", {}, zone="a", existing=0.75)
    park.store("packs", zone="a", existing=2.0, power_type="inverter", min_level=0.1, initial_level=0.5, standing_loss=0.01)
    park.store("lake", zone="a", existing=3.0, power_type="inverter", inflow=4380.0, inflow_profile="shape", max_cycles=500.0)
    park.capture("scrubber", {"chp": 0.9, "kiln": 0.5, "engine": 0.6}, {"heat": -0.7}, capital_cost=800.0, lifetime=25, zone="b",
        ramp=0.25, outage=0.2)
    park.process("kiln", 876.0, capturable=1)
    park.link("cable", "a", "b", existing=1.0, loss=0.1)
    park.profile("cold", [1.25, 0.75])
    park.converter("pump", {"electricity": -1.0, "heat": 3.0}, existing=0.5, zone="b", green=1, port_profiles={"heat": "cold"})
    park.converter("engine", {"gas": -2.0, "electricity": 0.8}, existing=0.5, zone="b", green=1,
        port_profiles={"electricity": "cold", "gas": "cold"})
    park.converter("turbine", {"gas": -3.0, "electricity": 1.0}, existing=2.0, zone="b", min_load=0.3, ramp=0.5, outage=0.1,
        start_cost=6.0)
    park.rows["ports"] = [
        p.model_copy(update={"no_load": 0.25, "per_start": 0.75}) if (p.type, p.direction) == ("turbine", "in") else p
        for p in park.rows["ports"]]
    park.converter("burner", {"gas": -1.25, "heat": 1.0}, existing=1.0, zone="b", min_hours=500.0, max_hours=4000.0)
    park.chargers(zone="a", efficiency=0.8, existing=2.0)
    park.session("0.5", "3", 2.0, 2.0, day="", number=3)
    park.response("power", 0.2, 900.0, calls=10.0, call_cost=20.0, max_offer=0.5, profile="sun", firm=1)
    park.supply("steam", "heat", zone="b", factor={"location": 0.1, "market": 0.2}, max_import=1.0, scope=2)
    park.by_the_hour("steam", "cold", item="energy")
    park.by_the_hour("steam", "cold", basis="location")
    park.measure("lights", {"power": 0.1}, 40.0, lifetime=2, group="g")
    park.measure("drives", {"power": 0.2}, 50.0, lifetime=1, group="g")
    park.measure("pump", {"warmth": 0.5}, 60.0, lifetime=2, requires="lights", adds="power", adds_ratio=0.3)
    park.offset("stoves", "avoidance", 5.0, 100.0)
    park.offset("char", "removal", 50.0)
    park.restoration("wood", {0: 1.0, 1: 4.0}, capital_cost=30.0, buffer=0.25, max_area=9.0)
    park.restoration("marsh", {0: 2.0}, capital_cost=30.0, lifetime=1, inside=1)
    park.budget(LAST, 5000.0)
    park.add(Committed(technology="solar", year=LAST, build=0.25))
    for metric, sense, limit in (("gross_ratio", "<=", 0.5), ("net_ratio", "<=", 0.0), ("avoidance_ratio", "<=", 0.1),
        ("offset_ratio", "<=", 0.2), ("intensity", "<=", 2.0), ("clean_share", ">=", 0.3), ("direct_green_share", ">=", 0.4),
        ("certificate_share", "<=", 0.6), ("low_carbon_share", ">=", 0.1)):
        park.rule(metric, sense, limit)
    park.add(StandardFactor(standard="pencil", supply_kind="grid", carrier="electricity", factor=0.8, tce_per_mwh=0.3))
    for metric, sense, limit, year in (("self_use_share", ">=", 0.6, None), ("export_share", "<=", 0.2, None),
        ("curtailed_share", "<=", 0.1, LAST), ("own_supply_share", ">=", 0.3, None), ("hourly_green_share", ">=", 0.2, None),
        ("cumulated_net", "<=", 700.0, None), ("cumulated_gross", "<=", 900.0, LAST)):
        park.add(ParkRule(rule="law", metric=metric, sense=sense, limit=limit, year=year))
    inputs = park.inputs()
    return replace(inputs, supplies=replace(inputs.supplies, shared_contracts={("gas", FIRST): 4.0, ("hydro (flat)", FIRST): 2.0}))


def two_days() -> ConcreteModel:
    """A pit that carries heat over the calendar, and a peak that is paid for: odd days are summer."""
    park = Draft(FIRST, FIRST, hours=8760)
    park.demand("warmth", "heat", 8760.0)
    park.supply("steam", "heat", prices={"demand_charge": 50.0})
    park.store("pit", "heat", existing=48.0, seasonal=1, charge_efficiency=0.9, discharge_efficiency=0.8, standing_loss=0.01,
        full_power_hours=24.0)
    park.store("lake", "heat", existing=48.0, seasonal=1, min_level=0.25, initial_level=0.5, inflow=4380.0)
    return build_park(park.inputs(typical_days([i % 2 for i in range(365)])))


def in_motion() -> ConcreteModel:
    """Demands of which a part may move, at a cost and within a power or without either, and one of which a part may be shed."""
    park = Draft(FIRST, FIRST, hours=2)
    park.profile("shape", [1.0, 3.0])
    park.demand("power", mwh=8760.0, profile="shape", shift_share=0.5, shift_hours=1, shift_power=1.25, shift_cost=7.0)
    park.demand("cold", mwh=8760.0, shift_share=0.25, shift_hours=2)
    park.demand("melt", mwh=8760.0, profile="shape", shed_share=0.25, shed_price=300.0, shed_hours=500.0)
    park.supply()
    return build_park(park.inputs())


def in_pieces() -> ConcreteModel:
    """What stands and what is ordered in pieces, over four years: units, a rest, whole orders, years between them, limits by year."""
    park = Draft(FIRST, FIRST + 3, hours=2)
    park.demand()
    park.supply()
    owned = {"capital_cost": 9.0, "lifetime": 2, "fixed_cost": 1.0, "partial_retirement": 0, "max_build": 4.0}
    park.converter("stood", existing=5.0, existing_unit=2.0, keep=1.5, fixed_cost=1.0)
    park.converter("whole", order_spacing=3, max_growth=1.5, growth_base=0.5, **owned)
    park.converter("units", unit_size=0.5, **owned)
    park.converter("paid", unit_size=0.5, retirement_cost=3.0, **owned)
    park.converter("apart", unit_size=0.5, basis="order", **{**owned, "lifetime": 3, "fixed_cost": {FIRST: 2.0, FIRST + 1: 1.0}})
    lasting = {"lifetime": 4, "fixed_cost": 1.0, "max_build": 4.0}
    park.converter("open", capital_cost=8.0, grant=0.25, **lasting)
    park.converter("cheaper", capital_cost={FIRST + 1: 8.0, FIRST + 2: 2.0}, unit_size=0.5, partial_retirement=0, **lasting)
    park.converter("signed", capital_cost=8.0, min_build=0.5, first_year=FIRST + 1, until_year=FIRST + 1, **lasting)
    park.add(Committed(technology="signed", year=FIRST + 1, build=1.5, capital_cost=4.0))
    park.add(Committed(technology="paid", year=FIRST, build=1.0, capital_cost=4.0))
    park.add(Limit(technology="stood", item="existing", year=FIRST + 2, value=3.0))
    park.add(Limit(technology="whole", item="min_capacity", year=FIRST + 1, value=0.25))
    return build_park(park.inputs())


def in_reserve() -> ConcreteModel:
    """Two demands for heat at hours of their own, units that stood and were ordered, an order without units, a connection that grows."""
    park = Draft(FIRST, FIRST + 1, hours=4)
    for name, shape in (("halls", [4.0, 1.0, 2.0, 1.0]), ("baths", [1.0, 1.0, 3.0, 3.0])):
        park.demand(name, "heat", profile=park.profile(name, shape))
    park.measure("seals", {"halls": 0.25}, 1.0)
    park.supply("gas", "gas")
    park.converter("boiler", {"heat": 1.0, "gas": -1.0}, existing=5.0, existing_unit=2.0, unit_size=1.0, partial_retirement=0,
        capital_cost=9.0, lifetime=2, max_capacity=8.0)
    park.converter("kiln", {"heat": 0.5, "gas": -1.0}, existing=1.0, capital_cost=9.0, lifetime=2)
    park.supply("pipe", "heat", connection="ring", max_import=2.0)
    park.supply("night", "heat", connection="ring", max_import=0.5, scheme="by night")
    park.supply("day", "heat", connection="ring", scheme="by day")
    park.add(Connection(connection="ring", carrier="heat", type="main", max_capacity=3.0),
        Cost(type="main", parameter="capital_cost", value=5.0, unit="CNY/MW"),
        Cost(type="main", parameter="lifetime", value=9.0, unit="year"), Reserve(carrier="heat", margin=0.1, largest_out=1))
    park.response("halls", 0.25, 9.0, firm=1)
    return build_park(park.inputs())


def in_operation() -> ConcreteModel:
    """As `in_reserve`, with heat that must be served by operation with a unit out: units that stood, the rest, and orders."""
    park = Draft(FIRST, FIRST, hours=24)
    park.demand("halls", "heat")
    park.supply("gas", "gas")
    park.converter("boiler", {"heat": 1.0, "gas": -1.0}, existing=5.0, existing_unit=2.0, unit_size=1.5, partial_retirement=0,
        capital_cost=9.0, lifetime=2, max_capacity=8.0)
    park.connection("pipe", "gas", existing=1.0, max_capacity=9.0, unit_size=2.0, capital_cost=9.0)
    park.add(*(Reserve(carrier=name, largest_out=1, operated=1) for name in ("heat", "gas")))
    return build_park(park.inputs())


#: The families of the master alone, and those that a park of its own shows.
OF_MASTER = ("choice_kept",)
OF_PIECES = ("build_growth", "build_spacing", "capacity_least", "existing_units", "existing_units_limit", "fall_left",
    "given_up_left", "given_up_limit", "given_up_retired", "keep_limit", "rest_limit", "retire_in_units", "retire_limit",
    "retire_whole", "retired_once")
OF_RESERVE = ("each_unit", "existing_unit_left", "firm_import_limit", "firm_import_scheme", "peak_hour", "reserve_limit",
    "unit_works")
OF_OUTAGES = ("line_lost", "loss_limit", "unit_lost")
OF_MOTION = ("ahead_step", "owed_limit", "ahead_limit", "served_limit", "moved_least", "shed_limit", "shed_total",
    "shed_hours_limit")
#: The families of typical days alone: what is shown of their last index.
ON_DAYS = {"day_peak_limit": (0, 25), "day_gain": (0, 1), "calendar_chain": (0, 1, 364), "fullest_day": (0, 1, 364),
    "emptiest_day": (0, 1, 364), "seasonal_held_limit": (0, 25), "seasonal_held_least": (0, 25), "seasonal_start": (0,)}


def families() -> dict[str, str]:
    """Name of each constraint family of both models -> its rows."""
    hours, days = two_hours(), two_days()
    found = {c.local_name: "".join(_row(hours, row) for row in c.values()) for c in _constraints(hours)}
    for c in _constraints(days):
        if c.local_name in ON_DAYS:
            shown = ON_DAYS[c.local_name]
            found[c.local_name] = "".join(_row(days, row) for index, row in c.items() if index[-1] in shown)
    for model, names in ((in_pieces(), OF_PIECES), (in_reserve(), OF_RESERVE),
        (in_operation(), OF_OUTAGES), (in_motion(), OF_MOTION)):
        own = {c.local_name: "".join(_row(model, row) for row in c.values()) for c in _constraints(model)}
        found |= {name: own[name] for name in names}
    apart = master()
    found |= {name: "".join(_row(apart, row) for row in getattr(apart, name).values()) for name in OF_MASTER}
    return found


def _constraints(model: ConcreteModel) -> Iterator[Any]:
    """The families of the investment model, and of the operation of the first year."""
    yield from model.component_objects(Constraint, descend_into=False)
    yield from model.year[FIRST].component_objects(Constraint, descend_into=False)


def _row(model: ConcreteModel, row: Any) -> str:
    """`name[index]: 3 x + -1 y <= 4`."""
    body = generate_standard_repn(row.body)
    assert body.is_linear(), row.name
    pairs = zip(body.linear_coefs, body.linear_vars, strict=True)
    terms = sorted((_name(variable), coef) for coef, variable in pairs)
    left = " + ".join(f"{_number(coef)} {name}" for name, coef in terms)
    if row.equality:
        return f"{_name(row)}: {left} = {_number(row.upper() - body.constant)}\n"
    if row.upper is None:
        return f"{_name(row)}: {left} >= {_number(row.lower() - body.constant)}\n"
    return f"{_name(row)}: {left} <= {_number(row.upper() - body.constant)}\n"


def _name(component: Any) -> str:
    """Name without the year's block."""
    return component.name.removeprefix(f"year[{FIRST}].")


def _number(number: float) -> str:
    return f"{float(number) + 0.0:.8g}"
