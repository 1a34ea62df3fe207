"""Shapes of known kinds of users, for those without meters: bills say how much, the shape says when.

Shifts and offices are rules of this project, to be replaced by a meter where there is one. BDEW's standard load profiles
come from demandlib. Space heat and cooling follow the degrees of a weather file. A holiday is like a Sunday; a weekend day
that China's calendar makes a workday is like a Monday.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from models.errors import CaseError
from planner.importers.bill_tables import Asked, Billed, amount_of, read_billed
from planner.importers.commands import check_output, weekday_of
from planner.importers.dialect import Answers
from planner.importers.profile import HOURS, Profile, Proposal, Recognised, Told, demand_row
from planner.importers.quantities import read_unit
from planner.importers.series import MOST, Series
from planner.importers.source import number_of, read_source
from planner.importers.times import zone_of
from planner.importers.weather import Weather, read_years
from planner.importers.words import DATA
from planner.importers.year import Chosen, on_calendar, tell_calendar
from planner.language.language import mark
from planner.language.message import Message
from planner.park.complaints import is_no

#: Standard load profiles of the BDEW: households, trade, farms.
BDEW = ("h0", "g0", "g1", "g2", "g3", "g4", "g5", "g6", "l0", "l1", "l2")
DEGREES = ("heating", "cooling")
KINDS = (*DATA["shapes"], *DEGREES, *(f"bdew-{name}" for name in BDEW))


@dataclass(frozen=True)
class Degrees:
    """Space heat below, or cooling above, a base temperature [°C], of the mean of some hours; a part is the same all year."""

    base: float
    floor: float = 0.0
    hours: int = 6


def shape_profile(
    kind: str,
    year: int,
    holidays: str,
    first_weekday: int | None,
    weather: Weather | None,
    degrees: Degrees | None,
    energies: Sequence[float],
    name: str,
    carrier: str,
    told: Told,
    read: Recognised | None = None,
) -> Profile:
    """The demand of a kind of user: 8,760 hours whose months, quarters, days or year have the energies given [MWh].

    energies has 12, 4, 365 or 366, or 1 values; none: the shape has a mean of 1 MW. `read` says how bills were read, which is
    told. Raises CaseError for an unknown year of holidays or a missing library.
    """
    start = date(year, 1, 1)
    days = (date(year + 1, 1, 1) - start).days
    if kind in DEGREES:
        assert weather is not None and degrees is not None
        values = _degrees(kind, weather, degrees, days)
    elif kind.startswith("bdew-"):
        values = _bdew(kind.removeprefix("bdew-"), year, days_off(year, holidays))
    else:
        values = shifts(kind, year, holidays)
    if kind in DATA["shapes"]:
        told.say(mark("The shape {kind} is a rule of this project; a meter is worth more."), kind=kind)
    values = values / values.mean() if not len(energies) else scaled(values, start, energies)
    chosen = Chosen(Series(np.datetime64(start, "s"), 60, values), str(year), year)
    first = start.weekday() if first_weekday is None else first_weekday
    tell_calendar(chosen, first, told)
    energy = float(values.mean()) * HOURS
    if len(energies):
        told.say(mark("Energy of {label}: {energy} MWh."), label=year, energy=f"{float(np.sum(energies)):,.1f}")
    row = demand_row(name, carrier, year, energy)
    facts: dict[str, object] = {"of": str(year), "kind": kind, "holidays": holidays, "energy_mwh": round(energy, 3)}
    hours = on_calendar(values, np.datetime64(start, "s"), 24, first)
    if read is not None:
        read.tell(hours, told)
        facts |= read.facts(hours)
    return Profile(name, hours, "MW", told, first, facts, row if len(energies) else {})


def days_off(year: int, holidays: str) -> dict[date, bool]:
    """Day -> True if it is like a Sunday, False if like a workday; days that are what their weekday says are left out.

    Raises CaseError without the extra, and where the holidays of the year are not known.
    """
    if holidays == "none":
        return {}
    if holidays == "de":
        return dict.fromkeys(german_holidays(year), True)
    try:
        import chinese_calendar
    except ImportError as error:
        raise CaseError.because('--holidays cn: needs the extra: pip install "parkzero[shapes]"') from error
    found: dict[date, bool] = {}
    for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days):
        day = date(year, 1, 1) + timedelta(days=n)
        try:
            is_off, name = chinese_calendar.get_holiday_detail(day)
        except NotImplementedError as error:
            raise CaseError.because(
                "--holidays cn: the holidays of {year} are not known yet; say --holidays none, or another --year", year=year
            ) from error
        if is_off and name:
            found[day] = True
        elif not is_off and day.weekday() >= 5:
            found[day] = False
    return found


def german_holidays(year: int) -> list[date]:
    """The nine holidays of all of Germany; Easter after Meeus, Jones and Butcher."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    easter = date(year, (h + k - 7 * m + 114) // 31, (h + k - 7 * m + 114) % 31 + 1)
    moving = [easter + timedelta(days=n) for n in (-2, 1, 39, 50)]
    return sorted([*moving, *(date(year, m, d) for m, d in ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26)))])


