"""Cells of a workbook as text: those of a table as a CSV file has them, and sheets of settings as TOML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from models.case import Financing, Goal, Origin, Park, Uncertainty
from models.case.base import Record
from models.units import UnitError
from planner.language.message import Message
from planner.park.faults import of
from planner.park.fields import FieldColumn, columns_of
from planner.park.headings import conversion, heading_unit, split_heading, times_of
from planner.park.workbook import Percent

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
