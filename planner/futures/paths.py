r"""A path of the tree as the tables of a park: the park's own rows, changed by each future from the root to a leaf.

.. math::
    v_f(y) = v_{parent}(y) \text{ for } y < from\_year_f, \qquad factor_f(y) \cdot v_{parent}(y) \text{ or } value_f(y) \text{ else}

A figure that changes has a row for every year, so that nothing is interpolated over the year of the branching; what else its rows
state is in each year what it is in the park.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from pydantic import ValidationError

from models.case import (
    Case,
    Cost,
    EquipmentType,
    FutureValue,
    Limit,
    Link,
    Origin,
    Park,
    ParkRule,
    Price,
    ProfileYear,
    Row,
    StageRule,
    Technology,
    said_of_orders,
)
from models.case.base import LEFT_OUT
from models.case.technology import MAY_BE_NEGATIVE
from models.inputs import TypicalDays
from models.inputs.capacity import limit_of
from models.inputs.finance import over_years
from models.metrics import CUMULATED
from models.units import UnitError, factor, yearly_factor
from planner.futures.tree import EVERY, ROOT, STEPS, SUBJECTS, SUPPLY_ITEMS, Tables, Tree, groups, meant, no_row, told
from planner.language.message import Message

# --- series ----------------------------------------------------------------------------------------------------------------
# A series of a park's table in each year, and a figure of a future in it: factors times what the parent has, or values.
#
# A row of a year that the table leaves out is what all that read the table take it for: every number of it lies on the line
# between
# the rows that state it; the rest is that of the row before.

#: Notes a fault: where, and in which words.
Fault = Callable[[Origin | None, str], None]


def in_years(rows: Sequence[Any], years: Sequence[int], currency: str) -> dict[int, Any]:
    """The rows of one series, one a year, in the unit of the first; a number that no row states is stated in no year.

    Where some rows state the low or high of a figure, the others have that which is taken where it is left out.
    """
    first, unit = rows[0], getattr(rows[0], "unit", "")
    fixed = {"year", *first.key, *first.constant}
    numbers = [c for c in type(first).model_fields if c not in fixed and any(isinstance(getattr(r, c), int | float) for r in rows)]
    found: dict[str, Mapping[int, float]] = {}
    for column in numbers:
        points = [(r.year, value * _share(r, column, unit, currency)) for r in rows if (value := _stated(r, column)) is not None]
        found[column] = over_years(points, years)
    ordered = sorted(rows, key=lambda r: r.year or 0)
    stands = {y: next((r for r in reversed(ordered) if (r.year or 0) <= y), ordered[0]) for y in years}
    of_unit = {"unit": unit} if unit else {}
    return {y: r.model_copy(update={"year": y, **of_unit, **{c: found[c][y] for c in numbers}}) for y, r in stands.items()}


def _stated(row: Row, column: str) -> float | None:
    value = getattr(row, column)
    return LEFT_OUT[column] * row.value if value is None and column in LEFT_OUT else value  # type: ignore[attr-defined]


def _share(row: Row, column: str, unit: str, currency: str) -> float:
    """What a number of a row is multiplied by to be in a unit, where it is of that of the row."""
    return to_unit(row.unit, unit, currency) if column in ("value", *LEFT_OUT) and unit else 1.0  # type: ignore[attr-defined]


def new_values(
    group: Sequence[FutureValue],
    parent: Mapping[int, float],
    years: Sequence[int],
    unit: str,
    currency: str,
    fault: Fault,
    is_step: bool = False,
) -> dict[int, float]:
    """The figure in each of the years, in the unit of the park's rows: factors times the parent's, or values."""
    points: list[tuple[int | None, float]] = []
    for row in group:
        number = row.factor
        if number is None:
            try:
                number = float(row.value) * to_unit(row.unit, unit, currency)
            except UnitError as error:
                fault(
                    row.origin,
                    str(error) if row.unit else Message("unit: is blank; write {unit}, or a unit of that dimension", unit=unit),
                )
                number = 0.0
            except ValueError:
                number = 0.0  # told where the row was checked
        points.append((row.year, number))
    if is_step:
        begun = {y: [number for year, number in points if (year or y) <= y] for y in years}
        found = {y: own[-1] for y, own in begun.items() if own}
    else:
        found = over_years(points, years)
    if group[0].factor is None:
        return found
    return {y: times * parent[y] for y, times in found.items() if y in parent}


def to_unit(unit: str, to: str, currency: str) -> float:
    """What a number is multiplied by to be in the unit of the park's rows. Raises UnitError where it is of another dimension."""
    if unit == to:
        return 1.0
    if not unit or not to:
        raise UnitError(Message("unit {unit}: the table has none here; leave it blank", unit=repr(unit)) if unit else "")
    try:
        return factor(unit, to.replace(currency, "money") if currency else to, currency)
    except UnitError:
        for plain in ("MWh", "t"):
            try:
                return yearly_factor(unit, plain) / yearly_factor(to, plain)
            except UnitError:
                continue
        raise


