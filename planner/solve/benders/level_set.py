r"""Trial points of the decomposed method: well inside the level set, near the incumbent, or at a corner of the master.

The master's optimum jumps between far corners. A point well inside the set of decisions that the planes allow to cost no more than

.. math:: L + \alpha (U - L),

L lower, U upper bound, as an interior point method without an objective finds it, is balanced and changes little from one iteration
to the next, so the years are re-solved quickly and their planes are where they are needed (Pecci and Jenkins, "Regularized Benders
decomposition for high performance capacity expansion models", 2024).

A solve that is given a point to begin from (the plan on fewer days, the plan before) stays near its best point besides, in a trust
region: no link goes further than a share of the most that it is in any year, and the level is taken between the least that the cuts
allow there and the best. The years are then solved again in a tenth of the time that a far trial takes, and planes on all sides of
the optimum raise the bound, which is of everywhere. The share grows once little is promised within it.
"""

from __future__ import annotations

import numpy as np

from planner.solve.benders.master import Lowest, Master
from planner.solve.benders.state import State

#: Where between the bound and the best the level lies.
LEVEL = 0.3
#: Trials stay within this share of the best at first; it grows by so much where they promise less than this share of the gap.
NEAR, WIDER, NEARLY, NOT_NEAR = 0.1, 3.0, 1.0, 10.0
#: A cost that is only likely, being that of other whole numbers, is at least so much above the bound (relative).
LEAST_LEVEL = 1e-3


class LevelSet:
    """Chooses trial points. radius: share that trials stay within; 0: there is no trust region."""

    def __init__(self, master: Master, gap: float) -> None:
        self.master, self.gap = master, gap
        self.radius = 0.0

    def next(self, state: State, lowest: Lowest, near: State) -> np.ndarray:
        """The next trial: near the best, or near what it may be like, where that is known to be no far point; else well
        inside what may cost no more than the level."""
        assert near.best is not None or not np.isfinite(near.cost)
        trial = self._near(near, np.isfinite(state.cost)) if self.radius and near.best is not None else None
        if trial is not None or not np.isfinite(near.cost):
            return lowest.values if trial is None else trial
        inside = self._inside(state.bound, near.cost, near is state)
        if inside is None and state.best is not None:
            return 0.5 * (state.best + lowest.values)
        return lowest.values if inside is None else inside

    def _near(self, near: State, is_best: bool) -> np.ndarray | None:
        """A trial near a point: far trials take the years long to solve, and their cuts say little.

        Once the cuts promise little there, it may be as far again; None where that is no longer near.
        """
        assert near.best is not None
        radius = self.radius
        while radius < NOT_NEAR:
            self.master.keep_near(near.best, radius)
            try:
                lowest = self.master.lowest()
                promised = near.cost - lowest.bound
                if lowest.status == "optimal" and (promised > NEARLY * self.gap * abs(near.cost) or not is_best):
                    inside = self._inside(lowest.bound, near.cost, is_best)
                    return lowest.values if inside is None else inside
            finally:
                self.master.let_go()
            radius *= WIDER
            self.radius = radius if is_best else self.radius
        return None

    def _inside(self, bound: float, cost: float, is_known: bool) -> np.ndarray | None:
        """A point well inside what may cost no more than the level between a bound and a cost, known or likely."""
        return self.master.inside(bound + LEVEL * max(cost - bound, 0.0 if is_known else LEAST_LEVEL * abs(bound)))
