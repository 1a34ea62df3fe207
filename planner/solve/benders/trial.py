"""A trial: a point of the master at which the years were solved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from planner.solve.year.subproblem import SLACK_TOLERANCE

#: A year whose least total slack (scaled) is no more than this gives no feasibility cut.
NO_CUT = 1e-3 * SLACK_TOLERANCE
#: A goal is unlikely to be met where the penalty is more than this share of penalty and other cost, each without its sign.
MOSTLY_PENALTY = 0.5


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
