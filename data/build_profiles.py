"""Hourly profiles of the example parks, computed from public data only.

    python data/build_profiles.py

rewrites profiles.csv of parks/lakeside, parks/steelworks and parks/steppe, and of variants/lakeside/flexible. Nothing is random: two runs give the same bytes.

Rows: 8760 hours of the calendar of 2025 (no leap day), hour 0 = midnight of 1 January, a Wednesday: `first_weekday = 2`.
An availability is a share of the capacity, between 0 and 1. A demand is a shape of mean 1, to be scaled to a year's energy. `outside` is in °C.

Sources and licences
- Weather: TMY3 station 723170 (Greensboro, North Carolina; humid subtropical, 36.1 N), National Solar Radiation Data Base of the US National
  Renewable Energy Laboratory, a public US government data set; the file 723170TYA.CSV is shipped inside pvlib (BSD-3-Clause). It stands in
  for the weather of the parks, whose own is not public; its level is corrected where a figure for the place exists (SOLAR_HOURS, WIND_TARGETS).
- Solar: pvlib (BSD-3-Clause): Hay-Davies sky on the tilted plane, SAPM cell temperature, PVWatts module and inverter.
- Wind: power curve of the Nordex N131/3000 in the Wind Turbine Library of the Open Energy Platform (ODbL-1.0, (c) Reiner Lemoine Institut),
  as shipped in windpowerlib (MIT), whose height correction and smoothing of the curve are used too.
- Electricity and heat: standard load profiles of the BDEW as shipped in demandlib (MIT). Germany's shapes; public holidays are China's of 2025.
- Steam, process heat, furnace, cooling, data centre and run-of-river: the rules in this file, which are illustrative.
"""

# pvlib==0.16.1 windpowerlib==0.2.2 demandlib==0.2.2 pandas==2.3.3 numpy==2.4.6 (Python 3.11)

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pvlib
from demandlib import bdew
from windpowerlib import WindTurbine
from windpowerlib.power_curves import smooth_power_curve
from windpowerlib.wind_speed import hellman

PARKS = Path(__file__).parent / "parks"
VARIANTS = Path(__file__).parent / "variants"
YEAR = 2025
HOURS = pd.date_range(f"{YEAR}-01-01", periods=8760, freq="h")

# Full-load hours of rooftop PV in Jiangsu, as in the province's bidding notice of November 2025. Greensboro is sunnier: every solar
# electricity profile is lowered by the one factor that brings the 15-degree roof to this figure.
SOLAR_HOURS = 1080
# Full-load hours of a field in Inner Mongolia, general knowledge (1500 to 1700).
STEPPE_SOLAR_HOURS = 1600
# Capacity factors. The 10 m wind of an airport says when the wind blows, not how much a chosen site has: the speed at hub height is scaled
# until the year's mean is this. Illustrative, within 0.22-0.28 of onshore sites in East China and 0.32-0.40 in Inner Mongolia.
WIND_TARGETS = {"park": 0.22, "coast": 0.28, "hills": 0.26, "steppe": 0.36}
COAST_LEAD = 3  # hours by which weather reaches the coastal wind farm before the park

# Public holidays of China in 2025 (notice of the State Council General Office, November 2024): first and last day.
HOLIDAYS = [("01-01", "01-01"), ("01-28", "02-04"), ("04-04", "04-06"), ("05-01", "05-05"), ("05-31", "06-02"), ("10-01", "10-08")]
# Mean flow of a small regulated stream through its turbine, share of capacity by month: low in winter, full in the rains of July, by which the
# turbine is sized.
STREAM = [0.30, 0.34, 0.44, 0.53, 0.65, 0.88, 1.0, 0.91, 0.71, 0.50, 0.38, 0.31]
# What the heat output of an air-source heat pump loses with each degree below 7 C, at which it is rated: about 2 % (general knowledge: 1.5 to 2.5).
FROST = 0.02


