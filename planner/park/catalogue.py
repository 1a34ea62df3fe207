"""The catalogue: figures by name, and what money is worth."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from models.case import PARAMETERS, TABLES, Assumption, Cost, EquipmentType, Port
from models.case.technology import KELVIN
from planner.language.language import mark
from planner.language.message import Message
from planner.park.complaints import NEARLY, Complaints, nearest
from planner.park.draft import Draft
from planner.park.faults import of
from planner.park.fields import columns_of, number, without_units
from planner.park.money import FILE, Money, read_money
from planner.park.remarks import CONVERTED, NO_COSTS_USED, UNUSED_COSTS_NEAR
from planner.park.tables import RawRow, TableSheet, read_sheet, refuse_unknown_columns

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


def read_catalogue(folder: Path | None, complaints: Complaints) -> Catalogue:
    """Read the catalogue folder; columns that the schema lacks are left out. What ships is read once while it stays as it is."""
    if folder is not None and not folder.is_dir():
        complaints.add(str(folder), Message("is no folder; the catalogue is a folder of CSV tables"))
    if not (folder or DEFAULT).is_dir():
        return Catalogue()
    known = _shipped(_state(DEFAULT)) if folder is None else None
    if known is None:
        return _read(folder or DEFAULT, complaints)
    return Catalogue({table: [*rows] for table, rows in known.tables.items()}, known.money)


@lru_cache(maxsize=1)
def _shipped(state: tuple) -> Catalogue | None:
    """The catalogue that ships, by the state of its files: to read it takes longer than a small park does. None with a fault."""
    complaints = Complaints()
    catalogue = _read(DEFAULT, complaints)
    return None if len(complaints) else catalogue


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


# --- costs -----------------------------------------------------------------------------------------------------------------
# Cost tables: our own layout, PyPSA's technology-data layout, and laying tables over each other.

#: PyPSA's words for ours; its other parameters (efficiency, CO2 intensity …) are not costs and are left out.
PYPSA = {"investment": "capital_cost", "FOM": "fixed_cost", "VOM": "variable_cost", "lifetime": "lifetime"}
#: Columns of PyPSA's layout beyond ours.
_PYPSA_COLUMNS = ("technology", "further description", "currency_year")


def read_costs(path: Path, file: str, complaints: Complaints, used: Collection[str], currency: str = "") -> list[RawRow] | None:
    """Read a cost table of either layout; of PyPSA's only the rows of the types that the park uses."""
    sheet = read_sheet(path, file, complaints, (*columns_of(Cost), "technology"))
    if sheet is None:
        return None
    if is_pypsa(sheet):
        known = [c for c in columns_of(Cost) if c != "type"]
        refuse_unknown_columns(sheet, [*known, *_PYPSA_COLUMNS], complaints)
        return _from_pypsa(sheet, used, complaints)
    plain = without_units(sheet, columns_of(Cost), currency, complaints)
    if plain is None:
        return None
    refuse_unknown_columns(plain[0], columns_of(Cost), complaints)
    return plain[0].raw_rows()


def is_pypsa(sheet: TableSheet) -> bool:
    """True if the sheet has the layout of PyPSA's technology-data."""
    return {"technology", "parameter", "value"} <= set(sheet.columns) and "type" not in sheet.columns


def _from_pypsa(sheet: TableSheet, used: Collection[str], complaints: Complaints) -> list[RawRow]:
    """The rows that are costs of the park's types, in our words; a warning where there are none."""
    rows = []
    for raw in sheet.raw_rows():
        parameter = PYPSA.get(raw.get("parameter"), raw.get("parameter"))
        if raw.get("technology") not in used or parameter not in PARAMETERS:
            continue
        note = "; ".join(
            f"{name} {raw.get(name)}" if name == "currency_year" else raw.get(name)
            for name in ("note", "further description", "currency_year")
            if raw.get(name)
        )
        cells = {k: v for k, v in raw.cells.items() if k not in _PYPSA_COLUMNS}
        rows.append(RawRow(raw.origin, {**cells, "type": raw.get("technology"), "parameter": parameter, "note": note}))
    _warn_of_slips(rows, sheet, used, complaints)
    others = {raw.get("technology") for raw in sheet.raw_rows()} - {""}
    if others and not rows:
        complaints.warn(sheet.file, NO_COSTS_USED, count=f"{len(others):,}")
    return rows


