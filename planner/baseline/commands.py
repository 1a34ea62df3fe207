"""The command that tells a park's inventory: parse, choose, print; no logic."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from models.errors import CaseError
from planner.language.message import Message
from planner.process.terminal import stdout, tell


def baseline(
    park: Annotated[Path, typer.Option(help="Park folder or workbook.")],
    out: Annotated[Path | None, typer.Option(help="Folder for baseline.csv and baseline.svg; left out: only printed.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite the two files.")] = False,
    language: Annotated[str | None, typer.Option(help="zh or en; left out: as the environment says.")] = None,
) -> None:
    """Energy (tce) and emissions of the base year by source, on both bases, against the bills of bills.csv.

    Example: plan check --baseline mypark --out mypark-baseline
    """
    from planner.baseline.inventory import inventory
    from planner.baseline.show import inventory_csv, inventory_tables, picture, remarks
    from planner.examples import named
    from planner.language.language import choose_language
    from planner.park import read_case
    from planner.park.folder import check_beside
    from planner.profiles.write import put

    spoken = choose_language(language)
    files = {} if out is None else {"baseline.csv": out / "baseline.csv", "baseline.svg": out / "baseline.svg"}
    for path in files.values():
        check_beside(path)
    there = [path for path in files.values() if path.exists() and not replace]
    if there:
        raise CaseError([Message("{path}: is there already; choose another --out, or say --replace", path=path) for path in there])
    case = read_case(named(park))
    for warning in case.warnings:
        tell(spoken.translate("warning: {warning}", warning=spoken.tell(warning)))
    found = inventory(case)
    for table in inventory_tables(found, spoken):
        stdout.print(table)
    for line in remarks(found, spoken):
        tell(line, stdout)
    if out is not None:
        try:
            out.mkdir(exist_ok=True)
        except OSError as error:
            raise CaseError.because("--out {out}: cannot be made ({error})", out=out, error=error.strerror) from error
        put(files["baseline.csv"], inventory_csv(found))
        put(files["baseline.svg"], picture(found, spoken))
        tell(f"{out}: baseline.csv, baseline.svg", stdout)
