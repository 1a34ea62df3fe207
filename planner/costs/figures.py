"""A figure of somebody's cost table on its way into costs.csv: what it says, and in whose money."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from models.errors import CaseError
from planner.costs.units import unit_of_cost
from planner.language.message import Message
from planner.park.money import Money


@dataclass(frozen=True)
class CostFigure:
    """One cost of one type.

    place          file and line
    type           type of the park or the catalogue
    parameter      as in costs.csv
    year           year that the figure is of; None: all years
    value, unit    as read, the unit as its file writes it
    money_year     year of the money; None where it has none (years, shares)
    source, note   for the columns of that name
    """

    place: str
    type: str
    parameter: str
    year: int | None
    value: float
    unit: str
    money_year: int | None
    source: str
    note: str = ""


def in_money_of(figures: Iterable[CostFigure], currency: str, year: int, money: Money) -> list[CostFigure]:
    """The figures in units of costs.csv and in money of one currency and year.

    Raises CaseError with every figure whose unit or currency is not known.
    """
    made, faults = [], []
    for figure in figures:
        unit = unit_of_cost(figure.unit)
        if unit is None or unit.piece:
            faults.append(
                Message(
                    "{place}: unit {unit}: is no unit of a cost; write e.g. EUR/kW, EUR/MWh, %/year",
                    place=figure.place,
                    unit=repr(figure.unit),
                )
            )
        elif not unit.currency:
            made.append(replace(figure, unit=unit.per))
        elif not money.knows(unit.currency) or not money.knows(currency):
            lacking = unit.currency if not money.knows(unit.currency) else currency
            faults.append(
                Message(
                    "{place}: money.csv of the catalogue has no exchange rate for {lacking}", place=figure.place, lacking=lacking
                )
            )
        else:
            factor = money.factor(unit.currency, figure.money_year or year, currency, year)
            remark = factor.remark(unit.currency, currency)
            note = "; ".join(part for part in (f"price year {year}", figure.note, remark) if part)
            value = figure.value * unit.times * factor.value
            made.append(replace(figure, value=value, unit=f"{currency}/{unit.per}" if unit.per else currency, note=note))
    if faults:
        raise CaseError(faults)
    return made
