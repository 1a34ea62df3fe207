r"""At which capital cost a project comes in beside a plan whose other whole numbers stay, by the decomposed method.

Capital costs are costs of the master only, so a cut of a year holds whatever they are. With f times the capital cost of project k,
and all whole numbers but its own as planned, the least cost is

.. math::
    C_k(f) = \min_{x} \; c \cdot x + (f - 1)\, B_k \cdot x + \sum_y \delta_y Q_y(x_y)

which never falls as f grows; the project comes in below the f at which it is what the plan costs without.

1. Estimate: with the columns of k held at next to nothing, the years are solved there, and their reduced costs d in the master say
   at which f the first of them would enter, :math:`\max_j (1 - d_j / B_j)`.
2. At an f (`BesidePlan.at`): where the master takes nothing of k that pays, no plan with k costs less. Else its point is a trial:
   the years are solved there, which gives new cuts, until a plan with k costs less, or the cuts say that none does.
3. The break-even of such plans is found as that of plans made anew (`not_chosen.break_even`).

f  share of the capital cost    B  capital cost in the objective   money (column)   d  reduced cost   money (column)

Returns costs and bounds that hold for these whole numbers. Raises SolverError where HiGHS gives no answer, and Stopped once the
watch in force is over.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from pyomo.core import Block, ConcreteModel, NonNegativeReals
from pyomo.core.expr import identify_variables

from models.case import Case
from models.dot import dot
from models.inputs import Inputs, resolve
from models.inputs.reserves import day_inputs, resolve_outages, resolve_reserves
from models.investment.cost import capital_terms
from models.linear import rows, variables
from models.park import build_hours, build_master, build_outage_day, build_park
from planner.clock import Clock
from planner.days import choose_days
from planner.explain.elastic import POWERS, VOLUMES, LimitAsRows, Rows, unlimited
from planner.finance.pieces import MEASURE, PLANTING, TECHNOLOGY
from planner.planning.base_of import base_of
from planner.planning.methods import DecomposedMethod
from planner.planning.restored import is_of, restored
from planner.planning.strategy import is_large, plans_whole
from planner.planning.task import Task
from planner.questions.session import RunSession
from planner.solve import (
    INFINITY,
    BendersSession,
    Limits,
    Master,
    Matrix,
    OutageDay,
    OutageDays,
    SegmentedTemplate,
    Solver,
    Trial,
    Variant,
    Years,
    by_segments,
    compile_model,
    rounding,
    solve_linear,
    solve_whole,
)

# --- opened ----------------------------------------------------------------------------------------------------------------
# A run's own plan, found again by the decomposed method: where a question that needs many small searches begins.


@dataclass(frozen=True)
class PlanFoundAgain:
    """The method, the plan as a trial of it, and the bound of its cost that the run has proved (money)."""

    method: DecomposedMethod
    trial: Trial
    bound: float


def task_of(question: RunSession, clock: Clock) -> Task:
    """The run's park on the typical days of its plan."""
    case, options = question.case, question.options
    base = case.park.base_emissions or base_of(case)
    days = choose_days(case, case.park.typical_days if options.days is None else options.days)
    return Task(resolve(case, case.goal, base, days), case.park.currency, options.gap, clock, days, segments=options.segments)


def opened(question: RunSession, task: Task, make: Callable[[Task], DecomposedMethod] = DecomposedMethod) -> PlanFoundAgain | None:
    """The run's plan by the method that `make` gives.

    None where the whole method plans such a park, where repairs have changed the typical days of the run, or where the plan is not
    found again at its cost.
    """
    said, asked = question.output.summary["typical_days"], question.options.method
    if plans_whole(asked, is_large(task.inputs)) or not is_of(said, task.days) or question.output.summary["repairs"]:
        return None
    method = make(task)
    trial = task.clock.watch.guarded(lambda: restored(method, question.output.target, said["cost"], task.gap))
    return None if trial is None else PlanFoundAgain(method, trial, float(said["bound"]))


