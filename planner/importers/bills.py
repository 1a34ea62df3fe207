"""A table of bills: which period a row is of, which column is the energy and which the money, with VAT or not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from models.errors import CaseError
from planner.importers.columns import asked_column, listed_columns, unit_told
from planner.importers.cost_units import in_thousands, unit_of_cost
from planner.importers.profile import HOURS, Told
from planner.importers.quantities import QuantityUnit, agreed_unit, distinct, unit_in
from planner.importers.series import check_readings
from planner.importers.source import (
    Cell,
    Line,
    SourceTable,
    bracketed,
    decimal_shown,
    is_amount,
    number_of,
    numbers,
    sign_of,
    squared,
)
from planner.importers.times import moment, order_of, read_month, read_stamp
from planner.importers.words import term
from planner.language.language import mark
from planner.language.message import Message
from planner.park.fields import cell_fault

# --- periods ---------------------------------------------------------------------------------------------------------------


class Period(NamedTuple):
    """What a row is of; 0 where that is not said: no year, a whole year, a whole month."""

    year: int
    month: int
    day: int


#: Between the first and the last day of a period in one cell.
_PERIOD = re.compile(r"(?<=\d{4})\s*[-–—]\s*(?=\d)|\s+(?:-|–|do|to|bis|al|au|a)\s+")
#: Cells of a row in which its period stands.
FIRST = 4


def _parts(cell: Cell) -> list[Cell]:
    """The dates a cell may hold: two of a period, else the cell itself; none for a number that no spreadsheet uses as a date."""
    if isinstance(cell, float):
        return []
    parts = _PERIOD.split(cell) if isinstance(cell, str) else [cell]
    return [*parts] if all(read_stamp(part) is not None for part in parts) else [cell]


def _order_in(rows: list[list[Cell]], file: str) -> str:
    """The order of day and month; of first days of months it is the one in which they are of more months."""
    stamps = [s for row in rows for cell in row[:FIRST] for part in _parts(cell) if (s := read_stamp(part)) is not None]
    try:
        return order_of(stamps, file)
    except CaseError:
        months = [len({s.parts[at] for s in stamps if not s.order}) for at in (0, 1)]
        return "mdy" if months[0] > months[1] else "dmy"


def _period_in(row: Sequence[Cell], order: str, days: Cell = "") -> Period | None:
    """The period of a row by its first cells: a month, or the middle day of two dates, or of the so many `days` that end on one."""
    dates = list[np.datetime64]()
    for cell in row[:FIRST]:
        if isinstance(cell, float) and cell > 2100:
            continue
        if (month := read_month(cell)) is not None and not dates:
            return Period(*month, 0)
        stamps = [stamp for part in _parts(cell) if (stamp := read_stamp(part)) is not None]
        try:
            dates += [np.datetime64(moment(stamp, order), "D") for stamp in stamps]
        except ValueError:
            return None
    count = number_of(days)
    if len(dates) == 1 and count is not None and 5 <= count <= 100:
        dates = [dates[0] - np.timedelta64(round(count / 2), "D")]
    return Period(*map(int, str(dates[0] + (dates[-1] - dates[0]) // 2).split("-"))) if dates else None


def is_time(text: str) -> bool:
    """True for what is read as a date, a period or a month."""
    return read_stamp(_parts(text)[0]) is not None or bool(read_month(text))


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


def _money_of(heading: str) -> tuple[str, float] | None:
    """(currency, times) of a heading of an amount of money; None of others and of prices."""
    for part in (*re.findall(r"[(（\[【]([^)）\]】]+)[)）\]】]", heading), *heading.split()[-1:]):
        unit = unit_of_cost(re.split(r"[，,\s]", part.strip())[0])
        if unit is not None and unit.currency and not unit.per and not unit.piece:
            return unit.currency, unit.times
    return None


def _money_at(header: Sequence[str], asked: str, file: str, told: Told, texts: Sequence[str]) -> MoneyColumn | None:
    """The column of the money: the one asked for, the one without VAT, the whole, or the only one; None where none is clear.

    Raises CaseError where the one that is asked for is none, or names no money where `texts` of the file name thousands.
    """
    found = {i: money for i, h in enumerate(header) if (money := _money_of(h)) is not None and not term("price").search(h)}
    if asked:
        at = asked_column(asked, header, file)
        heading = header[at]
        if _money_of(heading) is None and (scaled := in_thousands([*header, *texts])):
            words = mark(
                "{file}: column {column}: names no money, and the file says {scaled}; write its unit into its heading, e.g. "
                "{example}"
            )
            raise CaseError.because(words, file=file, column=repr(heading), scaled=repr(scaled), example=f"{heading}({scaled})")
        found = {at: _money_of(heading) or ("", 1.0)}

    def named(words: str, among: Sequence[int]) -> list[int]:
        return [i for i in among if term(words).search(header[i])]

    of_tax = [i for i in found if re.match(r"\s*(?:iva|tva|mwst|vat|ust\b|税|增值税)", header[i], re.IGNORECASE)]
    free = [i for i in found if i not in of_tax]
    net = named("money without VAT", free)
    rest = [i for i in free if i not in net]
    whole = [i for i in rest if i in (*named("money with VAT", rest), *named("whole", rest))]
    left = [i for i in rest if i not in whole]
    spent = left if len(left) == 1 else named("money", left)
    for kind, places in (("net", net), ("whole", whole), ("", spent if len(spent) == 1 else [])):
        if places:
            at = places[-1]
            is_taxed = bool(named("money with VAT", [at])) or (kind == "whole" and bool(of_tax))
            rates = [float(r.replace(",", ".")) / 100 for of in (header, texts) for h in of for r in _rates(h)]
            basis = "net" if kind == "net" else "gross" if is_taxed else ""
            return MoneyColumn(at, header[at], *found[at], basis, rates[0] if rates else None)
    if found:
        told.say(mark("several columns hold money and none says that it is the whole; see --cost"))
    return None


def _rates(text: str) -> list[str]:
    """Rates of VAT that a text states: `IVA 21% (€)`, `含税13%`."""
    return re.findall(r"(\d+(?:[.,]\d+)?)\s*[%％]", text) if term("VAT").search(text) or "税" in text else []


# --- a table of bills ------------------------------------------------------------------------------------------------------
# A table of bills: which rows are periods, which column is the energy and which the money, and what that leaves out.

#: A text that says a measure, `0.8 MPa`, or in what money is.
NOTE = re.compile(r"\d\s*[A-Za-z大千]|[千万亿]元")
#: How many amounts a year has: one, quarters, months, days.
COUNTS = (1, 4, 12, 365, 366)
QUARTERS = ({1, 4, 7, 10}, {2, 5, 8, 11}, {3, 6, 9, 12})
#: The highest amount of a year may be this many times the second highest; a higher one has a wrong unit or decimal mark.
APART = 10.0


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
    """

    year: int | None
    amounts: np.ndarray
    unit: str
    heading: str
    texts: tuple[str, ...]
    decimal: str = ""
    money: np.ndarray | None = None
    spent: MoneyColumn | None = None


