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
    capacity, found = inputs.capacity, {}
    for k in capacity.assets:
        works = capacity.works.get((k, EXISTING), ())
        if not works:
            continue
        size = _size(inputs, k, capacity.existing[k, works[0]])
        begins = {capacity.works[own, v][0]: v for own, v in capacity.builds if own == k}
        while later := [y for y in begins if y > works[-1]]:
            v = begins[min(later)]
            found[k, v] = size
            works = capacity.works[k, v]
    return found


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
    for nothing in (model.retire, model.adopt, model.plant):
        yield from ((variable, 0.0) for variable in nothing.values())
