"""What a tonne or a cubic metre holds, as texts of a file say it: a calorific value, or the pressure of steam."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from models.errors import CaseError
from planner.profiles.numbers import NUMBER, number_in

#: Enthalpy of saturated steam [kJ/kg] by absolute pressure [MPa], IAPWS-IF97; what a tonne is billed for is above water of 20 °C.
PRESSURES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0)
ENTHALPIES = (2674.9, 2706.2, 2724.9, 2738.1, 2748.1, 2756.1, 2768.3, 2777.1, 2791.0, 2798.3, 2801.9, 2803.2, 2800.8, 2794.2)
WATER, ATMOSPHERE = 83.74, 0.1
_CONTENT = re.compile(
    rf"({NUMBER})\s*(kWh|MWh|kJ|MJ|GJ|kcal|大卡|千卡)\s*/\s*(N?m3|N?m³|Nm\^3|立方米|标方|方|kg|千克|t\b|吨)(?!\w)", re.IGNORECASE
)
_PRESSURE = re.compile(rf"(?:({NUMBER})\s*[-–—~～至]\s*)?({NUMBER})\s*(MPa|bar)(?![a-z])", re.IGNORECASE)
_ENERGIES = {"kwh": 1e-3, "mwh": 1.0, "kj": 1e-6 / 3.6, "mj": 1e-3 / 3.6, "gj": 1 / 3.6}
_ENERGIES |= dict.fromkeys(("kcal", "大卡", "千卡"), 1.163e-6)
#: What a m³ and a t of anything may hold [MWh], and a pressure of steam [MPa]: of `38.931` and the like one reading lies within.
WITHIN = {"m³": (5e-4, 0.05), "t": (0.3, 40.0)}
_MPA = (0.01, 30.0)


@dataclass(frozen=True)
class Stated:
    """A content [MWh in a t or m³] as it is written; `pressure` [MPa above the air's] where it follows of that."""

    written: str
    value: float
    pressure: float | None = None


def stated_content(texts: Iterable[str], measure: str, is_steam: bool) -> Stated | None:
    """What texts say that a `t` or `m³` holds; None where they say nothing.

    Raises CaseError where they say several things, or one that can be read in two ways.
    """
    found = list[Stated]()
    pressures = list[Stated]()
    for text in texts:
        for part in _CONTENT.finditer(text):
            is_volume = "m" in part[3].lower() or "方" in part[3]
            if is_volume == (measure == "m³"):
                size = _ENERGIES[part[2].lower()] * (1e3 if part[3].lower() in ("kg", "千克") else 1.0)
                found.append(Stated(part[0], size * _number(part[1], size, WITHIN[measure], part[0], measure)))
        for part in _PRESSURE.finditer(text) if is_steam else ():
            size = 0.1 if part[3].lower() == "bar" else 1.0
            for number in (part[1], part[2]):
                if number:
                    pressure = size * _number(number, size, _MPA, part[0], measure)
                    enthalpy = float(np.interp(pressure + ATMOSPHERE, PRESSURES, ENTHALPIES))
                    pressures.append(Stated(f"{number} {part[3]}", (enthalpy - WATER) / 3600, pressure))
    found = found or pressures
    if other := next((s for s in found if abs(s.value / found[0].value - 1) > 0.001), None):
        raise CaseError.because(
            "the file says {one} and {other}; say which with --content, MWh in a {measure}, e.g. --content {value}",
            one=found[0].written,
            other=other.written,
            measure=measure,
            value=f"{found[0].value:.4g}",
        )
    return found[0] if found else None


def _number(text: str, size: float, within: tuple[float, float], written: str, measure: str) -> float:
    """A number by what it may be once multiplied by `size`. Raises CaseError where two readings of it may be."""
    try:
        return number_in(text, "", (within[0] / size, within[1] / size))
    except ValueError as error:
        raise CaseError.because(
            "{written}: can be read in two ways; say --content, MWh in a {measure}", written=repr(written), measure=measure
        ) from error
