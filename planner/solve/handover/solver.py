"""A matrix in HiGHS: handed over once, changed in place, and solved again from its last basis. The only file that uses highspy.

A variant of a matrix (rules dropped, decisions forbidden, integers fixed) is a change of bounds, not a new model. Costs are handed
over times a power of two, `scale`, because the dual tolerance of HiGHS is absolute; whatever comes back is in money again.

HiGHS runs in a thread of its own (`RunningSolve`): the time limit of the whole run and Ctrl-C can end it, and branch and bound
reports its incumbent and its bound meanwhile (`RunningIncumbent`). Every solve raises Stopped once the watch in force is over.

HiGHS 1.11 to 1.15.1 calls plans optimal that are not, with presolve and without (decision 28); 1.16 has those right.
Branch and bound is one search here, never several beside each other: the number of cores decides no plan.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import highspy
import numpy as np

from models.dot import dot
from models.errors import SolverError
from planner.machine.resources import SEED, cores
from planner.machine.stopping import GRACE, Stopped, Watch, in_force
from planner.solve.handover.matrix import INFINITY, Matrix, Variant, cost_scale, sign_of_slack

# --- answer ----------------------------------------------------------------------------------------------------------------

#: Status where presolve cannot tell the two apart.
UNDECIDED = "infeasible or unbounded"


@dataclass(frozen=True)
class Answer:
    """The answer of a solve.

    status      optimal, feasible (stopped with a point), infeasible, unbounded, infeasible or unbounded, failed
    values      of the columns; objective, bound   money
    seconds     of wall time
    row_duals   money per unit of the row's right-hand side; None for a mixed-integer problem, or where not asked for
    column_duals  reduced costs   money per unit
    """

    status: str
    values: np.ndarray
    objective: float
    bound: float
    seconds: float
    row_duals: np.ndarray | None = None
    column_duals: np.ndarray | None = None

    @property
    def has_point(self) -> bool:
        """True if `values` is a feasible point."""
        return self.status in ("optimal", "feasible")

    def scaled(self, factor: float) -> Answer:
        """The answer with all money taken times a factor."""
        duals = (None if own is None else own * factor for own in (self.row_duals, self.column_duals))
        return Answer(self.status, self.values, self.objective * factor, self.bound * factor, self.seconds, *duals)


# --- running ---------------------------------------------------------------------------------------------------------------
# HiGHS does not look at its time limit everywhere. Where it does not stop when it is asked to, its thread is abandoned and the run
# of the program goes on; an abandoned HiGHS object is never used again.
#
# Threads are used again, since many runs are shorter than the start of a thread. But a thread is only used again for runs with the
# same HiGHS option `threads`: HiGHS keeps a scheduler for each thread that calls it, and refuses a run with another number.

#: Runs that have not ended, the abandoned ones among them.
unfinished: set[RunningSolve] = set()
#: Orders of idle threads. Key: the number of threads that HiGHS itself may use in their runs.
idle: dict[int, list[SimpleQueue[Callable[[], None]]]] = {}


def _work_off(orders: SimpleQueue[Callable[[], None]]) -> None:
    """Make every run that is ordered of a thread."""
    while True:
        orders.get()()


class RunningSolve:
    """One run, in which HiGHS may use `threads` threads. `done` is set when it ends; `fault` is the exception it raised, if any."""

    def __init__(self, work: Callable[[], object], threads: int) -> None:
        self.done = threading.Event()
        self.fault: Exception | None = None
        self._work, self._idle = work, idle.setdefault(threads, [])
        unfinished.add(self)
        try:
            self._orders = self._idle.pop()
        except IndexError:
            self._orders = SimpleQueue()
            threading.Thread(target=_work_off, args=(self._orders,), daemon=True, name="HiGHS").start()
        self._orders.put(self._make)

    def _make(self) -> None:
        try:
            self._work()
        except Exception as fault:  # raised again in the thread that waits
            self.fault = fault
        finally:
            unfinished.discard(self)
            self._idle.append(self._orders)
            self.done.set()

    def within(self, watch: Watch) -> bool:
        """Wait for the end; False once the watch is over."""
        while not self.done.wait(min(0.1, watch.left())):
            if watch.is_over():
                return False
        return True


#: Events for which HiGHS calls back.
_KINDS = highspy.cb.HighsCallbackType
_BETTER = int(_KINDS.kCallbackMipImprovingSolution)
_INTERRUPTS = {int(k): k for k in (_KINDS.kCallbackSimplexInterrupt, _KINDS.kCallbackIpmInterrupt, _KINDS.kCallbackMipInterrupt)}


class RunningIncumbent:
    """The incumbent of branch and bound while it runs, its objective and the bound, in the scale of HiGHS."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget what was found."""
        self.values: np.ndarray | None = None
        self.objective, self.bound = INFINITY, -INFINITY

    def tell(self, kind: int, _message: str, told: Any, asked: Any, _data: Any) -> None:
        """Called by HiGHS, from its own thread."""
        if kind in _INTERRUPTS:
            asked.user_interrupt = True
            return
        self.bound = max(self.bound, told.mip_dual_bound)
        if kind == _BETTER and told.objective_function_value < self.objective:
            self.values, self.objective = np.array(told.mip_solution), told.objective_function_value


