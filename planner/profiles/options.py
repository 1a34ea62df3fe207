"""Options that every command of `plan profiles` has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Name = Annotated[str | None, typer.Option(help="Name of the profile; left out: that of the file.")]
Park = Annotated[Path | None, typer.Option(help="Park folder whose profiles.csv gets the profile as a column.")]
Replace = Annotated[bool, typer.Option("--replace", help="Overwrite a column or file of that name.")]
Out = Annotated[Path | None, typer.Option(help="CSV file to write; left out, and without --park: to stdout.")]
Picture = Annotated[Path | None, typer.Option(help="SVG file for the picture, where neither --park nor --out is given.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]
Spoken = Annotated[str | None, typer.Option(help="zh or en; left out: as the environment says.")]
