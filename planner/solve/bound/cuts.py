r"""Cuts that bound what the months of a year can come to, and their pool: a cut found at one year holds in all years of its
structure.

At prices p of the totals, the months of a year cost at least

.. math:: F + r_b \cdot Z + p \cdot T \;\ge\; L_b + g \cdot (x - x_b) + h \cdot (K - K_b)

The left side is the cost of the months of any year at the rates r_b of year b, plus the price of its totals. L_b is the least value
of that side in year b, at linking variables x_b and contracted capacity K_b; g and h are the slopes of L_b in them (a Lagrangian
cut; Geoffrion, "Lagrangean relaxation", 1974). In the row of year y stands W - r_y · Z in place of F, so its coefficient of Z is
r_b - r_y. W, Z, T, x and K are variables of the outer approximation; p, r and all with an index b are numbers.
Slack costs what it costs in year b: the cut holds for operations without slack, so for plans. The right side is the value of a
dual solution, and x and K are only right-hand sides of the months: the solution stays dual feasible when they change, so the cut
holds for all of them. Years of one structure have the same months but for rates, x and K; r_b, L_b, g and h are numbers, so the cut
holds in each of these years. The cost of a year is written as constant cost plus rates (`rates`), so the mean of the cuts of two
years is one of a year with rates between theirs; the outer approximation combines rows in this manner by itself.

Any prices give a cut; column generation is not needed. Cuts are kept in a pool; those that a point violates become rows (lazy
constraints). Symbols: `outer`.

Returns how many became rows. Raises Stopped where a run of HiGHS was abandoned.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from models.dot import dot
from planner.solve.bound.outer import OuterApproximation, OuterPlaces
from planner.solve.bound.rates import SAME
from planner.solve.handover.matrix import INFINITY
from planner.solve.handover.reduced import NONE
from planner.solve.handover.solver import Solver

#: A slope below this is 0.
FLAT = 1e-9
#: HiGHS drops coefficients of a row below its option `small_matrix_value`, by default 1e-9, without a word; these solvers have it
#: at its least. Slopes of demand that stays unserved are ten orders of magnitude above the coefficient of money, and a cut without
#: its money is no cut. Each row is scaled so that its coefficients of money, rates and prices are at least `LEAST`; what HiGHS then
#: drops of its slopes is worth far less than a unit of money.
DROPPED, LEAST = 1e-12, 1e-11


@dataclass(frozen=True)
class HoursCut:
    """money + rates · Z + prices · T - contracts · K - slope · linking ≥ constant, in money of the year.

    A rate that is no number is that of whatever year the cut is used in.
    """

    rates: np.ndarray
    prices: np.ndarray
    contracts: np.ndarray
    slope: np.ndarray
    constant: float

    def row(self, places: OuterPlaces) -> tuple[np.ndarray, np.ndarray, float]:
        """The cut as a row of a year: columns, coefficients, least value."""
        there = (places.linking != NONE) & (np.abs(self.slope) > FLAT)
        is_same = np.isnan(self.rates) | np.isclose(self.rates, places.rates, rtol=SAME, atol=0.0)
        more = np.where(is_same, 0.0, self.rates - places.rates)
        columns = np.concatenate([[places.money], places.rated, places.totals, places.contracts, places.linking[there]])
        factors = np.concatenate([[1.0], more, self.prices, -self.contracts, -self.slope[there]])
        return columns.astype(np.int32), factors, self.constant + dot(self.slope, places.numbers)

    def violation(self, places: OuterPlaces, values: np.ndarray) -> float:
        """Violation of the cut by a point of the year (money, not discounted)."""
        columns, factors, least = self.row(places)
        return least - dot(factors, values[columns])


class CutPool:
    """All cuts known, and which of them are rows in the solvers of an outer approximation (lazy constraints)."""

    def __init__(self, outer: OuterApproximation, structure: dict[int, int], solvers: tuple[Solver, ...], unit: np.ndarray) -> None:
        """`structure`: year -> key of its structure; years with the same key share cuts. `unit`: of each column in the solvers."""
        self.outer, self.structure, self.solvers, self.unit = outer, structure, solvers, unit
        self.cuts: dict[int, list[HoursCut]] = {k: [] for k in structure.values()}
        self.rows: set[tuple[int, int]] = set()

    def add(self, y: int, cut: HoursCut) -> None:
        """A cut found at a year; it becomes a row of that year at once."""
        own = self.cuts[self.structure[y]]
        own.append(cut)
        self._add_row(y, len(own) - 1)

    def add_known(self, y: int, cuts: Iterable[HoursCut]) -> None:
        """Cuts that hold in the structure of a year; one becomes a row where a point violates it."""
        self.cuts[self.structure[y]].extend(cuts)

    def _add_row(self, y: int, which: int) -> None:
        columns, factors, least = self.cuts[self.structure[y]][which].row(self.outer.places[y])
        factors = factors * self.unit[columns]
        nonzero = factors != 0
        sizes, cut = np.abs(factors), self.cuts[self.structure[y]][which]
        kept = sizes[: 1 + len(cut.rates) + len(cut.prices)]
        size = min(max(1.0, float(sizes.max())), float(kept[kept > 0].min()) / LEAST)
        for solver in self.solvers:
            solver.add_row(least / size, INFINITY, columns[nonzero], factors[nonzero] / size)
        self.rows.add((y, which))

    def separate(self, values: np.ndarray, least: float, most: int) -> int:
        """Separation: make rows of the cuts that a point violates by more than `least` (discounted money), at most `most` a year.

        Returns how many.
        """
        found = 0
        for y, structure in self.structure.items():
            places, discount = self.outer.places[y], self.outer.inputs.finance.discount[y]
            violated = [
                (discount * cut.violation(places, values), i)
                for i, cut in enumerate(self.cuts[structure])
                if (y, i) not in self.rows
            ]
            for by, i in sorted(violated, reverse=True)[:most]:
                if by > least:
                    self._add_row(y, i)
                    found += 1
        return found
