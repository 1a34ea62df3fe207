"""Orders that are too small to place (3 W) are raised to a least order in the values of a solved model."""

from __future__ import annotations

from collections.abc import Iterator

from pyomo.core import ConcreteModel

from models.inputs import Inputs
from models.operation.green_power import converted_groups
from planner.solve.rounding.rounding import NOTHING, clear_unused_order_binaries

#: No order is smaller: 1 kW, 1 kWh, 1 kg/h.
LEAST = 1e-3
#: Share of the gap asked for that this may cost.
SHARE = 0.1


def settle_orders(model: ConcreteModel, inputs: Inputs, gap: float) -> None:
    """Settle, in the values of a solved model, what the gap leaves open of its orders: binaries without an order are 0, and orders
    below `LEAST` are raised to it where their limits allow it.

    gap  asked for, in money: `SHARE` of it is what the orders that are raised may cost; 0: none is raised
    """
    clear_unused_order_binaries(model)
    if gap > 0:
        raise_small_orders(model, inputs, SHARE * gap)


def raise_small_orders(model: ConcreteModel, inputs: Inputs, allowed: float) -> None:
    """Raise each order below `LEAST` to it, in the values of the model, where its limits allow it.

    allowed  increase of the system cost (money)

    The operation is unchanged, since the capacity added is idle. Left as they are: orders of plants with a unit size, a least
    order, a minimum load or least hours, or whose possible generation a rule counts; of stores that fade, begin or stay at a share
    of their size; orders that may grow by a factor alone, or whose embodied emissions count; what is retired; and orders in years
    with a budget.
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
    """Orders below the least, and by how much."""
    capacity, storage = inputs.capacity, inputs.storage
    sized = {*capacity.unit_size, *capacity.min_build, *capacity.growth, *inputs.conversion.min_load, *inputs.commitment.min_hours}
    sized |= {*storage.initial, *storage.least, *capacity.fade} | converted_groups(inputs).get("varying", set())
    sized |= {k for k, _ in inputs.products.embodied} if inputs.products.counts_embodied else set()
    for (k, v), build in model.build.items():
        if not NOTHING < build.value < LEAST * (1 - 1e-6) or k in sized:
            continue
        gone = any(q.value > 0.5 for (own, ordered, _), q in model.is_retired.items() if (own, ordered) == (k, v))
        if not gone:
            yield (k, v), LEAST - build.value


def _cost(inputs: Inputs, k: str, v: int, more: float) -> float:
    """Increase of the system cost for this much more of an order (money)."""
    capacity, discount = inputs.capacity, inputs.finance.discount
    capital = capacity.own_share[k, v] * capacity.seen_share[k, v] * capacity.capital_cost[k, v] * discount[v]
    by_order = capacity.fixed_by_order.get((k, v), 0.0) + capacity.annuity.get((k, v), 0.0)
    yearly = sum((capacity.fixed_cost.get((k, y), 0.0) + by_order) * discount[y] for y in capacity.works[k, v])
    return more * max(0.0, capital + yearly)


def _has_room(model: ConcreteModel, inputs: Inputs, k: str, v: int, more: float) -> bool:
    """True if the limits of the order, the capacity, the site and the budget of the year allow it."""
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
