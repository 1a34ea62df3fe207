r"""The cheapest point near a plan at which every month is served: feasibility cuts of hours, until none is found.

1. Every year is solved at a point for its least energy unserved, month by month (`feasibility_cuts`). Months that are not served
   give cuts, which the master requires of every plan from now on.
2. The next point is the cheapest near the plan under these cuts, with its whole numbers, where they allow one, else with relaxed
   ones. Back to 1; years that were served are solved again at the end.

Phase 1 of the months of a year gives the cuts:

.. math:: V_w(x) = \min_{v_w \in X_w(x)}\; \sum_t (s^+_t + s^-_t), \qquad V_w(x_0) + g_w \cdot (x - x_0) \le 0

The decisions x over the years are fixed. Each month w is solved by itself for the least energy unserved or in surplus: nothing else
has a cost, and yearly totals and contracted capacity have no price. Where that is above the tolerance, the month gives a
feasibility cut (Benders, 1962): whatever serves the month satisfies it. A rule or a yearly limit that is missed gives none.

What stores hold at month ends is no decision here: it stays as on the typical days, but a store that becomes smaller holds less. So
a cut is one for a year whose stores do so.

Returns the point. Raises SolverError where HiGHS gives no answer, and Stopped once the watch in force is over.

x  linking variables, x_0 their values     v, X  operation of a month, and what it can do at x
s  slack of the balances, unserved and surplus   MWh     g  slope of V, from the duals
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from planner.language.message import Message
from planner.language.words import SERVING
from planner.solve.benders.master import Master
from planner.solve.benders.slack_removal import least_near
from planner.solve.hours.months import LinkValues, Month, MonthColumn
from planner.solve.hours.operator import UNSERVED, Operator
from planner.solve.whole.whole import Say
from planner.solve.year.subproblem import SlackCut, YearSet

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
    nothing, free = np.zeros(len(hours.matrix.columns)), np.zeros(len(hours.totals))
    hours.set_year(_at(given, dict(zip(links, point.tolist(), strict=True))), y, nothing, 1.0, is_trial=True)

    def solved(month: Month) -> MonthColumn:
        return month.solve(free, np.zeros(len(hours.contracts)))

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
