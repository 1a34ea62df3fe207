"""Where in a table the times and the values stand: long tables (a row a time) and wide ones (a row a day)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.errors import CaseError
from planner.language.message import Message
from planner.profiles.numbers import decimal_of, decimal_shown, is_nothing, no_number, number_of, numbers
from planner.profiles.quantities import Unit, distinct, read_unit, unit_in
from planner.profiles.source import Cell, Table
from planner.profiles.stamps import Stamp, read_clock, read_stamp

#: Rows among which the first row of data is looked for, and rows that are looked at to tell what a column holds.
HEAD, SAMPLE = 60, 400
#: So many times of day in a heading make a table wide.
WIDE = 20
#: Headings of numbers that are no consumption.
OTHER = re.compile(
    r"无功|电压|电流|功率因数|频率|相角|需量|序号|户号|表号|编号|资产|状态|温度|kvar|\bvolt|\bamp|\bcos|power factor"
    r"|freq|status|quality|index$|^no\.?$|^id$|temp",
    re.IGNORECASE,
)
#: Headings that say that a meter's register is read.
REGISTER = re.compile(r"示数|示值|表底|表码|止码|起码|读数|累计|regist|cumul|z.hlerstand|meter reading|index", re.IGNORECASE)
RATIO = re.compile(r"倍率|multiplier|ct ratio", re.IGNORECASE)


@dataclass(frozen=True)
class Columns:
    """Times and values of a table, in the order of the file; without stamps it is a bare list of values.

    stamps      of each value, or None for a list of values
    values      (n,), NaN where the file has none
    lines       line of the file of each value
    heading     of the column of values
    units       that the heading, or lines above it, name; one where they agree
    is_register the heading says so
    ratio       a multiplier that the file states in a column of its own, or None
    decimal     sign of the decimals, '' where no cell shows one
    """

    stamps: list[Stamp] | None
    values: np.ndarray
    lines: list[int]
    heading: str
    units: tuple[Unit, ...]
    is_register: bool
    ratio: float | None = None
    decimal: str = ""


@dataclass(frozen=True)
class Wanted:
    """What the person says of the columns; empty where nothing is said."""

    column: str = ""
    time: str = ""
    only: str = ""
    decimal: str = ""


def read_columns(table: Table, wanted: Wanted) -> Columns:
    """Find times and values. Raises CaseError that names the columns to choose from where it is not clear."""
    start = _first_data(table)
    header = [str(c).strip() for c in table.rows[start - 1]] if start > 0 else []
    above = " ".join(str(c) for row in table.rows[:start] for c in row if isinstance(c, str))
    rows = [(row, line) for row, line in zip(table.rows[start:], table.lines[start:], strict=True)]
    width = max((len(row) for row, _ in rows), default=0)
    width = max(width, len(header))
    header += [""] * (width - len(header))
    rows = [(row + [""] * (width - len(row)), line) for row, line in rows]
    if wanted.only:
        rows = _only(rows, header, wanted.only, table.file)
    clocks = {i: clock[0] for i, name in enumerate(header) if (clock := read_clock(name)) is not None}
    dates = _dated(rows, width)
    if len(clocks) >= WIDE and dates:
        return _wide(rows, dates[0], clocks, above, wanted, table)
    when = [_place(wanted.time, header, table.file)] if wanted.time else _when(rows, dates, width)
    at = _values_at(rows, header, when, wanted, table.file)
    values, decimal = numbers(rows, at, wanted.decimal, table)
    told = [cell for row in table.rows[:start] for cell in row[at : at + 1] if isinstance(cell, str)]
    units = distinct([*(unit_in(text) for text in reversed(told)), _unit_above(above)])
    stamps: list[Stamp] | None = None
    if when:
        rows, values, stamps = _stamped(rows, values, when, table.file)
    lines, is_register = [line for _, line in rows], bool(REGISTER.search(header[at]))
    return Columns(stamps, values, lines, header[at], units, is_register, _ratio(rows, header), decimal)


def _first_data(table: Table) -> int:
    """The first row that holds a date, or numbers only."""
    for i, row in enumerate(table.rows[:HEAD]):
        filled = [c for c in row if c != ""]
        if any(read_stamp(c) is not None and not _is_bare(c) for c in row[:12]):
            return i
        if filled and all(number_of(c, "") is not None for c in filled) and (i > 0 or len(table.rows) > 1):
            return i
    raise CaseError.because(
        "{file}: no row with a time and a number is found; a CSV file or sheet of meter readings is needed", file=table.file
    )


def _is_bare(cell: Cell) -> bool:
    """True of a number that could be a spreadsheet's date and just as well a value."""
    return isinstance(cell, float) or (
        isinstance(cell, str) and re.fullmatch(r"\d+(\.\d+)?", cell.strip()) is not None and len(cell) < 8
    )