# --- limits ----------------------------------------------------------------------------------------------------------------
# Limits of a technology or link that differ: the figure in force, of limits.csv or of the column of its own table.

def changed_limits(tables: dict[str, list[Row]], park: Park, since: int, group: Sequence[FutureValue], fault: Fault) -> None:
    """Put rows of limits.csv in place of the limit, year by year from `since` on."""
    first = group[0]
    assets = {_name(row): row for row in (*tables["technologies"], *tables["links"])}
    names = list(assets) if first.name == EVERY else [first.name]
    count = 0
    for name in names:
        if (row := assets.get(name)) is not None:
            count += _change(tables, park, since, group, row, fault, is_one=first.name != EVERY)
    if not count and (first.name == EVERY or first.name not in assets):
        fault(first.origin, no_row(first))


def _change(
    tables: dict[str, list[Row]], park: Park, since: int, group: Sequence[FutureValue], asset: Any, fault: Fault, is_one: bool
) -> bool:
    first, name, item = group[0], _name(asset), group[0].item
    own = [row for row in tables["limits"] if isinstance(row, Limit) and (row.technology, row.item) == (name, item)]
    begins = min([park.base_year, park.first_year, *(row.year for row in own if row.year is not None)])
    years = range(begins, park.last_year + 1)
    parent = limit_of(own, item, getattr(asset, item, None), years)
    if not any(y >= since for y in parent):
        if is_one:
            fault(
                first.origin, Message("{figure}: the park states none; no limit is none in every future", figure=repr(told(first)))
            )
        return False
    after = [y for y in years if y >= since]
    new = new_values(group, parent, after, "", park.currency, fault, is_step=item in STEPS)
    values = {**parent, **{y: value for y, value in new.items() if y in parent}}
    if item == "existing":
        kind = next((t for t in tables["types"] if isinstance(t, EquipmentType) and t.type == asset.type_name), None)
        unit = said_of_orders(asset, kind, "existing_unit") if kind is not None or asset.existing_unit is not None else 0.0
        _must_fall(values, unit, group, fault)
    elif min(new.values(), default=0.0) < 0:
        fault(first.origin, Message("{figure}: would be below 0", figure=repr(told(first))))
    kept = [row for row in tables["limits"] if row not in own]
    since_year = since if item in STEPS else begins
    before = [row for row in own if (row.year or 0) < since] if item in STEPS else []
    rows = [
        Limit.model_validate({"technology": name, "item": item, "year": y, "value": max(v, 0.0)})
        for y, v in values.items()
        if y >= since_year
    ]
    tables["limits"] = [*kept, *before, *rows]
    return True


def _must_fall(values: dict[int, float], unit: float, group: Sequence[FutureValue], fault: Fault) -> None:
    """What stands falls only, by whole units where it stands in units; all of it may go."""
    before: float | None = None
    for y in sorted(values):
        if before is not None and values[y] > before * (1 + 1e-9):
            words = Message(
                "{figure}: would rise from {before} to {value} in {year}; existing may only fall",
                figure=repr(told(group[0])),
                before=f"{before:g}",
                value=f"{values[y]:g}",
                year=y,
            )
            fault(group[0].origin, words)
            return
        fallen = 0.0 if before is None else before - values[y]
        if unit and values[y] > 0 and abs(fallen / unit - round(fallen / unit)) > 1e-6:
            words = Message(
                "{figure}: would fall by {fallen} in {year}, no whole number of units of {unit} (existing_unit)",
                figure=repr(told(group[0])),
                fallen=f"{fallen:g}",
                year=y,
                unit=f"{unit:g}",
            )
            fault(group[0].origin, words)
            return
        before = values[y]