class SearchedMethod(DecomposedMethod):
    """The decomposed method without the hours on which a plan that is found is read: questions need the search alone."""

    def _parts(self) -> tuple[Years, Master]:
        segment = self._segment()
        years = Years(self.inputs) if segment is None else Years(self.inputs, make=by_segments(segment))
        return years, Master(self.inputs, build_master(self.inputs), years)


# --- loosened --------------------------------------------------------------------------------------------------------------
# A park by the decomposed method whose limits are columns: how much more there is of each limit in each year, 0 at first.
#
# .. math:: a_r \cdot x \le b_r + \sum_{l: r \in l} s_l\, \lambda_{l,y} \qquad \lambda_{l,y} = 0
#
# Each limit stands in one place only, as in `explain.elastic`: in the master (budgets, equipment, sites, land, contracts), in the
# hours of a year (connections) or in its account (rules, yearly volumes, credits). In a year the column is a linking variable, so
# every cut says what more of the limit would save there, and holds for other amounts of it, too.
#
# - The reduced cost of a column in the master's optimum is the price of its limit in that year. It is the dual of the rows of the
# limit in the whole linear programme, since the master weighs the cuts of a year by their own duals (Dantzig and Wolfe, 1960).
# - A limit is done without by fixing its columns at more than is used.
# - A day with a unit out is held by the limits of each hour, too: their columns are links of it.
# - A reserve has no column. It is done without by dropping its rows of firm capacity, or by asking for the operations with a unit
# out
# that the other reserves ask for. The cuts of years stay: what a year costs at its links does not follow from reserves.
#
# λ  more of a limit, in hundredths of its scale   1 (l,y)     s  a hundredth of the scale, by what one unit loosens the row (l)
#
# Raises what the decomposed method raises.

#: What one of a column is, as a share of the scale of its limit.
STEP = 0.01
#: Name of a limit among columns.
Key = str


def key_of(limit: LimitAsRows) -> Key:
    """The name of a limit."""
    return " ".join((limit.table, limit.name, limit.parameter, str(limit.year or "")))


def unit_of(limit: LimitAsRows) -> float:
    """What one of its columns is, in its own unit."""
    return STEP * limit.scale


class LimitTemplate(SegmentedTemplate):
    """A template whose limits are rows that a linking variable loosens.

    of_hours     limits of each hour, by key
    of_accounts  limits of the account of each year (y), by key
    """

    further = ("more",)

    def __init__(self, inputs: Inputs, y: int, known: Inputs, case: Case, segment: np.ndarray | None) -> None:
        """`inputs` without the limits, which are those of `known`."""
        self.known, self.case = known, case
        self.of_accounts: dict[int, dict[Key, LimitAsRows]] = {}
        model = build_hours(inputs, y)
        rows = Rows(model, known, case, {y: model.year}, known.years)
        rows.add_supplies(POWERS)
        rows.add_connections()
        self.of_hours = _loosened(model.year, rows.limits)
        super().__init__(inputs, y, segment, model)

    def account(self, y: int) -> ConcreteModel:
        """The account of a year, with its limits."""
        model = super().account(y)
        rows = Rows(model, self.known, self.case, {y: model.year}, self.known.years)
        rows.add_supplies(VOLUMES)
        rows.add_credits()
        rows.add_rules()
        self.of_accounts[y] = _loosened(model.year, rows.limits)
        return model


class LimitOutageDay(OutageDay):
    """A day with a unit out whose limits of each hour are rows that a link loosens."""

    further = ("more",)

    def __init__(self, inputs: Inputs, y: int, d: int, known: Inputs, case: Case) -> None:
        """`inputs` without the limits, which are those of `known`."""
        self.known, self.case = known, case
        super().__init__(inputs, y, d)

    def build(self, inputs: Inputs, y: int, d: int) -> ConcreteModel:
        """The model of the day, with its limits."""
        model = build_outage_day(inputs, y, d)
        known = day_inputs(replace(self.known, outages=inputs.outages), y, d)
        rows = Rows(model, known, self.case, {y: model.year}, known.years)
        rows.add_supplies(POWERS)
        rows.add_connections()
        _loosened(model.year, rows.limits)
        return model


