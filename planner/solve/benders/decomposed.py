r"""The decomposed method: Benders decomposition with one cut for each year that a trial solves, stabilised by in-out trials.

.. math:: \min_{x \in X}\; c \cdot x + \sum_y \delta_y Q_y(x_y)

x are the decisions over all years, some of them integer; :math:`Q_y`, the least operating cost of a year (`YearSet`), is convex in
its linking variables :math:`x_y`. An iteration (`iterations`) solves the master, which has cuts in place of Q (`master`, a lower
bound), chooses a trial point, and solves the years there (`trials`: cuts, and an upper bound). Where a reserve is
`operated`, the operations with a unit out are solved there, too; what they leave unserved gives rows of x alone.

====  =====================  =====================================================  ================================================
step  file                   what it does                                           next
====  =====================  =====================================================  ================================================
1     `iterations`           integers relaxed (McDaniel and Devine, 1977)           2; the end where only a starting point is wanted
2     `phase1`               where the master is infeasible or 1 left more penalty  1 again from that point, then 3; the end where
                             than its gap explains: a point without slack           there is none
3     `integer_phase`        whole numbers for the integers; before, where there    4
                             is a plan to start from, that is mended (`_mend`)
4     `slack_removal`        where slack is little, that of the incumbent of 3 is   5 where the search is done (`_is_done`), or the
                             removed (`polish`)                                     rest is of integers; else 3 again, no point with
                                                                                    slack being a candidate, and where there is
                                                                                    still no plan from one that `phase1` finds
5     `slack_removal`        very small orders and plantings go (`tidy`)            the end
====  =====================  =====================================================  ================================================

Before step 1 a plan to start from is mended where the bound is known (after a repair), which may be the end. Where the time is
over, what is left of 3 and 4 is left out.

Step 1 ends at a multiple of the gap: `SHARE_OF_GAP` of it; `WITHOUT_INTEGERS`, nearly all of it, where there are none; `OF_MANY`,
more than all of it, where integers are too many to search, which leave more than that between plan and bound. If most of the cost
of its first trial is penalty, it pauses at `COARSE_GAP`: phase 1 is asked then whether slack can be avoided at all.

Every trial with whole integers and without slack is a plan. The best plan is the result, whatever happens later: optimal if the
lower bound is within the gap of its cost, else feasible. Where phase 1 finds no point and there is no plan, the result is
infeasible if that is proven, else failed.

McDaniel and Devine, "A modified Benders' partitioning algorithm for mixed integer programming", 1977.

Returns `Result`. Raises SolverError where HiGHS gives no answer, and Stopped once the watch in force is over; the plan so far is
then kept.

δ  discount of a year
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from planner.solve.benders.integer_phase import MOST_SEARCHED, IntegerPhase, Neighbourhood, branch_and_bound
from planner.solve.benders.iterations import Iterations
from planner.solve.benders.master import Master
from planner.solve.benders.phase1 import Phase1, Phase1Result
from planner.solve.benders.slack_removal import SlackRemover
from planner.solve.benders.trials import Bounds, End, Phase, Result, Trial, Trials
from planner.solve.handover.matrix import INFINITY
from planner.solve.handover.solver import Answer
from planner.solve.rounding.rounding import Rounding
from planner.solve.whole.whole import Limits, Say
from planner.solve.year.subproblem import YearSet

# --- session ---------------------------------------------------------------------------------------------------------------
# A session of the decomposed method, for questions about a plan: trials and phases of one master, whose cuts stay.
#
# Who asks gives a master, its years (the oracle: value and slope of the cost of a point), an incumbent, and limits. It asks for
# single trials, for iterations, or for some whole numbers with all others fixed. Every cut that a trial finds stays in the master,
# so each question begins with what those before it have found.
#
# Returns trials, phases with their bounds, and answers of branch and bound. Raises SolverError where HiGHS gives no answer, and
# Stopped once the watch in force is over.


class BendersSession:
    """One master and its years, and the best plan that their trials have found.

    overall  bounds of all trials: its incumbent is the best plan so far
    """

    def __init__(
        self, master: Master, years: YearSet, limits: Limits, say: Say = lambda _: None, incumbent: Trial | None = None
    ) -> None:
        """`incumbent`: the best plan so far."""
        self.trials = Trials(master, years, limits, say, Bounds(incumbent), wants_plan=True)
        self.master, self.overall = master, self.trials.overall

    @property
    def neighbourhood_only(self) -> bool:
        """True where there are too many integers to search all of them."""
        return len(self.master.integers) > MOST_SEARCHED

    @cached_property
    def neighbourhood(self) -> Neighbourhood:
        """Which integers stay as they are in a search of some."""
        return Neighbourhood(self.master.matrix, self.master.model, self.master.inputs)

    def forbid_slack(self) -> None:
        """From now on a point with slack is no candidate, and is cut off."""
        self.trials.forbid_slack()

    def scale_penalty(self, factor: float) -> None:
        """Multiply the penalty of slack."""
        self.trials.scale_penalty(factor)

    def evaluate(self, point: np.ndarray) -> Trial:
        """The trial at a point; its cuts go to the master."""
        return self.trials.evaluate(point)

    def begin(self, point: np.ndarray, name: str = "") -> Phase:
        """A phase whose first incumbent is the trial at a point; the log has a line of it where it has a name."""
        phase = Phase()
        self.trials.evaluate(point, phase)
        if name:
            self.trials.log(phase, name, bound_is_global=False)
        return phase

    def go_on(self) -> Phase:
        """A phase whose first incumbent is the best plan so far."""
        return Phase(self.overall.incumbent)

    def iterate(self, phase: Phase, gap: float, *, cutoff: float = INFINITY) -> bool:
        """Iterate with whole numbers as they are held; True where the phase ends within the gap.

        cutoff  the phase ends where its lower bound is above this   money
        """
        Iterations(self.trials).run(phase, gap, "whole", cutoff=cutoff, bound_is_global=False)
        return phase.end is End.GAP

    def whole_numbers(
        self, start: np.ndarray | None, gap: float, seconds: float, fixed: np.ndarray | None = None, nodes: int = 1
    ) -> Answer:
        """The least-cost whole numbers by the cuts so far (`branch_and_bound`)."""
        return branch_and_bound(self.master, start, gap, seconds, fixed, nodes)

    def is_reachable(self, point: np.ndarray) -> bool | None:
        """Whether there is a point without slack, integers relaxed, sought from a point on; None: no answer."""
        phase1 = Phase1(self.master, self.trials.years)
        return phase1.reach(self.master.within(point), False, self.trials.late, self.trials.say).is_possible

    def polish(self, phase: Phase) -> None:
        """Remove the slack of the incumbent of a phase, its whole numbers fixed, then iterate with these."""
        SlackRemover(self.trials).polish(phase)

    def remove_slack(self, point: np.ndarray) -> None:
        """Seek the cheapest point without slack near a point, with whole numbers as they are held."""
        SlackRemover(self.trials).remove_slack(point)


# --- decomposed ------------------------------------------------------------------------------------------------------------

#: Multiple of the gap at which step 1 ends: with integers, with so many that all are never searched, and without integers.
SHARE_OF_GAP, OF_MANY, WITHOUT_INTEGERS = 0.6, 1.5, 0.9
#: Share of the time limit after which it ends where integers follow; gap at which it pauses if most of the cost is penalty.
SHARE_OF_TIME, COARSE_GAP = 0.7, 0.02
#: Factor by which the penalty is multiplied once phase 1 has found that no slack is needed.
PENALTY_FACTOR = 20.0


def solve_decomposed(
    master: Master,
    years: YearSet,
    limits: Limits,
    say: Say,
    start: np.ndarray | None = None,
    rounding: Rounding | None = None,
    overall: Bounds | None = None,
    known_plan: np.ndarray | None = None,
) -> Result:
    """The optimum within the gap or the time limit.

    start      a point of the master to start from: the first trial, and the centre of those after it
    rounding   whole integers near a relaxed point; without it integers stay relaxed and slack may be left, which is enough to find
               a point for another solve to start from
    overall    bounds of the whole solve, filled with the best plan and lower bound; they stay where Stopped is raised. The lower
               bound is one that is known before, where the master has the cuts of a search that allowed more
    known_plan  a point that is a plan here, too, such as that of a plan with stricter rules: the incumbent to begin with
    """
    trials = Trials(master, years, limits, say, Bounds() if overall is None else overall, rounding is not None)
    if known_plan is not None:
        trials.attempt(known_plan, "known")
    return DecomposedSearch(trials, rounding).solve(start)


class DecomposedSearch:
    """One solve: its phases in their order."""

    def __init__(self, trials: Trials, rounding: Rounding | None) -> None:
        self.trials, self.rounding = trials, rounding
        self.master, self.gap, self.overall = trials.master, trials.limits.gap, trials.overall
        self.has_integers = rounding is not None and len(self.master.integers) > 0
        self.iterations = Iterations(trials)
        self.integer = IntegerPhase(self.iterations, rounding)
        self.remover = SlackRemover(trials)

    def solve(self, start: np.ndarray | None) -> Result:
        """All steps. Whatever ends them, integers are free and the penalty is what it was afterwards."""
        try:
            return self._steps(start)
        finally:
            self.master.unfix()
            self.trials.scale_penalty(1.0 / self.trials.penalty_factor)

    def _steps(self, start: np.ndarray | None) -> Result:
        kept = start if self.trials.limits.enough > 0 and self.has_integers else None
        if kept is not None and np.isfinite(self.overall.bound):
            self._mend(kept)
            if self._is_done:
                self.remover.tidy()
                return self._result(Phase())
        relaxed = self._relaxed(start)
        if self.rounding is None:
            return Result.of(relaxed, "optimal" if relaxed.end is End.GAP else "feasible", trials=self.trials.count)
        if relaxed.end is End.INFEASIBLE or relaxed.has_unexplained_slack:
            reached = self._phase1(relaxed, integers=False)
            if reached.point is None:
                return self._without_point(relaxed, reached)
            relaxed = self._relaxed(reached.point)
        if kept is not None and self.overall.incumbent is None:
            self._mend(kept)
        last = relaxed
        if not self.trials.limits.enough or not self._is_done:
            last = self._whole(relaxed)
            if self._goes_on(last):
                self.trials.forbid_slack()
                last = self._whole(relaxed)
            if self.overall.incumbent is None and not self.trials.late():
                reached = self._phase1(last if last.incumbent is not None else relaxed, integers=True)
                if reached.point is None:
                    return self._without_point(last if last.incumbent is not None else relaxed, reached)
                self.trials.attempt(reached.point, "without slack")
                last = self._whole(relaxed)
        self.remover.tidy()
        return self._result(last)

    def _whole(self, relaxed: Phase) -> Phase:
        """Whole numbers for the integers of a relaxed incumbent, then those numbers without slack."""
        last = self.integer.run(relaxed)
        if last.incumbent is not None and not last.has_unexplained_slack and self._goes_on(last):
            self.remover.polish(last)
        return last

    def _goes_on(self, last: Phase) -> bool:
        """True if the search is not done, has time, and more than whole numbers may be improved."""
        return not self._is_done and not self.trials.late() and not self.integer.is_rest_of_integers(last)

    def _mend(self, start: np.ndarray) -> None:
        """Keep the whole numbers of the starting point, and look near it for the cheapest point without slack, which is a plan."""
        self.master.fix(np.round(start[self.master.integers]))
        try:
            self.remover.remove_slack(start)
        finally:
            self.master.unfix()

    def _relaxed(self, start: np.ndarray | None) -> Phase:
        """Iterations with integers relaxed, from a point or from nothing."""
        self.master.solver.relax(True)
        phase, name = Phase(), "relaxed" if self.has_integers else "linear"
        if start is not None:
            self.trials.evaluate(start, phase)
        share = SHARE_OF_TIME if self.has_integers else 1.0
        of_gap = (SHARE_OF_GAP if self.integer.is_searched else OF_MANY) if self.has_integers else WITHOUT_INTEGERS
        gap = of_gap * self.integer.gap
        doubts = self.rounding is not None and not self.trials.forbids_slack and phase.is_mostly_penalty
        if doubts and gap < COARSE_GAP:
            self.iterations.run(phase, COARSE_GAP, name, share=share)
            if phase.end is not End.GAP or phase.has_unexplained_slack:
                return phase
        self.iterations.run(phase, gap, name, share=share)
        return phase

    @property
    def _is_done(self) -> bool:
        return self.overall.incumbent is not None and self.overall.is_within(max(self.gap, self.trials.limits.enough))

    def _result(self, last: Phase) -> Result:
        """The best plan with its status; failed where there is none."""
        if self.overall.incumbent is None:
            return Result.of(self.overall, "failed", last.end)
        is_optimal = self.overall.is_within(self.gap)
        end = End.GAP if is_optimal else End.STALLED if self._is_done else last.end
        return Result.of(self.overall, "optimal" if is_optimal else "feasible", end, self.trials.count)

    def _without_point(self, last: Phase, reached: Phase1Result) -> Result:
        """The result where phase 1 has no point without slack: the plan if there is one, else the point with the least penalty, and
        infeasible if that is proven, else failed."""
        if self.overall.incumbent is not None:
            return self._result(last)
        return Result.of(last, "infeasible" if reached.is_possible is False else "failed", trials=self.trials.count)

    def _phase1(self, last: Bounds, integers: bool) -> Phase1Result:
        """Phase 1 from an incumbent. If it has a point, from now on only points without slack are candidates."""
        start = np.zeros(self.master.count) if last.point is None else last.point
        phase1 = Phase1(self.master, self.trials.years)
        reached = phase1.reach(self.master.within(start), integers, self.trials.late, self.trials.say)
        if reached.point is not None:
            self.trials.forbid_slack()
            self.trials.scale_penalty(PENALTY_FACTOR)
        return reached
