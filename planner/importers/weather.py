"""Weather files of every usual source, as one table: the mean of each hour of one year, in the place's own standard time.

Each source names its hours in another way, and each is told apart here:

- EPW: values are of the hour before the time stated, 1 to 24. pvlib names the hours by their start.
- PVGIS: UTC, and for satellite sources a minute of the hour (`:10`). A typical year is rolled into local time, so that the
  last hours of December come before January: a shift would leave holes or hours of another year.
- ERA5: UTC; radiation is summed over the hour before the time stated, temperature and wind are of that moment.
- NASA POWER: the start of the hour, in local solar time or UTC as the file says.
"""

from __future__ import annotations

import io
import re
from calendar import isleap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta, tzinfo
from functools import reduce
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd

from models.errors import CaseError
from planner.importers.profile import HOURS, Told
from planner.importers.source import decode, of_each, read_bytes
from planner.importers.times import standard_offset
from planner.language.language import mark
from planner.language.message import Message
from planner.park.book import unpacked
from planner.park.complaints import Complaints
from planner.park.park import read_park

#: What a table of weather may hold: W/m² on the level, of the beam and the sky; °C; m/s at 10 m and at the height that is
#: told; Pa; output of a plant as share of its capacity, where the source computed it.
COLUMNS = ("ghi", "dni", "dhi", "temp_air", "wind_speed", "wind_high", "pressure", "power")
#: What weather can be; what lies outside (9999, -999, infinite) is a hole.
LIMITS = {
    "ghi": (-20.0, 2000.0),
    "dni": (-20.0, 2000.0),
    "dhi": (-20.0, 2000.0),
    "temp_air": (-90.0, 65.0),
    "wind_speed": (0.0, 120.0),
    "wind_high": (0.0, 120.0),
    "pressure": (30_000.0, 110_000.0),
}
#: A year that is no leap year and is put on typical years, whose months are of several.
TYPICAL = 2023


@dataclass(frozen=True)
class Raw:
    """What a file says, before it is put in order.

    data         columns of COLUMNS that it has; index: start of each hour, naive, of the clock of the file
    ahead        what that clock is ahead of UTC
    local        what the place's standard time is, where the file says it; None: the person has to
    middle       minutes from the start of the hour to the moment that its radiation is of; 30 for means of the hour
    is_typical   months of several years stand for one
    temperature  `start` or `end` of the hour, where temperatures are of that moment; empty for means
    height       of `wind_high` above ground [m]
    """

    source: str
    data: pd.DataFrame
    latitude: float
    longitude: float
    altitude: float
    ahead: timedelta
    local: timedelta | None
    middle: float = 30.0
    is_typical: bool = False
    temperature: str = ""
    height: float = 10.0


@dataclass(frozen=True)
class Weather:
    """One year of weather: 8,760 hours of a year without a leap day, from midnight of 1 January in standard time.

    data    index: the moment that the hour's radiation is of, with the zone's offset; columns as in COLUMNS
    middle  minutes of that moment within the hour
    label   the year, or `typical year`
    """

    source: str
    label: str
    data: pd.DataFrame
    latitude: float
    longitude: float
    altitude: float
    height: float
    middle: float
    facts: dict[str, object] = field(default_factory=dict)

    def column(self, name: str) -> np.ndarray:
        """A column (8760,). Raises CaseError where the file has none."""
        if name not in self.data:
            raise CaseError.because("{source}: has no {series}; another file is needed", source=self.source, series=WORDS[name])
        return self.data[name].to_numpy(dtype=float)


WORDS = {
    "ghi": Message("radiation on the level (ghi)"),
    "dni": Message("beam radiation (dni)"),
    "dhi": Message("diffuse radiation (dhi)"),
    "temp_air": Message("air temperature"),
    "wind_high": Message("wind speed"),
}


def pvlib() -> ModuleType:
    """The library. Raises CaseError where it is not installed."""
    try:
        import pvlib as library
        import pvlib.iotools
    except ImportError as error:
        raise CaseError.because('weather files need the extra: pip install "parkzero[weather]"') from error
    return library


