"""Converters, stores and links of the year as PyPSA components.

A converter with one port is a generator. One with more is a link: its first port is what flows in, the others have an
efficiency each, below 0 for what flows in too. A store is a storage unit, a link between zones a link each way.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from models.inputs.equipment import EquipmentPort
from planner.export.pypsa_draft import LinkDraft, NetworkDraft
from planner.export.pypsa_files import Attribute


def add_converters(draft: NetworkDraft) -> None:
    """All converters that have capacity."""
    conversion, y = draft.inputs.conversion, draft.year
    for k in conversion.converters:
        if k not in draft.capacity:
            continue
        bounds: dict[str, Attribute] = {}
        if k in conversion.availability:
            bounds["p_max_pu"] = conversion.availability[k]
        if k in conversion.min_load:
            bounds["p_min_pu"] = conversion.min_load[k] * (1 - 1e-6)
        cost = conversion.variable_cost.get((k, y), 0.0)
        ports = conversion.ports[k]
        if len(ports) == 1 and ports[0].shape is None and (k, y) not in draft.inputs.captures.fuel_co2:
            _generator(draft, k, ports[0], bounds, cost)
        else:
            _converter(draft, k, bounds, cost)


def _generator(draft: NetworkDraft, k: str, port: EquipmentPort, bounds: dict[str, Attribute], cost: float) -> None:
    ratio = abs(port.ratio)
    factors = draft.counts("made", k) if port.carrier == "electricity" and port.ratio > 0 else {}
    draft.network.add(
        "Generator",
        k,
        bus=draft.bus(draft.inputs.conversion.zone[k], port.carrier),
        sign=1.0 if port.ratio > 0 else -1.0,
        p_nom=draft.capacity[k] * ratio,
        marginal_cost=cost / ratio,
        carrier=draft.network.carrier(k, **factors),
        **bounds,
    )


def _converter(draft: NetworkDraft, k: str, bounds: dict[str, Attribute], cost: float) -> None:
    conversion, y = draft.inputs.conversion, draft.year
    zone, ports = conversion.zone[k], conversion.ports[k]
    link = draft_link(draft, k, zone, ports, draft.capacity[k], cost)
    made = conversion.net(k, "electricity", out_only=True)
    if np.any(made) and draft.counts("made", k):
        draft.count(link, f"electricity of {k}", made / link.per, draft.counts("made", k))
    if draft.inputs.captures.fuel_co2.get((k, y)) and any(q == k for _, q in draft.pairs):
        link.port(flue_gas(draft, k, draft.capacity[k]), draft.inputs.captures.co2(k, y) / link.per)
    draft.network.add("Link", k, **link.attributes, **bounds)


def draft_link(draft: NetworkDraft, k: str, zone: str, ports: Iterable[EquipmentPort], capacity: float, cost: float) -> LinkDraft:
    """A link with the ports of a piece of equipment.

    A port whose ratio differs from hour to hour is not the first: the link's own flow would not tell its activity.
    """
    ports = list(ports)
    first = next((p for p in ports if p.ratio < 0 and p.shape is None), None)
    if first is None:  # runs on nothing that is balanced: a generator without cost stands before it
        bus = draft.network.bus(f"source of {k}", "source")
        draft.network.add("Generator", f"source of {k}", bus=bus, p_nom=capacity, carrier=draft.network.carrier("source"))
        per = 1.0
    else:
        bus, per = draft.bus(zone, first.carrier), -first.ratio
    most = capacity * per
    carrier = draft.network.carrier(k)
    link = LinkDraft({"bus0": bus, "p_nom": most, "marginal_cost": cost / per, "carrier": carrier}, most, per)
    for port in ports:
        if port is not first:
            link.port(draft.bus(zone, port.carrier), port.hourly / per)
    return link


def flue_gas(draft: NetworkDraft, q: str, capacity: float) -> str:
    """The bus of the CO2 that a source gives off; what is not captured goes to the air."""
    name, network = f"flue gas of {q}", draft.network
    if name not in network.static["Bus"]:
        network.bus(name, "co2")
        most = capacity * float(np.max(draft.inputs.captures.co2(q, draft.year)))
        carrier = network.carrier("flue gas")
        network.add("Generator", f"{name} to the air", bus=name, sign=-1.0, p_nom=most * 1.001, carrier=carrier)
    return name


def add_stores(draft: NetworkDraft) -> None:
    """Stores; those with power apart, levels or an inflow run as planned, and so do seasonal ones where days stand for others."""
    storage, y, network = draft.inputs.storage, draft.year, draft.network
    for s in storage.stores:
        if s not in draft.capacity:
            continue
        bus, cost = draft.bus(storage.zone[s], storage.carrier[s]), storage.variable_cost.get((s, y), 0.0)
        if (network.periods and s in storage.seasonal) or s in storage.of_their_own:
            _as_planned(draft, s, bus, cost)
            continue
        network.add(
            "StorageUnit",
            s,
            bus=bus,
            carrier=network.carrier(s),
            p_nom=draft.capacity[s] / storage.full_power_hours[s],
            max_hours=storage.full_power_hours[s],
            efficiency_store=storage.charge_efficiency[s],
            efficiency_dispatch=storage.discharge_efficiency[s],
            standing_loss=storage.standing_loss[s],
            marginal_cost=cost,
            cyclic_state_of_charge=not network.periods,
            cyclic_state_of_charge_per_period=network.periods,
        )


def _as_planned(draft: NetworkDraft, s: str, bus: str, cost: float) -> None:
    charge, discharge = draft.flows["charge", s], draft.flows["discharge", s]
    draft.network.add("Load", f"{s} charge", bus=bus, p_set=charge)
    most = float(discharge.max())
    if most > 0:
        share = np.clip(discharge / most, 0.0, 1.0)
        draft.network.add(
            "Generator",
            f"{s} discharge",
            bus=bus,
            p_nom=most,
            p_min_pu=share,
            p_max_pu=share,
            marginal_cost=cost,
            carrier=draft.network.carrier(s),
        )


def add_links(draft: NetworkDraft) -> None:
    """Links between zones, one each way that they work."""
    grid, y = draft.inputs.network, draft.year
    for a in grid.arcs:
        name, start = a
        if name in draft.capacity:
            carrier = grid.carrier[a]
            draft.network.add(
                "Link",
                f"{name} from {start}",
                bus0=draft.bus(grid.from_zone[a], carrier),
                bus1=draft.bus(grid.to_zone[a], carrier),
                efficiency=grid.delivered[a],
                p_nom=draft.capacity[name],
                marginal_cost=grid.variable_cost.get((name, y), 0.0),
                carrier=draft.network.carrier(name),
            )
