"""The hours of a year, cut into twelve months. Each is a linear programme (`Month`), a pricing problem of column generation.

A month touches the others in three ways only:

- the energy that stores hold at month ends, fixed from outside (a linking variable) or priced;
- contracted capacity k, of which each month has a copy, with a price on it;
- yearly totals, with a price on each. Commitment and activity in the last hour of a month, and the energy held where it is
  priced, are tied to the next month by such totals (`split_at_month_ends`).

The months are compiled once for all years of one structure: years differ in prices, capacities and demands, which are costs and
bounds here. `Hours.set_year` sets a year. Raises SolverError where what a store is to hold does not fit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from models.dot import dot
from models.errors import SolverError
from models.families import DECIDED_AT_MONTH_END, MONTHLY, PRICED_AT_MONTH_END, ZERO_AT_MONTH_END
from models.inputs import Inputs
from models.inputs.calendar import months_of_hours
from planner.solve.handover.matrix import COUPLED
from planner.solve.handover.reduced import NOISE, NONE, Reduced
from planner.solve.handover.solver import Answer, Solver
from planner.solve.hours.all_hours import AllHours, all_hours, repeated_matrix
from planner.solve.year.template import Template, Total


@dataclass(frozen=True)
class Copies:
    """Columns that have a copy in the next month.

    columns, copies   places of the column and of its copy
    months            month, from 0, of the copy
    """

    columns: np.ndarray
    copies: np.ndarray
    months: np.ndarray


def split_at_month_ends(year: AllHours, month: np.ndarray, further: Sequence[str] = ()) -> tuple[AllHours, Copies]:
    r"""The hours with copies at month ends, and the totals by which column and copy are equal: variable splitting (Lagrangian
    decomposition, Guignard and Kim, 1987) of commitment and activity, and of what stores hold where that is priced and not decided.

    A row of the first hour of month m may have columns x of the hour before, which is in the month before: commitment, the activity
    that a ramp limits, the energy held. Each such column gets a copy in month m, and the two must be equal:

    .. math:: T_{j,m} = x_{j,m-1} - \tilde{x}_{j,m} = 0

    1. The rows of month m use the copy. A row of the last hour of a month all of whose hourly columns have a copy is repeated for
       the copies.
    2. T is a yearly total like any other, free in the hours and fixed at 0 in the account: its dual is the price at which the two
       months agree.

    A convex combination of columns satisfies T = 0 in the mean, which is enough since months are convex.

    month    of each hour, from 0
    further  families that are priced besides `PRICED_AT_MONTH_END`

    x  column of the last hour of a month (j)     x̃  its copy in the next (j,m)     T  yearly total that couples the months (j,m)
    """
    matrix, entries = year.matrix, year.matrix.by_rows().tocoo()
    height, width = len(matrix.rows), len(matrix.columns)
    hour, names = np.full(width, NONE), dict[int, str]()
    for family, own in year.series.items():
        for index, places in own.items():
            at = np.flatnonzero(places != NONE)
            hour[places[at]] = at
            if family in PRICED_AT_MONTH_END or family in further:
                names |= {place: " ".join((family, *map(str, index))) for place in places[at].tolist()}
    here, there = year.hour_of_row[entries.row], hour[entries.col]
    crosses = np.isin(entries.col, [*names]) & (here != NONE) & (month[here] != month[there])
    ends, first = np.unique(entries.col[crosses], return_index=True)
    if not len(ends):
        return year, Copies(ends, ends, ends)
    count, months, rows_of_ends = len(ends), month[here[crosses][first]], entries.row[crosses][first]
    copy_of = np.arange(width)
    copy_of[ends] = copies = width + np.arange(count)
    totals = copies + count
    # Rows of the last hour of a month, all of whose hourly columns have a copy, hold for the copies, too.
    hourly, of_ends = (np.bincount(entries.row[own], minlength=height) for own in (there != NONE, np.isin(entries.col, ends)))
    again = np.flatnonzero(np.isin(year.hour_of_row, hour[ends]) & (hourly > 0) & (hourly == of_ends))
    kept = np.isin(entries.row, again)
    sums, ones = height + len(again) + np.arange(count), np.ones(count)
    rows = np.concatenate([entries.row, height + np.searchsorted(again, entries.row[kept]), sums, sums, sums])
    cols = np.concatenate([np.where(crosses, copy_of[entries.col], entries.col), copy_of[entries.col[kept]], ends, copies, totals])
    data = np.concatenate([entries.data, entries.data[kept], ones, -ones, -ones])
    split = repeated_matrix(
        matrix,
        sparse.csc_matrix((data, (rows, cols)), shape=(height + len(again) + count, width + 2 * count)),
        np.concatenate([np.arange(width), ends, ends]),
        np.concatenate([np.arange(height), again, rows_of_ends]),
    )
    split.lower[totals], split.upper[totals] = -np.inf, np.inf
    split.row_lower[sums] = split.row_upper[sums] = 0.0
    hour_of_row = np.concatenate([year.hour_of_row, (year.hour_of_row[again] + 1) % len(month), np.full(count, NONE)])
    coupling = {(names[c], str(m)): place for c, m, place in zip(ends.tolist(), months.tolist(), totals.tolist(), strict=True)}
    found = replace(year, matrix=split, single={**year.single, COUPLED: coupling}, hour_of_row=hour_of_row)
    return found, Copies(ends, copies, months)


@dataclass(frozen=True)
class MonthColumn:
    """One operation of a month, a column of the restricted master.

    values     of the variables of the month
    cost       of the month, with the penalty of slack      money
    totals     its part of each of `Hours.priced`           MWh, t, MW
    slope      of the optimum of the month in each linking variable, in the order of `Hours.linking`, at the prices at which it was
               solved; 0 unless slopes were asked for, see `is_trial` of `Hours.set_year`   money per unit
    penalty    the part of the cost that is penalty of slack   money
    slack      largest unserved or surplus power in an hour MW
    unserved   slack of each balance, negative for surplus  MW
    """

    values: np.ndarray
    cost: float
    totals: np.ndarray
    slope: np.ndarray
    penalty: float
    slack: float
    unserved: np.ndarray


class Month:
    r"""A month in one HiGHS object, reduced (`handover.reduced`): the pricing problem of column generation.

    .. math:: \min_{v_w \in X_w(x)}\; c_w \cdot v_w + \pi \cdot S_w v_w

    A year is costs and bounds here (`Month.set_year`); the matrix is that of all years of one structure. Each balance has slack at
    a penalty, so there is an optimum at all prices. `Month.solve` returns the cheapest operation at prices, a `MonthColumn`. Raises
    SolverError where HiGHS gives no answer, and Stopped once the watch in force is over.

    v  operation of a month     x  linking variables     π  price of a total, or of contracted capacity (i)
    S  sums of the month (i)    X  what the month can do at x
    """

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
        count = len(self.contracts)
        of_contracts = sparse.csr_matrix(
            (np.ones(count), (month * count + np.arange(count), self.contracts)), shape=(MONTHS * count, len(columns))
        )
        self.sums = sparse.vstack([hours.summing[:, columns], of_contracts]).tocsr()
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
        held: tuple[np.ndarray, np.ndarray],
    ) -> None:
        """Set bounds and costs of a year; see `Hours.set_year`. `held`: columns of the hours, in order, and the values that they
        are held at.

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
            amount, most = amounts[link], limits[3][own]
            if amount - most > NOISE * max(1.0, most):
                raise SolverError.because(
                    "month {month} of {y} is to end with {held} MWh in a store that holds {most}",
                    month=self.month + 1,
                    y=y,
                    held=f"{amount:.6g}",
                    most=f"{most:.6g}",
                )
            limits[2][own] = limits[3][own] = min(amount, most)
        places, values = held
        is_held = np.isin(self.columns, places)
        at = np.clip(values[np.searchsorted(places, self.columns[is_held])], limits[2][is_held], limits[3][is_held])
        limits[2][is_held] = limits[3][is_held] = at
        limit = np.full(len(self.contracts), np.inf) if contracted is None else contracted
        # Also where a scheme bounds it as much: the slope is one in what is contracted, which is paid for, and not in the scheme.
        self.is_limited = np.isfinite(limit) & (limit <= limits[3][self.contracts])
        limits[3][self.contracts] = np.minimum(limit, limits[3][self.contracts])
        self.reduced.set_limits(self.solver, limits)
        self.cost, self.penalty = cost[self.columns], penalty
        self.cost[self.contracts] = 0.0  # the account pays
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

    def solve(self, prices: np.ndarray) -> MonthColumn:
        """The cheapest operation at prices of `Hours.priced`. Where no cost changed since the last call, its column is returned."""
        objective = self.cost + prices @ self.sums
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
        slope = self._slope(answer) if self.is_trial else np.zeros(len(self.reduced.fixed))
        self.last = MonthColumn(values, cost, self.sums @ values, slope, penalty, largest, short - over)
        return self.last

    def _slope(self, answer: Answer) -> np.ndarray:
        """Slope of the optimum in each linking variable."""
        assert answer.column_duals is not None
        limited = self.contracts[self.is_limited]
        slope = self.reduced.slope(answer, np.concatenate([self.held_at_end[:, 0], limited]))
        np.add.at(slope, self.held_at_end[:, 1], answer.column_duals[self.held_at_end[:, 0]])
        return slope

    def unserved(self, column: MonthColumn) -> Iterator[tuple[str, str, int, float]]:
        """Zone, carrier, hour and MW of the demand that a column leaves unserved; surplus is negative."""
        for i in np.flatnonzero(np.abs(column.unserved) > 1e-6).tolist():
            zone, carrier, hour = self.balances[i]
            yield zone, carrier, hour, float(column.unserved[i])


