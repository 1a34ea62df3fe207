"""Connections: which basis a supply or a connection pays on, where both a demand and a capacity charge are given."""

from __future__ import annotations

from pyomo.core import Binary, Block

from models.components import variables
from models.inputs import Inputs


def add_charge_basis(model: Block, inputs: Inputs) -> None:
    r"""One binary a year: :math:`z_{b,y} = 1` pays for contracted capacity, 0 for the highest import of each month, or
    of the year.

    z  pays_capacity   1 (b,y), b a supply or a connection
    """
    model.pays_capacity = variables(choices(inputs), within=Binary, doc="1 if contracted capacity is paid for [1]")


def choices(inputs: Inputs) -> list[tuple[str, int]]:
    """Supplies or connections, and years, in which both bases are given."""
    supplies = inputs.supplies
    by_peak = dict.fromkeys([*supplies.demand_charge, *((supplies.charge_of[b], y) for b, y in supplies.year_charge)])
    return [(b, y) for b, y in by_peak if (b, y) in supplies.capacity_charge and supplies.billed.get(b)]
