"""A park whose limits can be loosened: one matrix, on which every remedy of an unreachable goal is a change of bounds.

Three questions are asked of it: which rules must be broken, by how much, and whether one alone is in the way; how little more of
some limits is enough, or what is missing even then; and what the park costs with that much more.
"""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from pyomo.core import Block, ConcreteModel, ConstraintList, Objective, minimize

from models.case import Case, Goal
from models.dot import dot
from models.inputs import Inputs
from models.inputs import Rule as StageRule
from models.inputs.capacity import assets_of, limits_of
from models.inputs.carbon import rules_of_years
from models.investment import build_investment, links_of
from models.investment.cost import capital_terms, committed_capital, system_cost
from models.linear import weighted
from models.metrics import CUMULATED, OF_RULES
from models.operation import build_operation
from models.operation.carbon import figure_of_rule
from models.park import build_outages
from planner.explain.blocking import OUT, RESERVE, Rule, kept_rows
from planner.machine.stopping import Stopped
from planner.plan import Breach
from planner.solve import (
    INFINITY,
    LARGE,
    Answer,
    Limits,
    Solver,
    compile_model,
    solve_from_basis,
    solve_linear,
    solve_whole,
)

# --- limits ----------------------------------------------------------------------------------------------------------------
# The limits of a park that more of something would loosen: each with the rows of the model in which it stands.
#
# Only limits that a person states are here: connections, fuel that can be had, sites, equipment, budget, credits, land,
# and last the rules themselves. Ratios, rates and dates of the equipment are taken as given.

#: An order or an outlet that needs a finite limit may become this many times larger.
LARGEST = 20.0
#: Money that a budget is weighed by at least.
SUM = 1e6
#: What is limited of a supply in each hour, and over the year.
POWERS, VOLUMES = ("imports", "exports"), ("imported", "exported")


@dataclass(frozen=True)
class LimitAsRows:
    """A number of the park that may be in the way.

    table, name, parameter  where the park states it; `year` is None where it holds in all years
    now, unit               what it is today
    scale                   as much more of it counts like as much more of another
    rows                    (constraint, how much one unit more loosens it)
    orders                  the same of rows by which a yes stands for an order of today's size; they follow from the limits
    is_upper                False for a rule that bounds from below: its number must fall
    """

    table: str
    name: str
    parameter: str
    year: int | None
    now: float
    unit: str
    scale: float
    rows: tuple[tuple[Any, float], ...]
    is_upper: bool = True
    orders: tuple[tuple[Any, float], ...] = ()

    @property
    def is_rule(self) -> bool:
        """True for the number of a rule, of a stage or of rules.csv."""
        return self.table in ("stages", "rules")

    @property
    def is_ratio(self) -> bool:
        """True for a rule whose number is a ratio; that of a budget over years is in tonnes."""
        return self.is_rule and self.parameter not in CUMULATED


def unlimited(inputs: Inputs) -> Inputs:
    """The inputs without the limits; what an equation needs a finite number for gets a far larger one."""
    capacity, supplies, restoration = inputs.capacity, inputs.supplies, inputs.restoration
    pieces = set(capacity.pieces.whole_orders)
    if inputs.reserves.largest_out or inputs.outages.days:
        pieces |= set(capacity.unit_size)
    finite = set(capacity.lumpy) | {kv for kv in capacity.builds if kv[0] in pieces}
    builds = {kv: LARGEST * most if kv in finite else math.inf for kv, most in capacity.build_max.items()}
    most = LARGEST * max(inputs.carbon.base, 1.0) * len(inputs.years)
    budgets = tuple(replace(b, rule=replace(b.rule, limit=LARGEST * b.rule.limit + most)) for b in inputs.carbon.budgets)
    return replace(
        inputs,
        finance=replace(inputs.finance, budget={}),
        carbon=replace(inputs.carbon, budgets=budgets),
        contracts=replace(
            inputs.contracts,
            most=_larger(inputs.contracts.most),
            import_most=_larger(inputs.contracts.import_most),
            export_most=_larger(inputs.contracts.export_most),
        ),
        capacity=replace(capacity, max_capacity={}, site={}, build_max=builds),
        supplies=replace(supplies, import_max={}, import_year_max={}, export_year_max={}, export_max=_larger(supplies.export_max)),
        connections=replace(inputs.connections, import_max={}, export_max={}),
        offsets=replace(inputs.offsets, volume_max={}),
        restoration=replace(restoration, area_max={}, plant_max={}),
    )


