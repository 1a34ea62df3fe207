"""Business as usual: what stood is ordered again as its life ends, and nothing else is ordered or retired."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import pandas as pd

from models.case import Technology
from planner.ledger.capacity import may_order
from planner.ledger.compare import Book
from planner.ledger.figures import Figures, LedgerAsset
from planner.ledger.orders import Builds, existing, works
from planner.ledger.vehicles import charged_at_once, charged_rows
from planner.plan import BUSINESS


def check_as_usual(book: Book, figures: Figures, tables: Mapping[str, pd.DataFrame]) -> None:
    """Every order is the renewal of what stood, of its size and in its year, and none is missing; nothing is retired early."""
    builds = Builds(tables)
    wanted = {(a.name, v): size for a in figures.assets.values() for v, size in _renewals(figures, a)}
    for k, v in dict.fromkeys([*builds.decided, *wanted]):
        book.equal("renewal of what stood", v, k, builds.decided.get((k, v), 0.0), wanted.get((k, v), 0.0))
    for (k, _, y), size in builds.retired.items():
        book.equal("retirement in business as usual", y, k, size, 0.0)


def _renewals(figures: Figures, asset: LedgerAsset) -> Iterator[tuple[int, float]]:
    """Year and size of each order: whatever comes to an end is ordered again in the first year that serves, the rest later."""
    stood, spacing = existing(figures, asset), asset.of_orders("order_spacing")
    years = sorted(stood)
    ending = {y - 1: stood[y - 1] - stood[y] for y in years[1:] if stood[y - 1] > stood[y]}
    ending |= {years[-1]: stood[years[-1]]} if years else {}
    orders = {c.year: c.build for c in figures.case.committed if c.technology == asset.name}
    last = -math.inf
    for v in (v for v in figures.years if _is_offered(figures, asset, v)):
        span = works(figures, asset, v)
        due = math.fsum(size for y, size in ending.items() if y < span.start)
        wanted = max(due, _short(figures, asset, span, stood, orders))
        size = _sold(asset, wanted, _most(figures, asset, v, stood, orders)) if v - last >= spacing else 0.0
        if size <= 0:
            continue
        yield v, size
        last, orders[v] = v, orders.get(v, 0.0) + size
        ending = {y: left for y, left in ending.items() if y >= span.start}
        if size < due:
            ending[span.start - 1] = due - size
        ending[span.stop - 1] = ending.get(span.stop - 1, 0.0) + size


def _short(figures: Figures, asset: LedgerAsset, span: range, stood: Mapping[int, float], orders: Mapping[int, float]) -> float:
    """What chargers lack to charge each vehicle as it arrives, in the years until the next order may work; 0 of all else."""
    rows = [row for row in charged_rows(figures.case) if row.chargers.chargers == asset.name]
    if asset.kind is None or asset.kind.role != "charger" or not rows:
        return 0.0
    short, highest = 0.0, 0.0
    for y in (y for y in span if y in figures.years and y < span.start + max(int(asset.of_orders("order_spacing")), 1)):
        drawn = float(sum(charged_at_once(figures, y, row) for row in rows).max())  # type: ignore[union-attr]
        stands = stood.get(y, 0.0) + math.fsum(size for w, size in orders.items() if y in works(figures, asset, w))
        short, highest = max(short, drawn - stands), max(highest, drawn)
    return short if short > 1e-9 * highest else 0.0


def _is_offered(figures: Figures, asset: LedgerAsset, v: int) -> bool:
    near = [c for c in figures.case.committed if c.technology == asset.name and abs(v - c.year) < asset.of_orders("order_spacing")]
    return not near and may_order(figures, asset, v, BUSINESS)


def _most(figures: Figures, asset: LedgerAsset, v: int, stood: Mapping[int, float], orders: Mapping[int, float]) -> float:
    """Most that may be ordered in a year: by max_build, the site, and max_capacity beside what stands in the years in which it
    works."""
    row, most = asset.row, figures.limit(asset, "max_build").get(v, math.inf)
    if isinstance(row, Technology) and row.site and row.area:
        most = min(most, *(site.area / row.area for site in figures.case.sites if site.site == row.site))
    for y in set(works(figures, asset, v)) & set(figures.years):
        stands = math.fsum(size for w, size in orders.items() if y in works(figures, asset, w))
        most = min(most, figures.limit(asset, "max_capacity").get(y, math.inf) - stood.get(y, 0.0) - stands)
    return most


def _sold(asset: LedgerAsset, due: float, most: float) -> float:
    """At least the least order, in whole units, no more than that; 0 where that cannot be, or nothing is due."""
    least, unit = asset.of_orders("min_build"), asset.of_orders("unit_size")
    size = max(due, least)
    if unit:
        size = unit * math.ceil(size / unit - 1e-9)
    if size > most * (1 + 1e-9):
        size = unit * math.floor(most / unit + 1e-9) if unit else most
    return size if due > 0 and size >= max(least * (1 - 1e-9), 1e-9 * due) else 0.0
