"""Capacity: orders, cohorts that work for their lifetime, and early retirement.

Technologies and links between zones are treated alike. Wear is not modelled: a cohort works in full until its last
year. A retired unit is gone for good and returns no capital.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from pyomo.environ import Binary, Block, NonNegativeIntegers, NonNegativeReals, Var

from models.inputs import ANY, EXISTING, Inputs
from models.linear import weighted

#: Terms of a sum: (coefficient, variable or number).
_Terms = list[tuple[float, Any]]


def add_builds(model: Block, inputs: Inputs) -> None:
    r"""Orders of every year: of any size, in whole units, or none or at least a least size.

    .. math::
        0 \le b_{k,v} \le \overline{b}_{k} \qquad b_{k,v} = u_k n_{k,v} \qquad
        \underline{b}_k z_{k,v} \le b_{k,v} \le \overline{b}_k z_{k,v}

    for (k, v) in BUILDS.

    b  build      capacity (k,v)     u  unit_size   capacity (k)     n  units      1 (k,v)
    z  is_built   1 (k,v), where a least size or a project cost is given
    """
    capacity = inputs.capacity
    lumpy = list(capacity.lumpy)
    whole = [(k, v) for k, v in capacity.builds if k in capacity.unit_size]

    model.build = Var(
        list(capacity.builds), doc="capacity ordered [MW, MWh, t/h]",
        bounds=lambda _, k, v: (0, None if math.isinf(capacity.build_max[k, v]) else capacity.build_max[k, v]),
    )  # fmt: skip
    model.is_built = Var(lumpy, within=Binary, doc="1 if anything is ordered [1]")
    model.units = Var(
        whole, within=NonNegativeIntegers, doc="whole units ordered [1]",
        bounds=lambda _, k, v: (0, _units(capacity.build_max[k, v], capacity.unit_size[k])),
    )  # fmt: skip

    @model.Constraint(lumpy, doc="nothing is ordered without a yes [MW, MWh, t/h]")
    def build_largest(model, k, v):
        return model.build[k, v] <= capacity.build_max[k, v] * model.is_built[k, v]

    @model.Constraint([kv for kv in lumpy if kv[0] in capacity.min_build], doc="a yes is no less than [MW, MWh, t/h]")
    def build_smallest(model, k, v):
        return model.build[k, v] >= capacity.min_build[k] * model.is_built[k, v]

    @model.Constraint(whole, doc="orders come in whole units [MW, MWh, t/h]")
    def build_units(model, k, v):
        return model.build[k, v] == capacity.unit_size[k] * model.units[k, v]


def _units(most: float, size: float) -> int | None:
    return None if math.isinf(most) else math.floor(most / size + 1e-9)


def add_capacity(model: Block, inputs: Inputs) -> None:
    r"""What stands in each year, and its limits.

    .. math::
        C_{k,y} = X_{k,y} - \sum_{z \le y} \rho_{k,0,z} + \sum_{v:\, y \in W_{k,v}} \Big(b_{k,v} - \sum_{z \le y} \rho_{k,v,z}\Big)
    .. math::
        \sum_z \rho_{k,c,z} \le \text{what cohort } c \text{ was}, \qquad C_{k,y} \le \overline{C}_k, \qquad
        \sum_{k \in j} \alpha_k C_{k,y} \le A_j

    for k in ASSETS, y in YEARS, c cohorts (0 = what stood before), j in SITES. Orders that are signed are numbers beside
    those that are decided. Orders of any size are not told apart, see `add_pools`.

    C  capacity   capacity (k,y)       X  existing   capacity (k,y)      b  build   capacity (k,v)
    ρ  retire     capacity (k,c,z)     W  works      years (k,v)         α  area    ha/capacity (k)    A  site_area   ha (j)
    """
    capacity = inputs.capacity
    stood = [(k, y) for y in inputs.years for k in capacity.present[y]]
    pools = [(k, y) for k, cohort, y in capacity.retirements if cohort == ANY]
    alone = {k for k, _ in pools} - {k for k, _ in capacity.existing}
    cohorts = list(dict.fromkeys((k, c) for k, c, _ in capacity.retirements if c != ANY))
    built, retired = _working(model, inputs), _retired(model, inputs)

    model.retire = Var(list(capacity.retirements), within=NonNegativeReals, doc="retired early [MW, MWh, t/h]")
    model.capacity = Var(stood, within=NonNegativeReals, doc="capacity that works [MW, MWh, t/h]")
    model.ordered = Var(
        [(k, y) for k, y in pools if k not in alone], within=NonNegativeReals, doc="works of what was ordered [MW, MWh, t/h]"
    )
    pool = {(k, y): model.capacity[k, y] if k in alone else model.ordered[k, y] for k, y in pools}

    @model.Constraint(
        [(k, y) for k, y in stood if k not in alone],
        doc="what works is what stood and what was built, less what was retired [MW, MWh, t/h]",
    )
    def capacity_sum(model, k, y):
        own = [(1.0, pool[k, y])] if (k, y) in pool else built[k, y]
        gone = [(-1.0, model.retire[r]) for r in retired.get((k, y), ())]
        return weighted([*own, *gone, (-1.0, model.capacity[k, y])], capacity.existing.get((k, y), 0.0)) == 0

    @model.Constraint(cohorts, doc="no more is retired than was there [MW, MWh, t/h]")
    def retire_limit(model, k, cohort):
        own = [(1.0, model.retire[r]) for r in capacity.retirements if r[:2] == (k, cohort)]
        if cohort == EXISTING:
            return weighted(own) <= capacity.existing[k, capacity.works[k, EXISTING][0]]
        return weighted([*own, *((-a, v) for a, v in order(model, inputs, k, cohort))]) <= 0

    add_pools(model, inputs, pool, built)

    @model.Constraint([(k, y) for k, y in stood if k in capacity.max_capacity], doc="most that may stand [MW, MWh, t/h]")
    def capacity_limit(model, k, y):
        return model.capacity[k, y] <= capacity.max_capacity[k]

    @model.Constraint(sorted(set(capacity.site.values())), list(inputs.years), doc="capacity on a site shares its area [ha]")
    def site_limit(model, site, y):
        users = [k for k in capacity.present[y] if capacity.site.get(k) == site]
        return weighted((capacity.area[k], model.capacity[k, y]) for k in users) <= capacity.site_area[site] + model.nothing


def add_pools(
    model: Block, inputs: Inputs, pool: Mapping[tuple[str, int], Any], built: Mapping[tuple[str, int], _Terms]
) -> None:
    r"""What works of the orders of an asset, where they may be of any size: all together, from one year to the next.

    .. math::
        P_{k,y} = P_{k,y-1} + N_{k,y} - e_{k,y} - \rho_{k,y}, \qquad 0 \le e_{k,y} \le E_{k,y}, \qquad
        N_{k,y} \le P_{k,y} \le S_{k,y}

    for k in ASSETS, y in YEARS. That is what the orders allow, apart from each other: all work equally long, so those ordered
    first end first. If those are retired first, what works is the part of all that is alive that was ordered last, and all that
    begins to work in the year. It needs a column for each year, not for each pair.

    P  ordered, that works   capacity (k,y)          N  begins to work in y   capacity (k,y)
    E  ends before y, had it not been retired   capacity (k,y)      e  expire, of what was left   capacity (k,y)
    S  alive in y, had nothing been retired     capacity (k,y)
    """
    begins, ends = _begins_and_ends(model, inputs)
    ending = [(k, y) for k, y in pool if (k, y) in ends and (k, y - 1) in pool]
    first_end = {k: min(y for own, y in ending if own == k) for k in {k for k, _ in ending}}
    model.expire = Var(ending, within=NonNegativeReals, doc="comes to the end of its life, of what is left [MW, MWh, t/h]")

    @model.Constraint(list(pool), doc="what works is what did, what begins to, less what is retired or ends [MW, MWh, t/h]")
    def pool_step(model, k, y):
        before = [(1.0, pool[k, y - 1])] if (k, y - 1) in pool else []
        expires = [(-1.0, model.expire[k, y])] if (k, y) in model.expire else []
        gone = [(-1.0, model.retire[k, ANY, y]), (-1.0, pool[k, y])]
        return weighted([*before, *begins.get((k, y), ()), *expires, *gone]) == 0

    new: dict[tuple[str, int], _Terms] = {}
    for (k, v), (y, _) in inputs.capacity.lasts.items():
        if (k, y) in pool:
            new.setdefault((k, y), []).extend(order(model, inputs, k, v))

    @model.Constraint(list(new), doc="what begins to work is not retired that year [MW, MWh, t/h]")
    def new_works(model, k, y):
        return weighted([*new[k, y], (-1.0, pool[k, y])]) <= 0

    @model.Constraint(ending, doc="no more comes to its end than was ordered to [MW, MWh, t/h]")
    def expire_limit(model, k, y):
        return weighted([*ends[k, y], (-1.0, model.expire[k, y])]) >= 0

    @model.Constraint([(k, y) for k, y in pool if y >= first_end.get(k, y + 1)], doc="what works is alive [MW, MWh, t/h]")
    def alive_limit(model, k, y):
        return weighted([*built[k, y], (-1.0, pool[k, y])]) >= 0


def _working(model: Block, inputs: Inputs) -> dict[tuple[str, int], _Terms]:
    """Builds that work, by asset and year; empty where only what stood before does."""
    found: dict[tuple[str, int], _Terms] = {(k, y): [] for y in inputs.years for k in inputs.capacity.present[y]}
    for k, v in inputs.capacity.lasts:
        for y in inputs.capacity.works[k, v]:
            found[k, y].extend(order(model, inputs, k, v))
    return found


def order(model: Block, inputs: Inputs, k: str, v: int) -> _Terms:
    """What is ordered of an asset in a year: what is decided, and what is signed."""
    decided = [(1.0, model.build[k, v])] if (k, v) in model.build else []
    signed = inputs.capacity.committed.get((k, v))
    return [*decided, (signed, 1.0)] if signed else decided


def _retired(model: Block, inputs: Inputs) -> dict[tuple[str, int], list[tuple[str, int, int]]]:
    """Retirements of cohorts that have happened, by asset and year."""
    capacity = inputs.capacity
    found: dict[tuple[str, int], list[tuple[str, int, int]]] = {}
    for k, cohort, z in capacity.retirements:
        for y in capacity.works[k, cohort] if cohort != ANY else ():
            if y >= z:
                found.setdefault((k, y), []).append((k, cohort, z))
    return found


def _begins_and_ends(model: Block, inputs: Inputs) -> tuple[dict[tuple[str, int], _Terms], dict[tuple[str, int], _Terms]]:
    """Of each asset and year, the orders that begin to work in it, and those that worked last in the year before.

    A signed order that works before the horizon begins with it here.
    """
    begins: dict[tuple[str, int], _Terms] = {}
    ends: dict[tuple[str, int], _Terms] = {}
    for k, v in inputs.capacity.lasts:
        works, own = inputs.capacity.works[k, v], order(model, inputs, k, v)
        if works:
            begins.setdefault((k, works[0]), []).extend(own)
            ends.setdefault((k, works[-1] + 1), []).extend(own)
    return begins, ends
