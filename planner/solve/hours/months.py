"""The hours of a year, cut into twelve months. Each is a linear programme (`month`), a pricing problem of column generation.

A month touches the others in three ways only:

- the energy that stores hold at month ends, fixed from outside (a linking variable) or priced;
- contracted capacity k, of which each month has a copy, with a price on it;
- yearly totals, with a price on each. Commitment and activity in the last hour of a month, and the energy held where it is
  priced, are tied to the next month by such totals (`splitting`).

The months are compiled once for all years of one structure: years differ in prices, capacities and demands, which are costs and
bounds here. `Hours.set_year` sets a year. Raises SolverError where what a store is to hold does not fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from models.families import DECIDED_AT_MONTH_END, MONTHLY, ZERO_AT_MONTH_END
from models.inputs import Inputs
from models.inputs.calendar import months_of_hours
from planner.solve.handover.naming import COUPLED
from planner.solve.handover.reduced import NONE
from planner.solve.hours.month import Month
from planner.solve.hours.repeated import all_hours
from planner.solve.hours.splitting import split_at_month_ends
from planner.solve.year.template import Template, Total

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
        #: Bases of months that were freed, and the assets that these left out.
        self.freed: tuple[frozenset[str], list[Any]] = (frozenset(), [])

    def leave_out(self, assets: frozenset[str]) -> None:
        """Leave out the columns of these assets from now on: they have no capacity in the years that follow."""
        if assets != self.absent or not self.months:
            self.absent = assets
            self._split_into_months()

    def free_months(self) -> None:
        """Leave the memory of the months to others; those asked for again with the same assets begin from their bases."""
        if self.months:
            self.freed = self.absent, [month.solver.basis() for month in self.months]
        self.months = []

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
        absent, bases = self.freed
        if absent == self.absent and bases:
            for month, basis in zip(self.months, bases, strict=True):
                month.solver.begin_from(basis)

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
        closed: frozenset[int] = frozenset(),
    ) -> None:
        """Set a year: bounds from its linking variables, costs, and the penalty of slack (money/MWh).

        is_trial    True for a trial of a master, which solves the year again and again at points near each other: each month keeps
                    a basis of the year, and slopes are computed
        contracted  contracted capacity, where it is fixed and not priced   MW
        closed      columns that are held at 0
        """
        amounts = np.array(
            [linking.held.get(key, 0.0) if kind == "held" else linking.links.get((kind, key), 0.0) for kind, key in self.linking]
        )
        at_zero = np.array(sorted(closed), dtype=int)
        for month in self.months:
            month.set_year(y, amounts, cost, penalty, is_trial, contracted, at_zero)

    def contracted_in(self, linking: LinkValues) -> np.ndarray | None:
        """Contracted capacity that is given (MW), infinite where it is to be decided; None where all is."""
        given = np.array([linking.links.get((CONTRACTED, s), np.inf) for s in self.contracts])
        return given if np.isfinite(given).any() else None

    def first_price(self, total: Total, inputs: Inputs, y: int) -> float:
        """A price to start from where none is known: a unit that is on at a month end saves the next month half a start."""
        kind, (name, *_) = total
        family, _, k = name.partition(" ")
        return -inputs.commitment.start_cost.get((k, y), 0.0) / 2 if kind == COUPLED and family == "online" else 0.0
