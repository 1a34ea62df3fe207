"""The rows above a table: what portals say there of unit, multiplier, period and meter, in one cell, beside or below each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.errors import CaseError
from planner.profiles.headings import METER, MULTIPLIED, PERIOD, RATIO, UNIT, UNMULTIPLIED
from planner.profiles.numbers import NUMBER, number_of
from planner.profiles.quantities import QuantityUnit, read_unit
from planner.profiles.source import Cell, SourceTable
from planner.profiles.stamps import read_clock, read_stamp

#: Rows among which the first row of data is looked for; rows after it that must be like it.
HEAD, LIKE = 60, 3
_PAIR = re.compile(r"^\s*([^:：=]{1,40})[:：=]\s*(.+)$")


@dataclass(frozen=True)
class Head:
    """What the rows above a table say; None or '' where they say nothing.

    unit    of the values
    ratio   multiplier of the meter's transformers as it is written; is_multiplied: whether the values hold it, None where not said
    period, meter   as they are written
    """

    unit: QuantityUnit | None = None
    ratio: str = ""
    is_multiplied: bool | None = None
    period: str = ""
    meter: str = ""


def first_data(table: SourceTable) -> int:
    """The first row of data: with a date where the rows after it have one too, or of numbers only. Raises CaseError for none."""
    for i, row in enumerate(table.rows[:HEAD]):
        filled = [c for c in row if c != ""]
        dated = [at for at, c in enumerate(row[:12]) if _is_date(c)]
        after = table.rows[i + 1 : i + 1 + LIKE]
        if any(all(at < len(other) and _is_date(other[at]) for other in after) for at in dated):
            return i
        if filled and all(number_of(c, "") is not None for c in filled) and (i > 0 or len(table.rows) > 1):
            return i
    raise CaseError.because(
        "{file}: no row with a time and a number is found; a CSV file or sheet of meter readings is needed", file=table.file
    )


def is_bare(cell: Cell) -> bool:
    """True of a number that could be a spreadsheet's date and just as well a value."""
    return isinstance(cell, float) or (
        isinstance(cell, str) and re.fullmatch(r"\d+(\.\d+)?", cell.strip()) is not None and len(cell) < 8
    )


def _is_date(cell: Cell) -> bool:
    return read_stamp(cell) is not None and not is_bare(cell)


def heading_at(table: SourceTable, start: int) -> int:
    """The row of the headings above the first row of data; -1 where there is none. A row of units may stand between."""
    above = [i for i in range(max(0, start - 2), start) if any(c != "" for c in table.rows[i])]
    if len(above) == 2 and _names_units(table.rows[above[1]]) and len(_filled(table.rows[above[0]])) > 1:
        return above[0]
    return above[-1] if above else -1


def _filled(row: Sequence[Cell]) -> list[str]:
    return [str(c).strip() for c in row if str(c).strip()]


def _names_units(row: Sequence[Cell]) -> bool:
    """True of a row of nothing but units and forms of dates, such as `[dd.mm.yyyy hh:mm]  [kW]`."""
    cells = [c.strip("[]() ") for c in _filled(row)]
    known = [c for c in cells if read_unit(c) is not None or re.fullmatch(r"kvar(?:h)?|k?va|v|a|°c|%", c, re.IGNORECASE)]
    forms = [c for c in cells if re.fullmatch(r"[TDMJYASaHhms日时.:/\- ]+", c, re.IGNORECASE) or c in ("-", "")]
    return bool(known) and len(known) + len(forms) == len(cells)


def read_head(rows: Sequence[Sequence[Cell]]) -> Head:
    """What the rows above the headings say."""
    unit: QuantityUnit | None = None
    ratio = ""
    period, meters = list[str](), list[str]()
    for key, value in _pairs(rows):
        if UNIT.search(key):
            unit = unit or read_unit(re.split(r"[\s,;，；)）]", value)[0])
        elif RATIO.search(key):
            found = re.match(rf"\s*({NUMBER})", value)
            ratio = ratio or (found[1] if found else "")
        elif PERIOD.search(key):
            period.append(value)
        elif METER.search(key):
            meters.append(value)
    text = " ".join(" ".join(_filled(row)) for row in rows)
    is_multiplied = False if UNMULTIPLIED.search(text) else True if MULTIPLIED.search(text) else None
    return Head(unit, ratio, is_multiplied, " – ".join(dict.fromkeys(period)), ", ".join(dict.fromkeys(meters)))


def _pairs(rows: Sequence[Sequence[Cell]]) -> list[tuple[str, str]]:
    """Keys and their values: in one cell with a colon, beside each other, or, in a row of keys, below."""
    found: list[tuple[str, str]] = []
    for i, row in enumerate(rows):
        texts = [str(c).strip() for c in row]
        keys = [bool(t) and _is_key(t) for t in texts]
        below = [str(c).strip() for c in rows[i + 1]] if i + 1 < len(rows) else []
        is_row_of_keys = sum(keys) > 1 and below and not any(_is_key(t) for t in below if t)
        for at, text in enumerate(texts):
            for part in re.split(r"[;；]|\s{2,}|[,，](?=\D)", text) if _PAIR.match(text) else ():
                if (pair := _PAIR.match(part)) and read_clock(part) is None and read_stamp(part) is None:
                    found.append((pair[1].strip(), pair[2].strip()))
            if keys[at] and not _PAIR.match(text):
                beside = [t for t in texts[at + 1 :] if t][: 2 if PERIOD.search(text) else 1]
                value = (below[at] if at < len(below) else "") if is_row_of_keys else " – ".join(beside)
                if value:
                    found.append((text, value))
    return found


def _is_key(text: str) -> bool:
    text = text.rstrip(":： ")
    return len(text) < 40 and any(p.search(text) for p in (UNIT, RATIO, METER, PERIOD)) and not re.search(r"\d{4}", text)
