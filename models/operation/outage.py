"""Outages: the operation of a day with a unit out, in which all demand of all carriers must be met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pyomo.core import Block

from models.components import variables
from models.inputs import Inputs
from models.inputs.outages import day_inputs
from models.operation.balance import add_balance
from models.operation.connection import add_connections
from models.operation.contract import add_contract_limits, add_schemes_in_force
from models.operation.conversion import add_conversion
from models.operation.flexibility import add_shifting
from models.operation.links import Given, Links
from models.operation.network import add_network
from models.operation.storage import add_storage
from models.operation.supply import add_supply
from models.operation.vehicles import add_vehicles


def add_outage_day(block: Block, inputs: Inputs, y: int, d: int, links: Links) -> None:
    r"""Fill the block with the operation of the 24 hours of a stress day; `links.capacity` is what is not out.

    .. math::
        C_{k,y} - L_{k,y} \;\text{ for } k \text{ out}, \qquad C_{k,y} \;\text{ else}

    The rows are those of the operation of a year: activity, stores that end as they begin, networks, supplies within their
    limits an hour, connections, demand that moves within the day, charging that ends it as it began, the scheme in force, what is
    generated of what is contracted, and all balances. A demand of a carrier with a margin is 1 + margin times as high in the zone
    of its reserve, on the stress days of that reserve. Nothing of it costs anything; least loads, ramps, starts, shares of outage,
    limits of the year, rules, charges, initial levels, and whether a supply is used do not count; of a least level nothing is used
    or lost. Capture plants stand still, and exports may.

    C  capacity   MW, MWh (k,y)     L  loss   MW, MWh (k,y)
    """
    inputs = day_inputs(inputs, y, d)
    block.nothing = variables(bounds=(0, 0), doc="stands in for an empty sum [MW]")
    add_conversion(block, inputs, y, links)
    add_storage(block, inputs, y, links)
    add_network(block, inputs, y, links)
    add_supply(block, inputs, y)
    add_connections(block, inputs, y, links)
    add_contract_limits(block, inputs, y, links)
    add_schemes_in_force(block, inputs, y, links)
    add_shifting(block, inputs, y, links)
    add_vehicles(block, inputs, y, links)
    add_balance(block, inputs, y, links)


def with_out(links: Links, out: Mapping[str, Given]) -> Links:
    """The links with what is lost of some technologies (MW, MWh) taken off."""
    return replace(links, capacity={k: c - out[k] if k in out else c for k, c in links.capacity.items()})
