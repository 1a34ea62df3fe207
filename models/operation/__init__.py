"""Operation of one year: a linear programme that touches the decisions over the years only through its links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from pyomo.core import Block

from models.inputs import Inputs
from models.linear import rows, variables, weighted
from models.operation.boundary import (
    add_certificates,
    add_connections,
    add_contract_limits,
    add_schemes_in_force,
    add_shortfall,
    add_supply,
)
from models.operation.carbon import add_carbon, add_offsets, add_stages
from models.operation.cost import account_cost, add_charge_choice, add_connection_charges, hourly_cost
from models.operation.demand import add_shed_hours, add_shedding, add_shifting, add_vehicles, place_of
from models.operation.equipment import (
    add_capture,
    add_commitment,
    add_conversion,
    add_full_load_hours,
    add_network,
    add_run,
    add_seasonal_storage,
    add_storage,
    add_unavailability,
    add_work,
    present_arcs,
    present_pairs,
    present_stores,
)
from models.operation.green_power import add_converted_electricity, add_matching
from models.operation.links import Links

__all__ = ["Links", "add_account", "add_balance", "add_hours", "build_operation"]


def build_operation(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    """Fill the block with the dispatch of year y, its carbon, its stage rules and its cost.

    A linear programme, given the links. Its cost terms stand in `year.cost_terms`, (item, name) -> money.
    """
    inputs = inputs.at(y)
    add_hours(year, inputs, y, links)
    add_account(year, inputs, y, links)
    year.cost_terms = hourly_cost(year, inputs, y) | account_cost(year, inputs, y)


def add_hours(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    """What happens in every hour, and its sums over the year."""
    inputs = inputs.at(y)
    year.nothing = variables(bounds=(0, 0), doc="stands in for an empty sum [MW]")
    add_conversion(year, inputs, y, links)
    add_storage(year, inputs, y, links)
    add_seasonal_storage(year, inputs, y, links)
    add_network(year, inputs, y, links)
    add_capture(year, inputs, y, links)
    add_commitment(year, inputs, y, links)
    add_work(year, inputs, y)
    add_run(year, inputs, y)
    add_supply(year, inputs, y)
    add_connections(year, inputs, y, links)
    add_contract_limits(year, inputs, y, links)
    add_schemes_in_force(year, inputs, y, links)
    add_connection_charges(year, inputs, y, links)
    add_charge_choice(year, inputs, y, links)
    add_shifting(year, inputs, y, links)
    add_shedding(year, inputs, y, links)
    add_vehicles(year, inputs, y, links)
    add_balance(year, inputs, y, links)
    add_converted_electricity(year, inputs)
    add_matching(year, inputs, y)


def add_account(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    """What is only known of the year as a whole: certificates, offsets, carbon and the rules. Needs the sums over the hours."""
    inputs = inputs.at(y)
    add_unavailability(year, inputs, y, links)
    add_full_load_hours(year, inputs, y, links)
    add_shed_hours(year, inputs, y, links)
    add_certificates(year, inputs, y)
    add_shortfall(year, inputs, y, links)
    add_offsets(year, inputs, y, links)
    add_carbon(year, inputs, y, links)
    add_stages(year, inputs, y, links)


# --- balance -----------------------------------------------------------------------------------------------------------------
# An equality: excess is never free. What cannot be used is curtailed, exported, or not made.

#: A family of hourly flows: what it is multiplied by (of each hour where that differs), the variable, and the index before the
#: hour.
Flow = tuple[float | list[float], Any, tuple[str, ...]]


def add_balance(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""Out ports + discharge + imports + arrivals = demand + in ports + charge + exports + departures.

    .. math::
        \sum_{k} r_{k,c,t} a_{k,t} + \sum_s (d_{s,t} - c_{s,t}) + \sum_s (m_{s,t} - x_{s,t})
        + \sum_{a \to z} (1-\lambda_a) f_{a,t} - \sum_{a \leftarrow z} f_{a,t}
        = \sum_u \big( (1 - \sigma_u)\, \pi_{u,t} D_u + v_{u,t} - x_{u,t} \big)

    for (z, c) in ZONES × CARRIERS, t in SNAPSHOTS; a port's ratio r is below 0 where the carrier flows in, and is multiplied by
    the shape of the port, if it has one. A port with `no_load` n takes n times what is on too, one with `per_start` s times what
    starts. Vehicles whose charging is decided draw that in place of a demand, see `vehicles`.

    D  demand, a link   MWh (u)     π  shape   1/h (u,t)     λ  loss   1 (a)     r  ratio   MWh/MWh (k,c,t)
    σ  share that may move   1 (u)     v  served, of that share   MW (u,t)     x  shed   MW (u,t)
    """
    flows = _flows(year, inputs, y)
    demands = inputs.demands
    movable = inputs.flexibility.share
    shape = {u: ((1 - movable.get((u, y), 0.0)) * demands.shape[u]).tolist() for u in demands.demands}
    users: dict[tuple[str, str], list[str]] = {}
    for u in (u for u in demands.demands if u not in inputs.vehicles.power):
        users.setdefault((demands.zone[u], demands.carrier[u]), []).append(u)
    places = list(dict.fromkeys([*flows, *users]))

    @rows(year, places, list(inputs.calendar.snapshots), doc="what comes equals what goes [MW]")
    def balance(year, zone, carrier, t):
        """The balance of one place in one hour: flows (their sign in the coefficient) less demands = 0 (MW, zone, carrier, t)."""
        terms = [
            (coef if isinstance(coef, float) else coef[t], variable[*index, t])
            for coef, variable, index in flows.get((zone, carrier), [])
            if (*index, t) in variable
        ]
        used = [(-shape[u][t], links.demand[u]) for u in users.get((zone, carrier), [])]
        body = weighted([*terms, *used])
        return year.nothing + body == 0 if isinstance(body, float) else body == 0


