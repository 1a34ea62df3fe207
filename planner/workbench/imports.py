"""Files of meters, weather, bills and suppliers, taken into a park: first what was recognised, with a correction where it is wrong.

Each is the command that does the same in a shell. Looked at, it works on a copy of the park: what it would change is seen before.
"""

from __future__ import annotations

import re
import secrets
import shutil
import subprocess
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from models.errors import CaseError
from planner.importers.dialect import FOLDER as DIALECTS
from planner.importers.source import read_source, squared, under_headings
from planner.importers.subjects import SUBJECTS, WEATHER, AnswerKey
from planner.importers.times import is_bare, read_stamp
from planner.importers.words import headings
from planner.importers.write import BESIDE as PICTURES
from planner.language.language import Language, mark
from planner.language.message import Message
from planner.park.catalogue import read_catalogue
from planner.park.complaints import Complaints
from planner.park.folder import FILES, SETTINGS
from planner.process.worker import command_of, environment
from planner.tables.place import facts_of, put
from planner.workbench.bench import address, bench_of, changing, language_of, moved, page, stored, text_of, with_point
from planner.workbench.places import Outside, is_name
from planner.workbench.table import MOST_LETTERS, SAVING, Sheet, csv_text, names_of, read_sheet

# --- readers ---------------------------------------------------------------------------------------------------------------
# The kinds of files that a park can take in: the command that reads each, and the corrections that it allows.


@dataclass(frozen=True)
class Field:
    """A correction: a key of the kind of files, the column whose names of the park are offered for it, '' for none, and what stands
    there at first."""

    key: AnswerKey
    of: str = ""
    given: str = ""

    @property
    def option(self) -> str:
        """Name of the option."""
        return self.key.name

    @property
    def choices(self) -> tuple[str, ...]:
        """All that it may be; none where it may be anything."""
        return () if self.key.several else self.key.choices

    def is_right(self, value: str) -> bool:
        """True of what it may be: a choice, a number, or a short text that is no option."""
        if self.choices or self.key.kind not in (int, float):
            return value in self.choices if self.choices else re.fullmatch(r"[^-;\x00-\x1f][^;\x00-\x1f]{0,199}", value) is not None
        return re.fullmatch(r"-?[0-9.]{1,20}", value) is not None


@dataclass(frozen=True)
class Reader:
    """A kind of files: the command that reads it, endings of its files, what may be corrected, and the table that it leads to. What
    it is called stands in the template words.html. `is_mapped` where its rows are proposed first, which are edited."""

    kind: str
    command: tuple[str, ...]
    suffixes: tuple[str, ...]
    fields: tuple[Field, ...]
    leads_to: str

    @property
    def is_mapped(self) -> bool:
        """True of a quotation."""
        return self.kind == "offer"

    def options(self, given: Mapping[str, str]) -> list[str]:
        """Corrections as options of the command. Raises CaseError for one that is none."""
        wrong, made = [], []
        for field in self.fields:
            value = with_point(given.get(field.option, "")) if field.key.kind is float else given.get(field.option, "")
            if value and field.key.kind is bool:
                made.append(f"--{field.option}")
            elif value and not field.is_right(value):
                wrong.append(Message("{name}: cannot be {value}", name=field.option, value=repr(value)))
            elif value:
                made.append(f"--{field.option}={value}")
        if wrong:
            raise CaseError(wrong)
        return made


def _readers() -> Mapping[str, Reader]:
    """The kinds by their names, as `readers.toml` declares them."""
    kinds, found = {kind.name: kind for kind in (*SUBJECTS, *WEATHER)}, {}
    for name, of in tomllib.loads(files("planner.workbench").joinpath("readers.toml").read_text(encoding="utf-8")).items():
        keys = {key.name: key for key in kinds[of["subject"]].keys}
        pairs = [field.partition("=") for field in of["fields"].split()]
        fields = tuple(Field(keys[key], key if key == "supply" else "", given) for key, _, given in pairs)
        found[name] = Reader(name, tuple(of["command"].split()), tuple(of["endings"].split()), fields, of["leads_to"])
    return found


READERS = _readers()


