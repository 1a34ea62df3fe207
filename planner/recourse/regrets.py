"""What it costs to be wrong: the first decisions of a plan kept, whichever future comes."""

from __future__ import annotations

from collections.abc import Mapping

from models.case import Uncertainty
from planner.futures.tree import ROOT
from planner.language.progress import SOLVING, step_of
from planner.plan import TARGET
from planner.recourse.leaf import Leaf
from planner.recourse.orders import SAME
from planner.recourse.programme import Found
from planner.recourse.result import EXPECTED, LEAST_REGRET, FirstOrder, Regret
from planner.recourse.search import Search, alone
from planner.solve import INFINITY

#: Families of decisions that are orders of equipment and of measures.
ORDERED = ("build", "adopt")
#: Decisions below this are 0.
NOISE = 1e-7


def kept_orders(search: Search, plan: Found) -> dict[int, float]:
    """The decisions of the years before the first branching of a plan of one future, at their places in the tree; of all years
    where it is never known which future has come."""
    found = {}
    for i in search.found.decided([ROOT]).tolist():
        value = plan.named.get(search.found.keys[i][2:], 0.0)
        found[i] = float(round(value)) if search.found.matrix.integer[i] else 0.0 if abs(value) < NOISE else value
    return found


#: What each plan orders before the first branching, by name of the plan.
FirstOrders = dict[str, list[FirstOrder]]
#: Costs by leaf of a plan, and its first decisions at their places.
Candidate = tuple[Mapping[str, float], Mapping[int, float]]


def regret_table(search: Search, best: Found, optimum: Found) -> tuple[list[Regret], FirstOrders]:
    """Rows of regret.csv: the plan of least expected cost, that of least regret, and the first decisions of each leaf's own; and
    the first orders of each of them.

    The least cost of a leaf is the least that any of them has: within the gap another plan may be cheaper than that of the leaf
    alone. After that the least regret is that of the best of the plans, whichever search found it; where it was the objective it is
    the plan itself.
    """
    plans: dict[str, Mapping[str, float]] = {EXPECTED: optimum.costs}
    candidates: list[Candidate] = [(best.costs, _decided(search, best))]
    if search.terms.objective != "regret":
        with search.clock.step("looking for the least regret"):
            found = search.least(Uncertainty(objective="regret"), search.known, optimum)
        candidates = [(one.costs, _decided(search, one)) for one in (found, optimum) if one.has_point]
    own: dict[str, Mapping[str, float]] = {}
    first = {EXPECTED: _first_orders(search, _decided(search, optimum))}
    for leaf in search.leaves:
        fixed = kept_orders(search, search.best[leaf.name])
        first[leaf.name] = _first_orders(search, fixed)
        kept = search.search(TARGET, fixed, search.best[leaf.name].named)
        if kept.has_point:
            own[leaf.name] = kept.costs
            candidates += [(kept.costs, fixed)] if search.terms.objective != "regret" else []
        elif kept.status != "failed":  # the time was over: nothing is known of it
            own[leaf.name] = _kept_alone(search, leaf, fixed)
    known = {
        name: min(cost, *(costs[name] for costs in (*(costs for costs, _ in candidates), optimum.costs, *own.values())))
        for name, cost in search.known.items()
    }
    plans[LEAST_REGRET], values = min(candidates, key=lambda own: max(own[0][name] - known[name] for name in known))
    first[LEAST_REGRET] = _first_orders(search, values)
    return [Regret(plan, name, cost, known[name]) for plan, costs in (plans | own).items() for name, cost in costs.items()], first


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
