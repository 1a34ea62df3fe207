"""The methods, each giving the four plans: target, least-cost, reference, business as usual; and which one makes those of a run.

With each, the plans are changes of bounds on what was built and compiled once. Whoever has a `Method` need not ask which it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from pyomo.core import ConcreteModel

from models.case import Case
from models.errors import SolverError
from models.inputs import Inputs, resolve
from models.inputs.calendar import HOURS_OF_YEAR
from models.metrics import OF_RULES
from models.park import build_master, build_park
from planner.days import choose_days
from planner.explain.blocking import RESERVE, rule_rows
from planner.explain.explanation import say_unbounded
from planner.language.message import Message
from planner.language.words import AGAIN, OF_MONTHS, OF_YEARS, SOLVING, step_of
from planner.machine.resources import cores, give_back
from planner.machine.stopping import Stopped, Watch, watched
from planner.plan import BINDS, BUSINESS, HOLDS_WITHIN, REFERENCE, TARGET, Breach, Plan
from planner.planning import strategy
from planner.planning.given import levels_of, links_given, with_whole_units
from planner.planning.strategy import is_large
from planner.planning.task import Task, said_of
from planner.planning.variants import NOT_IN_REFERENCE, variant_of
from planner.solve import (
    INFINITY,
    MOST_SEARCHED,
    Answer,
    BendersSession,
    Bounds,
    HourlyYears,
    Limits,
    LinkValues,
    Master,
    Matrix,
    Operator,
    Result,
    Solver,
    Total,
    Trial,
    Year,
    Years,
    YearSet,
    YearVariant,
    by_segments,
    compile_model,
    modelling,
    rounding,
    segments_of,
    solve_decomposed,
    solve_whole,
)

#: Searches whose plan is tried on full days.
ROUNDS = 3
#: Hours of a day: as many segments are the hours themselves.
HOURS_OF_DAY = 24


class Method:
    """A way to solve a park, whose plans may be asked for in any order.

    best      decisions at the last plan, to begin another search from; None where a method keeps none
    matrices  the decisions or the whole park under 0, years under their numbers
    typical   method on typical days and its target plan, which is given where this one finds none in time
    within    by how much a rule may be missed in the plan's tables, as a share of its denominator
    reached, enough  gap of the last plan, and that at which a plan that the next search begins with is good enough
    """

    size: str
    model: ConcreteModel
    matrices: dict[int, Matrix]
    best: np.ndarray | None = None
    typical: tuple[Method, Plan] | None = None
    within = reached = enough = 0.0

    def __init__(self, task: Task) -> None:
        self.task, self.inputs = task, task.inputs

    def plan(self, name: str) -> Plan:
        """The plan of that name."""
        raise NotImplementedError

    def breaches(self) -> tuple[Breach, ...]:
        """Rules that the last solve had to break, where the method knows them."""
        return ()

    def prices(self, _years: Iterable[int]) -> Mapping[int, Mapping[Total, float]]:
        """What one more of each yearly total costs the account of these years at the last plan, where the method knows it."""
        return {}

    def missed(self, _inputs: Inputs, _years: Iterable[int]) -> Mapping[int, Mapping[tuple[str, str, str], float]]:
        """By how much each rule of `inputs` is missed in each year when the orders of the last plan are operated on typical days:
        year -> (stage, metric, sense) -> t, tce or MWh; empty where the method does not know it."""
        return {}

    def begin_from(self, known: Years | None) -> None:
        """Take over what another search has found of its years, before anything is solved."""

    @property
    def known_years(self) -> Years | None:
        """The years of the search, with what was found of them, for another one; None where there are none by themselves."""
        return None


class WholeMethod(Method):
    """Investment and all years as one matrix."""

    def __init__(self, task: Task) -> None:
        super().__init__(task)
        with task.clock.step("building"), modelling():
            self.model = build_park(task.inputs)
        with task.clock.step("compiling"), modelling():
            self.matrix = compile_model(self.model)
        self.size = self.matrix.size
        self.matrices = {0: self.matrix}
        self.solver = Solver(self.matrix)
        for y in task.inputs.years:  # less, and rather later
            gone = [retired for (*_, z), retired in self.model.retire.items() if z == y]
            self.solver.prefer_less(self.matrix.columns_of(gone), 20 + 2 * (task.inputs.years[-1] - y))
        self.solver.prefer_less(self.matrix.columns_of(self.model.is_built.values()), 20)  # and the fewest orders
        self.solver.prefer_less(self.matrix.columns_of(self.model.expire.values()), 10)  # what was retired does not end again
        rules, rows = rule_rows(self.matrix, self.model)
        is_lasting = [tuple(key) in task.inputs.carbon.lasting(y) for y, *key in rules]
        #: Rows of the rules that each plan need not keep.
        self.free = {"all": rows[:0], "lasting": rows[~np.array(is_lasting, dtype=bool)], "none": rows}
        self.rounding = rounding(self.matrix, self.model, task.inputs)

    def plan(self, name: str) -> Plan:
        """Solve the matrix with the bounds of that plan."""
        self.solver.forget()
        try:
            answer = self.task.clock.watch.guarded(lambda: self._solved(name))
        except Stopped:
            answer = self.solver.incumbent() or Answer("failed", np.zeros(0), INFINITY, -INFINITY, 0.0)
        if answer.status == "unbounded":
            raise SolverError(f"the {name} plan is unbounded: {say_unbounded(self.matrix, self.inputs)}")
        if not answer.has_point:
            return self.task.no_plan(name, "infeasible" if answer.status.startswith("infeasible") else "failed")
        self.matrix.load(answer.values)
        return self.task.as_plan(name, answer.status, answer.bound, self.model)

    def _solved(self, name: str) -> Answer:
        variant = variant_of(name, self.matrix, self.model, self.model.year, self.inputs)
        self.solver.set_variant(replace(variant, dropped=np.concatenate([variant.dropped, self.free[BINDS[name]]])))
        tell = self.task.say(name)
        with self.task.clock.step(step_of(SOLVING, name)):
            answer = solve_whole(self.solver, self.task.limits(name), tell, self.rounding)
            if answer.status.startswith("infeasible") and name != TARGET:
                # The target plan keeps more rules; and presolve has called parks infeasible that are not.
                tell(Message(AGAIN))
                answer = self.solver.without_presolve()
            return answer


class DecomposedMethod(Method):
    """A master for the decisions, and each year by itself."""

    def __init__(self, task: Task, start: np.ndarray | None = None) -> None:
        """`start` is a point to begin from."""
        super().__init__(task)
        with task.clock.step("building"), modelling():
            self._build()
        self.model = self.master.model
        #: The years of the search: of a large park on segments of its typical days.
        self.searched: YearSet = self.master.years
        self.rounding = rounding(self.master.matrix, self.model, task.inputs)
        self.best = start
        #: Lower bound of the last plan.
        self.bound = -INFINITY
        #: The plan that master and years are the variant of.
        self.turned = ""
        #: True if most of the last solve's cost was paid for what is missing.
        self.is_mostly_penalty = False

    def _build(self) -> None:
        """Master and years."""
        years, self.master = self._parts()
        self.years: YearSet = years
        year = next(iter(years.years.values()))
        sizes = {"decisions": self.master.matrix.size, "year": year.matrix.size, "given": year.reduced.matrix.size}
        self.size = Message(OF_YEARS, years=len(years.years), **sizes)
        self.matrices = {0: self.master.matrix, **{y: year.matrix for y, year in years.years.items()}}

    def _parts(self) -> tuple[Years, Master]:
        """Years and master of the inputs."""
        years, segment = Years(self.inputs), self._segment()
        searched = years if segment is None else Years(self.inputs, make=by_segments(segment))
        return years, Master(self.inputs, build_master(self.inputs), searched)

    def _segment(self) -> np.ndarray | None:
        """Segment of each snapshot, on which a large park is searched on typical days; None: on the hours themselves."""
        a_day = self.task.segments if is_large(self.inputs) and self.task.days is not None else HOURS_OF_DAY
        return None if a_day >= HOURS_OF_DAY else segments_of(self.inputs, a_day)

    def plan(self, name: str) -> Plan:
        """Solve master and years as that plan needs them, from the best point of the plan before."""
        overall = Bounds()
        try:
            result = self.task.clock.watch.guarded(lambda: self._on_full_days(name, overall))
        except Stopped:
            result = self._stopped(overall)
        gap = result.gap if np.isfinite(result.gap) else 0.0
        self.reached = min(gap, self.reached) if self.enough else gap
        self.bound = result.bound
        self.is_mostly_penalty, self.enough = result.is_mostly_penalty, 0.0
        if result.incumbent is None:
            return self.task.no_plan(name, "infeasible" if result.status == "infeasible" else "failed")
        self.best = result.incumbent.point
        self.searched.take(result.incumbent.operation)
        if result.status in ("infeasible", "failed"):
            return self.task.no_plan(name, result.status)
        cost = None if self.searched is self.years else result.cost
        self.master.matrix.load(self.best)
        plan = self._read(name, result)
        return plan if cost is None else self.told_on_segments(plan, cost, result.bound)

    def _stopped(self, overall: Bounds) -> Result:
        """What the search has found so far; a plan on segments is operated on full days in the time that is kept for reading."""
        result = Result.stopped(overall)
        if result.incumbent is not None and self.searched is not self.years:
            with watched(Watch(self.task.clock.left_to_read())):
                result = replace(result, incumbent=self.served_on_full_days(result.incumbent.point, Limits(self.task.gap)))
        return result if result.incumbent is not None else replace(result, status="failed")

    @staticmethod
    def told_on_segments(plan: Plan, cost: float, bound: float) -> Plan:
        """The plan with cost and bound of the search on segments; its tables and its cost are of full days."""
        assert plan.on_days is not None
        return plan.proven_on_days(replace(plan.on_days, cost=cost).with_bound(bound))

    def _on_full_days(self, name: str, overall: Bounds) -> Result:
        """The search on segments, whose plan is operated on full days. What is short there becomes feasibility cuts that the plan
        serves with the same whole numbers, or else with others (`ROUNDS`)."""
        result = self._searched(name, overall)
        if self.searched is self.years or result.incumbent is None or result.status in ("infeasible", "failed"):
            return result
        for _ in range(ROUNDS):
            with self.task.clock.step(step_of(SOLVING, name)):
                served = self.served_on_full_days(result.incumbent.point, self.task.limits(name), self.task.say(name))
            if served is not None:
                return replace(result, incumbent=served)
            result = self._searched(name, Bounds(bound=result.bound))
            if result.incumbent is None:
                return result
        return replace(result, status="failed")

    def served_on_full_days(self, point: np.ndarray, limits: Limits, say: Callable[[str], None] = lambda _: None) -> Trial | None:
        """The trial on segments of the plan nearest to a point that full days can serve; None without one. The years stand at its
        operation on full days then."""
        trials = serve_on_full_days(self.master, self.years, self.searched, point, limits, say)
        if trials is None:
            return None
        self.years.take(trials[1].operation)
        return trials[0]

    def _read(self, name: str, result: Result) -> Plan:
        """The plan as tables; the model of the master has its years as they were solved last, and so looks like a whole park."""
        assert isinstance(self.years, Years)
        self.years.free_solvers()
        give_back(len(self.inputs.calendar.weight) * len(self.inputs.years))
        self.model.year = {y: year.view() for y, year in self.years.years.items()}
        return self.task.as_plan(name, result.status, result.bound, self.model, limit=said_of(result))

    def turn_to(self, name: str) -> None:
        """Let master and years be the variant of that plan."""
        before_it, self.turned = self.turned, name
        is_other = name != before_it
        outages, binds_outages = self.master.outages, name not in (REFERENCE, BUSINESS)
        if outages.holds and not binds_outages:
            self.master.cuts.drop_plan_specific_and_outage_rows()
        outages.holds = binds_outages
        before, barred = self.years.variant, NOT_IN_REFERENCE if name in (REFERENCE, BUSINESS) else ()
        binds = "none" if BINDS[name] == "lasting" and not self.inputs.carbon.has_lasting else BINDS[name]
        variant = YearVariant(binds=binds, barred=barred)
        if variant != before:
            for years in {id(own): own for own in (self.years, self.searched)}.values():
                years.set_variant(variant)
            self.master.accounts.set_variant(variant)
            if not variant.keeps_cuts_of(before):
                self.master.cuts.drop_plan_specific()  # cuts of years under stricter rules are too high
        self.master.set_variant(variant_of(name, self.master.matrix, self.model, {}, self.inputs))
        if is_other and {before_it, name} & {REFERENCE, BUSINESS}:
            self.best = None  # what was built may be forbidden now, or is far from the optimum; the cuts say where to begin

    def _searched(self, name: str, overall: Bounds) -> Result:
        """Cuts until the gap holds; `overall` gets the best plan so far, and the lower bound."""
        self.turn_to(name)
        limits = replace(self.task.limits(name), enough=self.enough)
        with self.task.clock.step(step_of(SOLVING, name)):
            return solve_decomposed(self.master, self.searched, limits, self.task.say(name), self.best, self.rounding, overall)

    def breaches(self) -> tuple[Breach, ...]:
        """Rules that the best point found breaks, and operations with something out that it does not serve."""
        short = {} if self.best is None else self.master.outages.told(self.best)
        out = tuple(Breach(RESERVE, name, y, energy, "MWh", is_outage=True, sense=">=") for (y, name), energy in short.items())
        return out + tuple(
            Breach(stage, metric, y, amount, OF_RULES[metric].amount, sense=sense)
            for y, year in self.years.years.items()
            for (stage, metric, sense), amount in year.broken_rules().items()
            if amount > 1e-6 * self.inputs.carbon.base
        )

    def prices(self, years: Iterable[int]) -> Mapping[int, Mapping[Total, float]]:
        """Those of each year's last solve at the best point."""
        if self.best is None:
            return {}
        points = self.master.points_of(self.best)
        return self.years.prices({y: points[y] for y in years})

    def missed(self, inputs: Inputs, years: Iterable[int]) -> Mapping[int, Mapping[tuple[str, str, str], float]]:
        """Of each year operated by itself, at the best point."""
        found, points = {}, {} if self.best is None else self.master.points_of(self.best)
        for y in sorted(points.keys() & set(years)):
            year = Year(inputs, y)
            year.cut(points[y])
            found[y] = year.broken_rules()
        return found

    def begin_from(self, known: Years | None) -> None:
        """Bases, and those cuts that hold for it."""
        if known is not None and isinstance(self.searched, Years):
            self.searched.begin_as(known)
            for y, year in known.years.items():
                self.master.cuts.know(year, known.found[y])

    @property
    def known_years(self) -> Years | None:
        """Those on typical days."""
        if not isinstance(self.searched, Years):
            return None
        self.searched.free_solvers()
        return self.searched


