"""The optimum of a linear programme, with the algorithm that suits its size.

1. Above `LARGE` columns an interior point method with crossover to an extreme point (HiPO where it is installed, else IPX); below,
   or where a basis is known, what HiGHS chooses (the simplex method).
2. Where that fails, the simplex method from nothing.

Returns HiGHS's answer, whose status may be that there is none. Raises Stopped once the watch in force is over.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from planner.solve.handover.answer import Answer
from planner.solve.handover.highs import NO_LIMIT, has_hipo
from planner.solve.handover.solver import LARGE, Solver


def solve_linear(solver: Solver, seconds: float | None = None, simplex: bool = False, most: int | None = None) -> Answer:
    """The optimum of a matrix without integers, or whose integers the solver has been told to relax.

    `simplex`: what HiGHS chooses whatever the size: the simplex method, from the basis of the last solve (warm start), by `most`
    iterations where there is such a limit.
    """
    with _iterations(solver, most):
        return by_size(solver, not simplex and len(solver.matrix.columns) > LARGE, Deadline(seconds))


def solve_from_basis(solver: Solver, seconds: float | None = None, most: int | None = None) -> Answer:
    """The optimum of a matrix whose integers are relaxed: from the basis of the last solve by `most` iterations, then from nothing
    with presolve.

    Far from the optimum a solve from nothing is several times faster.
    """
    deadline = Deadline(seconds)
    with _iterations(solver, most):
        solver.options(solver="choose", **deadline.option(solver))
        answer = solver.run()
    if answer.status in ("optimal", "infeasible"):
        return answer
    solver.clear()
    return by_size(solver, False, deadline)


@contextmanager
def _iterations(solver: Solver, most: int | None) -> Iterator[None]:
    """At most so many iterations of the simplex method within; None: no limit."""
    if most is not None:
        solver.options(simplex_iteration_limit=most)
    yield
    if most is not None:
        solver.options(simplex_iteration_limit=NO_LIMIT)


class Deadline:
    """A time limit that several solves share; None = no limit."""

    def __init__(self, seconds: float | None) -> None:
        self.end = None if seconds is None else time.perf_counter() + seconds

    def option(self, solver: Solver) -> dict[str, float]:
        """The time limit as an option of HiGHS; nothing without a limit."""
        if self.end is None:
            return {}
        return {"time_limit": solver.until(max(0.1, self.end - time.perf_counter()))}


def by_size(solver: Solver, large: bool, deadline: Deadline) -> Answer:
    """The optimum of a linear programme: by interior point with crossover where it is large, else as HiGHS chooses."""
    first = "hipo" if has_hipo() else "ipm"
    solver.options(solver=first if large else "choose", run_crossover="on", **deadline.option(solver))
    answer = solver.run()
    if answer.status in ("failed", "infeasible or unbounded"):
        solver.clear()
        solver.options(solver="simplex", presolve="on" if answer.status == "failed" else "off", **deadline.option(solver))
        answer = solver.run()
        solver.options(presolve="choose")
    return answer
