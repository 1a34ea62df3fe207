r"""Rounding: whole numbers near a relaxed optimum (a primal heuristic), which are then fixed and the rest solved again.

.. math:: z_i \in \mathbb{Z} \text{ near } x_i, \quad i \text{ in the integers}

1. Most integers: the nearest whole number.
2. Orders, along the years of each asset: a relaxed order binary is only size / largest size, so the order's size decides, not the
   binary. What is rounded away in one year is carried to the next order (akin to sum-up rounding; Sager, Bock and Diehl, "The
   integer approximation error in mixed-integer optimal control", 2012); an order within the least spacing joins the one before.
3. Retirements in whole units, after the orders (`retirement`).
4. One tariff scheme of each connection: that with the largest value.

Returns the integers only; nothing guarantees that the rest is feasible then. Raises nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from pyomo.core import ConcreteModel

from models.inputs import Inputs
from planner.solve.handover.matrix import Matrix
from planner.solve.rounding.retirement import Retirements

#: From the values of all columns to whole numbers of the integer ones.
Rounding = Callable[[np.ndarray], np.ndarray]

#: Without a least size, an order below this share of the largest possible is rounded away.
SMALL = 0.01
#: An order, or a relaxed binary, below this is 0.
NOTHING = 1e-6


@dataclass(frozen=True)
class _Order:
    """An order with a binary or with whole units: its year and its columns (None = it has no such), and its largest size."""

    year: int
    build: int
    is_built: int | None
    units: int | None
    most: float


def rounding(matrix: Matrix, model: ConcreteModel, inputs: Inputs) -> Rounding:
    """The rounding of a model, whose matrix it needs for the places of the columns."""
    orders = {k: list(_orders(matrix, model, inputs, k)) for k in dict.fromkeys(k for k, _ in [*model.is_built, *model.units])}
    used = [matrix.column[id(choice)] for choice in model.used.values()]
    connections = inputs.connections
    together = [
        [matrix.column[id(model.scheme[key, y])] for key in connections.keys(c)] for c in connections.schemes for y in inputs.years
    ]
    retirements = Retirements(matrix, model, inputs)

    def near(values: np.ndarray) -> np.ndarray:
        """Integers (of the columns `matrix.integer`) near the values of all columns (one each, or more behind them)."""
        whole = np.round(values[: len(matrix.columns)])
        for k, own in orders.items():
            _round_orders(k, own, inputs, values, whole)
        retirements.round(values, whole)
        for keys in together:  # one scheme for each connection and year
            whole[keys] = 0.0
            whole[keys[int(np.argmax(values[keys]))]] = 1.0
        whole[used] = np.ceil(values[used] - NOTHING)  # a contract that is used at all is in use
        return whole[matrix.integer]

    return near


def _orders(matrix: Matrix, model: ConcreteModel, inputs: Inputs, k: str) -> Iterator[_Order]:
    for asset, v in inputs.capacity.builds:
        if asset == k:
            families = model.is_built, model.units
            is_built, units = (matrix.column[id(own[k, v])] if (k, v) in own else None for own in families)
            yield _Order(v, matrix.column[id(model.build[k, v])], is_built, units, inputs.capacity.build_max[k, v])


def _round_orders(k: str, orders: list[_Order], inputs: Inputs, values: np.ndarray, whole: np.ndarray) -> None:
    capacity = inputs.capacity
    unit, spacing, least = capacity.unit_size.get(k, 0.0), capacity.spacing.get(k, 0), capacity.min_build.get(k, 0.0)
    sizes = [float(values[o.build]) for o in orders]
    carried, free = 0.0, orders[0].year if orders else 0
    for i, o in enumerate(orders):
        carried += sizes[i]
        if o.year < free:
            count, is_built = 0, False
        else:
            soon = sum(size for size, later in zip(sizes, orders, strict=True) if o.year < later.year < o.year + spacing)
            smallest = least or (0.0 if unit else 2 * SMALL * min(o.most, sum(sizes) if spacing > 1 else o.most))
            count = _count(carried + soon, unit, least, o.most) if unit else 0
            is_built = count > 0 if unit else carried >= smallest / 2 and carried > 0
        if o.units is not None:
            whole[o.units] = count
        if o.is_built is not None:
            whole[o.is_built] = float(is_built)
        if is_built:
            free = o.year + spacing
            carried = carried - count * unit if unit else min(0.0, carried - max(smallest, sizes[i])) - soon


def _count(size: float, unit: float, least: float, most: float) -> int:
    """Whole units of an order: 0, or enough for the least order."""
    count = round(size / unit + 1e-9)
    if count * unit < least - 1e-9:
        count = int(np.ceil(least / unit - 1e-9)) if size >= least / 2 else 0
    return count if count * unit <= most * (1 + 1e-9) else int(most / unit + 1e-9)


def clear_unused_order_binaries(model: ConcreteModel) -> None:
    """Set order binaries without an order to 0: a solution within the gap may pay the fixed cost of an order of size 0."""
    for order, is_built in model.is_built.items():
        if model.build[order].value <= NOTHING:
            is_built.set_value(0.0)
