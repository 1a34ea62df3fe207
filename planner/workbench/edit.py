"""Keys of a TOML file changed where they stand: comments, order and everything else of the file stay as they are."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from planner.park.settings import dotted

#: A key, from the outermost table on.
Path = tuple[str, ...]


class NotEdited(ValueError):
    """A file that is written in a way in which its keys cannot be changed one by one."""


@dataclass(frozen=True)
class Statement:
    """A key with its value as it stands in a file: the table that it stands in, its lines from 0 on, the last one left out, and
    what it states, path by path: several where it is a table within braces."""

    table: Path
    first: int
    end: int
    stated: Mapping[Path, object]


def statements(text: str) -> tuple[list[Statement], dict[Path, int]]:
    """What a TOML file states, from its first line to its last; and the line of the heading of each table."""
    lines, found, headings = text.splitlines(), [], {}
    table: Path = ()
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


def leaves(found: Mapping[str, Any], before: Path = ()) -> dict[Path, object]:
    """Values by their paths; of a table without anything in it the table."""
    made: dict[Path, object] = {}
    for name, value in found.items():
        path = (*before, name)
        made |= leaves(value, path) if isinstance(value, dict) and value else {path: value}
    return made


def _loaded(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def edited(text: str, changes: Mapping[Path, str | None]) -> str:
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


def _key(line: str) -> tuple[str, Path]:
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


def _add(lines: list[str], path: Path, value: str) -> None:
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


def _drop_empty(lines: list[str], table: Path) -> None:
    """Take out the heading of a table that states nothing more."""
    found, headings = statements("\n".join(lines))
    for depth in range(len(table), 0, -1):
        own = table[:depth]
        below = [path for s in found for path in s.stated] + [path for path in headings if len(path) > depth]
        if own in headings and not any(path[:depth] == own for path in below):
            place = headings[own]
            lines[place - 1 if place and not lines[place - 1].strip() else place : place + 1] = []
            found, headings = statements("\n".join(lines))


def _changed(found: dict[str, Any], changes: Mapping[Path, str | None]) -> dict[str, Any]:
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
