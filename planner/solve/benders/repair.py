"""Repair heuristic: a first plan from a relaxed point, for a solve whose time limit ends before the gap holds.

An interior point of the level set nearly always has a little slack and fractional integers, which a search mends last.

1. Round the integers (`rounding`) and fix them; next those rounded up.
2. Project the point on the decisions that need no slack (`projection`), solve the years there for their least slack, add their
   feasibility cuts, until no year needs slack: that trial is a plan.
3. If the cuts leave no decision for these integers: phase 1 with integers (`phase1`), which may go far from the point.

Returns nothing: a plan that is found is `plan` of the trials. Raises SolverError where HiGHS gives no answer, and Stopped once the
watch in force is over.
"""

from __future__ import annotations

import numpy as np

from planner.language.message import Message
from planner.language.progress import FIRST_PLAN
from planner.solve.benders.phase1 import Phase1
from planner.solve.benders.projection import Projection
from planner.solve.benders.trial import NO_CUT, SLACK_TOLERANCE
from planner.solve.benders.trials import Trials
from planner.solve.rounding.rounding import Rounding

#: Projections with the same integers at most.
TRIED = 40


def complete(trials: Trials, point: np.ndarray, rounding: Rounding) -> None:
    """Make a plan from a relaxed point, `plan` of the trials, where they have none. It may not succeed.

    Integers are rounded, then rounded up (more is ordered, so less slack is needed), then those that phase 1 finds.
    """
    integers = trials.master.integers
    nearest, above = rounding(point), np.ceil(point[integers] - 1e-6)
    forbids, trials.forbids_slack = trials.forbids_slack, True  # points with slack are cut off whatever the penalty
    try:
        for whole in (nearest, above) if len(integers) else (None,):
            if trials.plan.incumbent is None:
                _project(trials, point, whole)
        if trials.plan.incumbent is None:
            reached = Phase1(trials.master, trials.years).reach(trials.master.within(point), True, trials.late, trials.say)
            if reached.point is not None:
                trials.attempt(reached.point, "first plan")
    finally:
        trials.forbids_slack = forbids


def _project(trials: Trials, point: np.ndarray, whole: np.ndarray | None) -> None:
    """Projections of the point with these integers until one needs no slack."""
    master, years = trials.master, trials.years
    nearest = Projection(master, point, whole)
    if whole is not None:
        master.fix(whole)
    try:
        for turn in range(1, TRIED + 1):
            near = nearest.point()
            if near is None:
                return
            found = years.least_slacks(master.points_of(near))
            short = {y: cut for y, cut in found.items() if cut.value > NO_CUT}
            master.cuts.add_feasibility(short.items())
            least = sum(cut.total for cut in found.values())
            trials.say(Message(FIRST_PLAN, turn=turn, slack=f"{least:.2g}"))
            if max(cut.slack for cut in found.values()) <= SLACK_TOLERANCE:
                trials.attempt(near, "first plan")
                return
            for y, cut in short.items():
                nearest.add(y, cut)
    finally:
        if whole is not None:
            master.unfix()
