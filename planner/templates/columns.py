"""The columns of a first park, by table, and what a person is told of each: its unit, its choices, its note."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence

from models.case import TABLES
from planner.examples import data_folder
from planner.park.book import SETTINGS
from planner.park.fields import FieldColumn, columns_of

#: What a first park states; every other column of the schema may be added by its name.
FIRST: dict[str, tuple[str, ...]] = {
    "technologies": (
        "technology",
        "type",
        "existing",
        "existing_until",
        "existing_unit",
        "max_capacity",
        "unit_size",
        "profile",
        "site",
        "area",
        "source",
    ),
    "sites": ("site", "area"),
    "demand": ("demand", "carrier", "year", "value", "unit", "profile", "source"),
    "measures": ("measure", "capital_cost", "fixed_cost", "lifetime", "title", "source"),
    "savings": ("measure", "demand", "saving"),
    "supplies": ("supply", "carrier", "kind", "max_import", "max_export", "scope", "fuel"),
    "prices": ("supply", "item", "year", "value", "unit", "source"),
    "bills": ("supply", "year", "value", "unit", "cost"),
    "tariff": ("supply", "item", "months", "days", "hours", "factor"),
    "costs": ("type", "parameter", "year", "value", "unit", "source"),
    "budget": ("year", "capital"),
    "carriers": ("carrier", "temperature", "source"),
    "reserves": ("carrier", "year", "margin", "largest_out", "source"),
    "profiles": ("hour", "day", "sun"),
}
#: What a park states that asks for futures, too.
OF_FUTURES: dict[str, tuple[str, ...]] = {
    "futures": ("future", "parent", "from_year", "probability", "source"),
    "future_values": ("future", "table", "name", "item", "year", "factor", "value", "unit", "source"),
}
#: The columns of every table that a new park may have.
WRITTEN = FIRST | OF_FUTURES


def headings(table: str, rows: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """The columns of a table of a new park: those of a first park, and what its rows state beside them."""
    return tuple(dict.fromkeys([*WRITTEN.get(table, ()), *(name for row in rows for name in row)]))


#: Columns whose choices are names of the catalogue: table of the catalogue and its column.
NAMED = {
    ("technologies", "type"): ("types", "type"),
    ("costs", "type"): ("types", "type"),
    ("supplies", "fuel"): ("supplies", "supply"),
    ("park", "standard"): ("stages", "standard"),
}


def columns(table: str) -> dict[str, FieldColumn]:
    """The columns of a table, or the keys of a sheet of settings; of profiles none."""
    kind = SETTINGS.get(table) or TABLES.get(table)
    return columns_of(kind) if kind is not None else {}


def choices(table: str, name: str) -> tuple[str, ...]:
    """What may stand in a column, where that is a list."""
    if (table, name) in NAMED:
        file, named = NAMED[table, name]
        with (data_folder() / "catalogue" / f"{file}.csv").open(encoding="utf-8", newline="") as rows:
            return tuple(dict.fromkeys(row[named] for row in csv.DictReader(rows)))
    column = columns(table).get(name)
    if column is None:
        return ()
    flags = "reference", "biogenic", "both_ways", "capturable", "largest_out"
    is_flag = column.kind == "int" and column.unit == "1" and name in flags
    return ("0", "1") if is_flag else tuple(c for c in column.choices if c)
