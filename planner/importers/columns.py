"""Where in a table the times and the values stand: wide tables have a row a day, long ones a row a time."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.errors import CaseError
from planner.importers.dialect import Answers
from planner.importers.headings import (
    Head,
    LayoutColumns,
    Line,
    asked_column,
    by_order,
    consumed,
    first_data,
    heading_at,
    is_bare,
    listed_columns,
    ratios_of,
    read_head,
    terms_of,
    unit_above,
    unit_of_rows,
)
from planner.importers.profile import Told
from planner.importers.quantities import QuantityUnit, distinct, unit_in
from planner.importers.source import (
    Cell,
    SourceTable,
    decimal_of,
    decimal_shown,
    is_amount,
    is_nothing,
    no_number,
    number_of,
    numbers,
    squared,
)
from planner.importers.times import Stamp, read_clock, read_stamp
from planner.importers.words import term
from planner.language.language import mark
from planner.language.message import Message

# --- wide tables -----------------------------------------------------------------------------------------------------------
# Wide tables of readings: a row a day, a column a time of day or an interval that is numbered.

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
        if (number := term("interval").match(text)) and int(number[1]) not in found.values():
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


def _read_wide(t: _Laid, day: int, decimal: str, table: SourceTable, told: Told) -> LayoutColumns:
    """A row a day, a column an interval. Raises CaseError for cells that are no numbers."""
    columns = intervals_of(t.raw)
    step = None if any(read_clock(t.raw[i]) is not None for i in columns) else _numbered(t.raw)[1]
    text = [c for row, _ in t.rows for i in columns if isinstance(c := row[i], str)]
    sign = decimal or told.or_ask("decimal", "point", "point", lambda: decimal_of(text, table.file))
    stamps, values, lines, faults = list[Stamp](), list[float](), list[int](), list[str]()
    for row, line in t.rows:
        date = read_stamp(row[day])
        for i, seconds in columns.items() if date is not None else ():
            number = None if is_nothing(row[i]) else number_of(row[i], sign)
            if number is None and not is_nothing(row[i]):
                faults.append(no_number(table.file, line, row[i]))
            if step is not None and number is None and seconds >= 82_800:
                continue  # the last numbers of a day whose clock is changed are blank
            assert date is not None
            stamps.append(Stamp(date.parts, date.order, seconds, None, date.is_cell))
            values.append(np.nan if number is None else number)
            lines.append(line)
    if faults:
        raise CaseError(faults[:5])
    others = [str(c) for i, c in enumerate(t.raw) if i not in columns]
    title = [unit_in(str(c)) for row in t.above for c in row if "(" in str(c) or "（" in str(c)]
    units = distinct([t.unit, t.head.unit, unit_above([*t.above, others])]) or distinct([*map(unit_in, others), *title])[:1]
    is_register = bool(term("register").search(" ".join([*others, *(str(c) for row in t.above for c in row), t.chosen])))
    shown = decimal_shown(text, sign)
    return LayoutColumns(stamps, np.array(values), lines, "", units, is_register, t.head, t.ratios, t.chosen, shown, step)


# --- long tables -----------------------------------------------------------------------------------------------------------

#: Rows that are looked at to tell what a column holds.
SAMPLE = 400


@dataclass(frozen=True)
class _Laid:
    """A table laid out: headings as they stand, rows of data, rows above, and what the file says beside its values."""

    raw: list[Cell]
    rows: list[Line]
    above: list[list[Cell]]
    head: Head
    ratios: dict[int, Cell]
    unit: QuantityUnit | None
    chosen: str


def read_columns(table: SourceTable, a: Answers, told: Told) -> LayoutColumns:
    """Find times and values. Raises CaseError that names the columns to choose from where it is not clear."""
    start = first_data(table)
    at = heading_at(table, start)
    raw = list(table.rows[at]) if at >= 0 else []
    above = [row for i, row in enumerate(table.rows[:start]) if i != at]
    width = max(map(len, [*table.rows[start:], raw]))
    raw += [""] * (width - len(raw))
    header = [str(c).strip() for c in raw]
    rows = list(zip(squared(table.rows[start:], width), table.lines[start:], strict=True))
    rows = only_rows(rows, header, a.only, table.file) if a.only else rows
    dates = _dated(rows, width)
    intervals = intervals_of(raw) if dates else {}
    rows, chosen = (rows, "") if a.only else consumed(rows, header, {*dates, *intervals})
    head = read_head(table.rows[: max(at, 0)])
    laid = _Laid(raw, rows, above, head, ratios_of(rows, header), unit_of_rows(rows, header), chosen)
    return _read_wide(laid, dates[0], a.decimal, table, told) if intervals else _read_long(laid, header, dates, a, table, told)


def _read_long(t: _Laid, header: list[str], dates: list[int], a: Answers, table: SourceTable, told: Told) -> LayoutColumns:
    """A row a time, or a list of values."""
    rows, counted = t.rows, None if a.time else _counted(t.rows, header, dates)
    when = [asked_column(a.time, header, table.file)] if a.time else _when(rows, dates, len(header))
    if counted is not None:
        when, rows = [dates[0], counted], by_order(rows, dates[0], counted)
    places = [(sign, asked_column(name, header, table.file)) for sign, name in terms_of(a.column, header)]
    places = places or [(1, _values_at(rows, header, when, a.column, table.file, told))]
    beside = [i for i, name in enumerate(header) if i not in when and unit_in(name)] + [at for _, at in places]
    values, decimal = np.zeros(len(rows)), ""
    for sign, at in places:
        own, shown = numbers(rows, at, a.decimal, table, beside, told)
        values, decimal = values + sign * own, decimal or shown
    beneath = [cell for row in t.above for _, at in places for cell in row[at : at + 1] if isinstance(cell, str)]
    headings = [header[at] for _, at in places]
    named = [*map(unit_in, headings), t.unit, *(unit_in(text) for text in reversed(beneath))]
    units = distinct([*named, t.head.unit, unit_above(t.above)])
    stamps: list[Stamp] | None = None
    if when:
        rows, values, stamps = _stamped(rows, values, when, table.file, counted is not None)
    lines, is_register = [line for _, line in rows], bool(term("register").search(headings[0]))
    step = step_of_counts(rows, counted) if counted is not None else None
    heading = headings[0] if len(headings) == 1 else a.column
    return LayoutColumns(stamps, values, lines, heading, units, is_register, t.head, t.ratios, t.chosen, decimal, step)


def _dated(rows: Sequence[tuple[list[Cell], int]], width: int) -> list[int]:
    """Columns whose cells are dates, with or without a time."""
    sample = rows[:SAMPLE]
    found = []
    for i in range(width):
        cells = [row[i] for row, _ in sample if row[i] != ""]
        stamps = [s for c in cells if (s := read_stamp(c)) is not None]
        if cells and len(stamps) >= 0.9 * len(cells) and (i == 0 or not all(is_bare(c) for c in cells)):
            if all(is_bare(c) for c in cells) and len({s.parts[0] for s in stamps}) > 3:
                continue  # numbers of every size, no years
            found.append(i)
    return found


def _counted(rows: Sequence[Line], header: list[str], dates: list[int]) -> int | None:
    """The column that numbers the intervals of each day, beside one of dates alone; None where there is none."""
    if not dates or any((s := read_stamp(row[dates[0]])) is not None and s.seconds for row, _ in rows[:SAMPLE]):
        return None
    for i, name in enumerate(header):
        counts = [number_of(row[i], "") for row, _ in rows[:SAMPLE]]
        if term("number of an interval").search(name) and i not in dates and len({c for c in counts if c is not None}) >= WIDE:
            known = [c for c in counts if c is not None]
            if len(known) == len(counts) and all(c.is_integer() and 0 <= c <= 100 for c in known):
                return i
    return None


def _when(rows: Sequence[tuple[list[Cell], int]], dates: list[int], width: int) -> list[int]:
    """The column of times, or that of dates and that of times of day beside it; empty for a list of values."""
    if not dates:
        return []
    sample = rows[:SAMPLE]
    for i in dates:
        stamps = [s for row, _ in sample if (s := read_stamp(row[i])) is not None]
        if any(s.seconds for s in stamps):
            return [i]
    for i in range(width):
        cells = [row[i] for row, _ in sample if row[i] != ""]
        if i not in dates and cells and all(read_clock(c) is not None for c in cells) and not all(_is_zero(c) for c in cells):
            if any(isinstance(c, float) for c in cells) and len({c for c in cells if isinstance(c, float)}) < WIDE:
                continue
            return [dates[0], i]
    return [dates[0]]


def _is_zero(cell: Cell) -> bool:
    return cell in (0.0, "0", "00:00", "00:00:00", "0:00")


def _values_at(
    rows: Sequence[tuple[list[Cell], int]], header: list[str], when: list[int], asked: str, file: str, told: Told
) -> int:
    """The column of values; the one asked for, or the only one that can be."""
    if asked:
        return asked_column(asked, header, file)
    sample = rows[:SAMPLE]
    numeric = []
    for i in range(len(header)):
        cells = [row[i] for row, _ in sample if not is_nothing(row[i])]
        good = [c for c in cells if is_amount(c)]
        if i not in when and cells and len(good) >= 0.9 * len(cells):
            numeric.append(i)
    likely = [i for i in numeric if not term("no consumption").search(header[i]) and not term("multiplier").search(header[i])]
    if not when and len(likely) > 1:
        likely = [i for i in likely if not _counts(rows, i)]
    if len(likely) > 1 and len(with_unit := [i for i in likely if unit_in(header[i]) is not None]) == 1:
        likely = with_unit
    if len(likely) == 1:
        return likely[0]
    if not numeric:
        raise CaseError.because("{file}: no column holds numbers; there are {columns}", file=file, columns=listed_columns(header))
    several = likely or numeric
    names = listed_columns([header[i] for i in several]) if any(header) else None
    words = mark("{file}: several columns hold numbers; say which with --column: {names}")
    shown = names or Message("{count} columns, 1 to {last}", count=len(numeric), last=len(header))
    told.ask("column", header[several[0]] or str(several[0] + 1), words, file=file, names=shown)
    return several[0]


def _counts(rows: Sequence[tuple[list[Cell], int]], at: int) -> bool:
    """True of a column that numbers the rows."""
    found = [number_of(row[at], "") for row, _ in rows[:SAMPLE]]
    return len(found) > 1 and all(a is not None and b is not None and b == a + 1 for a, b in itertools.pairwise(found))


def _stamped(
    rows: list[tuple[list[Cell], int]], values: np.ndarray, when: list[int], file: str, is_counted: bool = False
) -> tuple[list[tuple[list[Cell], int]], np.ndarray, list[Stamp]]:
    """Rows with a time; sums below the table have none and are left out. Raises CaseError where many have none."""
    stamps, kept = [], []
    size, first = (60 * step_of_counts(rows, when[1]), first_count(rows, when[1])) if is_counted else (0, 0)
    for i, (row, _) in enumerate(rows):
        stamp = read_stamp(row[when[0]])
        if stamp is not None and is_counted:
            count = number_of(row[when[1]], "")
            stamp = None if count is None else Stamp(stamp.parts, stamp.order, round(count - first) * size, None, stamp.is_cell)
        elif stamp is not None and len(when) > 1:
            clock = read_clock(row[when[1]])
            stamp = None if clock is None else Stamp(stamp.parts, stamp.order, clock[0], clock[1], stamp.is_cell)
        if stamp is not None:
            stamps.append(stamp)
            kept.append(i)
    lost = sorted(set(range(len(rows))) - set(kept))
    if len(lost) > 5 and len(lost) > 0.001 * len(rows):
        row, line = rows[lost[0]]
        words = mark("{file} line {line}: {cell}: is no time; {count} rows have none")
        raise CaseError.because(words, file=file, line=line, cell=repr(" ".join(str(row[i]) for i in when)), count=len(lost))
    return [rows[i] for i in kept], values[kept], stamps


def only_rows(rows: list[tuple[list[Cell], int]], header: list[str], only: str, file: str) -> list[tuple[list[Cell], int]]:
    """The rows with a value in a column, `COLUMN=VALUE`. Raises CaseError where there is none."""
    name, sign, value = only.partition("=")
    if not sign:
        raise CaseError.because("--only {only}: is not COLUMN=VALUE", only=only)
    at = asked_column(name, header, file)
    kept = [(row, line) for row, line in rows if str(row[at]).removesuffix(".0") == value]
    if not kept:
        there = sorted({str(row[at]).removesuffix(".0") for row, _ in rows})
        raise CaseError.because(
            "{file}: --only {only}: no row has it; there are {there}", file=file, only=only, there=", ".join(there[:8])
        )
    return kept
