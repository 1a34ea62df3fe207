"""Parks of stochastic plans that others publish with their least cost, which is worked out here by hand as well.

`expansion`: the generation expansion of the examples of SDDP.jl. Five stages, five units of 1, ordered whole once the demand of the
stage is known; what is not met costs 500,000 each.
`two_zones`: the tests of GridPath with new transmission between two zones, as one future, as identical branches and as a tree.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from parks import Draft

from models.case import Future, FutureValue, Limit, Port

#: Half of these is demanded in the stages after the first, each of the eight as likely; in the first it is 2.5.
DEMANDS = ((4, 3, 1, 3, 0, 9, 8, 17), (0, 9, 4, 2, 19, 19, 13, 7), (25, 11, 4, 14, 4, 6, 15, 12), (6, 7, 5, 3, 8, 4, 17, 13))
FIRST, STAGES, UNITS, RHO = 2026, 5, 5, 0.99
BUILD, USE, UNMET = 1e4, 4.0, 5e5
#: What the examples assert, within 1,000.
PUBLISHED = 2.078860e6


def needs(demands: Sequence[int], have: int) -> list[tuple[float, float, int]]:
    """Of demands that what stands meets together, and of those that need four units or five: probability, mean demand, units. For
    whole units the cost of a stage is linear in demand from one number of units to the next, so demands that need as many cost what
    their mean does; and those that what stands can meet do so too. Whoever has fewer units pays no more for the mean. So the least
    cost of this tree is no more than that of all 4,096 paths, and the same if its plan has in each node what is called needed."""
    halves = [min(d / 2, UNITS) for d in demands]
    groups: dict[int, list[float]] = {}
    for d in halves:
        groups.setdefault(max(have, math.ceil(d)), []).append(d)
    return [(len(group) / len(halves), sum(group) / len(group), need) for need, group in sorted(groups.items())]


def expansion() -> Draft:
    """Stages are years, a demand of 1 is 1 MW in all of them. No discount rate: building and use cost 0.99 of the year before, what
    is not met does not. A unit lives five years, of which a year that is t-th pays for 6 - t; its cost is stated 5 / (6 - t) times.
    What is above five is never met, whatever is ordered: a demand of its own, of its mean."""
    park = Draft(FIRST, FIRST + STAGES - 1, hours=1)
    years = [FIRST + t for t in range(STAGES)]
    halves = [[2.5], *([d / 2 for d in demands] for demands in DEMANDS)]
    means = {y: sum(min(d, UNITS) for d in own) / len(own) for y, own in zip(years, halves, strict=True)}
    beyond = {y: sum(max(d - UNITS, 0.0) for d in own) / len(own) for y, own in zip(years, halves, strict=True)}
    park.demand(mwh={y: 8760 * d for y, d in means.items()})
    park.demand("beyond", "beyond", {y: 8760 * d for y, d in beyond.items()})
    for name in ("electricity", "beyond"):
        park.supply(f"{name} unmet", name, price=UNMET / 8760)
    build = {y: BUILD * RHO**t * STAGES / (STAGES - t) for t, y in enumerate(years)}
    use = {y: USE * RHO**t / 8760 for t, y in enumerate(years)}
    park.converter("unit", capital_cost=build, variable_cost=use, lifetime=STAGES, unit_size=1.0, max_capacity=float(UNITS))
    nodes = [("", 3)]
    for y, demands in zip(years[1:], DEMANDS, strict=True):
        nodes = [own for name, have in nodes if have < UNITS for own in _branches(park, name, y, means[y], needs(demands, have))]
    return park


def _branches(
    park: Draft, parent: str, year: int, mean: float, groups: Sequence[tuple[float, float, int]]
) -> list[tuple[str, int]]:
    made = []
    for share, demand, need in groups:
        name = f"{parent}{need}"
        park.add(Future(future=name, parent=parent, from_year=year, probability=share))
        for y, factor in ((year, demand / mean), (year + 1, 1.0)):
            if y < FIRST + STAGES:
                park.add(FutureValue(future=name, changed="demand", name="power", year=y, factor=factor))
        made.append((name, need))
    return made


def by_hand() -> float:
    """Units are ordered once they are needed: waiting saves 1 %, and one that is missing costs more than one that is bought. So the
    cost is that of what is needed in each stage for the first time."""
    total, units = 3 * BUILD + 2.5 * USE, {3: 1.0}
    for t, demands in enumerate(DEMANDS, 1):
        after: dict[int, float] = {}
        for have, p in units.items():
            for twice in demands:
                d = twice / 2
                need = max(have, min(UNITS, -(-twice // 2)))
                cost = RHO**t * (BUILD * (need - have) + USE * min(d, UNITS)) + UNMET * max(d - UNITS, 0.0)
                total += p / 8 * cost
                after[need] = after.get(need, 0.0) + p / 8
        units = after
    return total


#: Load of each of two hours (MW), by zone. A period stands for ten years, and for one here.
LOW, MIDDLE, HIGH = ((10, 20), (10, 10)), ((25, 35), (20, 30)), ((40, 50), (40, 50))
YEARS_OF_A_PERIOD = 10
#: Published costs of the tests: with one future, and of the tree of three stages.
TWIN, TREE = 12_311_268_608.108, 15_788_933_024.573
#: Price of a fuel   money/mmBtu
FUELS = {"coal": 4.0, "gas": 5.0, "uranium": 2.0}
#: Fuel; what is burnt beside that of being on, and for being on (mmBtu/MWh), which come to the heat rates at 0.4 (CCGT: 0.5) of what
#: is on and at all of it; what a MWh costs beside; a start with the end that follows it.
PLANTS = {"coal": ("coal", 10.0, 496.0, 1.0, 1.0), "ccgt": ("gas", 6.0, 250.0, 2.0, 3.0), "ct": ("gas", 8.0, 80.13333, 2.0, 1.0)}


def two_zones(periods: int) -> Draft:
    """6 MW each of coal, CCGT and CT and of nuclear that must run, and 2 MW of wind in each zone; CCGT and CT can be ordered in the
    first, a line between them anywhere. What is paid yearly is a third of the cost of what lives three years.

    By hand, one future: what is on at part load burns nearly as much as at full load, so all that is on is at full load, CT at
    442.66665 a MWh before CCGT at 1,282 before coal at 2,025. Nuclear gives 12 MW and wind 3.6 or 2. In the first period 4.4 MW are
    left in one hour and 16 in the other: the CT, and 4 MW of CCGT. In the second 64.4 and 86: 12 MW of CT and 40 new ones, 12 of
    CCGT, and 22 new ones in place of coal, 5 of which can wait, for the hour of 86. The line takes 3 MW at first, then 31.
    """
    park = Draft(FIRST, FIRST + periods - 1, hours=2)
    park.profile("wind", [0.9, 0.5])
    for zone in ("a", "b"):
        for fuel, price in FUELS.items():
            park.supply(f"{fuel} {zone}", fuel, price=price, zone=zone)
        for plant in PLANTS:
            _plant(park, plant, f"{plant} {zone}", zone, existing=6.0)
        park.converter(f"nuclear {zone}", {"electricity": 1.0, "uranium": -1666.67}, zone=zone, existing=6.0, variable_cost=1.0,
            min_load=1.0)
        park.add(Limit(technology=f"nuclear {zone}", item="min_capacity", value=6.0))
        park.converter(f"wind {zone}", zone=zone, existing=2.0, profile="wind")
    _plant(park, "ccgt", "new ccgt", "a", capital_cost={FIRST: 600_000.0, FIRST + 1: 540_000.0}, lifetime=3, max_capacity=40.0)
    park.add(*(Limit(technology="new ccgt", item="max_build", year=FIRST + t, value=5.0 if t else 20.0) for t in range(periods)))
    _plant(park, "ct", "new ct", "a", capital_cost=420_000.0, lifetime=3, max_capacity=40.0, first_year=FIRST + 1)
    park.link("line", "a", "b", capital_cost=30.0, lifetime=3, max_capacity=100.0)
    return park


def _plant(park: Draft, plant: str, name: str, zone: str, **fields: Any) -> None:
    fuel, ratio, no_load, variable, start = PLANTS[plant]
    park.converter(name, {"electricity": 1.0}, zone=zone, variable_cost=variable, start_cost=start, min_load=0.4, **fields)
    park.add(Port(type=name, carrier=fuel, direction="in", ratio=ratio, no_load=no_load))


def loaded(park: Draft, by_year: Mapping[int, tuple[tuple[float, float], tuple[float, float]]]) -> None:
    """Demands of both zones in each hour; the two hours of a zone are demands of their own, so that a future can change each."""
    park.profile("first", [1.0, 0.0])
    park.profile("second", [0.0, 1.0])
    for i, zone in enumerate(("a", "b")):
        for j, hour in enumerate(("first", "second")):
            series = {year: loads[i][j] * 4380.0 for year, loads in by_year.items()}
            park.demand(f"{hour} {zone}", mwh=series, profile=hour, zone=zone)


def branch(
    park: Draft, name: str, parent: str, year: int, share: float, loads: tuple[tuple[float, float], tuple[float, float]]
) -> None:
    """A future with the loads of a node."""
    park.add(Future(future=name, parent=parent, from_year=year, probability=share))
    for i, zone in enumerate(("a", "b")):
        for j, hour in enumerate(("first", "second")):
            value = FutureValue(future=name, changed="demand", name=f"{hour} {zone}", year=year, value=str(loads[i][j] * 4380.0),
                unit="MWh")
            park.add(value)
