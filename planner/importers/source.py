"""What a file holds: rows of cells, whatever encoding, separator or workbook they come in, and numbers as people write them."""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from models.errors import CaseError
from planner.importers.words import term
from planner.language.language import mark
from planner.language.message import Message
from planner.park.book import OLD, Workbook
from planner.park.fields import cell_fault

T = TypeVar("T")
R = TypeVar("R")
Cell = str | float | datetime | date | time | timedelta
#: A row with its line in the file.
Line = tuple[list[Cell], int]

#: Larger files are refused: a year of minutes has 20 MB.
MOST_BYTES = 200_000_000
#: Rows in which headings are looked for; lines that the separator is looked for in.
HEADED, LOOKED_AT = 20, 200
SEPARATORS = ("\t", ";", "|", ",")
_BOOKS = b"PK\x03\x04", OLD


@dataclass(frozen=True)
class SourceTable:
    """Rows of cells as a file states them.

    file      name as the person gave it, for faults
    rows      cells; of text files all are str, of workbooks numbers and dates are such
    lines     line (row) of the file that each row stands in
    encoding  how the text was read; empty for a workbook
    """

    file: str
    rows: list[list[Cell]]
    lines: list[int]
    encoding: str = ""

    @property
    def texts(self) -> list[str]:
        """Every cell that is a text."""
        return [cell for row in self.rows for cell in row if isinstance(cell, str)]


@dataclass(frozen=True)
class HeadedRows:
    """Rows below a row of headings, with their lines; `at` is the column of each thing that is wanted and there."""

    header: list[Cell]
    at: dict[str, int]
    rows: list[Line]

    def cell(self, row: Sequence[Cell], key: str) -> Cell:
        """The cell of a column; '' where the row or the file has none."""
        return row[self.at[key]] if self.at.get(key, len(row)) < len(row) else ""

    def text(self, row: Sequence[Cell], key: str) -> str:
        """The same as text; a number without an exponent."""
        return text_of(self.cell(row, key))

    def texts(self, *keys: str) -> list[str]:
        """Cells of text with a digit in these columns: what shows the sign of the decimals."""
        cells = (self.cell(row, key) for row, _ in self.rows for key in keys)
        return [cell for cell in cells if isinstance(cell, str) and re.search(r"\d", cell)]


def under_headings(
    table: SourceTable, words: Mapping[str, str], needed: Sequence[str], at_start: bool = False, dropped: str = ""
) -> HeadedRows | None:
    """The rows below the first row with a heading of each thing that is `needed`; None where there is none.

    `words`: what headings of a thing hold, or begin with, `item|description`; of two the first word counts, and a column is of one
    thing. `dropped`: a pattern of signs that headings are read without.
    """
    for i, row in enumerate(table.rows[:HEADED]):
        texts = [re.sub(dropped, "", text) if len(text := str(cell).strip().lower()) < 30 else "" for cell in row]
        found: dict[str, int] = {}
        for key, parts in words.items():
            fits = (
                at
                for part in parts.split("|")
                for at, text in enumerate(texts)
                if (text.startswith(part) if at_start else part in text) and at not in found.values()
            )
            if (place := next(fits, None)) is not None:
                found[key] = place
        if found.keys() >= set(needed):
            return HeadedRows(row, found, list(zip(table.rows[i + 1 :], table.lines[i + 1 :], strict=True)))
    return None


def bracketed(heading: str) -> str:
    """What stands in the first brackets of a heading; '' without."""
    inside = re.search(r"[(（\[]([^)）\]]+)[)）\]]", heading)
    return inside[1] if inside else ""


def text_of(cell: Cell) -> str:
    """A cell as text; a number without an exponent."""
    return f"{cell:.10g}" if isinstance(cell, float) else str(cell).strip()


def squared(rows: Sequence[list[Cell]], width: int = 0) -> list[list[Cell]]:
    """Rows of one width, at least `width`: blanks stand where a row ends early."""
    width = max(width, *map(len, rows), 0)
    return [row + [""] * (width - len(row)) for row in rows]


def of_each(items: Iterable[T], read: Callable[[T], R]) -> list[R]:
    """What is read of each item. Raises CaseError with the faults of all of them."""
    made, faults = list[R](), list[str]()
    for item in items:
        try:
            made.append(read(item))
        except CaseError as error:
            faults += error.complaints
    if faults:
        raise CaseError(faults)
    return made


