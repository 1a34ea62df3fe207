"""Which month a row of bills is of: a month as text, a date, or a period of two dates."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from models.errors import CaseError
from planner.profiles.numbers import number_of
from planner.profiles.source import Cell
from planner.profiles.stamps import month_of, order_of, read_stamp

#: Rows of sums, of any language.
TOTAL = re.compile(r"合计|总计|小计|\btotal|summe|gesamt|suma\b|somme|\bsum\b|razem|ogółem", re.IGNORECASE)
#: Between the first and the last day of a period in one cell.
_PERIOD = re.compile(r"(?<=\d{4})\s*[-–—]\s*(?=\d)|\s+(?:-|–|do|to|bis|al|au|a)\s+")


def order_in(rows: list[list[Cell]], file: str) -> str:
    """The order of day and month; of first days of months it is the one in which they are of more months."""
    stamps = [s for row in rows for cell in row[:4] for part in _parts(cell) if (s := read_stamp(part)) is not None]
    try:
        return order_of(stamps, file)
    except CaseError:
        months = [len({s.parts[at] for s in stamps if not s.order}) for at in (0, 1)]
        return "mdy" if months[0] > months[1] else "dmy"


def before_date(row: Sequence[Cell], days: Cell, order: str) -> tuple[int, int] | None:
    """(year, month) of the middle of the so many days that end on the only date of a row; None where there is another number."""
    found = [s for cell in row[:4] for part in _parts(cell) if (s := read_stamp(part)) is not None]
    count = number_of(days, "")
    if len(found) != 1 or count is None or not 5 <= count <= 100:
        return None
    names = dict(zip(found[0].order or order, found[0].parts, strict=True))
    try:
        year = names["y"] + (2000 if names["y"] < 100 else 0)
        last = np.datetime64(f"{year:04d}-{names['m']:02d}-{names['d']:02d}")
    except ValueError:
        return None
    text = str(last - np.timedelta64(round(count / 2), "D"))
    return int(text[:4]), int(text[5:7])


def _parts(cell: Cell) -> list[Cell]:
    """What may be a date in a cell: the two days of a period, or the cell; nothing of a number."""
    if isinstance(cell, float):
        return []
    return [*_PERIOD.split(cell)] if isinstance(cell, str) else [cell]


def _month_text(cell: Cell) -> tuple[int, int] | None:
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
        return (year + (2000 if 0 < year < 100 else 0), month) if month and not TOTAL.search(text) else None
    if found := re.fullmatch(r"((?:19|20)\d{2})\s*年?(?:度)?", text):
        return int(found[1]), 0
    return None


def is_time(text: str) -> bool:
    """True for what is read as a date, a period or a month."""
    return read_stamp(_PERIOD.split(text)[0]) is not None or bool(_month_text(text))


def month_in(row: Sequence[Cell], order: str) -> tuple[int, int] | None:
    """(year or 0, month) of a row by its first cells; the middle of a period where two of them are dates."""
    dates = list[np.datetime64]()
    for cell in row[:4]:
        if isinstance(cell, float) and cell > 2100:
            continue
        if (found := _month_text(cell)) is not None and not dates:
            return found
        for part in _parts(cell):
            if (stamp := read_stamp(part)) is None:
                continue
            names = dict(zip(stamp.order or order, stamp.parts, strict=True))
            try:
                year = names["y"] + (2000 if names["y"] < 100 else 0)
                dates.append(np.datetime64(f"{year:04d}-{names['m']:02d}-{names['d']:02d}"))
            except ValueError:
                return None
    if not dates:
        return None
    middle = dates[0] if len(dates) == 1 else dates[0] + (dates[1] - dates[0]) // 2
    text = str(middle)
    return int(text[:4]), int(text[5:7])
