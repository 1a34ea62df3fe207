r"""The decisions nearest to a point that let every year be operated with nothing missing, as far as planes tell.

.. math:: \min_x \sum_i |x_i - p_i| / s_i \quad A x \le b, \; V_y(p') + v_y \cdot (x - p') \le 0

x  decisions      p  the point      s  most that the links of a kind and name come to at the point in any year, at least 1
A, b  rows of the decisions      V, v  total of the scaled slacks of a year at a trial p' and its slope (`Year.shortage`)

A relaxed point whose whole numbers were rounded breaks rows and misses crumbs. Planes cut it off and the nearest point that is left
comes next: it misses crumbs of what the one before missed, where a corner that is cheap misses something else each time.
"""

from __future__ import annotations

import numpy as np

from planner.solve.benders.master import Master
from planner.solve.handover.highs import Solver
from planner.solve.handover.matrix import INFINITY
from planner.solve.year.subproblem import Cut

#: Planes are held this share of what is missing below 0, while any decisions are left then: the next point is not just short again.
DEEPER = 1.0


class Nearest:
    """Decisions, and by how much each link of them is more or less than at the point."""

    def __init__(self, master: Master, point: np.ndarray, whole: np.ndarray | None) -> None:
        """`whole`: what integers are fixed at; None: they are relaxed."""
        self.master = master
        self.solver = solver = Solver(master.matrix, threads=1)
        solver.scale = 1.0
        solver.set_cost(np.zeros(master.count))
        solver.relax(True)
        if whole is not None:
            solver.set_bounds(master.integers, whole, whole)
        for places in master.alike.values():
            size = max(float(np.abs(point[places]).max(initial=0.0)), master.least_size)
            for place in places.tolist():
                more, less = (solver.add_bounded_column(1.0, 0.0, INFINITY) for _ in range(2))
                columns = np.array([place, more, less], dtype=np.int32)
                solver.add_row(point[place] / size, point[place] / size, columns, np.array([1.0 / size, -1.0, 1.0]))
        self.first = solver.row_count()
        #: What each plane asks for at least, and what it asks for now.
        self.plain: list[float] = []
        self.deeper = DEEPER

    def add(self, y: int, cut: Cut) -> None:
        """Hold a plane of a year below 0: slope·x ≤ slope·point - value."""
        size = max(float(np.abs(cut.slope).max(initial=0.0)), 1e-12)
        steep = np.abs(cut.slope) > 1e-9 * size
        most = (float(cut.slope[steep] @ cut.point[steep]) - cut.value) / size
        self.plain.append(most)
        self.solver.add_row(
            -INFINITY, most - self.deeper * cut.value / size, self.master.links[y][steep], cut.slope[steep] / size
        )

    def point(self) -> np.ndarray | None:
        """The nearest decisions that are left; None where there are none."""
        found = self._solved()
        if found is None and self.deeper:
            self.deeper = 0.0
            rows = np.arange(self.first, self.solver.row_count(), dtype=np.int32)
            self.solver.set_row_bounds(rows, np.full(len(rows), -INFINITY), np.array(self.plain))
            found = self._solved()
        return found

    def _solved(self) -> np.ndarray | None:
        self.solver.options(solver="simplex", simplex_iteration_limit=self.solver.iteration_limit())
        answer = self.solver.surely()
        return self.master.within(answer.values) if answer.status == "optimal" else None
