"""The iterations of one phase of the decomposed method, until one of its ends (`End`).

1. The optimum of the master is the lower bound. Ends where the master has none.
2. Ends: the gap holds; the lower bound is above the cutoff; neither bound improves; the most iterations; the time is over.
3. The next trial point (`trial_points`); the optimum of the master where such points have not improved anything for `STALLED`
   iterations.
4. The years are solved there (`trials`): cuts, and the incumbent if the trial costs less. Where the master has accounts, only one
   year in `PART` is, in turn, and all of them every `ALL`-th time and where the bound does not improve.

Returns nothing: the phase has its bounds, its incumbent and its end then. Raises SolverError where HiGHS gives no answer, and
Stopped once the watch in force is over.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.solve.benders.bounds import End, Phase
from planner.solve.benders.trial_points import TrialPoints
from planner.solve.benders.trials import Trials
from planner.solve.handover.matrix import INFINITY

#: Iterations without an improvement after which the next trials are optima of the master; after twice as many the phase ends. The
#: gap has improved if it is below `IMPROVED` times its value at the last improvement.
STALLED, IMPROVED = 25, 0.98
#: One year in so many is solved at most trials, and all of them at every so manieth; with no more years than `PART` always all.
PART, ALL = 4, 8
#: Iterations without a better bound after which all years are solved at every third trial.
SLOW = 2
#: Most iterations of a phase.
MOST = 1000


class Iterations:
    """Iterations of the phases of one solve."""

    def __init__(self, trials: Trials) -> None:
        self.trials, self.master, self.overall = trials, trials.master, trials.overall

    def run(
        self,
        phase: Phase,
        gap: float,
        name: str,
        *,
        cutoff: float = INFINITY,
        share: float = 1.0,
        bound_is_global: bool = True,
    ) -> None:
        """Iterate until one of the ends, which is `phase.end` then.

        gap     at which the phase ends
        name    of the phase, for the log
        cutoff  the phase ends where its lower bound is above this   money
        share   of the time limit after which the phase ends
        bound_is_global  True if the lower bound of the phase is one of the whole solve
        """
        progress, points = _Progress(), TrialPoints()
        points.centre = phase.point
        while True:
            optimum = self.master.optimum()
            if optimum.status != "optimal":
                phase.end = End.INFEASIBLE if optimum.status.startswith("infeasible") else End.FAILED
                return
            phase.bound = max(phase.bound, optimum.value)
            if bound_is_global:
                self.overall.bound = max(self.overall.bound, phase.bound)
            progress.note(phase)
            end = self._end_of(phase, gap, cutoff, progress, share)
            if end is not None:
                phase.end = end
                return
            point = optimum.values if progress.is_slow else points.next(optimum.values, progress.since)
            progress.note_point(point)
            years = self._some_years(progress)
            if years:
                self.trials.add_cuts(point, years, has_outages=progress.iterations in (3, 5))
                continue
            before = phase.cost
            self.trials.evaluate(point, phase)
            if phase.cost < before:
                points.centre = phase.point
            self.trials.log(phase, name, bound_is_global)

    def _some_years(self, progress: _Progress) -> list[int]:
        """The years to solve at the next trial; none: all of them, which gives an upper bound."""
        turn, years = progress.iterations - 1, list(self.master.accounts.of)
        is_all = turn == 0 or turn % ALL == ALL - 1 or (progress.since >= SLOW and turn % 3 == 0)
        return [] if is_all or len(years) <= PART else years[turn % PART :: PART]

    def _end_of(self, phase: Phase, gap: float, cutoff: float, progress: _Progress, share: float) -> End | None:
        """Why a phase ends now; None to go on."""
        if phase.is_within(gap):
            return End.GAP
        if phase.bound > cutoff:
            return End.CUTOFF
        if progress.since > 2 * STALLED:
            return End.STALLED
        if progress.iterations > MOST:
            return End.LIMIT
        return End.TIME if phase.incumbent is not None and self.trials.late(share) else None


@dataclass
class _Progress:
    """Iterations of a phase, and how many since the gap (the lower bound, before there is a gap) last improved clearly."""

    iterations: int = 0
    since: int = 0
    gap: float = INFINITY
    bound: float = -INFINITY
    last: np.ndarray | None = None

    def note_point(self, point: np.ndarray) -> None:
        """Note a trial point; the same as the one before gives no new cut, and counts as `STALLED` iterations."""
        if self.last is not None and self.since and np.allclose(point, self.last, rtol=1e-12, atol=1e-12):
            self.since += STALLED
        self.last = point

    def note(self, phase: Phase) -> None:
        """One more iteration."""
        gap = phase.cost - phase.bound
        is_better = gap < IMPROVED * self.gap if np.isfinite(gap) else phase.bound > self.bound + 1e-9 * abs(phase.bound)
        self.iterations += 1
        self.since = 0 if is_better else self.since + 1
        if is_better:
            self.gap, self.bound = gap, phase.bound

    @property
    def is_slow(self) -> bool:
        """True once trials between centre and optimum do not improve anything any more."""
        return self.since > STALLED
