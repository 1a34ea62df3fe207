r"""The mean future: every series that differs is the mean of those of the leaves, weighed with their probabilities.

.. math::
    \bar v(y) = \sum_l p_l \, v_l(y)

year by year; of a profile hour by hour.

It is what who does not think of futures plans for. What its orders cost once a future has come is the EEV.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from models.case import Case, Limit, ProfileYear, Row
from models.inputs import TypicalDays
from models.inputs.limits import limit_of
from models.metrics import CUMULATED
from planner.futures.figures import SUBJECTS, SUPPLY_ITEMS
from planner.futures.series import in_years
from planner.recourse.leaf import Leaf

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


def mean_case(case: Case, leaves: Sequence[Leaf], days: TypicalDays | None) -> tuple[Case, TypicalDays | None]:
    """The park of the mean future, and the typical days with its profiles."""
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


def _mean_table(case: Case, leaves: Sequence[Leaf], table: str) -> list[Row]:
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
    own = [_stepped(rows, years) if kind.is_step else in_years(rows, years, case.park.currency) for rows in series]
    return [
        own[0][y].model_copy(
            update={"year": y, **{c: sum(p * getattr(rows[y], c) for p, rows in zip(shares, own, strict=True)) for c in columns}}
        )
        for y in years
        if all(y in rows for rows in own)
    ]


def _stepped(rows: Sequence[Any], years: Sequence[int]) -> dict[int, Any]:
    """The row that holds in each year, of those that hold from their year on."""
    ordered = sorted(rows, key=lambda row: row.year or 0)
    begun = {y: [row for row in ordered if (row.year or y) <= y] for y in years}
    return {y: found[-1] for y, found in begun.items() if found}


def _mean_limits(case: Case, leaves: Sequence[Leaf]) -> list[Row]:
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


def _mean_profiles(case: Case, leaves: Sequence[Leaf]) -> tuple[list[ProfileYear], dict[str, list[tuple[str, float]]]]:
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
