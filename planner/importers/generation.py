"""Weather to availabilities of sun and wind, and to the efficiency of heat pumps.

Sun to power is the PVWatts chain (Dobos 2014, NREL/TP-6A20-62641), with pvlib's functions: sky on the tilted plane after Perez,
reflection of a glass cover, cell temperature after Fuentes, a DC output that falls with temperature, fixed losses, an inverter
with a part-load curve and a limit. Shading by neighbours, snow and wear are in the fixed losses or nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from models.errors import CaseError
from planner.importers.commands import check_output, weekday_of
from planner.importers.dialect import Answers
from planner.importers.profile import Profile, Proposal, TableRows, Told
from planner.importers.source import decimal_of, number_of, read_source
from planner.importers.times import zone_of
from planner.importers.weather import Weather, place_of, pvlib, read_years
from planner.importers.write import read_unfinished, stem_of, table_of
from planner.language.language import mark
from planner.language.message import Message
from planner.park.complaints import is_no

KELVIN = 273.15
#: Installed nominal operating temperature of the cell [°C]: on a rack, on a roof.
MOUNTINGS = {mark("rack"): 45.0, mark("roof"): 49.0}
#: Hours by which the middle of the day's radiation may differ from the sun's noon before it is pointed out.
NOON = 0.75


def pv_profile(weather: Weather, a: Answers, name: str, told: Told) -> Profile:
    """The availability of a plant: AC output as a share of its capacity, hour by hour."""
    if "power" in weather.data:
        told.say(mark("The file holds the output of a plant, which is taken as it is."))
        values = weather.column("power")
    else:
        azimuth = a.azimuth if a.azimuth is not None else (180.0 if weather.latitude >= 0 else 0.0)
        words = mark("A fixed plant on a {mounting}, tilt {tilt}°, azimuth {azimuth}°, losses {losses} %, {ratio} of DC to AC.")
        shown = {"tilt": f"{a.tilt:g}", "azimuth": f"{azimuth:g}", "losses": f"{100 * a.losses:g}", "ratio": f"{a.dc_ac:g}"}
        told.say(words, mounting=Message(a.mounting), **shown)
        values = pv_output(weather, a, azimuth, told)
    values = on_hours(np.clip(values, 0, 1), weather.middle)
    basis = "AC" if a.of == "ac" else "DC"
    told.say(mark("{hours} full-load hours of the {basis} capacity."), hours=f"{values.sum():,.0f}", basis=basis)
    return Profile(name, values, "1", told, None, {**weather.facts, "full_load_hours": round(float(values.sum()), 1)})


def pv_output(weather: Weather, a: Answers, azimuth: float, told: Told) -> np.ndarray:
    """AC output (8760,) per unit of capacity at the moments of the weather's radiation."""
    library = pvlib()
    data = weather.data
    sun = library.solarposition.get_solarposition(data.index, weather.latitude, weather.longitude, weather.altitude)
    height = sun["apparent_zenith"]
    beam, level, sky = radiation(weather, sun, told)
    check_noon(level, sun, data.index, told)
    extra = library.irradiance.get_extra_radiation(data.index)
    airmass = library.atmosphere.get_relative_airmass(height)
    plane = library.irradiance.get_total_irradiance(
        a.tilt, azimuth, height, sun["azimuth"], beam, level, sky, dni_extra=extra, airmass=airmass, model="perez"
    ).fillna(0)
    angle = library.irradiance.aoi(a.tilt, azimuth, height, sun["azimuth"])
    effective = (plane["poa_direct"] * library.iam.physical(angle)).fillna(0) + plane["poa_diffuse"]
    air = pd.Series(weather.column("temp_air"), data.index)
    wind = data["wind_speed"] if "wind_speed" in data else pd.Series(1.0, data.index)
    cell = library.temperature.fuentes(plane["poa_global"], air, wind, MOUNTINGS[a.mounting], surface_tilt=a.tilt)
    dc = library.pvsystem.pvwatts_dc(effective, cell, 1.0, a.coefficient) * (1 - a.losses)
    efficiency = 0.96
    ac = library.inverter.pvwatts(dc, 1 / a.dc_ac / efficiency, eta_inv_nom=efficiency)
    share = np.nan_to_num(np.asarray(ac, dtype=float)).clip(0)
    return share * a.dc_ac if a.of == "ac" else share


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
    noon, middle = (np.angle((v * np.exp(2j * np.pi * hours / 24)).sum()) * 24 / (2 * np.pi) % 24 for v in (height, value))
    away = (middle - noon + 12) % 24 - 12
    if abs(away) > NOON:
        words = mark("The middle of the day's radiation is at {middle}, the sun's noon at {noon}; is the time zone right?")
        shown = {name: f"{int(h):02d}:{int(h % 1 * 60):02d}" for name, h in (("middle", middle), ("noon", noon))}
        told.warn(words, **shown)


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
#: Cut-in and cut-out of the generic turbine [m/s], and the standard deviation of speeds within hour and farm by the speed.
CUT_IN, CUT_OUT, BLUR = 3.0, 25.0, 0.12
#: Speeds [m/s] and outputs as shares.
Curve = tuple[np.ndarray, np.ndarray]