@dataclass(frozen=True)
class Asked:
    """What the person says of a table; '' and None where nothing is said."""

    column: str = ""
    cost: str = ""
    unit: str = ""
    year: int | None = None
    decimal: str = ""
    despite: bool = False


@dataclass(frozen=True)
class _BillSheet:
    """A table as bills: headings, rows with the periods that they are of (None in a list of amounts alone), rows above, notes
    (texts with a measure below and in the rows), the row of sums, the sign of the decimals."""

    file: str
    header: list[str]
    rows: list[Line]
    when: list[Period | None]
    above: list[str]
    notes: list[str]
    total: list[Cell] | None
    sign: str

    def column(self, at: int) -> np.ndarray:
        """Numbers of a column, NaN where it has none. Raises CaseError for what is no number."""
        return numbers(self.rows, at, self.sign, self.file)

    def named(self, words: str) -> list[int]:
        """Columns whose heading holds a word."""
        return [i for i, name in enumerate(self.header) if term(words).search(name)]


def _with_counted(table: SourceTable) -> SourceTable:
    r"""The table with a column of what registers counted, where it has their first and last readings and no amount.

    .. math:: a = (z_1 - z_0) \, k \qquad z  \text{ readings} \quad k \text{ multiplier of the row, 1 without}

    Raises CaseError for a register that fell, and where the amount that the file states is another.
    """

    def first(row: Sequence[Cell], of: str) -> int | None:
        return next((i for i, cell in enumerate(row) if term(of).search(str(cell))), None)

    found = [[first(row, of) for of in ("first reading", "last reading", "multiplier")] for row in table.rows[:20]]
    at = next((i for i, places in enumerate(found) if None not in places[:2]), None)
    if at is None:
        return table
    (old, new, ratio), head, sign, faults = found[at], table.rows[at], sign_of(table.texts), list[Message]()
    stated = next((i for i, cell in enumerate(head) if not term("no amount").search(str(cell)) and unit_in(str(cell))), None)
    unit = unit_in(str(head[new or 0]))
    rows = [*table.rows[:at], [*head, f"counted ({unit.label})" if unit else "counted"]]
    for row, line in zip(squared(table.rows[at + 1 :], len(head)), table.lines[at + 1 :], strict=True):
        start, end, by, said = (None if i is None else number_of(row[i], sign) for i in (old, new, ratio, stated))
        amount = None if start is None or end is None else (end - start) * (1.0 if by is None else by)
        shown = {"file": table.file, "line": line}
        if amount is not None and amount < 0:
            words = mark("{file} line {line}: the register fell from {first} to {last}; write what the meter counted, or its end")
            faults.append(Message(words, first=f"{start:g}", last=f"{end:g}", **shown))
        elif amount is not None and said is not None and abs(said - amount) > 0.005 * amount + 0.51 * (by or 1.0):
            words = mark("{file} line {line}: {said} is stated, and the readings come to {amount}; mend one of them")
            faults.append(Message(words, said=f"{said:,.6g}", amount=f"{amount:,.6g}", **shown))
        rows.append([*row, "" if amount is None else amount])
    if faults:
        raise CaseError(faults[:20])
    return table if stated is not None else replace(table, rows=rows)


