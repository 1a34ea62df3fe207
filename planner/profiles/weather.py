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

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from models.errors import CaseError
from planner.language.message import Message

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
