r"""The decomposed method: Benders decomposition with one cut for each year that a trial solves, stabilised by in-out trials.

.. math:: \min_{x \in X}\; c \cdot x + \sum_y \delta_y Q_y(x_y)

x are the decisions over all years, some of them integer; :math:`Q_y`, the least operating cost of a year (`YearSet`), is convex in
its linking variables :math:`x_y`. An iteration (`iterations`) solves the master, which has cuts in place of Q (`master`, a lower
bound), chooses a trial point (`trial_points`), and solves the years there (`trials`: cuts, and an upper bound). Where a reserve is
`operated`, the operations with a unit out are solved there, too; what they leave unserved gives rows of x alone (`outages`).

====  =====================  =====================================================  ================================================
step  file                   what it does                                           next
====  =====================  =====================================================  ================================================
0     `slack_removal`        after a repair by cuts of hours, whose bound is known, the end where that is within `Limits.enough`
                             of a plan that was above the gap: that plan is mended  of the bound (`_is_done`); else 1
                             first (`_mend`)
1     `linear_phase`         integers relaxed (McDaniel and Devine, 1977)           2; the end where only a starting point is wanted
2     `repair_heuristic`     a plan, where there is none and the time of 1          3
                             is over, or limited and integers are many
3     `phase1`               where the master is infeasible or 1 left more penalty  1 again from that point, then 4; the end where
                             than its gap explains: a point without slack           there is none
4     `integer_phase`        whole numbers for the integers; before, where there    9 where the search is done (`_is_done`) or the
                             is no plan yet and a starting point is worth           rest is of integers (`_rest_is_of_integers`); 5
                             keeping (`Limits.enough`), that is mended (`_mend`)    where the gap explains the penalty; else 6, or 7
                                                                                    where there is a plan
5     `slack_removal`        slack of the incumbent of 4 is removed                 as after 4, but for 5
6     `repair_heuristic`,    where there is still no plan: a plan near the          7; the end where there is none
      `phase1`, integers     incumbent of 1, where integers are many; where that
                             gives none, a point without slack
7     `linear_phase`         again, where integers are few or 1 had no incumbent    8
8     `integer_phase`        again                                                  9
9     `fewest_orders`        where it is asked for (`Limits.has_fewest`), of plans  10
                             of nearly equal cost the one with the fewest orders
10    `slack_removal`        very small orders are replaced (`drop_tiny_orders`)    11
11    `fewest_orders`        small plantings are left out                           the end
====  =====================  =====================================================  ================================================

Where the time is over, what is left of 5 to 8 is left out.

Once phase 1 has found a point without slack, and always in 7 and 8, points with slack are no candidates: feasibility cuts cut them
off. Without 3, they are candidates in 4 and 5. Every trial with whole integers and without slack is a plan. The best plan is the
result, whatever happens later: optimal if the lower bound is within the gap of its cost, else feasible. Where 3 or 6 finds no point
and there is no plan, the result is infeasible if that is proven, else failed.

McDaniel and Devine, "A modified Benders' partitioning algorithm for mixed integer programming", 1977.

Returns `Result`. Raises SolverError where HiGHS gives no answer, and Stopped once the watch in force is over; the plan so far is
then kept.

δ  discount of a year
"""

from __future__ import annotations

import numpy as np

from planner.language.message import Message
from planner.language.words import OTHER_INTEGERS
from planner.solve.benders.bounds import Bounds, End, Phase, Result
from planner.solve.benders.fewest_orders import with_fewest_orders, without_small_plantings
from planner.solve.benders.integer_phase import FIXED_SHARE, IntegerPhase
from planner.solve.benders.iterations import Iterations
from planner.solve.benders.linear_phase import LinearPhase
from planner.solve.benders.master import Master
from planner.solve.benders.phase1 import Phase1, Phase1Result
from planner.solve.benders.primal_heuristics import PrimalHeuristics
from planner.solve.benders.repair_heuristic import repair_to_plan
from planner.solve.benders.slack_removal import SlackRemover
from planner.solve.benders.trials import Trials
from planner.solve.handover.matrix import INFINITY
from planner.solve.rounding.rounding import Rounding
from planner.solve.whole.whole import Limits, Say
from planner.solve.year.subproblem import YearSet

