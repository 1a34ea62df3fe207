"""What planning with recourse gives: the plan of each leaf, what was minimised, and what knowing and thinking of it are worth."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from models.case import Case, Uncertainty
from models.inputs import resolve
from planner.futures.tree import ROOT, Tree
from planner.language.message import Message
from planner.language.words import CARRIERS, SOLVING, ZONES, step_of, word
from planner.plan import TARGET, Run
from planner.recourse.decomposed import Search, alone, single
from planner.recourse.merged import Leaf, compiled, mean_case, operations_of
from planner.recourse.programme import Found, risk
from planner.solve import INFINITY

#: Names of the plans of regret.csv that are no leaf's own.
EXPECTED, LEAST_REGRET = "expected", "least regret"


@dataclass(frozen=True)
class Regret:
    """A plan's cost in a future, and the least cost of that future, had it been known from the start (money)."""

    plan: str
    future: str
    cost: float
    least_cost: float

    @property
    def regret(self) -> float:
        """What the plan costs more."""
        return self.cost - self.least_cost


@dataclass(frozen=True)
class NodeOrder:
    """What is ordered in a node: `kind` a table of the output, `when` None: in the root, else the year; probability of
    the leaves in which this order is placed."""

    node: str
    year: int
    kind: str
    item: str
    build: float
    unit: str
    capital_cost: float
    share: float


class FirstOrder(NamedTuple):
    """Equipment or a measure that a plan orders before the first branching; amount in its own unit, 1 of a measure."""

    year: int
    item: str
    amount: float


@dataclass(frozen=True)
class Week:
    """Seven days in a row, from one on (0 = 1 January), and the energy of a carrier that a year leaves unserved, most of it then
    (MWh)."""

    future: str
    year: int
    carrier: str
    zone: str
    first: int
    energy: float

    @property
    def days(self) -> range:
        """The days of the year."""
        return range(self.first, self.first + 7)

    def told(self) -> Message:
        """The week in words."""
        return Message(
            "{future}: {energy} MWh of {carrier} in {zone} cannot be had in {year}, most in the week from day {day}",
            future=self.future,
            energy=f"{self.energy:,.1f}",
            carrier=word(CARRIERS, self.carrier),
            zone=word(ZONES, self.zone),
            year=self.year,
            day=self.first + 1,
        )


@dataclass(frozen=True)
class InAllHours:
    """A leaf operated in all hours with the plan's decisions: its system cost (money; None where they cannot be kept), if all
    demand is met and all rules hold, what is not served, and what is missed: (year, stage, metric, by how much)."""

    future: str
    cost: float | None
    holds: bool
    weeks: Sequence[Week] = ()
    missed: Sequence[tuple[int, str, str, float]] = ()

    @property
    def failure(self) -> str:
        """What is short or missed, in words; empty where it holds."""
        told = [str(week.told()) for week in self.weeks]
        told += [f"{metric} of {stage} is missed in {year} by {amount:.4g}" for year, stage, metric, amount in self.missed]
        return "" if self.holds else "; ".join(told or ["its decisions cannot be kept"])


