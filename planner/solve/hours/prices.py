r"""Prices of the totals and contracts of a year, with the part of the bound that they give, and the penalty of slack.

A soft box around the prices of a restricted master: slack of limited size, at the prices of its edge.

.. math:: \sum_j a_{ij} \lambda_j + s^+_i - s^-_i = b_i, \quad 0 \le s^\pm_i \le S_i, \quad
   \text{cost } (h_i + d_i)\, s^+_i + (h_i - d_i)\, s^-_i

The dual of row i then lies in d ± h, until one of its slacks is used up (du Merle, Villeneuve, Desrosiers and Hansen, "Stabilized
column generation", 1999; the box without slack is that of Marsten, Hogan and Blankenship, "The Boxstep method", 1975). With few
columns duals are far off, and prices far off give columns of no use.

With h = 0 and unlimited slack the dual is d, and the optimum is the least cost at these prices (`hold`). `widen` returns whether
the box has grown. Raises nothing.

λ  what the rows count      s  slack, of size S at most     d  dual in the middle of the box     h  half width of the box
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from planner.solve.handover.matrix import INFINITY
from planner.solve.handover.solver import Solver


@dataclass(frozen=True)
class Prices:
    """Prices, and the account's part of the Lagrangian bound at them.

    totals     of the totals                                     money/MWh, money/t (i)
    contracts  of contracted capacity                            money/MW (month, s)
    value      least cost of the account at the prices           money
    slope      of `value` in each linking variable of the account   money per unit (l)
    """

    totals: np.ndarray
    contracts: np.ndarray
    value: float
    slope: np.ndarray

    def towards(self, other: Prices, share: float) -> Prices:
        """Prices between two. The least cost of the account is concave in prices, so the mean of two values is a lower bound."""
        mixed = [(1 - share) * a + share * b for a, b in zip(self._parts(), other._parts(), strict=True)]
        return Prices(mixed[0], mixed[1], float(mixed[2]), mixed[3])

    def _parts(self) -> tuple[Any, ...]:
        return self.totals, self.contracts, self.value, self.slope


@dataclass(frozen=True)
class Penalty:
    """Penalty of slack.

    energy  of unserved demand              money/MWh
    tonne   of a violated rule              money per t, tce or MWh
    phase_1  True in phase 1: nothing else has a cost
    """

    energy: float
    tonne: float
    phase_1: bool = False


#: The box grows by this factor where its edge was reached.
WIDER = 3.0
#: Slack below this is none (relative to what the row counts, absolute below 1).
NOISE = 1e-6


class Shape(NamedTuple):
    """A box: the prices in its middle, and its half width (money per unit; row)."""

    centre: np.ndarray
    half: np.ndarray


class PriceBox:
    """The box of some rows of a solver; `values` of its methods are those of all columns in a solution."""

    def __init__(self, solver: Solver, rows: np.ndarray, sign: np.ndarray, counted: np.ndarray, most: np.ndarray) -> None:
        """sign     of the dual of a row where its price is positive: 1 or -1   (row)
        counted  column of what the row counts   (row)
        most     greatest half width   money per unit (row)
        """
        self.solver, self.rows, self.sign, self.counted, self.most = solver, rows, sign, counted, most
        none = np.zeros(len(rows))
        self.slack = np.stack([solver.add_columns(rows, 1.0, none), solver.add_columns(rows, -1.0, none)])
        self.shape = Shape(none, none)

    def set(self, shape: Shape) -> None:
        """Make the box one of this shape."""
        self.shape = shape
        self.solver.set_costs_of(self.slack[0], shape.half + self.sign * shape.centre)
        self.solver.set_costs_of(self.slack[1], shape.half - self.sign * shape.centre)

    def place(self, shape: Shape, size: np.ndarray) -> None:
        """Set the shape of the box, and the upper bound of its slacks (`size`, in the unit of the row; row)."""
        for places in self.slack:
            self.solver.set_bounds(places, np.zeros(len(places)), size)
        self.set(shape)

    def hold(self, prices: np.ndarray) -> None:
        """Hold the prices: a box without width, whose slack is of any size."""
        self.place(Shape(prices, np.zeros(len(prices))), np.full(len(prices), INFINITY))

    def widen(self, values: np.ndarray) -> bool:
        """Widen the box of the rows whose slack is used; False where none is."""
        out = values[self.slack].max(axis=0) > NOISE * np.maximum(1.0, np.abs(values[self.counted]))
        out &= self.shape.half < self.most
        if out.any():
            self.set(self.shape._replace(half=np.where(out, np.minimum(WIDER * self.shape.half, self.most), self.shape.half)))
        return bool(out.any())

    def clipped(self, prices: np.ndarray) -> np.ndarray:
        """Prices, cut off at the edge of the box."""
        return np.clip(prices, self.shape.centre - self.shape.half, self.shape.centre + self.shape.half)
