r"""The reduced problem of a linear programme whose linking variables are fixed: presolve of singleton rows, and its postsolve.

.. math:: Q(x) = \min_z\; c \cdot z \quad l \le A z + G x \le u, \quad \underline{z} \le z \le \overline{z}

1. The fixed term G x moves to the right-hand sides.
2. A row with one column of z left (a singleton row) becomes a bound of that column (Andersen and Andersen, "Presolving in linear
   programming", 1995). Two rows in three of a year only keep an activity below a capacity, so the basis is a third as large.
3. After the solve the reduced cost of a column at such a bound is the dual of the row that became the bound. With the duals π of
   all rows the slope of Q is :math:`-\pi^T G`, one number for each linking variable.

The structure is found once; new amounts x change bounds only: `limits`, `set_limits`, a solve, then `slope`, in this order. A row
without a column of z is left out, as what is fixed is taken to satisfy it. Raises SolverError where a row has a column that is
neither free, fixed nor absent, and where amounts make bounds cross. Returns bounds, and the slope.

z  columns kept (j)     x  amounts of the fixed columns (l)     A, G  coefficients     π  duals
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from scipy import sparse

from models.errors import SolverError
from planner.solve.handover.matrix import NONE, Matrix
from planner.solve.handover.solver import Answer, Solver

#: Bounds may cross by this much (relative, absolute below 1): the tolerance of the solve that decided the amounts.
NOISE = 1e-5


class Reduced:
    """The reduced problem of some rows and columns of a matrix.

    columns  of the matrix, that are columns of the reduced problem
    fixed    columns of the matrix that are fixed from outside, in the order of `amounts`
    kept     which of the rows handed over are rows of the reduced problem; the others are bounds, or have fixed columns only
    matrix   of the reduced problem
    """

    def __init__(
        self,
        matrix: Matrix,
        rows: sparse.csr_matrix,
        which: np.ndarray,
        columns: np.ndarray,
        fixed: np.ndarray,
        stays: np.ndarray,
        absent: np.ndarray,
    ) -> None:
        """`rows`: the matrix by rows; `which`: the rows of this problem; `stays`: True for rows that are kept even if singleton;
        `absent`: columns that are 0.

        Raises SolverError where a row has an entry in a column that is none of these: it would be lost.
        """
        part = rows[which]
        self._refuse_lost(part, columns, fixed, absent)
        own = part[:, columns]
        count = np.diff(own.indptr)
        self.columns, self.fixed = columns, fixed
        # A fixed column that is a column of the reduced problem, too, stands in the rows as such.
        self.others = (part[:, fixed] @ sparse.diags_array((~np.isin(fixed, columns)).astype(float))).tocsr()
        self.row_lower, self.row_upper = matrix.row_lower[which], matrix.row_upper[which]
        self.lower, self.upper = matrix.lower[columns].copy(), matrix.upper[columns].copy()
        single = (count == 1) & ~stays[which]
        self.bounding = np.flatnonzero(single)
        self.bounded = own.indices[own.indptr[self.bounding]]
        self.factor = own.data[own.indptr[self.bounding]]
        self.kept = np.flatnonzero((count > 1) | stays[which])
        #: Row of the reduced problem of each row of the matrix, NONE where it has none.
        self.row = np.full(rows.shape[0], NONE, dtype=np.int32)
        self.row[which[self.kept]] = np.arange(len(self.kept), dtype=np.int32)
        self.matrix = self._matrix(own[self.kept], matrix.cost[columns])
        #: The solver that bounds were set in last, and these bounds.
        self._solver: Solver | None = None
        self._limits: tuple[np.ndarray, ...] = ()

    @staticmethod
    def _refuse_lost(part: sparse.csr_matrix, columns: np.ndarray, fixed: np.ndarray, absent: np.ndarray) -> None:
        is_taken = np.zeros(part.shape[1], dtype=bool)
        for places in (columns, fixed, absent):
            is_taken[places] = True
        lost = int((~is_taken[part.indices] & (part.data != 0)).sum())
        if lost:
            raise SolverError.because(
                "splitting a programme into parts: {count} entries belong to columns that no part has", count=lost
            )

    def _matrix(self, own: sparse.csr_matrix, cost: np.ndarray) -> Matrix:
        by_column = own.tocsc()
        by_column.sort_indices()
        return Matrix(
            columns=[None] * own.shape[1],
            rows=[None] * own.shape[0],
            cost=cost,
            offset=0.0,
            start=by_column.indptr.astype(np.int32),
            index=by_column.indices.astype(np.int32),
            value=by_column.data,
            lower=self.lower,
            upper=self.upper,
            row_lower=self.row_lower[self.kept],
            row_upper=self.row_upper[self.kept],
            integer=np.zeros(own.shape[1], dtype=bool),
        )

    def limits(self, amounts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Bounds of rows and columns (lower rows, upper rows, lower columns, upper columns) at these amounts of the fixed columns;
        `slope` is of the last ones.

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
        """Amounts may make bounds cross by the solver's tolerance; more is an error."""
        crossed = lower - upper > NOISE * np.maximum(1.0, np.abs(lower))
        if crossed.any():
            by = float((lower - upper)[crossed].max())
            raise SolverError.because(
                "what is decided crosses the bounds of {count} columns, by up to {by}", count=int(crossed.sum()), by=f"{by:.2g}"
            )

    def set_limits(self, solver: Solver, limits: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]) -> None:
        """Set these bounds in a solver of `matrix`, only those that differ from the last ones set in it."""
        rows, columns = np.arange(len(limits[0]), dtype=np.int32), np.arange(len(limits[2]), dtype=np.int32)
        if self._solver is solver:
            rows, columns = (
                places[(self._limits[i] != limits[i]) | (self._limits[i + 1] != limits[i + 1])]
                for places, i in ((rows, 0), (columns, 2))
            )
        solver.set_row_bounds(rows, limits[0][rows], limits[1][rows])
        solver.set_bounds(columns, limits[2][columns], limits[3][columns])
        self._solver, self._limits = solver, limits

    @cached_property
    def _by_rows(self) -> sparse.csr_matrix:
        """The matrix of the reduced problem by rows."""
        return self.matrix.by_rows()

    def bounds(self, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The bounds of columns that were set last."""
        return self._limits[2][columns], self._limits[3][columns]

    def fix(self, solver: Solver, columns: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Fix columns at values, clipped at the bounds set last, until bounds are set again. Returns what they are fixed at."""
        fixed = np.clip(values, *self.bounds(columns))
        row_lower, row_upper, lower, upper = self._limits
        lower, upper = lower.copy(), upper.copy()
        lower[columns] = upper[columns] = fixed
        self.set_limits(solver, (row_lower, row_upper, lower, upper))
        return fixed

    def largest_error(self, values: np.ndarray, added: np.ndarray) -> float:
        """The largest violation of a row by these values of the columns, in the unit of the row, under the bounds set last.

        added  what columns that were added to the solver, such as slacks, contribute to each row
        """
        rows = self._by_rows @ values + added
        return float(np.maximum(self._limits[0] - rows, rows - self._limits[1]).max(initial=0.0))

    def within_limits(self, values: np.ndarray) -> np.ndarray:
        """Values of the columns, clipped at the bounds set last: by the solver's tolerance a plant without capacity would work."""
        return np.clip(values, self._limits[2], self._limits[3])

    def forget(self) -> None:
        """The next `set_limits` sets all bounds: the solver of before is gone."""
        self._solver = None

    def duals(self, answer: Answer, otherwise_fixed: np.ndarray | None = None) -> np.ndarray:
        """Duals of all rows handed over (money per unit), those that became bounds too, at an answer under the last `limits`.

        `otherwise_fixed`: columns of the reduced problem fixed by other means; their reduced costs are not those of a row.
        """
        assert answer.row_duals is not None and answer.column_duals is not None
        dual = np.zeros(self.others.shape[0])
        dual[self.kept] = answer.row_duals[: len(self.kept)]
        reduced_costs = answer.column_duals[: len(self.columns)].copy()
        if otherwise_fixed is not None:
            reduced_costs[otherwise_fixed] = 0.0
        source = np.where(reduced_costs > 0, self._from_lower, np.where(reduced_costs < 0, self._from_upper, NONE))
        bound = np.flatnonzero(source != NONE)
        np.add.at(dual, self.bounding[source[bound]], reduced_costs[bound] / self.factor[source[bound]])
        return dual

    def slope(self, answer: Answer, otherwise_fixed: np.ndarray | None = None) -> np.ndarray:
        """Slope of the optimum in each fixed column (money per unit), see `duals`."""
        return -(self.duals(answer, otherwise_fixed) @ self.others)
