"""What is found in a table of readings, and what its own columns say of it: multiplier, unit, which rows are the consumption."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from planner.profiles.head import Head
from planner.profiles.headings import CONSUMED, KIND, NOT_CONSUMED, RATIO, UNIT
from planner.profiles.numbers import number_of
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
    ratio   multiplier in a column of its own, or None
    unit    unit in a column of its own, or None
    chosen  which of several kinds of rows was taken, '' where there is one kind only
    """

    head: Head = field(default_factory=Head)
    ratio: float | None = None
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

    @property
    def ratio(self) -> float | None:
        """The multiplier that the file states, in a column or above the table; None where there is none."""
        return self.said.ratio if self.said.ratio is not None else self.said.head.ratio


@dataclass(frozen=True)
class ColumnsWanted:
    """What the person says of the columns; empty where nothing is said."""

    column: str = ""
    time: str = ""
    only: str = ""
    decimal: str = ""


def ratio_of(rows: Sequence[Line], header: Sequence[str]) -> float | None:
    """The multiplier of a meter's transformers where a column states it."""
    for i, name in enumerate(header):
        if RATIO.search(name):
            found = {number_of(row[i], "") for row, _ in rows} - {None}
            if len(found) == 1:
                return found.pop()
    return None


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
