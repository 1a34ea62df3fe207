"""What a plan orders, starts, plants and retires, from the tables of its output: one list of all, a row a decision."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

#: What is done.
BUILD, ADOPT, PLANT, RETIRE = "build", "adopt", "plant", "retire"
#: What is done -> its table, and the columns there of what it is done to, of how much (none: 1) and of what is paid.
_TABLES = {
    BUILD: ("investments", "technology", "build", "capital_cost"),
    ADOPT: ("measures", "measure", "", "capital_cost"),
    PLANT: ("restoration", "project", "value", ""),
    RETIRE: ("retirements", "technology", "retired", ""),
}
COLUMNS = ("action", "name", "year", "value", "unit", "money", "signed", "ordered")


def decisions_of(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """A row a decision: action, name, year, value (1 of a measure), unit, money (capital that is paid), signed (True where the
    park had signed it), ordered (of what is retired the year of its order; 0: it stood before)."""
    parts = []
    for action, (table, name, value, money) in _TABLES.items():
        rows = tables.get(table)
        if rows is None or rows.empty:
            continue
        if action == PLANT:
            rows = rows[(rows["item"] == "planted") & (rows["value"] > 0)]
        own = {
            "action": action,
            "name": rows[name].astype(str),
            "year": rows["year"].astype(int),
            "value": rows[value].astype(float) if value else 1.0,
            "unit": rows.get("unit", "1"),
            "money": rows[money].astype(float) if money else _paid(tables, rows) if action == PLANT else 0.0,
            "signed": rows["committed"] != 0 if action == BUILD else False,
            "ordered": rows["ordered"].astype(int) if action == RETIRE else 0,
        }
        parts.append(pd.DataFrame(own, index=rows.index))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))


def _paid(tables: Mapping[str, pd.DataFrame], planted: pd.DataFrame) -> list[float]:
    """What is paid for each planting (money)."""
    costs = tables["costs"]
    own = costs[costs["item"] == "restoration"].groupby(["name", "year"])["value"].sum().to_dict()
    return [float(own.get(key, 0.0)) for key in zip(planted["project"], planted["year"], strict=True)]
