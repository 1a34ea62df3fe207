"""Orders: of any size or none, in units that are sold, at least so large, at least so many years apart."""

from __future__ import annotations

import math

from pyomo.core import Binary, Block, NonNegativeIntegers

from models.components import rows, variables
from models.inputs import Inputs
from models.linear import Sum, weighted


def add_builds(model: Block, inputs: Inputs) -> None:
    r"""Orders of every year: of any size, in whole units, or none or at least a least size.

    .. math::
        0 \le b_{k,v} \le \overline{b}_{k} \qquad b_{k,v} = u_k n_{k,v} \qquad
        \underline{b}_k z_{k,v} \le b_{k,v} \le \overline{b}_k z_{k,v}

    .. math::
        \sum_{w \le v < w + s_k} z_{k,v} \le 1 \quad \text{for every year } w

    .. math::
        b_{k,v} \le \gamma_k (b_{k,v-1} + B_{k,v-1}) + g_k

    for (k, v) in BUILDS. Nothing is offered nearer than s to an order that is signed.

    b  build      capacity (k,v)     u  unit_size   capacity (k)     n  units      1 (k,v)     s  spacing   year (k)
    z  is_built   1 (k,v), where a least size, a project cost or a spacing is given
    γ, g  growth  1, capacity (k)        B  signed orders   capacity (k,v)
    """
    capacity = inputs.capacity
    lumpy = list(capacity.lumpy)
    whole = [(k, v) for k, v in capacity.builds if k in capacity.unit_size]

    model.build = variables(
        list(capacity.builds),
        doc="capacity ordered [MW, MWh, t/h]",
        bounds=lambda _, k, v: (0, None if math.isinf(capacity.build_max[k, v]) else capacity.build_max[k, v]),
    )
    model.is_built = variables(lumpy, within=Binary, doc="1 if anything is ordered [1]")
    model.units = variables(
        whole,
        within=NonNegativeIntegers,
        doc="whole units ordered [1]",
        bounds=lambda _, k, v: (0, _units(capacity.build_max[k, v], capacity.unit_size[k])),
    )

    @rows(model, lumpy, doc="an order needs its binary [MW, MWh, t/h]")
    def build_largest(model, k, v):
        return model.build[k, v] <= capacity.build_max[k, v] * model.is_built[k, v]

    @rows(model, [kv for kv in lumpy if kv[0] in capacity.min_build], doc="an order is at least the smallest [MW, MWh, t/h]")
    def build_smallest(model, k, v):
        return model.build[k, v] >= capacity.min_build[k] * model.is_built[k, v]

    @rows(model, whole, doc="orders come in whole units [MW, MWh, t/h]")
    def build_units(model, k, v):
        return model.build[k, v] == capacity.unit_size[k] * model.units[k, v]

    near = _near(inputs)

    @rows(model, list(near), doc="one order in so many years [1]")
    def build_spacing(model, k, w):
        return weighted((1.0, model.is_built[k, v]) for v in near[k, w]) <= 1

    growing = [(k, v) for k, v in capacity.builds if k in capacity.growth]

    @rows(model, growing, doc="no more is ordered than the order of the year before lets it be [MW, MWh, t/h]")
    def build_growth(model, k, v):
        factor, always = capacity.growth[k]
        before = [(-factor * a, size) for a, size in order(model, inputs, k, v - 1)]
        return weighted([(1.0, model.build[k, v]), *before]) <= always


def _near(inputs: Inputs) -> dict[tuple[str, int], list[int]]:
    """Orders that are too near to each other, by asset and first of them; none that are part of the ones before."""
    found: dict[tuple[str, int], list[int]] = {}
    for k, spacing in inputs.capacity.spacing.items():
        years, seen = sorted(v for own, v in inputs.capacity.builds if own == k), 0
        for w in years:
            own = [v for v in years if w <= v < w + spacing]
            if len(own) > 1 and own[-1] > seen:
                found[k, w], seen = own, own[-1]
    return found


def _units(most: float, size: float) -> int | None:
    return None if math.isinf(most) else math.floor(most / size + 1e-9)


def order(model: Block, inputs: Inputs, k: str, v: int) -> Sum:
    """What is ordered of an asset in a year: what is decided, and what is signed."""
    decided = [(1.0, model.build[k, v])] if (k, v) in model.build else []
    signed = inputs.capacity.committed.get((k, v))
    return [*decided, (signed, 1.0)] if signed else decided


def most_ordered(inputs: Inputs, k: str, y: int) -> float:
    """Most of the orders of an asset that can work in a year. Raises ValueError where there is no limit."""
    capacity = inputs.capacity
    working = [v for own, v in capacity.lasts if own == k and y in capacity.works[k, v]]
    orders = sum(capacity.build_max.get((k, v), 0.0) + capacity.committed.get((k, v), 0.0) for v in working)
    most = min(orders, capacity.max_capacity.get((k, y), math.inf))
    if math.isinf(most):
        raise ValueError(f"{k}: orders in whole units need a limit")
    return most
