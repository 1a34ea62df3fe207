"""When it was: times as a clock on the wall shows them become times of one clock that is never changed.

The clock of a park is the standard time of its zone all year: its days have 24 hours, and sun and load keep together. Where
the wall clock is changed, a tariff's hours lie an hour earlier on it in summer; this is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from models.errors import CaseError
from planner.language.language import mark
from planner.language.message import Message
from planner.profiles.stamps import Stamp, moment, order_of
from planner.profiles.told import Told

STANDARD = mark(
    "Times are of the standard time of {zone} all year; in summer the clock is an hour ahead, so state a tariff's hours an hour "
    "earlier there."
)
HOUR = np.timedelta64(3600, "s")
#: Zones that are named to a person whose file shows that the clock was changed.
_GUESSES = ("Europe/Berlin", "Europe/London", "America/New_York")


def zone_of(name: str) -> tzinfo | None:
    """The zone of the option, `Asia/Shanghai` or `+08:00`; None where none is given. Raises CaseError for an unknown one."""
    if not name:
        return None
    clean = name.upper().removeprefix("UTC").removeprefix("GMT") if name[:3].upper() in ("UTC", "GMT") else name
    if clean == "":
        return UTC
    if clean[0] in "+-" and clean[1:].replace(":", "").isdigit():
        hours, _, minutes = clean[1:].partition(":")
        hours, minutes = (hours[:-2], hours[-2:]) if len(hours) > 2 else (hours, minutes)
        size = timedelta(hours=int(hours), minutes=int(minutes or 0))
        if size <= timedelta(hours=14):
            return timezone(size if clean[0] == "+" else -size)
    else:
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            pass
    raise CaseError.because("--zone {name}: is no time zone; write for example Asia/Shanghai, Europe/Berlin or +08:00", name=name)


def standard_offset(zone: tzinfo, year: int) -> timedelta:
    """What the standard time of the zone is ahead of UTC in a year."""
    offsets = [datetime(year, month, 1, tzinfo=zone).utcoffset() or timedelta(0) for month in (1, 7)]
    return min(offsets)


def standard_times(
    stamps: Sequence[Stamp], values: np.ndarray, file: str, order: str, zone: tzinfo | None, told: Told
) -> np.ndarray:
    """Times (n,) as datetime64[s] in the standard time of the zone, in the order of the file; NaT for an hour that was skipped.

    Raises CaseError where the zone, or the order of day and month, has to be said.
    """
    order = order_of(stamps, file, order)
    naive = _naive(stamps, order, file)
    offsets = [s.offset for s in stamps]
    if any(o is not None for o in offsets):
        if any(o is None for o in offsets):
            raise CaseError.because("{file}: some times state their offset from UTC and others do not", file=file)
        known = np.array(offsets, dtype="timedelta64[s]")
        return _of_offsets(naive, known, file, zone)
    if zone is None:
        _refuse_changed_clock(naive, file)
        return naive
    return _of_zone(naive, values, file, zone, told)


def counted_times(stamps: Sequence[Stamp], file: str, order: str, zone: tzinfo | None, told: Told) -> np.ndarray:
    """Starts of intervals that are numbered from midnight, (n,) as datetime64[s] in the standard time of the zone.

    A day whose clock is changed has 23 or 25 hours of them. Raises CaseError where the zone has to be said, or is another.
    """
    order = order_of(stamps, file, order)
    elapsed = np.array([s.seconds or 0 for s in stamps], dtype="timedelta64[s]")
    days = _naive([Stamp(s.parts, s.order, None, None, s.is_cell) for s in stamps], order, file)
    longer = np.unique(days[elapsed >= np.timedelta64(86_400, "s")])
    if zone is None or isinstance(zone, timezone):
        if len(longer):
            raise CaseError.because(
                "{file}: {day} has more than 24 hours: the clock was changed; say its zone, e.g. --zone {name}",
                file=file,
                day=str(longer[0])[:10],
                name="Europe/Madrid",
            )
        return days + elapsed
    dates, place = np.unique(days, return_inverse=True)
    midnights = pd.DatetimeIndex(dates).tz_localize(zone, ambiguous=np.ones(len(dates), dtype=bool), nonexistent="shift_forward")
    starts = midnights.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[s]")
    lengths = (midnights + pd.DateOffset(days=1) - midnights).total_seconds().to_numpy().astype("timedelta64[s]")
    if len(beyond := np.flatnonzero(elapsed >= lengths[place])):
        raise CaseError.because(
            "{file}: {day} has more hours than the clocks of {zone} show on it; is the file kept in one time all year? Say that "
            "instead, e.g. --zone {fixed}",
            file=file,
            day=str(days[beyond[0]])[:10],
            zone=zone,
            fixed=_fixed(zone, int(str(days[beyond[0]])[:4])),
        )
    ahead = np.timedelta64(int(standard_offset(zone, int(str(dates[0])[:4])).total_seconds()), "s")
    if (lengths != np.timedelta64(86_400, "s")).any():
        told.say(STANDARD, zone=str(zone))
    return starts[place] + elapsed + ahead


def _naive(stamps: Sequence[Stamp], order: str, file: str) -> np.ndarray:
    moments, faults = [], []
    for stamp in stamps:
        try:
            moments.append(moment(stamp, order))
        except (ValueError, OverflowError):
            faults.append(
                Message(
                    "{file}: {day}: is no day; it is read as {order}",
                    file=file,
                    day="/".join(str(p) for p in stamp.parts),
                    order=order,
                )
            )
    if faults:
        raise CaseError(dict.fromkeys(faults[:3]))
    return np.array(moments, dtype="datetime64[s]")


def _of_offsets(naive: np.ndarray, offsets: np.ndarray, file: str, zone: tzinfo | None) -> np.ndarray:
    instants = naive - offsets
    if zone is not None:
        year = int(str(instants.min())[:4])
        return instants + np.timedelta64(int(standard_offset(zone, year).total_seconds()), "s")
    if (offsets == np.timedelta64(0, "s")).all():
        raise CaseError.because("{file}: its times are of UTC; say the park's zone, e.g. --zone Asia/Shanghai", file=file)
    return instants + offsets.min()


def _of_zone(naive: np.ndarray, values: np.ndarray, file: str, zone: tzinfo, told: Told) -> np.ndarray:
    """Naive times of a wall clock: of an hour that comes twice the first is summer time, a skipped one must be empty."""
    index = pd.DatetimeIndex(naive)
    if isinstance(zone, timezone):
        return naive
    twice = index.tz_localize(zone, ambiguous="NaT", nonexistent="shift_forward").isna()
    skipped = index.tz_localize(zone, ambiguous=np.ones(len(index), dtype=bool), nonexistent="NaT").isna()
    if skipped.any():
        _check_skipped(naive, values, skipped, file, zone)
    is_summer = np.ones(len(index), dtype=bool)
    if twice.any():
        falls = (naive[1:] < naive[:-1]).mean() > 0.5
        number = pd.Series(naive).groupby(naive).cumcount().to_numpy()
        counts = pd.Series(naive).groupby(naive).transform("size").to_numpy()
        first = number == (counts - 1 if falls else 0)
        is_summer = np.where(twice & (counts > 1), first, True)
        days = sorted({str(t)[:10] for t in naive[twice]})
        told.say(mark("The hour that the clock shows twice was read in its order: {days}."), days=", ".join(days))
    utc = index.tz_localize(zone, ambiguous=is_summer, nonexistent="shift_forward").tz_convert("UTC").tz_localize(None)
    year = int(str(naive.min())[:4])
    ahead = standard_offset(zone, year)
    times = utc.to_numpy().astype("datetime64[s]") + np.timedelta64(int(ahead.total_seconds()), "s")
    is_end = skipped & (pd.Series(naive).dt.minute == 0).to_numpy() & ~np.isnan(values)
    times[skipped & ~is_end] = np.datetime64("NaT")
    if (times[~skipped] != naive[~skipped]).any():
        told.say(STANDARD, zone=str(zone))
    return times


def _check_skipped(naive: np.ndarray, values: np.ndarray, skipped: np.ndarray, file: str, zone: tzinfo) -> None:
    """An hour that the clock skips may be there empty, or as the end of the interval before; else it is another clock."""
    filled = skipped & ~np.isnan(values) & (values != 0)
    whole = (pd.Series(naive).dt.minute == 0).to_numpy()
    if (filled & ~whole).any() or (filled.any() and _steps(naive) >= HOUR):
        at = str(naive[filled][0]).replace("T", " ")[:16]
        raise CaseError.because(
            "{file}: has a value at {at}, an hour that the clocks of {zone} skip; the file keeps one time all year: say that "
            "instead, e.g. --zone {fixed}",
            file=file,
            at=at,
            zone=zone,
            fixed=_fixed(zone, int(at[:4])),
        )


def _steps(naive: np.ndarray) -> np.timedelta64:
    steps = np.diff(np.unique(naive))
    return np.median(steps) if len(steps) else HOUR


def _fixed(zone: tzinfo, year: int) -> str:
    minutes = int(standard_offset(zone, year).total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _refuse_changed_clock(naive: np.ndarray, file: str) -> None:
    """Raise CaseError where an hour is missing in spring and doubled in autumn on the days of some zone."""
    for name in _GUESSES:
        zone = ZoneInfo(name)
        for year in sorted({int(str(t)[:4]) for t in np.unique(naive.astype("datetime64[Y]"))}):
            hour = _hours_of_change(zone, year)
            if hour is None:
                continue
            skipped, twice = hour
            around = ((naive >= skipped - 6 * HOUR) & (naive < skipped)).any() and (
                (naive >= skipped + HOUR) & (naive < skipped + 6 * HOUR)
            ).any()
            is_missing = around and not ((naive >= skipped) & (naive < skipped + HOUR)).any()
            within = naive[(naive >= twice) & (naive < twice + HOUR)]
            if is_missing and len(within) > len(np.unique(within)):
                raise CaseError.because(
                    "{file}: an hour is missing on {skipped} and one comes twice on {twice}: the clock was changed; say its "
                    "zone, e.g. --zone {name}",
                    file=file,
                    skipped=str(skipped)[:10],
                    twice=str(twice)[:10],
                    name=name,
                )


def _hours_of_change(zone: ZoneInfo, year: int) -> tuple[np.datetime64, np.datetime64] | None:
    """The naive hour that a zone skips in a year and the one that it has twice, None where it has none."""
    hours = pd.date_range(f"{year}-01-01", f"{year + 1}-01-01", freq="h", inclusive="left")
    skipped = hours[hours.tz_localize(zone, ambiguous=np.ones(len(hours), dtype=bool), nonexistent="NaT").isna()]
    twice = hours[hours.tz_localize(zone, ambiguous="NaT", nonexistent="shift_forward").isna()]
    if len(skipped) != 1 or len(twice) != 1:
        return None
    return np.datetime64(skipped[0].to_pydatetime(), "s"), np.datetime64(twice[0].to_pydatetime(), "s")