def _loosened(block: Block, limits: Iterable[LimitAsRows]) -> dict[Key, LimitAsRows]:
    """Add `link_more` to the block, which loosens the rows of each limit; returns the limits by key, without their rows."""
    found = {key_of(limit): limit for limit in limits}
    block.link_more = variables(list(found), within=NonNegativeReals, doc="more of a limit, in hundredths of its scale [1]")
    for key, limit in found.items():
        for row, loosens in limit.rows:
            _loosen(row, unit_of(limit) * loosens * block.link_more[key])
    return {key: replace(limit, rows=()) for key, limit in found.items()}


def _loosen(row: Any, by: Any) -> None:
    """Let a row of Pyomo with one bound be violated by as much."""
    row.set_value((None, row.body - by, row.upper) if row.has_ub() else (row.lower, row.body + by, None))


class LoosenedMethod(DecomposedMethod):
    """The decomposed method on such a park.

    limits   every limit by key; `rows` are left out
    columns  (key, year) -> column of the master
    orders   rows of the master that follow from the limits (`LimitAsRows.orders`)
    units    (key, year) -> what one of it is, in the limit's own unit
    """

    def __init__(self, task: Task, case: Case) -> None:
        self.case = case
        super().__init__(task)
        self.set_more({})

    def _parts(self) -> tuple[Years, Master]:
        known, free, segment = self.inputs, unlimited(self.inputs), self._segment()
        years = Years(free, make=lambda inputs, y: LimitTemplate(inputs, y, known, self.case, segment))
        model = build_master(free)
        rows = Rows(model, known, self.case, {}, known.years)
        for add in (rows.add_contracts, rows.add_equipment, rows.add_budget, rows.add_land, rows.add_allowances):
            add()
        own = {key_of(limit): limit for limit in rows.limits}
        operated = self._of_years(years)
        rows_of = [(key, limit, row) for key, limit in own.items() for row, _ in (*limit.rows, *limit.orders)]
        more = {(key, year_of(row, known.years)): limit for key, limit, row in rows_of}
        more |= {(key, y): limit for y, limits in operated.items() for key, limit in limits.items()}
        self._add_columns(model, more, own)
        self.limits = _every(more, self.case)
        self.units = {at: unit_of(limit) for at, limit in more.items()}
        master = Master(free, model, years)
        self.columns = {at: master.matrix.column[id(model.more[at])] for at in more}
        master.outages = master.outages.on_days(self._outage_days)
        self.orders = master.matrix.rows_of({id(row): row for limit in own.values() for row, _ in limit.orders}.values())
        return years, master

    def _outage_days(self, inputs: Inputs) -> OutageDays:
        """The stress days of these inputs, with the limits of today."""
        return OutageDays(inputs, lambda everything, y, d: LimitOutageDay(everything, y, d, self.inputs, self.case))

    @staticmethod
    def _of_years(years: Years) -> dict[int, dict[Key, LimitAsRows]]:
        """Year -> key -> limit of its hours or its account."""
        found: dict[int, dict[Key, LimitAsRows]] = {}
        for y, year in years.years.items():
            template = year.joined.template
            assert isinstance(template, LimitTemplate)
            found[y] = template.of_hours | template.of_accounts[y]
        return found

    @staticmethod
    def _add_columns(model: ConcreteModel, more: Mapping[tuple[Key, int], LimitAsRows], own: Mapping[Key, LimitAsRows]) -> None:
        """Columns of the master, which loosen its own limits."""
        model.more = variables(list(more), within=NonNegativeReals, doc="more of a limit, in hundredths of its scale [1]")
        years = {y for _, y in more}
        for key, limit in own.items():
            for row, loosens in (*limit.rows, *limit.orders):
                _loosen(row, unit_of(limit) * loosens * model.more[key, year_of(row, tuple(years))])

        @rows(model, list(more), doc="keeps in the matrix a column that stands in no other row [1]")
        def more_kept(model, *at):
            return model.more[at] >= -1

    def set_more(self, more: Mapping[tuple[Key, int], float]) -> None:
        """Fix the columns at these amounts (hundredths of the scale), the others at 0.

        Where all are 0 prices are read, in which rows that follow from the limits have no part.
        """
        self._set(self.orders[:0] if more else self.orders, more)

    def _set(self, dropped: np.ndarray, more: Mapping[tuple[Key, int], float]) -> None:
        places = np.array(list(self.columns.values()), dtype=np.int32)
        amounts = np.array([more.get(at, 0.0) for at in self.columns])
        self.master.set_variant(Variant(dropped, fixed=places, values=amounts))

    @contextmanager
    def with_reserves_of(self, case: Case) -> Iterator[None]:
        """As long as it lasts, the reserves are those of a case that has fewer of them, and else the same park.

        Rows of operations with a unit out that the case asks for, too, stay; afterwards all rows are those of before.
        """
        master, years = self.master, self.inputs.years
        held = resolve_reserves(case, years, False).margin
        gone = master.matrix.rows_of(row for place, row in self.model.reserve_limit.items() if place not in held)
        before, rows = master.outages, list(master.cuts.outage_rows)
        master.outages = before.with_others(resolve_outages(case, years, self.inputs.capacity))
        master.cuts.exchange_rows(before.asked_for_by(master.outages))
        self._set(gone, {})
        try:
            yield
        finally:
            master.outages = before
            master.cuts.exchange_rows(rows)
            self.set_more({})


