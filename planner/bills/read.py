"""A table of bills: which rows are months, which column is the energy and which the money, and what that leaves out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from models.errors import CaseError
from planner.bills.columns import TOTAL, MoneyColumn, before_date, is_time, money_at, money_of, month_in, order_in
from planner.bills.convert import GROSS, MORE
from planner.language.message import Message
from planner.profiles.columns import no_column
from planner.profiles.numbers import decimal_of, is_nothing, no_number, number_of
from planner.profiles.quantities import read_unit
from planner.profiles.source import Cell, SourceTable

#: Columns of the whole among parts, and of parts that are added where there is no whole.
WHOLE = re.compile(r"总|合计|total|gesamt|summe", re.IGNORECASE)
#: Columns without an amount of this year: meter readings, factors, prices, figures of earlier periods.
FACTOR = re.compile(r"factor|faktor|发热|calorific|brennwert|热值", re.IGNORECASE)
#: A column of how many days a bill is of.
DAYS_BILLED = re.compile(r"^(?:billing )?days$|^no\.? of days$|^tage$|^jours$|^días$|^dni$|^天数$|^日数$", re.IGNORECASE)
#: A text that says a measure, `0.8 MPa`, or in what money is.
NOTE = re.compile(r"\d\s*[A-Za-z大千]|[千万亿]元")
OTHER = re.compile(
    r"单价|价格|price|preis|precio|prix|tarif|factor|faktor|facteur|coef|lectura|relev|z.hlerstand|reading|示数|表底|起码|止码"
    r"|倍率|factura$|invoice|rechnung(?:snummer|s-nr)|n[º°o]|去年|上年|同期|vorjahr|previous|anterior|需量|kvar"
    r"|power factor|无功|potencia|stawka|cena jedn|odczyt|numer|\bdays\b|billed demand",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Billed:
    """A year of bills.

    year      billed, None where nothing says it
    amounts   (12,) in the unit of the file, or (1,) of a year
    unit      of the amounts, as the heading says; '' where it says none
    texts     heading of the amounts, headings of factors, rows above, notes
    money     (n,) as billed, in the currency's units; None where no column holds it
    spent     its column; None where there is none
    said      what was found, messages
    """

    year: int | None
    amounts: np.ndarray
    unit: str
    heading: str
    texts: tuple[str, ...]
    money: np.ndarray | None = None
    spent: MoneyColumn | None = None
    said: tuple[Message, ...] = field(default=())


@dataclass(frozen=True)
class Asked:
    """What the person says of a table; '' and None where nothing is said."""

    column: str = ""
    cost: str = ""
    unit: str = ""
    year: int | None = None
    decimal: str = ""


@dataclass(frozen=True)
class _BillSheet:
    """A table as bills: headings, rows with their (year or 0, month or 0 of a whole year), rows above, notes (texts
    with a measure below and in the rows), the row of sums."""

    table: SourceTable
    header: list[str]
    rows: list[tuple[list[Cell], int]]
    when: list[tuple[int, int]]
    above: list[str]
    notes: list[str]
    total: list[Cell] | None
    sign: str


def read_billed(table: SourceTable, asked: Asked) -> Billed:
    """The bills of a table. Raises CaseError where energy, year or months are not clear, or do not add up."""
    sheet = _sheet(table, asked)
    at = _amounts_at(sheet, asked)
    year = _year(sheet, asked)
    kept = [i for i, (y, _) in enumerate(sheet.when) if y in (0, year) or year is None]
    energy = _by_month(sheet, kept, [_column(sheet, i) for i in at])
    said = list[Message]()
    if len(at) > 1:
        said.append(Message("energy is the sum of {columns}", columns=", ".join(sheet.header[i] for i in at)))
    _check_sum(sheet, kept, at)
    if len(energy) not in (1, 12):
        raise CaseError.because(
            "{file}: has bills of {count} months of {year}; a year has 12, or one amount",
            file=table.file,
            count=len(energy),
            year=year if year is not None else Message("a year"),
        )
    heading = sheet.header[at[0]]
    factors = [h for i, h in enumerate(sheet.header) if i not in at and FACTOR.search(h)]
    texts = (heading, *(_with_value(sheet, h) for h in factors), *sheet.above, *sheet.notes)
    unit = asked.unit or unit_of_heading(heading) or next((u for text in sheet.above if (u := _unit_of_text(text))), "")
    if not unit:
        raise CaseError.because(
            "{file}: the unit of {column} is not told; say it with --unit", file=table.file, column=repr(heading)
        )
    spent = money_at(sheet.header, asked.cost, table.file, said, [*sheet.above, *sheet.notes])
    money = None if spent is None else _by_month(sheet, kept, [_column(sheet, spent.at)]) * spent.times
    return Billed(year, energy, unit, heading, texts, money, spent, tuple(said))


def _sheet(table: SourceTable, asked: Asked) -> _BillSheet:
    width = max(len(row) for row in table.rows)
    rows = [row + [""] * (width - len(row)) for row in table.rows]
    order = order_in(rows, table.file)
    when = [month_in(row, order) for row in rows]
    start = next((i for i, w in enumerate(when) if w is not None and _numbers_in(rows[i]) > 0), None)
    if start is None:
        raise CaseError.because("{file}: no row with a month or a year and an amount is found", file=table.file)
    is_sum = [any(isinstance(c, str) and TOTAL.search(c) for c in row[:3]) for row in rows]
    body = [i for i in range(start, len(rows)) if when[i] is not None and not is_sum[i] and _numbers_in(rows[i])]
    total = next((rows[i] for i in range(start, len(rows)) if is_sum[i]), None)
    head = next((i for i in reversed(range(start)) if sum(1 for c in rows[i] if str(c).strip()) > 1), max(start - 1, 0))
    cells = [c for i in body for c in rows[i] if isinstance(c, str)]
    if (length := next((i for i, c in enumerate(rows[head]) if DAYS_BILLED.match(str(c).strip())), None)) is not None:
        when = [before_date(row, row[length], order) or own for row, own in zip(rows, when, strict=True)]
    text = [c for c in cells if not is_time(c)]
    sign = asked.decimal or decimal_of(
        [c for c in text if re.search(r"\d", c) and not re.search(r"[A-Za-z/]", c)], table.separator, table.file
    )
    lines = [(rows[i], table.lines[i]) for i in body]
    above = [" ".join(str(c) for c in row if str(c).strip()) for i, row in enumerate(rows[:start]) if i != head]
    notes = dict.fromkeys(c for row in rows[start:] for c in row if isinstance(c, str) and NOTE.search(c) and not is_time(c))
    return _BillSheet(
        table,
        [str(c).strip() for c in rows[head]],
        lines,
        [w for i in body if (w := when[i]) is not None],
        above,
        list(notes),
        total,
        sign,
    )


def _numbers_in(row: Sequence[Cell]) -> int:
    return sum(1 for c in row[1:] if number_of(c, "point") is not None or number_of(c, "comma") is not None)


def _year(sheet: _BillSheet, asked: Asked) -> int | None:
    years = sorted({y for y, _ in sheet.when if y})
    if asked.year is not None:
        if years and asked.year not in years:
            raise CaseError.because(
                "{file}: --year {year}: has no bills; there are those of {years}",
                file=sheet.table.file,
                year=asked.year,
                years=", ".join(map(str, years)),
            )
        return asked.year
    if years:
        whole = [y for y in years if len({m for own, m in sheet.when if own == y}) in (1, 12)]
        return (whole or years)[-1]
    found = {int(y) for text in [*sheet.above, sheet.table.file] for y in re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", text)}
    return max(found) if len(found) == 1 else None


def unit_of_heading(heading: str) -> str:
    """The unit that a heading names: in brackets, `Consumo (kWh PCS)`, else as its last word; '' where it names none."""
    for part in (*re.findall(r"[(（\[【]([^)）\]】]+)[)）\]】]", heading), *reversed(re.split(r"[\s_:：,，]", heading))):
        for word in (part.strip(), part.strip().split(" ")[0]):
            unit = read_unit(word) if word else None
            if unit is not None or word.lower() in MORE:
                return "" if unit is not None and unit.is_rate else word
    return ""


def _unit_of_text(text: str) -> str:
    found = re.search(r"(?:单位|einheit|unit|unidad|unité)\s*[:：]\s*([^\s,;，；]+)", text, re.IGNORECASE)
    return found[1] if found and read_unit(found[1]) else ""


def _column(sheet: _BillSheet, at: int) -> np.ndarray:
    """Numbers of a column, NaN where it has none. Raises CaseError for what is no number."""
    values, faults = np.full(len(sheet.rows), np.nan), []
    for i, (row, line) in enumerate(sheet.rows):
        if is_nothing(row[at]):
            continue
        number = number_of(row[at], sheet.sign)
        if number is None:
            faults.append(no_number(sheet.table.file, line, row[at]))
        else:
            values[i] = number
    if faults:
        raise CaseError(faults[:5])
    return values


def _amounts_at(sheet: _BillSheet, asked: Asked) -> list[int]:
    """The columns of energy: the one asked for, the whole, the only one, or all parts of one unit."""
    header = sheet.header
    if asked.column:
        near = [i for i, name in enumerate(header) if name == asked.column] or [
            i for i, name in enumerate(header) if asked.column.lower() in name.lower()
        ]
        if len(near) == 1:
            return near
        raise no_column(sheet.table.file, asked.column, ", ".join(map(repr, header)), is_known=bool(near))
    filled = [i for i in range(len(header)) if any(number_of(row[i], sheet.sign) is not None for row, _ in sheet.rows)]
    units = {i: unit_of_heading(header[i]) for i in filled if not OTHER.search(header[i]) and money_of(header[i]) is None}
    known = {i: unit for i, unit in units.items() if unit}
    energies = {i: u for i, u in known.items() if not (found := read_unit(u)) or not found.content}
    found_at = energies or known
    if len(found_at) == 1:
        return list(found_at)
    if whole := [i for i in found_at if WHOLE.search(header[i])]:
        return whole[:1]
    if found_at and len({u.lower() for u in found_at.values()}) == 1 and not any(GROSS.search(header[i]) for i in found_at):
        return list(found_at)
    plain = [i for i in units if i > 0 and not re.search(r"月|month|monat|mes\b|mois|year|jahr|年", header[i], re.IGNORECASE)]
    if not found_at and asked.unit and len(plain) == 1:
        return plain
    columns = ", ".join(repr(h) for h in header if h)
    if found_at:
        raise CaseError.because(
            "{file}: several columns hold amounts; say which with --column: {columns}", file=sheet.table.file, columns=columns
        )
    raise CaseError.because(
        "{file}: no column holds amounts; say which with --column: {columns}", file=sheet.table.file, columns=columns
    )


def _by_month(sheet: _BillSheet, kept: Sequence[int], columns: Sequence[np.ndarray]) -> np.ndarray:
    """Sums of each month that has a row, in order, of all columns."""
    months = sorted({sheet.when[i][1] for i in kept})
    total = np.sum([np.nan_to_num(c) for c in columns], axis=0)
    return np.array([sum(total[i] for i in kept if sheet.when[i][1] == month) for month in months])


def _check_sum(sheet: _BillSheet, kept: Sequence[int], at: Sequence[int]) -> None:
    """Raise CaseError where the file's own row of sums says another sum than its rows of energy come to."""
    if sheet.total is None or len(kept) != len(sheet.rows):
        return
    for i in at:
        stated = number_of(sheet.total[i], sheet.sign)
        own = float(np.nansum(_column(sheet, i)))
        if stated is not None and own > 0 and abs(stated / own - 1) > 0.005:
            raise CaseError.because(
                "{file}: column {column}: its rows come to {own}, its sum says {stated}; is a row missing or misread?",
                file=sheet.table.file,
                column=repr(sheet.header[i]),
                own=f"{own:,.6g}",
                stated=f"{stated:,.6g}",
            )


def _with_value(sheet: _BillSheet, heading: str) -> str:
    """A heading of a factor with its value, where it is the same in every row: `11.63 kWh/m3`."""
    at = sheet.header.index(heading)
    try:
        values = _column(sheet, at)
    except CaseError:
        return heading
    mean = float(np.nanmean(values)) if np.isfinite(values).any() else None
    unit = re.search(r"[(（\[]([^)）\]]+)[)）\]]", heading)
    return f"{heading}: {mean:g} {unit[1]}" if mean is not None and unit else heading
