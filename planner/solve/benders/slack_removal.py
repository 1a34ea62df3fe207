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

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from planner.language.message import Message
from planner.language.words import REMOVING_SLACK, SERVING
from planner.solve.benders.master import ROWS_HOLD, Master
from planner.solve.benders.trials import NO_CUT, Bounds, Trial, Trials
from planner.solve.hours.months import LinkValues, Month, MonthColumn
from planner.solve.hours.operator import UNSERVED, Operator
from planner.solve.whole.whole import Say
from planner.solve.year.subproblem import SLACK_TOLERANCE, SlackCut, YearSet

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


# --- served ----------------------------------------------------------------------------------------------------------------
# The cheapest point near a plan at which every month is served: feasibility cuts of hours, until none is found.
#
# 1. Every year is solved at a point for its least energy unserved, month by month (`feasibility_cuts`). Months that are not
# served
# give cuts, which the master requires of every plan from now on.
# 2. The next point is the cheapest near the plan under these cuts, with its whole numbers, where they allow one, else with
# relaxed
# ones. Back to 1; years that were served are solved again at the end.
#
# Phase 1 of the months of a year gives the cuts:
#
# .. math:: V_w(x) = \min_{v_w \in X_w(x)}\; \sum_t (s^+_t + s^-_t), \qquad V_w(x_0) + g_w \cdot (x - x_0) \le 0
#
# The decisions x over the years are fixed. Each month w is solved by itself for the least energy unserved or in surplus: nothing
# else
# has a cost, and yearly totals and contracted capacity have no price. Where that is above the tolerance, the month gives a
# feasibility cut (Benders, 1962): whatever serves the month satisfies it. A rule or a yearly limit that is missed gives none.
#
# What stores hold at month ends is no decision here: it stays as on the typical days, but a store that becomes smaller holds
# less. So
# a cut is one for a year whose stores do so.
#
# Returns the point. Raises SolverError where HiGHS gives no answer, and Stopped once the watch in force is over.
#
# x  linking variables, x_0 their values     v, X  operation of a month, and what it can do at x
# s  slack of the balances, unserved and surplus   MWh     g  slope of V, from the duals

#: Points at which the hours are solved at most.
TURNS = 12


def point_that_serves(
    master: Master, years: YearSet, operator: Operator, given: Mapping[int, LinkValues], plan: np.ndarray, say: Say
) -> np.ndarray | None:
    """The cheapest point near a plan under the cuts found, which the master requires from then on; None where they allow none.

    given  all values of the linking variables of each year at the plan
    """
    with bases_kept(operator):
        return _point_that_serves(master, years, operator, given, plan, say)


def _point_that_serves(
    master: Master, years: YearSet, operator: Operator, given: Mapping[int, LinkValues], plan: np.ndarray, say: Say
) -> np.ndarray | None:
    point: np.ndarray | None = plan
    worst = set(given)
    master.fix(np.round(plan[master.integers]))
    try:
        for turn in range(1, TURNS + 1):
            assert point is not None
            cuts = _cuts(master, years, operator, given, point, worst)
            if not cuts and worst != set(given):
                worst = set(given)
                cuts = _cuts(master, years, operator, given, point, worst)
            say(Message(SERVING, turn=turn, energy=f"{sum(cut.total for _, cut in cuts):.3g}", years=len({y for y, _ in cuts})))
            if not cuts:
                break
            worst = {y for y, _ in cuts}
            master.cuts.require(cuts)
            point = least_near(master, plan)
            if point is None:
                master.unfix()
                point = least_near(master, plan)
            if point is None:
                break
    finally:
        master.unfix()
    return point


def _cuts(
    master: Master, years: YearSet, operator: Operator, given: Mapping[int, LinkValues], point: np.ndarray, of: set[int]
) -> list[tuple[int, SlackCut]]:
    """The cuts of all months of these years that are not served at a point."""
    points = master.points_of(point)
    return [
        (y, cut)
        for y in reversed(tuple(given))
        if y in of
        for cut in feasibility_cuts(operator, y, given[y], years.years[y].links, points[y])
    ]


#: A linking variable of a year: the kind of decision, and of what.
Link = tuple[str, Any]


def feasibility_cuts(operator: Operator, y: int, given: LinkValues, links: Sequence[Link], point: np.ndarray) -> list[SlackCut]:
    """The cut of each month of a year that is not served in every hour at a point; none where the year is served.

    given   all values of its linking variables at the plan; those in `links` are replaced by the point
    links   linking variables in the order of a point and of a cut
    """
    hours = operator.hours(y)
    nothing, free = np.zeros(len(hours.matrix.columns)), np.zeros(len(hours.priced))
    hours.set_year(_at(given, dict(zip(links, point.tolist(), strict=True))), y, nothing, 1.0, is_trial=True)

    def solved(month: Month) -> MonthColumn:
        return month.solve(free)

    found = []
    for column in operator.pool.map(solved, hours.months):
        if column.slack > UNSERVED * hours.largest_demand:
            slope = dict(zip(hours.linking, column.slope.tolist(), strict=True))
            own = np.array([slope.get(link, 0.0) for link in links])
            found.append(SlackCut(point.copy(), column.penalty, own, column.slack, column.penalty))
    return found


@contextmanager
def bases_kept(operator: Operator) -> Iterator[None]:
    """Phase 1 within this leaves the bases of the months as they were: they are near those of other years' operation."""
    months = [month for hours in operator.templates.known.values() for month in hours.months]
    before = [(month.solver.basis(), month.bases) for month in months]
    for month in months:
        month.bases = {}
    try:
        yield
    finally:
        for month, (basis, bases) in zip(months, before, strict=True):
            month.solver.begin_from(basis)
            month.bases, month.last = bases, None


def _at(given: LinkValues, decided: Mapping[Link, float]) -> LinkValues:
    """The values with these decisions; a store that became smaller holds less at month ends."""
    share = {
        name: min(1.0, amount / given.links["capacity", name])
        for (kind, name), amount in decided.items()
        if kind == "capacity" and given.links.get(("capacity", name), 0.0) > 0
    }
    held = {(s, month): amount * share.get(s, 1.0) for (s, month), amount in given.held.items()}
    return replace(given, links={**given.links, **decided}, held=held)
