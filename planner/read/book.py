"""A park in one workbook: a sheet a table, read as the folder of its sheets would be.

The sheets become CSV and TOML files in a folder that lives as long as they are read; row n of a sheet is line n of its file, so
that every fault can be told by sheet and cell.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from models.case import TABLES, Goal, Park
from models.errors import CaseError
from planner.language.message import Message
from planner.read.complaints import is_no
from planner.read.faults import of
from planner.read.fields import columns_of
from planner.read.remarks import PLACED

SUFFIX = ".xlsx"
#: Sheets of settings: key and value in their first two columns.
SETTINGS = {"park": Park, "goal": Goal}
#: Sheets that hold no table: lists of drop-downs, words for people.
OTHERS = ("read me", "lists")
NAMES = (*SETTINGS, *TABLES, "profiles")
MOST_BYTES = 50_000_000


@dataclass
class Book:
    """A park as it was opened: the folder to read, and where each column of each sheet stands."""

    folder: Path
    file: str = ""
    columns: Mapping[str, list[str]] = field(default_factory=dict)

    def told(self, line: str) -> str:
        """A fault or a warning with its place in the workbook; as it is where the park is a folder."""
        if not self.file or not isinstance(line, Message) or line.template != PLACED:
            return line
        place, words = line.values["place"], line.values["words"]
        values = place.values if isinstance(place, Message) else {"file": place}
        sheet, row = values["file"].removesuffix(".csv").removesuffix(".toml"), values.get("line")
        if sheet not in self.columns:
            return line
        where = Message("{file} sheet {sheet}", file=self.file, sheet=sheet)
        if row is not None:
            where = Message("{file} sheet {sheet} {cell}", file=self.file, sheet=sheet, cell=self._cell(sheet, row, words))
        return Message(PLACED, place=where, words=words).shortened()

    def _cell(self, sheet: str, row: str, words: str) -> str:
        """Where in a sheet a fault is: it begins with the column that it is of, `existing = -1: …` or `column 'existing': …`."""
        if sheet in SETTINGS:
            return Message("cell {cell}", cell=f"{letters(1)}{row}")
        first, second = (*words.removeprefix("column ").split(" ", 2), "")[:2]
        name, columns = first.rstrip(":").strip("'"), self.columns[sheet]
        is_of_one = name in columns and (first.endswith(":") or second.startswith(("=", "'")))
        return Message("cell {cell}", cell=f"{letters(columns.index(name))}{row}") if is_of_one else Message("row {row}", row=row)


def letters(column: int) -> str:
    """The letters of a column, 0 = A."""
    return (letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)


def is_book(path: Path) -> bool:
    """True of a file that is meant as a workbook."""
    return path.suffix.lower() in (SUFFIX, ".xls", ".xlsm", ".ods")


@contextmanager
def opened(path: Path) -> Iterator[Book]:
    """The park of a folder, or of a workbook. What is raised within as a CaseError names sheet and cell.

    Raises CaseError where a workbook cannot be read, or has sheets that are no tables of a park.
    """
    if not is_book(path) or path.is_dir():
        yield Book(path)
        return
    sheets = _sheets(path)
    with tempfile.TemporaryDirectory(prefix="park-") as made:
        book = Book(Path(made), path.name, {name: _write(Path(made), name, rows) for name, rows in sheets.items()})
        try:
            yield book
        except CaseError as error:
            raise CaseError([book.told(line) for line in error.complaints]) from error


def sheets_of(path: Path, content: bytes) -> dict[str, list[list[Any]]]:
    """The rows of each sheet of a workbook, empty ones in their places. Raises CaseError where it cannot be read."""
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError as error:
        raise CaseError.because(
            '{path}: is a workbook; to read it install the extra: pip install "parkzero[excel]"', path=path
        ) from error
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except (CalamineError, ValueError, OSError) as error:
        raise CaseError.because("{path}: cannot be read as a workbook ({error})", path=path, error=error) from error


def _sheets(path: Path) -> dict[str, list[list[Any]]]:
    """The rows of each sheet that holds a table."""
    try:
        if not path.is_file():
            raise CaseError.because(
                "{path}: is missing; name a park folder or a workbook (`plan new DIR --excel` writes one)", path=path
            )
        if path.stat().st_size > MOST_BYTES:
            raise CaseError.because(
                "{path}: is larger than {most} MB; this is no workbook of a park", path=path, most=MOST_BYTES // 1_000_000
            )
        content = path.read_bytes()
    except OSError as error:
        raise CaseError.because("{path}: cannot be read ({error})", path=path, error=error.strerror) from error
    rows = sheets_of(path, content)
    unknown = [name for name in rows if name.strip().lower() not in (*NAMES, *OTHERS)]
    filled = [name for name in unknown if any(str(cell).strip() for row in rows[name] for cell in row)]
    faults = [of(path.name, is_no("sheet", name, "table of a park", NAMES)) for name in filled]
    if faults:
        raise CaseError(faults)
    return {name.strip().lower(): own for name, own in rows.items() if name.strip().lower() in NAMES and own}


def _write(folder: Path, name: str, rows: list[list[Any]]) -> list[str]:
    """Write a sheet as the file that it stands for; gives its columns."""
    texts = [[_text(cell) for cell in row] for row in rows]
    if name in SETTINGS:
        kinds = columns_of(SETTINGS[name])
        lines = [_setting(row, kinds) for row in texts]
        (folder / f"{name}.toml").write_text("\n".join(["#", *lines[1:]]) + "\n", encoding="utf-8")
        return ["key", "value"]
    header = [_column(text) for text in texts[0]]
    while header and not header[-1]:
        header.pop()
    if len(header) and (len(texts) > 1 or name != "profiles"):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            for row in [header, *texts[1:]]:
                cells = [*row, *[""] * len(header)][: max(len(header), _filled(row))]
                if any(cells):
                    writer.writerow(cells)
                else:
                    file.write("\n")
    return header


def _filled(row: list[str]) -> int:
    """Number of cells up to the last one that holds something."""
    return max((i + 1 for i, cell in enumerate(row) if cell), default=0)


def _column(text: str) -> str:
    """The column that a heading stands for: `existing [MW]` is existing."""
    return re.split(r"\s*[\[(\n]", text, maxsplit=1)[0].strip()


def _text(cell: Any) -> str:
    """A cell as a CSV file would have it, on one line."""
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, float):
        return f"{cell:.15g}"
    if isinstance(cell, datetime | date | time | timedelta):
        return str(cell)
    return " ".join(str(cell).split())


def _setting(row: list[str], kinds: Mapping[str, Any]) -> str:
    """A line of TOML of a key and a value; blank where the value is."""
    key, value = (*row, "", "")[:2]
    if not key or not value:
        return ""
    if key == "orders.years":
        return f"{key} = [{', '.join(part.strip() for part in re.split('[;,]', value))}]"
    kind = kinds[key].kind if key in kinds else "int" if "." in key else "text"  # of a table of settings: a number as one reads it
    is_number = re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", value) is not None
    key = ".".join(part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else _quoted(part) for part in key.split("."))
    return f"{key} = {value.lstrip('+') if is_number and kind != 'text' else _quoted(value)}"


def _quoted(text: str) -> str:
    """A text as TOML has it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
