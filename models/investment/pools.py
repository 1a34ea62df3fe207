"""Orders that are not told apart: what works of all of them, from one year to the next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyomo.core import Binary, Block, NonNegativeIntegers, NonNegativeReals

from models.components import rows, variables
from models.inputs import ANY, EXISTING, Inputs
from models.investment.builds import most_ordered, order
from models.linear import Sum, weighted


def add_pools(model: Block, inputs: Inputs, pool: Mapping[tuple[str, int], Any], built: Mapping[tuple[str, int], Sum]) -> None:
    r"""What works of the orders of an asset, where they may be of any size: all together, from one year to the next.

    .. math::
        P_{k,y} = P_{k,y-1} + N_{k,y} - e_{k,y} - \rho_{k,y}, \qquad 0 \le e_{k,y} \le E_{k,y}, \qquad
        N_{k,y} \le P_{k,y} \le S_{k,y}

    for k in ASSETS, y in YEARS. That is what the orders allow, apart from each other: all work equally long, so those ordered
    first end first. If those are retired first, what works is the part of all that is alive that was ordered last, and all that
    begins to work in the year. It needs a column for each year, not for each pair.

    Orders in whole units u are retired in whole units n, and what ends is whole units m of what is left. Where their retirement
    costs something, or a signed order is no whole number of units, what ends is made exact in place of that: B is what of the
    orders that worked in the year before works on, M the most that can be.

    .. math::
        \rho_{k,y} = u_k n_{k,y} \qquad e_{k,y} = u_k m_{k,y} \qquad \text{or} \qquad
        e_{k,y} = \max(0, P_{k,y-1} - B_{k,y}): \quad
        P_{k,y-1} - B_{k,y} \le e_{k,y} \le P_{k,y-1} - B_{k,y} + M (1 - h_{k,y}), \quad e_{k,y} \le M h_{k,y}

    P  ordered, that works   capacity (k,y)          N  begins to work in y   capacity (k,y)
    E  ends before y, had it not been retired   capacity (k,y)      e  expire, of what was left   capacity (k,y)
    S  alive in y, had nothing been retired     capacity (k,y)          h  is_expiring   1 (k,y)
    """
    begins, ends = _begins_and_ends(model, inputs)
    ending = [(k, y) for k, y in pool if (k, y) in ends and (k, y - 1) in pool]
    first_end = {k: min(y for own, y in ending if own == k) for k in {k for k, _ in ending}}
    model.expire = variables(ending, within=NonNegativeReals, doc="comes to the end of its life, of what is left [MW, MWh, t/h]")

    @rows(model, list(pool), doc="what works is what did, what begins to, less what is retired or ends [MW, MWh, t/h]")
    def pool_step(model, k, y):
        before = [(1.0, pool[k, y - 1])] if (k, y - 1) in pool else []
        expires = [(-1.0, model.expire[k, y])] if (k, y) in model.expire else []
        gone = [(-1.0, model.retire[k, ANY, y]), (-1.0, pool[k, y])]
        return weighted([*before, *begins.get((k, y), ()), *expires, *gone]) == 0

    new: dict[tuple[str, int], Sum] = {}
    for (k, v), (y, _) in inputs.capacity.lasts.items():
        if (k, y) in pool:
            new.setdefault((k, y), []).extend(order(model, inputs, k, v))

    @rows(model, list(new), doc="what begins to work is not retired that year [MW, MWh, t/h]")
    def new_works(model, k, y):
        return weighted([*new[k, y], (-1.0, pool[k, y])]) <= 0

    @rows(model, ending, doc="no more comes to its end than was ordered to [MW, MWh, t/h]")
    def expire_limit(model, k, y):
        return weighted([*ends[k, y], (-1.0, model.expire[k, y])]) >= 0

    @rows(model, [(k, y) for k, y in pool if y >= first_end.get(k, y + 1)], doc="what works is alive [MW, MWh, t/h]")
    def alive_limit(model, k, y):
        return weighted([*built[k, y], (-1.0, pool[k, y])]) >= 0

    add_whole_units(model, inputs, pool, ending)


def _begins_and_ends(model: Block, inputs: Inputs) -> tuple[dict[tuple[str, int], Sum], dict[tuple[str, int], Sum]]:
    """Of each asset and year, the orders that begin to work in it, and those that worked last in the year before.

    A signed order that works before the horizon begins with it here.
    """
    begins: dict[tuple[str, int], Sum] = {}
    ends: dict[tuple[str, int], Sum] = {}
    for k, v in inputs.capacity.lasts:
        works, own = inputs.capacity.works[k, v], order(model, inputs, k, v)
        if works:
            begins.setdefault((k, works[0]), []).extend(own)
            ends.setdefault((k, works[-1] + 1), []).extend(own)
    return begins, ends


def add_whole_units(model: Block, inputs: Inputs, pool: Mapping[tuple[str, int], Any], ending: list[tuple[str, int]]) -> None:
    """Orders in whole units are retired in whole units, and no more of them ends than is left: see `add_pools`.

    Where they are told apart, what is retired of all of them in a year is whole units.
    """
    capacity, unit = inputs.capacity, inputs.capacity.unit_size
    parts: dict[tuple[str, int], Sum] = {}
    for k, cohort, y in capacity.retirements:
        if cohort != EXISTING and k in capacity.pieces.whole_units:
            parts.setdefault((k, y), []).append((1.0, model.retire[k, cohort, y]))
    retired = list(parts)
    exact = [(k, y) for k, y in ending if k in capacity.pieces.whole_units and _is_uneven(inputs, k)]
    even = [(k, y) for k, y in ending if k in capacity.pieces.whole_units and (k, y) not in set(exact)]

    model.retire_units = variables(retired, within=NonNegativeIntegers, doc="whole units retired early [1]")
    model.expire_units = variables(even, within=NonNegativeIntegers, doc="whole units that come to the end of their life [1]")
    model.is_expiring = variables(exact, within=Binary, doc="1 if anything is left that comes to the end of its life [1]")

    @rows(model, retired, doc="retired in whole units [MW, MWh, t/h]")
    def retire_in_units(model, k, y):
        return weighted([*parts[k, y], (-unit[k], model.retire_units[k, y])]) == 0

    @rows(model, even, doc="ends in whole units [MW, MWh, t/h]")
    def expire_in_units(model, k, y):
        return model.expire[k, y] == unit[k] * model.expire_units[k, y]

    @rows(model, exact, ["all", "left", "none"], doc="what was retired early does not end again [MW, MWh, t/h]")
    def expire_left(model, k, y, side):
        """The expiring part e = max(0, p - w) of the pool p, w what works on: `all` e ≥ p - w; `left`, `none` e ≤ p - w or e ≤ 0,
        as is_expiring says (capacity, k, y).
        """
        most = most_ordered(inputs, k, y - 1)
        over = [(1.0, pool[k, y - 1]), *((-a, v) for a, v in _works_on(model, inputs, k, y)), (-1.0, model.expire[k, y])]
        if side == "all":
            return weighted(over) <= 0
        if side == "left":
            return weighted([*over, (-most, model.is_expiring[k, y])], most) >= 0
        return model.expire[k, y] <= most * model.is_expiring[k, y]


def _is_uneven(inputs: Inputs, k: str) -> bool:
    """True if it is not enough that what ends is whole units: it matters what was retired, or not all orders are whole units."""
    capacity, unit = inputs.capacity, inputs.capacity.unit_size[k]
    odd = any(abs(size / unit - round(size / unit)) > 1e-9 for (own, _), size in capacity.committed.items() if own == k)
    return odd or any(own == k for own, _ in capacity.retirement_cost)


def _works_on(model: Block, inputs: Inputs, k: str, y: int) -> Sum:
    """Orders that worked in the year before and still work."""
    lasts, works = inputs.capacity.lasts, inputs.capacity.works
    alive = [v for own, v in lasts if own == k and {y - 1, y} <= set(works[k, v])]
    return [term for v in alive for term in order(model, inputs, k, v)]