def joined(raws: Sequence[Raw]) -> list[Raw]:
    """Files of one source and place as one: years after each other, and variables beside each other. Typical years stay alone.

    What weather cannot be is a hole; pressure with many holes is left out, and the height above sea stands in for it.
    """
    groups: dict[tuple[object, ...], list[Raw]] = {}
    for i, raw in enumerate(raws):
        place = (round(raw.latitude, 3), round(raw.longitude, 3), raw.ahead, raw.middle, raw.temperature)
        groups.setdefault((i,) if raw.is_typical else place, []).append(raw)
    made = []
    for group in groups.values():
        data = reduce(pd.DataFrame.combine_first, (raw.data for raw in group))
        data = data[[c for c in COLUMNS if c in data]].sort_index()
        for column, (least, most) in LIMITS.items():
            if column in data:
                data[column] = data[column].where(data[column].between(least, most))
        if "pressure" in data and data["pressure"].isna().mean() > 0.01:
            data = data.drop(columns="pressure")
        data = data.dropna(axis=1, how="all")
        name = group[0].source if len(group) == 1 else f"{len(group)} files"
        high = max(raw.height for raw in group) if "wind_high" in data else 10.0
        made.append(replace(group[0], source=name, data=data, height=high))
    return made


def hours_table(data: pd.DataFrame, start: pd.DatetimeIndex) -> pd.DataFrame:
    """The known columns as numbers, by the start of the hour; several values of an hour are averaged."""
    known = data[[c for c in COLUMNS if c in data]].astype(float)
    known.index = start
    return known[~known.index.duplicated()]


def folder_files(paths: Iterable[Path]) -> list[Path]:
    """The files named, and those in the folders named. Raises CaseError for what is missing or empty."""

    def files(path: Path) -> list[Path]:
        inside = sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith(".")) if path.is_dir() else [path]
        if not inside:
            raise CaseError.because("{path}: is an empty folder", path=path)
        if not path.exists():
            raise CaseError.because("{path}: is missing; name a weather file that exists", path=path)
        return inside

    return [file for own in of_each(paths, files) for file in own]


# --- reanalysis ------------------------------------------------------------------------------------------------------------
# Weather of reanalyses at a point: ERA5 and NASA POWER as CSV; pvlib fetches these and reads no files.


def era5(text: str, file: str) -> Raw:
    """ERA5: radiation is of the hour before the time, all else of the moment.

    Raises CaseError where the file holds several points.
    """
    data = pd.read_csv(io.StringIO(text))
    times = pd.DatetimeIndex(pd.to_datetime(data["valid_time"], utc=True)).tz_localize(None)
    place = (float(data["latitude"].iloc[0]), float(data["longitude"].iloc[0]))
    if data[["latitude", "longitude"]].drop_duplicates().shape[0] > 1:
        raise CaseError.because("{file}: holds several points; ask for one", file=file)
    moments = pd.DataFrame(index=times)
    if "t2m" in data:
        moments["temp_air"] = data["t2m"].to_numpy() - 273.15
    if "sp" in data:
        moments["pressure"] = data["sp"].to_numpy()
    if {"u10", "v10"} <= set(data):
        moments["wind_speed"] = np.hypot(data["u10"], data["v10"]).to_numpy()
    if high := {"u100", "v100"} <= set(data):
        moments["wind_high"] = np.hypot(data["u100"], data["v100"]).to_numpy()
    sums = pd.DataFrame(index=times - pd.Timedelta(hours=1))  # J/m² of the hour before
    if "ssrd" in data:
        sums["ghi"] = data["ssrd"].to_numpy() / 3600
    if {"ssrd", "fdir"} <= set(data):
        sums["dhi"] = (data["ssrd"] - data["fdir"]).clip(lower=0).to_numpy() / 3600
    table = pd.concat([moments, sums], axis=1, sort=True)
    return Raw(file, table, *place, 0.0, timedelta(0), None, temperature="start", height=100.0 if high else 10.0)


