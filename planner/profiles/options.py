"""Options that every command of `plan import` has."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from planner.language.message import Message

#: What `--decimal` may be.
DECIMALS = ("comma", "point")
Name = Annotated[str | None, typer.Option(help="Name of the profile; left out: that of the file.")]
Park = Annotated[Path | None, typer.Option(help="Park folder whose profiles.csv gets the profile as a column.")]
Replace = Annotated[bool, typer.Option("--replace", help="Overwrite a column or file of that name.")]
Out = Annotated[Path | None, typer.Option(help="CSV file to write; left out, and without --park: to stdout.")]
Picture = Annotated[Path | None, typer.Option(help="SVG file for the picture, where neither --park nor --out is given.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]
Spoken = Annotated[str | None, typer.Option(help="zh or en; left out: as the environment says.")]
Decimal = Annotated[str, typer.Option(help="comma or point: sign of the decimals, where both would do.")]
Despite = Annotated[bool, typer.Option("--despite-heading", help="What --unit says holds, whatever the file says.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say only what should be looked at, and what was written.")]


def commands(words: str) -> typer.Typer:
    """A group of commands, with what it is for."""
    return typer.Typer(
        help=words, add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False
    )


def capacity_of(text: str) -> float | None:
    """MW of a capacity such as `500kWp`, 0 of none; None of what is no capacity."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?([kM]W)(?:p|_?peak|el|AC|DC)?", text.strip())
    if not text.strip():
        return 0.0
    return float(found[1]) / (1000 if found[2] == "kW" else 1) if found and float(found[1]) > 0 else None


def choice_of(option: str, value: str, choices: tuple[str, ...]) -> list[str]:
    """What is wrong with an option that is none of its choices."""
    return (
        [Message("{option} {value}: is none of {choices}", option=option, value=value, choices=", ".join(choices))]
        if value and value not in choices
        else []
    )
