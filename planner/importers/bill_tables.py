"""A table of bills: which period a row is of, which column is the energy and which the money, with VAT or not, and in MWh."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from models.errors import CaseError
from planner.importers.columns import asked_column, listed_columns, unit_told
from planner.importers.cost_units import in_thousands, unit_of_cost
from planner.importers.profile import Told
from planner.importers.quantities import MEASURES, QuantityUnit, read_unit, stated_content, unit_in
from planner.importers.series import check_readings
from planner.importers.source import Cell, SourceTable, decimal_of, decimal_shown, is_amount, number_of, numbers, sign_of, squared
from planner.importers.times import Stamp, moment, order_of, read_month, read_stamp
from planner.importers.words import DATA, term
from planner.language.language import mark
from planner.language.message import Message
from planner.park.fields import cell_fault

# --- periods ---------------------------------------------------------------------------------------------------------------

#: Year or 0, month or 0 of a whole year, day or 0 of a whole month.
Period = tuple[int, int, int]
#: Between the first and the last day of a period in one cell.
_PERIOD = re.compile(r"(?<=\d{4})\s*[-–—]\s*(?=\d)|\s+(?:-|–|do|to|bis|al|au|a)\s+")


def order_in(rows: list[list[Cell]], file: str) -> str:
    """The order of day and month; of first days of months it is the one in which they are of more months."""
    stamps = [s for row in rows for cell in row[:4] for part in _parts(cell) if (s := read_stamp(part)) is not None]
    try:
        return order_of(stamps, file)
    except CaseError:
        months = [len({s.parts[at] for s in stamps if not s.order}) for at in (0, 1)]
        return "mdy" if months[0] > months[1] else "dmy"


def before_date(row: Sequence[Cell], days: Cell, order: str) -> Period | None:
    """The day in the middle of the so many days that end on the only date of a row; None where there is another number."""
    found = [s for cell in row[:4] for part in _parts(cell) if (s := read_stamp(part)) is not None]
    count = number_of(days, "")
    if len(found) != 1 or count is None or not 5 <= count <= 100:
        return None
    last = _day(found[0], order)
    return None if last is None else _period(last - np.timedelta64(round(count / 2), "D"))


def _day(stamp: Stamp, order: str) -> np.datetime64 | None:
    """The day of a stamp; None where there is no such day."""
    try:
        return np.datetime64(moment(stamp, order), "D")
    except ValueError:
        return None


def _period(day: np.datetime64) -> Period:
    year, month, number = map(int, str(day).split("-"))
    return year, month, number


def _parts(cell: Cell) -> list[Cell]:
    """What may be a date in a cell: the two days of a period, or the cell; nothing of a number."""
    if isinstance(cell, float):
        return []
    parts = _PERIOD.split(cell) if isinstance(cell, str) else [cell]
    return [*parts] if all(read_stamp(part) is not None for part in parts) else [cell]


def is_time(text: str) -> bool:
    """True for what is read as a date, a period or a month."""
    return read_stamp(_parts(text)[0]) is not None or bool(read_month(text))


def period_in(row: Sequence[Cell], order: str) -> Period | None:
    """The period of a row by its first cells; the middle of one where two of them are dates."""
    dates = list[np.datetime64]()
    for cell in row[:4]:
        if isinstance(cell, float) and cell > 2100:
            continue
        if (found := read_month(cell)) is not None and not dates:
            return (*found, 0)
        for part in _parts(cell):
            if (stamp := read_stamp(part)) is None:
                continue
            if (day := _day(stamp, order)) is None:
                return None
            dates.append(day)
    return _period(dates[0] + (dates[-1] - dates[0]) // 2) if dates else None


# --- money -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MoneyColumn:
    """The column of money.

    at        its number, from 0
    heading   as it stands
    currency  ISO code, '' where the heading names none
    times     what its numbers are multiplied by: 10,000 of 万元
    basis     `net`, `gross` (VAT is in it) or '' where nothing says
    tax       rate of VAT that the headings state, None where they state none
    """

    at: int
    heading: str
    currency: str
    times: float
    basis: str
    tax: float | None


def money_of(heading: str) -> tuple[str, float] | None:
    """(currency, times) of a heading of an amount of money; None of others and of prices."""
    for part in (*re.findall(r"[(（\[【]([^)）\]】]+)[)）\]】]", heading), heading.split()[-1] if heading.split() else ""):
        unit = unit_of_cost(re.split("[，,]", part)[0].strip())
        if unit is not None and unit.currency and not unit.per and not unit.piece:
            return unit.currency, unit.times
    return None


def money_at(header: Sequence[str], asked: str, file: str, said: list[Message], texts: Sequence[str]) -> MoneyColumn | None:
    """The column of the money: the one asked for, the one without VAT, the whole, or the only one; None where none is clear.

    Raises CaseError where the one that is asked for is none, or names no money where `texts` of the file name thousands.
    """
    found = {i: money for i, h in enumerate(header) if (money := money_of(h)) is not None and not term("price").search(h)}
    if asked:
        at = asked_column(asked, header, file)
        heading = header[at]
        if money_of(heading) is None and (scaled := in_thousands([*header, *texts])):
            words = mark(
                "{file}: column {column}: names no money, and the file says {scaled}; write its unit into its heading, e.g. "
                "{example}"
            )
            raise CaseError.because(words, file=file, column=repr(heading), scaled=repr(scaled), example=f"{heading}({scaled})")
        found = {at: money_of(heading) or ("", 1.0)}
    of_tax = [i for i in found if re.match(r"\s*(?:iva|tva|mwst|vat|ust\b|税|增值税)", header[i], re.IGNORECASE)]
    net = [i for i in found if term("money without VAT").search(header[i]) and i not in of_tax]
    whole = [
        i
        for i in found
        if i not in (*net, *of_tax) and (term("money with VAT").search(header[i]) or term("whole").search(header[i]))
    ]
    rest = [i for i in found if i not in (*net, *of_tax, *whole)]
    spent = rest if len(rest) == 1 else [i for i in rest if term("money").search(header[i])]
    for kind, places in (("net", net), ("whole", whole), ("", spent if len(spent) == 1 else [])):
        if places:
            at = places[-1]
            is_taxed = bool(term("money with VAT").search(header[at])) or (kind == "whole" and bool(of_tax))
            currency, times = found[at]
            return MoneyColumn(
                at,
                header[at],
                currency,
                times,
                "net" if kind == "net" else "gross" if is_taxed else "",
                _rate(header) or _rate(texts),
            )
    if found:
        said.append(Message("several columns hold money and none says that it is the whole; see --cost"))
    return None


def _rate(header: Sequence[str]) -> float | None:
    """The rate of VAT that a heading, or a text above the table, states: `IVA 21% (€)`, `含税13%`."""
    texts = [h for h in header if term("VAT").search(h) or "税" in h]
    rates = [float(r.replace(",", ".")) / 100 for h in texts for r in re.findall(r"(\d+(?:[.,]\d+)?)\s*[%％]", h)]
    return rates[0] if rates else None


# --- amounts ---------------------------------------------------------------------------------------------------------------
# What a bill's amount holds: energy in any of the usual units, fuels by their net calorific value, steam by its pressure.

UNNAMED = mark(
    "look at this: whether the energy is of the gross or the net calorific value is not said, and net is taken; see --heating"
)


@dataclass(frozen=True)
class Multiplier:
    """What an amount of a bill is multiplied by: MWh in one of it, of the net calorific value of a fuel, and why (messages)."""

    unit: str
    times: float
    why: tuple[Message, ...] = ()


def amount_of(unit: str, carrier: str, texts: Sequence[str], heating: str, content: float | None) -> Multiplier:
    """How an amount in `unit` of a carrier becomes MWh.

    texts    heading, rows above and below, remarks, where calorific values, their kind and pressures may be named
    heating  `gross` or `net` as the person says, '' as the texts do
    content  MWh in a t or m³, as the person says

    Raises CaseError where the unit is none of energy, steam or fuel, or where its content has to be said.
    """
    found, why = read_unit(unit), list[Message]()
    if found is None or found.is_rate:
        raise CaseError.because("unit {unit}: is none of energy, fuel or steam; say it with --unit", unit=repr(unit))
    times, measure, is_fuel = found.size, MEASURES.get(found.content), carrier not in NO_FUELS
    if measure and content is not None:
        why.append(Message("a {measure} has {content} MWh, as --content says", measure=measure, content=f"{content:g}"))
    elif measure:
        content = _content(carrier, measure, texts, unit, why)
    times *= content if measure and content is not None else 1.0
    kind = heating or next(
        (kind for text in texts for kind in ("gross", "net") if term(kind).search(text)), "net" if measure else ""
    )
    if is_fuel and kind == "gross":
        ratio = DATA["net_calorific"].get(carrier, 1.0)
        words = mark("{ratio} of the gross calorific value is the net one, which factors and plants count by")
        why.append(Message(words, ratio=f"{ratio:g}"))
        return Multiplier(f"{unit} gross", times * ratio, tuple(why))
    if is_fuel and not kind and "tce" not in unit and "标" not in unit:
        why.append(Message(UNNAMED))
    return Multiplier(unit, times, tuple(why))


#: Carriers that are no fuel; the first text that names one kind of calorific value counts, the heading before the rows above.
NO_FUELS = ("electricity", "steam", "heat", "cold", "cooling", "waste-heat")


def _content(carrier: str, measure: str, texts: Sequence[str], unit: str, why: list[Message]) -> float:
    """The content that the file states, else the usual one; of steam what follows of its pressure."""
    is_steam = measure == "t" and carrier in ("steam", "heat")
    stated, words = stated_content(texts, measure, is_steam), {"measure": measure, "carrier": carrier}
    if stated is not None and stated.pressure is not None:
        text = mark("a t of saturated steam of {pressure} MPa above the air's has {content} MWh more than water of 20 °C")
        why.append(Message(text, pressure=f"{stated.pressure:g}", content=f"{stated.value:.4g}"))
        return stated.value
    if stated is not None:
        text, held = mark("a {measure} has {content} MWh, as the file says: {said}"), f"{stated.value:.6g}"
        why.append(Message(text, measure=measure, content=held, said=stated.written))
        return stated.value
    if is_steam:
        why.append(Message("a t of steam has 0.7 MWh: no pressure is named; see --content"))
        return 0.7
    gigajoule, per = DATA["calorific"].get(carrier, (0.0, ""))
    if per != measure:
        text = mark("unit {unit}: what a {measure} of {carrier} holds is not known; say --content, MWh of its net calorific value")
        raise CaseError.because(text, unit=repr(unit), **words)
    text = mark("a {measure} of {carrier} has {content} MWh, the usual net calorific value; see --content")
    why.append(Message(text, content=f"{gigajoule / 3.6:.5g}", **words))
    return float(gigajoule / 3.6)


# --- a table of bills ------------------------------------------------------------------------------------------------------
# A table of bills: which rows are periods, which column is the energy and which the money, and what that leaves out.

#: A text that says a measure, `0.8 MPa`, or in what money is.
NOTE = re.compile(r"\d\s*[A-Za-z大千]|[千万亿]元")
#: How many amounts a year has: one, quarters, months, days.
COUNTS = (1, 4, 12, 365, 366)
QUARTERS = ({1, 4, 7, 10}, {2, 5, 8, 11}, {3, 6, 9, 12})
HOURS = 8760


@dataclass(frozen=True)
class Billed:
    """A year of bills.

    year      billed, None where nothing says it
    amounts   (n,) in the unit of the file, of a year, its quarters, months or days
    unit      of the amounts, as the heading says
    texts     heading of the amounts, headings of factors, rows above, notes
    decimal   sign of the decimals, '' where no cell shows one
    money     (n,) as billed, in the currency's units; None where no column holds it
    spent     its column; None where there is none
    said      what was found, messages
    """

    year: int | None
    amounts: np.ndarray
    unit: str
    heading: str
    texts: tuple[str, ...]
    decimal: str = ""
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
    """A table as bills: headings, rows with the periods that they are of (None in a list of amounts alone), rows above, notes
    (texts with a measure below and in the rows), the row of sums."""

    table: SourceTable
    header: list[str]
    rows: list[tuple[list[Cell], int]]
    when: list[Period | None]
    above: list[str]
    notes: list[str]
    total: list[Cell] | None
    sign: str

    def column(self, at: int) -> np.ndarray:
        """Numbers of a column, NaN where it has none. Raises CaseError for what is no number."""
        return numbers(self.rows, at, self.sign, self.table.file)


def with_counted(table: SourceTable) -> SourceTable:
    r"""The table with a column of what registers counted, where it has their first and last readings and no amount.

    .. math:: a = (z_1 - z_0) \, k \qquad z  \text{ readings} \quad k \text{ multiplier of the row, 1 without}

    Raises CaseError for a register that fell, and where the amount that the file states is another.
    """
    found = (
        (i, [_first(row, of) for of in ("first reading", "last reading", "multiplier")]) for i, row in enumerate(table.rows[:20])
    )
    at, (old, new, ratio) = next(((i, places) for i, places in found if None not in places[:2]), (0, [None] * 3))
    if old is None or new is None:
        return table
    head, sign, faults = table.rows[at], sign_of(c for row in table.rows for c in row if isinstance(c, str)), list[Message]()
    stated = next((i for i, cell in enumerate(head) if not term("no amount").search(str(cell)) and unit_in(str(cell))), None)
    rows = [*table.rows[:at], [*head, f"counted ({unit.label})" if (unit := unit_in(str(head[new]))) else "counted"]]
    for row, line in zip(squared(table.rows[at + 1 :], len(head)), table.lines[at + 1 :], strict=True):
        first, last, by, said = (None if i is None else number_of(row[i], sign) for i in (old, new, ratio, stated))
        amount = None if first is None or last is None else (last - first) * (1.0 if by is None else by)
        if amount is not None and amount < 0:
            words = mark("{file} line {line}: the register fell from {first} to {last}; write what the meter counted, or its end")
            faults.append(Message(words, file=table.file, line=line, first=f"{first:g}", last=f"{last:g}"))
        elif amount is not None and said is not None and abs(said - amount) > 0.005 * amount + 0.51 * (by or 1.0):
            words = mark("{file} line {line}: {said} is stated, and the readings come to {amount}; mend one of them")
            faults.append(Message(words, file=table.file, line=line, said=f"{said:,.6g}", amount=f"{amount:,.6g}"))
        rows.append([*row, "" if amount is None else amount])
    if faults:
        raise CaseError(faults[:20])
    return table if stated is not None else replace(table, rows=rows)


def _first(row: Sequence[Cell], of: str) -> int | None:
    return next((i for i, cell in enumerate(row) if term(of).search(str(cell))), None)


def read_billed(table: SourceTable, asked: Asked, told: Told) -> Billed:
    """The bills of a table; what is not certain is asked. Raises CaseError where amounts are no year's, or do not add up."""
    table = with_counted(table)
    sheet, file, said = _sheet(table, asked, told), table.file, list[Message]()
    first = next((i for i, name in enumerate(sheet.header) if i and name), 0)
    at = told.or_ask("column", sheet.header[first], [first], lambda: _amounts_at(sheet, asked))
    year, heading = _year(sheet, asked), sheet.header[at[0]]
    kept = [i for i, when in enumerate(sheet.when) if when is None or when[0] in (0, year) or year is None]
    unit = _unit(sheet, heading, asked, told)
    for i in at:
        check_readings(sheet.column(i), [line for _, line in sheet.rows], unit, file, hours=HOURS)
    energy = _by_period(sheet, kept, [sheet.column(i) for i in at])
    _check_rows(sheet, kept, energy, told)
    if len(at) > 1:
        said.append(Message("energy is the sum of {columns}", columns=", ".join(sheet.header[i] for i in at)))
    spent = money_at(sheet.header, asked.cost, file, said, [*sheet.above, *sheet.notes])
    _check_sum(sheet, kept, [*at, *([] if spent is None else [spent.at])])
    months = {when[1] for i in kept if (when := sheet.when[i]) is not None}
    if len(energy) not in COUNTS or (len(energy) == 4 and months and months not in QUARTERS):
        words = mark("{file}: has {count} amounts of {year}; a year has 12 months, 4 quarters, 365 days, or one amount")
        if 8 < len(months) < 12:
            words = mark(
                "{file}: has {count} amounts of {year}; a year has 12 months, 4 quarters, 365 days, or one amount; months "
                "{lacking} are not there, or not read"
            )
        lacking, of = ", ".join(str(m) for m in range(1, 13) if m not in months), Message("a year") if year is None else year
        raise CaseError.because(words, file=file, count=len(energy), year=of, lacking=lacking)
    factors = [h for i, h in enumerate(sheet.header) if i not in at and term("calorific value").search(h)]
    texts = (heading, *(_with_value(sheet, h) for h in factors), *sheet.above, *sheet.notes)
    told.recognised["column"] = heading if len(at) == 1 else ""
    money = None if spent is None else _by_period(sheet, kept, [sheet.column(spent.at)]) * spent.times
    shown = decimal_shown([row[i] for row, _ in sheet.rows for i in at], sheet.sign)
    return Billed(year, energy, unit.label, heading, texts, shown, money, spent, tuple(said))


