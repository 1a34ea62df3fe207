"""Settings of a park, park.toml and goal.toml: their keys as a form made from the schema, and each file as a text."""

from __future__ import annotations

import re
import tomllib
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import tomlkit
from pydantic.fields import FieldInfo
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from tomlkit.exceptions import TOMLKitError

from models.case import Origin, StageRule
from models.case.base import Record, Unit
from models.errors import CaseError
from models.metrics import METRICS as RATIOS
from planner.language.language import Language
from planner.language.message import Message
from planner.language.words import STAGES, named
from planner.park.catalogue import read_catalogue
from planner.park.complaints import Complaints
from planner.park.fields import FieldColumn, columns_of
from planner.park.settings import LISTS, MOST_BYTES, SETTINGS, Toml, dotted, literal, read_toml
from planner.park.tables import read_text
from planner.plan import BUSINESS
from planner.workbench.bench import Bench, address, bench_of, changing, language_of, moved, page, text_of, with_point
from planner.workbench.park import made_of, rows_in
from planner.workbench.places import Outside, Remark
from planner.workbench.table import WasChanged, check_with, meaning, names_of, save_sheet, version_of

# --- keys ------------------------------------------------------------------------------------------------------------------
# Keys as a form has them: every one of the schema, table by table, with what the file states of it.

#: A key, from the outermost table on.
KeyPath = tuple[str, ...]
#: Ends of the names of fields that hold a name of the park's own, and what is stated of it; rows for further names.
NAME, VALUE, SPARE = ":name", ":value", 2
#: Stages that a goal may name, from the first to the last.
STAGE_NAMES = ("low-carbon", "near-zero-carbon", "zero-carbon")
#: What may be named in a table of numbers by name, besides the park's own names.
KINDS = ("technology", "measure", "planting")


@dataclass(frozen=True)
class Key:
    """A key: what the schema says of it, what holds where it is left out, and what the file states, both as text."""

    path: KeyPath
    column: FieldColumn
    default: str = ""
    stated: str = ""


@dataclass(frozen=True)
class KeyTable:
    """A table of keys. `says`: what it is for; `by_name`: what a key holds, in a table whose keys are names of the park;
    `is_new`: True for the empty form of an owner who has no terms yet."""

    path: KeyPath
    says: str
    keys: tuple[Key, ...]
    by_name: FieldColumn | None = None
    is_new: bool = False


def tables_of(record: type[Record], path: KeyPath, says: str, stated: Any, is_new: bool = False) -> Iterator[KeyTable]:
    """The tables of a file of settings, its own keys first; `stated` is what the file states of them."""
    stated = stated if isinstance(stated, dict) else {}
    keys, below = [], []
    for name, column in columns_of(record).items():
        inner, by_name = _inside(record, name)
        there, own = stated.get(name), (*path, name)
        field = _field(record, name)
        if inner is None and by_name is None:
            default = field.get_default(call_default_factory=True)
            is_known = default is not None and type(default).__name__ != "PydanticUndefinedType"
            choices = STAGE_NAMES if own == ("target",) else column.choices
            keys.append(Key(own, replace(column, choices=choices), as_stated(default) if is_known else "", as_stated(there)))
        elif inner is None:
            rows = there if isinstance(there, dict) else {}
            named_keys = tuple(Key((*own, row), by_name, "", as_stated(value)) for row, value in rows.items())  # type: ignore[arg-type]
            below.append([KeyTable(own, column.says, named_keys, by_name)])
        elif by_name is not None:
            owners = there if isinstance(there, dict) else {}
            below += [[*tables_of(inner, (*own, owner), column.says, terms)] for owner, terms in owners.items()]
            below.append([*tables_of(inner, (*own, ""), column.says, {}, is_new=True)])
        else:
            below.append([*tables_of(inner, own, documented(inner), there)])
    for name in stated:
        if name not in columns_of(record) and not isinstance(stated[name], dict):
            keys.append(Key((*path, name), FieldColumn(name, "text", (), "", "", False, ""), "", as_stated(stated[name])))
    yield KeyTable(path, says, tuple(keys), is_new=is_new)
    for tables in below:
        yield from tables


