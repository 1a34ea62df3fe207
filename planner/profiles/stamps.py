"""Times as people write them: what each cell says, and in which order day and month stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from models.errors import CaseError
from planner.profiles.source import Cell

ORDERS = ("ymd", "dmy", "mdy")
#: How names of months begin in English, French, German and Spanish, without accents.
_MONTHS = {
    "jan": 1,
    "ene": 1,
    "feb": 2,
    "fev": 2,
    "mar": 3,
    "apr": 4,
    "avr": 4,
    "abr": 4,
    "may": 5,
    "mai": 5,
    "jun": 6,
    "juin": 6,
    "jul": 7,
    "juil": 7,
    "aug": 8,
    "aou": 8,
    "ago": 8,
    "sep": 9,
    "set": 9,
    "oct": 10,
    "okt": 10,
    "nov": 11,
    "dec": 12,
    "dez": 12,
    "dic": 12,
    "sty": 1,
    "lut": 2,
    "kwi": 4,
    "maj": 5,
    "cze": 6,
    "lip": 7,
    "sie": 8,
    "wrz": 9,
    "paz": 10,
    "lis": 11,
    "gru": 12,
}
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


def month_of(word: str) -> int:
    """The month that a word names in English, French, German, Spanish or Polish, whole or short; 0 where it names none."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if c.isalpha() and c.isascii())
    return _MONTHS.get(plain[:4], _MONTHS.get(plain[:3], 0)) if len(plain) >= 3 else 0


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
        raise CaseError.because(
            "{file}: dates such as {example} may begin with the day or with the month; say --order dmy or --order mdy",
            file=file,
            example=example,
        )
    return "dmy" if first > 12 else "mdy"


def moment(stamp: Stamp, order: str) -> datetime:
    """The naive time that a stamp means. Raises ValueError where there is no such day."""
    if stamp.order == "ymd":
        year, month, day = stamp.parts
    else:
        names = dict(zip(stamp.order or order, stamp.parts, strict=True))
        year, month, day = names["y"], names["m"], names["d"]
    return datetime(year + (2000 if year < 100 else 0), month, day) + timedelta(seconds=stamp.seconds or 0)
