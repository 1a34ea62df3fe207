"""What figures usually are: the ranges of the catalogue, low to high, each with a source; outside of them a warning is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from models.units import UnitError, factor
from planner.park.complaints import Complaints
from planner.park.faults import of
from planner.park.fields import number
from planner.park.money import Money
from planner.park.tables import read_sheet

FILE = "ranges.csv"
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
    ranges, path = Ranges(), folder / FILE
    if not path.exists():
        return ranges
    sheet = read_sheet(path, f"catalogue/{FILE}", complaints, ("table", "name", "parameter"))
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
