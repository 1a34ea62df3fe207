"""application.toml: what only a person can say of a park, read and checked; every fault is one line."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from models.case import Origin
from models.errors import CaseError, printable
from planner.language.message import Message
from planner.park.complaints import Complaints, is_no
from planner.park.faults import KEY_OF, of
from planner.park.settings import Toml, read_toml

FILE = "application.toml"
FOLDER = Path(__file__).parents[2] / "data" / "forms"
#: Years of which energy and CO2 are told: the base year and those before it.
YEARS = 3
#: Longest text.
MOST_LETTERS = 2_000
#: Keys of a [[project]] that are texts, and of a [[year]] that are numbers (tce, t CO2).
PROJECT = ("title", "owner", "content", "period", "progress", "meaning")
YEAR = ("energy", "co2")


@dataclass(frozen=True)
class Details:
    """What application.toml says.

    texts     (table, key) -> text
    owners    owner of technologies.csv -> who that is
    projects  project of the plan -> key -> text
    years     year -> key of YEAR -> number
    """

    texts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    projects: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    years: Mapping[int, Mapping[str, float]] = field(default_factory=dict)


@cache
def forms() -> dict[str, dict[str, Any]]:
    """Name of each form -> what its file says."""
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))}


def key_of(place: str) -> tuple[str, str]:
    """`[review] comparison` as table and key."""
    table, name = place.split("] ")
    return table[1:], name


def _known() -> dict[str, list[str]]:
    """Tables of texts and their keys: all that the blanks of the forms name."""
    known: dict[str, list[str]] = {}
    for form in forms().values():
        for blank in form["blank"]:
            table, key = key_of(blank["key"])
            known.setdefault(table, []).append(key)
    return known


def read_details(path: Path | None, park: Path, projects: Sequence[str], owners: Sequence[str], base_year: int) -> Details:
    """Read the file that is named, or that of the park's folder; nothing where the folder has none. `projects` and `owners` are
    the names that it may use. Raises CaseError with every fault."""
    if path is None:
        path = park / FILE
        if not os.path.lexists(path):
            return Details()
    complaints = Complaints()
    toml = read_toml(path, complaints)
    found = Details() if toml is None else _read(toml, projects, owners, base_year, complaints)
    if len(complaints):
        raise CaseError(list(complaints.lines()))
    return found


def _read(toml: Toml, projects: Sequence[str], owners: Sequence[str], base_year: int, complaints: Complaints) -> Details:
    known = _known()
    tables = (*known, "owners", "project", "year")
    for key in toml.keys:
        if key not in tables:
            complaints.add(toml.where(key), is_no("key", key, Message("table of {file}", file=FILE), tables))
    texts: dict[tuple[str, str], str] = {}
    for table, keys in known.items():
        noun = Message(KEY_OF, place=f"[{table}]")
        for key, value in _table(toml, table, complaints).items():
            if key not in keys:
                complaints.add(toml.where(key), is_no("key", key, noun, keys))
            elif (text := _text(key, value, toml.where(key), complaints)) is not None:
                texts[table, key] = text
    who: dict[str, str] = {}
    for key, value in _table(toml, "owners", complaints).items():
        where = toml.where(key, ("owners",))
        if key not in owners:
            complaints.add(where, of("[owners]", is_no("key", printable(key), Message("owner of the park"), owners)))
        elif (text := _text(key, value, where, complaints)) is not None:
            who[key] = text
    asked = range(base_year - YEARS + 1, base_year + 1)
    own = dict(_rows(toml, "project", ("name", projects, Message("project of the plan")), PROJECT, complaints))
    years = dict(_rows(toml, "year", ("year", asked, Message("year that is asked for")), YEAR, complaints))
    return Details(texts, who, own, years)


def _table(toml: Toml, name: str, complaints: Complaints) -> dict[str, Any]:
    given = toml.keys.get(name, {})
    if isinstance(given, dict):
        return given
    complaints.add(toml.where(name), Message('{name}: is no table; write [{name}] and below it `key = "text"`', name=name))
    return {}


def _rows(
    toml: Toml, table: str, by: tuple[str, Sequence[Any], Message], keys: Sequence[str], complaints: Complaints
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """What each table of a list is of, which stands under its key `by`, and what it says: texts of a project, numbers of a year."""
    given, (name, known, noun) = toml.keys.get(table, []), by
    if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
        words = Message("{name}: is no list of tables; write [[{name}]] above each", name=table)
        complaints.add(toml.where(table), words)
        return
    seen, lines = [], toml.lines_of(f"[[{table}]]")
    for n, row in enumerate(given, start=1):
        where = Origin(toml.file, lines[n - 1]) if n <= len(lines) else toml.file
        what, value, said = f"[[{table}]] {n}", row.get(name), dict[str, Any]()
        if value not in known:
            complaints.add(where, of(what, is_no(name, printable(str(value or "")), noun, map(str, known))))
        elif value in seen:
            complaints.add(where, Message("{what}: {name} {value}: is stated twice", what=what, name=name, value=repr(value)))
        for key, own in row.items():
            if key not in (name, *keys):
                complaints.add(where, of(what, is_no("key", key, Message(KEY_OF, place=f"[[{table}]]"), (name, *keys))))
            elif key != name and keys is YEAR:
                if isinstance(own, bool) or not isinstance(own, int | float) or not 0 <= own < 1e12:
                    complaints.add(where, f"{what}: {key} = {printable(str(own))}: is no number of 0 or more")
                said[key] = own
            elif key != name and (text := _text(key, own, toml.where(key), complaints)) is not None:
                said[key] = text
        seen.append(value)
        yield str(value) if keys is PROJECT else value, said


def _text(key: str, value: object, where: Origin | str, complaints: Complaints) -> str | None:
    if not isinstance(value, str):
        words = Message("{key} = {value}: is no text; put it in quotes", key=key, value=printable(str(value)))
    elif not value.strip():
        words = Message("{key}: is empty; leave the key out where nothing is to be said", key=key)
    elif len(value) > MOST_LETTERS:
        count, most = f"{len(value):,}", f"{MOST_LETTERS:,}"
        words = Message("{key}: has {count} characters; at most {most}", key=key, count=count, most=most)
    else:
        return "\n".join(printable(line, longest=None) for line in value.strip().splitlines())
    complaints.add(where, words)
    return None
