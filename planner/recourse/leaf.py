"""A leaf as a park of its own: its case, its inputs on the days that all leaves share, its model and matrix."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pyomo.environ import ConcreteModel

from models.case import Case
from models.inputs import Inputs, TypicalDays, resolve
from models.park import build_park
from planner.days import choose_days
from planner.futures.paths import path_case
from planner.futures.tree import Tree
from planner.solve.handover.matrix import Matrix, compile_model, modelling


@dataclass(frozen=True)
class Leaf:
    """A leaf of the tree.

    name, probability
    case    the park of its path, as if it were known from the start
    inputs  of that park, on the typical days of all leaves
    model, matrix  of the whole park
    """

    name: str
    probability: float
    case: Case
    inputs: Inputs
    model: ConcreteModel
    matrix: Matrix


def days_of_all(case: Case, count: int) -> TypicalDays | None:
    """Typical days that are chosen from all profiles that any leaf uses; None where every hour stands for itself."""
    return choose_days(case, count)


def make_leaves(case: Case, tree: Tree, base: float, days: TypicalDays | None) -> list[Leaf]:
    """The leaves, built and compiled; base emissions are those of the park's own tables."""
    found = []
    for name in tree.leaves:
        own = path_case(case, tree, name)
        inputs = resolve(own, own.goal, base, days)
        found.append(compiled(name, tree.probability(name), own, inputs))
    return found


def compiled(name: str, probability: float, case: Case, inputs: Inputs) -> Leaf:
    """A leaf of these inputs."""
    with modelling():
        model = build_park(inputs)
        return Leaf(name, probability, case, inputs, model, compile_model(model))


def on_days(leaf: Leaf, base: float, days: TypicalDays | None) -> Leaf:
    """The leaf on other typical days."""
    inputs = resolve(leaf.case, leaf.case.goal, base, days)
    made = compiled(leaf.name, leaf.probability, leaf.case, inputs)
    return replace(leaf, inputs=inputs, model=made.model, matrix=made.matrix)
