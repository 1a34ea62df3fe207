"""A park in one workbook: a sheet a table, read as the folder of its sheets would be.

The sheets become CSV and TOML files in a folder that lives as long as they are read; row n of a sheet is line n of its file, so
that every fault can be told by sheet and cell.
"""

from __future__ import annotations

import csv
import io
import lzma
import re
import tempfile
import warnings
import zipfile
import zlib
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
from planner.park.complaints import is_no
from planner.park.faults import of
from planner.park.fields import FieldColumn, columns_of, of_profile, split_heading, times_of
from planner.park.remarks import PLACE, PLACED
from planner.park.settings import SETTINGS, Percent, cell_text, settings_text, table_text
from planner.park.tables import MOST_ROWS

#: First bytes of an xls file, and of one that is locked by a password.
OLD = b"\xd0\xcf\x11\xe0"
#: What unpacking may raise: of a damaged archive, one that is encrypted, one of a method that is not known.
UNZIPPED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, RuntimeError, ValueError, LookupError, EOFError)
#: No sheet of a park or of readings has more columns, nor more cells from its first to its farthest.
MOST_COLUMNS, MOST_CELLS = 1_000, 10_000_000
#: No archive unpacks to more bytes, nor, above the last, to so many times its size.
MOST_UNPACKED, MOST_RATIO, LEAST_UNPACKED = 500_000_000, 100, 5_000_000

Place = tuple[int, int]


@dataclass
class BookSheet:
    """The cells of a sheet; rows and columns are counted from 0.

    cells   what is not blank; an error is text, `#N/A`, and so is a formula that nothing has calculated, `=A1*2`
    far     the first cell beyond what any table has, of which no more is read
    merged  areas of merged cells: (first, last)
    """

    cells: dict[Place, Any] = field(default_factory=dict)
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    height: int = 0
    width: int = 0
    far: Place | None = None

    def __post_init__(self) -> None:
        for row, column in self.cells:
            height, width = max(self.height, row + 1), max(self.width, column + 1)
            if width > MOST_COLUMNS or height * width > MOST_CELLS:
                self.far = self.far or (row, column)
            else:
                self.height, self.width = height, width


class Workbook:
    """The sheets of a workbook by name.

    Raises CaseError where the file is no workbook that can be read; `rows` where those of the sheet cannot be.
    """

    def __init__(self, path: Path, content: bytes) -> None:
        self.path = path
        try:
            self.sheets = _of_xls(content) if content.startswith(OLD) else _of_xlsx(content)
        except BaseException as error:
            # the Rust reader of xls raises PanicException, a BaseException, on a file that it cannot read
            if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
                raise
            raise CaseError.because("{path}: cannot be read as a workbook ({error})", path=self.path, error=error) from error
        self.names = list(self.sheets)

    def is_filled(self, name: str) -> bool:
        """True of a sheet that holds something."""
        return bool(self.sheets[name].cells)

    def rows(self, name: str) -> list[list[Any]]:
        """The rows of a sheet, blank ones too. Raises CaseError where a cell stands so far off that no table reaches it."""
        sheet = self.sheets[name]
        if sheet.far is not None:
            raise CaseError.because(
                "{path} sheet {sheet} cell {cell}: holds something, far from all tables; delete it (at most {columns} columns and "
                "{cells} cells are read)",
                path=self.path,
                sheet=name,
                cell=cell_name(sheet.far),
                columns=f"{MOST_COLUMNS:,}",
                cells=f"{MOST_CELLS:,}",
            )
        rows: list[list[Any]] = [[""] * sheet.width for _ in range(sheet.height)]
        for (row, column), value in sheet.cells.items():
            rows[row][column] = value
        return rows


def _of_xls(content: bytes) -> dict[str, BookSheet]:
    """The sheets of a file of the old format, of which nothing but the values is known."""
    from python_calamine import CalamineWorkbook

    book, sheets = CalamineWorkbook.from_filelike(io.BytesIO(content)), {}
    for name in book.sheet_names:
        rows = enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False))
        sheets[name] = BookSheet({(i, j): cell for i, row in rows for j, cell in enumerate(row) if cell != ""})
    return sheets


