r"""A lower bound of a park over all hours of all years, raised until it is near what a known plan costs.

The outline (`outer`) is solved with the planes known (`cuts`): its optimum L is a lower bound. Then a trial is chosen, some
years are priced at it, month by month, and their planes are added for all years that they serve.

Trials are chosen for the bound alone. Points far from the plan take the months long to solve, and a plane says little of what is
far from it. So trials stay in a box around the plan first, well inside what may cost no more there than a level between the least
that the planes allow and the cost of the plan (Pecci and Jenkins, 2024; see `loop`). Once the box promises no more than the
bound may leave open, or the planes are right in it, trials lie between the plan and the point where the outline is least, which
they cut off (in-out separation, Ben-Ameur and Neto, 2007); nearer to it where they do not. Prices are those of the outline with
its decisions held at the trial: the best known there. One in so many years is priced at a trial, others the next time.

Whole numbers come last: where the relaxed outline has no more to give, its branch and bound gives bound and trials.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.errors import BoundError
from models.inputs import Inputs
from models.park import build_master
from planner.language.sign import Sign
from planner.solve.bound.cuts import Plane
from planner.solve.bound.outer import Outline, Rule
from planner.solve.bound.outer_solver import OutlineSolver
from planner.solve.bound.rates import Rates
from planner.solve.bound.total_limits import ceilings
from planner.solve.handover.answer import Answer
from planner.solve.handover.matrix import INFINITY
from planner.solve.hours.column_generation import Operator
from planner.solve.hours.months import MONTHS, Given, Hours
from planner.solve.year.penalties import penalties
from planner.solve.year.template import Total

#: First trials are in a box of this share of the most that each link is in any year.
NEAR = 0.1
#: The box is left once the least in it leaves open no more than this share of the gap.
ENOUGH = 0.85
#: Planes are right at a trial where they are wrong by no more than this share of the gap.
LITTLE = 0.1
#: Where between bound and cost the level lies.
LEVEL = 0.3
#: Where between the plan and the least of the outline trials lie that are in no box.
OUT = 0.4
#: Of many years so many are priced at a trial.
PRICED = 7
#: A plane joins where a point lies below it by this share of what the gap allows a year.
JOINS = 0.02
#: Trials without a bound that is better by this share of the gap, after which whole numbers are tried, or it ends.
STALLED, BETTER = 12, 0.02
#: The bound is taken so much lower (relative), for the tolerances of HiGHS; above the cost by more than the second it is a fault.
TOLERANCE, CROSSED = 1e-6, 1e-5


@dataclass
class Known:
    """The plan that the bound is for.

    decisions  values of the master's variables, with what stores hold as months end, by family and index
    prices     of the totals, by year, near those of the plan
    contracted capacity of each contract, by year, in the order of `Hours.contracts`   MW
    cost       what it costs in all hours   money
    allowed    by how much it misses rules: (stage, metric, sense) -> in units of the rule's row, by year
    """

    decisions: Mapping[tuple[str, Any], float]
    prices: Mapping[int, Mapping[Total, float]]
    contracted: Mapping[int, np.ndarray]
    cost: float
    allowed: Mapping[int, Mapping[Rule, float]]


class Lower:
    """Raises the bound; `bound` is the best so far, whatever ends the work."""

    def __init__(self, inputs: Inputs, operator: Operator, known: Known, gap: float, say: Callable[[str], None]) -> None:
        """`inputs` are on every hour, as the operator has them; the bound is to be within the gap of the known plan's cost."""
        self.inputs, self.operator, self.known, self.wanted, self.say = inputs, operator, known, gap, say
        self.bound, self.iterations, self.began = -INFINITY, 0, time.perf_counter()
        self.is_near, self.out = True, OUT
        operator.absent = frozenset()  # a plane is of all that could be built
        self.hours = hours = {y: operator.hours(y) for y in inputs.years}
        kinds = {id(own): own for own in hours.values()}
        rates = {key: Rates(own, [y for y in inputs.years if hours[y] is own]) for key, own in kinds.items()}
        most = {key: ceilings(own) for key, own in kinds.items()}
        self.rates = {y: rates[id(own)] for y, own in hours.items()}
        self.cost = {y: own.cost_of(operator.inputs, y)[0] for y, own in hours.items()}
        most_in = {y: most[id(own)] for y, own in hours.items()}
        self.outline = outline = Outline(inputs, build_master(inputs, MONTHS), hours, self.rates, most_in, known.allowed)
        self.solver = OutlineSolver(outline, hours, JOINS * self.open / len(inputs.years))
        names = [(variable.parent_component().local_name, variable.index()) for variable in outline.columns]
        values, count = np.array([known.decisions.get(name, 0.0) for name in names]), outline.decisions
        self.decisions = np.clip(values, outline.matrix.lower[:count], outline.matrix.upper[:count])

    @property
    def open(self) -> float:
        """What the bound may leave open (money)."""
        return self.wanted * max(abs(self.known.cost), 1e-9)

    @property
    def gap(self) -> float:
        """By how much of its cost the known plan may be above the least possible."""
        return (self.known.cost - self.bound) / max(abs(self.known.cost), 1e-9)

    def run(self, trials: int | None = None) -> float:
        """Raise the bound until it is within the gap, until it gets no better, or for so many trials; gives it.

        Raises Stopped where the watch in force ends it, SolverError where HiGHS gives no answer, and BoundError where the bound is
        none; after the first two `bound` holds what was found.
        """
        self._first()
        since, before = 0, -INFINITY
        while True:
            lowest = self.solver.lowest()
            if lowest.status != "optimal":
                return self.bound
            self._raise(lowest.objective)
            self._tell("all hours")
            since, before = (0, self.bound) if self.bound > before + BETTER * self.open else (since + 1, before)
            if self.gap <= self.wanted or since > STALLED:
                break
            if trials is not None and self.iterations >= trials:
                return self.bound
            is_right = self._price_some(self._trial(lowest)) <= LITTLE * self.open
            if not is_right:
                self.out = OUT
            elif self.is_near:
                self.is_near = False
            else:
                self.out = (1 + self.out) / 2
        if self.gap > self.wanted and self.outline.matrix.integer.any():
            self._whole()
        return self.bound

    def _first(self) -> None:
        """A plane of every year, at the known plan."""
        for y in reversed(self.inputs.years):
            hours, prices = self.hours[y], self.known.prices.get(y, {})
            contracted = self.known.contracted.get(y, np.zeros(len(hours.contracts)))
            self.price(y, self.decisions, np.array([prices.get(total, 0.0) for total in hours.totals]), contracted)

    def _raise(self, bound: float) -> None:
        """A bound found. Raises BoundError where it is above what the known plan costs: then one of the two is wrong."""
        bound -= TOLERANCE * abs(bound)
        if bound > self.known.cost + CROSSED * abs(self.known.cost):
            both = f"{bound:,.0f}, is above the cost of a plan, {self.known.cost:,.0f}"
            raise BoundError(f"the lower bound of all hours, {both}: a fault of the program")
        self.bound = max(self.bound, min(bound, self.known.cost))

    def _trial(self, lowest: Answer) -> np.ndarray:
        """A point to price years at: in the box around the plan, or between the plan and where the outline is least."""
        if self.is_near:
            self.solver.hold_near(self.decisions, NEAR)
            try:
                near = self.solver.lowest()
                if near.status == "optimal" and near.objective < self.known.cost - ENOUGH * self.open:
                    return self._inside(near)
            finally:
                self.solver.let_go()
            self.is_near = False
        point, count = lowest.values.copy(), self.outline.decisions
        point[:count] = self.decisions + self.out * (point[:count] - self.decisions)
        return point

    def _inside(self, lowest: Answer) -> np.ndarray:
        """A point well inside what may cost no more than the level between a least and the known plan."""
        inside = self.solver.inside(lowest.objective + LEVEL * max(self.known.cost - lowest.objective, 0.0))
        return lowest.values if inside is None else inside

    def _price_some(self, point: np.ndarray) -> float:
        """Price one in so many years at a point, in turn; gives by how much more the years cost there than the planes said."""
        answer = self.solver.at(point)
        assert answer.row_duals is not None
        every, gained = -(-len(self.inputs.years) // PRICED), 0.0
        for i, y in enumerate(reversed(self.inputs.years)):
            if (i + self.iterations) % every == 0:
                places, discount = self.outline.places[y], self.inputs.finance.discount[y]
                prices = -answer.row_duals[places.link] / discount
                plane = self.price(y, answer.values, prices, answer.values[places.contracts])
                gained += every * discount * max(plane.short(places, answer.values), 0.0)
        self.iterations += 1
        return gained

    def price(self, y: int, values: np.ndarray, prices: np.ndarray, contracted: np.ndarray) -> Plane:
        """The plane, known from now on, that a year gives at a point, at prices of its totals and with so much contracted."""
        hours, free = self.hours[y], np.zeros(len(contracted))
        given, contracted = self.outline.given_at(y, values), np.maximum(contracted, 0.0)
        hours.give(as_given(hours, given), y, self.cost[y], penalties(self.inputs, y)[0], True, contracted)
        columns = list(self.operator.pool.map(lambda month: month.solve(prices, free), hours.months))
        lowest = sum(column.cost + float(prices @ column.totals) for column in columns)
        slope, of_contract = sum(column.slope for column in columns), sum(column.of_contract for column in columns)
        constant = lowest - float(slope @ given) - float(of_contract @ contracted)
        plane = Plane(self.rates[y].of[y], prices, of_contract, slope, constant)
        self.solver.planes.add(y, plane)
        return plane

    def _whole(self) -> None:
        """Whole numbers: bound and trials of the outline's branch and bound."""
        for _ in range(STALLED):
            answer = self.solver.whole(self.wanted / 4)
            if np.isfinite(answer.bound):
                self._raise(answer.bound)
            self._tell("whole numbers")
            if not answer.has_point or self.gap <= self.wanted:
                return
            self._price_some(answer.values)

    def _tell(self, phase: str) -> None:
        seconds = time.perf_counter() - self.began
        found = f"bound {self.bound:,.0f}, best {self.known.cost:,.0f}, {seconds:.1f} s"
        self.say(Sign(f"{phase} {self.iterations}: {found}", gap=self.gap))


def as_given(hours: Hours, amounts: np.ndarray) -> Given:
    """What is given to the hours, in their order, by name."""
    links = {(kind, key): a for (kind, key), a in zip(hours.given, amounts.tolist(), strict=True) if kind != "held"}
    held = {key: a for (kind, key), a in zip(hours.given, amounts.tolist(), strict=True) if kind == "held"}
    return Given(links, held)
