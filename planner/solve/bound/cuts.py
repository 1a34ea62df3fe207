r"""Planes of what the hours of like years can come to, each found at one year and true of all of them.

At prices p of the totals, months cost at least

.. math:: F + r_a \cdot Z + p \cdot T \;\ge\; L_a + g \cdot (x - x_a) + h \cdot (K - K_a)

with the optimum L_a of the months of year a at what was given to it, x_a and K_a, and its slopes g and h (Lagrangian dual,
Geoffrion, 1974). The right side is the value of a dual solution, which stays one wherever x and K go. Nothing in it is of year a
but numbers: F, Z, T, x and K of any year that the same hours serve lie above the same plane. Costs of year a are written as
rates, so that two planes of years a and b mixed are one of a year that pays what lies between them: the master mixes them as it
likes, since a sum of rows is a row.

No column generation is needed: any prices give a plane, also those that another year, or a worse set of planes, found.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.solve.bound.outer import Outline, Places
from planner.solve.handover.highs import Solver
from planner.solve.handover.matrix import INFINITY
from planner.solve.handover.reduced import NONE

#: A slope below this is none.
FLAT = 1e-9


@dataclass(frozen=True)
class Plane:
    """money + rates · Z + prices · T - contracts · K - slope · given ≥ constant, in money of the year."""

    rates: np.ndarray
    prices: np.ndarray
    contracts: np.ndarray
    slope: np.ndarray
    constant: float

    def row(self, places: Places) -> tuple[np.ndarray, np.ndarray, float]:
        """Columns of a year, their factors, and what they come to at least."""
        there = (places.given != NONE) & (np.abs(self.slope) > FLAT)
        columns = np.concatenate([[places.money], places.rated, places.totals, places.contracts, places.given[there]])
        factors = np.concatenate([[1.0], self.rates, self.prices, -self.contracts, -self.slope[there]])
        return columns.astype(np.int32), factors, self.constant + float(self.slope @ places.numbers)

    def short(self, places: Places, values: np.ndarray) -> float:
        """By how much a point of the year lies below the plane (money of the year)."""
        columns, factors, least = self.row(places)
        return least - float(factors @ values[columns])


class Planes:
    """All planes known, and which of them stand as rows in solvers of an outline."""

    def __init__(self, outline: Outline, kind: dict[int, int], solvers: tuple[Solver, ...]) -> None:
        """`kind` of each year: years of one kind are served by the same hours."""
        self.outline, self.kind, self.solvers = outline, kind, solvers
        self.known: dict[int, list[Plane]] = {k: [] for k in kind.values()}
        self.rows: set[tuple[int, int]] = set()

    def add(self, y: int, plane: Plane) -> None:
        """A plane found at a year, which is a row there at once."""
        own = self.known[self.kind[y]]
        own.append(plane)
        self._stand(y, len(own) - 1)

    def _stand(self, y: int, which: int) -> None:
        columns, factors, least = self.known[self.kind[y]][which].row(self.outline.places[y])
        size, steep = max(1.0, float(np.abs(factors).max())), factors != 0
        for solver in self.solvers:
            solver.add_row(least / size, INFINITY, columns[steep], factors[steep] / size)
        self.rows.add((y, which))

    def separate(self, values: np.ndarray, least: float, most: int) -> int:
        """Let planes that the point of a year lies below stand there, too: the `most` farthest of each year, which it misses by
        `least` (discounted money); gives how many."""
        found = 0
        for y, kind in self.kind.items():
            places, discount = self.outline.places[y], self.outline.inputs.finance.discount[y]
            short = [
                (discount * plane.short(places, values), i) for i, plane in enumerate(self.known[kind]) if (y, i) not in self.rows
            ]  # fmt: skip
            for by, i in sorted(short, reverse=True)[:most]:
                if by > least:
                    self._stand(y, i)
                    found += 1
        return found