def _warn_of_slips(rows: list[RawRow], sheet: TableSheet, used: Collection[str], complaints: Complaints) -> None:
    """A technology that is spelt nearly as a type of the park of which the file has nothing is most likely meant."""
    lacking = set(used) - {row.get("type") for row in rows}
    said = set(used)
    for raw in sheet.raw_rows():
        name = raw.get("technology")
        near = None if name in said or not lacking else nearest(name, lacking, NEARLY)
        said.add(name)
        if near is not None:
            complaints.warn(raw.origin, UNUSED_COSTS_NEAR, type=repr(name), near=repr(near))


def lay_over(below: list[RawRow], above: list[RawRow]) -> list[RawRow]:
    """Both tables, where a series of the upper one replaces the whole series of the lower one."""
    replaced = {series_of(row) for row in above}
    return [row for row in below if series_of(row) not in replaced] + above


def series_of(row: RawRow) -> tuple[str, str]:
    """The series that a cost row belongs to."""
    return row.get("type"), row.get("parameter")


# --- levels ----------------------------------------------------------------------------------------------------------------
# Levels of heat: what a heat pump takes of electricity and of its source, from the temperatures between which it works.

ELECTRICITY = "electricity"
NOT_BELOW = mark("source_temperature = {source}: is not below sink_temperature = {sink}, so nothing is to be lifted")
NO_SOURCE = mark("source_temperature {text}: is neither a number nor a profile of profiles.csv")
LACKING = mark("heat pump: {column} is missing; source_temperature, sink_temperature and carnot_share go together")


def take_levels(draft: Draft) -> None:
    r"""The ratios of heat pumps whose type states temperatures, where the park does not state them.

    COP = carnot_share · T_sink / (T_sink - T_source), in kelvin; of each MWh delivered 1 / COP is electricity and the rest comes
    from the source.
    """
    for kind in draft.rows(EquipmentType):
        columns = ("source_temperature", "sink_temperature", "carnot_share")
        missing = [column for column in columns if getattr(kind, column) in (None, "")]
        for column in missing if len(missing) < len(columns) else ():
            draft.fault(kind.origin, LACKING, column=column)
        cop: Any = None if missing else _cop(kind, draft)
        out = next((port for port in draft.rows(Port) if (port.type, port.direction) == (kind.type, "out")), None)
        for i, port in enumerate(draft.rows(Port)) if cop is not None and out is not None else ():
            is_stated = "ratio" in port.model_fields_set and not port.is_of_catalogue
            if (port.type, port.direction) != (kind.type, "in") or is_stated or out is None:
                continue
            share: Any = out.ratio * (1.0 / cop if port.carrier == ELECTRICITY else 1.0 - 1.0 / cop)
            mean = float(np.mean(share))
            changed: dict[str, float | str] = {"ratio": mean}
            if np.ndim(share):
                name = f"{kind.type}: {port.carrier} by temperature"
                draft.profiles.series[name] = share / mean
                draft.profiles.names.add(name)
                changed["profile"] = name
            draft.valid[Port.table][i] = port.model_copy(update=changed)
            _tell(kind, port, mean, draft)


def _cop(kind: EquipmentType, draft: Draft) -> Any:
    """The COP, of each hour where the source has a profile; None where it cannot be known."""
    assert kind.sink_temperature is not None and kind.carnot_share is not None
    text = kind.source_temperature
    if text in draft.profiles.series:
        source: Any = np.asarray(draft.profiles.series[text], dtype=float)
    else:
        try:
            source = number(text)
        except ValueError:
            if draft.profiles.is_read:
                draft.fault(kind.origin, NO_SOURCE, text=repr(text))
            return None
    sink = kind.sink_temperature
    if float(np.max(source)) >= sink:
        draft.fault(kind.origin, NOT_BELOW, source=f"{float(np.max(source)):g}", sink=f"{sink:g}")
        return None
    return kind.carnot_share * (sink + KELVIN) / (sink - source)


def _tell(kind: EquipmentType, port: Port, ratio: float, draft: Draft) -> None:
    parameter = f"in {port.carrier}"
    draft.assumptions[:] = [a for a in draft.assumptions if (a.table, a.name, a.parameter) != ("ports", kind.type, parameter)]
    if not kind.is_of_catalogue:
        return
    values = {"source": kind.source_temperature, "sink": f"{kind.sink_temperature:g}", "share": f"{kind.carnot_share:g}"}
    note = str(Message("from {source} to {sink} °C at {share} of the best COP", **values))
    unit, value = f"MWh of {port.carrier} per unit of activity", f"{ratio:.6g}"
    stated = {"parameter": parameter, "value": value, "unit": unit, "source": kind.source, "grade": kind.grade, "note": note}
    draft.assumptions.append(Assumption(table="ports", name=kind.type, **stated))  # type: ignore[arg-type]