def wind_profile(weather: Weather, a: Answers, curve: Curve | None, name: str, told: Told, blur: float = BLUR) -> Profile:
    """The availability of wind power, hour by hour, with its mean speed and its full-load hours told.

    Raises CaseError where there is no wind all year.
    """
    height = a.height or weather.height
    speed = weather.column("wind_high") * (a.hub / height) ** a.exponent
    found = float(speed.mean())
    words = mark("Wind of {height} m above ground brought to {hub} m with an exponent of {exponent}: {speed} m/s in the mean.")
    told.say(words, height=f"{height:g}", hub=f"{a.hub:g}", exponent=f"{a.exponent:g}", speed=f"{found:.2f}")
    if found <= 0:
        raise CaseError.because("{source}: its wind is 0 all year", source=weather.source)
    if a.mean_speed is not None:
        speed = speed * a.mean_speed / found
        words = mark("Speeds were multiplied by {factor}, so that their mean is {speed} m/s.")
        told.say(words, factor=f"{a.mean_speed / found:.3f}", speed=f"{a.mean_speed:g}")
    else:
        words = mark(
            "The mean speed is the file's own; a reanalysis or a station can be far off: "
            "say that of a wind atlas with --mean-speed."
        )
        told.warn(words)
    density = _density(weather, a.hub)
    values = wind_output(speed * (density / DENSITY) ** (1 / 3), curve, a.rated, blur) * (1 - a.losses)
    hours = float(values.sum())
    words = mark("{hours} full-load hours, of which {losses} % are lost to wakes, outages and cables already.")
    told.say(words, hours=f"{hours:,.0f}", losses=f"{100 * a.losses:g}")
    facts = {"mean_speed": round(float(speed.mean()), 3), "mean_speed_of_file": round(found, 3), "full_load_hours": round(hours, 1)}
    return Profile(name, values, "1", told, None, {**weather.facts, **facts})


def wind_output(speed: np.ndarray, curve: Curve | None = None, rated: float = 11.0, blur: float = BLUR) -> np.ndarray:
    """Output as a share of the capacity at these speeds [m/s] of standard air, of a curve or the generic one, blurred."""
    grid = np.arange(0.0, 45.0, 0.1)
    if curve is not None:
        sharp = np.interp(grid, *curve, left=0.0, right=0.0)
    else:
        low, high = CUT_IN**3, rated**3
        sharp = np.where(grid > CUT_OUT, 0.0, np.clip((grid**3 - low) / (high - low), 0, 1))
    if blur > 0:
        width = np.maximum(blur * grid, 0.05)[:, None]
        weight = np.exp(-0.5 * ((grid[None, :] - grid[:, None]) / width) ** 2)
        sharp = (weight * sharp[None, :]).sum(axis=1) / weight.sum(axis=1)
    return np.clip(np.interp(speed, grid, sharp, right=0.0), 0.0, 1.0)


def _density(weather: Weather, hub: float) -> np.ndarray:
    """Density of the air at the hub, of pressure and temperature where the file has them, else of the height above sea."""
    data, hours = weather.data, len(weather.data)
    kelvin = (weather.column("temp_air") if "temp_air" in data else np.full(hours, 15.0)) + KELVIN
    usual = np.full(hours, 101_325 * (1 - 2.25577e-5 * weather.altitude) ** 5.25588)
    pressure = data["pressure"].to_numpy(dtype=float) if "pressure" in data else usual
    return pressure * np.exp(-9.81 * hub / (GAS * kelvin)) / (GAS * kelvin)