#: Blocks into which a year is cut.
MONTHS = 12
#: Kind of a link that gives contracted capacity, where the year does not decide it; and of its prices.
CONTRACTED = "contracted"


@dataclass(frozen=True)
class LinkValues:
    """Values of the linking variables of a year.

    links    (kind, name) -> capacity, energy of a demand, uptake, choices of tariffs (`CHOICES`), CO2 of a process
    held     (store, month from 0) -> energy held at the end of the month   MWh
    """

    links: Mapping[tuple[str, str], float]
    held: Mapping[tuple[str, int], float]


class Hours(Template):
    """The template of all hours of a year, and its months.

    contracts  supplies with a contracted capacity
    priced     all that has a price: the yearly totals, and contracted capacity of each month
    ends       (store, month from 0) -> column of the energy held at the end of the month
    """

    def __init__(self, inputs: Inputs, y: int, prices_stores: bool = False) -> None:
        """`prices_stores`: what stores hold at month ends is priced, and not fixed from outside."""
        inputs = inputs.at(y)
        self.month = months_of_hours(len(inputs.calendar.weight)) - 1
        self.prices_stores = prices_stores
        year, self.copies = split_at_month_ends(all_hours(inputs, y), self.month, DECIDED_AT_MONTH_END if prices_stores else ())
        super().__init__(inputs, y, year)
        zero = [places[places != NONE] for family in ZERO_AT_MONTH_END for places in self.series[family].values()]
        #: Which of the copies at month ends are of a family that is 0 there.
        self.is_zero = np.isin(self.copies.columns, np.concatenate([np.zeros(0, dtype=int), *zero]))
        self.matrix.cost = self.cost_of(inputs, y)[0]
        self.hour_of_row = year.hour_of_row
        demands = inputs.demands
        peaks = [demands.energy[u, z] * float(demands.shape[u].max()) for u in demands.demands for z in inputs.years]
        self.largest_demand = max([1e-3, *peaks])
        contracted = self.single[CONTRACTED]
        self.contracts = list(contracted)
        self.priced: list[Total] = [*self.totals, *((CONTRACTED, (s, str(m))) for m in range(MONTHS) for s in self.contracts)]
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
        """Columns of the operation of these assets, with their copies in the next month, and that of an empty sum."""
        own = super().columns_of_assets(assets)
        nothing = list(self.single["nothing"].values())
        return np.concatenate([own, self.copies.copies[np.isin(self.copies.columns, own)], np.array(nothing, dtype=int)])

    def _split_into_months(self) -> None:
        rows = self.rows
        balances = self.balance_rows
        self.balance = dict(zip(balances.tolist(), self.balances, strict=True))
        is_balance = np.zeros(rows.shape[0], dtype=bool)
        is_balance[balances] = True
        month_of_row = self._month_of_rows(rows)
        ends = {
            (s, m): int(places[np.flatnonzero(self.month == m)[-1]])
            for family in DECIDED_AT_MONTH_END
            for (s,), places in self.series[family].items()
            for m in range(MONTHS)
        }
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
        self,
        linking: LinkValues,
        y: int,
        cost: np.ndarray,
        penalty: float,
        is_trial: bool,
        contracted: np.ndarray | None = None,
        held: Mapping[int, float] | None = None,
    ) -> None:
        """Set a year: bounds from its linking variables, costs, and the penalty of slack (money/MWh).

        is_trial    True for a trial of a master, which solves the year again and again at points near each other: each month keeps
                    a basis of the year, and slopes are computed
        contracted  contracted capacity, where it is fixed and not priced   MW
        held        column -> value that it is held at, and its copy in the next month, too
        """
        amounts = np.array(
            [linking.held.get(key, 0.0) if kind == "held" else linking.links.get((kind, key), 0.0) for kind, key in self.linking]
        )
        held = dict(held or {})
        copies = zip(self.copies.columns.tolist(), self.copies.copies.tolist(), strict=True)
        held |= {copy: held[column] for column, copy in copies if column in held}
        places = np.array(sorted(held), dtype=int)
        at = places, np.array([held[place] for place in places.tolist()])
        for month in self.months:
            month.set_year(y, amounts, cost, penalty, is_trial, contracted, at)

    def contracted_in(self, linking: LinkValues) -> np.ndarray | None:
        """Contracted capacity that is given (MW), infinite where it is to be decided; None where all is."""
        given = np.array([linking.links.get((CONTRACTED, s), np.inf) for s in self.contracts])
        return given if np.isfinite(given).any() else None

    def first_price(self, total: Total, inputs: Inputs, y: int) -> float:
        """A price to start from where none is known: a unit that is on at a month end saves the next month half a start."""
        kind, (name, *_) = total
        family, _, k = name.partition(" ")
        return -inputs.commitment.start_cost.get((k, y), 0.0) / 2 if kind == COUPLED and family == "online" else 0.0
