"""Example futures for a new park: those of the example that it was made from, else two that differ in one price."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

from planner.parks.new import data_folder
from planner.templates.blank import EXAMPLE, Row
from planner.templates.columns import OF_FUTURES as COLUMNS

#: The tables of futures.
FUTURES, VALUES = "futures", "future_values"
#: Hours of the park, and of other years of weather.
PROFILES = "profiles.csv"
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
    own = data_folder() / "futures" / example
    if (own / f"{FUTURES}.csv").is_file():
        texts = {name: (own / f"{name}.csv").read_text(encoding="utf-8") for name in COLUMNS}
        if (own / PROFILES).is_file():
            add_columns(folder / PROFILES, own / PROFILES)
    else:
        settings = tomllib.loads((folder / "park.toml").read_text(encoding="utf-8"))
        with (folder / "prices.csv").open(encoding="utf-8-sig", newline="") as file:
            supply = next((row["supply"] for row in csv.DictReader(file) if row.get("item") == "energy"), "")
        texts = {
            name: table_text(name, rows)
            for name, rows in example_futures(supply, settings["first_year"], settings["last_year"]).items()
        }
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return [folder / f"{name}.csv" for name in texts]


def add_columns(profiles: Path, others: Path) -> None:
    """Add the columns of other years to the hours of a park."""
    lines, more = (path.read_text(encoding="utf-8").splitlines() for path in (profiles, others))
    joined = [f"{own},{other.split(',', 1)[1]}" for own, other in zip(lines, more, strict=True)]
    profiles.write_text("\n".join(joined) + "\n", encoding="utf-8")


def table_text(name: str, rows: list[Row]) -> str:
    """The rows as CSV."""
    lines = [",".join(COLUMNS[name]), *(",".join(row.get(column, "") for column in COLUMNS[name]) for row in rows)]
    return "\n".join(lines) + "\n"
