"""Hourly flows of a plan, held year by year and compressed until they are written or asked for.

As one table they take half a gigabyte of a park with twenty years, and a run has four plans; so held they take a tenth of that.

The moments at which snapshots begin: what other tools join the hourly flows by.
"""

from __future__ import annotations

from calendar import isleap
from collections import UserDict
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from planner.tables.flows import DispatchFlow

#: Compresses best of the codecs that cost no time worth mentioning.
CODEC = "zstd"
#: Columns of text of a flow, in the order in which a flow's key has them.
TEXTS = "flow", "name", "zone", "carrier", "unit"


class Dispatch:
    """Flows of all years.

    weight  hours that each snapshot stands for
    """

    def __init__(self, weight: np.ndarray) -> None:
        self.weight = weight
        #: Of each year: flow, name, zone, carrier, unit of every flow; and the values of all of them, one flow after the other.
        self.keys: dict[int, list[tuple[str, ...]]] = {}
        self.packed: dict[int, bytes] = {}
        #: Of each column of text the code of each text, and the texts in that order; of the years that are known.
        self._kinds: dict[int, tuple[dict[str, int], pd.CategoricalDtype]] = {}

    def add(self, y: int, flows: Sequence[DispatchFlow]) -> None:
        """The flows of one more year."""
        self._kinds.clear()
        self.keys[y] = [(f.flow, f.name, f.zone, f.carrier, f.unit) for f in flows]
        values = np.concatenate([np.zeros(0), *(f.values for f in flows)])
        self.packed[y] = pa.compress(values.tobytes(), codec=CODEC, asbytes=True)

    def table(self, years: Sequence[int] | None = None) -> pd.DataFrame:
        """Every flow of these years, else of all, hour by hour below each other; texts are codes of the same texts in any year."""
        hours, own = len(self.weight), list(self.keys) if years is None else list(years)
        count = sum(len(self.keys[y]) for y in own)
        codes = {column: self._repeated(number, own) for number, column in enumerate(TEXTS)}
        columns = {
            "year": np.repeat(np.array(own, dtype=np.int16), [hours * len(self.keys[y]) for y in own]),
            "hour": np.tile(np.arange(hours, dtype=np.int32), count),
            "weight": np.tile(self.weight, count),
            **{column: codes[column] for column in TEXTS[:-1]},
            "value": np.concatenate([np.zeros(0), *(self._values(y) for y in own)]),
            "unit": codes["unit"],
        }
        return pd.DataFrame(columns, copy=False)

    def _values(self, y: int) -> np.ndarray:
        size = 8 * len(self.weight) * len(self.keys[y])
        return np.frombuffer(pa.decompress(self.packed[y], decompressed_size=size, codec=CODEC, asbytes=True))

    def _repeated(self, number: int, years: Sequence[int]) -> pd.Categorical:
        """A column of text: the part of each key at this place, in every hour."""
        if number not in self._kinds:
            texts = dict.fromkeys(key[number] for keys in self.keys.values() for key in keys)
            self._kinds[number] = {text: code for code, text in enumerate(texts)}, pd.CategoricalDtype(list(texts))
        kinds, kind = self._kinds[number]
        codes = np.array([kinds[key[number]] for y in years for key in self.keys[y]], dtype=np.min_scalar_type(-1 - len(kinds)))
        return pd.Categorical.from_codes(np.repeat(codes, len(self.weight)), dtype=kind)


class Tables(UserDict[str, pd.DataFrame]):
    """Tables of a plan by name. That of the hours is made whenever it is asked for, and that of a year alone can be had."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], dispatch: Dispatch) -> None:
        super().__init__(tables)
        self.data["dispatch"] = dispatch  # asked for, it is a table

    def __getitem__(self, name: str) -> pd.DataFrame:
        found = super().__getitem__(name)
        return found.table() if isinstance(found, Dispatch) else found

    def dispatch_of(self, y: int) -> pd.DataFrame:
        """The hours of a year."""
        found = self.data["dispatch"]
        return found.table([y]) if isinstance(found, Dispatch) else found[found["year"] == y]


#: Hours before 29 February, a day that the model does not have.
BEFORE_LEAP_DAY = 59 * 24


def timestamps(years: np.ndarray, hours: np.ndarray, drawn: np.ndarray | None = None) -> np.ndarray:
    """When each snapshot begins, in the park's time all year round; a leap year has no 29 February.

    years   calendar year of each row   (rows,)
    hours   snapshot of each row, from 0   (rows,)
    drawn   day of the year, from 0, that each typical day was; None: snapshots are hours of the year   (days,)
    """
    found = np.empty(len(years), dtype="datetime64[s]")
    for year in np.unique(years):
        own = years == year
        hour = hours[own].astype(np.int64)
        if drawn is not None:
            hour = drawn[hour // 24] * 24 + hour % 24
        if isleap(int(year)):
            hour = hour + 24 * (hour >= BEFORE_LEAP_DAY)
        found[own] = np.datetime64(f"{year:04d}-01-01T00", "s") + hour * np.timedelta64(3600, "s")
    return found
