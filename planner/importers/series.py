"""Readings on an even grid of intervals: what is doubled, off the grid, missing, or no reading; several meters as one."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from models.errors import CaseError
from planner.importers.profile import Told
from planner.importers.quantities import QuantityUnit
from planner.importers.source import some
from planner.language.language import mark
from planner.language.message import Message

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

    @property
    def end(self) -> np.datetime64:
        """The end of the last interval."""
        return self.start + len(self.values) * self.step * MINUTE

    def time(self, at: int) -> str:
        """When an interval begins, as text."""
        return str(self.start + at * self.step * MINUTE).replace("T", " ")[:16]


#: What to do with amounts that have no hours.
BILLS = Message("give them the shape of a known kind of user: plan import shape KIND --bills FILE")


def step_of(times: np.ndarray, file: str) -> int:
    """Minutes between readings. Raises CaseError, which tells what the readings are, where these are no 5 to 60."""
    near = np.round(np.diff(np.unique(times[~np.isnat(times)])).astype(int) / 60).astype(int)
    if len(near) == 0:
        raise CaseError.because("{file}: has a single time; readings of a year are needed", file=file)
    minutes = int(np.bincount(near[near <= 1500]).argmax()) if (near <= 1500).any() else int(np.median(near))
    if minutes in STEPS:
        return minutes
    if minutes >= 1380:
        words = mark("{file}: its readings are {what}: they say how much and not when in the day; {hint}")
        raise CaseError.because(words, file=file, what=Message(mark("daily") if minutes <= 1500 else mark("monthly")), hint=BILLS)
    words = mark("{file}: its readings are {minutes} minutes apart; 5, 10, 15, 20, 30 or 60 minutes are needed")
    raise CaseError.because(words, file=file, minutes=minutes)


def ends_of(times: np.ndarray, step: int, file: str, asked: str, told: Told) -> bool:
    """True if a time is the end of its interval; asked where the file does not show it."""
    if asked:
        return asked == "end"
    ordered, size = np.sort(times[~np.isnat(times)]), step * 60
    seconds = (ordered - ordered.astype("datetime64[D]")).astype(int)
    first, last = int(seconds[0]), int(seconds[-1])
    is_late = (seconds % size >= size - BESIDE) & (seconds % size != 0)
    if is_late.any() or (abs(first - size) <= BESIDE and last == 0):
        told.say(mark("A time is the end of its interval: the first is {first}, the last midnight."), first=_clock(first))
        return True
    if first == 0 and last >= 86400 - size:
        told.say(mark("A time is the start of its interval: the first is 00:00, the last {last}."), last=_clock(last))
        return False
    words = mark(
        "{file}: begins at {first} and ends at {last}: it does not show whether a time is the start or the end of its interval; "
        "say --stamp start or --stamp end"
    )
    told.ask("stamp", "start", words, file=file, first=_clock(first), last=_clock(last))
    return False


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"


def snapped(times: np.ndarray, step: int, file: str, told: Told) -> np.ndarray:
    """Times on the grid; those up to a minute beside it are moved. Raises CaseError where one is further off."""
    size = step * 60
    seconds = times.astype("datetime64[s]").astype(np.int64)
    off = np.where(np.isnat(times), 0, seconds - np.round(seconds / size).astype(np.int64) * size)
    if (far := np.abs(off) > BESIDE).any():
        words = mark("{file}: {at} is not on the grid of {step} minutes ({count} times are not); even readings are needed")
        raise CaseError.because(words, file=file, at=str(times[far][0]).replace("T", " "), step=step, count=int(far.sum()))
    if moved := int((off != 0).sum()):
        told.say(mark("{count} times such as 23:59 were moved by up to a minute."), count=moved)
    return times - off.astype("timedelta64[s]")


def single(times: np.ndarray, values: np.ndarray, file: str, doubled: str, told: Told) -> pd.Series:
    """One value a time, in order: of several the sum, mean, first or last, as `doubled` says; what is not said is asked.

    Of a sum only times at which every meter has a value count; the others would be too small and are holes.
    """
    frame = pd.DataFrame({"time": times, "value": values}).dropna()
    filled = frame.drop_duplicates()
    if (alike := len(frame) - len(filled)) and doubled != "sum":
        told.say(mark("{count} rows stood twice and were left out."), count=alike)
    rivals = filled[filled["time"].duplicated(keep=False)].sort_values("time", kind="stable")
    count = rivals["time"].nunique()
    if count and not doubled and not any(key == "zone" for key, *_ in told.asked):
        words = mark(
            "{file}: {time} has the values {values} ({count} times have several); if these are several meters, choose one "
            "with --only COLUMN=VALUE or add them with --doubled sum; else say --doubled first, last or mean"
        )
        at, both = f"{rivals['time'].iloc[0]:%Y-%m-%d %H:%M}", " and ".join(f"{v:g}" for v in rivals["value"][:2])
        told.ask("doubled", "sum", words, file=file, time=at, values=both, count=count)
    grouped = (frame if doubled == "sum" else filled).groupby("time", sort=True)["value"]
    one = grouped.agg(doubled or "first")
    if doubled == "sum":
        counts = grouped.size()
        meters = int(counts.mode().iloc[-1])
        told.say(mark("{count} values were added at each time."), count=meters)
        if partial := int((counts < meters).sum()):
            told.warn(mark("Times at which not all of them have a value: {count}; these are filled."), count=partial)
        return one[counts >= meters]
    if count and doubled:
        told.warn(mark("{count} times had several values; of each the {how} was taken."), count=count, how=doubled)
    return one


def on_grid(values: pd.Series, step: int, file: str) -> Series:
    """Values by the start of their interval as a series that begins and ends at midnight.

    Raises CaseError where there are none, or where they reach over more years than any meter.
    """
    if values.empty:
        raise CaseError.because("{file}: no time has a value", file=file)
    if values.index[-1] - values.index[0] > LONGEST:
        words = mark("{file}: its times reach from {first} to {last}; is a year misspelt?")
        raise CaseError.because(words, file=file, first=f"{values.index[0]:%Y-%m-%d}", last=f"{values.index[-1]:%Y-%m-%d}")
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
        words = mark("{file}: falls {count} times, so it is no register that counts on; say --no-register")
        raise CaseError.because(words, file=file, count=int(falls.sum()))
    for time in amounts.index[falls]:
        before = float(readings[time])
        size = 10.0 ** len(str(int(before)))
        if before >= 0.98 * size and 0 <= amounts[time] + size < 0.02 * size:
            amounts[time] += size
            told.warn(mark("The register began again at 0 after {value} on {time}."), value=before, time=f"{time:%Y-%m-%d %H:%M}")
        else:
            amounts[time] = np.nan
            words = mark("The register fell on {time}: a meter was exchanged; what was used then is filled.")
            told.warn(words, time=f"{time:%Y-%m-%d %H:%M}")
    lengths = np.diff(readings.index.to_numpy().astype("datetime64[s]")).astype(int) // (step * 60)
    series = on_grid(amounts.where(lengths == 1), step, file)
    at = ((amounts.index - pd.Timestamp(series.start)) // pd.Timedelta(minutes=step)).tolist()
    stretches = zip(at, lengths.tolist(), amounts.tolist(), strict=True)
    return replace(series, known=tuple((i, i + n, amount) for i, n, amount in stretches if n > 1 and np.isfinite(amount)))


def looks_like_register(values: np.ndarray) -> bool:
    """True of values that rise nearly all the time and never fall back: they count on."""
    there = values[~np.isnan(values)]
    if len(there) < 48:
        return False
    steps = np.diff(there)
    return bool((steps < 0).mean() < 0.001 and (steps > 0).mean() > 0.3 and there[-1] > 20 * np.median(steps[steps > 0]))


# --- gaps ------------------------------------------------------------------------------------------------------------------
# Holes in a series: short ones are filled by like days, long ones are refused.

#: Like days are looked for so many weeks away at most, else so many days, and so many are averaged.
WEEKS, AWAY, DAYS = 6, 30, 4
#: Share of a year that may be filled in all.
MOST_FILLED = 0.05


def gaps(values: np.ndarray) -> Iterator[tuple[int, int]]:
    """(first, one past the last) of each stretch of NaN."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], np.isnan(values).astype(int), [0]])))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def faults_of(series: Series, longest: float, file: str) -> list[str]:
    """What forbids to fill a series: each gap longer than `longest` hours, or too much in all."""
    hours = [(a, b, (b - a) * series.step / 60) for a, b in gaps(series.values)]
    long = [gap for gap in hours if gap[2] > longest]
    words = mark("{file}: nothing from {first} to {last} ({hours} h); at most {longest} h are filled, see --longest-gap")
    shown = {"file": file, "longest": f"{longest:g}"}
    found: list[str] = [
        Message(words, first=series.time(a), last=series.time(b), hours=f"{size:,.0f}", **shown) for a, b, size in long[:5]
    ]
    if len(long) > 5:
        found.append(Message("{file}: {count} more gaps are too long", file=file, count=len(long) - 5))
    share = float(np.isnan(series.values).mean())
    if not found and share > MOST_FILLED:
        words = mark("{file}: {share} of the year is missing; at most {most} is filled")
        found.append(Message(words, file=file, share=f"{share:.1%}", most=f"{MOST_FILLED:.0%}"))
    return found


