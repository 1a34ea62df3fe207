"""The integer phase: assignments of whole numbers to the integers, and Benders iterations with each of them fixed.

1. The first assignment (`_first`): the integers of the relaxed incumbent if they are whole; else they are rounded (`rounding`).
   Above `NEIGHBOURHOOD_FIRST` of them the master mends what rounding breaks (`primal_heuristics`), above `NEIGHBOURHOOD_ONLY`
   large orders are decided first.
2. Integers are fixed at the assignment, and iterations decide the rest (`solve_fixed`), at a higher penalty of slack
   (`WHOLE_PENALTY_FACTOR`). A trial whose slack makes it dear (`DEAR_FOR_SLACK`) is cut off by feasibility cuts at once. Where
   these allow no decision with the assignment, the next one is proposed under them.
3. Ends: the gap holds; the time is over; nothing is left to try; the last proposals were of little use (`_widen_or_end`).
4. The next assignment (`_propose`): branch and bound of the master under all cuts found, to a gap (ε-optimal master; Geoffrion and
   Graves, "Multicommodity distribution system design by Benders decomposition", 1974). Its bound is a lower bound of the whole
   solve. Above `NEIGHBOURHOOD_FIRST` integers, a neighbourhood is searched first. An assignment that was solved `REPEATS` times
   ends the phase. Back to 2.

The iterations with an assignment fixed end at `FIXED_SHARE` of the gap, branch and bound at `BRANCHING_SHARE` of it; together less
than 1, so an assignment that is proposed again is optimal within the gap.

Returns the bounds of the phase, why it ended, and its incumbent. Raises SolverError where HiGHS gives no answer, and Stopped once
the watch in force is over.
"""

from __future__ import annotations

import numpy as np

from planner.solve.benders.bounds import ACCEPTABLE_GAP, Bounds, End, Phase
from planner.solve.benders.branch_and_bound import branch_and_bound
from planner.solve.benders.iterations import Iterations
from planner.solve.benders.linear_phase import SHARE_OF_TIME
from planner.solve.benders.primal_heuristics import PrimalHeuristics
from planner.solve.benders.trial import Trial
from planner.solve.handover.matrix import INFINITY
from planner.solve.rounding.rounding import Rounding

#: Shares of the gap at which iterations with fixed integers end, and branch and bound of the master.
FIXED_SHARE, BRANCHING_SHARE = 0.4, 0.5
#: Seconds of one branch and bound of the master; most assignments, and how often the same may be solved.
MASTER_SECONDS, ASSIGNMENTS, REPEATS = 30.0, 200, 3
#: Most assignments of the large orders; no more are tried once cost less bound is at most `LARGE_GAP` times the gap of the steps,
#: or `ENOUGH_OF_GAP` of the gap asked for: the rest is left to the smaller orders.
LARGE_ASSIGNMENTS, LARGE_GAP, ENOUGH_OF_GAP = 2, 3.0, 0.5
#: A proposal is of use if it closes at least this share of the distance between the best cost and the bound.
USEFUL = 0.1
#: Proposals of no use in a row after which the phase ends where integers are too many to search: `USELESS` where the incumbent is
#: within `ACCEPTABLE_GAP` of the bound, else `USELESS_FAR` (the cuts of a proposal of no use make the next one better).
USELESS, USELESS_FAR = 1, 10
#: With whole numbers fixed, a trial may cost at most this share more than the large orders did with all else relaxed, if it has
#: slack: whatever costs more than that pays a penalty for much slack.
DEAR_FOR_SLACK = 0.1
#: With whole numbers fixed, the penalty of slack is at least this many times its first value. At the first value a little slack
#: in the hottest hours costs less than one more unit, but whole numbers that need slack are no plan. With 20 in place of 5 the
#: slopes of the cuts were so steep that the iterations stalled.
WHOLE_PENALTY_FACTOR = 5.0


