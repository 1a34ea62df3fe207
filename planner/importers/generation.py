"""Weather to availabilities of sun and wind, and to the efficiency of heat pumps.

Sun to power is the PVWatts chain (Dobos 2014, NREL/TP-6A20-62641), with pvlib's functions: sky on the tilted plane after Perez,
reflection of a glass cover, cell temperature after Fuentes, a DC output that falls with temperature, fixed losses, an inverter
with a part-load curve and a limit. Shading by neighbours, snow and wear are in the fixed losses or nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from models.errors import CaseError
from planner.importers.commands import check_output, weekday_of
from planner.importers.dialect import Answers
from planner.importers.profile import Profile, Proposal, Told
from planner.importers.source import decimal_of, number_of, read_source
from planner.importers.times import zone_of
from planner.importers.weather import Weather, pvlib, read_years
from planner.importers.write import stem_of
from planner.language.language import mark
from planner.language.message import Message

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
            mounting=Message(plant.mounting),
            tilt=f"{plant.tilt:g}",
            azimuth=f"{azimuth:g}",
            losses=f"{100 * plant.losses:g}",
            ratio=f"{plant.dc_ac:g}",
        )
        values = pv_output(weather, plant, azimuth, told)
    values = on_hours(np.clip(values, 0, 1), weather.middle)
    basis = "AC" if plant.basis == "ac" else "DC"
    told.say(mark("{hours} full-load hours of the {basis} capacity."), hours=f"{values.sum():,.0f}", basis=basis)
    return Profile(name, values, "1", told, None, {**weather.facts, "full_load_hours": round(float(values.sum()), 1)})


def pv_output(weather: Weather, plant: PvPlant, azimuth: float, told: Told) -> np.ndarray:
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
        words = mark("The middle of the day's radiation is at {middle}, the sun's noon at {noon}; is the time zone right?")
        told.warn(words, middle=_clock(middle), noon=_clock(noon))


def _clock(hours: float) -> str:
    return f"{int(hours):02d}:{int(hours % 1 * 60):02d}"


def on_hours(values: np.ndarray, middle: float) -> np.ndarray:
    """Values of moments that are `middle` minutes within their hours, at the middles of the hours, linear between."""
    share = (30.0 - middle) / 60
    if abs(share) < 1 / 120:
        return values
    beside = np.roll(values, -1 if share > 0 else 1)
    return (1 - abs(share)) * values + abs(share) * beside


# --- wind ------------------------------------------------------------------------------------------------------------------
# Wind to power: the speed at the hub, and the curve of a generic turbine.
#
# The curve rises with the cube of the speed from cut-in to rated speed, and is blurred by the turbulence within an hour and
# over a farm. Wakes, outages and cables are one loss. Reanalyses such as ERA5 and MERRA-2 miss hills and coasts, and stations
# stand low: the mean speed at the hub, from a wind atlas or a mast, is worth more than any of them (`mean_speed`).

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
    words = mark("Wind of {height} m above ground brought to {hub} m with an exponent of {exponent}: {speed} m/s in the mean.")
    told.say(words, height=f"{height:g}", hub=f"{turbine.hub:g}", exponent=f"{turbine.exponent:g}", speed=f"{found:.2f}")
    if found <= 0:
        raise CaseError.because("{source}: its wind is 0 all year", source=weather.source)
    if turbine.mean_speed is not None:
        speed = speed * turbine.mean_speed / found
        words = mark("Speeds were multiplied by {factor}, so that their mean is {speed} m/s.")
        told.say(words, factor=f"{turbine.mean_speed / found:.3f}", speed=f"{turbine.mean_speed:g}")
    else:
        told.warn(
            mark(
                "The mean speed is the file's own; a reanalysis or a station can be far off: "
                "say that of a wind atlas with --mean-speed."
            )
        )
    density = _density(weather, turbine.hub)
    values = wind_output(speed * (density / DENSITY) ** (1 / 3), turbine) * (1 - turbine.losses)
    hours = float(values.sum())
    words = mark("{hours} full-load hours, of which {losses} % are lost to wakes, outages and cables already.")
    told.say(words, hours=f"{hours:,.0f}", losses=f"{100 * turbine.losses:g}")
    facts = {
        **weather.facts,
        "mean_speed": round(float(speed.mean()), 3),
        "mean_speed_of_file": round(found, 3),
        "full_load_hours": round(hours, 1),
    }
    return Profile(name, values, "1", told, None, facts)


def wind_output(speed: np.ndarray, turbine: Turbine) -> np.ndarray:
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
    sign = decimal or decimal_of(texts, table.file)
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


# --- heat pumps ------------------------------------------------------------------------------------------------------------
# Temperatures to heat pumps: the coefficient of performance of each hour, by its source and its sink.
#
# A share of the Carnot figure: COP = q T_sink / (T_sink - T_source), both in kelvin at the refrigerant, which is so many
# kelvin warmer than the heat delivered and colder than the source. Defrosting and part load are in the share or nowhere.

KELVIN = 273.15
#: Temperatures that a heat pump may have to do with [°C].
COLDEST, HOTTEST = -100.0, 400.0


@dataclass(frozen=True)
class HeatPump:
    """A heat pump.

    sink      temperature of the heat delivered [°C]: (outside temperature, sink) points, held flat beyond; one point: fixed
    source    temperature of the source [°C]; None: the outside air
    quality   share of the Carnot figure
    approach  kelvin between refrigerant and source, and refrigerant and sink
    highest   no COP is above
    per       the profile is the COP divided by this; None: the COP itself
    """

    sink: tuple[tuple[float, float], ...]
    source: float | None = None
    quality: float = 0.5
    approach: float = 5.0
    highest: float = 8.0
    per: float | None = None


def read_sink(text: str) -> tuple[tuple[float, float], ...]:
    """`70`, or points `-10:60,15:35` of outside temperature and sink. Raises CaseError."""
    try:
        pairs = [part.partition(":") for part in text.split(",")] if ":" in text else [("0", ":", text)]
        points = sorted((float(a), float(b)) for a, _, b in pairs)
    except ValueError:
        points = []
    if points and len({a for a, _ in points}) == len(points) and all(_is_known(a) and _is_known(b) for a, b in points):
        return tuple(points)
    raise CaseError.because("--sink {text}: is no temperature and no list of OUTSIDE:SINK, e.g. 70 or -10:60,15:35", text=text)


def _is_known(temperature: float) -> bool:
    """True of a temperature that heat and air can have [°C]; not of nan and inf."""
    return COLDEST <= temperature <= HOTTEST


def cop(pump: HeatPump, outside: np.ndarray) -> np.ndarray:
    """The COP (8760,) at these outside temperatures [°C]. Raises CaseError where the source is as warm as the sink."""
    points = np.array(pump.sink)
    sink = np.interp(outside, points[:, 0], points[:, 1])
    source = outside if pump.source is None else np.full(len(outside), pump.source)
    if (source >= sink).all():
        words = mark("the source ({least} to {most} °C) is never colder than the sink; no heat pump is needed")
        raise CaseError.because(words, least=f"{source.min():.0f}", most=f"{source.max():.0f}")
    hot = sink + pump.approach + KELVIN
    lift = np.maximum(hot - (source - pump.approach + KELVIN), 1.0)
    return np.minimum(pump.quality * hot / lift, pump.highest)


def heat_pump_profile(weather: Weather, pump: HeatPump, name: str, told: Told) -> Profile:
    """The COP of each hour, or its ratio to the one that a port's ratio states."""
    outside = weather.column("temp_air")
    found = cop(pump, outside)
    told.say(
        mark("COP {low} to {high}, {mean} in the mean: {quality} of Carnot, {approach} K at each exchanger, at most {highest}."),
        low=f"{found.min():.2f}",
        high=f"{found.max():.2f}",
        mean=f"{found.mean():.2f}",
        quality=f"{pump.quality:g}",
        approach=f"{pump.approach:g}",
        highest=f"{pump.highest:g}",
    )
    values = found
    if pump.per is not None:
        values = found / pump.per
        told.say(mark("The profile is the COP divided by {per}."), per=f"{pump.per:g}")
    facts = {**weather.facts, "mean_cop": round(float(found.mean()), 4), "lowest_cop": round(float(found.min()), 4)}
    return Profile(name, values, "1", told, None, facts)