def serve_on_full_days(
    master: Master, years: YearSet, searched: YearSet, point: np.ndarray, limits: Limits, say: Callable[[str], None]
) -> tuple[Trial, Trial] | None:
    """The trials on segments (`searched`) and on full days (`years`) of the plan nearest to a point that full days can serve with
    its whole numbers: what is short there becomes feasibility cuts; None where these numbers cannot."""
    session = BendersSession(master, years, limits, say)
    session.forbid_slack()
    session.evaluate(point)
    if session.overall.incumbent is None:
        master.fix(np.round(point[master.integers]))
        try:
            session.remove_slack(point)
        finally:
            master.unfix()
    trial = session.overall.incumbent
    return None if trial is None else (BendersSession(master, searched, limits).evaluate(trial.point), trial)


# --- hourly ----------------------------------------------------------------------------------------------------------------
# The decomposed method on every hour of the year: begun from a plan on typical days, its operation read as it stands.


class HourlyMethod(DecomposedMethod):
    """A master for the decisions, and each year in every hour, month by month."""

    within = HOLDS_WITHIN

    def __init__(self, task: Task, before: Method | None) -> None:
        """`task` on every hour; `before` has solved the same plan on typical days and stands at it."""
        self.before = before
        super().__init__(task)
        if before is not None:
            self.best = self._start(before.model)

    def _build(self) -> None:
        model = build_master(self.inputs)
        prices = self.before.prices(self.inputs.years) if self.before else {}
        years = HourlyYears(self.inputs, model, cores(), prices)
        years.operator.gap = min(Operator.precise, self.task.gap / 3)
        self.years: HourlyYears = years
        self.master = Master(self.inputs, model, years)
        hours = years.operator.hours(self.inputs.years[0])
        self.size = Message(OF_MONTHS, decisions=self.master.matrix.size, months=years.operator.months, year=hours.matrix.size)
        self.matrices = {0: self.master.matrix, **dict.fromkeys(self.inputs.years, hours.matrix)}

    def _start(self, model: ConcreteModel) -> np.ndarray:
        """The decisions of the plan on typical days."""

        def known(variable: Any) -> float:
            return float(getattr(model, variable.parent_component().name)[variable.index()].value or 0.0)

        return np.array([known(v) for v in self.master.matrix.columns])

    def _read(self, name: str, result: Result) -> Plan:
        given = {y: LinkValues(links_given(self.model, self.inputs, y), {}) for y in self.inputs.years}
        levels = {y: levels_of(self.model, self.inputs, y) for y in self.inputs.years}
        operated = self.years.as_run(given, levels)
        views = {y: self.years.operator.view(y, own) for y, own in operated.items()}
        plan = self.task.as_plan(name, result.status, result.bound, self.model, views, HOLDS_WITHIN, said_of(result))
        return replace(plan, units=with_whole_units(self.inputs, operated))


