"""A linear Pyomo model in standard form, as a sparse matrix: compiled once for all variants of it that are solved."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pyomo.core import Block, ConcreteModel, Constraint, Var
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy import sparse

from models.families import HOURLY
from planner.language.message import Message
from planner.language.words import SIZE
from planner.machine.resources import paused_garbage_collector

INFINITY = math.inf
#: No place: a column or row that is not there, a bound that comes from no row.
NONE = -1
#: A value below this is 0: tolerance of an interior point solution.
NOISE = 1e-9
#: A row is broken by more than this (in the unit of the row).
BROKEN = 1e-6
#: Pyomo keeps state of the whole process while a model is built or its expressions are read.
_modelling = threading.RLock()


@contextmanager
def modelling() -> Iterator[None]:
    """Build or read a Pyomo model: one thread at a time, with the garbage collector paused."""
    with _modelling, paused_garbage_collector():
        yield


@dataclass
class Matrix:
    """A compiled model: minimise c·x + offset, row_lower ≤ A x ≤ row_upper, lower ≤ x ≤ upper.

    columns are Pyomo variables, rows Pyomo constraints; `column` and `row` give their places by id.
    """

    columns: list[Any]
    rows: list[Any]
    cost: np.ndarray
    offset: float
    start: np.ndarray
    index: np.ndarray
    value: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    row_lower: np.ndarray
    row_upper: np.ndarray
    integer: np.ndarray
    column: dict[int, int] = field(default_factory=dict)
    row: dict[int, int] = field(default_factory=dict)

    @property
    def size(self) -> Message:
        """Rows, columns and nonzeros, for people."""
        return Message(SIZE, rows=f"{len(self.rows):,}", columns=f"{len(self.columns):,}", nonzeros=f"{len(self.value):,}")

    def by_rows(self) -> sparse.csr_matrix:
        """A, row by row."""
        shape = len(self.rows), len(self.columns)
        return sparse.csc_matrix((self.value, self.index, self.start), shape=shape).tocsr()

    def none_without(self) -> tuple[np.ndarray, np.ndarray]:
        """Columns that are 0 where an integer is, by a row x ≤ a z or x = a z: the place of each x, and of its z."""
        rows = self.by_rows()
        rows = rows[(np.diff(rows.indptr) == 2) & (self.row_upper == 0)]
        places, values = rows.indices.reshape(-1, 2), rows.data.reshape(-1, 2)
        held, holds = (values > 0) & ~self.integer[places] & (self.lower[places] == 0), (values < 0) & self.integer[places]
        pair = held.any(axis=1) & holds.any(axis=1)
        return places[pair][held[pair]], places[pair][holds[pair]]

    def held_by_a_fraction(self, values: np.ndarray) -> int | None:
        """The integer that is whole within the tolerance only and by which a row holds the most that else is broken; None without
        such: a millionth of a yes is an order, where its limit is large."""
        off = np.where(self.integer, values - np.round(values), 0.0)
        if not off.any():
            return None
        rows = self.by_rows()
        sums = rows @ (values - off)
        broken = np.maximum(np.maximum(self.row_lower - sums, sums - self.row_upper), 0.0)
        worst = int(np.argmax(np.where(np.abs(rows @ off) > BROKEN, broken, 0.0)))
        own = rows[worst]
        return int(own.indices[np.argmax(np.abs(own.data * off[own.indices]))]) if broken[worst] > BROKEN else None

    def columns_of(self, variables: Iterable[Any]) -> np.ndarray:
        """Places of those of the variables that the matrix has."""
        return np.array([self.column[id(v)] for v in variables if id(v) in self.column], dtype=np.int32)

    def at(self, decided: Iterable[tuple[Any, float]]) -> tuple[np.ndarray, np.ndarray]:
        """Places and values of those of the variables that the matrix has."""
        found = [(self.column[id(v)], value) for v, value in decided if id(v) in self.column]
        return np.array([p for p, _ in found], dtype=np.int32), np.array([value for _, value in found], dtype=float)

    def rows_of(self, constraints: Iterable[Any]) -> np.ndarray:
        """Places of those of the constraints that the matrix has."""
        return np.array([self.row[id(c)] for c in constraints if id(c) in self.row], dtype=np.int32)

    def load(self, values: np.ndarray) -> None:
        """Write a solution into the Pyomo variables: values below `NOISE` become 0, values outside bounds are clipped, integers
        rounded.

        The tables show such small quantities as 0; without this their costs at a high price would still be listed.
        """
        inside = np.clip(np.where(np.abs(values) < NOISE, 0.0, values), self.lower, self.upper)
        inside = np.where(self.integer, np.round(inside), inside)
        for variable, value in zip(self.columns, inside.tolist(), strict=True):
            variable.set_value(value, skip_validation=True)


def compile_model(model: ConcreteModel) -> Matrix:
    """The matrix of a linear Pyomo model. Fixed variables become constants; infinite bounds stay infinite."""
    with modelling():
        form = LinearStandardFormCompiler().write(model, mixed_form=True, set_sense=None)
    kind = np.array([bound_type for _, bound_type in form.rows], dtype=int)
    bound = np.asarray(form.rhs, dtype=float)
    matrix = form.A.tocsc()
    matrix.sort_indices()
    cost = np.asarray(form.c.todense(), dtype=float).ravel()
    lower = np.array([-INFINITY if v.lb is None else v.lb for v in form.columns], dtype=float)
    upper = np.array([INFINITY if v.ub is None else v.ub for v in form.columns], dtype=float)
    return Matrix(
        columns=form.columns,
        rows=[c for c, _ in form.rows],
        cost=cost,
        offset=float(np.asarray(form.c_offset).ravel()[0]),
        start=matrix.indptr.astype(np.int32),
        index=matrix.indices.astype(np.int32),
        value=matrix.data.astype(float),
        lower=lower,
        upper=upper,
        row_lower=np.where(kind <= 0, bound, -INFINITY),
        row_upper=np.where(kind >= 0, bound, INFINITY),
        integer=np.array([not v.is_continuous() for v in form.columns], dtype=bool),
        column={id(v): i for i, v in enumerate(form.columns)},
        row={id(c): i for i, (c, _) in enumerate(form.rows)},
    )


def sign_of_slack(matrix: Matrix, rows: np.ndarray) -> np.ndarray:
    """The sign of a slack in each row, in the direction in which the row can be violated."""
    return np.where(matrix.row_upper[rows] < INFINITY, -1.0, 1.0)


def cost_scale(cost: np.ndarray) -> float:
    """A power of two that brings the geometric mean of the costs near 1."""
    sizes = np.abs(cost[cost != 0])
    return 2.0 ** -round(float(np.mean(np.log2(sizes)))) if len(sizes) else 1.0


def _none() -> np.ndarray:
    return np.zeros(0, dtype=np.int32)


@dataclass(frozen=True)
class Variant:
    """What differs from the matrix as compiled; data, so that variants can follow one another in any order.

    dropped  rows that need not hold
    barred   columns fixed at 0
    fixed    columns fixed at `values`
    """

    dropped: np.ndarray = field(default_factory=_none)
    barred: np.ndarray = field(default_factory=_none)
    fixed: np.ndarray = field(default_factory=_none)
    values: np.ndarray = field(default_factory=lambda: np.zeros(0))

    def bounds(self, matrix: Matrix) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Lower and upper bounds of the columns, then of the rows."""
        lower, upper = matrix.lower.copy(), matrix.upper.copy()
        row_lower, row_upper = matrix.row_lower.copy(), matrix.row_upper.copy()
        lower[self.barred] = upper[self.barred] = 0.0
        lower[self.fixed] = upper[self.fixed] = self.values
        row_lower[self.dropped], row_upper[self.dropped] = -INFINITY, INFINITY
        return lower, upper, row_lower, row_upper


# --- naming ----------------------------------------------------------------------------------------------------------------
# The operation model of a year as a matrix whose columns and rows are found by family, index and hour.

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
