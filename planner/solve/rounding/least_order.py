"""Orders of next to nothing: nobody orders 3 W. What the optimum orders less of than a least order is ordered so large."""

from __future__ import annotations

from collections.abc import Iterator

from pyomo.environ import ConcreteModel

from models.inputs import Inputs
from models.operation.carbon import converted_groups
from planner.solve.rounding.rounding import NOTHING

#: No order is smaller: 1 kW, 1 kWh, 1 kg/h.
LEAST = 1e-3
#: So much of the gap that is asked for may be spent on this.
SHARE = 0.1


def raise_small_orders(model: ConcreteModel, inputs: Inputs, allowed: float) -> None:
    """Make each order of next to nothing a least order, in the values of the model, where its limits leave room.

    allowed  by how much the system cost may grow (money)

    More capacity can only stand idle, so the operation stays as it is; what has a least load is left alone, and plants of which
    a rule counts what they could generate.
    """
    for (k, v), more in list(_small(model, inputs)):
        cost = _cost(inputs, k, v, more)
        if cost <= allowed and _has_room(model, inputs, k, v, more):
            allowed -= cost
            model.build[k, v].set_value(LEAST)
            for y in inputs.capacity.works[k, v]:
                for family in (model.capacity, model.ordered):
                    if (k, y) in family:
                        family[k, y].set_value(family[k, y].value + more)


def _small(model: ConcreteModel, inputs: Inputs) -> Iterator[tuple[tuple[str, int], float]]:
    """Orders of any size that are too small, and by how much."""
    sized = {*inputs.capacity.unit_size, *inputs.capacity.min_build, *inputs.conversion.min_load}
    sized |= converted_groups(inputs).get("varying", set())
    for (k, v), build in model.build.items():
        if not NOTHING < build.value < LEAST * (1 - 1e-6) or k in sized:
            continue
        gone = any(q.value > 0.5 for (own, ordered, _), q in model.is_retired.items() if (own, ordered) == (k, v))
        if not gone:
            yield (k, v), LEAST - build.value


def _cost(inputs: Inputs, k: str, v: int, more: float) -> float:
    """Growth of the system cost, for so much more of an order."""
    capacity, discount = inputs.capacity, inputs.finance.discount
    capital = capacity.own_share[k, v] * capacity.seen_share[k, v] * capacity.capital_cost[k, v] * discount[v]
    return more * (capital + sum(capacity.fixed_cost.get((k, y), 0.0) * discount[y] for y in capacity.works[k, v]))


def _has_room(model: ConcreteModel, inputs: Inputs, k: str, v: int, more: float) -> bool:
    """True if no limit on the order, on what stands, on the site or on the money of the year is in the way."""
    capacity = inputs.capacity
    if v in inputs.finance.budget or capacity.build_max[k, v] < LEAST:
        return False
    for y in capacity.works[k, v]:
        if (k, y) in capacity.max_capacity and model.capacity[k, y].value + more > capacity.max_capacity[k, y]:
            return False
        if k in capacity.site:
            site = capacity.site[k]
            users = [other for other in capacity.present[y] if capacity.site.get(other) == site]
            used = sum(capacity.area[other] * model.capacity[other, y].value for other in users)
            if used + capacity.area[k] * more > capacity.site_area[site]:
                return False
    return True
