"""The assumed figures of a case, how far each may be off, and the case with one of them changed.

A series moves as a whole: all its years by the same factor. Low and high are the range that its note states, where it does; else
its grade says how far it may be off.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from models.case import Assumption, Case, Row
from planner.language.language import mark

R = TypeVar("R", bound=Row)
#: How far a figure may be off either way, as a share, by its grade.
OFF = {"seen": 0.1, "derived": 0.2, "general knowledge": 0.4}
#: From the most trusted grade to the least.
GRADES = tuple(OFF)
_RANGE = re.compile(r"\brange (\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")
#: Tables with a row a name, and the column that is a figure of them.
COLUMNS = {"measures": "capital_cost", "restoration": "capital_cost", "offsets": "price", "certificates": "price"}
KEYS = {"measures": "measure", "restoration": "project", "offsets": "offset", "certificates": "certificate"}
#: Where such a figure is usually found.
FOUND = {
    "capital_cost": mark("two or three quotations (plan import costs)"),
    "project_cost": mark("two or three quotations (plan import costs)"),
    "grant": mark("the programme's notice"),
    "fixed_cost": mark("service contracts, accounts of like equipment"),
    "variable_cost": mark("service contracts, accounts of like equipment"),
    "lifetime": mark("the manufacturer's guarantee, equipment of its kind in the park"),
    "retirement_cost": mark("a dismantling firm's quotation, less what its scrap brings"),
    "start_cost": mark("service contracts, accounts of like equipment"),
    "annuity": mark("two or three quotations (plan import costs)"),
    "embodied": mark("the manufacturer's environmental product declaration"),
    "factor": mark("the ministry's notice of the year, the supplier's disclosure, the fuel's analysis"),
    "ratio": mark("the data sheet, an acceptance test, meters of fuel and heat"),
    "measures": mark("an energy audit"),
    "offsets": mark("a broker's quotation, the exchange"),
    "certificates": mark("a broker's quotation, the exchange"),
    "restoration": mark("the forestry office, a landscape contractor"),
}


@dataclass(frozen=True)
class AssumedFigure:
    """An assumed figure: value of its first year, and by what factors its low and high are from it."""

    table: str
    name: str
    parameter: str
    value: float
    unit: str
    grade: str
    low: float
    high: float

    @property
    def found(self) -> str:
        """Where such a figure is usually found."""
        return FOUND[
            self.table if self.table in COLUMNS else self.parameter.split()[0] if self.table == "costs" else _KIND[self.table]
        ]


_KIND = {"emission_factors": "factor", "ports": "ratio"}


def assumed_figures(case: Case) -> list[AssumedFigure]:
    """Every assumed number that a plan's cost may depend on, in the order in which they were taken."""
    series: dict[tuple[str, str, str], list[Assumption]] = {}
    for assumption in case.assumptions:
        table, parameter = assumption.table, assumption.parameter
        if table == "emission_factors":
            parameter = "factor"
        elif not (table == "costs" or (table == "ports" and parameter.startswith("in ")) or COLUMNS.get(table) == parameter):
            continue
        series.setdefault((table, assumption.name, parameter), []).append(assumption)
    figures = [_figure(key, rows) for key, rows in series.items()]
    return [figure for figure in figures if figure is not None]


def _figure(key: tuple[str, str, str], rows: list[Assumption]) -> AssumedFigure | None:
    values = [_number(row.value) for row in rows]
    first = next(((row, value) for row, value in zip(rows, values, strict=True) if value), None)
    if first is None:
        return None
    row, value = first
    grade = max((r.grade for r in rows if r.grade in GRADES), key=GRADES.index, default=GRADES[-1])
    low, high = 1 - OFF[grade], 1 + OFF[grade]
    stated = _RANGE.search(row.note)
    if stated and float(stated[1]) < value < float(stated[2]):
        low, high = float(stated[1]) / value, float(stated[2]) / value
    return AssumedFigure(*key, value, row.unit, grade, low, high)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def changed(case: Case, figure: AssumedFigure, factor: float) -> Case:
    """The case with a figure times a factor, in all its years. What the park itself states stays."""
    table, column = figure.table, COLUMNS.get(figure.table, "value")
    rows: tuple[Any, ...]
    if table == "costs":
        rows = _scaled(case.costs, lambda r: r.type == figure.name and r.parameter == figure.parameter, "value", factor)
    elif table == "emission_factors":
        rows = _scaled(case.emission_factors, lambda r: r.supply == figure.name, "value", factor)
    elif table == "ports":
        carrier = figure.parameter.removeprefix("in ")
        rows = _scaled(
            case.ports, lambda r: r.type == figure.name and r.direction == "in" and r.carrier == carrier, "ratio", factor
        )
    else:
        key = KEYS[table]
        rows = tuple(
            row.model_copy(update={column: getattr(row, column) * factor}) if getattr(row, key) == figure.name else row
            for row in getattr(case, table)
        )
    return case.model_copy(update={table: rows})


def _scaled(rows: Iterable[R], is_meant: Callable[[R], bool], column: str, factor: float) -> tuple[R, ...]:
    """Rows of the catalogue that are meant with a column times a factor; a lifetime stays at least a year."""
    made = []
    for row in rows:
        if row.is_of_catalogue and is_meant(row):
            value = getattr(row, column) * factor
            least = 1.0 if getattr(row, "parameter", "") == "lifetime" else 0.0
            row = row.model_copy(update={column: max(value, least)})
        made.append(row)
    return tuple(made)
