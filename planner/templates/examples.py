"""Examples for a new park.

Processes whose load can move, for a blank park: batches, a mill with a silo, a cold store with a band of temperature.

Futures, for a park whose example has none of its own: two that differ in one price.

Tariffs of the catalogue, as rows of prices.csv and tariff.csv of a park.
"""

from __future__ import annotations

import csv
import tomllib
from difflib import get_close_matches
from pathlib import Path

from models.errors import CaseError
from planner.examples import data_folder
from planner.language.message import Message
from planner.park.catalogue import PRICE_YEAR
from planner.park.complaints import Complaints
from planner.park.money import read_money
from planner.templates.blank import DAY, EXAMPLE, BlankWanted, Row
from planner.templates.columns import OF_FUTURES as COLUMNS
from planner.templates.variants import FUTURES, add_variant, variant_folder

#: What each takes on average, by the connection to the grid.
OF_GRID = 0.03
#: Two batches a day, and what one takes in its hours.
BEGINS, BATCH = (8, 14), (1.0, 0.6, 0.6, 0.4)
#: Mill by kiln; hours of the mill that the silo holds.
MILL, SILO = 1.5, 4.0
#: A cold store between -24 and -18 °C: outdoor temperature of the hour above the upper limit, as its shape (K).
ABOVE = tuple(38.0 + 10.0 * (d - min(DAY)) / (max(DAY) - min(DAY)) for d in DAY)
BAND, PER_HOUR, FREEZER, SPENT = 6.0, 0.01, 4.0, 0.5


def example_processes(wanted: BlankWanted) -> dict[str, list[Row]]:
    """Rows that come to those of a blank park, by table; of `profiles` the columns of each hour."""
    mean = OF_GRID * wanted.grid
    held = mean / (sum(ABOVE) / len(ABOVE)) / PER_HOUR * BAND  # the leak per K is PER_HOUR of the heat that the goods hold
    shape = {begin + h: power for begin in BEGINS for h, power in enumerate(BATCH)}
    return {
        "demand": [
            _demand("batches", "electricity", mean, profile="batches", shift_share="1", shift_hours="3", shift_power="1.5"),
            _demand("kiln", "meal", mean),
            _demand("through-the-walls", "deep-cold", mean, profile="above-limit"),
        ],
        "types": [
            {"type": "mill", "role": "converter"},
            _store("silo", "0", f"{SILO:g}"),
            {"type": "freezer", "role": "converter"},
            _store("cold-rooms", f"{PER_HOUR:g}", f"{held / (mean * FREEZER):.4g}"),
        ],
        "ports": [
            _port("mill", "meal", "out"),
            _port("mill", "electricity", "in"),
            _port("silo", "meal", "out"),
            _port("freezer", "deep-cold", "out"),
            _port("freezer", "electricity", "in", SPENT),
            _port("cold-rooms", "deep-cold", "out"),
        ],
        "technologies": [
            _stands("mill", MILL * mean),
            _stands("silo", SILO * MILL * mean),
            _stands("freezer", FREEZER * mean),
            _stands("cold-rooms", held),
        ],
        "profiles": [{"batches": f"{shape.get(h, 0.0):g}", "above-limit": f"{k:.4g}"} for h, k in enumerate(ABOVE)],
    }


def with_processes(tables: dict[str, list[Row]], wanted: BlankWanted) -> dict[str, list[Row]]:
    """The tables of a blank park with these rows."""
    found = dict(tables)
    for name, rows in example_processes(wanted).items():
        if name == "profiles":
            found[name] = [own | more for own, more in zip(tables[name], rows, strict=True)]
        else:
            found[name] = [*tables.get(name, ()), *rows]
    more = (2.0 + SPENT) * OF_GRID * wanted.grid * 8760  # batches, mill and freezer
    found["bills"] = [_with_more(row, more) if row["supply"] == "grid" else row for row in tables["bills"]]
    profiles = found.pop("profiles")
    return found | {"profiles": profiles}


def _with_more(bill: Row, energy: float) -> Row:
    """A bill of so much more energy (MWh) at its own price."""
    was = float(bill["value"])
    return bill | {"value": f"{was + energy:.0f}", "cost": f"{float(bill['cost']) * (was + energy) / was:.0f}"}