def _larger(limits: dict[str, float]) -> dict[str, float]:
    return {name: LARGEST * most for name, most in limits.items()}


class Rows:
    """Adds the limits to a model that was built without them: of the whole park, or of a part of it."""

    def __init__(
        self,
        model: ConcreteModel,
        inputs: Inputs,
        case: Case,
        years: Mapping[int, Any] | None = None,
        operated: Collection[int] = (),
    ) -> None:
        """years: the operation of the years that the model has, left out its `year`; operated: all years that are operated, where
        these are not all."""
        self.model, self.inputs, self.case = model, inputs, case
        self.years: Mapping[int, Any] = model.year if years is None else years
        self.operated = operated or tuple(self.years)
        #: Operations with a unit out that the model has, by year, and their hours: limits of power hold there, too.
        self.outages: dict[int, list[tuple[Any, range]]] = {}
        for (y, d, _), block in getattr(model, "outage", {}).items():
            self.outages.setdefault(y, []).append((block, inputs.outages.snapshots(y, d)))
        self.limits: list[LimitAsRows] = []
        demands = inputs.demands
        year = max(sum(demands.energy[u, y] for u in demands.demands) for y in inputs.years)
        # A limit of nearly nothing is weighed as if it were a hundredth of what the park is about.
        self.least = {"MWh/year": 0.01 * year, "t/year": 0.01 * inputs.carbon.base, case.park.currency: SUM}
        self.power = max(0.01 * year / 8760.0, 1e-3)
        model.limit = ConstraintList(doc="a limit of the park [as stated]")

    def _row(self, body: Any, most: float) -> Any:
        return self.model.limit.add(body <= most)

    def _keep(
        self, where: tuple[str, str, str], now: float, unit: str, rows: list, year: int | None = None, orders: Iterable = ()
    ) -> None:
        if rows:
            scale = max(now, self.least.get(unit, self.power))
            self.limits.append(LimitAsRows(*where, year, now, unit, scale, tuple(rows), orders=tuple(orders)))

    def add_supplies(self, which: Collection[str] = (*POWERS, *VOLUMES)) -> None:
        """Connections and yearly volumes, or one of both."""
        supplies = self.inputs.supplies
        for s in supplies.supplies:
            power, volume = ("t/h", "t/year") if supplies.carrier[s] == "co2" else ("MW", "MWh/year")
            for parameter, unit, limits, name in (
                ("max_import", power, supplies.import_max, "imports"),
                ("max_export", power, supplies.export_max, "exports"),
                ("max_import_year", volume, supplies.import_year_max, "imported"),
                ("max_export_year", volume, supplies.export_year_max, "exported"),
            ):
                members = supplies.importers if "import" in name else supplies.exporters
                if name in which and s in limits and s in members:
                    flows = [v for y in self.years for v in self._flows(y, name, s)]
                    rows = [(self._row(v, limits[s]), 1.0) for v in flows]
                    self._keep(("supplies", s, parameter), limits[s], unit, rows)

    def add_connections(self) -> None:
        """What supplies share."""
        connections = self.inputs.connections
        for c in connections.connections:
            for parameter, limits, name, members in (
                ("max_import", connections.import_max, "imports", connections.importers[c]),
                ("max_export", connections.export_max, "exports", connections.exporters[c]),
            ):
                if c not in limits or not members:
                    continue
                unit = "t/h" if self.inputs.supplies.carrier[members[0]] == "co2" else "MW"
                flows = [zip(*(self._flows(y, name, s) for s in members), strict=True) for y in self.years]
                rows = [(self._row(weighted((1.0, v) for v in hour), limits[c]), 1.0) for own in flows for hour in own]
                self._keep(("connections", c, parameter), limits[c], unit, rows)

    def add_contracts(self) -> None:
        """What may be contracted of a plant; what is free is all contracted, of which more of the limit would make more."""
        contracts, carrier = self.inputs.contracts, self.inputs.supplies.carrier
        for s, most in contracts.most.items():
            own = [key for key in contracts.contracts if key[0] == s]
            for key in own:
                self.model.contract[key].setlb(0.0)
                if key in self.model.contract_in_force and (row := self.model.contract_in_force[key]).equality:
                    row.set_value((None, row.body, row.upper))
            rows = [(self._row(self.model.contract[key], most), 1.0) for key in own]
            self._keep(("supplies", s, "contract_max"), most, "t/h" if carrier[s] == "co2" else "MW", rows)

    def _flows(self, y: int, name: str, s: str) -> list[Any]:
        variable = getattr(self.years[y], name)
        if name in VOLUMES:
            return [variable[s]]
        flows = [variable[s, t] for t in self.inputs.calendar.snapshots]
        return [*flows, *(getattr(day, name)[s, t] for day, hours in self.outages.get(y, ()) for t in hours)]

    def add_equipment(self) -> None:
        """Most that may stand, most that may be ordered in a year, and the area of sites."""
        capacity, model = self.inputs.capacity, self.model
        stood = {k: [y for y in self.inputs.years if k in capacity.present[y]] for k in capacity.assets}
        table = {link.link: "links" for link in self.case.links}
        table |= {c.connection: "connections" for c in self.case.connections}
        most = {a.name: limits_of(a, self.case, self.inputs.years, False).max_build for a in assets_of(self.case)}
        tight: dict[str, list[tuple[Any, float]]] = {k: [] for k in capacity.assets}
        for k, v in capacity.lumpy:  # a yes is for an order of today's size; more of a limit allows a larger one
            old = capacity.build_max[k, v]
            body = weighted([(1.0, model.build[k, v]), (-old, model.is_built[k, v])])
            tight[k].append((self._row(body, 0.0), 1.0))
        ordered: dict[str, list[int]] = {}
        for k, v in capacity.builds:
            ordered.setdefault(k, []).append(v)
        for k in capacity.assets:
            label = capacity.label[k]
            limit = {y: capacity.max_capacity[k, y] for y in stood[k] if (k, y) in capacity.max_capacity}
            if limit and k in ordered:
                rows = [(self._row(model.capacity[k, y], most), 1.0) for y, most in limit.items()]
                where = (table.get(k, "technologies"), k, "max_capacity")
                self._keep(where, self._at_deadline(limit), label, rows, orders=tight[k])
            if most[k] and k in ordered:
                rows = [(self._row(model.build[k, v], most[k][v]), 1.0) for v in ordered[k]]
                where = (table.get(k, "technologies"), k, "max_build")
                self._keep(where, self._at_deadline(most[k]), f"{label}/year", rows, orders=tight[k])
        for site in sorted(set(capacity.site.values())):
            users = [k for k in capacity.assets if capacity.site.get(k) == site]
            rows = []
            for y in self.inputs.years:
                here = [(capacity.area[k], model.capacity[k, y]) for k in users if y in stood[k]]
                if here:
                    rows.append((self._row(weighted(here), capacity.site_area[site]), 1.0))
            own = [(row, 1.0 / capacity.area[k]) for k in users for row, _ in tight[k]]
            self._keep(("sites", site, "area"), capacity.site_area[site], "ha", rows, orders=own)

    def add_budget(self) -> None:
        """The capital of every year that has a budget; each row is divided by the largest price in it."""
        for y, money in self.inputs.finance.budget.items():
            terms = [term for _, _, term in capital_terms(self.model, self.inputs, y)]
            size = max((price for price, _ in terms), default=0.0)
            if size > 0:
                spent = weighted((price / size, variable) for price, variable in terms)
                left = money - sum(committed_capital(self.inputs, y).values())
                row = self._row(spent, left / size)
                self._keep(("budget", "", "capital"), money, self.case.park.currency, [(row, 1.0 / size)], y)

    def add_land(self) -> None:
        """Land kept up, and planting of a year."""
        restoration, model = self.inputs.restoration, self.model
        for p in restoration.projects:
            for parameter, unit, limits, variable in (
                ("max_area", "ha", restoration.area_max, model.area),
                ("max_plant", "ha/year", restoration.plant_max, model.plant),
            ):
                if p in limits:
                    rows = [(self._row(variable[p, y], limits[p]), 1.0) for y in self.inputs.years]
                    self._keep(("restoration", p, parameter), limits[p], unit, rows)

    def add_credits(self) -> None:
        """Credits of a year."""
        offsets = self.inputs.offsets
        for o in offsets.offsets:
            volumes = {y: offsets.volume_max[o, y] for y in self.operated if (o, y) in offsets.volume_max}
            rows = [(self._row(self.years[y].credits[o], most), 1.0) for y, most in volumes.items() if y in self.years]
            if rows:
                self._keep(("offsets", o, "max_volume"), self._at_deadline(volumes), "t/year", rows)

    def _at_deadline(self, values: dict[int, float]) -> float:
        goal = self.case.goal
        assert goal is not None
        return values[min(values, key=lambda y: (y < goal.by, abs(y - goal.by)))]

    def add_rules(self) -> None:
        """The numbers of the rules, of stages and of rules.csv, where each step is one: the last remedy."""
        found: dict[tuple, list[tuple[int, StageRule]]] = {}
        for y, own in self.inputs.carbon.rules.items():
            for r in dict.fromkeys(own):
                if y in self.operated and r.metric not in CUMULATED:
                    found.setdefault((r.lasting, r.key, r.limit if r.lasting else None), []).append((y, r))
        steps = {(lasting, key): sum(k[:2] == (lasting, key) for k in found) for lasting, key, _ in found}
        for (lasting, key, _), held in found.items():
            rule, metric = held[-1][1], OF_RULES[held[-1][1].metric]
            unit = "1" if metric.of_base else metric.amount  # rules on the base emissions are loosened by their own number
            base = self.inputs.carbon.base_of(rule)
            rows = [(self.years[y].stage_rule[key], base if unit == "1" else 1.0) for y, _ in held if y in self.years]
            year = held[0][0] if steps[lasting, key] > 1 else None
            where = ("rules" if lasting else "stages", rule.stage, rule.metric, year)
            scale = 1.0 if unit == "1" else base
            if rows:
                self.limits.append(LimitAsRows(*where, rule.limit, unit, scale, tuple(rows), rule.sense == "<="))

    def add_allowances(self) -> None:
        """Budgets over years."""
        for budget in self.inputs.carbon.budgets:
            rule = budget.rule
            own_years = [self.model.allowance[b, y] for b, y in self.model.allowance if b == rule.allowance]
            rows = [(self._row(weighted((1.0, v) for v in own_years), rule.limit), 1.0)]
            scale = max(rule.limit, self.inputs.carbon.base)
            self.limits.append(LimitAsRows("rules", budget.name, rule.metric, budget.first, rule.limit, "t", scale, tuple(rows)))


