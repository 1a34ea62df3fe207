"""application.toml: what only a person can say of a park, read and checked; every fault is one line."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.case import Origin
from models.errors import CaseError
from models.message import printable
from planner.language.message import Message
from planner.park.complaints import Complaints, is_no
from planner.park.faults import KEY_OF, of
from planner.park.settings import Toml, read_toml

FILE = "application.toml"
#: Years of which energy and CO2 are told: the base year and those before it.
YEARS = 3
#: Longest text.
MOST_LETTERS = 2_000
#: Tables of texts, and their keys.
TEXTS: Mapping[str, tuple[str, ...]] = {
    "applicant": ("body", "authority", "contact", "telephone", "date"),
    "park": ("title", "location", "area", "boundary", "industries", "enterprises", "output", "feedstock"),
    "tasks": ("energy", "efficiency", "industry", "resources", "infrastructure", "technology", "management", "reform"),
    "indices": ("product_energy", "solid_waste", "residual_heat", "water"),
    "safeguards": ("organisation", "policy", "funding", "operation", "monitoring", "risk"),
}
#: Keys of a [[project]] that are texts.
PROJECT = ("title", "owner", "content", "period", "progress", "meaning")
#: Keys of a [[year]] that are numbers: tce, t CO2.
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


def read_details(
    path: Path | None,
    park: Path,
    projects: Sequence[str],
    owners: Sequence[str],
    base_year: int,
    of_forms: Iterable[tuple[str, str]] = (),
) -> Details:
    """Read the file that is named, or that of the park's folder; nothing where the folder has none.

    projects  names that a [[project]] may have
    owners    names that [owners] may have
    of_forms  (table, key) of texts that forms ask for beside TEXTS

    Raises CaseError with every fault.
    """
    if path is None:
        path = park / FILE
        if not os.path.lexists(path):
            return Details()
    complaints = Complaints()
    toml = read_toml(path, complaints)
    found = Details() if toml is None else _read(toml, projects, owners, base_year, complaints, _texts(of_forms))
    if len(complaints):
        raise CaseError(list(complaints.lines()))
    return found


def _texts(of_forms: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Tables of texts and their keys, with those of the forms."""
    found = dict(TEXTS)
    for table, key in of_forms:
        found[table] = tuple(dict.fromkeys((*found.get(table, ()), key)))
    return found


def _read(
    toml: Toml,
    projects: Sequence[str],
    known_owners: Sequence[str],
    base_year: int,
    complaints: Complaints,
    known_texts: Mapping[str, tuple[str, ...]],
) -> Details:
    known = (*known_texts, "owners", "project", "year")
    texts: dict[tuple[str, str], str] = {}
    for key in toml.keys:
        if key not in known:
            complaints.add(toml.where(key), is_no("key", key, Message("table of {file}", file=FILE), known))
    for table, keys in known_texts.items():
        for key, value in _table(toml, table, complaints).items():
            if key not in keys:
                complaints.add(toml.where(key), is_no("key", key, Message(KEY_OF, place=f"[{table}]"), keys))
            elif (text := _text(toml, key, value, complaints)) is not None:
                texts[table, key] = text
    owners: dict[str, str] = {}
    for key, value in _table(toml, "owners", complaints).items():
        if key not in known_owners:
            words = is_no("key", printable(key), Message("owner of the park"), known_owners)
            complaints.add(toml.where(key, ("owners",)), of("[owners]", words))
        elif (text := _text(toml, key, value, complaints)) is not None:
            owners[key] = text
    own = dict(_projects(toml, projects, complaints))
    return Details(texts, owners, own, dict(_years(toml, base_year, complaints)))


def _table(toml: Toml, name: str, complaints: Complaints) -> dict[str, Any]:
    given = toml.keys.get(name, {})
    if isinstance(given, dict):
        return given
    complaints.add(toml.where(name), Message('{name}: is no table; write [{name}] and below it `key = "text"`', name=name))
    return {}