def given_of(reader: Reader, fields: Mapping[str, str], names: Mapping[str, Sequence[str]], stem: str) -> dict[str, str]:
    """What stands in the fields of a reader: what was sent, else what stands there at first. `names` are the park's by column."""
    found = {field.option: fields.get(field.option, "").strip() for field in reader.fields}
    for field in reader.fields:
        if not found[field.option]:
            first = names.get(field.of, ())[:1] if field.of else ()
            found[field.option] = field.given or (first[0] if first else "")
    if "name" in found and not found["name"]:
        found["name"] = re.sub(r"^\d+|\W+", "_", stem).strip("_").lower()[:60] or "meter"
    return found


# --- imports ---------------------------------------------------------------------------------------------------------------

#: Seconds for which a file may be looked at; rows that are shown of it and of what would change, and columns.
PATIENCE, SHOWN, MOST_SHOWN = 120, 12, 40
#: What stands beside the uploaded files: the copy of the park, the mapping of a quotation.
DRAFT, MAPPING = "draft", "mapping.offer"


@dataclass(frozen=True)
class Look:
    """What the command says of a file: its lines, whether it could read it, and the options that it asks for."""

    lines: tuple[str, ...]
    is_right: bool
    asked: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Change:
    """What a table of the park would be: some of the rows that come, how many come and go, and which columns are new."""

    table: str
    header: list[str]
    rows: list[list[str]]
    come: int
    go: int
    columns: list[str]


@dataclass(frozen=True)
class Upload:
    """Files that are looked at, and what they are taken for."""

    reader: Reader
    folder: Path
    files: tuple[Path, ...]

    def command(self, park: str, given: dict[str, str]) -> list[str]:
        """The command that takes them into a park."""
        mapping = [f"--map={MAPPING}"] if self.reader.is_mapped else []
        names = [file.name for file in self.files]
        return [*self.reader.command, *names, "--park", park, "--take", *mapping, *self.reader.options(given)]


def begin(request: Request) -> Response:
    """Choose a file, and what it is."""
    name = request.path_params["park"]
    bench_of(request).places.park(name)
    return page(request, "import.html", park=name, readers=[*READERS.values()])


def upload(request: Request, form: FormData) -> Response:
    """Files, kept until they are taken or left."""
    bench, name, reader = bench_of(request), request.path_params["park"], READERS.get(text_of(form, "kind", "meter"))
    bench.places.park(name)
    if reader is None:
        raise CaseError([Message("{name}: is no kind of files that can be taken", name=repr(text_of(form, "kind")))])
    sent = [value for value in form.getlist("file") if isinstance(value, UploadFile) and value.filename]
    if not sent:
        raise CaseError([Message("no file was chosen")])
    key = secrets.token_hex(8)
    folder = bench.places.own("imports", key)
    try:
        for file in sent:
            stored(file, folder, reader.suffixes)
    except (CaseError, OSError):
        shutil.rmtree(folder)
        raise
    return moved(address("park", name, "import", reader.kind, key))


def _upload(request: Request) -> Upload:
    """An upload as its address names it. Raises Outside where there is none."""
    key, reader = request.path_params["key"], READERS.get(request.path_params["kind"])
    folder = bench_of(request).places.root / ".workbench" / "imports" / key
    if reader is None or not is_name(key) or not folder.is_dir():
        raise Outside([Message("there is no such page")])
    there = sorted(path for path in folder.iterdir() if path.suffix.lower() in reader.suffixes)
    if not there:
        raise Outside([Message("there is no such page")])
    return Upload(reader, folder, tuple(there))


def preview(request: Request) -> Response:
    """What is recognised of the file, with the corrections of the address, and what it would change; nothing is taken yet."""
    bench, name, found = bench_of(request), request.path_params["park"], _upload(request)
    park = bench.places.park(name)
    known = names_of(park).known
    given = given_of(found.reader, request.query_params, known, found.files[0].stem)
    if found.reader.is_mapped and not (found.folder / MAPPING).is_file():
        look = _proposed(request, found, park, given)
    else:
        _copy(park, found.folder / DRAFT)
        look = _run(request, found.reader, found.command(DRAFT, given), found.folder)
    look = replace(look, lines=(*look.lines, *_place(found, language_of(request))))
    changes = _changes(park, found.folder / DRAFT) if look.is_right else []
    return page(
        request,
        "preview.html",
        park=name,
        key=found.folder.name,
        files=[file.name for file in found.files],
        look=look,
        given=given,
        reader=found.reader,
        known=known,
        changes=changes,
        picture=bool(_pictures(found)) and look.is_right,
        first=_first_rows(found, given, look),
        mapping=[dict(zip(lines.columns, row, strict=True)) for row in lines.rows] if (lines := _mapped(found)) else [],
        types=sorted({*(row.cells["type"] for row in read_catalogue(None, Complaints()).rows("types")), *known.get("type", ())}),
    )


