"""park.toml: the keys of the park; VAT taken off what is stated; the terms of financing."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import ValidationError

from models.case import Bill, Cost, Financing, FutureValue, Origin, Park, Price
from models.case.base import Record
from planner.language.language import mark
from planner.language.message import Message
from planner.park import faults, remarks
from planner.park.complaints import Complaints, is_no, nearest
from planner.park.draft import Draft
from planner.park.faults import fault, of
from planner.park.fields import FieldColumn, columns_of, explain, is_number, leaves_of, shown, toml_value
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


# --- park.toml -------------------------------------------------------------------------------------------------------------

#: The owner of what nobody is named for.
PARK = "park"
#: Keys of a table, from the outermost on.
Within = tuple[str, ...]
#: Keys that hold a list: what is said of one that is none, and whether it is.
LISTS: dict[str, tuple[str, Callable[[list[Any]], bool]]] = {
    "years": (faults.NO_YEARS_LIST, lambda given: bool(given) and all(type(y) is int and 1 <= y <= 2300 for y in given)),
    "rules": (faults.NO_RULES_LIST, lambda given: all(isinstance(n, str) and n for n in given) and len(set(given)) == len(given)),
}
NO_TABLE = mark("{key}: is no table; write [{table}] and its keys below it")


def read_park(folder: Path, complaints: Complaints) -> Park | None:
    """What park.toml says; None, with complaints, where something of it is wrong."""
    if not os.path.lexists(folder / "park.toml"):
        complaints.add("park.toml", fault(faults.NO_PARK))
        return None
    toml = read_toml(folder / "park.toml", complaints)
    if toml is None:
        return None
    before, reader = len(complaints), TomlTables(toml, complaints)
    values = reader.values(Park, toml.keys, ())
    take_real_rate(toml, values, reader.wrong, complaints)
    park = reader.record(Park, values, ())
    if isinstance(park, Park):
        _check_horizon(park, toml, complaints)
        if park.finance is not None:
            _check_terms(park.finance, toml, complaints)
    return park if isinstance(park, Park) and len(complaints) == before else None


@dataclass
class TomlTables:
    """Tables of a TOML file as the records that declare their keys.

    wrong  keys, each with its tables, of which something was said, or that were meant by another one
    """

    toml: Toml
    complaints: Complaints
    wrong: set[Within] = field(default_factory=set)

    def values(self, record: type[Record], given: dict[str, Any], within: Within) -> dict[str, Any]:
        """The value of each key of a table that could be understood."""
        columns, found = columns_of(record), {}
        self.wrong |= {(*within, key) for key in refuse_unknown_keys(self.toml, columns, self.complaints, given, within)}
        for key in columns.keys() & given.keys():
            value = self._value(record.model_fields[key].annotation, columns[key], given[key], within)
            if value is None:
                self.wrong.add((*within, key))
            else:
                found[key] = value
        return found

    def record(self, record: type[Record], values: dict[str, Any], within: Within) -> Record | None:
        """The record of these values; None, with complaints, where one is beyond its limits or is missing."""
        try:
            return record.model_validate(values)
        except ValidationError as error:
            for detail in error.errors():
                key, *names = (str(part) for part in detail["loc"])
                if (*within, key) not in self.wrong:
                    column = columns_of(record)[key]
                    column, place = (replace(column, name=names[0], kind="float"), (*within, key)) if names else (column, within)
                    self._complain(column, detail, place)
        return None

    def _value(self, kind: Any, column: FieldColumn, given: Any, within: Within) -> Any:
        """What a key states; None, with complaints, where that is none of its kind."""
        leaves, key = list(leaves_of(kind)), column.name
        inner = next((leaf for leaf in leaves if isinstance(leaf, type) and issubclass(leaf, Record)), None)
        of_names = next((get_args(leaf)[1] for leaf in leaves if get_origin(leaf) is dict), None)
        where, before = self.toml.where(key, within), len(self.complaints)
        if key in LISTS:
            words, is_right = LISTS[key]
            if isinstance(given, list) and is_right(given):
                return tuple(given)
            self.complaints.add(where, fault(words))
        elif inner is None and of_names is None:
            try:
                return toml_value(column, given)
            except ValueError as error:
                self.complaints.add(where, of(shown(column, given), error))
        elif not isinstance(given, dict):
            self.complaints.add(where, Message(NO_TABLE, key=key, table=".".join((*within, key))))
        elif inner is not None:
            values = self.values(inner, given, (*within, key))
            made = self.record(inner, values, (*within, key))
            return made if len(self.complaints) == before else None
        else:
            number: Literal["int", "float"] = "int" if int in leaves_of(of_names) else "float"
            of_name = {name: replace(column, name=name, kind=number) for name in given}
            found = {name: self._value(of_names, of_name[name], own, (*within, key)) for name, own in given.items()}
            return {name: own for name, own in found.items() if own is not None}
        return None

    def _complain(self, column: FieldColumn, detail: Any, within: Within) -> None:
        """Say what pydantic found wrong with one key."""
        says = column.says.rstrip(".")
        if detail["type"] == "missing":
            self.complaints.add(self.toml.file, fault(faults.NO_KEY, column=column.name, says=says))
        elif detail["type"] == "string_too_short":
            self.complaints.add(self.toml.where(column.name, within), fault(faults.EMPTY_KEY, column=column.name, says=says))
        else:
            given = reduce(getitem, (*within, column.name), self.toml.keys)
            words = of(shown(column, given), explain(detail, column, "park", given))
            self.complaints.add(self.toml.where(column.name, within), words)


def take_real_rate(toml: Toml, values: dict[str, Any], wrong: set[Within], complaints: Complaints) -> None:
    """Put discount_rate into the values where its nominal rate and the inflation are stated in its place."""
    nominal, rise = values.get("discount_rate_nominal"), values.get("inflation")
    finance = toml.keys.get("finance", {})
    own = finance.get("inflation") if isinstance(finance, dict) else None
    where = toml.where("discount_rate_nominal")
    if nominal is None:
        if rise is not None:
            words = Message("inflation: goes with discount_rate_nominal; prices are real without it")
            complaints.add(toml.where("inflation"), words)
            wrong.add(("inflation",))
    elif "discount_rate" in toml.keys:
        complaints.add(where, Message("discount_rate, discount_rate_nominal: contradict each other; give one"))
        wrong.add(("discount_rate_nominal",))
    elif rise is None and own is None:
        complaints.add(where, Message("discount_rate_nominal: needs `inflation`, to tell the real rate"))
        wrong |= {("discount_rate",), ("discount_rate_nominal",)}
    elif rise is not None and own is not None and rise != own:
        words = Message("inflation = {rise}: is another than that of [finance], {own}", rise=f"{rise:g}", own=own)
        complaints.add(toml.where("inflation"), words)
        wrong |= {("inflation",), ("discount_rate",)}
    else:
        used = rise if rise is not None else own
        if isinstance(used, int | float) and -0.5 < used <= nominal:
            values["discount_rate"] = (1 + nominal) / (1 + used) - 1
        elif ("inflation",) not in wrong:
            complaints.add(where, Message("discount_rate_nominal: is below inflation; a real rate is 0 or above"))
            wrong |= {("discount_rate",), ("discount_rate_nominal",)}


def refuse_unknown_keys(
    toml: Toml, known: Collection[str], complaints: Complaints, given: Collection[str] | None = None, within: Within = ()
) -> set[str]:
    """Complain of each key that the file, or a table of it, does not have; returns those that were meant."""
    meant, keys = set(), toml.keys if given is None else given
    for key in keys:
        if key not in known:
            choices = [k for k in known if k not in keys] or list(known)
            place = f"[{'.'.join(within)}]" if within else toml.file
            complaints.add(toml.where(key, within), is_no("key", key, fault(faults.KEY_OF, place=place), choices))
            meant.add(nearest(key, choices) or "")
    return meant


def _check_horizon(park: Park, toml: Toml, complaints: Complaints) -> None:
    """The horizon has at least one year and not too many, and every year of [orders] lies within it, once."""
    count, where = park.last_year - park.first_year + 1, toml.where("last_year")
    if count < 1:
        words = mark("last_year = {last_year}: is before first_year {first_year}; write a later year")
        complaints.add(where, Message(words, last_year=park.last_year, first_year=park.first_year))
    elif count > MOST_YEARS:
        complaints.add(where, fault(faults.TOO_MANY_YEARS, last=park.last_year, years=count, most=MOST_YEARS))
    years, where = park.orders.years, toml.where("years", ("orders",))
    for y in dict.fromkeys(years) if count > 0 else ():
        if not park.first_year <= y <= park.last_year:
            complaints.add(where, fault(faults.YEAR_OUTSIDE, year=y, first=park.first_year, last=park.last_year))
        elif years.count(y) > 1:
            complaints.add(where, fault(faults.YEAR_TWICE, year=y))


def _check_terms(finance: Financing, toml: Toml, complaints: Complaints) -> None:
    """Debt is paid back after its grace, of every owner; and the park passes nothing on to itself."""
    owners = finance.owners
    if PARK in owners and owners[PARK].saving_share is not None:
        words = mark("saving_share: is what an owner does not pass on to the park; state it of another owner")
        complaints.add(toml.where("saving_share", ("finance", "owners", PARK)), Message(words))
    for name in ("", *owners):
        terms, within = finance.of_owner(name), ("finance", "owners", name) if name else ("finance",)
        if terms.grace >= terms.tenor and (not name or (finance.grace, finance.tenor) != (terms.grace, terms.tenor)):
            where = toml.where("tenor" if name and owners[name].grace is None else "grace", within)
            words = mark("grace = {grace}: is not below tenor {tenor}; debt is paid back after it")
            complaints.add(where, Message(words, grace=terms.grace, tenor=terms.tenor))
