"""Random parks with every feature of the case format: eight hours, two to four years. Not every one can reach its goal."""

import numpy as np
from parks import Draft
from random_parks import FIRST, Dice, vary

HOURS = 8


class FullDice(Dice):
    """Dice for eight hours."""

    def shape(self, low: float, high: float) -> list[float]:
        """A profile."""
        return [self.between(low, high) for _ in range(HOURS)]


def full_park(seed: int) -> Draft:
    """The park of a seed."""
    dice = FullDice(seed)
    last = FIRST + int(dice.random.integers(1, 4))
    park = Draft(FIRST, last, hours=HOURS, base_emissions=dice.between(5e3, 2e4), discount_rate=dice.between(0, 0.1),
        accounting="market" if dice.often(0.7) else "location", carbon_free_share=dice.between(0, 0.9) if dice.often(0.3) else 0.0)
    zones = _zones(park, dice)
    _demands(park, dice, last, zones)
    _supplies(park, dice, last)
    _converters(park, dice, last)
    _stores(park, dice)
    _carbon_dioxide(park, dice, last)
    _measures(park, dice)
    _land_and_credits(park, dice, last)
    _rules(park, dice, last)
    vary(park, np.random.default_rng([seed, 1]), HOURS)
    return park


def _zones(park: Draft, dice: FullDice) -> list[str]:
    if not dice.often(0.3):
        return ["park"]
    park.link("line", "park", "works", existing=dice.between(0.0, 2.0), loss=dice.between(0, 0.08), max_capacity=4.0,
        capital_cost=dice.between(1e4, 3e5), fixed_cost=dice.between(0, 3e3), lifetime=20, both_ways=int(dice.often()))
    return ["park", "works"]


def _demands(park: Draft, dice: FullDice, last: int, zones: list[str]) -> None:
    park.demand("power", mwh=dice.series(6e3, 1.2e4, last), profile=park.profile("day", dice.shape(0.5, 2.0)))
    park.demand("warmth", "heat", mwh=dice.series(3e3, 9e3, last), profile=park.profile("cold", dice.shape(0.0, 2.0)))
    if len(zones) > 1:
        park.demand("motors", mwh=dice.series(1e3, 5e3, last), zone=zones[1], profile=park.profile("shift", dice.shape(0.5, 1.5)))


def _supplies(park: Draft, dice: FullDice, last: int) -> None:
    prices = {}
    if dice.often(0.4):
        prices["demand_charge"] = dice.between(500, 5000)
    if dice.often(0.3):
        prices["capacity_charge"] = dice.between(500, 5000)
    limits: dict[str, float] = {}
    if dice.often(0.4):
        prices["export"] = dice.between(5, 60)
        limits["max_export"] = dice.between(0.2, 2)
        if dice.often(0.4):
            limits["max_export_year"] = dice.between(100, 5000)
    if dice.often(0.3):
        limits["max_import"] = dice.between(2.5, 6.0)
    park.supply("grid", price=dice.series(60, 140, last),
        factor={"location": dice.between(0.3, 0.7), "market": dice.between(0.3, 0.7)}, prices=prices, tce_per_mwh=0.12,
        green_share=dice.between(0, 0.5), **limits)
    if dice.often(0.3):
        park.supply("green-contract", price=dice.series(90, 200, last), factor={"location": 0.0, "market": 0.0}, tce_per_mwh=0.12,
            green_share=1.0, max_import=dice.between(0.3, 2.0))
    carbon = {"carbon": dice.between(5, 60)} if dice.often(0.4) else {}
    gas_limit = {"max_import_year": dice.between(4e3, 2e4)} if dice.often(0.2) else {}
    park.supply("gas", "gas", price=dice.series(25, 60, last), factor=0.2, tce_per_mwh=0.12, prices=carbon, **gas_limit)
    if dice.often(0.5):
        park.supply("wood", "wood", price=dice.series(20, 90, last), factor=0.0, biogenic=1, tce_per_mwh=0.12, green_share=1.0,
            max_import_year=dice.between(1e3, 1e4))
    if dice.often(0.5):
        park.tariff(dice.between(1.1, 1.8), hours="1-2")
    if dice.often(0.6):
        park.certificate(price=dice.between(1, 12), max_share=dice.between(0.2, 1.0))
    if dice.often(0.3):
        park.supply("air-cooler", "heat", price=None, max_export=5.0)


