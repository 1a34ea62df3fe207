"""Slack removal at fixed integers: from a trial with a little slack to the cheapest point near it without, then iterations.

A trial between centre and optimum has a little of every technology, and often a little slack. An extreme point (the optimum of the
master by the simplex method) has no small orders, but costs more than its cuts say, and under cuts that only touch the cost of the
years it, too, has a little slack, in other hours each time. So feasibility cuts remove the slack first.

- `remove_slack`: in turns, years are solved for their least slack (phase 1), their feasibility cuts are added, and the next point
  is the optimum of the master in a trust region around the incumbent, until none needs slack.
- `polish`: that point is a plan; where it is not within the gap, iterations go on from it, and no trial with slack is a candidate.
- `tidy`: an extreme point in place of the plan, where that has very small orders or plantings, or costs less.

Results are trials: the best plan among them is the incumbent of `Trials.overall`. Raises SolverError where HiGHS gives no answer,
and Stopped once the watch in force is over.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.language.message import Message
from planner.language.words import REMOVING_SLACK
from planner.solve.benders.iterations import Iterations
from planner.solve.benders.master import ROWS_HOLD, Master
from planner.solve.benders.trials import NO_CUT, Bounds, Phase, Trial, Trials
from planner.solve.year.subproblem import SLACK_TOLERANCE

#: Share of the gap at which iterations at fixed integers end, and that a plan without very small orders may cost more.
SHARE, OF_TIDY = 0.4, 0.2
#: Extreme points that are tried in place of a plan with very small orders.
REPLACEMENTS = 3
#: Most optima of the master in a trust region around the incumbent, until one has no slack; first radius of the region; factor by
#: which it grows where the feasibility cuts allow no decision in it; radius from which there is no region.
SEARCHES, RADIUS, GROWTH, NO_REGION = 20, 0.003, 3.0, 1.0


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

    def polish(self, phase: Bounds) -> None:
        """The cheapest point without slack near the incumbent of a phase; then iterations without slack, until the plan is within
        the gap, or as cheap as its integers allow."""
        assert phase.point is not None
        self._fix(phase.point)
        try:
            removed = self.remove_slack(phase.point).trial
            if removed is not None and not self.overall.is_within(self.gap):
                with self.trials.slack_forbidden_above(-np.inf):
                    Iterations(self.trials).run(Phase(removed), SHARE * self.gap, "without slack", bound_is_global=False)
        finally:
            self.master.unfix()

    def tidy(self) -> None:
        """An extreme point in place of a plan, which lies between such points, where it costs less; or where the plan has very
        small orders or plantings, the point has none, and it costs next to nothing more (`OF_TIDY`)."""
        plan = self.overall.incumbent
        if plan is None:
            return
        is_tiny, most = self.master.has_tiny_orders(plan.point), self._most_cost()
        self._fix(plan.point)
        try:
            for _ in range(REPLACEMENTS):
                answer = self.master.extreme_point()
                if answer is None or self.trials.late():
                    break
                found = self.trials.attempt(answer, "extreme point")
                if is_tiny and found.cost <= most and self.trials.is_plan(found) and not self.master.has_tiny_orders(found.point):
                    self.overall.incumbent = found
                if not self.master.has_tiny_orders(self.overall.incumbent.point):  # type: ignore[union-attr]
                    break
        finally:
            self.master.unfix()

    def _most_cost(self) -> float:
        """What a plan without very small orders may cost at most (money); a plan within the gap stays within it."""
        asked = self.gap * abs(self.overall.cost)
        room = 0.9 * (asked - (self.overall.cost - self.overall.bound)) if self.overall.is_within(self.gap) else asked
        return self.overall.cost + max(0.0, min(OF_TIDY * asked, room))

    def _fix(self, point: np.ndarray) -> None:
        if len(self.master.integers):
            self.master.fix(np.round(point[self.master.integers]))

    def remove_slack(self, best: np.ndarray) -> Removal:
        """Find the cheapest point near the incumbent at which no year needs slack, and try it.

        A year is not solved again at links at which it needs no slack. It is proven that there is no such point if the cuts allow
        no decision with the integers fixed.
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
                with self.trials.slack_forbidden_above(-np.inf):  # or slack may be cheaper than serving it
                    return Removal(self.trials.attempt(near, "without slack"))
            self.master.cuts.add_feasibility(with_slack.items())
            settled |= {y: points[y].tobytes() for y in found if y not in with_slack}
            near = least_near(self.master, best)
        return Removal(is_possible=near is not None)


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