def _name(row: Any) -> str:
    return row.technology if isinstance(row, Technology) else row.link if isinstance(row, Link) else ""


# --- paths -----------------------------------------------------------------------------------------------------------------

def path_tables(
    tables: Tables, park: Park, tree: Tree, values: Sequence[FutureValue], leaf: str, fault: Fault
) -> dict[str, list[Row]]:
    """The tables of the park on the path of a leaf; what cannot be so is a fault and left as it is."""
    found = {name: list(rows) for name, rows in tables.items()}
    for future in tree.path(leaf):
        for group in groups(values, future):
            change(found, park, tree.begins(future), group, fault)
    return found


def path_case(case: Case, tree: Tree, leaf: str) -> Case:
    """The park that a leaf is, as if it were known from the start; it states no futures itself.

    Base emissions are to be those of the park's own tables, which the caller knows.
    """
    tables: dict[str, Sequence[Row]] = {
        name: getattr(case, name) for name in (*SUBJECTS, "limits", "technologies", "links", "types", "profile_years")
    }

    def refuse(where: Origin | None, words: str) -> None:
        raise ValueError(f"{where}: {words}")  # what can be wrong was told when the park was read

    found = path_tables(tables, case.park, tree, case.future_values, leaf, refuse)
    return case.model_copy(update={**{name: tuple(rows) for name, rows in found.items()}, "futures": (), "future_values": ()})


def node_case(case: Case, tree: Tree, node: str) -> Case:
    """The park once a future has come: its tables are those of that future, and what is open is what branches from it."""
    if node == ROOT:
        return case
    below = [row for row in case.futures if row.future != node and node in tree.path(row.future)]
    rows = tuple(row.model_copy(update={"parent": ROOT}) if row.parent == node else row for row in below)
    names = {row.future for row in rows}
    values = tuple(value for value in case.future_values if value.future in names)
    return path_case(case, tree, node).model_copy(update={"futures": rows, "future_values": values})


def change(tables: dict[str, list[Row]], park: Park, since: int, group: Sequence[FutureValue], fault: Fault) -> None:
    """Change the tables by the rows of one figure of a future, from a year on."""
    first = group[0]
    if first.changed == "profiles":
        _change_profile(tables, since, group)
    elif first.changed == "limits":
        changed_limits(tables, park, since, group, fault)
    else:
        rows = meant(first, tables, park)
        if not rows:
            fault(first.origin, no_row(first))
        for series in _series(rows):
            _change_series(tables, park, since, group, series, fault)


def _series(rows: Iterable[Row]) -> list[list[Any]]:
    """The rows by what they are of, those of a name together."""
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(getattr(row, c) for c in row.key if c != "year"), []).append(row)
    return list(found.values())


def _change_series(
    tables: dict[str, list[Row]], park: Park, since: int, group: Sequence[FutureValue], rows: list[Any], fault: Fault
) -> None:
    first, column = group[0], SUBJECTS[group[0].changed].column(group[0])
    if any(getattr(row, column) is None for row in rows):
        fault(first.origin, Message("{figure}: the park states none; no limit is none in every future", figure=repr(told(first))))
        return
    if isinstance(rows[0], ParkRule):
        made = (
            _stepped(rows, column, since, park, group, fault)
            if rows[0].metric not in CUMULATED
            else _at_once(rows, column, group, fault)
        )
    elif first.changed == "budget":
        made = _in_their_years(rows, column, since, park, group, fault)
    elif not type(rows[0]).is_yearly():
        if since > park.first_year:
            words = Message(
                "{figure}: has no years in the park's tables; a future of {year} can change it from {first} on only, with that "
                "from_year or none",
                figure=repr(told(first)),
                year=since,
                first=park.first_year,
            )
            fault(first.origin, words)
        made = _at_once(rows, column, group, fault)
    else:
        made = _over_years(rows, column, since, park, group, fault)
    table, gone = tables[first.changed], {id(row) for row in rows}
    at = next(i for i, row in enumerate(table) if id(row) in gone)
    kept = [row for row in table if id(row) not in gone]
    tables[first.changed] = [*kept[:at], *made, *kept[at:]]
    wrong = next(((row, found) for row in made if (found := _beyond(row, column)) is not None), None)
    if wrong is not None:
        row, reason = wrong
        year, figure = getattr(row, "year", None), repr(told(first))
        when = Message("in {year}", year=year) if year else Message("in all years")
        value = f"{getattr(row, column):g}"
        fault(
            first.origin,
            Message("{figure}: would be {value} {when}; {reason}", figure=figure, value=value, when=when, reason=reason),
        )


