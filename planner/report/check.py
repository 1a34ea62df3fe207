"""What `plan check` says of a park without a fault: warnings, and what was assumed, by table and grade or in full."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from models.case import Assumption, Case
from planner.language.plain import plain

#: Stands where a value has no grade.
UNGRADED = "no grade"


def print_check(case: Case, folder: Path, console: Console, everything: bool = False) -> None:
    """Warnings, assumptions (counted; with `everything` one line each) and the size of the park."""
    for warning in case.warnings:
        console.print(f"warning: {plain(warning)}", soft_wrap=True)
    if everything:
        for assumption in case.assumptions:
            console.print(plain(_line(assumption)), soft_wrap=True)
    elif case.assumptions:
        console.print(_counts(case.assumptions))
        console.print(plain(f"plan check {folder} --all: every value with its source"), soft_wrap=True)
    size = f"{len(case.technologies)} technologies, {len(case.measures)} measures, {len(case.supplies)} supplies"
    console.print(plain(f"{folder}: nothing wrong ({size}; {len(case.assumptions)} values assumed)"), soft_wrap=True)


def _line(a: Assumption) -> str:
    year = "" if a.year is None else f" {a.year}"
    said = f"{a.table}.csv: {a.name} {a.parameter}{year} = {a.value} {a.unit}".rstrip()
    return f"assumed {said} ({a.source or 'no source'}; {a.grade or UNGRADED})"


def _counts(assumptions: tuple[Assumption, ...]) -> Table:
    """Values assumed: a row a table, a column a grade."""
    grades = list(dict.fromkeys(a.grade or UNGRADED for a in assumptions))
    counts = Counter((a.table, a.grade or UNGRADED) for a in assumptions)
    table = Table(title="Values assumed, by table and grade", title_justify="left", title_style="bold", box=None,
                  padding=(0, 1), header_style="dim")  # fmt: skip
    table.add_column("table")
    for grade in (*grades, "all", "names"):
        table.add_column(plain(grade), justify="right" if grade != "names" else "left")
    for name in dict.fromkeys(a.table for a in assumptions):
        own = [counts[name, grade] for grade in grades]
        names = list(dict.fromkeys(a.name for a in assumptions if a.table == name))
        table.add_row(f"{name}.csv", *(str(n) if n else "–" for n in own), str(sum(own)), plain(_some(names)))
    return table


def _some(names: list[str], shown: int = 2) -> str:
    """The first names, and how many more there are."""
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return ", ".join(names[:shown]) + more