def read_weather() -> pd.DataFrame:
    """TMY3 weather by hour of the year: ghi, dni, dhi, dni_extra [W/m2], temp_air [C], wind_speed [m/s at 10 m]; index = middle of each hour."""
    path = Path(pvlib.__file__).parent / "data" / "723170TYA.CSV"
    weather, station = pvlib.iotools.read_tmy3(path, coerce_year=YEAR, map_variables=True)
    weather.index = weather.index - pd.Timedelta(minutes=30)  # a TMY3 hour is named by its end
    weather.attrs = station
    return weather


def holidays() -> list:
    """Every day in HOLIDAYS."""
    return [day.date() for first, last in HOLIDAYS for day in pd.date_range(f"{YEAR}-{first}", f"{YEAR}-{last}")]


def mean_one(shape) -> np.ndarray:
    """The shape scaled to a mean of 1."""
    values = np.asarray(shape, dtype=float)
    return values / values.mean()


# --- sun, wind, water -------------------------------------------------------------------------------------------------------------------


def irradiance(weather: pd.DataFrame, tilt: float) -> tuple[np.ndarray, np.ndarray]:
    """Irradiance on a plane that faces south at `tilt` degrees, and the same less what is reflected at flat angles [W/m2]."""
    station = weather.attrs
    sun = pvlib.solarposition.get_solarposition(weather.index, station["latitude"], station["longitude"], station["altitude"])
    plane = pvlib.irradiance.get_total_irradiance(
        tilt,
        180,
        sun["apparent_zenith"],
        sun["azimuth"],
        weather["dni"],
        weather["ghi"],
        weather["dhi"],
        dni_extra=weather["dni_extra"],
        model="haydavies",
    ).fillna(0)
    angle = pvlib.irradiance.aoi(tilt, 180, sun["apparent_zenith"], sun["azimuth"])
    effective = plane["poa_direct"] * pvlib.iam.physical(angle) + plane["poa_diffuse"]
    return plane["poa_global"].to_numpy(), effective.fillna(0).to_numpy()


def photovoltaics(weather: pd.DataFrame, tilt: float, mounting: str) -> np.ndarray:
    """AC output of a fixed PV plant per unit of its DC capacity, before the correction of its level."""
    plane, effective = irradiance(weather, tilt)
    cell = pvlib.temperature.sapm_cell(
        plane, weather["temp_air"], weather["wind_speed"], **pvlib.temperature.TEMPERATURE_MODEL_PARAMETERS["sapm"][mounting]
    )
    dc = pvlib.pvsystem.pvwatts_dc(effective, cell, pdc0=1.0, gamma_pdc=-0.0035) * (1 - pvlib.pvsystem.pvwatts_losses() / 100)
    return np.clip(pvlib.inverter.pvwatts(dc, pdc0=1.0, eta_inv_nom=0.96), 0, 1)


def solar_thermal(weather: pd.DataFrame) -> np.ndarray:
    """Heat of flat collectors at 35 degrees delivering at 70 C, per unit of their output at 1000 W/m2 and 20 C outside.

    Efficiency 0.80 - 3.5 dT/G - 0.012 dT^2/G, coefficients of a good large flat collector (illustrative).
    """
    plane, effective = irradiance(weather, 35)
    excess = 70 - weather["temp_air"].to_numpy()
    output = 0.80 * effective - 3.5 * excess - 0.012 * excess**2
    rated = 0.80 * 1000 - 3.5 * 50 - 0.012 * 50**2
    return np.clip(np.where(plane > 0, output, 0) / rated, 0, 1)


def wind(weather: pd.DataFrame, target: float, lead: int = 0) -> np.ndarray:
    """Output of a wind farm per unit of capacity, its speeds scaled so that the mean is `target`; `lead` hours before the station's weather."""
    turbine = WindTurbine(turbine_type="N131/3000", hub_height=120)
    curve = smooth_power_curve(
        turbine.power_curve["wind_speed"],
        turbine.power_curve["value"],
        standard_deviation_method="turbulence_intensity",
        turbulence_intensity=0.12,
    )
    by_day = weather["dni_extra"].to_numpy() > 0
    hub = hellman(
        weather["wind_speed"].to_numpy(), 10, 120, hellman_exponent=np.where(by_day, 0.14, 0.28)
    )  # air is mixed by day, layered by night
    hub = np.roll((hub + np.roll(hub, 1)) / 2, -lead)  # a farm is spread out: mean of this hour and the one before
    farm_efficiency = 0.92  # wakes, outages and cables

    def output(scale: float) -> np.ndarray:
        power = np.interp(hub * scale, curve["wind_speed"], curve["value"], left=0, right=0)
        return np.clip(power / turbine.nominal_power * farm_efficiency, 0, 1)

    low, high = 0.5, 3.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if output(middle).mean() < target else (low, middle)
    return output(low)


