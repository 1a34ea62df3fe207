"""Meters to demand: files of readings become the hourly power of one year, its energy and its peaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path

import numpy as np
import pandas as pd

from models.errors import CaseError
from planner.language.language import mark
from planner.language.message import Message
from planner.profiles.bounds import check_power, check_readings, without_spikes
from planner.profiles.clock import standard_times, zone_of
from planner.profiles.columns import Wanted, read_columns
from planner.profiles.gaps import filled
from planner.profiles.greenbutton import is_green_button, read_green_button
from planner.profiles.lengths import listed
from planner.profiles.profile import HOURS, Peak, Profile
from planner.profiles.quantities import Unit, agreed_unit, content_of, contradicts
from planner.profiles.recognised import Recognised, tell_recognised
from planner.profiles.series import (
    Series,
    ends_of,
    looks_like_register,
    of_register,
    on_grid,
    single,
    snapped,
    step_of,
)
from planner.profiles.source import Table, read_bytes, read_sources
from planner.profiles.told import Told
from planner.profiles.year import DAYS, Chosen, choose_year, hourly, on_calendar, tell_calendar


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
    times          factor of the meter's transformers
    content        MWh in a tonne of steam or a cubic metre of gas
    doubled        what to take where a time has several values
    negative       `zero`: values below 0 are taken as 0
    longest        hours of the longest gap that is filled
    first_weekday  of the park's calendar
    """

    wanted: Wanted = field(default_factory=Wanted)
    unit: str = ""
    order: str = ""
    stamp: str = ""
    zone: str = ""
    encoding: str = ""
    sheet: str = ""
    year: int | None = None
    register: bool | None = None
    times: float | None = None
    content: float | None = None
    doubled: str = ""
    negative: str = ""
    longest: float = 48.0
    first_weekday: int | None = None
    despite: bool = False
    spikes: str = ""


@dataclass(frozen=True)
class Readings:
    """Readings of one file at times of the park's clock.

    times    (n,) datetime64[s], or None for a list of values of a year
    decimal  sign of the decimals, '' where the file shows none
    doubt    heading that names a power beside a unit of energy, or the other way round; '' for none
    """

    file: str
    times: np.ndarray | None
    values: np.ndarray
    unit: Unit
    is_register: bool
    step: int | None = None
    decimal: str = ""
    doubt: str = ""


def load_profile(paths: Sequence[Path], name: str, request: Request) -> Profile:
    """The demand that the files tell of. Raises CaseError for all that is wrong, each with the option that decides it."""
    told = Told()
    zone = zone_of(request.zone)
    parts: list[Readings] = []
    faults: list[str] = []
    for path in paths:
        try:
            parts += _read(path, request, zone, told)
        except CaseError as error:
            faults += error.complaints
    if faults:
        raise CaseError(faults)
    file = parts[0].file if len(parts) == 1 else f"{len(parts)} files"
    series = _series(parts, request, file, told)
    check_power(series, file)
    series = without_spikes(series, request.spikes, file, told)
    series = _not_below_zero(series, request, file, told)
    chosen = choose_year(series, request.year, request.longest, file, told)
    whole = filled(chosen.series, told)
    return _profile(name, chosen, whole, parts, request, told)


def _read(path: Path, request: Request, zone: tzinfo | None, told: Told) -> list[Readings]:
    content = read_bytes(path)
    if is_green_button(content):
        found = read_green_button(content, str(path), zone)
        told.say(mark("{file}: Green Button, {count} readings."), file=path.name, count=len(found.values))
        return [Readings(str(path), found.times, found.values, found.unit, found.is_register, found.step)]
    return [_of_table(table, request, zone, told) for table in read_sources(path, request.encoding, request.sheet)]