# --- solver ----------------------------------------------------------------------------------------------------------------

#: Columns above which interior point beats simplex from nothing (measured on typical-day parks).
LARGE = 20_000
#: An answer that breaks a row by more than this is not exact (in the unit of the row).
INEXACT = 1e-5
#: The simplex method has been seen to cycle: it stops after this many times (rows + columns) iterations; HiGHS's own limit: none.
ITERATIONS, NO_LIMIT = 20, 2**31 - 1
#: Relative difference of an objective and that of its point above which the point is of another solve.
STALE = 1e-6
#: HiGHS's tolerance of reduced costs.
DUAL_TOLERANCE = 1e-7
#: Integrality tolerance. With HiGHS's own 1e-6 a binary variable of 1e-6 would allow a millionth of a large order without its fixed
#: cost, enough to close a goal that is missed by very little.
WHOLE = 1e-8
_CONTINUOUS, _INTEGER = highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger


def has_hipo() -> bool:
    """True if the interior point solver HiPO is installed, whose package has to be of HiGHS's own version; without it HiGHS would
    silently use another."""
    try:
        return version("highspy-extras") == version("highspy")
    except PackageNotFoundError:
        return False


class _Silent(highspy.Highs):
    """HiGHS's object, which else prints its name as it is made, before anybody can tell it not to."""

    def enableCallbacks(self) -> None:
        """Called as the object is made."""
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()


