"""Restoration: land planted year by year, kept up for its lifetime, taking up more or less CO2 as it ages."""

from __future__ import annotations

from pyomo.core import Block, NonNegativeReals

from models.components import rows, variables
from models.inputs import Inputs
from models.linear import weighted


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
