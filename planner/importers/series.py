"""Readings on an even grid of intervals: what is doubled, off the grid, missing, or no reading; several meters as one."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from models.errors import CaseError
from planner.importers.profile import Told
from planner.importers.quantities import QuantityUnit
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
    words = mark(
        "{file}: begins at {first} and ends at {last}: it does not show whether a time is the start or the end of its interval; "
        "say --stamp start or --stamp end"
    )
    raise CaseError.because(words, file=file, first=_clock(first), last=_clock(last))


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
        words = mark("{file}: {at} is not on the grid of {step} minutes ({count} times are not); even readings are needed")
        raise CaseError.because(words, file=file, at=at, step=step, count=int(far.sum()))
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
    if len(rivals) and not doubled and not any(key == "zone" for key, *_ in told.asked):
        one = rivals.sort_values("time", kind="stable").iloc[:2]
        words = mark(
            "{file}: {time} has the values {values} ({count} times have several); if these are several meters, choose one "
            "with --only COLUMN=VALUE or add them with --doubled sum; else say --doubled first, last or mean"
        )
        at, both = f"{one['time'].iloc[0]:%Y-%m-%d %H:%M}", " and ".join(f"{v:g}" for v in one["value"])
        told.ask("doubled", "sum", words, file=file, time=at, values=both, count=rivals["time"].nunique())
    source = frame[frame["value"].notna()] if doubled == "sum" else filled
    grouped = source.groupby("time", sort=True)["value"]
    one = grouped.agg(doubled or "first")
    if doubled == "sum":
        return _whole_sums(one, grouped.size(), told)
    if len(rivals) and doubled:
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
            words = mark("The register fell on {time}: a meter was exchanged; what was used then is filled.")
            told.warn(words, time=f"{time:%Y-%m-%d %H:%M}")
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


# --- gaps ------------------------------------------------------------------------------------------------------------------
# Holes in a series: short ones are filled by like days, long ones are refused.

#: Like days are looked for so many weeks away at most, and so many are averaged.
WEEKS, DAYS = 6, 4
#: Share of a year that may be filled in all.
MOST_FILLED = 0.05


def gaps(values: np.ndarray) -> Iterator[tuple[int, int]]:
    """(first, one past the last) of each stretch of NaN."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], np.isnan(values).astype(int), [0]])))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def faults_of(series: Series, longest: float, file: str) -> list[str]:
    """What forbids to fill a series: each gap longer than `longest` hours, or too much in all."""
    found: list[str] = []
    long = [(a, b) for a, b in gaps(series.values) if (b - a) * series.step > longest * 60]
    for a, b in long[:5]:
        hours = (b - a) * series.step / 60
        words = mark("{file}: nothing from {first} to {last} ({hours} h); at most {longest} h are filled, see --longest-gap")
        found.append(
            Message(words, file=file, first=series.time(a), last=series.time(b), hours=f"{hours:,.0f}", longest=f"{longest:g}")
        )
    if len(long) > 5:
        found.append(Message("{file}: {count} more gaps are too long", file=file, count=len(long) - 5))
    share = float(np.isnan(series.values).mean())
    if not found and share > MOST_FILLED:
        found.append(
            Message(
                "{file}: {share} of the year is missing; at most {most} is filled",
                file=file,
                share=f"{share:.1%}",
                most=f"{MOST_FILLED:.0%}",
            )
        )
    return found


def filled(series: Series, told: Told) -> Series:
    """The series with every hole filled by the mean of the same time on the nearest days of the same weekday.

    Where a register tells the amount of a stretch, what is filled adds up to it.
    """
    values = series.values.copy()
    per_day = series.per_day
    week = 7 * per_day
    count = 0
    for first, last in gaps(series.values):
        for at in range(first, last):
            values[at] = _like(series.values, at, week, per_day)
        count += last - first
    for first, last, amount in series.known:
        total = values[first:last].sum()
        values[first:last] = values[first:last] * amount / total if total > 0 else amount / (last - first)
    if count:
        holes = list(gaps(series.values))
        longest = max(b - a for a, b in holes) * series.step / 60
        words = mark(
            "{hours} h were missing (gaps: {count}, the longest of {longest} h); filled by the same time on the nearest like days."
        )
        told.warn(words, hours=count * series.step / 60, count=len(holes), longest=longest)
    return Series(series.start, series.step, values)


