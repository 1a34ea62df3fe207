r"""Phase 1 of the decomposed method: is there a decision at which no year needs slack? If not, the goal cannot be met.

.. math:: \min_x \sum_y V_y(x)

over the decisions of the master, with :math:`V_y` the least total of the scaled slacks of a year (`Year.least_slack`), which is
convex in x. Only slack costs, so the answer depends on no price and no currency. Benders decomposition again, on V in place of the
operating cost:

1. Solve the years at a trial, at first all, then those that had most slack, and the others only if these need none. The total slack
   of the years solved is compared with that of trials before; it is an upper bound of the least total only where all are solved,
   but slack that some years cannot avoid is proof enough. Its slopes are cuts of V, which stay in the master as feasibility cuts,
   V(x) at most 0 (Benders, 1962).
2. Total at most `NOTHING`: ends with this point.
3. The least sum that the cuts allow is a lower bound. Above `PROOF`, or no decision satisfies the master: ends with the proof,
   unless each slack of the best point is one that a plan may have (`SLACK_TOLERANCE`), which is then a point without slack.
4. The next trial: the optimum of 3, or in every second turn half way from the best point to it.
5. Where integers are asked for, they are required in 3 once the relaxed problem has a point without slack.

It starts at a point that satisfies the rows of the master: a reserve or a least capacity is no slack of a year.

What is proven is that the slacks add up to more than `PROOF` at every decision. A plan may have `SLACK_TOLERANCE` in every balance
and rule. So a goal can be called infeasible although its least slack is below that tolerance in each of many hours; the slack is
then below 2e-7 of the peak in each hour and 1e-9 of base emissions in each rule.

Returns `Phase1Result`. It also ends without an answer: stalled, after the most trials, or late. Raises SolverError where HiGHS
gives no answer, and Stopped once the watch in force is over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from models.dot import dot
from planner.language.message import Message
from planner.language.words import PHASE_1
from planner.solve.benders.master import Master
from planner.solve.benders.trials import NO_CUT
from planner.solve.handover.matrix import INFINITY
from planner.solve.handover.solver import NO_LIMIT, Answer, Solver
from planner.solve.year.subproblem import SLACK_TOLERANCE, SlackCut, YearSet

#: A total slack up to the first is none; a least total above the second is the proof: what a plan may have in one place.
NOTHING, PROOF = 0.1 * SLACK_TOLERANCE, SLACK_TOLERANCE
#: Cuts are rows in multiples of this, so that the tolerance of rows is far below `NOTHING`.
SCALE = 1e-4
#: Most trials of a search for a point without slack.
MOST = 400
#: Years with at least this share of the largest slack of a year are solved first.
WORST = 0.1
#: Trials without a higher bound or a lower total, after which the work ends without an answer.
STALLED = 60
#: Seconds of one branch and bound.
SECONDS = 30.0


@dataclass(frozen=True)
class Phase1Result:
    """The result.

    is_possible  True: `point` needs no slack; False: proven that there is none; None: no answer
    point        values of the master's columns
    least        lower bound of the least total slack; where no decision satisfies the cuts, the total at the last trial   1
    """

    is_possible: bool | None
    point: np.ndarray | None = None
    least: float = 0.0


@dataclass(frozen=True)
class _Slack:
    """A point with the total and the largest of its scaled slacks [1]; both are infinite until the years are solved there."""

    point: np.ndarray
    total: float = INFINITY
    most: float = INFINITY


class Phase1:
    """The master of phase 1: decisions, and a column for the slack of each year, bounded from below by cuts."""

    def __init__(self, master: Master, years: YearSet) -> None:
        self.master, self.years = master, years
        self.solver = solver = Solver(master.matrix, threads=1)
        solver.set_cost(np.zeros(master.count))
        solver.scale = 1.0
        solver.relax(True)
        places = solver.add_free_columns(np.ones(len(master.links)))
        solver.set_bounds(places, np.zeros(len(places)), np.full(len(places), INFINITY))
        self.slack_places = dict(zip(master.links, places.tolist(), strict=True))
        for row in master.cuts.outage_rows:
            solver.add_row(-INFINITY, row.most, row.columns, row.values)
        #: Years that are solved first; none before the first trial, at which all are.
        self.worst: set[int] = set()

    def reach(self, start: np.ndarray, whole: bool, late: Callable[[], bool], say: Callable[[str], None]) -> Phase1Result:
        """A point without slack, or the proof that there is none, starting at a point, or where that breaks
        rows of the master at one that does not. `whole`: with its integers, not relaxed."""
        if self.master.breaks_rows(start):
            kept = self._lowest(with_integers=False)
            if not kept.has_point:
                return Phase1Result(False if kept.status.startswith("infeasible") else None)
            start = self.master.within(kept.values)
        trial, best, bound, since, with_integers = start, _Slack(start), 0.0, 0, False
        for turn in range(1, MOST + 1):
            known, slack = len(self.worst), self._slack_at(trial)
            since += 1
            if len(self.worst) > known:  # more years are in the total from now on: the best one before is not comparable
                best = _Slack(trial)
            is_whole = not whole or self._is_whole(trial)
            if slack.total <= NOTHING and is_whole:
                return Phase1Result(True, trial)
            if slack.total < 0.99 * best.total and (is_whole or not with_integers):
                best, since = slack, 0
            if whole and slack.total <= NOTHING:
                with_integers, best = True, _Slack(trial)
            answer = self._lowest(with_integers)
            if answer.status.startswith("infeasible"):
                return Phase1Result(False, None, slack.total)
            if not answer.has_point:
                break
            least = max(0.0, answer.bound * SCALE)
            if least > max(1.01 * bound, bound + 0.1 * NOTHING):
                since = 0
            bound = max(bound, least)
            say(Message(PHASE_1, turn=turn, bound=f"{bound:.2g}", slack=f"{slack.total:.2g}"))
            if bound > PROOF and best.most > SLACK_TOLERANCE:
                return Phase1Result(False, None, bound)
            if bound > PROOF or late() or since > STALLED:
                break
            corner = self.master.within(answer.values)
            if with_integers:
                corner[self.master.integers] = np.round(corner[self.master.integers])
            trial = 0.5 * (corner + best.point) if turn % 2 == 0 and not with_integers else corner
        is_plan = best.most <= SLACK_TOLERANCE and (not whole or self._is_whole(best.point))
        return Phase1Result(True, best.point) if is_plan else Phase1Result(None)

    def _is_whole(self, trial: np.ndarray) -> bool:
        whole = trial[self.master.integers]
        return bool(np.abs(whole - np.round(whole)).max(initial=0.0) < 1e-9)

    def _slack_at(self, trial: np.ndarray) -> _Slack:
        """The slack at a trial; its cuts are added here and, as feasibility cuts, in the master.

        The worst years are solved, and the others only where these need no slack: slack that some years cannot avoid is proof
        enough, and the total is then of these years.
        """
        points = self.master.points_of(trial)
        found = self.years.least_slacks({y: points[y] for y in points if y in self.worst}) if self.worst else {}
        total, most = self._sum(found)
        if total <= NOTHING or most <= SLACK_TOLERANCE:
            found |= self.years.least_slacks({y: point for y, point in points.items() if y not in self.worst})
            least = max(WORST * max(cut.value for cut in found.values()), NO_CUT)
            self.worst |= {y for y, cut in found.items() if cut.value > least}
            total, most = self._sum(found)
        if total <= NOTHING or most <= SLACK_TOLERANCE:
            short = self.master.outages.add_rows_at(trial)
            for row in short.rows:
                self.solver.add_row(-INFINITY, row.most, row.columns, row.values)
            total, most = total + short.total, max(most, short.most)
        with_slack = {y: cut for y, cut in found.items() if cut.value > NO_CUT}
        self.master.cuts.add_feasibility(with_slack.items())
        for y, cut in with_slack.items():
            self._add(y, cut)
        return _Slack(trial, total, most)

    @staticmethod
    def _sum(found: Mapping[int, SlackCut]) -> tuple[float, float]:
        """The total of the scaled slacks of these years, and the largest of them."""
        return sum(cut.total for cut in found.values()), max((cut.slack for cut in found.values()), default=0.0)

    def _add(self, y: int, cut: SlackCut) -> None:
        """A cut of a year: slope·x - V ≤ slope·point - value."""
        nonzero = np.abs(cut.slope) > 1e-9 * max(float(np.abs(cut.slope).max(initial=0.0)), 1e-12)
        most = (dot(cut.slope[nonzero], cut.point[nonzero]) - cut.value) / SCALE
        places = np.append(self.master.links[y][nonzero], self.slack_places[y]).astype(np.int32)
        self.solver.add_row(-INFINITY, most, places, np.append(cut.slope[nonzero] / SCALE, -1.0))

    def _lowest(self, with_integers: bool) -> Answer:
        """The least total slack that the cuts allow."""
        solver = self.solver
        solver.relax(not with_integers)
        if with_integers:
            solver.clear()
            solver.options(solver="choose", mip_rel_gap=1e-3, mip_abs_gap=1e-9, time_limit=solver.until(SECONDS))
            answer = solver.surely()
            solver.options(time_limit=INFINITY)
            return answer
        solver.options(solver="simplex", simplex_iteration_limit=solver.iteration_limit())
        answer = solver.surely()
        solver.options(simplex_iteration_limit=NO_LIMIT)
        return answer
