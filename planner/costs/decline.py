r"""The later years of an offer: the path of the catalogue goes on from it.

.. math::
    c_y = c_o \frac{k_y}{k_o} \qquad y > o

c_o  capital cost of the offer, of its year o      k  capital cost of the catalogue, in the same region, interpolated
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from models.inputs.finance import over_years
from planner.costs.figures import CostFigure
from planner.parks.new import data_folder


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
