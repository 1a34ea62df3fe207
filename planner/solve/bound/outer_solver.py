"""The outer approximation in HiGHS with its pool of cuts: optimum, interior points, prices at a point, branch and bound.

1. Optimum, integers relaxed (`optimum`): solve by the simplex method, make rows of the cuts that it violates (`cuts`), and again.
2. Interior point of a level set, for a trial: an interior point method without an objective.
3. Prices at a point: 1 with the linking variables fixed there; its duals are the best known prices of the totals. Without the rows
   of operations with a unit out: they say nothing of the hours, and the point keeps them to a tolerance only.
4. Branch and bound with the integers, over the cuts that are rows.

Columns are scaled before HiGHS has them (`units`): a cut has 1 for money and up to 1e10 for a MW, and HiGHS, which chooses its own
scale before there are cuts, ended without an optimum on such rows. What comes in and goes out here is in units of the outer
approximation.

Returns HiGHS's answer, or a point. Raises SolverError where a point has no prices, and Stopped once the watch in force is over.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from models.errors import SolverError
from planner.solve.bound.cuts import DROPPED, CutPool
from planner.solve.bound.outer import OuterApproximation
from planner.solve.bound.rates import Rates
from planner.solve.handover.answer import Answer
from planner.solve.handover.matrix import INFINITY, Matrix
from planner.solve.handover.reduced import NONE
from planner.solve.handover.solver import Solver
from planner.solve.hours.months import Hours
from planner.solve.year.outage_cuts import KeptRow
from planner.solve.year.penalties import penalties

#: Half width, relative, of the bounds of linking variables that are fixed at a point, where HiGHS finds none at the point itself.
WIDTH = 1e-5
#: Optimality tolerance of an interior point: any point inside will do for a trial.
CENTRED = 1e-2
#: Methods of HiGHS, and factors of the objective, that follow where the simplex method ends without an optimum from its last basis:
#: from nothing, in other units, which stay, and by the interior point method with crossover. On steep cuts HiGHS was seen to end in
#: an error with dual infeasibilities just above the tolerance, and to find the optimum in other units.
OTHERWISE = ("simplex", 1.0), ("simplex", 2.0**-5), ("simplex", 2.0**-10), ("simplex", 2.0**5), ("ipm", 1.0)
#: Cuts of a year that become rows in one separation, and separations in one solve.
AT_ONCE, LOOPS = 3, 20
#: Seconds that branch and bound may take at a time.
WHOLE_SECONDS = 30.0


class OuterSolver:
    """Two HiGHS objects of one outer approximation: `simplex` for the simplex method, whose basis is kept,
    `interior_solver` for interior points.

    cuts     all cuts known; those violated by more than `least` (discounted money) become rows
    outage_rows  rows of operations with a unit out, in the decisions
    unit     of each column, in HiGHS
    """

    def __init__(self, outer: OuterApproximation, hours: dict[int, Hours], least: float, unit: np.ndarray) -> None:
        self.outer, self.matrix, self.least, self.unit = outer, outer.matrix, least, unit
        self.scaled = scaled(outer.matrix, unit)
        self.simplex, self.interior_solver = Solver(self.scaled, threads=1), Solver(self.scaled, threads=1)
        self.solvers = self.simplex, self.interior_solver
        self.all_columns = np.arange(len(self.matrix.cost), dtype=np.int32)
        self.level_row = np.array([self.interior_solver.row_count()], dtype=np.int32)
        for solver in self.solvers:
            solver.relax(True)
            solver.options(small_matrix_value=DROPPED)
            solver.add_row(-INFINITY, INFINITY, self.all_columns, self.scaled.cost * solver.scale)
        self.cuts = CutPool(outer, {y: id(own) for y, own in hours.items()}, self.solvers, unit)
        self.outage_rows: list[KeptRow] = []
        self.places_of_rows: list[int] = []
        self.same_link = self._same_link(hours)
        self.region = np.unique(np.concatenate([np.zeros(0, dtype=np.int32), *self.same_link])).astype(np.int32)
        columns = np.concatenate([places.linking for places in outer.places.values()])
        self.linking = np.unique(columns[columns != NONE]).astype(np.int32)

    def _same_link(self, hours: dict[int, Hours]) -> list[np.ndarray]:
        """Columns of each link in all years, integers left out."""
        found: dict[object, list[int]] = {}
        for y, places in self.outer.places.items():
            for link, place in zip(hours[y].linking, places.linking.tolist(), strict=True):
                if place != NONE and not self.matrix.integer[place]:
                    found.setdefault(link, []).append(place)
        return [np.array(places, dtype=np.int32) for places in found.values()]

    def add_row(self, row: KeptRow) -> None:
        """A row of an operation with a unit out."""
        self.places_of_rows.append(self.simplex.row_count())
        self.outage_rows.append(row)
        for solver in self.solvers:
            solver.add_row(-INFINITY, row.most, row.columns, row.values * self.unit[row.columns])

    def optimum(self) -> Answer:
        """The optimum with integers relaxed, over all cuts known: solve and separate until none is violated, at most
        `LOOPS` times. It is a lower bound also where cuts are still violated then."""
        for _ in range(LOOPS):
            self.simplex.options(solver="simplex")
            answer = self._run(self.simplex)
            for method, factor in OTHERWISE:
                if answer.status != "optimal":
                    self.simplex.clear()
                    self.simplex.options(solver=method)
                    self.simplex.rescale(factor)
                    answer = self._run(self.simplex)
            if answer.status != "optimal" or not self.cuts.separate(answer.values, self.least, AT_ONCE):
                break
        return answer

    def _run(self, solver: Solver) -> Answer:
        """HiGHS's answer in units of the outer approximation."""
        answer = solver.run()
        return replace(answer, values=answer.values * self.unit) if answer.has_point else answer

    def set_trust_region(self, values: np.ndarray, radius: float) -> None:
        """Trust region: keep each linking variable within `radius` times the largest value that its kind and name has in any
        year."""
        lower, upper = self.matrix.lower.copy(), self.matrix.upper.copy()
        for places in self.same_link:
            size = radius * max(float(np.abs(values[places]).max()), 1.0)
            lower[places] = np.maximum(lower[places], np.minimum(values[places] - size, upper[places]))
            upper[places] = np.minimum(upper[places], np.maximum(values[places] + size, lower[places]))
        for solver in self.solvers:
            solver.set_bounds(self.region, lower[self.region], upper[self.region])

    def drop_trust_region(self) -> None:
        """Drop the trust region."""
        for solver in self.solvers:
            solver.restore_columns(self.region)

    def interior_point(self, level: float) -> np.ndarray | None:
        """An interior point of the level set, the points whose cost is at most the level; None where HiGHS finds none."""
        solver, most = self.interior_solver, (level - self.matrix.offset) * self.interior_solver.scale
        solver.set_row_bounds(self.level_row, np.array([-INFINITY]), np.array([most]))
        solver.set_cost(np.zeros(len(self.all_columns)))
        solver.clear()
        solver.options(solver="ipx", run_crossover="off", ipm_optimality_tolerance=CENTRED)
        answer = self._run(solver)
        solver.set_cost(self.scaled.cost, self.scaled.offset)
        solver.set_row_bounds(self.level_row, np.array([-INFINITY]), np.array([INFINITY]))
        return answer.values if answer.has_point else None

    def prices_at(self, values: np.ndarray) -> Answer:
        """The optimum with the linking variables fixed at a point: its duals are the best known prices of the totals there.

        Raises SolverError where HiGHS has no duals.
        """
        lower, upper = self.matrix.lower[self.linking], self.matrix.upper[self.linking]
        held = np.clip(values[self.linking], lower, upper)
        rows, free = np.array(self.places_of_rows, dtype=np.int32), np.full(len(self.outage_rows), INFINITY)
        self.simplex.set_row_bounds(rows, -free, free)
        for width in (0.0, WIDTH * np.maximum(np.abs(held), 1.0)):  # the point keeps rows to a tolerance only
            self.simplex.set_bounds(self.linking, np.maximum(held - width, lower), np.minimum(held + width, upper))
            answer = self.optimum()
            if answer.status == "optimal":
                break
        self.simplex.restore_columns(self.linking)
        self.simplex.set_row_bounds(rows, -free, np.array([row.most for row in self.outage_rows]))
        if answer.status != "optimal" or answer.row_duals is None:
            raise SolverError.because("prices of all hours: HiGHS stopped with status {status}", status=repr(answer.status))
        return answer

    def branch_and_bound(self, gap: float) -> Answer:
        """Branch and bound with the integers, to that gap or for `WHOLE_SECONDS`."""
        solver = self.simplex
        solver.clear()
        solver.relax(False)
        solver.options(solver="choose", mip_rel_gap=gap, mip_abs_gap=0.0, time_limit=solver.until(WHOLE_SECONDS))
        answer = self._run(solver)
        solver.relax(True)
        solver.options(time_limit=INFINITY)
        return answer


def units(outer: OuterApproximation, rates: Mapping[int, Rates], size: float) -> np.ndarray:
    """Units for the columns: powers of ten that make the coefficients of a cut similar in size.

    size  what the hours of a year cost, about   money
    """
    unit = np.ones(len(outer.matrix.cost))
    money = max(_power(size), 1.0)
    for y, places in outer.places.items():
        unit[places.money] = money
        unit[places.rated] = [max(_power(money / abs(rate)), 1.0) if rate else 1.0 for rate in rates[y].of[y].tolist()]
        unit[places.totals] = max(_power(money / max(penalties(outer.inputs, y)[1], 1e-9)), 1.0)
    return unit


def _power(number: float) -> float:
    """The power of ten nearest to a number above 0."""
    return 10.0 ** round(math.log10(max(number, 1e-9)))


def scaled(matrix: Matrix, unit: np.ndarray) -> Matrix:
    """The matrix with its columns in other units, of which integers have 1."""
    columns = np.repeat(unit, np.diff(matrix.start))
    return replace(
        matrix, cost=matrix.cost * unit, value=matrix.value * columns, lower=matrix.lower / unit, upper=matrix.upper / unit
    )
