"""A year of kept decisions, operated in all hours: what it costs, what is not served, which rule is missed.

A real park's year is operated month by month (`planner/solve/hours`), with what stores hold as months end decided too; a stylised
profile, whose rows stand for all hours, as one linear programme. What is bought, credits and certificates are decided anew; what
was contracted is kept, unless it is to be decided anew too. Where demand cannot be met the cost is that of what is served.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from pyomo.core import ConcreteModel

from models.case import Case
from models.dot import dot
from models.inputs import Inputs, resolve
from models.inputs.calendar import HOURS_OF_YEAR
from models.metrics import OF_RULES
from models.park import build_master
from planner.machine.resources import cores
from planner.plan import HOLDS_WITHIN
from planner.planning.given import links_given
from planner.planning.restored import contracted, decided
from planner.planning.verify import missed_rules
from planner.solve import CONTRACTED, Conditions, Limits, LinkValues, Operator, Solver, Year, compile_model, modelling, solve_whole
from planner.tables.output import Tables

#: Power below this (MW) is served.
NOTHING = 1e-6


@dataclass(frozen=True)
class UnservedEnergy:
    """Of a carrier in a zone: energy (MWh), hours of the year, the most at once (MW), and energy by day of the year, from 0, where
    every hour was operated (MWh)."""

    energy: float
    hours: float
    worst: float
    by_day: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class OperatedYear:
    """cost      of what is served, not discounted   money
    unserved  (carrier, zone)
    missed    (stage, metric, sense) -> by how much   t, tce, MWh
    figures   figures of the account by name   t, MWh
    terms     the cost by (item, name)   money
    """

    cost: float
    unserved: Mapping[tuple[str, str], UnservedEnergy]
    missed: Mapping[tuple[str, str, str], float]
    figures: Mapping[str, float]
    terms: Mapping[tuple[str, str], float]


class Operates(Protocol):
    """Operates years of one park with decisions kept."""

    def year(self, model: ConcreteModel, tables: Tables, y: int, idle: str = "") -> OperatedYear:
        """The year with the decisions of a model, and the contracts of the tables; `idle`: an asset without its capacity."""


def operates(inputs: Inputs, holds_contracts: bool = True) -> Operates:
    """What operates the years of these inputs, which stand on every hour; `holds_contracts`: contracted capacity is kept."""
    return (InHours if len(inputs.calendar.weight) == HOURS_OF_YEAR else Stylised)(inputs, holds_contracts)


class InHours:
    """Every hour of a year, month by month; `holds_contracts`: contracted capacity is kept."""

    def __init__(self, inputs: Inputs, holds_contracts: bool = True) -> None:
        self.inputs, self.operator = inputs, Operator(inputs, cores(), prices_stores=True)
        self.holds_contracts = holds_contracts
        self.prices: Mapping[Any, float] = {}

    def year(self, model: ConcreteModel, tables: Tables, y: int, idle: str = "") -> OperatedYear:
        """The year with the decisions of a model, and the contracts of the tables; `idle`: an asset without its capacity."""
        links = _given(model, self.inputs, y, idle)
        if self.holds_contracts:
            links |= {(CONTRACTED, b): amount for b, amount in contracted(self.inputs, tables, y).items()}
        given = LinkValues(links, {})
        found = self.operator.operate(y, given, self.prices)
        if found.unserved or found.coupling_slack:  # solved to its gap all the same
            found = self.operator.operate(y, given, {}, Conditions(is_trial=True))
        self.prices = found.prices
        short: dict[tuple[str, str], list[tuple[int, float]]] = {}
        for row in found.unserved:
            if row.power > NOTHING:
                short.setdefault((row.carrier, row.zone), []).append((row.hour, row.power))
        told = {key: _unserved(own) for key, own in short.items()}
        missed, figures = _of_account(self.inputs, y, found.violations, found.account)
        return OperatedYear(sum(found.terms.values()), told, missed, figures, found.terms)


def _unserved(rows: list[tuple[int, float]]) -> UnservedEnergy:
    """What is not served in these hours: (hour of the year, MW)."""
    by_day: dict[int, float] = {}
    for hour, power in rows:
        by_day[hour // 24] = by_day.get(hour // 24, 0.0) + power
    powers = [power for _, power in rows]
    return UnservedEnergy(sum(powers), len(powers), max(powers), by_day)


class Stylised:
    """Rows, or typical days, that stand for all hours of a year; `holds_contracts`: contracted capacity is kept."""

    def __init__(self, inputs: Inputs, holds_contracts: bool = True) -> None:
        self.inputs, self.holds_contracts = inputs, holds_contracts

    def year(self, model: ConcreteModel, tables: Tables, y: int, idle: str = "") -> OperatedYear:
        """The year with the decisions of a model, and the contracts of the tables; `idle`: an asset without its capacity."""
        own, inputs = Year(self.inputs, y), self.inputs
        if self.holds_contracts:
            _hold(own, CONTRACTED, contracted(inputs, tables, y))
        given: dict[tuple[str, Any], float] = _given(model, inputs, y, idle)
        cut = own.cut(np.array([given[link] for link in own.links]))
        weight, short = inputs.calendar.weight, dict[tuple[str, str], list[tuple[float, float]]]()
        for (zone, carrier, t), power in own.unserved():
            short.setdefault((carrier, zone), []).append((power, float(weight[t])))
        told = {
            key: UnservedEnergy(sum(p * w for p, w in rows), sum(w for _, w in rows), max(p for p, _ in rows))
            for key, rows in short.items()
        }
        view = own.view()
        missed, figures = _of_account(inputs, y, own.broken_rules(), view)
        return OperatedYear(cut.cost - cut.penalty, told, missed, figures, view.cost_terms)


def _given(model: ConcreteModel, inputs: Inputs, y: int, idle: str) -> dict[tuple[str, str], float]:
    """What the decisions give a year, without the capacity of an asset that stands idle."""
    links = links_given(model, inputs, y)
    return links | {("capacity", idle): 0.0} if idle else links


def _hold(year: Year, family: str, amounts: Mapping[str, float]) -> None:
    """Hold columns of a family that is not hourly at amounts, from the next solve on."""
    own, place = year.reduced, year.joined.template.single[family]
    for name, amount in amounts.items():
        at = np.flatnonzero(own.columns == place[name]) if name in place else np.zeros(0, dtype=int)
        own.lower[at] = own.upper[at] = amount


def _of_account(
    inputs: Inputs, y: int, violations: Mapping[tuple[str, str, str], float], account: Any
) -> tuple[dict[tuple[str, str, str], float], dict[str, float]]:
    """Rules that are missed, by how much, and the figures of the account."""
    missed = {key: amount for key, (amount, _) in missed_rules(inputs, y, violations, account).items()}
    return missed, {str(name): float(figure.value) for name, figure in account.figure.items()}


# --- leaf ------------------------------------------------------------------------------------------------------------------
# A run in one future: its decisions kept, every year operated, and what that costs and misses.
#
# .. math::
# C_l = c_l \cdot \hat{x} + \sum_y \delta_y\, Q_{l,y}(\hat{x})
#
# C  system cost in the future l   money     x̂  decisions of the run     c  their discounted cost in l     δ  discount (y)
# Q  least cost of operating a year in l with them, of what is served   money (y)
#
# The decisions of a run in another future: fixed in the master of that future, whose rows then say whether they can be kept.
#
# .. math::
# x_j = \hat{x}_j \text{ for what is ordered, retired, adopted, planted, contracted, used, in force}; \qquad
# A x \le b \text{ of the future}
#
# What follows from them (capacities, uptake, demand after measures) is decided by the rows. Of a budget of CO2 over years each year
# gets what the run itself used of it, scaled to the whole budget.
#
# x  decisions     x̂  those of the run's tables     A, b  rows of the future's own master

#: Figures that credits lower.
WITH_CREDITS = "net"


@dataclass(frozen=True)
class Stressed:
    """A run in a future.

    kept    its decisions there;  years  operated, none where they cannot be kept
    over    what is beyond a budget over years: (rule, metric) -> by how much   t
    least   the least cost of the future, known from the start; None: not asked for, or not found   money
    """

    future: str
    probability: float
    inputs: Inputs
    kept: KeptOrders
    years: Mapping[int, OperatedYear] = field(default_factory=dict)
    over: Mapping[tuple[str, str], float] = field(default_factory=dict)
    least: float | None = None

    @property
    def cost(self) -> float | None:
        """System cost (money); None where the decisions cannot be kept."""
        if self.kept.cost is None:
            return None
        discount = self.inputs.finance.discount
        return self.kept.cost + sum(discount[y] * own.cost for y, own in self.years.items())

    @property
    def holds(self) -> bool:
        """True if the decisions can be kept, all demand is met and no rule is missed."""
        is_served = not any(own.unserved or own.missed for own in self.years.values())
        return self.kept.cost is not None and is_served and not self.over

    def credits(self, y: int, metric: str) -> tuple[str, float] | None:
        """The cheapest credit of a year that lowers what the metric counts, and its price (money/t); None where there is none."""
        offsets = self.inputs.offsets
        known = [(offsets.price[o, y], o) for o in offsets.offsets if (o, y) in offsets.price]
        if not known or WITH_CREDITS not in OF_RULES[metric].numerator:
            return None
        price, name = min(known)
        return name, price


def stress(case: Case, future: str, probability: float, base: float, tables: Tables) -> Stressed:
    """The plan of these tables in the park of a future, whose base emissions are those of the park's own tables (t)."""
    inputs = resolve(case, case.goal, base, None)
    kept = keep_orders(inputs, tables)
    if kept.cost is None:
        return Stressed(future, probability, inputs, kept)
    operator = operates(inputs)
    years = {y: operator.year(kept.model, tables, y) for y in reversed(inputs.years)}
    years = {y: years[y] for y in inputs.years}
    return Stressed(future, probability, inputs, kept, years, dict(_over_budgets(inputs, years)))


