"""What changed against an earlier plan, and why in money: orders, and terms of the system cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from planner.language.language import Language
from planner.language.words import COSTS, named
from planner.plan import Plan
from planner.tables.output import Tables
from planner.tables.schema import TABLES

ORDER, COST = "order", "cost"
#: Sizes and shares of the cost below which nothing changed.
SAME_SIZE, SAME_COST = 1e-3, 1e-6
#: Changes that are named.
NAMED = 6


def changes_table(old: Tables, new: Plan, held: Plan, year: int) -> pd.DataFrame:
    """changes.csv: orders from a year on, by year; terms of the cost where the earlier plan can be kept, the largest first."""
    rows = [*_orders(orders_of(old), orders_of(new.tables), year)]
    if held.has_tables:
        rows += sorted(_costs(held.tables, new.tables), key=lambda row: -abs(row[6]))
    table = pd.DataFrame(rows, columns=list(TABLES["changes"].names))
    return table.astype({"year": "Int64"})


def orders_of(tables: Tables) -> dict[tuple[str, str, int, str], float]:
    """(action, name, year, unit) -> what is done of it."""
    found: dict[tuple[str, str, int, str], float] = {}
    for r in tables["investments"].itertuples():
        key = "build", str(r.technology), int(r.year), str(r.unit)
        found[key] = found.get(key, 0.0) + float(r.build)
    for r in tables["measures"].itertuples():
        found["adopt", str(r.measure), int(r.year), "1"] = 1.0
    for r in tables["restoration"].itertuples():
        if r.item == "planted" and r.value > 0:
            found["plant", str(r.project), int(r.year), str(r.unit)] = float(r.value)
    for r in tables["retirements"].itertuples():
        key = "retire", str(r.technology), int(r.year), str(r.unit)
        found[key] = found.get(key, 0.0) + float(r.retired)
    return found


Row = tuple[str, str, str, int | None, float, float, float, str]


def _orders(old: Mapping, new: Mapping, year: int) -> Iterator[Row]:
    for key in sorted({*old, *new}, key=lambda k: (k[2], k[0], k[1])):
        action, name, v, unit = key
        before, now = old.get(key, 0.0), new.get(key, 0.0)
        if v >= year and abs(now - before) > SAME_SIZE:
            yield ORDER, action, name, v, before, now, now - before, unit


def _costs(held: Tables, new: Tables) -> Iterator[Row]:
    terms = [t["system_cost"].groupby(["item", "name"], sort=False)["value"].sum() for t in (held, new)]
    unit = str(new["system_cost"]["unit"].iloc[0]) if len(new["system_cost"]) else ""
    whole = max(float(t.abs().sum()) for t in terms)
    for item, name in dict.fromkeys([*terms[0].index, *terms[1].index]):
        before, now = (float(t.get((item, name), 0.0)) for t in terms)
        if abs(now - before) > SAME_COST * whole:
            yield COST, str(item), str(name), None, before, now, now - before, unit


def told_changes(language: Language, table: pd.DataFrame, currency: str) -> list[str]:
    """The orders that moved and the terms that changed most, a line each."""
    say = language.translate
    actions = {"build": say("build"), "adopt": say("adopt"), "plant": say("plant"), "retire": say("retire")}
    lines = []
    orders = table[table["what"] == ORDER]
    for r in orders.head(NAMED).itertuples():
        sizes = {"before": language.amount(r.before), "now": language.amount(r.now), "unit": "" if r.unit == "1" else f" {r.unit}"}
        words = {"year": r.year, "action": actions[r.item], "name": r.name, **sizes}
        lines.append(say("{year}: {action} {name}: {before} becomes {now}{unit}", **words))
    if len(orders) > NAMED:
        lines.append(say("and {count} more", count=len(orders) - NAMED))
    for r in table[table["what"] == COST].head(NAMED).itertuples():
        change = language.money(abs(r.change), currency)
        words = {"item": named(language, COSTS, r.item), "name": r.name, "change": change}
        more, less = say("{item}, {name}: {change} more", **words), say("{item}, {name}: {change} less", **words)
        lines.append(more if r.change > 0 else less)
    return lines
