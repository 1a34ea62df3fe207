"""A run: from a case and a goal to the target plan and those that it is compared with. `strategy` is its table of contents."""

from __future__ import annotations

import math
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace

from threadpoolctl import threadpool_limits

from models.case import Case
from models.inputs import Inputs, TypicalDays, resolve
from planner.clock import FEWER, Clock, Progress
from planner.days import choose_days
from planner.explain.blocking import NOT_IN_HOURS
from planner.explain.explanation import explain, refuse_unbounded, span_warnings
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import COEFFICIENTS
from planner.machine.resources import give_back, paused_garbage_collector
from planner.machine.stopping import Stopped, Watch, watched
from planner.plan import LEAST_COST, PLANS, REFERENCE, TARGET, TYPICAL_DAYS, Plan, Run
from planner.planning.base_of import base_of
from planner.planning.beginning import has_search_beside
from planner.planning.compared import NOT_REACHED, Compared, compared
from planner.planning.memory import check_memory
from planner.planning.methods import Method
from planner.planning.plan_warnings import plan_warnings
from planner.planning.relations import abatement, goal_cost, related, saved
from planner.planning.repair_loop import RepairLoop
from planner.planning.strategy import LEAST_DAYS, columns, days_in_time, is_large, plans_whole
from planner.planning.task import Task
from planner.planning.variants import is_asked_more
from planner.planning.warm_start import WarmStart
from planner.solve import measure

#: Said of the plan of a quick run: on typical days, and on all hours.
QUICK = Message(mark("--quick: not operated in every hour, and compared with no other plan; without --quick it is"))
QUICK_HOURS = Message(mark("--quick: compared with no other plan; without --quick it is"))


#: Gap of a large park where none is asked for: whole numbers keep a plan from its bound.
WIDE_GAP = 1e-2


@dataclass(frozen=True)
class Options:
    """How to plan: typical days (None = as the park says, 0 = every hour), gap, seconds, method, whether in every hour, whether
    so, too, the plans that a large park is compared with, whether
    the decomposed method looks for the fewest orders at the end, whether the run ends with a plan on typical days that is compared
    with no other, segments of a typical day on which a large park is searched, and whether a large park is searched on typical days
    to `WIDE_GAP` only."""

    days: int | None = None
    gap: float = 1e-3
    time_limit: float | None = None
    compare: bool = True
    method: str = "auto"
    verify: bool = True
    verify_all: bool = False
    fewest_orders: bool = True
    quick: bool = False
    segments: int = 8
    is_wide: bool = False


def plan_park(
    case: Case,
    options: Options,
    progress: Progress = lambda *_: None,
    watch: Watch | None = None,
    warm: WarmStart | None = None,
) -> Run:
    """Plan a park to its goal, and the plans to compare it with.

    Ends when the `watch` says so, by default at the time limit of the options: then with the best plan so far, or with
    status failed and what was tried.

    Raises CaseError where the case shows itself wrong only now (the existing park cannot serve its base year), and
    SolverError where HiGHS gives no answer.
    """
    assert case.goal is not None, "a run needs a goal"
    clock = Clock(progress, watch or Watch(options.time_limit))
    # A thread of BLAS that waits for the next product of vectors does so at full load, and takes a core from HiGHS.
    with watched(clock.watch), threadpool_limits(1, user_api="blas"):
        run = _planned(case, options, clock, progress, warm or WarmStart(is_kept=False))
    return replace(run, warnings=(*run.warnings, *clock.warnings))


def _planned(case: Case, options: Options, clock: Clock, progress: Progress, warm: WarmStart) -> Run:
    """The run, with the watch in force."""
    try:
        run, inputs, days = clock.watch.guarded(lambda: _resolved(case, options, clock))
    except Stopped:
        return _stopped(case, clock)
    large = is_large(inputs)
    if large:  # of many plans of nearly equal cost a search finds the same one, in whatever order the rows stand
        case = case.in_order()
        days = choose_days(case, days.count) if days is not None else None
        inputs = resolve(case, case.goal, run.base, days)
    is_whole = plans_whole(options.method, large)
    check_memory(inputs, columns(inputs), is_whole)
    task = Task(
        inputs,
        case.park.currency,
        max(options.gap, WIDE_GAP) if options.is_wide and large and not is_whole and days is not None else options.gap,
        clock,
        days,
        has_fewest=options.fewest_orders,
        segments=options.segments,
    )
    clock.keep_time(plans=0)
    if options.quick:
        options = replace(options, compare=False, verify=False)
    has_others = options.compare and has_search_beside(case, task, options.method, warm.best)
    verify_others = options.verify and (options.verify_all or is_whole or not large)
    with compared(case, task, verify_others, run.base) if has_others else nullcontext() as others:
        if others is not None:
            others.begin()
        try:
            loop = clock.watch.guarded(lambda: _repair_loop(case, task, options, run.base, warm))
        except Stopped:
            return _stopped(case, clock)
        if warm.best is None or loop.decisions is warm.best:  # a search of its own has cuts of its own
            with suppress(Stopped):  # what is known only helps
                clock.watch.guarded(lambda: warm.give_cuts_to(loop.method))
        run = _measured(run, inputs, loop.method, progress)
        found = _compare(case, options, clock, inputs, loop, run, others, verify_others)
        if options.quick and found.target.has_tables:
            clock.warn(QUICK_HOURS if found.target.verified else QUICK)
    warm.learn(loop.method)
    warm.best = loop.decisions if loop.decisions is not None else warm.best
    return found


