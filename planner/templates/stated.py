"""A park as it stands in its folder, as rows of text: what a workbook of it is made of."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.case import TABLES
from models.errors import CaseError
from planner.park.complaints import Complaints
from planner.park.settings import SETTINGS
from planner.park.tables import NoCsv, read_text, rows_of
from planner.templates.blank import Row


def stated(folder: Path) -> tuple[dict[str, list[Row]], dict[str, tuple[str, ...]]]:
    """(rows by table, its columns as they are headed) of every file of a park. Raises CaseError where one cannot be read."""
    rows: dict[str, list[Row]] = {name: _keys(folder / f"{name}.toml") for name in SETTINGS if (folder / f"{name}.toml").is_file()}
    columns: dict[str, tuple[str, ...]] = {}
    for name in (*TABLES, "profiles"):
        if (folder / f"{name}.csv").is_file():
            columns[name], rows[name] = _table(folder / f"{name}.csv")
    return rows, columns


def _text(path: Path) -> str:
    complaints = Complaints()
    text = read_text(path, path.name, complaints)
    if text is None:
        raise CaseError(complaints.lines())
    return text


def _table(path: Path) -> tuple[tuple[str, ...], list[Row]]:
    text = _text(path)
    try:
        found = [row for _, row in rows_of(text)]
    except NoCsv as error:
        raise CaseError.because("{file}: is no CSV table that a sheet can show ({error})", file=path.name, error=error) from error
    columns = tuple(found[0]) if found else ()
    if len(set(columns)) < len(columns) or any(len(row) != len(columns) for row in found):
        raise CaseError.because("{file}: its rows have not as many cells as its first one; mend it first", file=path.name)
    return columns, [dict(zip(columns, row, strict=True)) for row in found[1:]]


def _keys(path: Path) -> list[Row]:
    try:
        found = tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        raise CaseError.because("{file}: is no TOML ({error})", file=path.name, error=error) from error
    return [{"key": key, "value": value} for key, value in _settings(found)]


def _settings(found: dict[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Keys and values, a key of a table behind the name of its table, as a workbook has them."""
    for name, value in found.items():
        key = f"{before}{name}"
        if isinstance(value, dict):
            yield from _settings(value, f"{key}.")
        else:
            yield key, "; ".join(str(part) for part in value) if isinstance(value, list) else str(value)
