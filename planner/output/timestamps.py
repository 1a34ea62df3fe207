"""The moments at which snapshots begin: what other tools join the hourly flows by."""

from __future__ import annotations

from calendar import isleap

import numpy as np

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
