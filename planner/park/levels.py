"""Levels of heat: what a heat pump takes of electricity and of its source, from the temperatures between which it works."""

from __future__ import annotations

from typing import Any

import numpy as np

from models.case import Assumption, EquipmentType, Port
from models.case.carrier import KELVIN
from planner.language.language import mark
from planner.language.message import Message
from planner.park.draft import Draft
from planner.park.fields import number

ELECTRICITY = "electricity"
NOT_BELOW = mark("source_temperature = {source}: is not below sink_temperature = {sink}, so nothing is to be lifted")
NO_SOURCE = mark("source_temperature {text}: is neither a number nor a profile of profiles.csv")
LACKING = mark("heat pump: {column} is missing; source_temperature, sink_temperature and carnot_share go together")


def take_levels(draft: Draft) -> None:
    r"""The ratios of heat pumps whose type states temperatures, where the park does not state them.

    COP = carnot_share · T_sink / (T_sink - T_source), in kelvin; of each MWh delivered 1 / COP is electricity and the rest comes
    from the source.
    """
    for kind in draft.rows(EquipmentType):
        levels = {
            "source_temperature": kind.source_temperature,
            "sink_temperature": kind.sink_temperature,
            "carnot_share": kind.carnot_share,
        }
        missing = [column for column, value in levels.items() if value in (None, "")]
        if len(missing) == len(levels):
            continue
        for column in missing:
            draft.fault(kind.origin, LACKING, column=column)
        if not missing:
            _take(kind, draft)


def _take(kind: EquipmentType, draft: Draft) -> None:
    cop = _cop(kind, draft)
    if cop is None:
        return
    rows = draft.rows(Port)
    own = [port for port in rows if port.type == kind.type]
    out = next((port for port in own if port.direction == "out"), None)
    taken = [port for port in own if port.direction == "in"]
    drawn = {id(port): 1.0 / cop if port.carrier == ELECTRICITY else 1.0 - 1.0 / cop for port in taken}
    for i, port in enumerate(rows):
        if out is None or id(port) not in drawn or _is_stated(port):
            continue
        share = out.ratio * drawn[id(port)]
        mean = float(np.mean(share))
        changed: dict[str, float | str] = {"ratio": mean}
        if np.ndim(share):
            name = f"{kind.type}: {port.carrier} by temperature"
            draft.profiles.series[name] = share / mean
            draft.profiles.names.add(name)
            changed |= {"profile": name}
        draft.valid[Port.table][i] = port.model_copy(update=changed)
        _tell(kind, port, mean, draft)


def _is_stated(port: Port) -> bool:
    """True if the park itself says the ratio."""
    return "ratio" in port.model_fields_set and not port.is_of_catalogue


def _cop(kind: EquipmentType, draft: Draft) -> Any:
    """The COP, of each hour where the source has a profile; None where it cannot be known."""
    assert kind.sink_temperature is not None and kind.carnot_share is not None
    text = kind.source_temperature
    if text in draft.profiles.series:
        source: Any = np.asarray(draft.profiles.series[text], dtype=float)
    else:
        try:
            source = number(text)
        except ValueError:
            if draft.profiles.is_read:
                draft.fault(kind.origin, NO_SOURCE, text=repr(text))
            return None
    sink = kind.sink_temperature
    if float(np.max(source)) >= sink:
        draft.fault(kind.origin, NOT_BELOW, source=f"{float(np.max(source)):g}", sink=f"{sink:g}")
        return None
    return kind.carnot_share * (sink + KELVIN) / (sink - source)


def _tell(kind: EquipmentType, port: Port, ratio: float, draft: Draft) -> None:
    parameter = f"in {port.carrier}"
    draft.assumptions[:] = [a for a in draft.assumptions if (a.table, a.name, a.parameter) != ("ports", kind.type, parameter)]
    if not kind.is_of_catalogue:
        return
    note = Message(
        "from {source} to {sink} °C at {share} of the best COP",
        source=kind.source_temperature,
        sink=f"{kind.sink_temperature:g}",
        share=f"{kind.carnot_share:g}",
    )
    draft.assumptions.append(
        Assumption(
            table="ports",
            name=kind.type,
            parameter=parameter,
            value=f"{ratio:.6g}",
            unit=f"MWh of {port.carrier} per unit of activity",
            source=kind.source,
            grade=kind.grade,
            note=str(note),
        )
    )