def _dated(rows: Sequence[tuple[list[Cell], int]], width: int) -> list[int]:
    """Columns whose cells are dates, with or without a time."""
    sample = rows[:SAMPLE]
    found = []
    for i in range(width):
        cells = [row[i] for row, _ in sample if row[i] != ""]
        stamps = [s for c in cells if (s := read_stamp(c)) is not None]
        if cells and len(stamps) >= 0.9 * len(cells) and (i == 0 or not all(_is_bare(c) for c in cells)):
            if all(_is_bare(c) for c in cells) and len({s.parts[0] for s in stamps}) > 3:
                continue  # numbers of every size, no years
            found.append(i)
    return found


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


def _place(name: str, header: list[str], file: str) -> int:
    if name in header:
        return header.index(name)
    near = [i for i, h in enumerate(header) if name.lower() in h.lower()]
    if len(near) == 1:
        return near[0]
    if name.isdigit() and 1 <= int(name) <= len(header):
        return int(name) - 1
    raise no_column(file, name, _listed(header), is_known=bool(near))


def no_column(file: str, name: str, columns: str, is_known: bool) -> CaseError:
    """What is wrong where a column that is asked for is none, or `is_known` and may be several; `columns`: those that there are."""
    if is_known:
        return CaseError.because(
            "{file}: column {name}: is not clear; there are {columns}", file=file, name=repr(name), columns=columns
        )
    return CaseError.because(
        "{file}: column {name}: is not there; there are {columns}", file=file, name=repr(name), columns=columns
    )


def _listed(header: Sequence[str]) -> str:
    return ", ".join(repr(h) if h else f"{i} (no heading)" for i, h in enumerate(header, start=1))[:400]


def _values_at(rows: Sequence[tuple[list[Cell], int]], header: list[str], when: list[int], wanted: Wanted, file: str) -> int:
    """The column of values; the one asked for, or the only one that can be."""
    if wanted.column:
        return _place(wanted.column, header, file)
    sample = rows[:SAMPLE]
    numeric = []
    for i in range(len(header)):
        cells = [row[i] for row, _ in sample if not is_nothing(row[i])]
        good = [c for c in cells if number_of(c, "") is not None or number_of(c, "comma") is not None]
        if i not in when and cells and len(good) >= 0.9 * len(cells):
            numeric.append(i)
    likely = [i for i in numeric if not OTHER.search(header[i]) and not RATIO.search(header[i])]
    if not when and len(likely) > 1:
        likely = [i for i in likely if not _counts(rows, i)]
    if len(likely) > 1 and len(with_unit := [i for i in likely if unit_in(header[i]) is not None]) == 1:
        likely = with_unit
    if len(likely) == 1:
        return likely[0]
    if not numeric:
        raise CaseError.because("{file}: no column holds numbers; there are {columns}", file=file, columns=_listed(header))
    names = (
        _listed([header[i] for i in likely or numeric])
        if any(header)
        else Message("{count} columns, 1 to {last}", count=len(numeric), last=len(header))
    )
    raise CaseError.because("{file}: several columns hold numbers; say which with --column: {names}", file=file, names=names)


