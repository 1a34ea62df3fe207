r"""A tariff as it is written: levels in money by months, days and hours, parts that are added at all hours, charges on power.

.. math::
    p_t = \ell_{k(t)} + \sum_i a_{i,t} \qquad k(t) = \text{the first level whose months, days and hours hold } t

l  price of a level  money/MWh      a  parts that hold at that hour  money/MWh      p  price of a half hour  money/MWh (t)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from models.errors import CaseError
from models.inputs.calendar import DAYS_OF_MONTH
from models.units import UnitError, factor, names_year
from planner.importers.cost_units import tax_in, usual_ranges
from planner.importers.dialect import Answers
from planner.importers.profile import Profile, Proposal, TableRows, Told
from planner.importers.quantities import amount_of, read_unit
from planner.importers.shapes import days_off
from planner.importers.source import (
    Cell,
    HeadedRows,
    SourceTable,
    bracketed,
    decode,
    is_amount,
    number_of,
    of_each,
    read_bytes,
    read_source,
    squared,
    under_headings,
)
from planner.importers.times import read_month
from planner.importers.words import DATA, headings, term
from planner.importers.write import read_unfinished, weekday_of_park
from planner.language.language import mark
from planner.language.message import Message

# --- when a row holds ------------------------------------------------------------------------------------------------------
# Months, kinds of days and half hours that a cell names, in Chinese, English, French, German, Polish and Spanish.

#: Kinds of days, as prices of a tariff have them; half hours of a day.
DAYS = (mark("workdays"), mark("Sundays"), mark("holidays"), mark("Saturdays"))
HALVES = 48
#: Between the parts of a list, and between the ends of a range.
AND = re.compile(r"[;,，、；+&/]|\b(?:und|and|et|y|i)\b")
UNTIL = re.compile(r"\s*(?:-|–|—|~|至|到)\s*|\s(?:bis|to|à|au|a|do)\s")
_CLOCK = r"(?:次日|翌日)?\s*(\d{1,2})(?:\s*[:：时hH]\s*(\d{2})?)?\s*(?:分|uhr|h)?"
_RANGE = re.compile(rf"^{_CLOCK}\s*(?:-|–|—|~|至|bis|to|à|a)\s*{_CLOCK}$", re.IGNORECASE)


def days_of(text: str) -> np.ndarray:
    """Which kinds of days (4,) a cell names: a word for them, days and ranges of days. Raises ValueError where it names none."""
    clean = text.strip()
    if not clean or term("all days").match(clean):
        return np.ones(len(DAYS), dtype=bool)
    if term("days off").match(clean):
        return np.array([False, True, True, True])
    week, is_holiday = np.zeros(7, dtype=bool), False
    for part in map(str.strip, AND.split(clean)):
        if term("holidays").match(part):
            is_holiday = True
        elif term("workdays").match(part):
            week[:5] = True
        elif term("weekends").match(part):
            week[5:] = True
        else:
            words = mark("days {text}: is none of all, weekday, weekend, holiday")
            week |= _ring([_weekday(end) for end in UNTIL.split(part)], 7, words, text)
    if week[:5].any() != week[:5].all():
        raise ValueError(Message("days {text}: workdays have one tariff; write Mon-Fri, Sat, Sun, or holidays", text=repr(text)))
    return np.array([bool(week[0]), bool(week[6]), is_holiday, bool(week[5])])


def _ring(ends: Sequence[int | None], size: int, words: str, text: str) -> np.ndarray:
    """(size,) true from the first to the last of numbers from 0, over the end where the last comes before. Raises ValueError with
    `words` where an end is none."""
    first, last = ends[0], ends[-1]
    if len(ends) > 2 or first is None or last is None:
        raise ValueError(Message(words, text=repr(text)))
    return np.isin(np.arange(size), [n % size for n in range(first, last + 1 if last >= first else last + size + 1)])


def _weekday(text: str) -> int | None:
    """The day of the week that a word begins as, from 0; None of none."""
    return next((n for n, name in enumerate(DATA["weekdays"]) if re.match(name, text.strip(), re.IGNORECASE)), None)


def _months(text: str) -> np.ndarray:
    found = np.zeros(12, dtype=bool)
    if not text.strip() or term("all days").match(text.strip()):
        return ~found
    for part in AND.split(text):
        months = [read_month(end.strip()) for end in UNTIL.split(part.strip())]
        ends = [month[1] - 1 if month is not None and month[1] else None for month in months]
        found |= _ring(ends, 12, mark("months {text}: is no list of months, such as 1-3;12"), text)
    return found


def _halves(text: str) -> np.ndarray:
    """Half hours of `8:00-11:30; 22:00-次日6:00`; all where nothing is said."""
    found = np.zeros(HALVES, dtype=bool)
    for part in AND.split(text) if text.strip() else ():
        ends = _RANGE.match(part.strip())
        if not ends:
            raise ValueError(Message("hours {text}: are no clock times, such as 8:00-11:30;22:00-6:00", text=repr(part.strip())))
        first, last = (int(ends[n]) * 60 + int(ends[n + 1] or 0) for n in (1, 3))
        if first % 30 or last % 30 or max(first, last) > 1440:
            raise ValueError(Message("hours {text}: are no hours and half hours", text=repr(part.strip())))
        start, end = first // 30, last // 30
        found[[h % HALVES for h in range(start, end if end > start else end + HALVES)]] = True
    return found if text.strip() else ~found


def _where(months: str, days: str, hours: str) -> np.ndarray | None:
    """(12, 4, 48) of where a row holds; None for the rest, or for all. Raises ValueError where that cannot be read."""
    if term("other hours").match(hours) or not (hours or months or days):
        return None
    return np.asarray(_months(months)[:, None, None] & days_of(days)[None, :, None] & _halves(hours)[None, None, :])


# --- a tariff read ---------------------------------------------------------------------------------------------------------

#: Kinds of charges -> item and unit of prices.csv.
CHARGES = {
    "demand": ("demand_charge", "money/MW/month"),
    "capacity": ("capacity_charge", "money/MW/month"),
    "fixed": ("fixed", "money/year"),
}


@dataclass(frozen=True)
class Tariff:
    """A tariff read.

    prices    (12, 4, 48) of months, kinds of days (`DAYS`), and half hours [money/MWh]
    charges   item of prices.csv -> (value, its unit: money/MW/month, money/MW/year of a yearly peak, money/year)
    levels    name -> price with its parts [money/MWh]
    """

    prices: np.ndarray
    charges: dict[str, tuple[float, str]]
    levels: dict[str, float]

    @property
    def knows_holidays(self) -> bool:
        """True where a holiday has other prices than the day it falls on may have."""
        return bool((self.prices[:, 2] != self.prices[:, 1]).any())

    @property
    def knows_saturdays(self) -> bool:
        """True where a Saturday has other prices than a Sunday: rows of tariff.csv know weekends alone."""
        return bool((self.prices[:, 3] != self.prices[:, 1]).any())


@dataclass(frozen=True)
class Fuel:
    """What prices by the t or m³ are of: a carrier, and MWh in one of it, None where the file or the usual one says it."""

    carrier: str = ""
    content: float | None = None


@dataclass(frozen=True)
class _Price:
    """A price of a row (`place`, with its unit there): its kind (level, part, demand, capacity, fixed), its unit now, and where it
    holds, None for the rest or all."""

    place: Message
    stated: str
    kind: str
    name: str
    value: float
    unit: str
    where: np.ndarray | None
    is_rest: bool

    @property
    def charge(self) -> str:
        """What parts of one charge share: the first word of their names."""
        return self.name.split()[0].lower()


def read_tariff(
    table: SourceTable,
    currency: str,
    told: Told,
    decimal: str = "",
    power_factor: float | None = None,
    fuel: Fuel = Fuel(),
    vat: float = 0.0,
) -> Tariff:
    """The tariff of a table; its decimals are asked where they can be read in two ways.

    Raises CaseError with every row that cannot be read, and where an hour has no price.
    """
    of = under_headings(table, headings("tariff"), ("name", "value"), at_start=True)
    if of is None and (found := _of_contract(table)):
        raise CaseError.because(CONTRACT, file=table.file, found=" | ".join(found))
    if of is None:
        words = mark("{file}: no row of headings is found; name, months, days, hours, price and unit are those of a tariff")
        raise CaseError.because(words, file=table.file)
    sign = told.decimal(decimal, of.texts("value"), table.file)

    def read(one: tuple[list[Cell], int]) -> _Price | None:
        row, line = one
        name, value, unit = of.text(row, "name"), number_of(of.cell(row, "value"), sign), _unit_of(of, row)
        if value is None and re.search(r"\d", of.text(row, "value")) and not term("VAT").search(name):
            words = mark("line {line}, {name}: {value}: is no number, and is left out")
            told.warn(words, line=line, name=name, value=repr(of.text(row, "value")))
        if value is None:
            return None
        if term("VAT").search(name):
            told.say(mark("{name} is left out: prices are without VAT"), name=name)
            return None
        months, days, hours = (of.text(row, key) for key in ("months", "days", "hours"))
        place = Message("{file} line {line}", file=table.file, line=line)
        try:
            kind = _kind(of.text(row, "kind").lower(), name, unit)
            item, to = CHARGES.get(kind, ("energy", "money/MWh"))
            times, to = _times(unit, to, currency, power_factor, fuel, table, told)
            where = _where(months, days, hours) if kind in ("level", "part") else None
        except ValueError as error:
            raise CaseError([Message("{place}: {words}", place=place, words=error.args[0])]) from error
        price = _Price(place, unit, kind, name, value * times / (1 + vat), to, where, bool(term("other hours").match(hours)))
        there = mark("added at every hour") if where is None and not price.is_rest else mark("added at its hours")
        shown = {"value": f"{value:.6g}", "unit": unit, "price": f"{price.value:.6g}", "to": to.replace("money", currency)}
        words = mark("line {line}, {name}: {value} {unit} is {price} {to}, {item}")
        told.say(words, line=line, name=name, item=Message(there) if kind == "part" else item, **shown)
        return price

    rows = [price for price in of_each(of.rows, read) if price is not None]
    prices, added = _levels([p for p in rows if p.kind == "level"], table.file, told), _added([p for p in rows if p.kind == "part"])
    charges = dict[str, tuple[float, str]]()
    for price in rows:
        if price.kind in CHARGES:
            item = CHARGES[price.kind][0]
            before, unit = charges.get(item, (0.0, price.unit))
            if unit != price.unit:
                fault = Message("unit {unit}: a row above is of a month or a year, this one not; keep one", unit=repr(price.stated))
                raise CaseError.because("{place}: {words}", place=price.place, words=fault)
            charges[item] = before + price.value, unit
    return Tariff(prices + added, charges, {p.name: p.value + float(added.min()) for p in rows if p.kind == "level"})


def _unit_of(of: HeadedRows, row: list[Cell]) -> str:
    return of.text(row, "unit") or bracketed(str(of.header[of.at["value"]]))


def _levels(levels: Sequence[_Price], file: str, told: Told) -> np.ndarray:
    """(12, 4, 48) prices of levels, of which the first that holds counts. Raises CaseError where none holds."""
    prices, held = np.full((12, len(DAYS), HALVES), np.nan), dict[str, np.ndarray]()
    for level in levels:
        if (where := level.where) is None:
            continue
        free = np.isnan(prices) & where
        if not free.any():
            told.warn(mark("{name}: no hour is left for it; the rows above hold at all of its hours"), name=level.name)
            continue
        for other, taken in held.items():
            if (taken & where).any() and (taken & ~where).any() and (where & ~taken).any():
                told.warn(mark("{name}: some of its hours are of {other} too, which goes first"), name=level.name, other=other)
        prices, held[level.name] = np.where(free, level.value, prices), where | held.get(level.name, where)
    rest = next((level.value for level in levels if level.where is None), np.nan)
    prices = np.where(np.isnan(prices), rest, prices)
    prices[:, 2] = np.where(np.isnan(prices[:, 2]), prices[:, 1], prices[:, 2])  # a holiday that is not named is a Sunday
    if np.isnan(prices).any():
        month, day, half = (int(n) for n in np.argwhere(np.isnan(prices))[0])
        words = mark("{file}: no level holds at {time} of {day} in month {month}; a row without hours holds for the rest")
        time = f"{half // 2:02d}:{30 * (half % 2):02d}"
        raise CaseError.because(words, file=file, time=time, day=Message(DAYS[day]), month=month + 1)
    return prices


def _added(parts: Sequence[_Price]) -> np.ndarray:
    """(12, 4, 48) of what all parts come to [money/MWh]; `other hours` are those that other parts of a charge leave."""
    sums = np.zeros((12, len(DAYS), HALVES))
    for part in parts:
        where = np.ones(sums.shape, dtype=bool) if part.where is None else part.where
        for other in parts if part.is_rest else ():
            if other.where is not None and other.charge == part.charge:
                where = where & ~other.where
        sums += part.value * where
    return sums


#: What is asked for of a contract, which stays a text.
CONTRACT = mark(
    "{file}: is a text and no table; four figures of a contract are asked for: its energy price and its capacity or power price "
    "(rows of a CSV table name,price,unit, which this command takes), its least quantity or take-or-pay (min_year of "
    "supplies.csv), its term (until_year of supplies.csv). It says: {found}"
)
_PRICED = re.compile(r"\d[\d.,]* ?(?:ct|€|元|EUR|CNY|[¥￥$])")


def _of_contract(table: SourceTable) -> list[str]:
    """The beginnings of sentences that state a price, a least quantity or a term."""
    texts = [" ".join(str(cell) for cell in row if cell != "") for row in table.rows]
    if table.encoding:  # a comma of a sentence is none between cells
        texts = decode(read_bytes(Path(table.file)), table.file, table.encoding)[0].splitlines()
    known = (_PRICED, term("least quantity"), term("term"))
    return [text.strip()[:120] for text in texts if re.search(r"\d", text) and any(words.search(text) for words in known)]


def _kind(said: str, name: str, unit: str) -> str:
    """level, part, demand, capacity or fixed, by what its column says, else by its unit and name. Raises ValueError for another."""
    if said:
        kind = next((kind for kind, words in DATA["kinds"].items() if any(word in said for word in words.split("|"))), None)
        if kind is None:
            raise ValueError(Message("kind {kind}: is none of level, part, demand, capacity, fixed", kind=repr(said)))
        return kind
    if re.search(r"/\s*[(（]?\s*(?:kW|MW|kVA|MVA|千瓦|千伏安)(?!h|·?时|·?h)", unit):
        return "capacity" if term("charge on a capacity").search(name) and not term("charge on the peak").search(name) else "demand"
    if re.search(r"/\s*(?:year|a|Jahr|an|年|month|Monat|mois|月)\s*$", unit, re.IGNORECASE) or term("fixed charge").search(name):
        return "fixed"
    return "part" if term("part of a price").search(name) else "level"


def _times(
    unit: str, to: str, currency: str, power_factor: float | None, fuel: Fuel, table: SourceTable, told: Told
) -> tuple[float, str]:
    """(what a value is multiplied by, the unit that it is then in): `to`, but of a power's charge by the year money/MW/year, which
    is paid on the highest hour of the year and not on those of twelve months. What is by the t or m³ of a fuel, `元/t`, is of a MWh
    of its net calorific value. Raises ValueError where it is of another kind."""
    if not unit:
        raise ValueError(Message("unit: is not said; write e.g. ct/kWh, 元/kWh, €/kW/a"))
    money, _, per = unit.partition("/")
    counted = read_unit(per) if per and fuel.carrier and to == "money/MWh" else None
    text, by = unit, 1.0
    try:
        if counted is not None and counted.content:
            amount = amount_of(per, fuel.carrier, [str(cell) for row in table.rows for cell in row], "", fuel.content)
            amount.tell(told)
            text, by = f"{money}/MWh", 1 / amount.times
        elif re.search(r"kVA|MVA|千伏安", unit):
            if power_factor is None:
                raise ValueError(Message("unit {unit}: is by apparent power; say --power-factor, e.g. 0.95", unit=repr(unit)))
            text, by = re.sub(r"VA", "W", unit.replace("千伏安", "kW")), 1 / power_factor
        to = "money/MW/year" if to == "money/MW/month" and names_year(text, currency) else to
        return factor(text, to, currency) * by, to
    except CaseError as error:
        raise ValueError(error.complaints[0]) from error
    except UnitError as error:
        raise ValueError(error.args[0]) from error


# --- wide tables -----------------------------------------------------------------------------------------------------------
# A table of prices by voltage, as agents publish it (代理购电): a row a level of voltage, a column a part, a period or a charge.

#: What columns of a wide table are.
_WIDE = ("period of the day", "part of a price", "charge on the peak", "charge on a capacity")
_HOURS = r"(?:次日|翌日)?\d{1,2}[:：时]\d{0,2}\s*(?:-|–|—|~|至|到)\s*(?:次日|翌日)?\d{1,2}[:：时]\d{0,2}"
_PERIOD = term("period of the day").pattern.replace("[峰谷平]$", "[峰谷平]")
#: A period with its hours, and months before them: `高峰时段为14:00-22:00`, `peak 6-8月 8:00-11:00; 17:00-22:00`.
_STATED = re.compile(
    rf"({_PERIOD})(?:时段)?[^\d:：;；。]{{0,6}}[:：]?\s*(\d[\d、，,\-～~]*月)?"
    rf"[^\d;；。]{{0,6}}({_HOURS}(?:\s*[、,，和及;；]\s*{_HOURS})*)",
    re.IGNORECASE,
)
#: A unit of all prices, `单位：元/千瓦时`, that stands above the table.
_ENERGY_PRICE = re.compile(r"(?:元|€|EUR|ct|£)\s*/\s*(?:[kM]Wh|千瓦时|兆瓦时|度)")
LONG: list[Cell] = ["name", "months", "hours", "price", "unit", "kind"]


def unfolded(table: SourceTable, wanted: str, periods: str, told: Told, charge: str = "") -> SourceTable | None:
    """A row of a wide table as a table with a row a price; None of a table that is not wide.

    Where its columns of periods are of the whole price, which is the sum of its parts, the parts are not added again. What row is
    `wanted`, and the hours of its `periods` where no note says them, is asked.
    """
    rows = squared(table.rows)
    priced = [i for i, row in enumerate(rows) if sum(map(is_amount, row)) >= 2 and not is_amount(row[0])]
    if not priced:
        return None
    heads = [row for row in rows[: priced[0]] if sum(cell != "" for cell in row) > 2]
    units = (_ENERGY_PRICE.search(str(cell)) for row in rows[: priced[0]] for cell in row)
    usual = next((unit[0] for unit in units if unit), "")
    names = [(name, unit or usual) for name, unit in (_heading(heads, at) for at in range(len(rows[0])))]
    columns = [at for at, (name, _) in enumerate(names) if any(is_amount(rows[i][at]) for i in priced)]
    if sum(any(term(of).search(names[at][0]) for of in _WIDE) for at in columns) < 2:
        return None
    labels, above = dict[int, str](), [""] * columns[0]
    for i in priced:
        above = [str(cell) or before for cell, before in zip(rows[i], above, strict=False)]
        labels[i] = " ".join(filter(None, above))
    fits = [i for i in priced if labels[i] == wanted] or [i for i in priced if all(word in labels[i] for word in wanted.split())]
    if len(fits) != 1:
        words = mark("{file}: has several rows of prices; say which with --row: {rows}")
        told.ask("row", labels[priced[0]], words, file=table.file, rows="; ".join(labels[i] for i in fits or priced))
    row, line = rows[(fits or priced)[0]], table.lines[(fits or priced)[0]]
    columns = [at for at in columns if is_amount(row[at])]
    levels = [at for at in columns if term("period of the day").search(names[at][0]) and not _charged(names[at])]
    charges = [at for at in columns if at not in levels and _charged(names[at])]
    kinds = {at: _kind("", *names[at]) for at in charges}
    if {"demand", "capacity"} <= set(kinds.values()):
        charges = [at for at in charges if kinds[at] == (charge or "demand")]
        columns = [at for at in columns if at not in kinds or at in charges]
    if not charge and len(charges) < len(kinds):
        words = mark(
            "{file}: states a charge on the peak and one on the transformers' capacity, of which one is paid; say --charge"
        )
        told.ask("charge", "demand", words, file=table.file)
    whole = next((at for at in columns if at not in (*levels, *charges) and term("whole price").search(names[at][0])), None)
    parts = [at for at in columns if at not in (*levels, *charges, whole)]
    if whole is not None and parts:
        own, stated = (sum(number_of(row[at]) or 0.0 for at in places) for places in (parts, [whole]))
        if abs(own / stated - 1) > 0.002:
            words = mark("{file} line {line}: the parts come to {own}, and {name} says {stated}; is a column missing or misread?")
            shown = {"own": f"{own:.4f}", "stated": f"{stated:.4f}", "name": names[whole][0]}
            raise CaseError.because(words, file=table.file, line=line, **shown)
    hours = _hours_of(periods or " ; ".join(str(cell) for own in table.rows for cell in own if isinstance(cell, str)))
    made = [[names[at][0], "", "", row[at], names[at][1], "part"] for at in parts if whole is None]
    made += [[names[whole][0], "", "", row[whole], names[whole][1], "level"]] if whole is not None and not levels else []
    made += [[names[at][0], "", "", row[at], names[at][1], ""] for at in charges]
    of = {at: [(m, when) for period, m, when in hours if period.lower() in names[at][0].lower()] for at in levels}
    bare = sorted((at for at in levels if not of[at]), key=lambda at: not term("flat period").search(names[at][0]))
    for at in bare[1:]:
        words = mark("{file}: the hours of {name} are not told; say the periods with --periods, the rest is {rest}")
        told.ask(
            "periods", f"{names[at][0]} 8:00-11:00,17:00-22:00", words, file=table.file, name=names[at][0], rest=names[bare[0]][0]
        )
    for at in sorted(levels, key=lambda at: -sum(_minutes(when) for _, when in of[at])):  # the shortest is first, within others
        price = [row[at], names[at][1], "level"]
        made = [*([names[at][0], *when, *price] for when in of[at]), *made] if of[at] else [*made, [names[at][0], "", "", *price]]
    told.say(mark("Prices of {row}, line {line}."), row=labels[(fits or priced)[0]], line=line)
    return SourceTable(table.file, [LONG, *made], [line] * (len(made) + 1))


def _heading(heads: Sequence[Sequence[Cell]], at: int) -> tuple[str, str]:
    """(name, unit) of a column under rows of headings: its own, and the unit of the group that it stands in."""
    own = [str(head[at]).strip() for head in heads if head[at] != ""]
    group = [str(next((cell for cell in reversed(head[: at + 1]) if cell != ""), "")) for head in heads]
    text = own[-1] if own else ""
    unit = next(filter(None, map(bracketed, [text, *reversed(group)])), "")
    return re.sub(r"[(（\[][^)）\]]*[)）\]]", "", text).strip(), unit


def _charged(name: tuple[str, str]) -> bool:
    """True of a charge on power, by its unit."""
    return _kind("", *name) in ("demand", "capacity", "fixed")


def _hours_of(text: str) -> list[tuple[str, str, str]]:
    """(period, months, hours) that a text states, each once."""
    found = [(m[1], (m[2] or "").replace("月", ""), re.sub(r"[、，和及；]", ",", m[3])) for m in _STATED.finditer(text)]
    return list(dict.fromkeys(found))


def _minutes(hours: str) -> int:
    """Minutes of a day in a text of hours, `8:00-11:00,23:00-2:00`."""
    spans = [[int(number) for number in found] for found in re.findall(r"(\d+)[:：](\d+)\D{1,4}?(\d+)[:：](\d+)", hours)]
    return sum((60 * (c - a) + d - b) % 1440 or 1440 for a, b, c, d in spans)


PRICES, TARIFF = "prices.csv", "tariff.csv"
PRICE_KEY, TARIFF_KEY = ("supply", "item"), ("supply", "item")


def price_path(
    of: HeadedRows, table: SourceTable, base: dict[str, str], currency: str, fuel: Fuel, decimal: str, told: Told, vat: float
) -> TableRows:
    """Rows of prices.csv, one a year, of a table of years and prices; `base` says of which supply and item. Raises CaseError with
    every row that cannot be read."""
    sign = told.decimal(decimal, of.texts("value"), table.file)
    to = "money/t" if fuel.carrier == "co2" or base["item"] == "carbon" else "money/MWh"

    def read(one: tuple[list[Cell], int]) -> dict[str, object]:
        row, line = one
        year, value = read_month(of.cell(row, "year")), number_of(of.cell(row, "value"), sign)
        try:
            if year is None or year[1] or value is None:
                raise ValueError(Message("{cells}: is no year and price", cells=repr(" ".join(map(str, row)))))
            price = value * _times(_unit_of(of, row), to, currency, None, fuel, table, told)[0] / (1 + vat)
        except ValueError as error:
            place = Message("{file} line {line}", file=table.file, line=line)
            raise CaseError([Message("{place}: {words}", place=place, words=error.args[0])]) from error
        unit = to.replace("money", currency)
        return {**base, "year": year[0], "value": f"{price:.8g}", "unit": unit, "source": f"tariff {Path(table.file).name}"}

    noted = [one for one in of.rows if sum(str(cell).strip() != "" for cell in one[0]) > 1]  # a note below has one cell
    return TableRows(PRICES, PRICE_KEY, of_each(noted, read))


# --- a tariff written ------------------------------------------------------------------------------------------------------
# A tariff put into a park.
#
# A tariff as rows of prices.csv and tariff.csv, or, where holidays have prices of their own, as an hourly profile.
#
# .. math::
# p_h = \tfrac{1}{2} (p_{2h} + p_{2h+1}) \qquad \bar p = \text{the price of most hours} \qquad f_h = p_h / \bar p


def read_tariff_file(file: Path, a: Answers, told: Told) -> Proposal:
    """The tariff of a table for a supply of the park: rows of prices.csv and tariff.csv in place of those of the supply.

    With holidays, or with Saturdays that are no Sundays, the prices are a profile of prices.csv, `tariff-SUPPLY`, and tariff.csv
    has no row of the supply. Raises CaseError with all that has to be said.
    """
    weekday_of_park(a.park)
    case = read_unfinished(a.park)
    item = "carbon" if a.supply == "*" else a.item
    fuel = Fuel("" if a.supply == "*" else case.supply(a.supply).carrier, a.content)
    source, currency = read_source(file, sheet=a.sheet), case.park.currency
    with told.asking():
        vat = told.or_ask("vat", 0.13, 0.0, lambda: _vat(source, a.vat, told))
        table = unfolded(source, a.row, a.periods, told, a.charge) or source
        path = under_headings(table, headings("prices"), ("year", "value"), at_start=True)
        if path is not None and under_headings(table, headings("tariff"), ("name", "value"), at_start=True) is None:
            rows = price_path(path, table, {"supply": a.supply, "item": item}, currency, fuel, a.decimal, told, vat)
            told.say(mark("{file}: prices of {years} years"), file=file.name, years=len(rows.rows))
            return Proposal("", told, rows=[rows])
        if item != "energy":
            words = mark("{file}: {item}: is a price by year; write a table of years and prices, e.g. year,price (EUR/t)")
            raise CaseError.because(words, file=file, item=item)
        tariff = read_tariff(table, currency, told, a.decimal, a.power_factor, fuel, vat)
    ranges = usual_ranges(currency, case.park.price_year)
    for name, price in tariff.levels.items():
        told.say("{name}: {price} {currency}/MWh", name=name, price=price, currency=currency)
        if found := ranges.outside("prices", [fuel.carrier], "energy", price, f"{currency}/MWh", currency):
            words = mark("{name}: {value} {unit}: usual is {low} to {high}; look at its number and unit")
            ends = {"low": f"{found[1].low:,.3g}", "high": f"{found[1].high:,.3g}"}
            told.warn(words, name=name, value=f"{found[0]:,.4g}", unit=found[1].unit, **ends)
    prices, year, weekday = hourly_prices(tariff), a.year or case.park.base_year, case.park.first_weekday
    is_profile = tariff.knows_saturdays or (tariff.knows_holidays and a.holidays != "none")
    base = {"supply": a.supply, "year": year, "source": f"tariff {file.name}"}
    usual = {**base, "item": "energy", "value": f"{usual_price(prices):.8g}", "unit": f"{currency}/MWh"}
    charges = [
        {**base, "item": item, "value": f"{value:.8g}", "unit": unit.replace("money", currency)}
        for item, (value, unit) in tariff.charges.items()
    ]
    profiles, hours = list[Profile](), [] if is_profile else tariff_rows(prices, a.supply)
    if is_profile:
        usual["profile"] = f"tariff-{a.supply}"
        profiles = [Profile(usual["profile"], profile_of(prices, year, a.holidays, weekday), "1", Told(), weekday)]
    instead = [{"supply": a.supply, "item": "energy"}]
    tables = [TableRows(PRICES, PRICE_KEY, [usual, *charges]), TableRows(TARIFF, TARIFF_KEY, hours, instead)]
    return Proposal("", told, profiles, tables)


def _vat(table: SourceTable, asked: float | None, told: Told) -> float:
    """The rate of VAT in the prices: the one asked for, else as a text names it. Raises CaseError for VAT without a rate."""
    rate = tax_in(table.texts) if asked is None else asked
    text = next(filter(term("prices with VAT").search, table.texts), "")
    if asked is None and not rate and text:
        words = mark("{file}: {text}: its prices hold VAT; say its rate, e.g. --vat 0.13, or --vat 0 if the park cannot deduct it")
        raise CaseError.because(words, file=table.file, text=repr(text))
    if rate:
        told.say(mark("VAT of {rate} was taken off the prices."), rate=f"{rate:.3g}")
    return rate


def hourly_prices(tariff: Tariff) -> np.ndarray:
    """(12, days, 24) of hours: the mean of two half hours."""
    return tariff.prices.reshape(12, -1, 24, 2).mean(axis=3)


def usual_price(prices: np.ndarray) -> float:
    """The price of most hours of workdays."""
    values, counts = np.unique(np.round(prices[:, 0], 9), return_counts=True)
    return float(values[counts.argmax()])


def tariff_rows(prices: np.ndarray, supply: str) -> list[dict[str, object]]:
    """Rows of tariff.csv of (12, 2 or more, 24) prices, as few as months and days of one pattern allow."""
    base = usual_price(prices)
    rows: list[dict[str, object]] = []
    patterns: dict[bytes, list[int]] = {}
    for month in range(12):
        patterns.setdefault(np.round(prices[month, :2], 9).tobytes(), []).append(month + 1)
    for months in patterns.values():
        own = prices[months[0] - 1]
        same = np.allclose(own[0], own[1])
        for days, kind in (("all", 0),) if same else (("weekday", 0), ("weekend", 1)):
            for price in dict.fromkeys(np.round(own[kind], 9).tolist()):
                if abs(price - base) > 1e-9 * max(abs(base), 1.0):
                    at = np.flatnonzero(np.abs(own[kind] - price) < 1e-6).tolist()
                    where = {"months": "" if len(months) == 12 else ranged(months), "days": days}
                    where["hours"] = "" if len(at) == 24 else ranged(at)
                    rows.append({"supply": supply, "item": "energy", **where, "factor": f"{price / base:.6g}"})
    return rows


def ranged(numbers: Sequence[int]) -> str:
    """`8-11;17-21` of numbers in order."""
    found: list[list[int]] = []
    for n in numbers:
        if found and n == found[-1][1] + 1:
            found[-1][1] = n
        else:
            found.append([n, n])
    return ";".join(str(a) if a == b else f"{a}-{b}" for a, b in found)


def profile_of(prices: np.ndarray, year: int, holidays: str, first_weekday: int) -> np.ndarray:
    """(8760,) prices of the hours of a year by the usual one, Saturdays and holidays as such; each day is that of the park's
    calendar."""
    off, values = days_off(year, holidays), list[np.ndarray]()
    dates = [date(year, month + 1, n + 1) for month, count in enumerate(DAYS_OF_MONTH) for n in range(count)]
    for day, when in enumerate(dates):
        weekday = (first_weekday + day) % 7
        shift = (weekday - when.weekday() + 3) % 7 - 3  # the calendar's day lies so many days beside the date
        is_off = off.get(when + timedelta(days=shift))
        kind = 2 if is_off else 0 if is_off is False or weekday < 5 else 3 if weekday == 5 else 1
        values.append(prices[when.month - 1, kind])
    return np.concatenate(values) / usual_price(prices)
