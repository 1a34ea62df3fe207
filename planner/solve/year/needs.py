r"""What an operation needs of what is decided: so that one operation covers others that have no less of it.

An operation z was found with amounts x of capacities and contracts. Where each row has at most one of these amounts,

.. math:: a_r z - g_r x_k \le b_r, \; g_r > 0 \qquad n_k = \max\Big(0, \max_r \frac{a_r z - b_r}{g_r}\Big) \le x_k

and z keeps every row with any x' for which x'_k ≥ n_k for all k: a row without an amount is as before, and one of k holds since
g_r x'_k ≥ g_r n_k ≥ a_r z - b_r. Demands and schemes are the same, and bounds of z do not depend on x. So z is an operation of
every outage of the same hours that leaves at least n of everything, and none of these need be solved: of what z does not run, any
amount may be out. An amount that stands in an equation, in a row with another, or where more of it is worse, is needed as it is.
Returns the amounts needed. Raises nothing.

z  operation of the day (j)     x  what is decided (l)     n  what is needed of it (l)     g, b  of row r
"""

from __future__ import annotations

import numpy as np

from planner.solve.handover.matrix import Matrix


class Needs:
    """Rows that bound an operation by an amount, read from a matrix once.

    places   columns of the links              (l)
    is_more  links of which more is never worse    (l)
    """

    def __init__(self, matrix: Matrix, places: np.ndarray, is_more: np.ndarray) -> None:
        self.places = places
        by_rows = matrix.by_rows()
        own = by_rows[:, places[is_more]].tocoo()
        link = np.flatnonzero(is_more)[own.col]
        alone = np.bincount(own.row, minlength=len(matrix.rows))[own.row] == 1
        below = np.isinf(matrix.row_lower[own.row]) & (own.data < 0)
        above = np.isinf(matrix.row_upper[own.row]) & (own.data > 0)
        sign = np.where(below, 1.0, -1.0)
        limit = np.where(below, matrix.row_upper[own.row], matrix.row_lower[own.row])
        #: Links that cannot be told from rows of their own.
        self.kept = np.setdiff1d(np.arange(len(places)), np.setdiff1d(np.flatnonzero(is_more), link[~(alone & (below | above))]))
        good = alone & (below | above) & ~np.isin(link, self.kept)
        self.link, self.row, self.step = link[good], own.row[good], np.abs(own.data[good])
        self.sign, self.limit, self.matrix = sign[good], limit[good], by_rows

    def of(self, values: np.ndarray, amounts: np.ndarray) -> np.ndarray:
        """Least amounts with which an operation (all columns of the matrix) can be kept; the given ones are enough for it."""
        bare = values.copy()
        bare[self.places] = np.where(np.isin(np.arange(len(self.places)), self.kept), amounts, 0.0)
        used = (self.sign * ((self.matrix @ bare)[self.row] - self.limit)) / self.step
        needed = np.zeros(len(amounts))
        np.maximum.at(needed, self.link, used)
        needed[self.kept] = amounts[self.kept]
        return np.minimum(needed, amounts)