def _over_budgets(inputs: Inputs, years: Mapping[int, OperatedYear]) -> Iterator[tuple[tuple[str, str], float]]:
    for budget in inputs.carbon.budgets:
        rule = budget.rule
        figure = OF_RULES[rule.metric].numerator
        own = [max(year.figures[figure], 0.0) for y, year in years.items() if y >= budget.first]
        over = sum(own) - rule.limit
        if over > HOLDS_WITHIN * inputs.carbon.base * len(own):
            yield (rule.stage, rule.metric), over


#: What is above a limit by this share of it is within it.
WITHIN = 1e-6


@dataclass(frozen=True)
class KeptOrders:
    """The decisions in the model of the future, and what they cost.

    cost   discounted cost of the decisions; None where they cannot be kept   money
    over   what cannot be kept by itself: (what, name, year), how much is decided, and the most that this future allows
    """

    model: ConcreteModel
    cost: float | None
    over: tuple[tuple[tuple[str, str, int], float, float], ...] = ()


def keep_orders(inputs: Inputs, tables: Tables) -> KeptOrders:
    """The decisions of the tables of a plan in the park of these inputs. Raises SolverError where HiGHS gives no answer."""
    with modelling():
        model = build_master(inputs)
        matrix = compile_model(model)
    amounts = {matrix.column[id(v)]: (v, amount) for v, amount in decided(model, inputs, tables) if id(v) in matrix.column}
    places = np.array(sorted(amounts), dtype=np.int32)
    values = np.array([amounts[place][1] for place in places.tolist()])
    inside = np.clip(values, matrix.lower[places], matrix.upper[places])
    over = []
    for i in np.flatnonzero(np.abs(values - inside) > WITHIN * np.maximum(1.0, np.abs(values))).tolist():
        variable, amount = amounts[int(places[i])]
        name, *_, y = variable.index()
        over.append(((variable.parent_component().local_name, str(name), int(y)), float(amount), float(inside[i])))
    if over:
        return KeptOrders(model, None, tuple(over))
    solver = Solver(matrix)
    solver.set_bounds(places, inside, inside)
    answer = solve_whole(solver, Limits(gap=0.0))
    if not answer.has_point:
        return KeptOrders(model, None)
    matrix.load(answer.values)
    _share_budgets(model, inputs, tables)
    return KeptOrders(model, dot(matrix.cost, answer.values) + matrix.offset)