def some(faults: Sequence[str], more: str, most: int = 5, **values: object) -> None:
    """Raise CaseError with the first faults, and with `more` how many are left; nothing where there are none."""
    if faults:
        rest = [Message(more, count=f"{len(faults) - most:,}", **values)] if len(faults) > most else []
        raise CaseError([*faults[:most], *rest])


# --- files -----------------------------------------------------------------------------------------------------------------


def read_bytes(path: Path) -> bytes:
    """The bytes of a file. Raises CaseError where there is none, or where it is far too large."""
    if not path.exists():
        raise CaseError.because("{path}: is missing; name a file that exists", path=path)
    if not path.is_file():
        raise CaseError.because("{path}: is no file", path=path)
    if path.stat().st_size > MOST_BYTES:
        words = mark("{path}: has {size} MB; at most {most} MB are read")
        raise CaseError.because(words, path=path, size=f"{path.stat().st_size / 1e6:,.0f}", most=f"{MOST_BYTES / 1e6:,.0f}")
    try:
        return path.read_bytes()
    except OSError as error:
        raise CaseError.because("{path}: cannot be read ({error})", path=path, error=error.strerror) from error


def read_source(path: Path, encoding: str = "", sheet: str = "") -> SourceTable:
    """The rows of a CSV file or a workbook, told by its content and not by its name. Raises CaseError where it is neither."""
    content = read_bytes(path)
    if content.startswith(_BOOKS):
        return _of_book(path, content, sheet)[0]
    text, used = decode(content, str(path), encoding)
    start = text.lstrip()[:2000].lower()
    if start.startswith("<") and any(tag in start for tag in ("<html", "<table", "<!doctype")):
        words = mark("{path}: is a web page, whatever its name says; open it in a spreadsheet and save it as xlsx or CSV")
        raise CaseError.because(words, path=path)
    if start.startswith("<"):
        words = mark("{path}: is XML, such as Green Button; take the portal's CSV, or open it in a spreadsheet and save it as xlsx")
        raise CaseError.because(words, path=path)
    rows = _aligned(text.splitlines(), str(path))
    try:
        rows = rows or [*csv.reader(io.StringIO(text), delimiter=_separator(text))]
    except csv.Error as error:
        raise CaseError.because("{path}: cannot be read as CSV ({error})", path=path, error=error) from error
    filled = [([*map(_stripped, row)], line) for line, row in enumerate(rows, start=1) if any(map(str.strip, row))]
    if not filled:
        raise CaseError.because("{path}: is empty", path=path)
    return SourceTable(str(path), [row for row, _ in filled], [line for _, line in filled], used)


def _stripped(cell: str) -> Cell:
    return cell.strip().strip("\ufeff")


def decode(content: bytes, file: str, encoding: str = "") -> tuple[str, str]:
    """(text, encoding): the one asked for, else what the bytes make sense in: UTF-8, UTF-16 with or without a mark, GB18030 (with
    GBK and GB2312 in it), else Windows-1252, or 1250 where words of that have signs within them (`ciep³o`). Libraries that find an
    encoding take short Chinese texts for UTF-16.

    Raises CaseError where it is none of these throughout.
    """
    zeros = Counter(i % 2 for i, byte in enumerate(content[:2000]) if byte == 0)
    if encoding:
        guesses = [encoding]
    elif content.startswith((b"\xff\xfe", b"\xfe\xff")):
        guesses = ["utf-16"]
    elif sum(zeros.values()) > len(content[:2000]) / 5:
        guesses = ["utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"]
    else:
        guesses = ["utf-8", "gb18030", "cp1252"]
    for name in guesses:
        try:
            text = content.decode(name, errors="replace" if name == "cp1252" and not encoding else "strict").lstrip("\ufeff")
        except LookupError as error:
            raise CaseError.because("{file}: --encoding {encoding}: is no encoding", file=file, encoding=encoding) from error
        except UnicodeError:
            continue
        if name == "cp1252" and not encoding and _SIGN_IN_WORD.search(text):
            return content.decode("cp1250", errors="replace"), "cp1250"
        if name != "gb18030" or encoding or _is_chinese(text):
            return text, name
    if encoding:
        raise CaseError.because("{file}: --encoding {encoding}: does not fit", file=file, encoding=encoding)
    raise CaseError.because("{file}: begins as {encoding} and is none further on; say --encoding", file=file, encoding=guesses[0])


