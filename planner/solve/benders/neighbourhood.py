"""Which integers of the master a search leaves as they are: those of what is neither ordered nor retired.

What the relaxed optimum neither orders nor retires in any year is fixed at 0. This is the neighbourhood of Berthold ("RENS: the
relaxation enforced neighborhood search", 2014), by technology instead of by variable: in which years a technology is ordered is
left open. Most integers are yes-or-noes of technologies that are never worth ordering.

What is found so satisfies all rows of the master. The bound of such a search is not one of the master. What was tried, and what it
bought: decision 24. Raises nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from pyomo.core import ConcreteModel

from models.families import FOLLOWING, INTEGERS_OF_ASSETS, OF_EXISTING, OF_ORDERS, OF_RETIREMENTS
from models.inputs import EXISTING, Inputs
from planner.solve.handover.matrix import Matrix

#: An asset of which less than this share of a least order is ordered in all years together is not ordered.
NOT_ORDERED = 0.25
#: The same of what is retired, as a share of the largest order or of what is existing; and what is nothing where no least order is
#: given.
NOT_RETIRED, NOTHING = 0.01, 1e-4


class Neighbourhood:
    """Which integers of the master stay as they are.

    orders    columns of the orders of an asset, and the integers that say whether and how many          (k)
    retired   columns of what is retired of its orders, and of what is existing, and the integers of these   (k, is_existing)
    """

    def __init__(self, matrix: Matrix, model: ConcreteModel, inputs: Inputs) -> None:
        self.capacity = inputs.capacity
        self.count = int(matrix.integer.sum())
        self.integers = np.flatnonzero(matrix.integer)
        #: Year of each integer; 0 of those that follow from others.
        self.year = np.array([_year_of(matrix.columns[i]) for i in self.integers], dtype=int)
        #: Place among the integers of each column.
        self.place = np.cumsum(matrix.integer) - 1
        #: Asset that each integer decides of; empty of other choices.
        self.asset = np.array([_asset_of(matrix.columns[i]) for i in self.integers], dtype=str)
        family = np.array([matrix.columns[i].parent_component().local_name for i in self.integers], dtype=str)
        #: True for integers that say which scheme a connection is charged by.
        self.is_scheme = family == "scheme"
        self.orders: dict[str, tuple[list[int], list[int]]] = {}
        self.retired: dict[tuple[str, bool], tuple[list[int], list[int]]] = {}
        for (k, _), build in model.build.items():
            self.orders.setdefault(k, ([], []))[0].append(matrix.column[id(build)])
        for (k, cohort, _), retire in model.retire.items():
            self.retired.setdefault((k, cohort == EXISTING), ([], []))[0].append(matrix.column[id(retire)])
        for name in OF_ORDERS:
            for (k, _), choice in getattr(model, name).items():
                self.orders[k][1].append(matrix.column[id(choice)])
        for name in OF_RETIREMENTS:
            for index, choice in getattr(model, name).items():
                self.retired[index[0], name in OF_EXISTING][1].append(matrix.column[id(choice)])

    def still(self, relaxed: np.ndarray, known: np.ndarray | None) -> np.ndarray:
        """True for integers that stay as they are known, or at 0: those of what neither the relaxed optimum nor the known whole
        numbers order or retire."""
        stays = np.zeros(self.count, dtype=bool)
        for integers in self._idle(relaxed):
            places = self.place[integers]
            if known is None or not known[places].any():
                stays[places] = True
        return stays

    def costs_of_least_orders(self) -> dict[str, float]:
        """Capital cost of the least order of each asset that may be ordered, in its dearest year (money), the cheapest first."""
        capacity, found = self.capacity, dict[str, float]()
        for k, v in capacity.builds:
            piece = max(capacity.unit_size.get(k, 0.0), capacity.min_build.get(k, 0.0))
            found[k] = max(found.get(k, 0.0), piece * capacity.capital_cost[k, v] + capacity.project_cost[k, v])
        return dict(sorted(found.items(), key=lambda item: (item[1], item[0])))

    def _idle(self, values: np.ndarray) -> Iterator[list[int]]:
        """Integers of what is as good as not ordered, or not retired, at a point."""
        capacity = self.capacity
        ordered = {k: float(values[columns].sum()) for k, (columns, _) in self.orders.items()}
        for k, (_, integers) in self.orders.items():
            least = max(capacity.unit_size.get(k, 0.0), capacity.min_build.get(k, 0.0), NOTHING)
            if ordered[k] < NOT_ORDERED * least:
                yield integers
        for (k, is_existing), (columns, integers) in self.retired.items():
            most = max((size for (own, _), size in capacity.existing.items() if own == k), default=0.0)
            most = most if is_existing else ordered.get(k, 0.0)
            if float(values[columns].sum()) <= max(NOT_RETIRED * most, NOTHING):
                yield integers


def _asset_of(variable: Any) -> str:
    """The asset of which an integer decides; empty where it decides something else."""
    index = variable.index()
    is_of_asset = variable.parent_component().local_name in INTEGERS_OF_ASSETS
    return str(index[0]) if is_of_asset else ""


def _year_of(variable: Any) -> int:
    """The year in which an integer decides something: the last of its index; 0 of what follows from others, free in any search."""
    if variable.parent_component().local_name in FOLLOWING:
        return 0
    index = variable.index()
    return int(index[-1] if isinstance(index, tuple) else index)
