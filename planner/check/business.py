"""Business as usual: what stood is ordered again as its life ends, and nothing else is ordered or retired."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import pandas as pd

from models.case import Technology
from planner.check.capacity import Builds, existing, may_order, works
from planner.check.compare import Book
from planner.check.figures import Asset, Figures
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
    """Year and size of each order, by the life of what stood and of the orders before."""
    stood, row = existing(figures, asset), asset.row
    size = max(row.existing, row.min_build)
    if isinstance(row, Technology) and row.unit_size:
        size = row.unit_size * math.ceil(size / row.unit_size - 1e-9)
    limits = (row.max_capacity, row.max_build if isinstance(row, Technology) else None)
    offered = [] if 0 in limits else [v for v in figures.years if may_order(figures, asset, v, BUSINESS)]
    ends = max(stood, default=math.inf)
    while later := [v for v in offered if works(figures, asset, v).start > ends]:
        yield later[0], size
        ends = works(figures, asset, later[0]).stop - 1
