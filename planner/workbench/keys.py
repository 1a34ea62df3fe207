"""Keys of park.toml as a form has them: every one of the schema, table by table, with what the park states of it."""

from __future__ import annotations

import re
import tomllib
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from models.case import Park
from models.case.base import Record, Unit
from models.errors import CaseError
from planner.language.message import Message
from planner.park.fields import FieldColumn, columns_of
from planner.park.settings import LISTS, dotted, literal
from planner.workbench.edit import Path, leaves

#: Ends of the names of fields that hold a name of the park's own, and what is stated of it.
NAME, VALUE = ":name", ":value"


@dataclass(frozen=True)
class Key:
    """A key: what the schema says of it, what holds where it is left out, and what the park states, both as text; `kind` of its
    value, or of each part of a list."""

    path: Path
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

    path: Path
    says: str
    keys: tuple[Key, ...]
    by_name: FieldColumn | None = None
    is_new: bool = False


def tables_of(found: Mapping[str, Any]) -> list[KeyTable]:
    """The tables of park.toml, its own keys first; `found` is what the file states."""
    return [*_tables(Park, (), "", found)]


def _tables(record: type[Record], path: Path, says: str, found: Any, is_new: bool = False) -> Iterator[KeyTable]:
    stated = found if isinstance(found, dict) else {}
    keys, below = [], []
    for name, column in columns_of(record).items():
        field = next(f for n, f in record.model_fields.items() if (f.alias or n) == name)
        inner, by_name = _record_in(field.annotation), typing.get_origin(field.annotation) is dict
        own = (*path, name)
        if inner is None and not by_name:
            key = _key(own, column, field.get_default(call_default_factory=True), stated.get(name))
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
            keys.append(Key((*path, name), FieldColumn(name, "text", (), "", "", False, ""), "text", "", text_of(stated[name])))
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


def _key(path: Path, column: FieldColumn, default: Any, stated: Any) -> Key:
    is_known = default is not None and type(default).__name__ != "PydanticUndefinedType"
    kind = LISTS.get(".".join(path), column.kind)
    return Key(path, column, kind, text_of(default) if is_known else "", text_of(stated))


def _named(path: Path, column: FieldColumn, number: Any, stated: Any) -> KeyTable:
    """A table of numbers by name."""
    rows = stated if isinstance(stated, dict) else {}
    unit = next(part.text for part in typing.get_args(number) if isinstance(part, Unit))
    own = FieldColumn(column.name, "float", (), unit, "", False, "")
    keys = tuple(Key((*path, name), own, "float", "", text_of(value)) for name, value in rows.items())
    return KeyTable(path, column.says, keys, by_name=own)


def text_of(value: Any) -> str:
    """A value of TOML as a person writes it into a field."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(text_of, value)) if isinstance(value, list | tuple) else str(value)


def changes(found: Mapping[str, Any], form: FormData) -> dict[Path, str | None]:
    """Keys that a form states otherwise than the file: each as TOML has it, None where it is taken out. Raises CaseError for what
    is stated of no name, or of a name twice."""
    sent = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
    made: dict[Path, str | None] = {}
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


def _paths(sent: Iterable[str]) -> list[Path]:
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


def stated_in(found: Any, path: Path) -> str:
    """What a file states of a key, as text; '' for nothing."""
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return text_of(found)


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
