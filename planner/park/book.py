"""A park in one workbook: a sheet a table, read as the folder of its sheets would be.

The sheets become CSV and TOML files in a folder that lives as long as they are read; row n of a sheet is line n of its file, so
that every fault can be told by sheet and cell.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.case import TABLES, Origin
from models.errors import CaseError
from models.units import UnitError
from planner.language.message import Message
from planner.park import faults
from planner.park.cells import CellLook, cell_name, letters
from planner.park.complaints import is_no
from planner.park.faults import of
from planner.park.fields import FieldColumn, columns_of
from planner.park.headings import of_profile, split_heading, times_of
from planner.park.remarks import PLACE, PLACED
from planner.park.settings import SETTINGS, cell_text, settings_text, table_text
from planner.park.tables import MOST_ROWS
from planner.park.workbook import OLD, Workbook

SUFFIX = ".xlsx"
#: Sheets that hold no table: lists of drop-downs, words for people.
OTHERS = ("read me", "lists")
NAMES = (*SETTINGS, *TABLES, "profiles")
MOST_BYTES = 50_000_000


@dataclass
class ParkBook:
    """A park as it was opened: the folder to read, and where each column of each sheet stands.

    faults   what is wrong with cells and their files cannot say
    """

    folder: Path
    file: str = ""
    columns: dict[str, list[str]] = field(default_factory=dict)
    faults: list[tuple[Origin, Message]] = field(default_factory=list)

    def told(self, line: str) -> str:
        """A fault or a warning with its place in the workbook; as it is where the park is a folder."""
        if not self.file or not isinstance(line, Message) or line.template != PLACED:
            return line
        place, words = line.values["place"], _of_a_cell(line.values["words"])
        values = place.values if isinstance(place, Message) else {"file": place}
        sheet, row = values["file"].removesuffix(".csv").removesuffix(".toml"), values.get("line")
        if sheet not in self.columns:
            return line
        where = Message("{file} sheet {sheet}", file=self.file, sheet=sheet)
        if row is not None:
            where = Message("{file} sheet {sheet} {cell}", file=self.file, sheet=sheet, cell=self._cell(sheet, row, words))
        return Message(PLACED, place=where, words=words).shortened()

    def placed(self, where: Origin, words: str) -> str:
        """A fault of `faults` with its place."""
        return self.told(Message(PLACED, place=Message(PLACE, file=where.file, line=where.line), words=words))

    def _cell(self, sheet: str, row: str, words: str) -> str:
        """Where in a sheet a fault is: it begins with the column that it is of, `existing = -1: …` or `column 'existing': …`."""
        if sheet in SETTINGS:
            return Message("cell {cell}", cell=f"{letters(1)}{row}")
        columns = self.columns[sheet]
        name = column_in(words, columns)
        if name is None:
            return Message("row {row}", row=row)
        return Message("cell {cell}", cell=f"{letters(columns.index(name))}{row}")


def column_in(words: str, columns: Sequence[str]) -> str | None:
    """The column that a fault begins with, `existing = -1: …` or `column 'existing': …`; None where that is none of these."""
    first, second = (*words.removeprefix("column ").split(" ", 2), "")[:2]
    name = first.rstrip(":").strip("'")
    return name if name in columns and (first.endswith((":", "'")) or second.startswith(("=", "'"))) else None


def _of_a_cell(words: Any) -> Any:
    """What is wrong, in words of a workbook: a formula is one that nothing has calculated."""
    if not isinstance(words, Message) or words.template != faults.OF or not isinstance(own := words.values["words"], Message):
        return words
    is_formula = own.template == faults.FORMULA and own.values["sign"] == "'='"
    hint = own.values.get("hint")
    if is_formula or (isinstance(hint, Message) and hint.template == faults.A_FORMULA):
        return faults.of(words.values["what"], faults.fault(faults.NOT_CALCULATED))
    return words


def is_book(path: Path) -> bool:
    """True of a file that is meant as a workbook."""
    return path.suffix.lower() in (SUFFIX, ".xls", ".xlsm", ".ods")


@contextmanager
def opened(path: Path) -> Iterator[ParkBook]:
    """The park of a folder, or of a workbook. What is raised within as a CaseError names sheet and cell.

    Raises CaseError where a workbook cannot be read, or has sheets that are no tables of a park.
    """
    if not is_book(path) or path.is_dir():
        yield ParkBook(path)
        return
    workbook = _workbook(path)
    with tempfile.TemporaryDirectory(prefix="park-") as made:
        book = ParkBook(Path(made), path.name)
        currency = ""
        for sheet in sorted(_tables(workbook), key=lambda sheet: sheet.name != "park"):
            book.columns[sheet.name] = _write(book, sheet, currency)
            currency = sheet.currency or currency
        try:
            yield book
        except CaseError as error:
            raise CaseError([book.told(line) for line in error.complaints]) from error


@dataclass
class _Table:
    """A sheet that holds a table, with the rows of its cells."""

    name: str
    rows: list[list[Any]]
    look: CellLook

    @property
    def currency(self) -> str:
        """The currency that the sheet park states."""
        stated = [str(row[1]).strip() for row in self.rows if len(row) > 1 and row[0] == "currency"] if self.name == "park" else []
        return stated[0] if stated else ""


def _workbook(path: Path) -> Workbook:
    """The workbook of a file. Raises CaseError where there is none that can be read."""
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
    if content.startswith(OLD):
        raise CaseError.because(
            "{path}: is of an old format, in which an error cannot be told from a blank cell, or is locked by a password; "
            "save it as .xlsx without one",
            path=path,
        )
    return Workbook(path, content)


def _tables(workbook: Workbook) -> list[_Table]:
    """The sheets that hold tables. Raises CaseError with all sheets that are none, or two of one name."""
    faulty: list[str] = []
    found: dict[str, str] = {}
    for name in workbook.names:
        own = name.strip().lower()
        if own in OTHERS or not workbook.is_filled(name):
            continue
        if own not in NAMES:
            faulty.append(of(workbook.path.name, is_no("sheet", name, "table of a park", NAMES)))
        elif own in found:
            words = Message(
                "sheets {first} and {second}: are of one name but for blanks and capitals; keep one, or rename the other",
                first=repr(found[own]),
                second=repr(name),
            )
            faulty.append(of(workbook.path.name, words))
        else:
            found[own] = name
    tables = []
    for own, name in found.items():
        try:
            if not faulty and workbook.look(name).rows > MOST_ROWS + 1:
                raise CaseError.because(
                    "{path} sheet {sheet} row {row}: holds something; no table of a park has more than {most} rows",
                    path=workbook.path.name,
                    sheet=name,
                    row=f"{workbook.look(name).rows:,}",
                    most=f"{MOST_ROWS:,}",
                )
            tables.append(_Table(own, workbook.rows(name), workbook.look(name)))
        except CaseError as error:
            faulty += error.complaints
    if faulty:
        raise CaseError(faulty)
    return tables


def _write(book: ParkBook, sheet: _Table, currency: str) -> list[str]:
    """Write a sheet as the file that it stands for; gives its columns."""
    _look_at(book, sheet)
    if sheet.name in SETTINGS:
        text = settings_text(sheet.name, sheet.rows, sheet.currency or currency, book.faults)
        (book.folder / f"{sheet.name}.toml").write_text(text, encoding="utf-8")
        return ["key", "value"]
    kind = TABLES.get(sheet.name)
    known = columns_of(kind) if kind is not None else {}
    width = max((_filled(row) for row in sheet.rows), default=0)
    header = [_heading(cell) for cell in [*sheet.rows[0], *[""] * width][:width]] if sheet.rows else []
    columns = [split_heading(text) for text in header]
    if sheet.name == "profiles":
        header = [name for name, _ in columns]
        columns = [(name, _share(book, unit, name)) for name, unit in columns]
    if any(header) and (len(sheet.rows) > 1 or sheet.name != "profiles"):
        with (book.folder / f"{sheet.name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            for row in sheet.rows[1:]:
                cells = _row(row, columns, known)
                if any(cells):
                    writer.writerow(cells)
                else:
                    file.write("\n")
    return [name for name, _ in columns]


def _heading(cell: Any) -> str:
    """A heading on one line; a unit may stand in brackets, or in a line of its own below the name."""
    name, _, unit = cell.strip().partition("\n") if isinstance(cell, str) else (cell_text(cell), "", "")
    return cell_text(f"{name} [{unit}]" if unit.strip() and not any(sign in unit for sign in "[(（【") else f"{name} {unit}")


def _share(book: ParkBook, unit: str, name: str) -> str:
    """The unit of a profile where its values are to be converted, else ''; a fault where it is none of a profile."""
    try:
        return unit if unit and of_profile(unit) != 1 else ""
    except UnitError as error:
        book.faults.append((Origin("profiles.csv", 1), of(f"column {name!r}", error)))
        return ""


def _row(row: list[Any], columns: list[tuple[str, str]], known: Mapping[str, FieldColumn]) -> list[str]:
    """The cells of a row as a CSV file has them."""
    cells = [*row, *[""] * len(columns)][: len(columns)]
    units = {name: cell_text(cell) for (name, _), cell in zip(columns, cells, strict=True)}
    if not known:
        texts = [table_text(cell, None, unit) for (_, unit), cell in zip(columns, cells, strict=True)]
        return [times_of(text, of_profile(unit)) if unit else text for (_, unit), text in zip(columns, texts, strict=True)]
    return [
        table_text(cell, known.get(name), unit or units.get(known[name].unit_column if name in known else "", ""))
        for (name, unit), cell in zip(columns, cells, strict=True)
    ]


def _look_at(book: ParkBook, sheet: _Table) -> None:
    """Note merged cells, of which only the first holds what all of them show."""
    file = f"{sheet.name}.{'toml' if sheet.name in SETTINGS else 'csv'}"
    width = 2 if sheet.name in SETTINGS else sheet.look.columns
    for first, last in sheet.look.merged:
        row = sheet.rows[first[0]] if first[0] < len(sheet.rows) else []
        if first[1] < min(width, len(row)) and cell_text(row[first[1]]):
            area = f"{cell_name(first)}:{cell_name(last)}"
            words = Message("cells {area}: are merged, and only the first of them holds a value; write it into each", area=area)
            book.faults.append((Origin(file, first[0] + 1), words))


def _filled(row: list[Any]) -> int:
    """Number of cells up to the last one that holds something."""
    return max((i + 1 for i, cell in enumerate(row) if cell_text(cell)), default=0)