def _counts(rows: Sequence[tuple[list[Cell], int]], at: int) -> bool:
    """True of a column that numbers the rows."""
    found = [number_of(row[at], "") for row, _ in rows[:SAMPLE]]
    return len(found) > 1 and all(a is not None and b is not None and b == a + 1 for a, b in itertools.pairwise(found))


def _stamped(
    rows: list[tuple[list[Cell], int]], values: np.ndarray, when: list[int], file: str
) -> tuple[list[tuple[list[Cell], int]], np.ndarray, list[Stamp]]:
    """Rows with a time; sums below the table have none and are left out. Raises CaseError where many have none."""
    stamps, kept = [], []
    for i, (row, _) in enumerate(rows):
        stamp = read_stamp(row[when[0]])
        if stamp is not None and len(when) > 1:
            clock = read_clock(row[when[1]])
            stamp = None if clock is None else Stamp(stamp.parts, stamp.order, clock[0], clock[1], stamp.is_cell)
        if stamp is not None:
            stamps.append(stamp)
            kept.append(i)
    lost = sorted(set(range(len(rows))) - set(kept))
    if len(lost) > 5 and len(lost) > 0.001 * len(rows):
        row, line = rows[lost[0]]
        raise CaseError.because(
            "{file} line {line}: {cell}: is no time; {count} rows have none",
            file=file,
            line=line,
            cell=repr(" ".join(str(row[i]) for i in when)),
            count=len(lost),
        )
    return [rows[i] for i in kept], values[kept], stamps


def _wide(
    rows: Sequence[tuple[list[Cell], int]], day: int, clocks: dict[int, int], above: str, wanted: Wanted, table: Table
) -> Columns:
    """A row a day, a column a time of day."""
    stamps, values, lines = [], [], []
    text = [c for row, _ in rows for i in clocks if isinstance(c := row[i], str)]
    sign = wanted.decimal or decimal_of(text, table.separator, table.file)
    faults: list[str] = []
    for row, line in rows:
        date = read_stamp(row[day])
        if date is None:
            continue
        for i, seconds in clocks.items():
            number = None if is_nothing(row[i]) else number_of(row[i], sign)
            if number is None and not is_nothing(row[i]):
                faults.append(no_number(table.file, line, row[i]))
            stamps.append(Stamp(date.parts, date.order, seconds, None, date.is_cell))
            values.append(np.nan if number is None else number)
            lines.append(line)
    if faults:
        raise CaseError(faults[:5])
    units, is_register = distinct([_unit_above(above)]), bool(REGISTER.search(above))
    return Columns(stamps, np.array(values), lines, "", units, is_register, None, decimal_shown(text, sign))


def _unit_above(text: str) -> Unit | None:
    found = re.search(r"(?:单位|unit)\s*[:：]?\s*([^\s,;，；)）]+)", text, re.IGNORECASE)
    return read_unit(found[1]) if found else None


def _ratio(rows: Sequence[tuple[list[Cell], int]], header: list[str]) -> float | None:
    """The multiplier of a meter's transformers where a column states it."""
    for i, name in enumerate(header):
        if RATIO.search(name):
            found = {number_of(row[i], "") for row, _ in rows} - {None}
            if len(found) == 1:
                return found.pop()
    return None


def _only(rows: list[tuple[list[Cell], int]], header: list[str], only: str, file: str) -> list[tuple[list[Cell], int]]:
    name, sign, value = only.partition("=")
    if not sign:
        raise CaseError.because("--only {only}: is not COLUMN=VALUE", only=only)
    at = _place(name, header, file)
    kept = [(row, line) for row, line in rows if str(row[at]).removesuffix(".0") == value]
    if not kept:
        there = sorted({str(row[at]).removesuffix(".0") for row, _ in rows})
        raise CaseError.because(
            "{file}: --only {only}: no row has it; there are {there}", file=file, only=only, there=", ".join(there[:8])
        )
    return kept
