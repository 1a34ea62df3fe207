"""A tree planned: each leaf alone, the tree as one programme, the plan of each leaf, what knowing is worth, and what it costs
to be wrong: the first decisions of a plan kept, whichever future comes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from threadpoolctl import threadpool_limits

from models.case import Case, Uncertainty
from models.errors import CaseError
from models.inputs import TypicalDays, resolve
from planner.clock import Clock, Progress
from planner.days import choose_days
from planner.futures.tree import ROOT, Tree
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import SOLVING, step_of
from planner.ledger.ledger import check_plan
from planner.machine.stopping import TIME_LIMIT, Watch, watched
from planner.plan import ABSOLUTE_GAP, BUSINESS, LEAST_COST, PLANS, REFERENCE, TARGET, Plan, Run
from planner.planning.base_of import base_of
from planner.planning.memory import check_memory
from planner.planning.relations import abatement, goal_cost, related
from planner.planning.run import Options
from planner.planning.strategy import columns, has_many_orders, plans_whole
from planner.planning.task import Task
from planner.planning.variants import is_asked_more
from planner.recourse.decomposed import Search, TreeMethod, alone, whole_only
from planner.recourse.merged import Leaf, columns_of, make_leaves, merged, operations_of
from planner.recourse.programme import Found, cvar, expected, risk
from planner.recourse.result import EXPECTED, LEAST_REGRET, Candidates, FirstOrder, NodeOrder, Regret, TreePlan, best_of, candidates
from planner.solve import measure

# --- paths -----------------------------------------------------------------------------------------------------------------
# The plan of each leaf as a run of its own: what a plan of one future would be, for the path of the leaf.

#: What is said of the plan of a leaf, whose bound is that of a future known from the start.
ON_PATH = "one path of a plan for {count} futures; what is proven is that no plan of this future alone costs less than the bound"


def leaf_runs(search: Search, best: Found) -> dict[str, Run]:
    """By leaf: the target plan, and the plans that it is compared with, which are plans for the tree too, by expected cost."""
    plans: dict[str, dict[str, Plan]] = {leaf.name: {TARGET: _plan(search, leaf, TARGET, best)} for leaf in search.leaves}
    if search.options.compare and not search.clock.watch.is_over():
        for name in (LEAST_COST, REFERENCE):
            found = search.search(name)
            for leaf in search.leaves:
                plans[leaf.name][name] = _plan(search, leaf, name, found)
        for leaf in search.leaves:  # nothing is decided in it: each leaf is by itself
            plans[leaf.name][BUSINESS] = _usual(search, leaf)
    return {leaf.name: _run(search, leaf, plans[leaf.name]) for leaf in search.leaves}


def _task(search: Search, leaf: Leaf) -> Task:
    return Task(leaf.inputs, search.case.park.currency, search.options.gap, search.clock, search.days)


def _plan(search: Search, leaf: Leaf, name: str, found: Found) -> Plan:
    """The path of a leaf as a plan, of which the ledger approves."""
    if not found.has_point:
        return _task(search, leaf).no_plan(name, found.status)
    search.stand(leaf, found)
    leaf.matrix.load(found.values[search.found.places[leaf.name]])
    return _read(search, leaf, name)


def _usual(search: Search, leaf: Leaf) -> Plan:
    found = alone(leaf, search.limits, BUSINESS, search.operations)
    if not found.has_point:
        return _task(search, leaf).no_plan(BUSINESS, found.status)
    search.stand(leaf, found)
    leaf.matrix.load(found.values)
    return _read(search, leaf, BUSINESS)


def _read(search: Search, leaf: Leaf, name: str) -> Plan:
    """The plan that stands in the variables of a leaf."""
    plan = _task(search, leaf).as_plan(name, "feasible", -math.inf, leaf.model)
    note = Message(ON_PATH, count=len(search.leaves)) if name == TARGET else ""
    bound = search.best[leaf.name].bound
    if name == TARGET and search.days is None and math.isfinite(bound):
        plan = plan.with_bound(bound, search.options.gap)
    with search.clock.step("checking", name):
        check_plan(leaf.case, plan, search.base, 0.0, name != BUSINESS and any(row.from_year is None for row in search.tree.rows))
    return replace(plan, note=note, verified=search.days is None)


def _run(search: Search, leaf: Leaf, plans: dict[str, Plan]) -> Run:
    """The plans of a leaf, compared."""
    inputs = leaf.inputs
    against = REFERENCE if REFERENCE in plans and plans[REFERENCE].has_tables else LEAST_COST
    if LEAST_COST in plans:
        own = related(plans, search.options.gap, not is_asked_more(inputs))
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

#: Table of a plan -> columns of what is ordered, how much, its unit, and the money paid for it; None: 1. What is paid for planting
#: stands in costs.csv (`PLANTING`).
TABLES: Mapping[str, tuple[str, str | None, str | None, str]] = {
    "investments": ("technology", "build", "unit", "capital_cost"),
    "measures": ("measure", None, None, "capital_cost"),
    "restoration": ("project", "value", "unit", "paid"),
}
#: Item of costs.csv: what is paid for planting.
PLANTING = "restoration"
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
    for kind, (name, amount, unit, money) in TABLES.items():
        rows = tables.get(kind)
        if rows is None or rows.empty:
            continue
        if kind == "investments":
            rows = rows[rows["committed"] == 0]
        elif kind == "restoration":
            rows = rows[rows["item"] == "planted"]
            rows = rows.assign(paid=_paid(tables, rows))
        for row in rows.to_dict("records"):
            size = float(row[amount]) if amount else 1.0
            if size > SAME:
                yield (
                    kind,
                    int(row["year"]),
                    str(row[name]),
                    size,
                    str(row[unit]) if unit else "1",
                    float(row[money]),
                )
    yield from _contracts(tables)


def _paid(tables: Mapping[str, Any], rows: Any) -> list[float]:
    """What is paid for each planting (money)."""
    costs = tables["costs"]
    own = {(r["name"], r["year"]): float(r["value"]) for r in costs[costs["item"] == PLANTING].to_dict("records")}
    return [own.get(key, 0.0) for key in zip(rows["project"], rows["year"], strict=True)]


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

#: What is said where whole numbers were relaxed.
RELAXED = mark(
    "recourse = relaxed: the first orders were looked for with any numbers for the whole ones after the first branching; what "
    "follows them was then decided in whole numbers, and the bound is that of the search"
)
#: Said where the time was over before all was found.
NO_TIME = mark("the time was over before the value of knowing and the regrets were found")
#: Above this many columns a tree is solved by decomposition, or where the park alone has many yes-or-no orders (`has_many_orders`).
MANY = 200_000
SIZE = mark("the tree has {count} columns as one programme, which may take long; plan on fewer days (--days), or say --time-limit")
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

    Raises CaseError where the case shows itself wrong only now, or does not fit into memory as one programme, and SolverError.
    """
    assert case.goal is not None and case.futures, "a tree needs a goal and futures"
    clock = Clock(progress, watch or Watch(options.time_limit))
    with watched(clock.watch), threadpool_limits(1, user_api="blas"):
        plan = _planned(case, terms or case.park.futures, options, clock, days)
    is_over = clock.watch.is_over()
    return replace(plan, ended=clock.watch.reason or (TIME_LIMIT if is_over else ""), time_limit=clock.watch.limit)