def filled(series: Series, told: Told) -> Series:
    """The series with every hole filled by the mean of the same time on the nearest days of the same weekday, else on the nearest.

    Where a register tells the amount of a stretch, what is filled adds up to it. Raises CaseError where no day near is known.
    """
    values, holes = series.values.copy(), np.flatnonzero(np.isnan(series.values))
    if len(holes):
        like = _like(series.values, holes, 7 * series.per_day, WEEKS)
        like = np.where(np.isnan(like), _like(series.values, holes, series.per_day, AWAY), like)
        if np.isnan(like).any():
            raise CaseError.because("too little is known around a gap to fill it")
        values[holes], sizes = like, [b - a for a, b in gaps(series.values)]
        words = mark(
            "{hours} h were missing (gaps: {count}, the longest of {longest} h); filled by the same time on the nearest like days."
        )
        told.warn(words, hours=len(holes) * series.step / 60, count=len(sizes), longest=max(sizes) * series.step / 60)
    for first, last, amount in series.known:
        total = values[first:last].sum()
        values[first:last] = values[first:last] * amount / total if total > 0 else amount / (last - first)
    return Series(series.start, series.step, values)


def _like(values: np.ndarray, holes: np.ndarray, size: int, most: int) -> np.ndarray:
    """Mean of the nearest known values that stand a multiple of `size` away from each hole; NaN where there are none."""
    places = holes[None, :] + np.array([way * n * size for n in range(1, most + 1) for way in (-1, 1)])[:, None]
    near = np.where((places >= 0) & (places < len(values)), values[places.clip(0, len(values) - 1)], np.nan)
    is_taken = ~np.isnan(near) & (np.cumsum(~np.isnan(near), axis=0) <= DAYS)
    count = is_taken.sum(axis=0)
    return np.divide(np.where(is_taken, near, 0.0).sum(axis=0), count, out=np.full(len(holes), np.nan), where=count > 0)


