"""What the decomposed method asks of its subproblems, the operation of every year: `YearSet`, in which a Benders cut is `Cut`.

Typical days (`year.years`) and every hour (`hours.years`) are year sets. Every demand may stay
unserved and every rule may be violated at a penalty (slack), so each trial point has a finite cost and gives an optimality cut.
Feasibility cuts come from `least_slacks`, the least total slack.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from models.dot import dot
from models.inputs import Inputs
from models.inputs.calendar import HOURS_OF_YEAR
from planner.solve.year.template import Total

# --- penalties -------------------------------------------------------------------------------------------------------------
# The penalty of slack (unserved energy, violated rules), its scale, and a crude lower bound of a year's operating cost.

#: Penalty of an unserved MWh, in prices of the dearest MWh (value of lost load).
PENALTY = 200.0
#: The same in prices of a MWh that is shed by agreement, or moved, where that is more: so much more it is to cost than these.
AGREED = 4.0
#: Penalty of a violated rule by 1 t, in prices of the dearest MWh or of the dearest credit (t).
RULE_PENALTY = 20.0
#: Weight of a rule's slack as a share of base emissions, beside unserved power as a share of the peak: a rule bounds a sum over the
#: year, so a violation that matters is a much smaller share than unserved power that matters.
RULE_WEIGHT = 200.0
#: Base emissions below this (t) count as this much: a park that emitted nothing has rules, too.
LEAST_BASE = 1e-3
#: Imports without a limit are taken to be at most this (MW), far more than any park can use.
MOST_IMPORTED = 1e6


def penalties(inputs: Inputs, y: int) -> tuple[float, float]:
    """Penalty of an unserved MWh and of a violation by one t (or MWh, tce) of a rule (money): far above the dearest of their kind.

    Where no supply has a price, a MWh is worth the dearest capacity divided by the hours of a year, so that the currency does not
    matter. The penalty need not be exact: `benders` raises it where a plan still has slack that is not needed.
    """
    inputs = inputs.at(y)
    supplies, offsets = inputs.supplies, inputs.offsets
    prices = [abs(p) * supplies.highest.get((s, "energy"), 1.0) for (s, when), p in supplies.price.items() if when == y]
    energy = max(prices, default=0.0)
    energy = max(energy, max((-cost for _, cost in _premiums(inputs, y)), default=0.0))
    dearest = max((abs(cost) for cost in inputs.capacity.capital_cost.values()), default=0.0)
    yearly = max(inputs.capacity.annuity.values(), default=0.0)
    energy = energy or max(dearest, yearly) / HOURS_OF_YEAR or 1.0
    credit = max((p for (_, when), p in offsets.price.items() if when == y), default=0.0)
    flexibility = inputs.flexibility
    own = [*flexibility.shed_price.items(), *flexibility.cost.items()]
    agreed = max((p for (_, when), p in own if when == y), default=0.0)
    return max(PENALTY * energy, AGREED * agreed), RULE_PENALTY * max(energy, credit)


def rule_weight(base: float) -> float:
    """What a violation of a rule by one t (or MWh, tce) counts, beside unserved power as a share of the peak (1 per t).

    base  base emissions   t
    """
    return RULE_WEIGHT / max(base, LEAST_BASE)


def trivial_lower_bound(inputs: Inputs, y: int) -> float:
    """A crude lower bound of a year's operating cost: all exports and premiums earned, all prices and emission factors below 0
    used, nothing paid.

    It holds as long as no import without a limit is above `MOST_IMPORTED` at a negative price. What is emitted of scope 1 is 0 at
    least, so a price of all of it earns nothing.
    """
    inputs = inputs.at(y)
    supplies, weight = inputs.supplies, inputs.calendar.weight
    least = 0.0
    for s in supplies.offered[y].intersection(supplies.exporters):
        earned = np.maximum(supplies.hourly_price(s, y, "export", len(weight)), 0.0)
        least -= dot(weight, earned) * supplies.export_max[s]
    for s in supplies.offered[y].intersection(supplies.importers):
        earned = np.maximum(-supplies.hourly_price(s, y, "energy", len(weight)), 0.0)
        carbon = supplies.carbon_price.get((s, y), 0.0)
        if carbon:
            earned = earned + np.maximum(-carbon * supplies.hourly_factor(s, y, inputs.carbon.accounting, len(weight)), 0.0)
        if earned.any():
            least -= dot(weight, earned) * supplies.import_max.get(s, MOST_IMPORTED)
    least += sum(HOURS_OF_YEAR * cost * power for power, cost in _premiums(inputs, y))
    return least - 1.0


def _premiums(inputs: Inputs, y: int) -> list[tuple[float, float]]:
    """Of all that runs at a variable cost below 0: most that it can do in an hour (MW, t/h), and that cost (money/MWh, money/t).

    What has no limit does at most `MOST_IMPORTED`. Each of several stores that share power may use all of it.
    """
    storage, network = inputs.storage, inputs.network
    costs = [
        (k, 1.0, cost)
        for own in (inputs.conversion.variable_cost, inputs.captures.variable_cost)
        for (k, when), cost in own.items()
        if when == y
    ]
    for (s, when), cost in storage.variable_cost.items():
        if when == y:
            apart = [(k, 1.0) for k in storage.power.get(s, ())]
            costs += [(k, per, cost) for k, per in apart or [(s, 1.0 / storage.full_power_hours[s])]]
    ways = Counter(link for link, _ in network.arcs)
    costs += [(link, float(ways[link]), cost) for (link, when), cost in network.variable_cost.items() if when == y]
    return [(per * _most_capacity(inputs, k, y), cost) for k, per, cost in costs if cost < 0]


def _most_capacity(inputs: Inputs, k: str, y: int) -> float:
    """Most capacity of an asset that can work in a year."""
    capacity = inputs.capacity
    orders = sum(
        capacity.build_max.get((own, v), 0.0) + capacity.committed.get((own, v), 0.0)
        for own, v in capacity.lasts
        if own == k and y in capacity.works[own, v]
    )
    most = min(capacity.existing.get((k, y), 0.0) + orders, capacity.max_capacity.get((k, y), MOST_IMPORTED))
    return min(most, MOST_IMPORTED)


# --- subproblem ------------------------------------------------------------------------------------------------------------

#: Slack that a plan may have (share of the peak; of base emissions a two hundredth of that): tolerance of the solver.
SLACK_TOLERANCE = 2e-7


@dataclass(frozen=True)
class HoursCut:
    r"""A lower bound of the cost of the hours of a year alone, in its linking variables and its yearly totals.

    .. math:: H_y(x, T) \ge value + slope \cdot (x - point) + prices \cdot (T - totals)

    value   cost of the hours at the point, not discounted, with the penalty of unserved energy   money
    slope   in all columns that are fixed for the year, the decided ones and the others             money per unit
    totals  yearly totals at the point                                                             unit of total
    prices  slope in the yearly totals                                                             money per unit of total
    """

    value: float
    slope: np.ndarray
    totals: np.ndarray
    prices: np.ndarray


@dataclass(frozen=True)
class Cut:
    r"""A Benders cut of a year: what its operation costs at a trial point, and a linear lower bound of what it costs elsewhere.

    .. math:: Q_y(x) \ge value + slope \cdot (x - point)

    value    least operating cost at the point, not discounted, with the penalty of slack; or a lower bound of it   money
    slope    reduced costs of the fixed linking variables                        money per unit of link
    slack    largest slack: power as a share of the peak, a rule as a share of base emissions, times `RULE_WEIGHT`   1
    penalty  the part of the cost that is penalty of slack                       money
    cost     operating cost of the point found, an upper bound; `value` where the year is solved to optimality   money
    hours    the part of the hours, where the master has the account of the year; None: the cut is of hours and account together
    """

    point: np.ndarray
    value: float
    slope: np.ndarray
    slack: float
    penalty: float
    cost: float
    hours: HoursCut | None = None


@dataclass(frozen=True)
class SlackCut:
    r"""A Benders cut of phase 1: the least total slack of a year at a trial point, and a linear lower bound of it elsewhere.

    .. math:: V_y(x) \ge value + slope \cdot (x - point)

    value    least total of the scaled slacks at the point, or a lower bound of it   1
    slope    of it in the linking variables                     1 per unit of link
    slack    the largest of the scaled slacks                   1
    total    total slack of the operation found, an upper bound; `value` where the year is solved to optimality   1

    As a feasibility cut its right side is to be at most 0.
    """

    point: np.ndarray
    value: float
    slope: np.ndarray
    slack: float
    total: float

    @property
    def size(self) -> float:
        """The steepest slope, by which the row of the cut is divided."""
        return max(float(np.abs(self.slope).max(initial=0.0)), 1e-12)

    def row(self) -> tuple[np.ndarray, np.ndarray, float]:
        """As a feasibility cut, slope · x ≤ most, divided by `size`: which links have a slope, these slopes, and most."""
        steep = np.flatnonzero(np.abs(self.slope) > 1e-9 * self.size)
        own = self.slope[steep]
        return steep, own / self.size, (dot(own, self.point[steep]) - self.value) / self.size


@dataclass(frozen=True)
class YearVariant:
    """The variant in which the years are solved; data, so that variants can follow one another in any order.

    penalty_factor  factor on the penalty of slack
    binds   which rules hold: "all", those that hold whatever the goal ("lasting"), or "none"
    barred  families of variables of the account that are fixed at 0
    """

    penalty_factor: float = 1.0
    binds: str = "all"
    barred: tuple[str, ...] = ()

    def keeps_cuts_of(self, before: YearVariant) -> bool:
        """True if cuts found under the variant before stay lower bounds: this one only forbids more.

        The penalty plays no part: whatever it was, a cut is a lower bound of the cost of points without slack, and a plan has none.
        """
        order = ("none", "lasting", "all")
        return order.index(self.binds) >= order.index(before.binds) and {*self.barred} >= {*before.barred}


class Subproblem(Protocol):
    """One year; `links` are its linking variables, (kind, name), in the order of a point."""

    @property
    def links(self) -> Sequence[tuple[str, Any]]:
        """Linking variables."""

    def broken_rules(self) -> Mapping[tuple[str, str, str], float]:
        """(stage, metric, sense) and by how much the rule is violated in the last solution (t, tce or MWh)."""


class YearSet(Protocol):
    """The subproblems of all years. Whatever solves raises SolverError where HiGHS gives no answer."""

    variant: YearVariant

    @property
    def years(self) -> Mapping[int, Subproblem]:
        """The years by number."""

    def allow(self, money: float) -> None:
        """From now on a trial is solved closely enough once its cost is at most this much above the value of its cuts (money,
        discounted, the sum over all years).

        A year set that solves its years exactly does nothing.
        """

    def cuts(self, points: Mapping[int, np.ndarray]) -> dict[int, Cut]:
        """The optimality cut of every year at its part of a trial point."""

    def least_slacks(self, points: Mapping[int, np.ndarray]) -> dict[int, SlackCut]:
        """The least total slack of every year at its part of a trial point (phase 1)."""

    def cuts_without_slack(self, points: Mapping[int, np.ndarray]) -> dict[int, Cut]:
        """The optimality cut of every year without slack, at points at which `least_slacks` was called last and found none.

        On typical days slacks are held at what it found; in every hour the penalty is far higher, and a little slack may be left.
        """

    def operation(self) -> Mapping[int, Any]:
        """The last solution of every year."""

    def take(self, operation: Any) -> None:
        """Make an `operation` told earlier the last solution again."""

    def largest_term(self) -> float:
        """Size of the largest cost term of a year in the last solution, discounted (money)."""

    def prices(self, points: Mapping[int, np.ndarray]) -> Mapping[int, Mapping[Total, float]]:
        """Dual price of each yearly total in every year at a point."""

    def set_variant(self, variant: YearVariant) -> None:
        """Solve this variant from now on."""