@dataclass(frozen=True)
class TreePlan:
    """A tree planned.

    status     optimal (on every hour, within the gap asked for), feasible, infeasible, failed
    runs       by leaf, as one plan of its path has them
    costs      system cost by leaf   money;  best  the least cost of each, known from the start;  best_bound  its bound
    objective, bound, gap   of what was minimised; the gap is a share of the expected cost
    cvar, largest_regret   of the plan, whatever was minimised   money
    wait_and_see, expected_optimum, mean_cost   WS, SP and EEV   money; None where they were not found
    mean_bound    bound of the search that found EEV   money
    orders     commit.csv;  regrets  regret.csv
    blocking   leaves that cannot be met even alone
    expected_bound   bound of the least expected cost, whatever was minimised   money
    first_orders   by plan of regrets: what is ordered before the first branching
    ended      why the search was ended from outside ('' where it was not);  time_limit  of the run   s
    alone_failed   leaves of which no plan of their own was found in time
    in_all_hours   leaves operated in all hours, where futures are years of weather
    """

    status: str
    tree: Tree
    terms: Uncertainty
    case: Case
    leaf_cases: Mapping[str, Case] = field(default_factory=dict)
    runs: Mapping[str, Run] = field(default_factory=dict)
    costs: Mapping[str, float] = field(default_factory=dict)
    best: Mapping[str, float] = field(default_factory=dict)
    best_bound: Mapping[str, float] = field(default_factory=dict)
    objective: float = float("nan")
    bound: float = float("nan")
    gap: float = float("nan")
    cvar: float = float("nan")
    wait_and_see: float | None = None
    expected_optimum: float | None = None
    mean_cost: float | None = None
    mean_bound: float = float("nan")
    expected_bound: float = float("nan")
    first_orders: Mapping[str, Sequence[FirstOrder]] = field(default_factory=dict)
    ended: str = ""
    time_limit: float | None = None
    alone_failed: Sequence[str] = ()
    orders: Sequence[NodeOrder] = ()
    regrets: Sequence[Regret] = ()
    blocking: Sequence[str] = ()
    in_all_hours: Sequence[InAllHours] = ()
    typical_days: int = 0
    size: str = ""
    warnings: Sequence[str] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def probability(self) -> dict[str, float]:
        """By leaf."""
        return {name: self.tree.probability(name) for name in self.tree.leaves}

    @property
    def expected_cost(self) -> float:
        """Mean system cost (money)."""
        return sum(self.probability[name] * cost for name, cost in self.costs.items())

    @property
    def largest_regret(self) -> float | None:
        """Largest excess of a leaf over its least cost (money); None where recourse is relaxed or nothing was found."""
        if self.terms.recourse == "relaxed" or not self.best or not self.costs:
            return None
        return max(cost - self.best[name] for name, cost in self.costs.items())

    @property
    def evpi(self) -> float | None:
        """What it would be worth to know from the start (money)."""
        return None if self.wait_and_see is None or self.expected_optimum is None else self.expected_optimum - self.wait_and_see

    @property
    def evpi_range(self) -> tuple[float, float] | None:
        """What the bounds leave the value of knowing (money): at least the bound of SP less WS, and 0; at most SP less the mean of
        the bounds of the leaves, since both SP and WS lie between their bound and what was found."""
        if self.evpi is None or self.wait_and_see is None or self.expected_optimum is None:
            return None
        least = sum(p * min(self.best_bound[name], self.best[name]) for name, p in self.probability.items())
        low = min(self.expected_bound - self.wait_and_see, self.evpi)
        return max(low, 0.0), max(self.expected_optimum - least, self.evpi)

    @property
    def vss(self) -> float | None:
        """What it is worth to have thought of futures (money); infinite where the orders of the mean future cannot be kept."""
        return None if self.mean_cost is None or self.expected_optimum is None else self.mean_cost - self.expected_optimum

    @property
    def vss_range(self) -> tuple[float, float] | None:
        """What the bounds leave the value of having thought of futures (money): at least the bound of EEV less SP, and 0; at most
        EEV less the bound of SP. None where it is not known, or infinite."""
        if self.vss is None or self.mean_cost is None or not math.isfinite(self.vss):
            return None
        low = min(self.mean_bound, self.mean_cost) - (self.mean_cost - self.vss)
        return max(low, 0.0), max(self.mean_cost - self.expected_bound, self.vss, 0.0)


# --- candidates ------------------------------------------------------------------------------------------------------------
# The plans of a tree that are made on the way to what is told of it, and the best of them by what is minimised.
#
# Beside the plan that was searched for, these are plans of the same tree: that of least expected cost, that of least regret, and
# those that keep the decisions before the first branching of one future alone or of the mean future. A search ends within its
# gap, so
# that one of them may have less of what is minimised. Then it is the plan,
#
# .. math::
# x^* \in Q, \qquad \underline f \le f(C_{x^*}) \le f(C_q) \quad \forall q \in Q
#
# with the bound of the search for the plan, which holds for every plan of the tree.
#
# Q  plans made     C  system cost by leaf   money     f  expected cost, cvar or largest regret, and its bound   money
#
# Regret counts from the least cost of a leaf. That is the least of all these plans in the leaf: within the gap one of them may be
# cheaper there than the plan made for the leaf alone. Regret can only rise by that, so its lower bound stays valid.

#: Decisions below this are 0.
NOISE = 1e-7
#: By what share of the expected cost a plan must be better to stand in the place of another: more than rounding.
ROUNDING = 1e-8


@dataclass(frozen=True)
class Candidates:
    """What was made.

    best      that of least of what is minimised, with the bound of the search for it
    expected, least_regret   those of least expected cost and of least regret
    kept      by leaf: the decisions of its plan alone before the first branching, at their places
    costs     by leaf: what keeping them costs in each leaf (money; infinite where they cannot be kept); not where time was over
    mean      the plan that keeps those of the mean future
    known     least cost of each leaf   money
    """

    best: Found
    expected: Found
    least_regret: Found
    kept: Mapping[str, Mapping[int, float]]
    costs: Mapping[str, Mapping[str, float]]
    mean: Found
    known: Mapping[str, float]


