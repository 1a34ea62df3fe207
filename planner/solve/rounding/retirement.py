"""Rounding of retirements, after the orders are rounded: units retired, whether something is left to expire, whether units are
left, and which orders are given up.

Along the years of an asset: relaxed retirements are added up and rounded down to whole units; the binaries that depend on what is
left follow from it.
"""

from __future__ import annotations

import math

import numpy as np
from pyomo.core import ConcreteModel

from models.inputs import EXISTING, Inputs
from planner.solve.handover.matrix import Matrix

#: A fraction this near to the next whole number counts as it; else it is rounded down.
NEARLY = 1e-6


class Retirements:
    """The integer columns of retirement of a model, and their rounding."""

    def __init__(self, matrix: Matrix, model: ConcreteModel, inputs: Inputs) -> None:
        self.inputs, self.model, self.column = inputs, model, matrix.column
        self.standing = dict.fromkeys(k for k, _ in [*model.retire_existing, *model.is_falling])
        pooled = *model.retire_units, *model.expire_units, *model.is_expiring, *model.is_given_up
        self.pooled = dict.fromkeys(k for k, _ in pooled)
        self.standing |= dict.fromkeys(k for k, _ in model.has_existing_unit)
        self.pooled |= dict.fromkeys(k for k, _ in model.has_unit)

    def round(self, values: np.ndarray, whole: np.ndarray) -> None:
        """Write whole numbers near `values` into `whole`, whose orders are rounded already."""
        for k in self.standing:
            self._round_existing(k, values, whole)
        for k in self.pooled:
            self._round_pool(k, values, whole)

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

    def _round_pool(self, k: str, values: np.ndarray, whole: np.ndarray) -> None:
        """Units that were ordered, retired along the years, the oldest first; and how many of those left expire."""
        capacity, unit = self.inputs.capacity, self.inputs.capacity.unit_size[k]
        sizes = {v: capacity.committed.get((k, v), 0.0) for own, v in capacity.lasts if own == k}
        for v in sizes:
            if (place := self._place("units", k, v)) is not None:
                sizes[v] += unit * whole[place]
        left: dict[int, float] = {}
        due, gone, most_recent = 0.0, 0, 0
        for y in self.inputs.years:
            ended = sum(left.pop(v) for v in list(left) if y not in capacity.works[k, v])
            if (place := self._place("expire_units", k, y)) is not None:
                whole[place] = round(ended / unit)
            if (place := self._place("is_expiring", k, y)) is not None:
                whole[place] = float(ended > NEARLY * unit)
            left |= {v: size for v, size in sizes.items() if capacity.works[k, v] and capacity.works[k, v][0] == y}
            if (place := self._place("retire_units", k, y)) is not None:
                due += values[place]
                old = sorted(v for v in left if capacity.lasts[k, v][0] < y)
                most = sum(left[v] for v in old)
                whole[place] = min(math.floor(due + NEARLY) - gone, math.floor(most / unit + NEARLY))
                gone += int(whole[place])
                most_recent = max(most_recent, _take(old, left, unit * whole[place]))
            for v in left:
                if (place := self._place("is_oldest", k, v, y)) is not None:
                    before = sum(left[w] for w in left if w < v and capacity.lasts[k, w][0] < y)
                    whole[place] = float(before <= NEARLY * unit)
            if (place := self._place("has_unit", k, y)) is not None:
                whole[place] = float(sum(left.values()) > NEARLY * unit)
        for v in sizes:
            if (place := self._place("is_given_up", k, v)) is not None:
                whole[place] = float(v <= most_recent)


def _take(old: list[int], left: dict[int, float], amount: float) -> int:
    """Retire this amount from the orders, in this order; gives the last of them of which anything goes, 0 of none."""
    last = 0
    for v in old:
        taken = min(amount, left[v])
        left[v] -= taken
        amount -= taken
        last = v if taken > 0 else last
    return last
