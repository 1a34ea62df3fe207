"""Whole years of a weather file, in the standard time of the park: the year asked for, each, or the latest.

A year may lack a few hours: short holes are filled. A typical year is rolled into local time, so that no hour is lost.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable
from datetime import timedelta, tzinfo

import numpy as np
import pandas as pd

from models.errors import CaseError
from planner.language.language import mark
from planner.language.message import Message
from planner.profiles.clock import standard_offset
from planner.profiles.profile import HOURS
from planner.profiles.told import Told
from planner.profiles.weather import TYPICAL, Raw, Weather

#: Longest hole that is filled between its neighbours [h].
LONGEST = 6


def years_of(raws: Iterable[Raw], zone: tzinfo | None, wanted: int | None, every: bool, told: Told) -> list[Weather]:
    """The years of weather in the files: the one asked for, each (`every`), or the latest whole one.

    Raises CaseError where none is whole.
    """
    found: list[Weather] = []
    faults: list[str] = []
    for raw in raws:
        try:
            found += _years(raw, _ahead(raw, zone), wanted)
        except CaseError as error:
            faults += error.complaints
    if faults:
        raise CaseError(faults)
    labels = [w.label for w in found]
    if len(set(labels)) < len(labels):
        raise CaseError.because(
            "the files hold the year {year} twice; give one of them", year=next(x for x in labels if labels.count(x) > 1)
        )
    found.sort(key=lambda w: w.label)
    if every:
        return found
    if len(found) > 1:
        told.say(
            mark("The files hold the years {years}; {year} is taken, others with --year."), years=", ".join(labels), year=labels[-1]
        )
    chosen = found[-1].label
    if chosen.isdigit() and isleap(int(chosen)):
        told.say(mark("{year} is a leap year: its 29 February is left out."), year=chosen)
    return found[-1:]


def _ahead(raw: Raw, zone: tzinfo | None) -> timedelta:
    """What the park's standard time is ahead of UTC: of the zone asked for, else of the place as the file says."""
    if zone is not None:
        return standard_offset(zone, int(raw.data.index[0].year))
    if raw.local is None:
        raise CaseError.because("{source}: its times are of UTC; say the park's zone, e.g. --zone Asia/Shanghai", source=raw.source)
    return raw.local


def _years(raw: Raw, ahead: timedelta, wanted: int | None) -> list[Weather]:
    shift = ahead - raw.ahead
    if raw.is_typical:
        return [_weather(raw, _rolled(raw, shift), "typical year", ahead)]
    data = raw.data.copy()
    data.index = data.index + shift
    if shift.total_seconds() % 3600:
        raise CaseError.because(
            "{source}: its clock and the park's differ by no whole hours; say another --zone", source=raw.source
        )
    years = [wanted] if wanted is not None else sorted(set(data.index.year))
    found, faults = [], []
    for year in years:
        index = pd.date_range(f"{year}-01-01", f"{year + 1}-01-01", freq="h", inclusive="left")
        index = index[~((index.month == 2) & (index.day == 29))]
        part = data.reindex(index)
        if wanted is None and int(part.isna().any(axis=1).sum()) > HOURS - 24 * 7:
            continue  # a few hours that the zone takes from the year beside
        lost = _filled(part, raw, data, year)
        if isinstance(lost, str):
            faults.append(lost)
        else:
            found.append(_weather(raw, lost, str(year), ahead))
    if not found:
        whole = Message(
            "{source}: holds {first} to {last}; a whole year is needed",
            source=raw.source,
            first=f"{data.index[0]:%Y-%m-%d}",
            last=f"{data.index[-1]:%Y-%m-%d}",
        )
        raise CaseError(faults[-1:] or [whole])
    return found


def _filled(part: pd.DataFrame, raw: Raw, data: pd.DataFrame, year: int) -> pd.DataFrame | str:
    """The year with short holes filled; hours that the zone takes from the year beside are those of the next or last day.

    A text says why it cannot be filled.
    """
    day = 24
    if part.isna().any(axis=None):
        for edge, beside in ((slice(0, day), slice(day, 2 * day)), (slice(-day, None), slice(-2 * day, -day))):
            rows = part.iloc[edge]
            if not rows.isna().all(axis=None):
                part.iloc[edge] = np.where(rows.isna(), part.iloc[beside], rows)
        part = part.interpolate(limit=LONGEST, limit_area="inside")
    empty = part.isna().any(axis=1).to_numpy()
    if empty.any():
        return Message(
            "{source}: {year} is not whole: {count} hours are missing, the first {time}; it holds {first} to {last}",
            source=raw.source,
            year=year,
            count=f"{int(empty.sum()):,}",
            time=f"{part.index[empty][0]:%Y-%m-%d %H:%M}",
            first=f"{data.index[0]:%Y-%m-%d}",
            last=f"{data.index[-1]:%Y-%m-%d}",
        )
    return part


def _rolled(raw: Raw, shift: timedelta) -> pd.DataFrame:
    """A typical year in another zone: its end comes before its beginning, no hour is lost."""
    data = raw.data.copy()
    leap = (data.index.month == 2) & (data.index.day == 29)
    data = data[~leap]
    if len(data) != HOURS:
        raise CaseError.because(
            "{source}: a typical year has {hours} hours, the file {count}",
            source=raw.source,
            hours=f"{HOURS:,}",
            count=f"{len(data):,}",
        )
    hours, rest = divmod(shift.total_seconds(), 3600)
    if rest:
        raise CaseError.because("{source}: --zone: the file and the zone differ by no whole hours", source=raw.source)
    rolled = pd.DataFrame(np.roll(data.to_numpy(dtype=float), int(hours), axis=0), columns=data.columns)
    rolled.index = pd.date_range(f"{TYPICAL}-01-01", periods=HOURS, freq="h")
    if rolled.isna().any(axis=None):
        rolled = rolled.interpolate(limit=LONGEST, limit_area="inside")
        if rolled.isna().any(axis=None):
            raise CaseError.because(
                "{source}: {count} hours have no value", source=raw.source, count=int(rolled.isna().any(axis=1).sum())
            )
    return rolled


def _weather(raw: Raw, data: pd.DataFrame, label: str, ahead: timedelta) -> Weather:
    """The year at the moments of its radiation; temperatures of a moment become means of the hour."""
    assert len(data) == HOURS
    data = data.copy()
    if raw.temperature and "temp_air" in data:
        now = data["temp_air"].to_numpy(dtype=float)
        data["temp_air"] = (now + np.roll(now, -1 if raw.temperature == "start" else 1)) / 2
    if "wind_high" not in data and "wind_speed" in data:
        data["wind_high"] = data["wind_speed"]
    data.index = (data.index + pd.Timedelta(minutes=raw.middle)).tz_localize(int(ahead.total_seconds()))
    facts: dict[str, object] = {"source": raw.source, "of": label, "latitude": raw.latitude, "longitude": raw.longitude}
    return Weather(raw.source, label, data, raw.latitude, raw.longitude, raw.altitude, raw.height, raw.middle, facts)
