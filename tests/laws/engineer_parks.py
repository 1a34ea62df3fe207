"""Random small parks with what an engineer adds: levels of heat, stores whose power is ordered apart, a connection of one way at a time."""

from parks import Draft
from random_parks import HOURS, Dice, random_park

from models.case import Reserve
from models.case.technology import Carrier

#: Temperatures of the levels (degrees C).
LEVELS = {"steam": 175.0, "heat": 80.0, "low-heat": 45.0, "waste-heat": 35.0}


def cascade_park(seed: int) -> Draft:
    """Steam, heat and warm water that exchangers lead down; waste heat comes in below, and heat pumps lift it."""
    park, dice = random_park(seed), Dice(20_000 + seed)
    last = park.park.last_year
    park.add(*(Carrier(carrier=name, temperature=degrees) for name, degrees in LEVELS.items()))
    park.demand("drying", "steam", mwh=dice.series(1e3, 4e3, last), profile=park.profile("dry", dice.shape(0.2, 2)),
        temperature=165.0)
    park.demand("halls", "low-heat", mwh=dice.series(1e3, 4e3, last), profile=park.profile("hall", dice.shape(0.2, 2)),
        temperature=40.0)
    park.converter("steam-boiler", {"gas": -1.1, "steam": 1.0}, existing=dice.between(1, 4), **_cost(dice))
    park.converter("steam-heater", {"electricity": -1.0, "steam": 0.99}, capital_cost=dice.between(2e4, 1e5), lifetime=15)
    size = {"unit_size": 0.5, "partial_retirement": 0} if dice.often() else {}
    park.converter("exchanger", {"steam": -1.02, "heat": 1.0}, existing=dice.between(0, 1), max_capacity=6.0, **size, **_cost(dice))
    park.converter("panels", {"heat": -1.02, "low-heat": 1.0}, existing=dice.between(0, 1), capital_cost=dice.between(5e3, 5e4),
        lifetime=9)
    found = {"profile": park.profile("furnace", dice.shape(0, 1)), "contract_max": dice.between(0.2, 2), "take": 0.0}
    for name, carrier in (("cooling", "waste-heat"), ("skids", "heat"), ("oil", "low-heat")):
        if carrier == "waste-heat" or dice.often():
            park.supply(name, carrier, price=dice.between(0, 20) if carrier != "waste-heat" else 0.0, scope=1, **found)
    if dice.often(0.4):
        park.supply("cooler", "heat", price=None, max_export=2.0)
    ratio = park.profile("lift", dice.shape(2, 4))
    park.converter("lifter", {"electricity": -1.0, "waste-heat": -2.0, "heat": 1.0}, capital_cost=dice.between(3e5, 1e6),
        lifetime=20, max_capacity=2.0, port_profiles={"heat": ratio}, **({"unit_size": 0.5} if dice.often() else {}))
    return park


def apart_park(seed: int) -> Draft:
    """Stores that share inverters, keep a level, and into which something flows."""
    park, dice = random_park(seed), Dice(30_000 + seed)
    size = {"unit_size": 0.25} if dice.often() else {}
    park.converter("inverter", {}, existing=dice.between(0, 1), max_capacity=5.0, capital_cost=dice.between(2e4, 2e5), lifetime=9,
        **size)
    for name in ("packs", "more-packs")[: 1 + int(dice.often())]:
        levels = {"min_level": dice.between(0, 0.4)} if dice.often() else {}
        levels |= {"initial_level": dice.between(0.4, 1)} if dice.often(0.4) else {}
        levels |= (
            {"inflow": dice.between(10, 900), "inflow_profile": park.profile("rain", dice.shape(0, 2))} if dice.often(0.3) else {})
        efficiency = {"charge_efficiency": dice.between(0.8, 1), "discharge_efficiency": dice.between(0.8, 1)}
        own = {"capital_cost": dice.between(5e3, 1e5), "lifetime": 12, "existing": dice.between(0, 3), "max_capacity": 8.0}
        levels |= {"max_cycles": dice.between(20, 400)} if dice.often() else {}
        park.store(name, power_type="inverter", standing_loss=dice.between(0, 0.02), **efficiency, **own, **levels)
    return park


def one_way_park(seed: int) -> Draft:
    """The grid and a green contract come over a connection of one way at a time, by which what is made goes out."""
    park, dice = random_park(seed), Dice(40_000 + seed)
    last = park.park.last_year
    kind = {"existing": dice.between(2, 6), "capital_cost": dice.between(1e4, 3e5), "fixed_cost": dice.between(0, 3e3),
        "lifetime": 20}
    limits = {"max_import": dice.between(8, 12), "max_export": dice.between(0.5, 6)}
    park.connection("line", one_way=1, **(kind if dice.often() else limits))
    for i, row in enumerate(park.rows["supplies"]):
        if row.supply == "grid":
            park.rows["supplies"][i] = row.model_copy(
                update={"connection": "line", "max_export": row.max_export or dice.between(0.5, 4)})
    if not any(row.supply == "grid" and row.item == "export" for row in park.rows["prices"]):
        park.price("grid", "export", dice.between(5, 300), "CNY/MWh")
    if dice.often(0.7):
        own = {"factor": {"location": 0.0, "market": 0.0}, "green_share": 1.0, "max_import": dice.between(0.3, 3),
            "connection": "line"}
        park.supply("green-contract", price=dice.series(60, 200, last), **own)
    park.converter("field", existing=dice.between(0.2, 3), profile=park.profile("own sun", dice.shape(0, 1)))
    return park


def worn_park(seed: int) -> Draft:
    """A heat pump in frost, stores that fade, measures that take a year, and a reserve that counts on them."""
    park, dice = random_park(seed), Dice(50_000 + seed)
    size = {"unit_size": 0.5} if dice.often() else {}
    size |= {"commitment": 1, "min_load": 0.4} if dice.often(0.4) else {}
    park.converter("frosty", {"electricity": -1.0, "heat": 2.6}, derating=park.profile("frost", dice.shape(0.4, 1)),
        existing=dice.between(0, 1), max_capacity=4.0, capital_cost=dice.between(1e5, 5e5), lifetime=15, **size)
    for name in ("worn", "worn-more")[: 1 + int(dice.often())]:
        own = {"fixed_cost": dice.between(0, 3e3)} if dice.often() else {}
        own |= {"unit_size": 0.5} if dice.often(0.3) else {}
        park.store(name, fade=dice.between(0.02, 0.4), existing=dice.between(0, 1), max_capacity=8.0, lifetime=9,
            capital_cost=dice.between(5e3, 8e4), **own)
    for i, row in enumerate(park.rows["measures"]):
        park.rows["measures"][i] = row.model_copy(update={"lead_time": int(dice.often(0.7))})
    if dice.often():
        park.add(Reserve(carrier="heat", zone="*", largest_out=int(dice.often())))
    return park


def _cost(dice: Dice) -> dict[str, float]:
    return {"capital_cost": dice.between(1e4, 1e5), "lifetime": 15} if dice.often() else {}


__all__ = ["HOURS", "apart_park", "cascade_park", "one_way_park"]