def _first_rows(found: Upload, given: Mapping[str, str], look: Look) -> tuple[list[list[str]], dict[int, str]] | None:
    """(first rows of a table as it stands in its file, what each column is that was recognised, by its number). A column is marked
    that holds times, that a quotation is read by, or whose heading is named by an answer or by what is said of the file."""
    try:
        table = read_source(found.files[0], sheet=given.get("sheet", "")) if ".epw" not in found.reader.suffixes else None
    except CaseError:
        table = None
    if table is None:
        return None
    rows = [["" if cell is None else str(cell)[:60] for cell in row[:MOST_SHOWN]] for row in squared(table.rows[:SHOWN])]
    offered = under_headings(table, headings("offer"), ("price",)) if found.reader.is_mapped else None
    if offered is not None:
        return rows, {at: what for what, at in offered.at.items()}
    words, marks = "\n".join((given.get("column", ""), *look.lines)), dict[int, str]()
    for row in rows:
        for at, cell in enumerate(row):
            name = re.split(r"[\[(（]", cell)[0].strip()
            is_named = len(name) > 1 and not read_stamp(name) and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words)
            if is_named and sum(map(bool, row)) > 1:
                marks.setdefault(at, "values")
    return rows, marks | {at: "times" for at, cell in enumerate(rows[-1]) if read_stamp(cell) and not is_bare(cell)}


def _proposed(request: Request, found: Upload, park: Path, given: dict[str, str]) -> Look:
    """A mapping for a quotation, to be looked through."""
    _copy(park, found.folder / DRAFT)
    sheet = [f"--sheet={given['sheet']}"] if given.get("sheet") else []
    command = [*found.reader.command, found.files[0].name, "--propose", "--park", DRAFT, *sheet]
    look = _run(request, found.reader, command, found.folder)
    made = found.folder / f"{found.files[0].stem}.map.csv"
    if made.is_file():
        made.replace(found.folder / MAPPING)
        return Look((language_of(request).translate("Say of each line what it is of, then look again."),), False)
    return look


def _copy(park: Path, draft: Path) -> None:
    """The files of a park in a folder of their own."""
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    for name in (*FILES, *SETTINGS):
        if (park / name).is_file():
            shutil.copyfile(park / name, draft / name)
    if (park / DIALECTS).is_dir():
        shutil.copytree(park / DIALECTS, draft / DIALECTS)


def _changes(park: Path, draft: Path) -> list[Change]:
    """What tables of the copy are other than those of the park."""
    found = []
    for name in FILES:
        own, new = park / name, draft / name
        if not new.is_file() or (own.is_file() and own.read_bytes() == new.read_bytes()):
            continue
        before, after = read_sheet(own), read_sheet(new)
        columns = [column for column in after.columns if column not in before.columns] if before.rows else []
        if new.stem == "profiles" and columns:
            found.append(Change(new.stem, after.columns, [], 0, 0, columns))
            continue
        at = [before.columns.index(column) if column in before.columns else None for column in after.columns]
        there = {tuple("" if i is None else row[i] for i in at) for row in before.rows}
        come = [row for row in after.rows if tuple(row) not in there]
        gone = len(there - {tuple(row) for row in after.rows})
        found.append(Change(new.stem, after.columns, come[:SHOWN], len(come), gone, columns))
    return found


def _pictures(found: Upload) -> list[Path]:
    return sorted((found.folder / DRAFT / PICTURES).glob("*.svg"))


def _place(found: Upload, language: Language) -> list[str]:
    """Which weather was read: year and place, as the reports beside the profiles have them."""
    facts = [facts_of(path) for path in sorted((found.folder / DRAFT / PICTURES).glob("*.json"))]
    words = mark("Read of {source}: {year}, latitude {latitude}, longitude {longitude}.")
    return [
        language.translate(words, source=own["source"], year=own["of"], latitude=own["latitude"], longitude=own["longitude"])
        for own in facts
        if {"source", "of", "latitude", "longitude"} <= own.keys()
    ]


