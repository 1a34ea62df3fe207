"""A linear programme with some of its columns given: rows that have one other column left become its bounds.

Two rows in three of a year only hold an activity below a capacity. With the capacities given they are bounds, and the basis that
HiGHS keeps is a third as large. What one more of a given column costs is told by the duals of the rows it stands in, and by the
reduced costs of the columns that it bounds.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from models.errors import SolverError
from planner.solve.handover.answer import Answer
from planner.solve.handover.highs import Solver
from planner.solve.handover.matrix import Matrix

#: Bounds may cross by so much (relative, and below 1 absolute): the tolerance of the programme that decided the amounts.
NOISE = 1e-5
#: Stands for a bound that is the column's own.
NONE = -1


class Reduced:
    """Some rows and columns of a matrix, in one HiGHS object.

    columns  of the matrix that are free here
    kept     rows, of those handed over, that are rows here
    """

    def __init__(
        self, matrix: Matrix, rows: sparse.csr_matrix, which: np.ndarray, columns: np.ndarray, given: np.ndarray, stays: np.ndarray,
        absent: np.ndarray,
    ) -> None:  # fmt: skip
        """`rows` of the matrix, `which` of them are meant; `stays` says of all rows that they remain rows in any case; `absent`
        columns are 0.

        Raises SolverError where a row has an entry in a column that is none of these: it would be lost.
        """
        part = rows[which]
        self._refuse_lost(part, columns, given, absent)
        own = part[:, columns]
        count = np.diff(own.indptr)
        self.columns, self.given = columns, given
        # A given column that is one of the columns here stands in its rows as that.
        self.others = (part[:, given] @ sparse.diags_array((~np.isin(given, columns)).astype(float))).tocsr()
        self.row_lower, self.row_upper = matrix.row_lower[which], matrix.row_upper[which]
        self.lower, self.upper = matrix.lower[columns].copy(), matrix.upper[columns].copy()
        single = (count == 1) & ~stays[which]
        self.bounding = np.flatnonzero(single)
        self.bounded = own.indices[own.indptr[self.bounding]]
        self.factor = own.data[own.indptr[self.bounding]]
        self.kept = np.flatnonzero((count > 1) | stays[which])
        #: Place among the rows here of each row of the matrix, NONE where it is none.
        self.row = np.full(rows.shape[0], NONE, dtype=np.int32)
        self.row[which[self.kept]] = np.arange(len(self.kept), dtype=np.int32)
        self.matrix = self._matrix(own[self.kept], matrix.cost[columns])
        #: Whom bounds were given to last, and which.
        self._given_to: Solver | None = None
        self._limits: tuple[np.ndarray, ...] = ()

    @staticmethod
    def _refuse_lost(part: sparse.csr_matrix, columns: np.ndarray, given: np.ndarray, absent: np.ndarray) -> None:
        is_taken = np.zeros(part.shape[1], dtype=bool)
        for places in (columns, given, absent):
            is_taken[places] = True
        lost = int((~is_taken[part.indices] & (part.data != 0)).sum())
        if lost:
            raise SolverError(f"cutting a programme into parts: {lost} entries belong to columns that no part has")

    def _matrix(self, own: sparse.csr_matrix, cost: np.ndarray) -> Matrix:
        by_column = own.tocsc()
        by_column.sort_indices()
        return Matrix(
            columns=[None] * own.shape[1], rows=[None] * own.shape[0], cost=cost, offset=0.0,
            start=by_column.indptr.astype(np.int32), index=by_column.indices.astype(np.int32), value=by_column.data,
            lower=self.lower, upper=self.upper, row_lower=self.row_lower[self.kept], row_upper=self.row_upper[self.kept],
            integer=np.zeros(own.shape[1], dtype=bool),
        )  # fmt: skip

    def limits(self, amounts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Bounds of the rows kept and of the columns, at these amounts of the given columns.

        Raises SolverError where they cross.
        """
        shift = self.others @ amounts
        row_lower, row_upper = self.row_lower - shift, self.row_upper - shift
        lower, upper = self.lower.copy(), self.upper.copy()
        with np.errstate(invalid="ignore"):
            ends = np.sort(np.stack([row_lower[self.bounding], row_upper[self.bounding]]) / self.factor, axis=0)
        np.maximum.at(lower, self.bounded, ends[0])
        np.minimum.at(upper, self.bounded, ends[1])
        self._from_lower, self._from_upper = np.full(len(lower), NONE), np.full(len(lower), NONE)
        lowest, highest = ends[0] >= lower[self.bounded], ends[1] <= upper[self.bounded]
        self._from_lower[self.bounded[lowest]] = np.flatnonzero(lowest)
        self._from_upper[self.bounded[highest]] = np.flatnonzero(highest)
        self._refuse_crossed(lower, upper)
        return row_lower[self.kept], row_upper[self.kept], lower, np.maximum(upper, lower)

    @staticmethod
    def _refuse_crossed(lower: np.ndarray, upper: np.ndarray) -> None:
        """Noise of what is given may cross bounds; more is an error."""
        crossed = lower - upper > NOISE * np.maximum(1.0, np.abs(lower))
        if crossed.any():
            by = float((lower - upper)[crossed].max())
            raise SolverError(f"what is decided crosses the bounds of {int(crossed.sum())} columns, by up to {by:.2g}")

    def set_limits(self, solver: Solver, limits: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]) -> None:
        """Give a solver of the matrix these bounds: those that are others than the last that it was given."""
        rows, columns = np.arange(len(limits[0]), dtype=np.int32), np.arange(len(limits[2]), dtype=np.int32)
        if self._given_to is solver:
            rows, columns = (
                places[(self._limits[i] != limits[i]) | (self._limits[i + 1] != limits[i + 1])]
                for places, i in ((rows, 0), (columns, 2))
            )  # fmt: skip
        solver.set_row_bounds(rows, limits[0][rows], limits[1][rows])
        solver.set_bounds(columns, limits[2][columns], limits[3][columns])
        self._given_to, self._limits = solver, limits

    def forget(self) -> None:
        """The solver that bounds were given to is no more."""
        self._given_to = None

    def slope(self, answer: Answer, fixed: np.ndarray | None = None) -> np.ndarray:
        """What one more of each given column costs at an answer to the limits asked for last.

        `fixed` columns here owe nothing to the rows that bound them.
        """
        assert answer.row_duals is not None and answer.column_duals is not None
        dual = np.zeros(self.others.shape[0])
        dual[self.kept] = answer.row_duals[: len(self.kept)]
        reduced = answer.column_duals[: len(self.columns)].copy()
        if fixed is not None:
            reduced[fixed] = 0.0
        source = np.where(reduced > 0, self._from_lower, np.where(reduced < 0, self._from_upper, NONE))
        bound = np.flatnonzero(source != NONE)
        np.add.at(dual, self.bounding[source[bound]], reduced[bound] / self.factor[source[bound]])
        return -(dual @ self.others)