def read_billed(table: SourceTable, asked: Asked, told: Told) -> Billed:
    """The bills of a table; what is not certain is asked. Raises CaseError where amounts are no year's, or do not add up."""
    sheet = _sheet(_with_counted(table), asked, told)
    first = next((i for i, name in enumerate(sheet.header) if i and name), 0)
    at = told.or_ask("column", sheet.header[first], [first], lambda: _amounts_at(sheet, asked))
    year, heading = _year(sheet, asked), sheet.header[at[0]]
    kept = [i for i, when in enumerate(sheet.when) if when is None or when.year in (0, year) or year is None]
    unit = _unit(sheet, heading, asked, told)
    for i in at:
        check_readings(sheet.column(i), [line for _, line in sheet.rows], unit, sheet.file, hours=HOURS)
    energy = _by_period(sheet, kept, at)
    _check_rows(sheet, kept, energy, told)
    if len(at) > 1:
        told.say(mark("energy is the sum of {columns}"), columns=", ".join(sheet.header[i] for i in at))
    spent = _money_at(sheet.header, asked.cost, sheet.file, told, [*sheet.above, *sheet.notes])
    _check_sum(sheet, kept, [*at, *([] if spent is None else [spent.at])])
    months = {when.month for i in kept if (when := sheet.when[i]) is not None}
    if len(energy) not in COUNTS or (len(energy) == 4 and months and months not in QUARTERS):
        words = mark("{file}: has {count} amounts of {year}; a year has 12 months, 4 quarters, 365 days, or one amount")
        if 8 < len(months) < 12:
            words = mark(
                "{file}: has {count} amounts of {year}; a year has 12 months, 4 quarters, 365 days, or one amount; months "
                "{lacking} are not there, or not read"
            )
        lacking, of = ", ".join(str(m) for m in range(1, 13) if m not in months), Message("a year") if year is None else year
        raise CaseError.because(words, file=sheet.file, count=len(energy), year=of, lacking=lacking)
    factors = [_with_value(sheet, i) for i in sheet.named("calorific value") if i not in at]
    told.recognised["column"] = heading if len(at) == 1 else ""
    money = None if spent is None else _by_period(sheet, kept, [spent.at]) * spent.times
    shown = decimal_shown([row[i] for row, _ in sheet.rows for i in at], sheet.sign)
    return Billed(year, energy, unit.label, heading, (heading, *factors, *sheet.above, *sheet.notes), shown, money, spent)


