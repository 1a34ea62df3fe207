"""Firm capacity: what of a carrier each technology can be counted on to give, per capacity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from models.case import Case, EquipmentType, Port, Technology
from models.inputs.equipment import power_of

#: Stands for all zones as one.
ALL_ZONES = "*"
#: Hours that a store must be able to give its power.
STORE_HOURS = 4.0


def producers(case: Case, carrier: str, zone: str) -> dict[str, float]:
    """Technologies that feed a carrier in a zone, and what each capacity gives for sure (MW per MW, per MWh of a store)."""
    types = {t.type: t for t in case.types}
    found = {}
    for row in case.technologies:
        kind = types[row.type_name]
        if zone in (ALL_ZONES, row.zone) and kind.role in ("converter", "store"):
            ratio = 1.0 if kind.role == "store" else _least_ratio(case, kind.type, carrier)
            holds = any(p.type == kind.type and p.carrier == carrier for p in case.ports)
            given = firm_share(row, kind) * ratio if holds else 0.0
            if given > 0:
                found[row.technology] = given
    return found


def counted_in_units(case: Case) -> frozenset[str]:
    """Technologies of which the largest unit may be out in some year: those that a reserve with `largest_out` counts on."""
    asked = {(r.carrier, r.zone) for r in case.reserves if r.largest_out and not r.operated}
    alike = {case.columns(y): case.in_year(y) for y in range(case.park.first_year, case.park.last_year + 1)} if asked else {}
    counted = {k for own in alike.values() for carrier, zone in asked for k in producers(own, carrier, zone)}
    operated = {r.carrier for r in case.reserves if r.operated}
    out = outages_of(case.technologies, case.types, case.ports, operated)
    return frozenset(counted | {k for group in out.values() for k in group})


def feeders(
    technologies: Sequence[Technology], kinds: Iterable[EquipmentType], all_ports: Iterable[Port], carriers: Iterable[str]
) -> tuple[str, ...]:
    """Stores and converters without a profile that put out one of the carriers or, step by step, what is made into one."""
    types = {t.type: t for t in kinds}
    ports: dict[str, list[Port]] = {}
    for port in all_ports:
        ports.setdefault(port.type, []).append(port)
    made = [
        (row, types[row.type_name], ports.get(row.type_name, []))
        for row in technologies
        if row.type_name in types and not row.profile
    ]
    found: set[str] = set()
    reached = set(carriers)
    grows = True
    while grows:
        grows = False
        for row, kind, own in made:
            gives = {p.carrier for p in own if p.direction == "out" or kind.role == "store"}
            if row.technology not in found and kind.role in ("converter", "store") and gives & reached:
                found.update((row.technology, *power_of(row, kind, technologies)))
                grows = True
                reached |= {p.carrier for p in own if p.direction == "in"}
    return tuple(row.technology for row in technologies if row.technology in found)


def outages_of(
    technologies: Sequence[Technology], kinds: Iterable[EquipmentType], ports: Iterable[Port], carriers: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """What is out together in each outage that an operation for these carriers must stand, by its name: one technology, or the
    group that it is of."""
    group = {row.technology: row.outage_group for row in technologies}
    found: dict[str, tuple[str, ...]] = {}
    for k in feeders(technologies, kinds, ports, carriers):
        name = group[k] or k
        found.setdefault(name, tuple(row.technology for row in technologies if group[row.technology] == name) or (k,))
    return found


def firm_share(row: Technology, kind: EquipmentType) -> float:
    """Share of the capacity of a technology that can be counted on; of a store MW per MWh."""
    stated = kind.firm if row.firm is None else row.firm
    if stated is not None:
        return stated
    if kind.role == "store":
        return 0.0 if kind.power_type else min(1.0 / kind.full_power_hours, kind.discharge_efficiency / STORE_HOURS)
    return 0.0 if row.profile else 1.0


def _least_ratio(case: Case, type_name: str, carrier: str) -> float:
    """What comes out of a converter per activity, less what goes in; with a port profile in its worst hour."""
    total: np.ndarray | float = 0.0
    for port in case.ports:
        if (port.type, port.carrier) == (type_name, carrier):
            shape = case.profiles[port.profile] if port.profile else 1.0
            total = total + (port.ratio if port.direction == "out" else -port.ratio) * shape
    return float(np.min(total))
