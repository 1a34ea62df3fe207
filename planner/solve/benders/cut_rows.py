r"""The cuts of the master as rows.

.. math:: \theta_y \ge q + g \cdot (x_y - x_i), \qquad V + v \cdot (x_y - x_k) \le 0, \qquad a \cdot x \le b

The first is an optimality cut, the second a feasibility cut, the third a feasibility cut of an operation with a unit out, in any
decisions (`KeptRow`). Each row is divided by its largest coefficient. An optimality cut that was inactive in more than `IDLE`
solves in a row is dropped (cut ageing, `note_idle`). Solves in a trust region or with fixed integers count, too, and those cuts are
inactive then that the relaxed bound needs. So all that are there before integers are fixed, and at the end of each assignment, are
exempt for good (`exempt_from_ageing`); only those found since age.

θ  operating cost of a year     x  decisions, x_y the linking variables of a year     q, g  value and slope of a cut at a trial x_i
V, v  least total slack and its slope at a trial x_k     a, b  of an operation with a unit out, see `outage_cuts`

Two kinds come back after all cuts are dropped, and a point that violates one is no plan. Feasibility cuts that come from all hours,
not from the years of the search (`hour_cuts`), are required of every point of this search from then on (`require`). They do not
hold for another plan, since they take what stores hold at month ends from the one at which they were found: it begins with
`release`. Rows of operations with a unit out (`outage_rows`) stay until a plan that need not serve them (`drop_all_and_kept_rows`).

Returns nothing: it changes the rows of the HiGHS objects. Raises Stopped where a run of theirs was abandoned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from models.dot import dot
from planner.solve.handover.matrix import INFINITY
from planner.solve.handover.solver import Solver
from planner.solve.year.outage_cuts import KeptRow
from planner.solve.year.subproblem import Cut, SlackCut

#: A cut that was inactive in more solves in a row than this is dropped; one with `NOT_AGED` as its count is not.
IDLE = 20
#: The count of a cut that is exempt from ageing.
NOT_AGED = -(2**31)
#: A cut with a dual below this share of its year's total is inactive.
SHARE = 1e-4


class CutRows:
    """The cuts, as rows of all HiGHS objects of a master, the last rows of each.

    idle           solves in a row in which a cut was inactive                        (cut)
    dual_scale     largest dual of the row: when the cut is the only active one of its year   money (cut)
    is_inflated    True for cuts that are no lower bounds                             (cut)
    is_outage_row  True for `outage_rows`                                             (cut)
    hour_cuts      feasibility cuts of years, found in all hours, that every plan of this search satisfies
    outage_rows    rows of operations with a unit out, which may have any column of the master, that every plan satisfies
    """

    def __init__(
        self,
        solvers: Sequence[Solver],
        links: Mapping[int, np.ndarray],
        theta: Mapping[int, int],
        unit: float,
        discount: Mapping[int, float],
    ) -> None:
        """links: columns of the linking variables of each year; theta: column of its cost, in units of `unit` (money)."""
        self.solvers, self.links, self.theta, self.unit, self.discount = solvers, links, theta, unit, discount
        self.first = solvers[0].row_count()
        self.idle = np.zeros(0, dtype=int)
        self.dual_scale = np.zeros(0)
        self.is_inflated = np.zeros(0, dtype=bool)
        self.is_outage_row = np.zeros(0, dtype=bool)
        self.hour_cuts: list[tuple[int, SlackCut]] = []
        self.outage_rows: list[KeptRow] = []

    def add(self, cuts: Mapping[int, Cut], inflation: float = 0.0) -> None:
        """Optimality cuts of years.

        `inflation`: multiple of the penalty paid that is added to the value. Such cuts are no lower bounds and must be dropped
        (`drop_inflated`).
        """
        for y, cut in cuts.items():
            nonzero = np.abs(cut.slope) > 1e-9
            size = max(self.unit, float(np.abs(cut.slope).max(initial=0.0)))
            places = np.append(self.links[y][nonzero], self.theta[y]).astype(np.int32)
            least = (cut.value + inflation * cut.penalty - dot(cut.slope[nonzero], cut.point[nonzero])) / size
            for solver in self.solvers:
                solver.add_row(least, INFINITY, places, np.append(-cut.slope[nonzero] / size, self.unit / size))
            self._note(0, self.discount[y] * size, inflation > 0)

    def add_feasibility(self, cuts: Iterable[tuple[int, SlackCut]]) -> None:
        """Feasibility cuts of years. They stay until all cuts are dropped."""
        for y, cut in cuts:
            steep, slope, most = cut.row()
            for solver in self.solvers:
                solver.add_row(-INFINITY, most, self.links[y][steep], slope)
            self.note_row()

    def require(self, cuts: Sequence[tuple[int, SlackCut]]) -> None:
        """Feasibility cuts that every plan of this search satisfies from now on, and also after all cuts are dropped."""
        self.add_feasibility(cuts)
        self.hour_cuts += cuts

    def release(self) -> None:
        """Require no cuts of hours any more. Their rows stay until all cuts are dropped."""
        self.hour_cuts = []

    def add_row(self, row: KeptRow) -> None:
        """A row that every plan keeps from now on."""
        self.outage_rows.append(row)
        self._put(row)

    def _put(self, row: KeptRow) -> None:
        for solver in self.solvers:
            solver.add_row(-INFINITY, row.most, row.columns, row.values)
        self._note(NOT_AGED, 1.0, False, is_outage_row=True)

    def exchange_rows(self, rows: Iterable[KeptRow]) -> None:
        """Have plans keep these rows in place of those so far, as where reserves ask for other operations with a unit out.

        Cuts of years stay: what a year costs, and whether it can be operated, follows from its links alone.
        """
        self._drop(np.flatnonzero(self.is_outage_row))
        self.outage_rows = []
        for row in rows:
            self.add_row(row)

    def breaks_kept(self, values: np.ndarray, tolerance: float) -> bool:
        """True if a point violates a cut of either kind that is kept, by more than the tolerance (relative, absolute below 1)."""
        if any(row.is_broken(values, tolerance) for row in self.outage_rows):
            return True
        for y, cut in self.hour_cuts:
            steep, slope, most = cut.row()
            if dot(slope, values[self.links[y][steep]]) > most + tolerance * max(1.0, abs(most)):
                return True
        return False

    @property
    def count(self) -> int:
        """Number of cuts, with the other rows that were added after them."""
        return len(self.idle)

    def note_row(self) -> None:
        """A row that is no optimality cut was added to all HiGHS objects; it stays until all cuts are dropped."""
        self._note(NOT_AGED, 1.0, False)

    def _note(self, idle: int, dual_scale: float, is_inflated: bool, is_outage_row: bool = False) -> None:
        self.idle = np.append(self.idle, idle)
        self.dual_scale = np.append(self.dual_scale, dual_scale)
        self.is_inflated = np.append(self.is_inflated, is_inflated)
        self.is_outage_row = np.append(self.is_outage_row, is_outage_row)

    def drop_all(self) -> None:
        """Drop all cuts but both kinds that are kept, of hours and of units out: those of years under other terms are no lower
        bounds."""
        self._drop(np.arange(len(self.idle)))
        self.add_feasibility(self.hour_cuts)
        for row in self.outage_rows:
            self._put(row)

    def drop_all_and_kept_rows(self) -> None:
        """Drop all cuts but those of hours: another plan need not serve the operations with a unit out."""
        self.outage_rows = []
        self.drop_all()

    def drop_inflated(self) -> None:
        """Drop the inflated cuts."""
        self._drop(np.flatnonzero(self.is_inflated))

    def _drop(self, cuts: np.ndarray) -> None:
        if len(cuts):
            for solver in self.solvers:
                solver.delete_rows(self.first + cuts)
            self.idle, self.dual_scale = np.delete(self.idle, cuts), np.delete(self.dual_scale, cuts)
            self.is_inflated, self.is_outage_row = np.delete(self.is_inflated, cuts), np.delete(self.is_outage_row, cuts)

    def exempt_from_ageing(self) -> None:
        """The cuts that there are now are not dropped for being inactive."""
        self.idle[:] = NOT_AGED

    def note_idle(self, row_duals: np.ndarray) -> None:
        """Count the solves in a row in which each cut was inactive, and drop those above `IDLE`."""
        share = np.abs(row_duals[self.first :]) / self.dual_scale
        self.idle = np.where(self.idle == NOT_AGED, NOT_AGED, np.where(share > SHARE, 0, self.idle + 1))
        self._drop(np.flatnonzero(self.idle > IDLE))
