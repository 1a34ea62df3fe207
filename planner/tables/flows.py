"""Hourly flows of a solved year, as arrays: the table that energy sums and dispatch are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from pyomo.core import value

from models.inputs import Inputs
from models.inputs.equipment import EquipmentPort
from models.operation.capture import present_pairs
from models.operation.links import Links
from models.operation.network import present_arcs
from models.operation.solved import Family, SolvedYear
from models.operation.storage import is_seasonal, present_stores

#: Flows that are no flows but what is so in an hour: they have no sum over the year.
STATES = ("held", "online", "matched", "green_charge", "green_discharge", "green_held", "at_once")


@dataclass(frozen=True)
class DispatchFlow:
    """A flow of every hour. `sign` is +1 where it feeds its balance, -1 where it draws from it, 0 for a state."""

    flow: str
    name: str
    zone: str
    carrier: str
    sign: int
    values: np.ndarray

    @property
    def unit(self) -> str:
        """Unit of an hour of it."""
        if self.flow in ("held", "green_held"):
            return "MWh"
        return "t/h" if self.carrier == "co2" else "MW"


def hourly(variable: Family, index: tuple[str, ...], snapshots: Iterable[int]) -> np.ndarray:
    """Values of a variable over the snapshots, 0 where it has no such index.

    A variable of a year operated in every hour gives its series at once.
    """
    if hasattr(variable, "of_hours"):
        found = variable.of_hours(index)
        return found if len(found) else np.zeros(len([*snapshots]))
    return np.array([variable[*index, t].value if (*index, t) in variable else 0.0 for t in snapshots])


def flows_of_year(year: SolvedYear, inputs: Inputs, y: int, links: Links) -> list[DispatchFlow]:
    """Every flow of the year: ports, stores, supplies, links, demands, and what was curtailed."""
    snapshots = list(inputs.calendar.snapshots)
    return [
        *_equipment(year, inputs, y, links, snapshots),
        *_stores(year, inputs, y, snapshots),
        *_boundary(year, inputs, snapshots),
        *_network(year, inputs, y, snapshots),
        *_demands(year, inputs, y, links, snapshots),
    ]


def _equipment(year: SolvedYear, inputs: Inputs, y: int, links: Links, snapshots: list[int]) -> Iterator[DispatchFlow]:
    conversion, captures = inputs.conversion, inputs.captures
    present = set(inputs.capacity.present[y])
    for k in conversion.converters:
        if k not in present:
            continue
        activity = hourly(year.activity, (k,), snapshots)
        yield from _ports(k, conversion.zone[k], conversion.ports[k], activity, _beside(year, k, conversion.ports[k], snapshots))
        yield from _online(year, inputs, k, conversion.zone[k], conversion.ports[k], snapshots)
        if k in conversion.availability:
            out = next((p for p in conversion.ports[k] if p.ratio > 0), None)
            unused = conversion.availability[k] * value(links.capacity[k]) - activity
            if out is not None:
                yield DispatchFlow("curtailed", k, conversion.zone[k], out.carrier, 0, np.maximum(unused, 0) * out.hourly)
    for k in captures.plants:
        pairs = [(p, q) for p, q in present_pairs(inputs, y) if p == k]
        if not pairs:
            continue
        taken = {q: hourly(year.captured, (k, q), snapshots) for _, q in pairs}
        yield from _ports(k, captures.zone[k], captures.ports[k], sum(taken.values(), np.zeros(len(snapshots))))
        yield from _online(year, inputs, k, captures.zone[k], captures.ports[k], snapshots)
        for q, values in taken.items():
            yield DispatchFlow("captured", f"{k} from {q}", captures.zone[k], "co2", 0, values)


def _online(
    year: SolvedYear, inputs: Inputs, k: str, zone: str, ports: Iterable[EquipmentPort], snapshots: list[int]
) -> Iterator[DispatchFlow]:
    """Capacity that is on, of a committed plant; it stands under the carrier that the plant makes first."""
    if k in inputs.commitment.plants:
        carrier = next((port.carrier for port in ports if port.ratio > 0), next(port.carrier for port in ports))
        yield DispatchFlow("online", k, zone, carrier, 0, hourly(year.online, (k,), snapshots))


def _beside(year: SolvedYear, k: str, ports: Iterable[EquipmentPort], snapshots: list[int]) -> dict[str, np.ndarray]:
    """What flows in of each carrier beside the activity: of what is on, and as it starts."""
    found: dict[str, np.ndarray] = {}
    for port in ports:
        for per, hours in ((port.no_load, "online"), (port.per_start, "start")):
            if per:
                found[port.carrier] = found.get(port.carrier, 0.0) + per * hourly(getattr(year, hours), (k,), snapshots)
    return found


def _ports(
    k: str, zone: str, ports: Iterable[EquipmentPort], activity: np.ndarray, beside: Mapping[str, np.ndarray] | None = None
) -> Iterator[DispatchFlow]:
    for port in ports:
        direction = "out" if port.ratio > 0 else "in"
        more = 0.0 if beside is None or port.ratio > 0 else beside.get(port.carrier, 0.0)
        yield DispatchFlow(direction, k, zone, port.carrier, 1 if port.ratio > 0 else -1, np.abs(port.hourly) * activity + more)


def _stores(year: SolvedYear, inputs: Inputs, y: int, snapshots: list[int]) -> Iterator[DispatchFlow]:
    storage = inputs.storage
    for s in present_stores(inputs, y):
        place = storage.zone[s], storage.carrier[s]
        yield DispatchFlow("charge", s, *place, -1, hourly(year.charge, (s,), snapshots))
        yield DispatchFlow("discharge", s, *place, 1, hourly(year.discharge, (s,), snapshots))
        held = year.gained if is_seasonal(inputs, s) else year.held
        yield DispatchFlow("held", s, *place, 0, hourly(held, (s,), snapshots))


def _boundary(year: SolvedYear, inputs: Inputs, snapshots: list[int]) -> Iterator[DispatchFlow]:
    supplies = inputs.supplies
    for s in supplies.importers:
        yield DispatchFlow("import", s, supplies.zone[s], supplies.carrier[s], 1, hourly(year.imports, (s,), snapshots))
    for s in supplies.exporters:
        yield DispatchFlow("export", s, supplies.zone[s], supplies.carrier[s], -1, hourly(year.exports, (s,), snapshots))


def _network(year: SolvedYear, inputs: Inputs, y: int, snapshots: list[int]) -> Iterator[DispatchFlow]:
    network = inputs.network
    for a in present_arcs(inputs, y):
        sent = hourly(year.flow, a, snapshots)
        yield DispatchFlow("sent", a[0], network.from_zone[a], network.carrier[a], -1, sent)
        yield DispatchFlow("arrived", a[0], network.to_zone[a], network.carrier[a], 1, sent * network.delivered[a])


def _demands(year: SolvedYear, inputs: Inputs, y: int, links: Links, snapshots: list[int]) -> Iterator[DispatchFlow]:
    """What each demand draws, and vehicles are charged with; of what may move what is asked and what is served, and what is shed,
    beside it."""
    demands, flexibility = inputs.demands, inputs.flexibility
    for u in demands.demands:
        whole = float(value(links.demand[u])) * demands.shape[u]
        drawn, place, beside = whole, (demands.zone[u], demands.carrier[u]), []
        if (u, y) in flexibility.share:
            asked, served = flexibility.share[u, y] * whole, hourly(year.served, (u,), snapshots)
            drawn = (1 - flexibility.share[u, y]) * whole + served
            beside += [DispatchFlow("asked", u, *place, 0, asked), DispatchFlow("served", u, *place, 0, served)]
        if (u, y) in flexibility.shed_share:
            shed = hourly(year.shed, (u,), snapshots)
            drawn = drawn - shed
            beside.append(DispatchFlow("shed", u, *place, 0, shed))
        if u in inputs.vehicles.power:
            drawn = hourly(year.charging, (u,), snapshots)
            beside.append(DispatchFlow("at_once", u, *place, 0, whole))
        yield DispatchFlow("demand", u, *place, -1, drawn)
        yield from beside
