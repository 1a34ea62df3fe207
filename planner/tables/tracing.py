"""Tracing: what a MWh of each carrier carries of what is bought, tonnes or money, through everything that converts it.

An output's share of what its inputs carry is its share of the energy that comes out. Every balance is an equality, so what is
shared out this way adds up without a remainder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

#: (zone, carrier)
Node = tuple[str, str]
#: Energy of a node, an amount (a number for each thing that is traced), and energy of other nodes: the first times what a MWh of
#: the node carries is the amount and the others' together.
Equation = tuple[float, Any, dict[Node, float]]
#: What comes with a flow: (flow, name) -> an amount, a number for each thing that is traced.
Amounts = Mapping[tuple[str, str], Any]
#: Energy below this is noise (MWh).
SMALL = 1e-6
#: Flow -> whether it feeds its balance or draws from it.
SIGNS = {"out": 1, "in": -1, "discharge": 1, "charge": -1, "arrived": 1, "sent": -1, "import": 1, "export": -1, "demand": -1}


@dataclass(frozen=True)
class Flow:
    """A row of energy.csv of a year (MWh)."""

    node: Node
    flow: str
    name: str
    value: float


def traced(reference: list[Flow], plan: list[Flow], theirs: Amounts, mine: Amounts, count: int = 1) -> dict[Node, np.ndarray]:
    r"""What a MWh of each carrier in each zone carries, `count` numbers a node, by the flows of a year of two plans.

    .. math::
        E_n\, x_n = a_n + \sum_m d_{nm}\, x_m

    E  energy that comes to a node   MWh (n)     a  what comes with it   t or money (n)     d  energy of m drawn for it   MWh (n,m)

    Of the reference. Where that has none of a carrier: what is bought for it in the plan; where nothing is, what its use replaces.
    """
    nodes = sorted({f.node for flows in (reference, plan) for f in flows})
    given, own, used = equations(reference, theirs), equations(plan, mine), _uses(plan)
    bought = {f.node for f in plan if f.flow == "import" and f.value > SMALL}
    chosen: dict[Node, Equation] = {}
    for node in nodes:
        choices = [given, own, used] if node in bought else [given, used, own]
        chosen[node] = next((e[node] for e in choices if node in e and e[node][0] > SMALL), (1.0, 0.0, {}))
    return solve(chosen, count)


def solve(equations: Mapping[Node, Equation], count: int) -> dict[Node, np.ndarray]:
    """What a MWh of each node carries, `count` numbers a node; a node without an equation carries nothing."""
    place = {node: i for i, node in enumerate(equations)}
    matrix, right = np.zeros((len(place), len(place))), np.zeros((len(place), count))
    for node, (energy, amount, drawn) in equations.items():
        matrix[place[node], place[node]] += energy
        right[place[node]] = amount
        for source, part in drawn.items():
            if source in place:
                matrix[place[node], place[source]] -= part
    solved = np.linalg.lstsq(matrix, right, rcond=None)[0]
    return {node: solved[i] for node, i in place.items()}


def _by_name(flows: Iterable[Flow]) -> dict[tuple[str, str], list[Flow]]:
    """(flow, name) -> its rows."""
    found: dict[tuple[str, str], list[Flow]] = {}
    for f in flows:
        found.setdefault((f.flow, f.name), []).append(f)
    return found


def _uses(flows: list[Flow]) -> dict[Node, Equation]:
    """node -> (energy drawn from it, 0, energy given to other nodes for it)."""
    by = _by_name(flows)
    found: dict[Node, Equation] = {}
    for (flow, name), own in by.items():
        if flow not in ("in", "sent"):
            continue
        gives = by.get(("out" if flow == "in" else "arrived", name), [])
        total = sum(f.value for f in own)
        for f in own:
            if f.value <= 0:
                continue
            drawn, _, given = found.setdefault(f.node, (0.0, 0.0, {}))
            for g in gives:
                if g.node != f.node:
                    given[g.node] = given.get(g.node, 0.0) + g.value * (f.value / total if flow == "in" else 1.0)
            found[f.node] = (drawn + f.value, 0.0, given)
    return found


def equations(flows: list[Flow], amounts: Amounts, with_stores: bool = False) -> dict[Node, Equation]:
    """node -> (energy that comes, what comes with it, energy drawn from other nodes for it).

    What comes with an `out` flow is shared among the outputs by their energy. With stores, what they give carries what they took.
    """
    found: dict[Node, Equation] = {}

    def add(node: Node, energy: float, amount: Any, drawn: Iterable[tuple[Node, float]]) -> None:
        came, fixed, sources = found.get(node, (0.0, 0.0, {}))
        for source, value in drawn:
            sources[source] = sources.get(source, 0.0) + value
        found[node] = came + energy, fixed + amount, sources

    by = _by_name(flows)
    for (flow, name), own in by.items():
        total = sum(f.value for f in own)
        if flow == "discharge" and not with_stores:
            continue
        for f in own:
            amount = amounts.get((flow, name), 0.0) * (f.value / total if total > 0 else 1.0 / len(own))
            if flow == "import":
                add(f.node, f.value, amount, ())
            elif flow == "out" and f.value > 0:
                add(f.node, f.value, amount, [(i.node, i.value * f.value / total) for i in by.get(("in", name), [])])
            elif flow == "arrived":
                add(f.node, f.value, amount, [(g.node, g.value) for g in by.get(("sent", name), []) if g.node != f.node])
            elif flow == "discharge" and f.value > 0:
                add(f.node, f.value, amount, [(c.node, c.value) for c in by.get(("charge", name), [])])
    return found
