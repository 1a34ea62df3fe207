"""The page of one table: shown, checked while it is changed, saved."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from models.case import TABLES
from models.errors import CaseError
from planner.language.language import LANGUAGES, Language
from planner.language.message import Message
from planner.park.complaints import Complaints
from planner.park.fields import REMARKS, FieldColumn, columns_of, heading_unit, split_heading
from planner.park.folder import FILES, SETTINGS
from planner.park.settings import read_toml
from planner.park.tables import MOST_ROWS, NoCsv, read_text, rows_of
from planner.tables.place import write_file
from planner.templates.columns import FIRST, choices
from planner.templates.notes import notes
from planner.workbench.bench import address, bench_of, changing, language_of, moved, page
from planner.workbench.places import Checked, Outside, Remark, checked

# --- names -----------------------------------------------------------------------------------------------------------------
# Names of a park, offered where a column asks for one: what its tables call carriers, zones, equipment, supplies, profiles.

#: Columns that ask for a name of another column, too, or of that instead of their own.
MEANT = {
    "from": ("zone",),
    "to": ("zone",),
    "technology": ("technology", "link"),
    "supply": ("supply", "connection"),
    "parent": ("future",),
    "requires": ("measure",),
    "adds": ("demand",),
    "name": ("technology", "supply", "demand", "type", "measure", "link", "connection", "certificate", "offset", "project"),
}
#: What is no name: units, and times that are written as text.
NO_NAMES = ("unit", "months", "hours", "day", "arrive", "leave", "value", "issued", "source_temperature", "gases")
#: Columns that name a profile.
OF_PROFILES = ("profile", "column")
#: Names that are offered at most.
MOST = 2_000


@dataclass(frozen=True)
class Names:
    """What stands in each column that names something, over all tables of a park, and the columns of its profiles. `users` are the
    rows that name a profile: profile -> `table name` of each."""

    known: Mapping[str, tuple[str, ...]]
    profiles: tuple[str, ...] = ()
    users: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, table: str, column: str) -> tuple[str, ...]:
        """What may be meant in a column; nothing where the table is the one that gives such a thing its name."""
        kind = TABLES.get(table)
        own = columns_of(kind).get(column) if kind is not None else None
        if own is None or own.kind != "text" or own.choices or column in (*REMARKS, *NO_NAMES) or _home(column) == table:
            return ()
        if column in OF_PROFILES:
            return self.profiles
        return tuple(dict.fromkeys(name for meant in MEANT.get(column, (column,)) for name in self.known.get(meant, ())))[:MOST]


def _home(column: str) -> str:
    """The table in which a thing of that kind gets its name; '' where there is none: a carrier is called by whatever uses it."""
    tables = (name for name, kind in TABLES.items() if kind.key == (column,) and name != "carriers")
    return next(tables, "")


def names_of(folder: Path) -> Names:
    """The names of a park as its files have them; a file that cannot be read has none."""
    known, users = defaultdict[str, dict[str, None]](dict), defaultdict[str, dict[str, None]](dict)
    profiles = [name for name, _ in map(split_heading, _first_line(folder / "profiles.csv")) if name and name != "hour"]
    for table, kind in TABLES.items():
        columns = [name for name, column in columns_of(kind).items() if column.kind == "text" and name not in REMARKS]
        try:
            sheet = read_sheet(folder / f"{table}.csv")
        except CaseError:
            continue
        for row in sheet.rows:
            for name, cell in zip(sheet.columns, row, strict=False):
                if cell and name in columns:
                    known[name][cell] = None
                    if name in OF_PROFILES and cell in profiles:
                        users[cell][f"{table} {row[0]}"] = None
    tuples = ({name: tuple(cells) for name, cells in found.items()} for found in (known, users))
    return Names(next(tuples), tuple(profiles), next(tuples))


def _first_line(path: Path) -> list[str]:
    """The cells of the first line of a file, of which no more is looked at."""
    with suppress(OSError, NoCsv, StopIteration), path.open(encoding="utf-8-sig", errors="replace") as file:
        return next(rows_of(file.readline(100_000)))[1]
    return []


# --- sheets ----------------------------------------------------------------------------------------------------------------
# Tables of a park as sheets: read as text, checked as they stand in the browser, written in one step.
#
# A sheet that was changed on disk after the browser had read it is not overwritten.

#: Columns of a sheet at most, and letters of a cell.
MOST_COLUMNS, MOST_LETTERS = 500, 10_000

#: Held while files of parks are changed.
SAVING = threading.Lock()


class WasChanged(CaseError):
    """A file on disk is another than the one that a page has read."""


@dataclass(frozen=True)
class Sheet:
    """A table as text. `lines` are the lines of its rows in the file, none for what a browser sends; `version` changes with every
    change of the file, '' where there is none."""

    columns: list[str]
    rows: list[list[str]]
    lines: list[int] = field(default_factory=list)
    version: str = ""


def version_of(path: Path) -> str:
    """What stands in a file, as a hash; '' where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


