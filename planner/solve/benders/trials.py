"""Trial points of the decomposed method: the years are solved there, their cuts go to the master, the best plan is kept.

At a trial x (`Trials.at`):

1. Every year is solved: optimality cuts to the master, and the cost of x, an upper bound, with its slack.
2. Strict trials, after phase 1: a point with slack has no cost (infinite). Its feasibility cuts go to the master; where no slack is
   needed and the penalty was only too low, the year is solved again without slack.
3. x is the incumbent of its phase if it costs less; and the plan if, besides, its integers are whole and it has no slack.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from planner.language.sign import Sign
from planner.solve.benders.master import Master
from planner.solve.benders.state import NO_CUT, SLACK_TOLERANCE, State
from planner.solve.handover.matrix import INFINITY
from planner.solve.whole.whole import Limits
from planner.solve.year.subproblem import YearSet

Say = Callable[[str], None]
#: Progress shown at most (share of 1) as long as there is no plan, only a relaxed solution.
SEARCH = 0.8


class Trials:
    """All trials of one solve.

    plan    the best trial whose integers are whole and that has no slack; its bound is that of the whole solve
    strict  True once a point with slack is no candidate, whatever it costs, and is cut off by feasibility cuts
    penalty_factor  factor on the penalty of slack
    """

    def __init__(
        self, master: Master, years: YearSet, limits: Limits, say: Say, plan: State, wants_plan: bool
    ) -> None:
        self.master, self.years, self.limits, self.say, self.plan = master, years, limits, say, plan
        self.wants_plan = wants_plan
        self.began = time.perf_counter()
        self.count = 0
        self.strict = False
        self.penalty_factor = 1.0

    def at(self, state: State, trial: np.ndarray, deepening: float = 0.0) -> State:
        """Solve the years at a trial; `state` takes it as incumbent if it costs less. Returns the trial as a state of its own.

        `deepening`: share of the penalty paid by which the cuts are deepened, see `Master.add_cuts`.
        """
        trial = self.master.within(trial)
        points = self.master.points_of(trial)
        cuts = self.years.cuts(points)
        self.master.add_cuts(cuts, deepening)
        self.count += 1
        cost, slack = self.master.total(trial, cuts), max((cut.slack for cut in cuts.values()), default=0.0)
        if self.strict and slack > SLACK_TOLERANCE:
            short = self.years.least_slacks({y: points[y] for y, cut in cuts.items() if cut.slack > 0})
            self.master.add_feasibility_cuts((y, cut) for y, cut in short.items() if cut.value > NO_CUT)
            cost = INFINITY
            if max(cut.slack for cut in short.values()) <= SLACK_TOLERANCE:  # no slack is needed here: the penalty was too low
                without = self.years.cuts_without_slack({y: points[y] for y in short})
                self.master.add_cuts(without)
                cuts |= without
                cost, slack = self.master.total(trial, cuts), max(cut.slack for cut in cuts.values())
                cost = cost if slack <= SLACK_TOLERANCE else INFINITY
        found = State(trial, cost, state.bound, slack, self.master.penalty_of(cuts))
        if cost < state.cost:
            found.operation = dict(self.years.operation())
            found.largest = max(self.master.largest_term(trial), self.years.largest_term())
            state.take(found)
            self._keep(found)
        return found

    def _keep(self, found: State) -> None:
        """The trial is the plan if its integers are whole, it has no slack, satisfies the rows of the master, and costs less."""
        assert found.best is not None
        whole = found.best[self.master.integers]
        is_whole = np.abs(whole - np.round(whole)).max(initial=0.0) < 1e-6
        if found.cost < self.plan.cost and found.slack <= SLACK_TOLERANCE and is_whole and not self.master.breaks_rows(found.best):
            self.plan.take(found)

    def raise_penalty(self, times: float) -> None:
        """Raise the penalty of slack by this factor; the cuts found so far still hold."""
        self.years.set_terms(replace(self.years.terms, penalty_factor=self.years.terms.penalty_factor * times))
        self.penalty_factor *= times

    def late(self, share: float = 1.0) -> bool:
        """True once that share of the time limit is over.

        Where a plan is wanted and there is none yet, the whole time limit (share 1) is never over here: the search goes on.
        """
        if self.limits.seconds is None or (share == 1.0 and self.wants_plan and self.plan.best is None):
            return False
        return time.perf_counter() - self.began > share * self.limits.seconds

    def seconds_left(self, most: float) -> float:
        """Seconds left for a piece of work: at least 1, at most `most`."""
        if self.limits.seconds is None:
            return most
        return min(most, max(1.0, self.limits.seconds - (time.perf_counter() - self.began)))

    def tell(self, state: State, phase: str, is_bound: bool = True) -> None:
        """Log line of a trial: lower bound, incumbent of the phase or the plan if that costs less, and gap.

        `is_bound`: the phase's bound is one of the whole solve.
        """
        state.iterations = self.count
        state.history.append((state.bound, state.cost, state.gap))
        shown = self.plan if np.isfinite(self.plan.cost) and state.cost >= self.plan.cost else state
        word = "best" if shown is self.plan else "least so far"
        known = state.bound if is_bound else self.plan.bound
        bound = f"{known:,.0f}" if np.isfinite(known) else "none yet"
        least = f"{word} {shown.cost:,.0f}" if np.isfinite(shown.cost) else "best none yet"
        seconds = time.perf_counter() - self.began
        text = f"{phase} {self.count}: bound {bound}, {least}, {seconds:.1f} s"
        self.say(Sign(text, self._done(_gap(shown.cost, known)), _gap(self.plan.cost, known)))

    def _done(self, gap: float | None) -> float:
        """Share of the way from a gap of 1 to the one asked for, by its logarithm; without a plan yet no more than SEARCH of it."""
        wanted = max(self.limits.gap, 1e-9)
        if gap is None or wanted >= 1:
            return 0.0
        share = np.log(min(max(gap, wanted), 1.0)) / np.log(wanted)
        return float(share if np.isfinite(self.plan.cost) else SEARCH * share)


def _gap(cost: float, bound: float) -> float | None:
    """How far a cost is above the bound, as a share of it; None where one of them is not known."""
    return (cost - bound) / max(abs(cost), 1e-9) if np.isfinite(cost) and np.isfinite(bound) else None
