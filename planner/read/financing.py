"""park.toml, table [finance]: numbers, and the two tables of numbers by name within it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from pydantic import ValidationError

from models.case import Financing, Origin
from planner.read.complaints import Complaints, is_no
from planner.read.fields import columns_of, explain, shown, toml_value

#: The tables within it.
BY_NAME = ("depreciation", "grants")


class Toml(Protocol):
    """A TOML file that was read: its keys, and where they stand."""

    keys: dict[str, Any]

    def where(self, key: str) -> Origin | str:
        """The line of a key, or the file."""


def read_financing(toml: Toml, complaints: Complaints) -> Financing | None:
    """The table [finance]; None where it is left out or, with complaints, where something of it is wrong."""
    given = toml.keys.get("finance")
    if given is None:
        return None
    if not isinstance(given, dict):
        complaints.add(toml.where("finance"), "finance: is no table; write [finance] and below it `tax_rate = 0.25`")
        return None
    before = len(complaints)
    columns = columns_of(Financing)
    values: dict[str, Any] = {}
    for key, value in given.items():
        if key not in columns:
            complaints.add(toml.where(key), is_no("key", key, "key of [finance]", columns))
        elif key in BY_NAME and not isinstance(value, dict):
            complaints.add(toml.where(key), f"{key}: is no table; write [finance.{key}] and below it a line for each name")
        elif key in BY_NAME:
            values[key] = _by_name(value, toml, complaints)
        elif (number := _number(key, value, toml, complaints)) is not None:
            values[key] = number
    if len(complaints) > before:
        return None
    try:
        found = Financing.model_validate(values)
    except ValidationError as error:
        for detail in error.errors():
            *_, key = detail["loc"]
            column, value = columns[str(detail["loc"][0])], _at(values, detail["loc"])
            complaints.add(toml.where(str(key)), f"{key} = {value:g}: {explain(detail, column, 'park', value)}")
        return None
    if found.grace >= found.tenor:
        complaints.add(toml.where("grace"), f"grace = {found.grace}: is not below tenor {found.tenor}; debt is paid back after it")
        return None
    return found


def _by_name(given: dict[str, Any], toml: Toml, complaints: Complaints) -> dict[str, float]:
    numbers = {name: _number(name, value, toml, complaints) for name, value in given.items()}
    return {name: float(number) for name, number in numbers.items() if number is not None}


def _number(key: str, given: object, toml: Toml, complaints: Complaints) -> float | int | None:
    column = columns_of(Financing).get(key, columns_of(Financing)["tax_rate"])
    try:
        number = toml_value(column, given)
    except ValueError as error:
        complaints.add(toml.where(key), f"{shown(column, given).replace(column.name, key, 1)}: {error}")
        return None
    assert not isinstance(number, str)
    return number


def _at(values: Mapping[str, Any], place: tuple[int | str, ...]) -> float:
    found: Any = values
    for key in place:
        found = found[key]
    return float(found)