def power(text: str, file: str) -> Raw:
    """NASA POWER: starts of hours, of local solar time or UTC. Raises CaseError where its head does not say which, or the place."""
    from pvlib.iotools.nasa_power import VARIABLE_MAP

    head, _, body = text.replace("\r\n", "\n").partition("-END HEADER-\n")
    data = pd.read_csv(io.StringIO(body))
    parts = data[["YEAR", "MO", "DY", "HR"]].set_axis(["year", "month", "day", "hour"], axis=1)
    times = pd.DatetimeIndex(pd.to_datetime(parts))
    found = re.search(r"[Ll]atitude\s+(-?[\d.]+)\s+[Ll]ongitude\s+(-?[\d.]+)", head)
    high = re.search(r"region\s*=\s*(-?[\d.]+)\s*meters", head)
    clock = re.search(r"\b(LST|UTC)\b", head)
    if found is None or clock is None:
        words = mark(
            "{file}: its head does not say where it is (Location: Latitude … Longitude …) and whether times are LST or UTC"
        )
        raise CaseError.because(words, file=file)
    latitude, longitude, altitude = float(found[1]), float(found[2]), float(high[1]) if high else 0.0
    units = {m[1]: m[2] for m in re.finditer(r"^(\w+)\s.*\(([^()]*)\)\s*$", head, re.MULTILINE)}
    data = data.replace(-999.0, np.nan).infer_objects()
    for name in [c for c in data if units.get(str(c), "").startswith("MJ")]:
        data[name] = data[name] / 0.0036  # MJ/m² of an hour
    if is_high := "WS50M" in data:
        data["wind_high"] = data["WS50M"]
    data = data.rename(columns=VARIABLE_MAP)
    if "pressure" in data:
        data["pressure"] = data["pressure"] * 1000  # kPa
    local = timedelta(hours=round(longitude / 15)) if clock[1] == "LST" else None
    table, height = hours_table(data, times), 50.0 if is_high else 10.0
    return Raw(file, table, latitude, longitude, altitude, local or timedelta(0), local, height=height)


# --- stations --------------------------------------------------------------------------------------------------------------
# Weather of stations, satellites and typical years: EPW and PVGIS, through pvlib's readers.


def epw(text: str, file: str) -> Raw:
    """EPW: rows are the hours before the times stated; that of PVGIS has moments."""
    data, meta = pvlib().iotools.read_epw(io.StringIO(text))
    for column, missing in (("temp_air", 99.9), ("ghi", 9999), ("dni", 9999), ("dhi", 9999), ("wind_speed", 999)):
        data[column] = data[column].where(data[column] < missing)
    data["pressure"] = data["atmospheric_pressure"].where(data["atmospheric_pressure"] < 999_999)
    ahead = timedelta(hours=meta["TZ"])
    start = data.index.tz_localize(None)
    is_typical = data["year"].nunique() > 1
    if is_typical:
        data, start = _ordered(data, start)
    table = hours_table(data.dropna(axis=1, how="all"), start)
    local = None if not meta["TZ"] and abs(meta["longitude"]) > 20 else ahead  # PVGIS writes EPW in UTC
    place = (meta["latitude"], meta["longitude"], meta["altitude"])
    if offset := re.search(r"Irradiance Time Offset \(h\):\s*(-?[\d.]+)", text[:4000]):
        # PVGIS writes moments into EPW: hour 1 is 01:00 and not the hour before it, and the offset is told from 02:00.
        moment = 60 * (1 + float(offset[1]))
        return Raw(file, table, *place, ahead - timedelta(hours=1), local, moment, is_typical, "start")
    return Raw(file, table, *place, ahead, local, 30.0, is_typical, "end")


