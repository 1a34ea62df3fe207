"""Capture of CO2: which plants take it, from what, and that the carrier co2 is used for nothing else."""

from __future__ import annotations

from models.case import Capture, Demand, EmissionFactor, Port, ProcessEmission, Supply, Technology
from models.units import UnitError, factor
from planner.language.message import Message
from planner.park.complaints import is_no
from planner.park.draft import Draft

AIR = "air"
CO2 = "co2"


def check_captures(draft: Draft) -> None:
    """Check the capture plants, their sources, and the rules of the carrier co2."""
    for row in draft.rows(Capture):
        _check_plant(row, draft)
        _check_source(row, draft)
    if draft.is_sure(Capture):
        served = draft.names(Capture, "technology")
        for technology in draft.rows(Technology):
            kind = draft.types.get(technology.type_name)
            if kind and kind.role == "capture" and technology.technology not in served:
                draft.fault(
                    technology.origin,
                    "technology {technology}: takes CO2 from nothing; name its sources in captures.csv",
                    technology=repr(technology.technology),
                )
    _check_co2(draft)


def _check_plant(row: Capture, draft: Draft) -> None:
    if not draft.refer(row.origin, ("technology", row.technology), "technology", (Technology, "technology")):
        return
    for plant in draft.rows(Technology):
        kind = draft.types.get(plant.type_name)
        if plant.technology == row.technology and kind and kind.role != "capture":
            draft.fault(
                row.origin,
                "technology {technology}: is a {role}; a technology of role capture is needed",
                technology=repr(row.technology),
                role=kind.role,
            )


def _check_source(row: Capture, draft: Draft) -> None:
    """A source is the air, a technology that burns a fuel, or a process whose CO2 can be taken."""
    technologies, processes = draft.names(Technology, "technology"), draft.names(ProcessEmission, "source")
    if row.source == AIR:
        return
    if row.source in technologies and row.source in processes:
        draft.fault(
            row.origin,
            "source {source}: is a technology and a process emission; give one of them another name",
            source=repr(row.source),
        )
    elif row.source in technologies:
        _check_flue_gas(row, draft)
    elif row.source in processes:
        for emission in draft.rows(ProcessEmission):
            if emission.source == row.source and not emission.capturable:
                draft.fault(
                    row.origin,
                    "source {source}: is not capturable; write capturable = 1 in process_emissions.csv",
                    source=repr(row.source),
                )
    elif draft.is_sure(Technology) and draft.is_sure(ProcessEmission):
        choices = technologies | processes | {AIR}
        draft.fault(row.origin, is_no("source", row.source, Message("technology, process emission or 'air'"), choices))


def _check_flue_gas(row: Capture, draft: Draft) -> None:
    """The source burns something, and what it burns has one emission factor."""
    source = next((t for t in draft.rows(Technology) if t.technology == row.source), None)
    kind = draft.types.get(source.type_name) if source else None
    if kind is None or not draft.is_sure(Supply) or not draft.is_sure(Port, kind.type):
        return
    if kind.role != "converter":
        draft.fault(
            row.origin, "source {source}: is a {role}; only a converter burns a fuel", source=repr(row.source), role=kind.role
        )
        return
    burnt = {port.carrier for port in draft.ports.get(kind.type, []) if port.direction == "in"}
    fuels = [s for s in draft.rows(Supply) if s.carrier in burnt and s.scope == 1 and s.can_import]
    unclear = [s for s in draft.rows(Supply) if s.carrier in burnt and s.scope is None and s.can_import]
    if not fuels and not unclear and draft.ports.get(kind.type):
        draft.fault(
            row.origin, "source {source}: burns nothing that is bought with scope 1; it has no CO2 to take", source=repr(row.source)
        )
    shapes = {p.profile for p in draft.ports.get(kind.type, []) if p.direction == "in" and p.carrier in {f.carrier for f in fuels}}
    if len(shapes) > 1:
        names = ", ".join(repr(name) if name else "none" for name in sorted(shapes))
        draft.fault(
            row.origin,
            "source {source}: burns fuels at ports of different profiles ({names}); whose CO2 is captured cannot be told "
            "apart; give these ports one profile",
            source=repr(row.source),
            names=names,
        )
    for carrier in sorted({fuel.carrier for fuel in fuels}):
        suppliers = [fuel for fuel in fuels if fuel.carrier == carrier]
        contents = [_content(fuel.supply, draft) for fuel in suppliers]
        if any(value for _, value, _ in contents[0]):
            _check_own_fuel(row, carrier, draft)
        for fuel, content in zip(suppliers, contents, strict=True):
            if content != contents[0] and all(draft.is_sure(EmissionFactor, f.supply) for f in suppliers):
                draft.fault(
                    fuel.origin,
                    "supply {supply}: has another emission factor than {other}; {carrier} burnt by {source}, whose CO2 is "
                    "captured, must have one",
                    supply=repr(fuel.supply),
                    other=repr(suppliers[0].supply),
                    carrier=carrier,
                    source=repr(row.source),
                )


