"""A figure of a future in each year, in the unit of the park's rows: factors times what the parent has, or values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from models.case import FutureValue, Origin
from models.inputs.finance import over_years
from models.units import UnitError, factor, yearly_factor
from planner.language.message import Message

#: Notes a fault: where, and in which words.
Fault = Callable[[Origin | None, str], None]


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
