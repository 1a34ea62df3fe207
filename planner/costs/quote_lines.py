"""What the lines of a mapping say beside prices: positions that are added, and lifetimes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from models.errors import CaseError
from planner.costs.figures import CostFigure
from planner.language.message import Message


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
    faults = [
        Message(
            "{place}: unit {unit}: positions of one sum are in one unit, and the first is in {other}",
            place=figure.place,
            unit=repr(figure.unit),
            other=repr(own[0].unit),
        )
        for own in positions.values()
        for figure in own
        if figure.unit != own[0].unit
    ]
    if faults:
        raise CaseError(faults)
    return [
        *others,
        *(replace(own[0], value=sum(f.value for f in own), note="; ".join(f.note for f in own)) for own in positions.values()),
    ]


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