def _over_years(rows: list[Any], column: str, since: int, park: Park, group: Sequence[FutureValue], fault: Fault) -> list[Row]:
    """A row for each year: what the parent has before `since`, what the future says from then on."""
    begins = min([park.base_year, park.first_year, *(row.year for row in rows if row.year is not None)])
    parent = in_years(rows, range(begins, park.last_year + 1), park.currency)
    figure, after = {y: getattr(row, column) for y, row in parent.items()}, [y for y in parent if y >= since]
    new = new_values(group, figure, after, getattr(rows[0], "unit", ""), park.currency, fault)
    return [_with(row, column, new[y]) if y in new else row for y, row in parent.items()]


def _with(row: Any, column: str, value: float) -> Row:
    """The row with another figure; its low and high remain the same share of it."""
    before = getattr(row, column)
    beside = {c: getattr(row, c, None) for c in LEFT_OUT} if column == "value" and before else {}
    return row.model_copy(update={column: value, **{c: v * value / before for c, v in beside.items() if v is not None}})


def _stepped(rows: list[Any], column: str, since: int, park: Park, group: Sequence[FutureValue], fault: Fault) -> list[Row]:
    """Rows that hold from their year on: those before `since`, then one for each year in which the rule holds."""
    ordered = sorted(rows, key=lambda row: row.year or 0)
    years = range(since, park.last_year + 1)
    held = {y: own[-1] for y in years if (own := [row for row in ordered if (row.year or y) <= y])}
    new = new_values(
        group, {y: getattr(row, column) for y, row in held.items()}, list(years), "", park.currency, fault, is_step=True
    )
    if not held:
        fault(
            group[0].origin,
            Message("{figure}: holds in no year of this future; there is nothing to change", figure=repr(told(group[0]))),
        )
    before = [
        row if row.year is not None else row.model_copy(update={"year": min(park.base_year, park.first_year)})
        for row in ordered
        if (row.year or 0) < since
    ]
    return [*before, *(row.model_copy(update={"year": y, column: new.get(y, getattr(row, column))}) for y, row in held.items())]


def _at_once(rows: list[Any], column: str, group: Sequence[FutureValue], fault: Fault) -> list[Row]:
    """A figure that no year is of: changed whole."""
    first = group[0]
    if first.year is not None:
        fault(
            first.origin,
            Message("year = {year}: {figure} is changed whole; leave the year blank", year=first.year, figure=repr(told(first))),
        )
    return [row.model_copy(update={column: _times(first, getattr(row, column))}) for row in rows]


def _in_their_years(rows: list[Any], column: str, since: int, park: Park, group: Sequence[FutureValue], fault: Fault) -> list[Row]:
    """Rows that hold in their year alone: no year without a row gets one."""
    years = [row.year for row in rows if row.year >= since]
    new = new_values(group, {row.year: getattr(row, column) for row in rows}, years, "", park.currency, fault)
    if not years and all(row.year is None for row in group):
        words = Message("budget.csv has no row from {year} on, so there is no limit to change", year=since)
        fault(group[0].origin, words)
    for row in group:
        if row.year is not None and row.year >= since and row.year not in years:
            fault(row.origin, Message("year = {year}: budget.csv has no row of it, so there is no limit to change", year=row.year))
    return [row.model_copy(update={column: new[row.year]}) if row.year in new else row for row in rows]


