"""Levels of heat: no port needs more than its carrier has, and none delivers less."""

from __future__ import annotations

from models.case import EquipmentType, Port, Technology
from models.case.carrier import Carrier
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import listed
from planner.read.draft import Draft

NEEDS = mark("technology {technology}: {type} needs {carrier} of {needed} °C, and {carrier} has {has} °C (carriers.csv){hint}")
DELIVERS = mark(
    "technology {technology}: {type} delivers {carrier} of {given} °C at most, and {carrier} has {has} °C (carriers.csv){hint}"
)
WOULD_DO = mark("; these types would do: {types}")
NONE_WOULD_DO = mark("; no type of the park or the catalogue would do: give this heat a carrier of its own")
#: Types that are named at most.
MOST = 6


def check_levels(draft: Draft) -> None:
    """Each technology's ports, against the temperatures of its carriers."""
    if not all(draft.is_sure(kind) for kind in (Technology, EquipmentType, Port, Carrier)):
        return
    level = {row.carrier: row.temperature for row in draft.rows(Carrier) if row.temperature is not None}
    ports: dict[str, list[Port]] = {}
    for port in (*draft.rows(Port), *draft.known_ports):
        ports.setdefault(port.type, []).append(port)
    for row in draft.rows(Technology):
        for port in ports.get(row.type_name, []):
            if port.carrier in level and not _fits(port, level):
                _complain(row, port, level, ports, draft)


def _fits(port: Port, level: dict[str, float]) -> bool:
    if port.temperature is None or port.carrier not in level:
        return True
    has = level[port.carrier]
    return port.temperature <= has if port.direction == "in" else port.temperature >= has


def _complain(row: Technology, port: Port, level: dict[str, float], ports: dict[str, list[Port]], draft: Draft) -> None:
    made = next((p.carrier for p in ports[row.type_name] if p.direction == "out"), "")
    others = [
        name for name, own in ports.items()
        if name != row.type_name and next((p.carrier for p in own if p.direction == "out"), "") == made
        and len(own) > 1 and all(_fits(p, level) for p in own)
    ]  # fmt: skip
    hint = Message(WOULD_DO, types=listed(others[:MOST])) if others else Message(NONE_WOULD_DO)
    values = {"technology": repr(row.technology), "type": repr(row.type_name), "carrier": port.carrier, "hint": hint}
    has = f"{level[port.carrier]:g}"
    if port.direction == "in":
        draft.fault(row.origin, NEEDS, needed=f"{port.temperature:g}", has=has, **values)
    else:
        draft.fault(row.origin, DELIVERS, given=f"{port.temperature:g}", has=has, **values)
