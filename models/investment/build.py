"""The investment model: its table of contents."""

from __future__ import annotations

from pyomo.core import Block, NonNegativeReals

from models.inputs import Inputs
from models.investment.boundary import add_charge_basis, add_contracts, add_schemes
from models.investment.capacity import add_builds, add_capacity
from models.investment.cost import add_budget
from models.investment.measures import add_allowances, add_demand, add_embodied, add_measures
from models.investment.reserve import add_largest_unit, add_reserves, add_responses
from models.linear import rows, variables, weighted
from models.operation.links import CHOICES, Links


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


def add_restoration(model: Block, inputs: Inputs) -> None:
    r"""Planting within its rate and area, and the uptake of all that is kept up.

    .. math::
        \sum_{v:\, y \in K_{p,v}} h_{p,v} \le \overline{A}_p \qquad
        U_{p,y} = \sum_{v:\, y \in K_{p,v}} \mu_{p,\,y-v} (1 - \beta_p)\, h_{p,v}

    for p in PROJECTS, y in YEARS.

    h  plant    ha (p,v)     U  uptake          t (p,y)       β  buffer   1 (p)
    K  kept     years (p,v)  μ  uptake by age   t/ha (p,age)  A  area_max ha (p)
    """
    restoration, years = inputs.restoration, list(inputs.years)
    projects = restoration.projects
    standing = {(p, y): [v for v in years if y in restoration.kept[p, v]] for p in projects for y in years}

    model.plant = variables(projects, years, doc="area planted [ha]", bounds=lambda _, p, v: _planting(inputs, p, v))
    model.area = variables(projects, years, bounds=lambda _, p, y: (0, restoration.area_max.get(p)), doc="area kept up [ha]")
    model.uptake = variables(projects, years, within=NonNegativeReals, doc="CO2 taken up, buffer held back [t]")

    @rows(model, projects, years, doc="area kept up [ha]")
    def area_sum(model, p, y):
        return weighted([*((1.0, model.plant[p, v]) for v in standing[p, y]), (-1.0, model.area[p, y])]) == 0

    @rows(model, projects, years, doc="uptake of all ages, or less [t]")
    def uptake_sum(model, p, y):
        grown = [(restoration.uptake[p, v, y], model.plant[p, v]) for v in standing[p, y]]
        return weighted([*grown, (-1.0, model.uptake[p, y])]) >= 0


def _planting(inputs: Inputs, p: str, v: int) -> tuple[float, float | None]:
    """Least and most that is planted in a year; what was planted before the plan is both."""
    restoration = inputs.restoration
    if (p, v) in restoration.planted:
        return restoration.planted[p, v], restoration.planted[p, v]
    return 0.0, restoration.plant_max.get(p) if v in restoration.plant_years else 0.0
