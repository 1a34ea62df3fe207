"""Hours: what each snapshot of a year stands for, read from the profiles or the table of typical days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from models.case import Case, Price, TariffRow

HOURS_OF_YEAR = 8760.0
DAYS_OF_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True)
class LedgerMonth:
    """A billing month: its label in connections.csv, how often it is paid, and its snapshots."""

    label: str
    times: int
    snapshots: np.ndarray


@dataclass(frozen=True)
class LedgerHours:
    """The snapshots of a year.

    weight    hours of the year that each stands for                                        (t)
    before    the snapshot before each, in its own day or in the year                       (t)
    of_day    typical day of each calendar day; empty where every hour stands for itself    (365,)
    months    billing months
    profiles  availabilities and shapes                                                     name -> (t)
    columns   column of profiles.csv that a profile has in the year, where it is another one   name -> name
    """

    weight: np.ndarray
    before: np.ndarray
    of_day: np.ndarray
    months: tuple[LedgerMonth, ...]
    profiles: Mapping[str, np.ndarray]
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many snapshots there are."""
        return len(self.weight)

    @property
    def is_year(self) -> bool:
        """True if the snapshots stand for a whole year, not for days of it."""
        return bool(np.isclose(self.weight.sum(), HOURS_OF_YEAR))

    def profile(self, name: str) -> np.ndarray:
        """A profile on the snapshots; flat where none is named."""
        return self.profiles[self.columns.get(name, name)] if name else np.ones(self.count)

    def total(self, powers: np.ndarray) -> float:
        """What a series of powers comes to in the year."""
        return float(powers @ self.weight)

    def by_month(self, powers: np.ndarray) -> dict[str, float]:
        """What a series of powers comes to in each month, of the calendar days that the typical days stand for."""
        if len(self.of_day):
            month, days = np.repeat(np.arange(1, 13), DAYS_OF_MONTH), powers.reshape(-1, 24).sum(axis=1)
            return {str(m): float((days * np.bincount(self.of_day[month == m], minlength=len(days))).sum()) for m in range(1, 13)}
        return {m.label: float((powers * self.weight)[m.snapshots].sum()) for m in self.months}

    def on_snapshots(self, hourly: np.ndarray) -> np.ndarray:
        """A series of every hour on the snapshots: the mean of the days that each typical day stands for."""
        if not len(self.of_day):
            return hourly
        days = pd.DataFrame(hourly.reshape(-1, 24)).groupby(self.of_day).mean()
        return days.to_numpy().ravel()


def column_of(case: Case, profile: str, y: int) -> str:
    """The column of profiles.csv that a profile has in a year: that of the last row of profile_years.csv that has begun."""
    column = profile
    for row in sorted(case.profile_years, key=lambda row: row.year):
        if row.profile == profile and row.year <= y:
            column = row.column
    return column


def hours_in(hours: LedgerHours, case: Case, y: int) -> LedgerHours:
    """The snapshots with the columns of a year."""
    return replace(hours, columns={row.profile: column_of(case, row.profile, y) for row in case.profile_years})


def hours_of(case: Case, tables: Mapping[str, pd.DataFrame]) -> LedgerHours:
    """The snapshots of a plan, on the typical days that its tables name, else of every hour of the profiles."""
    days = tables.get("typical_days")
    if days is not None and len(days):
        of_day = days.sort_values("day")["typical_day"].to_numpy()
        profiles = tables["profiles"].pivot_table(index="hour", columns="profile", values="value").sort_index()
        return _typical(of_day, {name: profiles[name].to_numpy() for name in profiles})
    weight, chain = np.full(case.hours, HOURS_OF_YEAR / case.hours), np.roll(np.arange(case.hours), 1)
    if case.hours != HOURS_OF_YEAR:
        months: tuple[LedgerMonth, ...] = (LedgerMonth("all", 12, np.arange(case.hours)),)
    else:
        month = _months(case.hours)
        months = tuple(LedgerMonth(str(m), 1, np.flatnonzero(month == m)) for m in range(1, 13))
    return LedgerHours(weight, chain, np.zeros(0, dtype=int), months, case.profiles)


def _typical(of_day: np.ndarray, profiles: Mapping[str, np.ndarray]) -> LedgerHours:
    count = int(of_day.max()) + 1
    index = np.arange(24 * count).reshape(count, 24)
    month = np.repeat(np.arange(1, 13), DAYS_OF_MONTH)
    months = tuple(LedgerMonth(str(m), 1, index[np.unique(of_day[month == m])].ravel()) for m in range(1, 13))
    weight = np.repeat(np.bincount(of_day, minlength=count).astype(float), 24)
    return LedgerHours(weight, np.roll(index, 1, axis=1).ravel(), of_day, months, profiles)


def _months(hours: int) -> np.ndarray:
    return np.repeat(np.arange(1, 13), 24 * np.array(DAYS_OF_MONTH))[:hours]


def price_shape(case: Case, supply: str, item: str, hours: LedgerHours) -> np.ndarray:
    """What tariff and profile multiply a price by, on the snapshots: the first row that fits an hour, 1 where none does."""
    clock = np.arange(case.hours)
    is_weekend = (clock // 24 + case.park.first_weekday) % 7 >= 5
    found = np.ones(case.hours)
    own = [r for r in case.tariff if (r.supply, r.item) == (supply, item)]
    for row in reversed(own):  # the first row has the last word
        found[_fits(row, clock, is_weekend)] = row.factor
    for name in {p.profile for p in case.prices if (p.supply, p.item) == (supply, item) and p.profile}:
        found = found * case.profiles[hours.columns.get(name, name)]
    return hours.on_snapshots(found)


def in_period(case: Case, row: Price, hours: LedgerHours) -> list[np.ndarray]:
    """The snapshots of each billing month that are in the period of a charge: of a typical day the hours that are so on some
    calendar day of the month for which it stands."""
    if not row.period:
        return [month.snapshots for month in hours.months]
    clock = np.arange(case.hours)
    within = _fits(row, clock, (clock // 24 + case.park.first_weekday) % 7 >= 5)
    if not len(hours.of_day):
        return [month.snapshots[within[month.snapshots]] for month in hours.months]
    days, of_month = np.nonzero(within.reshape(-1, 24)), np.repeat(np.arange(1, 13), DAYS_OF_MONTH)
    snapshots, month = 24 * hours.of_day[days[0]] + days[1], of_month[days[0]]
    return [np.unique(snapshots[month == m]) for m in range(1, 13)]


def _fits(row: TariffRow | Price, clock: np.ndarray, is_weekend: np.ndarray) -> np.ndarray:
    fits = _within(row.months, _months(len(clock)), 12) & _within(row.hours, clock % 24, 24)
    if row.days in ("weekday", "weekend"):
        fits &= is_weekend == (row.days == "weekend")
    return fits


def _within(text: str, values: np.ndarray, around: int) -> np.ndarray:
    """True where a value lies in one of the ranges, `8-11;17-21`, ends included; a range may wrap around."""
    fits = np.zeros(len(values), dtype=bool)
    for part in text.split(";") if text.strip() else ():
        first, _, last = part.partition("-")
        start, end = int(first), int(last or first)
        fits |= (values - start) % around <= (end - start) % around
    return fits if text.strip() else np.ones(len(values), dtype=bool)
