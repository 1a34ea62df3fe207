"""What both PyPSA networks share: years as investment periods, buses, loads, supplies, caps, credits, and typical days.

A network's periods are the years, each with the snapshots of the same days. PyPSA closes a store over the whole period;
that a typical day ends as it began is stated by `close_days`, as extra functionality.
"""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
import pandas as pd
import pypsa

from benchmarks.peers.shared import Algorithm, cap, factor, largest_import
from models.inputs import Inputs

#: Stands in for "no limit": a flow (MW) or capacity that nothing reaches.
MUCH = 1e5


def base_network(inputs: Inputs) -> pypsa.Network:
    """Everything but equipment."""
    for name in ("pypsa", "linopy"):
        logging.getLogger(name).setLevel(logging.ERROR)
    n = pypsa.Network()
    years, weight = list(inputs.years), inputs.calendar.weight
    n.set_snapshots(pd.MultiIndex.from_product([years, range(len(weight))], names=["period", "timestep"]))
    n.investment_periods = years
    n.investment_period_weightings["objective"] = [inputs.finance.discount[y] for y in years]
    n.investment_period_weightings["years"] = 1.0
    n.snapshot_weightings["objective"] = n.snapshot_weightings["generators"] = np.tile(weight, len(years))
    n.snapshot_weightings["stores"] = 1.0
    carriers = dict.fromkeys([*inputs.demands.carrier.values(), *inputs.supplies.carrier.values()])
    n.add("Carrier", [*carriers, "clean", "equipment"], co2_emissions=0.0)
    n.add("Carrier", ["emitting"], co2_emissions=1.0)
    n.add("Carrier", ["credit"], co2_emissions=-1.0)
    n.add("Bus", list(carriers), carrier=list(carriers))
    for u in inputs.demands.demands:
        power = [inputs.demands.energy[u, y] * inputs.demands.shape[u] for y in years]
        n.add("Load", u, bus=inputs.demands.carrier[u], p_set=over(n, power))
    _supplies(n, inputs)
    _carbon(n, inputs)
    return n


def over(n: pypsa.Network, yearly: list[np.ndarray]) -> pd.Series:
    """A series of each year as one series over all snapshots."""
    return pd.Series(np.concatenate(yearly), index=n.snapshots)


def each_year(n: pypsa.Network, inputs: Inputs, hourly: np.ndarray) -> pd.Series:
    """A series that is the same in every year."""
    return over(n, [hourly] * len(inputs.years))


def yearly(n: pypsa.Network, inputs: Inputs, values: dict[int, float]) -> pd.Series:
    """A number for every year as a series."""
    return over(n, [np.full(len(inputs.calendar.weight), values[y]) for y in inputs.years])


def _supplies(n: pypsa.Network, inputs: Inputs) -> None:
    supplies, hours = inputs.supplies, len(inputs.calendar.weight)
    for s in supplies.importers:
        # What a MWh counts changes over the years and a carrier's emissions do not: the efficiency carries the change.
        counted = {y: factor(inputs, s, y) for y in inputs.years}
        emits = max(counted.values()) > 0
        efficiency = yearly(n, inputs, {y: 1 / counted[y] for y in inputs.years}) if emits else 1.0
        price = over(n, [supplies.hourly_price(s, y, "energy", hours) for y in inputs.years])
        n.add(
            "Generator",
            f"{s} import",
            bus=supplies.carrier[s],
            carrier="emitting" if emits else "clean",
            p_nom=largest_import(inputs, s),
            marginal_cost=price,
            efficiency=efficiency,
        )
    for s in supplies.exporters:
        price = over(n, [-supplies.hourly_price(s, y, "export", hours) for y in inputs.years])
        n.add(
            "Generator",
            f"{s} export",
            bus=supplies.carrier[s],
            carrier="clean",
            sign=-1.0,
            p_nom=supplies.export_max[s],
            marginal_cost=price,
        )