def read_sheet(path: Path) -> Sheet:
    """A table of a park as it stands. Raises CaseError where the file is no CSV table that a sheet can show."""
    version = version_of(path)
    if not version:
        return Sheet(list(first_columns(path.stem)), [])
    complaints = Complaints()
    text = read_text(path, path.name, complaints)
    if text is None:
        raise CaseError(complaints.lines())
    columns, rows, lines = taken_apart(text, path.name)
    return Sheet(columns or list(first_columns(path.stem)), rows, lines, version)


def taken_apart(text: str, file: str) -> tuple[list[str], list[list[str]], list[int]]:
    """(columns, rows of as many cells, the line at which each row begins) of a CSV text; blank rows are left out."""
    try:
        found = [*rows_of(text)]
    except NoCsv as error:
        raise CaseError.because("{file}: is no CSV table that a sheet can show ({error})", file=file, error=error) from error
    columns, rows, lines = found[0][1] if found else [], [row for _, row in found[1:]], [line for line, _ in found[1:]]
    wide = max([len(columns), *(len(row) for row in rows)])
    if wide > MOST_COLUMNS or len(rows) > MOST_ROWS:
        raise CaseError.because("{file}: is larger than a sheet can show", file=file)
    columns += [""] * (wide - len(columns))
    return columns, [[*row, *[""] * (wide - len(row))] for row in rows], lines


def first_columns(table: str) -> Sequence[str]:
    """The columns of a table that is not there yet: those of a first park, else those that it must have."""
    if table in FIRST:
        return FIRST[table]
    known = columns_of(TABLES[table])
    needed = [name for name, column in known.items() if column.required or column.unit_column or name == "year"]
    units = [column.unit_column for column in known.values() if column.unit_column]
    return list(dict.fromkeys([*key_of(table), *needed, *units]))


def key_of(table: str) -> list[str]:
    """The columns that name a row of a table, as the file heads them."""
    fields = TABLES[table].model_fields
    return [fields[name].alias or name for name in TABLES[table].key]


def told_columns(table: str, names: Sequence[str], currency: str, own_names: Names, spoken: Language) -> list[dict[str, Any]]:
    """What a browser has to know of columns: title, unit, meaning, kind, choices: those of the schema, and the park's own names."""
    known = columns_of(TABLES[table]) if table in TABLES else {}
    found = []
    for heading in names:
        name, unit = (heading, "") if heading in known else split_heading(heading)
        column = known.get(name)
        own = "" if column is None else f"[{column.unit_column}]" if column.unit_column else column.unit.replace("money", currency)
        own_words = profile_words(heading, own_names, spoken) if table == "profiles" else ""
        found.append(
            {
                "name": heading,
                "unit": unit or ("" if own in ("1", name) else own),
                "heading": heading_unit(column, currency),
                "titles": titles(column) if column else [],
                "says": meaning(column.says, spoken) if column else own_words,
                "kind": column.kind if column else "float" if table == "profiles" else "text",
                "required": bool(column and column.required),
                "choices": list(dict.fromkeys([*own_names.of(table, name), *choices(table, name)])) if column else [],
            }
        )
    return found


def meaning(says: str, spoken: Language) -> str:
    """What a column means in a language: as the notes of a workbook have it, without the marks of names of code."""
    return notes(spoken.code).get(says, says).replace("`", "")


def titles(column: FieldColumn) -> list[str]:
    """What a heading may call a column beside its name: its name in words, its title and its meaning, in each language."""
    spoken = [Language(code) for code in LANGUAGES]
    plain = column.name.replace("_", " ")
    own = ((plain, to.translate(plain), to.translate(column.name), meaning(column.says, to)) for to in spoken)
    return [text for text in dict.fromkeys(text for said in own for text in said) if text and text != column.name]


