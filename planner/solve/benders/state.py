"""What the decomposed method knows: points, their costs, bounds, and why a phase ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np

from planner.solve.handover.matrix import INFINITY

#: What may be missing in a plan (share of the peak; of base emissions a two hundredth of it): noise of the solver.
MISSING = 2e-7
#: A goal is unlikely where more than this share of what a point costs is paid for what is missing.
UNLIKELY = 0.5
#: A plan also counts as optimal where cost - bound is at most this share of the largest row of its system cost, or of 1 money.
ABSOLUTE = 1e-6


class End(Enum):
    """Why a phase ended: the gap holds; the bound is above what is known elsewhere; nothing gets better any more; the most
    iterations are made; the time is over; no decisions satisfy the rows of the master; HiGHS gave no answer."""

    GAP = "gap"
    ABOVE = "above"
    STALLED = "stalled"
    LIMIT = "limit"
    TIME = "time"
    EMPTY = "empty"
    FAILED = "failed"


@dataclass
class State:
    """The best point of a phase, its cost, what it misses and pays for that, the bound, and why the phase ended.

    operation  of each year at the best point, as its years tell it (y)
    largest    size of the largest term of its cost, at least   money
    status     of a whole solve: optimal, feasible, infeasible, failed
    """

    best: np.ndarray | None = None
    cost: float = INFINITY
    bound: float = -INFINITY
    missing: float = 0.0
    paid: float = 0.0
    largest: float = 0.0
    operation: dict[int, Any] = field(default_factory=dict)
    status: str = "failed"
    end: End = End.FAILED
    iterations: int = 0
    history: list[tuple[float, float, float]] = field(default_factory=list)

    @property
    def gap(self) -> float:
        """Relative gap of the best point."""
        return (self.cost - self.bound) / max(abs(self.cost), 1e-9) if np.isfinite(self.cost) else INFINITY

    def is_within(self, gap: float) -> bool:
        """True if the best point is within the relative gap, or within the absolute one."""
        return self.gap <= gap or self.cost - self.bound <= ABSOLUTE * max(self.largest, 1.0)

    @property
    def is_short(self) -> bool:
        """True if more is paid for what is missing than the gap can explain: the price is too low, or it must be missing.

        At a price of at least twice that at which nothing need be missing, a point within g of the optimum pays no more
        than 2 g for what it misses.
        """
        return self.missing > MISSING and self.paid > 2.0 * (self.cost - self.bound) + 1e-9 * abs(self.cost)

    @property
    def is_unlikely(self) -> bool:
        """True if most of the cost is paid for what is missing: the goal is out of reach, or the point is far from any plan."""
        return self.paid > UNLIKELY * self.cost

    def take(self, other: State) -> None:
        """The other's point is now the best."""
        self.best, self.cost, self.operation = other.best, other.cost, other.operation
        self.missing, self.paid, self.largest = other.missing, other.paid, other.largest
