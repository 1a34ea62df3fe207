"""An outline in HiGHS, with the planes known of its years: its least, points inside it, prices at a point, and whole numbers."""

from __future__ import annotations

import numpy as np

from models.errors import SolverError
from planner.solve.bound.cuts import Planes
from planner.solve.bound.outer import Outline
from planner.solve.handover.answer import Answer
from planner.solve.handover.highs import Solver
from planner.solve.handover.matrix import INFINITY
from planner.solve.handover.reduced import NONE
from planner.solve.hours.months import Hours

#: Any point inside will do for a trial.
CENTRED = 1e-2
#: So many planes a year join at a time, so often.
AT_ONCE, LOOPS = 3, 20
#: Seconds that branch and bound may take at a time.
WHOLE_SECONDS = 30.0


class OutlineSolver:
    """Two HiGHS objects of one outline: one goes from corner to corner, one finds points inside and would lose the other's basis.

    planes     known of the years; those that a point lies below by more than `least` (discounted money) join as rows
    """

    def __init__(self, outline: Outline, hours: dict[int, Hours], least: float) -> None:
        self.outline, self.matrix, self.least = outline, outline.matrix, least
        self.corner, self.inner = Solver(self.matrix, threads=1), Solver(self.matrix, threads=1)
        self.both = self.corner, self.inner
        self.every = np.arange(len(self.matrix.cost), dtype=np.int32)
        self.level = np.array([self.inner.row_count()], dtype=np.int32)
        for solver in self.both:
            solver.relax(True)
            solver.add_row(-INFINITY, INFINITY, self.every, self.matrix.cost * solver.scale)
        self.planes = Planes(outline, {y: id(own) for y, own in hours.items()}, self.both)
        self.alike = self._alike(hours)
        self.near = np.unique(np.concatenate([np.zeros(0, dtype=np.int32), *self.alike])).astype(np.int32)
        given = np.concatenate([places.given for places in outline.places.values()])
        self.given = np.unique(given[given != NONE]).astype(np.int32)

    def _alike(self, hours: dict[int, Hours]) -> list[np.ndarray]:
        """Columns of each link in all years, integers left out."""
        found: dict[object, list[int]] = {}
        for y, places in self.outline.places.items():
            for link, place in zip(hours[y].given, places.given.tolist(), strict=True):
                if place != NONE and not self.matrix.integer[place]:
                    found.setdefault(link, []).append(place)
        return [np.array(places, dtype=np.int32) for places in found.values()]

    def lowest(self) -> Answer:
        """The outline at its least with all planes known."""
        for _ in range(LOOPS):
            self.corner.options(solver="simplex")
            answer = self.corner.run()
            if answer.status != "optimal":
                self.corner.clear()
                answer = self.corner.run()
            if answer.status != "optimal" or not self.planes.separate(answer.values, self.least, AT_ONCE):
                break
        return answer

    def hold_near(self, values: np.ndarray, radius: float) -> None:
        """Hold the links in a box around a point: within that share of the most that the link of a kind and name is in any year."""
        lower, upper = self.matrix.lower.copy(), self.matrix.upper.copy()
        for places in self.alike:
            size = radius * max(float(np.abs(values[places]).max()), 1.0)
            lower[places] = np.maximum(lower[places], np.minimum(values[places] - size, upper[places]))
            upper[places] = np.minimum(upper[places], np.maximum(values[places] + size, lower[places]))
        for solver in self.both:
            solver.set_bounds(self.near, lower[self.near], upper[self.near])

    def let_go(self) -> None:
        """Hold the links no longer."""
        for solver in self.both:
            solver.restore_columns(self.near)

    def inside(self, level: float) -> np.ndarray | None:
        """A point well inside what the planes allow to cost no more than the level; None where it fails."""
        solver, most = self.inner, (level - self.matrix.offset) * self.inner.scale
        solver.set_row_bounds(self.level, np.array([-INFINITY]), np.array([most]))
        solver.set_cost(np.zeros(len(self.every)))
        solver.clear()
        solver.options(solver="ipx", run_crossover="off", ipm_optimality_tolerance=CENTRED)
        answer = solver.run()
        solver.set_cost(self.matrix.cost)
        solver.set_row_bounds(self.level, np.array([-INFINITY]), np.array([INFINITY]))
        return answer.values if answer.has_point else None

    def at(self, values: np.ndarray) -> Answer:
        """The outline with all that is given to the years held at a point: its duals price the totals there.

        Raises SolverError where HiGHS has no duals.
        """
        held = np.clip(values, self.matrix.lower, self.matrix.upper)[self.given]
        self.corner.set_bounds(self.given, held, held)
        answer = self.lowest()
        self.corner.restore_columns(self.given)
        if answer.status != "optimal" or answer.row_duals is None:
            raise SolverError(f"prices of all hours: HiGHS stopped with status {answer.status!r}")
        return answer

    def whole(self, gap: float) -> Answer:
        """The outline with its whole numbers, to that gap or as far as the seconds go."""
        solver = self.corner
        solver.clear()
        solver.relax(False)
        solver.options(solver="choose", mip_rel_gap=gap, mip_abs_gap=0.0, time_limit=solver.until(WHOLE_SECONDS))
        answer = solver.run()
        solver.relax(True)
        solver.options(time_limit=INFINITY)
        return answer
