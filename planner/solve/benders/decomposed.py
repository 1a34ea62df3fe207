r"""The decomposed method: Benders decomposition with one cut for each year that a trial solves, stabilised by in-out trials.

.. math:: \min_{x \in X}\; c \cdot x + \sum_y \delta_y Q_y(x_y)

x are the decisions over all years, some of them integer; :math:`Q_y`, the least operating cost of a year (`YearSet`), is convex in
its linking variables :math:`x_y`. An iteration (`iterations`) solves the master, which has cuts in place of Q (`master`, a lower
bound), chooses a trial point, and solves the years there (`trials`: cuts, and an upper bound). Where a reserve is
`operated`, the operations with a unit out are solved there, too; what they leave unserved gives rows of x alone.

====  =====================  =====================================================  ================================================
step  file                   what it does                                           next
====  =====================  =====================================================  ================================================
0     `slack_removal`        after a repair by cuts of hours, whose bound is known, the end where that is within `Limits.enough`
                             of a plan that was above the gap: that plan is mended  of the bound (`_is_done`); else 1
                             first (`_mend`)
1     `iterations`           integers relaxed (McDaniel and Devine, 1977)           2; the end where only a starting point is wanted
2     `phase1`               where the master is infeasible or 1 left more penalty  1 again from that point, then 3; the end where
                             than its gap explains: a point without slack           there is none
3     `integer_phase`        whole numbers for the integers; before, where there    7 where the search is done (`_is_done`), or the
                             is no plan yet and a starting point is worth           rest is of integers; 4 with little penalty;
                             keeping (`Limits.enough`), that is mended (`_mend`)    else 5, or 6 with a plan
4     `slack_removal`        slack of the incumbent of 3 is removed                 as after 3, but for 4
5     `phase1`, integers     a point without slack, where there is still no plan    6; the end where there is none
6     1 and 3                again; where integers are many, 3 alone                7
7     `fewest_orders`        where integers are few and it is asked for             8
                             (`Limits.has_fewest`), of plans of nearly equal cost
                             the one with the fewest orders
8     `slack_removal`        very small orders are replaced (`drop_tiny_orders`)    9
9     `fewest_orders`        small plantings are left out                           the end
====  =====================  =====================================================  ================================================

Where the time is over, what is left of 4 to 6 is left out.

Step 1 ends at a multiple of the gap: `SHARE_OF_GAP` of it; `WITHOUT_INTEGERS`, nearly all of it, where there are none; `OF_MANY`,
more than all of it, where integers are too many to search, which leave more than that between plan and bound. If most of the cost
of its first trial is penalty, it pauses at `COARSE_GAP`: phase 1 is asked then whether slack can be avoided at all.

Once phase 1 has found a point without slack, and always in 6, points with slack are no candidates: feasibility cuts cut them
off. Without 2, they are candidates in 3 and 4. Every trial with whole integers and without slack is a plan. The best plan is the
result, whatever happens later: optimal if the lower bound is within the gap of its cost, else feasible. Where 2 or 5 finds no point
and there is no plan, the result is infeasible if that is proven, else failed.

McDaniel and Devine, "A modified Benders' partitioning algorithm for mixed integer programming", 1977.

Returns `Result`. Raises SolverError where HiGHS gives no answer, and Stopped once the watch in force is over; the plan so far is
then kept.

δ  discount of a year
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from planner.language.message import Message
from planner.language.words import OTHER_INTEGERS
from planner.solve.benders.fewest_orders import with_fewest_orders, without_small_plantings
from planner.solve.benders.integer_phase import FIXED_SHARE, MOST_SEARCHED, IntegerPhase, Neighbourhood, branch_and_bound
from planner.solve.benders.iterations import Iterations
from planner.solve.benders.master import Master
from planner.solve.benders.phase1 import Phase1, Phase1Result
from planner.solve.benders.slack_removal import SlackRemover
from planner.solve.benders.trials import Bounds, End, Phase, Result, Trial, Trials
from planner.solve.handover.highs import Answer
from planner.solve.handover.matrix import INFINITY
from planner.solve.rounding.rounding import Rounding
from planner.solve.whole.whole import Limits, Say
from planner.solve.year.subproblem import YearSet

# --- session ---------------------------------------------------------------------------------------------------------------
# A session of the decomposed method, for questions about a plan: trials and phases of one master, whose cuts stay.
#
# Who asks gives a master, its years (the oracle: value and slope of the cost of a point), an incumbent, and limits. It asks for
# single trials, for iterations, or for some whole numbers with all others fixed. Every cut that a trial finds stays in the
# master,
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
        self.trials.forbids_slack = True

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
        """Remove the slack of the incumbent of a phase, its whole numbers fixed, then try optima of the master with
        these."""
        SlackRemover(self.trials).polish(phase)

    def remove_slack(self, point: np.ndarray) -> None:
        """Seek the cheapest point without slack near a point, with whole numbers as they are held."""
        SlackRemover(self.trials).remove_slack(point)


# --- decomposed ------------------------------------------------------------------------------------------------------------

#: Most times that another integer assignment is proposed in place of one that is proven to need slack. Each takes some 20 s of a
#: large park; phase 1 with integers, which comes after them, was seen to take minutes and to lead to a plan far from the optimum.
OTHERS = 12
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
                self.remover.drop_tiny_orders()
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
        last = relaxed if self.trials.limits.enough and self._is_done else self.integer.run(relaxed)
        explained = last.incumbent is not None and not last.has_unexplained_slack
        if not self._is_done and explained and not self.integer.is_rest_of_integers(last):
            last = self._polished(last)
        if not self._is_done and not self.trials.late() and not self.integer.is_rest_of_integers(last):
            again = self.overall.point
            if again is None:
                reached = self._phase1(last, integers=True)
                if reached.point is None:
                    return self._without_point(last if last.incumbent is not None else relaxed, reached)
                again = reached.point
            self.trials.forbids_slack = True
            last = self._again(again, relaxed)
        if self.has_integers and self.trials.limits.has_fewest and not self.integer.is_many:
            with_fewest_orders(self.trials)
        self.remover.drop_tiny_orders()
        without_small_plantings(self.trials)
        return self._result(last)

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
            self.trials.forbids_slack = True
            self.trials.scale_penalty(PENALTY_FACTOR)
        return reached

    def _polished(self, last: Phase) -> Phase:
        """Slack of the incumbent is removed. Where its integers are proven to need slack, the master proposes others under the
        feasibility cuts found, and the slack of these is removed. Returns the phase that was polished last."""
        tried: np.ndarray | None = None
        is_new = True
        for _ in range(OTHERS):
            if (is_new and self.remover.polish(last, self.integer.is_rest_of_integers)) or self.trials.late():
                break
            assert last.incumbent is not None
            self.trials.say(Message(OTHER_INTEGERS))
            assignment = self.integer.other(last.incumbent)
            if assignment is None or (tried is not None and np.array_equal(assignment, tried)):
                break
            other, tried = Phase(bound=last.bound, end=last.end), assignment
            self.integer.solve_fixed(other, assignment, INFINITY, FIXED_SHARE * self.integer.gap)
            is_new = other.incumbent is not None  # else these need much slack: their feasibility cuts lead to the next ones
            last = other if is_new else last
        return last

    def _again(self, start: np.ndarray, relaxed: Phase) -> Phase:
        """Linear and integer phase once more, from a plan or a point without slack, under the feasibility cuts found.

        Where there are many integers it is these that keep the plan from the gap, and step 1 is not repeated: the relaxed
        optimum under the cuts is near the one before, and far from the point that phase 1 found.
        """
        if not self.integer.is_many or relaxed.incumbent is None:
            return self.integer.run(self._relaxed(start))
        if self.overall.incumbent is None:
            self.trials.attempt(start, "without slack")
        return self.integer.run(relaxed)
