"""The assumed figures of a case, how far each may be off, and the case with one of them changed.

A series moves as a whole: all its years by the same factor. Low and high are the range that its note states, where it does; else
its grade says how far it may be off.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.case import Assumption, Case
from planner.language.language import mark
from planner.questions.change import ASSUMED, TABLE_OF, Change

#: How far a figure may be off either way, as a share, by its grade.
OFF = {"seen": 0.1, "derived": 0.2, "general knowledge": 0.4}
#: From the most trusted grade to the least.
GRADES = tuple(OFF)
_RANGE = re.compile(r"\brange (\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")
#: Tables with a row a name, and the column that is a figure of them.
COLUMNS = {table: column for table, _, column in TABLE_OF.values()}
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

    def times(self, factor: float) -> Change:
        """The change that takes it times a factor."""
        return ASSUMED, self.table, self.name, self.parameter, f"{factor!r}"

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
