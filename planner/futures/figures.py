"""What a row of future_values.csv speaks of: the rows of a park's table, and the column that is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.case import (
    PARAMETERS,
    Budget,
    Certificate,
    Cost,
    Demand,
    EmissionFactor,
    FutureValue,
    Offset,
    Park,
    ParkRule,
    Price,
    ProcessEmission,
    Row,
    StageRule,
    Supply,
)
from planner.language.message import Message

#: Rows of a park by the name of their table.
Tables = Mapping[str, Sequence[Row]]
#: Every row of a table and item.
EVERY = "*"
#: Columns of these tables that may differ from future to future, the figure's own unit where it has one.
SUPPLY_ITEMS = ("max_import", "max_export", "max_import_year", "max_export_year", "contract_max", "min_year")
LIMIT_ITEMS = ("max_capacity", "max_build", "existing", "min_capacity")
#: Of limits those that hold from their year on; the others are interpolated.
STEPS = ("existing", "min_capacity")
#: Parameters of costs that no future changes.
FIXED = ("lifetime",)


@dataclass(frozen=True)
class Subject:
    """A table whose figures may differ.

    kind    its rows
    column  column of the figure; of tables with several it is the item
    names   what the figure is of: the column of a row that `name` is compared with
    items   choices of `item`; '' where the table has one figure a row
    picks   whether a row is meant, beside its name
    has_unit  True where each row states its unit
    """

    kind: type[Row]
    names: str
    column: Callable[[FutureValue], str]
    items: tuple[str, ...] = ()
    picks: Callable[[Any, FutureValue, Park], bool] = lambda *_: True
    has_unit: bool = False


def _value(_: FutureValue) -> str:
    return "value"


def _limit(_: FutureValue) -> str:
    return "limit"


def _item(row: FutureValue) -> str:
    return row.item


#: Subjects by table; limits and profiles are changed by rules of their own.
SUBJECTS: dict[str, Subject] = {
    "prices": Subject(
        Price,
        "supply",
        _value,
        ("energy", "export", "demand_charge", "capacity_charge", "carbon", "fixed"),
        lambda r, v, _: (r.item, r.scheme, r.period) == (v.item, v.scheme, ""),
        has_unit=True,
    ),
    "costs": Subject(
        Cost, "type", _value, tuple(p for p in PARAMETERS if p not in FIXED), lambda r, v, _: r.parameter == v.item, has_unit=True
    ),
    "demand": Subject(Demand, "demand", _value, has_unit=True),
    "emission_factors": Subject(
        EmissionFactor, "supply", _value, ("", "location", "market"), lambda r, v, _: v.item in ("", r.basis), has_unit=True
    ),
    "certificates": Subject(Certificate, "certificate", _item, ("price", "max_share")),
    "offsets": Subject(Offset, "offset", _item, ("price", "max_volume")),
    "supplies": Subject(Supply, "supply", _item, SUPPLY_ITEMS),
    "budget": Subject(Budget, "", _item, ("capital",)),
    "process_emissions": Subject(ProcessEmission, "source", _value, has_unit=True),
    "stages": Subject(
        StageRule,
        "stage",
        _limit,
        (),
        lambda r, v, park: (r.standard, r.metric) == (park.standard, v.item) and v.sense in ("", r.sense),
    ),
    "rules": Subject(ParkRule, "rule", _limit, (), lambda r, v, _: r.metric == v.item and v.sense in ("", r.sense)),
}


def meant(value: FutureValue, tables: Tables, park: Park) -> list[Row]:
    """The rows of the park that a value speaks of; none of limits and profiles, which need no row."""
    subject = SUBJECTS[value.changed]
    is_every = value.name == EVERY and (value.changed, value.item) != ("prices", "carbon")
    return [
        row
        for row in tables[value.changed]
        if (not subject.names or is_every or getattr(row, subject.names) == value.name) and subject.picks(row, value, park)
    ]


def told(value: FutureValue) -> str:
    """The figure in the words of the table: `prices gas energy`."""
    return " ".join(part for part in (value.changed, value.name, value.item, value.scheme, value.sense) if part)


def groups(values: Iterable[FutureValue], future: str) -> list[list[FutureValue]]:
    """The rows of one future, those of a figure together and by their years."""
    found: dict[tuple[str, ...], list[FutureValue]] = {}
    for row in values:
        if row.future == future:
            found.setdefault((row.changed, row.name, row.item, row.scheme, row.sense), []).append(row)
    return [sorted(rows, key=lambda row: row.year or 0) for rows in found.values()]


def no_row(value: FutureValue) -> Message:
    """What is said of a figure that the park does not have."""
    return Message("{figure}: the park has no such figure; only what its tables state can differ", figure=repr(told(value)))
