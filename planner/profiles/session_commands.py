"""The command that makes sessions of an export of charge points or a timetable: parse, choose, print; no logic."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from models.errors import CaseError
from planner.language.message import Message
from planner.profiles.options import DECIMALS, Decimal, Spoken, choice_of


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

    Example: plan profiles sessions export.csv --park mypark --chargers car-park --power 7
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
