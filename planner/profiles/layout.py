"""What is found in a table of readings, and what its own columns say of it: multiplier, unit, which rows are the consumption."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from models.errors import CaseError
from planner.profiles.head import Head
from planner.profiles.headings import CONSUMED, KIND, NOT_CONSUMED, RATIO, UNIT, WHOLE_RATIO
from planner.profiles.numbers import is_nothing, number_in
from planner.profiles.quantities import QuantityUnit, distinct, read_unit
from planner.profiles.source import Cell
from planner.profiles.stamps import Stamp

#: A row with its line in the file.
Line = tuple[list[Cell], int]
#: A column that says what each row measures has so many different texts at most.
KINDS = 24
#: The number of an hour that comes twice.
_TWICE = re.compile(r"0*\d{1,2}\s*[A-Za-z*']")


@dataclass(frozen=True)
class Said:
    """What a file says beside its values.

    head    the rows above the table
    ratios  line of the file -> multiplier as a column of its own states it
    unit    unit in a column of its own, or None
    chosen  which of several kinds of rows was taken, '' where there is one kind only
    """

    head: Head = field(default_factory=Head)
    ratios: dict[int, Cell] = field(default_factory=dict)
    unit: QuantityUnit | None = None
    chosen: str = ""


@dataclass(frozen=True)
class LayoutColumns:
    """Times and values of a table, in the order of the file; without stamps it is a bare list of values.

    stamps      of each value, or None for a list of values
    values      (n,), NaN where the file has none
    lines       line of the file of each value
    heading     of the column of values
    units       that the heading, or lines above it, name; one where they agree
    is_register the heading says so
    said        what the file says beside
    decimal     sign of the decimals, '' where no cell shows one
    step        minutes of an interval where these are numbered: stamps are then their starts, counted from midnight; else None
    """

    stamps: list[Stamp] | None
    values: np.ndarray
    lines: list[int]
    heading: str
    units: tuple[QuantityUnit, ...]
    is_register: bool
    said: Said = field(default_factory=Said)
    decimal: str = ""
    step: int | None = None

    def multipliers(self, file: str) -> np.ndarray:
        """(n,) multiplier of each value as the file states it, in a column or above the table; 1 where it states none.

        Raises CaseError where one is no number, or can be read in two ways.
        """
        stated: list[Cell] = [self.said.ratios.get(line, "") for line in self.lines] if self.said.ratios else []
        stated = stated or [self.said.head.ratio] * len(self.lines)
        known: dict[object, float] = {"": 1.0}
        for cell in dict.fromkeys(stated):
            try:
                known[cell] = cell if isinstance(cell, float) else 1.0 if is_nothing(cell) else number_in(str(cell), self.decimal)
            except ValueError as error:
                words = {"file": file, "cell": repr(str(cell)), "words": error.args[0]}
                raise CaseError.because("{file}: its multiplier {cell}: {words}; say --times, e.g. --times 40", **words) from error
        return np.array([known[cell] for cell in stated])


@dataclass(frozen=True)
class ColumnsWanted:
    """What the person says of the columns; empty where nothing is said."""

    column: str = ""
    time: str = ""
    only: str = ""
    decimal: str = ""


def ratios_of(rows: Sequence[Line], header: Sequence[str]) -> dict[int, Cell]:
    """Line -> multiplier of its meter's transformers where a column states it: of several the whole one, 综合倍率, else all."""
    at = [i for i, name in enumerate(header) if RATIO.search(name) and any(re.search(r"\d", str(row[i])) for row, _ in rows)]
    at = [i for i in at if WHOLE_RATIO.search(header[i])][:1] or at
    return {line: row[at[0]] if len(at) == 1 else " ".join(f"{header[i]} {row[i]}" for i in at) for row, line in rows} if at else {}


def unit_of_rows(rows: Sequence[Line], header: Sequence[str]) -> QuantityUnit | None:
    """The unit where a column states one, the same in every row."""
    for i, name in enumerate(header):
        if UNIT.search(name):
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
        if i in others or not KIND.search(name):
            continue
        kinds = list(dict.fromkeys(str(row[i]).strip() for row, _ in rows))
        if not 1 < len(kinds) <= KINDS:
            continue
        plain = {kind: kind.lower() for kind in kinds if not NOT_CONSUMED.search(kind.lower())}
        for pattern in CONSUMED:
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
