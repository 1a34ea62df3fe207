"""The catalogue: figures by name, and its exchange rates."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from models.case import TABLES
from planner.read.complaints import Complaints
from planner.read.fields import columns_of, number
from planner.read.remarks import CONVERTED
from planner.read.tables import RawRow, read_sheet

#: The catalogue that ships with the planner, beside the package `planner`.
DEFAULT = Path(__file__).parents[2] / "data" / "catalogue"
#: Currency of money columns that have no unit column: measures, offsets, certificates, restoration.
HOME_CURRENCY = "CNY"
_RATES = "exchange_rates"
_CODE = re.compile(r"\b[A-Z]{3}\b")


@dataclass
class Catalogue:
    """Tables as text, and what a euro was worth by currency."""

    tables: dict[str, list[RawRow]] = field(default_factory=dict)
    rates: list[RawRow] = field(default_factory=list)

    def rows(self, table: str, **named: str) -> list[RawRow]:
        """The rows of a table whose cells are as named."""
        found = self.tables.get(table, [])
        return [row for row in found if all(row.get(c) == word for c, word in named.items())]

    def names(self, table: str, column: str) -> set[str]:
        """Everything that stands in a column."""
        return {row.get(column) for row in self.tables.get(table, [])} - {""}


def read_catalogue(folder: Path | None, complaints: Complaints) -> Catalogue:
    """Read the catalogue folder; columns that the schema lacks are left out."""
    given, folder = folder, folder or DEFAULT
    catalogue = Catalogue()
    if not folder.is_dir():
        if given is not None:
            complaints.add(str(given), "is no folder; the catalogue is a folder of CSV tables")
        return catalogue
    for table, kind in TABLES.items():
        path = folder / f"{table}.csv"
        if path.exists():
            sheet = read_sheet(path, f"catalogue/{path.name}", complaints, columns_of(kind))
            kept = columns_of(kind)
            raws = sheet.raw_rows(catalogue=True) if sheet else []
            catalogue.tables[table] = [RawRow(r.origin, {c: v for c, v in r.cells.items() if c in kept}) for r in raws]
    path = folder / f"{_RATES}.csv"
    if path.exists():
        sheet = read_sheet(path, f"catalogue/{path.name}", complaints, ("currency", "per_eur"))
        catalogue.rates = sheet.raw_rows(catalogue=True) if sheet else []
    return catalogue


@dataclass
class Exchange:
    """Converts catalogue money into the park's currency, and counts what it converted."""

    catalogue: Catalogue
    currency: str
    price_year: int
    complaints: Complaints
    converted: dict[str, int] = field(default_factory=dict)
    rates: dict[str, str] = field(default_factory=dict)

    def convert(self, row: RawRow, column: str, given: str) -> tuple[str, str]:
        """The cell in the park's currency, and a remark; as it is where it is in that currency already."""
        text = row.get(column)
        if not self.currency or given == self.currency or text == "":
            return text, ""
        ours, theirs = self._rate(self.currency), self._rate(given)
        if ours is None or theirs is None:
            lacking = self.currency if ours is None else given
            self.complaints.add(
                "park.toml",
                f"currency {self.currency!r}: the catalogue's figures are in {given} and it has no exchange rate for "
                f"{lacking}; state the figures in your own tables",
            )
            return text, ""
        try:
            value = number(text) * ours[0] / theirs[0]
        except ValueError as error:
            self.complaints.add(row.origin, f"{column} = {text!r}: {error}")
            return text, ""
        source = (theirs if given != "EUR" else ours)[1]
        rate = f"{ours[0] / theirs[0]:.4g} {self.currency}"
        self.rates[given] = f"1 {given} = {rate}"
        self.converted[given] = self.converted.get(given, 0) + 1
        return f"{value:.10g}", f"converted from {given} at {rate} per {given} ({source})"

    def warn(self) -> None:
        """Say how many figures were converted."""
        if self.converted:
            count = sum(self.converted.values())
            rates = ", ".join(self.rates[code] for code in sorted(self.rates))
            self.complaints.warn("catalogue", CONVERTED, count=count, rates=rates)

    def _rate(self, code: str) -> tuple[float, str] | None:
        """Units per euro in the year nearest the price year, and their source."""
        rows = [row for row in self.catalogue.rates if row.get("currency") == code]
        found = []
        for row in rows:
            try:
                year = number(row.get("year") or "0")
                found.append((abs(year - self.price_year), number(row.get("per_eur")), row.get("source")))
            except ValueError as error:
                self.complaints.add(row.origin, f"per_eur = {row.get('per_eur')!r}: {error}")
        usable = [rate for rate in found if rate[1] > 0]
        if not usable:
            return None
        _, per_eur, source = min(usable)
        return per_eur, source


def currency_in(unit: str) -> str:
    """The currency that a unit names, '' where it names none."""
    found = _CODE.search(unit)
    return found[0] if found else ""


def in_currency(unit: str, currency: str) -> str:
    """The unit with its currency replaced."""
    return _CODE.sub(currency, unit, count=1)
