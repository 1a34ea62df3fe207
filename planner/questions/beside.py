r"""A change of a large park beside the plan of its run: one master, whose cuts stay from one change to the next.

The decomposed method has the decisions in a master and what each year costs in cuts. Costs and bounds of decisions touch the master
alone, so every cut holds whatever they are. The run's plan is found again from its tables (`restored`), and a change is planned by
the same master, to a cost and a lower bound of it:

.. math::
    C(\gamma) = \min_{x \in X(\gamma)} \; c(\gamma) \cdot x + \sum_y \delta_y Q_y(x_y)

Only the whole numbers of what changes are free, all others are as planned: the price at which something comes in, and what a
limit costs, are told to one per cent. What is more to pay without a project is found with all whole numbers as fractions, with
it and without, since others stand in; so is that the goal cannot be met without it. A change of an
operation (the price of what is bought) operates the plan's decisions at it.

γ  change     x  decisions     Q  least cost of a year   money     δ  discount of a year

Returns answers whose cost and bound hold for that. Raises SolverError where HiGHS gives no answer, and Stopped once the watch in
force is over.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from pyomo.core import Block, ConcreteModel, NonNegativeReals, value
from pyomo.core.expr import identify_variables
from threadpoolctl import threadpool_limits

from models.case import Case
from models.dot import dot
from models.inputs import Inputs, resolve
from models.inputs.equipment import outages_of, producers
from models.inputs.reserves import day_inputs, resolve_outages, resolve_reserves
from models.investment.cost import capital_terms, system_cost_of_year
from models.linear import rows, variables
from models.park import build_hours, build_master, build_outage_day
from planner.clock import Clock
from planner.days import choose_days
from planner.explain.elastic import LARGEST, POWERS, VOLUMES, LimitAsRows, Rows, unlimited
from planner.finance.pieces import GIVEN_UP, MEASURE, PLANTING, TECHNOLOGY
from planner.language.language import mark
from planner.language.words import NEEDED
from planner.machine.stopping import Watch, watched
from planner.park import read_case
from planner.planning.base import base_of
from planner.planning.methods import DecomposedMethod
from planner.planning.rerun import read_run
from planner.planning.restored import restored
from planner.planning.run import Options
from planner.planning.strategy import is_large, plans_whole
from planner.planning.task import Task
from planner.questions.change import DROP, ITEMS, LIFT, Change, changed, lift, reserves_of, without_reserves, years_of
from planner.solve import (
    INFINITY,
    BendersSession,
    Limits,
    Master,
    Matrix,
    OutageDay,
    OutageDays,
    Phase,
    SegmentedTemplate,
    Solver,
    Trial,
    Variant,
    Years,
    compile_model,
    rounding,
    solve_whole,
)
from planner.tables.output import Output, read_output
from planner.tables.schema import RESERVES

Who = tuple[str, str]
#: What a plan costs more than another, at least and at most (money); None: not known.
Difference = tuple[float | None, float | None, float | None]
#: What is said where no plan was found without something, and where the bounds of two plans leave open which costs more.
NO_ANSWER = mark("no plan was found without it")
NOT_APART = mark("not told apart: within the bounds of both plans")
#: Said of each answer; and of one without a project.
NOTE = mark("beside the plan: the whole numbers of all else as planned")
NOTE_OF_FRACTIONS = mark("beside the plan: all whole numbers as fractions, with it and without")

# --- answer ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class QuestionAnswer:
    """A plan with a change: status, cost and lower bound of the least cost (money; None: not known), what is paid by (item, name)
    in the objective (discounted money), where it is saved, and what was held.

    is_relaxed  some whole numbers are fractions, so a plan may cost more
    """

    status: str
    cost: float | None
    bound: float | None
    terms: Mapping[tuple[str, str], float] = field(default_factory=dict)
    folder: Path | None = None
    note: str = ""
    is_relaxed: bool = False

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> QuestionAnswer:
        """What `Beside.facts` gave."""
        return cls(**{**facts, "terms": {(item, name): money for item, name, money in facts["terms"]}})

    @property
    def is_planned(self) -> bool:
        """True if there is a plan."""
        return self.cost is not None

    @property
    def why_none(self) -> str:
        """Why there is no plan without something; empty where there is one."""
        return "" if self.is_planned else NEEDED if self.status == "infeasible" else NO_ANSWER

    def more_than(self, other: QuestionAnswer) -> Difference:
        """What it costs more than another, and what that is at least and at most by the bounds of both."""
        least = None if self.bound is None or other.cost is None else self.bound - other.cost
        if self.cost is None or other.cost is None:
            return None, least, None
        return self.cost - other.cost, least, None if other.bound is None or self.is_relaxed else self.cost - other.bound

    def paid_for(self, kind: str, name: str) -> float:
        """Capital of a project that the horizon bears, with the value that retirement gives up, or its annuity, or what is paid for
        what is bought."""
        items = ITEMS.get(kind) or PAID_FOR[kind]
        return sum(self.terms.get((item, name), 0.0) for item in items)

    def paid(self) -> dict[str, float]:
        """Name -> all that is paid for it."""
        found: dict[str, float] = {}
        for (_, name), money in self.terms.items():
            found[name] = found.get(name, 0.0) + money
        return found


def noted(difference: Difference, *notes: str) -> str:
    """The notes, and that the bounds of both plans leave open which costs more, where they do."""
    _, least, most = difference
    is_apart = least is None or most is None or not least < 0 < most
    return "; ".join(filter(None, (*notes, "" if is_apart else NOT_APART)))


#: Items of the objective that are paid for a project.
PAID_FOR = {TECHNOLOGY: ("capital", GIVEN_UP, "annuity"), MEASURE: ("measures",), PLANTING: ("restoration",)}

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
# out that the other reserves ask for. The cuts of years stay: what a year costs at its links does not follow from reserves.
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

    def bar(self, kind: str, name: str) -> None:
        """No order, start or planting of a project beyond what is signed, until `set_more`; all limits are as they are."""
        family = {TECHNOLOGY: self.model.build, MEASURE: self.model.adopt, PLANTING: self.model.plant}[kind]
        column = self.master.matrix.column
        places = np.array([column[id(v)] for (k, _), v in family.items() if k == name and id(v) in column], dtype=np.int32)
        more = np.array(list(self.columns.values()), dtype=np.int32)
        values = np.concatenate([self.master.compiled.lower[places], np.zeros(len(more))])
        self.master.set_variant(Variant(fixed=np.concatenate([places, more]), values=values))

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


# --- columns ---------------------------------------------------------------------------------------------------------------
# The capital cost at which a project would come in, estimated by reduced costs: its columns are held at next to nothing, and the
# first of them enters at the factor
#
# .. math::
# \\max_j \\; 1 - d_j / B_j
#
# d  reduced cost   money (column)     B  capital cost in the objective   money (column)

#: Item of the objective that is the capital of each kind.
CAPITAL_OF = {TECHNOLOGY: "capital", MEASURE: "measures", PLANTING: "restoration"}
#: Share of the most of a column that is next to nothing.
LITTLE = 1e-4


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
        if (item, k) == (CAPITAL_OF[kind], name) and money and id(variable) in matrix.column
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


def best_of(model: ConcreteModel, inputs: Inputs, gap: float) -> tuple[Matrix, Solver, np.ndarray] | None:
    """A small park as one matrix, its solver with whole numbers relaxed, and those of its best plan; None where there is none."""
    matrix = compile_model(model)
    solver = Solver(matrix)
    plan = solve_whole(solver, Limits(gap=gap), rounding=rounding(matrix, model, inputs))
    if not plan.has_point:
        return None
    solver.relax(True)
    return matrix, solver, np.round(plan.values[matrix.integer])


def bound_by(case: Case, name: str) -> set[str]:
    """Technologies that a reserve, or all of them, can bind: what makes its carrier in its zone and, where it is operated, what may
    be out."""
    rows = reserves_of(case, name)
    alike = {case.columns(y): case.in_year(y) for y in years_of(case)}
    made = {k for own in alike.values() for row in rows for k in producers(own, row.carrier, row.zone)}
    out = outages_of(case.technologies, case.types, case.ports, {row.carrier for row in rows if row.operated})
    return made | {k for group in out.values() for k in group}


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


# --- beside ----------------------------------------------------------------------------------------------------------------

#: Gap at which the plan is found again, and prices are read.
FINE = 2e-6
#: Trials of one capital cost; what is paid for a project is told from none to this share of it.
MOST, STEP_OF_PAID = 24, 1 / 300
#: Money below this share of the system cost is noise.
NOISE = 1e-7
#: A saving is known once its limits are this near, as a share of it; gaps at which it is sought, one after the other.
KNOWN, GAPS = 0.05, (1e-3, 1e-4, 2e-5)
#: Assignments of the whole numbers that are tried without a limit; seconds and nodes of one branch and bound.
TURNS, SECONDS, NODES = 3, 30.0, 50
#: Where the columns of a limit still have a price, it still binds: it is loosened `WIDER` times as much, at most `TIMES` times.
WIDER, TIMES = 20.0, 4
#: Gap without a project; share of what is paid more above which penalty of slack tells that a point is far from any plan; share of
#: the cost above which it tells that there may be none.
DROPPED, SLACK, FAR = 1e-3, 0.25, 0.03
#: Tables of limits that bound no one thing: without them all whole numbers stay.
OF_ALL = ("stages", "rules", "budget")
#: The penalty of slack is multiplied by this as long as slack is cheaper than to serve or to keep a rule, so often at most.
PENALTY, RAISES = 10.0, 4


class Beside:
    """The plan of a run of a park whose limits are columns, and plans with a change.

    whole  the plan's whole numbers     cost, bound  least cost with them, and its lower bound   money
    """

    def __init__(self, method: LoosenedMethod, trial: Trial) -> None:
        """`trial`: the plan of the run."""
        self.cost, self.bound = trial.cost, -INFINITY
        self.method, self.master, self.inputs = method, method.master, method.inputs
        self.whole = np.round(trial.point[self.master.integers])
        self.search = self._session(FINE, trial)
        self._refine()
        for _ in range(RAISES):  # with slack, prices would be penalties
            if self.bound > self.cost - KNOWN * GAPS[0] * abs(self.cost):
                break
            self.search.scale_penalty(PENALTY)
            self._refine()
        self.bound = min(self.bound, self.cost)

    def _session(self, gap: float, incumbent: Trial | None = None) -> BendersSession:
        return BendersSession(self.master, self.method.searched, Limits(gap), self.method.task.say("target"), incumbent)

    def _refine(self) -> None:
        """Find the least cost with the plan's whole numbers as near as the gap."""
        self.master.solver.relax(True)
        self.master.fix(self.whole)
        phase = self.search.go_on()
        self.search.iterate(phase, FINE)
        self.master.unfix()
        self.cost, self.bound = self.search.overall.cost, phase.bound
        self.master.cuts.exempt_from_ageing()

    def plan(self, change: Change) -> QuestionAnswer:
        """The plan with a change; its bound holds with all other whole numbers as planned."""
        try:
            if not change:
                return self._told("feasible", self.cost, self.bound, self.search.overall.incumbent)
            if change[0] == LIFT:
                return self._without_limit(change)
            if change[0] == DROP and change[1] not in ITEMS:
                return self._without_project(*change[1:])
            return self._at_cost(change)
        finally:
            self.master.unfix()
            self.method.set_more({})
            self.master.cuts.exempt_from_ageing()

    def facts(self, change: Change) -> dict[str, Any]:
        """The same as numbers and texts."""
        found = self.plan(change)
        return {**asdict(replace(found, terms={})), "terms": [(*key, money) for key, money in found.terms.items()]}

    # --- whole numbers as planned -------------------------------------------------------------------------------------

    def _at_cost(self, change: Change) -> QuestionAnswer:
        """The plan at a factor of the capital cost of a project, or of the price of what is bought."""
        _, kind, name, text = change
        if kind in ITEMS:
            return self._operated(changed(self.method.case, change))
        master, factor, noise = self.master, float(text), NOISE * abs(self.cost)
        places, money = capital_columns(master.matrix, master.model, self.inputs, kind, name)
        own = own_integers(master.matrix, self.inputs, master.integers, kind, name)
        base = self.search.overall.incumbent
        assert base is not None
        best, least = base, self.cost + (factor - 1) * dot(money, base.point[places])
        master.solver.relax(True)
        master.fix(self.whole, ~own)
        try:
            for _ in range(MOST):
                master.solver.set_costs_of(places, master.costs[places] + (factor - 1) * money)
                bound, point = self._preferred(own)
                paid = 0.0 if point is None else dot(money, point[places])
                if point is None or least - bound <= max(STEP_OF_PAID * factor * paid, noise):
                    break
                trial = self.search.evaluate(point)
                cost = trial.cost + (factor - 1) * paid  # infinite where the point has slack
                if cost < least:
                    best, least = trial, cost
                    if paid > noise:
                        break
                    self.cost = cost  # a better plan without it
        finally:
            master.solver.set_costs_of(places, master.costs[places])
        return self._told("feasible", least, min(bound, least), best, {(kind, name): factor})

    def _preferred(self, own: np.ndarray) -> tuple[float, np.ndarray | None]:
        """What a plan costs at least as far as the cuts tell, and the point that the master prefers."""
        master = self.master
        if not own.any():
            answer = master.optimum()
            return answer.value, answer.values if answer.status == "optimal" else None
        found = self.search.whole_numbers(self.whole, 0.0, SECONDS, ~own, NODES)
        return found.bound, found.values[: master.count] if found.has_point else None

    def estimate(self, kind: str, name: str) -> float:
        """The factor of its capital cost at which the first column of a project would enter the master, held at next to nothing: at
        0 what it would be used for has no price of its own."""
        master = self.master
        places, money = capital_columns(master.matrix, master.model, self.inputs, kind, name)
        little = little_of(master.matrix, places)
        master.solver.relax(True)
        master.fix(self.whole, ~own_integers(master.matrix, self.inputs, master.integers, kind, name))
        master.solver.set_bounds(places, little, little)
        try:
            self.search.evaluate(master.optimum().values)
            answer = master.solver.run()
        finally:
            master.unfix()
            master.solver.restore_columns(places)
        if answer.status != "optimal" or answer.column_duals is None:
            return 1.0
        return entering(answer.column_duals[places], money)

    def _operated(self, case: Case) -> QuestionAnswer:
        """The plan's decisions, operated in a changed park."""
        task = self.method.task
        inputs = resolve(case, case.goal, task.inputs.carbon.both_bases, task.days)
        method = LoosenedMethod(replace(task, inputs=inputs), case)
        session = BendersSession(method.master, method.searched, Limits(task.gap))
        best = self.search.overall.point
        assert best is not None
        trial = session.begin(best).incumbent
        assert trial is not None
        return self._told("feasible", trial.cost, trial.cost, trial, method=method)

    def prices(self) -> list[tuple[dict[str, Any], dict[int, float]]]:
        """Each limit with a price, as fields, and that by year: what one unit more of it would save (discounted money).

        .. math:: p_{l,y} = -d_{l,y} / s_l

        p  price   money per unit (l,y)     d  reduced cost   money (l,y)     s  what one of the column is   unit of the limit (l)
        """
        master, method = self.master, self.method
        master.solver.relax(True)
        master.fix(self.whole)
        try:
            master.optimum()
            answer = master.solver.run()
        finally:
            master.unfix()
        found: dict[Key, dict[int, float]] = {}
        if answer.status != "optimal" or answer.column_duals is None:
            return []
        for (key, y), place in method.columns.items():
            price = -float(answer.column_duals[place]) / method.units[key, y]
            if price > 0:
                found.setdefault(key, {})[y] = price
        return [(asdict(method.limits[key]), own) for key, own in found.items()]

    def _without_limit(self, change: Change) -> QuestionAnswer:
        """The plan without a limit or a reserve in all its years, a rule in all its steps."""
        table, name = change[1], change[2]
        own = self._bounded(table, name)
        if table == RESERVES:  # it has no columns, so nothing is left of it that could bind
            # All whole numbers of what makes a carrier are free: finer than a tenth of the gap asked for takes long.
            gaps = tuple(gap for gap in GAPS if gap >= min(GAPS[0], 0.1 * self.method.task.gap)) or GAPS[:1]
            with self.method.with_reserves_of(without_reserves(self.method.case, name)):
                try:
                    return self._least(np.zeros(0, dtype=np.int32), 0.0, own, gaps)[0]
                finally:
                    self.master.unfix()
        columns = [at for at in self.method.columns if lift(self.method.limits[at[0]]) == change]
        places = np.array([self.method.columns[at] for at in columns], dtype=np.int32)
        room = (LARGEST - 1) / STEP
        for _ in range(TIMES):
            self.method.set_more(dict.fromkeys(columns, room))
            found, priced = self._least(places, room, own, GAPS)
            assert found.cost is not None
            if priced * room <= KNOWN * (self.cost - found.cost):
                break
            room *= WIDER
        return found

    def _without_project(self, kind: str, name: str) -> QuestionAnswer:
        r"""The plan without any order of a project, all whole numbers as fractions with it and without.

        .. math:: C = \hat C + R_{-k} - R

        C  cost of the answer     Ĉ  cost of the plan     R  least cost with fractions, -k without the project   money

        Where that has much slack, phase 1 may prove that the goal cannot be met without the project; else there is no answer.
        """
        base, paid = self._fractions
        self.method.bar(kind, name)
        search, phase = self._with_fractions()
        trial = phase.incumbent
        if trial is None or trial.penalty > max(SLACK * (trial.cost - base.cost), GAPS[1] * abs(base.cost)):
            if trial is None:
                is_proven = self.master.optimum().status.startswith("infeasible")
            else:
                is_proven = trial.penalty > FAR * abs(self.cost) and search.is_reachable(trial.point) is False
                # with feasibility cuts of a park that has no plan HiGHS ended early
                self.master.cuts.drop_plan_specific()
            return QuestionAnswer("infeasible" if is_proven else "failed", None, None, note="" if is_proven else NOTE_OF_FRACTIONS)
        more, plan = self.cost - base.cost, self._told("feasible", self.cost, self.bound, self.search.overall.incumbent).terms
        found = self._told("feasible", trial.cost + more, phase.bound + more, trial)
        terms = {k: plan.get(k, 0.0) + found.terms.get(k, 0.0) - paid.get(k, 0.0) for k in {**plan, **found.terms, **paid}}
        return replace(found, terms=terms, is_relaxed=True, note=NOTE_OF_FRACTIONS)

    @cached_property
    def _fractions(self) -> tuple[Trial, Mapping[tuple[str, str], float]]:
        """The plan with all whole numbers as fractions, and what is paid in it by (item, name) (discounted money)."""
        _, phase = self._with_fractions()
        assert phase.incumbent is not None
        return phase.incumbent, self._told("feasible", phase.cost, phase.bound, phase.incumbent).terms

    def _with_fractions(self) -> tuple[BendersSession, Phase]:
        """A session and its phase, which has found the least cost with all whole numbers as fractions."""
        search, phase = self._session(DROPPED), Phase()
        self.master.solver.relax(True)
        search.iterate(phase, DROPPED)
        return search, phase

    def _bounded(self, table: str, name: str) -> np.ndarray:
        """True for the integers that may change without a limit: those of what it bounds; none where it is a rule or a budget."""
        integers = self.master.integers
        if table in OF_ALL:
            return np.zeros(len(integers), dtype=bool)
        names = bound_by(self.method.case, name) if table == RESERVES else {name}
        if table == "sites":
            names = {k for k, site in self.inputs.capacity.site.items() if site == name}
        return of_names(self.master.matrix, integers, names)

    def _least(self, places: np.ndarray, room: float, own: np.ndarray, gaps: tuple[float, ...]) -> tuple[QuestionAnswer, float]:
        """The best plan found with these columns fixed at `room`, and what one more of each of them would still save (money)."""
        master, search, start = self.master, self._session(gaps[-1]), self.search.overall.point
        assert start is not None
        start = start.copy()
        start[places] = room
        master.solver.relax(True)
        master.fix(self.whole, ~own)
        phase = search.begin(start)
        self._iterate(search, phase, gaps)
        bound = self._with_whole(search, phase.bound, own, gaps) if own.any() else phase.bound
        if not own.any():
            self._remove_slack(search, phase)
        best = search.overall.incumbent
        assert best is not None
        master.unfix()
        master.fix(np.round(best.point[master.integers]))
        master.optimum()
        answer = master.solver.run()
        priced = 0.0 if answer.column_duals is None else -float(answer.column_duals[places].sum())
        cost = min(best.cost, self.cost)
        return self._told("feasible", cost, min(bound, cost), best), priced

    def _iterate(self, search: BendersSession, phase: Phase, gaps: tuple[float, ...], cutoff: float = INFINITY) -> None:
        """Iterate until the saving is known by the bounds of a phase, or to the last of the gaps."""
        for gap in gaps:
            is_within = search.iterate(phase, gap, cutoff=cutoff)
            if not is_within or self._is_known(phase.cost, phase.bound, gaps):
                return

    def _is_known(self, cost: float, bound: float, gaps: tuple[float, ...]) -> bool:
        """True if bounds tell a saving well enough."""
        return cost - bound <= max(KNOWN * (self.cost - cost), gaps[-1] * abs(cost))

    def _with_whole(self, search: BendersSession, bound: float, own: np.ndarray, gaps: tuple[float, ...]) -> float:
        """Seek whole numbers for those that are free, and the rest with each assignment that is found; the lower bound."""
        master, tried = self.master, set()
        for _ in range(TURNS):
            if self._is_known(search.overall.cost, bound, gaps):
                break
            assert search.overall.point is not None
            start = np.round(search.overall.point[master.integers])
            found = search.whole_numbers(start, gaps[-1], SECONDS, ~own, NODES)
            bound = max(bound, found.bound)
            whole = np.round(found.values[master.integers]) if found.has_point else start
            if not found.has_point or whole.tobytes() in tried:
                break
            tried.add(whole.tobytes())
            master.fix(whole)
            phase = search.begin(found.values)
            self._iterate(search, phase, gaps, search.overall.cost)
            self._remove_slack(search, phase)
            master.unfix()
        return bound

    @staticmethod
    def _remove_slack(search: BendersSession, phase: Phase) -> None:
        """Seek a plan near the best point of a phase that is none, since it has slack."""
        if phase.point is not None and phase.cost < search.overall.cost:
            search.remove_slack(phase.point)

    # --- told ---------------------------------------------------------------------------------------------------------

    def _told(
        self,
        status: str,
        cost: float,
        bound: float,
        trial: Trial | None,
        factors: Mapping[Who, float] | None = None,
        method: LoosenedMethod | None = None,
    ) -> QuestionAnswer:
        """The answer with what a trial pays for; `factors`: of the capital of projects."""
        method = self.method if method is None else method
        assert trial is not None and isinstance(method.searched, Years)
        method.searched.take(trial.operation)
        matrix = method.master.matrix
        matrix.load(trial.point)
        terms: dict[tuple[str, str], float] = {}
        for y, year in method.searched.years.items():
            for key, money in system_cost_of_year(method.model, method.inputs, y, year.view().cost_terms).items():
                terms[key] = terms.get(key, 0.0) + float(value(money))
        for (kind, name), factor in (factors or {}).items():
            terms |= {(item, name): factor * terms[item, name] for item in PAID_FOR[kind] if (item, name) in terms}
        return QuestionAnswer(status, cost, bound, {key: money for key, money in terms.items() if money}, note=NOTE)


