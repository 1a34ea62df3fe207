"""The hours of a year, compiled once and cut into months, each a linear programme of its own.

A month touches the others in three ways only: what stores hold as it begins and ends, which is given; the contracted
capacity, of which each month has a copy; and the sums over the year, which a price on each sum stands for. What plants have on and
do as a month ends is such a sum, too (`splitting`). So the hours of a
year are solved month by month at prices, and `column_generation` finds the prices. One set of months serves all years of like
structure: years differ in prices, capacities and demands, which are bounds and costs here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from models.errors import SolverError
from models.families import CARRIED, MONTHLY
from models.inputs import Inputs
from models.inputs.calendar import months_of_hours
from planner.solve.handover.answer import Answer
from planner.solve.handover.highs import Solver
from planner.solve.handover.naming import HANDED
from planner.solve.handover.reduced import NOISE, NONE, Reduced
from planner.solve.hours.repeated import all_hours
from planner.solve.hours.splitting import hand_over
from planner.solve.year.template import Template, Total

MONTHS = 12


@dataclass(frozen=True)
class Given:
    """What is decided for a year before its hours are: the links, and what stores hold as months end.

    links    (kind, name) -> capacity, energy of a demand, uptake, pays_capacity, CO2 of a process
    held     (store, month from 0) -> MWh
    """

    links: Mapping[tuple[str, str], float]
    held: Mapping[tuple[str, int], float]


@dataclass(frozen=True)
class Column:
    """One way to operate a month.

    values     of the month's columns
    cost       paid in the month, for what is missing too   money
    totals     its part of each sum over the year           MWh, t
    contracts  contracted capacity that it uses             MW
    slope      what the month costs more at one more of what is given, at the prices that it was made for, by `Hours.given`; 0
               where the year does not return, see `Hours.give`
    paid       the part of the cost that is paid for what is missing   money
    missing    most that is unserved or too much in an hour MW
    unserved   what is missing at each balance, below 0 where there is too much   MW
    of_contract what the month costs more at one more MW of contracted capacity, where that is given   money/MW
    """

    values: np.ndarray
    cost: float
    totals: np.ndarray
    contracts: np.ndarray
    slope: np.ndarray
    paid: float
    missing: float
    unserved: np.ndarray
    of_contract: np.ndarray


class Hours(Template):
    """All hours of a year as months that share a structure.

    contracts  supplies with a contracted capacity
    """

    def __init__(self, inputs: Inputs, y: int) -> None:
        self.month = months_of_hours(len(inputs.calendar.weight)) - 1
        laid, self.copies = hand_over(all_hours(inputs, y), self.month)
        super().__init__(inputs, y, laid)
        self.matrix.cost = self.cost_of(inputs, y)[0]
        self.hour_of_row = laid.hour_of_row
        demands = inputs.demands
        peaks = [demands.energy[u, z] * float(demands.shape[u].max()) for u in demands.demands for z in inputs.years]
        self.largest_demand = max([1e-3, *peaks])
        contracted = self.single["contracted"]
        self.contracts = list(contracted)
        self.contract_places = np.array(list(contracted.values()), dtype=int)
        self.of_month = np.full(len(self.matrix.columns), NONE)
        for own in self.series.values():
            for places in own.values():
                there = places != NONE
                self.of_month[places[there]] = self.month[there]
        self.of_month[self.copies.copies] = self.copies.months
        for family in MONTHLY:
            for (*_, b), place in self.single[family].items():
                self.of_month[place] = b
        self.absent: frozenset[str] = frozenset()
        self.windows: list[Window] = []

    def leave_out(self, assets: frozenset[str]) -> None:
        """Have no columns of these assets from now on: they have no capacity in any of the years to come."""
        if assets != self.absent or not self.windows:
            self.absent = assets
            self._cut()

    def columns_of_assets(self, assets: frozenset[str]) -> np.ndarray:
        """Columns of what these assets do in the hours, with what is handed over of it."""
        own = super().columns_of_assets(assets)
        return np.concatenate([own, self.copies.copies[np.isin(self.copies.columns, own)]])

    def _cut(self) -> None:
        rows = self.rows
        balances = self.balance_rows
        self.balance = dict(zip(balances.tolist(), self.balances, strict=True))
        is_balance = np.zeros(rows.shape[0], dtype=bool)
        is_balance[balances] = True
        month_of_row = self._month_of_rows(rows)
        #: Columns that a month's rows use of the month before: what a store held as it ended.
        self.boundary = {
            (s, m): int(places[np.flatnonzero(self.month == m)[-1]])
            for family in CARRIED for (s,), places in self.series[family].items() for m in range(MONTHS)
        }  # fmt: skip
        self.boundary = {key: place for key, place in self.boundary.items() if place != NONE}
        #: What is given to a year: its links, and (held, (store, month)).
        self.given: dict[tuple[str, Any], int] = dict(self.links)
        self.given |= {("held", key): place for key, place in self.boundary.items()}
        self.windows = [Window(self, m, rows, month_of_row, is_balance) for m in range(MONTHS)]

    def _month_of_rows(self, rows: sparse.csr_matrix) -> np.ndarray:
        """Month of each row: that of its hour, or of its columns; NONE where it has none; below it for sums over the year."""
        coo = rows.tocoo()
        months = self.of_month[coo.col]
        found = np.full(rows.shape[0], NONE)
        np.maximum.at(found, coo.row, months)
        is_hourly = self.hour_of_row != NONE
        found[is_hourly] = self.month[self.hour_of_row[is_hourly]]
        found[self.sum_rows] = NONE - 1
        return found

    def give(
        self, given: Given, y: int, cost: np.ndarray, penalty: float, returns: bool, contracted: np.ndarray | None = None,
        ended: np.ndarray | None = None,
    ) -> None:  # fmt: skip
        """Set the year: bounds from what is given, costs, and the price of what is missing (money/MWh).

        returns     True if the year comes again and again at trials near each other, and its slopes are asked for
        contracted  capacity that all months have, where that is given and not priced   MW
        ended       what months hand over, by `copies`, where that is given and not priced   MW, t/h
        """
        amounts = np.array([
            given.held.get(key, 0.0) if kind == "held" else given.links.get((kind, key), 0.0) for kind, key in self.given
        ])
        for window in self.windows:
            window.give(y, amounts, cost, penalty, returns, contracted, ended)

    def guess(self, total: Total, inputs: Inputs, y: int) -> float:
        """A price to begin from: what is on as a month ends is worth half a start to the next."""
        kind, (name, *_) = total
        family, _, k = name.partition(" ")
        return -inputs.commitment.start_cost.get((k, y), 0.0) / 2 if kind == HANDED and family == "online" else 0.0

    def ended(self, ways: Sequence[Column]) -> np.ndarray:
        """What each month hands over to the next, by `copies`, if it is operated in that way."""
        values = np.zeros(len(self.matrix.columns))
        for window, way in zip(self.windows, ways, strict=True):
            values[window.columns] = way.values
        return values[self.copies.columns]


class Window:
    """One month in one HiGHS object, kept warm.

    Rows with a single column are bounds; the rest of a row that is given goes to its other side. Each balance may be missed at
    a price, so that there always is an answer.
    """

    def __init__(
        self, hours: Hours, month: int, rows: sparse.csr_matrix, month_of_row: np.ndarray, is_balance: np.ndarray
    ) -> None:
        self.month = month
        absent = hours.columns_of_assets(hours.absent)
        own = np.setdiff1d(np.flatnonzero(hours.of_month == month), absent)
        columns = np.concatenate([own, hours.contract_places])
        self.contracts = np.arange(len(columns) - len(hours.contract_places), len(columns))
        #: Rows of all hours that are this month's, too.
        self.rows = mine = np.flatnonzero((month_of_row == month) | (month_of_row == NONE))
        given = np.array(list(hours.given.values()), dtype=int)
        self.reduced = Reduced(hours.matrix, rows, mine, columns, given, is_balance, absent)
        self.columns = columns
        place = {int(c): i for i, c in enumerate(columns.tolist())}
        #: (column here, which of what is given) of what stores hold as the month ends.
        ends = [
            (place[c], i) for i, ((kind, key), c) in enumerate(hours.given.items())
            if kind == "held" and key[1] == month and c in place
        ]  # fmt: skip
        self.ends = np.array(ends, dtype=int).reshape(-1, 2)
        copies = hours.copies
        #: (column here, which of what is handed over) of what the month begins with, and ends with.
        handed = [(place[c], i) for own in (copies.columns, copies.copies) for i, c in enumerate(own.tolist()) if c in place]
        self.handed = np.array(handed, dtype=int).reshape(-1, 2)
        self.bases: dict[int, Any] = {}
        self.year, self.returns = NONE, False
        #: The last way found for the year, and the costs of all columns that it was found at.
        self.last: Column | None = None
        self.objective = np.zeros(0)
        balances = [(i, hours.balance[r]) for i, r in enumerate(mine[self.reduced.kept].tolist()) if is_balance[r]]
        #: (zone, carrier, hour) of each balance.
        self.balances = [index for _, index in balances]
        self.sums = hours.summing[:, columns].tocsr()
        self.solver = Solver(self.reduced.matrix, threads=1)
        rows_of_balances, none = np.array([i for i, _ in balances], dtype=np.int32), np.zeros(len(balances))
        self.missing = self.solver.add_columns(rows_of_balances, 1.0, none)
        self.surplus = self.solver.add_columns(rows_of_balances, -1.0, none)
        self.solver.warm()
        self.solver.options(simplex_scale_strategy=0)  # hours hold MW against MW: scaling them costs more than it gives

    def give(
        self, y: int, amounts: np.ndarray, cost: np.ndarray, penalty: float, returns: bool, contracted: np.ndarray | None,
        ended: np.ndarray | None,
    ) -> None:  # fmt: skip
        """Set bounds and costs of a year; one that `returns` begins from the basis that it ended with before.

        The basis of the year before, with all that HiGHS knows of it, is better where the year's own is of another plan.
        """
        if returns and self.year not in (NONE, y):
            self.bases[self.year] = self.solver.basis()
        if returns and y != self.year and y in self.bases:
            self.solver.begin_from(self.bases[y])
        self.year, self.returns, self.last = y, returns, None
        limits = self.reduced.limits(amounts)
        for own, given in self.ends.tolist():
            held, most = amounts[given], limits[3][own]
            if held - most > NOISE * max(1.0, most):
                raise SolverError(f"month {self.month + 1} of {y} is to end with {held:.6g} MWh in a store that holds {most:.6g}")
            limits[2][own] = limits[3][own] = min(held, most)
        for own, handed in self.handed.tolist() if ended is not None else ():
            assert ended is not None
            limits[2][own] = limits[3][own] = min(max(ended[handed], limits[2][own]), limits[3][own])
        limit = np.full(len(self.contracts), np.inf) if contracted is None else contracted
        self.is_limited = limit < limits[3][self.contracts]
        limits[3][self.contracts] = np.minimum(limit, limits[3][self.contracts])
        self.reduced.set_limits(self.solver, limits)
        self.cost, self.penalty = cost[self.columns], penalty
        slacks = np.concatenate([self.missing, self.surplus])
        self.solver.set_costs_of(slacks, np.full(len(slacks), penalty))

    def solve(self, prices: np.ndarray, contract_prices: np.ndarray) -> Column:
        """The cheapest month at prices of the totals and of contracted capacity; the last one where all costs are those of before.

        Raises SolverError where HiGHS fails.
        """
        objective = self.cost + prices @ self.sums
        objective[self.contracts] = contract_prices
        if self.last is not None and np.allclose(objective, self.objective, rtol=1e-12, atol=1e-9):
            return self.last
        self.last, self.objective = None, objective
        self.solver.set_costs_of(np.arange(len(objective), dtype=np.int32), objective)
        answer = self.solver.optimum(f"operation of month {self.month + 1}", duals=self.returns)
        values = answer.values[: len(self.columns)]
        short, over = answer.values[self.missing], answer.values[self.surplus]
        cost = float(self.cost @ values) + self.penalty * float(short.sum() + over.sum())
        missing = float(max(short.max(initial=0.0), over.max(initial=0.0)))
        paid = self.penalty * float(short.sum() + over.sum())
        slope, of_contract = np.zeros(len(self.reduced.given)), np.zeros(len(self.contracts))
        if self.returns:
            slope, of_contract = self._slope(answer)
        contracts = values[self.contracts]
        self.last = Column(values, cost, self.sums @ values, contracts, slope, paid, missing, short - over, of_contract)
        return self.last

    def _slope(self, answer: Answer) -> tuple[np.ndarray, np.ndarray]:
        """What one more of each of what is given costs, and of contracted capacity, where its limit is the one given."""
        assert answer.column_duals is not None
        limited = self.contracts[self.is_limited]
        slope = self.reduced.slope(answer, np.concatenate([self.ends[:, 0], limited]))
        of_contract = np.where(self.is_limited, np.minimum(answer.column_duals[self.contracts], 0.0), 0.0)
        np.add.at(slope, self.ends[:, 1], answer.column_duals[self.ends[:, 0]])
        return slope, of_contract

    def unserved(self, column: Column) -> Iterator[tuple[str, str, int, float]]:
        """(zone, carrier, hour, MW) of what the column misses, below 0 where there is too much."""
        for i in np.flatnonzero(np.abs(column.unserved) > 1e-6).tolist():
            zone, carrier, hour = self.balances[i]
            yield zone, carrier, hour, float(column.unserved[i])
