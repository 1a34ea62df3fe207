"""park.toml: the keys of the park; VAT taken off what is stated; the terms of financing."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pydantic import ValidationError

from models.case import Bill, Cost, Financing, FutureValue, Orders, Origin, OwnTerms, Park, Price, Tax, Uncertainty
from models.case.base import Record
from planner.language.message import Message
from planner.park import faults, remarks
from planner.park.complaints import Complaints, is_no, nearest
from planner.park.draft import Draft
from planner.park.faults import KEY_OF, fault, of
from planner.park.fields import FieldColumn, columns_of, explain, is_number, shown, toml_value
from planner.park.settings import MOST_YEARS, Toml, read_toml

# --- vat -------------------------------------------------------------------------------------------------------------------
# Value-added tax: taken off the money that the park states, as it is read, so that all else is without.
#
# .. math::
# v = v_{stated} / (1 + \tau)
#
# τ is the rate of the row, else that of [tax]. What the catalogue gives holds none. A carbon price holds none unless its row says
# so.

#: Parameters of costs.csv that are money; fixed_cost is, where its unit is no percentage.
MONEY = ("capital_cost", "project_cost", "fixed_cost", "variable_cost", "retirement_cost", "start_cost", "annuity")


def take_off_vat(draft: Draft) -> None:
    """Prices, costs and what bills come to without VAT; says off how many figures it was taken."""
    common = draft.park.tax.vat if draft.park else 0.0
    counts: Counter[tuple[str, float]] = Counter()
    _take_off_futures(draft, common, counts)
    for kind, column in ((Price, "value"), (Cost, "value"), (Bill, "cost")):
        rows = draft.valid[kind.table]
        for i, row in enumerate(rows):
            rate = _rate(row, common)
            stated = getattr(row, column)
            if rate and stated:
                held = {c: v / (1 + rate) for c in (column, "low", "high") if (v := getattr(row, c, None)) is not None}
                rows[i] = row.model_copy(update={**held, "vat": None})
                counts[f"{kind.table}.csv", rate] += 1
    for (table, rate), count in sorted(counts.items()):
        draft.warn(table, remarks.VAT_TAKEN_OFF, rate=f"{100 * rate:g}", count=count)


def _rate(row: object, common: float) -> float:
    """The rate that a row's money holds; 0 of what is no money and of what the catalogue gives."""
    origin: Origin | None = getattr(row, "origin", None)
    if not isinstance(row, Price | Cost | Bill) or origin is None or origin.catalogue:
        return 0.0
    if isinstance(row, Cost) and (row.parameter not in MONEY or row.unit.startswith("%")):
        return 0.0
    if row.vat is not None:
        return row.vat
    return 0.0 if isinstance(row, Price) and row.item == "carbon" else common


def _take_off_futures(draft: Draft, common: float, counts: Counter[tuple[str, float]]) -> None:
    """Off the values of futures as off the figures that they take the place of."""
    rows = draft.valid[FutureValue.table]
    for i, row in enumerate(rows):
        assert isinstance(row, FutureValue)
        if row.changed not in ("prices", "costs") or not is_number(row.value):
            continue
        like = [r for r in draft.valid[row.changed] if _is_meant(r, row)]
        rate = max((_rate(r, common) for r in like), default=0.0)
        if rate:
            rows[i] = row.model_copy(update={"value": repr(float(row.value) / (1 + rate))})
            counts[f"{FutureValue.table}.csv", rate] += 1


def _is_meant(row: object, value: FutureValue) -> bool:
    """True if the row is of the name and item of a value."""
    if isinstance(row, Price):
        return value.name in ("*", row.supply) and (row.item, row.scheme) == (value.item, value.scheme)
    return isinstance(row, Cost) and value.name in ("*", row.type) and row.parameter == value.item


# --- financing -------------------------------------------------------------------------------------------------------------
# park.toml, [futures], and [finance]: numbers and words, tables of numbers by name in it, and of terms of single owners.

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


# --- park.toml ----------------------------------------------------------------------------------------------------

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


#: Keys of the table [orders].
ORDERS = "years", "early_retirement"


def read_orders(toml: Toml, complaints: Complaints) -> Orders | None:
    """The table [orders]; None, with a complaint, where something of it is wrong."""
    given = toml.keys.get("orders", {})
    if not isinstance(given, dict):
        complaints.add(toml.where("orders"), Message("orders: is no table; write [orders] and below it `years = [2026, 2030]`"))
        return None
    for key in given:
        if key not in ORDERS:
            complaints.add(toml.where(key), is_no("key", key, fault(faults.KEY_OF, place="[orders]"), list(ORDERS)))
            return None
    early = given.get("early_retirement")
    if early is not None and not isinstance(early, bool):
        words = Message("early_retirement = {value}: is neither true nor false", value=repr(early))
        complaints.add(toml.where("early_retirement", ("orders",)), words)
        return None
    years = given.get("years", [])
    is_right = isinstance(years, list) and all(type(y) is int and 1 <= y <= 2300 for y in years)
    if not is_right or ("years" in given and not years):
        complaints.add(toml.where("years"), fault(faults.NO_YEARS_LIST))
        return None
    return Orders(years=tuple(years), early_retirement=early)


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
