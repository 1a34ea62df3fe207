"""What headings and the rows above a table say, in Chinese, English, French, German, Polish and Spanish."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.errors import CaseError
from planner.importers.quantities import QuantityUnit, distinct, read_unit
from planner.importers.source import NUMBER, Cell, SourceTable, is_nothing, number_in, number_of
from planner.importers.times import Stamp, read_clock, read_stamp
from planner.importers.words import term

# --- above the table -------------------------------------------------------------------------------------------------------
# The rows above a table: what portals say there of unit, multiplier, period and meter, in one cell, beside or below each other.

#: Rows among which the first row of data is looked for; rows after it that must be like it.
HEAD, LIKE = 60, 3
_PAIR = re.compile(r"^\s*([^:：=]{1,40})[:：=]\s*(.+)$")


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


def first_data(table: SourceTable) -> int:
    """The first row of data: with a date where the rows after it have one too, or of numbers only. Raises CaseError for none."""
    for i, row in enumerate(table.rows[:HEAD]):
        filled = [c for c in row if c != ""]
        dated = [at for at, c in enumerate(row[:12]) if _is_date(c)]
        after = table.rows[i + 1 : i + 1 + LIKE]
        if any(all(at < len(other) and _is_date(other[at]) for other in after) for at in dated):
            return i
        if filled and all(number_of(c, "") is not None for c in filled) and (i > 0 or len(table.rows) > 1):
            return i
    raise CaseError.because(
        "{file}: no row with a time and a number is found; a CSV file or sheet of meter readings is needed", file=table.file
    )


def is_bare(cell: Cell) -> bool:
    """True of a number that could be a spreadsheet's date and just as well a value."""
    return isinstance(cell, float) or (
        isinstance(cell, str) and re.fullmatch(r"\d+(\.\d+)?", cell.strip()) is not None and len(cell) < 8
    )


def _is_date(cell: Cell) -> bool:
    return read_stamp(cell) is not None and not is_bare(cell)


def heading_at(table: SourceTable, start: int) -> int:
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


def read_head(rows: Sequence[Sequence[Cell]]) -> Head:
    """What the rows above the headings say."""
    unit: QuantityUnit | None = None
    ratio = ""
    period, meters = list[str](), list[str]()
    for key, value in _pairs(rows):
        if term("unit").search(key):
            unit = unit or read_unit(re.split(r"[\s,;，；)）]", value)[0])
        elif term("multiplier").search(key):
            found = re.match(rf"\s*({NUMBER})", value)
            ratio = ratio or (found[1] if found else "")
        elif term("period").search(key):
            period.append(value)
        elif term("meter").search(key):
            meters.append(value)
    text = " ".join(" ".join(_filled(row)) for row in rows)
    is_multiplied = False if term("not multiplied").search(text) else True if term("multiplied").search(text) else None
    of = ", ".join(filter(None, (", ".join(dict.fromkeys(meters)), " – ".join(dict.fromkeys(period)))))
    return Head(unit, ratio, is_multiplied, of)


def _pairs(rows: Sequence[Sequence[Cell]]) -> list[tuple[str, str]]:
    """Keys and their values: in one cell with a colon, beside each other, or, in a row of keys, below."""
    found: list[tuple[str, str]] = []
    for i, row in enumerate(rows):
        texts = [str(c).strip() for c in row]
        keys = [bool(t) and _is_key(t) for t in texts]
        below = [str(c).strip() for c in rows[i + 1]] if i + 1 < len(rows) else []
        is_row_of_keys = sum(keys) > 1 and below and not any(_is_key(t) for t in below if t)
        for at, text in enumerate(texts):
            for part in re.split(r"[;；]|\s{2,}|[,，](?=\D)", text) if _PAIR.match(text) else ():
                if (pair := _PAIR.match(part)) and read_clock(part) is None and read_stamp(part) is None:
                    found.append((pair[1].strip(), pair[2].strip()))
            if keys[at] and not _PAIR.match(text):
                beside = [t for t in texts[at + 1 :] if t][: 2 if term("period").search(text) else 1]
                value = (below[at] if at < len(below) else "") if is_row_of_keys else " – ".join(beside)
                if value:
                    found.append((text, value))
    return found


def _is_key(text: str) -> bool:
    text = text.rstrip(":： ")
    return (
        len(text) < 40
        and any(term(of).search(text) for of in ("unit", "multiplier", "meter", "period"))
        and not re.search(r"\d{4}", text)
    )


