"""park.toml, [futures], and [finance]: numbers and words, tables of numbers by name in it, and of terms of single owners."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from pydantic import ValidationError

from models.case import Financing, Origin, OwnTerms, Uncertainty
from models.case.base import Record
from planner.language.message import Message
from planner.park.complaints import Complaints, is_no
from planner.park.faults import KEY_OF, of
from planner.park.fields import columns_of, explain, shown, toml_value

#: The tables of numbers within it, and the table of tables.
BY_NAME, OWNERS = ("depreciation", "grants"), "owners"
#: The owner of what nobody is named for.
PARK = "park"
#: Keys of a table, from the outermost on.
Within = tuple[str, ...]
R = TypeVar("R", bound=Record)


class FinancingToml(Protocol):
    """A TOML file that was read: its keys, and where they stand."""

    keys: dict[str, Any]

    def where(self, key: str, within: Within = ()) -> Origin | str:
        """The line of a key, of that table if one is named; else the file."""


def read_financing(toml: FinancingToml, complaints: Complaints) -> Financing | None:
    """The table [finance]; None where it is left out or, with complaints, where something of it is wrong."""
    given = toml.keys.get("finance")
    if given is None:
        return None
    if not isinstance(given, dict):
        complaints.add(toml.where("finance"), Message("finance: is no table; write [finance] and below it `tax_rate = 0.25`"))
        return None
    before = len(complaints)
    values = _values(given, Financing, ("finance",), toml, complaints)
    owners = {name: _owner(name, own, toml, complaints) for name, own in values.pop(OWNERS, {}).items()}
    if len(complaints) > before:
        return None
    found = _checked(Financing, values, ("finance",), toml, complaints)
    if found is None:
        return None
    found = found.model_copy(update={OWNERS: owners})
    if PARK in owners and owners[PARK].saving_share is not None:  # type: ignore[union-attr]
        words = Message("saving_share: is what an owner does not pass on to the park; state it of another owner")
        complaints.add(toml.where("saving_share", ("finance", OWNERS, PARK)), words)
    for name in ("", *owners):
        terms, within = found.of_owner(name), ("finance", OWNERS, name) if name else ("finance",)
        if terms.grace >= terms.tenor and (not name or (found.grace, found.tenor) != (terms.grace, terms.tenor)):
            where = toml.where("tenor" if name and owners[name].grace is None else "grace", within)  # type: ignore[union-attr]
            complaints.add(
                where,
                Message(
                    "grace = {grace}: is not below tenor {tenor}; debt is paid back after it", grace=terms.grace, tenor=terms.tenor
                ),
            )
    return found if len(complaints) == before else None


def read_uncertainty(toml: FinancingToml, complaints: Complaints) -> Uncertainty | None:
    """The table [futures], the defaults where it is left out; None, with complaints, where something of it is wrong."""
    given = toml.keys.get("futures", {})
    if not isinstance(given, dict):
        words = Message('futures: is no table; write [futures] and below it `objective = "expected"`')
        complaints.add(toml.where("futures"), words)
        return None
    before, columns, values = len(complaints), columns_of(Uncertainty), {}
    for key, value in given.items():
        if key not in columns:
            complaints.add(toml.where(key, ("futures",)), is_no("key", key, Message(KEY_OF, place="[futures]"), columns))
            continue
        try:
            values[key] = toml_value(columns[key], value)
        except ValueError as error:
            complaints.add(toml.where(key, ("futures",)), of(shown(columns[key], value), error))
    if len(complaints) > before:
        return None
    try:
        return Uncertainty.model_validate(values)
    except ValidationError as error:
        for detail in error.errors():
            key = str(detail["loc"][0])
            said = explain(detail, columns[key], "park", values[key])
            complaints.add(toml.where(key, ("futures",)), of(shown(columns[key], values[key]), said))
    return None


def _owner(name: str, given: object, toml: FinancingToml, complaints: Complaints) -> OwnTerms | None:
    """The terms of an owner; None, with complaints, where something of them is wrong."""
    within, before = ("finance", OWNERS, name), len(complaints)
    if not isinstance(given, dict):
        words = Message("{name}: is no table; write [finance.owners.{name}] and below it `tax_rate = 0.25`", name=name)
        complaints.add(toml.where(name, within[:-1]), words)
        return None
    values = _values(given, OwnTerms, within, toml, complaints)
    return _checked(OwnTerms, values, within, toml, complaints) if len(complaints) == before else None


def _values(
    given: Mapping[str, Any], record: type[Record], within: Within, toml: FinancingToml, complaints: Complaints
) -> dict[str, Any]:
    """The keys of a table, each with its number or, of a table within it, its numbers by name; with complaints of all others."""
    columns = columns_of(record)
    values: dict[str, Any] = {}
    for key, value in given.items():
        if key not in columns:
            complaints.add(toml.where(key, within), is_no("key", key, Message(KEY_OF, place=f"[{'.'.join(within)}]"), columns))
        elif key in (*BY_NAME, OWNERS) and not isinstance(value, dict):
            below = (
                Message("a line for each name")
                if key in BY_NAME
                else Message("a table [finance.{key}.NAME] for each owner", key=key)
            )
            complaints.add(
                toml.where(key, within),
                Message("{key}: is no table; write [finance.{key}] and below it {below}", key=key, below=below),
            )
        elif key in BY_NAME:
            values[key] = _by_name(value, (*within, key), toml, complaints)
        elif key == OWNERS:
            values[key] = value
        elif (found := _value(key, value, record, within, toml, complaints)) is not None:
            values[key] = found
    return values


def _checked(record: type[R], values: dict[str, Any], within: Within, toml: FinancingToml, complaints: Complaints) -> R | None:
    """The record of these values; None, with complaints, where a number is beyond its limits."""
    try:
        return record.model_validate(values)
    except ValidationError as error:
        for detail in error.errors():
            first, *names = (str(part) for part in detail["loc"])
            key, inner = (names[0], (*within, first)) if names and first in BY_NAME else (first, within)
            value = values[first][key] if inner != within else values[first]
            words = explain(detail, columns_of(record)[first], "park", value)
            complaints.add(toml.where(key, inner), of(f"{key} = {value if isinstance(value, str) else f'{value:g}'}", words))
    return None


def _by_name(given: dict[str, Any], within: Within, toml: FinancingToml, complaints: Complaints) -> dict[str, float]:
    numbers = {name: _value(name, value, Financing, within, toml, complaints) for name, value in given.items()}
    return {name: float(number) for name, number in numbers.items() if number is not None}


def _value(
    key: str, given: object, record: type[Record], within: Within, toml: FinancingToml, complaints: Complaints
) -> str | float | int | None:
    """The number or word of a key; of a name within a table of numbers any number will do here."""
    columns = columns_of(record)
    column = columns["tax_rate"] if within[-1] in BY_NAME else columns[key]
    try:
        return toml_value(column, given)
    except ValueError as error:
        complaints.add(toml.where(key, within), of(shown(column, given).replace(column.name, key, 1), error))
        return None
