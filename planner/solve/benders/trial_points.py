r"""Trial points of the decomposed method: between a centre and the optimum of the master (in-out).

The master's optimum jumps between extreme points that are far apart (instability of Kelley's cutting planes). So a trial is

.. math:: \hat x = \lambda x^* + (1 - \lambda) c

with x* the optimum of the master and c a centre: the trial before, as long as the bound improves, and the incumbent where a full
trial is a better one (Ben-Ameur and Neto, "Acceleration of cutting-plane and column generation algorithms: applications to network
design", 2007; Fischetti, Ljubić and Sinnl, "Redesigning Benders decomposition for large-scale facility location", 2017). Both keep
the rows of the decisions, so the trial does.

Most trials solve a part of the years only, in turn: a cut of the hours of one holds in others (`pool`).

Returns a point of the master. Raises nothing.
"""

from __future__ import annotations

import numpy as np

#: λ: share of the way from the centre to the optimum.
STEP = 0.35
#: Iterations without a better bound after which the centre stays.
FIRM = 3


class TrialPoints:
    """Chooses trial points. centre: None before the first."""

    def __init__(self) -> None:
        self.centre: np.ndarray | None = None

    def next(self, optimum: np.ndarray, since: int) -> np.ndarray:
        """The next trial point, from the optimum of the master; `since`: iterations without a better bound."""
        if self.centre is None:
            self.centre = optimum
        trial: np.ndarray = STEP * optimum + (1 - STEP) * self.centre
        if since < FIRM:
            self.centre = trial
        return trial
