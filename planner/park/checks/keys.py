"""Rules of every table: what may stand once only, and what is the same in all rows of a name.

Names that look the same: what differs in blanks or the width of letters only is one name mistyped; in capitals, most likely.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from models.case import TABLES, Offset, Row
from planner.language.message import Message
from planner.park.draft import Draft
from planner.park.remarks import ONLY_CAPITALS, PLACE
from planner.park.tables import RawRow

ZONED = ("technologies", "demand", "supplies", "chargers")


def check_keys(draft: Draft) -> None:
    """Complain of repeated rows, of columns that differ within a name, and of zones left blank."""
    for table, kind in TABLES.items():
        rows = draft.valid[table]
        if kind.key:
            _check_repeated(kind, rows, draft)
        _check_constant(kind, rows, draft)
    for table in ZONED:
        _check_zones(table, draft)
    _check_limits(draft)


def _named(kind: type[Row], row: Row) -> tuple[Any, ...]:
    return tuple(getattr(row, column) for column in kind.key)


def _words(kind: type[Row], row: Row) -> str:
    """`type 'pv', parameter 'lifetime'`."""
    parts = [(kind.model_fields[column].alias or column, getattr(row, column)) for column in kind.key]
    return ", ".join(f"{column} {value!r}" for column, value in parts if value != "")


def _check_repeated(kind: type[Row], rows: list[Row], draft: Draft) -> None:
    """One row for each key and year; a row without a year holds for all years and stands alone."""
    first: dict[tuple[Any, ...], Row] = {}
    by_name: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        name, year = _named(kind, row), getattr(row, "year", None)
        earlier = first.setdefault((name, year), row)
        if earlier is not row:
            has_year = kind.is_yearly() and year and "year" not in kind.key
            what = _words(kind, row)
            draft.fault(
                row.origin,
                "{what}: is there already, in {line}; keep one row",
                what=Message("{what} of {year}", what=what, year=year) if has_year else what,
                line=_line(earlier, row),
            )
        if not kind.is_yearly() or kind.is_step:
            continue
        other = by_name.setdefault(name, row)
        if (getattr(other, "year", None) is None) != (year is None):
            draft.fault(
                row.origin,
                "{what}: a row without a year holds for all years, yet {line} is of the same name; write the year in each row, "
                "or keep one row",
                what=_words(kind, row),
                line=_line(other, row),
            )


def _line(other: Row, row: Row) -> str:
    assert other.origin is not None
    assert row.origin is not None
    line = other.origin.line
    return (
        Message("line {line}", line=line)
        if other.origin.file == row.origin.file
        else Message(PLACE, file=other.origin.file, line=line)
    )


def _check_constant(kind: type[Row], rows: list[Row], draft: Draft) -> None:
    """Columns that do not change over the years are the same in all rows of a name."""
    first: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        earlier = first.setdefault(_named(kind, row), row)
        for column in kind.constant:
            if column == "zone" and not {"zone"} <= row.model_fields_set & earlier.model_fields_set:
                continue
            given, before = getattr(row, column), getattr(earlier, column)
            if given != before:
                shown = f"{column} {given!r}" if isinstance(given, str) else f"{column} = {given}"
                draft.fault(
                    row.origin,
                    "{shown}: differs from {before} in {line}; it is the same in all rows of {what}",
                    shown=shown,
                    before=repr(before),
                    line=_line(earlier, row),
                    what=_words(kind, row),
                )


def _check_zones(table: str, draft: Draft) -> None:
    """A table that uses zones uses them in every row."""
    blank = [row for row in draft.raw[table] if not row.get("zone")]
    if len(blank) == len(draft.raw[table]):
        return
    for row in blank:
        draft.fault(row.origin, "zone: is blank; a table that uses zones uses them in every row")
        draft.doubtful[table].add(row.get(TABLES[table].key[0]))


def _check_limits(draft: Draft) -> None:
    """A limit that is given in one year and blank in another has no value between them."""
    limited = {row.offset for row in draft.rows(Offset) if row.max_volume is not None}
    for row in draft.rows(Offset):
        if row.offset in limited and row.max_volume is None:
            draft.fault(
                row.origin,
                "max_volume: is blank, other rows of {offset} give it; write it in each (a large number for no limit)",
                offset=repr(row.offset),
            )


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
