"""Reserves: firm capacity that meets the highest demand with a margin, and with the largest single unit out."""

from __future__ import annotations

import math

from pyomo.core import Block, NonNegativeReals

from models.components import rows, variables
from models.inputs import Inputs
from models.linear import weighted


def add_reserves(model: Block, inputs: Inputs) -> None:
    r"""Firm capacity and imports of each carrier that has a reserve, in each year; they bind target and least-cost alone.

    .. math::
        \sum_k \phi_{c,k} C_{k,y} + I_{c,y} \ge (1 + \mu_{c,y}) \hat{D}_{c,y} + U_{c,y} \qquad
        \hat{D}_{c,y} \ge \sum_u s_{u,t} D_{u,y} \quad \text{for all hours } t \text{ of the profiles}

    U is the largest unit, where it may be out (`add_largest_unit`). Of all hours only those can be the highest in which no demand
    is lower than in another. I is that of the supplies without a connection, or with one of a fixed limit, and of connections whose
    size or scheme is decided. A demand counts as it is asked for, less what may be shed where that is firm, and what of a firm
    contract is not offered to be called off; that is in s. What is offered stands in the highest hour as it is:
    :math:`\hat{D} \ge \sum_u s_{u,t} D_u + \sum_r o_r`.

    φ  firm, times the ratio  MW/capacity (c,k)   C  capacity   capacity (k,y)    I  imports   MW (c,y)    μ  margin   1 (c,y)
    D  demand  MWh (u,y)      s  shape  1/h (u,t)      U  largest_unit   MW (c,y)     o  offer   MW (r,y)
    """
    reserves, capacity = inputs.reserves, inputs.capacity
    places, out = list(reserves.margin), sorted(reserves.largest_out)

    model.peak_demand = variables(places, within=NonNegativeReals, doc="highest demand of a carrier [MW]")
    model.largest_unit = variables(out, within=NonNegativeReals, doc="largest unit of a carrier that may be out [MW]")
    model.firm_import = variables(
        list(reserves.over),
        within=NonNegativeReals,
        doc="imports for sure over a connection whose size or scheme is decided [MW]",
        bounds=lambda _, *index: (0, None if math.isinf(reserves.over[index]) else reserves.over[index]),
    )

    hours = [(*place, i) for place in places for i in range(len(inputs.at(place[2]).reserves.peaks[place[:2]]))]

    @rows(model, hours, doc="the highest demand is no lower than that of any hour [MW]")
    def peak_hour(model, c, zone, y, i):
        shares = inputs.at(y).reserves.peaks[c, zone][i]
        energy = [(share * needed(inputs, u, y), demand_of(model, inputs, u, y)) for u, share in shares.items()]
        energy += [(1.0, model.offer[r, y]) for r in inputs.responses.firm_of(shares)]
        return weighted([*energy, (-1.0, model.peak_demand[c, zone, y])]) <= 0

    @rows(model, places, doc="firm capacity for the highest demand, the margin and the largest unit [MW]")
    def reserve_limit(model, c, zone, y):
        """Firm capacity and imports ≥ (1 + margin) × peak demand + largest unit (MW, carrier, zone, y)."""
        own = [(firm, model.capacity[k, y]) for k, firm in inputs.at(y).reserves.firm[c, zone].items() if k in capacity.present[y]]
        lost = [(-1.0, model.largest_unit[c, zone, y])] if (c, zone, y) in reserves.largest_out else []
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


def needed(inputs: Inputs, u: str, y: int) -> float:
    """Share of a demand that must be held in reserve where nothing is offered to be called off (1)."""
    return inputs.flexibility.needed(u, y) - inputs.responses.spared(u, y)


def demand_of(model: Block, inputs: Inputs, u: str, y: int):
    """Energy of a demand after measures: a variable where measures change it."""
    return model.demand[u, y] if (u, y) in model.demand else inputs.demands.energy[u, y]
