"""Files of an output read with care: whatever stands there, the answer is its content or a sentence about what is wrong with it."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
from pathlib import Path
from typing import Any, NoReturn

from models.errors import CaseError
from planner.language.message import Message

#: No file of an output is larger, but the hourly flows.
MOST_BYTES = 200_000_000
#: Lists and tables of a JSON file within each other, at most.
DEEPEST = 50


class Damaged(CaseError):
    """A file of an output is not what a run writes: the file, and what is wrong with it, in words that the values fill."""

    def __init__(self, path: Path, words: str, /, **values: object) -> None:
        told = words if isinstance(words, Message) else Message(words, **values)
        super().__init__([Message("{place}: {words}", place=path, words=told)])


def check_regular(path: Path, most: int | None = MOST_BYTES) -> None:
    """Raise Damaged where a path is no file that can be read to its end."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        raise Damaged(path, Message("is a link to nothing") if path.is_symlink() else Message("is missing")) from None
    except (OSError, ValueError) as error:
        raise Damaged(path, "cannot be read ({error})", error=getattr(error, "strerror", None) or error) from None
    if not stat.S_ISREG(found.st_mode):
        raise Damaged(path, Message("is a folder") if stat.S_ISDIR(found.st_mode) else Message("is no file"))
    if most is not None and found.st_size > most:
        raise Damaged(path, "is larger than {most} MB; no run writes such a file", most=most // 1_000_000)


def read_text(path: Path) -> str:
    """The text of a file. Raises Damaged."""
    check_regular(path)
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Damaged(path, "cannot be read ({error})", error=error.strerror) from None
    except UnicodeDecodeError:
        raise Damaged(path, "is not UTF-8") from None


def read_json(path: Path) -> dict[str, Any]:
    """The keys of a JSON file. Raises Damaged."""
    text = read_text(path)
    try:
        found = json.loads(text, parse_constant=_refuse)
        depth = _depth(found)
    except RecursionError:
        raise Damaged(path, "is no JSON that can be read: it is nested too deep") from None
    except ValueError as error:
        raise Damaged(path, "is no JSON ({error})", error=error) from None
    if not isinstance(found, dict):
        raise Damaged(path, "is no {file} of ours: it has no keys", file=path.name)
    if depth > DEEPEST:
        raise Damaged(path, "is no JSON that can be read: it is nested too deep")
    return found


def _refuse(word: str) -> NoReturn:
    raise ValueError(Message("{word} is no number", word=word))


def _depth(part: Any) -> int:
    below = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return 1 + max(map(_depth, below), default=0)


def read_rows(path: Path) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a CSV file, all of one length. Raises Damaged."""
    text = read_text(path)
    if "\0" in text:
        raise Damaged(path, "holds NUL bytes: it is no table")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        rows = []
        for row in reader:
            if len(row) != len(header):
                raise Damaged(
                    path,
                    "line {line} has {given} cells, the header {needed}",
                    line=reader.line_num,
                    given=len(row),
                    needed=len(header),
                )
            rows.append(row)
    except csv.Error as error:
        raise Damaged(path, "line {line} cannot be read as CSV ({error})", line=reader.line_num, error=error) from None
    if not header:
        raise Damaged(path, "is empty")
    twice = sorted({c for c in header if header.count(c) > 1})
    if twice:
        raise Damaged(path, "has the column {column} twice", column=repr(twice[0]))
    return header, rows
