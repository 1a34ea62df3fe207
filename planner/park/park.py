"""park.toml and goal.toml."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Collection, Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from models.case import Orders, Origin, Park, Tax
from planner.language.message import Message
from planner.park import faults
from planner.park.complaints import Complaints, is_no, nearest
from planner.park.faults import fault, of
from planner.park.fields import FieldColumn, columns_of, explain, shown, toml_value
from planner.park.financing import read_financing, read_uncertainty
from planner.park.tables import read_text

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


def read_park(folder: Path, complaints: Complaints) -> Park | None:
    """What park.toml says; None, with complaints, where something of it is wrong."""
    if not os.path.lexists(folder / "park.toml"):
        complaints.add("park.toml", fault(faults.NO_PARK))
        return None
    toml = read_toml(folder / "park.toml", complaints)
    if toml is None:
        return None
    columns = columns_of(Park)
    orders = read_orders(toml, complaints)
    finance = read_financing(toml, complaints)
    rules, tax = read_rules(toml, complaints), read_tax(toml, complaints)
    futures = read_uncertainty(toml, complaints)
    meant = refuse_unknown_keys(toml, columns, complaints)
    values: dict[str, Any] = {}
    wrong = set()
    for key, column in columns.items():
        if key not in toml.keys or key in ("orders", "finance", "rules", "tax", "futures"):
            continue
        try:
            values[key] = toml_value(column, toml.keys[key])
        except ValueError as error:
            wrong.add(key)
            complaints.add(toml.where(key), of(shown(column, toml.keys[key]), error))
    take_real_rate(toml, values, wrong, complaints)
    try:
        tables = {"orders": orders, "finance": finance, "rules": rules, "tax": tax, "futures": futures}
        park = Park.model_validate(values | {key: table for key, table in tables.items() if table})
    except ValidationError as error:
        for detail in error.errors():
            key = str(detail["loc"][0])
            if key not in wrong and not (detail["type"] == "missing" and key in meant):
                _complain(columns[key], toml, detail, complaints)
        return None
    if None in (orders, rules, tax, futures):
        return None
    if wrong or ("finance" in toml.keys and finance is None) or not _has_horizon(park, toml, complaints):
        return None
    return park if _orders_lie_within(park, toml, complaints) else None


def read_orders(toml: Toml, complaints: Complaints) -> Orders | None:
    """The table [orders]; None, with a complaint, where something of it is wrong."""
    given = toml.keys.get("orders", {})
    if not isinstance(given, dict):
        complaints.add(toml.where("orders"), Message("orders: is no table; write [orders] and below it `years = [2026, 2030]`"))
        return None
    for key in given:
        if key != "years":
            complaints.add(toml.where(key), is_no("key", key, fault(faults.KEY_OF, place="[orders]"), ["years"]))
            return None
    years = given.get("years", [])
    is_right = isinstance(years, list) and all(type(y) is int and 1 <= y <= 2300 for y in years)
    if not is_right or ("years" in given and not years):
        complaints.add(toml.where("years"), fault(faults.NO_YEARS_LIST))
        return None
    return Orders(years=tuple(years))


def read_rules(toml: Toml, complaints: Complaints) -> tuple[str, ...] | None:
    """The names of rules of the catalogue; None, with a complaint, where they are no list of names."""
    given = toml.keys.get("rules", [])
    if not isinstance(given, list) or not all(isinstance(name, str) and name for name in given) or len(set(given)) < len(given):
        complaints.add(toml.where("rules"), fault(faults.NO_RULES_LIST))
        return None
    return tuple(given)


def read_tax(toml: Toml, complaints: Complaints) -> Tax | None:
    """The table [tax]; None, with a complaint, where something of it is wrong."""
    given = toml.keys.get("tax", {})
    if not isinstance(given, dict):
        complaints.add(toml.where("tax"), Message("tax: is no table; write [tax] and below it `vat = 0.13`"))
        return None
    for key in given:
        if key != "vat":
            complaints.add(toml.where(key, ("tax",)), is_no("key", key, fault(faults.KEY_OF, place="[tax]"), ["vat"]))
            return None
    rate = given.get("vat", 0.0)
    if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 <= rate < 1:
        words = Message("vat = {vat}: is no share from 0 to 1; write 0.13 for 13 %", vat=repr(rate))
        complaints.add(toml.where("vat", ("tax",)), words)
        return None
    return Tax(vat=float(rate))


def take_real_rate(toml: Toml, values: dict[str, Any], wrong: set[str], complaints: Complaints) -> None:
    """Put discount_rate into the values where its nominal rate and the inflation are stated in its place."""
    nominal, rise = values.get("discount_rate_nominal"), values.get("inflation")
    finance = toml.keys.get("finance", {})
    own = finance.get("inflation") if isinstance(finance, dict) else None
    where = toml.where("discount_rate_nominal")
    if nominal is None:
        if rise is not None:
            words = Message("inflation: goes with discount_rate_nominal; prices are real without it")
            complaints.add(toml.where("inflation"), words)
            wrong.add("inflation")
    elif "discount_rate" in toml.keys:
        complaints.add(where, Message("discount_rate, discount_rate_nominal: contradict each other; give one"))
        wrong.add("discount_rate_nominal")
    elif rise is None and own is None:
        complaints.add(where, Message("discount_rate_nominal: needs `inflation`, to tell the real rate"))
        wrong |= {"discount_rate", "discount_rate_nominal"}
    elif rise is not None and own is not None and rise != own:
        words = Message("inflation = {rise}: is another than that of [finance], {own}", rise=f"{rise:g}", own=own)
        complaints.add(toml.where("inflation"), words)
        wrong |= {"inflation", "discount_rate"}
    else:
        used = rise if rise is not None else own
        if isinstance(used, int | float) and -0.5 < used <= nominal:
            values["discount_rate"] = (1 + nominal) / (1 + used) - 1
        elif "inflation" not in wrong:
            complaints.add(where, Message("discount_rate_nominal: is below inflation; a real rate is 0 or above"))
            wrong |= {"discount_rate", "discount_rate_nominal"}


def _orders_lie_within(park: Park, toml: Toml, complaints: Complaints) -> bool:
    """True if every year of [orders] lies within the horizon and stands there once."""
    years, right = park.orders.years, True
    for y in dict.fromkeys(years):
        if not park.first_year <= y <= park.last_year:
            complaints.add(toml.where("years"), fault(faults.YEAR_OUTSIDE, year=y, first=park.first_year, last=park.last_year))
            right = False
        elif years.count(y) > 1:
            complaints.add(toml.where("years"), fault(faults.YEAR_TWICE, year=y))
            right = False
    return right


def refuse_unknown_keys(toml: Toml, known: Collection[str], complaints: Complaints) -> set[str]:
    """Complain of each key that the file does not have; returns those that were meant."""
    meant = set()
    for key in toml.keys:
        if key not in known:
            choices = [k for k in known if k not in toml.keys] or list(known)
            complaints.add(toml.where(key), is_no("key", key, fault(faults.KEY_OF, place=toml.file), choices))
            meant.add(nearest(key, choices) or "")
    return meant


def _complain(column: FieldColumn, toml: Toml, detail: Any, complaints: Complaints) -> None:
    """Say what pydantic found wrong with one key."""
    if detail["type"] == "missing":
        complaints.add(toml.file, fault(faults.NO_KEY, column=column.name, says=column.says.rstrip(".")))
    elif detail["type"] == "string_too_short":
        complaints.add(toml.where(column.name), fault(faults.EMPTY_KEY, column=column.name, says=column.says.rstrip(".")))
    else:
        given = toml.keys[column.name]
        complaints.add(toml.where(column.name), of(shown(column, given), explain(detail, column, "park", given)))


def _has_horizon(park: Park, toml: Toml, complaints: Complaints) -> bool:
    """True if the horizon has at least one year and not too many."""
    years = park.last_year - park.first_year + 1
    where = toml.where("last_year")
    if years < 1:
        complaints.add(
            where,
            Message(
                "last_year = {last_year}: is before first_year {first_year}; write a later year",
                last_year=park.last_year,
                first_year=park.first_year,
            ),
        )
    elif years > MOST_YEARS:
        complaints.add(where, fault(faults.TOO_MANY_YEARS, last=park.last_year, years=years, most=MOST_YEARS))
    return 1 <= years <= MOST_YEARS
