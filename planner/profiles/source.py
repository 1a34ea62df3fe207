"""What a file of readings holds: its rows of cells, whatever encoding, separator or workbook they come in."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from models.errors import CaseError
from planner.park.book import OLD, Workbook

Cell = str | float | datetime | date | time | timedelta

#: Larger files are refused: a year of minutes has 20 MB.
MOST_BYTES = 200_000_000
#: Lines that the separator is looked for in.
LOOKED_AT = 200
SEPARATORS = ("\t", ";", "|", ",")
_ZIP, _OLE = b"PK\x03\x04", OLD


@dataclass(frozen=True)
class SourceTable:
    """Rows of cells as a file states them.

    file       name as the person gave it, for faults
    rows       cells; of text files all are str, of workbooks numbers and dates are such
    lines      line (row) of the file that each row stands in
    encoding   how the text was read; empty for a workbook
    separator  between the cells of a text file
    """

    file: str
    rows: list[list[Cell]]
    lines: list[int]
    encoding: str = ""
    separator: str = ""


def read_bytes(path: Path) -> bytes:
    """The bytes of a file. Raises CaseError where there is none, or where it is far too large."""
    if not path.exists():
        raise CaseError.because("{path}: is missing; name a file that exists", path=path)
    if not path.is_file():
        raise CaseError.because("{path}: is no file", path=path)
    if path.stat().st_size > MOST_BYTES:
        raise CaseError.because(
            "{path}: has {size} MB; at most {most} MB are read",
            path=path,
            size=f"{path.stat().st_size / 1e6:,.0f}",
            most=f"{MOST_BYTES / 1e6:,.0f}",
        )
    try:
        return path.read_bytes()
    except OSError as error:
        raise CaseError.because("{path}: cannot be read ({error})", path=path, error=error.strerror) from error


def read_source(path: Path, encoding: str = "", sheet: str = "") -> SourceTable:
    """The rows of a CSV file or a workbook, told by its content and not by its name. Raises CaseError where it is neither."""
    content = read_bytes(path)
    if content.startswith((_ZIP, _OLE)):
        return _workbook(path, content, sheet)
    text, used = decode(content, str(path), encoding)
    start = text.lstrip()[:2000].lower()
    if start.startswith("<") and ("<html" in start or "<table" in start or "<!doctype" in start):
        raise CaseError.because(
            "{path}: is a web page, whatever its name says; open it in a spreadsheet and save it as xlsx or CSV", path=path
        )
    separator = _separator(text)
    rows: list[list[Cell]] = []
    lines: list[int] = []
    try:
        for line, row in enumerate(csv.reader(io.StringIO(text), delimiter=separator), start=1):
            if any(map(str.strip, row)):
                rows.append([cell.strip().strip("\ufeff") for cell in row])
                lines.append(line)
    except csv.Error as error:
        raise CaseError.because("{path}: cannot be read as CSV ({error})", path=path, error=error) from error
    if not rows:
        raise CaseError.because("{path}: is empty", path=path)
    return SourceTable(str(path), rows, lines, used, separator)


def decode(content: bytes, file: str, encoding: str = "") -> tuple[str, str]:
    """(text, encoding): the one asked for, else told by the first bytes or by what the bytes make sense in.

    UTF-8, UTF-16 with or without a mark, GB18030 (with GBK and GB2312 in it), else Windows-1252, or 1250 where words of that have
    signs within them (`ciep³o`).

    Raises CaseError where it is none of these throughout.
    """
    if encoding:
        try:
            return content.decode(encoding).lstrip("\ufeff"), encoding
        except (LookupError, UnicodeError) as error:
            if isinstance(error, LookupError):
                raise CaseError.because("{file}: --encoding {encoding}: is no encoding", file=file, encoding=encoding) from error
            raise CaseError.because("{file}: --encoding {encoding}: does not fit", file=file, encoding=encoding) from error
    for mark, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            guesses = [name]
            break
    else:
        zeros = Counter(i % 2 for i, byte in enumerate(content[:2000]) if byte == 0)
        if sum(zeros.values()) > len(content[:2000]) / 5:
            guesses = ["utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"]
        else:
            guesses = ["utf-8", "gb18030"]
    for name in guesses:
        try:
            text = content.decode(name).lstrip("\ufeff")
        except UnicodeError:
            continue
        if name != "gb18030" or _is_chinese(text):
            return text, name
    if guesses[0] != "utf-8":
        raise CaseError.because(
            "{file}: begins as {encoding} and is none further on; say --encoding", file=file, encoding=guesses[0]
        )
    text = content.decode("cp1252", errors="replace")
    if _SIGN_IN_WORD.search(text):
        return content.decode("cp1250", errors="replace"), "cp1250"
    return text, "cp1252"


#: A sign of Windows-1252 within a word is a letter of Poland, Bohemia or Hungary.
_SIGN_IN_WORD = re.compile(r"[A-Za-zÀ-ÿ][¹³¿¾][a-zà-ÿ]|[a-z]ñæ\b")


def _is_chinese(text: str) -> bool:
    """True if what is not ASCII is mostly of GB2312: German umlauts read as GBK are rare characters."""
    odd = [c for c in text[:200_000] if ord(c) > 127]
    common = 0
    for c in odd:
        try:
            c.encode("gb2312")
            common += 1
        except UnicodeError:
            pass
    return common >= 0.8 * len(odd)


def _separator(text: str) -> str:
    """The separator that cuts most lines into the same number of cells; a comma only where no other does as well."""
    lines = text.splitlines()[:LOOKED_AT]
    best, most = ",", 0
    for separator in SEPARATORS:
        try:
            counts = Counter(len(row) for row in csv.reader(lines, delimiter=separator) if len(row) > 1)
        except csv.Error:
            continue
        alike = max(counts.values(), default=0)
        if alike > most:
            best, most = separator, alike
    return best


def read_sources(path: Path, encoding: str = "", sheet: str = "") -> list[SourceTable]:
    """As `read_source`, one table; with the sheet `all` one of each sheet that holds something. Raises CaseError as it does."""
    if sheet != "all":
        return [read_source(path, encoding, sheet)]
    content = read_bytes(path)
    if not content.startswith((_ZIP, _OLE)):
        raise CaseError.because("{path}: --sheet all: is no workbook", path=path)
    book = Workbook(path, content)
    return [_table(f"{path} sheet {name}", book.rows(name)) for name in book.names if book.is_filled(name)]


def _workbook(path: Path, content: bytes, sheet: str) -> SourceTable:
    book = Workbook(path, content)
    filled = [name for name in book.names if book.is_filled(name)]
    if sheet and sheet not in book.names:
        raise CaseError.because(
            "{path}: --sheet {sheet}: is no sheet; there are {sheets}", path=path, sheet=sheet, sheets=", ".join(book.names)
        )
    if not filled:
        raise CaseError.because("{path}: every sheet is empty", path=path)
    if not sheet and len(filled) > 1:
        raise CaseError.because(
            "{path}: has several sheets; say which with --sheet, or --sheet all: {filled}", path=path, filled=", ".join(filled)
        )
    name = sheet or filled[0]
    if name not in filled:
        raise CaseError.because("{path}: sheet {name} is empty", path=path, name=name)
    return _table(str(path), book.rows(name))


def _table(file: str, cells_of: list[list[Any]]) -> SourceTable:
    rows, lines = [], []
    for line, row in enumerate(cells_of, start=1):
        cells = [_cell(cell) for cell in row]
        if any(cell != "" for cell in cells):
            rows.append(cells)
            lines.append(line)
    return SourceTable(file, rows, lines)


def _cell(cell: Any) -> Cell:
    """A cell of a workbook; TRUE is no number."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, str):
        return cell.strip()
    return float(cell) if isinstance(cell, int) else cell
