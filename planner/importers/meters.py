"""Meters to demand: files of readings become the hourly power of one year, its energy and its peaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from models.errors import CaseError
from planner.importers.columns import read_columns
from planner.importers.headings import ColumnsWanted, LayoutColumns
from planner.importers.profile import Profile, Recognised, Told
from planner.importers.quantities import QuantityUnit, agreed_unit, content_of, contradicts
from planner.importers.series import (
    Series,
    check_power,
    check_readings,
    combined,
    ends_of,
    filled,
    listed,
    looks_like_register,
    of_register,
    on_grid,
    single,
    snapped,
    step_of,
    without_spikes,
)
from planner.importers.source import SourceTable, read_bytes, read_sources
from planner.importers.times import counted_times, standard_ahead, standard_times, zone_of
from planner.importers.year import choose_year, measured, produced
from planner.language.language import mark
from planner.language.message import Message

# --- Green Button ----------------------------------------------------------------------------------------------------------
# Green Button: the XML (NAESB ESPI) in which North American utilities give their customers interval readings.

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
    times = np.array(starts, dtype="datetime64[s]")
    times += _ahead(root, file, zone, times[:1])
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


def _ahead(root: ElementTree.Element, file: str, zone: tzinfo | None, times: np.ndarray) -> np.timedelta64:
    """What the park's standard time is ahead of UTC."""
    if zone is not None:
        return standard_ahead(zone, times)
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


# --- readings to a profile -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Request:
    """What the person says of the files; empty or None where nothing is said.

    wanted         which columns
    unit           of the readings; `despite` the file, where it says another
    spikes         `keep` or `gap`: what to do with single readings far above all others
    order, stamp   of day and month; whether a time is the start or the end of its interval
    zone           of the wall clock
    year           of several
    register       the values count on
    times          factor of the meter's transformers; `column`: of each row that which the file states
    content        MWh in a tonne of steam or a cubic metre of gas
    doubled        what to take where a time has several values
    negative       `zero`: values below 0 are taken as 0
    longest        hours of the longest gap that is filled
    first_weekday  of the park's calendar
    plant          capacity of the plant whose output the readings are (MW); 0 where they are no plant's
    """

    wanted: ColumnsWanted = field(default_factory=ColumnsWanted)
    unit: str = ""
    order: str = ""
    stamp: str = ""
    zone: str = ""
    encoding: str = ""
    sheet: str = ""
    year: int | None = None
    register: bool | None = None
    times: float | str | None = None
    content: float | None = None
    doubled: str = ""
    negative: str = ""
    longest: float = 48.0
    first_weekday: int | None = None
    despite: bool = False
    spikes: str = ""
    plant: float = 0.0


@dataclass(frozen=True)
class Readings:
    """Readings of one file at times of the park's clock.

    times    (n,) datetime64[s], or None for a list of values of a year
    decimal  sign of the decimals, '' where the file shows none
    stated   the multiplier that the file states, 1 where it states none
    notes    texts that may say what a t or m³ holds
    doubt    heading that names a power beside a unit of energy, or the other way round; '' for none
    """

    file: str
    times: np.ndarray | None
    values: np.ndarray
    unit: QuantityUnit
    is_register: bool
    step: int | None = None
    decimal: str = ""
    doubt: str = ""
    stated: float = 1.0
    notes: tuple[str, ...] = ()


def load_profile(
    paths: Sequence[Path], name: str, request: Request, add: Sequence[Path] = (), less: Sequence[Path] = ()
) -> Profile:
    """The demand that the files tell of, with meters to `add` and to take off, which are read without the options of the first
    files' columns. Raises CaseError for all that is wrong, each with the option that decides it."""
    told = Told()
    zone = zone_of(request.zone)
    parts: list[Readings] = []
    others: list[tuple[int, Series, str]] = []
    faults: list[str] = []
    for path in paths:
        try:
            parts += _read(path, request, zone, told)
        except CaseError as error:
            faults += error.complaints
    wanted = ColumnsWanted(decimal=request.wanted.decimal)
    alike = replace(request, wanted=wanted, unit="", sheet="", register=None, times=None, content=None, despite=False)
    for sign, path in [*((1, path) for path in add), *((-1, path) for path in less)]:
        try:
            others.append((sign, _whole(_read(path, alike, zone, told), alike, told), path.name))
        except CaseError as error:
            faults += error.complaints
    if faults:
        raise CaseError(faults)
    file = parts[0].file if len(parts) == 1 else f"{len(parts)} files"
    series = combined(_whole(parts, request, told), others, file, told)
    chosen = choose_year(series, request.year, request.longest, file, told)
    whole = filled(chosen.series, told)
    first = chosen.first_weekday if request.first_weekday is None else request.first_weekday
    units, decimals = (dict.fromkeys(found) for found in ((p.unit.label for p in parts), (p.decimal for p in parts)))
    read = Recognised(", ".join(units), whole.step, tuple(decimals))
    plant = 1.0 if parts[0].unit.per_peak else request.plant
    if plant:
        return produced(name, chosen, whole, plant, read, first, told)
    return measured(name, chosen, whole, parts[0].unit, read, first, told, parts[0].stated)


