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
        Path, typer.Argument(help="Export of charge points (CSV, xlsx), ACN-Data (JSON), or a fleet's timetable with clock times.")
    ],
    chargers: Annotated[str, typer.Option(help="Group of chargers.csv that they stand at; it gets a row if it has none.")],
    park: Annotated[Path | None, typer.Option(help="Park folder whose sessions.csv gets the rows; left out: to stdout.")] = None,
    power: Annotated[float, typer.Option(help="kW of a vehicle, where the file states no power.")] = 11.0,
    efficiency: Annotated[float, typer.Option(help="Energy in the vehicle per energy drawn, of a group that is new.")] = 0.92,
    rows: Annotated[int, typer.Option(help="Rows at most; sessions that are less alike are put together.")] = 40,
    zone: Annotated[str, typer.Option(help="Time zone of the park, where times are of UTC, e.g. Asia/Shanghai.")] = "",
    decimal: Decimal = "",
    replace: Annotated[bool, typer.Option("--replace", help="Put the rows in place of those that the group has.")] = False,
    language: Spoken = None,
) -> None:
    """Charging sessions to rows of sessions.csv: alike ones become one row, with how many there are of it a day.

    Example: plan profiles sessions export.csv --park mypark --chargers car-park --power 7
    """
    from planner.language.language import choose_language
    from planner.process.terminal import stderr, stdout, tell
    from planner.profiles.clock import zone_of
    from planner.profiles.session_rows import group_sessions, rows_text, told, write_rows
    from planner.profiles.sessions import read_sessions
    from planner.profiles.write import weekday_of_park

    spoken = choose_language(language)
    limits = ((power, "--power", 10_000), (efficiency, "--efficiency", 1), (rows, "--rows", 200))
    faults: list[str] = [
        Message("{option} {value}: is not above 0 and at most {most}", option=option, value=f"{value:g}", most=f"{most:,}")
        for value, option, most in limits if not 0 < value <= most
    ]  # fmt: skip
    if faults := [*faults, *choice_of("--decimal", decimal, DECIMALS)]:
        raise CaseError(faults)
    if park is not None:
        weekday_of_park(park)
    stays = read_sessions(file, zone_of(zone), decimal)
    found = group_sessions(stays, chargers, efficiency, power / 1000, rows)
    written = write_rows(park, found, chargers, efficiency, replace) if park is not None else []
    console = stdout if park is not None else stderr
    for line in told(file, stays, found):
        tell(f"{chargers}: {spoken.tell(line)}", console)
    for path in written:
        tell(str(path), console)
    if park is None:
        typer.echo(rows_text(found.rows), nl=False)
