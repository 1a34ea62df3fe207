"""Reserves: firm capacity for the highest demand, with the largest unit out; and demand that is offered to be called off."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from pyomo.core import Binary, Block, NonNegativeReals

from models.inputs import ANY, EXISTING, Inputs
from models.inputs.reserves import Place
from models.investment.capacity import most_ordered, order, standing
from models.linear import Sum, rows, variables, weighted
from models.operation.cost import Terms


def add_reserves(model: Block, inputs: Inputs) -> None:
    r"""Firm capacity and imports of each carrier that has a reserve, in each year; they bind target and least-cost alone.

    .. math::
        \sum_k \phi_{c,k} C_{k,y} + I_{c,y} \ge (1 + \mu_{c,y}) \hat{D}_{c,y} + U_{c,y} \qquad
        \hat{D}_{c,y} \ge \sum_u s_{u,t} D_{u,y} \quad \text{for all hours } t \text{ of the profiles}

    U is the largest unit, where it may be out (`add_largest_unit`). Of all hours only those can be the highest in which no demand
    is lower than in another. I is that of the supplies without a connection, or with one of a fixed limit, and of connections whose
    size or scheme is decided. A demand counts as it is asked for, less what may be shed where that is firm, and what of a firm
    contract is not offered to be called off; that is in s. What is offered stands in the highest hour as it is:
    :math:`\hat{D} \ge \sum_u s_{u,t} D_u + \sum_r o_r`. What a derating takes stands in U.

    φ  firm, times the ratio  MW/capacity (c,k)   C  capacity   capacity (k,y)    I  imports   MW (c,y)    μ  margin   1 (c,y)
    D  demand  MWh (u,y)      s  shape  1/h (u,t)      U  largest_unit   MW (c,y)     o  offer   MW (r,y)
    """
    reserves, capacity = inputs.reserves, inputs.capacity
    places, out = list(reserves.margin), _taking(inputs)

    model.peak_demand = variables(places, within=NonNegativeReals, doc="highest demand of a carrier [MW]")
    model.largest_unit = variables(out, within=NonNegativeReals, doc="largest unit of a carrier that may be out, and derating [MW]")
    model.firm_import = variables(
        list(reserves.over),
        within=NonNegativeReals,
        doc="imports for sure over a connection whose size or scheme is decided [MW]",
        bounds=lambda _, *index: (0, None if math.isinf(reserves.over[index]) else reserves.over[index]),
    )

    hours = [(*place, i) for place in places for i in range(len(inputs.at(place[2]).reserves.peaks[place[:2]]))]

    @rows(model, hours, doc="the highest demand is no lower than that of any hour [MW]")
    def peak_hour(model, c, zone, y, i):
        return weighted([*_asked(model, inputs, (c, zone, y), i), (-1.0, model.peak_demand[c, zone, y])]) <= 0

    @rows(model, places, doc="firm capacity for the highest demand, the margin and the largest unit [MW]")
    def reserve_limit(model, c, zone, y):
        """Firm capacity and imports ≥ (1 + margin) × peak demand + largest unit (MW, carrier, zone, y)."""
        own = [(firm, model.capacity[k, y]) for k, firm in inputs.at(y).reserves.firm[c, zone].items() if k in capacity.present[y]]
        lost = [(-1.0, model.largest_unit[c, zone, y])] if (c, zone, y) in model.largest_unit else []
        own += [(1.0, v) for index, v in model.firm_import.items() if index[:3] == (c, zone, y)]
        need = (-1.0 - reserves.margin[c, zone, y], model.peak_demand[c, zone, y])
        return weighted([*own, need, *lost], reserves.imports[c, zone, y]) >= 0

    sized = [index for index in reserves.over if index[3] in inputs.connections.sized]

    @rows(model, list(reserves.under), doc="no more is imported for sure than under the scheme in force [MW]")
    def firm_import_scheme(model, c, zone, y, connection):
        own = reserves.under[c, zone, y, connection]
        sold = [(-most, model.scheme[key, y]) for key, most in own.items()]
        return weighted([(1.0, model.firm_import[c, zone, y, connection]), *sold]) <= 0

    @rows(model, sized, doc="no more is imported for sure than the connection's capacity [MW]")
    def firm_import_limit(model, c, zone, y, connection):
        stands = [(-1.0, model.capacity[connection, y])] if (connection, y) in model.capacity else []
        return weighted([(1.0, model.firm_import[c, zone, y, connection]), *stands]) <= 0


def _asked(model: Block, inputs: Inputs, place: Place, i: int) -> Sum:
    """What must be held in reserve in an hour of those that can be the tightest."""
    shares, y = inputs.at(place[2]).reserves.peaks[place[:2]][i], place[2]
    energy = [(share * needed(inputs, u, y), demand_of(model, inputs, u, y)) for u, share in shares.items()]
    return [*energy, *((1.0, model.offer[r, y]) for r in inputs.responses.firm_of(shares))]


def _taking(inputs: Inputs) -> list[Place]:
    """Places in which a unit may be out, or a capacity is derated."""
    reserves = inputs.reserves
    return [p for p in sorted(reserves.margin) if p in reserves.largest_out or inputs.at(p[2]).reserves.is_derated(*p[:2])]


def needed(inputs: Inputs, u: str, y: int) -> float:
    """Share of a demand that must be held in reserve where nothing is offered to be called off (1)."""
    return inputs.flexibility.needed(u, y) - inputs.responses.spared(u, y)


def demand_of(model: Block, inputs: Inputs, u: str, y: int):
    """Energy of a demand after measures: a variable where measures change it."""
    return model.demand[u, y] if (u, y) in model.demand else inputs.demands.energy[u, y]


# --- responses ---------------------------------------------------------------------------------------------------------------


def add_responses(model: Block, inputs: Inputs) -> None:
    r"""What is offered is there in every hour in which it may be called, and no more than is taken.

    .. math::
        0 \le o_{r,y} \le \overline{o}_{r,y} \qquad o_{r,y} \le \sigma_{r,y} D_{u(r),y} \min_{t \in T_r} \pi_{u(r),t}

    for r in RESPONSES, y in YEARS; the hours of the profiles, not of typical days. When calls come is not known, so the energy
    that is called stays in the balances: what is not bought then is not counted. A share that may be offered is none that moves
    or is shed at the park's own will, see `shift_share` and `shed_share`.

    o  offer    MW (r,y)     σ  share   1 (r,y)     D  demand   MWh (u,y)     π  shape   1/h (u,t)     T  hours in which it is to
    stand ready              ō  max_offer   MW (r,y)
    """
    responses = inputs.responses
    model.offer = variables(
        list(responses.least),
        within=NonNegativeReals,
        doc="demand that stands ready to be called off [MW]",
        bounds=lambda _, *key: (0, responses.most.get(key)),
    )

    @rows(model, list(responses.least), doc="no more is offered than can be called off in the least hour [MW]")
    def offer_limit(model, r, y):
        energy = demand_of(model, inputs, responses.demand[r], y)
        return weighted([(1.0, model.offer[r, y]), (-responses.least[r, y], energy)]) <= 0


def response_cost(model: Block, inputs: Inputs, y: int) -> Terms:
    r"""What contracts cost; below 0 where they pay.

    .. math::
        \sum_r o_r \big( n_r (\kappa_r - \pi_r) - p_r \big)

    o  offer   MW (r)     p  price   money/MW/year (r)     n  calls   h (r)     κ  call_cost, π  call_price   money/MWh (r)
    """
    cost = inputs.responses.cost
    return {("response", r): weighted([(cost[r, y], model.offer[r, when])]) for r, when in model.offer if when == y}


# --- largest unit ------------------------------------------------------------------------------------------------------------


def add_largest_unit(model: Block, inputs: Inputs) -> None:
    r"""The largest unit of each reserve that has to hold with it out: at least φ times each unit that stands, of these kinds.

    What a technology loses in an outage, `loss`, is at least each of its units likewise, with a φ of 1, and at most what stands.

    .. math::
        U \ge \phi u_k w_{k,y}, \; O_{k,y} \le \overline{O}_{k,y} w_{k,y} \qquad
        U \ge \phi u'_k h_{k,y}, \; S_{k,y} - r_k (1 - q) \le u'_k n_k h_{k,y} \qquad
        U \ge \phi r_k (1 - q), \qquad U \ge \phi S_{k,y}, \qquad
        U \ge \phi \Big(b_{k,v,i} - \sum_{z \le y} \rho_{k,v,z}\Big), \qquad
        2 U \ge \phi \Big(\sum_i b_{k,v,i} - \sum_{z \le y} \rho_{k,v,z}\Big)

    .. math::
        L_{k,y} \le C_{k,y}

    Where a capacity is derated, U is what a unit j takes in each hour t beyond the peak, with what the derating takes,

    .. math::
        U \ge \phi \delta_{j,t} u_j + (1 + \mu) (D_t - \hat{D}) + \sum_k \phi_k (1 - \delta_{k,t}) C_{k,y}

    Of a connection whose capacity is an investment all is lost, or a unit: :math:`C - L \le \overline{C} h, \; L \ge u h`.

    A unit of orders in units u; a unit u' of what stood in n units, and the rest r of it; what stood without units; an order
    without units. What is decided and what was signed of one year, i, are two orders: what is retired of them is of the larger
    first, then of both alike, which the last row says. Supplies are no units.

    U  largest_unit   MW (c,y)                φ  firm, times the ratio  MW/capacity (c,k)
    O  orders that work  capacity (k,y)       S  standing  capacity (k,y)     ρ  retire  capacity (k,v,z)
    L  loss  capacity (k,y)                   C  capacity  MW, MWh (k,y)      δ  derating  1 (k,t)
    w  has_unit  1 (k,y)      h  has_existing_unit  1 (k,y)     q  retired of the rest  1
    """
    reserves, capacity = inputs.reserves, inputs.capacity
    out = _taking(inputs)
    lost = [(k, y) for k, y in inputs.outages.counted if k in capacity.present[y]]
    firm = {place: inputs.at(place[2]).reserves.firm[place[:2]] for place in out}
    held = [(k, p[2]) for p in sorted(reserves.largest_out) for k in firm[p] if k in capacity.present[p[2]]]
    counted = list(dict.fromkeys([*held, *lost]))
    ordered = [(k, y) for k, y in counted if k in capacity.unit_size and any(_works_in(inputs, k, y))]
    in_units = capacity.pieces.existing_unit
    stood = [(k, y) for k, y in counted if k in in_units and (k, y) in capacity.existing and _units(inputs, k)[0]]

    model.has_unit = variables(ordered, within=Binary, doc="1 if a unit that was ordered works [1]")
    model.has_existing_unit = variables(stood, within=Binary, doc="1 if a unit of what stood is left [1]")

    line = inputs.connections.unit
    small = [(k, y) for k, y in lost if k in line and capacity.existing.get((k, y), 0.0) < line[k]]
    model.has_line = variables(small, within=Binary, doc="1 if a connection stands with a unit out [1]")
    model.loss = variables(lost, within=NonNegativeReals, doc="capacity that is lost in an outage [MW, MWh]")

    @rows(model, small, doc="all of a connection is lost, or a unit [MW]")
    def line_lost(model, k, y):
        most = min(capacity.max_capacity.get((k, y), math.inf), _most_imported(inputs))
        return model.capacity[k, y] - model.loss[k, y] <= most * model.has_line[k, y]

    @rows(model, ordered, doc="a unit works where orders of units do [MW, MWh, t/h]")
    def unit_works(model, k, y):
        works = [(1.0, model.capacity[k, y]), *((-a, v) for a, v in standing(model, inputs, k, y))]
        return weighted([*works, (-most_ordered(inputs, k, y), model.has_unit[k, y])]) <= 0

    @rows(model, stood, doc="a unit of what stood is left where more than the rest is [MW, MWh, t/h]")
    def existing_unit_left(model, k, y):
        count, unit, _ = _units(inputs, k)
        rest = [(-a, v) for a, v in _rest_left(model, inputs, k, y)]
        return weighted([*standing(model, inputs, k, y), *rest, (-unit * count, model.has_existing_unit[k, y])]) <= 0

    taken: dict[Place, list[Sum]] = {}
    for place in out:
        y = place[2]
        units = [(k, share) for k, share in firm[place].items() if place in reserves.largest_out]
        own = [(k, unit) for k, share in units for unit in _units_of(model, inputs, k, y, share) if unit]
        taken[place] = [unit for _, unit in own]
        if inputs.at(y).reserves.is_derated(*place[:2]):
            taken[place] = _taken_by_derating(model, inputs, place, own or [("", [])])
    each = [(*place, i) for place in out for i in range(len(taken[place]))]

    @rows(model, each, doc="no unit is larger than the largest, or takes more with what is derated [MW]")
    def each_unit(model, c, zone, y, i):
        return weighted([*taken[c, zone, y][i], (-1.0, model.largest_unit[c, zone, y])]) <= 0

    lost_units = {(k, y): [unit for unit in _units_of(model, inputs, k, y, 1.0) if unit] for k, y in lost}

    each_lost = [(k, y, i) for (k, y), own in lost_units.items() for i in range(len(own))]

    @rows(model, each_lost, doc="no unit is larger than what is lost [MW, MWh]")
    def unit_lost(model, k, y, i):
        return weighted([*lost_units[k, y][i], (-1.0, model.loss[k, y])]) <= 0

    @rows(model, lost, doc="no more is lost than stands [MW, MWh]")
    def loss_limit(model, k, y):
        return model.loss[k, y] <= model.capacity[k, y]


def _most_imported(inputs: Inputs) -> float:
    """More than any operation imports over one connection (MW)."""
    demands = inputs.demands
    highest = [max(demands.energy[u, y] for y in inputs.years) * demands.shape[u].max() for u in demands.demands]
    return 20.0 * float(sum(highest) + sum(inputs.supplies.export_max.values()))


def _taken_by_derating(model: Block, inputs: Inputs, place: Place, units: Sequence[tuple[str, Sum]]) -> list[Sum]:
    """What each unit takes in each hour, with what the derating takes, beyond the highest demand with its margin."""
    where, y, raised = place[:2], place[2], 1.0 + inputs.reserves.margin[place]
    reserves = inputs.at(y).reserves
    found = []
    for i, left in enumerate(reserves.derating[where]):
        beyond = [(raised * a, v) for a, v in [*_asked(model, inputs, place, i), (-1.0, model.peak_demand[place])]]
        gone = [(reserves.firm[where][k] * (1 - share), k) for k, share in left.items() if k in inputs.capacity.present[y]]
        beyond += [(a, model.capacity[k, y]) for a, k in gone]
        found += [[*beyond, *((left.get(k, 1.0) * a, v) for a, v in unit)] for k, unit in units]
    return found


def _works_in(inputs: Inputs, k: str, y: int) -> Iterator[int]:
    """Years of the orders of an asset, offered or signed, that can work in a year."""
    return (v for own, v in inputs.capacity.lasts if own == k and y in inputs.capacity.works[k, v])


def _units(inputs: Inputs, k: str) -> tuple[int, float, float]:
    """Units of what stood, the size of one, and the rest."""
    capacity = inputs.capacity
    works = capacity.works.get((k, EXISTING), ())
    count, rest = capacity.pieces.units_of(k, capacity.existing[k, works[0]]) if works else (0, 0.0)
    return count, capacity.pieces.existing_unit[k], rest


def _rest_left(model: Block, inputs: Inputs, k: str, y: int) -> Sum:
    """What is left of the rest beside whole units of what stood."""
    _, _, rest = _units(inputs, k)
    if not rest:
        return []
    gone = [(-rest, q) for (own, z), q in model.retire_rest.items() if own == k and z <= y]
    return [(rest, 1.0), *gone]


def _units_of(model: Block, inputs: Inputs, k: str, y: int, share: float) -> Iterator[Sum]:
    """Each unit of a technology that can stand in a year, times a share."""
    capacity = inputs.capacity
    if k not in capacity.present[y]:
        return
    if k in inputs.connections.unit:
        stands = [model.has_line[k, y]] if (k, y) in model.has_line else [1.0]
        yield [(inputs.connections.unit[k], stands[0])]
        return
    if (k, y) in capacity.existing:
        if k in capacity.pieces.existing_unit:
            yield [(share * a, v) for a, v in _rest_left(model, inputs, k, y)]
        else:
            yield [(share * a, v) for a, v in standing(model, inputs, k, y)]
    if (k, y) in model.has_existing_unit:
        yield [(share * capacity.pieces.existing_unit[k], model.has_existing_unit[k, y])]
    if (k, y) in model.has_unit:
        newest = max(capacity.lasting(k, v, y) for v in _works_in(inputs, k, y))
        yield [(share * newest * capacity.unit_size[k], model.has_unit[k, y])]
    elif k not in capacity.unit_size:
        for v in _works_in(inputs, k, y):
            left = share * capacity.lasting(k, v, y)
            gone = [(-left, model.retire[r]) for r in capacity.retirements if r[:2] == (k, v) and v != ANY and r[2] <= y]
            parts = [(left * a, b) for a, b in order(model, inputs, k, v)]
            yield from ([part, *gone] for part in parts)
            if len(parts) > 1 and gone:
                yield [(a / 2, b) for a, b in (*parts, *gone)]
