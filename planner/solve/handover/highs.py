"""The hand-over to HiGHS; the only file that imports highspy.

Variants of a matrix (rules dropped, decisions forbidden, integers fixed) are changes of its bounds, not new models. HiGHS runs in a
thread of its own, which is left alone where it does not end when the watch says so.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np

from models.errors import SolverError
from planner.solve.handover.matrix import INFINITY, Matrix
from planner.solve.machine.cores import cores
from planner.solve.machine.stopping import GRACE, Stopped, Watch, in_force

#: HiGHS's presolve may know no more than this.
UNDECIDED = "infeasible or unbounded"
#: Columns above which interior point beats simplex from nothing (measured on typical-day parks).
LARGE = 20_000
#: The simplex method has been seen to cycle: its iterations end at so many times the rows and columns.
ITERATIONS = 20
#: HiGHS's own, of reduced costs.
DUAL_TOLERANCE = 1e-7
#: How far from whole a number may be. With HiGHS's own 1e-6 a millionth of a large yes is free, and reaches a goal that is missed
#: by a hair.
WHOLE = 1e-8
#: Seed of HiGHS's random numbers; nothing else in a run is random.
SEED = 0


@dataclass(frozen=True)
class Answer:
    """What a solve gave. `status`: optimal, feasible (stopped with a point), infeasible, unbounded, failed."""

    status: str
    values: np.ndarray
    objective: float
    bound: float
    seconds: float
    row_duals: np.ndarray | None = None
    column_duals: np.ndarray | None = None

    @property
    def has_point(self) -> bool:
        """True if there is a plan to look at."""
        return self.status in ("optimal", "feasible")


#: Runs that have not ended, those that were left alone among them.
_at_work: set[_Runs] = set()


class _Runs:
    """HiGHS at work in a thread of its own, so that the caller can always go on."""

    def __init__(self, highs: highspy.Highs) -> None:
        self.done = threading.Event()
        self.fault: Exception | None = None
        _at_work.add(self)
        self.thread = threading.Thread(target=self._run, args=(highs,), daemon=True, name="HiGHS")
        self.thread.start()

    def _run(self, highs: highspy.Highs) -> None:
        try:
            highs.run()
        except Exception as fault:  # told to the caller
            self.fault = fault
        finally:
            _at_work.discard(self)
            self.done.set()

    def within(self, watch: Watch) -> bool:
        """Wait; False once the watch is over."""
        while not self.done.wait(min(0.1, watch.left())):
            if watch.is_over():
                return False
        return True


class _Found:
    """What branch and bound tells while it runs: the best point, its objective and the bound, as HiGHS scales them."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
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


_KINDS = highspy.cb.HighsCallbackType
_BETTER = int(_KINDS.kCallbackMipImprovingSolution)
_INTERRUPTS = {
    int(k): k for k in (_KINDS.kCallbackSimplexInterrupt, _KINDS.kCallbackIpmInterrupt, _KINDS.kCallbackMipInterrupt)
}


