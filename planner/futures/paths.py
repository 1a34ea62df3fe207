r"""A path of the tree as the tables of a park: the park's own rows, changed by each future from the root to a leaf.

.. math::
    v_f(y) = v_{parent}(y) \text{ for } y < from\_year_f, \qquad factor_f(y) \cdot v_{parent}(y) \text{ or } value_f(y) \text{ else}

A figure that changes has a row for every year, so that nothing is interpolated over the year of the branching; what else its rows
state is in each year what it is in the park.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from pydantic import ValidationError

from models.case import (
    Case,
    Cost,
    EquipmentType,
    FutureValue,
    Limit,
    Origin,
    Park,
    ParkRule,
    Price,
    ProfileYear,
    Row,
    StageRule,
    said_of_orders,
)
from models.case.base import LEFT_OUT
from models.case.technology import MAY_BE_NEGATIVE
from models.inputs import TypicalDays
from models.inputs.finance import over_years
from models.metrics import CUMULATED
from models.units import UnitError, factor, yearly_factor
from planner.futures.tree import EVERY, ROOT, STEPS, SUBJECTS, Fault, Tables, Tree, groups, meant, no_row, told
from planner.language.message import Message

# --- series ----------------------------------------------------------------------------------------------------------------
# A series of a park's table in each year, and a figure of a future in it: factors times what the parent has, or values.
#
# A row of a year that the table leaves out is what all that read the table take it for: every number of it lies on the line
# between the rows that state it; the rest is that of the row before.


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
    of_unit = {"unit": unit} if unit else {}
    ordered = sorted(rows, key=lambda r: r.year or 0)
    stands = {y: next((r for r in reversed(ordered) if (r.year or 0) <= y), ordered[0]) for y in years}
    return {y: r.model_copy(update={"year": y, **of_unit, **{c: found[c][y] for c in numbers}}) for y, r in stands.items()}


def _stated(row: Row, column: str) -> float | None:
    value = getattr(row, column)
    return LEFT_OUT[column] * row.value if value is None and column in LEFT_OUT else value  # type: ignore[attr-defined]


def _share(row: Row, column: str, unit: str, currency: str) -> float:
    """What a number of a row is multiplied by to be in a unit, where it is of that of the row."""
    return to_unit(row.unit, unit, currency) if column in ("value", *LEFT_OUT) and unit else 1.0  # type: ignore[attr-defined]


def _is_whole(row: Any) -> bool:
    """True of a figure that does not differ by year, or that counts over years: a future changes it for all years at once."""
    return not row.is_yearly() or getattr(row, "metric", "") in CUMULATED


def _standing(rows: Sequence[Any], park: Park) -> dict[int, Any]:
    """The rows of one series by year: where they hold from their year on, the one that holds; of a budget, whose rows hold in their
    year alone, these; of a figure that no year is of by their place; of all others as `in_years`."""
    first = rows[0]
    if _is_whole(first):
        return dict(enumerate(rows))
    if first.table == "budget":
        return {row.year: row for row in rows}
    begins = min([park.base_year, park.first_year, *(row.year for row in rows if row.year is not None)])
    years = range(begins, park.last_year + 1)
    if not _is_step(first):
        return in_years(rows, years, park.currency)
    ordered = sorted(rows, key=lambda row: row.year or 0)
    begun = {y: [row for row in ordered if (row.year or y) <= y] for y in years}
    return {y: held[-1].model_copy(update={"year": y}) for y, held in begun.items() if held}


def _is_step(row: Any) -> bool:
    return row.item in STEPS if isinstance(row, Limit) else row.is_step


def _new_values(
    group: Sequence[FutureValue], parent: Mapping[int, float], unit: str, currency: str, fault: Fault, is_step: bool
) -> dict[int, float]:
    """The figure in the years of the parent's, in the unit of the park's rows: factors times the parent's, or values."""
    points: list[tuple[int | None, float]] = []
    for row in group:
        number = row.factor
        if number is None:
            try:
                number = float(row.value) * to_unit(row.unit, unit, currency)
            except UnitError as error:
                blank = Message("unit: is blank; write {unit}, or a unit of that dimension", unit=unit)
                fault(row.origin, str(error) if row.unit else blank)
                number = 0.0
        points.append((row.year, number))
    if is_step:
        begun = {y: [number for year, number in points if (year or y) <= y] for y in parent}
        found = {y: numbers[-1] for y, numbers in begun.items() if numbers}
    else:
        found = over_years(points, list(parent))
    return found if group[0].factor is None else {y: times * parent[y] for y, times in found.items()}


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


# --- paths -----------------------------------------------------------------------------------------------------------------


def path_tables(
    tables: Tables, park: Park, tree: Tree, values: Sequence[FutureValue], leaf: str, fault: Fault
) -> dict[str, list[Row]]:
    """The tables of the park on the path of a leaf; what cannot be so is a fault and left as it is."""
    found = {name: list(rows) for name, rows in tables.items()}
    for future in tree.path(leaf):
        for group in groups(values, future):
            _change(found, park, tree.begins(future), group, fault)
    return found


