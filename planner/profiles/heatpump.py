"""Temperatures to heat pumps: the coefficient of performance of each hour, by its source and its sink.

A share of the Carnot figure: COP = q T_sink / (T_sink - T_source), both in kelvin at the refrigerant, which is so many
kelvin warmer than the heat delivered and colder than the source. Defrosting and part load are in the share or nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.errors import CaseError
from planner.language.language import mark
from planner.profiles.profile import Profile
from planner.profiles.told import Told
from planner.profiles.weather import Weather

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
        raise CaseError.because(
            "the source ({least} to {most} °C) is never colder than the sink; no heat pump is needed",
            least=f"{source.min():.0f}",
            most=f"{source.max():.0f}",
        )
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
    told.say(
        mark("{low} to {high} °C, {mean} °C in the mean."),
        low=f"{values.min():.1f}",
        high=f"{values.max():.1f}",
        mean=f"{values.mean():.1f}",
    )
    return Profile(name, values, "°C", told, None, {**weather.facts, "mean_temperature": round(float(values.mean()), 3)})
