"""One year of the park's calendar, 365 days on which weekdays follow `first_weekday`, and what a meter says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from models.errors import CaseError
from planner.answer.loads import quiet_days
from planner.importers.profile import HOURS, WEEKDAYS, Profile, ProfilePeak, Recognised, Told, demand_row
from planner.importers.quantities import QuantityUnit
from planner.importers.series import MINUTE, Series, faults_of
from planner.language.language import mark
from planner.language.message import Message

DAYS = 365


@dataclass(frozen=True)
class Chosen:
    """A year's worth of whole days out of a series.

    series  from the first to the last of its 365 or 366 days
    label   `2024`, or `2023-07-01 to 2024-06-30`
    year    the calendar year that holds most of it
    """

    series: Series
    label: str
    year: int

    @property
    def first_weekday(self) -> int:
        """Weekday of the 1 January of its year, 0 = Monday."""
        return date(self.year, 1, 1).weekday()


def choose_year(series: Series, wanted: int | None, longest: float, file: str, told: Told) -> Chosen:
    """The year asked for, else the latest calendar year without long gaps, else the latest 365 days without.

    Raises CaseError that says what is missing: days at its ends, else holes of the fullest year, else of the last 365 days.
    """
    if wanted is not None:
        part = _of_year(series, wanted)
        if faults := faults_of(part, longest, f"{file}, {wanted}"):
            raise CaseError(faults)
        return Chosen(part, str(wanted), wanted)
    first, last = (t.astype("datetime64[D]").item() for t in (series.start, series.end - MINUTE))
    parts = {year: _of_year(series, year) for year in range(first.year, last.year + 1)}
    years = [year for year, part in parts.items() if not faults_of(part, longest, file)]
    if years:
        if len(years) > 1:
            words = mark("The file holds the years {years}; {year} is taken, others with --year.")
            told.say(words, years=", ".join(map(str, years)), year=years[-1])
        return Chosen(parts[years[-1]], str(years[-1]), years[-1])
    ends = [last - timedelta(days=back) for back in range(3)]
    rolling = [(end - timedelta(days=DAYS - 1), end) for end in ends if end - timedelta(days=DAYS - 2) >= first]
    for start, stop in rolling:
        part = _part(series, start, stop)
        if not faults_of(part, longest, file):
            label = f"{start} to {stop}"
            told.say(mark("No calendar year is whole; the twelve months {span} are taken, each day at its date."), span=label)
            return Chosen(part, label, (start + timedelta(days=DAYS // 2 + 1)).year)
    is_short = (last - first).days + 1 < DAYS
    whole = {y: part for y, part in parts.items() if is_short or (first <= date(y, 1, 1) and date(y, 12, 31) <= last)}
    fullest = max(whole.values(), key=lambda part: int((~np.isnan(part.values)).sum())) if whole else _part(series, *rolling[0])
    hold = Message("{file}: holds {first} to {last}; a year of 365 days is needed", file=file, first=first, last=last)
    raise CaseError([*([hold] if is_short else []), *faults_of(fullest, longest, file)])


def _of_year(series: Series, year: int) -> Series:
    return _part(series, date(year, 1, 1), date(year, 12, 31))


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


def on_calendar(values: np.ndarray, start: np.datetime64, per_day: int, first_weekday: int) -> np.ndarray:
    """The values of days that begin at `start` on the park's calendar: (365 * per_day,).

    Each day of the calendar is the nearest day, by date around the year, that has its weekday: a year whose days already
    begin on `first_weekday` stays as it is, a leap year loses a day at its end and not in February, so that no weekend
    moves.
    """
    days = values.reshape(-1, per_day)
    dates = pd.date_range(start.astype("datetime64[D]"), periods=len(days), unit="s")
    # Days since 1 January of a year without a leap day; 29 February lies between its neighbours.
    number, is_late = dates.dayofyear.to_numpy() - 1.0, dates.is_leap_year
    place = np.where(is_late & (number == 59), 58.5, number - (is_late & (number > 59)))
    chosen = np.empty(DAYS, dtype=int)
    for day in range(DAYS):
        away = np.abs(place - day)
        away = np.minimum(away, DAYS - away + 0.1)  # of two as near, the one of the same end of the year
        away[dates.weekday.to_numpy() != (first_weekday + day) % 7] = np.inf
        chosen[day] = int(away.argmin())
    return days[chosen].reshape(-1)


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
    values = hourly(on_calendar(series.values, series.start, series.per_day, first), series.step)
    energy = float(series.values.mean()) * HOURS
    metered = float(series.values.sum()) * series.step / 60
    tell_calendar(chosen, first, told)
    told.say(mark("Energy of {label}: {energy} MWh."), label=chosen.label, energy=f"{metered:,.1f}")
    if len(series.values) > DAYS * series.per_day:
        told.say(mark("A year of 8,760 hours has {energy} MWh of it."), energy=f"{energy:,.1f}")
    read.tell(values, told)
    index = pd.date_range(series.start, periods=len(series.values), freq=f"{series.step}min")
    power = pd.Series(series.values, index)
    highest = pd.DataFrame({"interval": power, "hour": power.resample("h").mean().reindex(index)}).groupby(index.month).max()
    peaks = tuple(ProfilePeak(int(str(m)), *row) for m, row in zip(highest.index, highest.to_numpy().tolist(), strict=True))
    _tell_standing(power, series, told)
    days = power.to_numpy().reshape(-1, series.per_day).sum(axis=1)
    quiet = quiet_days(days, pd.date_range(series.start, periods=len(days), freq="D"))
    if quiet:
        told.say(mark("Working days with little use, such as holidays: {days}."), days=", ".join(quiet))
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
    carrier = unit.content or "electricity"
    return Profile(
        name, values, "MW", told, first, facts, demand_row(name, carrier, chosen.year, energy), peaks if series.step < 60 else ()
    )


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
    facts: dict[str, object] = {"of": chosen.label, "minutes": series.step, "full_load_hours": round(full, 1)}
    return Profile(name, values, "1", told, first, facts | {"highest": round(highest, 6), "read_unit": read.unit})


def _tell_standing(power: pd.Series, series: Series, told: Told) -> None:
    """A meter that tells 0 for days, or one value again and again, may have been out of order."""
    runs = power.groupby((power.diff() != 0).cumsum().to_numpy()).agg(["size", "first"])
    runs["at"] = runs["size"].cumsum() - runs["size"]
    size, value, at = runs.loc[runs["size"].idxmax()].tolist()
    hours = size * series.step / 60
    if 24 <= hours < 8000:
        words = mark("The same value, {value} MW, stands for {hours} h from {time}; was the meter out of order?")
        told.warn(words, value=float(value), hours=f"{hours:g}", time=series.time(int(at)))