def _check_own_fuel(row: Capture, carrier: str, draft: Draft) -> None:
    """What makes a burnt carrier in the park is all biogenic or not at all, and the factors of what goes in say so."""
    if not draft.is_sure(EmissionFactor) or not draft.is_sure(Technology):
        return
    advice = Message("give what goes in a supply of scope 1 with an emission factor, biogenic 1 or 0")
    kinds: dict[str, set[int]] = {}
    for technology in draft.rows(Technology):
        kind, ports = draft.types.get(technology.type_name), draft.ports.get(technology.type_name, [])
        if kind and kind.role == "converter" and any((p.carrier, p.direction) == (carrier, "out") for p in ports):
            into = {p.carrier for p in ports if p.direction == "in"}
            fuels = {s.supply for s in draft.rows(Supply) if s.carrier in into and s.scope == 1 and s.can_import}
            kinds[technology.technology] = {f.biogenic for f in draft.rows(EmissionFactor) if f.supply in fuels}
    unsaid = sorted(name for name, known in kinds.items() if not known)
    where = Message("source {source}: burns {carrier}, which the park makes too", source=repr(row.source), carrier=carrier)
    if unsaid:
        draft.fault(
            row.origin,
            "{where}; nothing says whether what {carrier} makes is biogenic; {advice}",
            where=where,
            carrier=repr(unsaid[0]),
            advice=advice,
        )
    elif len(set().union(*kinds.values())) > 1:
        names = ", ".join(repr(name) for name in sorted(kinds))
        draft.fault(
            row.origin,
            "{where} ({names}), of biomass and of something else; what is captured of it cannot be told apart; let them make "
            "carriers of different names",
            where=where,
            names=names,
        )


def _content(supply: str, draft: Draft) -> set[tuple[int | None, float, int]]:
    """The emission factor of a supply by year, in t/MWh."""
    found = set()
    for row in draft.rows(EmissionFactor):
        if row.supply == supply:
            try:
                found.add((row.year, round(row.value * factor(row.unit, "t/MWh"), 9), row.biogenic))
            except UnitError:
                continue
    return found


def _check_co2(draft: Draft) -> None:
    """Only capture plants feed co2, only sinks and links take it."""
    used = {technology.type_name for technology in draft.rows(Technology)}
    for name in sorted(used & set(draft.types)):
        for port in draft.ports.get(name, []):
            is_captured = draft.types[name].role == "capture" and port.direction == "out"
            if port.carrier == CO2 and not is_captured:
                draft.fault(
                    port.origin, "carrier 'co2': only capture plants feed it, only sinks and links take it; remove this port"
                )
    for demand in draft.rows(Demand):
        if demand.carrier == CO2:
            draft.fault(demand.origin, "carrier 'co2': cannot be demanded; only sinks and links take it")
    for supply in draft.rows(Supply):
        if supply.carrier == CO2 and supply.kind != "sink":
            draft.fault(
                supply.origin, "kind {kind}: co2 cannot be bought; write kind sink, with a max_export", kind=repr(supply.kind)
            )
