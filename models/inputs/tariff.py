"""Hours that rows of months, days and hours tell of: those in which a price is multiplied, and the periods of charges."""

from __future__ import annotations

import numpy as np

from models.case import Case, Price, TariffRow
from models.inputs.calendar import HOURS_OF_YEAR, TypicalDays, months_of_hours


def in_billing_months(case: Case, price: Price, days: TypicalDays | None) -> np.ndarray:
    """Whether each snapshot is in the period of a charge, in each billing month (months, snapshots).

    An hour of a typical day is in it in a month where it is on some calendar day of that month that the day stands for. Of a
    stylised profile all hours are in the one month.
    """
    hours = case.hours
    within, month = fits(case, price), months_of_hours(hours)
    if days is None:
        return within[None, :] if hours != HOURS_OF_YEAR else np.array([within & (month == m) for m in range(1, 13)])
    found = np.zeros((12, days.count, 24), dtype=bool)
    for day, of in enumerate(days.of_day.tolist()):
        found[month[24 * day] - 1, of] |= within[24 * day : 24 * day + 24]
    return found.reshape(12, -1)


def hourly_factor(case: Case, supply: str, item: str) -> np.ndarray:
    """Factor of every hour of the profiles; the first matching row wins, 1 where none matches."""
    found, open_hours = np.ones(case.hours), np.ones(case.hours, dtype=bool)
    for row in case.tariff:
        if (row.supply, row.item) != (supply, item):
            continue
        matches = open_hours & fits(case, row)
        found[matches] = row.factor
        open_hours &= ~matches
    return found


def fits(case: Case, row: TariffRow | Price) -> np.ndarray:
    """Whether each hour of the profiles is in the months, on the days and in the hours of a row."""
    hours = np.arange(case.hours)
    weekend = (hours // 24 + case.park.first_weekday) % 7 >= 5
    month, hour = np.isin(months_of_hours(case.hours), sorted(ranges(row.months, 1, 12))), sorted(ranges(row.hours, 0, 23))
    return month & np.isin(hours % 24, hour) & _on_days(row, weekend)


def _on_days(row: TariffRow | Price, weekend: np.ndarray) -> np.ndarray:
    if row.days == "weekday":
        return ~weekend
    return weekend if row.days == "weekend" else np.ones_like(weekend)


def ranges(text: str, first: int, last: int) -> set[int]:
    """Numbers of a list of ranges, `8-11;17-21`; inclusive, wrapping (`22-5`); empty means all.

    Raises ValueError where the text is no such list or leaves first … last.
    """
    if not text.strip():
        return set(range(first, last + 1))
    found: set[int] = set()
    for part in text.split(";"):
        ends = [int(n) for n in part.split("-")]
        start, end = ends[0], ends[-1]
        if len(ends) > 2 or not (first <= start <= last and first <= end <= last):
            raise ValueError(f"{part!r} is no range within {first}-{last}")
        whole = range(start, end + 1) if start <= end else (*range(start, last + 1), *range(first, end + 1))
        found.update(whole)
    return found
