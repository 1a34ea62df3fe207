"""The optimum of a linear programme, with the algorithm that suits its size.

1. Above `LARGE` columns an interior point method with crossover to an extreme point (HiPO where it is installed, else IPX); below,
   or where a basis is known, what HiGHS chooses (the simplex method).
2. Where that fails, the simplex method from nothing.

Returns HiGHS's answer, whose status may be that there is none. Raises Stopped once the watch in force is over.
"""

from __future__ import annotations

import time

from planner.solve.handover.answer import Answer
from planner.solve.handover.highs import has_hipo
from planner.solve.handover.solver import LARGE, Solver


def solve_linear(solver: Solver, seconds: float | None = None, simplex: bool = False) -> Answer:
    """The optimum of a matrix without integers, or whose integers the solver has been told to relax.

    `simplex`: what HiGHS chooses whatever the size: the simplex method, from the basis of the last solve (warm start).
    """
    return by_size(solver, not simplex and len(solver.matrix.columns) > LARGE, Clock(seconds))


class Clock:
    """A time limit that several solves share; None = no limit."""

    def __init__(self, seconds: float | None) -> None:
        self.end = None if seconds is None else time.perf_counter() + seconds

    def option(self, solver: Solver) -> dict[str, float]:
        """The time limit as an option of HiGHS; nothing without a limit."""
        if self.end is None:
            return {}
        return {"time_limit": solver.until(max(0.1, self.end - time.perf_counter()))}


def by_size(solver: Solver, large: bool, clock: Clock) -> Answer:
    """The optimum of a linear programme: by interior point with crossover where it is large, else as HiGHS chooses."""
    first = "hipo" if has_hipo() else "ipm"
    solver.options(solver=first if large else "choose", run_crossover="on", **clock.option(solver))
    answer = solver.run()
    if answer.status in ("failed", "infeasible or unbounded"):
        solver.clear()
        solver.options(solver="simplex", presolve="on" if answer.status == "failed" else "off", **clock.option(solver))
        answer = solver.run()
        solver.options(presolve="choose")
    return answer
