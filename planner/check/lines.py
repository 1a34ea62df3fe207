"""Lines of a table as named tuples. A plan has dozens of short tables, and each call of pandas' `itertuples` makes a class anew."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator
from functools import cache
from typing import Any

import pandas as pd


def lines(table: pd.DataFrame) -> Iterator[Any]:
    """Every line, its cells under the names of the columns; numbers are those of Python."""
    if table.empty:
        return iter(())
    kind = _kind(tuple(table.columns))
    return map(kind._make, zip(*(table[column].tolist() for column in table.columns), strict=True))


@cache
def _kind(columns: tuple[str, ...]) -> Any:
    return namedtuple("Line", columns, rename=True)