def frost(weather: pd.DataFrame) -> np.ndarray:
    """Heat output of an air-source heat pump as a share of that at 7 C outside: what is colder holds less heat, and defrosting takes some."""
    return np.clip(1 - FROST * (7 - weather["temp_air"].to_numpy()), 0, 1)


def stream() -> np.ndarray:
    """Run-of-river availability: STREAM at the middle of each month, linear between."""
    middles = np.array([pd.Timestamp(YEAR, month, 15).dayofyear for month in range(1, 13)], dtype=float)
    return np.interp(HOURS.dayofyear + HOURS.hour / 24 - 0.5, middles, STREAM, period=365)


# --- demands ----------------------------------------------------------------------------------------------------------------------------


def load_profiles() -> pd.DataFrame:
    """BDEW standard electricity load profiles (h0_dyn, g0, g1, g3 ...) by hour, each of mean 1."""
    with warnings.catch_warnings():  # demandlib turns warnings into errors for good
        profiles = bdew.ElecSlp(YEAR, holidays=holidays()).get_profiles("h0_dyn", "g0", "g1", "g3")
    hourly = profiles.resample("h").mean()
    return hourly / hourly.mean()


def space_heating(weather: pd.DataFrame, kind: str, building_class: int = 0) -> np.ndarray:
    """BDEW heat profile of `kind` driven by the weather's temperature, hot water included, mean 1."""
    temperature = pd.Series(weather["temp_air"].to_numpy(), index=HOURS)
    building = bdew.HeatBuilding(
        HOURS,
        holidays=holidays(),
        temperature=temperature,
        shlp_type=kind,
        building_class=building_class,
        wind_class=0,
        annual_heat_demand=1,
        name=kind,
    )
    return mean_one(building.get_bdew_profile())


def working() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Hour of the day, weekday (0 = Monday; a holiday is a Sunday) and season (1 in mid January, -1 in mid July) of every hour."""
    days_off = set(holidays())
    weekday = np.where([hour.date() in days_off for hour in HOURS], 6, HOURS.weekday)
    season = np.cos(2 * np.pi * (HOURS.dayofyear - 15) / 365)
    return HOURS.hour.to_numpy(), weekday, season.to_numpy()


def shifts(night: float, saturday: float, sunday: float, swing: float) -> np.ndarray:
    """A works in three shifts: 1 from 6 to 22 on weekdays, `night` otherwise, less at the weekend; `swing` more in winter, less in summer."""
    hour, weekday, season = working()
    level = np.where((hour >= 6) & (hour < 22), 1.0, night)
    level = np.where(weekday == 5, level * saturday, np.where(weekday == 6, level * sunday, level))
    smooth = (level + np.roll(level, 1) + np.roll(level, 2)) / 3  # boilers and lines follow over three hours
    return mean_one(smooth * (1 + swing * season))


def furnace() -> np.ndarray:
    """An electric furnace and mill: harder by night, Monday's maintenance from 8 to 16, ten days of repair in August."""
    hour, weekday, _ = working()
    level = np.where((hour >= 22) | (hour < 8), 1.1, 0.95)
    level = np.where((weekday == 0) & (hour >= 8) & (hour < 16), 0.35, level)
    repair = (f"{YEAR}-08-04" <= HOURS) & (f"{YEAR}-08-14" > HOURS)
    return mean_one(np.where(repair, 0.2, level))


def space_cooling(weather: pd.DataFrame) -> np.ndarray:
    """Cooling of halls and offices: degrees above 18 C of the last six hours' mean, 40 % of it outside working time; a floor for server rooms."""
    temperature = weather["temp_air"].to_numpy()
    felt = sum(np.roll(temperature, lag) for lag in range(6)) / 6
    hour, weekday, _ = working()
    used = np.where((hour >= 7) & (hour < 20) & (weekday < 6), 1.0, 0.4)
    return mean_one(np.maximum(felt - 18, 0) * used + 0.6)


