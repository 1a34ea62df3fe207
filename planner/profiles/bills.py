"""Bills: amounts of months, quarters, days or a year, as a table says them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from models.errors import CaseError
from planner.language.message import Message
from planner.park.fields import cell_fault
from planner.profiles.bounds import check_readings
from planner.profiles.columns import no_column
from planner.profiles.numbers import decimal_of, decimal_shown, is_nothing, no_number, number_of
from planner.profiles.profile import HOURS
from planner.profiles.quantities import EXAMPLES, QuantityUnit, agreed_unit, asked_unit, content_of, distinct, unit_in
from planner.profiles.source import Cell, read_source
from planner.profiles.stamps import read_stamp
from planner.profiles.told import Told

#: How many amounts a year has.
COUNTS = (1, 4, 12, 365, 366)
_MONTH = re.compile(r"(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*月?(?:份)?$")


def read_bills(
    path: Path,
    unit: str,
    column: str,
    year: int | None,
    content: float | None,
    told: Told,
    decimal: str = "",
    despite: bool = False,
) -> tuple[list[float], int | None, QuantityUnit, str]:
    """(amounts in MWh, their year where the table says it, unit, sign of the decimals).

    `despite` whatever unit the file tells, `unit` holds. Raises CaseError where they are no year's.
    """
    table = read_source(path)
    width = max(len(row) for row in table.rows)
    rows = [row + [""] * (width - len(row)) for row in table.rows]
    start = next((i for i, row in enumerate(rows) if is_amount(row[-1]) or any(is_amount(c) for c in row[1:])), len(rows))
    header = [str(c) for c in rows[start - 1]] if start else [""] * width
    at = _place(rows[start:], header, column, table.file)
    texts = [row[at] for row in rows[start:]]
    sign = decimal or decimal_of([c for c in texts if isinstance(c, str)], table.separator, table.file)
    faults = [
        no_number(table.file, line, row[at])
        for row, line in zip(rows[start:], table.lines[start:], strict=True)
        if re.search(r"\d|#|=", str(row[at])) and not is_nothing(row[at]) and number_of(row[at], sign) is None
    ]
    if faults:
        raise CaseError(faults[:5])
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
    kind = agreed_unit(unit, distinct([unit_in(header[at])]), despite, table.file, header[at] or Message("its amounts"))
    stated = [(value, line) for row, line in zip(rows, table.lines, strict=True) if (value := number_of(row[at], sign)) is not None]
    check_readings(np.array([value for value, _ in stated]), [line for _, line in stated], kind, table.file, hours=HOURS)
    size = kind.size * content_of(kind, content, told, table.file, [c for row in rows for c in row if isinstance(c, str)])
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
    return amounts, chosen, kind, decimal_shown(texts, sign)


def is_amount(cell: Cell) -> bool:
    """True of a number, whichever sign of the decimals it has."""
    return number_of(cell, "point") is not None or number_of(cell, "comma") is not None


def _when(row: list[Cell]) -> tuple[int, int, int] | None:
    """(year or 0, month, day) that the first cell says."""
    cell = row[0]
    if (stamp := read_stamp(cell)) is not None and stamp.order == "ymd" and not isinstance(cell, float):
        return stamp.parts
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
    if (found := _MONTH.match(text)) and 1 <= int(found[2]) <= 12 and len(row) > 1:
        return int(found[1] or 0), int(found[2]), 1
    return None


def _is_failed(cell: Cell) -> bool:
    """True of a formula's error, or of a formula that nothing has calculated: it stands for a number."""
    return isinstance(cell, str) and cell_fault(cell) is not None


def _place(rows: list[list[Cell]], header: list[str], column: str, file: str) -> int:
    if column:
        near = [i for i, name in enumerate(header) if column.lower() in name.lower()]
        if len(near) == 1:
            return near[0]
        raise no_column(file, column, ", ".join(map(repr, header)), is_known=bool(near))
    numeric = [
        i
        for i in range(len(header))
        if (i > 0 or len(header) == 1) and rows and all(is_nothing(r[i]) or is_amount(r[i]) or _is_failed(r[i]) for r in rows)
    ]
    if len(numeric) != 1:
        words = {"file": file, "columns": ", ".join(map(repr, header))}
        if numeric:
            raise CaseError.because("{file}: several columns hold amounts; say which with --column: {columns}", **words)
        raise CaseError.because("{file}: no column holds amounts; say which with --column: {columns}", **words)
    return numeric[0]
