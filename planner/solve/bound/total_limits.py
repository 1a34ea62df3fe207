r"""Valid inequalities: an upper bound of each yearly total that is linear in the linking variables.

.. math:: T_i = \sum_j s_{ij} v_j \;\le\; \sum_j s_{ij}^+ \, \overline{v}_j(x)

with the upper bound of each column: its own, or that of a row whose coefficients and columns are all at least 0,
:math:`v_j \le r(x) / a_j`. While an outer approximation has few cuts, they keep it from capturing or generating more than its
equipment can.

Returns a `TotalLimit` for each total, None where it has none. Raises nothing.

T  yearly total (i)     s  coefficient of the sum     v  column of a month (j)     x  linking variables     r, a  right-hand side
and coefficient of a row
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from models.dot import dot
from planner.solve.handover.reduced import NONE
from planner.solve.hours.month import Month
from planner.solve.hours.months import Hours


@dataclass(frozen=True)
class TotalLimit:
    """An upper bound of a total over all months: constant + slope · linking variables (`Hours.linking`)."""

    constant: float
    slope: np.ndarray


def total_limits(hours: Hours) -> list[TotalLimit | None]:
    """The upper bound of each total; None where a column in it is unbounded, or one with a negative coefficient can be negative."""
    found: list[TotalLimit | None] = [TotalLimit(0.0, np.zeros(len(hours.linking)))] * len(hours.totals)
    for month in hours.months:
        of_month = _of_month(hours, month)
        for i, own in enumerate(of_month):
            known = found[i]
            found[i] = None if own is None or known is None else TotalLimit(known.constant + own.constant, known.slope + own.slope)
    return found


def _of_month(hours: Hours, month: Month) -> list[TotalLimit | None]:
    reduced, part = month.reduced, hours.rows[month.rows]
    own = part[:, month.columns].tocoo()
    others = (part[:, reduced.fixed] @ sparse.diags_array((~np.isin(reduced.fixed, month.columns)).astype(float))).tocsr()
    lower, upper = hours.matrix.row_lower[month.rows], hours.matrix.row_upper[month.rows]
    #: Row that bounds each column, the coefficient of the column in it, and the right-hand side of each such row.
    row, factor = np.full(len(month.columns), NONE), np.ones(len(month.columns))
    limit = np.where(np.isfinite(upper), upper, lower)
    for sign, side in ((1.0, upper), (-1.0, lower)):
        is_mixed = np.zeros(len(side), dtype=bool)
        is_mixed[own.row[(sign * own.data < 0) | (reduced.lower[own.col] < 0)]] = True
        bounds = np.isfinite(side) & ~is_mixed
        use = bounds[own.row] & (row[own.col] == NONE)
        row[own.col[use]], factor[own.col[use]] = own.row[use], own.data[use]
        limit = np.where(bounds, side, limit)

    def of_total(sums: sparse.csr_matrix) -> TotalLimit | None:
        """The limit of one total, from its coefficients (a row, 1 × columns of the month): the upper bound of each column with a
        coefficient above 0, or the row that bounds it; None where such a column has neither, or one below 0 has no bound 0.
        """
        places, share = sums.indices[sums.data > 0], sums.data[sums.data > 0]
        has_own = np.isfinite(reduced.upper[places])
        rows = row[places[~has_own]]
        if (rows == NONE).any() or (reduced.lower[sums.indices[sums.data < 0]] < 0).any():
            return None
        weight = share[~has_own] / factor[places[~has_own]]
        constant = dot(share[has_own], reduced.upper[places[has_own]]) + dot(weight, limit[rows])
        return TotalLimit(constant, -(others[rows].T @ weight))

    return [of_total(month.sums[i]) for i in range(month.sums.shape[0])]