def cold_store(weather: pd.DataFrame) -> np.ndarray:
    """Heat let into a store of frozen goods at -18 C: 0.004 MW/K through the walls, 0.3 MW of doors, fans, light and goods (illustrative)."""
    return mean_one(0.004 * (weather["temp_air"].to_numpy() + 18) + 0.3)


def data_centre(weather: pd.DataFrame) -> np.ndarray:
    """Servers that work day and night, a tenth less from 0 to 8, and their cooling: 8 % of them, and 0.8 % more for each degree above 5 C.

    The air is taken 10 K colder than the station's, as on a plateau of 1400 m in Inner Mongolia (illustrative).
    """
    hour, _, _ = working()
    servers = np.where(hour < 8, 0.9, 1.0)
    outside = weather["temp_air"].to_numpy() - 10
    return mean_one(servers * (1.08 + 0.008 * np.maximum(outside - 5, 0)))


# --- the parks --------------------------------------------------------------------------------------------------------------------------


def write(park: str, profiles: dict[str, np.ndarray], variant: str = "") -> None:
    """Write profiles.csv of the park, or of what a variant of it adds, four decimals."""
    table = pd.DataFrame(profiles).round(4) + 0.0
    table.insert(0, "hour", range(8760))
    if table.isna().any().any() or len(table) != 8760:
        raise ValueError(f"{park}: a profile has a gap")
    folder = VARIANTS / park / variant if variant else PARKS / park
    table.to_csv(folder / "profiles.csv", index=False, lineterminator="\n")


def main() -> None:
    weather = read_weather()
    load = load_profiles()
    roof = photovoltaics(weather, 15, "close_mount_glass_glass")
    level = SOLAR_HOURS / roof.sum()
    machines = mean_one(0.8 * load["g3"] + 0.2 * load["g1"])
    write(
        "lakeside",
        {
            "solar_roof": roof * level,
            "solar_ground": photovoltaics(weather, 30, "open_rack_glass_polymer") * level,
            "wind_park": wind(weather, WIND_TARGETS["park"]),
            "wind_coast": wind(weather, WIND_TARGETS["coast"], COAST_LEAD),
            "stream": stream(),
            "machines": machines,
            "machine_heat": machines / machines.max(),
            "buildings": mean_one(0.5 * load["g1"] + 0.5 * load["g0"]),
            "steam": shifts(night=0.8, saturday=0.85, sunday=0.6, swing=0.08),
            "process_heat": shifts(night=0.55, saturday=0.75, sunday=0.4, swing=0.12),
            "space_heating": space_heating(weather, "GHD"),
            "space_cooling": space_cooling(weather),
            "outside": weather["temp_air"].to_numpy(),
            "frost": frost(weather),
        },
    )
    write("lakeside", {"cold_store": cold_store(weather)}, "flexible")
    write(
        "steelworks",
        {
            "solar_hills": photovoltaics(weather, 30, "open_rack_glass_polymer") * level,
            "wind_hills": wind(weather, WIND_TARGETS["hills"]),
            "solar_thermal": solar_thermal(weather),
            "furnace": furnace(),
            "furnace_heat": furnace() / furnace().max(),
            "town_power": mean_one(0.7 * load["h0_dyn"] + 0.3 * load["g0"]),
            "steam": shifts(night=0.9, saturday=0.95, sunday=0.7, swing=0.05),
            "town_heat": mean_one(0.7 * space_heating(weather, "MFH", 5) + 0.3 * space_heating(weather, "GHD")),
        },
    )
    steppe = photovoltaics(weather, 40, "open_rack_glass_polymer")
    write(
        "steppe",
        {
            "solar_field": np.clip(steppe * STEPPE_SOLAR_HOURS / steppe.sum(), 0, 1),
            "wind_field": wind(weather, WIND_TARGETS["steppe"]),
            "servers": data_centre(weather),
        },
    )


if __name__ == "__main__":
    main()