class IntegerPhase:
    """The integer phase of one solve."""

    def __init__(self, iterations: Iterations, heuristics: PrimalHeuristics, rounding: Rounding | None) -> None:
        self.iterations, self.trials, self.master = iterations, iterations.trials, iterations.master
        self.overall, self.gap = self.trials.overall, self.trials.limits.gap
        self.heuristics, self.rounding = heuristics, rounding
        #: Proposals of no use in a row.
        self.useless = 0
        #: A trial with whole numbers that has slack and costs more than this is no candidate   money
        self.most_with_slack = INFINITY

    def run(self, relaxed: Phase) -> Phase:
        """Assignments from a relaxed incumbent on; the phase itself where there are no integers, or no incumbent."""
        if self.rounding is None or not len(self.master.integers) or relaxed.incumbent is None:
            return relaxed
        phase = Phase(bound=relaxed.bound, end=End.LIMIT)
        self.master.cuts.exempt_from_ageing()
        self.heuristics.begin()
        first = self._first(relaxed, relaxed.incumbent)
        phase.bound = max(phase.bound, self.overall.bound)
        if first is None:
            phase.end = End.STALLED
            return phase
        assignment = first + 0.0  # -0.0 is 0.0, of which the bytes are a key below
        times: dict[bytes, int] = {}
        self.useless = 0
        # A rounded assignment whose bound is above this cannot be within the gap: another is proposed at once, unless
        # integers are many.
        is_searched = not self.heuristics.neighbourhood_first and relaxed.end is End.GAP
        cutoff = relaxed.bound + self.gap * abs(relaxed.bound) if is_searched else INFINITY
        for _ in range(ASSIGNMENTS):
            key, before = assignment.tobytes(), phase.cost
            times[key] = times.get(key, 0) + 1
            self.solve_fixed(phase, assignment, min(cutoff, phase.cost), FIXED_SHARE * self.heuristics.gap / times[key])
            cutoff = INFINITY
            self.master.cuts.exempt_from_ageing()
            found = self._widen_or_end(phase, before) or self._propose(phase, assignment)
            if isinstance(found, End):
                phase.end = found
                break
            assignment = np.round(found) + 0.0
            if times.get(assignment.tobytes(), 0) >= REPEATS:
                phase.end = End.STALLED
                break
        return phase

    def solve_fixed(self, phase: Phase, assignment: np.ndarray, cutoff: float, gap: float) -> None:
        """Iterations with integers fixed; the phase takes over their incumbent if that costs less.

        cutoff  iterations end where their bound is above this   money
        """
        self.master.fix(assignment)
        fixed = Phase()
        with self.trials.slack_forbidden_above(self.most_with_slack), self.trials.penalty_of_at_least(WHOLE_PENALTY_FACTOR):
            self.iterations.run(fixed, gap, "whole", cutoff=cutoff, bound_is_global=False)
        self.master.unfix()
        phase.offer(fixed.incumbent)

    @property
    def _is_enough(self) -> bool:
        """True if there is a plan that is not to be searched further (`Limits.enough`)."""
        return self.overall.incumbent is not None and self.overall.is_within(self.trials.limits.enough)

    def _first(self, relaxed: Bounds, incumbent: Trial) -> np.ndarray | None:
        """The first assignment; None where there is a plan already and its gap to the bound is small enough (`Limits.enough`)."""
        assert self.rounding is not None
        integers = incumbent.point[self.master.integers]
        if np.abs(integers - np.round(integers)).max() < 1e-6:
            return np.round(integers)
        rounded = self.rounding(incumbent.point)
        large = None if self.heuristics.searches_all else self._large_orders(relaxed, incumbent)
        if large is not None:
            self.most_with_slack = large.cost + DEAR_FOR_SLACK * abs(large.cost)
        if self._is_enough:
            return None
        mended = None if self.heuristics.searches_all else self.heuristics.first(rounded, large)
        return rounded if mended is None else mended

    def _large_orders(self, relaxed: Bounds, incumbent: Trial) -> Trial | None:
        """The cheapest trial with whole numbers of the large orders, all other integers relaxed; None where there is none.

        The master proposes whole numbers near the relaxed incumbent first, then others under the cuts found with those, until their
        cost is near the bound.

        incumbent  that of `relaxed`
        """
        best, tried = Bounds(), None
        enough = max(LARGE_GAP * self.heuristics.gap, ENOUGH_OF_GAP * self.gap)
        for left in reversed(range(LARGE_ASSIGNMENTS)):
            proposed = self.heuristics.large_orders(best.point)
            self.overall.bound = max(self.overall.bound, self.heuristics.bound)
            if proposed is None or self._is_enough or self.trials.late(SHARE_OF_TIME):
                break
            assignment = np.round(proposed[self.master.integers])
            if tried is not None and np.array_equal(assignment[self.heuristics.large], tried):
                break
            tried, fixed = assignment[self.heuristics.large], Phase()
            self.master.fix(assignment, self.heuristics.large)
            cutoff = min(best.cost, self._dear(enough)) if left else best.cost
            self.iterations.run(fixed, self.heuristics.gap, "large", cutoff=cutoff, bound_is_global=False)
            self.master.unfix()
            best.offer(fixed.incumbent)
            if best.incumbent is None or best.cost - self.overall.bound <= enough * abs(best.cost):
                break
        self.master.cuts.exempt_from_ageing()
        return best.incumbent

    def _dear(self, enough: float) -> float:
        """Cost from which large orders are left while others may be tried (money): the bound plus the share `enough` of it.

        Where the cheapest ones that were found cost more under the cuts already, that share is added to their cost instead: nothing
        cheaper is known.
        """
        far = enough * abs(self.overall.bound)
        dear = self.overall.bound + far
        return dear if self.heuristics.proposed <= dear else self.heuristics.proposed + far

    def _propose(self, phase: Phase, tried: np.ndarray) -> np.ndarray | End:
        """The assignment that the master prefers after the one tried last, and a bound where it looks among all of them; why the
        phase ends, where there is nothing more to try."""
        if phase.is_within(self.gap):
            return End.GAP
        if self.trials.late():
            return End.TIME
        best = None if phase.point is None else phase.point[self.master.integers]
        if not self.heuristics.searches_all:
            proposed = self.heuristics.first(tried) if best is None else self.heuristics.improved(best)
            if proposed is not None:
                return proposed
            self.heuristics.widen()
        answer = branch_and_bound(self.master, best, BRANCHING_SHARE * self.gap, self.trials.seconds_left(MASTER_SECONDS))
        if np.isfinite(answer.bound):
            phase.bound = max(phase.bound, answer.bound)
            self.overall.bound = max(self.overall.bound, answer.bound)
        if not answer.has_point:
            return End.INFEASIBLE if answer.status.startswith("infeasible") else End.FAILED
        return End.GAP if phase.is_within(self.gap) else answer.values[self.master.integers]

    def _widen_or_end(self, phase: Bounds, before: float) -> End | None:
        """After a proposal of little use: all integers are searched from now on; the phase ends where they are too many for that
        and proposals were of no use `USELESS` times in a row. `before`: cost of the incumbent before it."""
        is_of_use = phase.incumbent is None or before - phase.cost > USEFUL * (phase.cost - phase.bound)
        if not self.heuristics.neighbourhood_first or is_of_use or phase.is_within(self.gap):
            self.useless = 0
            return None
        if not self.heuristics.neighbourhood_only:
            self.heuristics.widen()
            return None
        self.useless += 1
        return End.STALLED if self.useless >= (USELESS if phase.is_within(ACCEPTABLE_GAP) else USELESS_FAR) else None
