"""Weather of stations, satellites and typical years: EPW, TMY3, NSRDB and PVGIS, through pvlib's readers."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

from models.errors import CaseError
from planner.profiles.weather import COLUMNS, TYPICAL, Raw, hours_table


def epw(text: str, file: str, library: ModuleType) -> Raw:
    """EPW: rows are the hours before the times stated; that of PVGIS has moments."""
    data, meta = library.iotools.read_epw(io.StringIO(text))
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


def tmy3(text: str, file: str, library: ModuleType) -> Raw:
    """TMY3: rows from 01:00 to 24:00, each the hour before."""
    data, meta = library.iotools.read_tmy3(io.StringIO(text), map_variables=True)
    ahead = timedelta(hours=meta["TZ"])
    if "pressure" in data:
        data["pressure"] = data["pressure"] * 100  # mbar
    start = pd.date_range(f"{TYPICAL}-01-01", periods=len(data), freq="h")  # rows follow each other from 01:00 to 24:00
    table = hours_table(data, start)
    return Raw(file, table, meta["latitude"], meta["longitude"], meta["altitude"], ahead, ahead, is_typical=True, temperature="end")


def nsrdb(text: str, file: str, library: ModuleType) -> Raw:
    """NSRDB (PSM): the minute says where in the hour a value stands."""
    data, meta = library.iotools.read_nsrdb_psm4(io.StringIO(text.replace("\r\n", "\n")), map_variables=True)
    if "pressure" in data:
        data["pressure"] = data["pressure"] * 100  # mbar
    ahead, local = (timedelta(hours=int(meta[k])) for k in ("Time Zone", "Local Time Zone"))
    times = data.index.tz_localize(None)
    is_typical = len(set(zip(times.year, times.month, strict=True))) == 12 and times.year.nunique() > 1
    minutes = sorted(set(times.minute))
    middle = 30.0
    if len(minutes) == 1:
        middle = float(minutes[0])
        start = times.floor("h")
        if is_typical:
            data, start = _ordered(data, start)
        table = hours_table(data, start)
    else:
        middle = float(np.mean(minutes))
        table = data[[c for c in COLUMNS if c in data]].astype(float).groupby(times.floor("h")).mean()
    return Raw(file, table, meta["latitude"], meta["longitude"], float(meta["altitude"]), ahead, local, middle, is_typical)


def pvgis(text: str, file: str, library: ModuleType) -> Raw:
    """PVGIS, typical years and hours of real ones, CSV and JSON: moments of UTC."""
    as_json = text.lstrip().startswith("{")
    if "tmy_hourly" in text or "time(UTC)" in text:
        source: Any = io.StringIO(text) if as_json else io.BytesIO(text.replace("\r\n", "\n").encode())
        data, meta = library.iotools.read_pvgis_tmy(source, pvgis_format="json" if as_json else "csv", map_variables=True)
        place = meta["inputs"].get("location", meta["inputs"])
        offset = float(meta["inputs"].get("irradiance time offset", meta["inputs"].get("irradiance_time_offset", 0.0)) or 0.0)
        data, start = _ordered(data, data.index.tz_localize(None))
        return Raw(
            file,
            hours_table(data, start),
            float(place["latitude"]),
            float(place["longitude"]),
            float(place.get("elevation", 0) or 0),
            timedelta(0),
            None,
            60 * offset,
            True,
            "start",
        )
    data, meta = library.iotools.read_pvgis_hourly(io.StringIO(text), pvgis_format="json" if as_json else "csv", map_variables=True)
    return _pvgis_hourly(data, meta["inputs"], file, as_json)


def _pvgis_hourly(data: pd.DataFrame, inputs: dict[str, Any], file: str, as_json: bool) -> Raw:
    """Hours of real years: of a level plane, or with the output of a plant."""
    place = inputs.get("location", inputs)
    if "P" in data:
        said = inputs["pv_module"]["peak_power"] if as_json else next(v for k, v in inputs.items() if k.startswith("Nominal power"))
        data["power"] = data["P"] / (1000 * float(re.findall(r"[\d.]+", str(said))[0]))
    else:
        slope = inputs["mounting_system"]["fixed"]["slope"]["value"] if as_json else inputs.get("Slope", "0")
        if float(re.findall(r"[\d.]+", str(slope))[0]) > 0:
            raise CaseError.because(
                "{file}: is of a tilted plane; ask PVGIS for a level one (slope 0), or for the output of a plant (PV power)",
                file=file,
            )
        if "poa_direct" in data:
            data["dhi"] = data["poa_sky_diffuse"]
            data["ghi"] = data["poa_direct"] + data["poa_sky_diffuse"] + data.get("poa_ground_diffuse", 0.0)
        elif "poa_global" in data:
            data["ghi"] = data["poa_global"]
    times = data.index.tz_localize(None)
    table = hours_table(data, times.floor("h"))
    middle = float(times.minute[0])
    where = (float(place["latitude"]), float(place["longitude"]), float(place.get("elevation", 0) or 0))
    return Raw(file, table, *where, timedelta(0), None, middle, temperature="start")


def _ordered(data: pd.DataFrame, start: pd.DatetimeIndex) -> tuple[pd.DataFrame, pd.DatetimeIndex]:
    """A typical year whose months are of several years, without 29 February, on the dates of one that has none."""
    leap = (start.month == 2) & (start.day == 29)
    data, start = data[~leap], start[~leap]
    return data, pd.DatetimeIndex([t.replace(year=TYPICAL) for t in start])
