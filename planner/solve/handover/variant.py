"""A variant of a matrix as changes of its bounds."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from planner.solve.handover.matrix import INFINITY, Matrix


def _none() -> np.ndarray:
    return np.zeros(0, dtype=np.int32)


@dataclass(frozen=True)
class Variant:
    """What differs from the matrix as compiled; data, so that variants can follow one another in any order.

    dropped  rows that need not hold
    barred   columns fixed at 0
    fixed    columns fixed at `values`
    """

    dropped: np.ndarray = field(default_factory=_none)
    barred: np.ndarray = field(default_factory=_none)
    fixed: np.ndarray = field(default_factory=_none)
    values: np.ndarray = field(default_factory=lambda: np.zeros(0))

    def bounds(self, matrix: Matrix) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Lower and upper bounds of the columns, then of the rows."""
        lower, upper = matrix.lower.copy(), matrix.upper.copy()
        row_lower, row_upper = matrix.row_lower.copy(), matrix.row_upper.copy()
        lower[self.barred] = upper[self.barred] = 0.0
        lower[self.fixed] = upper[self.fixed] = self.values
        row_lower[self.dropped], row_upper[self.dropped] = -INFINITY, INFINITY
        return lower, upper, row_lower, row_upper