#: Most times that another integer assignment is proposed in place of one that is proven to need slack. Each takes some 20 s of a
#: large park; phase 1 with integers, which comes after them, was seen to take minutes and to lead to a plan far from the optimum.
OTHERS = 12
#: A phase is not clearly cheaper than the plan if the difference is at most this share of the gap asked for, or of the distance
#: from its cost to the bound.
ALIKE = 0.1
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

    start      a point of the master to start from: the first trial, and the centre of the trust region
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
        self.heuristics = PrimalHeuristics(trials, rounding)
        self.iterations = Iterations(trials)
        self.linear = LinearPhase(
            self.iterations,
            self.heuristics.gap,
            has_integers=self.has_integers,
            neighbourhood_only=self.heuristics.neighbourhood_only,
            wants_plan=rounding is not None,
        )
        self.integer = IntegerPhase(self.iterations, self.heuristics, rounding)
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
        relaxed = self.linear.run(start)
        if self.rounding is None:
            return Result.of(relaxed, "optimal" if relaxed.end is End.GAP else "feasible", trials=self.trials.count)
        if self._wants_repair(relaxed) and relaxed.point is not None:
            # Where the linear phase was cut short, the starting point, an optimum on fewer days, is nearer to the optimum.
            for point in (start, relaxed.point) if relaxed.end is End.TIME and start is not None else (relaxed.point,):
                if self.overall.incumbent is None:
                    repair_to_plan(self.trials, self.master.within(point), self.rounding, self.heuristics)
        if relaxed.end in (End.INFEASIBLE, End.SLACK) or relaxed.has_unexplained_slack:
            reached = self._phase1(relaxed, integers=False)
            if reached.point is None:
                return self._without_point(relaxed, reached)
            relaxed = self.linear.run(reached.point)
        if kept is not None and self.overall.incumbent is None:
            self._mend(kept)
        last = relaxed if self.trials.limits.enough and self._is_done else self.integer.run(relaxed)
        explained = last.incumbent is not None and not last.has_unexplained_slack
        if not self._is_done and explained and not self._rest_is_of_integers(last):
            last = self._polished(last)
        if not self._is_done and not self.trials.late() and not self._rest_is_of_integers(last):
            if self.overall.incumbent is None and self.heuristics.neighbourhood_first and relaxed.point is not None:
                repair_to_plan(self.trials, self.master.within(relaxed.point), self.rounding, self.heuristics)
            again = self.overall.point
            if again is None:
                reached = self._phase1(last, integers=True)
                if reached.point is None:
                    return self._without_point(last if last.incumbent is not None else relaxed, reached)
                again = reached.point
            self.trials.forbids_slack = True
            last = self._again(again, relaxed)
        if self.has_integers and self.trials.limits.has_fewest:
            with_fewest_orders(self.trials, *self.heuristics.fewer(self.overall.point))
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

    def _wants_repair(self, relaxed: Phase) -> bool:
        """True if there is no plan yet, and the time of the linear phase is over or limited. With many integers the integer phase
        finds its first plan late."""
        is_short = (
            self.trials.limits.seconds is not None and self.heuristics.neighbourhood_first and not relaxed.has_unexplained_slack
        )
        return self.overall.incumbent is None and (relaxed.end is End.TIME or is_short)

    @property
    def _is_done(self) -> bool:
        return self.overall.incumbent is not None and self.overall.is_within(max(self.gap, self.trials.limits.enough))

    def _rest_is_of_integers(self, last: Bounds) -> bool:
        """True if there is a plan, the incumbent of the last phase is not clearly cheaper, and integers are many: the rest of the
        gap is then attributed to the integers."""
        more = ALIKE * max(self.gap * abs(last.cost), last.cost - self.overall.bound)
        return (
            self.has_integers
            and self.heuristics.neighbourhood_first
            and self.overall.incumbent is not None
            and self.overall.cost <= last.cost + more
        )

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
        for _ in range(OTHERS):
            if self.remover.polish(last, self._rest_is_of_integers) or self.trials.late():
                break
            assert last.incumbent is not None
            self.trials.say(Message(OTHER_INTEGERS))
            self.master.cuts.exempt_from_ageing()
            assignment = self.heuristics.other(last.incumbent)
            if assignment is None:
                break
            other = Phase(bound=last.bound, end=last.end)
            self.integer.solve_fixed(other, assignment, INFINITY, FIXED_SHARE * self.heuristics.gap)
            if other.incumbent is None:
                break
            last = other
        return last

    def _again(self, start: np.ndarray, relaxed: Phase) -> Phase:
        """Linear and integer phase once more, from a plan or a point without slack, under the feasibility cuts found.

        Where there are many integers it is these that keep the plan from the gap, and the linear phase is not repeated: the relaxed
        optimum under the cuts is near the one before, and far from the point that phase 1 found.
        """
        if not self.heuristics.neighbourhood_first or relaxed.incumbent is None:
            return self.integer.run(self.linear.run(start))
        if self.overall.incumbent is None:
            self.trials.attempt(start, "without slack")
        return self.integer.run(relaxed)
