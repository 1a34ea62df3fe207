"""A matrix in HiGHS: handed over once, changed in place, and solved again from its last basis.

A variant of a matrix (rules dropped, decisions forbidden, integers fixed) is a change of bounds, not a new model. Costs are handed
over times a power of two, `scale`, because the dual tolerance of HiGHS is absolute; whatever comes back is in money again. Every
solve raises Stopped once the watch in force is over.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from models.errors import SolverError
from planner.machine.stopping import GRACE, Stopped, Watch, in_force
from planner.solve.handover.highs import DUAL_TOLERANCE, NO_LIMIT, UNDECIDED, Answer, Highs, RunningSolve, has_hipo
from planner.solve.handover.matrix import INFINITY, Matrix, Variant, cost_scale, sign_of_slack

#: Columns above which interior point beats simplex from nothing (measured on typical-day parks).
LARGE = 20_000
#: An answer that breaks a row by more than this is not exact (in the unit of the row).
INEXACT = 1e-5
#: The simplex method has been seen to cycle: it stops after this many times (rows + columns) iterations.
ITERATIONS = 20


class Solver:
    """One HiGHS object that holds a matrix and keeps its basis between solves (warm start).

    scale  factor on costs as HiGHS has them
    known  a plan found before branch and bound, which may not report it
    watch  ends its runs; None: the one in force does

    A HiGHS object whose run was abandoned is never used again: Stopped is raised instead.
    """

    has_hipo = staticmethod(has_hipo)

    def __init__(self, matrix: Matrix, threads: int = 0, log: bool = False) -> None:
        self.matrix = matrix
        self.scale = cost_scale(matrix.cost)
        #: Bounds of the variant: those of the matrix at first.
        self._lower, self._upper, self._row_lower, self._row_upper = matrix.lower, matrix.upper, matrix.row_lower, matrix.row_upper
        self.highs = Highs(matrix, self.scale, threads, log)
        self.found = self.highs.found
        self.known: Answer | None = None
        self.watch: Watch | None = None

    # --- variants -------------------------------------------------------------------------------------------------

    def set_variant(self, variant: Variant) -> None:
        """Solve this variant of the matrix from now on; changes the bounds that differ from those of the variant before."""
        before = self._lower, self._upper, self._row_lower, self._row_upper
        self._lower, self._upper, self._row_lower, self._row_upper = variant.bounds(self.matrix)
        self.restore_columns(np.flatnonzero((self._lower != before[0]) | (self._upper != before[1])).astype(np.int32))
        self.restore_rows(np.flatnonzero((self._row_lower != before[2]) | (self._row_upper != before[3])).astype(np.int32))

    def free_rows(self, rows: np.ndarray) -> None:
        """Drop rows: their bounds become infinite."""
        self.set_row_bounds(rows, np.full(len(rows), -INFINITY), np.full(len(rows), INFINITY))

    def restore_rows(self, rows: np.ndarray) -> None:
        """Give rows the bounds of the variant again."""
        self.set_row_bounds(rows, self._row_lower[rows], self._row_upper[rows])

    def set_row_bounds(self, rows: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> None:
        """Change the bounds of rows."""
        if len(rows):
            self.highs.set_row_bounds(rows, lower, upper)

    def set_bounds(self, columns: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> None:
        """Change the bounds of columns."""
        if len(columns):
            self.highs.set_bounds(columns, lower, upper)

    def restore_columns(self, columns: np.ndarray) -> None:
        """Give columns the bounds of the variant again."""
        self.set_bounds(columns, self._lower[columns], self._upper[columns])

    def set_cost(self, cost: np.ndarray, offset: float = 0.0) -> None:
        """Minimise these costs of all columns and a constant: that of the matrix (signed orders) is none of another objective."""
        self.highs.set_costs(np.arange(len(cost), dtype=np.int32), cost * self.scale)
        self.highs.set_offset(offset * self.scale)

    def set_costs_of(self, columns: np.ndarray, cost: np.ndarray) -> None:
        """Change the cost of some columns."""
        if len(columns):
            self.highs.set_costs(columns, cost * self.scale)

    def prefer_less(self, columns: np.ndarray, tolerances: float) -> None:
        """Among optima of equal cost prefer the one with less of these columns: each costs so many dual tolerances more.

        Objective and bound of an answer contain it; it is far below any gap that is asked for. The cost of a plan, read from the
        values, is without it.
        """
        for column in columns.tolist():
            self.highs.set_cost(column, float(self.matrix.cost[column]) * self.scale + tolerances * DUAL_TOLERANCE)

    def relax(self, relaxed: bool) -> None:
        """Relax the integers, or require them again."""
        places = np.flatnonzero(self.matrix.integer).astype(np.int32)
        if len(places):
            self.highs.set_integer(places, not relaxed)

    def relax_some(self, columns: np.ndarray) -> None:
        """Relax the integers among some columns."""
        if len(columns):
            self.highs.set_integer(columns, False)

    def add_slacks(self, rows: np.ndarray, cost: np.ndarray) -> np.ndarray:
        """A slack for each row at a cost, in the direction in which the row can be violated; returns their places."""
        return self.add_columns(rows, sign_of_slack(self.matrix, rows), cost)

    def add_columns(self, rows: np.ndarray, sign: np.ndarray | float, cost: np.ndarray) -> np.ndarray:
        """Columns of at least 0, each in one row; returns their places."""
        return self.highs.add_slack_columns(
            rows, np.broadcast_to(np.asarray(sign, dtype=float), len(rows)).copy(), cost * self.scale
        )

    def add_column(self, rows: np.ndarray, values: np.ndarray) -> int:
        """A column without cost in several rows, fixed at 0 until its bounds are changed; returns its place."""
        return self.highs.add_column(0.0, 0.0, 0.0, rows, values)

    def add_free_columns(self, cost: np.ndarray) -> np.ndarray:
        """Columns in no row yet, without bounds; returns their places."""
        none = np.zeros(0)
        places = [self.highs.add_column(price * self.scale, -INFINITY, INFINITY, none, none) for price in cost.tolist()]
        return np.array(places, dtype=np.int32)

    def add_bounded_column(
        self, cost: float, lower: float, upper: float, rows: np.ndarray | None = None, values: np.ndarray | None = None
    ) -> int:
        """One column, in some rows; returns its place."""
        rows = np.zeros(0) if rows is None else rows
        values = np.zeros(0) if values is None else values
        return self.highs.add_column(cost * self.scale, lower, upper, rows, values)

    def row_count(self) -> int:
        """Number of rows, with those that were added."""
        return self.highs.rows()

    def column_count(self) -> int:
        """Number of columns, with those that were added."""
        return self.highs.columns()

    def delete_rows(self, rows: np.ndarray) -> None:
        """Delete rows; those after them move up."""
        if len(rows):
            self.highs.delete_rows(rows)

    def add_row(self, lower: float, upper: float, columns: np.ndarray, values: np.ndarray) -> None:
        """One row."""
        self.highs.add_row(lower, upper, columns, values)

    # --- solving --------------------------------------------------------------------------------------------------

    def options(self, **values: Any) -> None:
        """Set HiGHS options."""
        self.highs.set_options(**values)

    def clear(self) -> None:
        """Forget the basis and the solution: the next solve is a cold start."""
        self.highs.clear()

    def until(self, seconds: float) -> float:
        """HiGHS's `time_limit` that leaves the next run this many seconds, with the integers that are required now."""
        return self.highs.until(seconds)

    def iteration_limit(self) -> int:
        """Simplex iterations after which it is taken to cycle, at the size of now."""
        return ITERATIONS * (self.highs.rows() + self.highs.columns())

    def basis(self) -> Any:
        """The basis of now, for a warm start later."""
        return self.highs.basis()

    def begin_from(self, basis: Any) -> None:
        """Start the next solve from a basis of this matrix (warm start)."""
        self.highs.set_basis(basis)

    def start_from(self, values: np.ndarray, columns: np.ndarray | None = None) -> None:
        """Start branch and bound from a point (MIP start): values of all columns, or of some, which HiGHS completes."""
        self.highs.start_from(values, columns)

    def run(self, duals: bool = True) -> Answer:
        """Solve with the options set. Duals are read only if asked for, since reading them takes time.

        HiGHS 1.16 was seen to end branch and bound with the point of the solve before and the objective of this one. Then it solves
        once more from nothing; a point that still is not of its objective is none (`failed`).

        Raises Stopped once the watch in force is over, unless HiGHS then has a point; see `incumbent`.
        """
        answer = self._run(duals)
        if self.highs.is_of_its_point(answer):
            return answer.scaled(1 / self.scale)
        self.clear()
        answer = self._run(duals)
        return (answer if self.highs.is_of_its_point(answer) else replace(answer, status="failed")).scaled(1 / self.scale)

    def _run(self, duals: bool) -> Answer:
        """One run, in the scale of HiGHS."""
        watch = self.watch or in_force()
        watch.check()
        self.found.clear()
        began = time.perf_counter()
        run = self.highs.start()
        try:
            in_time = run.within(watch) or self._stop(run)
        except Stopped:
            self._stop(run, 0.0)
            raise
        if run.fault is not None:
            raise run.fault
        answer = self.highs.answer(time.perf_counter() - began, duals)
        if not in_time and not answer.has_point:
            raise Stopped
        return answer

    def decided(self, duals: bool = True) -> Answer:
        """As `run`; again without presolve where that cannot tell infeasible from unbounded, as it says of feasible ones."""
        answer = self.run(duals)
        return self.without_presolve(duals) if answer.status == UNDECIDED else answer

    def surely(self) -> Answer:
        """As `run`; again without presolve where the result is infeasible, so that presolve's word is never the proof."""
        answer = self.run()
        return self.without_presolve() if answer.status.startswith("infeasible") else answer

    def without_presolve(self, duals: bool = True, start: np.ndarray | None = None) -> Answer:
        """A cold start without presolve; of branch and bound from a point, if one is given."""
        self.clear()
        self.options(presolve="off")
        if start is not None:
            self.start_from(start)
        try:
            return self.run(duals)
        finally:
            if not self.highs.is_running():
                self.options(presolve="choose")

    def warm(self) -> None:
        """Set up for many solves by the simplex method, each from the basis of the last (warm start); see `optimum`. Without
        presolve: cold starts were measured to be faster too, and HiGHS keeps no second copy of the matrix."""
        self.options(solver="simplex", presolve="off", simplex_iteration_limit=self.iteration_limit())

    def optimum(self, what: str, duals: bool = True) -> Answer:
        """The optimum by a warm start; where that fails, by a cold start with presolve.

        `what` names the problem in the error. Raises SolverError where both fail, and Stopped as `run` does.
        """
        answer = self.run(duals)
        if answer.status != "optimal":
            self.clear()
            self.options(presolve="on")
            answer = self.run(duals)
            self.options(presolve="off")
        if answer.status != "optimal":
            raise SolverError.because("{what}: HiGHS stopped with status {status}", what=what, status=repr(answer.status))
        return answer

    def exact_optimum(self, what: str, error_of: Callable[[Answer], float]) -> Answer:
        """As `optimum`, and no row is broken by more than `INEXACT`, as HiGHS was seen to do after many warm starts. If one is, it
        solves again: with the basis factored anew, then from nothing. `error_of`: by how much an answer breaks a row."""
        answer = self.optimum(what)
        for begin in (lambda: self.begin_from(self.basis()), self.clear):
            if error_of(answer) <= INEXACT:
                break
            begin()
            answer = self.optimum(what)
        return answer

    def _stop(self, run: RunningSolve, grace: float = GRACE) -> bool:
        """Ask HiGHS to stop; returns False. Raises Stopped where it does not stop within the grace: its run is then abandoned."""
        self.highs.interrupt()
        if not run.done.wait(grace):
            raise Stopped
        return False

    def forget(self) -> None:
        """Forget the plans found: another problem is solved next."""
        self.known = None
        self.found.clear()

    def incumbent(self) -> Answer | None:
        """The best plan when a solve was stopped: that of branch and bound, or `known`; None where there is neither."""
        bound = max(self.found.bound / self.scale, self.known.bound if self.known else -INFINITY)
        objective = self.found.objective / self.scale
        if self.found.values is not None and (self.known is None or objective < self.known.objective):
            return Answer("feasible", self.found.values, objective, min(bound, objective), 0.0)
        return self.known and replace(self.known, status="feasible", bound=min(bound, self.known.objective))


# --- linear ----------------------------------------------------------------------------------------------------------------
# The optimum of a linear programme, with the algorithm that suits its size.
#
# 1. Above `LARGE` columns an interior point method with crossover to an extreme point (HiPO where it is installed, else IPX);
# below,
# or where a basis is known, what HiGHS chooses (the simplex method).
# 2. Where that fails, the simplex method from nothing.
#
# Returns HiGHS's answer, whose status may be that there is none. Raises Stopped once the watch in force is over.


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