def path_case(case: Case, tree: Tree, leaf: str) -> Case:
    """The park that a leaf is, as if it were known from the start; it states no futures itself.

    Base emissions are to be those of the park's own tables, which the caller knows.
    """
    tables: dict[str, Sequence[Row]] = {
        name: getattr(case, name) for name in (*SUBJECTS, "limits", "technologies", "links", "types", "profile_years")
    }

    def refuse(where: Origin | None, words: str, **values: object) -> None:
        raise ValueError(f"{where}: {Message(words, **values)}")  # what can be wrong was told when the park was read

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


def _change(tables: dict[str, list[Row]], park: Park, since: int, group: Sequence[FutureValue], fault: Fault) -> None:
    """Change the tables by the rows of one figure of a future, from a year on."""
    first = group[0]
    if first.changed == "profiles":
        _change_profile(tables, since, group)
        return
    if first.changed == "limits":
        assets = _assets(tables["technologies"], tables["links"])
        chosen = {name: row for name, row in assets.items() if first.name in (EVERY, name)}
        each = [_limit_rows(tables["limits"], name, asset, first.item) for name, asset in chosen.items()]
        series = [rows for rows in each if rows]
        is_stated = bool(series) or (bool(chosen) and first.name != EVERY)
    else:
        series = list(_by_key(meant(first, tables, park)).values())
        is_stated = bool(series)
    if not is_stated:
        fault(first.origin, no_row(first))
    elif not series or any(getattr(row, _column(first)) is None for rows in series for row in rows):
        fault(first.origin, "{figure}: the park states none; no limit is none in every future", figure=repr(told(first)))
    else:
        for rows in series:
            _change_series(tables, park, since, group, rows, fault)


def _assets(technologies: Iterable[Any], links: Iterable[Any]) -> dict[str, Any]:
    """What limits are of, by name."""
    return {row.technology: row for row in technologies} | {row.link: row for row in links}


def _limit_rows(limits: Iterable[Any], name: str, asset: Any, item: str) -> list[Any]:
    """The rows of one limit; the column of the asset's own table holds where none does."""
    rows = [row for row in limits if (row.technology, row.item) == (name, item)]
    column = getattr(asset, item, None)
    if column is not None and (not rows or item in STEPS):
        rows.insert(0, Limit.model_validate({"technology": name, "item": item, "value": column}))
    return rows


def _by_key(rows: Iterable[Row]) -> dict[tuple[Any, ...], list[Any]]:
    """The rows by what they are of, those of a name together."""
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(getattr(row, c) for c in row.key if c != "year"), []).append(row)
    return found


def _column(value: FutureValue) -> str:
    return "value" if value.changed == "limits" else SUBJECTS[value.changed].column or value.item


def _change_series(
    tables: dict[str, list[Row]], park: Park, since: int, group: Sequence[FutureValue], rows: list[Any], fault: Fault
) -> None:
    """Put rows of every year in the place of those of a series: what the parent has before `since`, what the future says from then
    on; of a figure that no year is of the same rows with another figure."""
    first, column, figure = group[0], _column(group[0]), repr(told(group[0]))
    parent, is_whole, is_step = _standing(rows, park), _is_whole(rows[0]), _is_step(rows[0])
    if not rows[0].is_yearly() and since > park.first_year:
        fault(
            first.origin,
            "{figure}: has no years in the park's tables; a future of {year} can change it from {first} on only, with that "
            "from_year or none",
            figure=figure,
            year=since,
            first=park.first_year,
        )
    elif is_whole and first.year is not None:
        fault(first.origin, "year = {year}: {figure} is changed whole; leave the year blank", year=first.year, figure=figure)
    before = {y: getattr(row, column) for y, row in parent.items() if is_whole or y >= since}
    if first.changed == "budget":
        _must_be_in(before, since, group, fault)
    elif not before:
        fault(first.origin, "{figure}: holds in no year of this future; there is nothing to change", figure=figure)
    new = _new_values(group, before, getattr(rows[0], "unit", ""), park.currency, fault, is_step)
    made = [_with(row, column, new[y]) if y in new else row for y, row in parent.items()]
    if first.changed == "limits" and first.item == "existing":
        _must_fall(made, _unit_of(tables, rows[0].technology), group, fault)
    table, gone = tables[first.changed], {id(row) for row in rows}
    at = next((i for i, row in enumerate(table) if id(row) in gone), len(table))
    kept = [row for row in table if id(row) not in gone]
    tables[first.changed] = [*kept[:at], *made, *kept[at:]]
    wrong = next(((row, found) for row in made if (found := _beyond(row, column)) is not None), None)
    if wrong is not None:
        row, reason = wrong
        year, value = getattr(row, "year", None), f"{getattr(row, column):g}"
        when = Message("in {year}", year=year) if year else Message("in all years")
        fault(first.origin, "{figure}: would be {value} {when}; {reason}", figure=figure, value=value, when=when, reason=reason)


def _with(row: Any, column: str, value: float) -> Row:
    """The row with another figure; its low and high remain the same share of it."""
    before = getattr(row, column)
    beside = {c: getattr(row, c, None) for c in LEFT_OUT} if column == "value" and before else {}
    return row.model_copy(update={column: value, **{c: v * value / before for c, v in beside.items() if v is not None}})


