"""The operation model of one year: its table of contents."""

from __future__ import annotations

from pyomo.core import Block

from models.inputs import Inputs
from models.linear import variables
from models.operation.balance import add_balance
from models.operation.boundary import (
    add_certificates,
    add_connections,
    add_contract_limits,
    add_schemes_in_force,
    add_shortfall,
    add_supply,
)
from models.operation.carbon import add_carbon, add_offsets, add_own_fuel, add_stages
from models.operation.cost import account_cost, add_charge_choice, add_connection_charges, hourly_cost
from models.operation.demand import add_shed_hours, add_shedding, add_shifting, add_vehicles
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
)
from models.operation.green_power import add_converted_electricity, add_matching
from models.operation.links import Links


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
    add_own_fuel(year, inputs, y)
    add_carbon(year, inputs, y, links)
    add_stages(year, inputs, y, links)