def _list(toml: Toml, name: str, complaints: Complaints) -> list[dict[str, Any]]:
    given = toml.keys.get(name, [])
    if isinstance(given, list) and all(isinstance(row, dict) for row in given):
        return given
    complaints.add(toml.where(name), Message("{name}: is no list of tables; write [[{name}]] above each", name=name))
    return []


def _text(toml: Toml, key: str, value: object, complaints: Complaints) -> str | None:
    if not isinstance(value, str):
        complaints.add(
            toml.where(key), Message("{key} = {value}: is no text; put it in quotes", key=key, value=printable(str(value)))
        )
    elif not value.strip():
        complaints.add(toml.where(key), Message("{key}: is empty; leave the key out where nothing is to be said", key=key))
    elif len(value) > MOST_LETTERS:
        complaints.add(
            toml.where(key),
            Message("{key}: has {count} characters; at most {most}", key=key, count=f"{len(value):,}", most=f"{MOST_LETTERS:,}"),
        )
    else:
        return "\n".join(printable(line, longest=None) for line in value.strip().splitlines())
    return None


def _projects(toml: Toml, known: Sequence[str], complaints: Complaints) -> Iterator[tuple[str, dict[str, str]]]:
    seen: set[str] = set()
    for n, row in enumerate(_list(toml, "project", complaints), start=1):
        name = row.get("name")
        where = _nth(toml, "project", n)
        if not isinstance(name, str):
            complaints.add(where, Message('[[project]] {n}: has no name; write `name = "…"`, a project of the plan', n=n))
        elif name not in known:
            complaints.add(where, of(f"[[project]] {n}", is_no("name", printable(name), Message("project of the plan"), known)))
        elif name in seen:
            complaints.add(where, Message("[[project]] {n}: name {name}: is stated twice", n=n, name=repr(name)))
        texts: dict[str, str] = {}
        for key, value in row.items():
            if key not in ("name", *PROJECT):
                complaints.add(
                    where, of(f"[[project]] {n}", is_no("key", key, Message(KEY_OF, place="[[project]]"), ("name", *PROJECT)))
                )
            elif key != "name" and (text := _text(toml, key, value, complaints)) is not None:
                texts[key] = text
        if isinstance(name, str):
            seen.add(name)
            yield name, texts


def _years(toml: Toml, base_year: int, complaints: Complaints) -> Iterator[tuple[int, dict[str, float]]]:
    seen: set[int] = set()
    first = base_year - YEARS + 1
    for n, row in enumerate(_list(toml, "year", complaints), start=1):
        year, where = row.get("year"), _nth(toml, "year", n)
        if type(year) is not int or not first <= year <= base_year:
            complaints.add(
                where,
                Message(
                    "[[year]] {n}: year {year}: is not within {first} to {base_year}",
                    n=n,
                    year=printable(str(year)),
                    first=first,
                    base_year=base_year,
                ),
            )
            year = 0
        elif year in seen:
            complaints.add(where, Message("[[year]] {n}: year {year}: is stated twice", n=n, year=year))
        numbers: dict[str, float] = {}
        for key, value in row.items():
            if key not in ("year", *YEAR):
                complaints.add(where, of(f"[[year]] {n}", is_no("key", key, Message(KEY_OF, place="[[year]]"), ("year", *YEAR))))
            elif key != "year":
                if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e12:
                    complaints.add(where, f"[[year]] {n}: {key} = {printable(str(value))}: is no number of 0 or more")
                else:
                    numbers[key] = float(value)
        seen.add(year)
        yield year, numbers


def _nth(toml: Toml, name: str, n: int) -> Origin | str:
    """Line of the n-th table of a list."""
    lines = toml.lines_of(f"[[{name}]]")
    return Origin(toml.file, lines[n - 1]) if n <= len(lines) else toml.file