def _unit(sheet: _BillSheet, heading: str, asked: Asked, told: Told) -> QuantityUnit:
    """The unit of the amounts: the one asked for, else of the heading, else above the table. Raises CaseError for a power."""
    stated = distinct([unit_in(heading)]) or distinct([unit_told(" ".join(sheet.above))])
    unit = agreed_unit(asked.unit, stated, asked.despite, sheet.file, Message("column {column}", column=repr(heading)), told)
    if unit.is_rate:
        words = mark("{path}: {kind} is a power; bills are of energy: say --unit kWh or the like")
        raise CaseError.because(words, path=sheet.file, kind=unit.label)
    return unit


def _sheet(table: SourceTable, asked: Asked, told: Told) -> _BillSheet:
    rows = squared(table.rows)
    order = _order_in(rows, table.file)
    when: list[Period | None] = [_period_in(row, order) for row in rows] if len(rows[0]) > 1 else [None] * len(rows)
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
        when = [_period_in(row, order, row[length]) for row in rows]
    text = [c for i in body for c in rows[i] if isinstance(c, str) and (is_list or not is_time(c))]
    sign = told.decimal(asked.decimal, [c for c in text if re.search(r"\d", c) and not re.search(r"[A-Za-z/]", c)], table.file)
    above = [" ".join(str(c) for c in row if str(c).strip()) for i, row in enumerate(rows[:start]) if i != head]
    notes = dict.fromkeys(c for row in rows[start:] for c in row if isinstance(c, str) and NOTE.search(c) and not is_time(c))
    header = [str(c).strip() for c in rows[head]] if start else [""] * len(rows[0])
    lines = [(rows[i], table.lines[i]) for i in body]
    return _BillSheet(table.file, header, lines, [None if is_list else when[i] for i in body], above, list(notes), total, sign)


def _is_filled(row: Sequence[Cell], is_list: bool) -> bool:
    """True of a row that states an amount, or what should be one."""
    return any(is_amount(c) or cell_fault(str(c)) or re.match(r"\d", str(c)) for c in row[0 if is_list else 1 :])


