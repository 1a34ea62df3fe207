"""Reserves: firm capacity that meets the highest demand with a margin, and with the largest single unit out."""

from __future__ import annotations

import math
from collections.abc import Iterator

from pyomo.environ import Binary, Block, NonNegativeReals, Var

from models.inputs import ANY, EXISTING, Inputs
from models.inputs.reserves import Place
from models.investment.builds import most_ordered, order
from models.investment.retirement import standing
from models.linear import Sum, weighted


def add_reserves(model: Block, inputs: Inputs) -> None:
    r"""Firm capacity and imports of each carrier that has a reserve, in each year; they bind target and least-cost alone.

    .. math::
        \sum_k \phi_{c,k} C_{k,y} + I_{c,y} \ge (1 + \mu_{c,y}) \hat{D}_{c,y} + U_{c,y} \qquad
        \hat{D}_{c,y} \ge \sum_u s_{u,t} D_{u,y} \quad \text{for all hours } t \text{ of the profiles}

    U is the largest unit, where it may be out: at least φ times each unit that stands, of these four kinds.

    .. math::
        U \ge \phi u_k w_{k,y}, \; O_{k,y} \le \overline{O}_{k,y} w_{k,y} \qquad
        U \ge \phi u'_k h_{k,y}, \; S_{k,y} - r_k (1 - q) \le u'_k n_k h_{k,y} \qquad
        U \ge \phi r_k (1 - q), \qquad U \ge \phi S_{k,y}, \qquad U \ge \phi \Big(b_{k,v} - \sum_{z \le y} \rho_{k,v,z}\Big)

    A unit of orders in units u; a unit u' of what stood in n units, and the rest r of it; what stood without units; an order
    without units. Supplies are no units. Of all hours only those can be the highest in which no demand is lower than in another.

    I is that of the supplies without a connection, or with one of a fixed limit, and of connections whose size or scheme is.

    φ  firm, times the ratio  MW/capacity (c,k)   C  capacity   capacity (k,y)    I  imports   MW (c,y)    μ  margin   1 (c,y)
    D  demand  MWh (u,y)      s  shape  1/h (u,t)      O  orders that work  capacity (k,y)      S  standing  capacity (k,y)
    w  has_unit  1 (k,y)      h  has_existing_unit  1 (k,y)     q  retired of the rest  1    ρ  retire  capacity (k,v,z)
    """
    reserves, capacity = inputs.reserves, inputs.capacity
    places, out = list(reserves.margin), sorted(reserves.largest_out)
    counted = list(dict.fromkeys((k, y) for c, zone, y in out for k in reserves.firm[c, zone] if k in capacity.present[y]))
    ordered = [(k, y) for k, y in counted if k in capacity.unit_size and any(works_in(inputs, k, y))]
    in_units = capacity.pieces.existing_unit
    stood = [(k, y) for k, y in counted if k in in_units and (k, y) in capacity.existing and _units(inputs, k)[0]]

    model.peak_demand = Var(places, within=NonNegativeReals, doc="highest demand of a carrier [MW]")
    model.largest_unit = Var(out, within=NonNegativeReals, doc="largest unit of a carrier that may be out [MW]")
    model.firm_import = Var(
        list(reserves.over), within=NonNegativeReals, doc="imports for sure over a connection whose size or scheme is decided [MW]",
        bounds=lambda _, *index: (0, None if math.isinf(reserves.over[index]) else reserves.over[index]),
    )  # fmt: skip
    model.has_unit = Var(ordered, within=Binary, doc="1 if a unit that was ordered works [1]")
    model.has_existing_unit = Var(stood, within=Binary, doc="1 if a unit of what stood is left [1]")

    hours = [(*place, i) for place in places for i in range(len(reserves.peaks[place[:2]]))]

    @model.Constraint(hours, doc="the highest demand is no lower than that of any hour [MW]")
    def peak_hour(model, c, zone, y, i):
        shares = reserves.peaks[c, zone][i]
        energy = [(share, demand_of(model, inputs, u, y)) for u, share in shares.items()]
        return weighted([*energy, (-1.0, model.peak_demand[c, zone, y])]) <= 0

    @model.Constraint(places, doc="firm capacity for the highest demand, the margin and the largest unit [MW]")
    def reserve_limit(model, c, zone, y):
        own = [(firm, model.capacity[k, y]) for k, firm in reserves.firm[c, zone].items() if k in capacity.present[y]]
        lost = [(-1.0, model.largest_unit[c, zone, y])] if (c, zone, y) in reserves.largest_out else []
        own += [(1.0, v) for index, v in model.firm_import.items() if index[:3] == (c, zone, y)]
        need = (-1.0 - reserves.margin[c, zone, y], model.peak_demand[c, zone, y])
        return weighted([*own, need, *lost], reserves.imports[c, zone, y]) >= 0

    sized = [index for index in reserves.over if index[3] in inputs.connections.sized]

    @model.Constraint(list(reserves.under), doc="no more is imported for sure than under the scheme in force [MW]")
    def firm_import_scheme(model, c, zone, y, connection):
        own = reserves.under[c, zone, y, connection]
        sold = [(-most, model.scheme[key, y]) for key, most in own.items()]
        return weighted([(1.0, model.firm_import[c, zone, y, connection]), *sold]) <= 0

    @model.Constraint(sized, doc="no more is imported for sure than the connection's capacity [MW]")
    def firm_import_limit(model, c, zone, y, connection):
        stands = [(-1.0, model.capacity[connection, y])] if (connection, y) in model.capacity else []
        return weighted([(1.0, model.firm_import[c, zone, y, connection]), *stands]) <= 0

    @model.Constraint(ordered, doc="a unit works where orders of units do [MW, MWh, t/h]")
    def unit_works(model, k, y):
        works = [(1.0, model.capacity[k, y]), *((-a, v) for a, v in standing(model, inputs, k, y))]
        return weighted([*works, (-most_ordered(inputs, k, y), model.has_unit[k, y])]) <= 0

    @model.Constraint(stood, doc="a unit of what stood is left where more than the rest is [MW, MWh, t/h]")
    def existing_unit_left(model, k, y):
        count, unit, _ = _units(inputs, k)
        rest = [(-a, v) for a, v in _rest_left(model, inputs, k, y)]
        return weighted([*standing(model, inputs, k, y), *rest, (-unit * count, model.has_existing_unit[k, y])]) <= 0

    units = {place: [unit for unit in _each_unit(model, inputs, place) if unit] for place in out}

    each = [(*place, i) for place in out for i in range(len(units[place]))]

    @model.Constraint(each, doc="no unit is larger than the largest [MW]")
    def each_unit(model, c, zone, y, i):
        return weighted([*units[c, zone, y][i], (-1.0, model.largest_unit[c, zone, y])]) <= 0