def _field(record: type[Record], name: str) -> FieldInfo:
    """The field of a key."""
    return next(field for own, field in record.model_fields.items() if (field.alias or own) == name)


def _inside(record: type[Record], name: str) -> tuple[type[Record] | None, FieldColumn | None]:
    """(the record that a key holds, None for a plain value; what a name in it holds, where its keys are names of the park)."""
    annotation = _field(record, name).annotation
    is_dict, parts = typing.get_origin(annotation) is dict, typing.get_args(annotation)
    many = parts if typing.get_origin(annotation) in (dict, typing.Union, types.UnionType) else (annotation,)
    inner = next((part for part in many if isinstance(part, type) and issubclass(part, Record)), None)
    if not is_dict:
        return inner, None
    unit = next((part.text for part in typing.get_args(parts[1]) if isinstance(part, Unit)), "")
    return inner, FieldColumn(name, "float", (), unit, "", False, "")


def column_at(record: type[Record], path: KeyPath) -> FieldColumn | None:
    """What the schema says of a key, None where it has none of that name."""
    name, *more = path
    if name not in columns_of(record):
        return None
    inner, by_name = _inside(record, name)
    if by_name is not None:
        return by_name if inner is None and len(more) == 1 else column_at(inner, tuple(more[1:])) if inner and more[1:] else None
    return (column_at(inner, tuple(more)) if more else None) if inner else None if more else columns_of(record)[name]


def documented(record: type[Record]) -> str:
    """What a record says of itself, without the name of the file."""
    words = " ".join((record.__doc__ or "").partition(": ")[2].split())
    return words[:1].upper() + words[1:]


def as_stated(value: Any) -> str:
    """A value of TOML as a person writes it into a field."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(as_stated, value)) if isinstance(value, list | tuple) else str(value)


def leaves(found: Mapping[str, Any], before: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Values by their paths."""
    for name, value in found.items():
        yield from leaves(value, (*before, name)) if isinstance(value, dict) else [((*before, name), value)]


def stated_in(found: Any, path: KeyPath) -> str:
    """What a file states of a key, as text; '' for nothing."""
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return as_stated(found)


def changes(record: type[Record], found: Mapping[str, Any], form: FormData) -> dict[KeyPath, Any]:
    """Keys that a form states otherwise than the file, with their values, None for one that is taken out. Raises CaseError for
    what is stated of no name, or of a name twice."""
    sent: dict[KeyPath, str] = {}
    for field, text in form.items():
        if field.endswith(NAME) and f"{field.removesuffix(NAME)}{VALUE}" in form:
            table = _path(field.removesuffix(NAME)) or ()
            sent |= {path: "" for path, _ in leaves(found) if path[:-1] == table}
            sent |= {(*table, name): value for name, value in _rows(form, dotted(table)).items()}
        elif isinstance(text, str) and (path := _path(field)) is not None:
            if "" in path:
                name = text_of(form, f"{dotted(path[: path.index('')])}{NAME}")
                if text.strip() and not name:
                    raise _unnamed(text)
                path = tuple(name if part == "" else part for part in path)
                if not text.strip():
                    continue
            sent[path] = text.strip()
    return {
        path: written(path, column_at(record, path), text) if text else None
        for path, text in sent.items()
        if text != stated_in(found, path) and (column_at(record, path) or stated_in(found, path))
    }


def _path(field: str) -> KeyPath | None:
    """The key that the name of a field is of."""
    try:
        path = next(iter(leaves(tomllib.loads(f"{field} = 0"))))[0]
    except tomllib.TOMLDecodeError:
        return None
    return path if dotted(path) == field else None


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


def written(path: KeyPath, column: FieldColumn | None, text: str) -> Any:
    """What a person writes into a field, as a value of TOML: a decimal comma is a point, a percentage a share where one is meant;
    what is none of its kind stays a text, of which the reader says what is wrong."""
    kind, unit = (column.kind, column.unit) if column else ("text", "")
    if (of_list := LISTS.get(".".join(path))) is not None:
        return [_value(part.strip(), of_list) for part in re.split("[;,、，；]", text) if part.strip()]
    if kind in ("int", "float"):
        text = with_point(text)
        share = re.fullmatch(r"([+-]?\d+\.?\d*)\s*[%％]", text.replace(",", "."))
        text = f"{float(share[1]) / 100:.12g}" if share and unit.startswith("1") else text
    return _value(text, kind)


