"""Numbers as people write them: with a decimal comma or point, with or without signs between thousands, or not at all."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence

import numpy as np

from models.errors import CaseError
from planner.language.language import mark
from planner.language.message import Message
from planner.park.fields import cell_fault
from planner.profiles.source import Cell, SourceTable

#: A number in a text, with whichever mark.
NUMBER = r"(?:\d{1,3}(?:[ \u00a0\u202f']\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)*)"
#: What stands where there is no value.
NOTHING = frozenset(("", "-", "--", "---", "—", "null", "none", "nan", "n/a", "na", "#n/a", "无", "无数据", "缺失", "/"))
#: Digits with what may stand between thousands, by the sign of the decimals.
_WRITTEN = {
    sign: re.compile(rf"[+-]?(?:\d{{1,3}}(?:[ ']\d{{3}})+|\d{{1,3}}(?:{other}\d{{3}})+|\d+)?(?:{own}\d*)?(?:[eE][+-]?\d+)?")
    for sign, own, other in (("point", r"\.", ","), ("comma", ",", r"\."))
}
#: Only a number with this sign of the decimals is written so: of `1,234` and `1.234` nobody can tell.
_SHOWS = {
    sign: re.compile(
        rf"[{other} ']\d{{3}}{own}|{own}(?:\d{{1,2}}|\d{{4,}})?(?:[eE][+-]?\d+)?$|^[+-]?0*{own}|^[+-]?\d{{4,}}{own}"
        rf"|{other}\d{{3}}{other}"
    )
    for sign, own, other in (("point", r"\.", ","), ("comma", ",", r"\."))
}
#: Signs of money before or behind a number.
_MONEY = re.compile(r"^(?:US)?[$€£¥]\s*(?=[\d.,-])|(?<=\d)\s*(?:[$€£¥]|zł|元|円)$")
#: A number that every way of writing takes as it is, but that of the decimal comma.
_SIMPLE = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_DIGITS = re.compile(r"[+-]?[\d., ']*\d[\d., ']*(?:[eE][+-]?\d+)?")
#: What is told of the decimals of a file.
DECIMALS = {"point": mark("decimal point"), "comma": mark("decimal comma"), "": mark("no decimal mark in its text")}


def is_nothing(cell: Cell) -> bool:
    """True of what stands where there is no value."""
    return isinstance(cell, str) and cell.strip().lower() in NOTHING


def _plain(text: str) -> str:
    """The text with the digits, blanks and signs of a keyboard, without a sign of money: full-width digits and unbroken blanks are
    others' ways of these. Most text is of a keyboard as it is, which is told at once."""
    if text.isascii() and "$" not in text:
        return text.strip()
    return _MONEY.sub("", unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace("’", "'").strip())


def number_of(cell: Cell, decimal: str) -> float | None:
    """The number of a cell; of text with `decimal` as its sign ('' and 'point': a point). Groups of three digits may be set apart
    by blanks, apostrophes or the other sign; anything else, such as `1.5` where the comma is the sign, is none."""
    if isinstance(cell, float):
        return cell if math.isfinite(cell) else None
    if not isinstance(cell, str):
        return None
    text, sign = _plain(cell), decimal or "point"
    if sign == "point" and _SIMPLE.fullmatch(text):
        return number if math.isfinite(number := float(text)) else None
    if not _WRITTEN[sign].fullmatch(text) or not any(c.isdigit() for c in text):
        return None
    own, other = (",", ".") if sign == "comma" else (".", ",")
    text = text.replace(" ", "").replace("'", "").replace(other, "").replace(own, ".")
    if text.lstrip("+-.")[:1] in ("", "e", "E"):
        return None
    return number if math.isfinite(number := float(text)) else None