def _year(sheet: _BillSheet, asked: Asked) -> int | None:
    periods = {when[:2] for when in sheet.when if when is not None and when.year}
    years = sorted({year for year, _ in periods})
    if asked.year is not None:
        if years and asked.year not in years:
            words = mark("{file}: --year {year}: has no bills; there are those of {years}")
            raise CaseError.because(words, file=sheet.file, year=asked.year, years=", ".join(map(str, years)))
        return asked.year
    if years:
        whole = [y for y in years if len({m for year, m in periods if year == y}) in COUNTS]
        return (whole or years)[-1]
    found = {int(y) for text in [*sheet.above, sheet.file] for y in re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", text)}
    return max(found) if len(found) == 1 else None


def _amounts_at(sheet: _BillSheet, asked: Asked) -> list[int]:
    """The columns of energy: the one asked for, the whole, the only one, or all parts of one unit."""
    header, words = sheet.header, {"file": sheet.file, "columns": listed_columns(sheet.header)}
    if asked.column:
        return [asked_column(asked.column, header, sheet.file)]
    filled = [i for i in range(len(header)) if any(number_of(row[i], sheet.sign) is not None for row, _ in sheet.rows)]
    free = [i for i in filled if i not in sheet.named("no amount") and _money_of(header[i]) is None]
    known = {i: unit for i in free if (unit := unit_in(header[i])) is not None and not unit.is_rate}
    found = {i: unit for i, unit in known.items() if not unit.content} or known
    whole = [i for i in found if i in sheet.named("whole")]
    if len(found) == 1 or whole:
        return (whole or list(found))[:1]
    if len(set(found.values())) == 1 and not any(i in sheet.named("gross") for i in found):
        return list(found)
    plain = [i for i in free if i > 0 and not re.search(r"月|month|monat|mes\b|mois|year|jahr|年", header[i], re.IGNORECASE)]
    plain = plain or free if sheet.when[0] is None else plain
    if not found and len(plain) == 1:
        return plain
    if found or plain:
        raise CaseError.because("{file}: several columns hold amounts; say which with --column: {columns}", **words)
    raise CaseError.because("{file}: no column holds amounts; say which with --column: {columns}", **words)


def _by_period(sheet: _BillSheet, kept: Sequence[int], at: Sequence[int]) -> np.ndarray:
    """Sums of columns: of each day where a year of them is there, else of each month that has a row, in their order; of a list each
    amount."""
    total = np.sum([np.nan_to_num(sheet.column(i)) for i in at], axis=0)
    when = {i: period for i in kept if (period := sheet.when[i]) is not None}
    if not when:
        return np.array([total[i] for i in kept])
    are_days = len({period[1:] for period in when.values()}) in COUNTS[3:]
    sums = Counter[tuple[int, ...]]()
    for i, period in when.items():
        sums[period[1:] if are_days else period[1:2]] += total[i]
    return np.array([sums[period] for period in sorted(sums)])


def _check_rows(sheet: _BillSheet, kept: Sequence[int], energy: np.ndarray, told: Told) -> None:
    """Raise CaseError for a row that stands twice; point out months of more rows than others, and one amount far above all."""
    seen, faults = dict[tuple[Cell, ...], int](), list[Message]()
    for i in kept if sheet.when[0] is not None else ():
        row, line = sheet.rows[i]
        if (before := seen.setdefault(tuple(row), line)) != line:
            words = mark("{file} line {line}: is line {before} again; keep one")
            faults.append(Message(words, file=sheet.file, line=line, before=before))
    if faults:
        raise CaseError(faults[:20])
    counts = Counter(when[:2] for i in kept if (when := sheet.when[i]) is not None and not when.day)
    odd = sorted(month for (_, month), n in counts.items() if n != min(counts.values()))
    if 0 < len(odd) < len(counts):
        told.warn(mark("Months with more rows than others, which are added: {months}."), months=", ".join(map(str, odd)))
    if len(energy) > 3 and (highest := np.sort(energy)[-2:])[0] > 0 and highest[1] > APART * highest[0]:
        words = mark("The highest amount, {most}, is {times} times the next; look at its unit and its mark of the decimals.")
        told.warn(words, most=f"{highest[1]:,.6g}", times=f"{highest[1] / highest[0]:,.0f}")


def _check_sum(sheet: _BillSheet, kept: Sequence[int], at: Sequence[int]) -> None:
    """Raise CaseError where the file's own row of sums says another sum than its rows of energy, or of money, come to."""
    for i in at if sheet.total is not None and len(kept) == len(sheet.rows) else ():
        stated, own = number_of((sheet.total or [])[i], sheet.sign), float(np.nansum(sheet.column(i)))
        if stated is not None and own > 0 and abs(stated / own - 1) > 0.005:
            words = mark("{file}: column {column}: its rows come to {own}, its sum says {stated}; is a row missing or misread?")
            shown = {"column": repr(sheet.header[i]), "own": f"{own:,.6g}", "stated": f"{stated:,.6g}"}
            raise CaseError.because(words, file=sheet.file, **shown)


def _with_value(sheet: _BillSheet, at: int) -> str:
    """A heading of a factor with its mean: `11.63 kWh/m3`; alone where it has none."""
    heading = sheet.header[at]
    try:
        values = sheet.column(at)
    except CaseError:
        return heading
    unit = bracketed(heading)
    return f"{heading}: {np.nanmean(values):g} {unit}" if unit and np.isfinite(values).any() else heading