def _stopped(case: Case, clock: Clock) -> Run:
    """The run, failed, where it was stopped before planning began."""
    failed = Plan(TARGET, "failed", note=clock.say_tried())
    return Run({TARGET: failed}, math.nan, case.park.currency, 0, explanation=(failed.note,), seconds=clock.seconds)


def _repair_loop(case: Case, task: Task, options: Options, base: float, warm: WarmStart) -> RepairLoop:
    """What makes the plans; it may choose more typical days where their number was not asked for."""
    return RepairLoop(case, task, options.method, options.verify, base, options.days is None, start=warm.best)


def _resolved(case: Case, options: Options, clock: Clock) -> tuple[Run, Inputs, TypicalDays | None]:
    """A run without plans yet, the inputs, and the typical days."""
    count = case.park.typical_days if options.days is None else options.days
    chooses = options.days is None and clock.watch.limit is not None and count > LEAST_DAYS
    with clock.step("choosing typical days"):  # the fewest tell how many there is time for
        days = choose_days(case, LEAST_DAYS if chooses else count)
    base = case.park.base_emissions or _base(case, clock)
    with clock.step("resolving inputs"):
        inputs = resolve(case, case.goal, base, days)
        if days is not None and chooses:
            fewer = days_in_time(count, columns(inputs) * count // days.count, clock.left())
            if fewer < count:
                clock.warn(Message(FEWER, count=fewer, asked=count))
            if fewer > days.count:
                days = choose_days(case, fewer)
                inputs = resolve(case, case.goal, base, days)
        refuse_unbounded(case, inputs)
    run = Run({}, base, case.park.currency, days.count if days else 0, seconds=clock.seconds)
    return run, inputs, days


def _base(case: Case, clock: Clock) -> float:
    """Base emissions (t) of a park that does not state them: the same in every plan of it, on whatever days."""
    with clock.step("computing base emissions"):
        with paused_garbage_collector():
            found = base_of(case, clock.warn)
        give_back(case.hours)
        return found


def _measured(run: Run, inputs: Inputs, method: Method, progress: Progress) -> Run:
    """The run with the size and the ranges of what the solver is given."""
    found = measure(method.matrices)
    progress("model", method.size)
    progress("model", Message(COEFFICIENTS, ranges=found.told))
    return replace(run, size=method.size, ranges=found.facts(), warnings=span_warnings(found, method.matrices, inputs))


def _compare(
    case: Case,
    options: Options,
    clock: Clock,
    inputs: Inputs,
    loop: RepairLoop,
    run: Run,
    others: Compared | None,
    verify_others: bool,
) -> Run:
    """All plans, each checked by the ledger and in every hour, or why the goal cannot be met; `others` makes the rest of them."""
    days = loop.task.days

    def planned(name: str) -> Plan:
        if name != TARGET and clock.watch.is_over():
            return Plan(name, "failed", note=NOT_REACHED)
        if name != TARGET and others is not None and loop.task.days is days:
            return others.plan(name)
        loop.verifies = options.verify if name == TARGET else verify_others
        return loop.plan(name)

    clock.keep_time(plans=0)
    plans = {TARGET: planned(TARGET)}
    if others is not None and (loop.task.days is not days or plans[TARGET].status == "infeasible"):
        others.end()
    run = replace(run, plans=plans, seconds=clock.seconds, typical_days=loop.day_count)
    if plans[TARGET].status == "infeasible":
        inputs = loop.task.inputs
        run = explain(case, clock, inputs, loop.method.breaches(), run, is_large(inputs))
        if plans[TARGET].proof == TYPICAL_DAYS:
            run = replace(run, explanation=(*run.explanation, Message(NOT_IN_HOURS, count=loop.day_count)))
        return run
    if not plans[TARGET].has_tables:
        run = replace(run, explanation=(plans[TARGET].note,))
    for text in plan_warnings(case, plans[TARGET]):
        clock.warn(text)
    if options.compare:
        for count, name in enumerate(PLANS[1:], start=1):
            clock.keep_time(plans=count)
            plans[name] = planned(name)
    if options.compare:
        plans = related(plans, loop.task.gap, not is_asked_more(inputs))
    run = replace(run, plans=plans)
    against = REFERENCE if options.compare and plans[REFERENCE].has_tables else LEAST_COST
    discount = inputs.finance.discount
    return replace(
        run,
        typical_days=loop.day_count,
        saved=saved(plans),
        compared_with=against,
        goal_cost=goal_cost(plans, discount),
        abatement_cost=abatement(plans, against, discount),
    )
