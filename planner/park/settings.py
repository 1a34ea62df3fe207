"""Cells of a workbook as text: those of a table as a CSV file has them, and sheets of settings as TOML."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from models.case import Financing, Goal, Origin, Park, Uncertainty
from models.case.base import Record
from models.units import UnitError
from planner.language.message import Message
from planner.park import faults
from planner.park.complaints import Complaints
from planner.park.faults import fault, of
from planner.park.fields import (
    FieldColumn,
    columns_of,
    conversion,
    heading_unit,
    split_heading,
    times_of,
)
from planner.park.tables import read_text


class Percent(float):
    """A number that its cell shows as a percentage: 0.05 for 5 %."""


#: Sheets of settings: key and value in their first two columns, a unit in the third where its heading says so.
SETTINGS: dict[str, type[Record]] = {"park": Park, "goal": Goal}
#: Keys that hold a list, and the kind of its parts.
LISTS = {"rules": "text", "orders.years": "int"}
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
#: What stands beside a key that has no unit.
_NONE = ("", "1", "-", "–", "year", "a", "年")


def cell_text(cell: Any) -> str:
    """A cell as text, on one line."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return f"{cell:.15g}"
    if isinstance(cell, datetime | date | time | timedelta):
        return str(cell)
    return " ".join(str(cell).split())


def table_text(cell: Any, column: FieldColumn | None, unit: str) -> str:
    """A cell of a table: TRUE is 1 only where 0 or 1 is meant, and 5 % is a share, or 5 where its unit is a percentage."""
    if isinstance(cell, bool):
        return str(int(cell)) if column is not None and column.kind == "int" and column.unit == "1" else cell_text(cell)
    if isinstance(cell, Percent) and (column is None or column.kind != "text"):
        if "%" in unit or "％" in unit:
            return f"{100 * cell:.12g}"
        is_share = column is None or (unit in ("", "1") if column.unit_column else column.unit.startswith(("1", "MWh/MWh")))
        return cell_text(cell) if is_share else f"{100 * cell:.12g}%"
    return cell_text(cell)


def settings_text(name: str, rows: list[list[Any]], currency: str, faults: list[tuple[Origin, Message]]) -> str:
    """A sheet of settings as TOML, a line a row; what cannot be said there is added to `faults`."""
    kinds = dict(columns_of(SETTINGS[name]))
    if name == "park":
        for table, record in (("finance", Financing), ("futures", Uncertainty)):
            kinds |= {f"{table}.{key}": column for key, column in columns_of(record).items()}
    cells = [[cell_text(cell) for cell in [*row, "", "", ""][:3]] for row in rows]
    lines = []
    has_units = bool(cells) and cells[0][2].lower() in ("unit", "单位")
    for number, (key, value, unit) in enumerate(cells, start=1):
        where = Origin(f"{name}.toml", number)
        if number == 1:
            lines.append("#")
            if value and split_heading(key)[0] in kinds:
                words = Message("the first row is that of the headings, key and value; move {key} below it", key=repr(key))
                faults.append((where, words))
            continue
        if value and not key:
            faults.append((where, Message("{value}: has no key before it; name it in the first column", value=repr(value))))
        key, own = split_heading(key)
        try:
            lines.append(_setting(key, _converted(kinds.get(key), value, own or (unit if has_units else ""), currency), kinds))
        except UnitError as error:
            faults.append((where, of(key, error)))
            lines.append(_setting(key, value, kinds))
    return "\n".join(lines) + "\n"


def _converted(column: FieldColumn | None, value: str, unit: str, currency: str) -> str:
    """A value in the unit of its key. Raises UnitError where what stands beside it is of another dimension."""
    if not value or unit in _NONE or (column is not None and unit in (column.unit, heading_unit(column, currency))):
        return value
    if column is None or column.kind == "text":
        return value
    return times_of(value, conversion(column, unit, currency)[1])


def _setting(key: str, value: str, kinds: Mapping[str, Any]) -> str:
    """A line of TOML of a key and a value; blank where the value is."""
    if not key or not value:
        return ""
    kind = kinds[key].kind if key in kinds else "int" if "." in key else "text"  # of a table of settings: a number as one reads it
    parts = [part for part in re.split("[;,、]", value) if part.strip()] if key in LISTS else []
    stated = f"[{', '.join(literal(part.strip(), LISTS[key]) for part in parts)}]" if parts else literal(value, kind)
    return f"{dotted(key.split('.'))} = {stated}"


