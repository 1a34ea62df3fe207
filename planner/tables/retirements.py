"""What a plan retires, of which order and when, and the value beyond the horizon that goes with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyomo.core import ConcreteModel, value

from models.inputs import ANY, Inputs
from models.inputs.retirement import Part
from models.investment.builds import order
from models.investment.given_up import ordered_of
from models.linear import weighted

#: Below this, a quantity is noise of the solver and is not listed; little by little is much.
NOISE = 1e-6

#: Year, asset, year of the order (0 of what stood before), capacity.
Retirement = tuple[int, str, int, float]


def retirements(model: ConcreteModel, inputs: Inputs) -> list[Retirement]:
    """All that is retired early, by year; what the model gives up of the value beyond the horizon is then of just that."""
    pooled = dict.fromkeys(k for k, cohort, _ in inputs.capacity.retirements if cohort == ANY)
    found = sorted([*_of_orders(model, inputs), *(own for k in pooled for own in _of_pool(model, inputs, k))])
    _give_up(model, inputs, found)
    return found


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
    """Of an asset whose orders are not: what works less in a year than is left alive, of the orders with the least value beyond the
    horizon, of those the first to end.
    """
    capacity = inputs.capacity
    sizes = {v: value(weighted(order(model, inputs, k, v))) for own, v in capacity.lasts if own == k}
    works = {v: capacity.works[k, v] for v in sizes if capacity.works[k, v]}
    left: dict[int, float] = {}
    for y in (y for own, cohort, y in capacity.retirements if (own, cohort) == (k, ANY)):
        left = {v: size for v, size in left.items() if y in works[v]} | {v: sizes[v] for v in works if works[v][0] == y}
        working = model.ordered[k, y] if (k, y) in model.ordered else model.capacity[k, y]
        over = sum(left.values()) - working.value
        old = {v: sizes[v] - size for v, size in left.items() if capacity.lasts[k, v][0] < y}
        for v, retired in _taken(model, inputs, k, old, over) if over > NOISE else ():
            if retired > NOISE:
                left[v] -= retired
                yield y, k, v, retired


def _taken(model: ConcreteModel, inputs: Inputs, k: str, gone: Mapping[int, float], amount: float) -> Iterator[tuple[int, float]]:
    """How much of an amount is taken of each order, of which so much is gone already."""
    pieces = [(loss, v, size) for v, less in gone.items() for loss, size in _left(model, inputs, k, v, less)]
    taken: dict[int, float] = {}
    for _, v, size in sorted(pieces, key=lambda piece: piece[:2]):
        taken[v] = taken.get(v, 0.0) + min(size, amount)
        amount -= min(size, amount)
    yield from sorted(taken.items())


def _left(model: ConcreteModel, inputs: Inputs, k: str, v: int, gone: float) -> Iterator[tuple[float, float]]:
    """The parts of an order: value beyond the horizon of a unit, and how much is left, once what has the least value is gone."""
    counted = [(loss, ordered_of(model, inputs, [part])) for loss, part in _parts(inputs, k, v)]
    for loss, ordered in counted or [(0.0, order(model, inputs, k, v))]:
        size = float(value(weighted(ordered)))
        yield loss, max(size - gone, 0.0)
        gone = max(gone - size, 0.0)


def _parts(inputs: Inputs, k: str, v: int) -> list[tuple[float, Part]]:
    """Parts of an order that are counted, those with the least value first."""
    return sorted((loss, part) for part, loss in inputs.capacity.given_up.items() if part[:2] == (k, v))


def _give_up(model: ConcreteModel, inputs: Inputs, retired: list[Retirement]) -> None:
    """Set what is given up of each order to what is listed: a point of the search may have more, and orders that are not listed."""
    total: dict[tuple[str, int], float] = {}
    for _, k, v, size in retired:
        total[k, v] = total.get((k, v), 0.0) + size
    for k, v in dict.fromkeys(part[:2] for part in inputs.capacity.given_up):
        gone = total.get((k, v), 0.0)
        for _, part in _parts(inputs, k, v):
            size = min(gone, float(value(weighted(ordered_of(model, inputs, [part])))))
            model.given_up[part].set_value(size)
            gone -= size
