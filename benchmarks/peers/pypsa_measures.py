"""Efficiency measures in PyPSA, which has none: what they save feeds the bus, as a generator bound to yes-or-no variables.

A load of PyPSA is a number. So each demand that measures change gets a generator whose power is, in every hour, the
demand's shape times the energy saved; that energy follows from the measures in force by the same products as ours.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pypsa
import xarray as xr

from benchmarks.peers.pypsa_parts import MUCH
from models.inputs import Inputs
from models.investment.measures import changes


def changed(inputs: Inputs) -> list[str]:
    """Demands that some measure changes."""
    return [u for u in inputs.demands.demands if changes(inputs, u)]


def add_savers(n: pypsa.Network, inputs: Inputs) -> None:
    """The generators, before the model is made. More electricity than before is a saving below 0."""
    for u in changed(inputs):
        n.add("Generator", f"saved {u}", bus=inputs.demands.carrier[u], carrier="clean", p_nom=MUCH, p_min_pu=-1.0)


def add_measures(n: pypsa.Network, inputs: Inputs) -> None:
    """Variables, rows and costs of the measures, once the model is made."""
    if not inputs.measures.measures:
        return
    m, measures, years = n.model, inputs.measures, list(inputs.years)
    names, when = pd.Index(measures.measures, name="measure"), pd.Index(years, name="year")
    starts = pd.Index(years, name="start")
    offered = _grid(names, starts, lambda a, v: float((a, v) in measures.in_force))
    adopt = m.add_variables(coords=[names, starts], binary=True, name="adopt")
    m.add_constraints(adopt <= offered, name="offered")
    covers = xr.DataArray(
        [[[float(y in measures.in_force.get((a, v), ())) for v in years] for y in years] for a in names],
        coords={"measure": names, "year": when, "start": starts},
        dims=["measure", "year", "start"],
    )
    in_force = m.add_variables(lower=0, upper=1, coords=[names, when], name="in force")
    m.add_constraints(in_force - (covers * adopt).sum("start") == 0, name="in force")
    for i, group in enumerate(measures.groups):
        m.add_constraints(in_force.sel(measure=list(group)).sum("measure") <= 1, name=f"group {i}")
    for a, b in measures.requires:
        m.add_constraints(in_force.sel(measure=a) - in_force.sel(measure=b) <= 0, name=f"{a} needs {b}")
    _savings(n, inputs, in_force, when)
    discount = inputs.finance.discount
    capital = _grid(names, starts, lambda a, v: discount[v] * measures.seen_share.get((a, v), 0.0) * measures.capital_cost[a])
    upkeep = _grid(names, when, lambda a, y: discount[y] * measures.fixed_cost[a])
    m.objective = m.objective.expression + (capital * adopt).sum() + (upkeep * in_force).sum()


def _savings(n: pypsa.Network, inputs: Inputs, in_force: Any, when: pd.Index) -> None:
    """Energy saved of each demand (less what others add to it), and the hourly power of it."""
    m, energy = n.model, inputs.demands.energy
    saved: dict[str, list[Any]] = {u: [] for u in changed(inputs)}
    for u, steps in inputs.measures.steps.items():
        taken: list[Any] = []
        yearly = xr.DataArray([energy[u, y] for y in when], coords={"year": when}, dims="year")
        for i, step in enumerate(steps):
            cut = m.add_variables(lower=0, coords=[when], name=f"cut {u} {i}")
            own = in_force.sel(measure=step.measure)
            gone = sum(taken) if taken else None  # what is left is 1 less this
            m.add_constraints(cut - own <= 0, name=f"cut on {u} {i}")
            m.add_constraints((cut + gone if taken else 1 * cut) <= 1, name=f"cut left {u} {i}")
            m.add_constraints((cut + gone - own if taken else cut - own) >= 0, name=f"cut least {u} {i}")
            taken.append(step.saving * cut)
            saved[u].append(yearly * (step.saving * cut))
            if step.adds:
                saved[step.adds].append(-step.adds_ratio * yearly * (step.saving * cut))
    year_of = xr.DataArray(n.snapshots.get_level_values("period"), coords={"snapshot": n.snapshots}, dims="snapshot")
    for u, terms in saved.items():
        shape = xr.DataArray(np.tile(inputs.demands.shape[u], len(when)), coords={"snapshot": n.snapshots}, dims="snapshot")
        total = m.add_variables(coords=[when], name=f"saved {u}")
        m.add_constraints(total - sum(terms) == 0, name=f"saved {u}")
        power = m["Generator-p"].sel(name=f"saved {u}")
        m.add_constraints(power - shape * total.sel(year=year_of) == 0, name=f"saving in every hour of {u}")


def _grid(rows: pd.Index, columns: pd.Index, value: Any) -> xr.DataArray:
    return xr.DataArray(
        [[value(r, c) for c in columns] for r in rows],
        coords={rows.name: rows, columns.name: columns},
        dims=[rows.name, columns.name],
    )