def _must_be_in(before: Mapping[int, float], since: int, group: Sequence[FutureValue], fault: Fault) -> None:
    """No year without a row of budget.csv gets one."""
    if not before and all(row.year is None for row in group):
        fault(group[0].origin, "budget.csv has no row from {year} on, so there is no limit to change", year=since)
    for row in group:
        if row.year is not None and row.year >= since and row.year not in before:
            fault(row.origin, "year = {year}: budget.csv has no row of it, so there is no limit to change", year=row.year)


def _unit_of(tables: Mapping[str, Sequence[Any]], name: str) -> float:
    """In what units stands what stands before the horizon; 0: in any amount."""
    asset = _assets(tables["technologies"], tables["links"])[name]
    kind = next((t for t in tables["types"] if isinstance(t, EquipmentType) and t.type == asset.type_name), None)
    return said_of_orders(asset, kind, "existing_unit") if kind is not None or asset.existing_unit is not None else 0.0


def _must_fall(rows: Sequence[Any], unit: float, group: Sequence[FutureValue], fault: Fault) -> None:
    """What stands falls only, by whole units where it stands in units; all of it may go."""
    where, figure = group[0].origin, repr(told(group[0]))
    for last, row in pairwise(rows):
        before, value = last.value, row.value
        if value > before * (1 + 1e-9):
            fault(
                where,
                "{figure}: would rise from {before} to {value} in {year}; existing may only fall",
                figure=figure,
                before=f"{before:g}",
                value=f"{value:g}",
                year=row.year,
            )
            return
        fallen = before - value
        if unit and value > 0 and abs(fallen / unit - round(fallen / unit)) > 1e-6:
            fault(
                where,
                "{figure}: would fall by {fallen} in {year}, no whole number of units of {unit} (existing_unit)",
                figure=figure,
                fallen=f"{fallen:g}",
                year=row.year,
                unit=f"{unit:g}",
            )
            return


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

#: A column of profiles.csv that no person writes: a blank begins it.
MEAN = " mean of {} from {}"


def mean_case(case: Case, leaves: Sequence[Any], days: TypicalDays | None) -> tuple[Case, TypicalDays | None]:
    """The park of the mean future, and the typical days with its profiles; `leaves` have a name, a case and a probability."""
    found: dict[str, Any] = {"futures": (), "future_values": ()}
    for table in SUBJECTS:
        series = [_by_key(getattr(leaf.case, table)) for leaf in leaves]
        found[table] = tuple(row for key in series[0] for row in _mean([rows[key] for rows in series], case.park, leaves))
    found["limits"] = tuple(_mean_limits(case, leaves))
    rows, columns = _mean_profiles(case, leaves)
    found["profile_years"] = tuple(rows)
    found["profiles"] = {**case.profiles, **{name: _mixed(case.profiles, parts) for name, parts in columns.items()}}
    if days is not None:
        known = {name: parts for name, parts in columns.items() if all(column in days.profiles for column, _ in parts)}
        days = replace(days, profiles={**days.profiles, **{name: _mixed(days.profiles, parts) for name, parts in known.items()}})
    return case.model_copy(update=found), days


def _mixed(profiles: Any, parts: Sequence[tuple[str, float]]) -> np.ndarray:
    return np.sum([share * np.asarray(profiles[column], dtype=float) for column, share in parts], axis=0)


def _mean(series: Sequence[list[Any]], park: Park, leaves: Sequence[Any]) -> list[Any]:
    """The rows of one series whose figures are the mean of those of all leaves."""
    first = series[0]
    if all(rows == first for rows in series):
        return first
    items = SUBJECTS[first[0].table].items if first[0].table in SUBJECTS else ()
    columns = [c for c in (*items, "value", "limit") if getattr(first[0], c, None) is not None]
    own = [_standing(rows, park) for rows in series]
    return [
        row.model_copy(
            update={c: sum(leaf.probability * getattr(o[y], c) for leaf, o in zip(leaves, own, strict=True)) for c in columns}
        )
        for y, row in own[0].items()
        if all(y in rows for rows in own)
    ]


def _mean_limits(case: Case, leaves: Sequence[Any]) -> list[Row]:
    """Limits that differ as rows of limits.csv, year by year; the others as they are."""
    assets, before = _assets(case.technologies, case.links), _by_key(case.limits)
    series, made = [_by_key(leaf.case.limits) for leaf in leaves], list[Row]()
    for name, item in dict.fromkeys(key for rows in series for key in rows):
        if all(rows.get((name, item)) == before.get((name, item)) for rows in series):
            made += before[name, item]
        else:
            made += _mean([_limit_rows(leaf.case.limits, name, assets[name], item) for leaf in leaves], case.park, leaves)
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
            before, column = parts, parts[0][0]
            if len({own for own, _ in parts}) > 1:
                column = MEAN.format(name, y)
                columns[column] = parts
            rows.append(ProfileYear(profile=name, year=y, column=column))
    return rows, columns
