"""What every peer is told, and what none of them can say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.inputs import EXISTING, Inputs
from planner.solve import Solver

#: How far HiGHS solves a mixed-integer park.
GAP = 1e-3
#: Algorithm that is fastest for a large matrix: HiPO where its package is of HiGHS's version, else IPX.
FASTEST = "hipo" if Solver.has_hipo() else "ipm"


@dataclass(frozen=True)
class Algorithm:
    """HiGHS's algorithm for a linear programme: simplex, ipm (IPX) or hipo; without crossover, where it has one."""

    name: str = FASTEST

    @property
    def options(self) -> dict[str, object]:
        """Options of HiGHS."""
        if self.name == "simplex":
            return {"solver": "simplex"}
        return {"solver": self.name, "run_crossover": "off", "mip_lp_solver": self.name}


def refuse(inputs: Inputs) -> None:
    """Raise ValueError where the park has what the peers do not state: their optimum would be another."""
    capacity, supplies = inputs.capacity, inputs.supplies
    rules = {(r.metric, r.sense) for own in inputs.carbon.rules.values() for r in own}
    given = {
        "early retirement": capacity.retirements,
        "sites": capacity.site,
        "largest capacities": capacity.max_capacity,
        "least builds": capacity.min_build,
        "project costs": capacity.lumpy,
        "fixed costs": any(capacity.fixed_cost.values()),
        "demand charges": supplies.demand_charge,
        "capacity charges": supplies.capacity_charge,
        "certificates": supplies.certificates,
        "carbon prices": supplies.carbon_price,
        "links": inputs.network.arcs,
        "yearly imports": supplies.import_year_max,
        "yearly exports": supplies.export_year_max,
        "capture": inputs.captures.plants,
        "restoration": inputs.restoration.projects,
        "budgets": inputs.finance.budget,
        "least loads": inputs.conversion.min_load,
        "seasonal stores": inputs.storage.seasonal,
        "rules of another kind": rules - {("net_ratio", "<=")},
    }
    found = [name for name, value in given.items() if value]
    if found:
        raise ValueError(f"the peers do not state {', '.join(found)}")


def capital(inputs: Inputs, k: str, v: int) -> float:
    """Discounted capital of an order, the share of the horizon."""
    c = inputs.capacity
    return inputs.finance.discount[v] * c.seen_share[k, v] * c.own_share[k, v] * c.capital_cost[k, v]


def cap(inputs: Inputs, y: int) -> float | None:
    """Most net emissions of the year (t); None where no rule holds."""
    limits = [r.limit * inputs.carbon.base for r in inputs.carbon.rules.get(y, ())]
    return min(limits) if limits else None


def factor(inputs: Inputs, s: str, y: int) -> float:
    """Tonnes that a MWh bought counts."""
    return (inputs.supplies.market if inputs.carbon.accounting == "market" else inputs.supplies.location)[s, y]


def largest_import(inputs: Inputs, s: str) -> float:
    """Most that a supply can bring (MW); a number that nothing reaches where there is no limit."""
    peak = sum(
        max(inputs.demands.energy[u, y] for y in inputs.years) * float(np.max(shape)) for u, shape in inputs.demands.shape.items()
    )
    return inputs.supplies.import_max.get(s, 20.0 * peak)


def orders(inputs: Inputs, k: str, y: int) -> list[int]:
    """Years of the orders of k that work in y."""
    return [v for a, v in inputs.capacity.builds if a == k and y in inputs.capacity.works[k, v]]


def existing(inputs: Inputs, k: str, y: int) -> float:
    """What stood before and still works."""
    return inputs.capacity.existing.get((k, y), 0.0) if y in inputs.capacity.works[k, EXISTING] else 0.0
