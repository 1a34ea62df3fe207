r"""A series of a park's table in each year, and a figure of a future in it: factors times what the parent has, or values.

A row of a year that the table leaves out is what all that read the table take it for: every number of it lies on the line between
the rows that state it; the rest is that of the row before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from models.case import FutureValue, Origin, Row
from models.case.base import LEFT_OUT
from models.inputs.finance import over_years
from models.units import UnitError, factor, yearly_factor
from planner.language.message import Message

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