def candidates(search: Search, best: Found, optimum: Found) -> Candidates:
    """All plans beside the one that was searched for (`best`) and that of least expected cost (`optimum`)."""
    share = {leaf.name: leaf.probability for leaf in search.leaves}
    regret = best
    if search.terms.objective != "regret":
        with search.clock.step("looking for the least regret"):
            regret = search.least(Uncertainty(objective="regret"), search.known, optimum)
    made = [best, optimum, regret]
    kept: dict[str, Mapping[int, float]] = {}
    costs: dict[str, Mapping[str, float]] = {}
    for leaf in search.leaves:
        kept[leaf.name] = fixed = kept_orders(search, search.best[leaf.name])
        found = search.search(TARGET, fixed, search.best[leaf.name].named)
        if found.has_point:
            costs[leaf.name] = found.costs
            made.append(_light(search, found, best, share))
        elif found.status != "failed":  # the time was over: nothing is known of it
            costs[leaf.name] = _kept_alone(search, leaf, fixed)
    mean = kept_mean(search)
    made = [one for one in (*made, _light(search, mean, best, share)) if one.has_point]
    found_in = [*(one.costs for one in made), *costs.values()]
    known = {name: min(own, *(one[name] for one in found_in)) for name, own in search.known.items()}
    chosen = best_of(made, search.terms, share, known)
    return Candidates(
        replace(chosen, bound=best.bound) if chosen is not best else best,
        best_of([optimum, *made], Uncertainty(objective="expected"), share, known),
        best_of([one for one in (regret, *made) if one.has_point], Uncertainty(objective="regret"), share, known),
        kept,
        costs,
        mean,
        known,
    )


def best_of(made: Sequence[Found], terms: Uncertainty, share: Mapping[str, float], known: Mapping[str, float]) -> Found:
    """The plan with least of what is minimised: the first one, unless another has less by more than rounding."""
    values = [risk(terms, one.costs, share, known) for one in made]
    room = ROUNDING * max(abs(made[0].expected(share)), 1.0)
    return made[0] if values[0] <= min(values) + room else made[values.index(min(values))]


def _light(search: Search, found: Found, best: Found, share: Mapping[str, float]) -> Found:
    """A plan without the values of its years, which take much memory, where it cannot become the one that is chosen."""
    if not found.has_point or search.terms.objective == "regret":  # the least cost of a leaf may still fall
        return found
    is_better = best_of([best, found], search.terms, share, search.known) is found
    return found if is_better else replace(found, operation={})


def kept_orders(search: Search, plan: Found) -> dict[int, float]:
    """The decisions of the years before the first branching of a plan of one future, at their places in the tree; of all years
    where it is never known which future has come."""
    found = {}
    for i in search.found.decided([ROOT]).tolist():
        value = plan.named.get(search.found.keys[i][2:], 0.0)
        found[i] = float(round(value)) if search.found.matrix.integer[i] else 0.0 if abs(value) < NOISE else value
    return found


def kept_mean(search: Search) -> Found:
    """The plan of least expected cost that keeps the decisions of the mean future before the first branching; infeasible where they
    cannot be kept, failed where the time is over before."""
    case, days = mean_case(search.case, search.leaves, search.days)
    with search.clock.step("solving the mean future"):
        is_whole = search.operations is None
        leaf = compiled("mean", 1.0, case, resolve(case, case.goal, search.base, days), is_whole)
        tree = single(leaf)
        operations = None if is_whole else operations_of(tree, [leaf])
        found = alone(leaf, search.limits, operations=operations, near=search.best[search.likeliest.name].named)
        if not found.has_point:
            return found
        fixed = kept_orders(search, found)
    return search.search(TARGET, fixed, found.named)


def _kept_alone(search: Search, leaf: Leaf, fixed: Mapping[int, float]) -> dict[str, float]:
    """By leaf: the cost where the first decisions of one, which cannot be kept in every leaf, are kept and all is known from there
    on; infinite where they cannot be."""
    names = {search.found.keys[i][2:]: value for i, value in fixed.items()}
    costs = {}
    for other in search.leaves:
        if other is leaf:
            costs[other.name] = search.known[leaf.name]
        else:
            with search.clock.step(step_of(SOLVING, other.name)):
                found = alone(other, search.limits, operations=search.operations, kept=names, near=search.best[leaf.name].named)
            costs[other.name] = found.costs.get(other.name, INFINITY)
    return costs
