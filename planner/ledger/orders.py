"""Lines of a table as named tuples; orders and retirements as the tables list them, and what stood before.

A plan has dozens of short tables, and each call of pandas' `itertuples` makes a class anew.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pandas as pd

from planner.ledger.figures import Figures, LedgerAsset

#: Stands in `ordered` for what stood before the horizon.
STOOD = 0


class Builds:
    """What a plan orders and retires: capacity by (asset, year of order), and by (asset, year of order, year).

    ordered is what was decided and what was signed before, `committed`.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        built, retired = tables["investments"], tables["retirements"]
        orders = [(bool(r.committed), (r.technology, int(r.year)), float(r.build)) for r in lines(built)]
        self.decided = {order: size for committed, order, size in orders if not committed}
        self.committed = {order: size for committed, order, size in orders if committed}
        self.ordered: dict[tuple[str, int], float] = dict(self.decided)
        for order, size in self.committed.items():
            self.ordered[order] = self.ordered.get(order, 0.0) + size
        self.retired: dict[tuple[str, int, int], float] = {
            (r.technology, int(r.ordered), int(r.year)): r.retired for r in lines(retired)
        }


def works(figures: Figures, asset: LedgerAsset, ordered: int) -> range:
    """The years in which an order works, those after the horizon too."""
    first = ordered + asset.lead_time
    return range(first, first + int(figures.lifetime(asset) + 1e-9))


def existing(figures: Figures, asset: LedgerAsset) -> dict[int, float]:
    """What stood before, in the years in which it works, had nothing of it been retired."""
    until = getattr(asset.row, "existing_until", None) or figures.years[-1]
    return {y: size for y, size in figures.limit(asset, "existing").items() if y <= until and size}


def lines(table: pd.DataFrame) -> Iterator[Any]:
    """Every line, its cells under the names of the columns; numbers are those of Python."""
    if table.empty:
        return iter(())
    return map(_kind(tuple(table.columns))._make, table.to_numpy(object).tolist())


@cache
def _kind(columns: tuple[str, ...]) -> Any:
    return namedtuple("Line", columns, rename=True)
