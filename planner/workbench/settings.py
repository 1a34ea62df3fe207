"""Pages of the settings of a park: its keys as a form, table by table; and each file as a text, comments and all."""

from __future__ import annotations

import re
import tomllib
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.case import Park
from models.case.base import Record, Unit
from models.errors import CaseError
from planner.language.message import Message
from planner.park.catalogue import read_catalogue
from planner.park.complaints import Complaints
from planner.park.fields import FieldColumn, columns_of
from planner.park.settings import LISTS, MOST_BYTES, SETTINGS, dotted, literal
from planner.park.tables import read_text
from planner.workbench.bench import address, bench_of, changing, language_of, moved, page, text_of
from planner.workbench.places import Outside, Remark
from planner.workbench.table import WasChanged, check_with, meaning, names_of, save_sheet, version_of

# --- edit ------------------------------------------------------------------------------------------------------------------
# Keys of a TOML file changed where they stand: comments, order and everything else of the file stay as they are.

#: A key, from the outermost table on.
KeyPath = tuple[str, ...]


class NotEdited(ValueError):
    """A file that is written in a way in which its keys cannot be changed one by one."""


@dataclass(frozen=True)
class Statement:
    """A key with its value as it stands in a file: the table that it stands in, its lines from 0 on, the last one left out, and
    what it states, path by path: several where it is a table within braces."""

    table: KeyPath
    first: int
    end: int
    stated: Mapping[KeyPath, object]


def statements(text: str) -> tuple[list[Statement], dict[KeyPath, int]]:
    """What a TOML file states, from its first line to its last; and the line of the heading of each table."""
    lines, found, headings = text.splitlines(), [], {}
    table: KeyPath = ()
    at = 0
    while at < len(lines):
        line = lines[at].strip()
        end = at + 1
        if line.startswith("["):
            table = next(iter(leaves(tomllib.loads(line))), ())
            headings[table] = at
        elif line and not line.startswith("#"):
            while (own := _loaded("\n".join(lines[at:end]))) is None:
                if end >= len(lines):
                    raise NotEdited
                end += 1
            found.append(Statement(table, at, end, {(*table, *path): value for path, value in leaves(own).items()}))
        at = end
    return found, headings


def leaves(found: Mapping[str, Any], before: KeyPath = ()) -> dict[KeyPath, object]:
    """Values by their paths; of a table without anything in it the table."""
    made: dict[KeyPath, object] = {}
    for name, value in found.items():
        path = (*before, name)
        made |= leaves(value, path) if isinstance(value, dict) and value else {path: value}
    return made


