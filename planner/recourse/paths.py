"""The plan of each leaf as a run of its own: what a plan of one future would be, for the path of the leaf."""

from __future__ import annotations

import math
from dataclasses import replace

from planner.language.message import Message
from planner.ledger.ledger import check_plan
from planner.plan import BUSINESS, LEAST_COST, PLANS, REFERENCE, TARGET, Plan, Run
from planner.planning.relations import abatement, goal_cost, related
from planner.planning.task import Task
from planner.planning.variants import is_asked_more
from planner.recourse.leaf import Leaf
from planner.recourse.programme import Found
from planner.recourse.search import Search, alone
from planner.solve import measure

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
