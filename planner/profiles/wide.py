"""Wide tables of readings: a row a day, a column a time of day or an interval that is numbered."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.errors import CaseError
from planner.profiles.headings import NUMBERED, REGISTER
from planner.profiles.layout import ColumnsWanted, LayoutColumns, Line, Said, unit_above
from planner.profiles.numbers import decimal_of, decimal_shown, is_nothing, no_number, number_of
from planner.profiles.quantities import distinct, unit_in
from planner.profiles.source import Cell, SourceTable
from planner.profiles.stamps import Stamp, read_clock, read_stamp

#: So many times of day in a heading make a table wide.
WIDE = 20
#: Intervals of a day, also of one whose clock is changed -> minutes of each.
COUNTS = {23: 60, 24: 60, 25: 60, 46: 30, 48: 30, 50: 30, 92: 15, 96: 15, 100: 15}


def intervals_of(raw: Sequence[Cell]) -> dict[int, int]:
    """Column -> seconds from midnight, where headings are times of day or number the intervals of a day; empty for others."""
    clocks = {i: clock[0] for i, name in enumerate(raw) if (clock := read_clock(name)) is not None}
    if len(clocks) >= WIDE and clocks[max(clocks)] == 0:
        clocks[max(clocks)] = 86_400  # the midnight after 23:30 is that of the day's end
    return clocks if len(clocks) >= WIDE else _numbered(raw)[0]


def _numbered(raw: Sequence[Cell]) -> tuple[dict[int, int], int | None]:
    """(column -> seconds from midnight of the interval's start, minutes) of headings such as HH01 … HH48; ({}, None) for others."""
    found: dict[int, int] = {}
    for i, name in enumerate(raw):
        text = f"{name:g}" if isinstance(name, float) else str(name).strip()
        if (number := NUMBERED.match(text)) and int(number[1]) not in found.values():
            found[i] = int(number[1])
    numbers = sorted(found.values())
    if len(numbers) not in COUNTS or numbers[0] > 1 or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return {}, None
    step = COUNTS[len(numbers)]
    return {i: (number - numbers[0]) * step * 60 for i, number in found.items()}, step


def first_count(rows: Sequence[Line], at: int) -> int:
    """0 or 1: with which number a column that numbers intervals begins."""
    return min((int(n) for row, _ in rows if (n := number_of(row[at], "")) is not None), default=1) and 1


def step_of_counts(rows: Sequence[Line], at: int) -> int:
    """Minutes of intervals that a column numbers, by the highest number."""
    most = max((int(n) for row, _ in rows if (n := number_of(row[at], "")) is not None), default=24)
    return 60 if most <= 25 else 30 if most <= 50 else 15


def read_wide(
    rows: Sequence[Line],
    day: int,
    raw: Sequence[Cell],
    above: Sequence[Sequence[Cell]],
    said: Said,
    wanted: ColumnsWanted,
    table: SourceTable,
) -> LayoutColumns:
    """A row a day, a column an interval. Raises CaseError for cells that are no numbers."""
    columns = intervals_of(raw)
    step = None if any(read_clock(raw[i]) is not None for i in columns) else _numbered(raw)[1]
    stamps, values, lines = [], [], []
    text = [c for row, _ in rows for i in columns if isinstance(c := row[i], str)]
    sign = wanted.decimal or decimal_of(text, table.separator, table.file)
    faults: list[str] = []
    for row, line in rows:
        date = read_stamp(row[day])
        if date is None:
            continue
        for i, seconds in columns.items():
            number = None if is_nothing(row[i]) else number_of(row[i], sign)
            if number is None and not is_nothing(row[i]):
                faults.append(no_number(table.file, line, row[i]))
            if step is not None and number is None and seconds >= 82_800:
                continue  # the last numbers of a day whose clock is changed are blank
            stamps.append(Stamp(date.parts, date.order, seconds, None, date.is_cell))
            values.append(np.nan if number is None else number)
            lines.append(line)
    if faults:
        raise CaseError(faults[:5])
    others = [str(c) for i, c in enumerate(raw) if i not in columns]
    title = [unit_in(str(c)) for row in above for c in row if "(" in str(c) or "（" in str(c)]
    units = distinct([said.unit, said.head.unit, unit_above([*above, others])]) or distinct([*map(unit_in, others), *title])[:1]
    head = " ".join([*others, *(str(c) for row in above for c in row), said.chosen])
    is_register = bool(REGISTER.search(head))
    return LayoutColumns(stamps, np.array(values), lines, "", units, is_register, said, decimal_shown(text, sign), step)
