"""The operation model of a year as a matrix whose columns and rows are found by family, index and hour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from pyomo.core import Block, ConcreteModel, Constraint, Var

from models.families import HOURLY
from planner.solve.handover.matrix import Matrix, compile_model
from planner.solve.handover.reduced import NONE

#: Yearly totals that make a month begin as the month before ended, see `split_at_month_ends`; no family of the Pyomo model.
COUPLED = "coupled"


@dataclass(frozen=True)
class Named:
    """A matrix of hours and its names; the place NONE stands for a column that the matrix does not have.

    model     the Pyomo model; kept here because its components hold only weak references to it
    series    family -> index before the hour -> columns                     (hours,)
    single    family -> index -> column, of families that are not hourly
    balances  (zone, carrier, hour) of each balance, and the row of each
    """

    model: ConcreteModel
    matrix: Matrix
    series: dict[str, dict[tuple, np.ndarray]]
    single: dict[str, dict[Any, int]]
    balances: list[tuple[str, str, int]]
    balance_rows: np.ndarray


def name_model(model: ConcreteModel, hours: int) -> Named:
    """The matrix of a model as `build_hours` returns it, and its names. `hours`: how many the model has."""
    block: Block = model.year
    matrix = compile_model(model)
    series: dict[str, dict[tuple, np.ndarray]] = {}
    single: dict[str, dict[Any, int]] = {}
    for family in block.component_objects(Var, descend_into=False):
        name = family.local_name
        places = {index: matrix.column.get(id(v), NONE) for index, v in family.items()}
        if name in HOURLY:
            series[name] = series_of(places, hours)
        else:
            single[name] = places
    return Named(model, matrix, series, single, list(block.balance), matrix.rows_of(block.balance.values()))


def rows_by_name(named: Named) -> dict[str, dict[Any, int]]:
    """Family -> index -> row of the matrix."""
    families = named.model.year.component_objects(Constraint, descend_into=False)
    return {family.local_name: {index: named.matrix.row[id(c)] for index, c in family.items()} for family in families}


def series_of(places: Mapping[tuple, int], hours: int) -> dict[tuple, np.ndarray]:
    """Places by hour of each series of a family, NONE in hours without a variable."""
    found: dict[tuple, np.ndarray] = {}
    for index, place in places.items():
        own = found.get(index[:-1])
        if own is None:
            own = found[index[:-1]] = np.full(hours, NONE)
        own[index[-1]] = place
    return found
