"""What a tree is planned with: its leaves and their programme, and the plan of each leaf alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from models.case import Case, Future, Uncertainty
from models.inputs import TypicalDays
from planner.clock import Clock
from planner.futures.tree import Tree
from planner.language.progress import SOLVING, step_of
from planner.plan import TARGET
from planner.planning.run import Options
from planner.recourse.leaf import Leaf
from planner.recourse.merged import Merged, merged
from planner.recourse.programme import Found, expected
from planner.solve.whole.whole import Limits


@dataclass
class Search:
    """What a tree is planned with.

    days    typical days of all leaves; None: every hour
    base    base emissions, of the park's own tables   t
    best    by leaf: its plan alone
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

    def search(self, name: str, fixed: Mapping[int, float] | None = None) -> Found:
        """The least expected cost of a plan of that name."""
        with self.clock.step(step_of(SOLVING, name)):
            return expected(self.found, self.limits, name=name, fixed=fixed, relaxed=self.terms.recourse == "relaxed")


def alone(leaf: Leaf, limits: Limits, name: str = TARGET) -> Found:
    """The plan of a leaf, were it known from the start."""
    park = leaf.case.park
    tree = Tree((Future(future=leaf.name, probability=1.0),), park.first_year, park.last_year)
    return expected(merged(tree, [replace(leaf, probability=1.0)]), limits, name=name)
