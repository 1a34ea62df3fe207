"""Whole numbers near a relaxed point, a guess that is then fixed and proven; and what of a solved point is idle."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from pyomo.environ import ConcreteModel

from models.inputs import Inputs
from planner.solve.matrix import Matrix

#: From the values of all columns to whole numbers for the integer ones.
Rounding = Callable[[np.ndarray], np.ndarray]

#: An order worth less than this share of the most that may be ordered is rounded away, where no least size is given.
CRUMB = 0.01


def rounding(matrix: Matrix, model: ConcreteModel, inputs: Inputs) -> Rounding:
    """Nearest whole numbers; orders are rounded along the years, so that crumbs of several years make one order.

    A yes to an order follows the size of the order, not the fraction of the yes: a relaxed yes is only build / most,
    however much is built. What is rounded away in one year is carried to the next order of the same kind.
    """
    capacity = inputs.capacity
    lumps: dict[str, list[tuple[int, int, float]]] = {}
    for (k, v), is_built in model.is_built.items():
        least = capacity.min_build.get(k, 0.0) or 2 * CRUMB * capacity.build_max[k, v]
        lumps.setdefault(k, []).append((matrix.column[id(is_built)], matrix.column[id(model.build[k, v])], least))
    units: dict[str, list[int]] = {}
    for (k, _), count in model.units.items():
        units.setdefault(k, []).append(matrix.column[id(count)])

    def near(values: np.ndarray) -> np.ndarray:
        whole = np.round(values[: len(matrix.columns)])
        for orders in lumps.values():
            _round_orders(orders, values, whole)
        for counts in units.values():
            whole[counts] = np.diff(np.round(np.cumsum(values[counts]) + 1e-9), prepend=0.0)
        return whole[matrix.integer]

    return near


def _round_orders(orders: list[tuple[int, int, float]], values: np.ndarray, whole: np.ndarray) -> None:
    carried = 0.0
    for is_built, build, least in orders:
        carried += values[build]
        ordered = carried >= least / 2
        whole[is_built] = float(ordered)
        if ordered:
            carried = min(0.0, carried - max(least, values[build]))


#: An order below this is none.
NOTHING = 1e-6


def take_back_idle_yes(model: ConcreteModel) -> None:
    """A yes to an order that is then not made costs and does nothing: a plan within the gap may have it, none should."""
    for order, is_built in model.is_built.items():
        if model.build[order].value <= NOTHING:
            is_built.set_value(0.0)
