"""One year of the park's calendar: 365 days from 1 January, on which weekdays follow `first_weekday`."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from models.errors import CaseError
from planner.language.language import mark
from planner.language.message import Message
from planner.profiles.gaps import faults_of
from planner.profiles.series import MINUTE, Series
from planner.profiles.told import WEEKDAYS, Told, Word

DAYS = 365


@dataclass(frozen=True)
class Chosen:
    """A year's worth of whole days out of a series.

    series         from the first to the last of its 365 or 366 days
    label          `2024`, or `2023-07-01 to 2024-06-30`
    year           the calendar year that holds most of it
    first_weekday  weekday of its own 1 January, 0 = Monday
    """

    series: Series
    label: str
    year: int
    first_weekday: int


def choose_year(series: Series, wanted: int | None, longest: float, file: str, told: Told) -> Chosen:
    """The year asked for, else the latest calendar year without long gaps, else the latest 365 days without.

    Raises CaseError that says what is missing.
    """
    first, last = _days(series)
    if wanted is not None:
        part = _part(series, date(wanted, 1, 1), date(wanted, 12, 31))
        if faults := faults_of(part, longest, f"{file}, {wanted}"):
            raise CaseError(faults)
        return _calendar_year(part, wanted)
    years = [y for y in range(first.year, last.year + 1) if not faults_of(_of_year(series, y), longest, file)]
    if years:
        if len(years) > 1:
            told.say(
                mark("The file holds the years {years}; {year} is taken, others with --year."),
                years=", ".join(str(y) for y in years),
                year=years[-1],
            )
        return _calendar_year(_of_year(series, years[-1]), years[-1])
    found = _rolling(series, longest, file)
    if found is not None:
        told.say(mark("No calendar year is whole; the twelve months {span} are taken, each day at its date."), span=found.label)
        return found
    raise CaseError(_lacking(series, longest, file))


def _lacking(series: Series, longest: float, file: str) -> list[str]:
    """What a series without a whole year lacks: days at its ends, else what is missing of its fullest year, else of its last 365
    days."""
    first, last = _days(series)
    if (last - first).days + 1 < DAYS:
        hold = Message("{file}: holds {first} to {last}; a year of 365 days is needed", file=file, first=first, last=last)
        return [hold, *faults_of(_fullest(series, range(first.year, last.year + 1)), longest, file)]
    whole = [y for y in range(first.year, last.year + 1) if first <= date(y, 1, 1) and date(y, 12, 31) <= last]
    part = _fullest(series, whole) if whole else _part(series, last - timedelta(days=DAYS - 1), last)
    return faults_of(part, longest, file)


def _fullest(series: Series, years: Iterable[int]) -> Series:
    """The year of which the most is known."""
    return max((_of_year(series, y) for y in years), key=lambda part: int((~np.isnan(part.values)).sum()))


def _days(series: Series) -> tuple[date, date]:
    end = series.start + (len(series.values) - 1) * series.step * MINUTE
    return series.start.astype("datetime64[D]").item(), end.astype("datetime64[D]").item()


def _part(series: Series, first: date, last: date) -> Series:
    """The days from first to last; what the series has not is NaN."""
    start = np.datetime64(first, "s")
    count = ((last - first).days + 1) * series.per_day
    shift = int((start - series.start) / (series.step * MINUTE))
    values = np.full(count, np.nan)
    low, high = max(0, -shift), min(count, len(series.values) - shift)
    if high > low:
        values[low:high] = series.values[low + shift : high + shift]
    known = tuple((a - shift, b - shift, e) for a, b, e in series.known if a - shift >= 0 and b - shift <= count)
    return Series(start, series.step, values, known)


def _of_year(series: Series, year: int) -> Series:
    return _part(series, date(year, 1, 1), date(year, 12, 31))


def _calendar_year(part: Series, year: int) -> Chosen:
    return Chosen(part, str(year), year, date(year, 1, 1).weekday())


def _rolling(series: Series, longest: float, file: str) -> Chosen | None:
    first, last = _days(series)
    ends = [last.toordinal() - back for back in range(3)]
    for end in ends:
        begin = end - DAYS + 1
        if begin < first.toordinal() - 1:
            continue
        part = _part(series, date.fromordinal(begin), date.fromordinal(end))
        if not faults_of(part, longest, file):
            start, stop = date.fromordinal(begin), date.fromordinal(end)
            year = start.year if (date(start.year, 12, 31) - start).days >= DAYS / 2 else stop.year
            return Chosen(part, f"{start} to {stop}", year, date(year, 1, 1).weekday())
    return None


def on_calendar(values: np.ndarray, start: np.datetime64, per_day: int, first_weekday: int) -> np.ndarray:
    """The values of days that begin at `start` on the park's calendar: (365 * per_day,).

    Each day of the calendar is the nearest day, by date around the year, that has its weekday: a year whose days already
    begin on `first_weekday` stays as it is, a leap year loses a day at its end and not in February, so that no weekend
    moves.
    """
    days = values.reshape(-1, per_day)
    ordinals = start.astype("datetime64[D]").astype(int) + np.arange(len(days))
    dates = [date.fromordinal(int(o) + 719163) for o in ordinals]
    place = np.array([_day_of_year(d) for d in dates])
    weekday = np.array([d.weekday() for d in dates])
    chosen = np.empty(DAYS, dtype=int)
    for day in range(DAYS):
        away = np.abs(place - day)
        away = np.minimum(away, DAYS - away + 0.1)  # of two as near, the one of the same end of the year
        away[weekday != (first_weekday + day) % 7] = np.inf
        chosen[day] = int(away.argmin())
    return days[chosen].reshape(-1)


def _day_of_year(day: date) -> float:
    """Days since 1 January of a year without a leap day; 29 February lies between its neighbours."""
    number = day.timetuple().tm_yday - 1
    if isleap(day.year) and number >= 59:
        return 58.5 if number == 59 else number - 1.0
    return float(number)


def tell_calendar(chosen: Chosen, first_weekday: int, told: Told) -> None:
    """Say on which weekday the profile starts, and what that did to its days."""
    told.say(
        mark("The profile starts on a {day}: first_weekday = {number} in park.toml."),
        day=Word(WEEKDAYS[first_weekday]),
        number=first_weekday,
    )
    if first_weekday != chosen.first_weekday:
        told.say(
            mark("The year of the file starts on a {day}; each day was moved by a few dates so that weekdays keep in step."),
            day=Word(WEEKDAYS[chosen.first_weekday]),
        )
    if len(chosen.series.values) > DAYS * chosen.series.per_day:
        told.say(mark("It is a leap year: its days keep their order and weekdays, and one is left out at the end of the year."))


def hourly(values: np.ndarray, step: int) -> np.ndarray:
    """Means of hours."""
    return values.reshape(-1, 60 // step).mean(axis=1)
