"""Repair heuristic: a plan from a relaxed point, for a solve whose time is limited or whose many whole numbers need slack.

An interior point of the level set nearly always has a little slack and fractional integers, which the search removes only at its
end.

1. Project the point on the decisions that need no slack (`projection`): solve the years there for their least slack, add their
   feasibility cuts, until no year needs slack. With whole integers that trial is a plan.
2. Few integers: 1 with the integers rounded (`rounding`); next with these rounded up; next phase 1 with integers (`phase1`), which
   may go far from the point.
3. Many integers, where rounding breaks rows of the master: 1 with relaxed integers; branch and bound looks for whole ones with at
   least the capacity of that point, since more capacity serves no less; 1 with these, whose feasibility cuts join the search where
   they cannot do without slack, and again. The plan need not be cheap.

Returns nothing: a plan that is found is the incumbent of `Trials.overall`. Raises SolverError where HiGHS gives no answer, and
Stopped once the watch in force is over.
"""

from __future__ import annotations

import numpy as np

from planner.language.message import Message
from planner.language.words import REPAIR_TURN
from planner.solve.benders.phase1 import Phase1
from planner.solve.benders.primal_heuristics import PrimalHeuristics
from planner.solve.benders.projection import Projection
from planner.solve.benders.trial import NO_CUT
from planner.solve.benders.trials import Trials
from planner.solve.rounding.rounding import Rounding
from planner.solve.year.subproblem import SLACK_TOLERANCE

#: Projections with the same integers at most.
TRIED = 40
#: Searches for whole numbers that cover at most.
COVERED = 8
#: Phase of the log.
REPAIR = "repair"


def repair_to_plan(trials: Trials, point: np.ndarray, rounding: Rounding, heuristics: PrimalHeuristics) -> None:
    """Seek a plan near a relaxed point, for a search that has none yet. What is found is the incumbent of `Trials.overall`."""
    forbids, trials.forbids_slack = trials.forbids_slack, True  # points with slack are cut off whatever the penalty
    try:
        if heuristics.neighbourhood_first:
            _cover(trials, point, heuristics)
        else:
            _round(trials, point, rounding)
    finally:
        trials.forbids_slack = forbids


def _cover(trials: Trials, point: np.ndarray, heuristics: PrimalHeuristics) -> None:
    """A plan with at least the capacity of the point without slack."""
    near = _without_slack(trials, point, None)
    if near is None:
        return
    search = Projection(trials.master, near, None)
    for _ in range(COVERED):
        whole = heuristics.covering(search, near)
        if whole is None:
            return
        found = _without_slack(trials, near, whole, search)
        if found is not None:
            trials.attempt(found, REPAIR)
            return


def _round(trials: Trials, point: np.ndarray, rounding: Rounding) -> None:
    """A plan with the rounded integers of the point, or with those that phase 1 finds."""
    integers = trials.master.integers
    for whole in (rounding(point), np.ceil(point[integers] - 1e-6)) if len(integers) else (None,):
        near = _without_slack(trials, point, whole)
        if near is not None:
            trials.attempt(near, REPAIR)
        if trials.overall.incumbent is not None:
            return
    reached = Phase1(trials.master, trials.years).reach(trials.master.within(point), True, trials.late, trials.say)
    if reached.point is not None:
        trials.attempt(reached.point, REPAIR)


def _without_slack(
    trials: Trials, point: np.ndarray, whole: np.ndarray | None, other: Projection | None = None
) -> np.ndarray | None:
    """A point that needs no slack, projected from this one; None where none is found.

    whole  fixed integers; None: they are relaxed     other  another projection that the feasibility cuts join, too
    """
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
            outages = master.outages.add_rows_at(near, thorough=True)
            least = sum(cut.total for cut in found.values()) + outages.total
            trials.say(Message(REPAIR_TURN, turn=turn, slack=f"{least:.2g}"))
            if max([outages.most, *(cut.slack for cut in found.values())]) <= SLACK_TOLERANCE:
                return nearest.cheapest(near)
            for row in outages.rows:
                nearest.add_row(row)
                if other is not None:
                    other.add_row(row)
            for y, cut in short.items():
                nearest.add(y, cut)
                if other is not None:
                    other.add(y, cut)
    finally:
        if whole is not None:
            master.unfix()
    return None