def _of_xlsx(content: bytes) -> dict[str, BookSheet]:
    """The sheets of an xlsx or xlsm file. Raises ValueError, or what openpyxl does, where it is none or is damaged."""
    parts = unpacked(content) if content.startswith(b"PK") else {}
    if "xl/workbook.xml" not in parts:
        raise ValueError("no .xlsx; save it as one")
    import openpyxl

    plain = packed(parts)
    with warnings.catch_warnings(action="ignore"):  # of styles and extensions that are of no matter here
        values = openpyxl.load_workbook(io.BytesIO(plain), data_only=True)
        has_formulas = any(re.search(rb"<(\w+:)?f[ >/]", part) for name, part in parts.items() if "worksheets/" in name)
        formulas = openpyxl.load_workbook(io.BytesIO(plain)) if has_formulas else values
    is_new = re.search(rb'fullCalcOnLoad="(1|true)"', parts["xl/workbook.xml"]) is not None
    return {sheet.title: _sheet(sheet, formulas[sheet.title], is_new) for sheet in values.worksheets}


def _sheet(values: Any, formulas: Any, is_new: bool) -> BookSheet:
    """A sheet of openpyxl's. A program that wants its workbook calculated (`is_new`) left 0 for what is not yet."""
    cells: dict[Place, Any] = {}
    for (row, column), cell in sorted(values._cells.items()):
        value, given = cell.value, formulas.cell(row, column)
        if given.data_type == "f" and cell.data_type == "n" and (value is None or (is_new and value == 0)):
            value = getattr(given.value, "text", given.value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = Percent(value) if "%" in re.sub(r'"[^"]*"|\\.', "", cell.number_format) else float(value)
        if value not in (None, ""):
            cells[row - 1, column - 1] = value
    merged = [((area.min_row - 1, area.min_col - 1), (area.max_row - 1, area.max_col - 1)) for area in values.merged_cells.ranges]
    return BookSheet(cells, merged)


def letters(column: int) -> str:
    """The letters of a column, 0 = A."""
    return (letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)


def cell_name(place: Place) -> str:
    """`B7` of (6, 1)."""
    return f"{letters(place[1])}{place[0] + 1}"


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files in an archive, by name. What is read of it is limited, whatever its directory promises.

    Raises ValueError where it is damaged, or unpacks without end.
    """
    left, parts = min(MOST_UNPACKED, max(MOST_RATIO * len(content), LEAST_UNPACKED)), {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # others unpack a piece at once
                    raise ValueError(f"{entry.filename} is packed in an unusual way")
                with archive.open(entry) as part:
                    pieces = []
                    while piece := part.read(1 << 20):
                        left -= len(piece)
                        if left < 0:
                            raise ValueError("it unpacks without end")
                        pieces.append(piece)
                parts[entry.filename] = b"".join(pieces)
    except UNZIPPED as error:
        raise ValueError(str(error)) from error
    return parts


def packed(parts: Mapping[str, bytes]) -> bytes:
    """An archive that holds what was read of another, and nothing else."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return made.getvalue()


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
    sheet: BookSheet

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
            sheet = workbook.sheets[name]
            if not faulty and sheet.height > MOST_ROWS + 1:
                raise CaseError.because(
                    "{path} sheet {sheet} row {row}: holds something; no table of a park has more than {most} rows",
                    path=workbook.path.name,
                    sheet=name,
                    row=f"{sheet.height:,}",
                    most=f"{MOST_ROWS:,}",
                )
            tables.append(_Table(own, workbook.rows(name), sheet))
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
    width = 2 if sheet.name in SETTINGS else sheet.sheet.width
    for first, last in sheet.sheet.merged:
        row = sheet.rows[first[0]] if first[0] < len(sheet.rows) else []
        if first[1] < min(width, len(row)) and cell_text(row[first[1]]):
            area = f"{cell_name(first)}:{cell_name(last)}"
            words = Message("cells {area}: are merged, and only the first of them holds a value; write it into each", area=area)
            book.faults.append((Origin(file, first[0] + 1), words))


def _filled(row: list[Any]) -> int:
    """Number of cells up to the last one that holds something."""
    return max((i + 1 for i, cell in enumerate(row) if cell_text(cell)), default=0)
