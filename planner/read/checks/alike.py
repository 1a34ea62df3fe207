"""Names that look the same: what differs in blanks or the width of letters only is one name mistyped; in capitals, most likely."""

from __future__ import annotations

import unicodedata

from models.case import TABLES, Row
from planner.language.message import Message
from planner.read.draft import Draft
from planner.read.remarks import ONLY_CAPITALS
from planner.read.tables import RawRow

#: Columns of names that no table lists.
FREE = ("carrier", "zone")


def check_alike(draft: Draft) -> None:
    """Complain of names of one table, carriers and zones that look the same."""
    for table, kind in TABLES.items():
        if _lists_names(kind):
            _compare(kind.key[0], [row for row in draft.raw[table] if not row.origin.catalogue], draft)
    for column in FREE:
        _compare(column, [row for table in TABLES for row in draft.raw[table] if not row.origin.catalogue], draft)


def _lists_names(kind: type[Row]) -> bool:
    """True of a table whose rows are things with a name of their own."""
    return len(kind.key) == 1 and kind.model_fields[kind.key[0]].annotation is str


def _compare(column: str, rows: list[RawRow], draft: Draft) -> None:
    first: dict[str, str] = {}
    told = set()
    for row in rows:
        name = row.get(column)
        if not name or name in told:
            continue
        told.add(name)
        plain = "".join(unicodedata.normalize("NFKC", name).split())
        other = first.setdefault(plain, name)
        if other != name:
            words = Message(
                "{column} {name}: is {other} but for blanks or the width of letters; write one of the two",
                column=column,
                name=repr(name),
                other=repr(other),
            )
            draft.fault(row.origin, words)
            continue
        other = first.setdefault(plain.casefold() + "\0", name)
        if other != name:
            draft.warn(row.origin, ONLY_CAPITALS, column=column, name=repr(name), other=repr(other))