def _converters(park: Draft, dice: FullDice, last: int) -> None:
    old = {"existing_until": dice.random.integers(FIRST, last + 1).item()} if dice.often(0.3) else {}
    least = {"min_load": dice.between(0.05, 0.3)} if dice.often(0.3) else {}
    park.converter("boiler", {"gas": -1.1, "heat": 1.0}, existing=dice.between(0.5, 4.0), fixed_cost=dice.between(0, 4000), **old,
        **least)
    if dice.often(0.8):
        park.converter("heater", {"electricity": -1.0, "heat": 0.99}, capital_cost=dice.between(2e4, 1e5), lifetime=15)
    if dice.often(0.4):
        park.converter("new-boiler", {"gas": -1.0, "heat": 1.0}, capital_cost=dice.between(3e4, 1e5), reference=1,
            lifetime=int(dice.random.integers(1, 20)))
    if dice.often(0.8):
        site = {}
        if dice.often():
            park.site("field", dice.between(1.0, 6.0))
            site = {"site": "field", "area": dice.between(0.5, 2.0)}
        park.converter("pv", capital_cost=dice.series(2e5, 8e5, last), lifetime=int(dice.random.integers(1, 25)),
            fixed_cost=dice.between(0, 8000), max_capacity=dice.between(0.5, 4.0), green=1, lead_time=int(dice.often(0.2)),
            profile=park.profile("sun", [0.0, *dice.shape(0.1, 1.0)[1:]]), grant=dice.between(0, 0.4), **site)
    if dice.often(0.4):
        park.converter("wind", capital_cost=dice.between(5e5, 2e6), lifetime=20, unit_size=dice.between(0.4, 1.0), max_capacity=3.0,
            profile=park.profile("wind", dice.shape(0.0, 1.0)), green=1, variable_cost=dice.between(0, 10))
    if dice.often(0.5):
        size = {"min_build": 0.5} if dice.often() else {"unit_size": 0.7}
        park.converter("heat-pump", {"electricity": -1.0, "heat": dice.between(2.0, 3.5)}, capital_cost=dice.between(5e5, 2e6),
            lifetime=20, max_capacity=2.1, project_cost=dice.between(0, 3e4), first_year=FIRST + int(dice.often(0.2)), **size)
    if dice.often(0.4):
        park.converter("chp", {"gas": -2.6, "heat": 1.2, "electricity": 1.0}, capital_cost=dice.between(4e5, 1e6), lifetime=15,
            max_capacity=2.0, max_build=dice.between(0.5, 2.0), until_year=last)
    if any(row.supply == "wood" for row in park.rows["supplies"]):
        park.converter("wood-boiler", {"wood": -1.2, "heat": 1.0}, capital_cost=dice.between(1e5, 4e5), lifetime=15,
            project_cost=dice.between(0, 2e4) if dice.often() else 0.0, max_capacity=3.0)
    if dice.often(0.4):
        for y in range(FIRST, last + 1):
            park.budget(y, dice.between(2e5, 4e6))


def _stores(park: Draft, dice: FullDice) -> None:
    if dice.often(0.6):
        park.store(capital_cost=dice.between(5e3, 1e5), lifetime=12, max_capacity=4.0, charge_efficiency=dice.between(0.8, 1.0),
            discharge_efficiency=dice.between(0.8, 1.0), standing_loss=dice.between(0, 0.02), full_power_hours=2.0)
    if dice.often(0.3):
        park.store("tank", "heat", capital_cost=dice.between(1e3, 2e4), lifetime=25, max_capacity=20.0, full_power_hours=6.0,
            standing_loss=dice.between(0, 0.01), seasonal=int(dice.often()), variable_cost=dice.between(0, 1))


