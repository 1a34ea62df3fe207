"""Sun to power: the PVWatts chain (Dobos 2014, NREL/TP-6A20-62641), with pvlib's functions.

Sky on the tilted plane after Perez, reflection of a glass cover, cell temperature after Fuentes, a DC output that falls
with temperature, fixed losses, an inverter with a part-load curve and a limit. Shading by neighbours, snow and wear are in
the fixed losses or nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.language.language import mark
from planner.profiles.profile import Profile
from planner.profiles.readers import pvlib
from planner.profiles.told import Told, Word
from planner.profiles.weather import Weather

#: Installed nominal operating temperature of the cell [°C]: on a rack, on a roof.
MOUNTINGS = {mark("rack"): 45.0, mark("roof"): 49.0}
#: Hours by which the middle of the day's radiation may differ from the sun's noon before it is pointed out.
NOON = 0.75


@dataclass(frozen=True)
class PvPlant:
    """A fixed PV plant.

    tilt     degrees from level                    losses       share lost to dirt, wires, mismatch, outages (0.14)
    azimuth  degrees from north; 180 faces south   coefficient  change of output per kelvin (-0.0037)
    mounting rack or roof                          dc_ac        DC capacity per AC capacity of the inverter
    basis    `dc` or `ac`: capacity that the availability is a share of
    """

    tilt: float = 20.0
    azimuth: float | None = None
    mounting: str = "rack"
    losses: float = 0.14
    dc_ac: float = 1.2
    coefficient: float = -0.0037
    basis: str = "dc"


def pv_profile(weather: Weather, plant: PvPlant, name: str, told: Told) -> Profile:
    """The availability of a plant: AC output as a share of its capacity, hour by hour."""
    if "power" in weather.data:
        told.say(mark("The file holds the output of a plant, which is taken as it is."))
        values = weather.column("power")
    else:
        azimuth = plant.azimuth if plant.azimuth is not None else (180.0 if weather.latitude >= 0 else 0.0)
        told.say(
            mark("A fixed plant on a {mounting}, tilt {tilt}°, azimuth {azimuth}°, losses {losses} %, {ratio} of DC to AC."),
            mounting=Word(plant.mounting),
            tilt=f"{plant.tilt:g}",
            azimuth=f"{azimuth:g}",
            losses=f"{100 * plant.losses:g}",
            ratio=f"{plant.dc_ac:g}",
        )
        values = output(weather, plant, azimuth, told)
    values = on_hours(np.clip(values, 0, 1), weather.middle)
    basis = "AC" if plant.basis == "ac" else "DC"
    told.say(mark("{hours} full-load hours of the {basis} capacity."), hours=f"{values.sum():,.0f}", basis=basis)
    return Profile(name, values, "1", told, None, {**weather.facts, "full_load_hours": round(float(values.sum()), 1)})


def output(weather: Weather, plant: PvPlant, azimuth: float, told: Told) -> np.ndarray:
    """AC output (8760,) per unit of capacity at the moments of the weather's radiation."""
    library = pvlib()
    data = weather.data
    sun = library.solarposition.get_solarposition(data.index, weather.latitude, weather.longitude, weather.altitude)
    beam, level, sky = radiation(weather, sun, told)
    check_noon(level, sun, data.index, told)
    extra = library.irradiance.get_extra_radiation(data.index)
    airmass = library.atmosphere.get_relative_airmass(sun["apparent_zenith"])
    plane = library.irradiance.get_total_irradiance(
        plant.tilt,
        azimuth,
        sun["apparent_zenith"],
        sun["azimuth"],
        beam,
        level,
        sky,
        dni_extra=extra,
        airmass=airmass,
        model="perez",
    ).fillna(0)
    angle = library.irradiance.aoi(plant.tilt, azimuth, sun["apparent_zenith"], sun["azimuth"])
    effective = (plane["poa_direct"] * library.iam.physical(angle)).fillna(0) + plane["poa_diffuse"]
    air = pd.Series(weather.column("temp_air"), data.index)
    wind = data["wind_speed"] if "wind_speed" in data else pd.Series(1.0, data.index)
    cell = library.temperature.fuentes(plane["poa_global"], air, wind, MOUNTINGS[plant.mounting], surface_tilt=plant.tilt)
    dc = library.pvsystem.pvwatts_dc(effective, cell, 1.0, plant.coefficient) * (1 - plant.losses)
    efficiency = 0.96
    ac = library.inverter.pvwatts(dc, 1 / plant.dc_ac / efficiency, eta_inv_nom=efficiency)
    share = np.nan_to_num(np.asarray(ac, dtype=float)).clip(0)
    return share * plant.dc_ac if plant.basis == "ac" else share


def radiation(weather: Weather, sun: pd.DataFrame, told: Told) -> tuple[pd.Series, pd.Series, pd.Series]:
    """(beam, level, sky) in W/m²; what the file has not is worked out of the other two, or of the level's after Erbs."""
    library = pvlib()
    data = weather.data
    cosine = np.cos(np.radians(sun["zenith"]))
    has = {name for name in ("ghi", "dni", "dhi") if name in data}
    if {"dni", "dhi"} <= has:
        level = data["ghi"] if "ghi" in has else (data["dni"] * cosine.clip(lower=0) + data["dhi"])
        return data["dni"], level, data["dhi"]
    level = pd.Series(weather.column("ghi"), data.index)
    if "dhi" in has:
        beam = library.irradiance.dni(level, data["dhi"], sun["zenith"]).fillna(0)
        return beam, level, data["dhi"]
    if "dni" in has:
        return data["dni"], level, (level - data["dni"] * cosine.clip(lower=0)).clip(lower=0)
    parts = library.irradiance.erbs(level, sun["zenith"], data.index)
    told.say(mark("The file has radiation on the level only; beam and sky are split after Erbs."))
    return parts["dni"].fillna(0), level, parts["dhi"].fillna(0)


def check_noon(level: pd.Series, sun: pd.DataFrame, index: pd.DatetimeIndex, told: Told) -> None:
    """Point out radiation whose middle lies far from the sun's noon: the times of the file are not what they seem."""
    hours = np.asarray(index.hour + index.minute / 60, dtype=float)
    height = np.cos(np.radians(sun["zenith"].to_numpy())).clip(0)
    value = level.to_numpy(dtype=float).clip(0)
    if value.sum() <= 0 or height.sum() <= 0:
        return
    noon = np.angle((height * np.exp(2j * np.pi * hours / 24)).sum()) * 24 / (2 * np.pi) % 24
    middle = np.angle((value * np.exp(2j * np.pi * hours / 24)).sum()) * 24 / (2 * np.pi) % 24
    away = (middle - noon + 12) % 24 - 12
    if abs(away) > NOON:
        told.warn(
            mark("The middle of the day's radiation is at {middle}, the sun's noon at {noon}; is the time zone right?"),
            middle=_clock(middle),
            noon=_clock(noon),
        )


def _clock(hours: float) -> str:
    return f"{int(hours):02d}:{int(hours % 1 * 60):02d}"


def on_hours(values: np.ndarray, middle: float) -> np.ndarray:
    """Values of moments that are `middle` minutes within their hours, at the middles of the hours, linear between."""
    share = (30.0 - middle) / 60
    if abs(share) < 1 / 120:
        return values
    beside = np.roll(values, -1 if share > 0 else 1)
    return (1 - abs(share)) * values + abs(share) * beside
