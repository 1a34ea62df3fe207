"""Near-optimal plans by the whole method: one matrix with a row for the cost, and another objective."""

from __future__ import annotations

import numpy as np

from planner.alternatives.space import NEAR, OF_COST, Extreme, Weights, columns_and_weights
from planner.plan import TARGET
from planner.planning.methods import WholeMethod
from planner.solve import INFINITY, Answer, solve_linear

#: How near to its least an extreme of whole numbers is sought: a share of what is near enough, as the cost is a small part of it.
WHOLE = 0.1


class WholeSpace:
    """The near-optimal plans of a matrix; see `Space`."""

    def __init__(self, method: WholeMethod, budget: float, year: int) -> None:
        self.method, self.budget, self.year = method, budget, year
        self.matrix, self.solver = method.matrix, method.solver
        self.unit = max(abs(self.budget), 1.0)
        places = np.flatnonzero(self.matrix.cost).astype(np.int32)
        most = (self.budget - self.matrix.offset) / self.unit
        self.solver.add_row(-INFINITY, most, places, self.matrix.cost[places] / self.unit)
        self.integers = np.flatnonzero(self.matrix.integer).astype(np.int32)

    def reach(self, weights: Weights) -> float | None:
        """The most of the sum with integers relaxed."""
        self._aim_at(weights, -1.0, 0.0)
        self.solver.relax(True)
        found = solve_linear(self.solver)
        self.solver.relax(False)
        return abs(found.objective) * self.solver.scale if found.status == "optimal" else None

    def extreme(self, weights: Weights, size: float) -> Extreme:
        """By branch and bound, and once more with whole numbers fixed, which leaves nothing of the cost to its tolerance."""
        self.solver.forget()
        self._aim_at(weights, 1.0 / size, OF_COST / self.unit)
        found = self.method.task.clock.watch.guarded(self._solved)
        if not found.has_point:
            return Extreme(None, -INFINITY)
        bound = (found.bound * self.solver.scale - OF_COST * (self.budget - self.matrix.offset) / self.unit) * size
        values = self._with_whole(found)
        self.matrix.load(values)
        return Extreme(self.method.task.as_plan(TARGET, "feasible", -INFINITY, self.method.model), bound)

    def _aim_at(self, weights: Weights, times: float, of_cost: float) -> None:
        """Minimise the sum and the cost, each times a number."""
        aim = columns_and_weights(self.method.model, self.matrix, self.method.inputs, weights, self.year, len(self.matrix.columns))
        self.solver.set_cost((times * aim + of_cost * self.matrix.cost) / self.solver.scale)

    def _solved(self) -> Answer:
        if not len(self.integers):
            return solve_linear(self.solver)
        self.solver.options(mip_rel_gap=0.0, mip_abs_gap=WHOLE * NEAR, solver="choose")
        return self.solver.decided()

    def _with_whole(self, found: Answer) -> np.ndarray:
        """The least with these whole numbers."""
        if not len(self.integers):
            return found.values
        whole = np.round(found.values[self.integers])
        self.solver.set_bounds(self.integers, whole, whole)
        self.solver.relax(True)
        answer = solve_linear(self.solver)
        self.solver.relax(False)
        self.solver.restore_columns(self.integers)
        return answer.values if answer.has_point else found.values
