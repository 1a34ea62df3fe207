"""The operation of a year in every hour: what it is asked under, and as column generation ends with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from planner.solve.year.template import Total


@dataclass(frozen=True)
class Conditions:
    """Under which conditions a year is operated.

    binds     which rules hold: "all", those that hold whatever the goal ("lasting"), or "none"
    may_buy   False where credits and certificates may not be bought
    penalty_factor  factor on the penalty of slack
    is_trial  True for a trial of the Benders master: solved to its gap even where slack is unavoidable, and with the slope
    allowed   difference between cost and lower bound of the year that is allowed where the gap allows less; infinite: bounds of
              the search are not known yet   money
    phase_1   True in phase 1: a unit of slack costs `PHASE_1` divided by its scale; nothing else has a cost
    closed    columns of the hours that are held at 0
    """

    binds: str = "all"
    may_buy: bool = True
    penalty_factor: float = 1.0
    is_trial: bool = False
    allowed: float = 0.0
    phase_1: bool = False
    closed: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Unserved:
    """Unserved power: year, zone, carrier, hour of the year, MW (negative where there is a surplus)."""

    year: int
    zone: str
    carrier: str
    hour: int
    power: float


@dataclass
class Operation:
    """A year in every hour.

    values      of all columns of the hours
    account     the Pyomo block of the account, with its values
    cost        of operating the year, not discounted   money
    lagrangian_bound  lower bound of `cost`, with what stores hold at month ends fixed unless it is priced; where the year is no
                trial of the Benders master, with all that is priced there fixed, too, see `Operator.operate`   money
    terms       the cost by (item, name) of `values`, whose peaks and starts are no larger than needed: they may add up to a little
                less than `cost` without `penalty`   money
    violations  (stage, metric, sense) -> violation of a rule                                    t, tce, MWh
    unserved    unserved demand, the largest first
    coupling_slack  totals whose coupling row has slack (they are beyond a limit of the year), and how much
    prices      of the totals, at which the bound is best, and parts of the charge for contracted capacity: a start for other years
    slope       of the lower bound in each linking variable, for a Benders cut; only of a trial of the Benders master   money/unit
    penalty     the part of the cost that is penalty of slack                                   money
    slack       largest slack, scaled as in `Cut.slack`, but power as a share of the largest demand of any year   1
    """

    values: np.ndarray
    account: Any
    cost: float
    lagrangian_bound: float
    terms: dict[tuple[str, str], float]
    violations: dict[tuple[str, str, str], float]
    unserved: list[Unserved]
    coupling_slack: dict[Total, float] = field(default_factory=dict)
    prices: dict[Total, float] = field(default_factory=dict)
    rounds: int = 0
    seconds: float = 0.0
    slope: Mapping[tuple[str, Any], float] = field(default_factory=dict)
    penalty: float = 0.0
    slack: float = 0.0

    @property
    def gap(self) -> float:
        """Relative gap between cost and bound."""
        return (self.cost - self.lagrangian_bound) / max(abs(self.cost), 1.0)
