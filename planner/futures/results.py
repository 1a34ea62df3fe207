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
# gap, so that one of them may have less of what is minimised. Then it is the plan,
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
        made.append(found)
        if found.has_point:
            costs[leaf.name] = found.costs
        elif found.status != "failed":  # else the time was over: nothing is known of it
            costs[leaf.name] = _kept_alone(search, leaf, fixed)
    mean = _kept_mean(search)
    made = [one for one in (*made, mean) if one.has_point]
    known = {
        name: min(own, *(c[name] for c in (*(one.costs for one in made), *costs.values()))) for name, own in search.known.items()
    }

    def least(objective: str, plans: Sequence[Found]) -> Found:
        return best_of(plans, search.terms.model_copy(update={"objective": objective}), search.share, known)

    chosen = least(search.terms.objective, made)
    if chosen is not best:
        chosen = search.served(chosen)
    chosen = replace(chosen, bound=best.bound) if chosen.has_point else best
    of_regret = [regret, *made] if regret.has_point else made
    return Candidates(chosen, least("expected", [optimum, *made]), least("regret", of_regret), kept, costs, mean, known)


def best_of(made: Sequence[Found], terms: Uncertainty, share: Mapping[str, float], known: Mapping[str, float]) -> Found:
    """The plan with least of what is minimised: the first one, unless another has less by more than rounding."""
    values = [risk(terms, one.costs, share, known) for one in made]
    room = ROUNDING * max(abs(made[0].expected(share)), 1.0)
    return made[0] if values[0] <= min(values) + room else made[values.index(min(values))]


def _kept_mean(search: Search) -> Found:
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
    costs = {leaf.name: search.known[leaf.name]}
    for other in search.leaves:
        if other is not leaf:
            found = search.alone(search.method.alone(other), search.limits, names, search.best[leaf.name].named)
            costs[other.name] = found.costs.get(other.name, INFINITY)
    return costs


# --- paths -----------------------------------------------------------------------------------------------------------------
# The plan of each leaf as a run of its own: what a plan of one future would be, for the path of the leaf.

#: What is said of the plan of a leaf, whose bound is that of a future known from the start.
ON_PATH = "one path of a plan for {count} futures; what is proven is that no plan of this future alone costs less than the bound"


def leaf_runs(search: Search, best: Found) -> dict[str, Run]:
    """By leaf: the target plan, and the plans that it is compared with, which are plans for the tree too, by expected cost; in
    business as usual nothing is decided, each leaf is by itself."""
    plans = {leaf.name: {TARGET: plan} for leaf, plan in _on_paths(search, search.method, TARGET, best)}
    if search.compare and not search.clock.watch.is_over():
        for name in (LEAST_COST, REFERENCE):
            for leaf, plan in _on_paths(search, search.method, name, search.planned(name)):
                plans[leaf.name][name] = plan
        for leaf in search.leaves:
            method, asked = search.method.alone(leaf), (search.limits, search.say(leaf.name), BUSINESS)
            ((_, plans[leaf.name][BUSINESS]),) = _on_paths(search, method, BUSINESS, method.served(method.expected(*asked), *asked))
    return {leaf.name: _run(search, leaf, plans[leaf.name]) for leaf in search.leaves}


def _on_paths(search: Search, method: DecomposedTree, name: str, found: Found) -> Iterator[tuple[Leaf, Plan]]:
    """The path of each leaf as a plan, of which the ledger approves."""
    with watched(Watch(None)):  # what was found is read, though the time is over
        operation = method.operated(found, name) if found.has_point else {}
    for leaf in method.tree.leaves:
        task = Task(leaf.inputs, search.case.park.currency, search.gap, search.clock, search.days)
        if not found.has_point:
            yield leaf, task.no_plan(name, found.status)
            continue
        method.stand(leaf, found, operation)
        plan, bound = task.as_plan(name, "feasible", -math.inf, leaf.model), search.best[leaf.name].bound
        if name == TARGET and search.days is None and math.isfinite(bound):
            plan = plan.with_bound(bound, search.gap)
        with search.clock.step("checking", name):
            check_plan(leaf.case, plan, search.base, 0.0, name != BUSINESS and search.tree.has_undated)
        note = Message(ON_PATH, count=len(search.leaves)) if name == TARGET else ""
        yield leaf, replace(plan, note=note, verified=search.days is None)


def _run(search: Search, leaf: Leaf, plans: dict[str, Plan]) -> Run:
    """The plans of a leaf, compared."""
    inputs, discount = leaf.inputs, leaf.inputs.finance.discount
    against = REFERENCE if REFERENCE in plans and plans[REFERENCE].has_tables else LEAST_COST
    if LEAST_COST in plans:
        own = related(plans, search.gap, not is_asked_more(inputs))
        plans |= {name: own[name] for name in (LEAST_COST, REFERENCE) if plans[name].status == "failed"}
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
        ranges=measure({0: leaf.matrix}).facts(),
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
    kept = {*case.kept.measures, *((name, y) for name, y, _ in case.kept.planting)}
    found: dict[tuple[str, int, str, str], NodeOrder] = {}
    for leaf, run in runs.items():
        for kind, y, item, build, unit, money in (*_ordered(run.target.tables), *_contracts(run.target.tables)):
            node = tree.node(leaf, y)
            share = sum(tree.probability(other) for other in tree.leaves if tree.node(other, y) == node)
            if kind == "contracts" or (item, y) not in kept:
                found.setdefault((node, y, kind, item), NodeOrder(node, y, kind, item, build, unit, money, share))
    return sorted(found.values(), key=lambda o: (o.year, o.node, -o.capital_cost, o.item))


