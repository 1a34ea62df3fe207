r"""The years of the decomposed method where every hour is planned: each is operated month by month, and gives a cut.

A year's cost with its decisions and what stores hold as months end,

.. math:: Q_y(x) = \min \; c_a(T) + \sum_w W_w(x, T),

is operated by column generation (`column_generation`). At any prices of the sums over the year, what the months cost together
with what the account costs is a lower bound of it, and a sum of linear programmes in x: its duals are a plane that is nowhere above
:math:`Q_y`. The plane of the best such prices is the cut; the cost of the best mix of ways is what the trial costs.

What stores hold as months end are decisions of the master like all others: months then need to know nothing of each other.
All years of like structure share the months' programmes, each year and month its basis, so that memory hardly grows with years.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from models.inputs import Inputs
from models.investment import CHOICES
from planner.solve.hours.column_generation import PHASE_1, Operated, Operator
from planner.solve.hours.months import Given
from planner.solve.year.subproblem import Cut, Terms
from planner.solve.year.template import Total

#: How much dearer what is missing is where nothing need be.
SERVED = 1e3
#: A link of a year: which kind of decision, and of what; of `held` the store and the month from 0.
Link = tuple[str, Any]


class HourlyYear:
    """The operation of one year in every hour; its links in the order of its cuts."""

    def __init__(self, inputs: Inputs, y: int, model: Any) -> None:
        """`model` is the master's, which says what is decided."""
        self.inputs, self.y = inputs, y
        demands = inputs.demands
        self.links: list[Link] = [("capacity", k) for k in inputs.capacity.present[y]]
        self.links += [("demand", u) for u in demands.demands if (u, y) in model.demand]
        self.links += [("uptake", p) for p in inputs.restoration.projects]
        self.links += [(kind, name) for kind in CHOICES for name, when in getattr(model, kind) if when == y]
        self.links += [("held", (s, m)) for s, m, when in model.held if when == y]
        self.fixed: dict[Link, float] = {("demand", u): demands.energy[u, y] for u in demands.demands}
        self.fixed |= {("process", q): co2 for (q, when), co2 in inputs.captures.process_co2.items() if when == y}
        self.prices: Mapping[Total, float] = {}
        self.operated: Operated | None = None

    def given(self, point: np.ndarray) -> Given:
        """What the point decides for the year."""
        links = {**self.fixed, **dict(zip(self.links, point.tolist(), strict=True))}
        held = {key: amount for (kind, key), amount in links.items() if kind == "held"}
        return Given({link: amount for link, amount in links.items() if link[0] != "held"}, held)

    def cut(self, point: np.ndarray, operated: Operated) -> Cut:
        """The cut that an operation gives, which is the last from now on."""
        self.operated, self.prices = operated, operated.prices
        slope = np.array([operated.slope.get(link, 0.0) for link in self.links])
        return Cut(point.copy(), operated.bound, slope, operated.missing, operated.paid, operated.cost)

    def broken_rules(self) -> Mapping[tuple[str, str, str], float]:
        """(stage, metric, sense) and by how much the rule is broken in the last operation (t, tce or MWh)."""
        return {} if self.operated is None else self.operated.broken


class HourlyYears:
    """All years in every hour. Years follow one another, the months of each are solved in parallel."""

    def __init__(self, inputs: Inputs, model: Any, workers: int, prices: Mapping[int, Mapping[Total, float]]) -> None:
        """`prices` of the totals are those to begin from, by year."""
        self.inputs = inputs
        self.operator = Operator(inputs, workers)
        self.years = {y: HourlyYear(inputs, y, model) for y in inputs.years}
        for y, year in self.years.items():
            year.prices = prices.get(y, {})
        self.terms = Terms()

    def cuts(self, points: Mapping[int, np.ndarray]) -> dict[int, Cut]:
        """The cut of every year at its part of a trial point. Raises SolverError where HiGHS gives no answer."""
        operated = self.operate({y: self.years[y].given(point) for y, point in points.items()})
        return {y: self.years[y].cut(point, operated[y]) for y, point in points.items()}

    def operate(self, given: Mapping[int, Given], only_missing: bool = False) -> dict[int, Operated]:
        """All years at what is decided for them. Raises SolverError where HiGHS gives no answer."""
        how = self._how(only_missing)
        return {
            y: self.operator.operate(y, own, {} if only_missing else self.years[y].prices, to_the_end=True, **how)
            for y, own in given.items()
        }

    def _how(self, only_missing: bool) -> dict[str, Any]:
        """How the years are operated."""
        terms = self.terms
        return {"binds": terms.binds, "bought": not terms.barred, "dearer": terms.dearer, "only_missing": only_missing}

    def shortages(self, points: Mapping[int, np.ndarray]) -> dict[int, Cut]:
        """What every year misses at least at its part of a trial point, as `Year.shortage` tells it; value is a bound of it.

        Raises SolverError where HiGHS gives no answer.
        """
        operated = self.operate({y: self.years[y].given(point) for y, point in points.items()}, only_missing=True)
        found = {}
        for y, point in points.items():
            slope = np.array([operated[y].slope.get(link, 0.0) for link in self.years[y].links])
            value, cost = max(0.0, operated[y].bound) / PHASE_1, operated[y].cost / PHASE_1
            found[y] = Cut(point.copy(), value, slope / PHASE_1, operated[y].missing, 0.0, cost)
        return found

    def largest_term(self) -> float:
        """Size of the largest cost term of a year in the last operation, discounted (money)."""
        discount = self.inputs.finance.discount
        terms = {y: operated.terms.values() for y, operated in self.operation().items()}
        return max((discount[y] * abs(paid) for y, own in terms.items() for paid in own), default=0.0)

    def served(self, points: Mapping[int, np.ndarray]) -> dict[int, Cut]:
        """The cut of every year at points at which nothing need be missing, at a far higher price of what is."""
        before = self.terms
        self.stand_under(replace(before, dearer=before.dearer * SERVED))
        try:
            return self.cuts(points)
        finally:
            self.stand_under(before)

    def operation(self) -> dict[int, Operated]:
        """How every year was operated last."""
        return {y: year.operated for y, year in self.years.items() if year.operated is not None}

    def take(self, operation: Mapping[int, Operated]) -> None:
        """Stand as they did when they told of this operation."""
        for y, operated in operation.items():
            self.years[y].operated, self.years[y].prices = operated, operated.prices

    def prices(self, points: Mapping[int, np.ndarray]) -> dict[int, Mapping[Total, float]]:
        """What one more of each total costs the account of every year in its last operation."""
        return {y: self.years[y].prices for y in points}

    def stand_under(self, terms: Terms) -> None:
        """Operate under these terms from now on; where anything is barred, credits and certificates are."""
        self.terms = terms

