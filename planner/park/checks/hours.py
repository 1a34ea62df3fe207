"""Hours that cannot be: a sun whose noon is at night or that is cut off, a load of another clock, week or summer, a meter that
stood still, an hour far above all others, a tariff some hours beside what it is."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache
from itertools import permutations
from pathlib import Path

import numpy as np

import data
from models.case import (
    Connection,
    Demand,
    EmissionFactor,
    Origin,
    Port,
    Price,
    Row,
    Supply,
    TariffRow,
    Technology,
)
from models.inputs.boundary import ranges
from planner.language.language import mark
from planner.language.message import Message
from planner.park import remarks
from planner.park.draft import Draft, grouped
from planner.park.faults import of
from planner.park.fields import LEAST

# From where on a figure cannot be, or can hardly be, what was meant: where honest parks do not come near, and the slip surely is.
#: A load of one hour so many times what all but a thousandth of the hours reach is no load.
SPIKE_TO_USUAL, SPIKE_SHARE = 4.0, 0.001
#: Noon of the sun by the clock of a zone: 10:30 at the east end of a wide zone, 15:00 at the west end of China's (Kashgar).
NOON_FROM, NOON_TO = 10.0, 15.6
#: Hours of the year in which a profile of the sun stands at its highest, near 1, and how many values weather has: an inverter
#: smaller than its modules cuts off; a share of the peak power of the modules reaches 1 in few hours, if at all.
CUT_HOURS, CUT_LEVEL, WEATHER_VALUES = 100, 0.97, 500
#: A working day has its middle from 8 to 18:30, whatever the shifts; a load that swings less than this share has no day.
#: China's 12:30 is 4:30 in UTC.
LOAD_FROM, LOAD_TO, LOAD_SWING = 8.0, 18.5, 0.25
#: Hours of one value: from 20 days on, a holiday is over; after 75 days a season is likelier than a meter.
STILL_FROM, STILL_TO = 480, 1800
#: The weeks before and after, by the mean of all other hours: a season fades out. So many long runs have loads made of steps.
STILL_BESIDE, STILL_RUNS = 0.5, 3
#: What quiet days have of the quietest other day, by their number; how far the others may be apart, by the fall to the quiet ones.
QUIET_DAYS, QUIET_SPREAD = {2: 0.92, 1: 0.75}, 0.5
#: Days of the year (first, last + 1) of three weeks before and after the clocks are changed, in spring and in autumn, in Europe and
#: in America.
SUMMER = ((38, 59), (94, 115), (247, 268), (311, 332))
#: Squares of what is left after an hour's move, by those before it; so small a sum of squares before it says nothing. Loads of
#: offices, works, towns and households that follow one clock have 0.68 and more, moved ones 0.01 to 0.62.
MOVED_ERROR, MOVED_LEAST = 0.5, 1e-3
#: Currencies of countries whose clocks are not changed in summer.
NO_SUMMER_TIME = ("CNY", "HKD", "TWD", "INR", "JPY", "KRW", "SGD", "MYR", "THB", "VND", "IDR")
#: Hours by which a tariff may be shifted against that of the catalogue which it has the factors of.
SHIFTS = (-3, -2, -1, 1, 2, 3)

DAY, WEEK, YEAR = 24, 168, 8760
FILE = "profiles.csv"
#: Types whose profile is the sun's.
SUN = "solar"
#: Decimals to which factors of a tariff are compared.
ROUND = 1
#: (months, factor) and the hours that have it, one a row.
Pattern = frozenset[tuple[frozenset[int], float, frozenset[int]]]


def check_hours(draft: Draft) -> None:
    """Warn of profiles and tariffs whose hours are shifted, and of single hours far above all others."""
    if draft.profiles.is_read:
        _check_suns(draft)
        weeks: dict[int, tuple[str, str]] = {}
        for row in draft.rows(Demand):
            for name in _columns(row.profile, draft):
                if (first := _check_load(name, row.carrier, draft.profiles.series[name], draft)) is not None:
                    weeks.setdefault(first[0], (name, first[1]))
        for day, (name, remark) in weeks.items():
            if draft.park is not None and day != draft.park.first_weekday:
                words = {"stated": draft.park.first_weekday, "profile": repr(name), "first": day}
                draft.warn(draft.where("first_weekday"), remark, **words)
    _check_shifted(draft)
    _check_borders(draft)


def _check_load(name: str, carrier: str, series: np.ndarray, draft: Draft) -> tuple[int, str] | None:
    """The hours of a load; the weekday of its first day, with the remark where another is stated, None where no day is quiet."""
    if len(series) >= 1 / SPIKE_SHARE:
        usual, hour = float(np.quantile(series, 1 - SPIKE_SHARE, method="lower")), int(series.argmax())
        if usual > 0 and series[hour] > SPIKE_TO_USUAL * usual:
            draft.warn(FILE, remarks.SPIKE, profile=repr(name), hour=hour, times=f"{series[hour] / usual:.3g}")
    if len(series) != YEAR:
        return None
    _check_still(name, series, draft)
    _check_summer(name, series, draft)
    middle, swing = _middle(series)
    if carrier == "electricity" and swing >= LOAD_SWING and not LOAD_FROM <= middle <= LOAD_TO:
        draft.warn(FILE, remarks.NIGHT, profile=repr(name), middle=_clock(middle))
    return _first_weekday(series)


def _middle(series: np.ndarray) -> tuple[float, float]:
    r"""The middle of the mean day around the clock [h], :math:`\arg \sum_h a_h e^{2 \pi i (h + 1/2) / 24}`, and by how much of its
    mean it swings."""
    day = series.reshape(-1, DAY).mean(axis=0)
    total = (day * np.exp(2j * np.pi * (np.arange(DAY) + 0.5) / DAY)).sum()
    return float(np.angle(total) % (2 * np.pi)) * DAY / (2 * np.pi), float(2 * abs(total) / day.sum())


def _clock(hour: float) -> str:
    return f"{int(hour):02d}:{int(hour % 1 * 60):02d}"


def _check_suns(draft: Draft) -> None:
    """The noon of a plant of the sun, and whether its inverter cuts its profile off, as of a share of kWac."""
    suns = [row for row in draft.rows(Technology) if SUN in row.type_name and row.profile]
    for column, row in {c: own for own in reversed(suns) for c in _columns(own.profile, draft)}.items():
        series = draft.profiles.series[column]
        if len(series) % DAY or series.sum() <= 0:
            continue
        names = {"profile": repr(column), "technology": repr(row.technology)}
        noon, _ = _middle(series)
        if not NOON_FROM <= noon <= NOON_TO:
            draft.warn(FILE, remarks.NOON, **names, noon=_clock(noon))
        at_most = int((series >= 0.999 * series.max()).sum())
        if at_most >= CUT_HOURS and series.max() >= CUT_LEVEL and len(np.unique(series)) >= WEATHER_VALUES:
            draft.warn(FILE, remarks.CUT_OFF, **names, most=f"{series.max():.3g}", hours=at_most)


def _check_still(name: str, series: np.ndarray, draft: Draft) -> None:
    """One value for weeks, and a usual load before and after: a season fades out, a meter stops."""
    starts = np.flatnonzero(np.diff(series, prepend=np.nan))
    lengths = np.diff(starts, append=YEAR)
    length, start = max(((n, s) for n, s in zip(lengths, starts, strict=True) if STILL_FROM <= n <= STILL_TO), default=(0, 0))
    if not length or (lengths > length / 2).sum() > STILL_RUNS:
        return
    others = np.roll(series, -start)[length:]
    if min(others[:WEEK].mean(), others[-WEEK:].mean()) >= STILL_BESIDE * others.mean():
        first, last = (str(np.datetime64("2025-01-01T00") + np.timedelta64(int(h), "h"))[5:10] for h in (start, start + length - 1))
        words = {"profile": repr(name), "value": f"{series[start]:g}", "hours": int(length), "first": first, "last": last}
        draft.warn(Origin(FILE, draft.profiles.lines[start]), remarks.STILL, **words)


def _first_weekday(series: np.ndarray) -> tuple[int, str] | None:
    """The weekday of the first day, by the median of each weekday: two quiet days in a row are Saturday and Sunday, one Sunday."""
    days = np.array([np.median(series.reshape(-1, DAY).sum(axis=1)[i::7]) for i in range(7)])
    for count, share in QUIET_DAYS.items():
        for i in range(7):
            turned = np.roll(days, -i)
            low, least, most = turned[:count].max(), turned[count:].min(), turned[count:].max()
            if low <= share * least and most - least <= QUIET_SPREAD * (least - low):
                return (7 - count - i) % 7, remarks.TWO_QUIET if count == 2 else remarks.ONE_QUIET
    return None


def _check_summer(name: str, series: np.ndarray, draft: Draft) -> None:
    r"""The mean day before and after the clocks are changed, in spring and in autumn: one is the other, an hour moved.

    Told where :math:`\sum_h (a_{h-s} - b_h)^2 \le \epsilon \sum_h (a_h - b_h)^2` both times, there and back. Profiles are in
    standard time, so a day an hour earlier in summer is right where the wall clock is changed.
    """
    days = series.reshape(-1, DAY)
    means = [days[first:last].mean(axis=0) for first, last in SUMMER]
    if min(mean.sum() for mean in means) <= 0:
        return
    before, after, late, end = (mean / mean.mean() for mean in means)
    for by in (1, -1) if draft.currency in NO_SUMMER_TIME else (1,):
        pairs = ((before, after, by), (late, end, -by))
        stays = [float(((a - b) ** 2).sum()) for a, b, _ in pairs]
        moved = [float(((np.roll(a, s) - b) ** 2).sum()) for a, b, s in pairs]
        if min(stays) >= MOVED_LEAST and all(m <= MOVED_ERROR * n for m, n in zip(moved, stays, strict=True)):
            draft.warn(FILE, remarks.SUMMER, profile=repr(name), direction=Message(remarks.LATER if by > 0 else remarks.EARLIER))


def _check_shifted(draft: Draft) -> None:
    """A tariff with the factors and the months of one of the catalogue, some hours beside it."""
    known = _catalogue()
    for supply, rows in grouped((row.supply, row) for row in draft.rows(TariffRow) if row.item == "energy").items():
        pattern = _pattern((r.months, r.hours, r.factor) for r in rows)
        for name, other in known.items() if pattern not in known.values() else ():
            shift = next((n for n in SHIFTS if _shifted(other, n) == pattern), None)
            if _is_longer(pattern, other):
                longer = next(row for row in rows if not _pattern([(row.months, row.hours, row.factor)]) <= other)
                draft.warn(longer.origin, remarks.HOUR_LONGER, hours=longer.hours, other=name)
                break
            if shift is not None:
                direction = Message(remarks.LATER if shift > 0 else remarks.EARLIER)
                draft.warn(rows[0].origin, remarks.SHIFTED, supply=repr(supply), other=name, hours=abs(shift), direction=direction)
                break


def _pattern(rows: Iterable[tuple[str, str, float]]) -> Pattern:
    """Rows of a tariff, in whatever order."""
    return frozenset(
        (frozenset(ranges(months, 1, 12)), round(factor, ROUND), frozenset(ranges(hours, 0, DAY - 1)))
        for months, hours, factor in rows
    )


def _shifted(pattern: Pattern, by: int) -> Pattern:
    return frozenset((months, factor, frozenset((h + by) % DAY for h in hours)) for months, factor, hours in pattern)


def _is_longer(pattern: Pattern, other: Pattern) -> bool:
    """True if ranges of hours end an hour later than those of the other, as of a last hour that was not meant."""
    own, theirs = ({(months, factor): hours for months, factor, hours in p} for p in (pattern, other))
    return own.keys() == theirs.keys() and all(
        theirs[key] <= own[key] <= theirs[key] | {(h + 1) % DAY for h in theirs[key]} for key in own
    )


def _check_borders(draft: Draft) -> None:
    """Ranges of two rows that end and begin with one hour; of energy and export one hour apart; all hours of a day but one."""
    rows = [(row, frozenset(ranges(row.hours, 0, DAY - 1))) for row in draft.rows(TariffRow)]
    for own in grouped((row.supply, (row, hours)) for row, hours in rows).values():
        for (a, hours), (b, others) in permutations(own, 2):
            if a.days != b.days or not set(ranges(a.months, 1, 12)) & set(ranges(b.months, 1, 12)):
                continue
            if a.item == b.item and a.factor != b.factor:
                for last in hours & others:
                    at_ends = (last + 1) % DAY not in hours and (last - 1) % DAY not in others
                    if at_ends and (last - 1) % DAY in hours and (last + 1) % DAY in others:
                        draft.warn(a, remarks.SAME_HOUR, hours=a.hours, hour=last, other=b.origin.line if b.origin else "")
            elif a.item != b.item and a.factor == b.factor and hours > others and hours <= others | {(h + 1) % DAY for h in others}:
                words = {"hours": a.hours, "other": b.hours, "line": b.origin.line if b.origin else ""}
                draft.warn(a.origin, remarks.HOUR_APART, **words)
        for row, hours in own:
            alike = [h for r, h in own if (r.item, r.days, r.months) == (row.item, row.days, row.months)]
            left = set(range(DAY)) - frozenset().union(*alike)
            if len(left) == 1 and hours is alike[0]:
                draft.warn(row.origin, remarks.HOUR_LEFT, hour=left.pop())


@cache
def _catalogue() -> dict[str, Pattern]:
    """The tariffs of the catalogue that have hours, by name."""
    with (Path(data.__file__).parent / "catalogue" / "tariffs.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["factor"]]
    stated = grouped((row["tariff"], (row["months"], row["hours"], float(row["factor"]))) for row in rows)
    return {name: _pattern(found) for name, found in stated.items()}


# --- profiles --------------------------------------------------------------------------------------------------------------
# Profiles: those that are named exist, availabilities are shares, demand shapes and what multiplies ratios are positive.

BEYOND = mark("is below 0; {words}"), mark("is above 1; {words}"), mark("is 0; {words}")
DERATING = mark("a derating is a share of the capacity, above 0 and at most 1")
SHAPE = mark("the shape of a demand is of positive numbers")


#: Tables and columns that name a profile, of what it is there, and the most that it may be.
_USES: tuple[tuple[type[Row], str, str, float], ...] = (
    (Technology, "profile", mark("an availability is a share of the capacity, from 0 to 1"), 1.0),
    (Supply, "profile", mark("an availability is a share of the capacity, from 0 to 1"), 1.0),
    (Technology, "derating", DERATING, 1.0),
    (Technology, "inflow_profile", SHAPE, np.inf),
    (Demand, "profile", SHAPE, np.inf),
    (Port, "profile", mark("a port flows one way: what multiplies its ratio is 0 or above"), np.inf),
)


def check_profiles(draft: Draft) -> None:
    """Check every profile for what it is used for."""
    for table, name, words, most in _USES:
        for row in draft.rows(table):
            for column in _columns(getattr(row, name), draft):
                _check_values(column, Message(words), most, name == "derating", draft)
    behind = {c.connection: c.max_capacity if c.type else c.max_import for c in draft.rows(Connection)}
    supplies = [s for s in draft.rows(Supply) if s.can_import] if draft.is_sure(Supply) else []
    open_ended = {
        s.supply
        for s in supplies
        if not any(x is not None for x in (s.max_import, s.max_import_year, s.contract_max, behind.get(s.connection)))
    }
    rows: list[Price | EmissionFactor] = [p for p in draft.rows(Price) if p.item == "energy"] + [*draft.rows(EmissionFactor)]
    for own in rows:
        if own.supply in open_ended and any(draft.profiles.series[c].min() < 0 for c in _columns(own.profile, draft)):
            words = mark("profile {profile}: is below 0 in some hour, and import of {supply} has no limit; give it a max_import")
            draft.fault(own, words)


def _columns(name: str, draft: Draft) -> list[str]:
    """The columns of profiles.csv that a profile can have, of those whose numbers could be read."""
    profiles = draft.profiles
    return [column for column in draft.columns_of(name) if column in profiles.series] if name in profiles.series else []


def _check_values(name: str, words: Message, most: float, is_above_0: bool, draft: Draft) -> None:
    """Complain of the first hour that is below 0 or above the most, say how many are, and of what is 0 all year but may not be."""
    series = draft.profiles.series[name]
    for wrong, text in zip((series < 0, series > most, (series == 0) & is_above_0), BEYOND, strict=True):
        at = np.flatnonzero(wrong)
        if len(at):
            said = Message(text, words=words)
            said = Message("{words} ({count} hours are wrong)", words=said, count=len(at)) if len(at) > 1 else said
            draft.fault(Origin(FILE, draft.profiles.lines[at[0]]), of(f"{name} = {series[at[0]]:g}", said))
    if most > 1 and len(series) and (series >= 0).all() and series.max() < LEAST:
        draft.fault(FILE, "{name}: is 0 in every hour; {words}, in some hour above 0", name=name, words=words)