def profile_words(name: str, own_names: Names, spoken: Language) -> str:
    """What a column of profiles.csv is: the hour, or a shape and what it is the shape of."""
    if name == "hour":
        return spoken.translate("hour of the year, from 0 on")
    users = own_names.users.get(name, ())
    return spoken.translate("used by {names}", names=", ".join(users)) if users else spoken.translate("used by nothing yet")


def other_columns(table: str, names: Sequence[str]) -> list[str]:
    """Columns that the table may have, too."""
    there = {name for heading in names for name in (heading, split_heading(heading)[0])}
    return [name for name in columns_of(TABLES[table]) if name not in there] if table in TABLES else []


def sheet_of(given: Any) -> Sheet:
    """What a browser sends. Raises CaseError where that is no sheet, or a larger one than a park may have."""
    columns, rows = (given.get("columns"), given.get("rows")) if isinstance(given, dict) else (None, None)
    is_sheet = isinstance(columns, list) and isinstance(rows, list) and all(isinstance(c, str) for c in columns)
    if not is_sheet or not all(isinstance(row, list) and all(isinstance(cell, str) for cell in row) for row in rows or ()):
        raise CaseError([Message("what was sent is no sheet")])
    assert isinstance(columns, list) and isinstance(rows, list)
    if len(rows) > MOST_ROWS or len(columns) > MOST_COLUMNS:
        limits = {"rows": f"{MOST_ROWS:,}", "columns": MOST_COLUMNS}
        raise CaseError([Message("a sheet has at most {rows} rows and {columns} columns", **limits)])
    if any(len(cell) > MOST_LETTERS or "\0" in cell for row in (columns, *rows) for cell in row):
        raise CaseError.because("a cell has at most {most} letters", most=f"{MOST_LETTERS:,}")
    cut = [[*(cell.strip() for cell in row), *[""] * len(columns)][: len(columns)] for row in rows]
    return Sheet([c.strip() for c in columns], cut, version=str(given.get("version", "")))


