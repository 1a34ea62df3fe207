"""The columns of each month that column generation knows so far, pricing, and what their convex combination comes to."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait

import numpy as np

from models.dot import dot
from planner.solve.hours.month import MonthColumn
from planner.solve.hours.months import MONTHS, Hours
from planner.solve.hours.operation import Unserved
from planner.solve.hours.prices import Prices
from planner.solve.hours.restricted_master import RestrictedMaster

#: Unserved power up to this share of the largest demand is not reported: the tolerance of the solver in a month.
UNSERVED = 1e-6


class Columns:
    """The columns of each month known so far, and pricing."""

    def __init__(self, hours: Hours, master: RestrictedMaster, pool: ThreadPoolExecutor) -> None:
        self.hours, self.master, self.pool = hours, master, pool
        self.columns: list[list[MonthColumn]] = [[] for _ in range(MONTHS)]
        #: Slope of the cost of the months in the linking variables, at the prices of the bound.
        self.slope = np.zeros(len(hours.linking))

    def price_months(self, prices: np.ndarray, contract_prices: np.ndarray) -> tuple[float, np.ndarray]:
        """Pricing: the best column of each month at these prices is added.

        Returns the cost of all months at the prices (their part of the Lagrangian bound) and its slope. A month whose costs are
        those of before returns its last column, which is not added twice.
        """
        lowest, slope = 0.0, np.zeros(len(self.hours.linking))
        for month, column in zip(self.hours.months, self.solve_months(prices, contract_prices), strict=True):
            known = self.columns[month.month]
            if not known or column is not known[-1]:
                known.append(column)
                self.master.add(month.month, column)
            lowest += column.cost + dot(prices, column.totals) + dot(contract_prices[month.month], column.contracts)
            slope += column.slope
        return lowest, slope

    def try_prices(self, prices: np.ndarray, contract_prices: np.ndarray) -> Prices | None:
        """Pricing at prices that are no duals. Returns them with the account's part of the bound, or None where it has none."""
        lowest, slope = self.price_months(prices, contract_prices)
        master, found = self.master, self.master.at(prices, contract_prices)
        if found is not None and found.value + lowest > master.bound:
            master.bound, master.bound_at, self.slope = found.value + lowest, found, slope
        return found

    def totals(self) -> np.ndarray:
        """Totals of the last column of each month."""
        return np.sum([own[-1].totals for own in self.columns], axis=0)

    def solve_months(self, prices: np.ndarray, contract_prices: np.ndarray) -> list[MonthColumn]:
        """The best operation of each month at these prices. Raises what a month raises, after all have ended: the same months may
        be solved again then."""
        working = [self.pool.submit(month.solve, prices, contract_prices[month.month]) for month in self.hours.months]
        try:
            return [one.result() for one in working]
        finally:
            for one in working:
                one.cancel()
            wait(working)

    def fix_month_ends(self, prices: np.ndarray, contract_prices: np.ndarray) -> None:
        """Fix what is priced at month ends at what the months choose by themselves at these prices.

        Each month begins as the one before it ends. What is to be 0 there
        (`models.families.ZERO_AT_MONTH_END`) is fixed: other values might not go together.
        """
        months, values = self.hours.months, np.zeros(len(self.hours.copies.columns))
        for month in months:
            for at in (month.at_start, month.at_end):
                month.fix(at[self.hours.is_zero[at[:, 1]]], values)
        for month, column in zip(months, self.solve_months(prices, contract_prices), strict=True):
            values[month.at_end[:, 1]] = column.values[month.at_end[:, 0]]
        for month in months:
            month.fix(month.at_start, values)
            month.fix(month.at_end, values)

    def combined(self, shares: list[np.ndarray]) -> np.ndarray:
        """Values of all variables of the hours: in each month the convex combination of its columns with these shares."""
        values = np.zeros(len(self.hours.matrix.columns))
        for month, columns, share in zip(self.hours.months, self.columns, shares, strict=True):
            values[month.columns] = sum(s * column.values for s, column in zip(share.tolist(), columns, strict=True))
        values = np.clip(values, self.hours.matrix.lower, self.hours.matrix.upper)  # the solver's tolerance
        values[self.hours.total_places] = self.hours.summing @ values
        self._recompute_peaks(values)
        self._recompute_starts(values)
        self._recompute_moved(values)
        return values

    def _recompute_starts(self, values: np.ndarray) -> None:
        """Set starts and stops to the change of commitment: a convex combination of columns may start and stop at once."""
        series, before = self.hours.series, self.hours.inputs.calendar.before
        for family, sign in (("start", 1.0), ("stop", -1.0)):
            for index, places in series[family].items():
                if index[0] in self.hours.inputs.commitment.starting:
                    continue  # what it takes as it starts is in the balances
                online = values[series["online"][index]]
                values[places] = np.maximum(sign * (online - online[before]), 0.0)

    def _recompute_moved(self, values: np.ndarray) -> None:
        """Set what is moved to what is served beyond what is asked: in a convex combination of columns it may be more."""
        inputs, series = self.hours.inputs, self.hours.series
        for (u,), places in series["moved"].items():
            asked = inputs.flexibility.share[u, self.master.y] * self.master.demand[u] * inputs.demands.shape[u]
            values[places] = np.maximum(values[series["served"][u,]] - asked, 0.0)

    def _recompute_peaks(self, values: np.ndarray) -> None:
        """Set the billed peak to the highest import: in a convex combination of columns it may be more."""
        hours, chosen = self.hours, self.master.chosen
        single, imports, month = hours.single, hours.series["imports"], hours.month
        paying = set(single["contracted"]) | {b for b, _ in single["peak"]}
        supplies = hours.inputs.supplies
        imported = {b: supplies.peak_factor[b] * sum(values[imports[s,]] for s in supplies.billed[b]) for b in paying}
        for b in paying:
            if (within := supplies.in_period(b)) is not None:
                imported[b] = np.where(within.any(axis=0), imported[b], 0.0)
        for b, place in single["contracted"].items():
            of = supplies.charge_of[b]
            pays_for_it = chosen.get(b, 1.0) > 0.5 if of == b else chosen.get(of, 0.0) < 0.5
            pays = pays_for_it and b not in self.master.not_in_force
            values[place] = imported[b].max() if pays else 0.0
        for (b, i), place in single["peak"].items():
            pays = chosen.get(b, 0.0) < 0.5 and b not in self.master.not_in_force
            always = supplies.ratchet[b] * imported[b].max() if b in supplies.ratchet else 0.0
            values[place] = max(0.0, imported[b][month == i].max() - always) if pays else 0.0

    def with_avoidable_slack(self) -> list[tuple[int, int]]:
        """(month, which of its columns) of each column with slack of a month that has columns without."""
        return [
            (m, i)
            for m, columns in enumerate(self.columns)
            if not all(map(self.has_slack, columns))
            for i, column in enumerate(columns)
            if self.has_slack(column)
        ]

    def penalty_of(self, shares: list[np.ndarray]) -> float:
        """Penalty of slack in the months (money)."""
        return sum(
            s * column.penalty
            for columns, share in zip(self.columns, shares, strict=True)
            for column, s in zip(columns, share.tolist(), strict=True)
        )

    def largest_slack(self, shares: list[np.ndarray]) -> float:
        """Largest unserved or surplus power in an hour (MW)."""
        return max(
            sum(s * column.slack for column, s in zip(columns, share.tolist(), strict=True))
            for columns, share in zip(self.columns, shares, strict=True)
        )

    def has_slack(self, column: MonthColumn) -> bool:
        """True if the column has unserved demand or surplus above the tolerance."""
        return column.slack > UNSERVED * self.hours.largest_demand

    def has_month_with_slack(self) -> bool:
        """True if all columns of some month have slack."""
        return any(all(self.has_slack(column) for column in columns) for columns in self.columns)

    def unserved(self, y: int, shares: list[np.ndarray]) -> list[Unserved]:
        """Unserved power of the convex combination, the largest first."""
        found = []
        for month, columns, share in zip(self.hours.months, self.columns, shares, strict=True):
            for column, part in zip(columns, share.tolist(), strict=True):
                if part > 0 and self.has_slack(column):
                    found += [Unserved(y, zone, carrier, t, part * power) for zone, carrier, t, power in month.unserved(column)]
        return sorted(found, key=lambda u: -abs(u.power))