def shifts(kind: str, year: int, holidays: str) -> np.ndarray:
    """Levels of every hour of a year of 365 or 366 days."""
    off = days_off(year, holidays)
    tables = [_by_hour(steps) for steps in DATA["shapes"][kind]]
    values = []
    for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days):
        day = date(year, 1, 1) + timedelta(days=n)
        like = 0 if day.weekday() < 5 else day.weekday() - 4
        if day in off:
            like = 2 if off[day] else 0
        values.append(tables[like])
    return np.concatenate(values)


def _by_hour(steps: Sequence[tuple[int, float]]) -> np.ndarray:
    return np.array([next(level for start, level in reversed(steps) if hour >= start) for hour in range(24)])


def _bdew(name: str, year: int, off: dict[date, bool]) -> np.ndarray:
    try:
        from demandlib import bdew
    except ImportError as error:
        raise CaseError.because('standard load profiles need the extra: pip install "parkzero[shapes]"') from error
    with warnings.catch_warnings():  # demandlib turns warnings into errors for good
        warnings.simplefilter("ignore")
        wanted = "h0_dyn" if name == "h0" else name
        table = bdew.ElecSlp(year, holidays=[day for day, is_off in off.items() if is_off]).get_profiles(wanted)
    return pd.Series(table.to_numpy(dtype=float).reshape(-1), table.index).resample("h").mean().to_numpy()


def _degrees(kind: str, weather: Weather, degrees: Degrees, days: int) -> np.ndarray:
    """Degrees below or above the base; a leap day has those of the day before."""
    air = weather.column("temp_air")
    felt = np.mean([np.roll(air, n) for n in range(degrees.hours)], axis=0)
    away = np.maximum(degrees.base - felt if kind == "heating" else felt - degrees.base, 0)
    if away.max() <= 0:
        words = {"source": weather.source, "base": f"{degrees.base:g}"}
        if kind == "heating":
            raise CaseError.because("{source}: no hour is below --base {base}", **words)
        raise CaseError.because("{source}: no hour is above --base {base}", **words)
    values = away / away.mean() * (1 - degrees.floor) + degrees.floor
    return values if days == 365 else np.insert(values, 59 * 24, values[58 * 24 : 59 * 24])