def read_curve(path: Path, decimal: str = "") -> Curve:
    """A power curve: two columns, speed [m/s] and power in any unit; the highest power is 1. Raises CaseError."""
    table = read_source(path)
    sign = decimal or decimal_of([cell for row in table.rows for cell in row[:2] if isinstance(cell, str)], table.file)
    pairs = [[number_of(cell, sign) for cell in [*row, "", ""][:2]] for row in table.rows]
    first = next((i for i, pair in enumerate(pairs) if None not in pair), 0)  # headings stand above
    if lost := next((row for row, pair in zip(table.rows[first:], pairs[first:], strict=True) if None in pair), None):
        raise CaseError.because("{path}: {row}: is no speed and power", path=path, row=lost)
    speeds, powers = np.array(pairs[first:], dtype=float).T
    if len(speeds) < 3 or (np.diff(speeds) <= 0).any() or powers.min() < 0 or powers.max() <= 0:
        words = mark("{path}: is no power curve; two columns are needed, speeds that rise and powers not below 0")
        raise CaseError.because(words, path=path)
    return speeds, powers / powers.max()


# --- heat pumps ------------------------------------------------------------------------------------------------------------
# Temperatures to heat pumps and air-cooled chillers: what they make of electricity in each hour, and how much they can make.
#
# .. math::
#     COP_t = \min\left(q \frac{T}{T^{hot}_t - T^{cold}_t}, COP^{max}\right) \qquad s_t = \frac{r_{out} / r_{in}}{COP_t}
#     \qquad \delta_t = \min\left(1, \frac{COP_t}{COP(\theta^{rated})}\right)
#
# T, q  of the sink (of a chiller the source), at the refrigerant: so many kelvin beyond heat and source [K]; share of Carnot
# s     profile of the port of electricity, whose ratio it multiplies     r  ratios of the ports of the type [MWh/MWh]
# δ     derating: the compressor draws what it draws at the rating point at most (as oemof.thermal's calc_max_Q_dot_heat has it)
#
# Defrosting and part load are in the share of Carnot or nowhere.

#: Outside temperature of the rating point of heat pumps and of air-cooled chillers [°C], EN 14511: A7 and A35.
RATED = {"heat": 7.0, "cold": 35.0}
#: Temperatures that a heat pump may have to do with [°C].
COLDEST, HOTTEST = -100.0, 400.0


#: Points (outside temperature, temperature of the heat delivered) [°C], held flat beyond; one point: fixed.
Sink = tuple[tuple[float, float], ...]


def read_sink(text: str) -> Sink:
    """`70`, or points `-10:60,15:35` of outside temperature and sink. Raises CaseError."""
    try:
        pairs = [part.partition(":") for part in text.split(",")] if ":" in text else [("0", ":", text)]
        points = sorted((float(a), float(b)) for a, _, b in pairs)
    except ValueError:
        points = []
    known = all(COLDEST <= value <= HOTTEST for point in points for value in point)
    if points and known and len({a for a, _ in points}) == len(points):
        return tuple(points)
    raise CaseError.because("--sink {text}: is no temperature and no list of OUTSIDE:SINK, e.g. 70 or -10:60,15:35", text=text)


def cop(a: Answers, outside: np.ndarray) -> np.ndarray:
    """The COP at these outside temperatures [°C], of heat or, with `cold`, of cold. Raises CaseError where the source is as warm as
    the sink."""
    if a.cold is None:
        sink = np.interp(outside, *np.array(read_sink(a.sink)).T)
        source = outside if a.source is None else np.full(len(outside), a.source)
    else:
        sink, source = outside, np.full(len(outside), a.cold)
    if a.cold is None and (source >= sink).all():
        words = mark("the source ({least} to {most} °C) is never colder than the sink; no heat pump is needed")
        raise CaseError.because(words, least=f"{source.min():.0f}", most=f"{source.max():.0f}")
    hot, cold = sink + a.approach + KELVIN, source - a.approach + KELVIN
    return np.minimum(a.quality * (hot if a.cold is None else cold) / np.maximum(hot - cold, 1.0), a.highest)


def heat_pump_profile(weather: Weather, a: Answers, name: str, told: Told) -> Profile:
    """The COP of each hour."""
    found = cop(a, weather.column("temp_air"))
    words = mark("COP {low} to {high}, {mean} in the mean: {quality} of Carnot, {approach} K at each exchanger, at most {highest}.")
    ends = {"low": f"{found.min():.2f}", "high": f"{found.max():.2f}", "mean": f"{found.mean():.2f}"}
    told.say(words, quality=f"{a.quality:g}", approach=f"{a.approach:g}", highest=f"{a.highest:g}", **ends)
    facts = {**weather.facts, "mean_cop": round(float(found.mean()), 4), "lowest_cop": round(float(found.min()), 4)}
    return Profile(name, found, "1", told, None, facts)