def _like(values: np.ndarray, at: int, week: int, per_day: int) -> float:
    """Mean of the same time on the nearest days of the same weekday, else on the nearest days."""
    for size, most in ((week, WEEKS), (per_day, 30)):
        found: list[float] = []
        for n in range(1, most + 1):
            for place in (at - n * size, at + n * size):
                if 0 <= place < len(values) and not np.isnan(values[place]) and len(found) < DAYS:
                    found.append(float(values[place]))
        if found:
            return float(np.mean(found))
    raise CaseError.because("too little is known around a gap to fill it")


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
    parts = [(1, _coarse(base, step), file), *((sign, _coarse(series, step), name) for sign, series, name in others)]
    size = step * MINUTE
    first = max(part.start for _, part, _ in parts)
    last = min(part.start + len(part.values) * size for _, part, _ in parts)
    if last <= first:
        raise CaseError.because("{file}: has no time in common with the meters that are added or taken off", file=file)
    total = np.zeros(int((last - first) / size))
    for sign, part, name in parts:
        at = int((first - part.start) / size)
        own = part.values[at : at + len(total)]
        total += sign * own
        if sign < 0:
            told.say(mark("{name} was taken off: {energy} MWh."), name=name, energy=f"{np.nansum(own) * step / 60:,.1f}")
        elif name != file:
            told.say(mark("{name} was added: {energy} MWh."), name=name, energy=f"{np.nansum(own) * step / 60:,.1f}")
    low, high = float(np.nanmin(total)), float(np.nanmax(total))
    if low < -CRUMB * high:
        at = int(np.nanargmin(total))
        series = Series(first, step, total)
        words = mark(
            "{file}: what is taken off is more than there is: {value} MW is left at {time} ({count} times below 0); check units, "
            "multipliers and clocks of the meters"
        )
        raise CaseError.because(words, file=file, value=f"{low:.4g}", time=series.time(at), count=int((total < 0).sum()))
    return Series(first, step, np.where(total < 0, 0.0, total))


