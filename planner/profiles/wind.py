"""Wind to power: the speed at the hub, and the curve of a generic turbine.

The curve rises with the cube of the speed from cut-in to rated speed, and is blurred by the turbulence within an hour and
over a farm. Wakes, outages and cables are one loss. Reanalyses such as ERA5 and MERRA-2 miss hills and coasts, and stations
stand low: the mean speed at the hub, from a wind atlas or a mast, is worth more than any of them (`mean_speed`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.errors import CaseError
from planner.language.language import mark
from planner.profiles.numbers import decimal_of, number_of
from planner.profiles.profile import Profile
from planner.profiles.source import read_source
from planner.profiles.told import Told
from planner.profiles.weather import Weather

#: Density of the air that power curves are of [kg/m³], gas constant of air [J/kg/K].
DENSITY, GAS = 1.225, 287.05


@dataclass(frozen=True)
class Turbine:
    """A turbine and its site.

    hub, height   m above ground of the hub, and of the wind stated (None: as the file says)
    exponent      of the wind's profile over height (0.14: open land)
    cut_in, rated, cut_out   m/s
    blur          standard deviation of speeds within the hour and the farm, as share of the speed
    losses        share lost to wakes, outages, cables
    mean_speed    mean of the year at the hub [m/s] that speeds are scaled to
    curve         speeds [m/s] and outputs as shares, in place of the generic curve
    """

    hub: float = 120.0
    height: float | None = None
    exponent: float = 0.14
    cut_in: float = 3.0
    rated: float = 11.0
    cut_out: float = 25.0
    blur: float = 0.12
    losses: float = 0.10
    mean_speed: float | None = None
    curve: tuple[np.ndarray, np.ndarray] | None = None


def wind_profile(weather: Weather, turbine: Turbine, name: str, told: Told) -> Profile:
    """The availability of wind power, hour by hour, with its mean speed and its full-load hours told.

    Raises CaseError where there is no wind all year.
    """
    height = turbine.height or weather.height
    speed = weather.column("wind_high") * (turbine.hub / height) ** turbine.exponent
    found = float(speed.mean())
    told.say(
        mark("Wind of {height} m above ground brought to {hub} m with an exponent of {exponent}: {speed} m/s in the mean."),
        height=f"{height:g}",
        hub=f"{turbine.hub:g}",
        exponent=f"{turbine.exponent:g}",
        speed=f"{found:.2f}",
    )
    if found <= 0:
        raise CaseError.because("{source}: its wind is 0 all year", source=weather.source)
    if turbine.mean_speed is not None:
        speed = speed * turbine.mean_speed / found
        told.say(
            mark("Speeds were multiplied by {factor}, so that their mean is {speed} m/s."),
            factor=f"{turbine.mean_speed / found:.3f}",
            speed=f"{turbine.mean_speed:g}",
        )
    else:
        told.warn(
            mark(
                "The mean speed is the file's own; a reanalysis or a station can be far off: "
                "say that of a wind atlas with --mean-speed."
            )
        )
    density = _density(weather, turbine.hub)
    values = output(speed * (density / DENSITY) ** (1 / 3), turbine) * (1 - turbine.losses)
    hours = float(values.sum())
    told.say(
        mark("{hours} full-load hours, of which {losses} % are lost to wakes, outages and cables already."),
        hours=f"{hours:,.0f}",
        losses=f"{100 * turbine.losses:g}",
    )
    facts = {
        **weather.facts,
        "mean_speed": round(float(speed.mean()), 3),
        "mean_speed_of_file": round(found, 3),
        "full_load_hours": round(hours, 1),
    }
    return Profile(name, values, "1", told, None, facts)


def output(speed: np.ndarray, turbine: Turbine) -> np.ndarray:
    """Output as a share of the capacity at these speeds [m/s] of standard air, blurred."""
    grid = np.arange(0.0, 45.0, 0.1)
    if turbine.curve is not None:
        sharp = np.interp(grid, *turbine.curve, left=0.0, right=0.0)
    else:
        low, high = turbine.cut_in**3, turbine.rated**3
        sharp = np.where(grid > turbine.cut_out, 0.0, np.clip((grid**3 - low) / (high - low), 0, 1))
    if turbine.blur > 0:
        width = np.maximum(turbine.blur * grid, 0.05)[:, None]
        weight = np.exp(-0.5 * ((grid[None, :] - grid[:, None]) / width) ** 2)
        sharp = (weight * sharp[None, :]).sum(axis=1) / weight.sum(axis=1)
    return np.clip(np.interp(speed, grid, sharp, right=0.0), 0.0, 1.0)


def _density(weather: Weather, hub: float) -> np.ndarray:
    """Density of the air at the hub, of pressure and temperature where the file has them, else of the height above sea."""
    kelvin = (
        weather.data["temp_air"].to_numpy(dtype=float) if "temp_air" in weather.data else np.full(len(weather.data), 15.0)
    ) + 273.15
    if "pressure" in weather.data:
        pressure = weather.data["pressure"].to_numpy(dtype=float)
    else:
        pressure = np.full(len(weather.data), 101_325 * (1 - 2.25577e-5 * weather.altitude) ** 5.25588)
    return pressure * np.exp(-9.81 * hub / (GAS * kelvin)) / (GAS * kelvin)


def read_curve(path: Path, decimal: str = "") -> tuple[np.ndarray, np.ndarray]:
    """A power curve: two columns, speed [m/s] and power in any unit; the highest power is 1. Raises CaseError."""
    table = read_source(path)
    texts = [cell for row in table.rows for cell in row[:2] if isinstance(cell, str)]
    sign = decimal or decimal_of(texts, table.separator, table.file)
    rows: list[tuple[float, float]] = []
    for row in table.rows:
        speed, power = (number_of(cell, sign) for cell in [*row, "", ""][:2])
        if speed is not None and power is not None:
            rows.append((speed, power))
        elif rows:
            raise CaseError.because("{path}: {row}: is no speed and power", path=path, row=row)
    speeds, powers = (np.array(column) for column in zip(*rows, strict=True)) if rows else (np.zeros(0), np.zeros(0))
    if len(speeds) < 3 or (np.diff(speeds) <= 0).any() or powers.min() < 0 or powers.max() <= 0:
        raise CaseError.because(
            "{path}: is no power curve; two columns are needed, speeds that rise and powers not below 0", path=path
        )
    return speeds, powers / powers.max()
