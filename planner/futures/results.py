"""What planning with recourse gives: the plan of each leaf, what was minimised, and what knowing and thinking of it are worth; and
how it is made: each leaf alone, the tree, the first decisions of a plan kept, whichever future comes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from threadpoolctl import threadpool_limits

from models.case import Case, Uncertainty
from models.errors import CaseError
from models.inputs import TypicalDays, resolve
from planner.clock import Clock, Progress
from planner.days import choose_days
from planner.futures.master import (
    HOURS_OF_DAY,
    Leaf,
    compiled,
    cvar,
    make_leaves,
    merged,
    operations_of,
    risk,
)
from planner.futures.paths import mean_case
from planner.futures.search import DecomposedTree, Found, Search, single
from planner.futures.tree import ROOT, Tree
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import CARRIERS, SOLVING, ZONES, step_of, word
from planner.ledger.ledger import check_plan
from planner.machine.stopping import TIME_LIMIT, Watch, watched
from planner.plan import ABSOLUTE_GAP, BUSINESS, LEAST_COST, PLANS, REFERENCE, TARGET, Plan, Run
from planner.planning.base import base_of
from planner.planning.compared import abatement, goal_cost, related
from planner.planning.run import WIDE_GAP, Options
from planner.planning.strategy import check_memory, columns, is_large
from planner.planning.task import Task
from planner.planning.variants import is_asked_more
from planner.solve import INFINITY, measure
from planner.tables.decisions import ADOPT, BUILD, PLANT, decisions_of

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
        """Largest excess of a leaf over its least cost (money); None where nothing was found."""
        if not self.best or not self.costs:
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
# The plans of a tree that are made on the way, and the best of them by what is minimised.
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
    share = search.share
    regret = best
    if search.terms.objective != "regret":
        with search.clock.step("looking for the least regret"):
            regret = search.least(Uncertainty(objective="regret"), search.known, optimum)
    made = [best, optimum, regret]
    kept: dict[str, Mapping[int, float]] = {}
    costs: dict[str, Mapping[str, float]] = {}
    for leaf in search.leaves:
        kept[leaf.name] = fixed = search.kept_orders(search.best[leaf.name])
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
    if chosen is not best:
        chosen = search.served(chosen)
    return Candidates(
        replace(chosen, bound=best.bound) if chosen.has_point else best,
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


def kept_mean(search: Search) -> Found:
    """The plan of least expected cost that keeps the decisions of the mean future before the first branching; infeasible where they
    cannot be kept, failed where the time is over before."""
    case, days = mean_case(search.case, search.leaves, search.days)
    inputs = resolve(case, case.goal, search.base, days)
    leaf = compiled("mean", 1.0, case, inputs, search.leaves[0].inputs.supplies.shared_contracts)
    found = search.alone(search.make(leaf), search.limits, near=search.best[search.likeliest.name].named)
    return search.search(TARGET, search.kept_orders(found), found.named) if found.has_point else found


def _kept_alone(search: Search, leaf: Leaf, fixed: Mapping[int, float]) -> dict[str, float]:
    """By leaf: the cost where the first decisions of one, which cannot be kept in every leaf, are kept and all is known from there
    on; infinite where they cannot be."""
    names = {search.method.tree.keys[i][2:]: value for i, value in fixed.items()}
    costs = {}
    for other in search.leaves:
        if other is leaf:
            costs[other.name] = search.known[leaf.name]
        else:
            method = search.method.alone(other)
            found = search.alone(method, search.limits, kept=names, near=search.best[leaf.name].named)
            costs[other.name] = found.costs.get(other.name, INFINITY)
    return costs


# --- paths -----------------------------------------------------------------------------------------------------------------
# The plan of each leaf as a run of its own: what a plan of one future would be, for the path of the leaf.

#: What is said of the plan of a leaf, whose bound is that of a future known from the start.
ON_PATH = "one path of a plan for {count} futures; what is proven is that no plan of this future alone costs less than the bound"


def leaf_runs(search: Search, best: Found) -> dict[str, Run]:
    """By leaf: the target plan, and the plans that it is compared with, which are plans for the tree too, by expected cost."""
    plans: dict[str, dict[str, Plan]] = {leaf.name: {TARGET: _plan(search, leaf, TARGET, best)} for leaf in search.leaves}
    if search.compare and not search.clock.watch.is_over():
        for name in (LEAST_COST, REFERENCE):
            found = search.planned(name)
            for leaf in search.leaves:
                plans[leaf.name][name] = _plan(search, leaf, name, found)
        for leaf in search.leaves:  # nothing is decided in it: each leaf is by itself
            plans[leaf.name][BUSINESS] = _usual(search, leaf)
    return {leaf.name: _run(search, leaf, plans[leaf.name]) for leaf in search.leaves}


def _task(search: Search, leaf: Leaf) -> Task:
    return Task(leaf.inputs, search.case.park.currency, search.gap, search.clock, search.days)


def _plan(search: Search, leaf: Leaf, name: str, found: Found, method: DecomposedTree | None = None) -> Plan:
    """The path of a leaf as a plan, of which the ledger approves."""
    if not found.has_point:
        return _task(search, leaf).no_plan(name, found.status)
    (method or search.method).stand(leaf, found)
    return _read(search, leaf, name)


def _usual(search: Search, leaf: Leaf) -> Plan:
    method, say = search.method.alone(leaf), search.say(leaf.name)
    found = method.served(method.expected(search.limits, say, BUSINESS), search.limits, say, BUSINESS)
    return _plan(search, leaf, BUSINESS, found, method)


def _read(search: Search, leaf: Leaf, name: str) -> Plan:
    """The plan that stands in the variables of a leaf."""
    plan = _task(search, leaf).as_plan(name, "feasible", -math.inf, leaf.model)
    note = Message(ON_PATH, count=len(search.leaves)) if name == TARGET else ""
    bound = search.best[leaf.name].bound
    if name == TARGET and search.days is None and math.isfinite(bound):
        plan = plan.with_bound(bound, search.gap)
    with search.clock.step("checking", name):
        check_plan(leaf.case, plan, search.base, 0.0, name != BUSINESS and search.tree.has_undated)
    return replace(plan, note=note, verified=search.days is None)


def _run(search: Search, leaf: Leaf, plans: dict[str, Plan]) -> Run:
    """The plans of a leaf, compared."""
    inputs = leaf.inputs
    against = REFERENCE if REFERENCE in plans and plans[REFERENCE].has_tables else LEAST_COST
    if LEAST_COST in plans:
        own = related(plans, search.gap, not is_asked_more(inputs))
        plans = {
            name: own[name] if name in (LEAST_COST, REFERENCE) and plans[name].status == "failed" else plans[name] for name in plans
        }
    discount = inputs.finance.discount
    found = measure({0: leaf.matrix})
    return Run(
        plans={name: plans[name] for name in PLANS if name in plans},
        base=search.base,
        currency=search.case.park.currency,
        typical_days=search.days.count if search.days else 0,
        compared_with=against,
        goal_cost=goal_cost(plans, discount),
        abatement_cost=abatement(plans, against, discount),
        seconds=search.clock.seconds,
        size=leaf.matrix.size,
        ranges=found.facts(),
    )


# --- orders ----------------------------------------------------------------------------------------------------------------
# What is ordered, node by node: the rows of commit.csv.

#: What is ordered -> its table.
TABLES = {BUILD: "investments", ADOPT: "measures", PLANT: "restoration"}
#: Amounts of orders that differ by less are the same.
SAME = 1e-6


def orders_of(tree: Tree, runs: Mapping[str, Run], case: Case) -> list[NodeOrder]:
    """Each order once for its node, with the probability of the leaves that pass through the node in that year; without what the
    park keeps of an earlier run."""
    found: dict[tuple[str, int, str, str], NodeOrder] = {}
    for leaf, run in runs.items():
        for kind, y, item, build, unit, money in _orders(run.target.tables):
            node = tree.node(leaf, y)
            found.setdefault((node, y, kind, item), NodeOrder(node, y, kind, item, build, unit, money, 0.0))
    shares = {
        (o.node, o.year): sum(tree.probability(leaf) for leaf in tree.leaves if tree.node(leaf, o.year) == o.node)
        for o in found.values()
    }
    rows = sorted(found.values(), key=lambda o: (o.year, o.node, -o.capital_cost, o.item))
    return [replace(o, share=shares[o.node, o.year]) for o in rows if not _is_kept(o, case)]


def _is_kept(order: NodeOrder, case: Case) -> bool:
    """True for a measure or a planting of an earlier run that the park keeps."""
    kept = (*case.kept.measures, *((name, y) for name, y, _ in case.kept.planting))
    return order.kind != "contracts" and (order.item, order.year) in kept


def _orders(tables: Mapping[str, Any]) -> Iterator[tuple[str, int, str, float, str, float]]:
    for row in decisions_of(tables).itertuples(index=False):
        if row.action in TABLES and not row.signed and row.value > SAME:
            yield TABLES[row.action], int(row.year), row.name, float(row.value), str(row.unit), float(row.money)
    yield from _contracts(tables)


def _contracts(tables: Mapping[str, Any]) -> Iterator[tuple[str, int, str, float, str, float]]:
    """Contracted capacity where it begins or grows."""
    rows = tables.get("contracts")
    if rows is None or rows.empty:
        return
    own = rows[rows["item"] == "contracted"].sort_values("year")
    before: dict[str, float] = {}
    for row in own.to_dict("records"):
        name, size = str(row["supply"]), float(row["value"])
        if size > before.get(name, 0.0) + SAME:
            yield "contracts", int(row["year"]), name, size, str(row["unit"]), 0.0
        before[name] = size


# --- run -------------------------------------------------------------------------------------------------------------------

#: Said where the time was over before all was found.
NO_TIME = mark("the time was over before the value of knowing and the regrets were found")
#: Families of decisions that are orders of equipment and of measures.
ORDERED = ("build", "adopt")
#: What each plan orders before the first branching, by name of the plan.
FirstOrders = dict[str, list[FirstOrder]]


def plan_tree(
    case: Case,
    options: Options,
    progress: Progress = lambda *_: None,
    watch: Watch | None = None,
    terms: Uncertainty | None = None,
    days: TypicalDays | None = None,
) -> TreePlan:
    """Plan a park whose futures are stated.

    terms  the objective and its figures; left out: those of park.toml
    days   typical days; left out: as many as the options or the park say

    Raises CaseError where the case shows itself wrong only now, or does not fit into memory, and SolverError.
    """
    assert case.goal is not None and case.futures, "a tree needs a goal and futures"
    clock = Clock(progress, watch or Watch(options.time_limit))
    with watched(clock.watch), threadpool_limits(1, user_api="blas"):
        plan = _planned(case, terms or case.park.futures, options, clock, days)
    is_over = clock.watch.is_over()
    return replace(plan, ended=clock.watch.reason or (TIME_LIMIT if is_over else ""), time_limit=clock.watch.limit)


def _planned(case: Case, terms: Uncertainty, options: Options, clock: Clock, days: TypicalDays | None) -> TreePlan:
    search = begin(case, terms, options, clock, days)
    search.find_start()
    optimum = search.planned(TARGET)
    search.solve_leaves(optimum)
    plan = TreePlan(
        "infeasible",
        search.tree,
        terms,
        case,
        {leaf.name: leaf.case for leaf in search.leaves},
        typical_days=search.days.count if search.days else 0,
        size=search.method.tree.matrix.size,
    )
    blocking = tuple(name for name, found in search.best.items() if found.status == "infeasible")
    if blocking:
        return replace(plan, blocking=blocking, seconds=clock.seconds)
    optimum = search.bounded(optimum)
    best = optimum
    if terms.objective == "regret" and not search.is_known:
        best = replace(optimum, status="failed")
    elif terms.objective != "expected" and optimum.has_point:
        with clock.step(step_of(SOLVING, TARGET)):
            found = search.least(terms, search.known, optimum)
        if found.has_point and (served := search.served(found)).has_point:
            best = replace(best_of([served, optimum], terms, search.share, search.known), bound=found.bound)
        else:  # a search that was stopped
            best = replace(optimum, bound=found.bound) if found.has_point else found
    if not best.has_point:
        failed = tuple(leaf.name for leaf in search.leaves if leaf.name not in search.known)
        return replace(plan, status=best.status, alone_failed=failed, seconds=clock.seconds)
    return _valued(search, plan, best, optimum)


def begin(case: Case, terms: Uncertainty, options: Options, clock: Clock, days: TypicalDays | None = None) -> Search:
    """The leaves and their tree, built and compiled."""
    tree = Tree.of(case.futures, case.park)
    count = case.park.typical_days if options.days is None else options.days
    with clock.step("choosing typical days"):
        days = choose_days(case, count) if days is None else days
    own = case.model_copy(update={"futures": (), "future_values": ()})
    with clock.step("computing base emissions"):
        base = case.park.base_emissions or base_of(own, clock.warn)
    with clock.step("resolving inputs"):
        inputs = resolve(own, own.goal, base, days)
    if options.method == "whole":
        raise CaseError.because("--method whole: a plan for several futures is made year by year; leave it out")
    check_memory(inputs, columns(inputs) * len(tree.leaves), is_whole=False, is_tree=True)
    on_segments = is_large(inputs) and days is not None

    def method_of(of: Tree, leaves: Sequence[Leaf]) -> DecomposedTree:
        return DecomposedTree(merged(of, leaves), operations_of(of, leaves, options.segments if on_segments else HOURS_OF_DAY))

    def made(leaf: Leaf) -> DecomposedTree:
        only = single(leaf)
        return method_of(only.tree, only.leaves)

    with clock.step("building"):
        leaves = make_leaves(case, tree, base, days)
    with clock.step("compiling"):
        method = method_of(tree, leaves)
    gap = max(options.gap, WIDE_GAP) if options.is_wide and on_segments else options.gap
    clock.keep_time(plans=0)
    return Search(case, terms, tree, gap, options.compare, clock, base, days, leaves, method, made)


def _measured(search: Search, plan: TreePlan, best: Found, known: Mapping[str, float]) -> TreePlan:
    """The plan with what was minimised, its bound and gap, and its orders; `known`: least cost of each leaf (money)."""
    share = search.share
    objective = risk(search.terms, best.costs, share, known)
    bound = min(best.bound, objective)
    gap = (objective - bound) / max(abs(best.expected(share)), 1e-9)
    return replace(
        plan,
        status="optimal" if search.days is None and gap <= max(search.gap, ABSOLUTE_GAP) else "feasible",
        costs=best.costs,
        best=known,
        best_bound={name: found.bound for name, found in search.best.items()},
        objective=objective,
        bound=bound,
        gap=gap,
        cvar=cvar(best.costs, share, search.terms.tail),
        orders=orders_of(search.tree, plan.runs, search.case),
        warnings=tuple(search.clock.warnings),
    )


def _on_full_days(search: Search, plan: TreePlan) -> TreePlan:
    """The plan with its costs on full days, where it was searched on segments of them. What else is compared with it, and bounds,
    are as much dearer in each future as the plan is there: differences of costs are those of the search."""
    more = {name: (run.target.system_cost or plan.costs[name]) - plan.costs[name] for name, run in plan.runs.items()}
    if not search.method.operations.on_segments:
        return plan
    mean = sum(search.share[name] * by for name, by in more.items())
    of_plan = 0.0 if plan.terms.objective == "regret" else mean
    costs = {name: cost + more[name] for name, cost in plan.costs.items()}
    tail = cvar(costs, search.share, plan.terms.tail)
    if plan.terms.objective == "cvar":
        of_plan = (1 - plan.terms.weight) * mean + plan.terms.weight * (tail - plan.cvar)

    def shifted(cost: float | None, by: float = mean) -> Any:
        return None if cost is None else cost + by

    return replace(
        plan,
        costs=costs,
        best={name: cost + more[name] for name, cost in plan.best.items()},
        best_bound={name: bound + more[name] for name, bound in plan.best_bound.items()},
        objective=plan.objective + of_plan,
        bound=plan.bound + of_plan,
        cvar=tail,
        wait_and_see=shifted(plan.wait_and_see),
        expected_optimum=shifted(plan.expected_optimum),
        expected_bound=plan.expected_bound + mean,
        mean_cost=shifted(plan.mean_cost),
        mean_bound=plan.mean_bound + mean,
        regrets=[replace(r, cost=r.cost + more[r.future], least_cost=r.least_cost + more[r.future]) for r in plan.regrets],
    )


def _valued(search: Search, plan: TreePlan, best: Found, optimum: Found) -> TreePlan:
    """The plan with what was minimised, its bound, and what knowing and thinking ahead are worth; another plan in its place where
    one that is made for these values has less of what is minimised. The plans that it is compared with come last: they decide
    nothing."""
    is_over = search.clock.watch.is_over
    made = candidates(search, best, optimum) if search.is_known and not is_over() else None
    if made is None or is_over():
        best = best if made is None else made.best
        plan = _measured(search, replace(plan, runs=leaf_runs(search, best)), best, search.known)
        plan = _on_full_days(search, replace(plan, seconds=search.clock.seconds))
        return replace(plan, best={}, warnings=(*plan.warnings, Message(NO_TIME)))
    share = search.share
    regrets, first_orders = _regret_table(search, made)
    plan = replace(plan, runs=leaf_runs(search, made.best))
    plan = replace(
        _measured(search, plan, made.best, made.known),
        wait_and_see=sum(share[name] * cost for name, cost in made.known.items()),
        expected_optimum=made.expected.expected(share),
        expected_bound=optimum.bound,
        first_orders=first_orders,
        mean_cost=None if made.mean.status == "failed" else made.mean.expected(share),
        mean_bound=made.mean.bound,
        regrets=regrets,
        seconds=search.clock.seconds,
    )
    return _on_full_days(search, plan)


def _regret_table(search: Search, made: Candidates) -> tuple[list[Regret], FirstOrders]:
    """Rows of regret.csv: the plan of least expected cost, that of least regret, and the first decisions of each leaf's own; and
    the first orders of each of them. What was minimised is the plan itself."""
    plans = {EXPECTED: made.expected.costs, LEAST_REGRET: made.least_regret.costs} | dict(made.costs)
    first = {EXPECTED: _first_orders(search, _decided(search, made.expected))}
    first |= {name: _first_orders(search, fixed) for name, fixed in made.kept.items()}
    first[LEAST_REGRET] = _first_orders(search, _decided(search, made.least_regret))
    return [Regret(plan, name, cost, made.known[name]) for plan, costs in plans.items() for name, cost in costs.items()], first


def _decided(search: Search, found: Found) -> dict[int, float]:
    """The decisions before the first branching."""
    return {i: float(found.values[i]) for i in search.method.tree.decided(ROOT)}


def _first_orders(search: Search, values: Mapping[int, float]) -> list[FirstOrder]:
    """Equipment and measures among decisions, by year."""
    found = []
    for i, value in values.items():
        family, index = search.method.tree.keys[i][2], search.method.tree.keys[i][4]
        if family in ORDERED and value > SAME:
            assert isinstance(index, tuple)
            found.append(FirstOrder(int(index[-1]), str(index[0]), value))
    return sorted(found)
