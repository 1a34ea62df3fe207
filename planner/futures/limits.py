"""Limits of a technology or link that differ: the figure in force, of limits.csv or of the column of its own table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.case import EquipmentType, FutureValue, Limit, Link, Park, Row, Technology, said_of_orders
from models.inputs.limits import limit_of
from planner.futures.figures import EVERY, STEPS, no_row, told
from planner.futures.series import Fault, new_values
from planner.language.message import Message


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