def pvgis(text: str, file: str) -> Raw:
    """PVGIS, typical years and hours of real ones: moments of UTC."""
    library, text = pvlib().iotools, text.replace("\r\n", "\n")
    if "time(UTC)" in text:
        data, meta = library.read_pvgis_tmy(io.BytesIO(text.encode()), pvgis_format="csv", map_variables=True)
        inputs = meta["inputs"]
        middle, is_typical = 60 * float(inputs.get("irradiance time offset", 0.0) or 0.0), True
        data, start = _ordered(data, data.index.tz_localize(None))
    else:
        data, meta = library.read_pvgis_hourly(io.StringIO(text), pvgis_format="csv", map_variables=True)
        inputs, times = meta["inputs"], data.index.tz_localize(None)
        middle, is_typical, start = float(times.minute[0]), False, times.floor("h")
        if "P" in data:
            peak = next(value for key, value in inputs.items() if key.startswith("Nominal power"))
            data["power"] = data["P"] / (1000 * float(re.findall(r"[\d.]+", str(peak))[0]))
        elif float(re.findall(r"[\d.]+", str(inputs.get("Slope", "0")))[0]) > 0:
            words = mark(
                "{file}: is of a tilted plane; ask PVGIS for a level one (slope 0), or for the output of a plant (PV power)"
            )
            raise CaseError.because(words, file=file)
        elif "poa_direct" in data:
            data["dhi"] = data["poa_sky_diffuse"]
            data["ghi"] = data["poa_direct"] + data["poa_sky_diffuse"] + data.get("poa_ground_diffuse", 0.0)
        elif "poa_global" in data:
            data["ghi"] = data["poa_global"]
    place = (float(inputs["latitude"]), float(inputs["longitude"]), float(inputs.get("elevation", 0) or 0))
    return Raw(file, hours_table(data, start), *place, timedelta(0), None, middle, is_typical, "start")


def _ordered(data: pd.DataFrame, start: pd.DatetimeIndex) -> tuple[pd.DataFrame, pd.DatetimeIndex]:
    """A typical year whose months are of several years, without 29 February, on the dates of one that has none."""
    kept = ~_leap(start)
    return data[kept], pd.DatetimeIndex([t.replace(year=TYPICAL) for t in start[kept]])


# --- whole years -----------------------------------------------------------------------------------------------------------
# Whole years of a weather file, in the standard time of the park: the year asked for, each, or the latest.
#
# A year may lack a few hours: short holes are filled. A typical year is rolled into local time, so that no hour is lost.

#: Longest hole that is filled between its neighbours [h].
LONGEST = 6


def years_of(raws: Iterable[Raw], zone: tzinfo | None, wanted: int | None, every: bool, told: Told) -> list[Weather]:
    """The years of weather in the files: the one asked for, each (`every`), or the latest whole one.

    Raises CaseError where none is whole.
    """
    found = [year for years in of_each(raws, lambda raw: _years(raw, zone, wanted)) for year in years]
    labels = sorted(w.label for w in found)
    if twice := next((label for label in labels if labels.count(label) > 1), ""):
        raise CaseError.because("the files hold the year {year} twice; give one of them", year=twice)
    found.sort(key=lambda w: w.label)
    if every:
        return found
    if len(found) > 1:
        words = mark("The files hold the years {years}; {year} is taken, others with --year.")
        told.say(words, years=", ".join(labels), year=labels[-1])
    if labels[-1].isdigit() and isleap(int(labels[-1])):
        told.say(mark("{year} is a leap year: its 29 February is left out."), year=labels[-1])
    return found[-1:]


def _years(raw: Raw, zone: tzinfo | None, wanted: int | None) -> list[Weather]:
    """The years of one source on the park's standard time: of the zone asked for, else of the place as the file says."""
    ahead = raw.local if zone is None else standard_offset(zone, int(raw.data.index[0].year))
    if ahead is None:
        words = mark("{source}: its times are of UTC; say the park's zone, e.g. --zone Asia/Shanghai")
        raise CaseError.because(words, source=raw.source)
    shift = ahead - raw.ahead
    if shift.total_seconds() % 3600:
        words = mark("{source}: its clock and the park's differ by no whole hours; say another --zone")
        raise CaseError.because(words, source=raw.source)
    if raw.is_typical:
        return [_weather(raw, _rolled(raw, shift), "typical year", ahead)]
    data = raw.data.set_axis(raw.data.index + shift)
    span = {"first": f"{data.index[0]:%Y-%m-%d}", "last": f"{data.index[-1]:%Y-%m-%d}", "source": raw.source}
    found, faults = [], list[Message]()
    for year in [wanted] if wanted is not None else sorted(set(data.index.year)):
        index = pd.date_range(f"{year}-01-01", f"{year + 1}-01-01", freq="h", inclusive="left")
        index = index[~_leap(index)]
        part = data.reindex(index)
        if wanted is None and int(part.isna().any(axis=1).sum()) > HOURS - 24 * 7:
            continue  # a few hours that the zone takes from the year beside
        part = _filled(part)
        if (empty := part.isna().any(axis=1).to_numpy()).any():
            words = mark("{source}: {year} is not whole: {count} hours are missing, the first {time}; it holds {first} to {last}")
            count, time = f"{int(empty.sum()):,}", f"{index[empty][0]:%Y-%m-%d %H:%M}"
            faults.append(Message(words, year=year, count=count, time=time, **span))
        else:
            found.append(_weather(raw, part, str(year), ahead))
    if not found:
        raise CaseError(faults[-1:] or [Message("{source}: holds {first} to {last}; a whole year is needed", **span)])
    return found


