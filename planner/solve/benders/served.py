"""The cheapest point near a plan at which every month is served: feasibility cuts of hours, until none is found.

1. Every year is solved at a point for its least energy unserved, month by month (`hours.phase1`). Months that are not served give
   feasibility cuts, which the master requires of every plan from now on.
2. The next point is the cheapest near the plan under these cuts, with its whole numbers, where they allow one, else with relaxed
   ones. Back to 1; years that were served are solved again at the end.

Returns the point. Raises SolverError where HiGHS gives no answer, and Stopped once the watch in force is over.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from planner.language.message import Message
from planner.language.progress import SERVING
from planner.solve.benders.master import Master
from planner.solve.benders.slack_removal import least_near
from planner.solve.hours.months import LinkValues
from planner.solve.hours.operator import Operator
from planner.solve.hours.phase1 import bases_kept, feasibility_cuts
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