def _whole(parts: Sequence[Readings], request: Request, told: Told) -> Series:
    """The readings of one meter on one grid, without spikes and values below 0. Raises CaseError where either is asked about."""
    file = parts[0].file if len(parts) == 1 else f"{len(parts)} files"
    series = _series(parts, request, file, told)
    check_power(series, file)
    series = without_spikes(series, request.spikes, file, told)
    return _not_below_zero(series, request, file, told)


def _read(path: Path, request: Request, zone: tzinfo | None, told: Told) -> list[Readings]:
    content = read_bytes(path)
    if is_green_button(content):
        found = read_green_button(content, str(path), zone)
        told.say(mark("{file}: Green Button, {count} readings."), file=path.name, count=len(found.values))
        times = 1.0 if request.times is None or isinstance(request.times, str) else request.times
        return [Readings(str(path), found.times, found.values * times, found.unit, found.is_register, found.step)]
    return [_of_table(table, request, zone, told) for table in read_sources(path, request.encoding, request.sheet)]


def _of_table(table: SourceTable, request: Request, zone: tzinfo | None, told: Told) -> Readings:
    columns = read_columns(table, request.wanted)
    heading = Message("column {column}", column=repr(columns.heading)) if columns.heading else Message("its values")
    unit = agreed_unit(request.unit, columns.units, request.despite, table.file, heading)
    doubt = columns.heading if not request.unit and contradicts(columns.heading, unit) else ""
    is_register = columns.is_register if request.register is None else request.register
    times, stated = _multiplier(columns, request.times, is_register, table.file, told)
    if request.register is None and not is_register and columns.stamps is not None and looks_like_register(columns.values):
        raise CaseError.because(
            "{file}: its values rise all the time: say --register if they are readings of a register, --no-register if not",
            file=table.file,
        )
    if is_register and unit.is_rate:
        raise CaseError.because(
            "{file}: a register counts an amount, and {unit} is none; say --unit kWh or the like, or --no-register",
            file=table.file,
            unit=unit.label,
        )
    check_readings(columns.values, columns.lines, unit, table.file, is_register)
    used = f", {table.encoding}" if table.encoding not in ("", "utf-8") else ""
    told.say(
        mark("{file}: {count} values of {column} in {unit}{encoding}."),
        file=Path(table.file).name,
        count=len(columns.values),
        column=columns.heading or "–",
        unit=unit.label,
        encoding=used,
    )
    if columns.said.head.meter or columns.said.head.period:
        above = (columns.said.head.meter, columns.said.head.period)
        told.say(mark("Above the table: {head}."), head=", ".join(text for text in above if text))
    if columns.said.chosen:
        told.say(mark("Of several kinds of rows those with {chosen} were taken."), chosen=columns.said.chosen)
    step = columns.step
    if columns.stamps is None:
        when, step = listed(len(columns.values), table.file, request.year, told)
    elif step is not None:
        when = counted_times(columns.stamps, table.file, request.order, zone, told)
    else:
        when = standard_times(columns.stamps, columns.values, table.file, request.order, zone, told)
    notes = tuple(dict.fromkeys(c for row in table.rows for c in row if isinstance(c, str) and re.search(r"[A-Za-z大千]", c)))
    values = columns.values * times
    return Readings(
        table.file, when, values, unit, is_register, step, columns.decimal, doubt, stated, notes if unit.content else ()
    )


