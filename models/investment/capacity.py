"""Capacity: cohorts that work for their lifetime, and the limits of what stands.

Technologies and links between zones are treated alike. A cohort works in full until its last year, but for a store with a
fade. A retired unit is gone for good: it returns no capital, and gives up its value beyond the horizon.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from pyomo.core import Binary, Block, NonNegativeIntegers, NonNegativeReals

from models.inputs import ANY, EXISTING, SIGNED, Inputs
from models.inputs.capacity import Part
from models.linear import Sum, rows, variables, weighted

# --- orders ------------------------------------------------------------------------------------------------------------------


def add_builds(model: Block, inputs: Inputs) -> None:
    r"""Orders of every year: of any size, in whole units, or none or at least a least size.

    .. math::
        0 \le b_{k,v} \le \overline{b}_{k} \qquad b_{k,v} = u_k n_{k,v} \qquad
        \underline{b}_k z_{k,v} \le b_{k,v} \le \overline{b}_k z_{k,v}

    .. math::
        \sum_{w \le v < w + s_k} z_{k,v} \le 1 \quad \text{for every year } w

    .. math::
        b_{k,v} \le \gamma_k (b_{k,v-1} + B_{k,v-1}) + g_k

    for (k, v) in BUILDS. Nothing is offered nearer than s to an order that is signed.

    b  build      capacity (k,v)     u  unit_size   capacity (k)     n  units      1 (k,v)     s  spacing   year (k)
    z  is_built   1 (k,v), where a least size, a project cost or a spacing is given
    γ, g  growth  1, capacity (k)        B  signed orders   capacity (k,v)
    """
    capacity = inputs.capacity
    lumpy = list(capacity.lumpy)
    whole = [(k, v) for k, v in capacity.builds if k in capacity.unit_size]

    model.build = variables(
        list(capacity.builds),
        doc="capacity ordered [MW, MWh, t/h]",
        bounds=lambda _, k, v: (0, None if math.isinf(capacity.build_max[k, v]) else capacity.build_max[k, v]),
    )
    model.is_built = variables(lumpy, within=Binary, doc="1 if anything is ordered [1]")
    model.units = variables(
        whole,
        within=NonNegativeIntegers,
        doc="whole units ordered [1]",
        bounds=lambda _, k, v: (0, _units(capacity.build_max[k, v], capacity.unit_size[k])),
    )

    @rows(model, lumpy, doc="an order needs its binary [MW, MWh, t/h]")
    def build_largest(model, k, v):
        return model.build[k, v] <= capacity.build_max[k, v] * model.is_built[k, v]

    @rows(model, [kv for kv in lumpy if kv[0] in capacity.min_build], doc="an order is at least the smallest [MW, MWh, t/h]")
    def build_smallest(model, k, v):
        return model.build[k, v] >= capacity.min_build[k] * model.is_built[k, v]

    @rows(model, whole, doc="orders come in whole units [MW, MWh, t/h]")
    def build_units(model, k, v):
        return model.build[k, v] == capacity.unit_size[k] * model.units[k, v]

    near = _near(inputs)

    @rows(model, list(near), doc="one order in so many years [1]")
    def build_spacing(model, k, w):
        return weighted((1.0, model.is_built[k, v]) for v in near[k, w]) <= 1

    growing = [(k, v) for k, v in capacity.builds if k in capacity.growth]

    @rows(model, growing, doc="no more is ordered than the order of the year before lets it be [MW, MWh, t/h]")
    def build_growth(model, k, v):
        factor, always = capacity.growth[k]
        before = [(-factor * a, size) for a, size in order(model, inputs, k, v - 1)]
        return weighted([(1.0, model.build[k, v]), *before]) <= always


def _near(inputs: Inputs) -> dict[tuple[str, int], list[int]]:
    """Orders that are too near to each other, by asset and first of them; none that are part of the ones before."""
    found: dict[tuple[str, int], list[int]] = {}
    for k, spacing in inputs.capacity.spacing.items():
        years, seen = sorted(v for own, v in inputs.capacity.builds if own == k), 0
        for w in years:
            own = [v for v in years if w <= v < w + spacing]
            if len(own) > 1 and own[-1] > seen:
                found[k, w], seen = own, own[-1]
    return found


def _units(most: float, size: float) -> int | None:
    return None if math.isinf(most) else math.floor(most / size + 1e-9)


def order(model: Block, inputs: Inputs, k: str, v: int) -> Sum:
    """What is ordered of an asset in a year: what is decided, and what is signed."""
    decided = [(1.0, model.build[k, v])] if (k, v) in model.build else []
    signed = inputs.capacity.committed.get((k, v))
    return [*decided, (signed, 1.0)] if signed else decided


def most_ordered(inputs: Inputs, k: str, y: int) -> float:
    """Most of the orders of an asset that can work in a year. Raises ValueError where there is no limit."""
    capacity = inputs.capacity
    working = [v for own, v in capacity.lasts if own == k and y in capacity.works[k, v]]
    orders = sum(capacity.build_max.get((k, v), 0.0) + capacity.committed.get((k, v), 0.0) for v in working)
    most = min(orders, capacity.max_capacity.get((k, y), math.inf))
    if math.isinf(most):
        raise ValueError(f"{k}: orders in whole units need a limit")
    return most


# --- early retirement --------------------------------------------------------------------------------------------------------


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
    share = inputs.capacity.lasting(k, cohort, y)
    return [(share * a, b) for a, b in (*order(model, inputs, k, cohort), *gone)]


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


# --- value beyond the horizon ------------------------------------------------------------------------------------------------
# An order that is retired early serves no years after the last one.


def add_given_up(model: Block, inputs: Inputs, pool: Mapping[tuple[str, int], Any]) -> None:
    r"""How much is retired of each order that has a value beyond the horizon.

    .. math::
        \sum_z \rho_{k,v,z} \le \sum_i g_{k,v,i}, \qquad 0 \le g_{k,v,i} \le b_{k,v,i}
    .. math::
        P_{k,y} \ge N_{k,y} + \sum_{v:\, v' < y} \sum_i (b_{k,v,i} - g_{k,v,i})

    for (k, v) in ORDERS with a value; i is what is decided and what was signed of an order, which may differ in value: the cheaper
    goes first. Each g is paid for with its value, see `system_cost`.

    The first row is of orders that are told apart. The second is of those that are not, see `add_pools`. What ends within the
    horizon has no value and is retired first; all else works to the end of the horizon, so it matters only how much of each goes,
    and that it goes after it began to work: in every year what works is at least what begins to (N), and what of the orders that
    began before, in v', is not given up.

    g  given_up   capacity (k,v,i)     b  ordered   capacity (k,v,i)
    P  what works of the orders   capacity (k,y)     ρ  retire   capacity (k,v,z)
    """
    capacity, parts = inputs.capacity, list(inputs.capacity.given_up)
    orders = {kv: [part for part in parts if part[:2] == kv] for kv in dict.fromkeys((k, v) for k, v, _ in parts)}
    pooled, begins = {k for k, _ in pool}, {kv: capacity.lasts[kv][0] for kv in orders}

    model.given_up = variables(parts, within=NonNegativeReals, doc="retired early of an order with a value beyond [MW, MWh, t/h]")

    @rows(model, parts, doc="no more is given up than was ordered [MW, MWh, t/h]")
    def given_up_limit(model, *part):
        return weighted([(1.0, model.given_up[part]), *ordered_of(model, inputs, [part], -1.0)]) <= 0

    @rows(model, [kv for kv in orders if kv[0] not in pooled], doc="what is retired is given up [MW, MWh, t/h]")
    def given_up_retired(model, k, v):
        retired = [(-1.0, model.retire[r]) for r in capacity.retirements if r[:2] == (k, v)]
        return weighted([*_gone(model, orders[k, v]), *retired]) >= 0

    held = [(k, y) for k, y in pool if any(own == k and begin <= y for (own, _), begin in begins.items())]

    @rows(model, held, doc="what works is what begins to and what is not given up, at least [MW, MWh, t/h]")
    def given_up_left(model, k, y):
        left: Sum = [(1.0, pool[k, y]), *_beginning(model, inputs, k, y, orders)]
        for v in (v for own, v in orders if own == k and begins[k, v] <= y):
            left += [*ordered_of(model, inputs, orders[k, v], -1.0), *(_gone(model, orders[k, v]) if begins[k, v] < y else [])]
        return weighted(left) >= 0


def ordered_of(model: Block, inputs: Inputs, parts: Iterable[Part], sign: float = 1.0) -> Sum:
    """What parts of orders come to, times `sign`."""
    signed = inputs.capacity.committed
    return [(sign * signed[k, v], 1.0) if kind == SIGNED else (sign, model.build[k, v]) for k, v, kind in parts]


def _beginning(model: Block, inputs: Inputs, k: str, y: int, orders: Collection[tuple[str, int]]) -> Sum:
    """Less what begins to work in a year of the other orders, which have no value: it is not retired in that year."""
    capacity = inputs.capacity
    others = [v for (own, v), (first, _) in capacity.lasts.items() if own == k and first == y and (k, v) not in orders]
    found: Sum = [(-1.0, model.build[k, v]) for v in others if (k, v) in model.build]
    return [*found, *((-capacity.committed[k, v], 1.0) for v in others if (k, v) in capacity.committed)]


def _gone(model: Block, parts: Iterable[Part]) -> Sum:
    """What is given up of parts of orders."""
    return [(1.0, model.given_up[part]) for part in parts]


# --- orders that are not told apart ------------------------------------------------------------------------------------------


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


# --- capacity ----------------------------------------------------------------------------------------------------------------


def add_capacity(model: Block, inputs: Inputs) -> None:
    r"""What stands in each year, and its limits.

    .. math::
        C_{k,y} = S_{k,y} + \sum_{v:\, y \in W_{k,v}} \lambda_{k,v,y} \Big(b_{k,v} - \sum_{z \le y} \rho_{k,v,z}\Big), \qquad
        \lambda_{k,v,y} = \max(0, 1 - \gamma_k (y - w_{k,v}))
    .. math::
        \sum_z \rho_{k,v,z} \le b_{k,v}, \qquad \underline{C}_{k,y} \le C_{k,y} \le \overline{C}_{k,y}, \qquad
        \sum_{k \in j} \alpha_k C_{k,y} \le A_j

    for k in ASSETS, y in YEARS, j in SITES. Orders that are signed are numbers beside those that are decided. Orders that are
    retired in any part are not told apart, see `add_pools`. The least that must stand binds only plans under a goal and the
    least-cost plan.

    C  capacity   capacity (k,y)       S  standing, see `add_existing`   capacity (k,y)      b  build   capacity (k,v)
    ρ  retire     capacity (k,v,z)     W  works      years (k,v)         α  area    ha/capacity (k)    A  site_area   ha (j)
    γ  fade       1/year (k)           w  the first of W
    """
    capacity = inputs.capacity
    stood = [(k, y) for y in inputs.years for k in capacity.present[y]]
    pools = [(k, y) for k, cohort, y in capacity.retirements if cohort == ANY]
    alone = {k for k, _ in pools} - {k for k, _ in capacity.existing}
    cohorts = list(dict.fromkeys((k, c) for k, c, _ in capacity.retirements if c not in (ANY, EXISTING)))
    built, retired = _working(model, inputs), _retired(inputs)

    model.retire = variables(list(capacity.retirements), within=NonNegativeReals, doc="retired early [MW, MWh, t/h]")
    model.capacity = variables(stood, within=NonNegativeReals, doc="capacity that works [MW, MWh, t/h]")
    model.ordered = variables(
        [(k, y) for k, y in pools if k not in alone], within=NonNegativeReals, doc="works of what was ordered [MW, MWh, t/h]"
    )
    pool = {(k, y): model.capacity[k, y] if k in alone else model.ordered[k, y] for k, y in pools}

    add_existing(model, inputs)

    @rows(
        model,
        [(k, y) for k, y in stood if k not in alone],
        doc="what works is what stood and what was built, less what was retired [MW, MWh, t/h]",
    )
    def capacity_sum(model, k, y):
        own = [(1.0, pool[k, y])] if (k, y) in pool else built[k, y]
        gone = [(-capacity.lasting(*r[:2], y), model.retire[r]) for r in retired.get((k, y), ())]
        return weighted([*standing(model, inputs, k, y), *own, *gone, (-1.0, model.capacity[k, y])]) == 0

    @rows(model, cohorts, doc="no more is retired than was there [MW, MWh, t/h]")
    def retire_limit(model, k, cohort):
        own = [(1.0, model.retire[r]) for r in capacity.retirements if r[:2] == (k, cohort)]
        return weighted([*own, *((-a, v) for a, v in order(model, inputs, k, cohort))]) <= 0

    add_whole_orders(model, inputs)
    add_pools(model, inputs, pool, built)
    add_given_up(model, inputs, pool)

    @rows(model, [ky for ky in stood if ky in capacity.max_capacity], doc="most that may stand [MW, MWh, t/h]")
    def capacity_limit(model, k, y):
        return model.capacity[k, y] <= capacity.max_capacity[k, y]

    @rows(model, list(capacity.min_capacity), doc="least that must stand [MW, MWh, t/h]")
    def capacity_least(model, k, y):
        own = [(1.0, model.capacity[k, y])] if (k, y) in model.capacity else []
        return weighted([*own, (1.0, model.nothing)]) >= capacity.min_capacity[k, y]

    @rows(model, sorted(set(capacity.site.values())), list(inputs.years), doc="capacity on a site shares its area [ha]")
    def site_limit(model, site, y):
        users = [k for k in capacity.present[y] if capacity.site.get(k) == site]
        return weighted((capacity.area[k], model.capacity[k, y]) for k in users) <= capacity.site_area[site] + model.nothing


def _working(model: Block, inputs: Inputs) -> dict[tuple[str, int], Sum]:
    """Builds that work, by asset and year; empty where only what stood before does."""
    found: dict[tuple[str, int], Sum] = {(k, y): [] for y in inputs.years for k in inputs.capacity.present[y]}
    for k, v in inputs.capacity.lasts:
        for y in inputs.capacity.works[k, v]:
            share = inputs.capacity.lasting(k, v, y)
            found[k, y].extend((share * a, b) for a, b in order(model, inputs, k, v))
    return found


def _retired(inputs: Inputs) -> dict[tuple[str, int], list[tuple[str, int, int]]]:
    """Retirements of orders that are told apart that have happened, by asset and year."""
    capacity = inputs.capacity
    found: dict[tuple[str, int], list[tuple[str, int, int]]] = {}
    for k, cohort, z in capacity.retirements:
        for y in capacity.works[k, cohort] if cohort not in (ANY, EXISTING) else ():
            if y >= z:
                found.setdefault((k, y), []).append((k, cohort, z))
    return found


def add_levels(model: Block, inputs: Inputs) -> None:
    r"""Power that keeps a level, for each group g of stores with the same power apart, in each year.

    .. math::
        \sum_{s \in g} \frac{\delta_s \lambda_s}{\eta^+_s} E_{s,y} \le \sum_{k} C_{k,y}

    λ is the greater of the least and the initial level. Held at it all year a store is charged with what it loses: where that is
    within the power, a year can be operated.

    E  capacity  MWh (s,y)     C  capacity of power  MW (k,y)     δ  standing_loss  1/h (s)     η⁺  charge_efficiency  1 (s)
    """
    storage, present = inputs.storage, inputs.capacity.present
    loses = {
        s: storage.standing_loss[s] * max(storage.least.get(s, 0.0), storage.initial.get(s, 0.0)) / storage.charge_efficiency[s]
        for s in storage.power
    }
    groups = {own: [s for s in loses if storage.power[s] == own and loses[s]] for own in dict.fromkeys(storage.power.values())}
    kept = {(own[0], y): (own, power) for power, own in groups.items() if own for y in inputs.years}

    @rows(model, [key for key in kept if set(kept[key][0]) & set(present[key[1]])], doc="power that makes up for losses [MW]")
    def level_power(model, s, y):
        own, power = kept[s, y]
        lost = [(loses[other], model.capacity[other, y]) for other in own if other in present[y]]
        return weighted([*lost, *((-1.0, model.capacity[k, y]) for k in power if k in present[y])]) <= 0
