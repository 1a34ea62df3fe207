"""PyPSA's technology-data: one file a year (`costs_2030.csv`), or our year column beside its own.

`currency_year` has had two meanings. Until May 2026 it is the year of the money in the *source* of a figure, while all values
stand in one year already: EUR 2020, since release 0.14 EUR 2025. Since then it is the year of the value. Before 2024 there is
no such column: EUR 2015. Only the person knows which release a file is of, so `money_of` says it.
"""

from __future__ import annotations

import re
from pathlib import Path

from models.errors import CaseError
from planner.costs.figures import CostFigure
from planner.costs.names import CostNames
from planner.costs.units import unit_of_cost
from planner.language.language import mark
from planner.language.message import Message
from planner.park.catalogue import PYPSA
from planner.profiles.numbers import number_of
from planner.profiles.source import read_source
from planner.profiles.told import Told

COLUMN = "column"
_NEEDED = ("technology", "parameter", "value", "unit")
#: Types whose cost is that of energy and of power: hours at which the power part is added.
_POWER_PART = {"battery inverter": "battery"}
_OPTIONS = Message(
    "say --money-of 2025 (all values are of that year: 2020 in releases before 0.14, 2025 from then on, 2015 before 2024), "
    "or --money-of column (each value is of its currency_year)"
)


def read_technology_data(
    path: Path, names: CostNames, money_of: str, year: int | None, hours: float, told: Told
) -> list[CostFigure]:
    """The costs of the types that `names` knows. `hours` are those of the battery, at which its inverter is added.

    Raises CaseError where the year of the money, or the year of the figures, is not said.
    """
    table = read_source(path)
    header = [str(cell).strip() for cell in table.rows[0]]
    lacking = [column for column in _NEEDED if column not in header]
    if lacking:
        raise CaseError.because(
            "{path}: has no column {lacking}; it is no file of technology-data", path=path, lacking=", ".join(lacking)
        )
    rows = [
        (dict.fromkeys(header, "") | dict(zip(header, (str(cell) for cell in cells), strict=False)), line)
        for cells, line in zip(table.rows[1:], table.lines[1:], strict=True)
    ]
    found = re.search(r"(20\d\d)", path.stem)
    of_file = year if year is not None else int(found[1]) if found else None
    if of_file is None and "year" not in header:
        raise CaseError.because("{path}: does not say which year its figures are of; say --year, e.g. --year 2030", path=path)
    figures = _figures(path, rows, names, of_file, _MoneyOf(path, money_of, header))
    return _with_inverter(figures, hours, told)


class _MoneyOf:
    """The year of the money of each row."""

    def __init__(self, path: Path, asked: str, header: list[str]) -> None:
        self.path, self.asked = path, asked
        self.has_column = "currency_year" in header
        if asked == COLUMN and not self.has_column:
            raise CaseError.because("{path}: has no column currency_year; {options}", path=path, options=_OPTIONS)
        if asked not in ("", COLUMN) and not re.fullmatch(r"(19|20)\d\d", asked):
            raise CaseError.because("--money-of {asked}: is neither a year nor 'column'", asked=asked)
        if not asked:
            what = (
                Message("its column currency_year can mean two things")
                if self.has_column
                else Message("has no column currency_year")
            )
            raise CaseError.because("{path}: {what}; {options}", path=path, what=what, options=_OPTIONS)

    def year(self, row: dict[str, str]) -> int | None:
        """The year; None where the row lacks it."""
        if self.asked != COLUMN:
            return int(self.asked)
        found = number_of(row.get("currency_year", "").strip(), "point")
        return None if found is None else int(found)


def _figures(
    path: Path, rows: list[tuple[dict[str, str], int]], names: CostNames, year: int | None, money: _MoneyOf
) -> list[CostFigure]:
    figures, faults = [], []
    for row, line in rows:
        parameter = PYPSA.get(row["parameter"].strip())
        name = row["technology"].strip()
        kind = names.type_of(name)
        value = number_of(row["value"], "point")
        if parameter is None or kind is None:
            continue
        place = f"{path} line {line}"
        unit = unit_of_cost(row["unit"])
        if value is None:
            faults.append(Message("{place}: value {value}: is no number", place=place, value=repr(row["value"])))
            continue
        own = money.year(row) if unit is not None and unit.currency else None
        if unit is not None and unit.currency and own is None:
            faults.append(Message("{place}: currency_year is blank; write it, or {options}", place=place, options=_OPTIONS))
        stated = number_of(row.get("year", ""), "point")
        note = "; ".join(t for t in (name, row.get("further description", "").strip()) if t and t != "nan")
        source = f"PyPSA/technology-data: {row.get('source', '').strip() or 'no source'}"
        figures.append(CostFigure(place, kind, parameter, int(stated) if stated else year, value, row["unit"], own, source, note))
    if faults:
        raise CaseError(faults[:20])
    return figures


def _with_inverter(figures: list[CostFigure], hours: float, told: Told) -> list[CostFigure]:
    """The power part of a battery added to its energy part; of several names for one type the first."""
    part = [f for f in figures if f.note.split(";")[0] in _POWER_PART]
    rest, seen = list[CostFigure](), dict[tuple[str, str, int | None], str]()
    for figure in figures:
        if figure in part:
            continue
        name, series = figure.note.split(";")[0], (figure.type, figure.parameter, figure.year)
        if seen.setdefault(series, name) == name:
            rest.append(figure)
    for i, figure in enumerate(rest):
        power = [p for p in part if (p.type, p.parameter, p.year) == (figure.type, "capital_cost", figure.year)]
        if figure.parameter == "capital_cost" and power:
            other = power[0]
            per_hour = other.value / hours * _same_unit(other.unit, figure.unit)
            note = f"{figure.note}; {figure.value:g} + {other.value:g} / {hours:g} h of power"
            rest[i] = CostFigure(**{**vars(figure), "value": figure.value + per_hour, "note": note})
            told.say(mark("The battery's power part is added at {hours} h of full power."), hours=f"{hours:g}")
    return rest


def _same_unit(power: str, energy: str) -> float:
    """kW beside kWh, MW beside MWh: thousands where they differ."""
    return {("k", "M"): 1e3, ("M", "k"): 1e-3}.get((power.partition("/")[2][:1], energy.partition("/")[2][:1]), 1.0)