def add_limits(model: ConcreteModel, inputs: Inputs, case: Case) -> list[LimitAsRows]:
    """Add every limit of the inputs to a model built without them (`unlimited`); give them."""
    rows = Rows(model, inputs, case)
    rows.add_supplies()
    rows.add_connections()
    rows.add_contracts()
    rows.add_equipment()
    rows.add_budget()
    rows.add_land()
    rows.add_credits()
    rows.add_rules()
    rows.add_allowances()
    return rows.limits


# --- elastic ---------------------------------------------------------------------------------------------------------------

#: Missing less than this (sum of shares of the base emissions and of the peak) is noise of the solver.
NOTHING = 1e-6
#: Price of all that is missing, where doubling a limit costs 1: a limit that would have to grow more is of no help.
PRICE = 1e4
#: Columns up to which whole numbers are kept.
EXACT = 5_000
#: Relative gap of amounts and costs where whole numbers are kept.
GAP = 1e-6
#: The rows of the matrix over this are the most simplex iterations from the basis of the last solve.
NEAR = 40


def build_elastic(inputs: Inputs, case: Case, years: Sequence[int]) -> tuple[ConcreteModel, list[LimitAsRows]]:
    """The whole park with its limits as rows; only `years` are operated, each counting for those nearest to it."""
    model = ConcreteModel(name="park whose limits can be loosened")
    free = unlimited(inputs)
    build_investment(model, free)
    model.year = Block(list(years))
    for y in years:
        build_operation(model.year[y], free, y, links_of(model, free, y))
    build_outages(model, free)
    nearest = {y: years[int(np.argmin(np.abs(np.array(years) - y)))] for y in inputs.years}
    discount = inputs.finance.discount
    costs: dict[int, dict] = {y: {} for y in inputs.years}
    for y in years:
        stands_for = sum(discount[z] for z in inputs.years if nearest[z] == y) / discount[y]
        costs[y] = {key: stands_for * term for key, term in model.year[y].cost_terms.items()}
    terms = [(1.0, t) for own in system_cost(model, free, costs).values() for t in own.values()]
    model.system_cost = Objective(expr=weighted(terms), sense=minimize, doc="system cost [money]")
    return model, add_limits(model, inputs, case)


