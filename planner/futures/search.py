r"""The plans of a tree: of least expected cost, of least cvar or regret, and of a leaf alone.

.. math::
    \min \sum_l p_l\, c_l \cdot x + \sum_o w_o\, \theta_o \qquad w_o = \delta_y \sum_{l \in o} p_l, \qquad
    \theta_o \ge Q_o(\hat{x}) + q_o \cdot (x_o - \hat{x}_o)

for the operations o of a node, the futures on the path that are never known, and a year y. The master is that of each leaf
(`build_master`), merged (`merged`): a decision of a node is one column. An operation is a year of the
decomposed method under a number of its own, so everything that searches there searches here, too. The cuts of an operation hold in
every search of the tree, of a leaf alone, and with decisions kept: each begins with all of them. A search also begins with the
decisions of a plan that is known: the tree with those of a rough plan of its likeliest leaf, in each node; then a leaf alone with
those of its path in the plan of the tree, which are a plan of the leaf; with decisions kept those of the future that they are of.
A large park is searched on segments of its typical days, and its plan then operated on full days.

Capacity that is contracted is decided where a year is operated; where futures are never known it is one decision of several
operations, and a link of each (`Supplies.shared_contracts`).

p  probability (l)     δ  discount (y)     Q, q  value and slope of an operation (o)     θ  its cost by the cuts   money (o)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from models.case import Case, Future, Uncertainty
from models.inputs import TypicalDays
from planner.clock import Clock
from planner.futures.master import Key, Leaf, Merged, Operations, Place, RiskMaster, TreeMaster, merged, risk
from planner.futures.tree import ROOT, Tree
from planner.language.words import SOLVING, step_of
from planner.machine.stopping import Stopped, in_force
from planner.plan import BINDS, BUSINESS, REFERENCE, TARGET
from planner.planning.methods import serve_on_full_days
from planner.planning.variants import NOT_IN_REFERENCE, variant_of
from planner.solve import (
    INFINITY,
    BendersSession,
    Bounds,
    Limits,
    Result,
    Trial,
    Variant,
    YearVariant,
    rounding,
    solve_decomposed,
)

#: Tells how a solve goes.
Say = Callable[[str], None]


@dataclass(frozen=True)
class Found:
    """A point of the tree.

    values     of the merged columns
    costs      system cost by leaf   money
    objective, bound   of what was minimised   money
    named      of a leaf alone: its decisions by name, see `Merged.named`
    """

    status: str
    values: np.ndarray = field(default_factory=lambda: np.zeros(0))
    costs: Mapping[str, float] = field(default_factory=dict)
    objective: float = INFINITY
    bound: float = INFINITY
    named: Mapping[Key, float] = field(default_factory=dict)

    @property
    def has_point(self) -> bool:
        """True if there is a plan."""
        return self.status in ("optimal", "feasible")

    def expected(self, probability: Mapping[str, float]) -> float:
        """Mean cost (money); infinite where there is no plan."""
        return sum(probability[name] * cost for name, cost in self.costs.items()) if self.costs else INFINITY


def tree_variant(tree: Merged, name: str, fixed: Mapping[int, float] | None = None) -> Variant | None:
    """The variant of the tree that a plan is solved in: what each leaf may not decide, which of its rules need not hold, and some
    columns `fixed`; None where one of them may not have its value."""
    none = np.zeros(0, dtype=np.int32)
    dropped, barred, places, values = [none], [none], [none], [np.zeros(0)]
    for leaf in tree.leaves:
        own = variant_of(name, leaf.matrix, leaf.model, {}, leaf.inputs)
        at, rows = tree.places[leaf.name], tree.rows[leaf.name]
        dropped.append(rows[own.dropped])
        barred.append(at[own.barred])
        places.append(at[own.fixed])
        values.append(own.values)
    if fixed:
        matrix, at, asked = tree.matrix, np.array(list(fixed), dtype=np.int32), np.array(list(fixed.values()))
        inside = np.clip(asked, matrix.lower[at], matrix.upper[at])
        if (np.abs(inside - asked) > 1e-6 * np.maximum(1.0, np.abs(asked))).any():
            return None
        places, values = [at, *places], [inside, *values]
    unique, first = np.unique(np.concatenate(places), return_index=True)
    return Variant(np.unique(np.concatenate(dropped)), np.unique(np.concatenate(barred)), unique, np.concatenate(values)[first])


def single(leaf: Leaf) -> Merged:
    """A tree of one leaf."""
    park = leaf.case.park
    tree = Tree((Future(future=leaf.name, probability=1.0),), park.first_year, park.last_year)
    return merged(tree, [replace(leaf, probability=1.0)])


# --- decomposed ------------------------------------------------------------------------------------------------------------


class DecomposedTree:
    """A tree, or a leaf alone, by decomposition."""

    def __init__(self, tree: Merged, operations: Operations) -> None:
        number: dict[int, int] = {}
        self.tree, self.operations = tree, operations
        self.places: dict[int, Place] = {}
        #: By leaf: its operations, and the discount of each.
        self.of_leaf: dict[str, dict[int, float]] = {leaf.name: {} for leaf in tree.leaves}
        discount: dict[int, float] = {}
        for leaf in tree.leaves:
            for y in leaf.inputs.years:
                i = number.setdefault(id(operations.full.year[leaf.name, y]), len(number))
                self.places.setdefault(i, (leaf.name, y))
                self.of_leaf[leaf.name][i] = leaf.inputs.finance.discount[y]
                discount[i] = discount.get(i, 0.0) + leaf.probability * leaf.inputs.finance.discount[y]
        self.full = self.years = operations.full.years(self.places, discount)
        if operations.on_segments:
            self.years = operations.searched.years(self.places, discount)
        self.master = TreeMaster(tree, self.places, self.years, operations.outage_rows)

    def expected(
        self,
        limits: Limits,
        say: Say,
        name: str = TARGET,
        fixed: Mapping[int, float] | None = None,
        near: Mapping[Key, float] | None = None,
    ) -> Found:
        """The least expected cost of a plan; with some columns `fixed`. `near`: decisions of a like future to begin with."""
        variant = tree_variant(self.tree, name, fixed)
        if variant is None:
            return Found("infeasible")
        self._turn_to(name)
        start = self.tree.point(near) if near else None
        return self._found(self._solved(variant, limits, say, start))

    def least(self, terms: Uncertainty, best: Mapping[str, float], limits: Limits, say: Say, start: Found) -> Found:
        """The least cvar or regret of the target plan, searched from a known one; `best`: C* by leaf. Among plans of least regret
        that of least expected cost."""
        share = self.tree.share
        found, bound = self._least(terms, best, limits, say, start)
        value = risk(terms, found.costs, share, best) if found.has_point else INFINITY
        if terms.objective == "regret" and found.has_point:
            cheaper, _ = self._least(terms, best, limits, say, found, value)
            regret = risk(terms, cheaper.costs, share, best) if cheaper.has_point else INFINITY
            if regret - value <= limits.gap * abs(found.objective) and cheaper.objective < found.objective:
                found, value = replace(cheaper, status=found.status), regret
        return replace(found, objective=value, bound=min(bound, value))

    def _least(
        self,
        terms: Uncertainty,
        best: Mapping[str, float],
        limits: Limits,
        say: Say,
        start: Found,
        most: float | None = None,
    ) -> tuple[Found, float]:
        """One search of the risk, and its bound; `most` as in `RiskMaster`."""
        expected, weights, variant = self.master, self.years.discount, tree_variant(self.tree, TARGET)
        assert variant is not None
        self.master = master = RiskMaster(
            self.tree, self.places, self.years, self.operations.outage_rows, self.of_leaf, terms, best, limits.gap, most
        )
        self.years.discount = dict(master.cuts.discount)
        try:
            self._turn_to(TARGET)
            point = start.values if start.has_point else None
            # the second search begins with a plan of least regret, which is no reason not to look further
            result = self._solved(variant, limits, say, point, is_enough=most is None)
        finally:
            self.master, self.years.discount = expected, weights
        return self._found(result), result.bound - master.shift

    def _solved(
        self, variant: Variant, limits: Limits, say: Say, start: np.ndarray | None = None, is_enough: bool = True
    ) -> Result:
        """The search; what it has so far where the time is over."""
        self.master.set_variant(variant)
        # what it begins with is kept and mended where that is within the gap: branch and bound is what takes longest
        enough = limits.gap if is_enough and start is not None else 0.0
        overall, limits = Bounds(), replace(limits, enough=enough)
        try:
            return in_force().guarded(
                lambda: solve_decomposed(
                    self.master, self.years, limits, say, start=start, rounding=self._near, overall=overall, known_plan=start
                )
            )
        except Stopped:
            return Result.stopped(overall)

    def _turn_to(self, name: str) -> None:
        """Let the operations be the variant of that plan. Cuts of the hours hold in it, too."""
        has_lasting = any(leaf.inputs.carbon.has_lasting for leaf in self.tree.leaves)
        binds = "none" if BINDS[name] == "lasting" and not has_lasting else BINDS[name]
        variant = YearVariant(binds=binds, barred=NOT_IN_REFERENCE if name in (REFERENCE, BUSINESS) else ())
        for years in (self.years, self.full):
            years.set_variant(variant)
        self.master.accounts.set_variant(variant)
        outages, binds_outages = self.master.outages, name not in (REFERENCE, BUSINESS)
        if binds_outages:
            self.master.cuts.drop_plan_specific()
            if not outages.holds:
                outages.recall()
        else:
            self.master.cuts.drop_plan_specific_and_outage_rows()
        outages.holds = binds_outages

    def _near(self, values: np.ndarray) -> np.ndarray:
        """Whole numbers near a point, leaf by leaf; those of a shared decision are of the first leaf."""
        whole = np.round(values[: len(self.tree.keys)])
        for leaf in reversed(self.tree.leaves):
            at = self.tree.places[leaf.name]
            whole[at[leaf.matrix.integer]] = rounding(leaf.matrix, leaf.model, leaf.inputs)(values[at])
        return whole[self.master.compiled.integer]

    def _found(self, result: Result) -> Found:
        if result.incumbent is None or result.status in ("infeasible", "failed"):
            return Found("infeasible" if result.status == "infeasible" else "failed", bound=result.bound)
        return self._at(result.incumbent, result.status, result.bound)

    def _at(self, trial: Trial, status: str, bound: float) -> Found:
        """The point of a trial, whose operations cost what they do there."""
        self.years.take(dict(trial.operation))
        costs, paid = self.tree.costs(trial.point), {i: sum(y.view().cost_terms.values()) for i, y in self.years.years.items()}
        for name, operations in self.of_leaf.items():
            costs[name] += sum(discount * paid[i] for i, discount in operations.items())
        found = Found(status, trial.point, costs)
        expected = found.expected(self.tree.share)
        return replace(found, objective=expected, bound=min(bound, expected))

    def alone(self, leaf: Leaf) -> DecomposedTree:
        """The same for a leaf, were it known from the start."""
        return DecomposedTree(single(leaf), self.operations)

    def served(self, found: Found, limits: Limits, say: Say, name: str = TARGET) -> Found:
        """The plan that full days can serve with its whole numbers (`serve_on_full_days`); failed where these cannot serve it."""
        if not self.operations.on_segments or not found.has_point:
            return found
        self._stand_as(name)
        trials = serve_on_full_days(self.master, self.full, self.years, found.values, limits, say)
        if trials is None:
            return Found("failed")
        return replace(self._at(trials[0], found.status, found.bound), objective=found.objective, named=found.named)

    def _stand_as(self, name: str) -> None:
        """Let master and operations be those of the plan of that name."""
        variant = tree_variant(self.tree, name)
        assert variant is not None
        self._turn_to(name)
        self.master.set_variant(variant)

    def operated(self, found: Found, name: str = TARGET) -> Mapping[int, np.ndarray]:
        """The operation of every year on full days, by the number of the operation."""
        self._stand_as(name)
        trial = BendersSession(self.master, self.full, Limits(0.0)).evaluate(found.values)
        return trial.operation

    def stand(self, leaf: Leaf, found: Found, operation: Mapping[int, np.ndarray]) -> None:
        """Let the model of a leaf have the plan as the output reads it."""
        leaf.matrix.load(found.values[self.tree.places[leaf.name]])
        leaf.model.year = {}
        for y, i in zip(leaf.inputs.years, self.of_leaf[leaf.name], strict=True):
            year = self.operations.full.year[leaf.name, y]
            year.values = operation[i]
            leaf.model.year[y] = year.view()


# --- search ----------------------------------------------------------------------------------------------------------------
# What a tree is planned with: its leaves and their programme, and the plan of each leaf alone.

#: Share of the time that the plans of the leaves alone may take, and the first of them where the tree is decomposed.
ALONE, FIRST = 0.4, 0.15
#: Gap of a plan that is only to begin with.
ROUGH = 0.05
#: Searches of the tree whose plan is tried on full days.
ROUNDS = 3


@dataclass
class Search:
    """What a tree is planned with.

    days    typical days of all leaves; None: every hour
    base    base emissions, of the park's own tables   t
    method  solves the tree
    make    the method for other leaves of the same kind
    best    by leaf: its plan alone
    start   decisions for the search of the tree to begin with, whichever node they are of
    """

    case: Case
    terms: Uncertainty
    tree: Tree
    gap: float
    compare: bool
    clock: Clock
    base: float
    days: TypicalDays | None
    leaves: list[Leaf]
    method: DecomposedTree
    make: Callable[[Leaf], DecomposedTree]
    best: dict[str, Found] = field(default_factory=dict)
    start: Mapping[Key, float] = field(default_factory=dict)

    @property
    def share(self) -> dict[str, float]:
        """Probability of each leaf."""
        return self.method.tree.share

    @property
    def known(self) -> dict[str, float]:
        """Least cost of each leaf, were it known from the start (money); of those of which a plan was found in time."""
        return {name: found.costs[name] for name, found in self.best.items() if found.has_point}

    @property
    def is_known(self) -> bool:
        """True if every leaf has a plan of its own."""
        return len(self.known) == len(self.leaves)

    @property
    def limits(self) -> Limits:
        """Gap and seconds of a search."""
        return Limits(self.gap, self.clock.left(0.6))

    def say(self, name: str) -> Say:
        """Tell how a plan's solve goes."""
        return lambda text: self.clock.progress(step_of(SOLVING, name), text)

    @property
    def likeliest(self) -> Leaf:
        """The leaf of the largest probability, the first of several."""
        return max(self.leaves, key=lambda leaf: leaf.probability)

    def find_start(self) -> None:
        """Plan the likeliest leaf alone, roughly; the search of the tree begins with these decisions."""
        limits = Limits(max(ROUGH, self.gap), self.clock.left(FIRST))
        self.start = self.alone(self.method.alone(self.likeliest), limits).named

    def solve_leaves(self, optimum: Found | None = None) -> None:
        """Find the plan of each leaf alone. It begins with the leaf's path in a plan of the tree, which is a plan of the leaf;
        where there is none, with the plan of the leaf before, which is one of other prices."""
        near: Mapping[Key, float] = self.start
        for i, leaf in enumerate(self.leaves):
            limits = replace(self.limits, seconds=self.clock.left(ALONE / (len(self.leaves) - i)))
            if optimum is not None and optimum.has_point:
                near = self.method.tree.named(optimum.values, leaf.name)
            self.best[leaf.name] = self.alone(self.method.alone(leaf), limits, near=near)
            near = self.best[leaf.name].named or near

    def alone(
        self,
        method: DecomposedTree,
        limits: Limits,
        kept: Mapping[Key, float] | None = None,
        near: Mapping[Key, float] | None = None,
    ) -> Found:
        """The plan of the only leaf of a method, were it known from the start.

        kept  values of decisions, by what stands behind the node in their keys
        near  decisions to begin with, by the same
        """
        tree, name = method.tree, method.tree.leaves[0].name
        fixed = {i: kept[key[2:]] for i, key in enumerate(tree.keys) if key[0] == "decision" and key[2:] in kept} if kept else None
        with self.clock.step(step_of(SOLVING, name)):
            plan = method.expected(limits, self.say(name), TARGET, fixed, near)
        return replace(plan, named=tree.named(plan.values, name)) if plan.has_point else plan

    def search(self, name: str, fixed: Mapping[int, float] | None = None, near: Mapping[Key, float] | None = None) -> Found:
        """The least expected cost of a plan of that name; `near`: decisions to begin with, by default of `start`."""
        with self.clock.step(step_of(SOLVING, name)):
            near = self.start if near is None and name == TARGET else near
            return self.method.expected(self.limits, self.say(name), name, fixed, near)

    def planned(self, name: str) -> Found:
        """The same, operated on full days; searched again with the cuts of what is short there."""
        for _ in range(ROUNDS):
            found = self.search(name)
            served = self.served(found, name)
            if served.has_point or not found.has_point:
                break
        return served

    def served(self, found: Found, name: str = TARGET) -> Found:
        """The plan operated on full days."""
        with self.clock.step(step_of(SOLVING, name)):
            return self.method.served(found, self.limits, self.say(name), name)

    def bounded(self, found: Found) -> Found:
        """The plan of least expected cost with the larger of two lower bounds: that of its search, and the expected value of the
        bounds of the leaves alone. The latter is one since WS ≤ SP."""
        if len(self.best) < len(self.leaves) or not found.has_point:
            return found
        mean = sum(leaf.probability * self.best[leaf.name].bound for leaf in self.leaves)
        return replace(found, bound=min(max(found.bound, mean), found.expected(self.share)))

    def least(self, terms: Uncertainty, best: Mapping[str, float], optimum: Found) -> Found:
        """The least cvar or regret; `best`: least cost of each leaf (money), `optimum`: the plan of least expected cost."""
        return self.method.least(terms, best, self.limits, self.say(TARGET), optimum)

    def kept_orders(self, plan: Found) -> dict[int, float]:
        """The decisions of the years before the first branching of a plan of one future, at their places in the tree; of all years
        where it is never known which future has come."""
        tree, found = self.method.tree, {}
        for i in tree.decided(ROOT):
            value = plan.named.get(tree.keys[i][2:], 0.0)
            found[i] = float(round(value)) if tree.matrix.integer[i] else 0.0 if abs(value) < NOISE else value
        return found


#: Decisions below this are 0.
NOISE = 1e-7