def _demand(name: str, carrier: str, mean: float, **fields: str) -> Row:
    own = {"demand": name, "carrier": carrier, "year": "2025", "value": f"{mean * 8760:.4g}", "unit": "MWh", "source": EXAMPLE}
    return own | fields


def _store(name: str, loss: str, hours: str) -> Row:
    return {
        "type": name,
        "role": "store",
        "charge_efficiency": "1",
        "discharge_efficiency": "1",
        "standing_loss": loss,
        "full_power_hours": hours,
    }


def _port(name: str, carrier: str, direction: str, ratio: float = 1.0) -> Row:
    return {"type": name, "carrier": carrier, "direction": direction, "ratio": f"{ratio:g}"}


def _stands(name: str, size: float) -> Row:
    return {"technology": name, "type": name, "existing": f"{size:.4g}", "max_build": "0", "source": EXAMPLE}


#: The table of what differs in them.
VALUES = "future_values"
#: Years after the first one in which it is known which of the two has come; what the price is then.
KNOWN_AFTER, DEAR, CHEAP = 4, "1.4", "0.8"


def example_futures(supply: str, first: int, last: int) -> dict[str, list[Row]]:
    """Two futures that differ in the energy price of one supply."""
    year = str(min(first + KNOWN_AFTER, last))
    both = ((f"{supply}-dear", DEAR), (f"{supply}-cheap", CHEAP))
    return {
        FUTURES: [{"future": name, "from_year": year, "probability": "0.5", "source": EXAMPLE} for name, _ in both],
        VALUES: [
            {"future": name, "table": "prices", "name": supply, "item": "energy", "factor": factor, "source": EXAMPLE}
            for name, factor in both
        ],
    }


def add_futures(folder: Path, example: str) -> list[Path]:
    """Write example futures into the folder of a park, unless it has some; gives the files."""
    if (folder / f"{FUTURES}.csv").exists():
        return []
    own = variant_folder(example, FUTURES)
    if own is not None:
        return add_variant(folder, own)
    settings = tomllib.loads((folder / "park.toml").read_text(encoding="utf-8"))
    with (folder / "prices.csv").open(encoding="utf-8-sig", newline="") as file:
        supply = next((row["supply"] for row in csv.DictReader(file) if row.get("item") == "energy"), "")
    for name, rows in example_futures(supply, settings["first_year"], settings["last_year"]).items():
        (folder / f"{name}.csv").write_text(table_text(name, rows), encoding="utf-8")
    return [folder / f"{name}.csv" for name in COLUMNS]


def table_text(name: str, rows: list[Row]) -> str:
    """The rows as CSV."""
    lines = [",".join(COLUMNS[name]), *(",".join(row.get(column, "") for column in COLUMNS[name]) for row in rows)]
    return "\n".join(lines) + "\n"


def tariff_rows(name: str, supply: str, currency: str, year: int) -> tuple[list[Row], list[Row]]:
    """(rows of prices.csv, rows of tariff.csv) of a tariff of the catalogue, in money of a currency and year.

    Raises CaseError where there is none of that name.
    """
    folder = data_folder() / "catalogue"
    with (folder / "tariffs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = list(dict.fromkeys(row["tariff"] for row in rows))
    if name not in names:
        near = get_close_matches(name, names, 1)
        hint = Message("did you mean {near}?", near=repr(near[0])) if near else Message("there are {names}", names=", ".join(names))
        raise CaseError.because("--tariff {name}: is none of the catalogue; {hint}", name=name, hint=hint)
    money, prices, hours = read_money(folder, Complaints()), list[Row](), list[Row]()
    for row in rows:
        if row["tariff"] != name:
            continue
        if row["factor"]:
            own = {key: row[key] for key in ("item", "months", "days", "hours", "factor")}
            hours.append({"supply": supply, **own})
            continue
        given, found = row["unit"][:3], PRICE_YEAR.search(row["note"])
        factor = money.factor(given, int(found[1]) if found else year, currency, year)
        value = f"{float(row['value']) * factor.value:.6g}"
        source = "; ".join(part for part in (f"tariff {name}: {row['source']}", row["note"]) if part)
        unit = row["unit"].replace(given, currency)
        prices.append({"supply": supply, "item": row["item"], "year": str(year), "value": value, "unit": unit, "source": source})
    return prices, hours
