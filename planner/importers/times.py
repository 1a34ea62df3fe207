"""Times as people write them: what each cell says, in which order day and month stand, and by which clock it was."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from models.errors import CaseError
from planner.importers.profile import Told
from planner.importers.source import Cell
from planner.importers.words import DATA
from planner.language.language import mark
from planner.language.message import Message

ORDERS = ("ymd", "dmy", "mdy")
#: As most files have it: what is read of it is what the forms below would make of it, sooner.
_USUAL = re.compile(r"(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})(?::(\d{2}))?")
_DATE = re.compile(r"(\d{1,4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,4})\s*日?")
_NAMED = re.compile(r"(\d{1,2})[- /.]*(?:de )?([A-Za-zÀ-ÿ]{3,10})[- /.,]*(?:de )?(\d{4}|\d{2})\b")
_NAMED_FIRST = re.compile(r"([A-Za-zÀ-ÿ]{3,10})\.?\s+(\d{1,2}),?\s+(\d{4})\b")
_COMPACT = re.compile(r"(?:19|20)\d{6}(?:\d{2}|\d{4}|\d{6})?$")
_COMPACT_DATE = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})[ T]+(\d{1,2}:.*)$")
_TIME = re.compile(
    r"(?P<half>上午|下午|晚上|凌晨)?\s*(?P<h>\d{1,2})\s*[:时点]\s*(?P<m>\d{1,2})?\s*分?(?::?(?P<s>\d{1,2})(?:\.\d+)?)?\s*秒?"
    r"\s*(?P<ampm>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?$"
)
#: Days since 1899-12-30 that a spreadsheet writes for 1990 to 2080, and nothing else is likely to be.
_SERIAL = (32_874.0, 65_745.0)


class Stamp(NamedTuple):
    """One time as it is written; a tuple, since a year of quarter hours has 35,040 of them.

    parts    the three numbers of the date in their order; ordered is the order where it is certain (a year in front)
    seconds  from midnight; 86400 is written 24:00. None where there is only a date
    offset   seconds east of UTC, where the stamp says it
    is_cell  the spreadsheet held a date and no text
    """

    parts: tuple[int, int, int]
    order: str
    seconds: int | None
    offset: int | None = None
    is_cell: bool = False


def is_bare(cell: Cell) -> bool:
    """True of a number that could be a spreadsheet's date and just as well a value."""
    return isinstance(cell, float) or (
        isinstance(cell, str) and re.fullmatch(r"\d+(\.\d+)?", cell.strip()) is not None and len(cell) < 8
    )


def read_stamp(cell: Cell) -> Stamp | None:
    """What a cell says of date and time, None where it is no date."""
    if isinstance(cell, datetime):
        seconds = round(cell.hour * 3600 + cell.minute * 60 + cell.second + cell.microsecond / 1e6)
        return Stamp((cell.year, cell.month, cell.day), "ymd", seconds, None, True)
    if isinstance(cell, date):
        return Stamp((cell.year, cell.month, cell.day), "ymd", None, None, True)
    if isinstance(cell, float):
        return _serial(cell)
    if not isinstance(cell, str):
        return None
    text = cell.strip().strip("'\"").strip()
    if found := _USUAL.fullmatch(text):
        minute, second = int(found[5]), int(found[6] or 0)
        seconds = int(found[4]) * 3600 + minute * 60 + second
        is_time = minute <= 59 and second <= 59 and seconds <= 86400
        return Stamp((int(found[1]), int(found[2]), int(found[3])), "ymd", seconds) if is_time else None
    if not text or not any(c.isdigit() for c in text[:4] + text[-4:]) or len(text) > 60:
        return None
    text = re.split(r"\s+(?:-|–|~|至|to)\s+", text, maxsplit=1)[0]  # an interval begins where it says first
    return _written(text)