def dotted(path: Iterable[str]) -> str:
    """A key of TOML from the outermost table on."""
    return ".".join(part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else _quoted(part) for part in path)


def literal(value: str, kind: str) -> str:
    """A value as TOML has it: what is none of its kind is a text, of which the reader says what is wrong."""
    if kind == "flag":
        word = {"1": "true", "0": "false"}.get(value, value.lower())
        return word if word in ("true", "false") else _quoted(value)
    if kind == "text" or not _NUMBER.fullmatch(value):
        return _quoted(value)
    return _number(value.lstrip("+"))


def _number(text: str) -> str:
    """A number as TOML writes it: without zeros before it, with a digit on both sides of the point."""
    whole = re.fullmatch(r"(-?)0*([0-9]+)", text)
    if whole:
        return whole[1] + whole[2]
    return text if re.fullmatch(r"-?(0|[1-9]\d*)\.\d+", text) else repr(float(text))


def _quoted(text: str) -> str:
    """A text as TOML has it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


# --- park ------------------------------------------------------------------------------------------------------------------
# park.toml and goal.toml.

#: No settings are longer, and no line of them: reading a key of many dots takes the square of their number.
MOST_BYTES, MOST_LETTERS = 1_000_000, 1_000
#: Longest horizon in years.
MOST_YEARS = 100


class Toml:
    """A TOML file that could be read: its keys, and where they stand."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.keys: dict[str, Any] = tomllib.loads(text)
        self._lines = text.splitlines()

    def where(self, key: str, within: tuple[str, ...] = ()) -> Origin | str:
        """The line of a key, of that table if it has a heading of its own, or with its tables before it (`finance.tax_rate = 0.2`);
        or the file where it cannot be told."""
        alone, of_table = (
            r"\s*\.\s*".join(rf"""["']?{re.escape(part)}["']?""" for part in parts) for parts in ((key,), (*within, key))
        )
        pattern = re.compile(rf"\s*((\[\s*)?{alone}|{of_table})\s*(=|\])")
        lines = [*enumerate(self._lines, start=1)]
        own = [(i, line) for (i, line), table in zip(lines, self._tables, strict=True) if table == within]
        for i, line in [*(own if within else ()), *lines]:
            if pattern.match(line):
                return Origin(self.file, i)
        return self.file

    @cached_property
    def _tables(self) -> list[tuple[str, ...]]:
        """The table that each line stands in."""
        found: list[tuple[str, ...]] = []
        table: tuple[str, ...] = ()
        for line in self._lines:
            if re.match(r"\s*\[[^\[]", line):
                with suppress(ValueError):  # a line of a list, or of a text of several lines
                    table = tuple(_keys(tomllib.loads(line)))
            found.append(table)
        return found

    def lines_of(self, words: str) -> list[int]:
        """Numbers of the lines that say these words and no more, blanks and comments aside."""
        return [i for i, line in enumerate(self._lines, start=1) if line.split("#")[0].replace(" ", "").strip() == words]


def _keys(table: dict[str, Any]) -> Iterator[str]:
    """The keys of tables within tables, each the only one of its table."""
    for key, inner in table.items():
        yield key
        yield from _keys(inner)


def read_toml(path: Path, complaints: Complaints) -> Toml | None:
    """Read a TOML file; None, with a complaint, where it cannot be read."""
    text = read_text(path, path.name, complaints, MOST_BYTES)
    if text is None:
        return None
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > MOST_LETTERS:
            complaints.add(Origin(path.name, number), fault(faults.LONG_LINE, count=f"{len(line):,}", most=f"{MOST_LETTERS:,}"))
            return None
    try:
        return Toml(path.name, text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column \d+\)", str(error))
        where = Origin(path.name, int(found[1])) if found else path.name
        said = str(error).split(" (at ")[0]
        complaints.add(where, fault(faults.NO_TOML, error=said[:1].lower() + said[1:]))
        return None
    except (RecursionError, ValueError) as error:  # brackets without end, a number of thousands of digits
        complaints.add(path.name, fault(faults.UNREAD_TOML, error=error))
        return None
