"""Rules of every table: what may stand once only, and what is the same in all rows of a name.

Names that look the same: what differs in blanks or the width of letters only is one name mistyped; in capitals, most likely.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from models.case import TABLES, WHOLE_PARK, Certificate, Cost, Link, Measure, Offset, Restoration, Row, Supply, Technology
from planner.language.language import mark
from planner.language.message import Message
from planner.park import remarks
from planner.park.complaints import is_no, nearest
from planner.park.draft import Draft
from planner.park.folder import used_types
from planner.park.remarks import ONLY_CAPITALS, PLACE
from planner.park.rules import ZONED
from planner.park.tables import RawRow


def check_examples(draft: Draft) -> None:
    """Point out the rows that a blank park came with, one sentence a table."""
    for rows in draft.raw.values():
        if left := [row.origin for row in rows if row.get("source").startswith(remarks.EXAMPLE)]:
            draft.warn(left[0].file, remarks.EXAMPLES, lines=", ".join(str(origin.line) for origin in left))


def check_keys(draft: Draft) -> None:
    """Complain of repeated rows, of columns that differ within a name, and of zones left blank."""
    for table, kind in TABLES.items():
        rows = draft.valid[table]
        if kind.key:
            _check_repeated(kind, rows, draft)
        _check_constant(kind, rows, draft)
    for table in ZONED:
        _check_zones(table, draft)


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
            what = Message("{what} of {year}", what=what, year=year) if has_year else what
            draft.fault(row, "{what}: is there already, in {line}; keep one row", what=what, line=_line(earlier, row))
        if not kind.is_yearly() or kind.is_step:
            continue
        other = by_name.setdefault(name, row)
        if (getattr(other, "year", None) is None) != (year is None):
            draft.fault(
                row,
                "{what}: a row without a year holds for all years, yet {line} is of the same name; write the year in each row, "
                "or keep one row",
                what=_words(kind, row),
                line=_line(other, row),
            )


def _line(other: Row, row: Row) -> str:
    assert other.origin is not None and row.origin is not None
    file, line = other.origin.file, other.origin.line
    return Message("line {line}", line=line) if file == row.origin.file else Message(PLACE, file=file, line=line)


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
                words = mark("{shown}: differs from {before} in {line}; it is the same in all rows of {what}")
                draft.fault(row, words, shown=shown, before=repr(before), line=_line(earlier, row), what=_words(kind, row))


def _check_zones(table: str, draft: Draft) -> None:
    """A table that uses zones uses them in every row."""
    blank = [row for row in draft.raw[table] if not row.get("zone")]
    if len(blank) == len(draft.raw[table]):
        return
    for row in blank:
        draft.fault(row.origin, "zone: is blank; a table that uses zones uses them in every row")
        draft.doubtful[table].add(row.get(TABLES[table].key[0]))


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


TURNED = mark("{column} {name}: is {other} with two letters the other way round; if the same is meant, write one of the two")


def _is_turned(name: str, other: str) -> bool:
    """True of two names that differ by two letters beside each other that changed places."""
    at = [i for i, (a, b) in enumerate(zip(name, other, strict=False)) if a != b] if len(name) == len(other) else []
    return (
        len(at) == 2
        and at[1] == at[0] + 1
        and name[at[0]] == other[at[1]]
        and name[at[1]] == other[at[0]]
        and name[at[0]].isalpha()
    )


def _compare(column: str, rows: list[RawRow], draft: Draft) -> None:
    first: dict[str, str] = {}
    told = set[str]()
    for row in rows:
        name = row.get(column)
        if not name or name in told:
            continue
        if turned := next((other for other in told if _is_turned(name, other)), ""):
            draft.warn(row.origin, TURNED, column=column, name=repr(name), other=repr(turned))
        told.add(name)
        plain = "".join(unicodedata.normalize("NFKC", name).split())
        other = first.setdefault(plain, name)
        if other != name:
            words = mark("{column} {name}: is {other} but for blanks or the width of letters; write one of the two")
            draft.fault(row.origin, words, column=column, name=repr(name), other=repr(other))
            continue
        other = first.setdefault(plain.casefold() + "\0", name)
        if other != name:
            draft.warn(row.origin, ONLY_CAPITALS, column=column, name=repr(name), other=repr(other))


# --- names for nothing -----------------------------------------------------------------------------------------------------


def check_costs(draft: Draft) -> None:
    """Warn of each type in a cost table that nothing of the park is of, once a file: most often a slip of the pen."""
    if not draft.knows_names(Technology) or not draft.knows_names(Link):
        return
    used = used_types(draft)
    first: dict[tuple[str, str], Cost] = {}
    for cost in draft.rows(Cost):
        first.setdefault((cost.origin.file if cost.origin else "", cost.type), cost)
    for cost in first.values():
        if cost.type not in (*used, WHOLE_PARK):
            near = nearest(cost.type, used)
            remark, hint = (remarks.UNUSED_COSTS_NEAR, {"near": repr(near)}) if near else (remarks.UNUSED_COSTS, {})
            draft.warn(cost, remark, **hint)


#: Kinds of projects that a financial figure may be stated of.
KINDS = ("technology", "measure", "planting")
#: The owner of what nobody is named for.
PARK = "park"
_NOUN = Message("technology, measure, planting, nor a type, measure or project of the park")


def check_financing(draft: Draft) -> None:
    """Complain of each name that stands for nothing."""
    finance = draft.park.finance if draft.park else None
    if finance is None or not all(draft.knows_names(kind) for kind in (Technology, Link, Measure, Restoration)):
        return
    types = {row.get("type") or row.get(kind.key[0]) for kind in (Technology, Link) for row in draft.raw[kind.table]}
    known = {*KINDS, *types, *draft.names(Measure, "measure"), *draft.names(Restoration, "project")}
    priced = {own for kind in (Supply, Certificate, Offset) for own in draft.names(kind, kind.key[0])}
    of_technology, of_price = Message("technology nor type of the park"), Message("supply, certificate nor credit of the park")
    for table, names, which, noun in (
        ("depreciation", finance.depreciation, known, _NOUN),
        ("grants", finance.grants, known, _NOUN),
        ("yield_p90", finance.yield_p90, types | draft.names(Technology, "technology"), of_technology),
        ("downside_prices", finance.downside_prices, priced, of_price),
    ):
        for name in names:
            if name not in which:
                draft.fault("park.toml", is_no(f"[finance.{table}]", name, noun, which))
    owners = {PARK, *(own for kind in (Technology, Link, Measure, Restoration) for own in draft.names(kind, "owner"))}
    for name in finance.owners:
        if name not in owners:
            draft.fault("park.toml", is_no("[finance.owners]", name, Message("owner of anything in the park"), owners))
