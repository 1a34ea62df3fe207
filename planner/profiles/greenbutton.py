"""Green Button: the XML (NAESB ESPI) in which North American utilities give their customers interval readings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from xml.etree import ElementTree

import numpy as np

from models.errors import CaseError
from planner.profiles.clock import standard_offset
from planner.profiles.quantities import QuantityUnit

#: ESPI's units of measure that are a power, an energy or a volume: code -> (label, size in MW, MWh or m³, is a rate, content).
UNITS = {
    38: ("W", 1e-6, True, ""),
    72: ("Wh", 1e-6, False, ""),
    169: ("therm", 0.0293071, False, ""),
    42: ("m3", 1.0, False, "gas"),
}
#: Codes of readings that count on, of what is delivered to the customer, and of what is received from it.
CUMULATIVE, RECEIVED = (1, 2, 3, 9), 19


@dataclass(frozen=True)
class IntervalsFound:
    """Times (n,) are of the zone's standard time, each the start of its interval."""

    times: np.ndarray
    values: np.ndarray
    unit: QuantityUnit
    is_register: bool
    step: int


def is_green_button(content: bytes) -> bool:
    """True of an XML file of ESPI readings."""
    start = content[:4000].lstrip(b"\xef\xbb\xbf \r\n\t")
    return start.startswith(b"<") and b"naesb.org/espi" in content[:20_000]


def read_green_button(content: bytes, file: str, zone: tzinfo | None) -> IntervalsFound:
    """The readings of the one meter in a file. Raises CaseError where there are several kinds, or no zone is known."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise CaseError.because("{file}: defines a document type; Green Button files have none", file=file)
    try:
        root = ElementTree.fromstring(content)
    except ElementTree.ParseError as error:
        raise CaseError.because("{file}: cannot be read as XML ({error})", file=file, error=error) from error
    kinds = [element for element in root.iter() if _name(element) == "ReadingType"]
    own = [kind for kind in kinds if _number(kind, "uom") in UNITS and _number(kind, "flowDirection") != RECEIVED]
    alike = {(_number(k, "uom"), _number(k, "powerOfTenMultiplier"), _number(k, "accumulationBehaviour")) for k in own}
    if not own:
        raise CaseError.because("{file}: has no readings of power, energy or gas that are delivered to the customer", file=file)
    if len(alike) > 1 or len(own) < len(kinds):
        raise CaseError.because(
            "{file}: holds {count} kinds of readings; ask the utility for a file of the one meter", file=file, count=len(kinds)
        )
    kind = own[0]
    label, size, is_rate, of = UNITS[int(_number(kind, "uom") or 0)]
    size *= 10.0 ** (_number(kind, "powerOfTenMultiplier") or 0)
    starts, lengths, values = _readings(root)
    if not starts:
        raise CaseError.because("{file}: has no interval readings", file=file)
    seconds = int(np.median(lengths)) or int(_number(kind, "intervalLength") or 0)
    if seconds % 60 or seconds // 60 not in (5, 10, 15, 20, 30, 60):
        raise CaseError.because(
            "{file}: its readings are of {seconds} hours; 5 to 60 minutes are needed", file=file, seconds=f"{seconds / 3600:g}"
        )
    times = np.array(starts, dtype="datetime64[s]") + _ahead(root, file, zone, int(starts[0]))
    is_register = (_number(kind, "accumulationBehaviour") or 0) in CUMULATIVE
    return IntervalsFound(times, np.array(values, dtype=float), QuantityUnit(label, size, is_rate, of), is_register, seconds // 60)


def _readings(root: ElementTree.Element) -> tuple[list[int], list[int], list[float]]:
    starts, lengths, values = [], [], []
    for reading in (e for e in root.iter() if _name(e) == "IntervalReading"):
        period = next((e for e in reading if _name(e) == "timePeriod"), None)
        start, value = (None if period is None else _number(period, "start")), _number(reading, "value")
        if period is not None and start is not None and value is not None:
            starts.append(int(start))
            lengths.append(int(_number(period, "duration") or 0))
            values.append(value)
    return starts, lengths, values


def _ahead(root: ElementTree.Element, file: str, zone: tzinfo | None, first: int) -> np.timedelta64:
    """What the park's standard time is ahead of UTC."""
    if zone is not None:
        year = int(str(np.datetime64(first, "s"))[:4])
        return np.timedelta64(int(standard_offset(zone, year).total_seconds()), "s")
    for parameters in (e for e in root.iter() if _name(e) == "LocalTimeParameters"):
        if (offset := _number(parameters, "tzOffset")) is not None:
            return np.timedelta64(int(offset), "s")
    raise CaseError.because(
        "{file}: its times are of UTC and it names no zone; say the park's, e.g. --zone America/Los_Angeles", file=file
    )


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _number(parent: ElementTree.Element, name: str) -> float | None:
    found = next((e.text for e in parent if _name(e) == name), None)
    try:
        return None if found is None else float(found)
    except ValueError:
        return None
