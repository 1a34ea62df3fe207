"""Numbers as people write them: with a decimal comma or point, with or without signs between thousands, or not at all."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np

from models.errors import CaseError
from planner.language.message import Message
from planner.profiles.source import Cell, Table

#: What stands where there is no value.
NOTHING = frozenset(("", "-", "--", "---", "—", "null", "none", "nan", "n/a", "na", "#n/a", "无", "无数据", "缺失", "/"))


def is_nothing(cell: Cell) -> bool:
    """True of what stands where there is no value."""
    return isinstance(cell, str) and cell.strip().lower() in NOTHING


def number_of(cell: Cell, decimal: str) -> float | None:
    """The number of a cell; of text with `decimal` as its sign ('' and 'point': a point; commas may stand between thousands)."""
    if isinstance(cell, float):
        return cell if math.isfinite(cell) else None
    if not isinstance(cell, str):
        return None
    text = cell.strip().replace("\u00a0", "").replace(" ", "").replace("'", "")
    text = text.replace(".", "").replace(",", ".") if decimal == "comma" else text
    if decimal != "comma" and "," in text:
        if not re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", text):
            return None
        text = text.replace(",", "")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text):
        return None
    return number if math.isfinite(number := float(text)) else None


def decimal_of(cells: Sequence[str], separator: str, file: str) -> str:
    """`comma` or `point`: the sign of the decimals of a column. Raises CaseError where both would do."""
    commas = [c for c in cells if "," in c]
    if not commas:
        return "point"
    if any(re.search(r"\.\d*,|,\d{1,2}$|,\d{4,}$|^0,", c) for c in commas):
        return "comma"
    if any(re.search(r",\d{3}\.|,\d{3},", c) for c in commas) or separator == ",":
        return "point"
    raise CaseError.because(
        "{file}: numbers such as {number} may hold a decimal comma or thousands; say --decimal comma or --decimal point",
        file=file,
        number=repr(commas[0]),
    )


def numbers(rows: Sequence[tuple[list[Cell], int]], at: int, decimal: str, table: Table) -> np.ndarray:
    """The values of a column, NaN where there is none. Raises CaseError for what is neither."""
    cells = [row[at] for row, _ in rows]
    sign = decimal or decimal_of([c for c in cells if isinstance(c, str)], table.separator, table.file)
    values = np.full(len(cells), np.nan)
    faults = []
    for i, cell in enumerate(cells):
        if is_nothing(cell):
            continue
        number = number_of(cell, sign)
        if number is None:
            faults.append(
                Message("{file} line {line}: {cell}: is no number", file=table.file, line=rows[i][1], cell=repr(str(cell)))
            )
        else:
            values[i] = number
    if faults:
        more = (
            [Message("{file}: {count} more cells are no numbers", file=table.file, count=len(faults) - 5)]
            if len(faults) > 5
            else []
        )
        raise CaseError([*faults[:5], *more])
    return values
