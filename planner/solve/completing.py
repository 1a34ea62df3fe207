"""A first plan for a solve whose time is limited: whole numbers are rounded, and what a trial still misses is served.

A point inside the level set nearly always misses crumbs of something, and its integers are fractions. A search that goes on until
the gap holds mends both last, and a limit may come before. So once the linear phase is over, the whole numbers near its best
point are fixed, and phase 1 goes from there to decisions with nothing missing, near by as far as planes tell.
"""

from __future__ import annotations

import numpy as np

from planner.solve.level import NEAR, WIDER
from planner.solve.phase1 import Phase1
from planner.solve.rounding import Rounding
from planner.solve.state import State
from planner.solve.trials import Trials

#: Corners of the master near a point that are tried before phase 1.
CORNERS = 6


def complete(trials: Trials, point: np.ndarray, rounding: Rounding) -> None:
    """Make a plan of a relaxed point: the incumbent of the trials, where they have none. There need be none.

    Whole numbers are the nearest, then those above (more is ordered, so less can be missing), then those that phase 1 finds.
    """
    integers = trials.master.integers
    nearest, above = rounding(point), np.ceil(point[integers] - 1e-6)
    for whole in (nearest, above) if len(integers) else ():
        if trials.plan.best is None:
            trials.master.fix(whole)
            try:
                _serve(trials, point, whole)
            finally:
                trials.master.unfix()
    if trials.plan.best is None:
        _serve(trials, point, None)


def _serve(trials: Trials, point: np.ndarray, whole: np.ndarray | None) -> None:
    """Trials from the point on, until one misses nothing or phase 1 ends; with these whole numbers, or any where they are None."""
    strict, trials.strict = trials.strict, True  # what is missing is cut off, and no price is low enough for it
    try:
        start = trials.master.within(point)
        if whole is not None or not len(trials.master.integers):
            _near(trials, start)
        if trials.plan.best is None:
            phase = Phase1(trials.master, trials.years)
            if whole is not None:
                phase.solver.set_bounds(trials.master.integers, whole, whole)
            reached = phase.reach(start, whole is None, trials.late, trials.say)
            if reached.point is not None:
                _try(trials, reached.point)
    finally:
        trials.strict = strict


def _near(trials: Trials, start: np.ndarray) -> None:
    """The point, then the cheapest decisions near it that the planes allow: where crumbs are missing one of the first serves."""
    _try(trials, start)
    radius = NEAR
    try:
        for _ in range(CORNERS):
            if trials.plan.best is not None:
                break
            trials.master.keep_near(start, radius)
            corner = trials.master.corner()
            if corner is None:
                radius *= WIDER  # nothing so near serves
            else:
                _try(trials, corner)
    finally:
        trials.master.let_go()


def _try(trials: Trials, point: np.ndarray) -> None:
    trials.tell(trials.at(State(bound=trials.plan.bound), point), "first plan", is_bound=False)