def _ordered(tables: Mapping[str, Any]) -> Iterator[tuple[str, int, str, float, str, float]]:
    for row in decisions_of(tables).itertuples(index=False):
        if row.action in TABLES and not row.signed and row.value > SAME:
            yield TABLES[row.action], int(row.year), row.name, float(row.value), str(row.unit), float(row.money)


def _contracts(tables: Mapping[str, Any]) -> Iterator[tuple[str, int, str, float, str, float]]:
    """Contracted capacity where it begins or grows."""
    rows = tables.get("contracts")
    if rows is None or rows.empty:
        return
    rows = rows[rows["item"] == "contracted"].sort_values("year")
    before = rows.groupby("supply")["value"].shift(fill_value=0.0)
    for row in rows[rows["value"] > before + SAME].itertuples(index=False):
        yield "contracts", int(row.year), str(row.supply), float(row.value), str(row.unit), 0.0


# --- run -------------------------------------------------------------------------------------------------------------------

#: Said where the time was over before all was found.
NO_TIME = mark("the time was over before the value of knowing and the regrets were found")
#: Families of decisions that are orders of equipment and of measures.
ORDERED = ("build", "adopt")


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
        blocking=tuple(name for name, found in search.best.items() if found.status == "infeasible"),
        typical_days=search.days.count if search.days else 0,
        size=search.method.tree.matrix.size,
    )
    if plan.blocking:
        return replace(plan, seconds=clock.seconds)
    best = optimum = search.bounded(optimum)
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
    is_over = clock.watch.is_over
    made = candidates(search, best, optimum) if search.is_known and not is_over() else None
    if made is not None:
        best, made = made.best, None if is_over() else made
    return _valued(search, plan, best, optimum, made)


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


def _valued(search: Search, plan: TreePlan, best: Found, optimum: Found, made: Candidates | None) -> TreePlan:
    """The plan with what was minimised, its bound, its orders, and what knowing and thinking ahead are worth; not the latter where
    the time was over (`made` None). The plans that it is compared with come last: they decide nothing.

    Where it was searched on segments, costs are told on full days: what else is compared with it, and bounds, are as much dearer in
    each future as the plan is there, so that differences of costs are those of the search.
    """
    share, terms = search.share, search.terms
    known = search.known if made is None else made.known
    runs = leaf_runs(search, best)
    more = dict.fromkeys(best.costs, 0.0)
    if search.method.operations.on_segments:
        more = {name: (run.target.system_cost or best.costs[name]) - best.costs[name] for name, run in runs.items()}
    mean = sum(share[name] * by for name, by in more.items())

    def on_full_days(costs: Mapping[str, float]) -> dict[str, float]:
        return {name: cost + more[name] for name, cost in costs.items()}

    costs, least, bounds = map(on_full_days, (best.costs, known, {name: own.bound for name, own in search.best.items()}))
    objective = risk(terms, costs, share, least)
    left_open = max(risk(terms, best.costs, share, known) - best.bound, 0.0)
    gap = left_open / max(abs(best.expected(share)), 1e-9)
    plan = replace(
        plan,
        status="optimal" if search.days is None and gap <= max(search.gap, ABSOLUTE_GAP) else "feasible",
        runs=runs,
        costs=costs,
        best_bound=bounds,
        objective=objective,
        bound=objective - left_open,
        gap=gap,
        cvar=cvar(costs, share, terms.tail),
        orders=orders_of(search.tree, runs, search.case),
        warnings=tuple(search.clock.warnings),
        seconds=search.clock.seconds,
    )
    if made is None:
        return replace(plan, warnings=(*plan.warnings, Message(NO_TIME)))
    first = {EXPECTED: _decided(search, made.expected), LEAST_REGRET: _decided(search, made.least_regret), **made.kept}
    of_plans = {EXPECTED: made.expected.costs, LEAST_REGRET: made.least_regret.costs, **made.costs}
    return replace(
        plan,
        best=least,
        wait_and_see=sum(share[name] * cost for name, cost in least.items()),
        expected_optimum=made.expected.expected(share) + mean,
        expected_bound=optimum.bound + mean,
        mean_cost=None if made.mean.status == "failed" else made.mean.expected(share) + mean,
        mean_bound=made.mean.bound + mean,
        first_orders={name: _first_orders(search, values) for name, values in first.items()},
        regrets=[Regret(p, name, cost, least[name]) for p, own in of_plans.items() for name, cost in on_full_days(own).items()],
    )


def _decided(search: Search, found: Found) -> dict[int, float]:
    """The decisions before the first branching."""
    return {i: float(found.values[i]) for i in search.method.tree.decided(ROOT)}


def _first_orders(search: Search, values: Mapping[int, float]) -> list[FirstOrder]:
    """Equipment and measures among decisions, by year."""
    keys = ((search.method.tree.keys[i], value) for i, value in values.items() if value > SAME)
    named: list[tuple[Any, float]] = [(key[4], value) for key, value in keys if key[2] in ORDERED]
    return sorted(FirstOrder(int(index[-1]), str(index[0]), value) for index, value in named)