def csv_text(sheet: Sheet) -> str:
    """A sheet as CSV; rows without anything in them are left out."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(sheet.columns)
    writer.writerows(row for row in sheet.rows if any(row))
    return out.getvalue()


def numbers(sheet: Sheet) -> list[int]:
    """Number of each row that is not blank, as it stands in the browser, from 0 on."""
    return [number for number, row in enumerate(sheet.rows) if any(row)]


def check_with(folder: Path, file: str, text: str) -> Checked:
    """The park as it would be with another text of one of its files; nothing of the park is changed."""
    with tempfile.TemporaryDirectory(prefix="park-") as made:
        there = Path(made)
        for name in (*FILES, *SETTINGS):
            if name != file and (folder / name).is_file():
                shutil.copyfile(folder / name, there / name)
        (there / file).write_text(text, encoding="utf-8")
        return checked(there)


def save_sheet(path: Path, text: str, version: str) -> str:
    """Write a file of a park in one step; gives its new version. Raises WasChanged where it is another than was read: of two that
    save one version at once the second."""
    with SAVING:
        if version_of(path) != version:
            raise WasChanged(
                [Message("{file}: was changed by somebody else since this page read it; nothing was overwritten", file=path.name)]
            )
        write_file(path, path.name, text, lambda _: True)
        return version_of(path)


def placed(found: Checked, table: str, sheet: Sheet, tell: Any) -> list[dict[str, Any]]:
    """Faults and warnings of a table, each with the row and the column of the sheet; row -1: of the table as a whole."""
    lines = sheet.lines or taken_apart(csv_text(sheet), table)[2]
    rows = dict(zip(lines, numbers(sheet), strict=True))
    columns = {name: heading for heading in sheet.columns for name in (split_heading(heading)[0], heading)}

    def told(remark: Remark, kind: str) -> dict[str, Any]:
        return {
            "row": rows.get(remark.line, -1),
            "column": columns.get(remark.column, ""),
            "words": tell(remark.words),
            "kind": kind,
        }

    kinds = (("fault", found.faults), ("warning", found.warnings))
    return [told(remark, kind) for kind, remarks in kinds for remark in remarks if remark.table == table]


# --- table -----------------------------------------------------------------------------------------------------------------


def _table(request: Request) -> tuple[Path, str]:
    """The folder of a park, and the name of one of its tables."""
    folder, table = bench_of(request).places.park(request.path_params["park"]), request.path_params["table"]
    if table not in TABLES and table != "profiles":
        raise Outside([Message("{name}: is no table of a park", name=repr(table))])
    return folder, table


def table(request: Request) -> Response:
    """The page of a table."""
    folder, name = _table(request)
    has_file = (folder / f"{name}.csv").is_file()
    is_drawn = name == "profiles" or "year" in columns_of(TABLES[name])
    return page(request, "table.html", park=folder.name, table=name, has_file=has_file, is_drawn=is_drawn)


def data(request: Request) -> Response:
    """The sheet: columns, rows, and what is wrong with its cells."""
    folder, name = _table(request)
    sheet = read_sheet(folder / f"{name}.csv")
    key = key_of(name) if name in TABLES else []
    currency, own_names, spoken = _currency(folder), names_of(folder), language_of(request)
    return JSONResponse(
        {
            "version": sheet.version,
            "rows": sheet.rows,
            "lines": sheet.lines,
            "key": key,
            "columns": told_columns(name, sheet.columns, currency, own_names, spoken),
            "others": told_columns(name, other_columns(name, sheet.columns), currency, own_names, spoken),
            "remarks": placed(bench_of(request).checks.of(folder), name, sheet, spoken.tell),
        }
    )


def _currency(folder: Path) -> str:
    toml = read_toml(folder / "park.toml", Complaints())
    return str(toml.keys.get("currency", "money"))[:10] if toml else "money"


def sent(work: Callable[[Request, Any], Response]) -> Callable[[Request], Any]:
    """An endpoint that takes JSON."""

    async def endpoint(request: Request) -> Response:
        is_json = request.headers.get("content-type", "").partition(";")[0] == "application/json"
        return await run_in_threadpool(_answered, work, request, await request.body() if is_json else b"")

    return endpoint


def _answered(work: Callable[[Request, Any], Response], request: Request, body: bytes) -> Response:
    """What the work answers; what is wrong with it as JSON, too."""
    try:
        try:
            given = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise CaseError([Message("what was sent is no sheet")]) from error
        return work(request, given)
    except CaseError as error:
        status = 409 if isinstance(error, WasChanged) else 422
        return JSONResponse({"faults": [language_of(request).tell(line) for line in error.complaints]}, status)


def check(request: Request, given: Any) -> Response:
    """What would be wrong with the park if the sheet were saved as it stands in the browser."""
    folder, name = _table(request)
    sheet = sheet_of(given)
    found = check_with(folder, f"{name}.csv", csv_text(sheet))
    return JSONResponse(_told(request, name, sheet, found))


def _told(request: Request, name: str, sheet: Sheet, found: Checked) -> dict[str, Any]:
    """Remarks of this table, and how many faults there are in others."""
    tell = language_of(request).tell
    elsewhere = [tell(remark.text) for remark in found.faults if remark.table != name]
    return {"remarks": placed(found, name, sheet, tell), "elsewhere": elsewhere, "can_plan": found.case is not None}


def save(request: Request, given: Any) -> Response:
    """Save the sheet, as it is: what is wrong with it is told and can be mended later."""
    bench_of(request).must_write()
    folder, name = _table(request)
    sheet = sheet_of(given)
    path = folder / f"{name}.csv"
    version = save_sheet(path, csv_text(sheet), sheet.version)
    return JSONResponse({"version": version, **_told(request, name, sheet, bench_of(request).checks.of(folder))})


def remove(request: Request, form: FormData) -> Response:
    """Take a table out of the park; a copy of it stays in what the workbench keeps."""
    folder, name = _table(request)
    path = folder / f"{name}.csv"
    if path.is_file():
        kept = bench_of(request).places.own("removed")
        path.replace(kept / f"{folder.name}-{name}-{version_of(path)[:8]}.csv")
    return moved(address("park", folder.name))


ROUTES = [
    Route("/park/{park}/table/{table}", table),
    Route("/park/{park}/table/{table}/data", data),
    Route("/park/{park}/table/{table}/check", sent(check), methods=["POST"]),
    Route("/park/{park}/table/{table}/save", sent(save), methods=["POST"]),
    Route("/park/{park}/table/{table}/remove", changing(remove), methods=["POST"]),
]
