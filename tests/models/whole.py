"""The park with every subject: something in every table that a case and an output have."""

from parks import Draft

from models.case import ParkRule, Reserve

FIRST, LAST = 2026, 2028


def whole_park(hours: int = 24) -> Draft:
    """Three years of so many hours, two zones, and something of every subject that the tables hold."""
    park = Draft(FIRST, LAST, hours=hours, base_emissions=9000.0, discount_rate=0.05, carbon_free_share=0.3)
    sun = park.profile("sun", [0.0] * 7 + [0.3, 0.6, 0.8, 0.9, 1.0, 0.9, 0.8, 0.6, 0.3] + [0.0] * 8)
    shape = park.profile("shape", [1.0] * 8 + [2.0] * 10 + [1.0] * 6)
    park.demand("power", zone="a", mwh={FIRST: 8760.0, LAST: 9000.0}, profile=shape, tenant="works", shift_share=0.2, shift_hours=2,
        shift_cost=0.5, shift_power=1.5, shed_share=0.05, shed_price=60.0, shed_hours=900.0)
    park.demand("warmth", "heat", zone="b", mwh=4380.0)
    park.supply("grid", zone="a", price={FIRST: 100.0, LAST: 110.0}, factor={"location": 0.6, "market": 0.5}, tce_per_mwh=0.12,
        green_share=0.2, max_export=0.5, prices={"demand_charge": 50.0, "export": 20.0, "carbon": 10.0})
    park.supply("gas", "gas", zone="b", price=40.0, factor=0.2, tce_per_mwh=0.12, prices={"capacity_charge": 7.0})
    park.supply("wood", "wood", zone="b", price=45.0, factor=0.35, biogenic=1, tce_per_mwh=0.12)
    park.supply("well", "co2", zone="b", price=None, max_export=2.0, prices={"export": -5.0})
    park.price("*", "carbon", 30.0, "CNY/t")
    park.tariff(1.3, hours="8-11;17-21")
    park.certificate("gec", price=2.0, max_share=0.5)
    park.site("roof", 3.0)
    park.converter("pv", zone="a", capital_cost=200_000.0, fixed_cost=2_000.0, lifetime=20, max_capacity=3.0, profile=sun,
        site="roof", area=1.0, green=1, project_cost=1_000.0, grant=0.1, embodied=700.0)
    park.converter("boiler", {"gas": -1.1, "heat": 1.0}, zone="b", existing=3.0, fixed_cost=500.0, variable_cost=1.0)
    park.converter("oven", {"wood": -1.2, "heat": 1.0}, zone="b", existing=0.2, min_load=0.5)
    park.store(zone="a", capital_cost=1_000.0, lifetime=10, max_capacity=3.0, charge_efficiency=0.9, discharge_efficiency=0.95,
        standing_loss=0.001, full_power_hours=3.0, variable_cost=0.5)
    park.capture("scrubber", {"boiler": 0.9, "oven": 0.9, "kiln": 0.8}, {"heat": -0.2}, zone="b", capital_cost=1000.0, lifetime=15,
        variable_cost=3.0)
    park.converter("heater", {"electricity": -1.0, "heat": 0.99}, zone="a", capital_cost=50.0, lifetime=10)
    park.link("pipe", "a", "b", "heat", loss=0.05, existing=1.0, fixed_cost=10.0, variable_cost=0.2)
    park.response("power", 0.1, 900.0, calls=10.0, call_price=30.0, call_cost=80.0)
    park.chargers(zone="a", efficiency=0.9, fleet={FIRST: 0.5, LAST: 1.0}, existing=0.5)
    park.session("18:30", "05:00", 1.0, 0.4)
    park.measure("led", {"power": 0.1}, capital_cost=100.0, lifetime=2, fixed_cost=5.0)
    park.process("kiln", 900.0, capturable=1, tenant="works")
    park.product("lime", {FIRST: 1000.0, LAST: 1200.0}, "works")
    park.offset("forest-credit", "avoidance", 30.0, 300.0)
    park.offset("biochar", "removal", 120.0)
    park.restoration("wood-lot", {0: 1.0, 2: 5.0}, max_area=60.0, max_plant=20.0, capital_cost=10.0, fixed_cost=1.0, buffer=0.1)
    park.supply("farm", zone="a", price=60.0, factor=0.0, profile=sun, contract_max=0.4, take=0.5, green_share=1, direct=1)
    park.connection("line", zone="a", max_import=0.3)
    park.supply("flat", zone="a", price=99.0, factor=0.5, connection="line", scheme="flat")
    park.supply("stepped", zone="a", price=95.0, factor=0.5, connection="line", scheme="stepped", prices={"fixed": 10.0})
    park.add(Reserve(carrier="heat", zone="b", margin=0.1), ParkRule(rule="law", metric="export_share", sense="<=", limit=0.9))
    park.budget(FIRST, 1e7)
    park.rule("gross_ratio", "<=", 0.6)
    park.rule("net_ratio", "<=", 0.5)
    park.rule("offset_ratio", "<=", 0.2)
    park.rule("direct_green_share", ">=", 0.1)
    park.rule("clean_share", ">=", 0.1)
    park.rule("intensity", "<=", 10.0)
    park.goal(2027)
    return park