def _run(request: Request, reader: Reader, command: Sequence[str], folder: Path) -> Look:
    """Run a short command of ours to its end."""
    language = language_of(request)
    try:
        done = subprocess.run(
            [*command_of("planner"), *command, "--language", language.code],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            env=environment(PYTHONIOENCODING="utf-8", COLUMNS="110"),
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Look((language.translate("the file takes longer than {count} s to read", count=PATIENCE),), False)
    text = done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace")
    is_right, own = done.returncode == 0, f"{DRAFT}/"
    # What was written is shown below; what is wrong with a table of the park is said of that table.
    lines = [line.removeprefix(own) for line in text.splitlines() if line.strip() and not (is_right and line.startswith(own))]
    asked = frozenset(re.findall(r"--([a-z][a-z-]*)", "\n".join(lines)))
    return Look(tuple(_in_fields(line, reader, language) for line in lines), is_right, asked)


def _in_fields(line: str, reader: Reader, language: Language) -> str:
    """What a command says of its options, of the fields of the page."""
    titles = {field.option: re.split("[:：]", language.translate(field.key.words))[0] for field in reader.fields}
    return re.sub(r"--([a-z][a-z-]*)", lambda found: f"“{titles[found[1]]}”" if found[1] in titles else found[0], line)


def _mapped(found: Upload) -> Sheet | None:
    """The lines of a quotation as they stand; None where there are none."""
    return read_sheet(found.folder / MAPPING) if (found.folder / MAPPING).is_file() else None


def map_it(request: Request, form: FormData) -> Response:
    """The lines of a quotation as they were edited, a field for each column of each line."""
    found = _upload(request)
    if (lines := _mapped(found)) is None:
        raise Outside([Message("there is no such page")])
    sent = {name: [with_point(str(text).strip())[:MOST_LETTERS] for text in form.getlist(f"line-{name}")] for name in lines.columns}
    if {len(cells) for cells in sent.values()} != {len(lines.rows)}:
        raise CaseError([Message("what was sent is no sheet")])
    put(found.folder / MAPPING, csv_text(Sheet(lines.columns, [list(row) for row in zip(*sent.values(), strict=True)])))
    query = {field.option: value for field in found.reader.fields if (value := text_of(form, field.option))}
    return moved(address("park", request.path_params["park"], "import", found.reader.kind, found.folder.name, **query))


def take(request: Request, form: FormData) -> Response:
    """Take the file into the park."""
    bench, name, found = bench_of(request), request.path_params["park"], _upload(request)
    park = bench.places.park(name)
    fields = {field.option: text_of(form, field.option) for field in found.reader.fields}
    given = given_of(found.reader, fields, names_of(park).known, found.files[0].stem)
    with SAVING:  # what is saved meanwhile would be overwritten
        look = _run(request, found.reader, found.command(str(park), given), found.folder)
    if not look.is_right:
        raise CaseError(look.lines[-20:])
    shutil.rmtree(found.folder)
    return moved(address("park", name, "table", found.reader.leads_to))


def picture(request: Request) -> Response:
    """The picture of a file that is looked at."""
    found = _pictures(_upload(request))
    if not found:
        raise Outside([Message("there is no such page")])
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox"
    return FileResponse(found[0], media_type="image/svg+xml", headers={"content-security-policy": policy})


def leave(request: Request, form: FormData) -> Response:
    """Delete a file that is not taken."""
    shutil.rmtree(_upload(request).folder)
    return moved(address("park", request.path_params["park"]))


ROUTES = [
    Route("/park/{park}/import", begin),
    Route("/park/{park}/import", changing(upload), methods=["POST"]),
    Route("/park/{park}/import/{kind}/{key}", preview),
    Route("/park/{park}/import/{kind}/{key}/map", changing(map_it), methods=["POST"]),
    Route("/park/{park}/import/{kind}/{key}/take", changing(take), methods=["POST"]),
    Route("/park/{park}/import/{kind}/{key}/leave", changing(leave), methods=["POST"]),
    Route("/park/{park}/import/{kind}/{key}/picture", picture),
]
