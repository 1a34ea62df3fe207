"""The linear phase: Benders iterations with integers relaxed.

1. Where there is a point to start from it is the first trial.
2. Iterations to a multiple of the gap: `SHARE_OF_GAP` of it; `WITHOUT_INTEGERS`, nearly all of it, where there are none;
   `SHARE_NEIGHBOURHOOD_ONLY`, more than all of it, where integers are too many to search, which leave more than that between plan
   and bound.
3. If most of the cost of the first trial is penalty, phase 1 is asked first whether slack can be avoided at all, after iterations
   to a coarse gap (`COARSE_GAP`), should the incumbent then pay more penalty than that gap explains.

Returns the bounds of the phase, why it ended, and its incumbent. Raises SolverError where HiGHS gives no answer, and Stopped once
the watch in force is over.
"""

from __future__ import annotations

import numpy as np

from planner.solve.benders.bounds import End, Phase
from planner.solve.benders.iterations import Iterations

#: Multiple of the gap at which the phase ends: with integers, with so many that all are seldom searched, and without integers.
SHARE_OF_GAP, SHARE_NEIGHBOURHOOD_ONLY, WITHOUT_INTEGERS = 0.6, 1.5, 0.9
#: Share of the time limit after which the phase ends where integers follow.
SHARE_OF_TIME = 0.7
#: Gap at which the phase pauses if most of the cost of the first trial is penalty.
COARSE_GAP = 0.02


class LinearPhase:
    """The linear phase of one solve.

    gap  of the steps of the search; the phase ends at a multiple of it
    has_integers        there are integers to decide later
    neighbourhood_only  so many that all of them are searched only where nothing else is found
    wants_plan     False where the relaxed solution is the result, and slack may be left
    """

    def __init__(
        self,
        iterations: Iterations,
        gap: float,
        *,
        has_integers: bool,
        neighbourhood_only: bool,
        wants_plan: bool,
    ) -> None:
        self.iterations, self.trials, self.master = iterations, iterations.trials, iterations.master
        self.has_integers, self.wants_plan = has_integers, wants_plan
        share = (SHARE_NEIGHBOURHOOD_ONLY if neighbourhood_only else SHARE_OF_GAP) if has_integers else WITHOUT_INTEGERS
        self.gap = share * gap
        self.name = "relaxed" if has_integers else "linear"

    def run(self, start: np.ndarray | None) -> Phase:
        """Iterations from a point, or from nothing."""
        self.master.solver.relax(True)
        phase = Phase()
        if start is not None:
            self.trials.evaluate(start, phase)
        share = SHARE_OF_TIME if self.has_integers else 1.0
        doubts = self.wants_plan and not self.trials.forbids_slack and phase.is_mostly_penalty
        if doubts and self.gap < COARSE_GAP:
            self.iterations.run(phase, COARSE_GAP, self.name, share=share)
            if phase.end is not End.GAP or phase.has_unexplained_slack:
                return phase
        self.iterations.run(phase, self.gap, self.name, share=share)
        return phase
