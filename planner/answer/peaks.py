"""What stands and what may stand against the highest demand of each carrier, for `plan check`: an engineer's first look."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from models.case import Case
from models.inputs.demand import yearly_energy
from models.inputs.firm import ALL_ZONES, producers
from models.inputs.outages import demand_shapes, may_be_ordered
from models.inputs.reserves import firm_imports
from planner.language.language import mark

#: More than so many times the highest demand is worth a look, of what stands for sure and of what may be ordered.
STANDS, OFFERED = 3.0, 20.0
#: What is odd of a carrier.
SHORT = mark("less for sure than the highest hour")
MUCH = mark("more than three times the highest hour stands")
FAR = mark("more than twenty times the highest hour may stand")
NOTHING = mark("nothing offered reaches the highest hour of the last year")


@dataclass(frozen=True)
class Peak:
    """A carrier of which something is demanded: highest hour before measures in the first and the last year, and what can be
    counted on: of what stands in the first year, of imports then, and if all that is offered is ordered; MW, inf without a limit.
    """

    carrier: str
    temperature: float | None
    first: float
    last: float
    firm: float
    imports: float
    offered: float

    @property
    def odd(self) -> str:
        """What is worth a look."""
        if self.firm + self.imports < self.first * (1 - 1e-9):
            return SHORT
        if self.firm > STANDS * max(self.first, self.last) > 0:
            return MUCH
        if self.offered + self.imports < self.last * (1 - 1e-9):
            return NOTHING
        if math.isfinite(self.offered) and self.offered > OFFERED * max(self.first, self.last) > 0:
            return FAR
        return ""


def peaks(case: Case) -> list[Peak]:
    r"""Highest hours and capacities of each carrier with a demand, all zones as one.

    .. math:: \max_t \sum_u D_{u,y} \pi_{u,t} \qquad \sum_k \phi_k S_k \qquad \sum_k \phi_k \overline{C}_k

    D  demand  MWh (u,y)    π  shape  1/h (u,t)    φ  firm, times the ratio  MW/capacity (k)    S  existing    C̅  max_capacity
    """
    first, last = case.park.first_year, case.park.last_year
    temperature = {row.carrier: row.temperature for row in case.carriers}
    highest = {y: _highest(case, y) for y in (first, last)}
    bought = {c.type for c in case.costs if c.parameter in ("capital_cost", "annuity")}
    found = []
    for carrier in highest[first]:
        share = producers(case.in_year(first), carrier, ALL_ZONES)
        own = [(share[row.technology], row) for row in case.technologies if row.technology in share]
        stands = [phi * row.existing for phi, row in own if row.existing_until is None or row.existing_until >= first]
        offered = [
            phi * (math.inf if row.max_capacity is None else row.max_capacity)
            if may_be_ordered(row, row.type_name in bought)
            else phi * row.existing * (row.existing_until is None)
            for phi, row in own
        ]
        imports = math.fsum(firm_imports(case, carrier, ALL_ZONES, first).values())
        found.append(
            Peak(
                carrier,
                temperature.get(carrier),
                highest[first][carrier],
                highest[last][carrier],
                math.fsum(stands),
                imports,
                math.fsum(offered),
            )
        )
    return found


def _highest(case: Case, y: int) -> dict[str, float]:
    """Highest hour of each carrier that is demanded, in a year (MW)."""
    own, energy = case.in_year(y), yearly_energy(case, (y,))
    carriers = {d.demand: d.carrier for d in case.demand}
    load: dict[str, np.ndarray] = {}
    for u, shape in demand_shapes(own).items():
        if u in carriers:
            load[carriers[u]] = load.get(carriers[u], np.zeros(case.hours)) + energy[u, y] * shape
    return {carrier: float(values.max()) for carrier, values in load.items()}
