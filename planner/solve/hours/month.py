r"""A month of a year in every hour: a linear programme of its own in one HiGHS object, the pricing problem of column generation.

.. math:: \min_{v_w \in X_w(x)}\; c_w \cdot v_w + \pi \cdot S_w v_w + \gamma_w \cdot k_w

A year is costs and bounds here (`Month.set_year`); the matrix is that of all years of one structure (`months`). Each balance has
slack at a penalty, so there is an optimum at all prices. `Month.solve` returns the cheapest operation at prices, a `MonthColumn`.
Raises SolverError where HiGHS gives no answer, and Stopped once the watch in force is over.

v  operation of a month     x  linking variables     π  price of a total (i)     γ  price of contracted capacity (s)
S  sums of the month (i)    X  what the month can do at x
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from scipy import sparse

from models.dot import dot
from models.errors import SolverError
from planner.solve.handover.answer import Answer
from planner.solve.handover.matrix import Matrix
from planner.solve.handover.reduced import NOISE, NONE, Reduced
from planner.solve.handover.solver import Solver
from planner.solve.hours.splitting import Copies


@dataclass(frozen=True)
class MonthColumn:
    """One operation of a month, a column of the restricted master.

    values     of the variables of the month
    cost       of the month, with the penalty of slack      money
    totals     its part of each yearly total                MWh, t
    contracts  contracted capacity that it uses             MW
    slope      of the optimum of the month in each linking variable, in the order of `Hours.linking`, at the prices at which it was
               solved; 0 unless slopes were asked for, see `is_trial` of `Hours.set_year`   money per unit
    penalty    the part of the cost that is penalty of slack   money
    slack      largest unserved or surplus power in an hour MW
    unserved   slack of each balance, negative for surplus  MW
    contract_slope slope in contracted capacity, where that is fixed   money/MW
    """

    values: np.ndarray
    cost: float
    totals: np.ndarray
    contracts: np.ndarray
    slope: np.ndarray
    penalty: float
    slack: float
    unserved: np.ndarray
    contract_slope: np.ndarray


class CutIntoMonths(Protocol):
    """What a month needs to know of the hours of the year; `months.Hours` says what each of them is."""

    matrix: Matrix
    of_month: np.ndarray
    contract_places: np.ndarray
    linking: dict[tuple[str, Any], int]
    copies: Copies
    balance: dict[int, Any]
    summing: sparse.csr_matrix
    absent: frozenset[str]

    def columns_of_assets(self, assets: frozenset[str]) -> np.ndarray:
        """Columns of the operation of these assets."""


class Month:
    """One month in one HiGHS object, reduced (`handover.reduced`), solved from the last basis (warm start)."""

    def __init__(
        self, hours: CutIntoMonths, month: int, rows: sparse.csr_matrix, month_of_row: np.ndarray, is_balance: np.ndarray
    ) -> None:
        self.month = month
        absent = hours.columns_of_assets(hours.absent)
        is_own = hours.of_month == month
        is_own[absent] = False
        own = np.flatnonzero(is_own)
        columns = np.concatenate([own, hours.contract_places])
        self.contracts = np.arange(len(columns) - len(hours.contract_places), len(columns))
        #: Rows of the year that are in this month; rows without a month are in every one.
        self.rows = mine = np.flatnonzero((month_of_row == month) | (month_of_row == NONE))
        linking = np.array(list(hours.linking.values()), dtype=int)
        self.reduced = Reduced(hours.matrix, rows, mine, columns, linking, is_balance, absent)
        self.columns = columns
        place = {int(c): i for i, c in enumerate(columns.tolist())}
        #: (column of the month, linking variable) of the energy that stores hold at its end.
        ends = [
            (place[c], i)
            for i, ((kind, key), c) in enumerate(hours.linking.items())
            if kind == "held" and key[1] == month and c in place
        ]
        self.held_at_end = np.array(ends, dtype=int).reshape(-1, 2)
        #: (column of the month, which of `copies`) of what is priced at its end, and at its start.
        self.at_end, self.at_start = (
            np.array([(place[c], i) for i, c in enumerate(own.tolist()) if c in place], dtype=int).reshape(-1, 2)
            for own in (hours.copies.columns, hours.copies.copies)
        )
        self.bases: dict[int, Any] = {}
        self.year, self.is_trial = NONE, False
        #: The last column found for the year, and the costs that the solver was given last; none before the first.
        self.last: MonthColumn | None = None
        self.objective = np.full(len(columns), np.nan)
        balances = [(i, hours.balance[r]) for i, r in enumerate(mine[self.reduced.kept].tolist()) if is_balance[r]]
        #: (zone, carrier, hour) of each balance.
        self.balances = [index for _, index in balances]
        self.sums = hours.summing[:, columns].tocsr()
        self.solver = Solver(self.reduced.matrix, threads=1)
        rows_of_balances, none = np.array([i for i, _ in balances], dtype=np.int32), np.zeros(len(balances))
        self.unserved_power = self.solver.add_columns(rows_of_balances, 1.0, none)
        self.surplus = self.solver.add_columns(rows_of_balances, -1.0, none)
        self.solver.warm()
        self.solver.options(simplex_scale_strategy=4)  # by the largest values: fewer iterations than without, or with others

    def set_year(
        self,
        y: int,
        amounts: np.ndarray,
        cost: np.ndarray,
        penalty: float,
        is_trial: bool,
        contracted: np.ndarray | None,
        closed: np.ndarray,
    ) -> None:
        """Set bounds and costs of a year; see `Hours.set_year`.

        A trial starts from the last basis of its own year. Another solve starts from the basis of the year solved before, which is
        nearer than the own one of another plan.
        """
        if is_trial and self.year not in (NONE, y):
            self.bases[self.year] = self.solver.basis()
        if is_trial and y != self.year and y in self.bases:
            self.solver.begin_from(self.bases[y])
        self.year, self.is_trial, self.last = y, is_trial, None
        limits = self.reduced.limits(amounts)
        for own, link in self.held_at_end.tolist():
            held, most = amounts[link], limits[3][own]
            if held - most > NOISE * max(1.0, most):
                raise SolverError.because(
                    "month {month} of {y} is to end with {held} MWh in a store that holds {most}",
                    month=self.month + 1,
                    y=y,
                    held=f"{held:.6g}",
                    most=f"{most:.6g}",
                )
            limits[2][own] = limits[3][own] = min(held, most)
        limits[3][np.isin(self.columns, closed)] = 0.0
        limit = np.full(len(self.contracts), np.inf) if contracted is None else contracted
        # Also where a scheme bounds it as much: the slope is one in what is contracted, which is paid for, and not in the scheme.
        self.is_limited = np.isfinite(limit) & (limit <= limits[3][self.contracts])
        limits[3][self.contracts] = np.minimum(limit, limits[3][self.contracts])
        self.reduced.set_limits(self.solver, limits)
        self.cost, self.penalty = cost[self.columns], penalty
        slacks = np.concatenate([self.unserved_power, self.surplus])
        self.solver.set_costs_of(slacks, np.full(len(slacks), penalty))

    def fix(self, at: np.ndarray, values: np.ndarray) -> None:
        """Fix what is priced at a month end, until a year is set again. The last column stays the cheapest one if it has these
        values.

        at      `at_start` or `at_end`
        values  of all of `copies`   MW, MWh, t/h
        """
        columns = at[:, 0]
        fixed = self.reduced.fix(self.solver, columns, values[at[:, 1]])
        if self.last is not None and not np.array_equal(self.last.values[columns], fixed):
            self.last = None

    def solve(self, prices: np.ndarray, contract_prices: np.ndarray) -> MonthColumn:
        """The cheapest operation at prices of the totals and of contracted capacity; the last column again where no cost
        changed."""
        objective = self.cost + prices @ self.sums
        objective[self.contracts] = contract_prices
        if self.last is not None and np.allclose(objective, self.objective, rtol=1e-12, atol=1e-9):
            return self.last
        changed = np.flatnonzero(objective != self.objective)
        self.last, self.objective = None, objective
        self.solver.set_costs_of(changed.astype(np.int32), objective[changed])
        answer = self.solver.optimum(f"operation of month {self.month + 1}", duals=self.is_trial)
        values = self.reduced.within_limits(answer.values[: len(self.columns)])
        short, over = answer.values[self.unserved_power], answer.values[self.surplus]
        penalty, largest = self.penalty * float(short.sum() + over.sum()), float(max(short.max(initial=0.0), over.max(initial=0.0)))
        cost = dot(self.cost, values) + penalty
        slope, contract_slope = np.zeros(len(self.reduced.fixed)), np.zeros(len(self.contracts))
        if self.is_trial:
            slope, contract_slope = self._slope(answer)
        totals, contracts = self.sums @ values, values[self.contracts]
        self.last = MonthColumn(values, cost, totals, contracts, slope, penalty, largest, short - over, contract_slope)
        return self.last

    def _slope(self, answer: Answer) -> tuple[np.ndarray, np.ndarray]:
        """Slope of the optimum in each linking variable, and in contracted capacity where that is fixed and binds."""
        assert answer.column_duals is not None
        limited = self.contracts[self.is_limited]
        slope = self.reduced.slope(answer, np.concatenate([self.held_at_end[:, 0], limited]))
        contract_slope = np.where(self.is_limited, np.minimum(answer.column_duals[self.contracts], 0.0), 0.0)
        np.add.at(slope, self.held_at_end[:, 1], answer.column_duals[self.held_at_end[:, 0]])
        return slope, contract_slope

    def unserved(self, column: MonthColumn) -> Iterator[tuple[str, str, int, float]]:
        """(zone, carrier, hour, MW) of the slack of a column, negative for surplus."""
        for i in np.flatnonzero(np.abs(column.unserved) > 1e-6).tolist():
            zone, carrier, hour = self.balances[i]
            yield zone, carrier, hour, float(column.unserved[i])
