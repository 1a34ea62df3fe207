"""Early retirement: what stood before, in any part or in units, and orders that are retired whole."""

from __future__ import annotations

import math

from pyomo.core import Binary, Block, NonNegativeIntegers, NonNegativeReals

from models.components import rows, variables
from models.inputs import ANY, EXISTING, Inputs
from models.investment.builds import order
from models.linear import Sum, weighted


def add_existing(model: Block, inputs: Inputs) -> None:
    r"""What stood before: it may be retired, and may fall by what the park says; what was retired counts as what falls first.

    .. math::
        S_{k,y} = X_k - \sum_{z \le y} (\rho_{k,0,z} + f_{k,z}) \ge \min(\kappa_k, X_{k,y}) \qquad
        f_{k,y} = \max(0, S_{k,y-1} - X_{k,y})
    .. math::
        S_{k,y-1} - X_{k,y} \le f_{k,y} \le S_{k,y-1} - X_{k,y} + X_{k,y} (1 - h_{k,y}) \qquad
        f_{k,y} \le (X_{k,y-1} - X_{k,y}) h_{k,y}
    .. math::
        \rho_{k,0,z} = u_k n_{k,z} + r_k q_{k,z} \qquad \sum_z n_{k,z} \le \lfloor X_k / u_k \rfloor \qquad \sum_z q_{k,z} \le 1

    for k in ASSETS, y in YEARS; f in years in which what stands falls; the last line where what stands comes in units.

    S  what still stands   capacity (k,y)     X  existing   capacity (k,y)       f  fall         capacity (k,y)
    ρ  retire              capacity (k,0,z)   κ  keep       capacity (k)         h  is_falling   1 (k,y)
    u  existing_unit       capacity (k)       n  retire_existing  1 (k,z)        q  retire_rest  1 (k,z)
    r  the rest            capacity (k)
    """
    capacity = inputs.capacity
    retired = [(k, z) for k, cohort, z in capacity.retirements if cohort == EXISTING]
    falls = {(k, y): size for k in dict.fromkeys(k for k, _ in retired) for y, size in capacity.falls(k)}
    in_units = [(k, z) for k, z in retired if k in capacity.pieces.existing_unit]
    first = {k: capacity.existing[k, capacity.works[k, EXISTING][0]] for k, _ in retired}
    parts = {k: capacity.pieces.units_of(k, first[k]) for k, _ in in_units}
    with_rest = [(k, z) for k, z in in_units if parts[k][1] > 0]

    model.fall = variables(list(falls), within=NonNegativeReals, doc="of what stood, ends as the park says [MW, MWh, t/h]")
    model.is_falling = variables(list(falls), within=Binary, doc="1 if anything is left that ends as the park says [1]")
    model.retire_existing = variables(
        in_units, within=NonNegativeIntegers, bounds=lambda _, k, z: (0, parts[k][0]), doc="units of what stood, retired [1]"
    )
    model.retire_rest = variables(with_rest, within=Binary, doc="1 if what stood beside whole units is retired [1]")

    @rows(model, [(k, y) for k in first for y in _lasts(inputs, k)], doc="what may not be retired stands [MW, MWh, t/h]")
    def keep_limit(model, k, y):
        return weighted(standing(model, inputs, k, y)) >= capacity.pieces.keep.get((k, y), 0.0)

    @rows(model, list(falls), ["all", "left", "none"], doc="what was retired early falls first [MW, MWh, t/h]")
    def fall_left(model, k, y, side):
        """The fall f = max(0, s - e) of what stands s down to what is left to stand e: `all` f ≥ s - e; `left`, `none` f ≤ s - e or
        f ≤ 0, as is_falling says (capacity, k, y).
        """
        stays, over = capacity.existing[k, y], [*standing(model, inputs, k, y - 1), (-1.0, model.fall[k, y])]
        if side == "all":
            return weighted(over) <= stays
        if side == "left":
            return weighted([*over, (-stays, model.is_falling[k, y])]) >= 0
        return model.fall[k, y] <= falls[k, y] * model.is_falling[k, y]

    @rows(model, in_units, doc="what stood is retired in units and one of the rest [MW, MWh, t/h]")
    def existing_units(model, k, z):
        rest = [(parts[k][1], model.retire_rest[k, z])] if (k, z) in model.retire_rest else []
        unit = capacity.pieces.existing_unit[k]
        return weighted([(unit, model.retire_existing[k, z]), *rest, (-1.0, model.retire[k, EXISTING, z])]) == 0

    @rows(model, list(parts), doc="no more units are retired than stood [1]")
    def existing_units_limit(model, k):
        return weighted((1.0, model.retire_existing[own, z]) for own, z in in_units if own == k) <= parts[k][0]

    @rows(model, [k for k, (_, rest) in parts.items() if rest > 0], doc="the rest is retired once [1]")
    def rest_limit(model, k):
        return weighted((1.0, model.retire_rest[own, z]) for own, z in with_rest if own == k) <= 1


