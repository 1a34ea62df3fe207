r"""A lower bound of the cost of a park over all hours of all years, raised until it is near the cost of a known plan.

A cutting-plane method (Kelley, 1960) on the outer approximation (`outer`), stabilised:

1. Cuts of every year at the known plan (`cuts`).
2. The optimum of the outer approximation is a lower bound. Operations with a unit out are solved at it, on the stress days; what
   is unserved gives a row that every plan keeps (`OutageCuts`), and the optimum is found anew. Ends if it is within the gap of the
   cost of the plan.
3. A trial point: first an interior point of a level set within a trust region around the plan (Pecci and Jenkins, 2024); once the
   optimum in the region is near the cost of the plan (`REGION_DONE`), or the bound rises no more, a point between a centre,
   at first the plan, and the optimum of the outer approximation (in-out separation, Ben-Ameur and Neto, 2007), nearer to the
   optimum where the cuts are exact; the centre follows the trials.
4. Prices of the totals: duals of the outer approximation with its linking variables fixed at the trial.
5. Some of the years (about `PRICED`, in turn) are solved month by month at these prices, which gives cuts for all years of their
   structure. Back to 2.
6. Where the relaxed outer approximation gives no more, branch and bound with its integers gives bound and trial points.

Where plants are committed, all of this is done without commitment first, which is quicker, until that gives little more; what it
leaves (`BoundWarmStart`) takes the place of 1 then.

Trials are made near the plan, since months are solved slowly at points far from it, and a cut says little far from its trial; no
trial becomes a plan. Returns the bound; whatever ends the work, `LowerBound.bound` holds the best so far. Raises Stopped where the
watch in force ends it, SolverError where HiGHS gives no answer, BoundError where the bound is above the cost of the plan.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.dot import dot
from models.errors import BoundError
from models.inputs import Inputs
from models.park import build_master
from planner.language.message import Message
from planner.language.progress import BEST, NO_OPTIMUM, TRIAL, phase
from planner.language.sign import Sign
from planner.solve.bound.cuts import HoursCut
from planner.solve.bound.outer import OuterApproximation, RuleKey
from planner.solve.bound.outer_solver import OuterSolver, units
from planner.solve.bound.rates import Rates
from planner.solve.bound.total_limits import total_limits
from planner.solve.bound.warm_start import BoundWarmStart, CutNames
from planner.solve.handover.answer import Answer
from planner.solve.handover.matrix import INFINITY
from planner.solve.hours.months import MONTHS, Hours, LinkValues
from planner.solve.hours.operator import Operator
from planner.solve.year.outage_cuts import OutageCuts
from planner.solve.year.penalties import penalties
from planner.solve.year.subproblem import SLACK_TOLERANCE
from planner.solve.year.template import Total

#: Radius of the trust region, as a share of the largest value of each linking variable in any year.
RADIUS = 0.1
#: The trust region is left once the optimum in it is nearer to the plan's cost than this share of the gap asked for.
REGION_DONE = 0.85
#: The cuts are exact at a trial if its cost exceeds theirs by at most this share of the gap.
EXACT = 0.1
#: Where the level lies between bound (0) and cost (1).
LEVEL = 0.3
#: Where trials without trust region lie between the centre (0) and the optimum of the outer approximation (1); and what share of
#: the way to a trial the centre follows it: the plan has whole numbers, and the relaxed optimum, near which cuts are wanted, is
#: elsewhere.
STEP, FOLLOW = 0.4, 0.25
#: The months of at most about this many years are solved at a trial.
PRICED = 7
#: A cut becomes a row where it is violated by this share of what the gap allows a year.
VIOLATED = 0.02
#: Trials without a rise of the bound by `BETTER` of the gap, after which integers are tried, or the work ends.
STALLED, BETTER = 12, 0.02
#: The same where commitment is proven in two steps, and of branch and bound, which takes half a minute each time.
STALLED_SOON = 2
#: Most times that an optimum is found anew because operations with a unit out gave new rows.
SEPARATIONS = 10
#: A price of a total below this is none: any prices give a cut, and coefficients of like size are solved well   money/MWh, money/t
NO_PRICE = 1e-3
#: The bound is lowered by this (relative) for the tolerances of HiGHS; a bound above the cost by more than `CROSSED` is a fault.
TOLERANCE, CROSSED = 1e-6, 1e-5


@dataclass
class KnownPlan:
    """The plan that the bound is for.

    decisions  values of the master's variables, with the energy held at month ends, by family and index
    prices     of the totals, by year, to start from
    contracted capacity of each contract, by year, in the order of `Hours.contracts`   MW
    cost       in all hours   money
    allowed    its violation of rules: (stage, metric, sense) -> in units of the rule's row, by year
    """

    decisions: Mapping[tuple[str, Any], float]
    prices: Mapping[int, Mapping[Total, float]]
    contracted: Mapping[int, np.ndarray]
    cost: float
    allowed: Mapping[int, Mapping[RuleKey, float]]


class LowerBound:
    """The method; `bound` is the best so far, whatever ends the work (money)."""

    def __init__(
        self,
        inputs: Inputs,
        operator: Operator,
        known: KnownPlan,
        gap: float,
        say: Callable[[str], None],
        warm_start: BoundWarmStart | None = None,
    ) -> None:
        """inputs   on every hour, as the operator has them
        gap      relative, of the cost of the known plan
        warm_start  what a bound without commitment leaves
        """
        self.inputs, self.operator, self.known, self.gap_asked, self.say = inputs, operator, known, gap, say
        self.bound, self.iterations, self.began = -INFINITY, 0, time.perf_counter()
        self.uses_region, self.step = True, STEP
        operator.absent = frozenset()  # cuts hold for all assets that could be built
        self.hours = hours = {y: operator.hours(y) for y in inputs.years}
        structures = {id(own): own for own in hours.values()}
        rates = {key: Rates(own, [y for y in inputs.years if hours[y] is own]) for key, own in structures.items()}
        most = {key: total_limits(own) for key, own in structures.items()}
        self.rates = {y: rates[id(own)] for y, own in hours.items()}
        self.cost = {y: own.cost_of(operator.inputs, y)[0] for y, own in hours.items()}
        most_in = {y: most[id(own)] for y, own in hours.items()}
        self.outer = outer = OuterApproximation(inputs, build_master(inputs, MONTHS), hours, self.rates, most_in, known.allowed)
        count = len(inputs.years)
        unit = units(outer, self.rates, abs(known.cost) / count)
        self.solver = OuterSolver(outer, hours, VIOLATED * self.gap_in_money / count, unit)
        self.outages = OutageCuts(inputs, outer.model, outer.of_decisions, self.solver)
        self.names = [(variable.parent_component().local_name, variable.index()) for variable in outer.columns]
        centre, count = known.decisions if warm_start is None else warm_start.centre, outer.decisions
        values = np.array([centre.get(name, 0.0) for name in self.names])
        self.centre = np.clip(values, outer.matrix.lower[:count], outer.matrix.upper[:count])
        self.is_begun = warm_start is not None
        if warm_start is not None:
            self.uses_region = False
            warm_start.give(self.solver.cuts, self._cut_names())

    @property
    def gap_in_money(self) -> float:
        """The gap asked for, in money."""
        return self.gap_asked * max(abs(self.known.cost), 1e-9)

    @property
    def gap(self) -> float:
        """Relative gap between the cost of the known plan and the bound."""
        return (self.known.cost - self.bound) / max(abs(self.known.cost), 1e-9)

    def warm_start(self) -> BoundWarmStart:
        """What a bound with commitment goes on from."""
        names, cuts = self._cut_names(), self.solver.cuts
        each = {cuts.structure[y]: own for y, own in names.items()}
        centre = dict(zip(self.names, self.centre.tolist(), strict=True))
        return BoundWarmStart([(own, cuts.cuts[key]) for key, own in each.items()], centre)

    def _cut_names(self) -> dict[int, CutNames]:
        return {y: CutNames.of(y, self.hours, self.rates) for y in self.inputs.years}

    def run(self, trials: int | None = None, is_first: bool = False) -> float:
        """Raise the bound until it is within the gap, it rises no more, or `trials` are made; returns it. `is_first`: another one
        goes on from it, so that it ends once it rises little, without branch and bound."""
        if not self.is_begun:
            self._price_known_plan()
        since, before = 0, -INFINITY
        while True:
            optimum = self._optimum()
            if optimum.status != "optimal":
                self.say(Message(NO_OPTIMUM, status=optimum.status))
                return self.bound
            self._take_bound(optimum.objective)
            self._tell("all hours")
            since, before = (0, self.bound) if self.bound > before + BETTER * self.gap_in_money else (since + 1, before)
            if self.uses_region and since > STALLED:
                self.uses_region, since = False, 0
            is_settled = (is_first or self.is_begun) and not self.uses_region
            if self.gap <= self.gap_asked or since > (STALLED_SOON if is_settled else STALLED):
                break
            if trials is not None and self.iterations >= trials:
                return self.bound
            is_exact = self._try(self._trial(optimum)) <= EXACT * self.gap_in_money
            if not is_exact:
                self.step = STEP
            elif self.uses_region:
                self.uses_region = False
            else:
                self.step = (1 + self.step) / 2
        if self.gap > self.gap_asked and self.outer.matrix.integer.any() and not is_first:
            self._branch_and_bound()
        return self.bound

    def _optimum(self) -> Answer:
        """The optimum of the outer approximation, found anew with the rows of operations with a unit out that it violates, at most
        `SEPARATIONS` times. Each of these optima is a lower bound."""
        answer = self.solver.optimum()
        for _ in range(SEPARATIONS):
            if answer.status != "optimal" or self.outages.add_rows_at(answer.values).most <= SLACK_TOLERANCE:
                break
            answer = self.solver.optimum()
        return answer

    def _price_known_plan(self) -> None:
        """A cut of every year, at the known plan."""
        for y in reversed(self.inputs.years):
            hours, prices = self.hours[y], self.known.prices.get(y, {})
            contracted = self.known.contracted.get(y, np.zeros(len(hours.contracts)))
            self.price(y, self.centre, np.array([prices.get(total, 0.0) for total in hours.totals]), contracted)

    def _take_bound(self, bound: float) -> None:
        """Take a bound. Raises BoundError where it is above the cost of the known plan: then one of the two is wrong."""
        bound -= TOLERANCE * abs(bound)
        if bound > self.known.cost + CROSSED * abs(self.known.cost):
            both = Message("{bound}, is above the cost of a plan, {cost}", bound=f"{bound:,.0f}", cost=f"{self.known.cost:,.0f}")
            raise BoundError.because("the lower bound of all hours, {both}: a fault of the program", both=both)
        self.bound = max(self.bound, min(bound, self.known.cost))

    def _trial(self, optimum: Answer) -> np.ndarray:
        """The next trial: in the trust region, or between the plan and the optimum of the outer approximation."""
        if self.uses_region:
            self.solver.set_trust_region(self.centre, RADIUS)
            try:
                in_region = self.solver.optimum()
                if in_region.status == "optimal" and in_region.objective < self.known.cost - REGION_DONE * self.gap_in_money:
                    return self._inside(in_region)
            finally:
                self.solver.drop_trust_region()
            self.uses_region = False
        point, count = optimum.values.copy(), self.outer.decisions
        point[:count] = self.centre + self.step * (point[:count] - self.centre)
        return point

    def _inside(self, optimum: Answer) -> np.ndarray:
        """An interior point of the level set between an optimum and the cost of the known plan."""
        inside = self.solver.interior_point(optimum.objective + LEVEL * max(self.known.cost - optimum.objective, 0.0))
        return optimum.values if inside is None else inside

    def _try(self, point: np.ndarray) -> float:
        """Price some years at a point, and let the centre follow; returns by how much the cuts were too low there (money)."""
        answer = self.solver.prices_at(point)
        if not self.uses_region:
            self.centre = self.centre + FOLLOW * (answer.values[: self.outer.decisions] - self.centre)
        return self._price_some(answer)

    def _price_some(self, answer: Answer) -> float:
        """Price some years, in turn, at a point; returns by how much the cuts so far were too low there, scaled to all years
        (money)."""
        assert answer.row_duals is not None
        every, gained = -(-len(self.inputs.years) // PRICED), 0.0
        for i, y in enumerate(reversed(self.inputs.years)):
            if (i + self.iterations) % every == 0:
                places, discount = self.outer.places[y], self.inputs.finance.discount[y]
                prices = -answer.row_duals[places.total_rows] / discount
                cut = self.price(y, answer.values, prices, answer.values[places.contracts])
                gained += every * discount * max(cut.violation(places, answer.values), 0.0)
        self.iterations += 1
        return gained

    def price(self, y: int, values: np.ndarray, prices: np.ndarray, contracted: np.ndarray) -> HoursCut:
        """Solve the months of a year at a point, at prices of its totals and this contracted capacity; its cut joins the pool."""
        hours, free = self.hours[y], np.zeros(len(contracted))
        prices = np.where(np.abs(prices) < NO_PRICE, 0.0, prices)
        amounts, contracted = self.outer.links_at(y, values), np.maximum(contracted, 0.0)
        hours.set_year(link_values(hours, amounts), y, self.cost[y], penalties(self.inputs, y)[0], True, contracted)
        columns = list(self.operator.pool.map(lambda month: month.solve(prices, free), hours.months))
        lowest = sum(column.cost + dot(prices, column.totals) for column in columns)
        slope, contract_slope = sum(column.slope for column in columns), sum(column.contract_slope for column in columns)
        constant = lowest - dot(slope, amounts) - dot(contract_slope, contracted)
        cut = HoursCut(self.rates[y].of[y], prices, contract_slope, slope, constant)
        self.solver.cuts.add(y, cut)
        return cut

    def _branch_and_bound(self) -> None:
        """Raise the bound by branch and bound of the outer approximation, with a trial after each, until it rises little."""
        idle = 0
        while idle <= STALLED_SOON:
            before, answer = self.bound, self.solver.branch_and_bound(self.gap_asked / 4)
            if np.isfinite(answer.bound):
                self._take_bound(answer.bound)
            self._tell("whole numbers")
            if not answer.has_point or self.gap <= self.gap_asked:
                return
            idle = 0 if self.bound > before + BETTER * self.gap_in_money else idle + 1
            self.outages.add_rows_at(answer.values)
            self._try(answer.values)

    def _tell(self, name: str) -> None:
        best, seconds = Message(BEST, cost=f"{self.known.cost:,.0f}"), f"{time.perf_counter() - self.began:.1f}"
        words = {"phase": phase(name), "bound": f"{self.bound:,.0f}", "best": best, "seconds": seconds}
        self.say(Sign(Message(TRIAL, count=self.iterations, **words), gap=self.gap))


def link_values(hours: Hours, amounts: np.ndarray) -> LinkValues:
    """Values of linking variables, in the order of `Hours.linking`, by name."""
    links = {(kind, key): a for (kind, key), a in zip(hours.linking, amounts.tolist(), strict=True) if kind != "held"}
    held = {key: a for (kind, key), a in zip(hours.linking, amounts.tolist(), strict=True) if kind == "held"}
    return LinkValues(links, held)