def _serial(number: float) -> Stamp | None:
    if not _SERIAL[0] <= number <= _SERIAL[1]:
        return None
    moment = datetime(1899, 12, 30) + timedelta(seconds=round(number * 86400))
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return Stamp((moment.year, moment.month, moment.day), "ymd", seconds, None, True)


def _written(text: str) -> Stamp | None:
    if (found := _COMPACT_DATE.match(text)) and (clock := read_clock(found[4])) is not None:
        return Stamp((int(found[1]), int(found[2]), int(found[3])), "ymd", *clock)
    if _COMPACT.match(text):
        rest = text[8:]
        seconds = None if not rest else int(rest[:2]) * 3600 + int(rest[2:4] or 0) * 60 + int(rest[4:6] or 0)
        return Stamp((int(text[:4]), int(text[4:6]), int(text[6:8])), "ymd", seconds)
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return _serial(float(text))
    if found := _DATE.match(text):
        parts = (int(found[1]), int(found[2]), int(found[3]))
        order = "ymd" if len(found[1]) == 4 else ""
    elif (found := _NAMED.match(text)) and (month := month_of(found[2])):
        parts, order = (int(found[3]), month, int(found[1])), "ymd"
    elif (found := _NAMED_FIRST.match(text)) and (month := month_of(found[1])):
        parts, order = (int(found[3]), month, int(found[2])), "ymd"
    else:
        return None
    rest = re.sub(r"^[T,\s]+|^(星期|周)[一二三四五六日天]\s*", "", text[found.end() :])
    if not rest:
        return Stamp(parts, order, None)
    clock = read_clock(rest)
    return None if clock is None else Stamp(parts, order, *clock)