def _of_table(table: Table, request: Request, zone: tzinfo | None, told: Told) -> Readings:
    columns = read_columns(table, request.wanted)
    heading = Message("column {column}", column=repr(columns.heading)) if columns.heading else Message("its values")
    unit = agreed_unit(request.unit, columns.units, request.despite, table.file, heading)
    doubt = columns.heading if not request.unit and contradicts(columns.heading, unit) else ""
    if columns.ratio not in (None, 1.0) and request.times is None:
        raise CaseError.because(
            "{file}: states a multiplier of {ratio}; say --times {ratio} where its values are still to be multiplied, --times "
            "1 where they are already",
            file=table.file,
            ratio=f"{columns.ratio:g}",
        )
    is_register = columns.is_register if request.register is None else request.register
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
    if columns.stamps is None:
        times, step = listed(len(columns.values), table.file, request.year, told)
        return Readings(table.file, times, columns.values, unit, is_register, step, columns.decimal, doubt)
    times = standard_times(columns.stamps, columns.values, table.file, request.order, zone, told)
    return Readings(table.file, times, columns.values, unit, is_register, None, columns.decimal, doubt)


def _series(parts: Sequence[Readings], request: Request, file: str, told: Told) -> Series:
    """All readings as MW on one grid."""
    kinds = {(p.is_register, p.unit.is_rate, p.unit.content) for p in parts}
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
    size = (1.0 if unit.is_rate else 60 / step) * content_of(unit, request.content, told)
    if request.times is not None and request.times != 1:
        told.say(mark("Values were multiplied by {times}."), times=request.times)
        size *= request.times
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


def _profile(name: str, chosen: Chosen, series: Series, parts: Sequence[Readings], request: Request, told: Told) -> Profile:
    unit = parts[0].unit
    first = chosen.first_weekday if request.first_weekday is None else request.first_weekday
    power = on_calendar(series.values, series.start, series.per_day, first)
    values = hourly(power, series.step)
    energy = float(series.values.mean()) * HOURS
    metered = float(series.values.sum()) * series.step / 60
    tell_calendar(chosen, first, told)
    told.say(mark("Energy of {label}: {energy} MWh."), label=chosen.label, energy=f"{metered:,.1f}")
    if len(series.values) > DAYS * series.per_day:
        told.say(mark("A year of 8,760 hours has {energy} MWh of it."), energy=f"{energy:,.1f}")
    units, decimals = (dict.fromkeys(found) for found in ((p.unit.label for p in parts), (p.decimal for p in parts)))
    read = Recognised(", ".join(units), series.step, tuple(decimals))
    tell_recognised(read, values, told)
    peaks = _peaks(series) if series.step < 60 else ()
    carrier = {"steam": "steam", "gas": "gas"}.get(unit.content, "electricity")
    row = {"demand": name, "carrier": carrier, "year": chosen.year, "value": round(energy, 1), "unit": "MWh", "profile": name}
    _tell_zeros(series, told)
    facts: dict[str, object] = {
        "of": chosen.label,
        "metered_mwh": round(metered, 3),
        "energy_mwh": round(energy, 3),
        "minutes": series.step,
        "highest_mw": round(float(values.max()), 6),
        "mean_mw": round(float(values.mean()), 6),
        "lowest_mw": round(float(values.min()), 6),
        **read.facts(values),
    }
    return Profile(name, values, "MW", told, first, facts, row, peaks)


def _tell_zeros(series: Series, told: Told) -> None:
    """A meter that tells 0 for days, or one value again and again, may have been out of order."""
    same = np.concatenate([[False], np.diff(series.values) == 0])
    edges = np.flatnonzero(np.diff(np.concatenate([[0], same.astype(int), [0]])))
    runs = [(b - a + 1, a - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    if not runs:
        return
    length, at = max(runs)
    hours = length * series.step / 60
    if 24 <= hours < 8000:
        told.warn(
            mark("The same value, {value} MW, stands for {hours} h from {time}; was the meter out of order?"),
            value=float(series.values[at]),
            hours=f"{hours:g}",
            time=series.time(int(at)),
        )


def _peaks(series: Series) -> tuple[Peak, ...]:
    """The months' highest means of an interval and of an hour."""
    index = pd.date_range(series.start, periods=len(series.values), freq=f"{series.step}min")
    by_interval = pd.Series(series.values, index).groupby(index.month).max()
    hours = pd.Series(hourly(series.values, series.step), index[:: 60 // series.step])
    by_hour = hours.groupby(hours.index.month).max()
    return tuple(Peak(int(m), float(by_interval[m]), float(by_hour[m])) for m in by_interval.index)
