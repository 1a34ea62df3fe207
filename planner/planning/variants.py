"""What a plan that is compared may not decide, as a change of bounds on the matrix: the variant that it is solved in.

Returns a `Variant`. Raises nothing.

Business as usual: today's equipment renewed kind for kind, nothing new.

At the end of its life what stood is ordered again: the same capacity of the same technology, in whole units where it is sold in
units, so that it works from the year after, or as soon as it can. Where an order may not be so large (max_build, max_capacity), as
much is ordered as may be, and the rest in the next years in which anything may. Chargers are
ordered as their vehicles come, so that each can be charged as it arrives. Nothing else is ordered, retired, saved, planted or
bought in its place; the goal does not hold. There is no choice left but how the park is operated, and on which basis a connection
is paid.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from pyomo.core import ConcreteModel

from models.inputs import EXISTING, Inputs
from models.operation.equipment import present_stores
from planner.explain.blocking import outage_balances
from planner.language.language import mark
from planner.language.message import Message
from planner.plan import ALL_HOURS, BUSINESS, REFERENCE, Plan
from planner.solve import Matrix, Variant

#: Why business as usual is not operated, though that is not proven.
AS_ON_DAYS = mark("{why}, with what stores hold as months end as on the typical days")
#: Relative difference up to which two sizes are one.
EXACT = 1e-9


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
    """Orders of an asset: what has come to its end is ordered again, as much as may be; the rest waits for the next order."""
    capacity = inputs.capacity
    stood = capacity.works.get((k, EXISTING), ())
    ends = [(y - 1, size) for y, size in capacity.falls(k)] + [(y, capacity.existing[k, y]) for y in stood[-1:]]
    last, ordered = -math.inf, dict[int, float]()
    for v in sorted(v for own, v in capacity.builds if own == k):
        begin = capacity.works[k, v][0]
        due = sum(size for y, size in ends if y < begin)
        wanted = max(due, _short(inputs, k, v, ordered))
        if wanted <= 0 or v - last < capacity.spacing.get(k, 0):
            continue
        size = _size(inputs, k, wanted, min(capacity.build_max[k, v], _room(inputs, k, v, ordered)))
        if size <= 0:
            continue
        yield v, size
        last, ordered[v] = v, size
        waits = [(begin - 1, due - size)] if size < due else []
        ends = [*(end for end in ends if end[0] >= begin), *waits, (capacity.works[k, v][-1], size)]


def _room(inputs: Inputs, k: str, v: int, ordered: Mapping[int, float]) -> float:
    """Most that an order of a year may be beside what stands, is signed and was ordered again before, as long as it works."""
    capacity = inputs.capacity

    return min(capacity.max_capacity.get((k, y), math.inf) - _stands(inputs, k, y, ordered) for y in capacity.works[k, v])


def _short(inputs: Inputs, k: str, v: int, ordered: Mapping[int, float]) -> float:
    """By how much chargers fall short of charging each vehicle as it arrives, until the next order can work; 0 of all else."""
    works, next_order = inputs.capacity.works[k, v], max(int(inputs.capacity.spacing.get(k, 0)), 1)
    highest = {y: inputs.vehicles.highest.get((k, y), 0.0) for y in works if y < works[0] + next_order}
    short = max((most - _stands(inputs, k, y, ordered) for y, most in highest.items()), default=0.0)
    return short if short > EXACT * max(highest.values(), default=0.0) else 0.0


def _stands(inputs: Inputs, k: str, y: int, ordered: Mapping[int, float]) -> float:
    """What stands, is signed and was ordered again by a year."""
    capacity = inputs.capacity
    own = [*ordered.items(), *((w, size) for (name, w), size in capacity.committed.items() if name == k)]
    return capacity.existing.get((k, y), 0.0) + sum(size for w, size in own if y in capacity.works[k, w])


def _size(inputs: Inputs, k: str, due: float, most: float) -> float:
    """What is ordered for what has come to its end: no less than the least order, in whole units, and no more than that; else 0."""
    least, unit = inputs.capacity.min_build.get(k, 0.0), inputs.capacity.unit_size.get(k, 0.0)
    size = min(max(due, least), most)
    if unit:
        wanted, may = math.ceil(max(due, least) / unit - EXACT), most / unit + EXACT
        size = unit * (wanted if wanted <= may else math.floor(may))
    return size if size >= max(least * (1 - EXACT), EXACT * due) else 0.0


def as_usual(model: ConcreteModel, inputs: Inputs) -> Iterator[tuple[Any, float]]:
    """Every decision that is not left open, and what it is: (variable, value)."""
    renewed = renewals(inputs)
    for kv, build in model.build.items():
        yield build, renewed.get(kv, 0.0)
    yield from ((variable, 0.0) for variable in model.retire.values())
    yield from ((variable, float(adoption in inputs.measures.kept)) for adoption, variable in model.adopt.items())
    yield from ((variable, inputs.restoration.planted.get(pv, 0.0)) for pv, variable in model.plant.items())


def not_as_usual(inputs: Inputs, why: str) -> Plan:
    """Business as usual that could not be operated in every hour. Nothing is decided in it but what stores hold as months end, and
    that was as on the typical days: where there are stores it is not proven that it cannot."""
    if any(present_stores(inputs, y) for y in inputs.years):
        return Plan(BUSINESS, "failed", note=Message(AS_ON_DAYS, why=why))
    return Plan(BUSINESS, "infeasible", note=why, proof=ALL_HOURS)


#: What the reference plan may not buy.
NOT_IN_REFERENCE = ("credits", "certified")


def variant_of(name: str, matrix: Matrix, model: ConcreteModel, years: Any, inputs: Inputs) -> Variant:
    """The variant of the decisions (with `years`: of the whole park) that a plan is solved in.

    The reference and business as usual may not take some decisions; business as usual has its orders fixed.
    """
    if name not in (REFERENCE, BUSINESS):
        return Variant()
    dropped, barred = matrix.rows_of(not_asked_of_reference(model)), matrix.columns_of(not_in_reference(model, years, inputs))
    fixed, values = matrix.at(as_usual(model, inputs)) if name == BUSINESS else (barred[:0], np.zeros(0))
    return Variant(dropped, barred, fixed, values)


def not_asked_of_reference(model: ConcreteModel) -> list[Any]:
    """Rows that bind only the target and the least-cost plan: what must stand at least, in reserve, and how orders may grow."""
    own = (model.capacity_least, model.build_growth, model.reserve_limit)
    return [*(row for family in own for row in family.values()), *outage_balances(model).values()]


def is_asked_more(inputs: Inputs) -> bool:
    """True if the least-cost plan is asked something that the reference is not, so that the reference is no plan for it: rows of
    `not_asked_of_reference`, or rules that last.
    """
    capacity = inputs.capacity
    return bool(
        capacity.min_capacity or capacity.growth or inputs.reserves.margin or inputs.outages.days or inputs.carbon.has_lasting
    )


def not_in_reference(model: ConcreteModel, years: Any, inputs: Inputs) -> list[Any]:
    """Decisions that the reference may not take: no measures, offsets, certificates, restoration, new kinds; what is kept stays."""
    barred = [v for (k, _), v in model.build.items() if k not in inputs.capacity.in_reference]
    barred += [v for adoption, v in model.adopt.items() if adoption not in inputs.measures.kept]
    barred += [v for planting, v in model.plant.items() if planting not in inputs.restoration.planted]
    for y in years:
        barred += [v for name in NOT_IN_REFERENCE for v in getattr(years[y], name).values()]
    return barred
