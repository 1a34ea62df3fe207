"""A year of a meter's power as a profile: its energy, its peaks, its quiet days, and what is odd about it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.answer.loads import quiet_days
from planner.language.language import mark
from planner.profiles.profile import HOURS, Profile, ProfilePeak
from planner.profiles.quantities import QuantityUnit
from planner.profiles.recognised import Recognised, tell_recognised
from planner.profiles.series import Series
from planner.profiles.told import Told
from planner.profiles.year import DAYS, Chosen, hourly, on_calendar, tell_calendar


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
    row = {"demand": name, "carrier": carrier, "year": chosen.year, "value": round(energy, 1), "unit": "MWh", "profile": name}
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
    told.say(
        mark("Availability of {label}: {hours} full load hours, highest hour {highest} of the capacity."),
        label=chosen.label,
        hours=f"{full:,.0f}",
        highest=highest,
    )
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
        told.warn(
            mark("The same value, {value} MW, stands for {hours} h from {time}; was the meter out of order?"),
            value=float(series.values[at]),
            hours=f"{hours:g}",
            time=series.time(int(at)),
        )


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
