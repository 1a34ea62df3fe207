r"""What an offer says beside its prices.

Efficiency and COP of an offer, as ratios of ports.csv: what the catalogue says of the type, its inputs turned round.

.. math::
    r_{in} = 1 / \eta \qquad r_{electricity} = 1 / COP \qquad r_{waste-heat} = 1 - 1 / COP

η  of what goes in, by the net calorific value  1    COP  heat or cold by what drives it  1

The later years of an offer: the path of the catalogue goes on from it.

.. math::
    c_y = c_o \frac{k_y}{k_o} \qquad y > o

c_o  capital cost of the offer, of its year o      k  capital cost of the catalogue, in the same region, interpolated

What the lines of a mapping say beside prices: positions that are added, and lifetimes.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from models.errors import CaseError
from models.inputs.finance import over_years
from planner.costs.figures import CostFigure
from planner.costs.units import unit_of_cost
from planner.examples import data_folder
from planner.language.message import Message

COLUMNS = ("type", "carrier", "direction", "ratio", "temperature", "source", "note")
#: What an efficiency and a COP may be: above the first, at most the second.
WITHIN = {"efficiency": (0.2, 1.1), "cop": (0.3, 15.0)}
WASTE = "waste-heat"


def ports_of(path: Path, given: Mapping[str, Mapping[str, str]]) -> list[dict[str, str]]:
    """Rows of ports.csv of the types whose lines state an efficiency or a COP. Raises CaseError for what cannot be one."""
    found, faults = dict[str, tuple[str, float]](), list[Message]()
    for item, line in given.items():
        for key, (least, most) in WITHIN.items():
            text, kind = line.get(key, ""), line.get("type", "")
            if not text or not kind:
                continue
            value = _number(text)
            if value is None or not least < value <= most:
                words = {"item": item, "key": key, "text": text, "least": f"{least:g}", "most": f"{most:g}"}
                faults.append(Message("--map: {item}: {key} = {text}: is not above {least} and at most {most}", **words))
            elif found.setdefault(kind, (key, value)) != (key, value):
                words = {"item": item, "key": key, "text": text, "type": kind}
                faults.append(Message("--map: {item}: {key} = {text}: another stands in a line of {type}", **words))
    rows: list[dict[str, str]] = []
    for kind, (key, value) in found.items():
        own = _catalogue(kind)
        inputs = [row for row in own if row["direction"] == "in" and row["carrier"] != WASTE]
        if len([row for row in own if row["direction"] == "out"]) != 1 or len(inputs) != 1:
            faults.append(
                Message("--map: {type}: {key} is of one thing made from another; state its ports.csv by hand", type=kind, key=key)
            )
            continue
        rows += [_row(row, value, f"quotation {path.name}", f"{key} {value:g}") for row in own]
    if faults:
        raise CaseError(faults)
    return rows


def _row(row: Mapping[str, str], value: float, source: str, note: str) -> dict[str, str]:
    if row["direction"] == "out":
        return {name: row[name] for name in COLUMNS}
    ratio = f"{1 - 1 / value if row['carrier'] == WASTE else 1 / value:.6g}"
    return {name: {"ratio": ratio, "source": source, "note": note}.get(name, row[name]) for name in COLUMNS}


def _catalogue(kind: str) -> list[dict[str, str]]:
    with (data_folder() / "catalogue" / "ports.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["type"] == kind]


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def with_decline(figures: Iterable[CostFigure], year: int, region: str = "") -> list[CostFigure]:
    """The figures; a capital cost of all years becomes one by year, from that of its money (else `year`) on, where the catalogue's
    changes over the years."""
    paths = _paths(region)
    made: list[CostFigure] = []
    for figure in figures:
        path = paths.get(figure.type)
        if figure.parameter != "capital_cost" or figure.year is not None or path is None:
            made.append(figure)
            continue
        first = figure.money_year or year
        later = [y for y in sorted(path) if y > first]
        costs = over_years([(y, c) for y, c in path.items()], [first, *later])
        made.append(replace(figure, year=first))
        for y in later:
            ratio = costs[y] / costs[first]
            note = f"{figure.note}; path of the catalogue, {ratio:.4g} of {first}"
            made.append(replace(figure, year=y, value=figure.value * ratio, note=note))
    return made


def _paths(region: str) -> dict[str, dict[int, float]]:
    """Capital costs of the catalogue by type and year, where there are several years: of the region, else of none."""
    found: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
    with (data_folder() / "catalogue" / "costs.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["parameter"] == "capital_cost" and row["year"]:
                found[row["type"], row["region"]][int(row["year"])] = float(row["value"])
    several = {key: path for key, path in found.items() if len(path) > 1}
    types = {kind for kind, _ in several}
    return {kind: path for kind in types if (path := several.get((kind, region)) or several.get((kind, ""))) is not None}


def summed(figures: Sequence[CostFigure], given: Iterable[Mapping[str, str]]) -> list[CostFigure]:
    """Figures whose line says `sum` are positions of one plant: those of a type and parameter, in one unit, are added."""
    positions: dict[tuple[str, str], list[CostFigure]] = {}
    others: list[CostFigure] = []
    lines = [line for line in given if line.get("sum") == "True"]
    added = {(line["type"], line.get("parameter") or "capital_cost") for line in lines}
    for figure in figures:
        key = figure.type, figure.parameter
        if key in added:
            positions.setdefault(key, []).append(figure)
        else:
            others.append(figure)
    faults = list[Message]()
    for own in positions.values():
        first, total = unit_of_cost(own[0].unit), 0.0
        for figure in own:
            unit = unit_of_cost(figure.unit)
            times = unit.times_to(first) if unit is not None and first is not None else None
            total += figure.value * (times or 0.0)
            if times is None:
                words = {"place": figure.place, "unit": repr(figure.unit), "other": repr(own[0].unit)}
                faults.append(
                    Message("{place}: unit {unit}: positions of one sum are in one unit, and the first is in {other}", **words)
                )
        others.append(replace(own[0], value=total, note="; ".join(f.note for f in own)))
    if faults:
        raise CaseError(faults)
    return others


def lifetimes(path: Path, given: Mapping[str, Mapping[str, str]]) -> list[CostFigure]:
    """Lifetimes that lines state, one a type. Raises CaseError where one is none, or two differ."""
    found: dict[str, str] = {}
    for item, line in given.items():
        years = line.get("lifetime", "")
        if not line.get("type") or not years:
            continue
        if not re.fullmatch(r"\d{1,3}(\.\d+)?", years) or float(years) < 1 or found.setdefault(line["type"], years) != years:
            raise CaseError.because(
                "--map: {item}: lifetime = {years}: is no number of years, or another beside it", item=item, years=years
            )
    source = f"quotation {path.name}"
    return [CostFigure(str(path), kind, "lifetime", None, float(years), "year", None, source) for kind, years in found.items()]
