"""The commands that read weather files: parse, choose, print; no logic. What computes is imported when a command runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from inspect import Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from models.errors import CaseError
from planner.language.message import Message
from planner.profiles.finish import ProfileOutput, finish, stem_of
from planner.profiles.options import DECIMALS, AsJson, Name, Out, Park, Picture, Replace, Spoken, choice_of

if TYPE_CHECKING:
    from planner.profiles.profile import Profile
    from planner.profiles.told import Told
    from planner.profiles.weather import Weather

Files = Annotated[
    list[Path],
    typer.Argument(help="EPW, TMY3, PVGIS, NSRDB (PSM), ERA5, MERRA-2 or NASA POWER; several years or a folder of them."),
]
Zone = Annotated[str, typer.Option(help="Time zone of the park, e.g. Asia/Shanghai; needed where the file's times are of UTC.")]
Year = Annotated[int | None, typer.Option(help="Which year to take of several; left out: the latest.")]
EachYear = Annotated[bool, typer.Option("--each-year", help="A profile of each year, NAME_2019, NAME_2020 ….")]
Format = Annotated[str, typer.Option("--format", help="epw, tmy3, pvgis, nsrdb, era5, merra2 or power; left out: found out.")]


@dataclass(frozen=True)
class WeatherAsked:
    """What every command of weather is asked, beside its own options."""

    files: Files
    name: Name = None
    park: Park = None
    replace: Replace = False
    out: Out = None
    picture: Picture = None
    zone: Zone = ""
    year: Year = None
    each_year: EachYear = False
    kind: Format = ""
    as_json: AsJson = False
    language: Spoken = None

    @property
    def output(self) -> ProfileOutput:
        """Where the profile goes."""
        return ProfileOutput(self.park, self.out, self.picture, self.replace, self.as_json, self.language)


def _with_asked(own: Callable[..., None]) -> Callable[..., None]:
    """A command whose options are those of `WeatherAsked` and its own, as Typer reads them: by signature and annotations."""
    kinds = {**get_type_hints(WeatherAsked, include_extras=True), **get_type_hints(own, include_extras=True)}
    names = [field.name for field in fields(WeatherAsked)]
    wanted = [*signature(WeatherAsked).parameters.values(), *signature(own).parameters.values()]

    def run(**values: Any) -> None:
        own(WeatherAsked(**{name: values.pop(name) for name in names}), **values)

    parameters = [p.replace(kind=p.KEYWORD_ONLY, annotation=kinds[p.name]) for p in wanted if p.name != "asked"]
    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in parameters}
    run.__name__, run.__doc__ = own.__name__, own.__doc__
    return run


def pv(
    asked: WeatherAsked,
    tilt: Annotated[float, typer.Option(help="Degrees from level.")] = 20.0,
    azimuth: Annotated[float | None, typer.Option(help="Degrees from north, 180 = south; left out: towards the equator.")] = None,
    mounting: Annotated[str, typer.Option(help="rack (open) or roof (close to it, warmer).")] = "rack",
    losses: Annotated[float, typer.Option(help="Share lost to dirt, wires, mismatch, outages.")] = 0.14,
    dc_ac: Annotated[float, typer.Option("--dc-ac", help="DC capacity per AC capacity of the inverter.")] = 1.2,
    coefficient: Annotated[float, typer.Option(help="Change of output per kelvin of the cell.")] = -0.0037,
    basis: Annotated[str, typer.Option("--of", help="dc or ac: capacity that the availability is a share of.")] = "dc",
) -> None:
    """Weather to the availability of a PV plant (PVWatts chain).

    Example: plan import weather pv weather.epw --tilt 15 --mounting roof --park mypark --name solar_roof
    """
    from planner.profiles.pv import MOUNTINGS, PvPlant, pv_profile

    faults: list[str] = []
    if mounting not in MOUNTINGS:
        faults.append(Message("--mounting {mounting}: is none of {mountings}", mounting=mounting, mountings=", ".join(MOUNTINGS)))
    faults += [] if basis in ("dc", "ac") else [Message("--of {basis}: is none of dc, ac", basis=basis)]
    faults += _within("--tilt", tilt, 0, 90) + _within("--losses", losses, 0, 0.9) + _within("--dc-ac", dc_ac, 0.5, 3)
    faults += _within("--azimuth", azimuth, 0, 360) + _within("--coefficient", coefficient, -0.02, 0)
    plant = PvPlant(tilt, azimuth, mounting, losses, dc_ac, coefficient, basis)
    _make(asked, faults, lambda w, n, told: pv_profile(w, plant, n, told))


def wind(
    asked: WeatherAsked,
    mean_speed: Annotated[
        float | None, typer.Option(help="Mean of the year at the hub, m/s, that the speeds are scaled to.")
    ] = None,
    hub: Annotated[float, typer.Option(help="Height of the hub, m.")] = 120.0,
    height: Annotated[float | None, typer.Option(help="Height of the wind stated, m; left out: as the source has it.")] = None,
    exponent: Annotated[float, typer.Option(help="Exponent of the wind's profile over height.")] = 0.14,
    rated: Annotated[float, typer.Option(help="Rated speed of the generic turbine, m/s.")] = 11.0,
    losses: Annotated[float, typer.Option(help="Share lost to wakes, outages, cables.")] = 0.10,
    curve: Annotated[
        Path | None, typer.Option(help="CSV of a power curve: speed in m/s and power; left out: a generic one.")
    ] = None,
    decimal: Annotated[str, typer.Option(help="--curve: comma or point, sign of the decimals, where both would do.")] = "",
) -> None:
    """Weather to the availability of wind power, scaled to a mean speed.

    Example: plan import weather wind era5.csv --zone Asia/Shanghai --mean-speed 6.2 --park mypark --name wind_coast
    """
    from planner.profiles.wind import Turbine, read_curve, wind_profile

    faults = _within("--mean-speed", mean_speed, 1, 20) + _within("--hub", hub, 5, 300) + _within("--height", height, 1, 300)
    faults += _within("--exponent", exponent, 0, 0.6) + _within("--rated", rated, 6, 20) + _within("--losses", losses, 0, 0.9)
    faults += choice_of("--decimal", decimal, DECIMALS)
    if faults:
        raise CaseError(faults)
    points = None if curve is None else read_curve(curve, decimal)
    turbine = Turbine(hub, height, exponent, rated=rated, losses=losses, mean_speed=mean_speed, curve=points)
    _make(asked, faults, lambda w, n, told: wind_profile(w, turbine, n, told))


def temperature(asked: WeatherAsked) -> None:
    """Weather to the air temperature of each hour, in °C."""
    from planner.profiles.heatpump import temperature_profile

    _make(asked, [], temperature_profile)


def heat_pump(
    asked: WeatherAsked,
    sink: Annotated[str, typer.Option(help="Temperature of the heat, °C: 70, or by outside temperature: -10:60,15:35.")],
    source: Annotated[float | None, typer.Option(help="Temperature of the source, °C; left out: the outside air.")] = None,
    quality: Annotated[float, typer.Option(help="Share of the Carnot figure.")] = 0.5,
    approach: Annotated[float, typer.Option(help="Kelvin at each heat exchanger.")] = 5.0,
    highest: Annotated[float, typer.Option(help="Highest COP.")] = 8.0,
    per: Annotated[float | None, typer.Option(help="Divide the COP by this, e.g. by the one of ports.csv.")] = None,
) -> None:
    """Weather to the COP of a heat pump of each hour, by source and sink.

    Example: plan import weather heat-pump weather.epw --sink -10:60,15:35 --park mypark --name cop_air
    """
    from planner.profiles.heatpump import HeatPump, heat_pump_profile, read_sink

    faults = _within("--source", source, -40, 150) + _within("--quality", quality, 0.05, 1) + _within("--approach", approach, 0, 30)
    faults += _within("--highest", highest, 1, 30) + _within("--per", per, 0.1, 30)
    try:
        points = read_sink(sink)
    except CaseError as error:
        points, faults = ((0.0, 0.0),), [*faults, *error.complaints]
    pump = HeatPump(points, source, quality, approach, highest, per)
    _make(asked, faults, lambda w, n, told: heat_pump_profile(w, pump, n, told))


def _within(option: str, value: float | None, least: float, most: float) -> list[str]:
    return (
        []
        if value is None or least <= value <= most
        else [
            Message(
                "{option} {value}: is not within {least} to {most}",
                option=option,
                value=f"{value:g}",
                least=f"{least:g}",
                most=f"{most:g}",
            )
        ]
    )


def _make(asked: WeatherAsked, faults: list[str], make: Callable[[Weather, str, Told], Profile]) -> None:
    """Read the years, make a profile of each that is wanted, write them."""
    from planner.profiles.clock import zone_of
    from planner.profiles.readers import FORMATS, read_years
    from planner.profiles.told import Told

    if asked.kind and asked.kind not in FORMATS:
        faults = [*faults, Message("--format {format}: is none of {formats}", format=asked.kind, formats=", ".join(FORMATS))]
    if asked.each_year and asked.year is not None:
        faults = [*faults, Message("--year, --each-year: contradict each other; give one")]
    if faults:
        raise CaseError(faults)
    output, named = asked.output, asked.name or stem_of(asked.files[0])
    output.check([named] if not asked.each_year else [])
    told = Told()
    years = read_years(asked.files, asked.kind, zone_of(asked.zone), asked.year, asked.each_year, told)
    names = [named if not asked.each_year else f"{named}_{w.label.replace(' ', '_')}" for w in years]
    output.check(names)
    finish([make(w, n, told if len(years) == 1 else Told()) for w, n in zip(years, names, strict=True)], output)


def register(app: typer.Typer) -> None:
    """Add the commands to `plan import`."""
    for own in (pv, wind, temperature, heat_pump):
        app.command(own.__name__.replace("_", "-"))(_with_asked(own))