@dataclass(frozen=True)
class Try:
    """What lifting some limits gives.

    more     how much more of each lifted limit is needed at least
    missing  what is missing even so: share of the base emissions, of the peak
    helps    limits of which more would lessen what is missing: one that is enough alone is among them
    broken   by how much each rule is broken   t, tce, MWh, MW
    proof    rules that the proof of what is missing needs: one that blocks alone is among them
    """

    more: Mapping[int, float]
    missing: float
    helps: frozenset[int]
    broken: np.ndarray
    proof: frozenset[int]

    @property
    def is_enough(self) -> bool:
        """True if the goal is reached."""
        return self.missing < NOTHING


class Elastic:
    """The limits 0, 1, 2 … of a park, all at what they are today unless said otherwise.

    Only `years` are operated. `exact`: whole numbers are kept, else they may be fractions: for parks too large for more.
    """

    def __init__(self, inputs: Inputs, case: Case, years: Sequence[int] | None = None) -> None:
        self.inputs, self.case, self.years = inputs, case, tuple(years or inputs.years)
        self.model, self.limits = build_elastic(self._with_all_rules(inputs, case), case, self.years)
        self.matrix = compile_model(self.model)
        self.exact = len(self.matrix.columns) <= EXACT
        self.scale = np.array([limit.scale for limit in self.limits])
        self.amounts, self.costs = Solver(self.matrix), Solver(self.matrix)
        for solver in (self.amounts, self.costs):
            self.more = np.array([self._add_more(solver, limit) for limit in self.limits], dtype=np.int32)
        self.amounts.set_cost(np.zeros(len(self.matrix.cost)))
        self.amounts.scale = 1.0
        self.rules, self.rows, self.owner = kept_rows(self.matrix, self.model)
        self._add_slacks()
        self.set_goal(case.goal)

    @staticmethod
    def _with_all_rules(inputs: Inputs, case: Case) -> Inputs:
        """Every year with the rules of all the goal's stages that can be in force in it under a later deadline."""
        assert case.goal is not None
        rules: dict[int, tuple[StageRule, ...]] = {}
        for step, since in case.goal.steps:
            own = rules_of_years(case, inputs.years, Goal(target=step, by=since))
            rules = {y: rules.get(y, ()) + own.get(y, ()) for y in inputs.years}
        return replace(inputs, carbon=replace(inputs.carbon, rules=rules))

    def _add_more(self, solver: Solver, limit: LimitAsRows) -> int:
        """A column of which 1 is as much more as the limit's scale."""
        loosened = (*limit.rows, *limit.orders)
        rows = self.matrix.rows_of(row for row, _ in loosened)
        sign = np.where(self.matrix.row_upper[rows] < INFINITY, -1.0, 1.0)
        return solver.add_bounded_column(0.0, 0.0, 0.0, rows, limit.scale * sign * np.array([by for _, by in loosened]))

    def _add_slacks(self) -> None:
        """Columns for what is missing: energy at every balance, and what each rule, reserve and service with a unit out lacks."""
        weight, demands, solver = self.inputs.calendar.weight, self.inputs.demands, self.amounts
        balances, shares, highest = [], [], 1e-3
        for y in self.years:
            shape = self.inputs.at(y).demands.shape
            peaks = [1e-3, *(demands.energy[u, y] * float(shape[u].max()) for u in demands.demands)]
            highest = max(highest, *peaks)
            for index, row in self.model.year[y].balance.items():
                balances.append(row)
                shares.append(weight[index[-1]] / 8760.0 / max(peaks))
        rows, share = self.matrix.rows_of(balances), np.array(shares)
        worth = np.array([1.0 / (highest if stage == RESERVE else self.inputs.carbon.base) for _, stage, *_ in self.rules])
        is_out = np.array([self.rules[i][3] == OUT for i in self.owner], dtype=bool)
        #: What one more in each slack is missing: first of the balances, then of the rules.
        self.share = np.concatenate([share, share, worth[self.owner]])
        cost = PRICE * self.share
        more, less, of_rules, of_outages = np.split(cost, np.cumsum([len(rows), len(rows), int((~is_out).sum())]))
        self.served = np.concatenate([solver.add_columns(rows, 1.0, more), solver.add_columns(rows, -1.0, less)])
        slacks = solver.add_slacks(self.rows[~is_out], of_rules)
        self.broken = np.concatenate([slacks, solver.add_columns(self.rows[is_out], 1.0, of_outages)])
        self.slacks = np.concatenate([self.served, self.broken])

    # --- what is asked ------------------------------------------------------------------------------------------------

    def set_goal(self, goal: Goal | None) -> None:
        """Let the rules of that goal hold, and no others; None: no rules."""
        force = rules_of_years(self.case, self.inputs.years, goal)
        keys = {(y, r.stage, r.metric, r.sense) for y, own in force.items() for r in own}
        #: Numbers of the rules that hold; reserves always do.
        self.holding = [i for i, rule in enumerate(self.rules) if rule in keys or rule[1] == RESERVE]
        holds = np.isin(self.owner, self.holding)
        for solver in (self.amounts, self.costs):
            solver.restore_rows(self.rows[holds])
            solver.free_rows(self.rows[~holds])

    def least(self, lifted: Iterable[int] = (), seconds: float | None = None) -> Try | None:
        """The least more of the lifted limits, each weighed by its scale; None where no answer is had (in the time).

        A limit that is enough alone occurs in every proof that something is missing, and the duals are such a proof.
        """
        lifted = list(lifted)
        places, solver = self.more[lifted], self.amounts
        if len(lifted) > 1:
            solver.clear()  # the last basis is far away
        solver.set_bounds(places, np.zeros(len(places)), np.full(len(places), INFINITY))
        solver.set_costs_of(places, np.ones(len(places)))
        near = len(self.matrix.row_lower) // NEAR if lifted else None  # the basis stays dual feasible where nothing is lifted
        found = self._read(self._linear(solver, seconds, near), lifted)
        if found is not None and found.is_enough and self.exact and self.matrix.integer.any():
            solver.relax(False)
            found = self._read(solve_whole(solver, Limits(GAP, seconds)), lifted)
        solver.set_bounds(places, np.zeros(len(places)), np.zeros(len(places)))
        solver.set_costs_of(places, np.zeros(len(places)))
        return found

    def breach(self, free: int | None = None, whole: bool = False) -> Try | None:
        """The least breach of all rules with all demand served, but that of rule number `free` counts nothing."""
        solver, places = self.amounts, self.served
        share = self.share.copy()
        share[len(places) :][self.owner == free] = 0.0
        solver.set_bounds(places, np.zeros(len(places)), np.zeros(len(places)))
        solver.set_costs_of(self.slacks, PRICE * share)
        solver.relax(not whole)
        answer = solve_whole(solver, Limits(gap=1e-4)) if whole else solve_linear(solver)
        solver.set_bounds(places, np.zeros(len(places)), np.full(len(places), INFINITY))
        solver.set_costs_of(self.slacks, PRICE * self.share)
        return self._read(answer, (), share)

    def alone(self, rule: int, whole: bool) -> float:
        """By how much a rule must be broken where all others hold."""
        others = self.broken[self.owner != rule]
        self.amounts.set_bounds(others, np.zeros(len(others)), np.zeros(len(others)))
        found = self.breach(whole=whole)
        self.amounts.set_bounds(others, np.zeros(len(others)), np.full(len(others), INFINITY))
        return float(found.broken[rule]) if found is not None else 0.0

    def _read(self, answer: Answer, lifted: Iterable[int], share: np.ndarray | None = None) -> Try | None:
        if not answer.has_point:
            return None
        more = {i: max(0.0, float(answer.values[self.more[i]])) * float(self.scale[i]) for i in lifted}
        missing = dot(answer.values[self.slacks], self.share if share is None else share)
        broken = np.bincount(self.owner, answer.values[self.broken], len(self.rules))
        if answer.column_duals is None or answer.row_duals is None:  # whole numbers were kept: any limit may help, any rule block
            return Try(more, missing, frozenset(range(len(self.more))), broken, frozenset(self.holding))
        helps = np.flatnonzero(answer.column_duals[self.more] < -1e-7)
        proof = self.owner[np.abs(answer.row_duals[self.rows]) > 1e-9]
        return Try(more, missing, frozenset(helps.tolist()), broken, frozenset(proof.tolist()))

    def cost(self, more: Mapping[int, float] | None = None, seconds: float | None = None) -> float | None:
        """System cost with limits as much larger as said; None where there is no plan."""
        solver = self.costs
        room = np.zeros(len(self.more))
        for i, amount in (more or {}).items():
            room[i] = (amount / self.scale[i]) * (1 + 1e-6) + 1e-9
        solver.set_bounds(self.more, np.zeros(len(room)), room)
        if self.exact and self.matrix.integer.any():
            solver.relax(False)
            answer = solve_whole(solver, Limits(GAP, seconds))
        else:
            answer = self._linear(solver, seconds)
        self.values = answer.values
        return answer.objective if answer.has_point else None

    def _linear(self, solver: Solver, seconds: float | None, near: int | None = None) -> Answer:
        """The relaxed optimum: from the basis of the last solve for `near` iterations at most, then from nothing."""
        solver.relax(True)
        return solve_from_basis(solver, seconds, near)

    def reached(self, limit: LimitAsRows) -> float:
        """The least strict value of a rule's metric, in the years in which it holds, in the plan that was priced last."""
        lasting = limit.table == "rules"
        above, below = (figure_of_rule(self.inputs, name, lasting) for name in OF_RULES[limit.parameter].ratio)
        found = []
        for row, _ in limit.rows:
            figure = row.parent_block().figure
            top, bottom = (
                self.inputs.carbon.stage_base if n == "base" else float(self.values[self.matrix.column[id(figure[n])]])
                for n in (above, below)
            )
            found.append(top / bottom if bottom else limit.now)
        return max(found) if limit.is_upper else min(found)


