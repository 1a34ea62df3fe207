"""Whether an output folder is still as a run wrote it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from models.errors import CaseError
from planner.report.page.output import Tables
from planner.report.tables import COLUMNS


def check_whole(folder: Path, tables: Tables, needed: Iterable[str]) -> None:
    """Raise CaseError where a table that is needed is missing in a plan's folder, or has lost a column."""
    for name in needed:
        path = folder / ("dispatch.parquet" if name == "dispatch" else f"{name}.csv")
        if not path.is_file():
            raise CaseError([f"{folder}: is no whole output: {path.name} is missing"])
        missing = [column for column in COLUMNS[name] if name in tables and column not in tables[name]]
        if missing:
            raise CaseError([f"{path}: has no column {missing[0]!r}; was it changed after the run?"])
