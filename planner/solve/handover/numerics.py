"""Numbers that a solver has trouble with: coefficients of very different size, and an unbounded objective.

HiGHS works with some sixteen digits and takes a coefficient below 1e-9 for 0. What is far apart in one matrix is lost in
the tolerances; so the ranges are reported, and the extreme entries of a matrix that spans too much are named.

Returns `Coefficients`, and a direction in which an objective is unbounded. Raises Stopped once the watch in force is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import listed
from planner.solve.handover.matrix import INFINITY, Matrix
from planner.solve.handover.solver import Solver, solve_linear

#: The user is warned of a matrix that spans more.
WIDEST = 1e9
#: A direction is unbounded if its objective is below 0 by more than this share of the largest negative cost.
EARNED = 1e-6

#: What the ranges are called.
NAMES = {
    "matrix": mark("matrix"),
    "objective": mark("objective"),
    "bounds": mark("bounds"),
    "right-hand sides": mark("right-hand sides"),
}
#: Least and largest absolute value; 0 and infinity left out, (0, 0) where there is nothing else.
Range = tuple[float, float]


@dataclass(frozen=True)
class Coefficients:
    """Ranges of the coefficients: matrix, objective, bounds of columns, right-hand sides of rows.

    least, most   where the smallest and the largest number of the matrix stand: (key of the matrix, row, column)
    """

    matrix: Range
    objective: Range
    bounds: Range
    sides: Range
    least: tuple[int, int, int] | None = None
    most: tuple[int, int, int] | None = None
    widest: ClassVar[float] = WIDEST

    @property
    def is_wide(self) -> bool:
        """True if the matrix spans more than `widest`."""
        return self.span > self.widest

    @property
    def span(self) -> float:
        """Largest over smallest coefficient of the matrix."""
        return self.matrix[1] / self.matrix[0] if self.matrix[0] else 1.0

    def facts(self) -> dict[str, Range]:
        """The ranges by name."""
        return {"matrix": self.matrix, "objective": self.objective, "bounds": self.bounds, "right-hand sides": self.sides}

    def __str__(self) -> str:
        return str(self.told)

    @property
    def told(self) -> str:
        """The ranges in words."""
        ranges = [(Message(NAMES[name]), *own) for name, own in self.facts().items()]
        told = [Message("{name} {least} to {most}", name=n, least=f"{a:.0e}", most=f"{z:.0e}") for n, a, z in ranges]
        return listed(told)


def measure(matrices: Mapping[int, Matrix]) -> Coefficients:
    """The ranges over all matrices of a run: one, or the decisions and every year."""
    parts = list(matrices.values())
    places = [(key, *_extremes(m)) for key, m in matrices.items() if len(m.value)]
    size = {key: np.abs(m.value) for key, m in matrices.items()}
    low = min(places, key=lambda p: size[p[0]][p[1]], default=None)
    high = max(places, key=lambda p: size[p[0]][p[2]], default=None)
    return Coefficients(
        matrix=_range([m.value for m in parts]),
        objective=_range([m.cost for m in parts]),
        bounds=_range([side for m in parts for side in (m.lower, m.upper)]),
        sides=_range([side for m in parts for side in (m.row_lower, m.row_upper)]),
        least=low and _entry(low[0], matrices[low[0]], low[1]),
        most=high and _entry(high[0], matrices[high[0]], high[2]),
    )


def _range(arrays: list[np.ndarray]) -> Range:
    sizes = [np.abs(a[np.isfinite(a) & (a != 0)]) for a in arrays]
    kept = [s for s in sizes if len(s)]
    return (float(min(s.min() for s in kept)), float(max(s.max() for s in kept))) if kept else (0.0, 0.0)


def _extremes(matrix: Matrix) -> tuple[int, int]:
    """Places in the values of the smallest that is not 0, and of the largest."""
    size = np.abs(matrix.value)
    return int(np.argmin(np.where(size > 0, size, INFINITY))), int(np.argmax(size))


def _entry(key: int, matrix: Matrix, place: int) -> tuple[int, int, int]:
    return key, int(matrix.index[place]), int(np.searchsorted(matrix.start, place, side="right")) - 1


def unbounded_direction(matrix: Matrix) -> np.ndarray | None:
    r"""A direction in which the objective is unbounded (a ray of the recession cone that earns); None where there is none.

    .. math:: \min c \cdot d \quad A d \text{ within the infinite sides}, \; d \text{ within the infinite bounds}

    where every finite side and bound is replaced by 0, and a column that earns is at most 1. Integers are relaxed: a multiple of a
    rational direction is whole.
    """
    lower = np.where(matrix.lower > -INFINITY, 0.0, np.where(matrix.cost > 0, -1.0, -INFINITY))
    upper = np.where(matrix.upper < INFINITY, 0.0, np.where(matrix.cost < 0, 1.0, INFINITY))
    earns = np.abs(matrix.cost) * (((matrix.cost < 0) & (upper > 0)) | ((matrix.cost > 0) & (lower < 0)))
    if not earns.any():
        return None
    cone = replace(
        matrix,
        offset=0.0,
        lower=lower,
        upper=upper,
        integer=np.zeros_like(matrix.integer),
        row_lower=np.where(matrix.row_lower > -INFINITY, 0.0, -INFINITY),
        row_upper=np.where(matrix.row_upper < INFINITY, 0.0, INFINITY),
    )
    answer = solve_linear(Solver(cone))
    return answer.values if answer.has_point and answer.objective < -EARNED * earns.max() else None
