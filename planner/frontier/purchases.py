"""What may be bought: supplies, certificates and credits, each with its price; a park that pays another one, or does without."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import pandas as pd

from models.case import Case, Certificate, Offset
from models.inputs.finance import over_years
from planner.finance.pieces import CERTIFICATE, CREDIT, SUPPLY

#: Kinds of what is bought, and the items of costs.csv that are paid for it in proportion to its price.
ITEMS = {SUPPLY: ("energy", "contract", "shortfall"), CERTIFICATE: ("certificates",), CREDIT: ("offsets",)}
Bought = TypeVar("Bought", Certificate, Offset)


def prices_of(case: Case) -> dict[tuple[str, str], tuple[float, str]]:
    """(kind, name) -> price in the first year in which it may be bought, and its unit; what costs nothing is left out."""
    years = tuple(range(case.park.first_year, case.park.last_year + 1))
    currency = case.park.currency
    found = {}
    for supply in case.supplies:
        when = [y for y in years if supply.is_offered(y)]
        rows = [p for p in case.prices if (p.supply, p.item) == (supply.supply, "energy")]
        if supply.can_import and when and rows:
            found[SUPPLY, supply.supply] = over_years([(p.year, p.value) for p in rows], when)[when[0]], rows[0].unit
    for kind, key, table, unit in (
        (CERTIFICATE, "certificate", case.certificates, f"{currency}/MWh"),
        (CREDIT, "offset", case.offsets, f"{currency}/t"),
    ):
        for name in dict.fromkeys(getattr(row, key) for row in table):
            points = [(row.year, row.price) for row in table if getattr(row, key) == name]
            found[kind, name] = over_years(points, years)[years[0]], unit
    return {who: price for who, price in found.items() if price[0] > 0}


def bought(costs: pd.DataFrame) -> set[tuple[str, str]]:
    """(kind, name) of what a plan pays for, of costs.csv."""
    paid = costs.groupby(["item", "name"])["value"].apply(lambda money: money.abs().max())
    return {(kind, str(name)) for kind, items in ITEMS.items() for (item, name), most in paid.items() if item in items and most > 0}


def with_price(case: Case, kind: str, name: str, factor: float) -> Case:
    """The case with what is bought at its price times a factor; tariffs and profiles of a price stay."""

    def dearer(rows: Iterable[Bought], key: str) -> tuple[Bought, ...]:
        return tuple(r.model_copy(update={"price": r.price * factor}) if getattr(r, key) == name else r for r in rows)

    if kind == CERTIFICATE:
        return case.model_copy(update={"certificates": dearer(case.certificates, "certificate")})
    if kind == CREDIT:
        return case.model_copy(update={"offsets": dearer(case.offsets, "offset")})
    changed = tuple(
        p.model_copy(update={"value": p.value * factor}) if (p.supply, p.item) == (name, "energy") else p for p in case.prices
    )
    return case.model_copy(update={"prices": changed})


def without_purchase(case: Case, kind: str, name: str) -> Case:
    """The case without a certificate or a credit."""
    if kind == CERTIFICATE:
        return case.model_copy(update={"certificates": tuple(c for c in case.certificates if c.certificate != name)})
    return case.model_copy(update={"offsets": tuple(o for o in case.offsets if o.offset != name)})
