"""The operations of a tree as one year set: each (node, futures that are never known, year) once, under a number of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from planner.futures.tree import Tree
from planner.recourse.leaf import Leaf
from planner.recourse.merged import undated
from planner.solve.machine.cores import cores
from planner.solve.year.sharing import Shared
from planner.solve.year.subproblem import Cut, YearVariant
from planner.solve.year.template import Template, Templates
from planner.solve.year.year import Year
from planner.solve.year.years import KEPT, WARM, Years

#: Leaf and year.
Place = tuple[str, int]
#: Cuts of an operation that a new search begins with, the last ones.
BEGUN_WITH = 8


class Operations:
    """The operations of all leaves, and the cuts that any search found of each.

    year   of a leaf's year: its operation, which other leaves of the node share
    cuts   of an operation, at the prices and rules of its inputs
    """

    def __init__(self, tree: Tree, leaves: Sequence[Leaf]) -> None:
        self.year: dict[Place, Year] = {}
        self.cuts: dict[int, deque[Cut]] = {}
        known: dict[tuple[object, ...], Year] = {}
        left, shared = WARM, Shared()
        for leaf in leaves:
            templates = Templates(leaf.inputs, Template)
            for y in leaf.inputs.years:
                key = tree.node(leaf.name, y), undated(tree, leaf.name), y, tuple(leaf.inputs.capacity.present[y])
                if key not in known:
                    known[key] = own = Year(leaf.inputs, y, templates.of(y), left > 0)
                    own.share(shared)
                    left -= len(own.matrix.columns)
                    self.cuts[id(own)] = deque(maxlen=KEPT)
                self.year[leaf.name, y] = known[key]


class TreeYears(Years):
    """A year set of operations, each under a number; see `Years`."""

    def __init__(self, operations: Operations, places: Mapping[int, Place], discount: Mapping[int, float]) -> None:
        """`places`: one leaf and year of each; `discount`: by how much each counts, discounted and by the probability of all leaves
        that share it."""
        self.years = {i: operations.year[place] for i, place in places.items()}
        self.pool = ThreadPoolExecutor(cores())
        self.discount = dict(discount)
        self.found = {i: operations.cuts[id(year)] for i, year in self.years.items()}
        self.set_variant(YearVariant())
