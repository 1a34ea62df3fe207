"""HiGHS: the only file that uses highspy. It gives a HiGHS object a matrix, changes it, runs it, and reads the answer.

Costs and objective are here in the scale that `solver` hands over. HiGHS runs in a thread of its own (`RunningSolve`): it can be
asked to stop, and branch and bound reports its incumbent and its bound meanwhile (`RunningIncumbent`).

HiGHS 1.11 to 1.15.1 calls plans optimal that are not, with presolve and without (decision 28); 1.16 has those right.
Branch and bound is one search here, never several beside each other: the number of cores decides no plan.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import highspy
import numpy as np

from models.dot import dot
from planner.machine.resources import SEED, cores
from planner.machine.stopping import Stopped, Watch
from planner.solve.handover.matrix import INFINITY, Matrix

# --- answer ----------------------------------------------------------------------------------------------------------------
# The answer of a solve.


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
# A run of HiGHS in another thread, which the time limit of the whole run and Ctrl-C can end.
#
# HiGHS does not look at its time limit everywhere. Where it does not stop when it is asked to, its thread is abandoned and the
# run of
# the program goes on; an abandoned HiGHS object is never used again.
#
# Threads are used again, since many runs are shorter than the start of a thread. But a thread is only used again for runs with
# the
# same HiGHS option `threads`: HiGHS keeps a scheduler for each thread that calls it, and refuses a run with another number.

#: Runs that have not ended, the abandoned ones among them.
unfinished: set[RunningSolve] = set()
#: Idle threads. Key: the number of threads that HiGHS itself may use in their runs.
idle: dict[int, list[_Runner]] = {}


class _Runner(threading.Thread):
    """A thread that makes runs."""

    def __init__(self) -> None:
        super().__init__(daemon=True, name="HiGHS")
        self.orders: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self.start()

    def run(self) -> None:
        """Make every run that is ordered."""
        while True:
            self.orders.get()()


class RunningSolve:
    """One run, in which HiGHS may use `threads` threads. `done` is set when it ends; `fault` is the exception it raised, if any."""

    def __init__(self, work: Callable[[], object], threads: int) -> None:
        self.done = threading.Event()
        self.fault: Exception | None = None
        self._work, self._idle = work, idle.setdefault(threads, [])
        unfinished.add(self)
        try:
            self._runner = self._idle.pop()
        except IndexError:
            self._runner = _Runner()
        self._runner.orders.put(self._make)

    def _make(self) -> None:
        try:
            self._work()
        except Exception as fault:  # raised again in the thread that waits
            self.fault = fault
        finally:
            unfinished.discard(self)
            self._idle.append(self._runner)
            self.done.set()

    def within(self, watch: Watch) -> bool:
        """Wait for the end; False once the watch is over."""
        while not self.done.wait(min(0.1, watch.left())):
            if watch.is_over():
                return False
        return True


# --- highs -----------------------------------------------------------------------------------------------------------------

#: Status where presolve cannot tell the two apart.
UNDECIDED = "infeasible or unbounded"
#: Relative difference of an objective and that of its point above which the point is of another solve.
STALE = 1e-6
#: HiGHS's own limit of simplex iterations: none.
NO_LIMIT = 2**31 - 1
#: HiGHS's tolerance of reduced costs.
DUAL_TOLERANCE = 1e-7
#: Integrality tolerance. With HiGHS's own 1e-6 a binary variable of 1e-6 would allow a millionth of a large order without its fixed
#: cost, enough to close a goal that is missed by very little.
WHOLE = 1e-8
#: Events for which HiGHS calls back.
_KINDS = highspy.cb.HighsCallbackType
_BETTER = int(_KINDS.kCallbackMipImprovingSolution)
_INTERRUPTS = {int(k): k for k in (_KINDS.kCallbackSimplexInterrupt, _KINDS.kCallbackIpmInterrupt, _KINDS.kCallbackMipInterrupt)}
_CONTINUOUS, _INTEGER = highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger


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


class Highs:
    """One HiGHS object. Where its run was abandoned and has not ended, everything but `interrupt` raises Stopped.

    found  incumbent and bound of branch and bound
    """

    def __init__(self, matrix: Matrix, scale: float, threads: int, log: bool) -> None:
        """`scale`: factor on costs; `threads`: 0 = half of the cores that are ours."""
        self._object = _Silent()
        self.last_run: RunningSolve | None = None
        # Left to itself HiGHS takes half of the machine's cores, also of those that are not ours.
        self.threads = threads or (cores() + 1) // 2
        self.set_options(output_flag=log, random_seed=SEED, mip_feasibility_tolerance=WHOLE, threads=self.threads, parallel="off")
        self._object.passModel(_model(matrix, scale))
        #: Whether a column is an integer now.
        self._required = np.array(matrix.integer, dtype=bool)
        self.found = RunningIncumbent()
        self._object.setCallback(self.found.tell, None)  # type: ignore[arg-type]  # the kind is a plain number
        for kind in (_KINDS.kCallbackMipImprovingSolution, _KINDS.kCallbackMipLogging):
            self._object.startCallback(kind)

    @property
    def object(self) -> highspy.Highs:
        """The object of highspy, for this file and tests. Raises Stopped where its run was abandoned and has not ended."""
        if self.is_running():
            raise Stopped
        return self._object

    # --- the problem ------------------------------------------------------------------------------------------------------

    def columns(self) -> int:
        """Number of columns, with those that were added."""
        return self.object.getNumCol()

    def rows(self) -> int:
        """Number of rows, with those that were added."""
        return self.object.getNumRow()

    def set_row_bounds(self, rows: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> None:
        """Change the bounds of rows."""
        self.object.changeRowsBounds(len(rows), rows, lower, upper)  # type: ignore[attr-defined]  # missing in the stubs

    def set_bounds(self, columns: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> None:
        """Change the bounds of columns."""
        self.object.changeColsBounds(len(columns), columns, lower, upper)

    def set_costs(self, columns: np.ndarray, cost: np.ndarray) -> None:
        """Change the cost of columns."""
        self.object.changeColsCost(len(columns), columns, cost)

    def set_cost(self, column: int, cost: float) -> None:
        """Change the cost of one column."""
        self.object.changeColCost(column, cost)

    def set_offset(self, offset: float) -> None:
        """Change the constant of the objective."""
        self.object.changeObjectiveOffset(offset)

    def set_integer(self, columns: np.ndarray, integer: bool) -> None:
        """Require that columns be integer, or relax them."""
        self._required[columns] = integer
        self.object.changeColsIntegrality(len(columns), columns, np.full(len(columns), _INTEGER if integer else _CONTINUOUS))

    def add_column(self, cost: float, lower: float, upper: float, rows: np.ndarray, values: np.ndarray) -> int:
        """One column; returns its place."""
        self.object.addCol(cost, lower, upper, len(rows), rows.astype(np.int32), values)
        return self.columns() - 1

    def add_slack_columns(self, rows: np.ndarray, values: np.ndarray, cost: np.ndarray) -> np.ndarray:
        """Columns of at least 0, each in one row; returns their places."""
        first, count = self.columns(), len(rows)
        self.object.addCols(
            count,
            cost,
            np.zeros(count),
            np.full(count, INFINITY),
            count,
            np.arange(count, dtype=np.int32),
            rows.astype(np.int32),
            values,
        )
        return np.arange(first, first + count, dtype=np.int32)

    def add_row(self, lower: float, upper: float, columns: np.ndarray, values: np.ndarray) -> None:
        """One row."""
        self.object.addRow(lower, upper, len(columns), columns, values)

    def delete_rows(self, rows: np.ndarray) -> None:
        """Delete rows; those after them move up."""
        self.object.deleteRows(len(rows), rows.astype(np.int32))

    # --- how it is solved -------------------------------------------------------------------------------------------------

    def set_options(self, **values: Any) -> None:
        """Set options of HiGHS by their names."""
        for name, value in values.items():
            self.object.setOptionValue(name, value)

    def clear(self) -> None:
        """Forget basis and solution."""
        self.object.clearSolver()

    def until(self, seconds: float) -> float:
        """The `time_limit` that leaves the next run this many seconds.

        Of a linear programme HiGHS 1.16 counts the time of all runs of an object, of branch and bound that of the run alone.
        """
        return seconds if self._required.any() else self.object.getRunTime() + seconds

    def basis(self) -> Any:
        """The basis of now."""
        return self.object.getBasis()

    def set_basis(self, basis: Any) -> None:
        """Begin the next run from a basis."""
        self.object.setBasis(basis)

    def start_from(self, values: np.ndarray, columns: np.ndarray | None = None) -> None:
        """Begin branch and bound from a point (MIP start): values of all columns, or of some, which HiGHS completes."""
        if columns is not None:
            self.object.setSolution(len(columns), columns, values)
            return
        solution = highspy.HighsSolution()
        solution.col_value = values.tolist()
        self.object.setSolution(solution)

    # --- running ----------------------------------------------------------------------------------------------------------

    def start(self) -> RunningSolve:
        """Begin a run in another thread."""
        self.last_run = RunningSolve(self.object.run, self.threads)
        return self.last_run

    def is_running(self) -> bool:
        """True if the last run has not ended."""
        return self.last_run is not None and not self.last_run.done.is_set()

    def interrupt(self) -> None:
        """Ask the run to stop; HiGHS looks for that now and then, not everywhere."""
        for kind in _INTERRUPTS.values():
            self._object.startCallback(kind)

    def answer(self, seconds: float, duals: bool) -> Answer:
        """Status, values, objective, bound and duals of the last run, which took so many seconds."""
        info = self.object.getInfo()
        status = _status(self.object.getModelStatus(), info)
        solution = self.object.getSolution()
        values, objective = _array(solution.col_value), info.objective_function_value
        if info.mip_node_count >= 0:
            return Answer(status, values, objective, min(info.mip_dual_bound, objective), seconds)
        bound = objective if status == "optimal" else -INFINITY
        if not duals:
            return Answer(status, values, objective, bound, seconds)
        return Answer(status, values, objective, bound, seconds, _array(solution.row_dual), _array(solution.col_dual))

    def is_of_its_point(self, answer: Answer) -> bool:
        """False where branch and bound states another objective than that of its point (relative difference above `STALE`)."""
        if not answer.has_point or self.object.getInfo().mip_node_count < 0:
            return True
        lp = self.object.getLp()
        own = dot(np.asarray(lp.col_cost_), answer.values) + lp.offset_
        return abs(own - answer.objective) <= STALE * max(abs(own), abs(answer.objective), 1.0)


class _Silent(highspy.Highs):
    """HiGHS's object, which else prints its name as it is made, before anybody can tell it not to."""

    def enableCallbacks(self) -> None:
        """Called as the object is made."""
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()


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


def _array(values: list[float]) -> np.ndarray:
    """An array of numbers of HiGHS, which come as a list; `np.array` looks at each one's type first: half as long again."""
    return np.fromiter(values, float, len(values))


def write_model(matrix: Matrix, path: Path, columns: Sequence[str], rows: Sequence[str]) -> None:
    """Write a matrix as an MPS file with these names. Raises OSError where it cannot be written."""
    lp, solver = _model(matrix, 1.0), _Silent()
    lp.col_names_, lp.row_names_ = list(columns), list(rows)
    solver.passModel(lp)
    if solver.writeModel(str(path)) == highspy.HighsStatus.kError:
        raise OSError(f"{path}: cannot be written")


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


def has_hipo() -> bool:
    """True if the interior point solver HiPO is installed, whose package has to be of HiGHS's own version; without it HiGHS would
    silently use another."""
    try:
        return version("highspy-extras") == version("highspy")
    except PackageNotFoundError:
        return False
