r"""Trial points of the decomposed method: interior points of a level set, or of one within a trust region around the incumbent.

The master's optimum jumps between extreme points that are far apart (instability of Kelley's cutting planes). Instead:

1. Level set (Lemaréchal, Nemirovskii and Nesterov, "New variants of bundle methods", 1995): the decisions whose cost, as far as the
   cuts say, is at most

   .. math:: L + \alpha (U - L)

   with L the lower and U the upper bound. They project the last point on this set; the trial here is a point near its analytic
   centre instead: where an interior point method without an objective ends (regularised Benders decomposition; Pecci and Jenkins,
   "Regularized Benders decomposition for high performance capacity expansion models", 2024). Such trials change little from one
   iteration to the next, so the years are re-solved quickly.
2. Trust region, a box in place of the plain level set, in a solve that starts from a known point (the plan on fewer days, the plan
   before; akin to Marsten, Hogan and Blankenship, "The Boxstep method", 1975): no continuous linking variable moves further from
   the incumbent than `radius` times its largest value in any year, and L is the optimum of the master in the region.
   The radius grows once the optimum in the region is near the cost of the incumbent. The region restricts trial points only: the
   lower bound stays the optimum of the master without it. Years are re-solved in a tenth of the time of a far trial (measured).
3. Without an incumbent, or where no interior point is found: the master's optimum, or the middle between it and the incumbent.

Returns a point of the master. Raises Stopped once the watch in force is over.
"""

from __future__ import annotations

import numpy as np

from planner.solve.benders.bounds import Bounds
from planner.solve.benders.master import Master, MasterSolution

#: α: where the level lies between lower bound (0) and upper bound (1).
LEVEL = 0.3
#: First radius of the trust region; factor by which it grows where the optimum in it is nearer to the incumbent's cost
#: than `CLOSE` times the gap asked for; radius from which there is no trust region any more.
RADIUS, GROWTH, CLOSE, NO_REGION = 0.1, 3.0, 1.0, 10.0
#: The least distance (relative) from bound to level where the upper bound is of other integers, and so may be below what these
#: allow.
LEAST_LEVEL = 1e-3


class TrialPoints:
    """Chooses trial points. radius: of the trust region, as a share of the largest value of a linking variable; 0: none."""

    def __init__(self, master: Master, gap: float) -> None:
        self.master, self.gap = master, gap
        self.radius = 0.0

    def next(self, phase: Bounds, optimum: MasterSolution, centre: Bounds) -> np.ndarray:
        """The next trial point.

        phase    its bounds
        optimum  that of the master
        centre   its incumbent is the centre of the trust region, whose cost is the upper bound of the level: `phase`, or where
                 that has no incumbent yet, another one
        """
        trial = None if not self.radius or centre.point is None else self._in_region(centre, np.isfinite(phase.cost))
        if trial is not None or not np.isfinite(centre.cost):
            return optimum.values if trial is None else trial
        inside = self._inside(phase.bound, centre.cost, centre is phase)
        if inside is None and phase.point is not None:
            return 0.5 * (phase.point + optimum.values)
        return optimum.values if inside is None else inside

    def _in_region(self, centre: Bounds, is_own: bool) -> np.ndarray | None:
        """A trial in the trust region, whose radius grows as needed; None once it is beyond `NO_REGION`.

        `is_own`: the incumbent of the centre is that of the phase, so its cost is one of these integers.
        """
        assert centre.point is not None
        radius = self.radius
        while radius < NO_REGION:
            with self.master.trust_region(centre.point, radius):
                optimum = self.master.optimum()
                gain = centre.cost - optimum.value  # that the cuts allow at most in the region
                if optimum.status == "optimal" and (gain > CLOSE * self.gap * abs(centre.cost) or not is_own):
                    inside = self._inside(optimum.value, centre.cost, is_own)
                    return optimum.values if inside is None else inside
            radius *= GROWTH
            self.radius = radius if is_own else self.radius
        return None

    def _inside(self, bound: float, cost: float, is_own: bool) -> np.ndarray | None:
        """An interior point of the level set between a bound and a cost; `is_own`: the cost is one of these integers."""
        return self.master.interior_point(bound + LEVEL * max(cost - bound, 0.0 if is_own else LEAST_LEVEL * abs(bound)))
