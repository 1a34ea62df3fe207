"""Time: the hours that a year is operated over, their weights, and which days they stand for.

A real park's year is 8,760 hours from midnight of 1 January, with no leap day. A stylised profile is any other
whole number of days: its rows are the first days of January and stand for the whole year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from models.dot import dot

HOURS_OF_YEAR = 8760
DAYS_OF_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True)
class TypicalDays:
    """Days chosen to stand for the year.

    of_day    typical day that stands for each calendar day   (365,)
    drawn     calendar day that each typical day was           (days,)
    profiles  values on the typical days, by profile          (days * 24,)
    added     calendar days, from 0, that repairs of a plan added
    is_raised  True if demand is higher in some hours than the case states, which repairs do
    """

    of_day: np.ndarray
    drawn: np.ndarray
    profiles: Mapping[str, np.ndarray]
    added: tuple[int, ...] = ()
    is_raised: bool = False

    @property
    def count(self) -> int:
        """How many typical days there are."""
        return int(self.of_day.max()) + 1


@dataclass(frozen=True)
class Calendar:
    """The snapshots of a year; all arrays are over snapshots.

    weight    hours of the year that the snapshot stands for; sums to 8760
    before    the snapshot before it: in its own typical day, or in the chain of all hours
    billing   (how often paid, its snapshots) of each billing month
    of_day    typical day of each calendar day; empty where every hour stands for itself
    """

    weight: np.ndarray
    before: np.ndarray
    billing: tuple[tuple[int, tuple[int, ...]], ...]
    of_day: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=int))

    @property
    def snapshots(self) -> range:
        """Index of the snapshots."""
        return range(len(self.weight))

    @property
    def has_typical_days(self) -> bool:
        """True if days stand for others."""
        return len(self.of_day) > 0

    def total(self, powers: np.ndarray) -> float:
        """Energy of the year of a series of powers."""
        return dot(self.weight, powers)


def months_of_hours(hours: int) -> np.ndarray:
    """Month (1 to 12) of each of the first `hours` hours of the year."""
    of_day = np.repeat(np.arange(1, 13), DAYS_OF_MONTH)
    return np.repeat(of_day, 24)[:hours]


def make_calendar(hours: int, days: TypicalDays | None = None) -> Calendar:
    """The calendar of a profile of `hours` rows, on typical days if they are given."""
    if days is not None:
        return _calendar_of_days(days)
    chain = np.roll(np.arange(hours), 1)
    weight = np.full(hours, HOURS_OF_YEAR / hours)
    if hours != HOURS_OF_YEAR:
        return Calendar(weight, chain, ((12, tuple(range(hours))),))
    months = months_of_hours(hours)
    billing = tuple((1, tuple(np.flatnonzero(months == m).tolist())) for m in range(1, 13))
    return Calendar(weight, chain, billing)


def _calendar_of_days(days: TypicalDays) -> Calendar:
    stands_for = np.bincount(days.of_day, minlength=days.count).astype(float)
    index = np.arange(days.count * 24)
    before = np.where(index % 24 == 0, index + 23, index - 1)
    month = months_of_hours(HOURS_OF_YEAR)[::24]
    billing = []
    for m in range(1, 13):
        used = np.unique(days.of_day[month == m])
        billing.append((1, tuple(int(d) * 24 + h for d in used for h in range(24))))
    return Calendar(np.repeat(stands_for, 24), before, tuple(billing), days.of_day)


def on_snapshots(hourly: np.ndarray, days: TypicalDays | None) -> np.ndarray:
    """An hourly series that follows the calendar (a tariff) on the snapshots: the mean of the days they stand for."""
    if days is None:
        return hourly
    by_day = hourly.reshape(-1, 24)
    return np.concatenate([by_day[days.of_day == d].mean(axis=0) for d in range(days.count)])
