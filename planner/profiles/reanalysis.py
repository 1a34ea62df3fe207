"""Weather of reanalyses at a point: ERA5 and MERRA-2 as CSV, NASA POWER as CSV or JSON; pvlib fetches these and reads no files."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from types import ModuleType

import numpy as np
import pandas as pd

from models.errors import CaseError
from planner.profiles.weather import Raw, hours_table


def era5(text: str, file: str, library: ModuleType) -> Raw:
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


def merra2(text: str, file: str, library: ModuleType) -> Raw:
    """One variable of a point: lines of `key,value`, an empty line, and a table of time and data.

    Raises CaseError where it is a variable that no profile needs.
    """
    head, _, body = text.replace("\r\n", "\n").partition("\n\n")
    meta = dict(line.split(",", 1) for line in head.splitlines() if "," in line)
    data = pd.read_csv(io.StringIO(body), index_col=0, parse_dates=True)
    values = data.iloc[:, 0].astype(float).replace(float(meta["undef"]), np.nan)
    name = (
        next(v for k in ("param_short_name", "parameter", "name", "variable", "data") if (v := meta.get(k)))
        .rpartition("_")[2]
        .upper()
    )
    names = {"SWGDN": "ghi", "T2M": "temp_air", "PS": "pressure", "U10M": "u10", "V10M": "v10", "U50M": "u50", "V50M": "v50"}
    if name not in names:
        raise CaseError.because(
            "{file}: is of {name}, which no profile needs; give {names}", file=file, name=name, names=", ".join(names)
        )
    values = values - 273.15 if name == "T2M" else values
    times = pd.DatetimeIndex(data.index)
    times = times.tz_convert("UTC").tz_localize(None) if times.tz is not None else times
    table = pd.DataFrame({names[name]: values.to_numpy()}, index=times.floor("h"))
    return Raw(file, table, float(meta["lat"]), float(meta["lon"]), 0.0, timedelta(0), None, height=50.0 if "50" in name else 10.0)


def power(text: str, file: str, library: ModuleType) -> Raw:
    """NASA POWER: starts of hours, of local solar time or UTC. Raises CaseError where the file does not say its place."""
    from pvlib.iotools.nasa_power import VARIABLE_MAP

    if text.lstrip().startswith("{"):
        said = json.loads(text)
        data = pd.DataFrame(said["properties"]["parameter"])
        times = pd.DatetimeIndex(pd.to_datetime(data.index, format="%Y%m%d%H"))
        longitude, latitude, altitude = (float(v) for v in said["geometry"]["coordinates"])
        clock = str(said["header"].get("time_standard") or said["header"].get("time", {}).get("standard", "UTC"))
        units = {k: str(v.get("units")) for k, v in said.get("parameters", {}).items()}
        missing = float(said["header"].get("fill_value", -999))
    else:
        head, _, body = text.replace("\r\n", "\n").partition("-END HEADER-\n")
        data = pd.read_csv(io.StringIO(body))
        parts = data[["YEAR", "MO", "DY", "HR"]].set_axis(["year", "month", "day", "hour"], axis=1)
        times = pd.DatetimeIndex(pd.to_datetime(parts))
        found = re.search(r"[Ll]atitude\s+(-?[\d.]+)\s+[Ll]ongitude\s+(-?[\d.]+)", head)
        high = re.search(r"region\s*=\s*(-?[\d.]+)\s*meters", head)
        if found is None:
            raise CaseError.because("{file}: does not say where it is (Location: Latitude … Longitude …)", file=file)
        latitude, longitude, altitude = float(found[1]), float(found[2]), float(high[1]) if high else 0.0
        said_clock = re.search(r"\b(LST|UTC)\b", head)
        clock = said_clock[1] if said_clock else _clock_of(data, longitude)
        units = {m[1]: m[2] for m in re.finditer(r"^(\w+)\s.*\(([^()]*)\)\s*$", head, re.MULTILINE)}
        missing = -999.0
    data = data.replace(missing, np.nan).infer_objects()
    for name in [c for c in data if units.get(str(c), "").startswith("MJ")]:
        data[name] = data[name] / 0.0036  # MJ/m² of an hour
    if is_high := "WS50M" in data:
        data["wind_high"] = data["WS50M"]
    data = data.rename(columns=VARIABLE_MAP)
    if "pressure" in data:
        data["pressure"] = data["pressure"] * 1000  # kPa
    ahead = timedelta(hours=round(longitude / 15)) if clock == "LST" else timedelta(0)
    return Raw(
        file,
        hours_table(data, times),
        latitude,
        longitude,
        altitude,
        ahead,
        ahead if clock == "LST" else None,
        height=50.0 if is_high else 10.0,
    )


def _clock_of(data: pd.DataFrame, longitude: float) -> str:
    """LST or UTC, by where the middle of the day's radiation lies; LST, which is the default there, without radiation."""
    if "ALLSKY_SFC_SW_DWN" not in data:
        return "LST"
    light = data["ALLSKY_SFC_SW_DWN"].clip(lower=0).groupby(data["HR"]).mean()
    middle = np.angle((light * np.exp(2j * np.pi * (light.index + 0.5) / 24)).sum()) * 24 / (2 * np.pi)
    away = [abs((middle - noon + 12) % 24 - 12) for noon in (12.0, 12.0 - longitude / 15)]
    return "LST" if away[0] <= away[1] else "UTC"