# --- several meters --------------------------------------------------------------------------------------------------------
# Several meters as one demand: others added to it, as parts of a site, or taken off it, as chillers with a demand of their own.

#: What is taken off may be so much of the highest reading above the rest before it is no matter of clocks and classes of meters.
CRUMB = 0.01


def combined(base: Series, others: Sequence[tuple[int, Series, str]], file: str, told: Told) -> Series:
    r"""The series and the others, each with its sign, on the coarsest grid of all and over the time that all of them cover.

    .. math:: P_t = P^{base}_t + \sum_i s_i P^i_t \qquad s_i \in \{1, -1\}

    P  power of an interval [MW]: (n,). Where one of them has no reading there is none. Energy that registers know of a stretch
    without readings is let go. What falls below 0 by no more than CRUMB of the highest is taken as 0; raises CaseError where it
    is more, or where the meters have no time in common.
    """
    if not others:
        return base
    step = max(base.step, *(series.step for _, series, _ in others))
    parts = [_coarse(series, step) for series in (base, *(series for _, series, _ in others))]
    size, first, last = step * MINUTE, max(part.start for part in parts), min(part.end for part in parts)
    if last <= first:
        raise CaseError.because("{file}: has no time in common with the meters that are added or taken off", file=file)
    cut = [part.values[int((first - part.start) / size) :][: int((last - first) / size)] for part in parts]
    total = cut[0] + sum(sign * own for (sign, *_), own in zip(others, cut[1:], strict=True))
    for (sign, _, name), own in zip(others, cut[1:], strict=True):
        words = mark("{name} was added: {energy} MWh.") if sign > 0 else mark("{name} was taken off: {energy} MWh.")
        told.say(words, name=name, energy=f"{np.nansum(own) * step / 60:,.1f}")
    series, low = Series(first, step, np.where(total < 0, 0.0, total)), float(np.nanmin(total))
    if low < -CRUMB * float(np.nanmax(total)):
        words = mark(
            "{file}: what is taken off is more than there is: {value} MW is left at {time} ({count} times below 0); check units, "
            "multipliers and clocks of the meters"
        )
        shown = {"value": f"{low:.4g}", "time": series.time(int(np.nanargmin(total))), "count": int((total < 0).sum())}
        raise CaseError.because(words, file=file, **shown)
    return series


