"""What the schema says of each column, and what a person's text means in it."""

from __future__ import annotations

import hashlib
import re
import types
import typing
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from pydantic_core import ErrorDetails

from models.case import Origin
from models.case.base import Record, Unit, UnitColumn
from models.units import UnitError, factor
from planner.language.language import mark
from planner.language.message import Message
from planner.park import faults
from planner.park.complaints import Complaints, no_such
from planner.park.faults import fault, of
from planner.park.tables import TableSheet, refuse_twice

#: No figure of a park is larger; and none but 0 is nearer to 0.
MOST, LEAST = 1e12, 1e-9
#: A limit up to which a number without a unit is a share, which a percentage is most often written for.
MOST_SHARE = 10
#: Letters of the longest name.
MOST_LETTERS = 100
#: First letters that a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@")
#: Remarks: a person may write anything there.
REMARKS = ("source", "note", "title", "title_en", "title_zh", "grade")
#: Kinds of characters that no name has: controls, halves of characters, ends of lines and paragraphs, and those that turn
#: the direction of what follows.
_UNFIT = ("Cc", "Cf", "Cs", "Zl", "Zp")
#: Characters without width of other categories: joiners, fillers, selectors, the blank of Braille.
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}([, '][0-9]{3})+(\.[0-9]*)?")
_COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+")
#: What a spreadsheet shows where a formula failed, in its languages, and where a cell is too narrow: `#N/A`, `#BEZUG!`, `Err:502`.
_ERROR = re.compile(r"#[¡¿]?[^\W\d_][\w/ ]{0,20}[!?]|#[^\W\d_]{1,2}/[^\W\d_]|#NV|#NA|#GETTING_DATA|#{2,}|Err:\d{3}", re.IGNORECASE)


@dataclass(frozen=True)
class FieldColumn:
    """A column of a table or a key of a TOML file."""

    name: str
    kind: Literal["int", "float", "text", "flag"]
    choices: tuple[str, ...]
    unit: str
    unit_column: str
    required: bool
    says: str


@cache
def columns_of(record: type[Record]) -> dict[str, FieldColumn]:
    """The columns of a table by the name that they have in the file."""
    found = {}
    for name, field in record.model_fields.items():
        if name == "origin":
            continue
        leaves = [*leaves_of(field.annotation), *field.metadata]
        choices = tuple(c for c in leaves if isinstance(c, str) and c)
        column = FieldColumn(
            name=field.alias or name,
            kind="flag" if bool in leaves else "int" if int in leaves else "float" if float in leaves else "text",
            choices=choices,
            unit=next((u.text for u in leaves if isinstance(u, Unit)), ""),
            unit_column=next((u.column for u in leaves if isinstance(u, UnitColumn)), ""),
            required=field.is_required(),
            says=" ".join((field.description or "").split()),
        )
        found[column.name] = column
    return found


def leaves_of(annotation: Any) -> Iterator[Any]:
    """Everything that an annotation is made of: types, choices, units."""
    if typing.get_origin(annotation) in (typing.Annotated, typing.Union, types.UnionType, typing.Literal):
        for part in typing.get_args(annotation):
            yield from leaves_of(part)
    else:
        yield annotation


def limits_of(record: type[Record], name: str) -> list[Any]:
    """The limits of a column as annotated-types has them: Ge, Gt, Le, Lt."""
    field = next(f for n, f in record.model_fields.items() if (f.alias or n) == name)
    leaves = [*leaves_of(field.annotation), *field.metadata]
    return [limit for leaf in leaves for limit in getattr(leaf, "metadata", [leaf])]


def check_cell(text: str) -> None:
    """ValueError where a text is the error of a spreadsheet's formula."""
    if is_error(text):
        raise ValueError(fault(faults.SHEET_ERROR))


def is_error(text: str) -> bool:
    """True of what a spreadsheet shows where a formula failed."""
    return text[:1] in ("#", "E", "e") and _ERROR.fullmatch(text) is not None


def cell_fault(text: str) -> Message | None:
    """What is wrong with a text that stands for a value: the error of a formula, or a formula that nothing has calculated."""
    if is_error(text.strip()):
        return Message(faults.SHEET_ERROR)
    return fault(faults.NOT_CALCULATED) if text.strip().startswith("=") else None


def number(text: str, unit: str = "1") -> float:
    """The number that the text states; ValueError says what is wrong with it and what to do.

    `unit` is what the number is in, for the words about a percentage; empty: another column of the row says it.
    """
    if not _NUMBER.fullmatch(text):
        check_cell(text)
        raise ValueError(Message("is no number{hint}", hint=_hint(text, unit)))
    value = float(text)
    check_size(value)
    return value


def is_number(text: str) -> bool:
    """True of a text that states a number."""
    return _NUMBER.fullmatch(text) is not None


def check_size(value: float) -> None:
    """ValueError where a number is none, or larger or smaller than any figure of a park."""
    if value != value:
        raise ValueError(fault(faults.NO_NUMBER))
    if abs(value) > MOST:
        raise ValueError(fault(faults.TOO_LARGE))
    if 0 < abs(value) < LEAST:
        raise ValueError(fault(faults.TOO_SMALL))


def check_name(text: str) -> None:
    """ValueError where a text is no fit name: names are written to tables, workbooks and reports as they stand."""
    first = text[: MOST_LETTERS + 1]
    if any(unicodedata.category(c) in _UNFIT for c in first) or _BLANK.search(first):
        raise ValueError(fault(faults.UNSEEN))
    if len(text) > MOST_LETTERS:
        raise ValueError(fault(faults.LONG_NAME, count=f"{len(text):,}", most=MOST_LETTERS))
    if text.startswith(FORMULA):
        raise ValueError(fault(faults.FORMULA, sign=repr(text[0])))


def whole(value: float) -> int:
    """The whole number that the value is; ValueError where it is none."""
    if value != int(value):
        raise ValueError(fault(faults.NOT_WHOLE))
    return int(value)


def toml_value(column: FieldColumn, given: object) -> str | int | float:
    """The value of a key; ValueError says what is wrong."""
    if column.kind == "flag":
        if not isinstance(given, bool):
            raise ValueError(fault(faults.NO_FLAG))
        return given
    if isinstance(given, str):
        check_cell(given)
    if column.kind == "text":
        if not isinstance(given, str):
            raise ValueError(fault(faults.NO_TEXT, given=given))
        check_name(given.strip())
        return given.strip()
    if isinstance(given, str) and given.startswith("="):
        raise ValueError(fault(faults.NOT_CALCULATED))
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise ValueError(fault(faults.QUOTED_NUMBER))
    check_size(given)
    return whole(given) if column.kind == "int" else float(given)


def _hint(text: str, unit: str) -> str:
    """What to write instead of a text that is no number of that unit."""
    if text.startswith("="):
        return fault(faults.A_FORMULA)
    is_comma = _COMMA.fullmatch(text)
    if _THOUSANDS.fullmatch(text) and text.lstrip("+-")[0] != "0":
        plain = re.sub("[, ']", "", text)
        if is_comma:
            return Message("; write {plain} or {number}, whichever is meant", plain=plain, number=text.replace(",", "."))
        return Message("; write it without separators ({plain}), a decimal point as '.'", plain=plain)
    if is_comma:
        return Message("; write a decimal point ({number})", number=text.replace(",", "."))
    if text.endswith("%"):
        return _percent_hint(text[:-1].strip(), unit)
    return Message("; write digits with a decimal point, or leave the cell blank where it may be")


def _percent_hint(given: str, unit: str) -> str:
    """What to write instead of a percentage: a share only where the number is one."""
    if not _NUMBER.fullmatch(given):
        return ""
    if unit.startswith("1") or unit == "MWh/MWh":
        return Message("; write a share ({given})", given=f"{float(given) / 100:g}")
    if not unit or unit.startswith("%"):
        if not unit:
            return Message("; write {given}, and the unit in the column of units", given=given)
        return Message("; write {given}, and the unit {unit} in the column of units", given=given, unit=unit)
    if unit == "year" or "capacity" in unit:
        return Message("; write a number without a sign")
    return Message("; write an amount in {unit}, not a percentage", unit=unit)


def shown(column: FieldColumn, given: object, unit: str = "") -> str:
    """`value = -3 MWh`, `role 'convertor'`: what was given, as the complaints put it."""
    if column.kind == "text":
        return f"{column.name} {str(given)!r}"
    if isinstance(given, bool):
        return f"{column.name} = {str(given).lower()}"
    text = str(given) if isinstance(given, int | float) or _NUMBER.fullmatch(str(given)) else repr(str(given))
    return f"{column.name} = {text}" + (f" {unit}" if unit else "")


def unit_shown(column: FieldColumn, currency: str) -> str:
    """The unit of a column that has a fixed one, as far as a person needs it beside the number."""
    if column.unit in ("1", "year", "1 or t/tce") or "capacity" in column.unit:
        return ""
    return column.unit.replace("money", currency or "money")


#: What a column holds, where its name does not say it.
_NOUNS = {"days": "kind of day"}
#: What to do about a number below its limit, where the plain words do not serve.
_BELOW = {("demand", "value"): Message("write what is used as a positive number")}


def explain(error: ErrorDetails, column: FieldColumn, table: str, given: object) -> str:
    """What pydantic found wrong with a cell, in the project's words: what is wrong; what to do."""
    limits = error.get("ctx", {})
    match error["type"]:
        case "literal_error":
            return no_such(str(given), _NOUNS.get(column.name, column.name), column.choices)
        case "greater_than_equal":
            least = limits["ge"]
            hint = _BELOW.get((table, column.name)) or fault(faults.AT_LEAST, least=f"{least:g}")
            return fault(faults.BELOW, least=f"{least:g}", hint=hint)
        case "less_than_equal" | "less_than":
            most = limits["le"] if "le" in limits else limits["lt"]
            said = faults.ABOVE if "le" in limits else faults.NOT_BELOW
            return fault(said, most=f"{most:g}", hint=_above(column, float(str(given)), most))
        case "greater_than":
            return fault(faults.NOT_ABOVE, least=f"{limits['gt']:g}")
        case "string_pattern_mismatch":
            return fault(faults.NO_CURRENCY)
        case _:
            return error["msg"][:1].lower() + error["msg"][1:]


def _above(column: FieldColumn, given: float, most: float) -> str:
    """What to do about a number above its limit: most often it is a percentage."""
    if column.kind == "int":
        return fault(faults.ZERO_OR_ONE) if most == 1 else fault(faults.WHOLE_AT_MOST, most=f"{most:g}")
    if most == 1 or (column.unit.startswith("1") and most <= MOST_SHARE):
        return share_hint(given)
    return fault(faults.AT_MOST, most=f"{most:g}")


def share_hint(given: float) -> str:
    """What to write instead of a share that is none: most often it is a percentage."""
    return fault(faults.NO_PERCENTAGE, share=f"{given / 100:g}") if abs(given) <= 100 else fault(faults.A_SHARE)


# --- headings --------------------------------------------------------------------------------------------------------------
# Units in headings, `max_import [kW]`, `capital (万元)`: the column's numbers are converted, or what is wanted is said.

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


# --- names of files ------------------------------------------------------------------------------------------

#: Signs that divide a path on one system or another, or end the name of a drive.
SIGNS = "/ \\ :"
#: Names that Windows takes for devices, whatever ending follows.
_DEVICE = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])\s*(\..*)?", re.IGNORECASE)
#: Bytes of the longest name: most systems allow 255, and an ending and that of a draft are added.
LONGEST_NAME = 200
#: Characters that are kept of a text of which a name is made.
KEPT = 60


def check_file_name(text: str) -> None:
    """ValueError where a name cannot be one of a file: a path on some system, hidden, or a device."""
    check_name(text)
    size = len(text.encode("utf-8", "replace"))
    if size > LONGEST_NAME:
        raise ValueError(fault(faults.LONG_FILE_NAME, count=size, most=LONGEST_NAME))
    if not text.strip() or text.strip(". ") != text or set(text) & set(SIGNS.split()) or _DEVICE.fullmatch(text):
        raise ValueError(fault(faults.NO_FILE_NAME, signs=SIGNS))


def file_name_of(text: str, always: bool = False) -> str:
    """A name of a file for any text: letters, digits and `.-_` of it, and a digest where that is not all of it, or `always`."""
    kept = "".join(c if c.isalnum() or c in ".-_" else "_" for c in text)[:KEPT]
    if kept == text and not always:
        return text
    return f"{kept}-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:8]}"