def _unit(sheet: _BillSheet, heading: str, asked: Asked, told: Told) -> QuantityUnit:
    """The unit of the amounts: the one asked for, else that of the heading, else that above the table. Raises CaseError where it is
    none of an amount, or another than the heading says."""
    stated, given, file = unit_in(heading), read_unit(asked.unit) if asked.unit else None, sheet.table.file
    if asked.unit and given is None:
        raise CaseError.because("unit {unit}: is none of energy, fuel or steam; say it with --unit", unit=repr(asked.unit))
    if given is not None and stated is not None and given != stated:
        words = mark(
            "{file}: column {column}: its heading says {stated}, --unit says {asked}; leave --unit out, or mend the heading"
        )
        raise CaseError.because(words, file=file, column=repr(heading), stated=stated.label, asked=asked.unit)
    unit = given or stated or unit_told(" ".join(sheet.above))
    if unit is None:
        unit = QuantityUnit("kWh", 1e-3, False)
        told.ask(
            "unit", "kWh", mark("{file}: the unit of {column} is not told; say it with --unit"), file=file, column=repr(heading)
        )
    if unit.is_rate:
        raise CaseError.because(
            "{path}: {kind} is a power; bills are of energy: say --unit kWh or the like", path=file, kind=unit.label
        )
    return unit


