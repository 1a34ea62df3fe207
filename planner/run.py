"""A run: from a case and a goal to the three plans that are compared."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from models.case import Case
from models.errors import CaseError
from models.inputs import Inputs, TypicalDays, resolve, resolve_existing
from models.park import build_existing, build_park
from planner.check import check_plan
from planner.days import choose_days
from planner.explain.blocking import find_blocking, unserved
from planner.explain.words import say_blocking, say_unexplained, say_unserved
from planner.methods import Clock, DecomposedMethod, Method, Progress, Task, WholeMethod
from planner.plan import LEAST_COST, REFERENCE, TARGET, Breach, Plan, Run
from planner.solve.decomposed import solve_decomposed
from planner.solve.highs import LARGE, Solver, compile_model, paused_garbage_collector
from planner.solve.stopping import Stopped, Watch, watched
from planner.solve.whole import Limits, solve_whole

#: Typical days on which a large park is planned first, to begin near the optimum; and explained, if it has none.
FIRST_DAYS = 3
#: Seconds in which rules are tried one by one; explaining as a whole may take twice as long.
EXPLAIN_SECONDS = 120.0
#: Said of a plan to compare with that there was no time for.
NOT_REACHED = "not reached within the time"
#: Gap of that first plan.
FIRST_GAP = 5e-3


@dataclass(frozen=True)
class Options:
    """How to plan: typical days (None = as the park says, 0 = every hour), gap, seconds, and the method."""

    days: int | None = None
    gap: float = 1e-3
    time_limit: float | None = None
    compare: bool = True
    method: str = "auto"


def plan_park(case: Case, options: Options, progress: Progress = lambda *_: None, watch: Watch | None = None) -> Run:
    """Plan a park to its goal and compare with least-cost and reference.

    Ends when the `watch` says so, by default at the time limit of the options: then with the best plan so far, or with
    status failed and what was tried.

    Raises CaseError where the case shows itself wrong only now (the existing park cannot serve its base year), and
    SolverError where HiGHS gives no answer.
    """
    assert case.goal is not None, "a run needs a goal"
    clock = Clock(progress, watch or Watch(options.time_limit))
    with watched(clock.watch):
        try:
            run, inputs, method = clock.watch.guarded(lambda: _prepared(case, options, clock))
        except Stopped:
            failed = Plan(TARGET, "failed", note=clock.say_tried())
            return Run({TARGET: failed}, math.nan, case.park.currency, 0, explanation=(failed.note,), seconds=clock.seconds)
        progress("model", method.size)
        return _compare(case, options, clock, inputs, method, run)


def _prepared(case: Case, options: Options, clock: Clock) -> tuple[Run, Inputs, Method]:
    """A run without plans yet, the inputs, and the method with its models built."""
    count = case.park.typical_days if options.days is None else options.days
    with clock.step("choosing typical days"):
        days = choose_days(case, count)
    base = case.park.base_emissions or base_emissions(case, days, clock)
    with clock.step("resolving inputs"):
        inputs = resolve(case, case.goal, base, days)
    method = _method(case, Task(inputs, case.park.currency, options.gap, clock, days), options)
    return Run({}, base, case.park.currency, days.count if days else 0, size=method.size), inputs, method


def is_large(inputs: Inputs) -> bool:
    """True where the whole matrix would have more than some 20,000 columns: then the decomposed method is faster."""
    things = sum(len(inputs.capacity.present[y]) + len(inputs.supplies.supplies) for y in inputs.years)
    return things * len(inputs.calendar.weight) > LARGE


def _method(case: Case, task: Task, options: Options) -> Method:
    large = is_large(task.inputs)
    if options.method == "whole" or (options.method == "auto" and not large):
        return WholeMethod(task)
    start = _first_point(case, task) if large and len(task.inputs.calendar.weight) > 24 * FIRST_DAYS else None
    return DecomposedMethod(task, start)


def _first_point(case: Case, task: Task) -> np.ndarray | None:
    """Decisions of the plan on a few typical days, integers relaxed: near the optimum of the real one."""
    clock = task.clock
    with clock.step("planning on a few days first"), paused_garbage_collector():
        days = choose_days(case, FIRST_DAYS)
        if days is None:
            return None
        first = DecomposedMethod(replace(task, inputs=resolve(case, case.goal, task.inputs.carbon.base, days)))
        limits = Limits(FIRST_GAP, clock.left(0.3))
        state = solve_decomposed(first.master, first.years, limits, task.say("on a few days"), None, linear_only=True)
    return state.best


def _compare(case: Case, options: Options, clock: Clock, inputs: Inputs, method: Method, run: Run) -> Run:
    """All plans, each checked by the ledger, or why the goal cannot be met."""

    def planned(name: str) -> Plan:
        if name != TARGET and clock.watch.is_over():
            return Plan(name, "failed", note=NOT_REACHED)
        plan = method.plan(name)
        if plan.has_tables:
            with clock.step("checking", name):
                check_plan(case, plan, run.base)
        return plan

    clock.keep_time(plans=0)
    plans = {TARGET: planned(TARGET)}
    run = replace(run, plans=plans, seconds=clock.seconds)
    if plans[TARGET].status == "infeasible":
        return _explained(case, clock, inputs, method, run)
    if not plans[TARGET].has_tables:
        run = replace(run, explanation=(plans[TARGET].note,))
    if options.compare:
        for count, name in enumerate((LEAST_COST, REFERENCE), start=1):
            clock.keep_time(plans=count)
            plans[name] = planned(name)
    against = REFERENCE if options.compare and plans[REFERENCE].has_tables else LEAST_COST
    return replace(run, compared_with=against, abatement_cost=abatement(plans, against, inputs))


def _explained(case: Case, clock: Clock, inputs: Inputs, method: Method, run: Run) -> Run:
    """Why the goal cannot be met, as far as the time allows to find out."""
    goal = case.goal
    assert goal is not None
    found = method.breaches()
    try:
        return clock.watch.guarded(lambda: _explain(case, clock, inputs, found, run), most=2 * EXPLAIN_SECONDS)
    except Stopped:
        said = say_blocking(goal, (), found, tried=False) if found else say_unexplained(goal)
        return replace(run, breaches=found, explanation=said)


def _explain(case: Case, clock: Clock, inputs: Inputs, found: tuple[Breach, ...], run: Run) -> Run:
    """The rules that block; a large park is explained on a few typical days."""
    goal = case.goal
    assert goal is not None
    with clock.step("explaining"), paused_garbage_collector():
        if len({b.year for b in found}) > 1 and is_large(inputs):
            # No rule is tried alone where the nearest plan breaks rules of several years.
            return replace(run, breaches=found, explanation=say_blocking(goal, (), found, tried=False))
        small, typical_days = inputs, run.typical_days
        if is_large(inputs) and typical_days != FIRST_DAYS:
            days = choose_days(case, FIRST_DAYS)
            if days is not None:
                small, typical_days = resolve(case, goal, run.base, days), days.count
        model = build_park(small)
        matrix = compile_model(model)
        blocking, breaches = find_blocking(matrix, model, small, EXPLAIN_SECONDS)
        breaches = found or breaches
        if blocking or breaches:
            text = say_blocking(goal, blocking, breaches)
        else:
            text = say_unserved(unserved(matrix, model, small.years), typical_days)
    return replace(run, blocking=blocking, breaches=breaches, explanation=text)


def base_emissions(case: Case, days: TypicalDays | None, clock: Clock) -> float:
    """Gross emissions (t) of the least-cost operation of what exists, with the numbers of the base year.

    Raises CaseError where the existing park cannot serve that year's demands, saying in which hour.
    """
    with clock.step("computing base emissions"):
        inputs = resolve_existing(case, days)
        with paused_garbage_collector():
            model = build_existing(inputs)
            matrix = compile_model(model)
        answer = solve_whole(Solver(matrix), Limits())
        (y,) = inputs.years
        if not answer.has_point:
            raise CaseError(_missing_base(unserved(matrix, model, [y]), days, y))
        matrix.load(answer.values)
    base = float(model.year[y].figure["gross"].value)
    if base <= 0:
        raise CaseError(
            [f"park.toml: base_emissions: is left out, and the existing park emits nothing in {y}; give the figure"]
        )
    return base


def _missing_base(missing: list, days: TypicalDays | None, y: int) -> list[str]:
    """Complaint that the base year cannot be computed."""
    where = "; ".join(say_unserved(missing, days.count if days else 0)).rstrip(".")
    return [
        f"park.toml: base_emissions: is left out, and the existing park cannot serve the demands of {y} ({where}); "
        "give the figure"
    ]


def abatement(plans: dict[str, Plan], against: str, inputs: Inputs) -> dict[str, float | None]:
    """Money per tonne of each plan against another, both discounted; None where it avoids nothing."""
    other = plans.get(against)
    if other is None or not other.has_tables:
        return {}
    return {
        name: abatement_cost(plan, other, inputs.finance.discount)
        for name, plan in plans.items() if name != against and plan.has_tables
    }  # fmt: skip


def abatement_cost(plan: Plan, reference: Plan, discount: dict[int, float]) -> float | None:
    """Difference of system cost over difference of net emissions, discounted like money."""

    def tonnes(p: Plan) -> float:
        net = p.tables["emissions"].query("item == 'net'")
        return float((net["value"] * net["year"].map(discount)).sum())

    avoided = tonnes(reference) - tonnes(plan)
    assert plan.system_cost is not None and reference.system_cost is not None
    return (plan.system_cost - reference.system_cost) / avoided if avoided > 1e-6 else None
