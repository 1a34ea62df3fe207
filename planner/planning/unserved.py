"""Repair of a plan that leaves hours unserved: feasibility cuts of these hours, required of every plan of its search.

1. Every year is solved at the plan for its least energy unserved, month by month (`solve.hours.phase1`). Months that are not served
   give feasibility cuts, which the master requires of every plan from now on.
2. The next point is the cheapest near the plan under these cuts, with its whole numbers, where they allow one, else with relaxed
   ones. Back to 1, until every month is served; years that were served are solved again at the end.
3. The search goes on from that point. It keeps its days and all its cuts, so it does not begin anew.

The cuts take what stores hold at month ends from the plan, and leave out types that the plan has in no year. So they say nothing of
other plans: each of the plans that are compared has its own, and the bound on typical days is one of plans that satisfy them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from planner.language.message import Message
from planner.language.progress import SERVING
from planner.planning.beginning import ENOUGH
from planner.planning.given import given_of
from planner.planning.methods import DecomposedMethod, Method
from planner.planning.task import Task
from planner.solve.benders.polishing import least_near
from planner.solve.hours.months import LinkValues
from planner.solve.hours.operator import Operator
from planner.solve.hours.phase1 import bases_kept, feasibility_cuts
from planner.solve.year.subproblem import SlackCut

#: Repairs of a plan that may be made so; others follow.
BY_CUTS = 4
#: Points at which the hours are solved at most.
TURNS = 12


def require_served(method: Method, operator: Operator, task: Task) -> bool:
    """Require that the next plan of a method serves the hours that its last plan left unserved; it begins from the point found.

    False where the method does not plan by years, no month is found that is not served, or no decision serves them all: nothing is
    required then.
    """
    if not isinstance(method, DecomposedMethod):
        return False
    assert method.best is not None
    given, before = {y: given_of(method.model, task.inputs, y) for y in task.inputs.years}, len(method.master.cuts.required)
    with bases_kept(operator):
        point = _served(method, operator, given, partial(task.clock.progress, "repairing"))
    if point is None:
        method.master.cuts.release()
        return False
    if len(method.master.cuts.required) == before:
        return False
    method.best, method.known_bound = point, method.bound
    method.enough = ENOUGH * method.reached if method.reached > task.gap else 0.0
    return True


def _served(
    method: DecomposedMethod, operator: Operator, given: dict[int, LinkValues], say: Callable[[str], None]
) -> np.ndarray | None:
    """The cheapest point near the plan under the cuts found; None where they allow none."""
    master, plan = method.master, method.best
    assert plan is not None
    point: np.ndarray | None = plan
    worst = set(given)
    master.fix(np.round(plan[master.integers]))
    try:
        for turn in range(1, TURNS + 1):
            assert point is not None
            cuts = _cuts(method, operator, given, point, worst)
            if not cuts and worst != set(given):
                worst = set(given)
                cuts = _cuts(method, operator, given, point, worst)
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
    method: DecomposedMethod, operator: Operator, given: dict[int, LinkValues], point: np.ndarray, years: set[int]
) -> list[tuple[int, SlackCut]]:
    """The cuts of all months of these years that are not served at a point."""
    links = {y: year.links for y, year in method.years.years.items()}
    points = method.master.points_of(point)
    return [
        (y, cut) for y in reversed(given) if y in years for cut in feasibility_cuts(operator, y, given[y], links[y], points[y])
    ]  # fmt: skip
