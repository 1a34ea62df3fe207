"""Whole years of a weather file, in the standard time of the park: the year asked for, each, or the latest.

A year may lack a few hours: short holes are filled. A typical year is rolled into local time, so that no hour is lost.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Callable, Iterable
from datetime import timedelta, tzinfo
from pathlib import Path

import numpy as np
import pandas as pd

from models.errors import CaseError
from planner.importers import weather
from planner.importers.profile import HOURS, Told
from planner.importers.source import decode, of_each, read_bytes
from planner.importers.times import standard_offset
from planner.importers.weather import COLUMNS, TYPICAL, Raw, Weather, folder_files, joined, pvlib
from planner.language.language import mark
from planner.language.message import Message
from planner.park.book import unpacked

#: Longest hole that is filled between its neighbours [h].
LONGEST = 6


def years_of(raws: Iterable[Raw], zone: tzinfo | None, wanted: int | None, every: bool, told: Told) -> list[Weather]:
    """The years of weather in the files: the one asked for, each (`every`), or the latest whole one.

    Raises CaseError where none is whole.
    """
    found = [year for years in of_each(raws, lambda raw: _years(raw, _ahead(raw, zone), wanted)) for year in years]
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


# --- readers ---------------------------------------------------------------------------------------------------------------
# The readers of weather files: which source a file is of, and what it says. pvlib reads where it has a reader of files.

FORMATS = ("epw", "tmy3", "pvgis", "nsrdb", "era5", "merra2", "power")
#: What reading may raise on a file that is not what it begins as.
_UNREADABLE = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError)


def read_weather(path: Path, kind: str = "") -> Raw:
    """What a weather file says. Raises CaseError where its source is not known, or where it cannot be read as that."""
    pvlib()
    content = read_bytes(path)
    if content.startswith(b"PK\x03\x04"):
        content = _unzipped(content, path)
    if content.startswith((b"\x89HDF", b"CDF")):
        raise CaseError.because("{path}: is NetCDF; ask for the point as CSV (of ERA5 the data set of time series)", path=path)
    text, _ = decode(content, str(path))
    found = kind or source_of(text)
    if found is None:
        raise CaseError.because(
            "{path}: is no weather file that is known; say --format, one of {formats}", path=path, formats=", ".join(FORMATS)
        )
    try:
        raw = _READERS[found](text, str(path))
        if raw.data.index.isna().any():
            raise ValueError("a time cannot be read")
    except _UNREADABLE as error:
        raise CaseError.because(
            "{path}: cannot be read as {format} ({kind}: {error})", path=path, format=found, kind=type(error).__name__, error=error
        ) from error
    if not len(raw.data) or not set(raw.data) & {*COLUMNS, "u10", "v10", "u50", "v50"}:
        raise CaseError.because("{path}: has no radiation, temperature or wind", path=path)
    return raw


def read_years(paths: Iterable[Path], kind: str, zone: tzinfo | None, year: int | None, every: bool, told: Told) -> list[Weather]:
    """The years of weather in files and folders: the one asked for, each, or the latest. Raises CaseError with all faults."""
    raws = of_each(folder_files(paths), lambda path: read_weather(path, kind))
    return years_of(joined(raws), zone, year, every, told)


def _unzipped(content: bytes, path: Path) -> bytes:
    """The one file of an archive, as ERA5 comes."""
    try:
        parts = {name: part for name, part in unpacked(content).items() if not name.endswith("/")}
    except ValueError as error:
        raise CaseError.because("{path}: cannot be unpacked ({error})", path=path, error=error) from error
    if len(parts) != 1:
        raise CaseError.because("{path}: is an archive of {count} files; unpack it and name the one", path=path, count=len(parts))
    return parts.popitem()[1]


def source_of(text: str) -> str | None:
    """Which source a file is of, by its first lines; None where it is of none that is known."""
    head = text[:6000]
    first = head.split("\n", 1)[0]
    if first.startswith("LOCATION,"):
        return "epw"
    if "Date (MM/DD/YYYY)" in head:
        return "tmy3"
    if first.startswith("Source,Location ID"):
        return "nsrdb"
    if "-BEGIN HEADER-" in head or '"POWER' in head or "ALLSKY_SFC_SW" in head:
        return "power"
    if first.startswith("Latitude (decimal degrees)") or '"PVGIS' in text or '"tmy_hourly"' in text or '"radiation_db"' in head:
        return "pvgis"
    if "valid_time" in head:
        return "era5"
    if "undef," in head or "MERRA" in head or "M2T1NX" in head:
        return "merra2"
    return None


_READERS: dict[str, Callable[[str, str], Raw]] = {
    "epw": weather.epw,
    "tmy3": weather.tmy3,
    "pvgis": weather.pvgis,
    "nsrdb": weather.nsrdb,
    "era5": weather.era5,
    "merra2": weather.merra2,
    "power": weather.power,
}
