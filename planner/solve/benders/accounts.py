r"""The accounts of all years in the master: what is only known of a year as a whole, with its rows and costs.

.. math:: \min_{x, T, a, \theta}\; c \cdot x + \sum_y \delta_y \left( \theta_y + d_y \cdot (T_y, a_y) \right) \quad
   B_y\, (T_y, a_y) + G_y\, x_y \le b_y

A year is its hours and its account, which share the yearly totals T and the linking variables alone. With the accounts here, θ is
the cost of the hours alone, and a cut of the hours holds in each year whose hours have the same matrix (`pool`): what differs from
year to year, rules, credits and carbon prices, stands in these rows. A year set on all hours has none here.

x  decisions, x_y the linking variables     T  yearly totals (y)     a  what only the account has (y)     δ  discount (y)
d, B, G, b  costs and rows of the account (y)     θ  cost of the hours, with the constant part of the account's   money (y)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.dot import dot
from models.inputs.calendar import HOURS_OF_YEAR
from planner.solve.handover.matrix import INFINITY
from planner.solve.handover.solver import Solver
from planner.solve.year.subproblem import YearVariant
from planner.solve.year.year import Year

#: A yearly total of an optimum is at most so many times all that is asked for, sold and bought within limits in a year.
TIMES = 100.0


@dataclass(frozen=True)
class YearAccount:
    """The account of a year.

    year      its operation
    totals    columns of the master of its yearly totals
    places    all columns that it pays for, and what a unit of each costs, not discounted   money per unit
    constant  what it pays whatever is decided, not discounted                              money
    rules     first its rows that are rules, then whether each is lasting
    """

    year: Year
    totals: np.ndarray
    places: np.ndarray
    cost: np.ndarray
    constant: float
    rules: np.ndarray
    is_lasting: np.ndarray
    #: Bounds of the rules, and columns that a plan may bar, by family, with their bounds.
    limits: tuple[np.ndarray, np.ndarray]
    barred: dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]


class Accounts:
    """The accounts as columns and rows of a master."""

    def __init__(
        self,
        solver: Solver,
        years: Mapping[int, Any],
        links: Mapping[int, np.ndarray],
        discount: Mapping[int, float],
        reach: tuple[np.ndarray, np.ndarray],
    ) -> None:
        """`links`: columns of the linking variables by year; `reach`: lower and upper bounds of the decisions."""
        self.solver, self.discount = solver, discount
        self.of: dict[int, YearAccount] = {
            y: self._added(year, links[y], discount[y], reach) for y, year in years.items() if isinstance(year, Year)
        }

    def _added(self, year: Year, links: np.ndarray, discount: float, reach: tuple[np.ndarray, np.ndarray]) -> YearAccount:
        matrix, template = year.matrix, year.joined.template
        cost, first = year.joined.account_cost, len(template.matrix.columns)
        decided = year.fixed[year.decided]
        place = np.full(len(matrix.columns), -1, dtype=np.int32)
        place[decided] = links
        totals, is_new = template.total_places, np.arange(len(matrix.columns)) >= first
        is_new[year.fixed] = False
        own = np.concatenate([totals, np.flatnonzero(is_new)])
        lower, upper = matrix.lower[own], matrix.upper[own]
        most = most_of_totals(year, reach[0][links], reach[1][links])
        lower[: len(totals)] = np.maximum(lower[: len(totals)], np.where(_is_least_0(year), 0.0, -most))
        upper[: len(totals)] = np.minimum(upper[: len(totals)], most)
        for column, *told in zip(own.tolist(), (discount * cost[own]).tolist(), lower.tolist(), upper.tolist(), strict=True):
            place[column] = self.solver.add_bounded_column(*told)
        amounts = np.zeros(len(matrix.columns))
        stated = np.setdiff1d(year.fixed, decided)
        amounts[year.fixed] = year.amounts
        rows = matrix.by_rows()[len(template.matrix.rows) :]
        shift = rows @ amounts
        row_lower, row_upper = (b[len(template.matrix.rows) :] - shift for b in (matrix.row_lower, matrix.row_upper))
        begin = self.solver.row_count()
        for i in range(rows.shape[0]):
            part = slice(rows.indptr[i], rows.indptr[i + 1])
            columns, values = place[rows.indices[part]], rows.data[part]
            self.solver.add_row(row_lower[i], row_upper[i], columns[columns >= 0], values[columns >= 0])
        of_account = year.joined.rules - len(template.matrix.rows)
        paid = np.flatnonzero((place >= 0) & (cost != 0))
        families = {name: year.joined.columns_of(name) for name in ("credits", "certified")}
        return YearAccount(
            year,
            place[totals],
            place[paid],
            cost[paid],
            year.joined.of_account.offset + dot(cost[stated], amounts[stated]),
            (begin + of_account).astype(np.int32),
            year.is_lasting,
            (row_lower[of_account], row_upper[of_account]),
            {name: (place[at], matrix.lower[at], matrix.upper[at]) for name, at in families.items()},
        )

    def costs(self, count: int, weight: Mapping[int, float] | None = None) -> np.ndarray:
        """Cost of so many columns of the master by the accounts, each year weighed by its discount, or as `weight` says (money per
        unit)."""
        found = np.zeros(count)
        for y, by in (self.discount if weight is None else weight).items():
            if y in self.of:
                np.add.at(found, self.of[y].places, by * self.of[y].cost)
        return found

    def set_variant(self, variant: YearVariant) -> None:
        """Let the rules and the columns of the accounts be those of the variant."""
        for account in self.of.values():
            lower, upper = account.limits[0].copy(), account.limits[1].copy()
            free = np.ones(len(lower), dtype=bool) if variant.binds == "none" else ~account.is_lasting
            if variant.binds != "all":
                lower[free], upper[free] = -INFINITY, INFINITY
            self.solver.set_row_bounds(account.rules, lower, upper)
            for name, (places, least, most) in account.barred.items():
                none = np.zeros(len(places))
                self.solver.set_bounds(places, *((none, none) if name in variant.barred else (least, most)))


def _is_least_0(year: Year) -> np.ndarray:
    """Whether each yearly total of a year is a sum of parts that are at least 0."""
    sums, matrix = year.joined.template.summing, year.joined.template.matrix
    of_row = np.repeat(np.arange(sums.shape[0]), np.diff(sums.indptr))
    found: np.ndarray = np.bincount(of_row, (sums.data < 0) | (matrix.lower[sums.indices] < 0), sums.shape[0]) == 0
    return found


def most_of_totals(year: Year, lowest: np.ndarray, highest: np.ndarray) -> np.ndarray:
    """What each yearly total of a year can be at most in size, whatever its linking variables are within their bounds.

    A column of an hour is bounded by its own bounds, and by the rows that hold it to a linking variable. Where one has no bound,
    the total of an optimum is taken to be at most `TIMES` what is asked for, sold, and bought within limits.
    """
    reduced, template = year.reduced, year.joined.template
    low, high = year.amounts.copy(), year.amounts.copy()
    low[year.decided], high[year.decided] = lowest, highest
    others, factor = reduced.others[reduced.bounding], reduced.factor
    up, down = others.maximum(0), others.minimum(0)
    with np.errstate(invalid="ignore"):
        highest_end = reduced.row_upper[reduced.bounding] - _product(up, low) - _product(down, high)
        lowest_end = reduced.row_lower[reduced.bounding] - _product(up, high) - _product(down, low)
    most = np.maximum(np.abs(year.matrix.lower), np.abs(year.matrix.upper))
    ends, bounded = np.where(factor > 0, highest_end, lowest_end) / factor, reduced.columns[reduced.bounded]
    is_known = ~np.isnan(ends) & (year.matrix.lower[bounded] >= 0)
    np.minimum.at(most, bounded, np.where(is_known, np.maximum(ends, 0.0), INFINITY))
    most[year.fixed] = np.maximum(np.abs(low), np.abs(high))
    sums = abs(template.summing)
    supplies, energy = template.inputs.supplies, template.inputs.demands.energy
    asked = max((sum(own for (_, y), own in energy.items() if y == when) for when in {y for _, y in energy}), default=0.0)
    limits = sum([*supplies.export_max.values(), *supplies.import_max.values()]) * HOURS_OF_YEAR
    return np.minimum(_product(sums, most[: sums.shape[1]]), TIMES * (asked + limits + 1.0))


def _product(rows: Any, values: np.ndarray) -> np.ndarray:
    """Rows times values that may be infinite; 0 times infinity is 0."""
    is_none = ~np.isfinite(values)
    found = rows @ np.where(is_none, 0.0, values)
    sign = np.sign(rows @ np.where(is_none, np.sign(np.nan_to_num(values)), 0.0))
    return np.where(sign > 0, INFINITY, np.where(sign < 0, -INFINITY, found))
