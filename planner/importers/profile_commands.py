"""The commands that make profiles: parse, choose, print; no logic. What computes is imported when a command runs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from inspect import Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from models.errors import CaseError
from planner.importers.options import (
    DECIMALS,
    AsJson,
    Decimal,
    Despite,
    Name,
    Out,
    Park,
    Picture,
    ProfileOutput,
    Quiet,
    Replace,
    Spoken,
    above_zero,
    capacity_of,
    choice_of,
    finish,
    stem_of,
    within,
)
from planner.language.message import Message

if TYPE_CHECKING:
    from planner.importers.profile import Profile, Told
    from planner.importers.weather import Weather


def import_meter(
    files: Annotated[
        list[Path], typer.Argument(help="Readings of a meter: CSV, xlsx, xls, or Green Button XML; several are joined in time.")
    ],
    name: Name = None,
    park: Park = None,
    add: Annotated[list[Path] | None, typer.Option(help="Meter whose readings are added; may be repeated.")] = None,
    less: Annotated[list[Path] | None, typer.Option(help="Meter whose readings are taken off; may be repeated.")] = None,
    demand: Annotated[bool, typer.Option("--demand", help="--park: write its row into demand.csv, too.")] = False,
    replace: Replace = False,
    out: Out = None,
    picture: Picture = None,
    column: Annotated[str, typer.Option(help="Column of the values: heading, part of it, number; or 'A + B - C'.")] = "",
    time: Annotated[str, typer.Option(help="Column of the times; left out: the first that holds some.")] = "",
    only: Annotated[str, typer.Option(help="COLUMN=VALUE: take only these rows, e.g. of one meter.")] = "",
    unit: Annotated[str, typer.Option(help="kW, kWh, MW, MWh, 万kWh, GJ, t/h, t, m3/h, m3; left out: as the heading says.")] = "",
    order: Annotated[str, typer.Option(help="dmy or mdy: order of day and month, where both would do.")] = "",
    stamp: Annotated[str, typer.Option(help="start or end: what a time is of its interval.")] = "",
    zone: Annotated[str, typer.Option(help="Time zone of the file's clock, e.g. Asia/Shanghai, Europe/Berlin, +08:00.")] = "",
    year: Annotated[int | None, typer.Option(help="Which year to take of several, or of a list without times.")] = None,
    register: Annotated[
        bool | None, typer.Option("--register/--no-register", help="The values are readings of a register that counts on.")
    ] = None,
    times: Annotated[
        str, typer.Option(help="Multiply the values, e.g. by the ratio of the meter's transformers; column: each by its row's.")
    ] = "",
    content: Annotated[float | None, typer.Option(help="MWh in a tonne of steam or a cubic metre of gas.")] = None,
    doubled: Annotated[str, typer.Option(help="first, last, mean or sum: what to take where a time has several values.")] = "",
    negative: Annotated[str, typer.Option(help="zero: take values below 0 as 0.")] = "",
    longest_gap: Annotated[float, typer.Option(help="Hours of the longest gap that is filled.")] = 48.0,
    first_weekday: Annotated[
        int | None, typer.Option(help="0 = Monday: weekday of 1 January; left out: the park's, else the file's.")
    ] = None,
    encoding: Annotated[str, typer.Option(help="Encoding of the text; left out: found out.")] = "",
    sheet: Annotated[str, typer.Option(help="Sheet of a workbook; all: each, joined in time.")] = "",
    decimal: Decimal = "",
    plant: Annotated[str, typer.Option(help="Capacity of the plant whose output is read, e.g. 500kWp: its availability.")] = "",
    spikes: Annotated[str, typer.Option(help="keep or gap: what to do with single readings far above all others.")] = "",
    despite_heading: Despite = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
    language: Spoken = None,
) -> None:
    """Meter readings to a demand profile, with its energy, its peaks and a picture.

    Example: plan import meter meter.csv --park mypark --name machines
    """
    from planner.importers.headings import ColumnsWanted
    from planner.importers.meters import Request, load_profile
    from planner.importers.source import number_of

    faults = choice_of("--order", order, ("ymd", "dmy", "mdy")) + choice_of("--stamp", stamp, ("start", "end"))
    faults += choice_of("--doubled", doubled, ("first", "last", "mean", "sum")) + choice_of("--negative", negative, ("zero",))
    faults += choice_of("--decimal", decimal, DECIMALS) + choice_of("--spikes", spikes, ("keep", "gap"))
    faults += above_zero("--content", content) + above_zero("--longest-gap", longest_gap)
    factor = number_of(times, "") if times != "column" else None
    if times not in ("", "column"):
        faults += [Message("--times {times}: is no number", times=times)] if factor is None else above_zero("--times", factor)
    faults += within("--year", year, 1900, 2300)
    faults += [] if capacity_of(plant) is not None else [Message("--plant {plant}: is no capacity; write e.g. 500kWp", plant=plant)]
    if plant and demand:
        faults.append(Message("--plant, --demand: what a plant makes is no demand; give one"))
    output = ProfileOutput(park, out, picture, replace, as_json, language, quiet, demand)
    first_weekday, more = output.weekday(first_weekday)
    if faults + more:
        raise CaseError(faults + more)
    named = name or stem_of(files[0])
    output.check([named])
    request = Request(
        ColumnsWanted(column, time, only, decimal),
        unit,
        order,
        stamp,
        zone,
        encoding,
        sheet,
        year,
        register,
        times if times == "column" else factor,
        content,
        doubled,
        negative,
        longest_gap,
        first_weekday,
        despite_heading,
        spikes,
        capacity_of(plant) or 0.0,
    )
    finish([load_profile(files, named, request, add or [], less or [])], output)


def sessions(
    file: Annotated[
        Path,
        typer.Argument(
            help="Export of charge points (CSV, xlsx), ACN-Data (JSON), a fleet's timetable with clock times; or a typical group: "
            "commuters, depot-buses, lorries-one-shift, lorries-two-shifts, forklifts."
        ),
    ],
    chargers: Annotated[str, typer.Option(help="Group of chargers.csv that they stand at; it gets a row if it has none.")],
    park: Annotated[Path | None, typer.Option(help="Park folder whose sessions.csv gets the rows; left out: to stdout.")] = None,
    power: Annotated[float, typer.Option(help="kW of a vehicle, where the file states no power.")] = 11.0,
    efficiency: Annotated[float, typer.Option(help="Energy in the vehicle per energy drawn, of a group that is new.")] = 0.92,
    vehicles: Annotated[float | None, typer.Option(help="How many vehicles, of a typical group.")] = None,
    rows: Annotated[int, typer.Option(help="Rows at most; sessions that are less alike are put together.")] = 40,
    zone: Annotated[str, typer.Option(help="Time zone of the park, where times are of UTC, e.g. Asia/Shanghai.")] = "",
    decimal: Decimal = "",
    replace: Annotated[bool, typer.Option("--replace", help="Put the rows in place of those that the group has.")] = False,
    language: Spoken = None,
) -> None:
    """Charging sessions to rows of sessions.csv: alike ones become one row, with how many there are of it a day;
    or those of a typical group.

    Example: plan import sessions export.csv --park mypark --chargers car-park --power 7
    """
    from planner.importers.sessions import (
        Grouped,
        group_sessions,
        read_sessions,
        rows_text,
        told,
        told_energy,
        told_of_group,
        typical_groups,
        typical_sessions,
        write_rows,
    )
    from planner.importers.times import zone_of
    from planner.importers.write import weekday_of_park
    from planner.language.language import choose_language
    from planner.process.terminal import stderr, stdout, tell

    spoken = choose_language(language)
    count = 1.0 if vehicles is None else vehicles
    limits = ((power, "--power", 10_000), (count, "--vehicles", 100_000), (efficiency, "--efficiency", 1), (rows, "--rows", 200))
    faults: list[str] = [
        Message("{option} {value}: is not above 0 and at most {most}", option=option, value=f"{value:g}", most=f"{most:,}")
        for value, option, most in limits
        if not 0 < value <= most
    ]
    if faults := [*faults, *choice_of("--decimal", decimal, DECIMALS)]:
        raise CaseError(faults)
    if park is not None:
        weekday_of_park(park)
    if str(file) in typical_groups() and not file.exists():
        own = typical_sessions(str(file), chargers, count)
        found, lines = Grouped(own), (*told_of_group(str(file), own), told_energy(own))
    elif vehicles is not None:
        raise CaseError.because(
            "--vehicles: is of a typical group only ({groups}); a file says how many there are", groups=", ".join(typical_groups())
        )
    else:
        stays = read_sessions(file, zone_of(zone), decimal)
        found = group_sessions(stays, chargers, efficiency, power / 1000, rows)
        lines = tuple(told(file, stays, found))
    written = write_rows(park, found, chargers, efficiency, replace) if park is not None else []
    console = stdout if park is not None else stderr
    for line in lines:
        tell(f"{chargers}: {spoken.tell(line)}", console)
    for path in written:
        tell(str(path), console)
    if park is None:
        typer.echo(rows_text(found.rows), nl=False)


# --- shape commands --------------------------------------------------------------------------------------------------------


def shape(
    kind: Annotated[str, typer.Argument(help="continuous, three-shift, two-shift, one-shift, office, heating, cooling, bdew-g0 …")],
    bills: Annotated[Path | None, typer.Option(help="Table of 12 months, 4 quarters, 365 days or one year.")] = None,
    energy: Annotated[str, typer.Option(help="Energy of the year in place of bills, e.g. 12000MWh.")] = "",
    name: Annotated[str | None, typer.Option(help="Name of the profile; left out: the kind.")] = None,
    park: Park = None,
    replace: Replace = False,
    out: Out = None,
    picture: Picture = None,
    year: Annotated[int | None, typer.Option(help="Year whose weekdays and holidays count; left out: that of the bills.")] = None,
    holidays: Annotated[str, typer.Option(help="cn, de or none.")] = "none",
    unit: Annotated[str, typer.Option(help="Unit of the bills; left out: as the heading says.")] = "",
    column: Annotated[str, typer.Option(help="Column of the bills' amounts.")] = "",
    content: Annotated[float | None, typer.Option(help="MWh in a tonne of steam or a cubic metre of gas.")] = None,
    carrier: Annotated[str, typer.Option(help="Carrier in the row of demand.csv.")] = "",
    weather: Annotated[Path | None, typer.Option(help="Weather file, for heating and cooling.")] = None,
    zone: Annotated[str, typer.Option(help="Time zone of the park, where the weather file's times are of UTC.")] = "",
    base: Annotated[float | None, typer.Option(help="Heat below, or cool above, this outside temperature, °C (15 and 20).")] = None,
    floor: Annotated[float, typer.Option(help="Share that is the same all year, e.g. hot water.")] = 0.0,
    decimal: Decimal = "",
    despite_heading: Despite = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
    language: Spoken = None,
) -> None:
    """Bills to a demand profile, with the shape of a known kind of user.

    Example: plan import shape three-shift --bills bills.csv --holidays cn --park mypark --name machines
    """
    from planner.importers.profile import HOURS, Recognised, Told
    from planner.importers.quantities import read_unit
    from planner.importers.series import MOST
    from planner.importers.shapes import DEGREES, HOLIDAYS, KINDS, Degrees, shape_profile
    from planner.importers.source import number_of
    from planner.importers.times import zone_of
    from planner.importers.weather import read_years
    from planner.park.complaints import is_no

    output = ProfileOutput(park, out, picture, replace, as_json, language, quiet)
    faults = [] if kind in KINDS else [is_no("kind", kind, Message("known shape"), KINDS)]
    faults += choice_of("--holidays", holidays, HOLIDAYS) + choice_of("--decimal", decimal, DECIMALS)
    faults += within("--floor", floor, 0, 1) + within("--base", base, -50, 60) + within("--year", year, 1990, 2100)
    faults += above_zero("--content", content, 1e3)
    if kind in DEGREES and weather is None:
        faults.append(Message("{kind}: follows the outside temperature; give a weather file with --weather", kind=kind))
    if bills is not None and energy:
        faults.append(Message("--bills, --energy: contradict each other; give one"))
    found = re.fullmatch(r"\s*([\d.]+)\s*(\S+)\s*", energy) if energy else None
    said = read_unit(found[2]) if found else None
    amount = None if found is None else number_of(found[1], "point")
    if energy and (amount is None or said is None or said.is_rate or said.content):
        faults.append(Message("--energy {energy}: is no energy; write for example 12000MWh", energy=energy))
    elif amount is not None and said is not None and amount * said.size > MOST * HOURS:
        most = f"{MOST * HOURS:g}"
        faults.append(Message("--energy {energy}: is more than any park uses; at most {most} MWh", energy=energy, most=most))
    first, more = output.weekday(None)
    if faults + more:
        raise CaseError(faults + more)
    named = name or kind
    output.check([named])
    told = Told()
    energies: list[float] = []
    read: Recognised | None = None
    own = carrier or {"heating": "heat", "cooling": "cold"}.get(kind, "electricity")
    if bills is not None:
        from planner.importers.shapes import read_bills

        energies, of, measured, mark = read_bills(bills, unit, column, year, content, told, decimal, despite_heading)
        read = Recognised(measured.label, 0, (mark,))
        year = year if year is not None else of
        own = carrier or measured.content or own
    elif amount is not None and said is not None:
        energies = [amount * said.size]
    if year is None:
        raise CaseError.because("--year: is needed, since weekdays and holidays depend on it, e.g. --year 2025")
    sky = None if weather is None else read_years([weather], "", zone_of(zone), None, False, told)[0]
    degrees = Degrees(base if base is not None else (15.0 if kind == "heating" else 20.0), floor)
    finish([shape_profile(kind, year, holidays, first, sky, degrees, energies, named, own, told, read)], output)


# --- weather commands ------------------------------------------------------------------------------------------------------

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
    from planner.importers.generation import MOUNTINGS, PvPlant, pv_profile

    faults = choice_of("--mounting", mounting, tuple(MOUNTINGS)) + choice_of("--of", basis, ("dc", "ac"))
    faults += within("--tilt", tilt, 0, 90) + within("--losses", losses, 0, 0.9) + within("--dc-ac", dc_ac, 0.5, 3)
    faults += within("--azimuth", azimuth, 0, 360) + within("--coefficient", coefficient, -0.02, 0)
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
    from planner.importers.generation import Turbine, read_curve, wind_profile

    faults = within("--mean-speed", mean_speed, 1, 20) + within("--hub", hub, 5, 300) + within("--height", height, 1, 300)
    faults += within("--exponent", exponent, 0, 0.6) + within("--rated", rated, 6, 20) + within("--losses", losses, 0, 0.9)
    faults += choice_of("--decimal", decimal, DECIMALS)
    if faults:
        raise CaseError(faults)
    points = None if curve is None else read_curve(curve, decimal)
    turbine = Turbine(hub, height, exponent, rated=rated, losses=losses, mean_speed=mean_speed, curve=points)
    _make(asked, faults, lambda w, n, told: wind_profile(w, turbine, n, told))


def temperature(asked: WeatherAsked) -> None:
    """Weather to the air temperature of each hour, in °C."""
    from planner.importers.generation import temperature_profile

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
    from planner.importers.generation import HeatPump, heat_pump_profile, read_sink

    faults = within("--source", source, -40, 150) + within("--quality", quality, 0.05, 1) + within("--approach", approach, 0, 30)
    faults += within("--highest", highest, 1, 30) + within("--per", per, 0.1, 30)
    try:
        points = read_sink(sink)
    except CaseError as error:
        points, faults = ((0.0, 0.0),), [*faults, *error.complaints]
    pump = HeatPump(points, source, quality, approach, highest, per)
    _make(asked, faults, lambda w, n, told: heat_pump_profile(w, pump, n, told))


def _make(asked: WeatherAsked, faults: list[str], make: Callable[[Weather, str, Told], Profile]) -> None:
    """Read the years, make a profile of each that is wanted, write them."""
    from planner.importers.profile import Told
    from planner.importers.times import zone_of
    from planner.importers.weather import READERS, read_years

    faults = [*faults, *choice_of("--format", asked.kind, tuple(READERS))]
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
