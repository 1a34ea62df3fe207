"""What a tree is planned with: its leaves and their programme, and the plan of each leaf alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from models.case import Case, Future, Uncertainty
from models.inputs import TypicalDays
from planner.clock import Clock
from planner.futures.tree import Tree
from planner.language.words import SOLVING, step_of
from planner.plan import TARGET
from planner.planning.run import Options
from planner.recourse.decomposed import TreeMethod, stand
from planner.recourse.leaf import Leaf
from planner.recourse.merged import Key, Merged, merged
from planner.recourse.programme import Found, expected, least
from planner.recourse.years import Operations
from planner.solve import Limits

#: Share of the time that the plans of the leaves alone may take, and the first of them where the tree is decomposed.
ALONE, FIRST = 0.4, 0.15
#: Gap of a plan that is only to begin with.
ROUGH = 0.05


@dataclass
class Search:
    """What a tree is planned with.

    days    typical days of all leaves; None: every hour
    base    base emissions, of the park's own tables   t
    best    by leaf: its plan alone
    operations, method   of all leaves, and what solves the tree with them; None: as one programme
    start   decisions for the search of the tree to begin with, whichever node they are of
    """

    case: Case
    terms: Uncertainty
    tree: Tree
    options: Options
    clock: Clock
    base: float
    days: TypicalDays | None
    leaves: list[Leaf]
    found: Merged
    best: dict[str, Found]
    operations: Operations | None = None
    method: TreeMethod | None = None
    start: Mapping[Key, float] = field(default_factory=dict)

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
        return Limits(self.options.gap, self.clock.left(0.6))

    def say(self, name: str) -> Callable[[str], None]:
        """Tell how a plan's solve goes."""
        return lambda text: self.clock.progress(step_of(SOLVING, name), text)

    def stand(self, leaf: Leaf, found: Found) -> None:
        """Let the model of a leaf have the years of a plan, where they are solved by themselves."""
        if self.operations is not None:
            stand(self.operations, leaf, found)

    @property
    def likeliest(self) -> Leaf:
        """The leaf of the largest probability, the first of several."""
        return max(self.leaves, key=lambda leaf: leaf.probability)

    def find_start(self) -> None:
        """Plan the likeliest leaf alone, roughly; the search of the tree begins with these decisions."""
        leaf = self.likeliest
        with self.clock.step(step_of(SOLVING, leaf.name)):
            limits = Limits(max(ROUGH, self.options.gap), self.clock.left(FIRST))
            self.start = alone(leaf, limits, operations=self.operations, say=self.say(leaf.name)).named

    def solve_leaves(self, optimum: Found | None = None) -> None:
        """Find the plan of each leaf alone. It begins with the leaf's path in a plan of the tree, which is a plan of the leaf;
        where there is none, with the plan of the leaf before, which is one of other prices."""
        near: Mapping[Key, float] = self.start
        for i, leaf in enumerate(self.leaves):
            with self.clock.step(step_of(SOLVING, leaf.name)):
                limits = replace(self.limits, seconds=self.clock.left(ALONE / (len(self.leaves) - i)))
                if optimum is not None and optimum.has_point:
                    near = self.found.named(optimum.values, leaf.name)
                self.best[leaf.name] = alone(leaf, limits, operations=self.operations, near=near, say=self.say(leaf.name))
                near = self.best[leaf.name].named or near

    def search(self, name: str, fixed: Mapping[int, float] | None = None, near: Mapping[Key, float] | None = None) -> Found:
        """The least expected cost of a plan of that name; `near`: decisions to begin with, by default of `start`."""
        with self.clock.step(step_of(SOLVING, name)):
            if self.method is not None:
                near = self.start if near is None and name == TARGET else near
                return self.method.expected(self.limits, self.say(name), name, fixed, near)
            return expected(self.found, self.limits, name=name, fixed=fixed, relaxed=self.terms.recourse == "relaxed")

    def bounded(self, found: Found) -> Found:
        """The plan of least expected cost with the larger of two lower bounds: that of its search, and the expected value of the
        bounds of the leaves alone. The latter is one since WS ≤ SP."""
        if len(self.best) < len(self.leaves) or not found.has_point:
            return found
        mean = sum(leaf.probability * self.best[leaf.name].bound for leaf in self.leaves)
        return replace(
            found, bound=min(max(found.bound, mean), found.expected({leaf.name: leaf.probability for leaf in self.leaves}))
        )

    def least(self, terms: Uncertainty, best: Mapping[str, float], optimum: Found) -> Found:
        """The least cvar or regret; `best`: least cost of each leaf (money), `optimum`: the plan of least expected cost."""
        if self.method is not None:
            return self.method.least(terms, best, self.limits, self.say(TARGET), optimum)
        return least(self.found, terms, best, self.limits)


def alone(
    leaf: Leaf,
    limits: Limits,
    name: str = TARGET,
    operations: Operations | None = None,
    kept: Mapping[Key, float] | None = None,
    near: Mapping[Key, float] | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Found:
    """The plan of a leaf, were it known from the start; with its `operations` where years are solved by themselves.

    kept  values of decisions, by what stands behind the node in their keys
    near  decisions to begin with, by the same
    """
    tree = single(leaf)
    found = merged(tree, [replace(leaf, probability=1.0)])
    fixed = {i: kept[key[2:]] for i, key in enumerate(found.keys) if key[0] == "decision" and key[2:] in kept} if kept else None
    if operations is None:
        plan = expected(found, limits, name=name, fixed=fixed)
    else:
        plan = TreeMethod(found, operations).expected(limits, say, name, fixed, near)
    return replace(plan, named=found.named(plan.values, leaf.name)) if plan.has_point else plan


def single(leaf: Leaf) -> Tree:
    """A tree of one leaf."""
    park = leaf.case.park
    return Tree((Future(future=leaf.name, probability=1.0),), park.first_year, park.last_year)