def _planned(case: Case, terms: Uncertainty, options: Options, clock: Clock, days: TypicalDays | None) -> TreePlan:
    search = begin(case, terms, options, clock, days)
    if search.method is None:
        search.solve_leaves()
        optimum = None
    else:
        search.find_start()
        optimum = search.search(TARGET)
        search.solve_leaves(optimum)
    plan = TreePlan(
        "infeasible",
        search.tree,
        terms,
        case,
        {leaf.name: leaf.case for leaf in search.leaves},
        typical_days=search.days.count if search.days else 0,
        size=search.found.matrix.size,
    )
    blocking = tuple(name for name, found in search.best.items() if found.status == "infeasible")
    if blocking:
        return replace(plan, blocking=blocking, seconds=clock.seconds)
    optimum = search.bounded(optimum or search.search(TARGET))
    costs = search.known
    best = optimum
    if terms.objective == "regret" and not search.is_known:
        best = replace(optimum, status="failed")
    elif terms.objective != "expected" and optimum.has_point:
        with clock.step(step_of(SOLVING, TARGET)):
            best = _better(search, search.least(terms, costs, optimum), optimum)
    if best.has_point and terms.recourse == "relaxed":
        best = _completed(search, best)
    if not best.has_point:
        failed = tuple(leaf.name for leaf in search.leaves if leaf.name not in search.known)
        return replace(plan, status=best.status, alone_failed=failed, seconds=clock.seconds)
    return _valued(search, plan, best, optimum)


