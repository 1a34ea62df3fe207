"""Weather files of every usual source, as one table: the mean of each hour of one year, in the place's own standard time.

Each source names its hours in another way, and each is told apart here:

- EPW and TMY3: values are of the hour before the time stated (EPW counts 1 to 24). pvlib names EPW hours by their start.
- NSRDB (PSM): the minute says where in the hour a value stands; :30 is its middle, :00 its start.
- PVGIS: UTC, and for satellite sources a minute of the hour (`:10`). A typical year is rolled into local time, so that the
  last hours of December come before January: a shift would leave holes or hours of another year.
- ERA5: UTC; radiation is summed over the hour before the time stated, temperature and wind are of that moment.
- MERRA-2: UTC, the middle of the hour. NASA POWER: the start of the hour, in local solar time or UTC as the file says.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta, tzinfo
from pathlib import Path

import numpy as np
import pandas as pd

from models.errors import CaseError
from planner.language.language import mark
from planner.language.message import Message
from planner.profiles.clock import standard_offset
from planner.profiles.profile import HOURS
from planner.profiles.told import Told

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
#: Longest hole that is filled between its neighbours [h].
LONGEST = 6
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


def joined(raws: Sequence[Raw]) -> list[Raw]:
    """Files of one source and place as one: years after each other, and variables beside each other. Typical years stay alone."""
    groups: dict[tuple[object, ...], list[Raw]] = {}
    for i, raw in enumerate(raws):
        place = (round(raw.latitude, 3), round(raw.longitude, 3), raw.ahead, raw.middle, raw.temperature)
        groups.setdefault((i,) if raw.is_typical else place, []).append(raw)
    return [_joined(group) for group in groups.values()]


def _joined(group: Sequence[Raw]) -> Raw:
    first = group[0]
    if len(group) == 1:
        data = first.data
    else:
        data = first.data
        for other in group[1:]:
            data = data.combine_first(other.data)
    for height in ("50", "10"):
        if {f"u{height}", f"v{height}"} <= set(data):
            speed = np.hypot(data[f"u{height}"], data[f"v{height}"])
            data = data.assign(**{"wind_high" if height == "50" else "wind_speed": speed})
    data = data[[c for c in COLUMNS if c in data]].sort_index()
    for column, (least, most) in LIMITS.items():
        if column in data:
            data[column] = data[column].where(data[column].between(least, most))
    data = data.dropna(axis=1, how="all")
    if "pressure" in data and data["pressure"].isna().mean() > 0.01:
        data = data.drop(columns="pressure")  # the height above sea stands in for it
    name = first.source if len(group) == 1 else f"{len(group)} files"
    high = max(raw.height for raw in group) if "wind_high" in data else 10.0
    return replace(first, source=name, data=data, height=high)


def hours_table(data: pd.DataFrame, start: pd.DatetimeIndex) -> pd.DataFrame:
    """The known columns as numbers, by the start of the hour; several values of an hour are averaged."""
    known = data[[c for c in COLUMNS if c in data]].astype(float)
    known.index = start
    return known[~known.index.duplicated()]


def folder_files(paths: Iterable[Path]) -> list[Path]:
    """The files named, and those in the folders named. Raises CaseError for what is missing or empty."""
    found, faults = [], []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith("."))
            found += inside
            if not inside:
                faults.append(Message("{path}: is an empty folder", path=path))
        elif path.is_file():
            found.append(path)
        else:
            faults.append(Message("{path}: is missing; name a weather file that exists", path=path))
    if faults:
        raise CaseError(faults)
    return found