def _value(text: str, kind: str) -> Any:
    return tomllib.loads(f"x = {literal(text, kind)}")["x"]


class NotEdited(ValueError):
    """A file that is written in a way in which its keys cannot be changed one by one."""


def edited(text: str, changes: Mapping[KeyPath, Any]) -> str:
    """A TOML file with other values, None for a key that is taken out, with its table where that states no more; comments and
    order stay. Raises NotEdited where that is not what the file says then."""
    wanted = tomllib.loads(text)
    try:
        document = tomlkit.parse(text)
        for own in (document, wanted):
            for path, value in changes.items():
                _set(own, path, value)
        made = tomlkit.dumps(document)
        is_right = tomllib.loads(made) == wanted
    except (TOMLKitError, ValueError, TypeError, AttributeError) as error:  # what tomlkit and tomllib raise of such files
        raise NotEdited from error
    if not is_right:
        raise NotEdited
    return made


def _set(table: Any, path: KeyPath, value: Any) -> None:
    """Set a key of a table of tables, or take it out."""
    name, *more = path
    if more:
        if value is None and name not in table:
            return
        if name not in table:
            table[name] = tomlkit.table() if isinstance(table, tomlkit.TOMLDocument) else {}
        _set(table[name], tuple(more), value)
        if value is None and not table[name]:
            del table[name]
    elif value is not None:
        table[name] = value
    elif name in table:
        del table[name]


# --- goal ------------------------------------------------------------------------------------------------------------------
# What stands beside the form of the goal: what each stage asks, in words, and how far the park of today is from it.


def of_goal(bench: Bench, folder: Path, language: Language) -> dict[str, Any]:
    """What is told beside the form of the goal."""
    from planner.answer.standing_words import asked, titled
    from planner.answer.summary import titles_of_standard

    case = bench.checks.of(folder).case
    jobs = (j for j in reversed(bench.jobs.all()) if (j.kind, j.of) == ("baseline", folder.name) and bench.jobs.code(j) == 0)
    standard = case.park.standard if case else ""
    stages: dict[tuple[int, str], list[str]] = {}
    for rule in case.stages if case else _of_catalogue(folder):
        stages.setdefault((rule.order, rule.stage), []).append(asked(language, dict(rule)))
    return {
        "stages": [(named(language, STAGES, stage), words) for (_, stage), words in sorted(stages.items())],
        "standard": titled(language, {"name": standard, **titles_of_standard(standard)}) if case else "",
        "today": today_of(bench, folder.name, language),
        "inventory": next((bench.jobs.said(job, "stdout") for job in jobs), ""),
    }


def today_of(bench: Bench, name: str, language: Language) -> tuple[str, str, list[tuple[str, str, str]]] | None:
    """(run, year, (stage, rule, value) of each): what the rules of the first of the goal's years come to where the park goes on as
    today, by its newest run; None where there is none."""
    from planner.answer.standing_words import asked, shown

    for _, run, folder in made_of(bench.places, name):
        found: list[dict[str, Any]] = [*rows_in(folder / BUSINESS / "stages.csv")]
        first = [row for row in found if row["year"] == found[0]["year"] and row["metric"] in RATIOS and row["value"]]
        rules = [{**row, "limit": float(row["limit"]), "value": float(row["value"])} for row in first]
        if rules:
            told = [
                (named(language, STAGES, row["stage"]), asked(language, row), shown(language, row["metric"], row["value"]))
                for row in rules
            ]
            return run, found[0]["year"], told
    return None


def _of_catalogue(folder: Path) -> list[StageRule]:
    """The rules of the standard that park.toml names, where the park itself cannot be read yet."""
    toml = read_toml(folder / "park.toml", Complaints())
    standard = str(toml.keys.get("standard", "")) if toml is not None else ""
    rows = read_catalogue(None, Complaints()).rows("stages", standard=standard)
    known = StageRule.columns()
    return [StageRule.model_validate({c: text for c, text in row.cells.items() if text and c in known}) for row in rows]