#: A sign of Windows-1252 within a word is a letter of Poland, Bohemia or Hungary.
_SIGN_IN_WORD = re.compile(r"[A-Za-zÀ-ÿ][¹³¿¾][a-zà-ÿ]|[a-z]ñæ\b")


def _is_chinese(text: str) -> bool:
    """True if what is not ASCII is mostly of GB2312: German umlauts read as GBK are rare characters."""
    odd = [c for c in text[:200_000] if ord(c) > 127]
    return sum(bool(c.encode("gb2312", errors="ignore")) for c in odd) >= 0.8 * len(odd)


_GAP = re.compile(r"(?<=[^\s,;|])[ \u3000]{2,}(?=[^\s,;|])")


def _aligned(lines: Sequence[str], file: str) -> list[list[str]]:
    """Rows whose columns are aligned by blanks; none where most lines have none, or a sign between cells.

    Raises CaseError where a row has other cells than the rest: blanks do not say which one is missing. Rows of sums are left out.
    """
    split = [_GAP.split(line.strip()) if line.strip() else [] for line in lines]
    filled = [row for row in split if row]
    width, count = Counter(map(len, filled)).most_common(1)[0] if filled else (0, 0)
    if width < 2 or 2 * count < len(filled) or any(sign in line for line in lines for sign in "\t;|"):
        return []
    first = next(at for at, row in enumerate(split) if len(row) == width)
    short = [at for at, row in enumerate(split) if at > first and len(row) not in (0, 1, width) and not term("sum").match(row[0])]
    words = mark("{file} line {line}: has fewer cells than the other rows, and blanks do not say which is missing; write 0 or -")
    if short:
        raise CaseError([Message(words, file=file, line=at + 1) for at in short[:5]])
    return [row if len(row) in (1, width) else [] for row in split]


def _separator(text: str) -> str:
    """The separator that cuts most lines into the same number of cells; a comma only where no other does as well."""
    lines = text.splitlines()[:LOOKED_AT]
    alike = dict.fromkeys(SEPARATORS, 0)
    for separator in SEPARATORS:
        try:
            counts = Counter(len(row) for row in csv.reader(lines, delimiter=separator) if len(row) > 1)
        except csv.Error:
            continue
        alike[separator] = max(counts.values(), default=0)
    return max(alike, key=lambda separator: alike[separator]) if any(alike.values()) else ","


def read_sources(path: Path, encoding: str = "", sheet: str = "") -> list[SourceTable]:
    """As `read_source`, one table; with the sheet `all` one of each sheet that holds something. Raises CaseError as it does."""
    if sheet != "all":
        return [read_source(path, encoding, sheet)]
    content = read_bytes(path)
    if not content.startswith(_BOOKS):
        raise CaseError.because("{path}: --sheet all: is no workbook", path=path)
    return _of_book(path, content, sheet)


def _of_book(path: Path, content: bytes, sheet: str) -> list[SourceTable]:
    """The sheet that is asked for, or the only one, of a workbook; of `all` each that holds something."""
    book = Workbook(path, content)
    filled = [name for name in book.names if book.is_filled(name)]
    if sheet == "all":
        return [_table(f"{path} sheet {name}", book.rows(name)) for name in filled]
    if sheet and sheet not in book.names:
        words = mark("{path}: --sheet {sheet}: is no sheet; there are {sheets}")
        raise CaseError.because(words, path=path, sheet=sheet, sheets=", ".join(book.names))
    if not filled:
        raise CaseError.because("{path}: every sheet is empty", path=path)
    if not sheet and len(filled) > 1:
        words = mark("{path}: has several sheets; say which with --sheet, or --sheet all: {filled}")
        raise CaseError.because(words, path=path, filled=", ".join(filled))
    if sheet and sheet not in filled:
        raise CaseError.because("{path}: sheet {name} is empty", path=path, name=sheet)
    return [_table(str(path), book.rows(sheet or filled[0]))]


