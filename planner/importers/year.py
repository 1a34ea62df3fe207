"""One year of the park's calendar, 365 days on which weekdays follow `first_weekday`, and what a meter says of it."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from models.errors import CaseError
from planner.answer.loads import quiet_days
from planner.importers.profile import HOURS, WEEKDAYS, Profile, ProfilePeak, Recognised, Told, demand_row, tell_recognised
from planner.importers.quantities import QuantityUnit
from planner.importers.series import MINUTE, Series, faults_of
from planner.language.language import mark
from planner.language.message import Message

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
            words = mark("The file holds the years {years}; {year} is taken, others with --year.")
            told.say(words, years=", ".join(str(y) for y in years), year=years[-1])
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
    words = mark("The profile starts on a {day}: first_weekday = {number} in park.toml.")
    told.say(words, day=Message(WEEKDAYS[first_weekday]), number=first_weekday)
    if first_weekday != chosen.first_weekday:
        words = mark("The year of the file starts on a {day}; each day was moved by a few dates so that weekdays keep in step.")
        told.say(words, day=Message(WEEKDAYS[chosen.first_weekday]))
    if len(chosen.series.values) > DAYS * chosen.series.per_day:
        told.say(mark("It is a leap year: its days keep their order and weekdays, and one is left out at the end of the year."))


def hourly(values: np.ndarray, step: int) -> np.ndarray:
    """Means of hours."""
    return values.reshape(-1, 60 // step).mean(axis=1)


# --- a meter's profile -----------------------------------------------------------------------------------------------------
# A year of a meter's power as a profile: its energy, its peaks, its quiet days, and what is odd about it.


def measured(
    name: str, chosen: Chosen, series: Series, unit: QuantityUnit, read: Recognised, first: int, told: Told, multiplier: float = 1.0
) -> Profile:
    """The profile of a year of power [MW] without holes, on a calendar that starts on weekday `first`, and what is told of it."""
    power = on_calendar(series.values, series.start, series.per_day, first)
    values = hourly(power, series.step)
    energy = float(series.values.mean()) * HOURS
    metered = float(series.values.sum()) * series.step / 60
    tell_calendar(chosen, first, told)
    told.say(mark("Energy of {label}: {energy} MWh."), label=chosen.label, energy=f"{metered:,.1f}")
    if len(series.values) > DAYS * series.per_day:
        told.say(mark("A year of 8,760 hours has {energy} MWh of it."), energy=f"{energy:,.1f}")
    tell_recognised(read, values, told)
    peaks = _peaks(series) if series.step < 60 else ()
    carrier = {"steam": "steam", "gas": "gas"}.get(unit.content, "electricity")
    row = demand_row(name, carrier, chosen.year, energy)
    _tell_zeros(series, told)
    quiet = _tell_quiet_days(series, told)
    facts: dict[str, object] = {
        "of": chosen.label,
        "metered_mwh": round(metered, 3),
        "energy_mwh": round(energy, 3),
        "minutes": series.step,
        **({"multiplier": multiplier} if multiplier != 1 else {}),
        "highest_mw": round(float(values.max()), 6),
        "mean_mw": round(float(values.mean()), 6),
        "lowest_mw": round(float(values.min()), 6),
        "quiet_days": quiet,
        **read.facts(values),
    }
    return Profile(name, values, "MW", told, first, facts, row, peaks)


def produced(name: str, chosen: Chosen, series: Series, plant: float, read: Recognised, first: int, told: Told) -> Profile:
    r"""The availability of a plant of `plant` MW, of what it made in a year [MW].

    .. math:: a_t = P_t / C

    P  output  MW (t)    C  capacity of the plant, of whichever side its row of technologies.csv counts  MW
    """
    values = hourly(on_calendar(series.values, series.start, series.per_day, first), series.step) / plant
    tell_calendar(chosen, first, told)
    full, highest = float(values.mean()) * HOURS, float(values.max())
    words = mark("Availability of {label}: {hours} full load hours, highest hour {highest} of the capacity.")
    told.say(words, label=chosen.label, hours=f"{full:,.0f}", highest=highest)
    if highest > 1.0:
        told.warn(mark("More than the capacity of the plant was made in an hour; is the capacity right?"))
    facts: dict[str, object] = {
        "of": chosen.label,
        "minutes": series.step,
        "full_load_hours": round(full, 1),
        "highest": round(highest, 6),
        "read_unit": read.unit,
    }
    return Profile(name, values, "1", told, first, facts)


def _tell_zeros(series: Series, told: Told) -> None:
    """A meter that tells 0 for days, or one value again and again, may have been out of order."""
    same = np.concatenate([[False], np.diff(series.values) == 0])
    edges = np.flatnonzero(np.diff(np.concatenate([[0], same.astype(int), [0]])))
    runs = [(b - a + 1, a - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    if not runs:
        return
    length, at = max(runs)
    hours = length * series.step / 60
    if 24 <= hours < 8000:
        words = mark("The same value, {value} MW, stands for {hours} h from {time}; was the meter out of order?")
        told.warn(words, value=float(series.values[at]), hours=f"{hours:g}", time=series.time(int(at)))


def _peaks(series: Series) -> tuple[ProfilePeak, ...]:
    """The months' highest means of an interval and of an hour."""
    index = pd.date_range(series.start, periods=len(series.values), freq=f"{series.step}min")
    by_interval = pd.Series(series.values, index).groupby(index.month).max()
    hours = pd.Series(hourly(series.values, series.step), index[:: 60 // series.step])
    by_hour = hours.groupby(hours.index.month).max()
    return tuple(ProfilePeak(int(m), float(by_interval[m]), float(by_hour[m])) for m in by_interval.index)


def _tell_quiet_days(series: Series, told: Told) -> list[str]:
    """Working days on which little is used, as text, and told."""
    days = series.values.reshape(-1, series.per_day).sum(axis=1)
    texts = quiet_days(days, pd.date_range(series.start, periods=len(days), freq="D"))
    if texts:
        told.say(mark("Working days with little use, such as holidays: {days}."), days=", ".join(texts))
    return texts