def _coarse(series: Series, step: int) -> Series:
    """Means of longer intervals; without a value where any of its intervals has none."""
    if series.step == step:
        return Series(series.start, step, series.values)
    if step % series.step:
        raise CaseError.because(
            "meters of {fine} and of {coarse} minutes have no common interval; give them one by one", fine=series.step, coarse=step
        )
    return Series(series.start, step, series.values.reshape(-1, step // series.step).mean(axis=1))


# --- readings that are none ------------------------------------------------------------------------------------------------
# Readings that are none: beyond what any park uses, where a meter or its file has gone wrong.

#: No park uses more (MW, MWh in an hour); a tonne or cubic metre may hold a thousandth of a MWh, and a register counts for years.
MOST, BY_CONTENT, BY_COUNTING = 1e6, 1e3, 1e6
#: Readings that are named.
NAMED = 5
#: A reading is single where so many times what all but this share of the readings reach.
SPIKE, SHARE = 4.0, 0.001


def check_readings(
    values: np.ndarray, lines: Sequence[int], unit: QuantityUnit, file: str, is_register: bool = False, hours: int = 1
) -> None:
    """Raise CaseError that names line and value of readings beyond what any park has; amounts of bills are of more `hours`."""
    most = MOST * hours * (BY_COUNTING if is_register else 1.0) * (BY_CONTENT if unit.content else 1.0) / unit.size
    beyond = np.flatnonzero(np.abs(values) > most)
    faults: list[str] = [
        Message(
            "{file} line {line}: {value} {unit}: is more than any park uses; at most {most}",
            file=file,
            line=lines[at],
            value=f"{values[at]:g}",
            unit=unit.label,
            most=f"{most:g}",
        )
        for at in beyond[:NAMED]
    ]
    if len(beyond) > NAMED:
        faults.append(Message("{file}: {count} more readings are too large", file=file, count=f"{len(beyond) - NAMED:,}"))
    if faults:
        raise CaseError(faults)


def check_power(series: Series, file: str) -> None:
    """Raise CaseError where the power of an hour, in MW and with `--times`, is more than any park uses."""
    beyond = np.flatnonzero(np.abs(series.values) > MOST)
    if len(beyond):
        at = int(beyond[0])
        words = mark("{file}: {value} MW at {time}: is more than any park uses; at most {most}")
        raise CaseError.because(words, file=file, value=f"{series.values[at]:g}", time=series.time(at), most=f"{MOST:g}")


def without_spikes(series: Series, asked: str, file: str, told: Told) -> Series:
    """The series where no reading stands far above all others, or where that is meant: `keep`; with `gap` such are missing.

    Raises CaseError that names the highest of them where nothing is said.
    """
    above = series.values[series.values > 0]
    usual = float(np.quantile(above, 1 - SHARE, method="lower")) if len(above) else 0.0
    beyond = series.values > SPIKE * usual
    if usual <= 0 or not beyond.any() or asked == "keep":
        return series
    at = int(np.nanargmax(series.values))
    words = {"value": f"{series.values[at]:.6g}", "time": series.time(at), "count": int(beyond.sum())}
    if asked != "gap":
        text = mark(
            "{file}: {value} MW at {time} is {times} times what all but a thousandth of the readings reach, {usual} MW ({count} "
            "such); say --spikes gap to fill it as a gap, --spikes keep if it was used"
        )
        shown = {"times": f"{series.values[at] / usual:,.0f}", "usual": f"{usual:.6g}"}
        told.ask("spikes", "gap", text, file=file, **shown, **words)
        return series
    told.warn(mark("{count} readings far above all others were taken as missing, the highest {value} MW at {time}."), **words)
    return Series(series.start, series.step, np.where(beyond, np.nan, series.values), series.known)


# --- lists without times ---------------------------------------------------------------------------------------------------
# Lists of values without times: what their number means.

#: Minutes of the intervals of a list of values of a year, and of a leap year, by how many they are.
YEARS = {24 * days * 60 // minutes: (minutes, days == 366) for minutes in (60, 30, 15) for days in (365, 366)}


def listed(count: int, file: str, year: int | None, told: Told) -> tuple[np.ndarray, int]:
    """(starts of the intervals, minutes of each) of a list of values of a year.

    Raises CaseError where they are no hours, half hours or quarters of a year, or the year has to be said.
    """
    what = Message("{file}: {count} values and no times", file=file, count=f"{count:,}")
    if count not in YEARS:
        words = mark(
            "{what}; 8,760 hours, 17,520 half hours or 35,040 quarter hours are a year (8,784, 17,568, 35,136 a leap year); of "
            "amounts of days, months or a year, {hint}"
        )
        raise CaseError.because(words, what=what, hint=BILLS)
    step, is_leap = YEARS[count]
    if year is None:
        words = mark("{what} of {minutes} minutes; say of which year, e.g. --year 2024, so that its weekdays are known")
        raise CaseError.because(words, what=what, minutes=step)
    if is_leap and not isleap(year):
        raise CaseError.because("{what}: are those of a leap year; {year} is none", what=what, year=year)
    told.say(mark("{count} values without times are of {minutes} minutes, {year}."), count=count, minutes=step, year=year)
    times = np.arange(f"{year}-01-01", f"{year + 1}-01-01", np.timedelta64(step * 60, "s"), dtype="datetime64[s]")
    if isleap(year) and not is_leap:
        told.warn(mark("{year} is a leap year and the list has 365 days: 29 February is taken as left out."), year=year)
        leap = np.datetime64(date(year, 2, 29), "s")
        times = times[(times < leap) | (times >= leap + np.timedelta64(86400, "s"))]
    return times, step
