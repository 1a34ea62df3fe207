"""NREL's Annual Technology Baseline, the flat CSV file (ATBe.csv): capital and fixed and variable operating costs by year.

A file repeats each figure by scenario, financial case and recovery period; one of each is taken and told. Its dollars are of
two years before the year of the edition. Lifetimes are not in it.
"""

from __future__ import annotations

import re
from pathlib import Path

from models.errors import CaseError
from planner.costs.figures import CostFigure
from planner.costs.names import CostNames
from planner.language.language import mark
from planner.language.message import Message
from planner.profiles.numbers import number_of
from planner.profiles.source import read_source
from planner.profiles.told import Told

PARAMETERS = {"CAPEX": "capital_cost", "Fixed O&M": "fixed_cost", "Variable O&M": "variable_cost"}
_NEEDED = ("core_metric_parameter", "technology", "scenario", "core_metric_variable", "value")
#: Dollars of an edition are of so many years before it.
DOLLARS_BEFORE = 2


def read_atb(path: Path, names: CostNames, scenario: str, details: tuple[str, ...], money_of: str, told: Told) -> list[CostFigure]:
    """The costs of the types that `names` knows, of one scenario. `details` name the classes wanted where there are several.

    Raises CaseError where the file, the scenario or the year of its dollars is none.
    """
    rows = _rows(path)
    scenarios = sorted({row["scenario"] for row in rows} - {"", "*"})
    if scenario not in scenarios:
        raise CaseError.because(
            "--scenario {scenario}: is none of {scenarios}",
            scenario=scenario,
            scenarios=", ".join(scenarios) or Message("the file"),
        )
    of_scenario = [row for row in rows if row["scenario"] in (scenario, "*")]
    kept = [(row, kind) for row in of_scenario if (kind := names.type_of(row["technology"])) is not None]
    series: dict[tuple[str, str, str, int], list[dict[str, str]]] = {}
    for row, kind in kept:
        key = (kind, row["technology"], PARAMETERS[row["core_metric_parameter"]], int(float(row["core_metric_variable"])))
        series.setdefault(key, []).append(row)
    chosen = {name: _detail(own, details) for name, own in _grouped(series).items()}
    for name, detail in sorted(chosen.items()):
        told.say(mark("{name}: class {detail}, scenario {scenario}."), name=name, detail=detail or "–", scenario=scenario)
    figures: list[CostFigure] = []
    faults: list[str] = []
    for key, found in series.items():
        own = next((r for r in sorted(found, key=_order) if r.get("techdetail", "") == chosen[key[1]]), None)
        if own is None:
            continue
        if number_of(own["value"], "point") is None:
            place = f"{path} line {own['line']}"
            faults.append(Message("{place}: value {value}: is no number", place=place, value=repr(own["value"])))
        else:
            figures.append(_figure(path, key, own, _dollars(path, own, money_of)))
    if faults:
        raise CaseError(faults[:20])
    return figures


def _rows(path: Path) -> list[dict[str, str]]:
    table = read_source(path)
    header = [str(cell).strip() for cell in table.rows[0]]
    lacking = [column for column in _NEEDED if column not in header]
    if lacking:
        raise CaseError.because(
            "{path}: has no column {lacking}; it is no flat file of the ATB", path=path, lacking=", ".join(lacking)
        )
    found = []
    for cells, line in zip(table.rows[1:], table.lines[1:], strict=True):
        row = dict.fromkeys(header, "") | {name: str(cell).strip() for name, cell in zip(header, cells, strict=False)}
        if row["core_metric_parameter"] in PARAMETERS and number_of(row["core_metric_variable"], "point") is not None:
            found.append({**row, "line": str(line)})
    return found


def _grouped(series: dict[tuple[str, str, str, int], list[dict[str, str]]]) -> dict[str, list[dict[str, str]]]:
    groups: dict[str, list[dict[str, str]]] = {}
    for (_, name, _, _), rows in series.items():
        groups.setdefault(name, []).extend(rows)
    return groups


def _detail(rows: list[dict[str, str]], details: tuple[str, ...]) -> str:
    """The class to take: one asked for, else the one marked as default, else the first."""
    own = [row.get("techdetail", "") for row in rows]
    asked = [d for d in own if d in details]
    default = [row.get("techdetail", "") for row in rows if row.get("default", "") in ("1", "1.0", "True", "TRUE")]
    return (asked or default or own)[0]


def _order(row: dict[str, str]) -> tuple[bool, float]:
    """Market before R&D, the longest recovery period first."""
    return row.get("core_metric_case", "Market") != "Market", -(number_of(row.get("crpyears", ""), "point") or 0)


def _dollars(path: Path, row: dict[str, str], money_of: str) -> int:
    if re.fullmatch(r"(19|20)\d\d", money_of):
        return int(money_of)
    edition = number_of(row.get("atb_year", ""), "point")
    if money_of or edition is None:
        raise CaseError.because(
            "{path}: say the year of its dollars with --money-of YEAR (two years before the edition)", path=path
        )
    return int(edition) - DOLLARS_BEFORE


def _figure(path: Path, key: tuple[str, str, str, int], row: dict[str, str], dollars: int) -> CostFigure:
    kind, name, parameter, year = key
    unit = row.get("units", "") or {"variable_cost": "$/MWh", "fixed_cost": "$/kW-yr"}.get(parameter, "$/kW")
    value, detail = number_of(row["value"], "point"), row.get("techdetail", "")
    assert value is not None, "looked at before"
    hours = re.search(r"(\d+(?:\.\d+)?) ?Hr", detail)
    note = f"{name} {detail}".strip()
    if kind == "battery" and hours and float(hours[1]) and parameter != "variable_cost":
        value, unit = value / float(hours[1]), unit.replace("/kW", "/kWh", 1)
        note += f"; per kW divided by {hours[1]} h"
    source = f"NREL ATB {row.get('atb_year', '')}, {row['scenario']}, {row.get('core_metric_case', 'Market')}".replace("  ", " ")
    return CostFigure(f"{path} line {row['line']}", kind, parameter, year, value, unit, dollars, source, note)
