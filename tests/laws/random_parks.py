"""Random small parks: four hours, two or three years, each with some of every subject.

Every one can reach its goal: heat can be electric without limit, certificates green the grid, and credits make up for
what is left.
"""

from typing import Any

import numpy as np
from parks import Draft

from models.case import Case, Cost
from planner.plan import Plan
from planner.planning.run import Options, plan_park

HOURS, FIRST = 4, 2026
#: Gap to which the plans of a law are solved.
GAP = 1e-6


class Dice:
    """Random figures, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)

    def between(self, low: float, high: float) -> float:
        """A figure with three digits."""
        return float(f"{self.random.uniform(low, high):.3g}")

    def often(self, chance: float = 0.5) -> bool:
        """True as often as said."""
        return bool(self.random.random() < chance)

    def series(self, low: float, high: float, last: int) -> Any:
        """A figure that changes over the years, or does not."""
        if self.often():
            return self.between(low, high)
        return {FIRST: self.between(low, high), last: self.between(low, high)}

    def shape(self, low: float, high: float) -> list[float]:
        """A profile."""
        return [self.between(low, high) for _ in range(HOURS)]


def random_park(seed: int) -> Draft:
    """The park of a seed."""
    dice = Dice(seed)
    last = FIRST + int(dice.random.integers(1, 3))
    park = Draft(FIRST, last, hours=HOURS, base_emissions=6000.0, discount_rate=dice.between(0.0, 0.1) if dice.often(0.8) else 0.0,
        accounting="market" if dice.often(0.8) else "location", carbon_free_share=dice.between(0, 0.9) if dice.often(0.3) else 0.0)
    _energy(park, dice, last)
    _equipment(park, dice)
    _measures(park, dice)
    _rules(park, dice, last)
    vary(park, np.random.default_rng([seed, 1]), HOURS)
    return park


def vary(park: Draft, random: np.random.Generator, hours: int) -> None:
    """Let ratios, prices and factors differ from hour to hour, and commit plants, in one park of three. What else is random in it
    stays as it is."""
    if random.random() > 1 / 3:
        return
    for i, port in enumerate(park.rows["ports"]):
        if (port.type, port.carrier) in (("heat-pump", "heat"), ("heater", "heat")):
            name = park.profile(f"ratio of {port.type}", random.uniform(0.7, 1.1, hours).round(2).tolist())
            park.rows["ports"][i] = port.model_copy(update={"profile": name})
    if random.random() < 0.7:
        park.by_the_hour("grid", park.profile("spot", random.uniform(0.4, 1.6, hours).round(2).tolist()), item="energy")
    if random.random() < 0.7:
        park.by_the_hour("grid", park.profile("mix", random.uniform(0.4, 1.6, hours).round(2).tolist()), basis="location")
    for i, kind in enumerate(park.rows["types"]):
        if kind.type in ("boiler", "chp", "wood-boiler", "heat-pump", "scrubber"):
            told = {"min_load": random.uniform(0.0, 0.5), "outage": random.uniform(0.0, 0.1), "ramp": random.uniform(0.1, 0.8)}
            own = {name: round(value, 2) for name, value in told.items() if random.random() < 0.6}
            park.rows["types"][i] = kind.model_copy(update={"commitment": 1, **own})
            if random.random() < 0.5:
                unit = "CNY/(t/h)" if kind.role == "capture" else "CNY/MW"
                park.add(Cost(type=kind.type, parameter="start_cost", value=round(random.uniform(1, 60)), unit=unit))


def _energy(park: Draft, dice: Dice, last: int) -> None:
    park.demand("power", mwh=dice.series(6e3, 1.2e4, last), profile=park.profile("day", dice.shape(0.5, 2.0)))
    park.demand("warmth", "heat", mwh=dice.series(3e3, 9e3, last), profile=park.profile("cold", dice.shape(0.2, 2.0)))
    prices = {}
    if dice.often(0.4):
        prices["demand_charge"] = dice.between(500, 5000)
    if dice.often(0.2):
        prices["capacity_charge"] = dice.between(500, 5000)
    if dice.often(0.3):
        prices["export"] = dice.between(5, 25)
    park.supply("grid", price=dice.series(60, 140, last),
        factor={"location": dice.between(0.3, 0.7), "market": dice.between(0.3, 0.7)}, prices=prices, tce_per_mwh=0.12,
        green_share=dice.between(0, 0.5), **({"max_export": 1.5} if "export" in prices else {}))
    park.supply("gas", "gas", price=dice.series(25, 60, last), factor=0.2, tce_per_mwh=0.12,
        prices={"carbon": dice.between(5, 60)} if dice.often(0.4) else {})
    if dice.often():
        park.tariff(dice.between(1.1, 1.8), hours="1-2")
    park.certificate(price=dice.between(1, 12))
    if dice.often(0.3):
        park.process(tonnes=dice.between(100, 600))


def _equipment(park: Draft, dice: Dice) -> None:
    park.converter("boiler", {"gas": -1.1, "heat": 1.0}, existing=dice.between(0.5, 4.0), fixed_cost=dice.between(0, 4000))
    park.converter("heater", {"electricity": -1.0, "heat": 0.99}, capital_cost=dice.between(2e4, 1e5), lifetime=15)
    if dice.often(0.8):
        park.converter("pv", capital_cost=dice.between(2e5, 8e5), lifetime=int(dice.random.integers(1, 25)),
            fixed_cost=dice.between(0, 8000), max_capacity=dice.between(0.5, 4.0),
            profile=park.profile("sun", [0.0, *dice.shape(0.1, 1.0)[1:]]), green=1, lead_time=int(dice.often(0.2)))
    if dice.often(0.6):
        park.store(capital_cost=dice.between(5e3, 1e5), lifetime=12, max_capacity=4.0, charge_efficiency=dice.between(0.8, 1.0),
            discharge_efficiency=dice.between(0.8, 1.0), standing_loss=dice.between(0, 0.02), full_power_hours=2.0)
    if dice.often(0.5):
        size = {"min_build": 0.5} if dice.often() else {"unit_size": 0.7}
        park.converter("heat-pump", {"electricity": -1.0, "heat": dice.between(2.0, 3.5)}, capital_cost=dice.between(5e5, 2e6),
            lifetime=20, max_capacity=2.1, project_cost=dice.between(0, 3e4), **size)


def _measures(park: Draft, dice: Dice) -> None:
    lives = {"lifetime": int(dice.random.integers(1, 4))}
    if dice.often(0.7):
        park.measure("led", {"power": dice.between(0.02, 0.2)}, capital_cost=dice.between(1e3, 2e5), **lives)
    if dice.often(0.5):
        park.measure("insulation", {"warmth": dice.between(0.05, 0.3), "power": dice.between(-0.02, 0.05)},
            capital_cost=dice.between(1e3, 1e5), fixed_cost=dice.between(0, 2e3), **lives)
    if dice.often(0.4):
        park.restoration("grove", {0: 0.0, 1: dice.between(1, 6)}, max_area=80.0, capital_cost=dice.between(10, 300),
            fixed_cost=dice.between(0, 20), buffer=0.1, inside=int(dice.often()))
    park.offset("credit", "removal", dice.between(40, 200))


def _rules(park: Draft, dice: Dice, last: int) -> None:
    park.rule("net_ratio", "<=", dice.between(0.0, 0.6))
    if park.park.accounting == "market" and dice.often():
        park.rule("gross_ratio", "<=", dice.between(0.3, 0.8))
    if dice.often(0.3):
        park.rule("avoidance_ratio", "<=", 0.1)
    park.goal(last if dice.often() else FIRST + 1)


def plan_of(case: Case, gap: float = GAP, method: str = "whole") -> Plan:
    """The plan under the goal, which every park has; the ledger has worked it out a second time."""
    plan = plan_park(case, Options(gap=gap, compare=False, method=method)).target
    assert plan.status == "optimal", plan.status
    return plan


def cost_of(case: Case) -> float:
    """System cost under the goal."""
    cost = plan_of(case).system_cost
    assert cost is not None
    return cost
