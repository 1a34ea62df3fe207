"""Slack removal at fixed integers, a step of our own: from a trial with a little slack to the cheapest point near it without.

It is akin to crossover, from an interior point to an extreme point, on a master whose cuts are not all known yet; it is not the
solution polishing of branch and bound (Rothberg, 2007).

A trial between centre and optimum has a little of every technology, and often a little slack. An extreme point (the optimum of the
master by the simplex method) has no small orders, but costs more than its cuts say; and under cuts that only touch the cost of the
years it, too, has a little slack, in other hours each time. So slack is removed first.

- `polish`, where no plan is within the gap yet:

  1. Find the cheapest point without slack in a trust region around the incumbent (`remove_slack`). If the feasibility cuts allow
     no decision with these integers, end: that is the result.
  2. If that point is not within the gap, try extreme points until one without slack is within it (`_try_extreme_points`). The
     first half of them are optima under inflated cuts, which add a multiple of the penalty of slack to the value of the cut;
     inflated cuts are no lower bounds and are dropped at the end. The penalty is multiplied every few trials and is reset at the
     end.
- `drop_tiny_orders`: an extreme point in place of the plan, a few where it has very small orders, if one costs less.

Results are trials: the best plan among them is the incumbent of `Trials.overall`. Raises SolverError where HiGHS gives no answer,
and Stopped once the watch in force is over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planner.language.message import Message
from planner.language.words import REMOVING_SLACK
from planner.solve.benders.bounds import NO_CUT, Bounds, Trial
from planner.solve.benders.master import ROWS_HOLD, Master
from planner.solve.benders.trials import Trials
from planner.solve.year.subproblem import SLACK_TOLERANCE

#: Extreme points that are tried in place of a plan with very small orders.
REPLACEMENTS = 3
#: Most extreme points that are tried until one has no slack. For half of them cuts are inflated by the multiple `INFLATION` of the
#: penalty paid, so that a point with slack is not proposed again.
EXTREME_POINTS, INFLATION = 40, 3.0
#: Most optima of the master in a trust region around the incumbent, until one has no slack; first radius of the region; factor by
#: which it grows where the feasibility cuts allow no decision in it; radius from which there is no region.
SEARCHES, RADIUS, GROWTH, NO_REGION = 20, 0.003, 3.0, 1.0
#: Every `AFTER` extreme points the penalty is multiplied by `PENALTY_FACTOR`, until it is `MOST_FACTOR` times what it was.
PENALTY_FACTOR, AFTER, MOST_FACTOR = 10.0, 8, 1e4


@dataclass(frozen=True)
class Removal:
    """The result of a removal of slack: a trial without slack, None where none was found; and whether there may be one."""

    trial: Trial | None = None
    is_possible: bool = True


class SlackRemover:
    """Removes slack at a point whose integers stay fixed, and tries extreme points of the master there."""

    def __init__(self, trials: Trials) -> None:
        self.trials, self.master, self.overall = trials, trials.master, trials.overall
        self.gap = trials.limits.gap

    def polish(self, phase: Bounds, is_enough: Callable[[Bounds], bool] = lambda _: False) -> bool:
        """Try the cheapest point without slack near the incumbent of a phase, then extreme points.

        Each extreme point adds its optimality cuts, inflated at first, so that one with slack is not proposed again. They end once
        the plan is within the gap, or `is_enough` (given the phase) says that it is good enough.

        False if the integers of the incumbent are proven to need slack: the feasibility cuts found allow no decision with them.
        """
        assert phase.point is not None
        factor = self.trials.penalty_factor
        self._fix(phase.point)
        try:
            if not self.remove_slack(phase.point).is_possible:
                return False
            if not self.overall.is_within(self.gap) and not is_enough(phase):
                self._try_extreme_points(phase, is_enough)
        finally:
            self.master.cuts.drop_inflated()  # whatever ends it: inflated cuts are no lower bounds
            self.master.unfix()
        if self.trials.penalty_factor != factor:
            self.trials.scale_penalty(factor / self.trials.penalty_factor)
        return True

    def drop_tiny_orders(self) -> None:
        """An extreme point in place of a plan, which lies between such points, and some more where it has very small orders; the
        trials keep the one that costs least."""
        if self.overall.point is None:
            return
        self._fix(self.overall.point)
        for _ in range(REPLACEMENTS):
            answer = self.master.extreme_point()
            if answer is None or self.trials.late():
                break
            self.trials.attempt(answer, "extreme point")
            if not self.master.has_tiny_orders(self.overall.point):
                break
        self.master.unfix()

    def _fix(self, point: np.ndarray) -> None:
        if len(self.master.integers):
            self.master.fix(np.round(point[self.master.integers]))

    def remove_slack(self, best: np.ndarray) -> Removal:
        """Find the cheapest point near the incumbent at which no year needs slack, and try it.

        In turns, years are solved for their least slack (phase 1), their feasibility cuts are added, and the next point is the
        optimum of the master in a trust region around the incumbent. A year is not solved again at links at which it needs no
        slack. It is proven that there is no such point if the cuts allow no decision with the integers fixed.
        """
        settled: dict[int, bytes] = {}
        near: np.ndarray | None = self.master.within(best)
        if self.master.cuts.breaks_kept(best, ROWS_HOLD):
            near = least_near(self.master, best)
        for turn in range(1, SEARCHES + 1):
            if near is None or self.trials.late():
                break
            points = self.master.points_of(near)
            asked = {y: point for y, point in points.items() if settled.get(y) != point.tobytes()}
            found = self.trials.years.least_slacks(asked)
            with_slack = {y: cut for y, cut in found.items() if cut.value > NO_CUT}
            left = sum(cut.total for cut in found.values())
            self.trials.say(Message(REMOVING_SLACK, turn=turn, slack=f"{left:.2g}"))
            short = self.master.outages.add_rows_at(near)
            if max([short.most, *(cut.slack for cut in found.values())]) <= SLACK_TOLERANCE:
                forbids, self.trials.forbids_slack = self.trials.forbids_slack, True  # or slack may be cheaper than serving it
                trial = self.trials.attempt(near, "without slack")
                self.trials.forbids_slack = forbids
                return Removal(trial)
            self.master.cuts.add_feasibility(with_slack.items())
            settled |= {y: points[y].tobytes() for y in found if y not in with_slack}
            near = least_near(self.master, best)
        return Removal(is_possible=near is not None)

    def _try_extreme_points(self, phase: Bounds, is_enough: Callable[[Bounds], bool]) -> None:
        before, anew = np.zeros(0), False
        for turn in range(1, EXTREME_POINTS + 1):
            answer = self.master.extreme_point(anew)
            if answer is not None and np.array_equal(answer, before):
                anew = True
                answer = self.master.extreme_point(anew)
            before = answer = self.master.optimum().values if answer is None else answer
            self.trials.attempt(answer, "without slack", INFLATION if turn <= EXTREME_POINTS / 2 else 0.0)
            if self.overall.is_within(self.gap) or is_enough(phase) or self.trials.late():
                break
            if turn % AFTER == 0 and self.trials.penalty_factor < MOST_FACTOR:
                self.trials.scale_penalty(PENALTY_FACTOR)
            if turn == EXTREME_POINTS // 2:
                self.master.cuts.drop_inflated()


def least_near(master: Master, point: np.ndarray) -> np.ndarray | None:
    """The optimum of a master in a trust region around a point, or without the region where cuts allow no decision in it.

    None where they allow no decision at all.
    """
    radius = RADIUS
    while radius < NO_REGION:
        with master.trust_region(point, radius):
            optimum = master.optimum()
        if optimum.status == "optimal":
            return master.within(optimum.values)
        radius *= GROWTH
    optimum = master.optimum()
    return master.within(optimum.values) if optimum.status == "optimal" else None
