"""Rules of every table: what may stand once only, and what is the same in all rows of a name.

Names that look the same: what differs in blanks or the width of letters only is one name mistyped; in capitals, most likely.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import permutations
from typing import Any

from models.case import TABLES, Bill, Budget, Committed, Limit, Origin, Park, Reserve, Row
from planner.language.language import mark
from planner.language.message import Message
from planner.park import remarks
from planner.park.draft import Draft
from planner.park.remarks import ONLY_CAPITALS, PLACE
from planner.park.tables import RawRow

# From where on a figure cannot be, or can hardly be, what was meant: where honest parks do not come near, and the slip surely is.
#: So many years before all years of the park nobody's series begins: 2003 for 2030.
YEARS_BEFORE = 20
#: So many years after the horizon no series ends; paths of scenarios go to 2100.
YEARS_AFTER = 75
#: A base year so long before the horizon: 1990, of the Kyoto protocol, is 36 years before 2026.
BASE_BEFORE = 40

ZONED = ("technologies", "demand", "supplies", "chargers")


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
            words = mark("{column} {name}: is {other} but for blanks or the width of letters; write one of the two")
            draft.fault(row.origin, words, column=column, name=repr(name), other=repr(other))
            continue
        other = first.setdefault(plain.casefold() + "\0", name)
        if other != name:
            draft.warn(row.origin, ONLY_CAPITALS, column=column, name=repr(name), other=repr(other))


# --- years -----------------------------------------------------------------------------------------------------------------
# Years that can hardly be meant: slips such as 2205, rows that hold in no year, and what begins after the horizon.

#: Tables whose years are judged by what the row is of: an order of 2003 may work to this day.
BY_THEMSELVES = (Bill, Committed)


def check_years(draft: Draft) -> None:
    """Warn of years of the park's own tables that can hardly be meant."""
    park = draft.park
    if park is None:
        return
    _check_park(park, draft)
    said = _check_far(park, draft)
    for row in _holding_never(park, draft):
        if row.origin not in said:
            draft.warn(row.origin, remarks.HOLDS_NEVER, year=row.year, first=park.first_year, last=park.last_year)


def _check_park(park: Park, draft: Draft) -> None:
    """The years of park.toml go together."""
    first, last, base = park.first_year, park.last_year, park.base_year
    if base > first:
        draft.warn(draft.where("base_year"), remarks.BASE_LATE, year=base, first=first)
    elif base < first - BASE_BEFORE:
        draft.warn(draft.where("base_year"), remarks.BASE_FAR, year=base, first=first)
    if not min(base, first) - BASE_BEFORE <= park.price_year <= last and first >= 1900:
        draft.warn(draft.where("price_year"), remarks.PRICE_YEAR, year=park.price_year, span=_span(first, last))


def _span(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first} to {last}"


def _check_far(park: Park, draft: Draft) -> set[Origin | None]:
    """Years that no series reaches, once a series; returns where all such rows stand."""
    first = min(park.base_year, park.first_year)
    low, high = min(first, park.price_year) - YEARS_BEFORE, park.last_year + YEARS_AFTER
    found: set[Origin | None] = set()
    said: set[tuple[str, ...]] = set()
    for table, kind in TABLES.items():
        for row in draft.valid[table] if kind.is_yearly() and kind not in BY_THEMSELVES else ():
            year: int | None = row.year  # type: ignore[attr-defined]
            if year is None or low <= year <= high or not _is_own(row):
                continue
            found.add(row.origin)
            series = table, *(str(getattr(row, key)) for key in kind.key if key != "year")
            if series not in said:
                said.add(series)
                guess = _guess(year, first, park.last_year)
                draft.warn(row.origin, remarks.YEAR_FAR, year=year, span=_span(first, park.last_year), guess=guess)
    return found


def _is_own(row: Row) -> bool:
    return row.origin is not None and not row.origin.catalogue


def _guess(year: int, first: int, last: int) -> str:
    """The year between two that a slip of the pen makes of another: digits in another order, or a century left out; else ''."""
    turned = {int("".join(digits)) for digits in permutations(str(year))} | {year + 100 * (first // 100)}
    near = sorted((other for other in turned if first <= other <= last), key=lambda other: _differing(year, other))
    return f" ({near[0]}?)" if near else ""


def _differing(year: int, other: int) -> int:
    return sum(a != b for a, b in zip(str(year).rjust(4), str(other), strict=True))


def _holding_never(park: Park, draft: Draft) -> Iterator[Budget | Limit | Reserve]:
    """Rows that hold in no year of the horizon, the first of each series: what is no series over the years, or a step after it."""
    said = set()
    rows: list[Budget | Limit | Reserve] = [*draft.rows(Budget), *draft.rows(Limit), *draft.rows(Reserve)]
    for row in rows:
        if row.year is not None and _is_own(row):
            is_step = isinstance(row, Reserve) or (isinstance(row, Limit) and row.item in ("existing", "min_capacity"))
            is_before = isinstance(row, Budget) and row.year < park.first_year
            is_after = (is_step or isinstance(row, Budget)) and row.year > park.last_year
            series = row.table, *(str(getattr(row, key)) for key in row.key if key != "year")
            if (is_before or is_after) and series not in said:
                said.add(series)
                yield row
