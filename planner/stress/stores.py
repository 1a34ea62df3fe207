r"""What a store earns: the decisions of a plan operated as planned and with the store standing still.

.. math::
    s_{i,y} = q_{i,y}(\hat{x} - E_k) - q_{i,y}(\hat{x}), \qquad \text{kept} = \sigma\, s, \quad \text{passed} = (1 - \sigma)\, s

Capacity that is contracted is chosen anew in both. Of a reserve it earns no money: its firm MW stand there, and what would be short
without them.

s  saved  money (i,y)   q  least cost of operating the year, its item i  money   x̂  decisions   E  capacity of store k  MWh (k,y)
σ  saving_share of its owner, 1 where it shares nothing   1
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from models.case import Case
from models.errors import CaseError
from models.inputs import Inputs, resolve
from models.metrics import OF_RULES
from planner.language.language import Language
from planner.language.words import STREAMS, told_years
from planner.stress.leaf import keep_orders
from planner.stress.moving import NOISE, SHARES, STREAM_OF
from planner.stress.operated import NOTHING, OperatedYear, operates
from planner.tables.output import Tables
from planner.tables.schema import TABLES


@dataclass(frozen=True)
class Owner:
    """Who a store is of, and the share of what it earns that it keeps."""

    name: str
    keeps: float


def stores_table(case: Case, base: float, tables: Tables, done: Callable[[int], None]) -> pd.DataFrame | None:
    """stores.csv of the plan of these tables; None where its decisions cannot be kept.

    Raises CaseError where the plan has no store.
    """
    inputs = resolve(case, case.goal, base, None)
    stands = tables["capacity"]
    stands = stands[stands["technology"].isin(inputs.storage.stores) & (stands["capacity"] > NOTHING)]
    if stands.empty:
        raise CaseError.because("--stores: the plan has no store")
    kept = keep_orders(inputs, tables)
    if kept.cost is None:
        return None
    owners, operated = _owners(case), operates(inputs, holds_contracts=False)
    required = tables["reserves"]
    rows: list[tuple] = []
    for y in inputs.years:
        mine = stands[stands["year"] == y]
        if mine.empty:
            continue
        planned = operated.year(kept.model, tables, y)
        for name, capacity in zip(mine["technology"], mine["capacity"], strict=True):
            idle = operated.year(kept.model, tables, y, str(name))
            rows += _rows(y, str(name), owners[str(name)], planned, idle, case.park.currency)
            rows += _firm(y, str(name), owners[str(name)], inputs, float(capacity), required)
        done(y)
    return pd.DataFrame(rows, columns=list(TABLES["stores"].names))


def _owners(case: Case) -> dict[str, Owner]:
    terms = case.park.finance.owners if case.park.finance else {}
    shares = {name: own.saving_share for name, own in terms.items()}
    return {t.technology: Owner(t.owner, 1.0 if (s := shares.get(t.owner)) is None else s) for t in case.technologies}


def _rows(y: int, name: str, owner: Owner, planned: OperatedYear, idle: OperatedYear, currency: str) -> Iterator[tuple]:
    sums: dict[str, list[float]] = {}
    for item, of in dict.fromkeys([*planned.terms, *idle.terms]):
        own = sums.setdefault(STREAM_OF.get(item, "other"), [0.0, 0.0])
        own[0] += planned.terms.get((item, of), 0.0)
        own[1] += idle.terms.get((item, of), 0.0)
    for stream, (now, then) in sums.items():
        if abs(then - now) > NOISE:
            saved = then - now
            yield y, name, owner.name, stream, "cost", now, then, saved, owner.keeps * saved, (1 - owner.keeps) * saved, currency
    for metric in SHARES:
        top, below = OF_RULES[metric].ratio
        if all(year.figures.get(below, 0.0) > NOTHING and top in year.figures for year in (planned, idle)):
            now, then = (year.figures[top] / year.figures[below] for year in (planned, idle))
            if abs(now - then) > NOTHING:
                yield y, name, owner.name, "share", metric, now, then, now - then, None, None, "1"
    now, then = (sum(u.energy for u in year.unserved.values()) for year in (planned, idle))
    if max(now, then) > NOTHING:
        yield y, name, owner.name, "short", "unserved", now, then, then - now, None, None, "MWh"
    for key in dict.fromkeys([*planned.missed, *idle.missed]):
        stage, metric, _ = key
        now, then = planned.missed.get(key, 0.0), idle.missed.get(key, 0.0)
        yield y, name, owner.name, "short", f"{stage} {metric}", now, then, then - now, None, None, OF_RULES[metric].amount


def _firm(y: int, name: str, owner: Owner, inputs: Inputs, capacity: float, required: pd.DataFrame) -> Iterator[tuple]:
    """What it counts in each reserve (MW): firm with it and without, and what would be short without."""
    for (carrier, zone), firm in inputs.at(y).reserves.firm.items():
        own = firm.get(name, 0.0) * capacity
        said = required[(required["year"] == y) & (required["carrier"] == carrier) & (required["zone"] == zone)]
        items = dict(zip(said["item"], said["value"], strict=True))
        if own <= NOTHING or "firm" not in items:
            continue
        place, now = f"{carrier} {zone}", float(items["firm"])
        yield y, name, owner.name, "reserve", place, now, now - own, own, None, None, "MW"
        needs = float(items["required"])
        short = max(needs - now, 0.0), max(needs - now + own, 0.0)
        if short[1] > NOTHING:
            yield y, name, owner.name, "short", f"reserve {place}", *short, short[1] - short[0], None, None, "MW"


def earned_by_stream(table: pd.DataFrame, currency: str, language: Language) -> Iterator[str]:
    """What is said of the table: of each store what it earns in all years by stream, who gets it, and what would be short."""
    say = language.translate
    for name, own in table.groupby("technology", sort=False):
        paid = own[own["unit"] == currency]
        by = paid.groupby("stream")["saved"].sum().to_dict()
        parts = [
            say("{name} {amount}", name=say(words), amount=language.money(by[stream], currency))
            for stream, words in STREAMS.items()
            if abs(by.get(stream, 0.0)) > NOISE
        ]
        values = {
            "name": name,
            "money": language.money(sum(by.values()), currency),
            "years": told_years(language, own["year"].nunique()),
        }
        head = say("{name} earns {money} in {years}, not discounted", **values)
        yield say("{what}: {words}", what=head, words=say("; ").join(parts)) if parts else head
        passed = float(paid["passed"].sum())
        if abs(passed) > NOISE:
            values = {"owner": own["owner"].iloc[0], "kept": language.money(float(paid["kept"].sum()), currency)}
            yield say("of that {owner} keeps {kept}, and {passed} is the park's", **values, passed=language.money(passed, currency))
        firm = own[own["stream"] == "reserve"]
        for place, mw in firm.groupby("item", sort=False):
            yield say(
                "{name} is {power} MW of the reserve of {place}, which pays nothing by itself",
                name=name,
                power=language.amount(float(mw["saved"].max())),
                place=place,
            )
        short = own[(own["stream"] == "short") & (own["saved"] > NOTHING)]
        for (item, unit), rows in short.groupby(["item", "unit"], sort=False):
            worst = rows.loc[rows["saved"].idxmax()]
            values = {
                "name": name,
                "what": item,
                "unit": unit,
                "years": told_years(language, len(rows)),
                "year": int(worst["year"]),
            }
            amount = language.amount(float(worst["saved"]))
            yield say("without {name} {what} is short in {years}, most in {year}: {amount} {unit}", **values, amount=amount)
