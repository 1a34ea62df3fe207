"""Where in a table of readings the times, the values and their unit stand, and what the rows above say of them.

Three layouts: a row a time; a row a day, with a column an interval; a list of values without times.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.errors import CaseError
from planner.importers.dialect import Answers
from planner.importers.profile import Told
from planner.importers.quantities import QuantityUnit, distinct, read_unit, unit_in
from planner.importers.source import (
    NUMBER,
    Cell,
    Line,
    SourceTable,
    decimal_shown,
    is_amount,
    is_nothing,
    number_in,
    number_of,
    numbers,
    squared,
)
from planner.importers.times import Stamp, is_bare, read_clock, read_stamp
from planner.importers.words import term
from planner.language.language import mark
from planner.language.message import Message

#: Rows among which the first row of data is looked for; rows after it that must be like it; rows that show what a column holds.
HEAD, LIKE, SAMPLE = 60, 3, 400
#: So many times of day in a heading make a table wide.
WIDE = 20
#: Intervals of a day, also of one whose clock is changed -> minutes of each.
COUNTS = {23: 60, 24: 60, 25: 60, 46: 30, 48: 30, 50: 30, 92: 15, 96: 15, 100: 15}
#: A column that says what each row measures has so many different texts at most.
KINDS = 24


@dataclass(frozen=True)
class Head:
    """What the rows above a table say; None or '' where they say nothing.

    unit    of the values
    ratio   multiplier of the meter's transformers as it is written; is_multiplied: whether the values hold it, None where not said
    of      meter and period, as they are written
    """

    unit: QuantityUnit | None = None
    ratio: str = ""
    is_multiplied: bool | None = None
    of: str = ""


@dataclass(frozen=True)
class LayoutColumns:
    """Times and values of a table, in the order of the file; without stamps it is a bare list of values.

    stamps      of each value, or None for a list of values
    values      (n,), NaN where the file has none
    lines       line of the file of each value
    heading     of the column of values
    units       that the heading, or lines above it, name; one where they agree
    is_register the heading says so
    head        what the rows above the table say
    ratios      line of the file -> multiplier as a column states it
    chosen      which of several kinds of rows was taken, '' where there is one kind only
    decimal     sign of the decimals, '' where no cell shows one
    step        minutes of an interval where these are numbered: stamps are then their starts, counted from midnight; else None
    """

    stamps: list[Stamp] | None
    values: np.ndarray
    lines: list[int]
    heading: str
    units: tuple[QuantityUnit, ...]
    is_register: bool
    head: Head
    ratios: dict[int, Cell]
    chosen: str = ""
    decimal: str = ""
    step: int | None = None

    def multipliers(self, file: str) -> np.ndarray:
        """(n,) multiplier of each value as the file states it, in a column or above the table; 1 where it states none.

        Raises CaseError where one is no number, or can be read in two ways.
        """
        stated: list[Cell] = [self.ratios.get(line, "") if self.ratios else self.head.ratio for line in self.lines]
        known: dict[object, float] = {"": 1.0}
        for cell in dict.fromkeys(stated):
            try:
                known[cell] = cell if isinstance(cell, float) else 1.0 if is_nothing(cell) else number_in(str(cell), self.decimal)
            except ValueError as error:
                words = {"file": file, "cell": repr(str(cell)), "words": error.args[0]}
                raise CaseError.because("{file}: its multiplier {cell}: {words}; say --times, e.g. --times 40", **words) from error
        return np.array([known[cell] for cell in stated])


def read_columns(table: SourceTable, a: Answers, told: Told) -> LayoutColumns:
    """Find times and values. Raises CaseError that names the columns to choose from where it is not clear."""
    start, file = first_data(table), table.file
    at = _heading_at(table, start)
    raw = list(table.rows[at]) if at >= 0 else []
    above = [row for i, row in enumerate(table.rows[:start]) if i != at]
    width = max(map(len, [*table.rows[start:], raw]))
    raw, above = squared([raw], width)[0], squared(above, width)
    header = [str(c).strip() for c in raw]
    rows = list(zip(squared(table.rows[start:], width), table.lines[start:], strict=True))
    rows = only_rows(rows, header, a.only, file) if a.only else rows
    dates = _dated(rows, width)
    wide, step = intervals_of(raw) if dates else ({}, None)
    rows, chosen = (rows, "") if a.only else _consumed(rows, header, {*dates, *wide})
    head, ratios, of_rows = _read_head(table.rows[: max(at, 0)]), _ratios_of(rows, header), _unit_of_rows(rows, header)
    if wide:
        others = [h for i, h in enumerate(header) if i not in wide]
        days = [(row, line, stamp) for row, line in rows if (stamp := read_stamp(row[dates[0]])) is not None]
        cells: list[Line] = [([row[i]], line) for row, line, _ in days for i in wide]
        stamps = [s._replace(seconds=seconds) for _, _, s in days for seconds in wide.values()]
        texts = [cell for (cell,), _ in cells if isinstance(cell, str)]
        sign = told.decimal(a.decimal, texts, file)
        values = numbers(cells, 0, sign, file)
        if step is not None:  # the last numbers of a day whose clock is changed are blank
            kept = [i for i, s in enumerate(stamps) if not np.isnan(values[i]) or (s.seconds or 0) < 82_800]
            stamps, values, cells = [stamps[i] for i in kept], values[kept], [cells[i] for i in kept]
        title = [unit_in(str(c)) for row in above for c in row if "(" in str(c) or "（" in str(c)]
        units = distinct([of_rows, head.unit, _unit_above([*above, others])]) or distinct([*map(unit_in, others), *title])[:1]
        is_register = bool(term("register").search(" ".join([*others, *(str(c) for row in above for c in row), chosen])))
        lines = [line for _, line in cells]
        return LayoutColumns(stamps, values, lines, "", units, is_register, head, ratios, chosen, decimal_shown(texts, sign), step)
    counted = None if a.time else _counted(rows, header, dates)
    when = [asked_column(a.time, header, file)] if a.time else _when(rows, dates, width)
    if counted is not None:
        when, rows = [dates[0], counted], _by_order(rows, dates[0], counted)
    places = [(sign, asked_column(name, header, file)) for sign, name in _terms(a.column, header)]
    places = places or [(1, _values_at(rows, header, when, a.column, file, told))]
    columns = [at for _, at in places]
    cells_of = [[cell for row, _ in rows if isinstance(cell := row[i], str)] for i in range(width)]
    beside = [c for i, name in enumerate(header) if i not in when and (i in columns or unit_in(name)) for c in cells_of[i]]
    values, decimal = np.zeros(len(rows)), ""
    for times, at in places:
        own = told.decimal(a.decimal, cells_of[at], file, beside)
        values, decimal = values + times * numbers(rows, at, own, file), decimal or decimal_shown(cells_of[at], own)
    headings, beneath = [header[at] for at in columns], [row[at] for row in above for at in columns if isinstance(row[at], str)]
    named = [*map(unit_in, headings), of_rows, *(unit_in(str(text)) for text in reversed(beneath))]
    stamps_of, step = None, None
    if when:
        stamps_of, step = _stamps(rows, when, counted is not None)
        words = mark("{file} line {line}: {cell}: is no time; {count} rows have none")
        lost = [i for i, s in enumerate(stamps_of) if s is None and not np.isnan(values[i]) and not _is_sum(rows[i][0])]
        if lost:
            cell = repr(" ".join(str(rows[lost[0]][0][i]) for i in when))
            raise CaseError.because(words, file=file, line=rows[lost[0]][1], cell=cell, count=len(lost))
        kept = [i for i, stamp in enumerate(stamps_of) if stamp is not None]
        rows, values, stamps_of = [rows[i] for i in kept], values[kept], [stamps_of[i] for i in kept]
    units, is_register = distinct([*named, head.unit, _unit_above(above)]), bool(term("register").search(headings[0]))
    heading, lines = headings[0] if len(headings) == 1 else a.column, [line for _, line in rows]
    return LayoutColumns(stamps_of, values, lines, heading, units, is_register, head, ratios, chosen, decimal, step)  # type: ignore[arg-type]


def first_data(table: SourceTable) -> int:
    """The first row of data: with a date where the rows after it have one too, or of numbers only. Raises CaseError for none."""
    for i, row in enumerate(table.rows[:HEAD]):
        filled = [c for c in row if c != ""]
        dated = [at for at, c in enumerate(row[:12]) if _is_date(c)]
        after = table.rows[i + 1 : i + 1 + LIKE]
        if any(all(at < len(other) and _is_date(other[at]) for other in after) for at in dated):
            return i
        if filled and all(number_of(c) is not None for c in filled) and (i > 0 or len(table.rows) > 1):
            return i
    words = mark("{file}: no row with a time and a number is found; a CSV file or sheet of meter readings is needed")
    raise CaseError.because(words, file=table.file)


def _is_date(cell: Cell) -> bool:
    return read_stamp(cell) is not None and not is_bare(cell)


def _is_sum(row: Sequence[Cell]) -> bool:
    return any(isinstance(cell, str) and term("sum").search(cell) for cell in row)


# --- times and values ------------------------------------------------------------------------------------------------------


def intervals_of(raw: Sequence[Cell]) -> tuple[dict[int, int], int | None]:
    """(column -> seconds from midnight, None) where headings are times of day; (column -> seconds, minutes) where they number the
    intervals of a day, HH01 … HH48; ({}, None) for others."""
    clocks = {i: clock[0] for i, name in enumerate(raw) if (clock := read_clock(name)) is not None}
    if len(clocks) >= WIDE:
        last = max(clocks)  # the midnight after 23:30 is that of the day's end
        return clocks | {last: clocks[last] or 86_400}, None
    found: dict[int, int] = {}
    for i, name in enumerate(raw):
        text = f"{name:g}" if isinstance(name, float) else str(name).strip()
        if (number := term("interval").match(text)) and int(number[1]) not in found.values():
            found[i] = int(number[1])
    known = sorted(found.values())
    if len(known) not in COUNTS or known[0] > 1 or known != list(range(known[0], known[0] + len(known))):
        return {}, None
    step = COUNTS[len(known)]
    return {i: (number - known[0]) * step * 60 for i, number in found.items()}, step


def _dated(rows: Sequence[Line], width: int) -> list[int]:
    """Columns whose cells are dates, with or without a time; not numbers of every size, which are no years."""
    found = []
    for i in range(width):
        cells = [row[i] for row, _ in rows[:SAMPLE] if row[i] != ""]
        stamps = [s for c in cells if (s := read_stamp(c)) is not None]
        are_bare = all(map(is_bare, cells))
        if cells and len(stamps) >= 0.9 * len(cells) and not (are_bare and (i or len({s.parts[0] for s in stamps}) > 3)):
            found.append(i)
    return found


def _counted(rows: Sequence[Line], header: list[str], dates: list[int]) -> int | None:
    """The column that numbers the intervals of each day, beside one of dates alone; None where there is none."""
    if not dates or any((s := read_stamp(row[dates[0]])) is not None and s.seconds for row, _ in rows[:SAMPLE]):
        return None
    for i, name in enumerate(header):
        counts = [number_of(row[i]) for row, _ in rows[:SAMPLE]]
        are_counts = len(set(counts)) >= WIDE and all(c is not None and c.is_integer() and 0 <= c <= 100 for c in counts)
        if are_counts and term("number of an interval").search(name) and i not in dates:
            return i
    return None


def _by_order(rows: list[Line], day: int, counted: int) -> list[Line]:
    """The rows with hours numbered from midnight, where the file numbers them by the clock: an hour that comes twice has a letter
    (`3A`), and one that is left out in spring is missing. Days of an hour less or more are numbered in the order of their rows."""
    if not any(re.fullmatch(r"0*\d{1,2}\s*[A-Za-z*']", str(row[counted]).strip()) for row, _ in rows):
        return rows
    days = dict[str, list[Line]]()
    for row, line in rows:
        days.setdefault(str(row[day]), []).append((row, line))
    usual = Counter(map(len, days.values())).most_common(1)[0][0]
    odd = {of for of, own in days.items() if usual >= 24 and abs(len(own) - usual) == usual // 24}
    numbered = ((of, n, row, line) for of, own in days.items() for n, (row, line) in enumerate(own, start=1))
    return [([*row[:counted], float(n), *row[counted + 1 :]] if of in odd else row, line) for of, n, row, line in numbered]


def _when(rows: Sequence[Line], dates: list[int], width: int) -> list[int]:
    """The column of times, or that of dates and that of times of day beside it; empty for a list of values."""
    sample = [row for row, _ in rows[:SAMPLE]]
    for i in dates:
        if any(s.seconds for row in sample if (s := read_stamp(row[i])) is not None):
            return [i]
    for i in range(width) if dates else ():
        cells = [row[i] for row in sample if row[i] != ""]
        clocks = [read_clock(c) for c in cells]
        is_clock = None not in clocks and any(clock[0] for clock in clocks if clock)
        floats = {c for c in cells if isinstance(c, float)}
        if i not in dates and is_clock and (not floats or len(floats) >= WIDE):
            return [dates[0], i]
    return dates[:1]


def _stamps(rows: Sequence[Line], when: Sequence[int], is_counted: bool) -> tuple[list[Stamp | None], int | None]:
    """(time of each row, None where it has none; minutes of intervals that a column numbers, else None)."""
    stamps, step = [read_stamp(row[when[0]]) for row, _ in rows], None
    if is_counted:
        counts = [number_of(row[when[1]]) for row, _ in rows]
        most, first = (int(end(known)) if (known := [c for c in counts if c is not None]) else 1 for end in (max, min))
        step = 60 if most <= 25 else 30 if most <= 50 else 15
        seconds = [None if c is None else round(c - (first and 1)) * step * 60 for c in counts]
        return [s if s is None or n is None else s._replace(seconds=n) for s, n in zip(stamps, seconds, strict=True)], step
    if len(when) > 1:
        clocks = [read_clock(row[when[1]]) for row, _ in rows]
        pairs = zip(stamps, clocks, strict=True)
        return [None if s is None or c is None else s._replace(seconds=c[0], offset=c[1]) for s, c in pairs], step
    return stamps, step


def _terms(text: str, header: Sequence[str]) -> list[tuple[int, str]]:
    """(sign, column) of each term of `A + B - C`, signs with blanks around them; empty where that is one column."""
    if text in header or not re.search(r" [+-] ", text):
        return []
    parts = ["+", *re.split(r" ([+-]) ", text)]
    return [(1 if sign == "+" else -1, name.strip()) for sign, name in zip(parts[::2], parts[1::2], strict=True)]


def _values_at(rows: Sequence[Line], header: list[str], when: list[int], asked: str, file: str, told: Told) -> int:
    """The column of values; the one asked for, or the only one that can be."""
    if asked:
        return asked_column(asked, header, file)
    numeric = []
    for i in range(len(header)):
        cells = [row[i] for row, _ in rows[:SAMPLE] if not is_nothing(row[i])]
        if i not in when and cells and sum(map(is_amount, cells)) >= 0.9 * len(cells):
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


def _counts(rows: Sequence[Line], at: int) -> bool:
    """True of a column that numbers the rows."""
    found = [number_of(row[at]) for row, _ in rows[:SAMPLE]]
    return len(found) > 1 and all(a is not None and b is not None and b == a + 1 for a, b in itertools.pairwise(found))


def only_rows(rows: list[Line], header: list[str], only: str, file: str) -> list[Line]:
    """The rows with a value in a column, `COLUMN=VALUE`. Raises CaseError where there is none."""
    name, sign, value = only.partition("=")
    if not sign:
        raise CaseError.because("--only {only}: is not COLUMN=VALUE", only=only)
    at = asked_column(name, header, file)
    kept = [(row, line) for row, line in rows if str(row[at]).removesuffix(".0") == value]
    if not kept:
        there = ", ".join(sorted({str(row[at]).removesuffix(".0") for row, _ in rows})[:8])
        raise CaseError.because("{file}: --only {only}: no row has it; there are {there}", file=file, only=only, there=there)
    return kept


def _consumed(rows: list[Line], header: Sequence[str], others: set[int]) -> tuple[list[Line], str]:
    """(rows of active energy drawn, what was taken) where a column says what each row measures; all rows, and '', where none does.

    `others`: columns of times and values. Where several kinds would do, or none, nothing is left out: times are then doubled,
    which is asked about.
    """
    for i, name in enumerate(header):
        kinds = list(dict.fromkeys(str(row[i]).strip() for row, _ in rows))
        if i in others or not term("kind of row").search(name) or not 1 < len(kinds) <= KINDS:
            continue
        plain = {kind: kind.lower() for kind in kinds if not term("not consumed").search(kind.lower())}
        for pattern in (term("consumed"), term("consumed in short")):
            found = [kind for kind, text in plain.items() if pattern.search(text)]
            if len(found) == 1:
                return [line for line in rows if str(line[0][i]).strip() == found[0]], f"{name} = {found[0]}"
            if found:
                break
    return rows, ""


# --- what the file says beside its values ----------------------------------------------------------------------------------


def _heading_at(table: SourceTable, start: int) -> int:
    """The row of the headings above the first row of data; -1 where there is none. A row of units may stand between."""
    above = [i for i in range(max(0, start - 2), start) if any(c != "" for c in table.rows[i])]
    if len(above) == 2 and _names_units(table.rows[above[1]]) and len(_filled(table.rows[above[0]])) > 1:
        return above[0]
    return above[-1] if above else -1


def _filled(row: Sequence[Cell]) -> list[str]:
    return [str(c).strip() for c in row if str(c).strip()]


def _names_units(row: Sequence[Cell]) -> bool:
    """True of a row of nothing but units and forms of dates, such as `[dd.mm.yyyy hh:mm]  [kW]`."""
    cells = [c.strip("[]() ") for c in _filled(row)]
    known = [c for c in cells if read_unit(c) is not None or re.fullmatch(r"kvar(?:h)?|k?va|v|a|°c|%", c, re.IGNORECASE)]
    forms = [c for c in cells if re.fullmatch(r"[TDMJYASaHhms日时.:/\- ]+", c, re.IGNORECASE) or c in ("-", "")]
    return bool(known) and len(known) + len(forms) == len(cells)


def _read_head(rows: Sequence[Sequence[Cell]]) -> Head:
    """What the rows above the headings say, in one cell, beside or below each other."""
    found: dict[str, list[str]] = {"unit": [], "multiplier": [], "period": [], "meter": []}
    for key, value in _pairs(rows):
        if of := next((of for of in found if term(of).search(key)), None):
            found[of].append(value)
    units = [read_unit(re.split(r"[\s,;，；)）]", value)[0]) for value in found["unit"]]
    ratio = next((number[1] for value in found["multiplier"] if (number := re.match(rf"\s*({NUMBER})", value))), "")
    text = " ".join(" ".join(_filled(row)) for row in rows)
    is_multiplied = False if term("not multiplied").search(text) else True if term("multiplied").search(text) else None
    of = ", ".join(filter(None, (", ".join(dict.fromkeys(found["meter"])), " – ".join(dict.fromkeys(found["period"])))))
    return Head(next(filter(None, units), None), ratio, is_multiplied, of)


_PAIR = re.compile(r"^\s*([^:：=]{1,40})[:：=]\s*(.+)$")


def _pairs(rows: Sequence[Sequence[Cell]]) -> list[tuple[str, str]]:
    """Keys and their values: in one cell with a colon, beside each other, or, in a row of keys, below."""
    found: list[tuple[str, str]] = []
    for i, row in enumerate(rows):
        texts, below = ([str(c).strip() for c in own] for own in (row, rows[i + 1] if i + 1 < len(rows) else []))
        keys = [at for at, text in enumerate(texts) if _is_key(text)]
        is_row_of_keys = len(keys) > 1 and any(below) and not any(map(_is_key, below))
        for at, text in enumerate(texts):
            if _PAIR.match(text):
                parts = [part for part in re.split(r"[;；]|\s{2,}|[,，](?=\D)", text) if not (read_clock(part) or read_stamp(part))]
                found += [(pair[1].strip(), pair[2].strip()) for part in parts if (pair := _PAIR.match(part))]
            elif at in keys and is_row_of_keys:
                found.append((text, below[at] if at < len(below) else ""))
            elif at in keys:
                found.append((text, " – ".join([t for t in texts[at + 1 :] if t][: 2 if term("period").search(text) else 1])))
    return [(key, value) for key, value in found if value]


def _is_key(text: str) -> bool:
    text = text.rstrip(":： ")
    is_short = 0 < len(text) < 40 and not re.search(r"\d{4}", text)
    return is_short and any(term(of).search(text) for of in ("unit", "multiplier", "meter", "period"))


def _ratios_of(rows: Sequence[Line], header: Sequence[str]) -> dict[int, Cell]:
    """Line -> multiplier of its meter's transformers where a column states it: of several the whole one, 综合倍率, else all."""
    named = [i for i, name in enumerate(header) if term("multiplier").search(name)]
    at = [i for i in named if any(re.search(r"\d", str(row[i])) for row, _ in rows)]
    at = [i for i in at if term("whole").search(header[i])][:1] or at
    return {line: row[at[0]] if len(at) == 1 else " ".join(f"{header[i]} {row[i]}" for i in at) for row, line in rows} if at else {}


