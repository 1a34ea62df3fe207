r"""The iterations of one phase of the decomposed method, until one of its ends (`End`); each makes a trial between a centre and the
optimum of the master (in-out).

1. The optimum of the master is the lower bound. Ends where the master has none.
2. Ends: the gap holds, here or, with whole numbers fixed, of the whole solve; the lower bound is above the cutoff; neither bound
improves; the most iterations; the time is over.
3. The next trial point. The master's optimum jumps between extreme points that are far apart (instability of Kelley's cutting
   planes). So a trial is

   .. math:: \hat x = \lambda x^* + (1 - \lambda) c

   with x* the optimum of the master and c a centre: the trial before, until the gap has not improved for `FIRM` iterations, and the
   incumbent where a full trial is a better one (Ben-Ameur and Neto, "Acceleration of cutting-plane and column generation
   algorithms: applications to network design", 2007; Fischetti, Ljubić and Sinnl, "Redesigning Benders decomposition for
   large-scale facility location", 2017). Both keep the rows of the decisions, so the trial does. Where such points have not
   improved anything for `STALLED` iterations, the trial is the optimum itself.
4. The years are solved there (`trials`): cuts, and the incumbent if the trial costs less. Where the master has accounts, only one
   year in `PART` is, in turn, since a cut of the hours of one holds in others (`pool`); all of them every `ALL`-th time, and at
   every third trial where the gap has not improved for `SOLVE_ALL_AFTER` iterations. Trials of a part of the years look for
   operations with a unit out at `WITH_OUTAGES` only.

Returns nothing: the phase has its bounds, its incumbent and its end then. Raises SolverError where HiGHS gives no answer, and
Stopped once the watch in force is over.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.solve.benders.trials import End, Phase, Trials
from planner.solve.handover.matrix import INFINITY

#: Iterations without an improvement after which the next trials are optima of the master; after twice as many the phase ends. The
#: gap has improved if it is below `IMPROVED` times its value at the last improvement.
STALLED, IMPROVED = 25, 0.98
#: In most trials one year in so many is solved, and in every so manieth all of them; with no more years than `PART` always all.
PART, ALL = 4, 8
#: Iterations since the last improvement after which all years are solved at every third trial.
SOLVE_ALL_AFTER = 2
#: Iterations whose trials look for operations with a unit out, too: later ones have the rows that these give.
WITH_OUTAGES = (3, 5)
#: λ: share of the way from the centre to the optimum. Iterations since the last improvement from which the centre stays.
STEP, FIRM = 0.35, 3
#: Most iterations of a phase.
MOST = 1000


class TrialPoints:
    """Chooses trial points. centre: None before the first."""

    def __init__(self) -> None:
        self.centre: np.ndarray | None = None

    def next(self, optimum: np.ndarray, since: int) -> np.ndarray:
        """The next trial point, from the optimum of the master; `since`: iterations since the gap last improved (`_Progress`)."""
        if self.centre is None:
            self.centre = optimum
        trial: np.ndarray = STEP * optimum + (1 - STEP) * self.centre
        if since < FIRM:
            self.centre = trial
        return trial


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
            end = self._end_of(phase, gap, cutoff, progress, share, bound_is_global)
            if end is not None:
                phase.end = end
                return
            point = optimum.values if progress.uses_master_optimum else points.next(optimum.values, progress.since)
            progress.note_point(point)
            years = self._some_years(progress)
            if years:
                self.trials.add_cuts(point, years, has_outages=progress.iterations in WITH_OUTAGES)
                continue
            before = phase.cost
            self.trials.evaluate(point, phase)
            if phase.cost < before:
                points.centre = phase.point
            self.trials.log(phase, name, bound_is_global)

    def _some_years(self, progress: _Progress) -> list[int]:
        """The years to solve at the next trial; none: all of them, which gives an upper bound."""
        turn, years = progress.iterations - 1, list(self.master.accounts.of)
        is_all = turn == 0 or turn % ALL == ALL - 1 or (progress.since >= SOLVE_ALL_AFTER and turn % 3 == 0)
        return [] if is_all or len(years) <= PART else years[turn % PART :: PART]

    def _end_of(
        self, phase: Phase, gap: float, cutoff: float, progress: _Progress, share: float, bound_is_global: bool
    ) -> End | None:
        """Why a phase ends now; None to go on."""
        if phase.is_within(gap) or (not bound_is_global and self.overall.is_within(self.trials.limits.gap)):
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
    def uses_master_optimum(self) -> bool:
        """True once trials between centre and optimum have not improved anything for `STALLED` iterations."""
        return self.since > STALLED