# --- opened ----------------------------------------------------------------------------------------------------------------
# The plan of a run, found again once in each process that is asked: tasks for an executor.


@dataclass(frozen=True)
class AskedRun:
    """A run whose plan is to be found again: its folder, its park and its cost, and the options of its questions."""

    out: Path
    digest: str
    cost: float
    options: Options


#: What was opened in this process; None: a plan that is not found again at its cost.
_opened: dict[AskedRun, Beside | None] = {}


def can_open(output: Output, options: Options, inputs: Inputs) -> bool:
    """False where the whole method plans such a park, or repairs have changed the typical days of the run."""
    said = output.summary["typical_days"]
    if said is None or plans_whole(options.method, is_large(inputs)) or output.summary["repairs"]:
        return False
    return bool(said["count"] == options.days and said["bound"] is not None and not (said.get("added") or said.get("raised")))


def ask_beside(run: AskedRun, ask: Callable[..., Any], *arguments: Any) -> Any:
    """What a method of `Beside` finds; None where the plan of the run is not found again at its cost."""
    clock = Clock(lambda *_: None, Watch(None))
    with watched(clock.watch), threadpool_limits(1, user_api="blas"):
        if run not in _opened:
            _opened.clear()  # one at a time: it is large
            _opened[run] = open_beside(run, clock)
        plan = _opened[run]
        return None if plan is None else ask(plan, *arguments)


def open_beside(run: AskedRun, clock: Clock) -> Beside | None:
    """The plan of a run, found again; None where it is not found at its cost."""
    output, order = read_output(run.out), read_run(run.out / "run.json", None).order
    case = read_case(order.folder, order.costs, order.goal)
    method = LoosenedMethod(task_of(case, run.options, clock), case)
    trial = found_again(output, method)
    return None if trial is None else Beside(method, trial)


def found_again(output: Output, method: DecomposedMethod) -> Trial | None:
    """The plan of a run as a trial of the method; None where it is not found at its cost."""
    cost, task = output.summary["typical_days"]["cost"], method.task
    return task.clock.watch.guarded(lambda: restored(method, output.target, cost, task.gap))


def task_of(case: Case, options: Options, clock: Clock) -> Task:
    """A park on the typical days of the options."""
    days = choose_days(case, case.park.typical_days if options.days is None else options.days)
    inputs = resolve(case, case.goal, case.park.base_emissions or base_of(case), days)
    return Task(inputs, case.park.currency, options.gap, clock, days, segments=options.segments)