# --- which -----------------------------------------------------------------------------------------------------------------


def method_for(case: Case, task: Task, method: str, before: Method | None = None, start: np.ndarray | None = None) -> Method:
    """The method asked for, or the faster one.

    before  has solved the same plan on other typical days, to begin from there
    start   decisions of a like park, left alone where this one has others, or too many integers to search all: the search near
            decisions of a like park was seen to end at whole numbers that need slack
    """
    if strategy.plans_whole(method, is_large(task.inputs)):
        return WholeMethod(task)
    if task.days is None and case.hours == HOURS_OF_YEAR:
        return _on_hours(case, task, before)
    found = DecomposedMethod(task, None if before is None else before.best)
    if before is not None:  # one that has solved nothing itself hands on what it was given
        found.enough = strategy.ENOUGH_FACTOR * before.reached if before.reached > task.gap else before.enough
    elif start is not None and len(found.master.matrix.integer) == len(start) and len(found.master.integers) <= MOST_SEARCHED:
        found.best = start
    return found


def _on_hours(case: Case, task: Task, before: Method | None) -> Method:
    """On every hour, begun from the plan of `before`, or from one on typical days."""
    days = on_days(case, task, strategy.BEGIN_DAYS) if before is None else None
    if days is None:
        return HourlyMethod(task, before)
    first = method_for(case, replace(days, gap=max(task.gap, strategy.BEGIN_GAP)), "decomposed")
    plan = first.plan(TARGET)
    first.task = replace(first.task, gap=task.gap, share=task.share)  # what it plans later has the gap that was asked for
    if plan.has_tables:
        first.typical = first, plan
        if task.clock.watch.is_over():
            return first
    method = HourlyMethod(task, first if plan.has_tables else None)
    method.typical = first.typical
    return method


def on_days(case: Case, task: Task, count: int) -> Task | None:
    """The task on so many typical days (`choose_days`); None where every hour stands for itself."""
    days = choose_days(case, count)
    if days is None:
        return None
    return replace(task, inputs=resolve(case, case.goal, task.inputs.carbon.both_bases, days), days=days, stated=None)
