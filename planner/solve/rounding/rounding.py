r"""Rounding: whole numbers near a relaxed optimum (a primal heuristic), which are then fixed and the rest solved again.

.. math:: z_i \in \mathbb{Z} \text{ near } x_i, \quad i \text{ in the integers}

1. Most integers: the nearest whole number.
2. Orders, along the years of each asset: a relaxed order binary is only size / largest size, so the order's size decides, not the
   binary. What is rounded away in one year is carried to the next order (akin to sum-up rounding; Sager, Bock and Diehl, "The
   integer approximation error in mixed-integer optimal control", 2012); an order within the least spacing joins the one before.
3. Retirements in whole units, after the orders (`Retirements`).
4. One tariff scheme of each connection: that with the largest value.

Returns the integers only; nothing guarantees that the rest is feasible then. Raises nothing.

Rounding of retirements, after the orders are rounded: units retired, whether something is left to fall, whether units are left.

Along the years of an asset: relaxed retirements are added up and rounded down to whole units; the binaries that depend on what is
left follow from it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from pyomo.core import ConcreteModel

from models.inputs import EXISTING, Inputs
from models.operation.green_power import converted_groups
from planner.solve.handover.matrix import Matrix

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


#: A fraction this near to the next whole number counts as it; else it is rounded down.
NEARLY = 1e-6


class Retirements:
    """The integer columns of retirement of a model, and their rounding."""

    def __init__(self, matrix: Matrix, model: ConcreteModel, inputs: Inputs) -> None:
        self.inputs, self.model, self.column = inputs, model, matrix.column
        self.standing = dict.fromkeys(k for k, _ in [*model.retire_existing, *model.is_falling])
        self.standing |= dict.fromkeys(k for k, _ in model.has_existing_unit)
        self.ordered = dict.fromkeys(k for k, *_ in [*model.retire_units, *model.has_unit])

    def round(self, values: np.ndarray, whole: np.ndarray) -> None:
        """Write whole numbers near `values` into `whole`, whose orders are rounded already."""
        for k in self.standing:
            self._round_existing(k, values, whole)
        for k in self.ordered:
            self._round_orders(k, values, whole)

    def _place(self, family: str, *index: object) -> int | None:
        variables = getattr(self.model, family)
        return self.column.get(id(variables[index])) if index in variables else None

    def _round_existing(self, k: str, values: np.ndarray, whole: np.ndarray) -> None:
        """Units of the existing capacity, retired along the years; and whether any of it is left to expire."""
        capacity = self.inputs.capacity
        years = capacity.works[k, EXISTING]
        unit = capacity.pieces.existing_unit.get(k, 0.0)
        rest = capacity.pieces.units_of(k, capacity.existing[k, years[0]])[1] if unit else 0.0
        left, due, gone = math.inf, 0.0, 0
        for y in years:
            if (place := self._place("is_falling", k, y)) is not None:
                whole[place] = float(left > capacity.existing[k, y] * (1 + NEARLY))
            left = min(left, capacity.existing[k, y])
            if (place := self._place("retire_existing", k, y)) is not None:
                due += values[place]
                whole[place] = math.floor(due + NEARLY) - gone
                gone += int(whole[place])
                extra = self._place("retire_rest", k, y)
                left -= unit * whole[place] + (rest * whole[extra] if extra is not None else 0.0)
                rest *= 1.0 - (whole[extra] if extra is not None else 0.0)
            elif (place := self._place("retire", k, EXISTING, y)) is not None:
                left -= values[place]
            if (place := self._place("has_existing_unit", k, y)) is not None:
                whole[place] = float(left - rest > NEARLY * unit)

    def _round_orders(self, k: str, values: np.ndarray, whole: np.ndarray) -> None:
        """Units of signed orders, retired along the years; and whether a unit of any order works."""
        capacity, unit = self.inputs.capacity, self.inputs.capacity.unit_size[k]
        years = [v for own, v in capacity.lasts if own == k]
        for v in years:
            due, gone = 0.0, 0
            for y in capacity.works[k, v]:
                if (place := self._place("retire_units", k, v, y)) is not None:
                    due += values[place]
                    whole[place] = min(math.floor(due + NEARLY), math.floor(capacity.committed[k, v] / unit + NEARLY)) - gone
                    gone += int(whole[place])
        ordered = [v for v in years if (k, v) in capacity.committed or ((p := self._place("units", k, v)) is not None and whole[p])]
        for y in self.inputs.years:
            if (place := self._place("has_unit", k, y)) is not None:
                whole[place] = float(any(y in capacity.works[k, v] for v in ordered))


# --- least order -----------------------------------------------------------------------------------------------------------
# Orders that are too small to place (3 W) are raised to a least order in the values of a solved model.

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
