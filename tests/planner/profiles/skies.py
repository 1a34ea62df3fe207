"""One sky, written in the format of every source: a place near Shanghai, no clouds, a temperature and a wind by the hour."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

LATITUDE, LONGITUDE, ZONE = 31.2, 121.4, 8
#: Where the sun stands highest, in hours of the zone's clock, in the mean of a year.
NOON = 12 + (15 * ZONE - LONGITUDE) / 15
HOUR = timedelta(hours=1)
#: Years of the months of a typical year; February is of a leap year.
MONTHS = (2009, 2008, 2011, 2010, 2012, 2007, 2013, 2014, 2015, 2016, 2009, 2018)


def sky(times: pd.DatetimeIndex) -> pd.DataFrame:
    """Radiation [W/m²] at moments of UTC: 900 cos z on the level, of which 200 cos z from the sky."""
    import pvlib

    zenith = pvlib.solarposition.get_solarposition(times.tz_localize("UTC"), LATITUDE, LONGITUDE)["zenith"].to_numpy()
    height = np.clip(np.cos(np.radians(zenith)), 0, None)
    return pd.DataFrame({"ghi": 900 * height, "dni": np.where(height > 0, 700.0, 0), "dhi": 200 * height}, index=times)


def temperature(times: pd.DatetimeIndex) -> np.ndarray:
    """°C at moments of UTC: coldest in the middle of January, warmest at 15:00 of the place."""
    local = times + ZONE * HOUR
    day, hour = local.dayofyear.to_numpy(), (local.hour + local.minute / 60).to_numpy()
    return 15 - 10 * np.cos(2 * np.pi * (day - 15) / 365) + 5 * np.cos(2 * np.pi * (hour - 15) / 24)


def wind(times: pd.DatetimeIndex) -> np.ndarray:
    """m/s."""
    return 5 + 2 * np.sin(times.dayofyear.to_numpy())


def hours(year: int = 2023, zone: int = ZONE) -> pd.DatetimeIndex:
    """Starts of the hours of a year of a clock, as moments of UTC."""
    local = pd.date_range(f"{year}-01-01", f"{year + 1}-01-01", freq="h", inclusive="left")
    return local - zone * HOUR


def typical(zone: int) -> Iterator[tuple[datetime, pd.Timestamp]]:
    """(time of the clock with the month's own year, the same hour of 2023 as a moment of UTC) of a typical year."""
    for moment in hours(2023, zone):
        clock = moment + zone * HOUR
        yield clock.to_pydatetime().replace(year=MONTHS[clock.month - 1]), moment


def epw(path: Path, year: int | None = None) -> Path:
    """EPW: hour 1 is the hour that ends at 01:00."""
    rows = list(typical(ZONE)) if year is None else [((t + ZONE * HOUR).to_pydatetime(), t) for t in hours(year)]
    starts = pd.DatetimeIndex([t for _, t in rows])
    values, ends = sky(starts + HOUR / 2), temperature(starts + HOUR)
    lines = [f"LOCATION,Shanghai,-,CHN,X,583620,{LATITUDE},{LONGITUDE},{ZONE:.1f},4.0", *(f"LINE {i},0" for i in range(2, 9))]
    for (clock, _), g, b, d, t, w in zip(rows, values["ghi"], values["dni"], values["dhi"], ends, wind(starts), strict=True):
        rest = f"{g:.1f},{b:.1f},{d:.1f},0,0,0,0,180,{w:.2f},5,5,9999,99999,9,999999999,0,0.1,0,88,0.2,0,0"
        lines.append(f"{clock.year},{clock.month},{clock.day},{clock.hour + 1},60,?9,{t:.2f},5,60,101325,0,0,300,{rest}")
    return _put(path, "\n".join(lines) + "\n")


def pvgis_typical(path: Path, offset: float = 0.1761) -> Path:
    """PVGIS, typical year: UTC, the sun at so many hours after the time."""
    rows = list(typical(0))
    starts = pd.DatetimeIndex([t for _, t in rows])
    values, cold = sky(starts + offset * HOUR), temperature(starts)
    table = list(zip((c for c, _ in rows), values["ghi"], values["dni"], values["dhi"], cold, wind(starts), strict=True))
    head = [f"Latitude (decimal degrees): {LATITUDE}", f"Longitude (decimal degrees): {LONGITUDE}", "Elevation (m): 4.0",
        f"Irradiance Time Offset (h): {offset}", "month,year", *(f"{m},{y}" for m, y in enumerate(MONTHS, start=1))]
    lines = [f"{c:%Y%m%d:%H%M},{t:.2f},60,{g:.1f},{b:.1f},{d:.1f},300,{w:.2f},180,101325" for c, g, b, d, t, w in table]
    return _put(path,
        "\r\n".join([*head, "time(UTC),T2m,RH,G(h),Gb(n),Gd(h),IR(h),WS10m,WD10m,SP", *lines, "T2m: temperature", ""]))


def pvgis_hourly(path: Path, year: int = 2023, slope: int = 0, power: bool = False) -> Path:
    """PVGIS, hours of a real year: UTC, ten minutes past."""
    starts = hours(year, 0)
    values = sky(starts + HOUR / 6)
    head = [f"Latitude (decimal degrees):\t{LATITUDE}", f"Longitude (decimal degrees):\t{LONGITUDE}", "Elevation (m):\t4",
        "Radiation database:\tPVGIS-SARAH3", "", f"Slope: {slope} deg. ", "Azimuth: 0 deg. ",
        *(["Nominal power of the PV system (c-Si) (kWp):\t2.0", "System losses (%):\t14.0"] if power else [])]
    names = "time," + ("P," if power else "") + "Gb(i),Gd(i),Gr(i),H_sun,T2m,WS10m,Int"
    lines = [f"{t:%Y%m%d:%H}10,{f'{2 * g:.1f},' if power else ''}{g - d:.1f},{d:.1f},0.0,0,{c:.2f},{w:.2f},0.0"
        for t, g, d, c, w in zip(starts, values["ghi"], values["dhi"], temperature(starts), wind(starts), strict=True)]
    return _put(path, "\n".join([*head, names, *lines, "", "Gb(i): beam", "PVGIS (c) European Union"]))


def era5(path: Path, year: int = 2023, speed: float = 6.0) -> Path:
    """ERA5: UTC; radiation in J/m² of the hour before, temperature in K and wind at the moment."""
    moments = hours(year, 0)
    before = sky(moments - HOUR / 2)
    table = pd.DataFrame(
        {"valid_time": moments.strftime("%Y-%m-%d %H:%M:%S"), "latitude": LATITUDE, "longitude": LONGITUDE,
         "ssrd": (before["ghi"] * 3600).to_numpy().round(), "fdir": ((before["ghi"] - before["dhi"]) * 3600).to_numpy().round(),
         "t2m": temperature(moments) + 273.15, "u10": 3.0, "v10": 4.0, "u100": 0.6 * speed, "v100": 0.8 * speed, "sp": 101325.0}
    )
    return _put(path, table.to_csv(index=False))


def power(path: Path, year: int = 2023, clock: str = "LST", unit: str = "Wh/m^2", holes: tuple[int, ...] = ()) -> Path:
    """NASA POWER: the start of the hour, local solar time or UTC; -999 where there is nothing."""
    zone = round(LONGITUDE / 15) if clock == "LST" else 0
    starts = hours(year, zone)
    ghi = sky(starts + HOUR / 2)["ghi"].to_numpy() * (0.0036 if unit.startswith("MJ") else 1)
    said = f" in {clock}" if clock else ""
    head = ["-BEGIN HEADER-", "NASA/POWER CERES/MERRA2 Native Resolution Hourly Data ",
        f"Dates (month/day/year): 01/01/{year} through 12/31/{year}{said}",
        f"Location: Latitude  {LATITUDE}   Longitude {LONGITUDE} ",
        "Elevation from MERRA-2: Average for 0.5 x 0.625 degree lat/lon region = 4.1 meters",
        "The value for missing source data that cannot be computed or is outside of the sources availability range: -999 ",
        "Parameter(s): ", f"ALLSKY_SFC_SW_DWN     CERES SYN1deg All Sky Surface Shortwave Downward Irradiance ({unit}) ",
        "T2M     MERRA-2 Temperature at 2 Meters (C) ", "WS10M     MERRA-2 Wind Speed at 10 Meters (m/s) ",
        "WS50M     MERRA-2 Wind Speed at 50 Meters (m/s) ", "-END HEADER-", "YEAR,MO,DY,HR,ALLSKY_SFC_SW_DWN,T2M,WS10M,WS50M"]
    local = starts + zone * HOUR
    lines = [f"{t.year},{t.month},{t.day},{t.hour},{-999 if i in holes else round(g, 4)},{c:.2f},{w:.2f},{w + 2:.2f}"
        for i, (t, g, c, w) in enumerate(zip(local, ghi, temperature(starts + HOUR / 2), wind(starts), strict=True))]
    return _put(path, "\n".join([*head, *lines]) + "\n")


def _put(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path
