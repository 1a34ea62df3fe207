"""What a bill's amount holds: energy in any of the usual units, fuels by their net calorific value, steam by its pressure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.errors import CaseError
from planner.language.language import mark
from planner.language.message import Message
from planner.profiles.contents import stated_content
from planner.profiles.quantities import read_unit

#: Net by gross calorific value of fuels that are billed by the gross one: natural gas 35.17 / 38.97 MJ/m3 and the like, general
#: knowledge to half a per cent.
NET = {"gas": 0.902, "biogas": 0.90, "lpg": 0.922, "hydrogen": 0.846, "diesel": 0.937, "coal": 0.955, "biomass": 0.93}
#: MWh of the net calorific value: GB/T 2589-2020 (raw coal 20.908, diesel 42.652, LPG 50.179 GJ/t; tce 29.3076 GJ), gas of the
#: Chinese guidelines for enterprises' inventories (38.931 MJ/m3).
PER_TONNE = {"coal": 20.908 / 3.6, "diesel": 42.652 / 3.6, "lpg": 50.179 / 3.6}
PER_CUBIC_METRE, TCE = {"gas": 0.010814}, 8.141
GROSS = re.compile(
    r"\bPCS\b|\bHs\b|\bHo\b|\bHHV\b|\bGCV\b|brennwert|gross|高位|高热值|pouvoir calorifique sup|ciepł[oa] spalania", re.IGNORECASE
)
NETTED = re.compile(
    r"\bPCI\b|\bHi\b|\bHu\b|\bLHV\b|\bNCV\b|heizwert|net cal|低位|低热值|pouvoir calorifique inf|wartość opałowa", re.IGNORECASE
)
#: Energies beside those of meters -> MWh.
MORE = {
    "mmbtu": 0.293071,
    "dth": 0.293071,
    "therms": 0.0293071,
    "therm": 0.0293071,
    "tce": TCE,
    "吨标准煤": TCE,
    "吨标煤": TCE,
    "tj": 1e3 / 3.6,
    "gwh": 1e3,
    "万吨标准煤": TCE * 1e4,
}


@dataclass(frozen=True)
class Multiplier:
    """What an amount of a bill is multiplied by.

    unit    as it is told
    times   MWh, of the net calorific value of a fuel, in one of it
    why     the figures that were used, messages
    """

    unit: str
    times: float
    why: tuple[Message, ...] = ()


def amount_of(unit: str, carrier: str, texts: Sequence[str], heating: str, content: float | None) -> Multiplier:
    """How an amount in `unit` of a carrier becomes MWh.

    texts    heading, rows above and below, remarks, where calorific values, their kind and pressures may be named
    heating  `gross` or `net` as the person says, '' as the texts do
    content  MWh in a t or m³, as the person says

    Raises CaseError where the unit is none of energy, steam or fuel, or where its content has to be said.
    """
    why = list[Message]()
    clean = re.sub(r"\(n\)|\s", "", unit.lower().replace("³", "3").replace("^3", "3"))
    scale = 1e4 if clean.startswith("万") and clean[1:] not in ("度",) else 1.0
    is_fuel = carrier not in ("electricity", "steam", "heat", "cooling", "waste-heat")
    measure = _measure(clean)
    if measure is not None and content is None:
        content = _content(carrier, measure, texts, unit, why)
    elif measure is not None:
        why.append(Message("a {measure} has {content} MWh, as --content says", measure=measure, content=f"{content:g}"))
    if measure is not None:
        assert content is not None
        times = content * (scale if clean.startswith("万") else 1e-3 if clean == "kg" else 1.0)
    else:
        energy = MORE.get(clean)
        found = read_unit(unit)
        if energy is None and (found is None or found.is_rate or found.content):
            raise CaseError.because("unit {unit}: is none of energy, fuel or steam; say it with --unit", unit=repr(unit))
        times = energy if energy is not None else found.size if found is not None else 0.0
    kind = heating or _kind(texts, measure is not None)
    if is_fuel and kind == "gross":
        ratio = NET.get(carrier, 1.0)
        why.append(
            Message("{ratio} of the gross calorific value is the net one, which factors and plants count by", ratio=f"{ratio:g}")
        )
        times *= ratio
        unit = f"{unit} gross"
    elif is_fuel and not kind and measure is None and clean not in ("tce", "吨标准煤", "吨标煤", "万吨标准煤"):
        why.append(Message(UNNAMED))
    return Multiplier(unit, times, tuple(why))


UNNAMED = mark(
    "look at this: whether the energy is of the gross or the net calorific value is not said, and net is taken; see --heating"
)


def _kind(texts: Sequence[str], is_by_content: bool) -> str:
    """`gross` or `net` as the first text names it, the heading before the rows above; of amounts, the kind of their content."""
    for text in texts:
        if GROSS.search(text):
            return "gross"
        if NETTED.search(text):
            return "net"
    return "net" if is_by_content else ""


def _measure(unit: str) -> str | None:
    """`t` or `m³` of a unit that needs a content; None of energy."""
    if re.fullmatch(r"(?:万)?(?:n?m3|立方米|标方|方|立方)", unit):
        return "m³"
    return "t" if re.fullmatch(r"(?:万)?(?:t|kg|吨|tonnes?|tonnen)", unit) else None


def _content(carrier: str, measure: str, texts: Sequence[str], unit: str, why: list[Message]) -> float:
    """The content that the file states, else the usual one; of steam what follows of its pressure."""
    is_steam = measure == "t" and carrier in ("steam", "heat")
    stated = stated_content(texts, measure, is_steam)
    if stated is not None and stated.pressure is not None:
        why.append(
            Message(
                "a t of saturated steam of {pressure} MPa above the air's has {content} MWh more than water of 20 °C",
                pressure=f"{stated.pressure:g}",
                content=f"{stated.value:.4g}",
            )
        )
        return stated.value
    if stated is not None:
        words = {"measure": measure, "content": f"{stated.value:.6g}", "said": stated.written}
        why.append(Message("a {measure} has {content} MWh, as the file says: {said}", **words))
        return stated.value
    if is_steam:
        why.append(Message("a t of steam has 0.7 MWh: no pressure is named; see --content"))
        return 0.7
    usual = (PER_TONNE if measure == "t" else PER_CUBIC_METRE).get(carrier)
    if usual is None:
        raise CaseError.because(
            "unit {unit}: what a {measure} of {carrier} holds is not known; say --content, MWh of its net calorific value",
            unit=repr(unit),
            measure=measure,
            carrier=carrier,
        )
    why.append(
        Message(
            "a {measure} of {carrier} has {content} MWh, the usual net calorific value; see --content",
            measure=measure,
            carrier=carrier,
            content=f"{usual:.5g}",
        )
    )
    return usual