def _flows(year: Block, inputs: Inputs, y: int) -> Mapping[tuple[str, str], list[Flow]]:
    """All families of flows of each (zone, carrier)."""
    found: dict[tuple[str, str], list[Flow]] = {}

    def add(zone: str, carrier: str, coef: float | np.ndarray, variable: Any, index: tuple[str, ...]) -> None:
        coef = coef if isinstance(coef, float) else coef.tolist()
        found.setdefault((zone, carrier), []).append((coef, variable, index))

    present = set(inputs.capacity.present[y])
    for k in inputs.conversion.converters:
        for port in inputs.conversion.ports[k] if k in present else ():
            add(inputs.conversion.zone[k], port.carrier, port.hourly, year.activity, (k,))
            if port.no_load:
                add(inputs.conversion.zone[k], port.carrier, -port.no_load, year.online, (k,))
            if port.per_start:
                add(inputs.conversion.zone[k], port.carrier, -port.per_start, year.start, (k,))
    for k, q in present_pairs(inputs, y):
        for port in inputs.captures.ports[k]:
            add(inputs.captures.zone[k], port.carrier, port.ratio, year.captured, (k, q))
    for s in present_stores(inputs, y):
        place = inputs.storage.zone[s], inputs.storage.carrier[s]
        add(*place, 1.0, year.discharge, (s,))
        add(*place, -1.0, year.charge, (s,))
    vehicles = inputs.vehicles
    for r in vehicles.rows:
        add(*place_of(inputs, r), -1.0, year.charging, (r,))
    for g, (zone, carrier) in vehicles.limited.items():
        add(zone, carrier, -1.0, year.drawn, (g,))
        add(zone, g, 1.0, year.drawn, (g,))
    supplies = inputs.supplies
    for s in supplies.importers:
        add(supplies.zone[s], supplies.carrier[s], 1.0, year.imports, (s,))
    for s in supplies.exporters:
        add(supplies.zone[s], supplies.carrier[s], -1.0, year.exports, (s,))
    demands, flexibility = inputs.demands, inputs.flexibility
    for u in flexibility.movable(y):
        add(demands.zone[u], demands.carrier[u], -1.0, year.served, (u,))
    for u in flexibility.sheddable(y):
        add(demands.zone[u], demands.carrier[u], 1.0, year.shed, (u,))
    network = inputs.network
    for a in present_arcs(inputs, y):
        add(network.from_zone[a], network.carrier[a], -1.0, year.flow, a)
        add(network.to_zone[a], network.carrier[a], network.delivered[a], year.flow, a)
    return found
