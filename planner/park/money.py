r"""Money of one year and currency in that of another: by data/catalogue/money.csv, and by nothing else.

A figure is brought to the other year by the price index of its own currency, then to the other currency at the rate of that year:

.. math:: v_{b,y} = v_{a,x} \cdot \frac{I_{a,y}}{I_{a,x}} \cdot \frac{R_{b,y}}{R_{a,y}}

I  price index of a currency, 1 (year)     R  rate, units per EUR (year)

Years that the table lacks take the nearest that it has, which the remark says.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from models.units import UnitError, factor
from planner.language.message import Message
from planner.park.complaints import Complaints
from planner.park.faults import of
from planner.park.fields import number
from planner.park.tables import RawRow, read_sheet

FILE = "money.csv"
RATE, INDEX = "exchange_rate", "price_index"
#: The currency that rates are told of.
BASE = "EUR"


@dataclass(frozen=True)
class Factor:
    """What money is multiplied by, and in words how it was found."""

    value: float
    rate: float
    index: float
    rate_year: int
    wanted_year: int
    index_years: tuple[int, int]
    source: str

    def remark(self, given: str, wanted: str) -> str:
        """What was done, for the column `note`; '' where nothing was."""
        said = []
        if self.index != 1:
            years = f"{self.index_years[0]} to {self.index_years[1]}"
            said.append(f"prices of {years} by {self.index:.4g}")
        if given != wanted:
            of_year = f" of {self.rate_year}" if self.rate_year != self.wanted_year else ""
            said.append(f"converted from {given} at {self.rate:.4g} {wanted} per {given}{of_year}")
        return ", ".join(said) + (f" ({self.source})" if said else "")


@dataclass
class Money:
    """Rates and price indices, by currency and year."""

    figures: dict[tuple[str, str], dict[int, tuple[float, str]]] = field(default_factory=dict)

    def knows(self, currency: str) -> bool:
        """True if there is a rate of the currency."""
        return currency == BASE or (RATE, currency) in self.figures

    def has_index(self, currency: str) -> bool:
        """True if there is a price index of the currency."""
        return (INDEX, currency) in self.figures

    def factor(self, given: str, year: int, wanted: str, wanted_year: int) -> Factor:
        """From money of one currency and year to money of another. Raises KeyError with the currency that has no rate."""
        index, years, sources = 1.0, (year, wanted_year), []
        if year != wanted_year and self.has_index(given):
            (first, low, _), (last, high, source) = self._at(INDEX, given, year), self._at(INDEX, given, wanted_year)
            index, years = high / low, (first, last)
            if index != 1:
                sources.append(source)
        rate, rate_year = 1.0, wanted_year
        if given != wanted:
            (_, theirs, source), (rate_year, ours, own) = self._at(RATE, given, wanted_year), self._at(RATE, wanted, wanted_year)
            rate = ours / theirs
            sources.append(source if given != BASE else own)
        return Factor(index * rate, rate, index, rate_year, wanted_year, years, "; ".join(dict.fromkeys(sources)))

    def _at(self, item: str, currency: str, year: int) -> tuple[int, float, str]:
        """(year, value, source) of the year asked for, or of the nearest that there is."""
        found = self.figures.get((item, currency))
        if not found:
            if item == RATE and currency == BASE:
                return year, 1.0, "definition"
            raise KeyError(currency)
        near = min(found, key=lambda y: (abs(y - year) if y else 0, -y))
        return near or year, *found[near]


def read_money(folder: Path, complaints: Complaints) -> Money:
    """Read money.csv of a catalogue; nothing where there is none."""
    path = folder / FILE
    if not path.exists():
        return Money()
    sheet = read_sheet(path, f"catalogue/{FILE}", complaints, ("item", "currency", "value"))
    return money_of(sheet.raw_rows(catalogue=True) if sheet else [], complaints)


def money_of(rows: Iterable[RawRow], complaints: Complaints) -> Money:
    """The figures of rows of money.csv."""
    money = Money()
    for row in rows:
        try:
            value, year = number(row.get("value")), int(number(row.get("year") or "0"))
        except ValueError as error:
            complaints.add(row.origin, of(f"value = {row.get('value')!r}", error))
            continue
        if not (value > 0 and math.isfinite(value)):
            complaints.add(row.origin, of(f"value = {value:g}", Message("is not above 0")))
            continue
        money.figures.setdefault((row.get("item"), row.get("currency")), {})[year] = value, row.get("source")
    return money


# --- ranges ----------------------------------------------------------------------------------------------------------------
# What figures usually are: the ranges of the catalogue, low to high, each with a source; outside of them a warning is due.

RANGES_FILE = "ranges.csv"
#: Money of the table: currency and year.
CURRENCY, YEAR = "CNY", 2025
#: Stands for any name.
ANY = "*"


@dataclass(frozen=True)
class Range:
    """Low and high of a figure, in `unit`, with money as the park has it."""

    low: float
    high: float
    unit: str
    source: str

    def holds(self, value: float) -> bool:
        """True if the value lies within, a crumb aside."""
        slack = 1e-9 * max(abs(self.low), abs(self.high))
        return self.low - slack <= value <= self.high + slack


@dataclass
class Ranges:
    """Ranges by table, name and parameter."""

    rows: dict[tuple[str, str, str], list[Range]] = field(default_factory=dict)

    def of(self, table: str, names: Sequence[str], parameter: str) -> list[Range]:
        """The ranges of the first of these names that has any, then of any name."""
        for name in (*names, ANY):
            if found := self.rows.get((table, name, parameter)):
                return found
        return []

    def outside(
        self, table: str, names: Sequence[str], parameter: str, value: float, unit: str, currency: str
    ) -> tuple[float, Range] | None:
        """(value in the range's unit, range) where it lies outside; None within, or where nothing is known in such a unit."""
        for own in self.of(table, names, parameter):
            try:
                converted = value * factor(unit, own.unit, currency)
            except UnitError:
                continue
            return None if own.holds(converted) else (converted, own)
        return None


def read_ranges(folder: Path, money: Money, currency: str, price_year: int, complaints: Complaints) -> Ranges:
    """The ranges of a catalogue in the park's money; without a rate of its currency those that are no money."""
    ranges, path = Ranges(), folder / RANGES_FILE
    if not path.exists():
        return ranges
    sheet = read_sheet(path, f"catalogue/{RANGES_FILE}", complaints, ("table", "name", "parameter"))
    knows = bool(currency) and (currency == CURRENCY or money.knows(currency))
    times = money.factor(CURRENCY, YEAR, currency, price_year).value if knows and money.knows(CURRENCY) else 1.0
    for row in sheet.raw_rows(catalogue=True) if sheet else []:
        unit, is_money = row.get("unit"), CURRENCY in row.get("unit")
        if is_money and not knows:
            continue
        try:
            low, high = number(row.get("low")), number(row.get("high"))
        except ValueError as error:
            complaints.add(row.origin, of("low, high", error))
            continue
        scale = times if is_money else 1.0
        own = Range(low * scale, high * scale, unit.replace(CURRENCY, currency), row.get("source"))
        ranges.rows.setdefault((row.get("table"), row.get("name"), row.get("parameter")), []).append(own)
    return ranges


def shown(value: float) -> str:
    """Three figures, without an exponent."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{float(f'{value:.3g}'):,.0f}"