def _coarse(series: Series, step: int) -> Series:
    """Means of longer intervals; without a value where any of its intervals has none."""
    if step % series.step:
        words = mark("meters of {fine} and of {coarse} minutes have no common interval; give them one by one")
        raise CaseError.because(words, fine=series.step, coarse=step)
    return Series(series.start, step, series.values.reshape(-1, step // series.step).mean(axis=1))


# --- readings that are none ------------------------------------------------------------------------------------------------
# Readings that are none: beyond what any park uses, where a meter or its file has gone wrong.

#: No park uses more (MW, MWh in an hour); a tonne or cubic metre may hold a thousandth of a MWh, and a register counts for years.
MOST, BY_CONTENT, BY_COUNTING = 1e6, 1e3, 1e6
#: A reading is single where so many times what all but this share of the readings reach.
SPIKE, SHARE = 4.0, 0.001


def check_readings(
    values: np.ndarray, lines: Sequence[int], unit: QuantityUnit, file: str, is_register: bool = False, hours: int = 1
) -> None:
    """Raise CaseError that names line and value of readings beyond what any park has; amounts of bills are of more `hours`."""
    most = MOST * hours * (BY_COUNTING if is_register else 1.0) * (BY_CONTENT if unit.content else 1.0) / unit.size
    words = mark("{file} line {line}: {value} {unit}: is more than any park uses; at most {most}")
    shown = {"file": file, "unit": unit.label, "most": f"{most:g}"}
    faults = [Message(words, line=lines[int(i)], value=f"{values[i]:g}", **shown) for i in np.flatnonzero(np.abs(values) > most)]
    some(faults, mark("{file}: {count} more readings are too large"), file=file)


def check_power(series: Series, file: str) -> None:
    """Raise CaseError where the power of an hour, in MW and with `--times`, is more than any park uses."""
    if len(beyond := np.flatnonzero(np.abs(series.values) > MOST)):
        words = mark("{file}: {value} MW at {time}: is more than any park uses; at most {most}")
        at = int(beyond[0])
        raise CaseError.because(words, file=file, value=f"{series.values[at]:g}", time=series.time(at), most=f"{MOST:g}")


def without_spikes(series: Series, asked: str, file: str, told: Told) -> Series:
    """The series; a reading far above all others is kept with `keep`, missing with `gap`, and asked about where nothing is said."""
    above = series.values[series.values > 0]
    usual = float(np.quantile(above, 1 - SHARE, method="lower")) if len(above) else 0.0
    beyond = series.values > SPIKE * usual
    if usual <= 0 or not beyond.any() or asked == "keep":
        return series
    at = int(np.nanargmax(series.values))
    words = {"value": f"{series.values[at]:.6g}", "time": series.time(at), "count": int(beyond.sum())}
    if asked == "gap":
        told.warn(mark("{count} readings far above all others were taken as missing, the highest {value} MW at {time}."), **words)
        return replace(series, values=np.where(beyond, np.nan, series.values))
    text = mark(
        "{file}: {value} MW at {time} is {times} times what all but a thousandth of the readings reach, {usual} MW ({count} "
        "such); say --spikes gap to fill it as a gap, --spikes keep if it was used"
    )
    told.ask("spikes", "gap", text, file=file, times=f"{series.values[at] / usual:,.0f}", usual=f"{usual:.6g}", **words)
    return series


# --- lists without times ---------------------------------------------------------------------------------------------------
# Lists of values without times: what their number means.

#: Minutes of the intervals of a list of values of a year, and of a leap year, by how many they are.
YEARS = {24 * days * 60 // minutes: (minutes, days == 366) for minutes in (60, 30, 15) for days in (365, 366)}


def listed(count: int, file: str, year: int | None, told: Told) -> tuple[np.ndarray, int]:
    """(starts of the intervals, minutes of each) of a list of values of a year.

    Raises CaseError where they are no hours, half hours or quarters of a year, or the year has to be said.
    """
    what = Message("{file}: {count} values and no times", file=file, count=f"{count:,}")
    step, is_leap = YEARS.get(count, (0, False))
    if not step:
        words = mark(
            "{what}; 8,760 hours, 17,520 half hours or 35,040 quarter hours are a year (8,784, 17,568, 35,136 a leap year); of "
            "amounts of days, months or a year, {hint}"
        )
        raise CaseError.because(words, what=what, hint=BILLS)
    if year is None:
        words = mark("{what} of {minutes} minutes; say of which year, e.g. --year 2024, so that its weekdays are known")
        raise CaseError.because(words, what=what, minutes=step)
    if is_leap and not isleap(year):
        raise CaseError.because("{what}: are those of a leap year; {year} is none", what=what, year=year)
    told.say(mark("{count} values without times are of {minutes} minutes, {year}."), count=count, minutes=step, year=year)
    times = np.arange(f"{year}-01-01", f"{year + 1}-01-01", np.timedelta64(step * 60, "s"), dtype="datetime64[s]")
    if isleap(year) and not is_leap:
        told.warn(mark("{year} is a leap year and the list has 365 days: 29 February is taken as left out."), year=year)
        times = times[times.astype("datetime64[D]") != np.datetime64(date(year, 2, 29))]
    return times, step
