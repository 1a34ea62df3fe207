"""The commands that make profiles: parse, choose, print; no logic. What computes is imported when a command runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from models.errors import CaseError
from planner.language.message import Message
from planner.profiles.finish import ProfileOutput, finish, stem_of
from planner.profiles.options import (
    DECIMALS,
    AsJson,
    Decimal,
    Despite,
    Name,
    Out,
    Park,
    Picture,
    Quiet,
    Replace,
    Spoken,
    capacity_of,
    choice_of,
)


def load(
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
    from planner.profiles.layout import ColumnsWanted
    from planner.profiles.load import Request, load_profile
    from planner.profiles.numbers import number_of

    faults = choice_of("--order", order, ("ymd", "dmy", "mdy")) + choice_of("--stamp", stamp, ("start", "end"))
    faults += choice_of("--doubled", doubled, ("first", "last", "mean", "sum")) + choice_of("--negative", negative, ("zero",))
    faults += choice_of("--decimal", decimal, DECIMALS) + choice_of("--spikes", spikes, ("keep", "gap"))
    faults += _at_least("--content", content) + _at_least("--longest-gap", longest_gap)
    factor = number_of(times, "") if times != "column" else None
    if times not in ("", "column"):
        faults += [Message("--times {times}: is no number", times=times)] if factor is None else _at_least("--times", factor)
    if year is not None and not 1900 <= year <= 2300:
        faults.append(Message("--year {year}: is not within 1900 to 2300", year=year))
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


def _at_least(option: str, value: float | None) -> list[str]:
    if value is None or 0 < value < 1e9:
        return []
    return [Message("{option} {value}: is not above {least}", option=option, value=f"{value:g}", least="0")]


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
    from planner.language.language import choose_language
    from planner.process.terminal import stderr, stdout, tell
    from planner.profiles.clock import zone_of
    from planner.profiles.session_rows import Grouped, group_sessions, rows_text, told, told_energy, write_rows
    from planner.profiles.sessions import read_sessions
    from planner.profiles.typical_sessions import told_of_group, typical_groups, typical_sessions
    from planner.profiles.write import weekday_of_park

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