def of_type(made: Proposal, a: Answers, told: Told) -> Proposal:
    """The COP as what a type of the park has of it: a profile of the port that drives it, and a derating of its technologies.

    Raises CaseError where no technology is of the type, where it takes several things, or has another profile or derating.
    """
    profile, park = made.profiles[0], read_unfinished(a.park)
    kinds = {technology.type_name for technology in park.technologies}
    if a.type not in kinds:
        raise CaseError([is_no("--type", a.type, Message("type of a technology of the park"), sorted(kinds))])
    ports = [port for port in park.ports if port.type == a.type]
    drives, makes = ([port for port in ports if port.direction == way] for way in ("in", "out"))
    if len(drives) != 1 or len(makes) != 1:
        words = mark("{type}: {key} is of one thing made from another; state its ports.csv by hand")
        raise CaseError.because(words, type=a.type, key="COP")
    rated = RATED["heat" if a.cold is None else "cold"] if a.rated is None else a.rated
    at_rated = float(cop(a, np.array([rated]))[0])
    derating, name = np.minimum(profile.values / at_rated, 1.0), f"{profile.name}-derating"
    words = mark(
        "Capacity of {least} to 1, {mean} in the mean: what the compressor makes with the power of {rated} °C outside, COP {cop}."
    )
    told.say(words, least=f"{derating.min():.2f}", mean=f"{derating.mean():.2f}", rated=f"{rated:g}", cop=f"{at_rated:.2f}")
    shape = Profile(profile.name, makes[0].ratio / drives[0].ratio / profile.values, "1", told, None, profile.facts)
    there = {table: table_of(a.park / f"{table}.csv")[1] for table in ("ports", "technologies")}
    own = {table: [row for row in rows if (row.get("type") or row.get("technology")) == a.type] for table, rows in there.items()}
    words = mark("{file}: {type} has a {column} already, {value}; say --replace")
    faults = [
        Message(words, file=f"{table}.csv", type=a.type, column=column, value=row[column])
        for table, column in (("ports", "profile"), ("technologies", "derating"))
        for row in own[table]
        if row.get(column) and not a.replace
    ]
    if faults:
        raise CaseError(faults)
    columns = ("type", "carrier", "direction", "ratio", "temperature", "profile", "source", "note")
    rows: list[dict[str, object]] = [{c: "" if (v := getattr(port, c)) is None else v for c in columns} for port in ports]
    rows = [row | ({"profile": shape.name} if row["direction"] == "in" else {}) for row in rows]
    derated = [row | {"derating": name} for row in own["technologies"]]
    tables = [TableRows("ports.csv", ("type",), rows, is_change=True)]
    tables.append(TableRows("technologies.csv", ("technology",), derated, is_change=True))
    return Proposal(made.title, told, [shape, Profile(name, derating, "1", Told(), None, profile.facts)], tables)


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
    weekday_of(a)
    name = a.name or stem_of(files[0])
    check_output(a, [] if a.each_year else [name])
    years = read_years(files, a.format_, zone_of(a.zone), a.year, a.each_year, told, place_of(a.park))
    names = [f"{name}_{w.label.replace(' ', '_')}" if a.each_year else name for w in years]
    check_output(a, names)
    return Proposal(name, told, [make(w, n, told if len(years) == 1 else Told()) for w, n in zip(years, names, strict=True)])


def read_pv(files: Sequence[Path], a: Answers, told: Told) -> Proposal:
    """The availability of a PV plant."""
    return _read(files, a, told, lambda w, n, told: pv_profile(w, a, n, told))


def read_wind(files: Sequence[Path], a: Answers, told: Told) -> Proposal:
    """The availability of wind power."""
    curve = None if a.curve is None else read_curve(a.curve, a.decimal)
    return _read(files, a, told, lambda w, n, told: wind_profile(w, a, curve, n, told))


def read_temperature(files: Sequence[Path], a: Answers, told: Told) -> Proposal:
    """The air temperature of each hour."""
    return _read(files, a, told, temperature_profile)


def read_heat_pump(files: Sequence[Path], a: Answers, told: Told) -> Proposal:
    """The COP of each hour of a heat pump or an air-cooled chiller, or what a type of the park has of it."""
    if bool(a.sink) == (a.cold is not None):
        raise CaseError.because("--sink, --cold: say one of them, the temperature of the heat or of the cold that is made")
    if a.type and a.each_year:
        raise CaseError.because("--type, --each-year: contradict each other; give one")
    if a.sink:
        read_sink(a.sink)
    made = _read(files, a, told, lambda w, n, told: heat_pump_profile(w, a, n, told))
    return of_type(made, a, told) if a.type else made