# --- blocking --------------------------------------------------------------------------------------------------------------


def find_blocking(elastic: Elastic, seconds: float | None = None) -> tuple[tuple[Breach, ...], tuple[Breach, ...]]:
    """Rules whose single removal makes the goal reachable, with the breach each would have; and the least total breach.

    Such a rule is part of every proof that the goal is out of reach, and the duals of the least breach are such a proof: so the
    candidates are the rules that occur in all proofs seen, which soon are few or none. Both are empty where the park cannot be
    served even without a goal. After `seconds`, or once the watch in force is over, no further rule is tried.
    """
    began = time.perf_counter()
    least = elastic.breach() if elastic.holding else None
    if least is None:
        return (), ()
    keeps = bool(elastic.matrix.integer.any()) and len(elastic.matrix.columns) <= LARGE
    whole, candidates = keeps and least.missing < 1e-7, least.proof
    if whole:
        candidates = frozenset(elastic.holding)
    if keeps and (least := elastic.breach(whole=True)) is None:
        return (), ()
    blocking: list[Breach] = []
    order = sorted(candidates, key=lambda i: -least.broken[i])
    with suppress(Stopped):
        while order and (seconds is None or time.perf_counter() - began < seconds):
            r = order.pop(0)
            freed = elastic.breach(r, whole)
            holds = freed is not None and freed.missing < 1e-7
            if holds and keeps and not whole:
                sure = elastic.breach(r, whole=True)
                holds = sure is not None and sure.missing < NOTHING
            if holds:
                blocking.append(_breach(elastic.rules[r], elastic.alone(r, keeps)))
            elif not whole and freed is not None:
                order = [i for i in order if i in freed.proof]
    return tuple(blocking), tuple(_breach(elastic.rules[i], float(b)) for i, b in enumerate(least.broken) if b > 1e-6)


def _breach(rule: Rule, amount: float) -> Breach:
    y, stage, metric, sense = rule
    if sense == OUT:
        return Breach(stage, metric, y, amount, "MWh", is_outage=True, sense=">=")
    return Breach(stage, metric, y, amount, "MW" if stage == RESERVE else OF_RULES[metric].amount, sense=sense)
