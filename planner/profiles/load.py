"""Meters to demand: files of readings become the hourly power of one year, its energy and its peaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from pathlib import Path

import numpy as np

from models.errors import CaseError
from planner.language.language import mark
from planner.language.message import Message
from planner.profiles.bounds import check_power, check_readings, without_spikes
from planner.profiles.clock import counted_times, standard_times, zone_of
from planner.profiles.columns import read_columns
from planner.profiles.combine import combined
from planner.profiles.gaps import filled
from planner.profiles.greenbutton import is_green_button, read_green_button
from planner.profiles.layout import ColumnsWanted, LayoutColumns
from planner.profiles.lengths import listed
from planner.profiles.measured import measured, produced
from planner.profiles.profile import Profile
from planner.profiles.quantities import QuantityUnit, agreed_unit, content_of, contradicts
from planner.profiles.recognised import Recognised
from planner.profiles.series import Series, ends_of, looks_like_register, of_register, on_grid, single, snapped, step_of
from planner.profiles.source import SourceTable, read_bytes, read_sources
from planner.profiles.told import Told
from planner.profiles.year import choose_year


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