# --- settings --------------------------------------------------------------------------------------------------------------


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
    def stated(self) -> dict[str, Any] | None:
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
    bench, spoken, stated = bench_of(request), language_of(request), own.stated
    at, rest = placed(own, stated) if stated is not None else ({}, own.faults)
    offered = _offered(folder)
    return page(
        request,
        "settings.html",
        status,
        park=folder.name,
        own=own,
        tables=[*tables_of(SETTINGS[own.name], (), "", stated)] if stated is not None else [],
        at=at,
        lines=(*own.lines, *(remark.text for remark in rest)),
        wrong=len(own.faults) if status == 422 else 0,
        dotted=dotted,
        meaning=lambda says: meaning(says, spoken),
        spare=SPARE,
        offered=[*offered.values()],
        lists={path: f"names-{number}" for number, path in enumerate(offered, start=1)},
        goal=of_goal(bench, folder, spoken) if own.name == "goal" else None,
    )


def placed(own: Settings, stated: dict[str, Any]) -> tuple[dict[KeyPath, list[tuple[bool, str]]], tuple[Remark, ...]]:
    """What is said of each key, and whether it is a fault; and what is said of none that can be told."""
    toml = Toml(f"{own.name}.toml", own.text)
    lines = {where.line: path for path, _ in leaves(stated) if isinstance(where := toml.where(path[-1], path[:-1]), Origin)}
    at: dict[KeyPath, list[tuple[bool, str]]] = {}
    rest = []
    for remark in (*own.faults, *own.warnings):
        first = re.match(r"\w+", str(remark.words))
        is_named = first is not None and not remark.line and first[0] in columns_of(SETTINGS[own.name])
        path = lines.get(remark.line) or ((first[0],) if first and is_named else None)
        if path is None:
            rest.append(remark)
        else:
            at.setdefault(path, []).append((remark in own.faults, remark.words))
    return at, tuple(rest)


def _offered(folder: Path) -> dict[KeyPath, list[str]]:
    """Names that may be meant, by the key that asks for one."""
    known, catalogue = names_of(folder).known, read_catalogue(None, Complaints())
    names = sorted({*KINDS, *(name for column in ("technology", "type", "measure", "project") for name in known.get(column, ()))})
    return {
        ("standard",): sorted({*(row.cells["standard"] for row in catalogue.rows("stages")), *known.get("standard", ())}),
        ("rules",): sorted({row.cells["rule"] for row in catalogue.rows("rules")}),
        ("finance", "depreciation"): names,
        ("finance", "grants"): names,
        ("finance", "yield_p90"): sorted({name for column in ("technology", "type") for name in known.get(column, ())}),
        ("finance", "downside_prices"): sorted({*known.get("supply", ()), *known.get("certificate", ()), *known.get("offset", ())}),
        ("finance", "owners", ""): sorted({"park", *known.get("owner", ())}),
        ("milestones",): [*STAGE_NAMES],
    }


def save_keys(request: Request, form: FormData) -> Response:
    """Change the keys of the file that the form states otherwise. What is wrong with them is shown at each, and not saved."""
    folder, name = _settings(request)
    path, version = folder / f"{name}.toml", text_of(form, "version")
    text = _text(path)
    try:
        text = edited(text, changes(SETTINGS[name], tomllib.loads(text), form))
    except (tomllib.TOMLDecodeError, NotEdited) as error:
        words = Message("{file}: is written in a way that no form can change; change its text below", file=path.name)
        raise CaseError([words]) from error
    return _saved(request, folder, Settings(name, text, version), form)


def _saved(request: Request, folder: Path, own: Settings, form: FormData) -> Response:
    """Save a text of settings; or show it again with what is wrong."""
    path = folder / f"{own.name}.toml"
    wrong = tuple(remark for remark in check_with(folder, path.name, own.text).faults if remark.table == own.name)
    if wrong and text_of(form, "anyway") != "1":
        return _page(request, folder, replace(own, faults=wrong), 422)
    try:
        save_sheet(path, own.text, own.version)
    except WasChanged as error:
        return _page(request, folder, replace(own, lines=error.complaints), 409)
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
