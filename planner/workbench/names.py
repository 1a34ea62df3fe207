"""Names of a park, offered where a column asks for one: what its tables call carriers, zones, equipment, supplies, profiles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from models.case import TABLES
from planner.park.complaints import Complaints
from planner.park.fields import REMARKS, columns_of, split_heading
from planner.park.tables import NoCsv, read_text, rows_of

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
    known: dict[str, dict[str, None]] = {}
    users: dict[str, dict[str, None]] = {}
    for table, kind in TABLES.items():
        columns = [name for name, column in columns_of(kind).items() if column.kind == "text" and name not in REMARKS]
        rows = _rows(folder / f"{table}.csv")
        for row in rows[1:]:
            for name, cell in zip(rows[0], row, strict=False):
                if cell and name in columns:
                    known.setdefault(name, {})[cell] = None
                if cell and name in OF_PROFILES and name in columns:
                    users.setdefault(cell, {})[f"{table} {row[0]}"] = None
    profiles = _profiles(folder / "profiles.csv")
    return Names(_tuples(known), profiles, {name: own for name, own in _tuples(users).items() if name in profiles})


def _tuples(found: Mapping[str, Mapping[str, None]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(cells) for name, cells in found.items()}


def _rows(path: Path) -> list[list[str]]:
    text = read_text(path, path.name, Complaints()) if path.is_file() else None
    try:
        return [row for _, row in rows_of(text or "")]
    except NoCsv:
        return []


def _profiles(path: Path) -> tuple[str, ...]:
    """The columns of profiles.csv, of which its first line alone is looked at."""
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        line = file.readline(100_000)
    try:
        first: Iterable[str] = next(rows_of(line), (0, []))[1]
    except NoCsv:
        return ()
    return tuple(name for name in (split_heading(heading)[0] for heading in first) if name and name != "hour")