def _table(file: str, cells_of: list[list[Any]]) -> SourceTable:
    rows = [([*map(_cell, row)], line) for line, row in enumerate(cells_of, start=1)]
    rows = [(row, line) for row, line in rows if any(cell != "" for cell in row)]
    return SourceTable(file, [row for row, _ in rows], [line for _, line in rows])


def _cell(cell: Any) -> Cell:
    """A cell of a workbook; TRUE is no number."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, str):
        return cell.strip()
    return float(cell) if isinstance(cell, int) else cell


# --- numbers ---------------------------------------------------------------------------------------------------------------
# Numbers as people write them: with a decimal comma or point, with or without signs between thousands, or not at all.

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
        rf"[{other} ']\d{{3}}{own}|{own}(?:\d{{1,2}}|\d{{4,}})?(?:[eE][+-]?\d+)?$|^[+-]?(?:0\d*)?{own}|^[+-]?\d{{4,}}{own}"
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


def number_of(cell: Cell, decimal: str = "") -> float | None:
    """The number of a cell; of text with `decimal` as its sign ('' and 'point': a point). Groups of three digits may be set apart
    by blanks, apostrophes or the other sign; anything else, such as `1.5` where the comma is the sign, is none."""
    if isinstance(cell, float):
        return cell if math.isfinite(cell) else None
    if not isinstance(cell, str):
        return None
    text, sign = _plain(cell), decimal or "point"
    if sign != "point" or not _SIMPLE.fullmatch(text):
        if not _WRITTEN[sign].fullmatch(text) or not any(c.isdigit() for c in text):
            return None
        own, other = (",", ".") if sign == "comma" else (".", ",")
        text = text.replace(" ", "").replace("'", "").replace(other, "").replace(own, ".")
        if text.lstrip("+-.")[:1] in ("", "e", "E"):
            return None
    return number if math.isfinite(number := float(text)) else None


def is_amount(cell: Cell) -> bool:
    """True of a number, whichever sign of the decimals it has."""
    return number_of(cell, "point") is not None or number_of(cell, "comma") is not None


NO_NUMBER = Message("is no number; put it right in the file, or leave the cell empty")


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


def decimal_of(cells: Sequence[str], file: str, beside: Iterable[str] = ()) -> str:
    """`comma` or `point`: the sign of the decimals of a column. Raises CaseError where both would do, and where both are there.

    `beside`: other numbers of the file, which decide where the column does not.
    """
    texts, shown = _shown(cells)
    if len(shown) == 2:
        words = mark(
            "{file}: {point} has a decimal point and {comma} a decimal comma; make them one, or say --decimal comma or --decimal "
            "point: what is written otherwise is then refused"
        )
        raise CaseError.because(words, file=file, point=repr(shown["point"]), comma=repr(shown["comma"]))
    if shown or not texts:
        return next(iter(shown), "point")
    if sign := sign_of(beside):
        return sign
    comma = next((text for text in texts if "," in text), None)
    words = mark("{file}: numbers such as {number} may hold a decimal point or thousands; say --decimal point or --decimal comma")
    if comma is not None:
        words = mark(
            "{file}: numbers such as {number} may hold a decimal comma or thousands; say --decimal comma or --decimal point"
        )
    raise CaseError.because(words, file=file, number=repr(comma or texts[0]))


def decimal_shown(cells: Sequence[Cell], sign: str) -> str:
    """The sign of the decimals where a cell of text has it; '' where none does: then nothing hangs on it."""
    own = "," if sign == "comma" else "."
    return sign if any(isinstance(cell, str) and own in _plain(cell) for cell in cells) else ""


def numbers(rows: Sequence[Line], at: int, sign: str, file: str) -> np.ndarray:
    """Values (n,) of a column with this sign of the decimals, NaN where there is none. Raises CaseError for what is neither."""
    values, faults = np.full(len(rows), np.nan), list[str]()
    for i, (row, line) in enumerate(rows):
        if (number := number_of(row[at], sign)) is not None:
            values[i] = number
        elif not is_nothing(row[at]):
            place, cell = Message("{file} line {line}", file=file, line=line), str(row[at])
            words = Message("{what}: {words}", what=repr(cell), words=cell_fault(cell) or NO_NUMBER)
            faults.append(Message("{place}: {words}", place=place, words=words))
    some(faults, mark("{file}: {count} more cells are no numbers"), file=file)
    return values
