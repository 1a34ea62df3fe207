"""Levels of heat: no port and no demand needs more than its carrier has, and no port delivers less."""

from __future__ import annotations

from models.case import Demand, EquipmentType, Port, Technology
from models.case.carrier import Carrier
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import listed
from planner.park.draft import Draft

NEEDS = mark("technology {technology}: {type} needs {carrier} of {needed} °C, and {carrier} has {has} °C (carriers.csv){hint}")
DELIVERS = mark(
    "technology {technology}: {type} delivers {carrier} of {given} °C at most, and {carrier} has {has} °C (carriers.csv){hint}"
)
WOULD_DO = mark("; these types would do: {types}")
NONE_WOULD_DO = mark("; no type of the park or the catalogue would do: give this heat a carrier of its own")
TOO_COLD = mark("demand {demand}: needs {needed} °C, and {carrier} has {has} °C (carriers.csv){hint}")
TOO_WARM = mark("demand {demand}: needs {needed} °C at most, and {carrier} has {has} °C (carriers.csv){hint}")
THESE_CARRIERS = mark("; these carriers would do: {carriers}")
NO_CARRIER = mark("; no carrier would do: give it one of its own")
#: Types that are named at most.
MOST = 6


def check_levels(draft: Draft) -> None:
    """The ports of each technology, and each demand, against the temperatures of its carriers."""
    if draft.is_sure(Demand) and draft.is_sure(Carrier):
        _check_demands(draft)
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


def _check_demands(draft: Draft) -> None:
    """Heat that is too cold for a demand, and cold that is too warm; the first row of each demand tells of all."""
    carriers = {row.carrier: row for row in draft.rows(Carrier) if row.temperature is not None}
    for row in {d.demand: d for d in reversed(draft.rows(Demand))}.values():
        own = carriers.get(row.carrier)
        if row.temperature is None or own is None or _serves(own, row.temperature, own.cools):
            continue
        others = [name for name, c in carriers.items() if c.cools == own.cools and _serves(c, row.temperature, own.cools)]
        draft.fault(
            row.origin,
            TOO_WARM if own.cools else TOO_COLD,
            demand=repr(row.demand),
            needed=f"{row.temperature:g}",
            carrier=row.carrier,
            has=f"{own.temperature:g}",
            hint=Message(THESE_CARRIERS, carriers=listed(others[:MOST])) if others else Message(NO_CARRIER),
        )


def _serves(carrier: Carrier, needed: float, cools: bool) -> bool:
    assert carrier.temperature is not None
    return carrier.temperature <= needed if cools else carrier.temperature >= needed


def _fits(port: Port, level: dict[str, float]) -> bool:
    if port.temperature is None or port.carrier not in level:
        return True
    has = level[port.carrier]
    return port.temperature <= has if port.direction == "in" else port.temperature >= has


def _complain(row: Technology, port: Port, level: dict[str, float], ports: dict[str, list[Port]], draft: Draft) -> None:
    made = next((p.carrier for p in ports[row.type_name] if p.direction == "out"), "")
    others = [
        name
        for name, own in ports.items()
        if name != row.type_name
        and next((p.carrier for p in own if p.direction == "out"), "") == made
        and len(own) > 1
        and all(_fits(p, level) for p in own)
    ]
    hint = Message(WOULD_DO, types=listed(others[:MOST])) if others else Message(NONE_WOULD_DO)
    values = {"technology": repr(row.technology), "type": repr(row.type_name), "carrier": port.carrier, "hint": hint}
    has = f"{level[port.carrier]:g}"
    if port.direction == "in":
        draft.fault(row.origin, NEEDS, needed=f"{port.temperature:g}", has=has, **values)
    else:
        draft.fault(row.origin, DELIVERS, given=f"{port.temperature:g}", has=has, **values)
