"""Value beyond the horizon that is given up: an order that is retired early serves no years after the last one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from pyomo.core import Block, NonNegativeReals

from models.components import rows, variables
from models.inputs import SIGNED, Inputs
from models.inputs.capacity import Part
from models.linear import Sum, weighted


def add_given_up(model: Block, inputs: Inputs, pool: Mapping[tuple[str, int], Any]) -> None:
    r"""How much is retired of each order that has a value beyond the horizon.

    .. math::
        \sum_z \rho_{k,v,z} \le \sum_i g_{k,v,i}, \qquad 0 \le g_{k,v,i} \le b_{k,v,i}
    .. math::
        P_{k,y} \ge N_{k,y} + \sum_{v:\, v' < y} \sum_i (b_{k,v,i} - g_{k,v,i})

    for (k, v) in ORDERS with a value; i is what is decided and what was signed of an order, which may differ in value: the cheaper
    goes first. Each g is paid for with its value, see `system_cost`.

    The first row is of orders that are told apart. The second is of those that are not, see `add_pools`. What ends within the
    horizon has no value and is retired first; all else works to the end of the horizon, so it matters only how much of each goes,
    and that it goes after it began to work: in every year what works is at least what begins to (N), and what of the orders that
    began before, in v', is not given up.

    g  given_up   capacity (k,v,i)     b  ordered   capacity (k,v,i)
    P  what works of the orders   capacity (k,y)     ρ  retire   capacity (k,v,z)
    """
    capacity, parts = inputs.capacity, list(inputs.capacity.given_up)
    orders = {kv: [part for part in parts if part[:2] == kv] for kv in dict.fromkeys((k, v) for k, v, _ in parts)}
    pooled, begins = {k for k, _ in pool}, {kv: capacity.lasts[kv][0] for kv in orders}

    model.given_up = variables(parts, within=NonNegativeReals, doc="retired early of an order with a value beyond [MW, MWh, t/h]")

    @rows(model, parts, doc="no more is given up than was ordered [MW, MWh, t/h]")
    def given_up_limit(model, *part):
        return weighted([(1.0, model.given_up[part]), *ordered_of(model, inputs, [part], -1.0)]) <= 0

    @rows(model, [kv for kv in orders if kv[0] not in pooled], doc="what is retired is given up [MW, MWh, t/h]")
    def given_up_retired(model, k, v):
        retired = [(-1.0, model.retire[r]) for r in capacity.retirements if r[:2] == (k, v)]
        return weighted([*_gone(model, orders[k, v]), *retired]) >= 0

    held = [(k, y) for k, y in pool if any(own == k and begin <= y for (own, _), begin in begins.items())]

    @rows(model, held, doc="what works is what begins to and what is not given up, at least [MW, MWh, t/h]")
    def given_up_left(model, k, y):
        left: Sum = [(1.0, pool[k, y]), *_beginning(model, inputs, k, y, orders)]
        for v in (v for own, v in orders if own == k and begins[k, v] <= y):
            left += [*ordered_of(model, inputs, orders[k, v], -1.0), *(_gone(model, orders[k, v]) if begins[k, v] < y else [])]
        return weighted(left) >= 0


def ordered_of(model: Block, inputs: Inputs, parts: Iterable[Part], sign: float = 1.0) -> Sum:
    """What parts of orders come to, times `sign`."""
    signed = inputs.capacity.committed
    return [(sign * signed[k, v], 1.0) if kind == SIGNED else (sign, model.build[k, v]) for k, v, kind in parts]


def _beginning(model: Block, inputs: Inputs, k: str, y: int, orders: Collection[tuple[str, int]]) -> Sum:
    """Less what begins to work in a year of the other orders, which have no value: it is not retired in that year."""
    capacity = inputs.capacity
    others = [v for (own, v), (first, _) in capacity.lasts.items() if own == k and first == y and (k, v) not in orders]
    found: Sum = [(-1.0, model.build[k, v]) for v in others if (k, v) in model.build]
    return [*found, *((-capacity.committed[k, v], 1.0) for v in others if (k, v) in capacity.committed)]


def _gone(model: Block, parts: Iterable[Part]) -> Sum:
    """What is given up of parts of orders."""
    return [(1.0, model.given_up[part]) for part in parts]