class Solver:
    """One HiGHS object that holds a matrix and keeps its basis between solves (warm start).

    scale  factor on costs as HiGHS has them
    known  a plan found before branch and bound, which may not report it
    found  incumbent and bound of branch and bound as it runs
    watch  ends its runs; None: the one in force does

    A HiGHS object whose run was abandoned is never used again: Stopped is raised instead.
    """

    has_hipo = staticmethod(has_hipo)

    def __init__(self, matrix: Matrix, threads: int = 0, log: bool = False) -> None:
        """`threads`: how many HiGHS may use; 0: half of the cores of this process, as HiGHS by itself counts all of the machine."""
        self.matrix = matrix
        self.scale = cost_scale(matrix.cost)
        #: Bounds of the variant: those of the matrix at first.
        self._lower, self._upper, self._row_lower, self._row_upper = matrix.lower, matrix.upper, matrix.row_lower, matrix.row_upper
        self.known: Answer | None = None
        self.watch: Watch | None = None
        self.last_run: RunningSolve | None = None
        self.threads = threads or (cores() + 1) // 2
        #: Whether a column is an integer now.
        self._required = np.array(matrix.integer, dtype=bool)
        self._object = _Silent()
        self.options(output_flag=log, random_seed=SEED, mip_feasibility_tolerance=WHOLE, threads=self.threads, parallel="off")
        self._object.passModel(_model(matrix, self.scale))
        self.found = RunningIncumbent()
        self._object.setCallback(self.found.tell, None)  # type: ignore[arg-type]  # the kind is a plain number
        for kind in (_KINDS.kCallbackMipImprovingSolution, _KINDS.kCallbackMipLogging):
            self._object.startCallback(kind)

    @property
    def object(self) -> highspy.Highs:
        """The object of highspy, for this file and tests. Raises Stopped where its run was abandoned and has not ended."""
        if self._is_running:
            raise Stopped
        return self._object

    @property
    def _is_running(self) -> bool:
        return self.last_run is not None and not self.last_run.done.is_set()

    # --- variants -------------------------------------------------------------------------------------------------

    def set_variant(self, variant: Variant) -> None:
        """Solve this variant of the matrix from now on; changes the bounds that differ from those of the variant before."""
        before = self._lower, self._upper, self._row_lower, self._row_upper
        self._lower, self._upper, self._row_lower, self._row_upper = variant.bounds(self.matrix)
        self.restore_columns(np.flatnonzero((self._lower != before[0]) | (self._upper != before[1])).astype(np.int32))
        self.restore_rows(np.flatnonzero((self._row_lower != before[2]) | (self._row_upper != before[3])).astype(np.int32))

    def restore_rows(self, rows: np.ndarray) -> None:
        """Give rows the bounds of the variant again."""
        self.set_row_bounds(rows, self._row_lower[rows], self._row_upper[rows])

    def free_rows(self, rows: np.ndarray) -> None:
        """Drop rows: their bounds become infinite."""
        self.set_row_bounds(rows, np.full(len(rows), -INFINITY), np.full(len(rows), INFINITY))

    def set_row_bounds(self, rows: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> None:
        """Change the bounds of rows."""
        if len(rows):
            self.object.changeRowsBounds(len(rows), rows, lower, upper)  # type: ignore[attr-defined]  # missing in the stubs

    def set_bounds(self, columns: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> None:
        """Change the bounds of columns."""
        if len(columns):
            self.object.changeColsBounds(len(columns), columns, lower, upper)

    def restore_columns(self, columns: np.ndarray) -> None:
        """Give columns the bounds of the variant again."""
        self.set_bounds(columns, self._lower[columns], self._upper[columns])

    def set_cost(self, cost: np.ndarray, offset: float = 0.0) -> None:
        """Minimise these costs of all columns and a constant: that of the matrix (signed orders) is none of another objective."""
        self.set_costs_of(np.arange(len(cost), dtype=np.int32), cost)
        self.object.changeObjectiveOffset(offset * self.scale)

    def set_costs_of(self, columns: np.ndarray, cost: np.ndarray) -> None:
        """Change the cost of some columns."""
        if len(columns):
            self.object.changeColsCost(len(columns), columns, cost * self.scale)

    def prefer_less(self, columns: np.ndarray, tolerances: float) -> None:
        """Among optima of equal cost prefer the one with less of these columns: each costs so many dual tolerances more.

        Objective and bound of an answer contain it; it is far below any gap that is asked for. The cost of a plan, read from the
        values, is without it.
        """
        self.set_costs_of(columns, self.matrix.cost[columns] + tolerances * DUAL_TOLERANCE / self.scale)

    def relax(self, relaxed: bool, columns: np.ndarray | None = None) -> None:
        """Relax the integers, or require them again: all of them, or those among some columns."""
        places = np.flatnonzero(self.matrix.integer).astype(np.int32) if columns is None else columns
        if len(places):
            self._required[places] = not relaxed
            self.object.changeColsIntegrality(len(places), places, np.full(len(places), _CONTINUOUS if relaxed else _INTEGER))

    # --- columns and rows -----------------------------------------------------------------------------------------

    def add_slacks(self, rows: np.ndarray, cost: np.ndarray) -> np.ndarray:
        """A slack for each row at a cost, in the direction in which the row can be violated; returns their places."""
        return self.add_columns(rows, sign_of_slack(self.matrix, rows), cost)

    def add_columns(self, rows: np.ndarray, sign: np.ndarray | float, cost: np.ndarray) -> np.ndarray:
        """Columns of at least 0, each in one row; returns their places."""
        first, count = self.column_count(), len(rows)
        values = np.broadcast_to(np.asarray(sign, dtype=float), count).copy()
        starts, most = np.arange(count, dtype=np.int32), np.full(count, INFINITY)
        self.object.addCols(count, cost * self.scale, np.zeros(count), most, count, starts, rows.astype(np.int32), values)
        return np.arange(first, first + count, dtype=np.int32)

    def add_free_columns(self, cost: np.ndarray) -> np.ndarray:
        """Columns in no row yet, without bounds; returns their places."""
        return np.array([self.add_bounded_column(price, -INFINITY, INFINITY) for price in cost.tolist()], dtype=np.int32)

    def add_bounded_column(
        self, cost: float, lower: float, upper: float, rows: np.ndarray | None = None, values: np.ndarray | None = None
    ) -> int:
        """One column, in some rows; returns its place."""
        rows = np.zeros(0) if rows is None else rows
        values = np.zeros(0) if values is None else values
        self.object.addCol(cost * self.scale, lower, upper, len(rows), rows.astype(np.int32), values)
        return self.column_count() - 1

    def row_count(self) -> int:
        """Number of rows, with those that were added."""
        return self.object.getNumRow()

    def column_count(self) -> int:
        """Number of columns, with those that were added."""
        return self.object.getNumCol()

    def delete_rows(self, rows: np.ndarray) -> None:
        """Delete rows; those after them move up."""
        if len(rows):
            self.object.deleteRows(len(rows), rows.astype(np.int32))

    def add_row(self, lower: float, upper: float, columns: np.ndarray, values: np.ndarray) -> None:
        """One row."""
        self.object.addRow(lower, upper, len(columns), columns, values)

    # --- how it is solved -----------------------------------------------------------------------------------------

    def options(self, **values: Any) -> None:
        """Set HiGHS options."""
        for name, value in values.items():
            self.object.setOptionValue(name, value)

    def clear(self) -> None:
        """Forget the basis and the solution: the next solve is a cold start."""
        self.object.clearSolver()

    def until(self, seconds: float) -> float:
        """HiGHS's `time_limit` that leaves the next run this many seconds, with the integers that are required now.

        Of a linear programme HiGHS 1.16 counts the time of all runs of an object, of branch and bound that of the run alone.
        """
        return seconds if self._required.any() else self.object.getRunTime() + seconds

    def iteration_limit(self) -> int:
        """Simplex iterations after which it is taken to cycle, at the size of now."""
        return ITERATIONS * (self.row_count() + self.column_count())

    def basis(self) -> Any:
        """The basis of now, for a warm start later."""
        return self.object.getBasis()

    def begin_from(self, basis: Any) -> None:
        """Start the next solve from a basis of this matrix (warm start)."""
        self.object.setBasis(basis)

    def start_from(self, values: np.ndarray, columns: np.ndarray | None = None) -> None:
        """Start branch and bound from a point (MIP start): values of all columns, or of some, which HiGHS completes."""
        if columns is not None:
            self.object.setSolution(len(columns), columns, values)
            return
        solution = highspy.HighsSolution()
        solution.col_value = values.tolist()
        self.object.setSolution(solution)

    # --- solving --------------------------------------------------------------------------------------------------

    def run(self, duals: bool = True) -> Answer:
        """Solve with the options set. Duals are read only if asked for, since reading them takes time.

        HiGHS 1.16 was seen to end branch and bound with the point of the solve before and the objective of this one. Then it solves
        once more from nothing; a point that still is not of its objective is none (`failed`).

        Raises Stopped once the watch in force is over, unless HiGHS then has a point; see `incumbent`.
        """
        answer = self._run(duals)
        if not self._is_of_its_point(answer):
            self.clear()
            answer = self._run(duals)
            answer = answer if self._is_of_its_point(answer) else replace(answer, status="failed")
        return answer.scaled(1 / self.scale)

    def _run(self, duals: bool) -> Answer:
        """One run, in the scale of HiGHS."""
        watch = self.watch or in_force()
        watch.check()
        self.found.clear()
        began = time.perf_counter()
        self.last_run = run = RunningSolve(self.object.run, self.threads)
        try:
            in_time = run.within(watch) or self._stop(run)
        except Stopped:
            self._stop(run, 0.0)
            raise
        if run.fault is not None:
            raise run.fault
        answer = self._answer(time.perf_counter() - began, duals)
        if not in_time and not answer.has_point:
            raise Stopped
        return answer

    def _stop(self, run: RunningSolve, grace: float = GRACE) -> bool:
        """Ask HiGHS to stop, which looks for that now and then, not everywhere; returns False. Raises Stopped where it does not
        stop within the grace: its run is then abandoned."""
        for kind in _INTERRUPTS.values():
            self._object.startCallback(kind)
        if not run.done.wait(grace):
            raise Stopped
        return False

    def _answer(self, seconds: float, duals: bool) -> Answer:
        """Status, values, objective, bound and duals of the last run, which took so many seconds."""
        info, solution = self.object.getInfo(), self.object.getSolution()
        status = _status(self.object.getModelStatus(), info)
        values, objective = _array(solution.col_value), info.objective_function_value
        if info.mip_node_count >= 0:
            return Answer(status, values, objective, min(info.mip_dual_bound, objective), seconds)
        answer = Answer(status, values, objective, objective if status == "optimal" else -INFINITY, seconds)
        return replace(answer, row_duals=_array(solution.row_dual), column_duals=_array(solution.col_dual)) if duals else answer

    def _is_of_its_point(self, answer: Answer) -> bool:
        """False where branch and bound states another objective than that of its point (relative difference above `STALE`)."""
        if not answer.has_point or self.object.getInfo().mip_node_count < 0:
            return True
        lp = self.object.getLp()
        own = dot(np.asarray(lp.col_cost_), answer.values) + lp.offset_
        return abs(own - answer.objective) <= STALE * max(abs(own), abs(answer.objective), 1.0)

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
            if not self._is_running:
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


def _model(matrix: Matrix, scale: float) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(matrix.columns), len(matrix.rows)
    lp.col_cost_, lp.offset_ = matrix.cost * scale, matrix.offset * scale
    lp.col_lower_, lp.col_upper_ = matrix.lower, matrix.upper
    lp.row_lower_, lp.row_upper_ = matrix.row_lower, matrix.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.start, matrix.index, matrix.value
    if matrix.integer.any():
        lp.integrality_ = [_INTEGER if i else _CONTINUOUS for i in matrix.integer.tolist()]
    return lp


def write_model(matrix: Matrix, path: Path, columns: Sequence[str], rows: Sequence[str]) -> None:
    """Write a matrix as an MPS file with these names. Raises OSError where it cannot be written."""
    lp, solver = _model(matrix, 1.0), _Silent()
    lp.col_names_, lp.row_names_ = list(columns), list(rows)
    solver.passModel(lp)
    if solver.writeModel(str(path)) == highspy.HighsStatus.kError:
        raise OSError(f"{path}: cannot be written")


def _array(values: list[float]) -> np.ndarray:
    """An array of numbers of HiGHS, which come as a list; `np.array` looks at each one's type first: half as long again."""
    return np.fromiter(values, float, len(values))


def _status(status: highspy.HighsModelStatus, info: Any) -> str:
    known: Mapping[Any, str] = {
        highspy.HighsModelStatus.kOptimal: "optimal",
        highspy.HighsModelStatus.kInfeasible: "infeasible",
        highspy.HighsModelStatus.kUnbounded: "unbounded",
        highspy.HighsModelStatus.kUnboundedOrInfeasible: UNDECIDED,
        highspy.HighsModelStatus.kModelEmpty: "optimal",
    }
    if status in known:
        return known[status]
    return "feasible" if info.primal_solution_status == 2 else "failed"


# --- linear ----------------------------------------------------------------------------------------------------------------
# The optimum of a linear programme, with the algorithm that suits its size.
#
# 1. Above `LARGE` columns an interior point method with crossover to an extreme point (HiPO where it is installed, else IPX);
# below, or where a basis is known, what HiGHS chooses (the simplex method).
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