def demand_of(model: Block, inputs: Inputs, u: str, y: int):
    """Energy of a demand after measures: a variable where measures change it."""
    return model.demand[u, y] if (u, y) in model.demand else inputs.demands.energy[u, y]


def works_in(inputs: Inputs, k: str, y: int) -> Iterator[int]:
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


def _each_unit(model: Block, inputs: Inputs, place: Place) -> Iterator[Sum]:
    """What each unit that can stand in a year gives for sure."""
    capacity, y = inputs.capacity, place[2]
    for k, firm in inputs.reserves.firm[place[:2]].items():
        if k not in capacity.present[y]:
            continue
        if (k, y) in capacity.existing:
            if k in capacity.pieces.existing_unit:
                yield [(firm * a, v) for a, v in _rest_left(model, inputs, k, y)]
            else:
                yield [(firm * a, v) for a, v in standing(model, inputs, k, y)]
        if (k, y) in model.has_existing_unit:
            yield [(firm * capacity.pieces.existing_unit[k], model.has_existing_unit[k, y])]
        if (k, y) in model.has_unit:
            yield [(firm * capacity.unit_size[k], model.has_unit[k, y])]
        elif k not in capacity.unit_size:
            for v in works_in(inputs, k, y):
                gone = [(-firm, model.retire[r]) for r in capacity.retirements if r[:2] == (k, v) and v != ANY and r[2] <= y]
                yield [*((firm * a, b) for a, b in order(model, inputs, k, v)), *gone]