def _unit_of_rows(rows: Sequence[Line], header: Sequence[str]) -> QuantityUnit | None:
    """The unit where a column states one, the same in every row."""
    named = [i for i, name in enumerate(header) if term("unit").search(name)]
    found = (distinct([read_unit(str(row[i])) for row, _ in rows if row[i] != ""]) for i in named)
    return next((units[0] for units in found if len(units) == 1), None)


def _unit_above(rows: Sequence[Sequence[Cell]]) -> QuantityUnit | None:
    """The unit that a text above the table names: `单位：kW`."""
    return unit_told(" ".join(str(c) for row in rows for c in row if isinstance(c, str)))


def unit_told(text: str) -> QuantityUnit | None:
    """The unit that stands in a text behind a word for it: `单位：kW`, `Einheit: MWh`; None where none does."""
    found = re.search(r"(?:单位|unit|einheit|unit[ée]|unidad)\s*[:：]\s*([^\s,;，；)）]+)", text, re.IGNORECASE)
    found = found or re.search(r"(?:单位|unit)\s*([^\s,;，；)）]+)", text, re.IGNORECASE)
    return read_unit(found[1]) if found else None


# --- columns that are asked for --------------------------------------------------------------------------------------------


def asked_column(name: str, header: Sequence[str], file: str) -> int:
    """The column of a heading, of a part of one, or of a number from 1. Raises CaseError where it is none or may be several."""
    if name in header:
        return header.index(name)
    near = [i for i, h in enumerate(header) if name.lower() in h.lower()]
    if len(near) == 1:
        return near[0]
    if name.isdigit() and 1 <= int(name) <= len(header):
        return int(name) - 1
    words = {"file": file, "name": repr(name), "columns": listed_columns(header)}
    if near:
        raise CaseError.because("{file}: column {name}: is not clear; there are {columns}", **words)
    raise CaseError.because("{file}: column {name}: is not there; there are {columns}", **words)


def listed_columns(header: Sequence[str]) -> str:
    """The headings as a person may name them."""
    return ", ".join(repr(h) if h else f"{i} (no heading)" for i, h in enumerate(header, start=1))[:400]
