"""A run: from a case and a goal to the target plan and those that it is compared with. `strategy` is its table of contents."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from models.case import Case, said_of_orders
from models.inputs import Inputs, TypicalDays, resolve
from models.inputs.carbon import BaseEmissions
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
from planner.planning.base import base_of
from planner.planning.compared import (
    NOT_REACHED,
    Compared,
    abatement,
    goal_cost,
    has_search_beside,
    related,
    saved,
)
from planner.planning.methods import Method
from planner.planning.repair_loop import RepairLoop
from planner.planning.strategy import check_memory, columns, days_in_time, is_large, plans_whole
from planner.planning.task import Task
from planner.planning.variants import is_asked_more
from planner.solve import Years, measure

# --- plan warnings ---------------------------------------------------------------------------------------------------------
# What a run warns of its target plan: bounds taken for granted that its orders reach, power that only crosses a connection,
# stores that charge and discharge in one hour, and plants of which a part of a unit is on.

#: Said of each technology whose order is as large as a bound that the reader took (`planner/park/goal.py`).
REACHED = mark(
    "{table}.csv: {technology}: an order in {year} is as large as the bound of {most} {unit} that was taken; "
    "state a max_capacity, max_build or site, for a larger one may be cheaper"
)
#: Share of what is imported over a connection, or charged into a store, in a year that may cross it unsaid.
FEW = 0.01
#: A part of a unit below this is none.
IN_FULL = 1e-3
CROSSING = mark(
    "connection {connection}: {energy} of the {imported} MWh that come in over it in {year} cross it in hours in which as much "
    "goes out{worth}, at average prices of the year; {remedy}"
)
DEARER = mark(", and cost about {money} {currency} more than that earns")
CHEAPER = mark(", and cost about {money} {currency} less than that earns")
SHARE = mark("with one_way = 1 in connections.csv both ways of an hour share the limits")
SHARED = mark("one_way = 1 lets both ways of an hour share the limits, and does not keep it to one way")
#: A linear model lets a store do both in one hour, which loses energy; a rule on emissions per unit of energy can want that.
BURNT = mark(
    "store {store}: {energy} of the {charged} MWh that it is charged with in {year} leave it in the same hours, which no store "
    "does; what is lost so counts as energy used, on which a rule may rest: state the cycles of its warranty as max_cycles in "
    "technologies.csv, and do not sign its cycles or that rule without a look"
)
#: Commitment is linear.
BELOW = mark(
    "technology {technology}: in {hours} of the {of} hours of {year} in which it runs, it runs below the least load of whole units "
    "of {unit}, as its commitment is linear; look at the fuel and the starts of these hours before you sign them"
)


def plan_warnings(case: Case, plan: Plan) -> Iterator[Message]:
    """A sentence each; none of a plan without tables."""
    if not plan.has_tables:
        return
    yield from assumed_bounds_reached(case, plan)
    dispatch = plan.tables["dispatch"]
    for c in case.connections:
        names = [s.supply for s in case.supplies if s.connection == c.connection]
        for year, crossing, imported in _in_both_ways(dispatch[dispatch["name"].isin(names)], "import", "export"):
            earned = _price(plan, names, year, ("export",), "export")
            money = crossing * (_price(plan, names, year, ("energy", "contract"), "import") - earned)
            yield Message(
                CROSSING,
                connection=repr(c.connection),
                energy=f"{crossing:,.0f}",
                imported=f"{imported:,.0f}",
                year=year,
                worth=Message(CHEAPER if money < 0 else DEARER, money=f"{abs(money):,.0f}", currency=case.park.currency),
                remedy=Message(SHARED if c.one_way else SHARE),
            )
    for store, own in dispatch[dispatch["flow"].isin(["charge", "discharge"])].groupby("name", observed=True):
        for year, burnt, charged in _in_both_ways(own, "charge", "discharge"):
            yield Message(BURNT, store=repr(str(store)), energy=f"{burnt:,.0f}", charged=f"{charged:,.0f}", year=year)
    yield from _unit_warnings(case, dispatch)


def assumed_bounds_reached(case: Case, plan: Plan) -> Iterator[Message]:
    """A sentence on each technology of which an order of the plan is as large as a bound that nobody stated."""
    for taken in case.assumptions:
        if taken.table in ("technologies", "links") and taken.parameter == "max_build":
            orders = plan.tables["investments"].query("committed == 0 and technology == @taken.name")
            for year in orders[orders["build"] >= float(taken.value) * (1 - 1e-6)]["year"].tolist()[:1]:
                most = f"{float(taken.value):g}"
                yield Message(REACHED, table=taken.table, technology=taken.name, year=year, most=most, unit=taken.unit)


def _unit_warnings(case: Case, dispatch: pd.DataFrame) -> Iterator[Message]:
    """A sentence on each committed plant in units that in more than `FEW` of the hours in which it runs does less than the least
    load of as many whole units as it takes, of the year with most such hours."""
    types = {t.type: t for t in case.types}
    committed = set(dispatch.loc[dispatch["flow"] == "online", "name"].astype(str))
    for row in case.technologies:
        kind = types[row.type_name]
        sizes = [size for column in ("unit_size", "existing_unit") if (size := said_of_orders(row, kind, column)) > 0]
        out = next((p for p in case.ports if (p.type, p.direction) == (kind.type, "out")), None)
        if row.technology not in committed or not sizes or not kind.min_load or row.derating or out is None or out.profile:
            continue
        own = dispatch[(dispatch["name"] == row.technology) & (dispatch["flow"] == "out") & (dispatch["carrier"] == out.carrier)]
        units = own["value"].to_numpy(dtype=float) / (out.ratio * min(sizes))
        is_below = (units > IN_FULL) & (units < kind.min_load * np.ceil(units - IN_FULL) - IN_FULL)
        hours = own["weight"].astype(float)
        found = pd.DataFrame({"runs": hours.where(units > IN_FULL, 0.0), "below": hours.where(is_below, 0.0)})
        by_year = found.groupby(own["year"].astype(int)).sum()
        if len(by_year) and by_year["below"].max() > FEW * by_year["runs"][by_year["below"].idxmax()]:
            year = int(by_year["below"].idxmax())
            told = {"hours": f"{by_year['below'][year]:,.0f}", "of": f"{by_year['runs'][year]:,.0f}", "year": year}
            yield Message(BELOW, technology=repr(row.technology), unit=f"{min(sizes):g} {kind.capacity_unit or 'MW'}", **told)


def _in_both_ways(own: pd.DataFrame, into: str, out: str) -> Iterator[tuple[int, float, float]]:
    """The year in which most of one flow is matched by the other in the same hour (MWh), and all of that flow in it; nothing where
    it is no more than `FEW` of it."""
    own = own[own["flow"].isin([into, out])]
    if own.empty:
        return
    by = own.assign(flow=own["flow"].astype(str)).groupby(["year", "hour", "weight", "flow"], observed=True)
    power = by["value"].sum().unstack().reindex(columns=[into, out]).fillna(0.0)
    energy = power.mul(power.index.get_level_values("weight").to_numpy(dtype=float), axis=0)
    both = energy.min(axis=1).groupby(level="year", observed=True).sum()
    year, whole = both.idxmax(), energy[into].groupby(level="year", observed=True).sum()
    if both[year] > FEW * whole[year]:
        yield int(year), float(both[year]), float(whole[year])


def _price(plan: Plan, names: list[str], year: int, items: tuple[str, ...], flow: str) -> float:
    """What a MWh of these supplies costs, or earns, on average of the year (money/MWh)."""
    costs, energy = (own[(own["year"] == year) & own["name"].isin(names)] for own in (plan.tables["costs"], plan.tables["energy"]))
    money, amount = costs[costs["item"].isin(items)]["value"].sum(), energy[energy["flow"] == flow]["value"].sum()
    return abs(float(money)) / float(amount) if amount else 0.0


# --- run -------------------------------------------------------------------------------------------------------------------


@dataclass
class WarmStart:
    """Decisions that a run begins from and leaves behind, of a park that differs in its goal or in limits; None: from nothing.

    Only the decomposed method on typical days makes use of them. So it does of what was found of the `years`, cuts that still hold
    and bases; and of the base emissions of cases, by their digest.
    """

    best: np.ndarray | None = None
    years: Years | None = None
    base: dict[str, BaseEmissions] = field(default_factory=dict)


#: Said of the plan of a quick run: on typical days, and on all hours.
QUICK = Message(mark("--quick: not operated in every hour, and compared with no other plan; without --quick it is"))
QUICK_HOURS = Message(mark("--quick: compared with no other plan; without --quick it is"))


#: Gap of a large park where none is asked for: whole numbers keep a plan from its bound.
WIDE_GAP = 1e-2


@dataclass(frozen=True)
class Options:
    """How to plan: typical days (None = as the park says, 0 = every hour), gap, seconds, method, whether in every hour, whether
    so, too, the plans that a large park is compared with, whether the run ends with a plan on typical days that is compared with no
    other, segments of a typical day on which a large park is searched, and whether a large park is searched on typical days to
    `WIDE_GAP` only."""

    days: int | None = None
    gap: float = 1e-3
    time_limit: float | None = None
    compare: bool = True
    method: str = "auto"
    verify: bool = True
    verify_all: bool = False
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
        run = _planned(case, options, clock, progress, warm or WarmStart())
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
        segments=options.segments,
    )
    clock.keep_time(plans=0)
    if options.quick:
        options = replace(options, compare=False, verify=False)
    has_others = options.compare and has_search_beside(case, task, options.method, warm.best is not None)
    verify_others = options.verify and (options.verify_all or is_whole or not large)
    with Compared(case, task, verify_others, run.base) if has_others else nullcontext() as others:
        try:
            loop = clock.watch.guarded(
                lambda: RepairLoop(case, task, options.method, options.verify, run.base, options.days is None, start=warm.best)
            )
        except Stopped:
            return _stopped(case, clock)
        if warm.best is None or loop.method.best is warm.best:  # a search of its own has cuts of its own
            with suppress(Stopped):  # what is known only helps
                clock.watch.guarded(lambda: loop.method.begin_from(warm.years))
        run = _measured(run, inputs, loop.method, progress)
        found = _compare(case, options, clock, inputs, loop, run, others, verify_others)
        if options.quick and found.target.has_tables:
            clock.warn(QUICK_HOURS if found.target.verified else QUICK)
    warm.years = loop.method.known_years or warm.years
    warm.best = loop.method.best if loop.method.best is not None else warm.best
    return found


def _stopped(case: Case, clock: Clock) -> Run:
    """The run, failed, where it was stopped before planning began."""
    failed = Plan(TARGET, "failed", note=clock.say_tried())
    return Run({TARGET: failed}, math.nan, case.park.currency, 0, explanation=(failed.note,), seconds=clock.seconds)


def _resolved(case: Case, options: Options, clock: Clock) -> tuple[Run, Inputs, TypicalDays | None]:
    """A run without plans yet, the inputs, and the typical days."""
    count = case.park.typical_days if options.days is None else options.days
    with clock.step("choosing typical days"):
        days = choose_days(case, count)
    base = case.park.base_emissions or _base(case, clock)
    with clock.step("resolving inputs"):
        inputs = resolve(case, case.goal, base, days)
        if days is not None and options.days is None:
            fewer = days_in_time(days.count, columns(inputs), clock.left())
            if fewer < days.count:
                clock.warn(Message(FEWER, count=fewer, asked=days.count))
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
