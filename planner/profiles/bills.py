"""Bills: amounts of months, quarters, days or a year, as a table says them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from models.errors import CaseError
from planner.language.message import Message
from planner.profiles.bounds import check_readings
from planner.profiles.columns import no_column
from planner.profiles.numbers import decimal_of, is_nothing, number_of
from planner.profiles.profile import HOURS
from planner.profiles.quantities import EXAMPLES, Unit, asked_unit, content_of, unit_in
from planner.profiles.source import Cell, read_source
from planner.profiles.stamps import read_stamp
from planner.profiles.told import Told

#: How many amounts a year has.
COUNTS = (1, 4, 12, 365, 366)
_MONTH = re.compile(r"(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*月?(?:份)?$")


def read_bills(
    path: Path, unit: str, column: str, year: int | None, content: float | None, told: Told
) -> tuple[list[float], int | None, Unit]:
    """(amounts in MWh, their year where the table says it, unit). Raises CaseError where they are no year's."""
    table = read_source(path)
    width = max(len(row) for row in table.rows)
    rows = [row + [""] * (width - len(row)) for row in table.rows]
    sign = decimal_of([c for row in rows for c in row if isinstance(c, str) and re.search(r"\d", c)], table.separator, table.file)
    start = next((i for i, row in enumerate(rows) if number_of(row[-1], sign) is not None or _has_number(row, sign)), len(rows))
    header = [str(c) for c in rows[start - 1]] if start else [""] * width
    at = _place(rows[start:], header, column, sign, table.file)
    kind = asked_unit(unit) if unit else unit_in(header[at])
    if kind is None:
        raise CaseError.because(
            "{path}: the unit of {column} is not told; say it with --unit, one of {examples}",
            path=path,
            column=header[at] or Message("its amounts"),
            examples=EXAMPLES,
        )
    if kind.is_rate:
        raise CaseError.because(
            "{path}: {kind} is a power; bills are of energy: say --unit kWh or the like", path=path, kind=kind.label
        )
    stated = [(value, line) for row, line in zip(rows, table.lines, strict=True) if (value := number_of(row[at], sign)) is not None]
    check_readings(np.array([value for value, _ in stated]), [line for _, line in stated], kind, table.file, hours=HOURS)
    size = kind.size * content_of(kind, content, told)
    found = [(_when(row), value) for row in rows[start:] if (value := number_of(row[at], sign)) is not None]
    when = [w for w, _ in found]
    if any(w is not None for w in when):
        found = [(w, v) for w, v in found if w is not None]  # a sum below the table has no month
    years = sorted({w[0] for w, _ in found if w is not None and w[0]})
    chosen = year if year is not None else (years[-1] if years else None)
    if len(years) > 1:
        found = [(w, v) for w, v in found if w is not None and w[0] == chosen]
    if all(w is not None for w, _ in found):
        found.sort(key=lambda pair: pair[0] or (0, 0, 0))
    if len(found) not in COUNTS:
        raise CaseError.because(
            "{path}: has {count} amounts; a year has 12 months, 4 quarters, 365 days, or one amount", path=path, count=len(found)
        )
    amounts = [value * size for _, value in found]
    if min(amounts) < 0:
        raise CaseError.because("{path}: an amount is below 0", path=path)
    return amounts, chosen, kind


def _has_number(row: list[Cell], sign: str) -> bool:
    return any(number_of(c, sign) is not None for c in row[1:])


def _when(row: list[Cell]) -> tuple[int, int, int] | None:
    """(year or 0, month, day) that the first cell says."""
    cell = row[0]
    if (stamp := read_stamp(cell)) is not None and stamp.order == "ymd" and not isinstance(cell, float):
        return stamp.parts
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
    if (found := _MONTH.match(text)) and 1 <= int(found[2]) <= 12 and len(row) > 1:
        return int(found[1] or 0), int(found[2]), 1
    return None


def _place(rows: list[list[Cell]], header: list[str], column: str, sign: str, file: str) -> int:
    if column:
        near = [i for i, name in enumerate(header) if column.lower() in name.lower()]
        if len(near) == 1:
            return near[0]
        raise no_column(file, column, ", ".join(map(repr, header)), is_known=bool(near))
    numeric = [
        i
        for i in range(len(header))
        if (i > 0 or len(header) == 1) and rows and all(is_nothing(r[i]) or number_of(r[i], sign) is not None for r in rows)
    ]
    if len(numeric) != 1:
        words = {"file": file, "columns": ", ".join(map(repr, header))}
        if numeric:
            raise CaseError.because("{file}: several columns hold amounts; say which with --column: {columns}", **words)
        raise CaseError.because("{file}: no column holds amounts; say which with --column: {columns}", **words)
    return numeric[0]