def temperature_profile(weather: Weather, name: str, told: Told) -> Profile:
    """The air temperature of each hour [°C], as a mean of the hour."""
    values = weather.column("temp_air")
    words = mark("{low} to {high} °C, {mean} °C in the mean.")
    told.say(words, low=f"{values.min():.1f}", high=f"{values.max():.1f}", mean=f"{values.mean():.1f}")
    return Profile(name, values, "°C", told, None, {**weather.facts, "mean_temperature": round(float(values.mean()), 3)})


# --- commands --------------------------------------------------------------------------------------------------------------


def _read(files: Sequence[Path], a: Answers, told: Told, make: Callable[[Weather, str, Told], Profile]) -> Proposal:
    """A profile of each year of the weather that is wanted. Raises CaseError with all that has to be said."""
    if a.each_year and a.year is not None:
        raise CaseError.because("--year, --each-year: contradict each other; give one")
    if a.park is not None:
        weekday_of(a)
    name = a.name or stem_of(files[0])
    check_output(a, [] if a.each_year else [name])
    years = read_years(files, a.format_, zone_of(a.zone), a.year, a.each_year, told)
    names = [f"{name}_{w.label.replace(' ', '_')}" if a.each_year else name for w in years]
    check_output(a, names)
    return Proposal(name, told, [make(w, n, told if len(years) == 1 else Told()) for w, n in zip(years, names, strict=True)])


def read_pv(files: Sequence[Path], a: Answers, told: Told) -> Proposal:
    """The availability of a PV plant."""
    plant = PvPlant(a.tilt, a.azimuth, a.mounting, a.losses, a.dc_ac, a.coefficient, a.of)
    return _read(files, a, told, lambda w, n, told: pv_profile(w, plant, n, told))


def read_wind(files: Sequence[Path], a: Answers, told: Told) -> Proposal:
    """The availability of wind power."""
    curve = None if a.curve is None else read_curve(a.curve, a.decimal)
    turbine = Turbine(a.hub, a.height, a.exponent, rated=a.rated, losses=a.losses, mean_speed=a.mean_speed, curve=curve)
    return _read(files, a, told, lambda w, n, told: wind_profile(w, turbine, n, told))


def read_temperature(files: Sequence[Path], a: Answers, told: Told) -> Proposal:
    """The air temperature of each hour."""
    return _read(files, a, told, temperature_profile)


def read_heat_pump(files: Sequence[Path], a: Answers, told: Told) -> Proposal:
    """The COP of a heat pump of each hour."""
    pump = HeatPump(read_sink(a.sink), a.source, a.quality, a.approach, a.highest, a.per)
    return _read(files, a, told, lambda w, n, told: heat_pump_profile(w, pump, n, told))
