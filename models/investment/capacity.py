"""Capacity: cohorts that work for their lifetime, and the limits of what stands.

Technologies and links between zones are treated alike. Wear is not modelled: a cohort works in full until its last
year. A retired unit is gone for good: it returns no capital, and gives up its value beyond the horizon.
"""

from __future__ import annotations

from pyomo.core import Block, NonNegativeReals

from models.components import rows, variables
from models.inputs import ANY, EXISTING, Inputs
from models.investment.builds import order
from models.investment.given_up import add_given_up
from models.investment.pools import add_pools
from models.investment.retirement import add_existing, add_whole_orders, standing
from models.linear import Sum, weighted


def add_capacity(model: Block, inputs: Inputs) -> None:
    r"""What stands in each year, and its limits.

    .. math::
        C_{k,y} = S_{k,y} + \sum_{v:\, y \in W_{k,v}} \Big(b_{k,v} - \sum_{z \le y} \rho_{k,v,z}\Big)
    .. math::
        \sum_z \rho_{k,v,z} \le b_{k,v}, \qquad \underline{C}_{k,y} \le C_{k,y} \le \overline{C}_{k,y}, \qquad
        \sum_{k \in j} \alpha_k C_{k,y} \le A_j

    for k in ASSETS, y in YEARS, j in SITES. Orders that are signed are numbers beside those that are decided. Orders that are
    retired in any part are not told apart, see `add_pools`. The least that must stand binds only plans under a goal and the
    least-cost plan.

    C  capacity   capacity (k,y)       S  standing, see `add_existing`   capacity (k,y)      b  build   capacity (k,v)
    ρ  retire     capacity (k,v,z)     W  works      years (k,v)         α  area    ha/capacity (k)    A  site_area   ha (j)
    """
    capacity = inputs.capacity
    stood = [(k, y) for y in inputs.years for k in capacity.present[y]]
    pools = [(k, y) for k, cohort, y in capacity.retirements if cohort == ANY]
    alone = {k for k, _ in pools} - {k for k, _ in capacity.existing}
    cohorts = list(dict.fromkeys((k, c) for k, c, _ in capacity.retirements if c not in (ANY, EXISTING)))
    built, retired = _working(model, inputs), _retired(inputs)

    model.retire = variables(list(capacity.retirements), within=NonNegativeReals, doc="retired early [MW, MWh, t/h]")
    model.capacity = variables(stood, within=NonNegativeReals, doc="capacity that works [MW, MWh, t/h]")
    model.ordered = variables(
        [(k, y) for k, y in pools if k not in alone], within=NonNegativeReals, doc="works of what was ordered [MW, MWh, t/h]"
    )
    pool = {(k, y): model.capacity[k, y] if k in alone else model.ordered[k, y] for k, y in pools}

    add_existing(model, inputs)

    @rows(
        model,
        [(k, y) for k, y in stood if k not in alone],
        doc="what works is what stood and what was built, less what was retired [MW, MWh, t/h]",
    )
    def capacity_sum(model, k, y):
        own = [(1.0, pool[k, y])] if (k, y) in pool else built[k, y]
        gone = [(-1.0, model.retire[r]) for r in retired.get((k, y), ())]
        return weighted([*standing(model, inputs, k, y), *own, *gone, (-1.0, model.capacity[k, y])]) == 0

    @rows(model, cohorts, doc="no more is retired than was there [MW, MWh, t/h]")
    def retire_limit(model, k, cohort):
        own = [(1.0, model.retire[r]) for r in capacity.retirements if r[:2] == (k, cohort)]
        return weighted([*own, *((-a, v) for a, v in order(model, inputs, k, cohort))]) <= 0

    add_whole_orders(model, inputs)
    add_pools(model, inputs, pool, built)
    add_given_up(model, inputs, pool)

    @rows(model, [ky for ky in stood if ky in capacity.max_capacity], doc="most that may stand [MW, MWh, t/h]")
    def capacity_limit(model, k, y):
        return model.capacity[k, y] <= capacity.max_capacity[k, y]

    @rows(model, list(capacity.min_capacity), doc="least that must stand [MW, MWh, t/h]")
    def capacity_least(model, k, y):
        own = [(1.0, model.capacity[k, y])] if (k, y) in model.capacity else []
        return weighted([*own, (1.0, model.nothing)]) >= capacity.min_capacity[k, y]

    @rows(model, sorted(set(capacity.site.values())), list(inputs.years), doc="capacity on a site shares its area [ha]")
    def site_limit(model, site, y):
        users = [k for k in capacity.present[y] if capacity.site.get(k) == site]
        return weighted((capacity.area[k], model.capacity[k, y]) for k in users) <= capacity.site_area[site] + model.nothing


def _working(model: Block, inputs: Inputs) -> dict[tuple[str, int], Sum]:
    """Builds that work, by asset and year; empty where only what stood before does."""
    found: dict[tuple[str, int], Sum] = {(k, y): [] for y in inputs.years for k in inputs.capacity.present[y]}
    for k, v in inputs.capacity.lasts:
        for y in inputs.capacity.works[k, v]:
            found[k, y].extend(order(model, inputs, k, v))
    return found


def _retired(inputs: Inputs) -> dict[tuple[str, int], list[tuple[str, int, int]]]:
    """Retirements of orders that are told apart that have happened, by asset and year."""
    capacity = inputs.capacity
    found: dict[tuple[str, int], list[tuple[str, int, int]]] = {}
    for k, cohort, z in capacity.retirements:
        for y in capacity.works[k, cohort] if cohort not in (ANY, EXISTING) else ():
            if y >= z:
                found.setdefault((k, y), []).append((k, cohort, z))
    return found
