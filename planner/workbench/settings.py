"""Pages of the settings of a park: its keys as a form, table by table; and each file as a text, comments and all."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.errors import CaseError
from planner.language.message import Message
from planner.park.catalogue import read_catalogue
from planner.park.complaints import Complaints
from planner.park.fields import columns_of
from planner.park.settings import MOST_BYTES, SETTINGS, dotted
from planner.park.tables import read_text
from planner.workbench import sheets
from planner.workbench.bench import address, bench_of, changing, language_of, moved, page, text_of
from planner.workbench.checked import Remark
from planner.workbench.edit import NotEdited, edited, statements
from planner.workbench.edit import Path as KeyPath
from planner.workbench.keys import changes, tables_of
from planner.workbench.names import names_of
from planner.workbench.places import Outside

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
    return _page(request, folder, Settings(name, _text(path), sheets.version_of(path), faults, warnings))


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
        meaning=lambda says: sheets.meaning(says, spoken),
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
    wrong = tuple(remark for remark in sheets.check_with(folder, path.name, own.text).faults if remark.table == own.name)
    if wrong and text_of(form, "anyway") != "1":
        return _page(request, folder, Settings(own.name, own.text, own.version, wrong), 422)
    try:
        sheets.save(path, own.text, own.version)
    except sheets.WasChanged as error:
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