def kept_cost(inputs: Inputs, tables: Tables) -> float | None:
    """System cost on the days of these inputs (money), with the decisions of a plan kept and contracts decided anew.

    None where they cannot be kept, or miss demand or a rule there.
    """
    kept = keep_orders(inputs, tables)
    if kept.cost is None:
        return None
    operator, discount = Stylised(inputs, holds_contracts=False), inputs.finance.discount
    years = {y: operator.year(kept.model, tables, y) for y in inputs.years}
    if any(own.unserved or own.missed for own in years.values()):
        return None
    return kept.cost + sum(discount[y] * own.cost for y, own in years.items())


def _share_budgets(model: ConcreteModel, inputs: Inputs, tables: Tables) -> None:
    """What each year may use of a budget over years, in the proportions in which the run used it."""
    emissions = tables["emissions"]
    for budget in inputs.carbon.budgets:
        figure = OF_RULES[budget.rule.metric].numerator
        own = emissions[(emissions["item"] == figure) & (emissions["year"] >= budget.first)]
        used = {int(y): max(float(v), 0.0) for y, v in zip(own["year"], own["value"], strict=True)}
        total, limit = sum(used.values()), max(budget.rule.limit, 0.0)
        for (name, y), variable in model.allowance.items():
            if name == budget.rule.allowance:
                variable.set_value(limit * used.get(y, 0.0) / total if total else limit / len(inputs.years), skip_validation=True)
