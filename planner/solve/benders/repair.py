"""A first plan for a solve whose time is limited: whole numbers are rounded, and what a trial still misses is served.

A point inside the level set nearly always misses crumbs of something, and its integers are fractions. A search that goes on until
the gap holds mends both last, and a limit may come before. So once the linear phase is over, the whole numbers near its best
point are fixed, and the nearest decisions with nothing missing are sought (`projection`); where planes say that there are none, by
phase 1, which may go far.
"""

from __future__ import annotations

import numpy as np

from planner.solve.benders.phase1 import PROOF, Phase1
from planner.solve.benders.projection import Nearest
from planner.solve.benders.state import MISSING, State
from planner.solve.benders.trials import Trials
from planner.solve.rounding.rounding import Rounding

#: Points near a point that are tried before others are.
TRIED = 40


def complete(trials: Trials, point: np.ndarray, rounding: Rounding) -> None:
    """Make a plan of a relaxed point: the incumbent of the trials, where they have none. There need be none.

    Whole numbers are the nearest, then those above (more is ordered, so less can be missing), then those that phase 1 finds.
    """
    integers = trials.master.integers
    nearest, above = rounding(point), np.ceil(point[integers] - 1e-6)
    strict, trials.strict = trials.strict, True  # what is missing is cut off, and no price is low enough for it
    try:
        for whole in (nearest, above) if len(integers) else (None,):
            if trials.plan.best is None:
                _near(trials, point, whole)
        if trials.plan.best is None:
            reached = Phase1(trials.master, trials.years).reach(trials.master.within(point), True, trials.late, trials.say)
            if reached.point is not None:
                _try(trials, reached.point)
    finally:
        trials.strict = strict


def _near(trials: Trials, point: np.ndarray, whole: np.ndarray | None) -> None:
    """Trials near the point until one misses nothing, with these whole numbers."""
    master, years = trials.master, trials.years
    nearest = Nearest(master, point, whole)
    if whole is not None:
        master.fix(whole)
    try:
        for turn in range(1, TRIED + 1):
            near = nearest.point()
            if near is None:
                return
            found = years.shortages(master.points_of(near))
            short = {y: cut for y, cut in found.items() if cut.value > 0.01 * PROOF}
            master.add_feasibility_cuts(short.items())
            trials.say(f"first plan, {turn}: {sum(cut.cost for cut in found.values()):.2g} missing")
            if max(cut.missing for cut in found.values()) <= MISSING:
                _try(trials, near)
                return
            for y, cut in short.items():
                nearest.add(y, cut)
    finally:
        if whole is not None:
            master.unfix()


def _try(trials: Trials, point: np.ndarray) -> None:
    trials.tell(trials.at(State(bound=trials.plan.bound), point), "first plan", is_bound=False)
