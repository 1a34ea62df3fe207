"""Units of meters and bills (power, energy, steam, gas), and what they are in MW and MWh."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from models.errors import CaseError
from planner.importers.profile import Told
from planner.importers.source import NUMBER, number_in
from planner.importers.words import DATA, term
from planner.language.language import mark
from planner.language.message import Message

# --- contents --------------------------------------------------------------------------------------------------------------
# What a tonne or a cubic metre holds, as texts of a file say it: a calorific value, or the pressure of steam.

WATER, ATMOSPHERE = 83.74, 0.1
_CONTENT = re.compile(
    rf"({NUMBER})\s*(kWh|MWh|kJ|MJ|GJ|kcal|大卡|千卡)\s*/\s*(N?m3|N?m³|Nm\^3|立方米|标方|方|kg|千克|t\b|吨)(?!\w)", re.IGNORECASE
)
_PRESSURE = re.compile(rf"(?:({NUMBER})\s*[-–—~～至]\s*)?({NUMBER})\s*(MPa|bar)(?![a-z])", re.IGNORECASE)
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
                size = _SIZES["energy"][part[2].lower()] * (1e3 if part[3].lower() in ("kg", "千克") else 1.0)
                found.append(Stated(part[0], size * _number(part[1], size, WITHIN[measure], part[0], measure)))
        for part in _PRESSURE.finditer(text) if is_steam else ():
            size = 0.1 if part[3].lower() == "bar" else 1.0
            for number in (part[1], part[2]):
                if number:
                    pressure = size * _number(number, size, _MPA, part[0], measure)
                    enthalpy = float(np.interp(pressure + ATMOSPHERE, DATA["steam"]["pressure"], DATA["steam"]["enthalpy"]))
                    pressures.append(Stated(f"{number} {part[3]}", (enthalpy - WATER) / 3600, pressure))
    found = found or pressures
    if other := next((s for s in found if abs(s.value / found[0].value - 1) > 0.001), None):
        words = mark("the file says {one} and {other}; say which with --content, MWh in a {measure}, e.g. --content {value}")
        raise CaseError.because(words, one=found[0].written, other=other.written, measure=measure, value=f"{found[0].value:.4g}")
    return found[0] if found else None


def _number(text: str, size: float, within: tuple[float, float], written: str, measure: str) -> float:
    """A number by what it may be once multiplied by `size`. Raises CaseError where two readings of it may be."""
    try:
        return number_in(text, "", (within[0] / size, within[1] / size))
    except ValueError as error:
        raise CaseError.because(
            "{written}: can be read in two ways; say --content, MWh in a {measure}", written=repr(written), measure=measure
        ) from error


# --- quantities ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class QuantityUnit:
    """A unit of readings.

    label    as it is told
    size     MW of a power, MWh of an amount, or t (m³) where it has to be multiplied by a heat content
    is_rate  a mean over the interval; False: an amount in the interval
    content  `steam` or `gas` where a heat content is needed, else empty
    per_peak of what a plant makes by its peak power: W/kWp, kWh/kWp; size then of a plant of 1 MW
    """

    label: str = field(compare=False)
    size: float
    is_rate: bool
    content: str = ""
    per_peak: bool = False


#: What a plant makes is told by its peak power.
_PER_PEAK = re.compile(r"/(kw|mw)_?p(eak)?$")
#: Heat content of a tonne of steam [MWh] where no pressure is named: the rule of boiler ratings that 1 t/h is 0.7 MW.
STEAM = 0.7
#: What a content is of.
MEASURES = {"steam": "t", "gas": "m³"}
#: Sizes of units by their names, of each kind.
_SIZES: dict[str, dict[str, float]] = {
    kind: {name: size for size, names in rows for name in names.split(" | ")} for kind, rows in DATA["units"].items()
}
#: Units that are found in a heading, the longer ones first.
_NAMES = sorted({name for sizes in _SIZES.values() for name in sizes}, key=len, reverse=True)
_IN_HEADING = re.compile(
    r"(?<![a-z0-9])(" + "|".join(re.escape(n) for n in _NAMES) + r")(\s*/\s*(?:h|小时|时))?(?![a-z0-9])", re.IGNORECASE
)
EXAMPLES = "kW, kWh, MW, MWh, 万kWh, GJ, t/h, t, m3/h, m3"


def read_unit(text: str) -> QuantityUnit | None:
    """The unit that a text is, None where it is none."""
    clean = re.sub(r"\s+|\(n\)", "", text).lower().replace("³", "3").replace("^3", "3").replace("．", ".")
    bare = re.sub(r"/(h|hr|小时|时)$", "", clean)
    is_rate = bare != clean
    if peak := _PER_PEAK.search(clean):
        own = read_unit(clean[: peak.start()])
        size = 1e3 if peak[1] == "kw" else 1.0
        return QuantityUnit(text.strip(), own.size * size, own.is_rate, "", True) if own is not None and not own.content else None
    if not is_rate and clean in _SIZES["power"]:
        return QuantityUnit(text.strip(), _SIZES["power"][clean], True)
    if bare in _SIZES["energy"]:
        return QuantityUnit(text.strip(), _SIZES["energy"][bare], is_rate)
    for content in MEASURES:
        if bare in _SIZES[content]:
            return QuantityUnit(text.strip(), _SIZES[content][bare], is_rate, content)
    return None


def unit_in(heading: str) -> QuantityUnit | None:
    """The unit that a heading names, in brackets or at its end: `负荷(kW)`, `Energy [kWh]`, `load_kw`."""
    clean = heading.replace("³", "3").replace("^3", "3")
    bracketed = re.findall(r"[(（\[【]([^)）\]】]+)[)）\]】]", clean)
    for part in (*reversed(bracketed), re.split(r"[_\s:：/,，]", clean)[-1]):
        if (unit := read_unit(part)) is not None:
            return unit
    found = [m for m in _IN_HEADING.finditer(clean) if len(m[1]) > 1 or m[2]]
    return read_unit(found[-1][0]) if found else None


def distinct(units: Iterable[QuantityUnit | None]) -> tuple[QuantityUnit, ...]:
    """The units among these that are not the same, in their order."""
    return tuple(dict.fromkeys(unit for unit in units if unit is not None))


def agreed_unit(
    asked: str, stated: Sequence[QuantityUnit], despite: bool, file: str, what: str | Message, told: Told
) -> QuantityUnit:
    """The unit of readings: the one asked for, else the one that the file states. What is missing, and where the two or two places
    of the file contradict each other, is asked; `despite` says that what is asked for holds nevertheless."""
    given = read_unit(asked) if asked else None
    others = [unit for unit in stated if unit != given]
    words = {"file": file, "what": what, "column": what, "told": others[0].label if others else "", "examples": EXAMPLES}
    if asked and given is None:
        text = mark("--unit {text}: is no unit of readings; write one of {examples}")
        words = {"text": asked, "examples": EXAMPLES}
    elif given is not None and others and not despite:
        words["asked"] = given.label
        text = mark(
            "{file}: {what}: the file says {told}, --unit says {asked}; leave --unit out, or add --despite-heading where the file "
            "is wrong"
        )
    elif given is None and len(stated) > 1:
        words["other"] = stated[1].label
        text = mark("{file}: {what}: the file says {told} and {other}; say which with --unit and --despite-heading")
    elif given is None and not stated:
        text = mark("{file}: {column}: the unit is not told; say it with --unit, one of {examples}")
    else:
        return given or stated[0]
    unit = given or (stated[0] if stated else QuantityUnit("kWh", 1e-3, False))
    told.ask("unit", unit.label, text, **words)
    return unit


def contradicts(heading: str, unit: QuantityUnit) -> bool:
    """True of a heading that names a power beside a unit of energy, or an amount beside a unit of power."""
    is_power, is_amount = bool(term("power").search(heading)), bool(term("energy").search(heading))
    return not unit.content and is_power != is_amount and is_power != unit.is_rate


def content_of(unit: QuantityUnit, given: float | None, told: Told, file: str, texts: Sequence[str]) -> float:
    """MWh in a t of steam or a m³ of gas: the one given, else the usual one, which is told; 1 for power and energy.

    One that texts of the file state is asked about: whether it is the net one is the person's to say.
    """
    if not unit.content:
        return 1.0
    measure = MEASURES[unit.content]
    if given is None and (stated := stated_content(texts, measure, unit.content == "steam")) is not None:
        held = f"{stated.value:.4g}"
        words = mark("{file}: says {written}; say --content {value} if a {measure} holds that, net MWh, else what it holds")
        told.ask("content", float(held), words, file=file, written=stated.written, value=held, measure=measure)
    value, why = _content(unit.content, measure, (), unit.label, given)
    told.say(why)
    return value


# --- amounts of bills ------------------------------------------------------------------------------------------------------
# What a bill's amount holds: energy in any of the usual units, fuels by their net calorific value, steam by its pressure.

UNNAMED = mark(
    "look at this: whether the energy is of the gross or the net calorific value is not said, and net is taken; see --heating"
)
#: Carriers that are no fuel; the first text that names one kind of calorific value counts, the heading before the rows above.
NO_FUELS = ("electricity", "steam", "heat", "cold", "cooling", "waste-heat")


@dataclass(frozen=True)
class Multiplier:
    """What an amount of a bill is multiplied by: MWh in one of it, of the net calorific value of a fuel, and why (messages)."""

    unit: str
    times: float
    why: tuple[Message, ...] = ()

    def tell(self, told: Told) -> None:
        """Say why."""
        for line in self.why:
            told.say(line)


def amount_of(unit: str, carrier: str, texts: Sequence[str], heating: str, content: float | None) -> Multiplier:
    """How an amount in `unit` of a carrier becomes MWh.

    texts    heading, rows above and below, remarks, where calorific values, their kind and pressures may be named
    heating  `gross` or `net` as the person says, '' as the texts do
    content  MWh in a t or m³, as the person says

    Raises CaseError where the unit is none of energy, steam or fuel, or where its content has to be said.
    """
    found, why = read_unit(unit), list[Message]()
    if found is None or found.is_rate:
        raise CaseError.because("unit {unit}: is none of energy, fuel or steam; say it with --unit", unit=repr(unit))
    times, measure = found.size, MEASURES.get(found.content)
    if measure:
        content, reason = _content(carrier, measure, texts, unit, content)
        times, why = times * content, [reason]
    said = (kind for text in texts for kind in ("gross", "net") if term(kind).search(text))
    kind = heating or next(said, "net" if measure else "")
    if carrier in NO_FUELS or kind == "net":
        return Multiplier(unit, times, tuple(why))
    if kind == "gross":
        ratio = DATA["net_calorific"].get(carrier, 1.0)
        words = mark("{ratio} of the gross calorific value is the net one, which factors and plants count by")
        return Multiplier(f"{unit} gross", times * ratio, (*why, Message(words, ratio=f"{ratio:g}")))
    is_coal_equivalent = "tce" in unit or "标" in unit
    return Multiplier(unit, times, (*why, *([] if is_coal_equivalent else [Message(UNNAMED)])))


def _content(carrier: str, measure: str, texts: Sequence[str], unit: str, given: float | None) -> tuple[float, Message]:
    """(MWh in a t or m³, why): the one given, else as the file states it or its pressure has it, else the usual."""
    if given is not None:
        return given, Message("a {measure} has {content} MWh, as --content says", measure=measure, content=f"{given:g}")
    is_steam = measure == "t" and carrier in ("steam", "heat")
    stated, shown = stated_content(texts, measure, is_steam), {"measure": measure, "carrier": carrier}
    if stated is not None and stated.pressure is not None:
        text = mark("a t of saturated steam of {pressure} MPa above the air's has {content} MWh more than water of 20 °C")
        return stated.value, Message(text, pressure=f"{stated.pressure:g}", content=f"{stated.value:.4g}")
    if stated is not None:
        text = mark("a {measure} has {content} MWh, as the file says: {said}")
        return stated.value, Message(text, measure=measure, content=f"{stated.value:.6g}", said=stated.written)
    if is_steam:
        words = mark("a t of steam has 0.7 MWh by the rule of boiler ratings, since no pressure is named; see --content")
        return STEAM, Message(words)
    gigajoule, per = DATA["calorific"].get(carrier, (0.0, ""))
    if per != measure:
        text = mark("unit {unit}: what a {measure} of {carrier} holds is not known; say --content, MWh of its net calorific value")
        raise CaseError.because(text, unit=repr(unit), **shown)
    text = mark("a {measure} of {carrier} has {content} MWh, the usual net calorific value; see --content")
    return gigajoule / 3.6, Message(text, content=f"{gigajoule / 3.6:.5g}", **shown)
