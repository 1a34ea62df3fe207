"""What a search knows: its trials, its incumbent, whose cost is the upper bound, and the lower bound; and how it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np

from planner.solve.handover.matrix import INFINITY
from planner.solve.year.subproblem import SLACK_TOLERANCE

#: Absolute gap at which the bounds count as equal: this share of the largest item of the cost, or of 1 money if that is more.
ABSOLUTE = 1e-6
#: A gap that is good where integers are too many to search all of them.
ACCEPTABLE_GAP = 0.01

#: A year whose least total slack (scaled) is no more than this gives no feasibility cut.
NO_CUT = 1e-3 * SLACK_TOLERANCE
#: A goal is unlikely to be met where the penalty is more than this share of penalty and other cost, each without its sign.
MOSTLY_PENALTY = 0.5


class End(Enum):
    """Why a phase ended.

    GAP         the gap holds
    CUTOFF      its lower bound is above the cutoff: what is known elsewhere is better
    STALLED     neither bound improves
    LIMIT       the most iterations
    TIME        the time is over
    INFEASIBLE  no decision satisfies the rows of the master
    FAILED      HiGHS gave no answer
    """

    GAP = "gap"
    CUTOFF = "cutoff"
    STALLED = "stalled"
    LIMIT = "limit"
    TIME = "time"
    INFEASIBLE = "infeasible"
    FAILED = "failed"


@dataclass(frozen=True)
class Trial:
    """A point of the master at which the years were solved.

    point         values of the master's columns
    cost          system cost, with the penalty of slack; infinite where slack is not allowed and the point has some   money
    slack         its largest slack, as `Cut.slack`                       1
    penalty       the part of the cost that is penalty of slack           money
    operation     solution of each year, as `YearSet.operation` returns it (y)
    largest_item  size of the largest single item of the cost             money

    A trial that did not cost less than the incumbent of its phase has neither of the last two.
    """

    point: np.ndarray
    cost: float
    slack: float = 0.0
    penalty: float = 0.0
    operation: Mapping[int, Any] = field(default_factory=dict)
    largest_item: float = 0.0

    @property
    def has_slack(self) -> bool:
        """True if it has more slack than a plan may have."""
        return self.slack > SLACK_TOLERANCE

    @property
    def is_mostly_penalty(self) -> bool:
        """True if most of the cost is penalty: the goal is out of reach, or the point is far from any plan."""
        return self.penalty > MOSTLY_PENALTY * (abs(self.cost - self.penalty) + self.penalty)


@dataclass
class Bounds:
    """Upper and lower bound of a phase, or of a whole solve.

    incumbent  the trial that costs least so far, of a phase perhaps with slack or fractions, of a whole solve the best plan; None
               before the first
    bound      lower bound    money
    """

    incumbent: Trial | None = None
    bound: float = -INFINITY

    @property
    def cost(self) -> float:
        """Cost of the incumbent, the upper bound; infinite without one."""
        return INFINITY if self.incumbent is None else self.incumbent.cost

    @property
    def point(self) -> np.ndarray | None:
        """The incumbent's values of the master's columns."""
        return None if self.incumbent is None else self.incumbent.point

    @property
    def gap(self) -> float:
        """Relative gap between the bounds."""
        return (self.cost - self.bound) / max(abs(self.cost), 1e-9) if np.isfinite(self.cost) else INFINITY

    def is_within(self, gap: float) -> bool:
        """True if the bounds are within the relative gap, or within the absolute one."""
        largest = 0.0 if self.incumbent is None else self.incumbent.largest_item
        return self.gap <= gap or self.cost - self.bound <= ABSOLUTE * max(largest, 1.0)

    @property
    def has_unexplained_slack(self) -> bool:
        """True if the incumbent pays more penalty than the gap explains: the penalty is too low, or slack cannot be avoided.

        If the penalty is at least twice the exact one (that at which an optimum has no slack), a point within g of the optimum pays
        at most 2 g of penalty.
        """
        best = self.incumbent
        return best is not None and best.has_slack and best.penalty > 2.0 * (self.cost - self.bound) + 1e-9 * abs(self.cost)

    @property
    def is_mostly_penalty(self) -> bool:
        """True if there is an incumbent and most of its cost is penalty."""
        return self.incumbent is not None and self.incumbent.is_mostly_penalty

    def offer(self, trial: Trial | None) -> None:
        """Make a trial the incumbent if it costs less."""
        if trial is not None and trial.cost < self.cost:
            self.incumbent = trial


@dataclass
class Phase(Bounds):
    """The bounds of a phase, and why it ended."""

    end: End = End.FAILED


@dataclass
class Result(Bounds):
    """What a solve ends with.

    incumbent   the best plan; where the goal cannot be met, the point with the least penalty found
    bound       lower bound of what any plan costs   money
    status      optimal, feasible (a plan that is not proven within the gap), infeasible, failed
    end         why the last phase ended
    trials      how many were made
    """

    status: str = "failed"
    end: End = End.FAILED
    trials: int = 0

    @property
    def is_stalled(self) -> bool:
        """True if the last phase ended because its bounds did not improve any more."""
        return self.end is End.STALLED

    @classmethod
    def of(cls, bounds: Bounds, status: str, end: End = End.FAILED, trials: int = 0) -> Result:
        """The result with these bounds."""
        return cls(bounds.incumbent, bounds.bound, status, bounds.end if isinstance(bounds, Phase) else end, trials)

    @classmethod
    def stopped(cls, overall: Bounds) -> Result:
        """The result of a solve that was stopped: the best plan so far, if there is one."""
        return cls.of(overall, "failed" if overall.incumbent is None else "feasible")