def _carbon_dioxide(park: Draft, dice: FullDice, last: int) -> None:
    has_process = dice.often(0.5)
    if has_process:
        park.process(tonnes=dice.series(100, 2000, last), capturable=int(dice.often()), scope=1 if dice.often(0.8) else 3)
    if dice.often(0.35):
        sources = {"boiler": dice.between(0.5, 0.95)}
        if has_process and park.rows["process_emissions"][0].capturable:
            sources["kiln"] = 0.9
        if dice.often(0.3):
            sources["air"] = 1.0
        park.capture("scrubber", sources, {"electricity": -dice.between(0.1, 0.6)}, capital_cost=dice.between(1e5, 1e6),
            lifetime=20, max_capacity=1.0)
        park.supply("well", "co2", price=None, max_export=dice.between(0.1, 1.0), prices={"export": -dice.between(5, 60)})


def _measures(park: Draft, dice: FullDice) -> None:
    lives = {"lifetime": int(dice.random.integers(1, 4))}
    together = {"group": "lamps"} if dice.often(0.3) else {}
    has_led = dice.often(0.7)
    if has_led:
        park.measure("led", {"power": dice.between(0.02, 0.2)}, capital_cost=dice.between(1e3, 2e5), **lives, **together)
    if dice.often(0.5):
        park.measure("insulation", {"warmth": dice.between(0.05, 0.3), "power": dice.between(-0.02, 0.05)},
            capital_cost=dice.between(1e3, 1e5), fixed_cost=dice.between(0, 2e3), **lives, **together)
    if dice.often(0.3):
        needs = {"requires": "led"} if has_led and not together and dice.often() else {}
        park.measure("electrify", {"warmth": dice.between(0.05, 0.2)}, capital_cost=dice.between(1e3, 1e5), adds="power",
            adds_ratio=dice.between(0.2, 0.5), lifetime=3, **needs)


def _land_and_credits(park: Draft, dice: FullDice, last: int) -> None:
    if dice.often(0.4):
        park.restoration("grove", {0: 0.0, 1: dice.between(1, 6)}, max_area=80.0, max_plant=dice.between(20, 80),
            capital_cost=dice.between(10, 300), fixed_cost=dice.between(0, 20), buffer=0.1, inside=int(dice.often()))
    if dice.often(0.8):
        park.offset("credit", "removal", dice.between(40, 200), dice.between(500, 8e3) if dice.often(0.4) else None)
    if dice.often(0.4):
        park.offset("cheap-credit", "avoidance", dice.between(5, 60))


def _rules(park: Draft, dice: FullDice, last: int) -> None:
    park.rule("net_ratio", "<=", dice.between(0.0, 0.6))
    if dice.often(0.4):
        park.rule("gross_ratio", "<=", dice.between(0.2, 0.9))
    if dice.often(0.3):
        park.rule("avoidance_ratio", "<=", 0.1)
    if dice.often(0.2):
        park.rule("offset_ratio", "<=", dice.between(0.1, 0.5))
    if dice.often(0.2):
        park.rule("intensity", "<=", dice.between(1.0, 4.0))
    if dice.often(0.2):
        park.rule("clean_share", ">=", dice.between(0.05, 0.5))
    if dice.often(0.2):
        park.rule("direct_green_share", ">=", dice.between(0.05, 0.4))
    if dice.often(0.15):
        park.rule("certificate_share", ">=", dice.between(0.05, 0.4))
    if dice.often(0.3):
        park.rule("gross_ratio", "<=", dice.between(0.6, 1.2), "low-carbon")
        park.goal(last, low_carbon=FIRST)
    else:
        park.goal(last if dice.often() else FIRST + 1)