def _times(value: FutureValue, parent: float) -> float:
    if value.factor is not None:
        return value.factor * parent
    try:
        return float(value.value)
    except ValueError:
        return parent  # told where the row was checked


def _beyond(row: Row, column: str) -> Message | None:
    """What the table allows, where the figure of a row is beyond it."""
    least = Message("no less than 0 is allowed")
    if getattr(row, column) < 0 and not _may_be_negative(row):
        return least
    try:
        type(row).model_validate(row.model_dump(by_alias=False))
    except ValidationError as error:
        limits = error.errors()[0].get("ctx", {})
        return Message("at most {most} is allowed", most=f"{limits['le']:g}") if "le" in limits else least
    return None


def _may_be_negative(row: Row) -> bool:
    """True of what may be a payment where it is usually a cost."""
    if isinstance(row, Price):
        return row.item == "export"
    return isinstance(row, ParkRule | StageRule) or (isinstance(row, Cost) and row.parameter in MAY_BE_NEGATIVE)


def _change_profile(tables: dict[str, list[Row]], since: int, group: Sequence[FutureValue]) -> None:
    """Rows of profile_years.csv: from its year on a profile has another column."""
    name = group[0].name
    new = {max(row.year or since, since): row.value for row in group}  # of rows before `since` the last one holds then
    begins = min(new)
    kept = [row for row in tables["profile_years"] if row.profile != name or row.year < begins]  # type: ignore[attr-defined]
    tables["profile_years"] = [*kept, *(ProfileYear(profile=name, year=y, column=column) for y, column in new.items())]


# --- mean ------------------------------------------------------------------------------------------------------------------
# The mean future: every series that differs is the mean of those of the leaves, weighed with their probabilities.
#
# .. math:: \bar v(y) = \sum_l p_l \, v_l(y) \quad \text{year by year; of a profile hour by hour}
#
# It is what who does not think of futures plans for. What its orders cost once a future has come is the EEV.

#: Numbers of a row that are averaged, by table; of all others it is `value`.
COLUMNS = {
    "certificates": ("price", "max_share"),
    "offsets": ("price", "max_volume"),
    "stages": ("limit",),
    "rules": ("limit",),
    "budget": ("capital",),
    "supplies": SUPPLY_ITEMS,
}
#: A column of profiles.csv that no person writes: a blank begins it.
MEAN = " mean of {} from {}"


def mean_case(case: Case, leaves: Sequence[Any], days: TypicalDays | None) -> tuple[Case, TypicalDays | None]:
    """The park of the mean future, and the typical days with its profiles; `leaves` have a name, a case and a probability."""
    found: dict[str, Any] = {"futures": (), "future_values": ()}
    for table in SUBJECTS:
        found[table] = tuple(_mean_table(case, leaves, table))
    found["limits"] = tuple(_mean_limits(case, leaves))
    rows, columns = _mean_profiles(case, leaves)
    found["profile_years"] = tuple(rows)
    found["profiles"] = {**case.profiles, **{name: _mixed(case.profiles, parts) for name, parts in columns.items()}}
    if days is not None:
        own = {
            name: _mixed(days.profiles, parts)
            for name, parts in columns.items()
            if all(column in days.profiles for column, _ in parts)
        }
        days = replace(days, profiles={**days.profiles, **own})
    return case.model_copy(update=found), days


def _mixed(profiles: Any, parts: Sequence[tuple[str, float]]) -> np.ndarray:
    return np.sum([share * np.asarray(profiles[column], dtype=float) for column, share in parts], axis=0)


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(getattr(row, column) for column in row.key if column != "year")


def _mean_table(case: Case, leaves: Sequence[Any], table: str) -> list[Row]:
    """The rows of a table, those of series that differ year by year."""
    made: list[Row] = []
    done: set[tuple[Any, ...]] = set()
    own = [{} for _ in leaves]  # type: list[dict[tuple[Any, ...], list[Any]]]
    for by_key, leaf in zip(own, leaves, strict=True):
        for row in getattr(leaf.case, table):
            by_key.setdefault(_key(row), []).append(row)
    for row in getattr(case, table):
        key = _key(row)
        if key not in done:
            done.add(key)
            made += _mean_series(case, [by_key[key] for by_key in own], [leaf.probability for leaf in leaves], table)
    return made


