"""What a tree is planned with: its leaves and their programme, and the plan of each leaf alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from models.case import Case, Future, Uncertainty
from models.inputs import TypicalDays
from planner.clock import Clock
from planner.futures.tree import Tree
from planner.language.progress import SOLVING, step_of
from planner.plan import TARGET
from planner.planning.run import Options
from planner.recourse.decomposed import TreeMethod, stand
from planner.recourse.leaf import Leaf
from planner.recourse.merged import Key, Merged, merged
from planner.recourse.programme import Found, expected, least
from planner.recourse.years import Operations
from planner.solve import Limits


@dataclass
class Search:
    """What a tree is planned with.

    days    typical days of all leaves; None: every hour
    base    base emissions, of the park's own tables   t
    best    by leaf: its plan alone
    operations, method   of all leaves, and what solves the tree with them; None: as one programme
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
    def likeliest(self) -> Mapping[Key, float]:
        """Decisions of the plan made for one leaf alone: the likeliest of those that have such a plan; empty where none has."""
        own = [(leaf.probability, self.best[leaf.name].named) for leaf in self.leaves if leaf.name in self.best]
        return max((known for known in own if known[1]), key=lambda known: known[0], default=(0.0, {}))[1]

    def search(self, name: str, fixed: Mapping[int, float] | None = None, near: Mapping[Key, float] | None = None) -> Found:
        """The least expected cost of a plan of that name; `near`: decisions to begin with, by default of the likeliest leaf."""
        with self.clock.step(step_of(SOLVING, name)):
            if self.method is not None:
                near = self.likeliest if near is None and name == TARGET else near
                return self.method.expected(self.limits, self.say(name), name, fixed, near)
            return expected(self.found, self.limits, name=name, fixed=fixed, relaxed=self.terms.recourse == "relaxed")

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
        plan = TreeMethod(found, operations).expected(limits, lambda _: None, name, fixed, near)
    return replace(plan, named=found.named(plan.values)) if plan.has_point else plan


def single(leaf: Leaf) -> Tree:
    """A tree of one leaf."""
    park = leaf.case.park
    return Tree((Future(future=leaf.name, probability=1.0),), park.first_year, park.last_year)