def _multiplier(
    columns: LayoutColumns, asked: float | str | None, is_register: bool, file: str, told: Told
) -> tuple[np.ndarray | float, float]:
    """(what values are multiplied by, the one multiplier that the file states or 1): by what is asked, else by what the file says.

    What a register shows is what its own dial has counted: it is multiplied. Raises CaseError where the file states a multiplier
    and not whether its values hold it.
    """
    own, number = np.ones(1), None if isinstance(asked, str) else asked
    with suppress(CaseError) if number is not None else nullcontext():
        own = columns.multipliers(file)
    ratios = sorted(set(own.tolist()))
    stated = ratios[0] if len(ratios) == 1 else 1.0
    words = {"file": file, "ratios": ", ".join(f"{ratio:g}" for ratio in ratios), "ratio": f"{stated:g}"}
    is_done = columns.said.head.is_multiplied
    if number is not None and (number == 1 or len(ratios) == 1):
        return number, stated
    if asked == "column" and ratios == [1.0]:
        raise CaseError.because("{file}: --times column: states no multiplier; say --times 40 or the like", file=file)
    if ratios == [1.0] or (is_done and not asked):
        return 1.0, stated
    if asked != "column" and len(ratios) > 1:
        raise CaseError.because(
            "{file}: states multipliers of {ratios}; say --times column where its values are still to be multiplied, each by "
            "its own, --times 1 where they are already",
            **words,
        )
    if not asked and not is_register and is_done is None:
        raise CaseError.because(
            "{file}: states a multiplier of {ratio}; say --times {ratio} where its values are still to be multiplied, --times "
            "1 where they are already",
            **words,
        )
    shown = ratios[0] if len(ratios) == 1 else ", ".join(f"{ratio:g}" for ratio in ratios)
    told.warn(
        mark("{file} states a multiplier of {ratio}, and its values were multiplied by it."), file=Path(file).name, ratio=shown
    )
    return own, stated


def _series(parts: Sequence[Readings], request: Request, file: str, told: Told) -> Series:
    """All readings as MW on one grid."""
    kinds = {(p.is_register, p.unit.is_rate, p.unit.content, p.unit.per_peak) for p in parts}
    if len(kinds) > 1:
        raise CaseError.because(
            "{file}: measure different things ({units}); give them one by one",
            file=file,
            units=", ".join(sorted({p.unit.label for p in parts})),
        )
    times = np.concatenate([p.times for p in parts if p.times is not None])
    values = np.concatenate([p.values * p.unit.size for p in parts])
    steps = {p.step or step_of(p.times, p.file) for p in parts if p.times is not None}
    if len(steps) > 1:
        raise CaseError.because(
            "{file}: have readings of {steps} minutes; give them one by one",
            file=file,
            steps=" and ".join(str(s) for s in sorted(steps)),
        )
    step = steps.pop()
    unit = parts[0].unit
    if step != 60 and (doubted := next((p for p in parts if p.doubt), None)):
        raise CaseError.because(
            "{file}: column {column}: names a power or an amount and has the unit of the other, {unit}; say which with --unit, kW "
            "or kWh, and --despite-heading where the heading is wrong",
            file=doubted.file,
            column=repr(doubted.doubt),
            unit=doubted.unit.label,
        )
    times = snapped(times, step, file, told)
    if parts[0].is_register:
        told.say(mark("The values are readings of a register: each interval is what it counted on."))
        series = of_register(single(times, values, file, request.doubled, told), step, file, told)
    else:
        if any(p.step is None for p in parts) and ends_of(times, step, file, request.stamp, told):
            times = times - np.timedelta64(step * 60, "s")
        series = on_grid(single(times, values, file, request.doubled, told), step, file)
    size = (1.0 if unit.is_rate else 60 / step) * content_of(unit, request.content, told, file, [n for p in parts for n in p.notes])
    if request.times not in (None, "column", 1):
        told.say(mark("Values were multiplied by {times}."), times=request.times)
    return Series(series.start, step, series.values * size, tuple((a, b, amount * size) for a, b, amount in series.known))


def _not_below_zero(series: Series, request: Request, file: str, told: Told) -> Series:
    below = series.values < 0
    if not below.any():
        return series
    count, at = int(below.sum()), int(np.flatnonzero(below)[0])
    if request.negative != "zero":
        raise CaseError.because(
            "{file}: {count} values are below 0, the first at {time}: does the park feed in? A demand is what is used, own "
            "generation included; say --negative zero to take them as 0",
            file=file,
            count=count,
            time=series.time(at),
        )
    told.warn(
        mark("{count} values below 0 were taken as 0: what was fed in then, and used of own generation, is not in the demand."),
        count=count,
    )
    return Series(series.start, series.step, np.where(below, 0.0, series.values), series.known)