def _every(more: Mapping[tuple[Key, int], LimitAsRows], case: Case) -> dict[Key, LimitAsRows]:
    """Each limit once, with the number of the year that is nearest to the deadline where its years have their own."""
    assert case.goal is not None
    by = case.goal.by
    found: dict[Key, tuple[tuple[bool, int], LimitAsRows]] = {}
    for (key, y), limit in more.items():
        rank = y < by, abs(y - by)
        if key not in found or rank < found[key][0]:
            found[key] = rank, limit
    return {key: replace(limit, rows=(), orders=()) for key, (_, limit) in found.items()}


# --- estimates -------------------------------------------------------------------------------------------------------------
# The capital cost at which a project would come in, estimated by reduced costs.
#
# In the linear programme in which whole numbers are as planned, but those of the project relaxed, its columns are held at next to
# nothing (at 0 what it would be used for has no price of its own). The first of them enters at the factor
#
# .. math::
# \max_j \; 1 - d_j / B_j
#
# of the capital cost. Where orders have a least size, or many go together, it is an estimate; `break_even` confirms it by plans.
#
# d  reduced cost   money (column)     B  capital cost in the objective   money (column)
#
# Returns factors. Raises SolverError where HiGHS gives no answer.

#: Item of the objective that is the capital of each kind.
ITEMS = {TECHNOLOGY: "capital", MEASURE: "measures", PLANTING: "restoration"}
#: Share of the most of a column that is next to nothing.
LITTLE = 1e-4
Who = tuple[str, str]


def estimates(question: RunSession, projects: Sequence[Who]) -> dict[Who, float]:
    """(kind, name) -> factor, of the projects that the whole method plans; none of what is bought, of types that are not offered,
    nor of parks that are too large for one matrix."""
    inputs = question.inputs
    own = [who for who in projects if who[0] in ITEMS]
    if not own or is_large(inputs):
        return {}
    model = build_park(inputs)
    matrix = compile_model(model)
    solver = Solver(matrix)
    plan = solve_whole(solver, Limits(gap=question.options.gap), rounding=rounding(matrix, model, inputs))
    if not plan.has_point:
        return {}
    solver.relax(True)
    found = {who: _estimate(solver, matrix, model, inputs, np.round(plan.values[matrix.integer]), *who) for who in own}
    return {who: factor for who, factor in found.items() if factor is not None}


