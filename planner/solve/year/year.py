r"""The subproblem of the decomposed method on typical days: the operation of one year, a linear programme that gives a Benders cut.

.. math:: Q_y(x) = \min\; c_y \cdot z + p \cdot s \quad A z + G x + S s = b, \quad \underline{z} \le z \le \overline{z}, \; s \ge 0

1. Fix the linking variables x at the trial point and reduce (`handover.reduced`).
2. Solve by the dual simplex method from the basis of the last trial (warm start): new bounds leave that basis dual feasible.
3. The cut is the optimum and its slope in x, from the duals (Benders, 1962).

Slacks s, unserved energy of each balance and the violation of each rule, have the penalty p (`penalties`), so there is an optimum
at every x (complete recourse). `least_slack` minimises the slacks alone: phase 1, which gives a feasibility cut. Returns cuts.
Raises SolverError where HiGHS gives no answer, and Stopped once the watch in force is over.

z  operation of the hours and account (j)     x  linking variables (l)     s  slack (i)     p  penalty   money per unit (i)
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from pyomo.core import value
from scipy import sparse

from models.dot import dot
from models.inputs import Inputs
from models.investment.measures import changes
from models.operation.links import KINDS, link_variables
from planner.language.message import Message
from planner.solve.handover.matrix import INFINITY, NOISE, Matrix, compile_model, sign_of_slack
from planner.solve.handover.reduced import Reduced
from planner.solve.handover.solver import Answer, Solver
from planner.solve.year.subproblem import Cut, HoursCut, SlackCut, YearVariant, penalties, rule_weight
from planner.solve.year.template import Template, Total, YearView, with_all_assets

# --- joined ----------------------------------------------------------------------------------------------------------------
# The operation of a year as one matrix: the hours, shared by years of one structure, and the account of the year.
#
# Two matrices are joined in the columns that both have: yearly totals, which the hours define and the account bounds and prices,
# and linking variables. Rows of the hours come first, then those of the account.
#
# Returns the matrix and where its columns are. Raises nothing.


class Joined:
    """Hours and account of a year, joined in the columns that both have: yearly totals, capacities, and choices of tariffs.

    matrix    columns of the hours first, then those that only the account has; rows likewise
    account   the Pyomo block of the account
    rules     rows of the matrix that are rules
    """

    def __init__(self, inputs: Inputs, y: int, template: Template) -> None:
        self.y, self.template = y, template
        self.account = template.account(y).year
        self.of_account = compile_model(self.account.model())
        cost, self.cost_terms = template.cost_of(inputs, y, of_contracted=True)
        self.place, is_new = self._places()
        self.matrix = join(replace(template.matrix, cost=cost), template.rows, self.of_account, self.place, is_new)
        #: Cost of the account in all columns; the rest of the cost is of the hours.
        self.account_cost = np.zeros(len(self.matrix.columns))
        np.add.at(self.account_cost, self.place, self.of_account.cost)
        self.rules = len(template.matrix.rows) + self.of_account.rows_of(self.account.stage_rule.values())

    def _places(self) -> tuple[np.ndarray, np.ndarray]:
        """Place in the joined matrix of each column of the account, and which of them the hours do not have."""
        template, account, own = self.template, self.account, self.of_account.columns
        known = dict(zip(map(id, template.account_totals(account)), template.total_places.tolist(), strict=True))
        for (kind, name), place in template.links.items():
            if kind in KINDS and name in (own_links := getattr(account, f"link_{kind}")):
                known[id(own_links[name])] = place
        is_new = np.array([id(v) not in known for v in own], dtype=bool)
        places = np.array([known.get(id(v), 0) for v in own], dtype=int)
        places[is_new] = len(template.matrix.columns) + np.arange(is_new.sum())
        return places, is_new

    def links(self) -> dict[tuple[str, str], int]:
        """(kind, name) -> column, of all columns that are fixed for the year."""
        column = self.of_account.column
        of_account = {
            link: int(self.place[column[id(v)]])
            for link, v in link_variables(self.account, self.template.further)
            if id(v) in column
        }
        return self.template.links | of_account

    def stays(self) -> np.ndarray:
        """Rows that are kept as rows by the reduced problem even if singleton, since they have slacks or names: balances, sums,
        rules."""
        stays = np.zeros(len(self.matrix.rows), dtype=bool)
        for rows in (self.template.balance_rows, self.template.sum_rows, self.rules):
            stays[rows] = True
        return stays

    def columns_of(self, name: str) -> np.ndarray:
        """Columns of a family of the account."""
        return self.place[self.of_account.columns_of(getattr(self.account, name).values())]

    def view(self, values: np.ndarray) -> YearView:
        """A solution as the output tables read it; values below `NOISE` become 0, values outside bounds are clipped."""
        values = np.clip(np.where(np.abs(values) < NOISE, 0.0, values), self.matrix.lower, self.matrix.upper)
        hours = values[: len(self.template.matrix.columns)]
        self.of_account.load(values[self.place])
        self.template.load_totals(self.account, hours)
        terms = {key: own.at(hours) for key, own in self.cost_terms.items()}
        terms |= {key: float(value(term)) for key, term in self.account.cost_terms.items()}
        return YearView(self.template, hours, self.account, terms)


def join(first: Matrix, rows: sparse.csr_matrix, own: Matrix, place: np.ndarray, is_new: np.ndarray) -> Matrix:
    """Two matrices joined: `place` is where each column of `own` stands in the joined one; those that are new come last.

    `rows`: the first matrix by rows.
    """
    new, total = int(is_new.sum()), len(first.columns) + int(is_new.sum())
    lower, upper = np.concatenate([first.lower, np.full(new, -INFINITY)]), np.concatenate([first.upper, np.full(new, INFINITY)])
    np.maximum.at(lower, place, own.lower)
    np.minimum.at(upper, place, own.upper)
    cost = np.concatenate([first.cost, np.zeros(new)])
    np.add.at(cost, place, own.cost)
    coo = own.by_rows().tocoo()
    below = sparse.csr_matrix((coo.data, (coo.row, place[coo.col])), shape=(len(own.rows), total))
    above = sparse.csr_matrix((rows.data, rows.indices, rows.indptr), shape=(rows.shape[0], total))
    joined = sparse.vstack([above, below], format="csc")
    columns = [v for v, only_here in zip(own.columns, is_new.tolist(), strict=True) if only_here]
    return Matrix(
        columns=first.columns + columns,
        rows=first.rows + own.rows,
        cost=cost,
        offset=first.offset + own.offset,
        start=joined.indptr,
        index=joined.indices,
        value=joined.data,
        lower=lower,
        upper=upper,
        row_lower=np.concatenate([first.row_lower, own.row_lower]),
        row_upper=np.concatenate([first.row_upper, own.row_upper]),
        integer=np.zeros(total, dtype=bool),
    )


# --- year ------------------------------------------------------------------------------------------------------------------

#: Slack (share of its scale) that stays allowed where none is needed: far below the slack that a plan may have.
ALMOST_NOTHING = 1e-9
#: A linking variable of a year: the kind of decision, and of what.
Link = tuple[str, str]


class Year:
    """The operation of one year in one HiGHS object: its hours, whose structure is compiled once for years of like structure, and
    its account.

    links  linking variables, in the order of a trial point; amounts that the master does not decide are fixed as in the inputs
    """

    def __init__(self, inputs: Inputs, y: int, template: Template | None = None, is_warm: bool = True) -> None:
        """`is_warm`: keep the HiGHS object between solves; else only its basis, from which the next object starts."""
        self.y, self.is_warm = y, is_warm
        inputs = inputs.at(y)
        self.joined = Joined(inputs, y, template or Template(with_all_assets(inputs), y))
        self.matrix = self.joined.matrix
        self._name_links(inputs)
        self._reduce(inputs)
        self._add_slacks(inputs)
        #: All columns and the slacks of the last solution; 0 before the first, where the master has no point.
        self.values = np.zeros(len(self.matrix.columns) + len(self.slacks))
        self.variant = YearVariant()
        self.totals = {total: int(self.reduced.row[row]) for total, row in self.joined.template.sum_row.items()}
        self.basis: Any = None
        self._solver: Solver | None = None
        self._phase_1: Solver | None = None

    def _name_links(self, inputs: Inputs) -> None:
        """Columns fixed from outside: which of them are linking variables, and the amounts of the others."""
        found, present, demands = self.joined.links(), set(inputs.capacity.present[self.y]), inputs.demands
        amounts = {("demand", u): demands.energy[u, self.y] for u in demands.demands}
        amounts |= inputs.stated(self.y)

        def is_decided(kind: str, name: str) -> bool:
            if kind == "capacity":
                return name in present
            return changes(inputs, name) if kind == "demand" else kind in (*KINDS, *self.joined.template.further)

        #: Of each column that is fixed: kind and name.
        self.names: list[Link] = list(found)
        self.fixed = np.array(list(found.values()), dtype=int)
        self.links: list[Link] = [link for link in found if is_decided(*link)]
        self.decided = np.flatnonzero([is_decided(*link) for link in found])
        self.amounts = np.array([0.0 if is_decided(*link) else amounts.get(link, 0.0) for link in found])

    def _reduce(self, inputs: Inputs) -> None:
        """The reduced problem: linking variables fixed, columns of absent assets left out."""
        matrix, template = self.matrix, self.joined.template
        absent = frozenset(template.inputs.capacity.present[self.y]) - frozenset(inputs.capacity.present[self.y])
        free = np.ones(len(matrix.columns), dtype=bool)
        free[self.fixed] = False
        gone = template.columns_of_assets(absent)
        free[gone] = False
        every, own = np.arange(len(matrix.rows)), np.flatnonzero(free)
        self.reduced = Reduced(matrix, matrix.by_rows(), every, own, self.fixed, self.joined.stays(), gone)
        self.rule_rows = self.reduced.row[self.joined.rules]
        lasting = inputs.carbon.lasting(self.y)
        #: Whether each rule holds whatever the goal.
        self.is_lasting = np.array([key in lasting for key in self.joined.account.stage_rule], dtype=bool)

    def _add_slacks(self, inputs: Inputs) -> None:
        weight, base = inputs.calendar.weight, inputs.carbon.base
        template = self.joined.template
        self.balances = template.balances
        self.balance_rows = rows = self.reduced.row[template.balance_rows]
        energy, tonne = penalties(inputs, self.y)
        #: A dual price above this is one of slack   money per unit
        self.most_price = tonne
        hours = np.array([weight[index[-1]] for index in self.balances])
        self.penalty = self.slack_cost = np.concatenate([hours * energy, hours * energy, np.full(len(self.rule_rows), tonne)])
        demands = inputs.demands
        peak = max([1e-3, *(demands.energy[u, self.y] * float(demands.shape[u].max()) for u in demands.demands)])
        self.slack_size = np.concatenate([np.full(2 * len(rows), 1.0 / peak), np.full(len(self.rule_rows), rule_weight(base))])
        #: Row of each slack, and its sign there.
        self.slack_rows, unserved = np.concatenate([rows, rows, self.rule_rows]), np.ones(len(rows))
        self.slack_sign = np.concatenate([unserved, -unserved, sign_of_slack(self.reduced.matrix, self.rule_rows)])
        self.slacks = len(self.reduced.columns) + np.arange(len(self.slack_cost), dtype=np.int32)

    @property
    def structure(self) -> tuple:
        """Equal for years whose reduced problems have the same columns and rows, so that a basis of one is one of the other."""
        same = (self.reduced.columns, self.reduced.kept, self.balance_rows, self.rule_rows)
        return id(self.joined.template), *(places.tobytes() for places in same)

    @property
    def size(self) -> tuple[int, int]:
        """Columns of the reduced problem, with slacks, and rows."""
        return len(self.reduced.columns) + len(self.slack_cost), len(self.reduced.kept)

    @property
    def solver(self) -> Solver:
        """The reduced problem in HiGHS, with the penalty on its slacks."""
        if self._solver is None:
            self._solver = solver = self._with_slacks(self.slack_cost)
            if self.basis is not None:
                solver.begin_from(self.basis)
        return self._solver

    def _with_slacks(self, cost: np.ndarray) -> Solver:
        """The reduced problem with slacks of that cost: two for each balance (unserved, surplus), one for each rule."""
        solver = Solver(self.reduced.matrix, threads=1)
        rows = self.balance_rows
        solver.add_columns(rows, 1.0, cost[: len(rows)])
        solver.add_columns(rows, -1.0, cost[len(rows) : 2 * len(rows)])
        solver.add_slacks(self.rule_rows, cost[2 * len(rows) :])
        solver.warm()
        return solver

    @property
    def phase_1(self) -> Solver:
        """The phase-1 problem in HiGHS: the only costs are those of the slacks, the inverse of their scales, so scaled that
        HiGHS sees a least cost of 1."""
        if self._phase_1 is None:
            least = float(self.slack_size.min(initial=1.0))
            self._phase_1 = solver = self._with_slacks(np.zeros(len(self.slack_size)))
            solver.set_cost(np.zeros(len(self.reduced.columns)))
            solver.scale = 1.0 / least
            solver.set_costs_of(self.slacks, self.slack_size)
            if self.basis is not None:
                solver.begin_from(self.basis)
        return self._phase_1

    def free_solver(self) -> None:
        """Free the HiGHS objects; the basis is kept."""
        self._solver = self._phase_1 = None
        self.reduced.forget()

    def set_variant(self, variant: YearVariant) -> None:
        """Solve under this variant from now on."""
        if variant.penalty_factor != self.variant.penalty_factor:
            self.slack_cost = self.penalty * variant.penalty_factor
            if self._solver is not None:
                self._solver.set_costs_of(self.slacks, self.slack_cost)
        if variant.barred != self.variant.barred:
            own = self.reduced
            barred = np.isin(own.columns, np.concatenate([np.zeros(0, dtype=int), *map(self.joined.columns_of, variant.barred)]))
            own.lower, own.upper = np.where(barred, 0.0, own.matrix.lower), np.where(barred, 0.0, own.matrix.upper)
        self.variant = variant

    def _solve_at(self, solver: Solver, point: np.ndarray, what: str) -> tuple[np.ndarray, Answer]:
        """The amounts fixed at a trial point, and the optimum there."""
        amounts = self.amounts.copy()
        amounts[self.decided] = point
        limits = self.reduced.limits(amounts)
        if self.variant.binds != "all":
            free = self.rule_rows[~self.is_lasting] if self.variant.binds == "lasting" else self.rule_rows
            limits[0][free], limits[1][free] = -INFINITY, INFINITY
        self.reduced.set_limits(solver, limits)
        return amounts, solver.exact_optimum(f"{what} of {self.y}", self._error_of)

    def _error_of(self, answer: Answer) -> float:
        """By how much an answer breaks a row at most (MW, t, tce or MWh)."""
        added = np.bincount(self.slack_rows, self.slack_sign * answer.values[self.slacks], len(self.reduced.kept))
        return self.reduced.largest_error(answer.values[: len(self.reduced.columns)], added)

    def cut(self, point: np.ndarray) -> Cut:
        """The optimality cut at a trial point, whose solution is the last one from now on."""
        amounts, answer = self._solve_at(self.solver, point, "operation")
        assert answer.row_duals is not None
        self.duals = answer.row_duals
        count, slack = len(self.matrix.columns), answer.values[self.slacks]
        self.values = np.concatenate([np.zeros(count), slack])
        self.values[self.reduced.columns] = self.reduced.within_limits(answer.values[: len(self.reduced.columns)])
        self.values[self.fixed] = amounts
        most, penalty = float((slack * self.slack_size).max(initial=0.0)), dot(slack, self.slack_cost)
        own = self.matrix.cost[self.fixed]
        cost = answer.objective + dot(own, amounts) + self.matrix.offset
        duals = self.reduced.duals(answer)
        slope = (own - duals @ self.reduced.others)[self.decided]
        self.basis = self.solver.basis()
        if not self.is_warm:
            self.free_solver()
        return Cut(point.copy(), cost, slope, most, penalty, cost, self._of_hours(duals, slack))

    def _of_hours(self, duals: np.ndarray, slack: np.ndarray) -> HoursCut:
        """The part of the hours in the last solution: duals of its rows are feasible and optimal for the hours with their totals
        fixed, since hours and account share nothing else that is free."""
        template, hours, balances = self.joined.template, duals.copy(), 2 * len(self.balance_rows)
        hours[len(template.matrix.rows) :] = 0.0
        cost, places = self.matrix.cost - self.joined.account_cost, template.total_places
        value = dot(cost, self.values[: len(cost)]) + template.matrix.offset + dot(slack[:balances], self.slack_cost[:balances])
        rows = list(template.sum_row.values())
        prices = cost[places] - hours[rows] * np.asarray(template.rows[rows, places]).ravel()
        return HoursCut(value, cost[self.fixed] - hours @ self.reduced.others, self.values[places], prices)

    def least_slack(self, point: np.ndarray) -> SlackCut:
        r"""The least total of the scaled slacks at a trial point, with its slope (phase 1).

        .. math:: V_y(x) = \min \sum_i s_i / S_i \ge value + slope \cdot (x - point)

        s  slack of a balance (MW) or a rule (t, tce, MWh) (i)     S  its scale: the peak, or base emissions / `RULE_WEIGHT`

        """
        _, answer = self._solve_at(self.phase_1, point, Message("least slack in the operation"))
        self.phase_1_slack = np.maximum(answer.values[self.slacks], 0.0)
        slack = self.phase_1_slack * self.slack_size
        slope = self.reduced.slope(answer)[self.decided]
        if not self.is_warm:
            self.free_solver()
        return SlackCut(point.copy(), answer.objective, slope, float(slack.max(initial=0.0)), answer.objective)

    def cut_without_slack(self, point: np.ndarray) -> Cut:
        """As `cut`, with the slacks at most those of the last `least_slack` at this point, whatever the penalty.

        The cut is a lower bound of the cost without slack.
        """
        most = self.phase_1_slack + ALMOST_NOTHING / self.slack_size
        self.solver.set_bounds(self.slacks, np.zeros(len(most)), most)
        found = self.cut(point)
        if self._solver is not None:
            self._solver.set_bounds(self.slacks, np.zeros(len(most)), np.full(len(most), INFINITY))
        return found

    def largest_term(self) -> float:
        """Size of the largest cost term of the hours in the last solution (money)."""
        hours = self.values[: len(self.joined.template.matrix.columns)]
        return max((abs(term.at(hours)) for term in self.joined.cost_terms.values()), default=0.0)

    def prices(self, point: np.ndarray) -> dict[Total, float]:
        """Dual price of each yearly total at a point (money per unit), whose solution is the last one from now on.

        One above the penalty of a violated rule is the price of slack, as a total that is 0 may have it, and is left out.
        """
        self.cut(point)
        found = {total: -float(self.duals[row]) for total, row in self.totals.items()}
        return {total: price for total, price in found.items() if abs(price) <= self.most_price}

    def broken_rules(self) -> dict[tuple[str, str, str], float]:
        """(stage, metric, sense) and by how much the rule is violated in the last solution (t, tce or MWh)."""
        count = len(self.rule_rows)
        broken = self.values[len(self.values) - count :] if count else np.zeros(0)
        return dict(zip(self.joined.account.stage_rule, broken.tolist(), strict=True))

    def unserved(self) -> list[tuple[tuple[str, str, int], float]]:
        """(zone, carrier, snapshot) and unserved power in the last solution (MW)."""
        power = self.values[len(self.matrix.columns) :][: len(self.balances)]
        return [(self.balances[i], float(power[i])) for i in np.flatnonzero(power > 1e-6)]

    def view(self) -> YearView:
        """The last solution as the output tables read it."""
        return self.joined.view(self.values[: len(self.matrix.columns)])
