"""PyPSA written by hand with cumulated capacity: one component a technology, whose capacity is another in each year.

PyPSA makes balances, stores, costs of running and caps of a network whose components have no limit of their own. Orders
and capacities are variables that we add to its linopy model, with the rows that hold activity below them and the capital
in the objective. This is what PyPSA is without a set of hourly variables for each year of order.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd
import pypsa
import xarray as xr

from benchmarks.measure import Measured
from benchmarks.peers.pypsa_measures import add_measures, add_savers
from benchmarks.peers.pypsa_parts import MUCH, base_network, close_days, component, highs_options, hourly_attributes
from benchmarks.peers.shared import GAP, Algorithm, capital, existing, orders, refuse
from models.inputs import Inputs

#: Kind -> variables that stay below the capacity of the year.
BOUNDED = {"Generator": ("p",), "Link": ("p",), "StorageUnit": ("p_dispatch", "p_store")}


def solve(inputs: Inputs, algorithm: Algorithm, measured: Measured, gap: float = GAP) -> None:
    """Build the network and the rows beside it, solve, and note what it took."""
    refuse(inputs)
    began, before = time.perf_counter(), measured.highs
    n, techs = network(inputs)
    n.optimize.create_model(multi_investment_periods=True, include_objective_constant=False)
    close_days(inputs)(n, n.snapshots)
    bounds_for_rows(n)
    add_capacity(n, inputs, techs)
    add_measures(n, inputs)
    status, condition = n.model.solve(solver_name="highs", io_api="direct", **highs_options(algorithm, gap))
    if condition != "optimal":
        raise ValueError(f"PyPSA: {status}, {condition}")
    measured.build = time.perf_counter() - began - (measured.highs - before)
    measured.objective = float(n.model.objective.value)
    measured.matrix = f"{n.model.ncons:,} rows, {n.model.nvars:,} columns"


#: Technology -> its kind of component, and nominal power per unit of our capacity.
Techs = dict[str, tuple[str, float]]


def network(inputs: Inputs) -> tuple[pypsa.Network, Techs]:
    """The whole park, each technology one component without a limit."""
    n, techs = base_network(inputs), {}
    add_savers(n, inputs)
    for k in inputs.capacity.assets:
        kind, per, attributes = component(inputs, k)
        hourly = hourly_attributes(n, inputs, k, per)
        hourly.pop("p_max_pu", None)
        n.add(kind, k, p_nom=MUCH, **attributes, **hourly)
        techs[k] = (kind, per)
    return n, techs


def bounds_for_rows(n: pypsa.Network) -> None:
    """Limits of what has a nominal power as bounds of variables, where PyPSA writes two rows for each variable."""
    for kind, variables in BOUNDED.items():
        static = n.components[kind].static
        nominal = static["p_nom"].where(static["p_nom"] < MUCH, np.inf)
        most = n.get_switchable_as_dense(kind, "p_max_pu") * nominal
        least = nominal.where(static["p_min_pu"] < 0, 0.0) * static["p_min_pu"].clip(upper=0.0)
        for variable in (*variables, *(("state_of_charge",) if kind == "StorageUnit" else ())):
            own = n.model[f"{kind}-{variable}"]
            names = own.indexes["name"]
            is_store = kind == "StorageUnit"
            upper = np.full(own.shape, np.inf) if is_store else most[names].to_numpy()
            lower = np.zeros(own.shape) if is_store else np.broadcast_to(least.fillna(0.0)[names].to_numpy(), own.shape)
            own.lower = own.lower.copy(data=lower)
            own.upper = own.upper.copy(data=upper)
            for side in ("lower", "upper"):
                if f"{kind}-fix-{variable}-{side}" in n.model.constraints:
                    n.model.remove_constraints(f"{kind}-fix-{variable}-{side}")


def add_capacity(n: pypsa.Network, inputs: Inputs, techs: Techs) -> None:
    """Orders, capacities, what they limit and what they cost."""
    m, years, c = n.model, list(inputs.years), inputs.capacity
    index = pd.Index(list(techs), name="tech")
    build = m.add_variables(lower=0, upper=_grid(inputs, index, lambda k, v: min(c.build_max.get((k, v), 0.0), MUCH)), name="order")
    whole = [k for k in index if k in c.unit_size]
    if whole:
        own = pd.Index(whole, name="tech")
        units = m.add_variables(lower=0, coords=[own, pd.Index(years, name="order_year")], integer=True, name="units")
        size = xr.DataArray([c.unit_size[k] for k in whole], coords={"tech": own})
        m.add_constraints(build.sel(tech=own) - size * units == 0, name="whole")
    rows = []
    for k in index:
        works = xr.DataArray(
            [[1.0 if v in orders(inputs, k, y) else 0.0 for v in years] for y in years],
            coords={"year": years, "order_year": years},
            dims=["year", "order_year"],
        )
        rows.append((build.sel(tech=k) * works).sum("order_year"))
    capacity = m.add_variables(lower=0, coords=[index, pd.Index(years, name="year")], name="capacity")
    for k, built in zip(index, rows, strict=True):
        stood = xr.DataArray([existing(inputs, k, y) for y in years], coords={"year": years})
        m.add_constraints(capacity.sel(tech=k) - built == stood, name=f"capacity {k}")
        _limit(n, inputs, k, techs[k], capacity.sel(tech=k))
    cost = _grid(inputs, index, lambda k, v: capital(inputs, k, v) if (k, v) in c.build_max else 0.0)
    m.objective = m.objective.expression + (cost * build).sum()


def _grid(inputs: Inputs, index: pd.Index, value: Any) -> xr.DataArray:
    """A number for each technology and year of order."""
    years = list(inputs.years)
    return xr.DataArray(
        [[value(k, v) for v in years] for k in index], coords={"tech": index, "order_year": years}, dims=["tech", "order_year"]
    )


def _limit(n: pypsa.Network, inputs: Inputs, k: str, tech: tuple[str, float], capacity: Any) -> None:
    """Every hour below the capacity of its year."""
    m, (kind, per) = n.model, tech
    year_of = xr.DataArray(n.snapshots.get_level_values("period"), coords={"snapshot": n.snapshots}, dims="snapshot")
    hourly = capacity.sel(year=year_of)
    share = inputs.conversion.availability.get(k)
    most: Any = per
    if share is not None:
        most = xr.DataArray(np.tile(share, len(inputs.years)) * per, coords={"snapshot": n.snapshots}, dims="snapshot")
    for variable in BOUNDED[kind]:
        m.add_constraints(m[f"{kind}-{variable}"].sel(name=k) - most * hourly <= 0, name=f"{kind} {variable} {k}")
    if kind == "StorageUnit":
        m.add_constraints(m["StorageUnit-state_of_charge"].sel(name=k) - hourly <= 0, name=f"held {k}")
