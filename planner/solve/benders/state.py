"""What the decomposed method knows: the incumbent of a phase, bounds, and why a phase ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np

from planner.solve.handover.matrix import INFINITY

#: Slack that a plan may have (share of the peak; of base emissions a two hundredth of that): tolerance of the solver.
SLACK_TOLERANCE = 2e-7
#: A year whose least total slack (scaled) is no more than this gives no feasibility cut.
NO_CUT = 1e-3 * SLACK_TOLERANCE
#: A gap that is good where integers are too many to search all of them.
COMMON = 0.01
#: A goal is unlikely to be met where more than this share of the cost of a point is penalty.
UNLIKELY = 0.5
#: A plan is optimal, too, if cost - bound is at most this share of the largest row of its system cost, or of 1 money.
ABSOLUTE = 1e-6


class End(Enum):
    """Why a phase ended.

    GAP      the gap holds
    ABOVE    its bound is above the cost of an incumbent found elsewhere
    STALLED  neither bound nor cost improves
    LIMIT    the most iterations
    TIME     the time is over
    EMPTY    no decision satisfies the rows of the master
    FAILED   HiGHS gave no answer
    """

    GAP = "gap"
    ABOVE = "above"
    STALLED = "stalled"
    LIMIT = "limit"
    TIME = "time"
    EMPTY = "empty"
    FAILED = "failed"


@dataclass
class State:
    """The incumbent of a phase with its cost, slack and penalty; the lower bound; and why the phase ended.

    best       values of the master's columns at the incumbent, None before the first
    cost       of it, an upper bound; bound: the lower bound                       money
    slack      its largest slack, as `Cut.slack`; penalty: what its slack costs     1, money

    operation  solution of each year at the incumbent, as `YearSet.operation` returns it (y)
    largest    size of the largest term of its cost                                money
    status     of a whole solve: optimal, feasible, infeasible, failed
    """

    best: np.ndarray | None = None
    cost: float = INFINITY
    bound: float = -INFINITY
    slack: float = 0.0
    penalty: float = 0.0
    largest: float = 0.0
    operation: dict[int, Any] = field(default_factory=dict)
    status: str = "failed"
    end: End = End.FAILED
    iterations: int = 0
    history: list[tuple[float, float, float]] = field(default_factory=list)

    @property
    def gap(self) -> float:
        """Relative gap between cost and bound."""
        return (self.cost - self.bound) / max(abs(self.cost), 1e-9) if np.isfinite(self.cost) else INFINITY

    def is_within(self, gap: float) -> bool:
        """True if the incumbent is within the relative gap, or within the absolute one."""
        return self.gap <= gap or self.cost - self.bound <= ABSOLUTE * max(self.largest, 1.0)

    @property
    def has_needless_slack(self) -> bool:
        """True if the penalty of its slack is more than the gap explains: the penalty is too low, or slack cannot be avoided.

        If the penalty is at least twice the exact one (that at which an optimum has no slack), a point within g of the optimum pays
        at most 2 g of penalty.
        """
        return self.slack > SLACK_TOLERANCE and self.penalty > 2.0 * (self.cost - self.bound) + 1e-9 * abs(self.cost)

    @property
    def is_mostly_penalty(self) -> bool:
        """True if most of the cost is penalty: the goal is out of reach, or the point is far from any plan."""
        return self.penalty > UNLIKELY * self.cost

    def take(self, other: State) -> None:
        """Make the incumbent of the other state that of this one."""
        self.best, self.cost, self.operation = other.best, other.cost, other.operation
        self.slack, self.penalty, self.largest = other.slack, other.penalty, other.largest