def _carbon(n: pypsa.Network, inputs: Inputs) -> None:
    """A cap for each year, and credits: generators that take off it, spread over the hours, on a bus of their own."""
    offsets = inputs.offsets
    n.add("Bus", "credits", carrier="clean")
    n.add("Generator", "credits used", bus="credits", carrier="clean", sign=-1.0, p_nom=MUCH)
    for o in offsets.offsets:
        most = {y: offsets.volume_max.get((o, y), 8760 * MUCH) / 8760 for y in inputs.years}
        top = max(max(most.values()), 1e-9)
        n.add(
            "Generator",
            o,
            bus="credits",
            carrier="credit",
            p_nom=top,
            p_max_pu=yearly(n, inputs, {y: v / top for y, v in most.items()}),
            marginal_cost=yearly(n, inputs, {y: offsets.price[o, y] for y in inputs.years}),
        )
    for y in inputs.years:
        limit = cap(inputs, y)
        if limit is not None:
            n.add(
                "GlobalConstraint",
                f"cap {y}",
                type="primary_energy",
                carrier_attribute="co2_emissions",
                sense="<=",
                constant=limit,
                investment_period=y,
            )


def component(inputs: Inputs, k: str) -> tuple[str, float, dict[str, Any]]:
    """Kind of component of a technology, its nominal power per unit of our capacity, and its ports and efficiencies."""
    storage, conversion = inputs.storage, inputs.conversion
    if k in storage.zone:
        return (
            "StorageUnit",
            1 / storage.full_power_hours[k],
            {
                "bus": storage.carrier[k],
                "max_hours": storage.full_power_hours[k],
                "carrier": "equipment",
                "efficiency_store": storage.charge_efficiency[k],
                "efficiency_dispatch": storage.discharge_efficiency[k],
                "standing_loss": storage.standing_loss[k],
                "cyclic_state_of_charge_per_period": True,
            },
        )
    ports = conversion.ports[k]
    first = next((p for p in ports if p.ratio < 0), None)
    if first is None:
        (port,) = ports
        return "Generator", port.ratio, {"bus": port.carrier, "carrier": "equipment"}
    per = -first.ratio
    found: dict[str, Any] = {"bus0": first.carrier, "carrier": "equipment"}
    for i, port in enumerate((p for p in ports if p is not first), 1):
        found |= {f"bus{i}": port.carrier, "efficiency" if i == 1 else f"efficiency{i}": port.ratio / per}
    return "Link", per, found


def hourly_attributes(n: pypsa.Network, inputs: Inputs, k: str, per: float) -> dict[str, Any]:
    """Availability and variable cost of a technology."""
    found: dict[str, Any] = {}
    if k in inputs.conversion.availability:
        found["p_max_pu"] = each_year(n, inputs, inputs.conversion.availability[k])
    costs = inputs.storage.variable_cost if k in inputs.storage.zone else inputs.conversion.variable_cost
    # A store's variable cost is of what it gives, in MW on both sides; its nominal power plays no part in it.
    scale = 1.0 if k in inputs.storage.zone else per
    if any((k, y) in costs for y in inputs.years):
        found["marginal_cost"] = yearly(n, inputs, {y: costs.get((k, y), 0.0) / scale for y in inputs.years})
    return found


def close_days(inputs: Inputs) -> Any:
    """Extra functionality: every typical day ends as it began, in place of PyPSA's chain over the whole period."""

    def change(n: pypsa.Network, snapshots: pd.Index) -> None:
        m = n.model
        if not inputs.calendar.has_typical_days or "StorageUnit-state_of_charge" not in m.variables:
            return
        held = m["StorageUnit-state_of_charge"]
        names = held.indexes["name"]
        static = n.storage_units.loc[names]
        hours = len(inputs.calendar.weight)
        before = np.concatenate([inputs.calendar.before + i * hours for i in range(len(inputs.years))])
        earlier = held.isel(snapshot=before).assign_coords(held.coords)

        def of(column: str) -> Any:
            return static[column].to_xarray().rename({static.index.name or "index": "name"})

        left = (
            (1 - of("standing_loss")) * earlier
            - held
            + of("efficiency_store") * m["StorageUnit-p_store"]
            - (1 / of("efficiency_dispatch")) * m["StorageUnit-p_dispatch"]
        )
        active = n.c.storage_units.da.active.sel(snapshot=snapshots, name=names)
        m.remove_constraints("StorageUnit-energy_balance")
        m.add_constraints(left, "=", 0.0, name="StorageUnit-energy_balance", mask=active)

    return change


def highs_options(algorithm: Algorithm, gap: float) -> dict[str, Any]:
    """Options of HiGHS."""
    return {**algorithm.options, "mip_rel_gap": gap, "output_flag": False}