def scaled(values: np.ndarray, start: date, energies: Sequence[float]) -> np.ndarray:
    """The shape with these energies [MWh] in the months, quarters, days or the whole of its year.

    Raises CaseError where there is energy in a span without any shape.
    """
    index = pd.date_range(start, periods=len(values), freq="h")
    spans = {1: np.zeros(len(values), dtype=int), 4: index.quarter.to_numpy() - 1, 12: index.month.to_numpy() - 1}.get(
        len(energies), index.dayofyear.to_numpy() - 1
    )
    if spans.max() + 1 != len(energies):
        words = mark("{count} amounts are none of a year of {days} days; 1, 4, 12 or {days} are needed")
        raise CaseError.because(words, count=len(energies), days=len(values) // 24)
    sums = np.bincount(spans, weights=values)
    empty = [i + 1 for i, (s, e) in enumerate(zip(sums, energies, strict=True)) if s <= 0 < e]
    if empty:
        words = mark("amount {number} of {count} is above 0 where the shape is 0 all the time; say another --base, or a --floor")
        raise CaseError.because(words, number=empty[0], count=len(energies))
    factors = np.divide(np.asarray(energies, dtype=float), sums, out=np.zeros(len(sums)), where=sums > 0)
    return values * factors[spans]


# --- a shape with bills ----------------------------------------------------------------------------------------------------


def read_bills(path: Path, asked: Asked, carrier: str, content: float | None, told: Told) -> tuple[Billed, list[float], str]:
    """(bills, their amounts in MWh, their carrier: steam or gas where they count it). Raises CaseError for an amount below 0."""
    billed = read_billed(read_source(path), asked, told)
    unit = read_unit(billed.unit)
    carrier = unit.content if unit is not None and unit.content and carrier == "electricity" else carrier
    amount = amount_of(billed.unit, carrier, billed.texts, "", content)
    for line in (*billed.said, *amount.why):
        told.say(line)
    if billed.amounts.min() < 0:
        raise CaseError.because("{path}: an amount is below 0", path=path)
    return billed, (billed.amounts * amount.times).tolist(), carrier


def read_shape(kind: str, a: Answers, told: Told) -> Proposal:
    """The demand of a kind of user with the energy of bills, or of a year. Raises CaseError with all that has to be said."""
    faults = [] if kind in KINDS else [is_no("kind", kind, Message("known shape"), KINDS)]
    if kind in DEGREES and a.weather is None:
        faults.append(Message("{kind}: follows the outside temperature; give a weather file with --weather", kind=kind))
    if a.bills is not None and a.energy:
        faults.append(Message("--bills, --energy: contradict each other; give one"))
    found = re.fullmatch(r"\s*([\d.]+)\s*(\S+)\s*", a.energy)
    said, amount = (read_unit(found[2]), number_of(found[1], "point")) if found else (None, None)
    if a.energy and (amount is None or said is None or said.is_rate or said.content):
        faults.append(Message("--energy {energy}: is no energy; write for example 12000MWh", energy=a.energy))
    elif amount is not None and said is not None and amount * said.size > MOST * HOURS:
        words = mark("--energy {energy}: is more than any park uses; at most {most} MWh")
        faults.append(Message(words, energy=a.energy, most=f"{MOST * HOURS:g}"))
    if faults:
        raise CaseError(faults)
    first, name, energies, read = weekday_of(a), a.name or kind, list[float](), None
    check_output(a, [name])
    carrier, year = a.carrier or {"heating": "heat", "cooling": "cold"}.get(kind, "electricity"), a.year
    with told.asking():
        if a.bills is not None:
            asked = Asked(a.column, "", a.unit, a.year, a.decimal)
            billed, energies, carrier = read_bills(a.bills, asked, carrier, a.content, told)
            read, year = Recognised(billed.unit, 0, (billed.decimal,)), a.year or billed.year
        elif amount is not None and said is not None:
            energies = [amount * said.size]
        if year is None:
            told.ask("year", 2025, mark("--year: is needed, since weekdays and holidays depend on it, e.g. --year 2025"))
    sky = None if a.weather is None else read_years([a.weather], "", zone_of(a.zone), None, False, told)[0]
    assert year is not None, "asked above"
    degrees = Degrees(a.base if a.base is not None else (15.0 if kind == "heating" else 20.0), a.floor)
    profile = shape_profile(kind, year, a.holidays, first, sky, degrees, energies, name, carrier, told, read)
    return Proposal(name, told, [profile])