class Solver:
    """One HiGHS object that holds a matrix; keeps its basis between solves.

    A HiGHS that was left alone is never touched again: that would change what it is working on. Whoever tries meets Stopped.
    """

    def __init__(self, matrix: Matrix, threads: int = 0, log: bool = False) -> None:
        self.matrix = matrix
        self.scale = _cost_scale(matrix.cost)
        self._highs = highspy.Highs()
        self._last: _Runs | None = None
        self.highs.setOptionValue("output_flag", log)
        self.highs.setOptionValue("random_seed", SEED)
        self.highs.setOptionValue("mip_feasibility_tolerance", WHOLE)
        # Left to itself HiGHS takes half of the machine's cores, also of those that are not ours.
        self.highs.setOptionValue("threads", threads or (cores() + 1) // 2)
        self.highs.passModel(_highs_model(matrix, self.scale))
        self.found = _Found()
        #: A plan found on the way to the optimum, which branch and bound need not tell of.
        self.known: Answer | None = None
        self.highs.setCallback(self.found.tell, None)  # type: ignore[arg-type]  # the kind is a plain number
        for kind in (_KINDS.kCallbackMipImprovingSolution, _KINDS.kCallbackMipLogging):
            self.highs.startCallback(kind)

    @property
    def highs(self) -> highspy.Highs:
        """The HiGHS object. Raises Stopped where it was left alone and is still at work."""
        if self._last is not None and not self._last.done.is_set():
            raise Stopped
        return self._highs

    # --- variants -------------------------------------------------------------------------------------------------

    def free_rows(self, rows: np.ndarray) -> None:
        """Let rows hold no longer."""
        self.set_row_bounds(rows, np.full(len(rows), -INFINITY), np.full(len(rows), INFINITY))

    def restore_rows(self, rows: np.ndarray) -> None:
        """Let rows hold again."""
        self.set_row_bounds(rows, self.matrix.row_lower[rows], self.matrix.row_upper[rows])

    def set_row_bounds(self, rows: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> None:
        """Change the bounds of rows."""
        if len(rows):
            self.highs.changeRowsBounds(len(rows), rows, lower, upper)  # type: ignore[attr-defined]  # missing in the stubs

    def set_bounds(self, columns: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> None:
        """Change the bounds of columns."""
        if len(columns):
            self.highs.changeColsBounds(len(columns), columns, lower, upper)

    def restore_columns(self, columns: np.ndarray) -> None:
        """Give columns their own bounds again."""
        self.set_bounds(columns, self.matrix.lower[columns], self.matrix.upper[columns])

    def set_cost(self, cost: np.ndarray) -> None:
        """Change the whole objective."""
        self.highs.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost * self.scale)

    def set_costs_of(self, columns: np.ndarray, cost: np.ndarray) -> None:
        """Change the cost of some columns."""
        if len(columns):
            self.highs.changeColsCost(len(columns), columns, cost * self.scale)

    def prefer_less(self, columns: np.ndarray, tolerances: float) -> None:
        """Among equal optima prefer the one with less of these: a price of so many dual tolerances each.

        It is not part of the objective that is reported.
        """
        for column in columns.tolist():
            self.highs.changeColCost(column, float(self.matrix.cost[column]) * self.scale + tolerances * DUAL_TOLERANCE)

    def relax(self, relaxed: bool) -> None:
        """Let integers be fractions, or whole again."""
        places = np.flatnonzero(self.matrix.integer).astype(np.int32)
        kind = highspy.HighsVarType.kContinuous if relaxed else highspy.HighsVarType.kInteger
        if len(places):
            self.highs.changeColsIntegrality(len(places), places, np.full(len(places), kind))

    def add_slacks(self, rows: np.ndarray, cost: np.ndarray) -> np.ndarray:
        """Columns that let rows be broken at a cost, one in the direction that each row needs; gives their places."""
        return self.add_columns(rows, np.where(self.matrix.row_upper[rows] < INFINITY, -1.0, 1.0), cost)

    def add_columns(self, rows: np.ndarray, sign: np.ndarray | float, cost: np.ndarray) -> np.ndarray:
        """Columns that are at least 0, each in one row; gives their places."""
        first, count = self.highs.getNumCol(), len(rows)
        ones = np.broadcast_to(np.asarray(sign, dtype=float), count).copy()
        self.highs.addCols(
            count, cost * self.scale, np.zeros(count), np.full(count, INFINITY), count,
            np.arange(count, dtype=np.int32), rows.astype(np.int32), ones,
        )  # fmt: skip
        return np.arange(first, first + count, dtype=np.int32)

    def add_column(self, rows: np.ndarray, values: np.ndarray) -> int:
        """A column without cost in several rows, fixed at 0 until its bounds are changed; gives its place."""
        self.highs.addCol(0.0, 0.0, 0.0, len(rows), rows.astype(np.int32), values)
        return self.highs.getNumCol() - 1

    def add_free_columns(self, cost: np.ndarray) -> np.ndarray:
        """Columns in no row yet, without bounds; gives their places."""
        first = self.highs.getNumCol()
        for price in cost.tolist():
            self.highs.addCol(price * self.scale, -INFINITY, INFINITY, 0, np.zeros(0, dtype=np.int32), np.zeros(0))
        return np.arange(first, first + len(cost), dtype=np.int32)

    def add_bounded_column(
        self, cost: float, lower: float, upper: float, rows: np.ndarray | None = None, values: np.ndarray | None = None
    ) -> int:
        """One more column, in some rows; gives its place."""
        rows = np.zeros(0) if rows is None else rows
        values = np.zeros(0) if values is None else values
        self.highs.addCol(cost * self.scale, lower, upper, len(rows), rows.astype(np.int32), values)
        return self.highs.getNumCol() - 1

    def row_count(self) -> int:
        """Rows that there are now."""
        return self.highs.getNumRow()

    def add_row(self, lower: float, upper: float, columns: np.ndarray, values: np.ndarray) -> None:
        """One more row."""
        self.highs.addRow(lower, upper, len(columns), columns, values)

    # --- solving --------------------------------------------------------------------------------------------------

    def options(self, **values: Any) -> None:
        """Set HiGHS options."""
        for name, value in values.items():
            self.highs.setOptionValue(name, value)

    def basis(self) -> Any:
        """The basis of now, to begin from later: HiGHS's own."""
        return self.highs.getBasis()

    def begin_from(self, basis: Any) -> None:
        """Begin the next solve from a basis of this matrix."""
        self.highs.setBasis(basis)

    def start_from(self, values: np.ndarray) -> None:
        """Give a point to start from."""
        solution = highspy.HighsSolution()
        solution.col_value = values.tolist()
        self.highs.setSolution(solution)

    def start_from_some(self, columns: np.ndarray, values: np.ndarray) -> None:
        """Give the values of some columns to start from; HiGHS finds the others."""
        self.highs.setSolution(len(columns), columns, values)

    def run(self, duals: bool = True) -> Answer:
        """Solve as the options say; without `duals`, which are None then, where nobody asks for them: they take time.

        Raises Stopped once the watch in force is over, unless HiGHS then gives a point; see `incumbent`.
        """
        watch = in_force()
        watch.check()
        self.found.clear()
        began = time.perf_counter()
        run = self._last = _Runs(self.highs)
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

    def decided(self, duals: bool = True) -> Answer:
        """As `run`, and again without presolve where that cannot tell infeasible from unbounded, which it says of feasible
        programmes, too."""
        answer = self.run(duals)
        return self.without_presolve(duals) if answer.status == UNDECIDED else answer

    def surely(self, duals: bool = True) -> Answer:
        """As `run`, and again without presolve where it ends as infeasible in whatever way."""
        answer = self.run(duals)
        return self.without_presolve(duals) if answer.status.startswith("infeasible") else answer

    def without_presolve(self, duals: bool = True) -> Answer:
        """Solve anew, without presolve."""
        self.highs.clearSolver()
        self.options(presolve="off")
        try:
            return self.run(duals)
        finally:
            if self._last is None or self._last.done.is_set():
                self.options(presolve="choose")

    def warm(self) -> None:
        """Be solved again and again from the last basis, by the simplex method; see `optimum`.

        Without presolve: the simplex method is then faster from nothing, too, and HiGHS keeps no second copy of the matrix.
        """
        most = ITERATIONS * (self.highs.getNumRow() + self.highs.getNumCol())
        self.options(solver="simplex", presolve="off", simplex_iteration_limit=most)

    def optimum(self, what: str, duals: bool = True) -> Answer:
        """The optimum, from the last basis, or from nothing and with presolve where that does not come to an end.

        Raises SolverError, naming what was solved, where there is none, and Stopped as `run`.
        """
        answer = self.run(duals)
        if answer.status != "optimal":
            self.highs.clearSolver()
            self.options(presolve="on")
            answer = self.run(duals)
            self.options(presolve="off")
        if answer.status != "optimal":
            raise SolverError(f"{what}: HiGHS stopped with status {answer.status!r}")
        return answer

    def _stop(self, run: _Runs, grace: float = GRACE) -> bool:
        """Ask HiGHS to stop, and leave it alone where it does not; gives False."""
        for kind in _INTERRUPTS.values():
            self._highs.startCallback(kind)
        if not run.done.wait(grace):
            raise Stopped
        return False

    def forget(self) -> None:
        """Know of no plan: another one is asked for."""
        self.known = None
        self.found.clear()

    def incumbent(self) -> Answer | None:
        """The best plan known when a solve is stopped: what branch and bound told of, or `known`."""
        bound = max(self.found.bound / self.scale, self.known.bound if self.known else -INFINITY)
        objective = self.found.objective / self.scale
        if self.found.values is not None and (self.known is None or objective < self.known.objective):
            return Answer("feasible", self.found.values, objective, min(bound, objective), 0.0)
        return self.known and replace(self.known, status="feasible", bound=min(bound, self.known.objective))

    def _answer(self, seconds: float, duals: bool) -> Answer:
        """What HiGHS holds after a run."""
        info = self.highs.getInfo()
        status = _status(self.highs.getModelStatus(), info)
        solution = self.highs.getSolution()
        values = np.array(solution.col_value)
        objective = info.objective_function_value / self.scale
        if info.mip_node_count >= 0:
            return Answer(status, values, objective, min(info.mip_dual_bound / self.scale, objective), seconds)
        bound = objective if status == "optimal" else -INFINITY
        if not duals:
            return Answer(status, values, objective, bound, seconds)
        rows, columns = np.array(solution.row_dual) / self.scale, np.array(solution.col_dual) / self.scale
        return Answer(status, values, objective, bound, seconds, rows, columns)


def _cost_scale(cost: np.ndarray) -> float:
    """A power of two that brings the typical cost near 1: dual tolerances are absolute."""
    sizes = np.abs(cost[cost != 0])
    return 2.0 ** -round(float(np.mean(np.log2(sizes)))) if len(sizes) else 1.0


def _highs_model(matrix: Matrix, scale: float) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(matrix.columns), len(matrix.rows)
    lp.col_cost_, lp.offset_ = matrix.cost * scale, matrix.offset * scale
    lp.col_lower_, lp.col_upper_ = matrix.lower, matrix.upper
    lp.row_lower_, lp.row_upper_ = matrix.row_lower, matrix.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.start, matrix.index, matrix.value
    if matrix.integer.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(i)] for i in matrix.integer]
    return lp


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
    feasible = info.primal_solution_status == 2
    if feasible:
        return "feasible"
    return "failed"


def has_hipo() -> bool:
    """True if the interior point solver HiPO is there; asked for without it, HiGHS would go on with another."""
    try:
        import highspy_extras  # noqa: F401
    except ImportError:
        return False
    return True


def require_point(answer: Answer, what: str) -> Answer:
    """The answer, or SolverError where there is none."""
    if not answer.has_point:
        raise SolverError(f"{what}: HiGHS stopped with status {answer.status!r}")
    return answer
