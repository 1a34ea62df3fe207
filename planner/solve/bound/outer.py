r"""The outer approximation of a park: the master of its lower bound, in which the cost of the hours is known by linear cuts only
(outer linearisation; Geoffrion, "Elements of large-scale mathematical programming", 1970).

.. math:: \min\; c \cdot x + \sum_y \delta_y \Big( a_y(x_y, T_y) + W_y + 12 \sum_s \pi_s K_{s,y} \Big),
    \qquad W_y = F_y + \sum_i r_{i,y} Z_{i,y}

Decisions x, with the energy that stores hold at month ends, are those of the Benders master. The account :math:`a_y` of every year,
with its certificates, credits and rules, is in the matrix as it is (partial Benders decomposition: only the hours are projected
out). The hours of a year are a point of variables: W, their cost, of which F is the same function in all years of one structure and
sums Z are paid at rates of the year (`rates`); totals T that the account knows; contracted capacity K. All years of one structure
have the same set of possible points (F, Z, T, K), which is convex, and cuts (`cuts`) describe it from outside. So the optimum is a
lower bound of the cost of the park, and each cut serves every year of its structure. The variable is W and not F: a year's own cuts
do not have Z then, and a sum that no cut bounds has no cost, where F and Z could grow together at a cost that is zero but for
rounding, which HiGHS calls unbounded.

Returns the matrix and the places of each year; `outer_solver` solves it. Raises nothing.

x  decisions   (…)     T  total   MWh, t (i,y)     W  cost   money (y)     Z  MWh, MW (i,y)     K  contracted   MW (s,y)
δ  discount   1 (y)    r  rate   money/MWh, money/MW (i,y)          π  capacity charge   money/MW/month (s,y)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from pyomo.core import ConcreteModel
from scipy import sparse

from models.dot import dot
from models.inputs import Inputs
from models.operation.links import link_variables
from models.park import build_account
from planner.solve.bound.rates import Rates
from planner.solve.bound.total_limits import TotalLimit
from planner.solve.handover.matrix import INFINITY, Matrix, compile_model
from planner.solve.handover.reduced import NONE
from planner.solve.hours.months import Hours
from planner.solve.hours.years import HourlyYear
from planner.solve.year.penalties import penalties, trivial_lower_bound

#: (stage, metric, sense) of a rule.
RuleKey = tuple[str, str, str]


@dataclass(frozen=True)
class OuterPlaces:
    """Columns and rows of a year in the outer approximation.

    linking   of the linking variables of its hours, in the order of `Hours.linking`; NONE where one is a constant
    numbers   those constants, 0 elsewhere
    totals, rated, contracts, money   T, Z, K and W
    rates     r of the year
    total_rows  rows that equate the totals with those of the account; the dual is minus the discounted price of a total
    held      which linking variables are energy held at a month end, and which are the capacity of that store   (2, …)
    """

    linking: np.ndarray
    numbers: np.ndarray
    totals: np.ndarray
    rated: np.ndarray
    rates: np.ndarray
    contracts: np.ndarray
    money: int
    total_rows: np.ndarray
    held: np.ndarray


class OuterApproximation:
    """The outer approximation as one matrix, still without cuts.

    matrix    decisions first, in the order of the master's model
    of_decisions  that of the decisions alone
    decisions how many columns these are
    places    of each year
    """

    def __init__(
        self,
        inputs: Inputs,
        model: ConcreteModel,
        hours: Mapping[int, Hours],
        rates: Mapping[int, Rates],
        most: Mapping[int, list[TotalLimit | None]],
        allowed: Mapping[int, Mapping[RuleKey, float]],
    ) -> None:
        """`model` as `build_master` gives it with months; `allowed`: the violation that each rule of a year may have."""
        self.inputs, self.model = inputs, model
        self.of_decisions = own = compile_model(model)
        self.decisions = len(own.columns)
        self.columns = own.columns
        self._parts = _Parts(own)
        self.places: dict[int, OuterPlaces] = {}
        for y in inputs.years:
            self._add_year(y, own, hours[y], rates[y], most[y], allowed.get(y, {}))
        self.matrix = self._parts.matrix(own)

    def _add_year(
        self, y: int, own: Matrix, hours: Hours, rates: Rates, most: list[TotalLimit | None], allowed: Mapping[RuleKey, float]
    ) -> None:
        parts, year = self._parts, HourlyYear(self.inputs, y, self.model)
        decided = {}
        for kind, name in year.links:
            index = (*name, y) if isinstance(name, tuple) else (name, y)
            decided[kind, name] = own.column[id(getattr(self.model, kind)[index])]
        columns = np.array([decided.get(link, NONE) for link in hours.linking], dtype=int)
        numbers = np.array([0.0 if link in decided else year.fixed.get(link, 0.0) for link in hours.linking])
        totals_of_account = self._add_account(y, hours, decided, year.fixed, allowed)
        discount, supplies, count = self.inputs.finance.discount[y], hours.inputs.supplies, len(hours.totals)
        totals = parts.add_columns(np.zeros(count), _least(hours, hours.summing), np.full(count, INFINITY))
        own_rates = rates.of[y]
        rated = parts.add_columns(np.zeros(len(own_rates)), _least(hours, rates.pattern), np.full(len(own_rates), INFINITY))
        money = parts.add_columns(np.array([discount]), np.array([trivial_lower_bound(self.inputs, y)]), np.array([INFINITY]))
        charges = np.array([12 * discount * supplies.contracted_charge(s, y) for s in hours.contracts])
        contracts = parts.add_columns(charges, np.zeros(len(charges)), np.full(len(charges), INFINITY))
        pairs = zip(totals.tolist(), totals_of_account, strict=True)
        equal = [parts.add_row([own, of], [1.0, -1.0], 0.0, 0.0) for own, of in pairs]
        there = columns != NONE
        for total, ceiling in zip(totals.tolist(), most, strict=True):
            if ceiling is not None:
                limit = ceiling.constant + dot(ceiling.slope, numbers)
                parts.add_row([total, *columns[there]], [1.0, *(-ceiling.slope[there])], -INFINITY, limit)
        rows, order = np.array(equal, dtype=np.int32), {link: i for i, link in enumerate(hours.linking)}
        held = [(i, order["capacity", key[0]]) for (kind, key), i in order.items() if kind == "held"]
        in_order = np.array(held, dtype=int).reshape(-1, 2).T
        self.places[y] = OuterPlaces(columns, numbers, totals, rated, own_rates, contracts, int(money[0]), rows, in_order)

    def _add_account(
        self, y: int, hours: Hours, decided: Mapping[Any, int], fixed: Mapping[Any, float], allowed: Mapping[RuleKey, float]
    ) -> list[int]:
        """The account of a year, whose rules have slack at a penalty; returns the columns of its totals."""
        parts, discount = self._parts, self.inputs.finance.discount[y]
        block = build_account(hours.inputs, y).year
        account = compile_model(block.model())
        place = np.full(len(account.columns), NONE)
        lower, upper = account.lower.copy(), account.upper.copy()
        for link, variable in link_variables(block):
            column = account.column.get(id(variable), NONE)
            if column != NONE and link in decided:
                place[column] = decided[link]
            elif column != NONE:
                lower[column] = upper[column] = fixed.get(link, 0.0)
        new = np.flatnonzero(place == NONE)
        place[new] = parts.add_columns(discount * account.cost[new], lower[new], upper[new])
        for column in np.flatnonzero(account.cost).tolist():
            if column not in new:
                parts.cost_more(place[column], discount * account.cost[column])
        parts.offset += discount * account.offset
        row_lower, row_upper = account.row_lower.copy(), account.row_upper.copy()
        rules = {rule: account.row[id(row)] for rule, row in block.stage_rule.items() if id(row) in account.row}
        for rule, row in rules.items():
            row_lower[row] -= allowed.get(rule, 0.0)
            row_upper[row] += allowed.get(rule, 0.0)
        first = parts.add_rows(account.by_rows(), place, row_lower, row_upper)
        tonne = discount * penalties(self.inputs, y)[1]
        for row in rules.values():
            sign = -1.0 if row_upper[row] < INFINITY else 1.0
            parts.add_columns(np.array([tonne]), np.zeros(1), np.array([INFINITY]), (first + row, sign))
        found = []
        for variable in hours.account_totals(block):
            column = account.column.get(id(variable), NONE)
            if column == NONE:  # in no row of the account
                least = -INFINITY if variable.lb is None else float(variable.lb)
                most = INFINITY if variable.ub is None else float(variable.ub)
                found.append(int(parts.add_columns(np.zeros(1), np.array([least]), np.array([most]))[0]))
            else:
                found.append(int(place[column]))
        return found

    def links_at(self, y: int, values: np.ndarray) -> np.ndarray:
        """Values of the linking variables of a year at a point, in the order of `Hours.linking`.

        The energy held is clipped to the capacity of the store, which the tolerance of the point may exceed.
        """
        places = self.places[y]
        amounts = np.where(places.linking == NONE, places.numbers, values[np.maximum(places.linking, 0)])
        held, built = places.held
        amounts[held] = np.clip(amounts[held], 0.0, np.maximum(amounts[built], 0.0))
        return amounts


def _least(hours: Hours, sums: sparse.csr_matrix) -> np.ndarray:
    """Lower bound of each sum of columns: 0 where no coefficient and no column is negative."""
    lower = hours.matrix.lower
    rows = (sums[i] for i in range(sums.shape[0]))
    below = [(row.data < 0).any() or (lower[row.indices] < 0).any() for row in rows]
    return np.where(np.array(below, dtype=bool), -INFINITY, 0.0)


class _Parts:
    """A matrix that is put together from parts."""

    def __init__(self, own: Matrix) -> None:
        coo = own.by_rows().tocoo()
        self.cells: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = [(coo.row, coo.col, coo.data)]
        self.cost, self.lower, self.upper = [own.cost.copy()], [own.lower], [own.upper]
        self.row_lower, self.row_upper = [own.row_lower], [own.row_upper]
        self.width, self.height, self.offset = len(own.columns), len(own.rows), own.offset

    def add_columns(
        self, cost: np.ndarray, lower: np.ndarray, upper: np.ndarray, cell: tuple[int, float] | None = None
    ) -> np.ndarray:
        """Add columns; `cell`: row and coefficient of a single column in a row that is there. Returns their places."""
        places = np.arange(self.width, self.width + len(cost))
        self.cost.append(np.asarray(cost, dtype=float))
        self.lower.append(lower)
        self.upper.append(upper)
        self.width += len(cost)
        if cell is not None:
            self.cells.append((np.array([cell[0]]), places, np.array([cell[1]])))
        return places

    def cost_more(self, column: int, cost: float) -> None:
        """Add to the cost of a decision."""
        self.cost[0][column] += cost

    def add_row(self, columns: Any, factors: Any, lower: float, upper: float) -> int:
        """Add a row; returns its place."""
        columns = np.asarray(columns, dtype=int)
        self.cells.append((np.full(len(columns), self.height), columns, np.asarray(factors, dtype=float)))
        self.row_lower.append(np.array([lower]))
        self.row_upper.append(np.array([upper]))
        self.height += 1
        return self.height - 1

    def add_rows(self, rows: sparse.csr_matrix, place: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> int:
        """Add rows whose columns are at these places; returns the place of the first."""
        coo = rows.tocoo()
        self.cells.append((coo.row + self.height, place[coo.col], coo.data))
        self.row_lower.append(lower)
        self.row_upper.append(upper)
        self.height += rows.shape[0]
        return self.height - rows.shape[0]

    def matrix(self, own: Matrix) -> Matrix:
        """The whole matrix."""
        row, column, value = (np.concatenate(part) for part in zip(*self.cells, strict=True))
        whole = sparse.csc_matrix((value, (row, column)), shape=(self.height, self.width))
        whole.sort_indices()
        integer = np.zeros(self.width, dtype=bool)
        integer[: len(own.columns)] = own.integer
        return Matrix(
            columns=[None] * self.width,
            rows=[None] * self.height,
            cost=np.concatenate(self.cost),
            offset=self.offset,
            start=whole.indptr.astype(np.int32),
            index=whole.indices.astype(np.int32),
            value=whole.data,
            lower=np.concatenate(self.lower),
            upper=np.concatenate(self.upper),
            row_lower=np.concatenate(self.row_lower),
            row_upper=np.concatenate(self.row_upper),
            integer=integer,
        )
