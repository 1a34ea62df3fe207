"""Readings on an even grid of intervals: what is doubled, off the grid, or a register becomes one mean power an interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.errors import CaseError
from planner.language.language import mark
from planner.language.message import Message
from planner.profiles.told import Told

#: Minutes that an interval may have.
STEPS = (5, 10, 15, 20, 30, 60)
#: Seconds that a time may lie beside the grid: 23:59 and 23:59:59 stand for 24:00.
BESIDE = 60
MINUTE = np.timedelta64(60, "s")
#: No meter tells of more.
LONGEST = pd.Timedelta(days=60 * 366)


@dataclass(frozen=True)
class Series:
    """Values of intervals that follow each other.

    start   of the first interval, a midnight, datetime64[s]
    step    minutes of an interval
    values  (n,) of each interval, NaN where there is none
    known   energy over a stretch of missing intervals (first, one past the last, amount), where a register tells it
    """

    start: np.datetime64
    step: int
    values: np.ndarray
    known: tuple[tuple[int, int, float], ...] = ()

    @property
    def per_day(self) -> int:
        """Intervals of a day."""
        return 1440 // self.step

    def time(self, at: int) -> str:
        """When an interval begins, as text."""
        return str(self.start + at * self.step * MINUTE).replace("T", " ")[:16]


def step_of(times: np.ndarray, file: str) -> int:
    """Minutes between readings. Raises CaseError, which tells what the readings are, where these are no 5 to 60."""
    steps = np.diff(np.unique(times[~np.isnat(times)])).astype(int)
    near = np.round(steps / 60).astype(int)
    if len(near) == 0:
        raise CaseError.because("{file}: has a single time; readings of a year are needed", file=file)
    minutes = int(np.bincount(near[near <= 1500]).argmax()) if (near <= 1500).any() else int(np.median(near))
    if minutes in STEPS:
        return minutes
    if minutes >= 1380:
        what = Message("daily") if minutes <= 1500 else Message("monthly")
        raise CaseError.because(
            "{file}: its readings are {what}: they say how much and not when in the day; {hint}", file=file, what=what, hint=BILLS
        )
    raise CaseError.because(
        "{file}: its readings are {minutes} minutes apart; 5, 10, 15, 20, 30 or 60 minutes are needed", file=file, minutes=minutes
    )


#: What to do with amounts that have no hours.
BILLS = Message("give them the shape of a known kind of user: plan import shape KIND --bills FILE")


def ends_of(times: np.ndarray, step: int, file: str, asked: str, told: Told) -> bool:
    """True if a time is the end of its interval. Raises CaseError where the file does not show it."""
    if asked:
        return asked == "end"
    seconds = (times[~np.isnat(times)] - times[~np.isnat(times)].astype("datetime64[D]")).astype(int)
    ordered = np.sort(times[~np.isnat(times)])
    first, last = ((t - t.astype("datetime64[D]")).astype(int) for t in (ordered[0], ordered[-1]))
    size = step * 60
    is_late = (seconds % size >= size - BESIDE) & (seconds % size != 0)
    if is_late.any() or (abs(first - size) <= BESIDE and last == 0):
        told.say(mark("A time is the end of its interval: the first is {first}, the last midnight."), first=_clock(first))
        return True
    if first == 0 and last >= 86400 - size:
        told.say(mark("A time is the start of its interval: the first is 00:00, the last {last}."), last=_clock(last))
        return False
    raise CaseError.because(
        "{file}: begins at {first} and ends at {last}: it does not show whether a time is the start or the end of its "
        "interval; say --stamp start or --stamp end",
        file=file,
        first=_clock(first),
        last=_clock(last),
    )


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"


def snapped(times: np.ndarray, step: int, file: str, told: Told) -> np.ndarray:
    """Times on the grid; those up to a minute beside it are moved. Raises CaseError where one is further off."""
    size = step * 60
    seconds = times.astype("datetime64[s]").astype(np.int64)
    off = seconds - np.round(seconds / size).astype(np.int64) * size
    off[np.isnat(times)] = 0
    far = np.abs(off) > BESIDE
    if far.any():
        at = str(times[far][0]).replace("T", " ")
        raise CaseError.because(
            "{file}: {at} is not on the grid of {step} minutes ({count} times are not); even readings are needed",
            file=file,
            at=at,
            step=step,
            count=int(far.sum()),
        )
    moved = int((off != 0).sum())
    if moved:
        told.say(mark("{count} times such as 23:59 were moved by up to a minute."), count=moved)
    return np.where(np.isnat(times), times, times - off.astype("timedelta64[s]"))


def single(times: np.ndarray, values: np.ndarray, file: str, doubled: str, told: Told) -> pd.Series:
    """One value a time, in order. Raises CaseError where a time has several values and nothing is said of it."""
    there = ~np.isnat(times)
    frame = pd.DataFrame({"time": times[there], "value": values[there]})
    filled = frame[frame["value"].notna()].drop_duplicates()
    alike = int(frame["value"].notna().sum()) - len(filled)
    if alike and doubled != "sum":
        told.say(mark("{count} rows stood twice and were left out."), count=alike)
    rivals = filled[filled["time"].duplicated(keep=False)]
    if len(rivals) and not doubled:
        one = rivals.sort_values("time", kind="stable").iloc[:2]
        both = " and ".join(f"{v:g}" for v in one["value"])
        raise CaseError.because(
            "{file}: {time} has the values {values} ({count} times have several); if these are several meters, choose one "
            "with --only COLUMN=VALUE or add them with --doubled sum; else say --doubled first, last or mean",
            file=file,
            time=f"{one['time'].iloc[0]:%Y-%m-%d %H:%M}",
            values=both,
            count=rivals["time"].nunique(),
        )
    source = frame[frame["value"].notna()] if doubled == "sum" else filled
    grouped = source.groupby("time", sort=True)["value"]
    one = grouped.agg(doubled or "first")
    if doubled == "sum":
        return _whole_sums(one, grouped.size(), told)
    if len(rivals):
        told.warn(
            mark("{count} times had several values; of each the {how} was taken."), count=rivals["time"].nunique(), how=doubled
        )
    return one


def _whole_sums(sums: pd.Series, counts: pd.Series, told: Told) -> pd.Series:
    """Sums of the times at which every meter has a value; the others would be too small and are holes."""
    meters = int(counts.mode().iloc[-1])
    partial = int((counts < meters).sum())
    told.say(mark("{count} values were added at each time."), count=meters)
    if partial:
        told.warn(mark("Times at which not all of them have a value: {count}; these are filled."), count=partial)
    return sums[counts >= meters]


def on_grid(values: pd.Series, step: int, file: str) -> Series:
    """Values by the start of their interval as a series that begins and ends at midnight.

    Raises CaseError where there are none, or where they reach over more years than any meter.
    """
    if values.empty:
        raise CaseError.because("{file}: no time has a value", file=file)
    if values.index[-1] - values.index[0] > LONGEST:
        raise CaseError.because(
            "{file}: its times reach from {first} to {last}; is a year misspelt?",
            file=file,
            first=f"{values.index[0]:%Y-%m-%d}",
            last=f"{values.index[-1]:%Y-%m-%d}",
        )
    first = values.index[0].floor("D")
    last = (values.index[-1] + pd.Timedelta(minutes=step)).ceil("D")
    index = pd.date_range(first, last, freq=f"{step}min", inclusive="left")
    return Series(np.datetime64(first.to_datetime64(), "s"), step, values.reindex(index).to_numpy(dtype=float))


def of_register(readings: pd.Series, step: int, file: str, told: Told) -> Series:
    """Amounts of intervals from the readings of a register that counts on.

    A fall is the register that begins again at 0 after nines; any other is a meter that was exchanged, and what it counted
    in between is not known. Readings that are missing leave a stretch whose amount is known. Raises CaseError where the
    register falls often.
    """
    amounts = readings.diff().shift(-1).iloc[:-1]
    falls = amounts < 0
    if falls.sum() > max(5, 0.001 * len(amounts)):
        raise CaseError.because(
            "{file}: falls {count} times, so it is no register that counts on; say --no-register", file=file, count=int(falls.sum())
        )
    for time in amounts.index[falls]:
        before = float(readings[time])
        size = 10.0 ** len(str(int(before)))
        if before >= 0.98 * size and 0 <= amounts[time] + size < 0.02 * size:
            amounts[time] += size
            told.warn(mark("The register began again at 0 after {value} on {time}."), value=before, time=f"{time:%Y-%m-%d %H:%M}")
        else:
            amounts[time] = np.nan
            told.warn(
                mark("The register fell on {time}: a meter was exchanged; what was used then is filled."),
                time=f"{time:%Y-%m-%d %H:%M}",
            )
    lengths = np.diff(readings.index.to_numpy().astype("datetime64[s]")).astype(int) // (step * 60)
    series = on_grid(amounts.where(lengths == 1), step, file)
    start = pd.Timestamp(series.start)
    known = []
    for time, length, amount in zip(amounts.index, lengths, amounts, strict=True):
        if length > 1 and np.isfinite(amount):
            at = int((time - start) / pd.Timedelta(minutes=step))
            known.append((at, at + int(length), float(amount)))
    return Series(series.start, step, series.values, tuple(known))


def looks_like_register(values: np.ndarray) -> bool:
    """True of values that rise nearly all the time and never fall back: they count on."""
    there = values[~np.isnan(values)]
    if len(there) < 48:
        return False
    steps = np.diff(there)
    return bool((steps < 0).mean() < 0.001 and (steps > 0).mean() > 0.3 and there[-1] > 20 * np.median(steps[steps > 0]))