def _better(search: Search, found: Found, optimum: Found) -> Found:
    """What was found, or the plan of least expected cost where that has less of what is minimised: a search that was stopped."""
    if not found.has_point or search.terms.recourse == "relaxed":
        return found
    share = {leaf.name: leaf.probability for leaf in search.leaves}
    return replace(best_of([found, optimum], search.terms, share, search.known), bound=found.bound)


def _completed(search: Search, found: Found) -> Found:
    """The first orders of a relaxed search kept, everything after them decided in whole numbers; with the bound of the search."""
    fixed = {int(i): float(found.values[i]) for i in search.found.decided([ROOT])}
    with search.clock.step(step_of(SOLVING, TARGET)):
        whole = expected(search.found, search.limits, fixed=fixed)
    return replace(whole, bound=found.bound)


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
    reason = whole_only(case, tree, inputs, terms.recourse)
    if reason is not None and options.method == "decomposed":
        raise CaseError.because("--method decomposed: {reason}", reason=reason)
    is_large = has_many_orders(inputs) or columns_of(tree, inputs, MANY) > MANY
    is_whole = reason is not None or plans_whole(options.method, is_large)
    check_memory(inputs, columns(inputs) * len(tree.leaves), is_whole=is_whole, is_tree=True)
    with clock.step("building"):
        leaves = make_leaves(case, tree, base, days, is_whole)
    with clock.step("compiling"):
        found = merged(tree, leaves)
        operations = None if is_whole else operations_of(tree, leaves)
        method = None if operations is None else TreeMethod(found, operations)
    search = Search(case, terms, tree, options, clock, base, days, leaves, found, {}, operations, method)
    if is_whole and len(found.keys) > MANY:
        clock.warn(Message(SIZE, count=f"{len(found.keys):,}"))
    clock.keep_time(plans=0)
    return search


def _measured(search: Search, plan: TreePlan, best: Found, known: Mapping[str, float]) -> TreePlan:
    """The plan with what was minimised, its bound and gap, and its orders; `known`: least cost of each leaf (money)."""
    share = {leaf.name: leaf.probability for leaf in search.leaves}
    objective = risk(search.terms, best.costs, share, known)
    bound = min(best.bound, objective)
    gap = (objective - bound) / max(abs(best.expected(share)), 1e-9)
    return replace(
        plan,
        status="optimal" if search.days is None and gap <= max(search.options.gap, ABSOLUTE_GAP) else "feasible",
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


def _valued(search: Search, plan: TreePlan, best: Found, optimum: Found) -> TreePlan:
    """The plan with what was minimised, its bound, and what knowing and thinking ahead are worth; another plan in its place where
    one that is made for these values has less of what is minimised. The plans that it is compared with come last: they decide
    nothing."""
    is_relaxed, is_over = search.terms.recourse == "relaxed", search.clock.watch.is_over
    made = candidates(search, best, optimum) if search.is_known and not is_relaxed and not is_over() else None
    if made is None or is_over():
        best = best if made is None else made.best
        plan = _measured(search, replace(plan, runs=leaf_runs(search, best)), best, search.known)
        if is_relaxed and search.is_known and not is_over():
            return replace(plan, warnings=(*plan.warnings, Message(RELAXED)), seconds=search.clock.seconds)
        return replace(plan, best={}, warnings=(*plan.warnings, Message(NO_TIME)), seconds=search.clock.seconds)
    share = {leaf.name: leaf.probability for leaf in search.leaves}
    regrets, first_orders = _regret_table(search, made)
    plan = replace(plan, runs=leaf_runs(search, made.best))
    return replace(
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
    return {i: float(found.values[i]) for i in search.found.decided([ROOT]).tolist()}


def _first_orders(search: Search, values: Mapping[int, float]) -> list[FirstOrder]:
    """Equipment and measures among decisions, by year."""
    found = []
    for i, value in values.items():
        family, index = search.found.keys[i][2], search.found.keys[i][4]
        if family in ORDERED and value > SAME:
            assert isinstance(index, tuple)
            found.append(FirstOrder(int(index[-1]), str(index[0]), value))
    return sorted(found)
