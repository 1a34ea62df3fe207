"""A leaf as a park of its own: its case, its inputs on the days that all leaves share, its model and matrix."""

from __future__ import annotations

from dataclasses import dataclass

from pyomo.core import ConcreteModel

from models.case import Case
from models.inputs import Inputs, TypicalDays, resolve
from models.park import build_master, build_park
from planner.futures.paths import path_case
from planner.futures.tree import Tree
from planner.solve import Matrix, compile_model, modelling


@dataclass(frozen=True)
class Leaf:
    """A leaf of the tree.

    name, probability
    case    the park of its path, as if it were known from the start
    inputs  of that park, on the typical days of all leaves
    model, matrix  of the whole park, or of its decisions alone where not `is_whole`
    """

    name: str
    probability: float
    case: Case
    inputs: Inputs
    model: ConcreteModel
    matrix: Matrix
    is_whole: bool = True


def make_leaves(case: Case, tree: Tree, base: float, days: TypicalDays | None, is_whole: bool = True) -> list[Leaf]:
    """The leaves, built and compiled; base emissions are those of the park's own tables."""
    found = []
    for name in tree.leaves:
        own = path_case(case, tree, name)
        inputs = resolve(own, own.goal, base, days)
        found.append(compiled(name, tree.probability(name), own, inputs, is_whole))
    return found


def compiled(name: str, probability: float, case: Case, inputs: Inputs, is_whole: bool = True) -> Leaf:
    """A leaf of these inputs; not `is_whole`: its decisions alone."""
    with modelling():
        model = build_park(inputs) if is_whole else build_master(inputs)
        return Leaf(name, probability, case, inputs, model, compile_model(model), is_whole)