def _sheet(table: SourceTable, asked: Asked, told: Told) -> _BillSheet:
    rows = squared(table.rows)
    order = order_in(rows, table.file)
    when: list[Period | None] = [period_in(row, order) for row in rows] if len(rows[0]) > 1 else [None] * len(rows)
    dated = [i for i, w in enumerate(when) if w is not None and any(map(is_amount, rows[i][1:]))]
    is_list = not dated
    start = next((i for i, row in enumerate(rows) if any(map(is_amount, row))), None) if is_list else dated[0]
    if start is None:
        raise CaseError.because("{file}: no row with a month or a year and an amount is found", file=table.file)
    is_sum = [any(isinstance(c, str) and term("sum").search(c) for c in row[:3]) for row in rows]
    body = [i for i in range(start, len(rows)) if not is_sum[i] and (is_list or when[i]) and _is_filled(rows[i], is_list)]
    total = next((rows[i] for i in range(start, len(rows)) if is_sum[i]), None)
    head = next((i for i in reversed(range(start)) if is_list or sum(1 for c in rows[i] if str(c).strip()) > 1), max(start - 1, 0))
    if (length := next((i for i, c in enumerate(rows[head]) if term("days billed").match(str(c).strip())), None)) is not None:
        when = [before_date(row, row[length], order) or own for row, own in zip(rows, when, strict=True)]
    text = [c for i in body for c in rows[i] if isinstance(c, str) and (is_list or not is_time(c))]
    numbers_of = [c for c in text if re.search(r"\d", c) and not re.search(r"[A-Za-z/]", c)]
    sign = asked.decimal or told.or_ask("decimal", "point", "point", lambda: decimal_of(numbers_of, table.file))
    above = [" ".join(str(c) for c in row if str(c).strip()) for i, row in enumerate(rows[:start]) if i != head]
    notes = dict.fromkeys(c for row in rows[start:] for c in row if isinstance(c, str) and NOTE.search(c) and not is_time(c))
    header = [str(c).strip() for c in rows[head]] if start else [""] * len(rows[0])
    lines = [(rows[i], table.lines[i]) for i in body]
    return _BillSheet(table, header, lines, [None if is_list else when[i] for i in body], above, list(notes), total, sign)


