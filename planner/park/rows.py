"""Rows of text into rows of the schema, with every fault of every cell."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from models.case import TABLES, Row
from planner.park import faults
from planner.park.draft import Draft
from planner.park.faults import fault, of
from planner.park.fields import (
    REMARKS,
    FieldColumn,
    check_cell,
    check_name,
    columns_of,
    explain,
    is_number,
    number,
    shown,
    unit_shown,
    whole,
)
from planner.park.tables import RawRow


def understand_rows(draft: Draft) -> None:
    """Turn the raw rows of all tables into `draft.valid`; a row with a fault is left out and its name in doubt."""
    for table, kind in TABLES.items():
        valid: list[Row] = []
        for raw in draft.raw[table]:
            row = _understood(kind, raw, draft)
            if row is None:
                draft.doubtful[table].add(raw.get(kind.key[0] if kind.key else kind.columns()[0]))
            else:
                valid.append(row)
        draft.valid[table] = valid


def _understood(kind: type[Row], raw: RawRow, draft: Draft) -> Row | None:
    """The row, or None with a complaint for each of its cells that is wrong."""
    columns = columns_of(kind)
    values: dict[str, Any] = {}
    wrong = set()
    for name, column in columns.items():
        text = raw.get(name)
        if text == "":
            continue
        try:
            values[name] = _value(column, text, name in kind.key or name not in REMARKS, _meant(column, raw, draft))
        except ValueError as error:
            wrong.add(name)
            draft.fault(raw.origin, of(shown(column, text, _unit(column, raw, draft)), error))
    try:
        row = kind.model_validate({**values, "origin": raw.origin})
    except ValidationError as error:
        for detail in error.errors():
            name = str(detail["loc"][0])
            if name not in wrong:
                _complain(columns[name], raw, detail, kind, draft)
        return None
    return None if wrong else row


def _value(column: FieldColumn, text: str, is_name: bool, unit: str) -> str | float | int:
    """The cell's value; ValueError says what is wrong."""
    check_cell(text)
    if column.kind == "text":
        if is_name and not column.choices and not (column.unit_column and is_number(text)):
            check_name(text)
        return text
    value = number(text, unit)
    return whole(value) if column.kind == "int" else value


def _unit(column: FieldColumn, raw: RawRow, draft: Draft) -> str:
    """The unit in which a cell is stated."""
    return raw.get(column.unit_column) if column.unit_column else unit_shown(column, draft.currency)


def _meant(column: FieldColumn, raw: RawRow, draft: Draft) -> str:
    """The unit that a number which cannot be read was meant in, as far as the row says; of a cost its parameter does."""
    if column.unit_column:
        return {"fixed_cost": "%/year", "grant": "1"}.get(raw.get("parameter"), "")
    return column.unit.replace("money", draft.currency or "money")


def _complain(column: FieldColumn, raw: RawRow, detail: Any, kind: type[Row], draft: Draft) -> None:
    """Say what pydantic found wrong with one cell."""
    if detail["type"] in ("missing", "string_too_short"):
        if column.name in raw.cells:
            draft.fault(raw.origin, fault(faults.BLANK_CELL, column=column.name, says=column.says.rstrip(".")))
        elif column.name not in draft.misspelt.get(raw.origin.file, ()):
            draft.fault(raw.origin.file, fault(faults.NO_COLUMN, column=repr(column.name), says=column.says.rstrip(".")))
        return
    given = raw.get(column.name)
    text = shown(column, given, _unit(column, raw, draft))
    draft.fault(raw.origin, of(text, explain(detail, column, kind.table, given)))
