r"""The hours of a year cut into months, each a linear programme of its own: the pricing problems of column generation.

.. math:: \min_{v_w \in X_w(x)}\; c_w \cdot v_w + \pi \cdot S_w v_w + \gamma_w \cdot k_w

A month touches the others in three ways only:

- the energy that stores hold at month ends, fixed from outside (a linking variable) or priced;
- contracted capacity k, of which each month has a copy, with a price γ on it;
- yearly totals, with a price π on each. Commitment and activity in the last hour of a month, and the energy held where it is
  priced, are tied to the next month by such totals (`splitting`).

The months are compiled once for all years of one structure: years differ in prices, capacities and demands, which are costs and
bounds here. `Hours.set_year` sets a year, `Month.solve` returns its cheapest operation at prices, a `Column`. Each balance has
slack at a penalty, so there always is one. Raises SolverError where HiGHS gives no answer, and Stopped once the watch in force is
over.

v  operation of a month     x  linking variables     π  price of a total (i)     γ  price of contracted capacity (month, s)
S  sums of the month (i)    X  what a month can do at x
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
from planner.solve.handover.naming import COUPLED
from planner.solve.handover.reduced import NOISE, NONE, Reduced
from planner.solve.handover.solver import Solver
from planner.solve.hours.repeated import all_hours
from planner.solve.hours.splitting import split_at_month_ends
from planner.solve.year.template import Template, Total

MONTHS = 12


@dataclass(frozen=True)
class LinkValues:
    """Values of the linking variables of a year.

    links    (kind, name) -> capacity, energy of a demand, uptake, choices of tariffs (`CHOICES`), CO2 of a process
    held     (store, month from 0) -> energy held at the end of the month   MWh
    """

    links: Mapping[tuple[str, str], float]
    held: Mapping[tuple[str, int], float]


@dataclass(frozen=True)
class Column:
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


class Hours(Template):
    """The template of all hours of a year, and its months.

    contracts  supplies with a contracted capacity
    ends       (store, month from 0) -> column of the energy held at the end of the month
    """

    def __init__(self, inputs: Inputs, y: int, prices_stores: bool = False) -> None:
        """`prices_stores`: what stores hold at month ends is priced, and not fixed from outside."""
        self.month = months_of_hours(len(inputs.calendar.weight)) - 1
        self.prices_stores = prices_stores
        year, self.copies = split_at_month_ends(all_hours(inputs, y), self.month, CARRIED if prices_stores else ())
        super().__init__(inputs, y, year)
        self.matrix.cost = self.cost_of(inputs, y)[0]
        self.hour_of_row = year.hour_of_row
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
        self.months: list[Month] = []

    def leave_out(self, assets: frozenset[str]) -> None:
        """Leave out the columns of these assets from now on: they have no capacity in the years that follow."""
        if assets != self.absent or not self.months:
            self.absent = assets
            self._split_into_months()

    def columns_of_assets(self, assets: frozenset[str]) -> np.ndarray:
        """Columns of the operation of these assets, with their copies in the next month."""
        own = super().columns_of_assets(assets)
        return np.concatenate([own, self.copies.copies[np.isin(self.copies.columns, own)]])

    def _split_into_months(self) -> None:
        rows = self.rows
        balances = self.balance_rows
        self.balance = dict(zip(balances.tolist(), self.balances, strict=True))
        is_balance = np.zeros(rows.shape[0], dtype=bool)
        is_balance[balances] = True
        month_of_row = self._month_of_rows(rows)
        ends = {
            (s, m): int(places[np.flatnonzero(self.month == m)[-1]])
            for family in CARRIED for (s,), places in self.series[family].items() for m in range(MONTHS)
        }  # fmt: skip
        self.ends = {key: place for key, place in ends.items() if place != NONE}
        #: Linking variable -> column: the links, and ("held", (store, month)) where that is not priced.
        self.linking: dict[tuple[str, Any], int] = dict(self.links)
        self.linking |= {} if self.prices_stores else {("held", key): place for key, place in self.ends.items()}
        self.months = [Month(self, m, rows, month_of_row, is_balance) for m in range(MONTHS)]

    def _month_of_rows(self, rows: sparse.csr_matrix) -> np.ndarray:
        """Month of each row: that of its hour or of its columns; NONE where it has none; NONE - 1 for rows of yearly totals."""
        coo = rows.tocoo()
        months = self.of_month[coo.col]
        found = np.full(rows.shape[0], NONE)
        np.maximum.at(found, coo.row, months)
        is_hourly = self.hour_of_row != NONE
        found[is_hourly] = self.month[self.hour_of_row[is_hourly]]
        found[self.sum_rows] = NONE - 1
        return found

    def set_year(
        self, linking: LinkValues, y: int, cost: np.ndarray, penalty: float, is_trial: bool, contracted: np.ndarray | None = None,
        month_ends: np.ndarray | None = None,
    ) -> None:  # fmt: skip
        """Set a year: bounds from its linking variables, costs, and the penalty of slack (money/MWh).

        is_trial    True for a trial of a master, which solves the year again and again at points near each other: each month keeps
                    a basis of the year, and slopes are computed
        contracted  contracted capacity, where it is fixed and not priced   MW
        month_ends  what is priced at month ends, by `copies`, where it is fixed instead   MW, MWh, t/h
        """
        amounts = np.array(
            [linking.held.get(key, 0.0) if kind == "held" else linking.links.get((kind, key), 0.0) for kind, key in self.linking]
        )
        for month in self.months:
            month.set_year(y, amounts, cost, penalty, is_trial, contracted, month_ends)

    def first_price(self, total: Total, inputs: Inputs, y: int) -> float:
        """A price to start from where none is known: a unit that is on at a month end saves the next month half a start."""
        kind, (name, *_) = total
        family, _, k = name.partition(" ")
        return -inputs.commitment.start_cost.get((k, y), 0.0) / 2 if kind == COUPLED and family == "online" else 0.0

    def month_ends_of(self, columns: Sequence[Column]) -> np.ndarray:
        """What is priced at month ends, by `copies`, of these operations of the months."""
        values = np.zeros(len(self.matrix.columns))
        for month, column in zip(self.months, columns, strict=True):
            values[month.columns] = column.values
        return values[self.copies.columns]


class Month:
    """One month in one HiGHS object, reduced (`handover.reduced`), solved from the last basis (warm start)."""

    def __init__(self, hours: Hours, month: int, rows: sparse.csr_matrix, month_of_row: np.ndarray, is_balance: np.ndarray) -> None:
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
            (place[c], i) for i, ((kind, key), c) in enumerate(hours.linking.items())
            if kind == "held" and key[1] == month and c in place
        ]  # fmt: skip
        self.held_at_end = np.array(ends, dtype=int).reshape(-1, 2)
        copies = hours.copies
        #: (column of the month, which of `copies`) of what is priced at its start and its end.
        handed = [(place[c], i) for own in (copies.columns, copies.copies) for i, c in enumerate(own.tolist()) if c in place]
        self.copied = np.array(handed, dtype=int).reshape(-1, 2)
        self.bases: dict[int, Any] = {}
        self.year, self.is_trial = NONE, False
        #: The last column found for the year, and the costs that the solver was given last; none before the first.
        self.last: Column | None = None
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
        self, y: int, amounts: np.ndarray, cost: np.ndarray, penalty: float, is_trial: bool, contracted: np.ndarray | None,
        month_ends: np.ndarray | None,
    ) -> None:  # fmt: skip
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
                    month=self.month + 1, y=y, held=f"{held:.6g}", most=f"{most:.6g}",
                )  # fmt: skip
            limits[2][own] = limits[3][own] = min(held, most)
        for own, copy in self.copied.tolist() if month_ends is not None else ():
            assert month_ends is not None
            limits[2][own] = limits[3][own] = min(max(month_ends[copy], limits[2][own]), limits[3][own])
        limit = np.full(len(self.contracts), np.inf) if contracted is None else contracted
        # Also where a scheme bounds it as much: the slope is one in what is contracted, which is paid for, and not in the scheme.
        self.is_limited = np.isfinite(limit) & (limit <= limits[3][self.contracts])
        limits[3][self.contracts] = np.minimum(limit, limits[3][self.contracts])
        self.reduced.set_limits(self.solver, limits)
        self.cost, self.penalty = cost[self.columns], penalty
        slacks = np.concatenate([self.unserved_power, self.surplus])
        self.solver.set_costs_of(slacks, np.full(len(slacks), penalty))

    def solve(self, prices: np.ndarray, contract_prices: np.ndarray) -> Column:
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
        cost = float(self.cost @ values) + penalty
        slope, contract_slope = np.zeros(len(self.reduced.fixed)), np.zeros(len(self.contracts))
        if self.is_trial:
            slope, contract_slope = self._slope(answer)
        totals, contracts = self.sums @ values, values[self.contracts]
        self.last = Column(values, cost, totals, contracts, slope, penalty, largest, short - over, contract_slope)
        return self.last

    def _slope(self, answer: Answer) -> tuple[np.ndarray, np.ndarray]:
        """Slope of the optimum in each linking variable, and in contracted capacity where that is fixed and binds."""
        assert answer.column_duals is not None
        limited = self.contracts[self.is_limited]
        slope = self.reduced.slope(answer, np.concatenate([self.held_at_end[:, 0], limited]))
        contract_slope = np.where(self.is_limited, np.minimum(answer.column_duals[self.contracts], 0.0), 0.0)
        np.add.at(slope, self.held_at_end[:, 1], answer.column_duals[self.held_at_end[:, 0]])
        return slope, contract_slope

    def unserved(self, column: Column) -> Iterator[tuple[str, str, int, float]]:
        """(zone, carrier, hour, MW) of the slack of a column, negative for surplus."""
        for i in np.flatnonzero(np.abs(column.unserved) > 1e-6).tolist():
            zone, carrier, hour = self.balances[i]
            yield zone, carrier, hour, float(column.unserved[i])