# --- columns of a table ----------------------------------------------------------------------------------------------------
# What is found in a table of readings, and what its own columns say of it: multiplier, unit, which rows are the consumption.

#: A row with its line in the file.
Line = tuple[list[Cell], int]
#: A column that says what each row measures has so many different texts at most.
KINDS = 24
#: The number of an hour that comes twice.
_TWICE = re.compile(r"0*\d{1,2}\s*[A-Za-z*']")


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


def ratios_of(rows: Sequence[Line], header: Sequence[str]) -> dict[int, Cell]:
    """Line -> multiplier of its meter's transformers where a column states it: of several the whole one, 综合倍率, else all."""
    at = [
        i
        for i, name in enumerate(header)
        if term("multiplier").search(name) and any(re.search(r"\d", str(row[i])) for row, _ in rows)
    ]
    at = [i for i in at if term("whole").search(header[i])][:1] or at
    return {line: row[at[0]] if len(at) == 1 else " ".join(f"{header[i]} {row[i]}" for i in at) for row, line in rows} if at else {}


def unit_of_rows(rows: Sequence[Line], header: Sequence[str]) -> QuantityUnit | None:
    """The unit where a column states one, the same in every row."""
    for i, name in enumerate(header):
        if term("unit").search(name):
            found = distinct([read_unit(str(row[i])) for row, _ in rows if row[i] != ""])
            if len(found) == 1:
                return found[0]
    return None


def unit_above(rows: Sequence[Sequence[Cell]]) -> QuantityUnit | None:
    """The unit that a text above the table names: `单位：kW`."""
    text = " ".join(str(c) for row in rows for c in row if isinstance(c, str))
    found = re.search(r"(?:单位|unit|einheit|unit[ée]|unidad)\s*[:：]\s*([^\s,;，；)）]+)", text, re.IGNORECASE)
    found = found or re.search(r"(?:单位|unit)\s*([^\s,;，；)）]+)", text, re.IGNORECASE)
    return read_unit(found[1]) if found else None


def consumed(rows: list[Line], header: Sequence[str], others: set[int]) -> tuple[list[Line], str]:
    """(rows of active energy drawn, what was taken) where a column says what each row measures; all rows, and '', where none does.

    `others`: columns of times and values. Where several kinds would do, or none, nothing is left out: times are then doubled,
    which is asked about.
    """
    for i, name in enumerate(header):
        if i in others or not term("kind of row").search(name):
            continue
        kinds = list(dict.fromkeys(str(row[i]).strip() for row, _ in rows))
        if not 1 < len(kinds) <= KINDS:
            continue
        plain = {kind: kind.lower() for kind in kinds if not term("not consumed").search(kind.lower())}
        for pattern in (term("consumed"), term("consumed in short")):
            found = [kind for kind, text in plain.items() if pattern.search(text)]
            if len(found) == 1:
                return [line for line in rows if str(line[0][i]).strip() == found[0]], f"{name} = {found[0]}"
            if found:
                break
    return rows, ""


def by_order(rows: list[Line], day: int, counted: int) -> list[Line]:
    """The rows with hours numbered from midnight, where the file numbers them by the clock: an hour that comes twice has a letter
    (`3A`), and one that is left out in spring is missing. Days of an hour less or more are numbered in the order of their rows."""
    if not any(_TWICE.fullmatch(str(row[counted]).strip()) for row, _ in rows):
        return rows
    counts = Counter(str(row[day]) for row, _ in rows)
    usual = Counter(counts.values()).most_common(1)[0][0]
    seen, made = Counter[str](), list[Line]()
    for row, line in rows:
        own = str(row[day])
        seen[own] += 1
        is_odd = usual >= 24 and abs(counts[own] - usual) == usual // 24
        made.append(([*row[:counted], float(seen[own]), *row[counted + 1 :]], line) if is_odd else (row, line))
    return made


def terms_of(text: str, header: Sequence[str]) -> list[tuple[int, str]]:
    """(sign, column) of each term of `A + B - C`, signs with blanks around them; empty where that is one column."""
    if text in header or not re.search(r" [+-] ", text):
        return []
    parts = re.split(r" ([+-]) ", text)
    return [(1, parts[0].strip())] + [
        (1 if sign == "+" else -1, name.strip()) for sign, name in zip(parts[1::2], parts[2::2], strict=True)
    ]


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
