"""The order of rows: that in which somebody typed them decides nothing.

The last digits of sums, ties and the way of the search depend on the order of rows and columns of a matrix. So the rows of every
table stand in one order, whatever order they have in the files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from models.case import TABLES
from models.case.base import Row
from models.case.demand import Saving


def in_order(tables: Mapping[str, Sequence[Row]]) -> dict[str, tuple[Row, ...]]:
    """The rows of each table by what they name, then by year, then by all that they say.

    Measures stay as they stand where one adds to a demand, since that is reckoned in the order of the rows.
    """
    is_ranked = any(row.adds for row in tables["savings"] if isinstance(row, Saving))
    return {table: tuple(rows) if is_ranked and table == "measures" else _sorted(table, rows) for table, rows in tables.items()}


def _sorted(table: str, rows: Sequence[Row]) -> tuple[Row, ...]:
    names = TABLES[table].key
    return tuple(sorted(rows, key=lambda row: _key(row, names)))


def _key(row: Row, names: tuple[str, ...]) -> tuple[object, ...]:
    """What a row is sorted by: names and year as such, the rest as text."""
    year = getattr(row, "year", None)
    first = tuple(str(getattr(row, name)) for name in names)
    return (first, -1 if year is None else year, repr(row.model_dump(exclude={"origin"})))


def series_in_order(series: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The profiles by name."""
    return {name: series[name] for name in sorted(series)}
