"""Business as usual: today's equipment renewed kind for kind, nothing new.

At the end of its life what stood is ordered again: the same capacity of the same technology, in whole units where it is sold in
units, so that it works from the year after, or as soon as it can. Nothing else is ordered, retired, saved, planted or bought in its
place; the goal does not hold. There is no choice left but how the park is operated, and on which basis a connection is paid.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from pyomo.environ import ConcreteModel

from models.inputs import EXISTING, Inputs


def renewals(inputs: Inputs) -> dict[tuple[str, int], float]:
    """Orders (asset, year of order) and their sizes.

    What has no cost or lifetime, or may no longer be ordered, is not renewed: whether the demand can be met without it, the
    operation shows.
    """
    found: dict[tuple[str, int], float] = {}
    for k in inputs.capacity.assets:
        found |= {(k, v): size for v, size in _renewals(inputs, k)}
    return found


def _renewals(inputs: Inputs, k: str) -> Iterator[tuple[int, float]]:
    """Orders of an asset: what comes to its end is ordered again, what ends before that order works together with it."""
    capacity = inputs.capacity
    stood = capacity.works.get((k, EXISTING), ())
    ends = [(y - 1, size) for y, size in capacity.falls(k)] + [(y, capacity.existing[k, y]) for y in stood[-1:]]
    begins = {capacity.works[own, v][0]: v for own, v in capacity.builds if own == k}
    last = -math.inf
    while ends:
        begin = min((y for y, v in begins.items() if y > ends[0][0] and v - last >= capacity.spacing.get(k, 0)), default=None)
        if begin is None:
            return
        last = begins[begin]
        size = _size(inputs, k, sum(size for y, size in ends if y < begin))
        yield last, size
        ends = sorted([*(end for end in ends if end[0] >= begin), (capacity.works[k, last][-1], size)])


def _size(inputs: Inputs, k: str, existing: float) -> float:
    """What is ordered for what stood: no less than the least order, in whole units."""
    size = max(existing, inputs.capacity.min_build.get(k, 0.0))
    unit = inputs.capacity.unit_size.get(k, 0.0)
    return unit * math.ceil(size / unit - 1e-9) if unit else size


def as_usual(model: ConcreteModel, inputs: Inputs) -> Iterator[tuple[Any, float]]:
    """Every decision that is not left open, and what it is: (variable, value)."""
    renewed = renewals(inputs)
    for kv, build in model.build.items():
        yield build, renewed.get(kv, 0.0)
    yield from ((variable, 0.0) for variable in model.retire.values())
    yield from ((variable, float(adoption in inputs.measures.kept)) for adoption, variable in model.adopt.items())
    yield from ((variable, inputs.restoration.planted.get(pv, 0.0)) for pv, variable in model.plant.items())