def left_of(model: Block, inputs: Inputs, k: str, cohort: int, y: int) -> Sum:
    """What works in a year of an order that is told apart, less what was retired of it; of what stood before, `standing`."""
    if cohort == EXISTING:
        return standing(model, inputs, k, y)
    gone = [(-1.0, model.retire[r]) for r in inputs.capacity.retirements if r[:2] == (k, cohort) and r[2] <= y]
    return [*order(model, inputs, k, cohort), *gone]


def standing(model: Block, inputs: Inputs, k: str, y: int) -> Sum:
    """What stands in a year of what stood before; a number where it cannot be retired."""
    capacity = inputs.capacity
    if (k, y) not in capacity.existing:
        return []
    first = capacity.works[k, EXISTING][0]
    if (k, EXISTING, first) not in model.retire:
        return [(capacity.existing[k, y], 1.0)]
    gone = [(-1.0, model.retire[k, EXISTING, z]) for z in capacity.works[k, EXISTING] if z <= y]
    return [(capacity.existing[k, first], 1.0), *gone, *((-1.0, model.fall[k, z]) for own, z in model.fall if own == k and z <= y)]


def _lasts(inputs: Inputs, k: str) -> list[int]:
    """The last year of what stood before, and the years before it falls."""
    return [*(y - 1 for y, _ in inputs.capacity.falls(k)), inputs.capacity.works[k, EXISTING][-1]]


def add_whole_orders(model: Block, inputs: Inputs) -> None:
    r"""Orders that are retired whole or not at all: the product of an order and a 0-or-1, exact with its inequalities (McCormick).

    .. math::
        \rho_{k,v,z} = b_{k,v} q_{k,v,z}: \quad
        b_{k,v} - \overline{b}_{k,v} (1 - q_{k,v,z}) \le \rho_{k,v,z} \le \overline{b}_{k,v} q_{k,v,z}, \qquad
        \sum_z q_{k,v,z} \le 1

    for (k, v) in BUILDS that are neither in units nor may be retired in part; that no more is retired than was ordered says
    `retire_limit`. Orders in units are retired in any part, but signed ones, which stand in the park, in whole units:
    :math:`\rho_{k,v,z} = u_k n_{k,v,z}`.

    ρ  retire   capacity (k,v,z)     b  order   capacity (k,v)     q  is_retired   1 (k,v,z)
    u  unit_size   capacity (k)      n  retire_units   1 (k,v,z)
    """
    capacity = inputs.capacity
    own = [(k, v, z) for k, v, z in capacity.retirements if v not in (EXISTING, ANY) and k in capacity.pieces.whole_orders]
    signed = [(k, v, z) for k, v, z in capacity.retirements if k in capacity.pieces.whole_units and (k, v) in capacity.committed]
    model.is_retired = variables(own, within=Binary, doc="1 if an order is retired [1]")
    model.retire_units = variables(signed, within=NonNegativeIntegers, doc="whole units of a signed order, retired early [1]")

    @rows(model, signed, doc="signed orders are retired in whole units [MW, MWh, t/h]")
    def retire_in_units(model, k, v, z):
        return model.retire[k, v, z] == capacity.unit_size[k] * model.retire_units[k, v, z]

    def most(k: str, v: int) -> float:
        """Most that is ordered of k in v (capacity). Raises ValueError where there is no limit."""
        size = capacity.build_max.get((k, v), 0.0) + capacity.committed.get((k, v), 0.0)
        if math.isinf(size):
            raise ValueError(f"{k}: orders that are retired whole need a limit")
        return size

    @rows(model, own, ["whole", "none"], doc="an order is retired whole or not at all [MW, MWh, t/h]")
    def retire_whole(model, k, v, z, side):
        """The product of an order and a 0-or-1: `none` ρ ≤ most q, `whole` ρ ≥ b - most (1 - q) (capacity, k, v, z)."""
        retired, is_retired = model.retire[k, v, z], model.is_retired[k, v, z]
        if side == "none":
            return retired <= most(k, v) * is_retired
        ordered = [(-a, b) for a, b in order(model, inputs, k, v)]
        return weighted([(1.0, retired), (-most(k, v), is_retired), *ordered], most(k, v)) >= 0

    @rows(model, list(dict.fromkeys((k, v) for k, v, _ in own)), doc="an order is retired once [1]")
    def retired_once(model, k, v):
        return weighted((1.0, model.is_retired[r]) for r in own if r[:2] == (k, v)) <= 1
