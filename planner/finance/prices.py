"""Prices: what a person would change in the statements, as a price of a unit: of a MWh bought, of a MW ordered."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from planner.finance.pieces import Key, Tables
from planner.finance.statements import Statements
from planner.plan import TARGET


@dataclass(frozen=True)
class KeyPrice:
    """What a key stands for: money paid for a unit, on average of the year (below 0: received); 1 without a unit where its amount
    is not known."""

    key: Key
    value: float
    unit: str


def prices(statements: Statements) -> list[KeyPrice]:
    """The price of every key that something in the statements follows, by item, name and year."""
    keys = {p.key for own in statements.pieces.values() for p in own} | {p.key for p in statements.levelised.parts}
    plans = [statements.plans[TARGET], *(plan for name, plan in statements.plans.items() if name != TARGET)]
    known = [(_money(plan), _amounts(plan)) for plan in plans]
    found = []
    for key in sorted(key for key in keys if key is not None):
        priced = ((money[key] / amounts[key][0], amounts[key][1]) for money, amounts in known if money.get(key) and key in amounts)
        value, unit = next(priced, (1.0, ""))
        found.append(KeyPrice(key, value, f"{statements.currency}/{unit}" if unit else ""))
    return found


def _money(plan: Tables) -> dict[Key, float]:
    return {(r.item, r.name, int(r.year)): float(r.value) for r in plan["costs"].itertuples(index=False)}


def _amounts(plan: Tables) -> dict[Key, tuple[float, str]]:
    """Quantity and unit that the cost item of a key is paid for; nothing where the quantity is 0."""
    found: dict[Key, tuple[float, str]] = {}

    def add(item: str, rows: pd.DataFrame, name: str, amount: str = "value") -> None:
        for r in rows.to_dict("records"):
            key = item, str(r[name]), int(r["year"])
            found[key] = found.get(key, (0.0, ""))[0] + float(r[amount]), str(r["unit"])

    energy, planted = plan["energy"], plan["restoration"]
    add("energy", energy[energy["flow"] == "import"], "name")
    add("export", energy[energy["flow"] == "export"], "name")
    add("capital", plan["investments"], "technology", "build")
    add("restoration", planted[planted["item"] == "planted"], "project")
    add("certificates", plan["certificates"], "certificate")
    add("offsets", plan["offsets"], "offset")
    return {key: each for key, each in found.items() if each[0] > 1e-9}
