"""A park whose limits can be loosened: one matrix, on which every remedy of an unreachable goal is a change of bounds.

Two questions are asked of it: how little more of some limits is enough, or what is missing even then; and what the park
costs with that much more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from pyomo.core import Block, ConcreteModel, Objective, minimize

from models.case import Case, Goal
from models.dot import dot
from models.inputs import Inputs, Rule
from models.inputs.carbon import rules_of_years
from models.investment import build_investment, links_of
from models.investment.cost import system_cost
from models.linear import weighted
from models.metrics import OF_RULES
from models.operation import build_operation
from models.operation.carbon import figure_of_rule
from models.park import build_outages
from planner.explain.limits import LimitAsRows, add_limits, unlimited
from planner.solve import INFINITY, Answer, Limits, Solver, compile_model, solve_from_basis, solve_whole

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


def build_elastic(
    inputs: Inputs, case: Case, years: Sequence[int], with_outages: bool = False
) -> tuple[ConcreteModel, list[LimitAsRows]]:
    """The whole park with its limits as rows; only `years` are operated, each counting for those nearest to it.

    `with_outages`: it is operated with a unit out, too, where a reserve asks for that; without, such reserves ask for nothing.
    """
    model = ConcreteModel(name="park whose limits can be loosened")
    free = unlimited(inputs)
    build_investment(model, free)
    model.year = Block(list(years))
    for y in years:
        build_operation(model.year[y], free, y, links_of(model, free, y))
    if with_outages:
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
    """

    more: Mapping[int, float]
    missing: float
    helps: frozenset[int]

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
        self._add_slacks()
        self.rule_rows = {
            (y, *key): int(self.matrix.rows_of([row])[0]) for y in self.years for key, row in self.model.year[y].stage_rule.items()
        }
        self.set_goal(case.goal)

    @staticmethod
    def _with_all_rules(inputs: Inputs, case: Case) -> Inputs:
        """Every year with the rules of all the goal's stages that can be in force in it under a later deadline."""
        assert case.goal is not None
        rules: dict[int, tuple[Rule, ...]] = {}
        for step, since in case.goal.steps:
            own = rules_of_years(case, inputs.years, Goal(target=step, by=since))
            rules = {y: rules.get(y, ()) + own.get(y, ()) for y in inputs.years}
        return replace(inputs, carbon=replace(inputs.carbon, rules=rules))

    def _add_more(self, solver: Solver, limit: LimitAsRows) -> int:
        """A column of which 1 is as much more as the limit's scale."""
        loosened = (*limit.rows, *limit.orders)
        rows = self.matrix.rows_of(row for row, _ in loosened)
        sign = np.where(self.matrix.row_upper[rows] < INFINITY, -1.0, 1.0)
        return solver.add_column(rows, limit.scale * sign * np.array([by for _, by in loosened]))

    def _add_slacks(self) -> None:
        """Columns for what is missing: energy at every balance, tonnes (tce, MWh) at every rule."""
        weight, demands = self.inputs.calendar.weight, self.inputs.demands
        rules, balances, shares = [], [], []
        for y in self.years:
            block = self.model.year[y]
            rules += list(block.stage_rule.values())
            shape = self.inputs.at(y).demands.shape
            peak = max([1e-3, *(demands.energy[u, y] * float(shape[u].max()) for u in demands.demands)])
            for index, row in block.balance.items():
                balances.append(row)
                shares.append(weight[index[-1]] / 8760.0 / peak)
        rows, broken, share = self.matrix.rows_of(balances), self.matrix.rows_of(rules), np.array(shares)
        self.share = np.concatenate([share, share, np.full(len(broken), 1.0 / self.inputs.carbon.base)])
        cost, solver = PRICE * self.share, self.amounts
        self.slacks = np.concatenate(
            [
                solver.add_columns(rows, 1.0, cost[: len(rows)]),
                solver.add_columns(rows, -1.0, cost[: len(rows)]),
                solver.add_slacks(broken, cost[2 * len(rows) :]),
            ]
        )

    # --- what is asked ------------------------------------------------------------------------------------------------

    def set_goal(self, goal: Goal | None) -> None:
        """Let the rules of that goal hold, and no others; None: no rules."""
        force = rules_of_years(self.case, self.inputs.years, goal)
        keys = {(y, r.stage, r.metric, r.sense) for y, own in force.items() for r in own}
        holds = np.array([row for key, row in self.rule_rows.items() if key in keys], dtype=np.int32)
        rest = np.array([row for key, row in self.rule_rows.items() if key not in keys], dtype=np.int32)
        for solver in (self.amounts, self.costs):
            solver.restore_rows(holds)
            solver.free_rows(rest)

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
        answer = self._linear(solver, seconds, near)
        found = self._read(answer, lifted)
        if found is not None and found.is_enough and self.exact and self.matrix.integer.any():
            solver.relax(False)
            found = self._read(solve_whole(solver, Limits(GAP, seconds)), lifted)
        solver.set_bounds(places, np.zeros(len(places)), np.zeros(len(places)))
        solver.set_costs_of(places, np.zeros(len(places)))
        return found

    def _read(self, answer: Answer, lifted: Iterable[int]) -> Try | None:
        if not answer.has_point:
            return None
        more = {i: max(0.0, float(answer.values[self.more[i]])) * float(self.scale[i]) for i in lifted}
        duals = answer.column_duals  # none where whole numbers were kept: any limit may help then
        helps = range(len(self.more)) if duals is None else np.flatnonzero(duals[self.more] < -1e-7).tolist()
        return Try(more, dot(answer.values[self.slacks], self.share), frozenset(helps))

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
