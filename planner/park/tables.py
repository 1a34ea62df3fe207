"""CSV files as text: rows of cells with the line that each was read from, and nothing understood yet.

The csv module and not pandas: only it tells the true line of a row and how many cells a row really has.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from models.case import Origin
from planner.park import faults
from planner.park.complaints import Complaints, is_no, nearest
from planner.park.faults import fault
from planner.tables.files import Damaged, text_of

#: No table of a park is longer; a longer file is something else.
MOST_ROWS = 20_000
#: No file of a park is larger.
MOST_BYTES = 50_000_000
#: None has more lines, blank ones and those within quotes included, and no line more commas.
MOST_LINES, MOST_COMMAS = 2_000_000, 10_000


@dataclass(frozen=True)
class RawRow:
    """A row as text: cells by column, blank ones as ''."""

    origin: Origin
    cells: dict[str, str]

    def get(self, column: str) -> str:
        """The cell, '' where it is blank or the table has no such column."""
        return self.cells.get(column, "")

    def having(self, **cells: str) -> RawRow:
        """The same row with some cells replaced."""
        return RawRow(self.origin, {**self.cells, **cells})


@dataclass(frozen=True)
class TableSheet:
    """A file as text: header, rows of as many cells, their lines."""

    file: str
    columns: tuple[str, ...]
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    is_whole: bool = True
    """False where a row was left out because it cannot be understood."""

    def raw_rows(self, catalogue: bool = False) -> list[RawRow]:
        """The rows as cells by column."""
        return [
            RawRow(Origin(self.file, line, catalogue), dict(zip(self.columns, row, strict=True)))
            for line, row in zip(self.lines, self.rows, strict=True)
        ]


def read_sheet(
    path: Path, file: str, complaints: Complaints, expected: Collection[str], most: int = MOST_ROWS
) -> TableSheet | None:
    """Read a CSV file; None, with a complaint, where it cannot be read at all.

    `expected` are columns of which at least one must be there for a header with `;` or tabs to be believed.
    """
    text = read_text(path, file, complaints)
    if text is None or _is_endless(text, file, complaints):
        return None
    columns: tuple[str, ...] = ()
    rows: list[list[str]] = []
    lines: list[int] = []
    is_whole, seen = True, 0
    try:
        for line, row in rows_of(text):
            if not columns:
                columns = tuple(row)
                if not _is_header(columns, Origin(file, line), complaints, expected):
                    return None
                continue
            seen += 1
            if seen > most:
                complaints.add(file, fault(faults.LONG_TABLE, count=f"{most:,}"))
                return None
            if len(row) != len(columns):
                complaints.add(Origin(file, line), _miscounted(len(row), len(columns)))
                is_whole = False
            else:
                rows.append(row)
                lines.append(line)
    except NoCsv as error:
        complaints.add(Origin(file, error.line), fault(faults.NOT_CSV, error=error))
        return None
    if not columns:
        complaints.add(file, fault(faults.EMPTY_FILE))
        return None
    return _without_nameless(TableSheet(file, columns, rows, lines, is_whole), complaints)


class NoCsv(ValueError):
    """A text that is no CSV, from a line on."""

    def __init__(self, line: int, error: csv.Error) -> None:
        super().__init__(str(error))
        self.line = line


def rows_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line at which it begins, its cells) of each row of a CSV text that is not blank. Raises NoCsv where it cannot go on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        for cells in reader:
            line, start = start, reader.line_num + 1
            row = [cell.strip() for cell in cells]
            if any(row):
                yield line, row
    except csv.Error as error:
        raise NoCsv(start, error) from error


def read_text(path: Path, file: str, complaints: Complaints, most: int = MOST_BYTES) -> str | None:
    """The file's text, without a byte order mark; None, with a complaint, where there is none."""
    try:
        return text_of(path, most)
    except Damaged as error:
        complaints.add(file if error.line is None else Origin(file, error.line), error.words)
        return None


def _is_endless(text: str, file: str, complaints: Complaints) -> bool:
    """True, with a complaint, where taking the text apart would take long for nothing: commas or line ends without end."""
    if text.count("\n") + text.count("\r") > MOST_LINES:
        complaints.add(file, fault(faults.LONG_FILE, count=f"{MOST_LINES:,}"))
        return True
    if text.count(",") <= MOST_COMMAS:
        return False
    for number, line in enumerate(text.splitlines(), start=1):
        if line.count(",") > MOST_COMMAS:
            complaints.add(Origin(file, number), fault(faults.WIDE_LINE, count=f"{line.count(','):,}"))
            return True
    return False


def _miscounted(given: int, needed: int) -> str:
    """What is said of a row that has not as many cells as the header."""
    return fault(faults.TOO_MANY_CELLS if given > needed else faults.TOO_FEW_CELLS, given=given, needed=needed)


def _is_header(columns: tuple[str, ...], origin: Origin, complaints: Complaints, expected: Collection[str]) -> bool:
    """False, with a complaint, where the first row shows that the file is not separated by commas."""
    if set(columns) & set(expected):
        return True
    text = ",".join(columns)
    for sign, name in ((";", faults.SEMICOLONS), ("\t", faults.TABS)):
        if sign in text:
            complaints.add(origin, fault(faults.SEPARATED, sign=fault(name)))
            return False
    return True


def _without_nameless(sheet: TableSheet, complaints: Complaints) -> TableSheet | None:
    """The sheet without columns that have neither name nor cells (spreadsheets leave such)."""
    origin = Origin(sheet.file, 1)
    twice = refuse_twice(sheet.file, sheet.columns, complaints)
    nameless = [i for i, column in enumerate(sheet.columns) if not column]
    filled = [i for i in nameless if any(row[i] for row in sheet.rows)]
    for i in filled:
        complaints.add(origin, fault(faults.NAMELESS, number=i + 1))
    if twice or filled:
        return None
    if not nameless:
        return sheet
    kept = [i for i, column in enumerate(sheet.columns) if column]
    columns = tuple(sheet.columns[i] for i in kept)
    return TableSheet(sheet.file, columns, [[row[i] for i in kept] for row in sheet.rows], sheet.lines, sheet.is_whole)


def refuse_twice(file: str, columns: tuple[str, ...], complaints: Complaints) -> bool:
    """True, with a complaint for each, where a column is there twice."""
    twice = sorted({c for c in columns if c and columns.count(c) > 1})
    for column in twice:
        complaints.add(Origin(file, 1), fault(faults.COLUMN_TWICE, column=repr(column)))
    return bool(twice)


def refuse_unknown_columns(sheet: TableSheet, known: Collection[str], complaints: Complaints) -> set[str]:
    """Complain of every column that the table does not have, naming the nearest one; returns those that were meant."""
    meant = set()
    for column in sheet.columns:
        if column not in known:
            choices = [k for k in known if k not in sheet.columns] or list(known)
            complaints.add(
                Origin(sheet.file, 1), is_no("column", column, fault(faults.COLUMN_OF, file=Path(sheet.file).name), choices)
            )
            meant.add(nearest(column, choices) or "")
    return meant
