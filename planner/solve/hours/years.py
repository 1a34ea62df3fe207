r"""The year set on every hour: each year is solved by column generation and gives a Benders cut.

.. math:: Q_y(x) \;\ge\; L_y(x, \pi, \gamma) = \min_{T, K}\,\Big( a_y(x, T, K) - \pi \cdot T - \sum_w \gamma_w \cdot K \Big)
   + \sum_w \min_{v_w \in X_w(x)} \big( c_w \cdot v_w + \pi \cdot S_w v_w + \gamma_w \cdot k_w(v_w) \big)

1. At the trial point x the year is solved by column generation (`operator.generate`), which ends with prices π, γ and the
   Lagrangian bound L.
2. For fixed π and γ, L is a sum of linear programmes in x, so it has a slope from their duals. The cut is L and its slope at x
   with the best prices found: a lower bound of Q everywhere (Geoffrion, "Lagrangean relaxation", 1974).
3. The cost found, an upper bound of Q at x, is what the trial costs (`Cut.cost`). So the cuts are inexact (Zakeri, Philpott and
   Ryan, "Inexact cuts in Benders decomposition", 2000): L is below that cost by up to the gap at which a year counts as solved
   (`Operator.gap`), which the caller therefore sets well below the gap asked for, or by what is allowed (`allow`) as long as the
   bounds of the search are far apart.

What stores hold at month ends is priced, as are commitment and activity there (`split_at_month_ends`). When it was a linking
variable, twelve of them a store and year, the master needed twice as many trials. It still is one where the model of the decisions
has it, as in a proof. All years of one structure share the months' HiGHS objects; each year keeps a basis of each month, so memory
hardly grows with the number of years.

Returns cuts. Raises SolverError where HiGHS gives no answer, and Stopped once the watch in force is over.

x  linking variables     π  prices of the yearly totals T     γ  prices of the contracted capacity K   (month, s)
a  cost of the account     v, c, S, k, X  of a month: operation, costs, sums, contracted capacity needed, what it can do
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from models.inputs import Inputs
from models.investment import links_of
from planner.solve.hours.months import LinkValues
from planner.solve.hours.operator import PHASE_1, Operation, Operator
from planner.solve.hours.restricted_master import Conditions
from planner.solve.year.subproblem import Cut, SlackCut, YearVariant
from planner.solve.year.template import Total

#: Factor on the penalty of slack at points that phase 1 found to need none.
SERVED = 1e3
#: A linking variable of a year: the kind of decision, and of what.
Link = tuple[str, Any]


class HourlyYear:
    """One year in every hour; `links` are its linking variables in the order of a trial point."""

    def __init__(self, inputs: Inputs, y: int, model: Any) -> None:
        """`model`: the Pyomo model of the master, whose variables the linking variables are."""
        self.inputs, self.y = inputs, y
        demands = inputs.demands
        given = links_of(model, inputs, y).decided()
        self.links: list[Link] = [link for link, own in given if not isinstance(own, float | int)]
        self.fixed: dict[Link, float] = {("demand", u): demands.energy[u, y] for u in demands.demands}
        self.fixed |= inputs.stated(y)
        self.prices: Mapping[Total, float] = {}
        self.last: Operation | None = None

    def link_values(self, point: np.ndarray) -> LinkValues:
        """Values of the linking variables at a point."""
        links = {**self.fixed, **dict(zip(self.links, point.tolist(), strict=True))}
        return LinkValues(links, {})

    def cut(self, point: np.ndarray, operation: Operation) -> Cut:
        """The cut of an operation at a point, which is the last solution from now on."""
        self.last, self.prices = operation, operation.prices
        slope = np.array([operation.slope.get(link, 0.0) for link in self.links])
        return Cut(point.copy(), operation.lagrangian_bound, slope, operation.slack, operation.penalty, operation.cost)

    def broken_rules(self) -> Mapping[tuple[str, str, str], float]:
        """(stage, metric, sense) and by how much the rule is violated in the last operation (t, tce or MWh)."""
        return {} if self.last is None else self.last.violations


class HourlyYears:
    """All years in every hour: one year after the other, the months of each in parallel. See `YearSet` for what each method
    returns."""

    def __init__(self, inputs: Inputs, model: Any, workers: int, prices: Mapping[int, Mapping[Total, float]]) -> None:
        """`prices`: of the totals, to start from, by year."""
        self.inputs = inputs
        self.operator = Operator(inputs, workers, prices_stores=True)
        self.years = {y: HourlyYear(inputs, y, model) for y in inputs.years}
        for y, year in self.years.items():
            year.prices = prices.get(y, {})
        self.variant, self.allowed = YearVariant(), 0.0

    def allow(self, money: float) -> None:
        """Allow cost and value of the cuts that follow to differ by this sum over all years (money, discounted): each year by an
        equal part, undiscounted, so that the sum is not exceeded."""
        self.allowed = money / len(self.years)

    def cuts(self, points: Mapping[int, np.ndarray]) -> dict[int, Cut]:
        """The cut of every year at its part of a trial point."""
        solved = self.operate({y: self.years[y].link_values(point) for y, point in points.items()})
        return {y: self.years[y].cut(point, solved[y]) for y, point in points.items()}

    def operate(self, linking: Mapping[int, LinkValues], phase_1: bool = False) -> dict[int, Operation]:
        """The operation of every year at these values of its linking variables; `phase_1`: only slack costs."""
        conditions = self._conditions(phase_1)
        return {y: self.operator.operate(y, own, self._first_prices(y, phase_1), conditions) for y, own in linking.items()}

    def _first_prices(self, y: int, phase_1: bool) -> Mapping[Total, float]:
        """Prices to start a year from; none in phase 1, where other things have a cost."""
        return {} if phase_1 else self.years[y].prices

    def _conditions(self, phase_1: bool) -> Conditions:
        """The variant as conditions of a trial; one that bars any family bars credits and certificates, both."""
        variant = self.variant
        may_buy, allowed = not variant.barred, 0.0 if phase_1 else self.allowed
        return Conditions(variant.binds, may_buy, variant.penalty_factor, is_trial=True, allowed=allowed, phase_1=phase_1)

    def least_slacks(self, points: Mapping[int, np.ndarray]) -> dict[int, SlackCut]:
        """The least total slack of every year at its part of a trial point, see `Year.least_slack`; `value` is a lower bound."""
        solved = self.operate({y: self.years[y].link_values(point) for y, point in points.items()}, phase_1=True)
        found = {}
        for y, point in points.items():
            slope = np.array([solved[y].slope.get(link, 0.0) for link in self.years[y].links])
            value, total = max(0.0, solved[y].lagrangian_bound) / PHASE_1, solved[y].cost / PHASE_1
            found[y] = SlackCut(point.copy(), value, slope / PHASE_1, solved[y].slack, total)
        return found

    def largest_term(self) -> float:
        """Size of the largest cost term of a year in the last operation, discounted (money)."""
        discount = self.inputs.finance.discount
        terms = {y: own.terms.values() for y, own in self.operation().items()}
        return max((discount[y] * abs(paid) for y, own in terms.items() for paid in own), default=0.0)

    def cuts_without_slack(self, points: Mapping[int, np.ndarray]) -> dict[int, Cut]:
        """The cut of every year at points that need no slack, with a far higher penalty."""
        before = self.variant
        self.set_variant(replace(before, penalty_factor=before.penalty_factor * SERVED))
        try:
            return self.cuts(points)
        finally:
            self.set_variant(before)

    def operation(self) -> dict[int, Operation]:
        """The last operation of every year."""
        return {y: year.last for y, year in self.years.items() if year.last is not None}

    def as_run(self, given: Mapping[int, LinkValues], levels: Mapping[int, Mapping[str, np.ndarray]]) -> dict[int, Operation]:
        """The last operation of every year, at these values of its linking variables, with units whole and stores one way
        (`Operator.as_run`); `levels`: by year."""
        conditions = replace(self._conditions(phase_1=False), is_trial=False)
        return {
            y: self.operator.as_run(y, given[y], own, replace(conditions, levels=levels[y])) for y, own in self.operation().items()
        }

    def take(self, operation: Mapping[int, Operation]) -> None:
        """Make this operation, which `operation` returned before, the last one again."""
        for y, own in operation.items():
            self.years[y].last, self.years[y].prices = own, own.prices

    def prices(self, points: Mapping[int, np.ndarray]) -> dict[int, Mapping[Total, float]]:
        """Dual price of each yearly total in the last operation of every year."""
        return {y: self.years[y].prices for y in points}

    def set_variant(self, variant: YearVariant) -> None:
        """Operate this variant from now on; one that bars any family bars credits and certificates, both."""
        self.variant = variant