@cache
def month_of(word: str) -> int:
    """The month that a word names in English, French, German, Spanish or Polish, whole or short; 0 where it names none."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if c.isalpha() and c.isascii())
    starts = (plain[:4], plain[:3]) if len(plain) >= 3 else ()
    return next((n for start in starts for n, names in enumerate(DATA["months"], 1) if start in names.split()), 0)


def read_month(cell: Cell) -> tuple[int, int] | None:
    """(year or 0, month) of `3月`, `2025-03`, `enero 2025`, `Mrz. 25`; (year, 0) of a year; None of anything else."""
    text = f"{cell:g}" if isinstance(cell, float) else str(cell).strip()
    if found := re.fullmatch(r"(?:((?:19|20)\d{2})\s*[-/.年]\s*)?(\d{1,2})\s*月?(?:份)?", text):
        is_month = bool(found[1]) or "月" in text or not isinstance(cell, float)
        if 1 <= int(found[2]) <= 12 and is_month:
            return int(found[1] or 0), int(found[2])
    if found := re.fullmatch(r"((?:19|20)\d{2})(0[1-9]|1[0-2])", text):
        return int(found[1]), int(found[2])
    if found := re.fullmatch(r"(0?[1-9]|1[0-2])\s*[-/.]\s*((?:19|20)\d{2})", text):
        return int(found[2]), int(found[1])
    if found := re.fullmatch(r"([A-Za-zÀ-ž]{3,12})\.?(?:[ \-/.]*(?:de )?((?:19|20)?\d{2}))?", text):
        year, month = int(found[2] or 0), month_of(found[1])
        return (year + (2000 if 0 < year < 100 else 0), month) if month else None
    if found := re.fullmatch(r"((?:19|20)\d{2})\s*年?(?:度)?", text):
        return int(found[1]), 0
    return None


def read_clock(cell: Cell) -> tuple[int, int | None] | None:
    """(seconds from midnight, offset from UTC or None) of a time of day; 24:00 is 86400. None where it is no time."""
    if isinstance(cell, datetime):
        return (cell.hour * 3600 + cell.minute * 60 + cell.second, None) if cell.year < 1901 else None
    if isinstance(cell, time):
        return cell.hour * 3600 + cell.minute * 60 + cell.second, None
    if isinstance(cell, timedelta):
        seconds = round(cell.total_seconds())
        return (seconds, None) if 0 <= seconds <= 86400 else None
    if isinstance(cell, float):
        return (round(cell * 86400), None) if 0 <= cell <= 1 else None
    if not isinstance(cell, str):
        return None
    text = re.split(r"\s*(?:-|–|~|至)\s*(?=\d{1,2}:)", cell.strip(), maxsplit=1)[0]
    found = _TIME.match(text)
    if not found or (found["m"] is None and ":" in text):
        return None
    hour, minute, second = int(found["h"]), int(found["m"] or 0), int(found["s"] or 0)
    is_late = (found["ampm"] or "").lower().startswith("p") or found["half"] in ("下午", "晚上")
    is_half = found["ampm"] is not None or found["half"] is not None
    if is_half and hour <= 12:
        hour = hour % 12 + (12 if is_late else 0)
    seconds = hour * 3600 + minute * 60 + second
    if minute > 59 or second > 59 or seconds > 86400:
        return None
    zone = found["zone"]
    if zone is None:
        return seconds, None
    if zone in ("Z", "UTC"):
        return seconds, 0
    sign = -1 if zone[0] == "-" else 1
    return seconds, sign * (int(zone[1:3]) * 3600 + int(zone[-2:]) * 60)


def order_of(stamps: Sequence[Stamp], file: str, asked: str = "") -> str:
    """In which order day and month stand in stamps whose year is not in front: `dmy`, `mdy` (or `ymd` if asked).

    Raises CaseError where both would do, and where a spreadsheet has turned some dates round and not others.
    """
    written = [s for s in stamps if not s.order]
    if not written:
        return "ymd"
    if any(s.is_cell for s in stamps):
        raise CaseError.because(
            "{file}: some times are dates and others are text: a spreadsheet took day for month where it could; take the file "
            "as the portal gave it, before it was opened in a spreadsheet",
            file=file,
        )
    if asked:
        return asked
    first, second = max(s.parts[0] for s in written), max(s.parts[1] for s in written)
    if first > 31 and max(s.parts[2] for s in written) <= 31:
        return "ymd"
    if first > 12 and second > 12:
        raise CaseError.because(
            "{file}: neither the first nor the second number of its dates is always a month; say --order", file=file
        )
    if first <= 12 and second <= 12:
        example = "/".join(f"{p:02d}" for p in written[0].parts)
        words = mark("{file}: dates such as {example} may begin with the day or with the month; say --order dmy or --order mdy")
        raise CaseError.because(words, file=file, example=example)
    return "dmy" if first > 12 else "mdy"


def moment(stamp: Stamp, order: str) -> datetime:
    """The naive time that a stamp means. Raises ValueError where there is no such day."""
    if stamp.order == "ymd":
        year, month, day = stamp.parts
    else:
        names = dict(zip(stamp.order or order, stamp.parts, strict=True))
        year, month, day = names["y"], names["m"], names["d"]
    return datetime(year + (2000 if year < 100 else 0), month, day) + timedelta(seconds=stamp.seconds or 0)


# --- clock -----------------------------------------------------------------------------------------------------------------
# When it was: times as a clock on the wall shows them become times of one clock that is never changed.
#
# The clock of a park is the standard time of its zone all year: its days have 24 hours, and sun and load keep together. Where
# the wall clock is changed, a tariff's hours lie an hour earlier on it in summer; this is told.

STANDARD = mark(
    "Times are of the standard time of {zone} all year; in summer the clock is an hour ahead, so state a tariff's hours an hour "
    "earlier there."
)
HOUR, DAY = np.timedelta64(3600, "s"), np.timedelta64(86_400, "s")
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
    return min(datetime(year, month, 1, tzinfo=zone).utcoffset() or timedelta(0) for month in (1, 7))


def _ahead(zone: tzinfo, times: np.ndarray) -> np.timedelta64:
    """The same of the year of the first of these times."""
    return np.timedelta64(standard_offset(zone, int(str(times.min())[:4])), "s")


def standard_times(
    stamps: Sequence[Stamp], values: np.ndarray, file: str, order: str, zone: tzinfo | None, told: Told, is_counted: bool = False
) -> np.ndarray:
    """Times (n,) as datetime64[s] in the standard time of the zone, in the order of the file; NaT for an hour that was skipped.

    `is_counted`: seconds are those since midnight, of a day of 23 or 25 hours too. Raises CaseError where the zone, or the order of
    day and month, has to be said.
    """
    order = told.or_ask("order", "dmy", "dmy", lambda: order_of(stamps, file, order))
    if is_counted:
        return _of_counts(stamps, order, file, zone, told)
    naive, offsets = _naive(stamps, order, file), [s.offset for s in stamps]
    if None not in offsets:
        instants = naive - np.array(offsets, dtype="timedelta64[s]")
        if zone is None and not any(offsets):
            words = mark("{file}: its times are of UTC; say the park's zone, e.g. --zone Asia/Shanghai")
            told.ask("zone", "Asia/Shanghai", words, file=file)
        own = np.timedelta64(min(o for o in offsets if o is not None), "s")
        return instants + (own if zone is None else _ahead(zone, instants))
    if any(o is not None for o in offsets):
        raise CaseError.because("{file}: some times state their offset from UTC and others do not", file=file)
    if zone is None:
        _ask_changed_clock(naive, file, told)
    return naive if zone is None or isinstance(zone, timezone) else _of_zone(naive, values, file, zone, told)


def _naive(stamps: Sequence[Stamp], order: str, file: str) -> np.ndarray:
    moments, faults = list[datetime](), list[str]()
    for stamp in stamps:
        try:
            moments.append(moment(stamp, order))
        except (ValueError, OverflowError):
            words = mark("{file}: {day}: is no day; it is read as {order}")
            faults.append(Message(words, file=file, day="/".join(map(str, stamp.parts)), order=order))
    if faults:
        raise CaseError(dict.fromkeys(faults[:3]))
    return np.array(moments, dtype="datetime64[s]")


def _of_counts(stamps: Sequence[Stamp], order: str, file: str, zone: tzinfo | None, told: Told) -> np.ndarray:
    """Starts of intervals that are numbered from midnight: so long after the midnight of the clock on the wall."""
    elapsed = np.array([s.seconds or 0 for s in stamps], dtype="timedelta64[s]")
    days = _naive([s._replace(seconds=None) for s in stamps], order, file)
    if zone is None or isinstance(zone, timezone):
        if len(longer := np.unique(days[elapsed >= DAY])):
            words = mark("{file}: {day} has more than 24 hours: the clock was changed; say its zone, e.g. --zone {name}")
            raise CaseError.because(words, file=file, day=str(longer[0])[:10], name="Europe/Madrid")
        return days + elapsed
    dates, place = np.unique(days, return_inverse=True)
    midnights = _localized(pd.DatetimeIndex(dates), zone)
    lengths = (midnights + pd.DateOffset(days=1) - midnights).total_seconds().to_numpy().astype("timedelta64[s]")
    if len(beyond := np.flatnonzero(elapsed >= lengths[place])):
        words = mark(
            "{file}: {day} has more hours than the clocks of {zone} show on it; is the file kept in one time all year? Say that "
            "instead, e.g. --zone {fixed}"
        )
        day = str(days[beyond[0]])[:10]
        raise CaseError.because(words, file=file, day=day, zone=zone, fixed=_fixed(zone, int(day[:4])))
    if (lengths != DAY).any():
        told.say(STANDARD, zone=str(zone))
    return _utc(midnights)[place] + elapsed + _ahead(zone, dates)


def _localized(index: pd.DatetimeIndex, zone: tzinfo, is_summer: np.ndarray | bool | str = True) -> pd.DatetimeIndex:
    """Naive times on a clock on the wall; an hour that comes twice is summer time where it is told so, 'NaT' marks it."""
    ambiguous = np.ones(len(index), dtype=bool) if is_summer is True else is_summer
    return index.tz_localize(zone, ambiguous=ambiguous, nonexistent="shift_forward")


def _skipped(index: pd.DatetimeIndex, zone: tzinfo) -> np.ndarray:
    """(n,) whether the clock on the wall never shows a time."""
    return np.asarray(index.tz_localize(zone, ambiguous=np.ones(len(index), dtype=bool), nonexistent="NaT").isna())


def _utc(index: pd.DatetimeIndex) -> np.ndarray:
    return index.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[s]")


def _of_zone(naive: np.ndarray, values: np.ndarray, file: str, zone: tzinfo, told: Told) -> np.ndarray:
    """Naive times of a clock on the wall: of an hour that comes twice the first is summer time, a skipped one is empty, or the end
    of the interval before. Raises CaseError where it holds a value: the file keeps another clock."""
    index, times = pd.DatetimeIndex(naive), pd.Series(naive)
    twice, skipped = np.asarray(_localized(index, zone, "NaT").isna()), _skipped(index, zone)
    is_end = skipped & (times.dt.minute == 0).to_numpy() & ~np.isnan(values)
    filled, steps = skipped & ~np.isnan(values) & (values != 0), np.diff(np.unique(naive))
    if (filled & ~is_end).any() or (filled.any() and np.median(steps) >= HOUR):
        at = str(naive[filled][0]).replace("T", " ")[:16]
        words = mark(
            "{file}: has a value at {at}, an hour that the clocks of {zone} skip; the file keeps one time all year: say that "
            "instead, e.g. --zone {fixed}"
        )
        raise CaseError.because(words, file=file, at=at, zone=zone, fixed=_fixed(zone, int(at[:4])))
    is_summer = np.ones(len(index), dtype=bool)
    if twice.any():
        group, falls = times.groupby(naive), (naive[1:] < naive[:-1]).mean() > 0.5
        number, counts = group.cumcount().to_numpy(), group.transform("size").to_numpy()
        is_summer = ~twice | (counts == 1) | (number == (counts - 1 if falls else 0))
        days = sorted({str(t)[:10] for t in naive[twice]})
        told.say(mark("The hour that the clock shows twice was read in its order: {days}."), days=", ".join(days))
    standard = _utc(_localized(index, zone, is_summer)) + _ahead(zone, naive)
    standard[skipped & ~is_end] = np.datetime64("NaT")
    if (standard[~skipped] != naive[~skipped]).any():
        told.say(STANDARD, zone=str(zone))
    return standard


def _fixed(zone: tzinfo, year: int) -> str:
    minutes = int(standard_offset(zone, year).total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _ask_changed_clock(naive: np.ndarray, file: str, told: Told) -> None:
    """Ask for the zone where the hours that the clocks of one skip are missing, and those that they show twice come twice."""
    if naive.max() - naive.min() > 366 * 60 * DAY:
        return  # a year is misspelt, which is told later
    index, hours = pd.DatetimeIndex(naive), pd.date_range(naive.min(), naive.max(), freq="h").floor("h")
    for name in _GUESSES:
        zone = ZoneInfo(name)
        twice, skipped = index[_localized(index, zone, "NaT").isna()], hours[_skipped(hours, zone)]
        if twice.has_duplicates and len(skipped) and not index.floor("h").isin(skipped).any():
            words = mark(
                "{file}: an hour is missing on {skipped} and one comes twice on {twice}: the clock was changed; say its zone, "
                "e.g. --zone {name}"
            )
            told.ask("zone", name, words, file=file, skipped=str(skipped[0])[:10], twice=str(twice[0])[:10], name=name)
            return
