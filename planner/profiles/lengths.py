"""Lists of values without times: what their number means."""

from __future__ import annotations

from calendar import isleap
from datetime import date

import numpy as np

from models.errors import CaseError
from planner.language.language import mark
from planner.language.message import Message
from planner.profiles.series import BILLS
from planner.profiles.told import Told, Word

#: Number of values -> (what they are, minutes of each, whether of a leap year).
YEARS = {
    8760: (mark("hours of a year"), 60, False),
    8784: (mark("hours of a leap year"), 60, True),
    17520: (mark("half hours of a year"), 30, False),
    17568: (mark("half hours of a leap year"), 30, True),
    35040: (mark("quarter hours of a year"), 15, False),
    35136: (mark("quarter hours of a leap year"), 15, True),
}
#: Number of values -> what they are: amounts that say nothing of the hours.
AMOUNTS = {
    365: Message("days of a year"),
    366: Message("days of a leap year"),
    52: Message("weeks of a year"),
    53: Message("weeks of a year"),
    12: Message("months of a year"),
    4: Message("quarters of a year"),
    1: Message("a whole year"),
}
#: Number of values -> what they are: too little of a year.
PARTS = {
    24: Message("hours of a day"),
    48: Message("half hours of a day"),
    96: Message("quarter hours of a day"),
    168: Message("hours of a week"),
    672: Message("quarter hours of a week"),
}


def listed(count: int, file: str, year: int | None, told: Told) -> tuple[np.ndarray, int]:
    """(starts of the intervals, minutes of each) of a list of values of a year.

    Raises CaseError that says what such a number of values is, where they are no hours of a year or the year has to be said.
    """
    what = (
        Message("{file}: {count} values and no times", file=file, count=f"{count:,}")
        if count > 1
        else Message("{file}: 1 value and no times", file=file)
    )
    if count in AMOUNTS:
        raise CaseError.because(
            "{what}: {amounts}; they say how much and not when in the day; {hint}", what=what, amounts=AMOUNTS[count], hint=BILLS
        )
    if count in PARTS:
        raise CaseError.because(
            "{what}: {part}; readings of a year are needed, or a known kind of user: plan import shape KIND",
            what=what,
            part=PARTS[count],
        )
    if count not in YEARS:
        raise CaseError.because(
            "{what}; 8,760 hours, 17,520 half hours or 35,040 quarter hours are a year (8,784, 17,568, 35,136 a leap year)",
            what=what,
        )
    name, step, is_leap = YEARS[count]
    if year is None:
        raise CaseError.because(
            "{what}: {length}; say of which year, e.g. --year 2024, so that its weekdays are known", what=what, length=Message(name)
        )
    if is_leap and not isleap(year):
        raise CaseError.because("{what}: {length}; {year} is none", what=what, length=Message(name), year=year)
    told.say(mark("{count} values without times are {what}, {year}."), count=count, what=Word(name), year=year)
    times = np.arange(f"{year}-01-01", f"{year + 1}-01-01", np.timedelta64(step * 60, "s"), dtype="datetime64[s]")
    if isleap(year) and not is_leap:
        told.warn(mark("{year} is a leap year and the list has 365 days: 29 February is taken as left out."), year=year)
        leap = np.datetime64(date(year, 2, 29), "s")
        times = times[(times < leap) | (times >= leap + np.timedelta64(86400, "s"))]
    return times, step