def _is_filled(row: Sequence[Cell], is_list: bool) -> bool:
    """True of a row that states an amount, or what should be one."""
    return any(is_amount(c) or cell_fault(str(c)) or re.match(r"\d", str(c)) for c in row[0 if is_list else 1 :])


def _year(sheet: _BillSheet, asked: Asked) -> int | None:
    years = sorted({when[0] for when in sheet.when if when is not None and when[0]})
    if asked.year is not None:
        if years and asked.year not in years:
            words = mark("{file}: --year {year}: has no bills; there are those of {years}")
            raise CaseError.because(words, file=sheet.table.file, year=asked.year, years=", ".join(map(str, years)))
        return asked.year
    if years:
        whole = [y for y in years if len({own for own in sheet.when if own is not None and own[0] == y}) in COUNTS]
        return (whole or years)[-1]
    found = {int(y) for text in [*sheet.above, sheet.table.file] for y in re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", text)}
    return max(found) if len(found) == 1 else None


def _amounts_at(sheet: _BillSheet, asked: Asked) -> list[int]:
    """The columns of energy: the one asked for, the whole, the only one, or all parts of one unit."""
    header, file = sheet.header, sheet.table.file
    if asked.column:
        return [asked_column(asked.column, header, file)]
    filled = [i for i in range(len(header)) if any(number_of(row[i], sheet.sign) is not None for row, _ in sheet.rows)]
    free = [i for i in filled if not term("no amount").search(header[i]) and money_of(header[i]) is None]
    known = {i: unit for i in free if (unit := unit_in(header[i])) is not None and not unit.is_rate}
    found = {i: unit for i, unit in known.items() if not unit.content} or known
    if len(found) == 1:
        return list(found)
    if whole := [i for i in found if term("whole").search(header[i])]:
        return whole[:1]
    if found and len(set(found.values())) == 1 and not any(term("gross").search(header[i]) for i in found):
        return list(found)
    plain = [i for i in free if i > 0 and not re.search(r"月|month|monat|mes\b|mois|year|jahr|年", header[i], re.IGNORECASE)]
    plain = plain or free if sheet.when[0] is None else plain
    if not found and len(plain) == 1:
        return plain
    words = {"file": file, "columns": listed_columns(header)}
    if found or plain:
        raise CaseError.because("{file}: several columns hold amounts; say which with --column: {columns}", **words)
    raise CaseError.because("{file}: no column holds amounts; say which with --column: {columns}", **words)


def _by_period(sheet: _BillSheet, kept: Sequence[int], columns: Sequence[np.ndarray]) -> np.ndarray:
    """Sums of all columns: of each day where a year of them is there, else of each month that has a row, in their order; of a list
    each amount."""
    total = np.sum([np.nan_to_num(c) for c in columns], axis=0)
    when = {i: period for i in kept if (period := sheet.when[i]) is not None}
    if not when:
        return np.array([total[i] for i in kept])
    days = {period[1:] for period in when.values()}
    of = {i: period[1:] if len(days) in COUNTS[3:] else period[1:2] for i, period in when.items()}
    return np.array([sum(total[i] for i in kept if of[i] == period) for period in sorted(set(of.values()))])


#: The highest amount of a year is so many times the second at most; what is more is a slip of unit or mark in one cell.
APART = 10.0


def _check_rows(sheet: _BillSheet, kept: Sequence[int], energy: np.ndarray, told: Told) -> None:
    """Raise CaseError for a row that stands twice; point out months of more rows than others, and one amount far above all."""
    seen, faults = dict[tuple[Cell, ...], int](), list[Message]()
    for i in kept if sheet.when[0] is not None else ():
        row, line = sheet.rows[i]
        if (before := seen.setdefault(tuple(row), line)) != line:
            words = mark("{file} line {line}: is line {before} again; keep one")
            faults.append(Message(words, file=sheet.table.file, line=line, before=before))
    if faults:
        raise CaseError(faults[:20])
    counts = Counter(when[:2] for i in kept if (when := sheet.when[i]) is not None and when[2] == 0)
    if len(set(counts.values())) > 1 and len(odd := [m for (_, m), n in counts.items() if n != min(counts.values())]) < len(counts):
        told.warn(mark("Months with more rows than others, which are added: {months}."), months=", ".join(map(str, sorted(odd))))
    if len(energy) > 3 and (highest := np.sort(energy)[-2:])[0] > 0 and highest[1] > APART * highest[0]:
        words = mark("The highest amount, {most}, is {times} times the next; look at its unit and its mark of the decimals.")
        told.warn(words, most=f"{highest[1]:,.6g}", times=f"{highest[1] / highest[0]:,.0f}")


def _check_sum(sheet: _BillSheet, kept: Sequence[int], at: Sequence[int]) -> None:
    """Raise CaseError where the file's own row of sums says another sum than its rows of energy, or of money, come to."""
    if sheet.total is None or len(kept) != len(sheet.rows):
        return
    for i in at:
        stated, own = number_of(sheet.total[i], sheet.sign), float(np.nansum(sheet.column(i)))
        if stated is not None and own > 0 and abs(stated / own - 1) > 0.005:
            words = mark("{file}: column {column}: its rows come to {own}, its sum says {stated}; is a row missing or misread?")
            shown = {"column": repr(sheet.header[i]), "own": f"{own:,.6g}", "stated": f"{stated:,.6g}"}
            raise CaseError.because(words, file=sheet.table.file, **shown)


def _with_value(sheet: _BillSheet, heading: str) -> str:
    """A heading of a factor with its value, where it is the same in every row: `11.63 kWh/m3`."""
    try:
        values = sheet.column(sheet.header.index(heading))
    except CaseError:
        return heading
    mean = float(np.nanmean(values)) if np.isfinite(values).any() else None
    unit = re.search(r"[(（\[]([^)）\]]+)[)）\]]", heading)
    return f"{heading}: {mean:g} {unit[1]}" if mean is not None and unit else heading
