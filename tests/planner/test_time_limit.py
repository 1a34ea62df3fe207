"""A time limit holds whatever HiGHS does: with the best plan so far, or with what was tried.

Most limits are told by a clock that the test moves, so that nothing here depends on how busy the machine is.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import highspy
import numpy as np
import pytest

from models.inputs import resolve
from planner.clock import Clock
from planner.explain.explanation import NO_TIME_FOR_REMEDIES
from planner.machine import stopping
from planner.machine.stopping import GRACE, TIME_LIMIT, Stopped, Watch, watched
from planner.park import GoalRequest, read_case
from planner.plan import LEAST_COST, REFERENCE, TARGET
from planner.planning.methods import DecomposedMethod
from planner.planning.run import NOT_REACHED, Options, plan_park
from planner.planning.strategy import days_in_time
from planner.planning.task import Task
from planner.solve.benders.decomposed import solve_decomposed
from planner.solve.benders.trials import SLACK_TOLERANCE, Trial, Trials
from planner.solve.handover import solver as handover
from planner.solve.handover.matrix import INFINITY, Matrix
from planner.solve.handover.solver import Solver
from planner.solve.whole.whole import Limits, solve_whole

GOAL = GoalRequest("zero-carbon", 2028, (("low-carbon", 2026),))
#: Seconds of processor time that may pass beside.
SLACK = 2.0
#: Seconds after which a test gives up, where what it tests would go on for ever.
FOREVER = 60.0


class Hand:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = time.perf_counter()

    def perf_counter(self) -> float:
        return self.now

    def pass_limit(self) -> None:
        """More than any limit here goes by."""
        self.now += 1e3


@pytest.fixture
def clock(monkeypatch) -> Hand:
    """What every watch of the test goes by."""
    hand = Hand()
    monkeypatch.setattr(stopping, "time", hand)
    return hand


@pytest.fixture
def deaf(monkeypatch, clock) -> Iterator[Callable[[int], None]]:
    """Makes HiGHS ignore everything from its n-th run on, as it may inside presolve, until the test is over; the limit passes then."""
    released = threading.Event()
    solve = highspy.Highs.run
    def from_run(number: int) -> None:
        runs = [0]
        def run(own: highspy.Highs):
            runs[0] += 1
            if runs[0] < number:
                return solve(own)
            clock.pass_limit()
            return released.wait(FOREVER)
        monkeypatch.setattr(highspy.Highs, "run", run)
    yield from_run
    released.set()
    for left in list(handover.unfinished):
        left.done.wait(10)


def knapsack(count: int) -> Matrix:
    """So many things to choose from, forty limits, and nothing that makes the choice easy."""
    rows, chance = 40, np.random.default_rng(0)
    weight = chance.integers(1, 100, (count, rows)).astype(float)
    return Matrix(columns=[None] * count, rows=[None] * rows, cost=-(weight.sum(axis=1) + chance.integers(1, 100, count)),
        offset=0.0, start=np.arange(0, count * rows + 1, rows, dtype=np.int32),
        index=np.tile(np.arange(rows, dtype=np.int32), count), value=weight.ravel(), lower=np.zeros(count), upper=np.ones(count),
        row_lower=np.full(rows, -INFINITY), row_upper=weight.sum(axis=0) / 2, integer=np.ones(count, dtype=bool))


def endless() -> None:
    """Work in Python that would go on for ever; it counts its own processor time, so that a busy machine does not end it."""
    until = time.thread_time() + FOREVER
    while time.thread_time() < until:
        sum(range(100))


def test_work_in_python_is_ended_wherever_it_is() -> None:
    watch, began = Watch(0.3), time.thread_time()
    with pytest.raises(Stopped):
        watch.guarded(endless)
    assert time.thread_time() - began < 0.3 + 2 * GRACE + SLACK and watch.reason == TIME_LIMIT and watch.is_over()


def test_work_in_another_thread_is_ended_too() -> None:
    ended: list[type[BaseException]] = []
    def run() -> None:
        try:
            Watch(0.2).guarded(endless)
        except Stopped as stop:
            ended.append(type(stop))
    worker = threading.Thread(target=run)
    worker.start()
    worker.join()
    assert ended == [Stopped]


def test_work_that_ends_in_time_gives_its_result_and_nothing_strikes_later(clock) -> None:
    assert Watch(0.4).guarded(lambda: "done") == "done"
    clock.pass_limit()
    until = time.perf_counter() + 2 * GRACE + 0.3
    while time.perf_counter() < until:
        time.sleep(0.01)


def test_a_piece_of_work_may_have_less_time_than_the_run(clock) -> None:
    watch = Watch(60.0)
    def work() -> None:
        clock.now += 0.2
        endless()
    with pytest.raises(Stopped):
        watch.guarded(work, most=0.1)
    assert watch.reason == "" and watch.left() > 30


def test_what_is_kept_for_writing_ends_the_work_earlier(clock) -> None:
    watch = Watch(10.0)
    watch.keep(2.0)
    assert 6.0 < watch.left() <= 6.5
    watch.keep(1e3)
    assert 5.0 < watch.left() <= 6.0


def test_work_is_not_begun_once_the_watch_is_over() -> None:
    watch = Watch(60.0)
    watch.end("Ctrl-C")
    with pytest.raises(Stopped):
        watch.guarded(lambda: pytest.fail("was begun"))


def test_a_limit_of_seconds_is_one_of_the_next_run_alone(monkeypatch) -> None:
    """HiGHS counts the seconds of all runs of an object for a linear programme, of branch and bound those of the run."""
    solver = Solver(knapsack(10))
    monkeypatch.setattr(type(solver.object), "getRunTime", lambda _: 1000.0)
    assert solver.until(30.0) == 30.0
    solver.relax(True)
    assert solver.until(30.0) == 1030.0
    solver.relax(False)
    solver.relax(True, np.flatnonzero(solver.matrix.integer).astype(np.int32))
    assert solver.until(30.0) == 1030.0


def test_highs_itself_counts_so() -> None:
    """Of three runs of branch and bound on one object each has its whole limit: none of it is gone with the runs before."""
    solver = Solver(knapsack(200))
    for _ in range(3):
        solver.clear()
        solver.options(time_limit=0.5)
        assert solver.run().status == "feasible"
    assert solver.object.getRunTime() >= 1.5


def test_a_run_that_ignores_its_limit_is_left_alone(deaf) -> None:
    solver = Solver(knapsack(10))
    deaf(1)
    with watched(Watch(0.3)), pytest.raises(Stopped):
        solver.run()
    assert solver.last_run in handover.unfinished
    for touch in (lambda: solver.set_cost(np.zeros(3)), lambda: solver.relax(True), lambda: solver.clear(), solver.run,
        lambda: solver.set_bounds(np.zeros(1, dtype=np.int32), np.zeros(1), np.zeros(1))):
        with pytest.raises(Stopped):
            touch()


def test_runs_one_after_the_other_share_a_thread_and_one_that_was_left_alone_keeps_its_own(deaf, monkeypatch) -> None:
    monkeypatch.setattr(handover, "idle", {})
    first, second = (Solver(knapsack(4), threads=1) for _ in range(2))
    assert first.run().status == second.run().status == first.run().status == "optimal" and len(handover.idle[1]) == 1
    deaf(1)
    with watched(Watch(0.3)), pytest.raises(Stopped):
        second.run()
    assert not handover.idle[1]


def test_highs_may_use_other_numbers_of_threads_in_turn(monkeypatch) -> None:
    """It refuses a run with another number of threads than an earlier one in the same thread had."""
    monkeypatch.setattr(handover, "idle", {})
    solvers = [Solver(knapsack(4), threads=count) for count in (1, 2, 3, 1, 2)]
    assert len({(answer := solver.run()).status for solver in solvers}) == 1 and answer.status == "optimal"
    assert {count: len(threads) for count, threads in handover.idle.items()} == {1: 1, 2: 1, 3: 1}


def test_branch_and_bound_is_asked_to_stop_and_gives_its_plan_with_a_bound(clock, monkeypatch) -> None:
    """The knapsack takes far longer to prove; HiGHS is stopped by the watch, not by a limit of its own. The limit passes once HiGHS
    has told of a plan and of a bound."""
    tell, stop = handover.RunningIncumbent.tell, Solver._stop
    def told(own: handover.RunningIncumbent, *words) -> None:
        tell(own, *words)
        if own.values is not None and np.isfinite(own.bound):
            clock.pass_limit()
    monkeypatch.setattr(handover.RunningIncumbent, "tell", told)
    monkeypatch.setattr(Solver, "_stop", lambda own, run: stop(own, run, FOREVER))
    solver = Solver(knapsack(300), threads=1)
    solver.options(mip_rel_gap=0.0)
    with watched(Watch(1.5)):
        answer = solver.run()
    assert answer.status == "feasible" and solver.object.getModelStatus() == highspy.HighsModelStatus.kInterrupt
    assert answer.bound < answer.objective < 0
    weight = solver.matrix.value.reshape(300, -1)
    assert (answer.values @ weight <= solver.matrix.row_upper + 1e-6).all()


def test_the_incumbent_is_known_while_branch_and_bound_still_runs() -> None:
    """What HiGHS told of is there even if it never comes back."""
    solver = Solver(knapsack(300), threads=1)
    solver.options(mip_rel_gap=0.0, mip_max_improving_sols=1)
    answer = solver.run()
    told = solver.incumbent()
    assert answer.status == "feasible" and told is not None and told.objective == pytest.approx(answer.objective)
    assert told.values == pytest.approx(answer.values, abs=1e-6) and told.bound <= told.objective


def test_a_plan_found_by_rounding_is_the_incumbent_until_a_better_one_is_found() -> None:
    solver = Solver(knapsack(10))
    answer = solve_whole(solver, Limits(0.0))
    solver.found.clear()
    solver.known = answer
    kept = solver.incumbent()
    assert kept is not None and (kept.status, kept.objective) == ("feasible", answer.objective)


def test_solvers_of_different_threads_do_not_disturb_each_other() -> None:
    """HiGHS keeps one scheduler a thread, and refuses to run where its size is not what is asked for."""
    assert Solver(knapsack(10), threads=2).run().status == "optimal" and Solver(knapsack(10), threads=1).run().status == "optimal"


def test_a_fault_inside_highs_is_raised_where_it_was_called(monkeypatch) -> None:
    solver = Solver(knapsack(10))
    monkeypatch.setattr(highspy.Highs, "run", lambda _: (_ for _ in ()).throw(RuntimeError("broken")))
    with pytest.raises(RuntimeError, match="broken"):
        solver.run()


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_a_deaf_solver_from_the_beginning_gives_failed_with_what_was_tried(small, deaf, method) -> None:
    case = read_case(small.folder, goal=GOAL)
    deaf(1)
    run = plan_park(case, Options(time_limit=3.0, method=method))
    assert handover.unfinished, "HiGHS was not waited for"
    assert run.target.status == "failed" and not run.target.has_tables and "no plan was found in" in run.target.note
    assert "solving target" in run.target.note and run.explanation == (run.target.note,)
    assert {run.plans[name].note for name in (LEAST_COST, REFERENCE)} == {NOT_REACHED}


def test_plans_to_compare_with_that_are_not_reached_are_said(small, deaf) -> None:
    case = read_case(small.folder, goal=GOAL)
    deaf(3)  # the target plan takes two runs: with presolve and without
    run = plan_park(case, Options(time_limit=3.0, method="whole"))
    assert run.target.status == "optimal" and run.plans[LEAST_COST].status == "failed"
    assert "solving least-cost" in run.plans[LEAST_COST].note and run.plans[REFERENCE].note == NOT_REACHED


def test_the_decomposed_method_gives_the_best_trial_with_its_bound(small, deaf, monkeypatch) -> None:
    """From the first trial that is a plan on HiGHS hears nothing more."""
    small.edit("costs.csv", "5000,CNY/kW", "50000,CNY/kW\nsolar,project_cost,,1000,CNY")
    case = read_case(small.folder, goal=GOAL)
    optimum = plan_park(case, Options(gap=1e-6, compare=False, method="decomposed"))
    keep = Trials._keep
    def kept(own: Trials, trial: Trial) -> None:
        keep(own, trial)
        if own.overall.incumbent is not None:
            deaf(1)
    monkeypatch.setattr(Trials, "_keep", kept)
    best = plan_park(case, Options(gap=1e-9, time_limit=2.5, compare=False, method="decomposed")).target
    assert best.system_cost is not None and best.bound is not None and best.note == "stopped by the time limit"
    assert best.status == ("optimal" if best.gap <= 1e-9 else "feasible")  # the first plan may be the best one
    assert optimum.target.system_cost is not None and optimum.target.bound is not None
    assert best.bound - 1 <= optimum.target.system_cost and optimum.target.bound - 1 <= best.system_cost
    assert set(best.tables) == set(optimum.target.tables)


def test_a_plan_is_sought_until_there_is_one_or_the_run_ends(small) -> None:
    """Its share of the time may be over before any whole numbers were tried; the plans to compare with can wait."""
    case = read_case(small.folder, goal=GOAL)
    inputs = resolve(case, case.goal, case.park.base_emissions)
    method = DecomposedMethod(Task(inputs, "CNY", 1e-3, Clock(lambda *_: None, Watch())))
    state = solve_decomposed(method.master, method.years, Limits(1e-9, 1e-6), lambda _: None, None, method.rounding)
    assert state.status == "feasible" and state.point is not None and state.incumbent.slack <= SLACK_TOLERANCE
    optimum = plan_park(case, Options(gap=1e-6, compare=False)).target.system_cost
    assert state.bound - 1 <= optimum <= state.cost + 1


def test_a_limit_that_ends_before_the_model_is_built_says_where(small, monkeypatch, clock) -> None:
    case = read_case(small.folder, goal=GOAL)
    def build(_) -> None:
        clock.pass_limit()
        endless()
    monkeypatch.setattr("planner.planning.methods.build_park", build)
    began = time.thread_time()
    run = plan_park(case, Options(time_limit=2.0, method="whole"))
    assert time.thread_time() - began < 2.2 + SLACK and run.target.status == "failed" and "last: building" in run.target.note


def test_explaining_ends_with_the_limit_too(small, deaf) -> None:
    """1 MW of sun cannot bring emissions to 0; which rule blocks is not found by a solver that is deaf."""
    small.edit("stages.csv", "ladder,zero-carbon,3,gross_ratio,<=,0.5", "ladder,zero-carbon,3,gross_ratio,<=,0.0")
    case = read_case(small.folder, goal=GOAL)
    deaf(2)
    run = plan_park(case, Options(time_limit=3.0, method="whole"))
    assert handover.unfinished, "HiGHS was not waited for"
    assert run.target.status == "infeasible"
    assert run.explanation == ("zero-carbon by 2028 cannot be met; the time did not suffice to find out which rules block it.",
        NO_TIME_FOR_REMEDIES)


def test_a_stopped_plan_that_misses_demand_is_no_proof_that_the_goal_cannot_be_met(small) -> None:
    """Without time, the decomposed method may know only trials that miss something."""
    case = read_case(small.folder, goal=GOAL)
    run = plan_park(case, Options(time_limit=1e-3, method="decomposed"))
    assert run.target.status == "failed"


def test_a_run_that_failed_writes_what_was_tried_and_ends_with_4(small, plan, deaf, tmp_path) -> None:
    deaf(1)
    said = plan("--park", "park", "--target", "zero-carbon", "--by", 2028, "--out", "out", "--time-limit", 5, "--quiet")
    assert said.code == 4 and "no plan was found in" in said.out
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["status"] == "failed" and "solving target" in summary["plans"][TARGET]["note"]


def test_reading_counts_too(small, plan, monkeypatch, tmp_path, clock) -> None:
    def read(*_, **__) -> None:
        clock.pass_limit()
        endless()
    monkeypatch.setattr("planner.command.run.read_case", read)
    said = plan("--park", "park", "--target", "zero-carbon", "--by", 2028, "--out", "out", "--time-limit", 5)
    assert said.code == 4 and "no plan was found in 5 s, reading the park took them; nothing was written" in said.err
    assert not (tmp_path / "out").exists()


def test_the_start_of_python_counts_too() -> None:
    """Known where the system tells when a process began; elsewhere 0."""
    code = "import time; time.sleep(0.3); from planner.start import _running_for; print(_running_for())"
    began = time.perf_counter()
    told = float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
    assert 0.3 <= told < time.perf_counter() - began + 0.1 if Path("/proc/self/stat").exists() else told == 0.0


def test_the_time_before_the_command_counts_too(small, plan, monkeypatch) -> None:
    """The program's start is part of the limit: here it has used it up."""
    monkeypatch.setattr("planner.command.run.Watch", lambda limit, _: Watch(limit, time.perf_counter() - 5.0))
    said = plan("--park", "park", "--target", "zero-carbon", "--by", 2028, "--out", "out", "--time-limit", 5)
    assert said.code == 4 and "no plan was found in 5 s" in said.err


@pytest.mark.parametrize(("seconds", "days"), [(None, 12), (90.0, 12), (60.0, 8), (30.0, 4), (1.0, 2)])
def test_a_short_limit_plans_on_fewer_days_but_on_two(seconds: float | None, days: int) -> None:
    """12 days have 180,000 columns, a day 15,000, and a second is enough for 2,000."""
    assert days_in_time(12, 180_000, seconds) == days


def test_no_day_is_added_to_one() -> None:
    assert days_in_time(1, 180_000, 5.0) == 1
