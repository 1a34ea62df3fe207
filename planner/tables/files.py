"""Files: read with care, so that the answer is the text or what is wrong with it; cells of CSV files that are no formulas."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Any

from models.errors import CaseError
from planner.language.language import mark
from planner.language.message import Message

LARGE_FILE = mark("is larger than {count} MB; no file of a park or of a run is")
A_FOLDER, NO_FILE = mark("is a folder; a file is needed"), mark("is no file")
BROKEN_LINK, MISSING = mark("is a link to nothing"), mark("is missing")
UNREADABLE = mark("cannot be read ({error})")
NOT_UTF8 = mark('is not UTF-8; save it as UTF-8 (in Excel: "CSV UTF-8")')
NUL = mark('holds NUL bytes: it is no text; save it as UTF-8 (in Excel: "CSV UTF-8")')

#: A spreadsheet takes a text that begins with one of these for a formula, unless a quote stands before it.
FORMULA = tuple("=+-@\t\r")
_NUMBER = re.compile(r"[+-]?[0-9.]+([eE][+-]?[0-9]+)?")


class Damaged(CaseError):
    """A file that cannot be read as what it should be: its path, and what is wrong with it.

    words   what is wrong;  line   where in the file, None where that is not known
    """

    def __init__(self, path: Path, words: str, /, line: int | None = None, **values: object) -> None:
        at = {} if line is None else {"line": line}
        self.words = words if isinstance(words, Message) else Message(words, **values, **at)
        self.line = line
        super().__init__([Message("{place}: {words}", place=path, words=self.words)])


def check_regular(path: Path, most: int | None = None) -> None:
    """Raise Damaged where a path is no file that can be read to its end, or one of more than so many bytes."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        raise Damaged(path, BROKEN_LINK if path.is_symlink() else MISSING) from None
    except (OSError, ValueError) as error:
        raise Damaged(path, UNREADABLE, error=getattr(error, "strerror", None) or error) from None
    if not stat.S_ISREG(found.st_mode):
        raise Damaged(path, A_FOLDER if stat.S_ISDIR(found.st_mode) else NO_FILE)
    if most is not None and found.st_size > most:
        raise Damaged(path, LARGE_FILE, count=most // 1_000_000)


def text_of(path: Path, most: int) -> str:
    """The text of a UTF-8 file of at most so many bytes, without a byte order mark. Raises Damaged."""
    check_regular(path, most)
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise Damaged(path, UNREADABLE, error=error.strerror) from None
    except UnicodeDecodeError as error:
        raise Damaged(path, NOT_UTF8, line=content.count(b"\n", 0, error.start) + 1) from None
    if "\0" in text:
        raise Damaged(path, NUL)
    return text


def is_formula(cell: Any) -> bool:
    """True of a text that a spreadsheet takes for a formula: names never begin like one, remarks and sources may."""
    return isinstance(cell, str) and cell.startswith(FORMULA) and not _NUMBER.fullmatch(cell)


def quoted(cell: Any) -> Any:
    """The cell of a CSV file, with a quote before it where it is a text that a spreadsheet takes for a formula."""
    return f"'{cell}" if is_formula(cell) else cell


def unquoted(cell: str) -> str:
    """The text of a cell that `quoted` wrote."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA else cell
