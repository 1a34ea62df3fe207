"""The catalogue: figures by name, and what money is worth."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from models.case import TABLES
from planner.language.message import Message
from planner.park.complaints import Complaints
from planner.park.faults import of
from planner.park.fields import columns_of, number
from planner.park.money import FILE, Money, read_money
from planner.park.remarks import CONVERTED
from planner.park.tables import RawRow, read_sheet

#: The catalogue that ships with the planner, beside the package `planner`.
DEFAULT = Path(__file__).parents[2] / "data" / "catalogue"
#: Currency of money columns that have no unit column: measures, offsets, certificates, restoration.
HOME_CURRENCY = "CNY"
#: Column of the catalogue: whose figures they are, '' where no region is told.
REGION = "region"
PRICE_YEAR = re.compile(r"price year (\d{4})")
_CODE = re.compile(r"\b[A-Z]{3}\b")


@dataclass
class Catalogue:
    """Tables as text, and what money is worth by currency and year."""

    tables: dict[str, list[RawRow]] = field(default_factory=dict)
    money: Money = field(default_factory=Money)
    #: (table, columns) -> rows by their cells in these columns, once they are asked for.
    _by_cells: dict[tuple[str, ...], dict[tuple[str, ...], list[RawRow]]] = field(default_factory=dict)

    def rows(self, table: str, **named: str) -> list[RawRow]:
        """The rows of a table whose cells are as named; they are asked for once a name of the park, so they are sorted once."""
        if (key := (table, *named)) not in self._by_cells:
            found: dict[tuple[str, ...], list[RawRow]] = {}
            for row in self.tables.get(table, []):
                found.setdefault(tuple(row.get(column) for column in named), []).append(row)
            self._by_cells[key] = found
        return [*self._by_cells[key].get(tuple(named.values()), ())]

    def costs_in(self, region: str, type_name: str) -> list[RawRow]:
        """Costs of a type: of each parameter those of the region where it has some, else those of none."""
        found = self.rows("costs", type=type_name)
        own = {row.get("parameter") for row in found if region and row.get(REGION) == region}
        return [row for row in found if row.get(REGION) == (region if row.get("parameter") in own else "")]

    def names(self, table: str, column: str) -> set[str]:
        """Everything that stands in a column."""
        return {row.get(column) for row in self.tables.get(table, [])} - {""}


#: The catalogue that ships, by the state of its files: to read it takes longer than a small park does.
_shipped: dict[tuple, Catalogue] = {}


def read_catalogue(folder: Path | None, complaints: Complaints) -> Catalogue:
    """Read the catalogue folder; columns that the schema lacks are left out. What ships is read once while it stays as it is."""
    if folder is not None and not folder.is_dir():
        complaints.add(str(folder), Message("is no folder; the catalogue is a folder of CSV tables"))
    folder, is_shipped = folder or DEFAULT, folder is None
    if not folder.is_dir():
        return Catalogue()
    state = _state(folder) if is_shipped else ()
    if state not in _shipped or not is_shipped:
        said = len(complaints), len(complaints.warnings)
        catalogue = _read(folder, complaints)
        if not is_shipped or said != (len(complaints), len(complaints.warnings)):
            return catalogue
        _shipped.clear()
        _shipped[state] = catalogue
    known = _shipped[state]
    return Catalogue({table: [*rows] for table, rows in known.tables.items()}, known.money)


def _state(folder: Path) -> tuple:
    """Name, time and size of every file that is read."""
    paths = (folder, *(path for name in (*(f"{table}.csv" for table in TABLES), FILE) if (path := folder / name).exists()))
    return tuple((str(path), (found := path.stat()).st_mtime_ns, found.st_size) for path in paths)


def _read(folder: Path, complaints: Complaints) -> Catalogue:
    catalogue = Catalogue()
    for table, kind in TABLES.items():
        path = folder / f"{table}.csv"
        if path.exists():
            sheet = read_sheet(path, f"catalogue/{path.name}", complaints, columns_of(kind))
            kept = {*columns_of(kind), REGION}
            raws = sheet.raw_rows(catalogue=True) if sheet else []
            catalogue.tables[table] = [RawRow(r.origin, {c: v for c, v in r.cells.items() if c in kept}) for r in raws]
    catalogue.money = read_money(folder, complaints)
    return catalogue


@dataclass
class Exchange:
    """Brings catalogue money into the park's currency and price year, and counts what changed its currency."""

    catalogue: Catalogue
    currency: str
    price_year: int
    complaints: Complaints
    converted: dict[str, int] = field(default_factory=dict)
    rates: dict[str, str] = field(default_factory=dict)

    def convert(self, row: RawRow, column: str, given: str) -> tuple[str, str]:
        """The cell in the park's currency and price year, and a remark; as it is where it is in both already.

        The price year of a figure stands in its note; where none does, it is the park's.
        """
        text, found = row.get(column), PRICE_YEAR.search(row.get("note"))
        year = int(found[1]) if found else self.price_year
        if not self.currency or text == "" or (given == self.currency and year == self.price_year):
            return text, ""
        money = self.catalogue.money
        lacking = [code for code in (self.currency, given) if given != self.currency and not money.knows(code)]
        if lacking:
            self.complaints.add(
                "park.toml",
                Message(
                    "currency {currency}: the catalogue's figures are in {given} and it has no exchange rate for {lacking}; "
                    "state the figures in your own tables",
                    currency=repr(self.currency),
                    given=given,
                    lacking=lacking[0],
                ),
            )
            return text, ""
        factor = money.factor(given, year, self.currency, self.price_year)
        try:
            value = number(text) * factor.value
        except ValueError as error:
            self.complaints.add(row.origin, of(f"{column} = {text!r}", error))
            return text, ""
        if given != self.currency:
            self.rates[given] = f"1 {given} = {factor.rate:.4g} {self.currency}"
            self.converted[given] = self.converted.get(given, 0) + 1
        remark = factor.remark(given, self.currency)
        return (f"{value:.10g}", remark) if remark else (text, "")

    def warn(self) -> None:
        """Say how many figures were converted."""
        if self.converted:
            count = sum(self.converted.values())
            rates = ", ".join(self.rates[code] for code in sorted(self.rates))
            self.complaints.warn("catalogue", CONVERTED, count=count, rates=rates)


def currency_in(unit: str) -> str:
    """The currency that a unit names, '' where it names none."""
    found = _CODE.search(unit)
    return found[0] if found else ""


def in_currency(unit: str, currency: str) -> str:
    """The unit with its currency replaced."""
    return _CODE.sub(currency, unit, count=1)
