"""The decisions over the years: builds, retirements, measures, planting, budget. Small and mixed-integer."""

from __future__ import annotations

from pyomo.core import Block

from models.inputs import Inputs
from models.investment.boundary import add_charge_basis, add_contracts, add_schemes, add_shared_contracts
from models.investment.capacity import add_builds, add_capacity, add_levels
from models.investment.cost import add_budget
from models.investment.measures import add_allowances, add_demand, add_embodied, add_measures, add_restoration
from models.investment.reserve import add_largest_unit, add_reserves, add_responses
from models.linear import variables
from models.operation.links import CHOICES, Links

__all__ = ["add_choices", "build_investment", "links_of"]


def build_investment(model: Block, inputs: Inputs) -> None:
    """Fill the block with the decisions over the years: small, and mixed-integer."""
    model.nothing = variables(bounds=(0, 0), doc="stands in for an empty sum [1]")
    add_builds(model, inputs)
    add_capacity(model, inputs)
    add_levels(model, inputs)
    add_measures(model, inputs)
    add_demand(model, inputs)
    add_restoration(model, inputs)
    add_choices(model, inputs)
    add_responses(model, inputs)
    add_reserves(model, inputs)
    add_largest_unit(model, inputs)
    add_budget(model, inputs)


def add_choices(model: Block, inputs: Inputs) -> None:
    """What is chosen anew for each year: how connections are paid, contracts, schemes, and shares of budgets over years; and what
    is embodied in its orders, which none of these has."""
    add_charge_basis(model, inputs)
    add_contracts(model, inputs)
    add_schemes(model, inputs)
    add_shared_contracts(model, inputs)
    add_allowances(model, inputs)
    add_embodied(model, inputs)


def links_of(model: Block, inputs: Inputs, y: int) -> Links:
    """The investment model's own variables as the links of a year."""
    demands = inputs.demands
    return Links(
        capacity={k: model.capacity[k, y] for k in inputs.capacity.present[y]},
        demand={u: model.demand[u, y] if (u, y) in model.demand else demands.energy[u, y] for u in demands.demands},
        uptake={p: model.uptake[p, y] for p in inputs.restoration.projects},
        **{kind: {name: amount for (name, when), amount in getattr(model, kind).items() if when == y} for kind in CHOICES},
    )
