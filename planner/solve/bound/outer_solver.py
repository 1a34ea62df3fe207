"""The outer approximation in HiGHS with its pool of cuts: optimum, interior points, prices at a point, branch and bound.

1. Optimum, integers relaxed (`optimum`): solve by the simplex method, make rows of the cuts that it violates (`cuts`), and again.
2. Interior point of a level set, for a trial: an interior point method without an objective.
3. Prices at a point: 1 with the linking variables fixed there; its duals are the best known prices of the totals.
4. Branch and bound with the integers, over the cuts that are rows.

Returns HiGHS's answer, or a point. Raises SolverError where a point has no prices, and Stopped once the watch in force is over.
"""

from __future__ import annotations

import numpy as np

from models.errors import SolverError
from planner.solve.bound.cuts import DROPPED, CutPool
from planner.solve.bound.outer import OuterApproximation
from planner.solve.handover.answer import Answer
from planner.solve.handover.matrix import INFINITY
from planner.solve.handover.reduced import NONE
from planner.solve.handover.solver import Solver
from planner.solve.hours.months import Hours

#: Optimality tolerance of an interior point: any point inside will do for a trial.
CENTRED = 1e-2
#: Cuts of a year that become rows in one separation, and separations in one solve.
AT_ONCE, LOOPS = 3, 20
#: Seconds that branch and bound may take at a time.
WHOLE_SECONDS = 30.0


class OuterSolver:
    """Two HiGHS objects of one outer approximation: `simplex` for the simplex method, whose basis is kept,
    `interior_solver` for interior points.

    cuts     all cuts known; those violated by more than `least` (discounted money) become rows
    """

    def __init__(self, outer: OuterApproximation, hours: dict[int, Hours], least: float) -> None:
        self.outer, self.matrix, self.least = outer, outer.matrix, least
        self.simplex, self.interior_solver = Solver(self.matrix, threads=1), Solver(self.matrix, threads=1)
        self.solvers = self.simplex, self.interior_solver
        self.all_columns = np.arange(len(self.matrix.cost), dtype=np.int32)
        self.level_row = np.array([self.interior_solver.row_count()], dtype=np.int32)
        for solver in self.solvers:
            solver.relax(True)
            solver.options(small_matrix_value=DROPPED)
            solver.add_row(-INFINITY, INFINITY, self.all_columns, self.matrix.cost * solver.scale)
        self.cuts = CutPool(outer, {y: id(own) for y, own in hours.items()}, self.solvers)
        self.same_link = self._same_link(hours)
        self.region = np.unique(np.concatenate([np.zeros(0, dtype=np.int32), *self.same_link])).astype(np.int32)
        columns = np.concatenate([places.linking for places in outer.places.values()])
        self.linking = np.unique(columns[columns != NONE]).astype(np.int32)

    def _same_link(self, hours: dict[int, Hours]) -> list[np.ndarray]:
        """Columns of each link in all years, integers left out."""
        found: dict[object, list[int]] = {}
        for y, places in self.outer.places.items():
            for link, place in zip(hours[y].linking, places.linking.tolist(), strict=True):
                if place != NONE and not self.matrix.integer[place]:
                    found.setdefault(link, []).append(place)
        return [np.array(places, dtype=np.int32) for places in found.values()]

    def optimum(self) -> Answer:
        """The optimum with integers relaxed, over all cuts known: solve and separate until none is violated, at most
        `LOOPS` times. It is a lower bound also where cuts are still violated then."""
        for _ in range(LOOPS):
            self.simplex.options(solver="simplex")
            answer = self.simplex.run()
            for other in ("simplex", "ipm"):  # from nothing; and by the interior point method with crossover
                if answer.status != "optimal":
                    self.simplex.clear()
                    self.simplex.options(solver=other)
                    answer = self.simplex.run()
            if answer.status != "optimal" or not self.cuts.separate(answer.values, self.least, AT_ONCE):
                break
        return answer

    def set_trust_region(self, values: np.ndarray, radius: float) -> None:
        """Trust region: keep each linking variable within `radius` times the largest value that its kind and name has in any
        year."""
        lower, upper = self.matrix.lower.copy(), self.matrix.upper.copy()
        for places in self.same_link:
            size = radius * max(float(np.abs(values[places]).max()), 1.0)
            lower[places] = np.maximum(lower[places], np.minimum(values[places] - size, upper[places]))
            upper[places] = np.minimum(upper[places], np.maximum(values[places] + size, lower[places]))
        for solver in self.solvers:
            solver.set_bounds(self.region, lower[self.region], upper[self.region])

    def drop_trust_region(self) -> None:
        """Drop the trust region."""
        for solver in self.solvers:
            solver.restore_columns(self.region)

    def interior_point(self, level: float) -> np.ndarray | None:
        """An interior point of the level set, the points whose cost is at most the level; None where HiGHS finds none."""
        solver, most = self.interior_solver, (level - self.matrix.offset) * self.interior_solver.scale
        solver.set_row_bounds(self.level_row, np.array([-INFINITY]), np.array([most]))
        solver.set_cost(np.zeros(len(self.all_columns)))
        solver.clear()
        solver.options(solver="ipx", run_crossover="off", ipm_optimality_tolerance=CENTRED)
        answer = solver.run()
        solver.set_cost(self.matrix.cost)
        solver.set_row_bounds(self.level_row, np.array([-INFINITY]), np.array([INFINITY]))
        return answer.values if answer.has_point else None

    def prices_at(self, values: np.ndarray) -> Answer:
        """The optimum with the linking variables fixed at a point: its duals are the best known prices of the totals there.

        Raises SolverError where HiGHS has no duals.
        """
        held = np.clip(values, self.matrix.lower, self.matrix.upper)[self.linking]
        self.simplex.set_bounds(self.linking, held, held)
        answer = self.optimum()
        self.simplex.restore_columns(self.linking)
        if answer.status != "optimal" or answer.row_duals is None:
            raise SolverError.because("prices of all hours: HiGHS stopped with status {status}", status=repr(answer.status))
        return answer

    def branch_and_bound(self, gap: float) -> Answer:
        """Branch and bound with the integers, to that gap or for `WHOLE_SECONDS`."""
        solver = self.simplex
        solver.clear()
        solver.relax(False)
        solver.options(solver="choose", mip_rel_gap=gap, mip_abs_gap=0.0, time_limit=solver.until(WHOLE_SECONDS))
        answer = solver.run()
        solver.relax(True)
        solver.options(time_limit=INFINITY)
        return answer