def number_in(text: str, sign: str, within: tuple[float, float] | None = None) -> float:
    """A number of a text: as it can only be read, else with `sign` of the file's decimals, else as lies `within` what is possible.

    Raises ValueError where it is none, and where `1.000` may be one or a thousand.
    """
    signs = [own for own in _SHOWS if _SHOWS[own].search(_plain(text))] or [sign or "point", sign or "comma"]
    values = {number for own in signs if (number := number_of(text, own)) is not None}
    if len(values) > 1 and within is not None:
        values = {number for number in values if within[0] <= number <= within[1]} or values
    if len(values) > 1:
        small, large = sorted(values)
        words = {"number": repr(text), "small": f"{small:g}", "large": f"{large:g}"}
        raise ValueError(Message("{number}: is {small} or {large}; say --decimal comma or --decimal point", **words))
    if not values:
        raise ValueError(Message("{what}: {words}", what=repr(text), words=Message("is no number")))
    return values.pop()


def _shown(cells: Iterable[str]) -> tuple[list[str], dict[str, str]]:
    """(texts with a mark, of each sign of the decimals one that can only be read with it)."""
    texts = [text for cell in cells if _DIGITS.fullmatch(text := _plain(cell)) and ("," in text or "." in text)]
    return texts, {sign: text for sign, pattern in _SHOWS.items() for text in reversed(texts) if pattern.search(text)}


def sign_of(texts: Iterable[str]) -> str:
    """The sign of the decimals that numbers in texts show; '' where they show none, or both."""
    shown = _shown(texts)[1]
    return next(iter(shown)) if len(shown) == 1 else ""


def decimal_of(cells: Sequence[str], separator: str, file: str, beside: str = "") -> str:
    """`comma` or `point`: the sign of the decimals of a column. Raises CaseError where both would do, and where both are there.

    `beside` is the sign that the rest of the file shows. A point before three digits is one of decimals where commas separate the
    cells: who writes thousands with points does not.
    """
    texts, shown = _shown(cells)
    if len(shown) == 2:
        raise CaseError.because(
            "{file}: {point} has a decimal point and {comma} a decimal comma; make them one, or say --decimal comma or --decimal "
            "point: what is written otherwise is then refused",
            file=file,
            point=repr(shown["point"]),
            comma=repr(shown["comma"]),
        )
    if shown or beside or not texts:
        return next(iter(shown), beside or "point")
    comma = next((text for text in texts if "," in text), None)
    if comma is not None:
        raise CaseError.because(
            "{file}: numbers such as {number} may hold a decimal comma or thousands; say --decimal comma or --decimal point",
            file=file,
            number=repr(comma),
        )
    if separator != ",":
        raise CaseError.because(
            "{file}: numbers such as {number} may hold a decimal point or thousands; say --decimal point or --decimal comma",
            file=file,
            number=repr(texts[0]),
        )
    return "point"


def decimal_shown(cells: Sequence[Cell], sign: str) -> str:
    """The sign of the decimals where a cell of text has it; '' where none does: then nothing hangs on it."""
    own = "," if sign == "comma" else "."
    return sign if any(isinstance(cell, str) and own in _plain(cell) for cell in cells) else ""


def no_number(file: str, line: int, cell: Cell) -> Message:
    """What is wrong with a cell that is no number: the error of a formula, one that nothing has calculated, or another text."""
    place = Message("{file} line {line}", file=file, line=line)
    words = cell_fault(str(cell)) or Message("is no number")
    return Message("{place}: {words}", place=place, words=Message("{what}: {words}", what=repr(str(cell)), words=words))


def numbers(rows: Sequence[tuple[list[Cell], int]], at: int, decimal: str, table: SourceTable) -> tuple[np.ndarray, str]:
    """(values of a column, NaN where there is none; the sign of the decimals). Raises CaseError for what is neither."""
    cells = [row[at] for row, _ in rows]
    sign = decimal or decimal_of([c for c in cells if isinstance(c, str)], table.separator, table.file)
    values = np.full(len(cells), np.nan)
    faults = []
    for i, cell in enumerate(cells):
        if is_nothing(cell):
            continue
        number = number_of(cell, sign)
        if number is None:
            faults.append(no_number(table.file, rows[i][1], cell))
        else:
            values[i] = number
    if faults:
        more = (
            [Message("{file}: {count} more cells are no numbers", file=table.file, count=len(faults) - 5)]
            if len(faults) > 5
            else []
        )
        raise CaseError([*faults[:5], *more])
    return values, decimal_shown(cells, sign)
