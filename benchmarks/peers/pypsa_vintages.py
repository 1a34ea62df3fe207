"""PyPSA's own way over several years: a component for each technology and year of order, with build year and lifetime.

Every vintage has hourly variables of its own in each year in which it works: their number grows with the square of the
years.
"""

from __future__ import annotations

import math
import time
from typing import Any

import pypsa

from benchmarks.measure import Measured
from benchmarks.peers.pypsa_measures import add_measures, add_savers
from benchmarks.peers.pypsa_parts import MUCH, base_network, close_days, component, highs_options, hourly_attributes
from benchmarks.peers.shared import GAP, Algorithm, capital, refuse
from models.inputs import EXISTING, Inputs


def solve(inputs: Inputs, algorithm: Algorithm, measured: Measured, gap: float = GAP) -> None:
    """Build the network, let PyPSA optimise it, and note what it took."""
    refuse(inputs)
    began, before = time.perf_counter(), measured.highs
    n = network(inputs)

    def extra(n: pypsa.Network, snapshots: Any) -> None:
        close_days(inputs)(n, snapshots)
        add_measures(n, inputs)

    status = n.optimize(
        multi_investment_periods=True,
        solver_name="highs",
        io_api="direct",
        extra_functionality=extra,
        solver_options=highs_options(algorithm, gap),
        include_objective_constant=False,
        assign_all_duals=False,
    )
    if status[1] != "optimal":
        raise ValueError(f"PyPSA: {status}")
    measured.build = time.perf_counter() - began - (measured.highs - before)
    measured.objective = float(n.objective)
    measured.matrix = f"{n.model.ncons:,} rows, {n.model.nvars:,} columns"


def network(inputs: Inputs) -> pypsa.Network:
    """The whole park, each order a component."""
    n, capacity = base_network(inputs), inputs.capacity
    add_savers(n, inputs)
    for k in capacity.assets:
        kind, per, attributes = component(inputs, k)
        hourly = hourly_attributes(n, inputs, k, per)
        stands = capacity.works[k, EXISTING]
        if stands:
            n.add(
                kind,
                f"{k} existing",
                p_nom=capacity.existing[k, stands[0]] * per,
                build_year=stands[0],
                lifetime=len(stands),
                **attributes,
                **hourly,
            )
        for a, v in capacity.builds:
            if a == k:
                n.add(kind, f"{k} {v}", **_vintage(inputs, k, v, per), **attributes, **hourly)
    return n


def _vintage(inputs: Inputs, k: str, v: int, per: float) -> dict[str, Any]:
    """An order: PyPSA pays its capital cost in each year that it works, at that year's weight."""
    capacity = inputs.capacity
    works = capacity.works[k, v]
    weight = sum(inputs.finance.discount[y] for y in works)
    most = capacity.build_max[k, v]
    found: dict[str, Any] = {
        "p_nom_extendable": True,
        "build_year": works[0],
        "lifetime": len(works),
        "capital_cost": capital(inputs, k, v) / weight / per,
        "p_nom_max": most * per if math.isfinite(most) else MUCH,
    }
    if k in capacity.unit_size:
        found["p_nom_mod"] = capacity.unit_size[k] * per
    return found
