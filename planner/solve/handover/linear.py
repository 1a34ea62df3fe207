"""The optimum of a linear programme, with the algorithm that suits its size.

1. Above `LARGE` columns an interior point method with crossover to an extreme point (HiPO where it is installed, else IPX); below,
   or where a basis is known, what HiGHS chooses (the simplex method).
2. Where that fails, the simplex method from nothing.

Returns HiGHS's answer, whose status may be that there is none. Raises Stopped once the watch in force is over.
"""

from __future__ import annotations

import time

from planner.solve.handover.answer import Answer
from planner.solve.handover.highs import NO_LIMIT, has_hipo
from planner.solve.handover.solver import LARGE, Solver

#: Columns above which the interior point method takes seconds for the operation of all hours, and simplex iterations a column that
#: are tried before it there.
VERY_LARGE, TRIED = 50_000, 0.125


def solve_linear(solver: Solver, seconds: float | None = None, simplex: bool = False) -> Answer:
    """The optimum of a matrix without integers, or whose integers the solver has been told to relax.

    `simplex`: what HiGHS chooses whatever the size: the simplex method, from the basis of the last solve (warm start).
    """
    return by_size(solver, not simplex and len(solver.matrix.columns) > LARGE, Clock(seconds))


def solve_operation(solver: Solver) -> Answer:
    """The optimum of the operation of all hours of a year, whose decisions are fixed.

    The simplex method is several times faster there as a rule, and several times slower where a store binds all hours together.
    So above `VERY_LARGE` columns it is tried for `TRIED` iterations a column. Below, and where that is not enough, `solve_linear`.
    """
    count = len(solver.matrix.columns)
    if count <= VERY_LARGE:
        return solve_linear(solver)
    solver.options(solver="simplex", simplex_iteration_limit=int(TRIED * count))
    answer = solver.run()
    solver.options(simplex_iteration_limit=NO_LIMIT)
    if answer.status == "optimal":
        return answer
    solver.clear()
    return solve_linear(solver)


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
