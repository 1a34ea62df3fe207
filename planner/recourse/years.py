"""The operations of a tree: each (node, futures that are never known, year) once."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from models.inputs import Inputs
from planner.futures.tree import Tree
from planner.planning.strategy import columns
from planner.recourse.leaf import Leaf
from planner.recourse.merged import undated
from planner.solve import SharedYears, Template, modelling

#: Leaf and year.
Place = tuple[str, int]
#: The operations of all leaves: other leaves of a node share them.
Operations = SharedYears[Place]
#: Cuts of an operation that a new search begins with, the last ones.
BEGUN_WITH = 8
#: More than are kept.
EVERY = 10_000


def operations_of(tree: Tree, leaves: Sequence[Leaf]) -> Operations:
    """The operations of all leaves."""

    def places() -> Iterator[tuple[Place, Hashable, Inputs, int]]:
        for leaf in leaves:
            for y in leaf.inputs.years:
                key = tree.node(leaf.name, y), undated(tree, leaf.name), y, tuple(leaf.inputs.capacity.present[y])
                yield (leaf.name, y), key, leaf.inputs, y

    return SharedYears(places())


def columns_of(tree: Tree, inputs: Inputs, enough: int) -> float:
    """About how many columns the tree has as one programme: those of a year's hours for each operation. Where a first count, which
    has fewer, is above `enough`, that one."""
    count = len({(tree.node(leaf, y), undated(tree, leaf), y) for leaf in tree.leaves for y in inputs.years})
    least = columns(inputs) / len(inputs.years) * count
    if least > enough:
        return least
    with modelling():
        return len(Template(inputs, inputs.years[-1]).matrix.columns) * count
