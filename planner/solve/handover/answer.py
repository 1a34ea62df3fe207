"""The answer of a solve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Answer:
    """The answer of a solve.

    status      optimal, feasible (stopped with a point), infeasible, unbounded, infeasible or unbounded, failed
    values      of the columns; objective, bound   money
    seconds     of wall time
    row_duals   money per unit of the row's right-hand side; None for a mixed-integer problem, or where not asked for
    column_duals  reduced costs   money per unit
    """

    status: str
    values: np.ndarray
    objective: float
    bound: float
    seconds: float
    row_duals: np.ndarray | None = None
    column_duals: np.ndarray | None = None

    @property
    def has_point(self) -> bool:
        """True if `values` is a feasible point."""
        return self.status in ("optimal", "feasible")

    def scaled(self, factor: float) -> Answer:
        """The answer with all money taken times a factor."""
        duals = (None if own is None else own * factor for own in (self.row_duals, self.column_duals))
        return Answer(self.status, self.values, self.objective * factor, self.bound * factor, self.seconds, *duals)