def _leap(index: pd.DatetimeIndex) -> np.ndarray:
    """(n,) whether an hour is of 29 February."""
    return np.asarray((index.month == 2) & (index.day == 29))


def _filled(part: pd.DataFrame) -> pd.DataFrame:
    """The year with short holes filled; hours that the zone takes from the year beside are those of the next or last day."""
    day = 24
    for edge, beside in ((slice(0, day), slice(day, 2 * day)), (slice(-day, None), slice(-2 * day, -day))):
        rows = part.iloc[edge]
        if not rows.isna().all(axis=None):
            part.iloc[edge] = np.where(rows.isna(), part.iloc[beside], rows)
    return part.interpolate(limit=LONGEST, limit_area="inside")


def _rolled(raw: Raw, shift: timedelta) -> pd.DataFrame:
    """A typical year in another zone: its end comes before its beginning, no hour is lost."""
    data = raw.data[~_leap(raw.data.index)]
    if len(data) != HOURS:
        words = mark("{source}: a typical year has {hours} hours, the file {count}")
        raise CaseError.because(words, source=raw.source, hours=f"{HOURS:,}", count=f"{len(data):,}")
    rolled = pd.DataFrame(np.roll(data.to_numpy(dtype=float), int(shift.total_seconds()) // 3600, axis=0), columns=data.columns)
    rolled.index = pd.date_range(f"{TYPICAL}-01-01", periods=HOURS, freq="h")
    rolled = rolled.interpolate(limit=LONGEST, limit_area="inside")
    if lost := int(rolled.isna().any(axis=1).sum()):
        raise CaseError.because("{source}: {count} hours have no value", source=raw.source, count=lost)
    return rolled


def _weather(raw: Raw, data: pd.DataFrame, label: str, ahead: timedelta) -> Weather:
    """The year at the moments of its radiation; temperatures of a moment become means of the hour."""
    data = data.copy()
    if raw.temperature and "temp_air" in data:
        now = data["temp_air"].to_numpy(dtype=float)
        data["temp_air"] = (now + np.roll(now, -1 if raw.temperature == "start" else 1)) / 2
    if "wind_high" not in data and "wind_speed" in data:
        data["wind_high"] = data["wind_speed"]
    data.index = (data.index + pd.Timedelta(minutes=raw.middle)).tz_localize(int(ahead.total_seconds()))
    facts: dict[str, object] = {"source": raw.source, "of": label, "latitude": raw.latitude, "longitude": raw.longitude}
    return Weather(raw.source, label, data, raw.latitude, raw.longitude, raw.altitude, raw.height, raw.middle, facts)


# --- which source a file is of ---------------------------------------------------------------------------------------------
# The readers of weather files: which source a file is of, and what it says. pvlib reads where it has a reader of files.

#: What reading may raise on a file that is not what it begins as.
_UNREADABLE = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError)


def read_weather(path: Path, kind: str = "") -> Raw:
    """What a weather file says. Raises CaseError where its source is not known, or where it cannot be read as that."""
    pvlib()
    content = read_bytes(path)
    try:
        parts = {name: part for name, part in unpacked(content).items() if not name.endswith("/")} if content[:2] == b"PK" else {}
    except ValueError as error:
        raise CaseError.because("{path}: cannot be unpacked ({error})", path=path, error=error) from error
    if len(parts) > 1:
        raise CaseError.because("{path}: is an archive of {count} files; unpack it and name the one", path=path, count=len(parts))
    text, _ = decode(next(iter(parts.values()), content), str(path))
    found = kind or source_of(text)
    if found is None:
        words = mark(
            "{path}: is no weather file that is known; take EPW, or CSV of PVGIS, ERA5 (time series at a point) or NASA POWER, or "
            "say --format, one of {formats}"
        )
        raise CaseError.because(words, path=path, formats=", ".join(READERS))
    try:
        raw = READERS[found](text, str(path))
        if raw.data.index.isna().any():
            raise ValueError("a time cannot be read")
    except _UNREADABLE as error:
        words = mark("{path}: cannot be read as {format} ({kind}: {error})")
        raise CaseError.because(words, path=path, format=found, kind=type(error).__name__, error=error) from error
    if not len(raw.data) or not set(raw.data) & {*COLUMNS}:
        raise CaseError.because("{path}: has no radiation, temperature or wind", path=path)
    return raw


def read_years(
    paths: Iterable[Path], kind: str, zone: tzinfo | None, year: int | None, every: bool, told: Told, place: Place | None = None
) -> list[Weather]:
    """The years of weather in files and folders: the one asked for, each, or the latest; of files of several places those of the
    one nearest to the park, where it says where it lies. Raises CaseError with all faults."""
    raws = of_each(folder_files(paths), lambda path: read_weather(path, kind))
    return years_of(joined(raws if place is None else nearest_of(raws, place, told)), zone, year, every, told)


#: Latitude and longitude, in degrees.
Place = tuple[float, float]
#: km from the park from which on weather is of another place: pointed out; refused. A cell of ERA5 is 28 km wide.
FAR, ELSEWHERE = 50.0, 500.0


def place_of(park: Path) -> Place | None:
    """Where a park lies; None where it does not say so."""
    found = read_park(park, Complaints())
    return None if found is None or found.latitude is None or found.longitude is None else (found.latitude, found.longitude)


def distance(one: Place, other: Place) -> float:
    """km between two places of the earth (haversine)."""
    (a, b), (c, d) = np.radians(one), np.radians(other)
    half = np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2) ** 2
    return float(2 * 6371 * np.arcsin(np.sqrt(half)))


