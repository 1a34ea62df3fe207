r"""Projection of a point on the decisions at which, as far as feasibility cuts say, no year needs slack.

.. math:: \min_x \sum_i |x_i - p_i| / s_i \quad A x \le b, \; V_y(p') + v_y \cdot (x - p') \le 0

1. The linear programme is solved: its optimum is the nearest point in the scaled 1-norm.
2. The caller solves the years there; where they need slack, their feasibility cuts are added. Back to 1.
3. Of the decisions with the linking variables found, those that cost least (`cheapest`): what is not linked to a year, such as what
   is given up of an order, the distance leaves open.

The search for whole numbers (`whole_numbers`) minimises the same distance with integers required, as the feasibility pump does
(Fischetti, Glover and Lodi, 2005), but capacity below that of the point weighs more than capacity above it.

The nearest point needs slack in the same few hours as the point before, so few cuts are enough; a cheapest extreme point would need
it elsewhere each time. Returns the point, None where no decision is left. Raises Stopped once the watch in force is over.

x  decisions      i  continuous linking variable of a year      p  the point
s  largest value of a linking variable's kind and name at the point in any year, at least 1
A, b  rows of the master      V, v  least total slack of a year at a trial p' and its slope (`Year.least_slack`)
"""

from __future__ import annotations

import numpy as np

from planner.solve.benders.master import Master
from planner.solve.handover.matrix import INFINITY
from planner.solve.handover.solver import Solver
from planner.solve.year.outage_cuts import KeptRow
from planner.solve.year.subproblem import SlackCut

#: Margin of a cut, as a share of its slack: the linear form of the slack is to be that much below 0, as long as any decisions are
#: left then, so that the next point is not short again by very little.
MARGIN = 1.0
#: Weight of missing capacity where integers are sought (of other deviations 1), and the gap of that search.
SHORT, COVERING_GAP = 50.0, 0.5


class Projection:
    """The linear programme: decisions, and the deviation of each linking variable from the point, up and down."""

    def __init__(self, master: Master, point: np.ndarray, whole: np.ndarray | None) -> None:
        """`whole`: values at which integers are fixed; None: they are relaxed."""
        self.master = master
        self.solver = solver = Solver(master.matrix, threads=1)
        solver.scale = 1.0
        solver.set_cost(np.zeros(master.count))
        solver.relax(True)
        if whole is not None:
            solver.set_bounds(master.integers, whole, whole)
        #: Columns of the capacity that is less than at the point.
        self.less: list[int] = []
        for (kind, _), places in master.same_link.items():
            size = max(float(np.abs(point[places]).max(initial=0.0)), master.least_size)
            for place in places.tolist():
                more, less = (solver.add_bounded_column(1.0, 0.0, INFINITY) for _ in range(2))
                columns = np.array([place, more, less], dtype=np.int32)
                if kind == "capacity":
                    self.less.append(less)
                solver.add_row(point[place] / size, point[place] / size, columns, np.array([1.0 / size, -1.0, 1.0]))
        self.first = solver.row_count()
        #: Right-hand sides of the cuts without `MARGIN`, and the margin in use.
        self.plain: list[float] = []
        self.margin = MARGIN
        for y, cut in master.cuts.hour_cuts:
            self.add(y, cut, margin=0.0)
        for row in master.cuts.outage_rows:
            self.add_row(row, margin=0.0)

    def whole_numbers(self, start: np.ndarray, still: np.ndarray, seconds: float, idle: np.ndarray) -> np.ndarray | None:
        """Integers of decisions near the point that give little less capacity than it, by branch and bound at the root node; None
        where none are found. Integers stay required after that.

        start  integers for a MIP start     still  True for integers that are fixed at 0     idle  other columns that are
        """
        solver, places = self.solver, self.master.integers
        held = np.concatenate([places[still], idle]).astype(np.int32)
        nothing = np.zeros(len(held))
        solver.set_costs_of(np.array(self.less, dtype=np.int32), np.full(len(self.less), SHORT))
        solver.clear()
        solver.relax(False)
        solver.set_bounds(held, nothing, nothing)
        solver.start_from(start, places)
        solver.options(solver="choose", mip_rel_gap=COVERING_GAP, mip_max_nodes=1, time_limit=solver.until(seconds))
        answer = solver.decided()
        solver.set_bounds(held, self.master.matrix.lower[held], self.master.matrix.upper[held])
        return np.round(answer.values[places]) if answer.has_point else None

    def add(self, y: int, cut: SlackCut, margin: float | None = None) -> None:
        """Add a feasibility cut of a year: slope·x ≤ slope·point - value, with this margin or the one in use."""
        steep, slope, most = cut.row()
        self.plain.append(most)
        below = (self.margin if margin is None else margin) * cut.value / cut.size
        self.solver.add_row(-INFINITY, most - below, self.master.links[y][steep], slope)

    def add_row(self, row: KeptRow, margin: float | None = None) -> None:
        """Add a row that holds for every plan; `margin` replaces the margin in use."""
        self.plain.append(row.most)
        below = (self.margin if margin is None else margin) * row.short
        self.solver.add_row(-INFINITY, row.most - below, row.columns, row.values)

    def point(self) -> np.ndarray | None:
        """The nearest decisions; None where there are none."""
        found = self._solved()
        if found is None and self.margin:
            self.margin = 0.0
            rows = np.arange(self.first, self.solver.row_count(), dtype=np.int32)
            self.solver.set_row_bounds(rows, np.full(len(rows), -INFINITY), np.array(self.plain))
            found = self._solved()
        return found

    def cheapest(self, near: np.ndarray) -> np.ndarray:
        """The decisions with the linking variables of the nearest ones that cost least; the nearest ones where HiGHS finds none."""
        region, every = self.master.region, np.arange(self.master.count, dtype=np.int32)
        scale = max(float(np.abs(self.master.matrix.cost).max(initial=0.0)), 1e-9)
        self.solver.set_costs_of(every, self.master.matrix.cost / scale)
        self.solver.set_bounds(region, near[region], near[region])
        found = self._solved()
        self.solver.set_costs_of(every, np.zeros(len(every)))
        self.solver.restore_columns(region)
        return near if found is None else found

    def _solved(self) -> np.ndarray | None:
        self.solver.options(solver="simplex", simplex_iteration_limit=self.solver.iteration_limit())
        answer = self.solver.surely()
        return self.master.within(answer.values) if answer.status == "optimal" else None
