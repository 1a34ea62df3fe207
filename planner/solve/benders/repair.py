"""Repair heuristic: a first plan from a relaxed point, for a solve whose time is limited.

An interior point of the level set nearly always has a little slack and fractional integers, which a search mends last.

1. Project the point on the decisions that need no slack (`projection`), with integers as below: solve the years there for their
   least slack, add their feasibility cuts, until no year needs slack. With whole integers that trial is a plan.
2. Integers are rounded (`rounding`) and fixed; next those rounded up.
3. Where there are many integers, rounding breaks rows of the master. Then 1 with relaxed integers, and branch and bound looks for
   whole ones with at least the capacity of that point: more capacity serves no less. It need not be cheap.
4. If the cuts leave no decision for these integers: phase 1 with integers (`phase1`), which may go far from the point.

Returns nothing: a plan that is found is `plan` of the trials. Raises SolverError where HiGHS gives no answer, and Stopped once the
watch in force is over.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.language.message import Message
from planner.language.progress import FIRST_PLAN
from planner.solve.benders.local_search import LocalSearch
from planner.solve.benders.phase1 import Phase1
from planner.solve.benders.projection import Projection
from planner.solve.benders.trial import NO_CUT, SLACK_TOLERANCE
from planner.solve.benders.trials import Trials
from planner.solve.rounding.rounding import Rounding

#: Projections with the same integers at most.
TRIED = 40


def complete(trials: Trials, point: np.ndarray, rounding: Rounding, local: LocalSearch) -> None:
    """Make a plan from a relaxed point, `plan` of the trials, where they have none. It may not succeed."""
    forbids, trials.forbids_slack = trials.forbids_slack, True  # points with slack are cut off whatever the penalty
    try:
        for whole in _assignments(trials, point, rounding, local):
            near = _without_slack(trials, point, whole)
            if near is not None:
                trials.attempt(near, "first plan")
            if trials.plan.incumbent is not None:
                return
        reached = Phase1(trials.master, trials.years).reach(trials.master.within(point), True, trials.late, trials.say)
        if reached.point is not None:
            trials.attempt(reached.point, "first plan")
    finally:
        trials.forbids_slack = forbids


def _assignments(
    trials: Trials, point: np.ndarray, rounding: Rounding, local: LocalSearch
) -> Iterator[np.ndarray | None]:
    """Whole numbers near a point, made as they are asked for; None where there are no integers."""
    integers = trials.master.integers
    if not len(integers):
        yield None
        return
    if local.is_many:
        near = _without_slack(trials, point, None)
        covering = None if near is None else local.covering(near)
        if covering is not None:
            yield covering
    yield rounding(point)
    yield np.ceil(point[integers] - 1e-6)


def _without_slack(trials: Trials, point: np.ndarray, whole: np.ndarray | None) -> np.ndarray | None:
    """A point that needs no slack, projected from this one; None where none is found. `whole`: fixed integers; None: relaxed."""
    master, years = trials.master, trials.years
    nearest = Projection(master, point, whole)
    if whole is not None:
        master.fix(whole)
    try:
        for turn in range(1, TRIED + 1):
            near = nearest.point()
            if near is None:
                return None
            found = years.least_slacks(master.points_of(near))
            short = {y: cut for y, cut in found.items() if cut.value > NO_CUT}
            master.cuts.add_feasibility(short.items())
            least = sum(cut.total for cut in found.values())
            trials.say(Message(FIRST_PLAN, turn=turn, slack=f"{least:.2g}"))
            if max(cut.slack for cut in found.values()) <= SLACK_TOLERANCE:
                return near
            for y, cut in short.items():
                nearest.add(y, cut)
    finally:
        if whole is not None:
            master.unfix()
    return None