def _mean_series(case: Case, series: Sequence[list[Any]], shares: Sequence[float], table: str) -> list[Row]:
    first = series[0]
    if all(rows == first for rows in series):
        return first
    columns = [c for c in COLUMNS.get(table, ("value",)) if getattr(first[0], c) is not None]
    kind = type(first[0])
    if table == "budget" or not kind.is_yearly() or getattr(first[0], "metric", "") in CUMULATED:
        return [
            row.model_copy(update={c: sum(p * getattr(o[i], c) for p, o in zip(shares, series, strict=True)) for c in columns})
            for i, row in enumerate(first)
        ]
    begins = min([case.park.base_year, case.park.first_year, *(r.year for rows in series for r in rows if r.year is not None)])
    years = list(range(begins, case.park.last_year + 1))
    own = [_held(rows, years) if kind.is_step else in_years(rows, years, case.park.currency) for rows in series]
    return [
        own[0][y].model_copy(
            update={"year": y, **{c: sum(p * getattr(rows[y], c) for p, rows in zip(shares, own, strict=True)) for c in columns}}
        )
        for y in years
        if all(y in rows for rows in own)
    ]


def _held(rows: Sequence[Any], years: Sequence[int]) -> dict[int, Any]:
    """The row that holds in each year, of those that hold from their year on."""
    ordered = sorted(rows, key=lambda row: row.year or 0)
    begun = {y: [row for row in ordered if (row.year or y) <= y] for y in years}
    return {y: found[-1] for y, found in begun.items() if found}


def _mean_limits(case: Case, leaves: Sequence[Any]) -> list[Row]:
    """Limits that differ as rows of limits.csv, year by year; the others as they are."""
    rows = {leaf.name: leaf.case.limits for leaf in leaves}
    if all(own == case.limits for own in rows.values()):
        return list(case.limits)
    columns = {row.technology: row for row in case.technologies} | {row.link: row for row in case.links}
    keys = dict.fromkeys((row.technology, row.item) for own in (case.limits, *rows.values()) for row in own)
    made: list[Row] = []
    for name, item in keys:
        own = {leaf: [r for r in found if (r.technology, r.item) == (name, item)] for leaf, found in rows.items()}
        before = [r for r in case.limits if (r.technology, r.item) == (name, item)]
        if all(found == before for found in own.values()):
            made += before
            continue
        years = range(min(case.park.base_year, case.park.first_year), case.park.last_year + 1)
        column = getattr(columns[name], item, None)
        values = [limit_of(own[leaf.name], item, column, years) for leaf in leaves]
        made += [
            Limit(technology=name, item=item, year=y, value=sum(p.probability * v[y] for p, v in zip(leaves, values, strict=True)))
            for y in years
            if y >= case.park.first_year and all(y in v for v in values)
        ]
    return made


def _mean_profiles(case: Case, leaves: Sequence[Any]) -> tuple[list[ProfileYear], dict[str, list[tuple[str, float]]]]:
    """Rows of profile_years.csv, and what the columns are made of that they name: columns of profiles.csv with their shares."""
    rows: list[ProfileYear] = []
    columns: dict[str, list[tuple[str, float]]] = {}
    names = dict.fromkeys(row.profile for leaf in leaves for row in leaf.case.profile_years)
    for name in names:
        before: list[tuple[str, float]] = []
        for y in range(min(case.park.base_year, case.park.first_year), case.park.last_year + 1):
            parts = [(leaf.case.column(name, y), leaf.probability) for leaf in leaves]
            if parts == before:
                continue
            before = parts
            if len({column for column, _ in parts}) == 1:
                rows.append(ProfileYear(profile=name, year=y, column=parts[0][0]))
            else:
                column = MEAN.format(name, y)
                columns[column] = parts
                rows.append(ProfileYear(profile=name, year=y, column=column))
    return rows, columns
