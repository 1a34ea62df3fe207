"""Orders that are not told apart: what works of all of them, from one year to the next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyomo.core import Block, NonNegativeReals

from models.components import rows, variables
from models.inputs import ANY, Inputs
from models.investment.builds import order
from models.linear import Sum, weighted


def add_pools(model: Block, inputs: Inputs, pool: Mapping[tuple[str, int], Any], built: Mapping[tuple[str, int], Sum]) -> None:
    r"""What works of the orders of an asset that are retired in any part: all together, from one year to the next.

    .. math::
        P_{k,y} = P_{k,y-1} + N_{k,y} - e_{k,y} - \rho_{k,y}, \qquad 0 \le e_{k,y} \le E_{k,y}, \qquad
        N_{k,y} \le P_{k,y} \le S_{k,y}

    for k in ASSETS, y in YEARS. That is what the orders allow, apart from each other: all work equally long, so those ordered
    first end first. If those are retired first, what works is the part of all that is alive that was ordered last, and all that
    begins to work in the year. It needs a column for each year, not for each pair.

    P  ordered, that works   capacity (k,y)          N  begins to work in y   capacity (k,y)
    E  ends before y, had it not been retired   capacity (k,y)      e  expire, of what was left   capacity (k,y)
    S  alive in y, had nothing been retired     capacity (k,y)
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
