"""Which hours are shown: a week of summer, one of winter, and the scarcest one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

DAY, WEEK = 24, 7
#: First day of the week of summer and of winter, counted from 1 January as 0: 15 July and 15 January.
SUMMER, WINTER = 195, 14


@dataclass(frozen=True)
class DrawnWeek:
    """Hours one after the other. `kind` is summer, winter, scarcest or all.

    snapshots   of the table of dispatch
    days        calendar days from 0 that they are of; empty where the profiles are no calendar
    """

    kind: str
    snapshots: tuple[int, ...]
    days: tuple[int, ...]

    def day_names(self) -> list[str]:
        """Month and day of each of its days, e.g. 07-15; a number where there is no calendar."""
        if not self.days:
            return [str(i + 1) for i in range(len(self.snapshots) // DAY)]
        return [(date(2025, 1, 1) + timedelta(days=d)).strftime("%m-%d") for d in self.days]


def weeks_of(typical: Sequence[int], flows: pd.DataFrame) -> list[DrawnWeek]:
    """The weeks that are shown of a year's dispatch.

    typical is the typical day of each calendar day, empty where every hour was planned. A stylised profile of no more
    than a week is shown whole.
    """
    count = int(flows["hour"].max()) + 1 if len(flows) else 0
    of_day = list(typical) if len(typical) else list(range(count // DAY))
    if not of_day:
        return []
    has_calendar = len(of_day) == 365
    if len(of_day) <= WEEK:
        return [_week("all", 0, of_day, False)]
    worst = _scarcest(of_day, flows)
    chosen = [("summer", SUMMER), ("winter", WINTER)] if has_calendar else []
    found = [_week(kind, first, of_day, True) for kind, first in chosen]
    return [*found, _week("scarcest", worst - WEEK // 2, of_day, has_calendar)]


def _week(kind: str, first: int, of_day: Sequence[int], has_calendar: bool) -> DrawnWeek:
    first = min(max(first, 0), max(len(of_day) - WEEK, 0))
    days = range(first, min(first + WEEK, len(of_day)))
    return DrawnWeek(kind, tuple(of_day[d] * DAY + h for d in days for h in range(DAY)), tuple(days) if has_calendar else ())


def _scarcest(of_day: Sequence[int], flows: pd.DataFrame) -> int:
    """The day on which the use of electricity is furthest above what sun, wind and water could give."""
    rows = flows[flows["carrier"] == "electricity"]
    free = set(rows[rows["flow"] == "curtailed"]["name"])
    use = rows[rows["flow"].isin(["demand", "in"])].groupby("hour")["value"].sum()
    given = rows[rows["flow"].isin(["out", "curtailed"]) & rows["name"].isin(free)].groupby("hour")["value"].sum()
    hours = np.zeros((max(of_day) + 1) * DAY)
    for sign, sums in ((1, use), (-1, given)):
        hours[sums.index.to_numpy()] += sign * sums.to_numpy()
    daily = hours.reshape(-1, DAY).sum(axis=1)
    return int(np.argmax([daily[d] for d in of_day]))
