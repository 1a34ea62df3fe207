r"""The plans of a tree that are made on the way to what is told of it, and the best of them by what is minimised.

Beside the plan that was searched for, these are plans of the same tree: that of least expected cost, that of least regret, and
those that keep the decisions before the first branching of one future alone or of the mean future. A search ends within its gap, so
that one of them may have less of what is minimised. Then it is the plan,

.. math::
    x^* \in Q, \qquad \underline f \le f(C_{x^*}) \le f(C_q) \quad \forall q \in Q

with the bound of the search for the plan, which holds for every plan of the tree.

Q  plans made     C  system cost by leaf   money     f  expected cost, cvar or largest regret, and its bound   money

Regret counts from the least cost of a leaf. That is the least of all these plans in the leaf: within the gap one of them may be
cheaper there than the plan made for the leaf alone. Regret can only rise by that, so its lower bound stays valid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from models.case import Uncertainty
from models.inputs import resolve
from planner.futures.tree import ROOT
from planner.language.words import SOLVING, step_of
from planner.plan import TARGET
from planner.recourse.leaf import Leaf, compiled
from planner.recourse.mean import mean_case
from planner.recourse.programme import Found, risk
from planner.recourse.search import Search, alone, single
from planner.recourse.years import operations_of
from planner.solve import INFINITY

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
