"""A park whose supply has no price yet, read for the command that gives it one."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from models.case import Case
from planner.park import read_case
from planner.park.complaints import Complaints
from planner.park.settings import read_toml
from planner.profiles.rows import put_rows, table_of

PRICES, KEY, ENDINGS = "prices.csv", ("supply", "item"), (".csv", ".toml")


def read_unpriced(park: Path, supply: str) -> Case:
    """The case, read as if an energy price of 0 stood for the supply where prices.csv has none. Raises CaseError for all else that
    is wrong with it."""
    _, rows = table_of(park / PRICES)
    names = {row.get("supply") for row in table_of(park / "supplies.csv")[1]}
    if supply not in names or any((row.get("supply"), row.get("item")) == (supply, "energy") for row in rows):
        return read_case(park)
    settings = read_toml(park / "park.toml", Complaints())
    currency = settings.keys.get("currency", "") if settings else ""
    with TemporaryDirectory() as folder:
        there = Path(folder) / park.resolve().name
        there.mkdir()
        for path in park.iterdir():
            if path.suffix in ENDINGS and path.is_file():
                shutil.copy(path, there / path.name)
        row = {"supply": supply, "item": "energy", "value": 0, "unit": f"{currency}/MWh"}
        put_rows(there / PRICES, KEY, [row], replace=True)
        return read_case(there)
