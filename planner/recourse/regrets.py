"""What it costs to be wrong: the first decisions of a plan kept, whichever future comes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from models.case import Future, Uncertainty
from planner.futures.tree import ROOT, Tree
from planner.plan import TARGET
from planner.recourse.leaf import Leaf
from planner.recourse.merged import merged
from planner.recourse.programme import Found
from planner.recourse.result import EXPECTED, LEAST_REGRET, Regret
from planner.recourse.search import Search
from planner.solve import INFINITY

#: Decisions below this are 0.
NOISE = 1e-7


def kept_orders(search: Search, leaf: Leaf, values: np.ndarray) -> dict[int, float]:
    """The decisions of the years before the first branching of a plan of one future, at their places in the tree; of all years
    where it is never known which future has come.

    values  of the columns of that leaf alone, in the order of its keys
    """
    single = Tree((Future(future=leaf.name, probability=1.0),), search.tree.first_year, search.tree.last_year)
    own = merged(single, [leaf])
    decided = {key[2:]: float(values[i]) for i, key in enumerate(own.keys) if key[0] == "decision"}
    integer = {key[2:] for i, key in enumerate(own.keys) if own.matrix.integer[i]}
    found = {}
    for i in search.found.decided([ROOT]).tolist():
        name = search.found.keys[i][2:]
        value = decided.get(name, 0.0)
        found[i] = float(round(value)) if name in integer else 0.0 if abs(value) < NOISE else value
    return found


def regret_table(search: Search, best: Found, optimum: Found) -> list[Regret]:
    """Rows of regret.csv: the plan of least expected cost, that of least regret, and the first decisions of each leaf's own."""
    known = search.known
    plans: dict[str, Mapping[str, float]] = {EXPECTED: optimum.costs}
    if search.terms.objective == "regret":
        plans[LEAST_REGRET] = best.costs
    else:
        with search.clock.step("looking for the least regret"):
            found = search.least(Uncertainty(objective="regret"), known, optimum)
        if found.has_point:  # within the gap, or the time, the plan of least expected cost may be the better one
            plans[LEAST_REGRET] = min(found.costs, optimum.costs, key=lambda own: max(own[name] - known[name] for name in known))
    for leaf in search.leaves:
        kept = search.search(TARGET, kept_orders(search, leaf, search.best[leaf.name].values))
        if kept.status != "failed":  # the time was over: nothing is known of it
            plans[leaf.name] = kept.costs or dict.fromkeys(known, INFINITY)
    return [Regret(plan, name, cost, known[name]) for plan, costs in plans.items() for name, cost in costs.items()]
