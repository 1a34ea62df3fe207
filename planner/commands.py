"""The commands on finished runs: parse, choose, print; no logic."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from planner.compare import compare_runs
from planner.export.write import write_export
from planner.terminal import stderr, stdout


def compare(outs: Annotated[list[Path], typer.Argument(help="Output folders of runs.")]) -> None:
    """Runs side by side."""
    stdout.print(compare_runs(outs))


def export(
    out: Annotated[Path, typer.Argument(help="Output folder of a run.")],
    format_name: Annotated[str, typer.Option("--format", help="iamc: one table of all years; pypsa: a network of the last year.")],
    to: Annotated[Path | None, typer.Option(help="File (iamc) or folder (pypsa) to write; left out: within OUT.")] = None,
    park: Annotated[Path | None, typer.Option(help="The park folder, where it is not where the run found it.")] = None,
) -> None:
    """Write a finished run in the form of another tool."""
    written = write_export(out, format_name, to, park)
    for note in written.notes:
        stderr.print(escape(note), soft_wrap=True)
    stdout.print(escape(f"{written.path}: {written.what}"), soft_wrap=True)
