r"""The plan that is nearest to an earlier one among those that cost little more than the least.

.. math::
    \min_x \sum_{o} w_o\, |x_o - \hat{x}_o| \quad \text{s.t.} \quad x \in X, \quad c \cdot x \le \overline{C}

for the orders, adoptions and plantings o of the years from `year` on; X are the rows of the target plan.

x  decision   capacity, 1, ha (o)     w  capital cost     money/unit (o), at least 1     c  system cost
x̂  that of the earlier plan  (o)      C  most it may cost  money
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from pyomo.core import ConcreteModel

from models.inputs import Inputs
from planner.language.message import Message
from planner.solve import Answer, Matrix, Solver

#: Share of the gap that the nearest plan may use; the rest is for the solver's tolerances.
SHARE = 0.99


@dataclass
class EarlierPlan:
    """An earlier plan: its orders (asset, year), adoptions (1) and plantings (ha), of the years from `year` on; absent = 0.

    is_found becomes True once the nearest plan was found.
    """

    year: int
    orders: Mapping[tuple[str, int], float]
    measures: frozenset[tuple[str, int]]
    planting: Mapping[tuple[str, int], float]
    is_found: bool = False

    def wanted(self, model: ConcreteModel, inputs: Inputs) -> Iterator[tuple[Any, float, float]]:
        """(variable, what it was, weight) of each decision."""
        capacity = inputs.capacity
        for kv, variable in model.build.items():
            if kv[1] >= self.year:
                yield variable, self.orders.get(kv, 0.0), max(capacity.capital_cost[kv], 1.0)
        for a, variable in model.adopt.items():
            if a[1] >= self.year:
                yield variable, float(a in self.measures), max(inputs.measures.capital_cost[a[0]], 1.0)
        for a, variable in model.plant.items():
            if a[1] >= self.year:
                yield variable, self.planting.get(a, 0.0), max(inputs.restoration.capital_cost[a[0]], 1.0)


def nearest(
    matrix: Matrix, model: ConcreteModel, inputs: Inputs, earlier: EarlierPlan, best: Answer, gap: float, seconds: float | None
) -> Answer:
    """The best answer where nothing nearer is found, else the nearest: with its own cost, and the bound of the best."""
    wanted = [(matrix.column[id(v)], was, w) for v, was, w in earlier.wanted(model, inputs) if id(v) in matrix.column]
    solver = Solver(matrix)
    solver.scale = 1.0
    solver.set_cost(np.zeros(len(matrix.cost)))
    scale = max(float(np.abs(matrix.cost).max()), 1.0)
    most = max(best.objective, best.bound + SHARE * gap * abs(best.bound)) - matrix.offset
    priced = np.flatnonzero(matrix.cost).astype(np.int32)
    solver.add_row(-np.inf, most / scale, priced, matrix.cost[priced] / scale)
    dearest = max((w for *_, w in wanted), default=1.0)
    for place, was, weight in wanted:
        more, less = (solver.add_bounded_column(weight / dearest, 0.0, np.inf) for _ in range(2))
        solver.add_row(was, was, np.array([place, more, less], dtype=np.int32), np.array([1.0, -1.0, 1.0]))
    limit = {} if seconds is None else {"time_limit": max(0.1, seconds)}
    solver.options(mip_rel_gap=gap, solver="choose", **limit)
    found = solver.decided(duals=False)
    if not found.has_point:
        return best
    values = found.values[: len(matrix.cost)]
    cheapest = _operated(matrix, model, values)
    if not cheapest.has_point or cheapest.objective > most + matrix.offset + 1e-6 * abs(best.objective):
        return best
    earlier.is_found = found.status == "optimal"
    return Answer(best.status, cheapest.values, cheapest.objective, best.bound, best.seconds + found.seconds + cheapest.seconds)


def _operated(matrix: Matrix, model: ConcreteModel, values: np.ndarray) -> Answer:
    """The least cost with what was decided."""
    decided = [*model.build.values(), *model.adopt.values(), *model.plant.values()]
    whole = np.flatnonzero(matrix.integer).astype(np.int32)
    places = np.union1d(matrix.columns_of(decided), whole).astype(np.int32)
    fixed = np.clip(values[places], matrix.lower[places], matrix.upper[places])
    is_whole = matrix.integer[places]
    fixed[is_whole] = np.round(fixed[is_whole])
    solver = Solver(matrix)
    solver.set_bounds(places, fixed, fixed)
    solver.relax(True)
    return solver.optimum(Message("the operation of the nearest plan"), duals=False)
