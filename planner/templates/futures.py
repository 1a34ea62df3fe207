"""Example futures for a new park whose example has none of its own: two that differ in one price."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

from planner.templates.blank import EXAMPLE, Row
from planner.templates.columns import OF_FUTURES as COLUMNS
from planner.templates.variants import FUTURES, add_variant, variant_folder

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
