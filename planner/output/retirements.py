"""What a plan retires, of which order and when."""

from __future__ import annotations

from collections.abc import Iterator

from pyomo.environ import ConcreteModel, value

from models.inputs import ANY, Inputs
from models.investment.builds import order
from models.linear import weighted

#: Below this, a quantity is noise of the solver and is not listed; little by little is much.
NOISE = 1e-6

#: Year, asset, year of the order (0 of what stood before), capacity.
Retirement = tuple[int, str, int, float]


def retirements(model: ConcreteModel, inputs: Inputs) -> list[Retirement]:
    """All that is retired early, by year."""
    pooled = dict.fromkeys(k for k, cohort, _ in inputs.capacity.retirements if cohort == ANY)
    return sorted([*_of_orders(model, inputs), *(found for k in pooled for found in _of_pool(model, inputs, k))])


def _of_orders(model: ConcreteModel, inputs: Inputs) -> Iterator[Retirement]:
    """Of assets whose orders are told apart. What is too little is listed with what is retired of the same order later."""
    little: dict[tuple[str, int], float] = {}
    for k, cohort, z in sorted(inputs.capacity.retirements):
        if cohort == ANY:
            continue
        retired = little.pop((k, cohort), 0.0) + model.retire[k, cohort, z].value
        if retired > NOISE:
            yield z, k, cohort, retired
        else:
            little[k, cohort] = retired


def _of_pool(model: ConcreteModel, inputs: Inputs, k: str) -> Iterator[Retirement]:
    """Of an asset whose orders are not: what works less in a year than is left alive, of the orders that end first."""
    capacity = inputs.capacity
    sizes = {v: value(weighted(order(model, inputs, k, v))) for own, v in capacity.lasts if own == k}
    works = {v: capacity.works[k, v] for v in sizes if capacity.works[k, v]}
    left: dict[int, float] = {}
    for y in (y for own, cohort, y in capacity.retirements if (own, cohort) == (k, ANY)):
        left = {v: size for v, size in left.items() if y in works[v]} | {v: sizes[v] for v in works if works[v][0] == y}
        working = model.ordered[k, y] if (k, y) in model.ordered else model.capacity[k, y]
        over = sum(left.values()) - working.value
        for v in sorted(left) if over > NOISE else ():
            retired = min(over, left[v])
            if retired > NOISE:
                left[v] -= retired
                over -= retired
                yield y, k, v, retired