def nearest_of(raws: list[Raw], place: Place, told: Told) -> list[Raw]:
    """The files of the place nearest to the park. Raises CaseError where it is elsewhere."""
    away = [distance((raw.latitude, raw.longitude), place) for raw in raws]
    least = min(away)
    kept = [raw for raw, own in zip(raws, away, strict=True) if own <= least + 1]
    shown = {"source": kept[0].source, "latitude": f"{kept[0].latitude:g}", "longitude": f"{kept[0].longitude:g}"}
    shown |= {"distance": f"{least:,.0f}", "own": f"{place[0]:g}", "length": f"{place[1]:g}"}
    if least > ELSEWHERE:
        words = mark(
            "{source}: is of latitude {latitude}, longitude {longitude}, {distance} km from the park "
            "({own}, {length} in park.toml); "
            "take weather of its place, or put latitude and longitude right"
        )
        raise CaseError.because(words, **shown)
    if least > FAR:
        told.warn(mark("{source}: the weather is of a place {distance} km from the park."), **shown)
    if len(kept) < len(raws):
        words = mark("{count} files are of places farther from the park and are left out; the nearest is {distance} km away.")
        told.say(words, count=len(raws) - len(kept), **shown)
    return kept


#: What the first lines of a file of each source hold.
SIGNS = {
    "epw": r"\ALOCATION,",
    "power": "-BEGIN HEADER-|ALLSKY_SFC_SW",
    "pvgis": r"\ALatitude \(decimal degrees\)",
    "era5": "valid_time",
}


def source_of(text: str) -> str | None:
    """Which source a file is of, by its first lines; None where it is of none that is known."""
    return next((name for name, sign in SIGNS.items() if not text.startswith("{") and re.search(sign, text[:6000])), None)


READERS = {"epw": epw, "pvgis": pvgis, "era5": era5, "power": power}