def _loaded(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def edited(text: str, changes: Mapping[KeyPath, str | None]) -> str:
    """A TOML file with other values, each as TOML has it; None for a key that is taken out, with its table where that states no
    more. Raises NotEdited where a file that is written so cannot say it."""
    lines = text.splitlines()
    wanted = {path: value for path, value in changes.items() if value is not None}
    for own in reversed(statements(text)[0]):
        if not any(path[: len(known)] == known for path in changes for known in own.stated):
            continue
        path, *more = own.stated
        if more or path not in changes or _key(lines[own.first])[1] != path[len(own.table) :]:  # a table within braces
            wanted = {p: _literal(v) for p, v in own.stated.items() if p not in changes and v != {}} | wanted
            lines[own.first : own.end] = []
        else:
            value = wanted.pop(path, None)
            lines[own.first : own.end] = [] if value is None else [_replaced(lines[own.first : own.end], own, value)]
    for path, value in wanted.items():
        _add(lines, path, value)
    for path, value in changes.items():
        if value is None:
            _drop_empty(lines, path[:-1])
    made = "\n".join(lines) + "\n"
    if _loaded(made) != _changed(tomllib.loads(text), changes):
        raise NotEdited
    return made


def _key(line: str) -> tuple[str, KeyPath]:
    """What stands before the `=` of a line, and which key that is."""
    places = (place for place, sign in enumerate(line) if sign == "=")
    keys = ((line[:place], own) for place in places if (own := _loaded(f"{line[:place]} = 0")) is not None)
    key, own = next(keys)
    return key, next(iter(leaves(own)))


def _replaced(lines: list[str], own: Statement, value: str) -> str:
    """The line of a key with another value, its comment as it was."""
    [old], key = own.stated.values(), _key(lines[0])[0]
    after, said = lines[0][len(key) + 1 :], f"{key}= {value}"
    if len(lines) > 1:
        return said
    comment = next((i for i, sign in enumerate(after) if sign == "#" and (_loaded(f"x ={after[:i]}") or {}).get("x") == old), None)
    return said if comment is None else f"{said:<{len(key) + comment}} {after[comment:]}"


def _add(lines: list[str], path: KeyPath, value: str) -> None:
    """Write a key that is not there: at the end of its table, else of a table that has keys of it, else in a table of its own."""
    found, headings = statements("\n".join(lines))
    table = path[:-1]
    if table in headings or not table:
        last = max((s.end for s in found if s.table == table), default=headings.get(table, -1) + 1)
        lines.insert(last, f"{dotted(path[-1:])} = {value}")
        return
    outer = [s for s in found if len(s.table) < len(table)]
    beside = [s for s in outer if any(p[: len(table)] == table and len(p) > len(table) for p in s.stated)]
    if beside:
        own = beside[-1]
        lines.insert(own.end, f"{dotted(path[len(own.table) :])} = {value}")
    else:
        lines += ["", f"[{dotted(table)}]", f"{dotted(path[-1:])} = {value}"]


def _drop_empty(lines: list[str], table: KeyPath) -> None:
    """Take out the heading of a table that states nothing more."""
    found, headings = statements("\n".join(lines))
    for depth in range(len(table), 0, -1):
        own = table[:depth]
        below = [path for s in found for path in s.stated] + [path for path in headings if len(path) > depth]
        if own in headings and not any(path[:depth] == own for path in below):
            place = headings[own]
            lines[place - 1 if place and not lines[place - 1].strip() else place : place + 1] = []
            found, headings = statements("\n".join(lines))


def _changed(found: dict[str, Any], changes: Mapping[KeyPath, str | None]) -> dict[str, Any]:
    """What a file is to state."""
    for path, value in changes.items():
        within = [found]
        for name in path[:-1]:
            inner = within[-1].setdefault(name, {})
            if not isinstance(inner, dict):
                raise NotEdited
            within.append(inner)
        if value is not None:
            with suppress(tomllib.TOMLDecodeError):
                within[-1][path[-1]] = tomllib.loads(f"x = {value}")["x"]
            continue
        within[-1].pop(path[-1], None)
        for depth in range(len(path) - 1, 0, -1):
            if not within[depth]:
                within[depth - 1].pop(path[depth - 1], None)
    return found


def _literal(value: Any) -> str:
    """A value that was read, as TOML has it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"[{', '.join(map(_literal, value))}]" if isinstance(value, list) else str(value)


# --- keys ------------------------------------------------------------------------------------------------------------------
# Keys of park.toml as a form has them: every one of the schema, table by table, with what the park states of it.

#: Ends of the names of fields that hold a name of the park's own, and what is stated of it.
NAME, VALUE = ":name", ":value"


@dataclass(frozen=True)
class Key:
    """A key: what the schema says of it, what holds where it is left out, and what the park states, both as text; `kind` of its
    value, or of each part of a list."""

    path: KeyPath
    column: FieldColumn
    kind: str
    default: str = ""
    stated: str = ""

    @property
    def is_list(self) -> bool:
        """True of a key that holds several values."""
        return ".".join(self.path) in LISTS


@dataclass(frozen=True)
class KeyTable:
    """A table of keys. `says`: what it is for; `by_name`: what a key holds, in a table whose keys are names of the park;
    `is_new`: True for the empty form of an owner who has no terms yet."""

    path: KeyPath
    says: str
    keys: tuple[Key, ...]
    by_name: FieldColumn | None = None
    is_new: bool = False


def tables_of(found: Mapping[str, Any]) -> list[KeyTable]:
    """The tables of park.toml, its own keys first; `found` is what the file states."""
    return [*_tables(Park, (), "", found)]


def _tables(record: type[Record], path: KeyPath, says: str, found: Any, is_new: bool = False) -> Iterator[KeyTable]:
    stated = found if isinstance(found, dict) else {}
    keys, below = [], []
    for name, column in columns_of(record).items():
        field = next(f for n, f in record.model_fields.items() if (f.alias or n) == name)
        inner, by_name = _record_in(field.annotation), typing.get_origin(field.annotation) is dict
        own = (*path, name)
        if inner is None and not by_name:
            key = _keys_key(own, column, field.get_default(call_default_factory=True), stated.get(name))
            keys.append(key)
        elif inner is None:
            below.append([_named(own, column, typing.get_args(field.annotation)[1], stated.get(name))])
        elif by_name:
            there = stated.get(name)
            owners = there if isinstance(there, dict) else {}
            below += [[*_tables(inner, (*own, owner), column.says, terms)] for owner, terms in owners.items()]
            below.append([*_tables(inner, (*own, ""), column.says, {}, is_new=True)])
        else:
            below.append([*_tables(inner, own, documented(inner), stated.get(name))])
    for name in stated:
        if name not in columns_of(record) and not isinstance(stated[name], dict):
            keys.append(Key((*path, name), FieldColumn(name, "text", (), "", "", False, ""), "text", "", as_stated(stated[name])))
    yield KeyTable(path, says, tuple(keys), is_new=is_new)
    for tables in below:
        yield from tables


def documented(record: type[Record]) -> str:
    """What a record says of itself, without the name of the file."""
    words = " ".join((record.__doc__ or "").partition(": ")[2].split())
    return words[:1].upper() + words[1:]


def _record_in(annotation: Any) -> type[Record] | None:
    """The record type inside an annotation: the type itself, the values of a dict, or one that may be None."""
    parts = typing.get_args(annotation) if typing.get_origin(annotation) in (dict, typing.Union, types.UnionType) else (annotation,)
    return next((part for part in parts if isinstance(part, type) and issubclass(part, Record)), None)


def _keys_key(path: KeyPath, column: FieldColumn, default: Any, stated: Any) -> Key:
    is_known = default is not None and type(default).__name__ != "PydanticUndefinedType"
    kind = LISTS.get(".".join(path), column.kind)
    return Key(path, column, kind, as_stated(default) if is_known else "", as_stated(stated))


def _named(path: KeyPath, column: FieldColumn, number: Any, stated: Any) -> KeyTable:
    """A table of numbers by name."""
    rows = stated if isinstance(stated, dict) else {}
    unit = next(part.text for part in typing.get_args(number) if isinstance(part, Unit))
    own = FieldColumn(column.name, "float", (), unit, "", False, "")
    keys = tuple(Key((*path, name), own, "float", "", as_stated(value)) for name, value in rows.items())
    return KeyTable(path, column.says, keys, by_name=own)


def as_stated(value: Any) -> str:
    """A value of TOML as a person writes it into a field."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(as_stated, value)) if isinstance(value, list | tuple) else str(value)


def changes(found: Mapping[str, Any], form: FormData) -> dict[KeyPath, str | None]:
    """Keys that a form states otherwise than the file: each as TOML has it, None where it is taken out. Raises CaseError for what
    is stated of no name, or of a name twice."""
    sent = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
    made: dict[KeyPath, str | None] = {}
    for table in tables_of(_claimed(found, sent)):
        if table.by_name is not None:
            rows = _rows(form, dotted(table.path))
            names = dict.fromkeys([*rows, *(key.path[-1] for key in table.keys)] if f"{dotted(table.path)}{NAME}" in sent else [])
            own = {Key((*table.path, name), table.by_name, "float"): rows.get(name, "") for name in names}
        else:
            own = {key: sent[field] for key in table.keys if (field := dotted(key.path)) in sent}
        name = sent.get(f"{dotted(table.path[:-1])}{NAME}", "") if table.is_new else ""
        for key, value in own.items():
            if value == stated_in(found, key.path):
                continue
            if table.is_new and not name:
                raise _unnamed(value)
            path = (*key.path[:-2], name, key.path[-1]) if table.is_new else key.path
            made[path] = written(key, value) if value else None
    return made


def _claimed(found: Mapping[str, Any], sent: Mapping[str, str]) -> dict[str, Any]:
    """What a file states, with a place for each key that a form sent; terms of a new owner stand under the owner's name."""
    made: dict[str, Any] = {}
    for path in (*leaves(found), *_paths(sent)):
        inner: Any = made
        for name in path[:-1]:
            inner = inner.setdefault(name, {}) if isinstance(inner, dict) else {}
        if isinstance(inner, dict):
            inner.setdefault(path[-1], stated_in(found, path))
    return made


def _paths(sent: Iterable[str]) -> list[KeyPath]:
    """The keys that the names of fields are of."""
    found = []
    for field in sent:
        try:
            path = next(iter(leaves(tomllib.loads(f"{field} = 0"))))
        except tomllib.TOMLDecodeError:
            continue
        if dotted(path) == field and "" not in path and len(path) > 1:
            found.append(path)
    return found


def stated_in(found: Any, path: KeyPath) -> str:
    """What a file states of a key, as text; '' for nothing."""
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return as_stated(found)


def _rows(form: FormData, table: str) -> dict[str, str]:
    """What a form states by name in a table. Raises CaseError for a value without a name, and a name that is there twice."""
    names, values = ([str(text).strip() for text in form.getlist(table + end)] for end in (NAME, VALUE))
    rows: dict[str, str] = {}
    for name, value in zip(names, values, strict=False):
        if value and not name:
            raise _unnamed(value)
        if name in rows and value:
            raise CaseError([Message("{name}: is there twice; keep one", name=name)])
        if value:
            rows[name] = value
    return rows


def _unnamed(value: str) -> CaseError:
    return CaseError([Message("{value}: is stated of no name; write the name beside it", value=repr(value))])


def written(key: Key, text: str) -> str:
    """What a person writes into a field, as TOML has it: a decimal comma is a point, a percentage a share where one is meant."""
    if key.is_list:
        return f"[{', '.join(literal(part.strip(), key.kind) for part in re.split('[;,、，；]', text) if part.strip())}]"
    return literal(text if key.kind in ("text", "flag") else _number(text, key.column.unit), key.kind)


def _number(text: str, unit: str) -> str:
    if re.fullmatch(r"[+-]?\d*,\d+", text) and not re.fullmatch(r"[+-]?\d{1,3},\d{3}", text):
        text = text.replace(",", ".")
    share = re.fullmatch(r"([+-]?\d+\.?\d*)\s*[%％]", text.replace(",", "."))
    return f"{float(share[1]) / 100:.12g}" if share and unit.startswith("1") else text


# --- settings --------------------------------------------------------------------------------------------------------------

#: Rows for further names in a table of numbers by name.
SPARE = 2
#: What may be named in a table of numbers by name, besides the park's own names.
KINDS = ("technology", "measure", "planting")


@dataclass(frozen=True)
class Settings:
    """A file of settings as a page shows it: text and version, and what is said of it."""

    name: str
    text: str
    version: str
    faults: tuple[Remark, ...] = ()
    warnings: tuple[Remark, ...] = ()
    lines: tuple[str, ...] = ()

    @property
    def found(self) -> dict[str, Any] | None:
        """What it states; None where that cannot be read."""
        try:
            return tomllib.loads(self.text)
        except (tomllib.TOMLDecodeError, RecursionError, ValueError):
            return None


def settings(request: Request) -> Response:
    """The page of park.toml or goal.toml."""
    folder, name = _settings(request)
    found = bench_of(request).checks.of(folder)
    faults, warnings = (tuple(r for r in remarks if r.table == name) for remarks in (found.faults, found.warnings))
    path = folder / f"{name}.toml"
    return _page(request, folder, Settings(name, _text(path), version_of(path), faults, warnings))


def _settings(request: Request) -> tuple[Path, str]:
    folder, name = bench_of(request).places.park(request.path_params["park"]), request.path_params["name"]
    if name not in SETTINGS:
        raise Outside([Message("{name}: is no table of a park", name=repr(name))])
    return folder, name


def _text(path: Path) -> str:
    complaints = Complaints()
    text = read_text(path, path.name, complaints, MOST_BYTES) if path.is_file() else ""
    if text is None:
        raise CaseError(complaints.lines())
    return text


def _page(request: Request, folder: Path, own: Settings, status: int = 200) -> Response:
    spoken, found = language_of(request), own.found if own.name == "park" else None
    at, rest = placed(own) if found is not None else ({}, own.faults)
    offered = _offered(folder) if found is not None else {}
    return page(
        request,
        "settings.html",
        status,
        park=folder.name,
        own=own,
        tables=tables_of(found) if found is not None else [],
        at=at,
        lines=(*own.lines, *(remark.text for remark in rest)),
        wrong=len(own.faults) if status == 422 else 0,
        dotted=dotted,
        keys=columns_of(SETTINGS[own.name]).values(),
        meaning=lambda says: meaning(says, spoken),
        spare=SPARE,
        offered=[*offered.values()],
        lists={path: f"names-{number}" for number, path in enumerate(offered, start=1)},
    )


def placed(own: Settings) -> tuple[dict[KeyPath, list[tuple[bool, str]]], tuple[Remark, ...]]:
    """What is said of each key, and whether it is a fault; and what is said of none that can be told."""
    lines = {line: path for s in statements(own.text)[0] for path in s.stated for line in range(s.first + 1, s.end + 1)}
    at: dict[KeyPath, list[tuple[bool, str]]] = {}
    rest = []
    for remark in (*own.faults, *own.warnings):
        first = re.match(r"\w+", str(remark.words))
        named = first is not None and not remark.line and first[0] in columns_of(SETTINGS["park"])
        path = lines.get(remark.line) or ((first[0],) if first and named else None)
        if path is None:
            rest.append(remark)
        else:
            at.setdefault(path, []).append((remark in own.faults, remark.words))
    return at, tuple(rest)


def _offered(folder: Path) -> dict[KeyPath, list[str]]:
    """Names that may be meant, by the key that asks for one."""
    known, catalogue = names_of(folder).known, read_catalogue(None, Complaints())
    named = sorted({*KINDS, *(name for column in ("technology", "type", "measure", "project") for name in known.get(column, ()))})
    return {
        ("standard",): sorted({*(row.cells["standard"] for row in catalogue.rows("stages")), *known.get("standard", ())}),
        ("rules",): sorted({row.cells["rule"] for row in catalogue.rows("rules")}),
        ("finance", "depreciation"): named,
        ("finance", "grants"): named,
        ("finance", "owners", ""): sorted({"park", *known.get("owner", ())}),
    }


def save_keys(request: Request, form: FormData) -> Response:
    """Change the keys of park.toml that the form states otherwise. What is wrong with them is shown at each, and not saved."""
    folder, name = _settings(request)
    path, version = folder / f"{name}.toml", text_of(form, "version")
    text = _text(path)
    try:
        text = edited(text, changes(tomllib.loads(text), form))
    except (tomllib.TOMLDecodeError, NotEdited) as error:
        words = Message("{file}: is written in a way that no form can change; change its text below", file=path.name)
        raise CaseError([words]) from error
    return _saved(request, folder, Settings(name, text, version), form)


def _saved(request: Request, folder: Path, own: Settings, form: FormData) -> Response:
    """Save a text of settings; or show it again with what is wrong."""
    path = folder / f"{own.name}.toml"
    wrong = tuple(remark for remark in check_with(folder, path.name, own.text).faults if remark.table == own.name)
    if wrong and text_of(form, "anyway") != "1":
        return _page(request, folder, Settings(own.name, own.text, own.version, wrong), 422)
    try:
        save_sheet(path, own.text, own.version)
    except WasChanged as error:
        return _page(request, folder, Settings(own.name, own.text, own.version, lines=error.complaints), 409)
    return moved(address("park", folder.name))


def save_text(request: Request, form: FormData) -> Response:
    """Save park.toml or goal.toml as a text. What is no TOML, or wrong, is shown again with what is said of it, and not saved."""
    folder, name = _settings(request)
    text = text_of(form, "text").replace("\r\n", "\n") + "\n"
    return _saved(request, folder, Settings(name, text, text_of(form, "version")), form)


ROUTES = [
    Route("/park/{park}/settings/{name}", settings),
    Route("/park/{park}/settings/{name}", changing(save_text), methods=["POST"]),
    Route("/park/{park}/settings/{name}/keys", changing(save_keys), methods=["POST"]),
]