def _estimate(
    solver: Solver, matrix: Matrix, model: ConcreteModel, inputs: Inputs, whole: np.ndarray, kind: str, name: str
) -> float | None:
    integers = np.flatnonzero(matrix.integer).astype(np.int32)
    held = ~own_integers(matrix, inputs, integers, kind, name)
    solver.restore_columns(integers)
    solver.set_bounds(integers[held], whole[held], whole[held])
    places, money = capital_columns(matrix, model, inputs, kind, name)
    little = little_of(matrix, places)
    solver.set_bounds(places, little, little)
    solver.forget()
    answer = solve_linear(solver)
    solver.restore_columns(places)
    return None if answer.column_duals is None else entering(answer.column_duals[places], money)


def entering(reduced: np.ndarray, money: np.ndarray) -> float:
    """The factor at which the first of the columns enters; 0 where none does."""
    paid = money > 0
    return float(np.max(1 - reduced[paid] / money[paid], initial=0.0))


def little_of(matrix: Matrix, places: np.ndarray) -> np.ndarray:
    """Next to nothing of some columns: a share of the most."""
    most = matrix.upper[places]
    return LITTLE * np.where(np.isfinite(most), most, 1.0)


def capital_columns(matrix: Matrix, model: ConcreteModel, inputs: Inputs, kind: str, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Columns that a project is paid for by, and what each costs in the objective (money): capital, or its annuity."""
    shares: Mapping[str, Mapping[tuple[str, int], float]] = {
        TECHNOLOGY: inputs.capacity.seen_share,
        MEASURE: inputs.measures.seen_share,
        PLANTING: inputs.restoration.seen_share,
    }
    found = {
        matrix.column[id(variable)]: inputs.finance.discount[y] * shares[kind][name, y] * money
        for y in inputs.years
        for item, k, (money, variable) in capital_terms(model, inputs, y)
        if (item, k) == (ITEMS[kind], name) and money and id(variable) in matrix.column
    }
    capacity, discount = inputs.capacity, inputs.finance.discount
    for (k, v), yearly in capacity.annuity.items() if kind == TECHNOLOGY else ():
        if k == name and (k, v) in model.build:
            place = matrix.column[id(model.build[k, v])]
            found[place] = found.get(place, 0.0) + yearly * sum(discount[y] for y in capacity.works[k, v])
    return np.array(list(found), dtype=np.int32), np.array(list(found.values()))


def own_integers(matrix: Matrix, inputs: Inputs, integers: np.ndarray, kind: str, name: str) -> np.ndarray:
    """True for the integers of a project, and of measures that exclude it."""
    names = {name}.union(*(group for group in inputs.measures.groups if kind == MEASURE and name in group))
    return of_names(matrix, integers, names)


def of_names(matrix: Matrix, integers: np.ndarray, names: Collection[str]) -> np.ndarray:
    """True for the integers of anything of these names."""
    indices = [matrix.columns[place].index() for place in integers.tolist()]
    return np.array([isinstance(index, tuple) and index[0] in names for index in indices], dtype=bool)


# --- beside ----------------------------------------------------------------------------------------------------------------

#: What is paid for a project is told from none to this share of it.
STEP_OF_PAID = 1 / 300
#: Gap at which the plan itself is found again, so that small projects are told from none; trials of one project; seconds of one
#: branch and bound, of its own whole numbers only.
FINE, MOST, SECONDS = 2e-5, 24, 30.0
#: Money below this share of the system cost is noise.
NOISE = 1e-7


@dataclass(frozen=True)
class PlanBeside:
    """A plan beside that of a run: its cost, a bound of the least cost (money), and what is paid for things."""

    cost: float
    bound: float
    paid: Mapping[Who, float] = field(default_factory=dict)

    def paid_for(self, kind: str, name: str) -> float:
        """Capital of a project, or what is paid for what is bought, discounted (money)."""
        return self.paid.get((kind, name), 0.0)


class BesidePlan:
    """The plan of a run, and the search for what would come in beside it.

    whole  the plan's whole numbers     cost, bound  least cost with them, and its lower bound   money
    """

    def __init__(self, opened: PlanFoundAgain, gap: float = FINE) -> None:
        """`gap`: at which the least cost with the plan's whole numbers is found."""
        self.method, self.master = opened.method, opened.method.master
        self.inputs, self.model = opened.method.inputs, opened.method.master.model
        self.cost = opened.trial.cost
        self.whole = np.round(opened.trial.point[self.master.integers])
        say = self.method.task.say("target")
        self.search = BendersSession(self.master, self.method.searched, Limits(gap), say, opened.trial)
        self.master.cuts.exempt_from_ageing()
        self._refine(gap)

    def _refine(self, gap: float) -> None:
        """Find the least cost with the plan's whole numbers as near as the gap."""
        self.master.solver.relax(True)
        self.master.fix(self.whole)
        phase = self.search.go_on()
        self.search.iterate(phase, gap)
        self.master.unfix()
        self.cost, self.bound = min(self.cost, self.search.overall.cost), phase.bound
        self.master.cuts.exempt_from_ageing()

    @contextmanager
    def beside(self, who: Who) -> Iterator[tuple[float, Callable[[float], PlanBeside]]]:
        """As long as it lasts, all whole numbers but those of a project are as planned. Gives the factor of its capital cost at
        which it would come in by its reduced costs, and what makes the plan at a factor: that as it is where none with it costs
        less."""
        master = self.master
        places, money = capital_columns(master.matrix, self.model, self.inputs, *who)
        own = own_integers(master.matrix, self.inputs, master.integers, *who)
        master.solver.relax(True)
        master.fix(self.whole, ~own)
        try:
            yield self._estimate(places, money), lambda factor: self._plan(who, factor, places, money, own)
        finally:
            master.unfix()
            master.solver.set_costs_of(places, master.costs[places])
            master.restore(places)
            master.cuts.exempt_from_ageing()

    def _plan(self, who: Who, factor: float, places: np.ndarray, money: np.ndarray, own: np.ndarray) -> PlanBeside:
        bound, noise = -INFINITY, NOISE * abs(self.cost)
        for _ in range(MOST):
            bound, point = self._at(factor, places, money, own)
            paid = 0.0 if point is None else dot(money, point[places])
            if point is None or self.cost - bound <= max(STEP_OF_PAID * factor * paid, noise):
                break
            trial = self.search.evaluate(point)
            cost = trial.cost + (factor - 1) * paid  # infinite where the point has slack
            if paid <= noise:
                self.cost = min(self.cost, trial.cost)  # a better plan without it
            elif cost < self.cost:
                return PlanBeside(cost, bound, {who: factor * paid})
        return PlanBeside(self.cost, bound)

    def _at(self, factor: float, places: np.ndarray, money: np.ndarray, own: np.ndarray) -> tuple[float, np.ndarray | None]:
        """What a plan costs at least at a factor, as far as the cuts tell, and the point that the master prefers."""
        master = self.master
        master.solver.set_costs_of(places, master.costs[places] + (factor - 1) * money)
        if not own.any():
            answer = master.optimum()
            return answer.value, answer.values if answer.status == "optimal" else None
        found = self.search.whole_numbers(self.whole, 0.0, SECONDS, ~own, nodes=50)
        return found.bound, found.values[: master.count] if found.has_point else None

    def _estimate(self, places: np.ndarray, money: np.ndarray) -> float:
        """The factor at which the first column of a project would enter the master."""
        master, little = self.master, little_of(self.master.matrix, places)
        master.solver.set_bounds(places, little, little)
        self.search.evaluate(master.optimum().values)
        answer = master.solver.run()
        master.solver.restore_columns(places)
        if answer.status != "optimal" or answer.column_duals is None:
            return 1.0
        return entering(answer.column_duals[places], money)


def year_of(row: Any, years: tuple[int, ...]) -> int:
    """The year of a row: that of its block, else of the variable that it bounds. Raises ValueError where it has no year."""
    for component in (row, *identify_variables(row.body)):
        index = component.index()
        block = component.parent_block().index()
        parts = (*(block if isinstance(block, tuple) else (block,)), *(index if isinstance(index, tuple) else (index,)))
        year = next((p for p in parts if p in years), None) if component is not row or parts[0] in years else None
        if year is not None:
            return int(year)
    raise ValueError(f"{row.name}: is of no year")
