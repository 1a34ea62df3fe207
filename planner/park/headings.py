"""Units in headings, `max_import [kW]`, `capital (万元)`: the column's numbers are converted, or what is wanted is said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from models.case import Origin
from models.units import UnitError, factor
from planner.language.language import mark
from planner.language.message import Message
from planner.park.complaints import Complaints
from planner.park.faults import fault, of
from planner.park.fields import FieldColumn, number
from planner.park.tables import TableSheet, refuse_twice

_OPEN, _CLOSE = "[(（【", {"[": "]", "(": ")", "（": "）", "【": "】"}
#: Between units of which each serves in some rows: `MW, MWh`.
_BETWEEN = re.compile(r"\s*(?:[,;、，；]|\bor\b|或)\s*")
#: What a capacity is measured in: of a converter or link, a store, a capture plant or link of CO2.
CAPACITIES = ("MW", "MWh", "(t/h)")

WANTED = mark("unit {unit}: {wanted} or a unit of that dimension is needed")
OF_ROWS = mark("unit {unit}: its rows are in {wanted}, as each says; leave the unit out of the heading, or write {wanted}")
OTHER_UNIT = mark("unit {unit}: the heading says {heading}; write one of the two")


def split_heading(text: str) -> tuple[str, str]:
    """(column, unit) of a heading, the unit '' where it names none."""
    at = min((i for sign in _OPEN if (i := text.find(sign)) > 0), default=0)
    if not at:
        return text.strip(), ""
    inside, sign, _ = text[at + 1 :].rpartition(_CLOSE[text[at]])
    return text[:at].strip(), (inside if sign else text[at + 1 :]).strip()


def heading_unit(column: FieldColumn | None, currency: str) -> str:
    """The unit that stands beside a heading of a workbook; '' where it has none or another column says it."""
    if column is None or column.unit in ("", "1", "year", "1/year"):
        return ""
    return column.unit.replace("ha/capacity", "ha/MW").replace("capacity", "MW, MWh").replace("money", currency)


def without_units(
    sheet: TableSheet, known: Mapping[str, FieldColumn], currency: str, complaints: Complaints
) -> tuple[TableSheet, dict[str, str]] | None:
    """(the sheet with bare headings and its numbers in the units of the columns, which unit that is of each that named one).

    A unit that is not of the column's dimension, or contradicts that of a row, is a complaint. None where two headings come
    to the same column.
    """
    split = [split_heading(text) if text not in known else (text, "") for text in sheet.columns]
    names = tuple(name if name in known else text for text, (name, _) in zip(sheet.columns, split, strict=True))
    if refuse_twice(sheet.file, names, complaints):
        return None
    made = replace(sheet, columns=names, rows=[list(row) for row in sheet.rows])
    found: dict[str, str] = {}
    for at, (name, unit) in enumerate(split):
        column = known.get(name)
        if not unit or column is None or column.kind == "text":
            continue
        if column.unit_column:
            made = _with_units(made, at, column.unit_column, unit, currency, complaints)
        elif unit not in (column.unit, heading_unit(column, currency)) and (currency or "money" not in column.unit):
            inverse = per_area(column, unit)
            for row in made.rows if inverse else ():
                row[at] = inverse_of(row[at], inverse)
            if inverse:
                found[name] = "ha/MW"
                continue
            try:
                target, times = conversion(column, unit, currency)
            except UnitError as error:
                complaints.add(Origin(sheet.file, 1), of(f"column {name!r}", error))
                continue
            found |= {name: target} if target else {}
            for row in made.rows if times != 1 else ():
                row[at] = times_of(row[at], times)
    return made, found


def conversion(column: FieldColumn, unit: str, currency: str) -> tuple[str, float]:
    """(unit of the column that a heading's unit is of, '' where it names several; what its numbers are multiplied by).

    Raises UnitError where it is of none of them.
    """
    own = units_of(column)
    several = [part for part in _BETWEEN.split(unit) if part]
    if len(several) > 1:
        if all(any(_times(part, target, currency) == 1 for target in own) for part in several):
            return "", 1.0
        raise UnitError(_wanted(unit, own, currency, OF_ROWS))
    for target in own:
        times = _times(unit, target, currency)
        if times is not None:
            if " or " in column.unit and times != 1:
                raise UnitError(_wanted(unit, own, currency, OF_ROWS))
            return target, times
    raise UnitError(_wanted(unit, own, currency, WANTED))


def _wanted(unit: str, own: list[str], currency: str, words: str) -> Message:
    shown = [target.replace("money", currency) for target in own]
    first, *others = shown
    wanted = Message("{first} or {others}", first=first, others=" / ".join(others)) if others else first
    return Message(words, unit=repr(unit), wanted=wanted)


def units_of(column: FieldColumn) -> list[str]:
    """The units that a column may be in, by row: a capacity's, those of its metric, a mass of CO2 in place of an energy."""
    if "capacity" in column.unit:
        return [column.unit.replace("capacity", unit) for unit in CAPACITIES]
    if " or " in column.unit:
        return re.split(r", | or ", column.unit)
    return [column.unit, *{"MW": ["t/h"], "MWh/year": ["t/year"]}.get(column.unit, [])]


def _times(unit: str, target: str, currency: str) -> float | None:
    """What a number in `unit` is multiplied by to be in `target`; an amount serves for one a year, a share for one an hour."""
    for own in (target, re.sub(r"/(year|h)$", "", target) if not target.startswith("t/h") else target):
        try:
            return factor(unit, own, currency)
        except UnitError:
            continue
    return None


def times_of(text: str, times: float) -> str:
    """A number's text multiplied; any other text as it is, to be complained of as a number."""
    try:
        return f"{number(text) * times:.15g}"
    except ValueError:
        return text


def per_area(column: FieldColumn, unit: str) -> float:
    """MW/ha of one of a unit that is a capacity by area, in a column of area by capacity: a roof of 0.2 kWp/m2 takes 0.5 ha/MW.
    0 where it is none."""
    if column.unit == "ha/capacity":
        with suppress(UnitError):
            return factor(unit, "MW/ha")
    return 0.0


def inverse_of(text: str, times: float) -> str:
    """One over a number's text multiplied; any other text, and 0, as it is, to be complained of or taken as no area."""
    try:
        return text if number(text) == 0 else f"{1 / (number(text) * times):.15g}"
    except ValueError:
        return text


def of_profile(unit: str) -> float:
    """What the values of a profile with this unit are multiplied by: shares are of 1, the shape of a demand may be in any unit.
    What a plant makes in an hour by its peak power, kWh/kWp or W/kWp, is a share.

    Raises UnitError where it is neither.
    """
    for target in ("1", "h") if "/" in unit else ("1",):
        with suppress(UnitError):
            return factor(unit, target)
    for target in ("MW", "MWh", "t/h", "t"):
        with suppress(UnitError):
            return float(factor(unit, target) > 0)
    if unit in ("°C", "℃"):
        return 1.0
    raise UnitError(Message("unit {unit}: is none of a profile; write 1 or % of a share, MW of a demand", unit=repr(unit)))


def _with_units(sheet: TableSheet, at: int, column: str, unit: str, currency: str, complaints: Complaints) -> TableSheet:
    """The sheet with the heading's unit in each row that names none; one that a row contradicts is a complaint."""
    if column not in sheet.columns:
        sheet = replace(sheet, columns=(*sheet.columns, column), rows=[[*row, ""] for row in sheet.rows])
    where = sheet.columns.index(column)
    for row, line in zip(sheet.rows, sheet.lines, strict=True):
        if not row[where]:
            row[where] = unit if row[at] else ""
        elif row[where] != unit and 1 not in (_times(row[where], unit, currency), _times(unit, row[where], currency)):
            complaints.add(Origin(sheet.file, line), fault(OTHER_UNIT, unit=repr(row[where]), heading=repr(unit)))
    return sheet


def wanted_capacity(carrier: str, role: str = "") -> str:
    """The unit of a capacity: by the role of its type, or by the carrier of its flow."""
    if role:
        return {"store": "MWh", "capture": "(t/h)"}.get(role, "MW")
    return "(t/h)" if carrier == "co2" else "MW"
