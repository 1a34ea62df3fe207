"""Business as usual: what stood is ordered again as its life ends, and nothing else is ordered or retired."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import pandas as pd

from planner.check.capacity import may_order
from planner.check.compare import Book
from planner.check.figures import Asset, Figures
from planner.check.orders import Builds, existing, works
from planner.plan import BUSINESS


def check_as_usual(book: Book, figures: Figures, tables: Mapping[str, pd.DataFrame]) -> None:
    """Every order is the renewal of what stood, of its size and in its year, and none is missing; nothing is retired early."""
    builds = Builds(tables)
    wanted = {(a.name, v): size for a in figures.assets.values() for v, size in _renewals(figures, a)}
    for k, v in dict.fromkeys([*builds.decided, *wanted]):
        book.equal("renewal of what stood", v, k, builds.decided.get((k, v), 0.0), wanted.get((k, v), 0.0))
    for (k, _, y), size in builds.retired.items():
        book.equal("retirement in business as usual", y, k, size, 0.0)


def _renewals(figures: Figures, asset: Asset) -> Iterator[tuple[int, float]]:
    """Year and size of each order: whatever comes to an end is ordered again in the first year that serves."""
    stood, spacing = existing(figures, asset), asset.of_orders("order_spacing")
    years = sorted(stood)
    ending = {y - 1: stood[y - 1] - stood[y] for y in years[1:] if stood[y - 1] > stood[y]}
    ending |= {years[-1]: stood[years[-1]]} if years else {}
    offered = [v for v in figures.years if _is_offered(figures, asset, v)]
    last = -math.inf
    while ending:
        ends = min(ending)
        size = ending.pop(ends)
        later = [v for v in offered if works(figures, asset, v).start > ends and v - last >= spacing]
        if later:
            last = later[0]
            joined = [y for y in ending if works(figures, asset, last).start > y]
            size = _sold(asset, size + math.fsum(ending.pop(y) for y in joined))
            yield last, size
            end = works(figures, asset, last).stop - 1
            ending[end] = ending.get(end, 0.0) + size


def _is_offered(figures: Figures, asset: Asset, v: int) -> bool:
    if 0 in (figures.limit(asset, item).get(v) for item in ("max_build", "max_capacity")):
        return False
    near = [c for c in figures.case.committed if c.technology == asset.name and abs(v - c.year) < asset.of_orders("order_spacing")]
    return not near and may_order(figures, asset, v, BUSINESS)


def _sold(asset: Asset, size: float) -> float:
    """At least the least order, in whole units."""
    size, unit = max(size, asset.of_orders("min_build")), asset.of_orders("unit_size")
    return unit * math.ceil(size / unit - 1e-9) if unit else size
