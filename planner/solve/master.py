"""The master of the decomposed method: the decisions, and what the cuts say of the years."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from pyomo.environ import ConcreteModel

from models.inputs import Inputs
from models.park import build_master
from planner.solve.highs import INFINITY, Answer, Solver, compile_model
from planner.solve.years import Cut, Link, Years, least_cost


class Master:
    """Decisions x and a column for the operating cost of every year, held from below by cuts."""

    def __init__(self, inputs: Inputs, years: Years) -> None:
        self.inputs = inputs
        self.model: ConcreteModel = build_master(inputs)
        self.matrix = compile_model(self.model)
        self.solver = Solver(self.matrix, threads=1)
        self.count = len(self.matrix.columns)
        self.links: dict[int, np.ndarray] = {}
        self.link_names = {y: year.links for y, year in years.years.items()}
        self.discount = inputs.finance.discount
        for y, year in years.years.items():
            self.links[y] = np.array([self._place(kind, name, y) for kind, name in year.links], dtype=np.int32)
        prices = np.array([self.discount[y] for y in inputs.years])
        self.operating = dict(zip(inputs.years, self.solver.add_free_columns(prices), strict=True))
        for y, place in self.operating.items():
            self.solver.highs.changeColBounds(int(place), least_cost(inputs, y), INFINITY)
        self.solver.options(solver="simplex")

    def _place(self, kind: str, name: str, y: int) -> int:
        """Column of the decision that a link is; a decision in no row of the master has none and is added."""
        variable = getattr(self.model, kind)[name, y]
        place = self.matrix.column.get(id(variable))
        if place is None:
            raise KeyError(f"the master has no column for {kind} of {name} in {y}")
        return place

    def add_cuts(self, cuts: dict[int, Cut]) -> None:
        """θ_y - slope·x ≥ value - slope·point."""
        for y, cut in cuts.items():
            steep = np.abs(cut.slope) > 1e-9
            places = np.append(self.links[y][steep], self.operating[y]).astype(np.int32)
            self.solver.add_row(
                cut.value - float(cut.slope[steep] @ cut.point[steep]), INFINITY, places, np.append(-cut.slope[steep], 1.0)
            )

    def bar(self, variables: Iterable[Any]) -> None:
        """Forbid decisions for good: their upper bound becomes 0."""
        places = self.matrix.columns_of(variables)
        self.matrix.upper[places] = 0.0
        self.solver.set_bounds(places, self.matrix.lower[places], self.matrix.upper[places])

    def drop_cuts(self) -> None:
        """Forget all cuts: the years have become others."""
        count = self.solver.highs.getNumRow() - len(self.matrix.rows)
        if count:
            first = len(self.matrix.rows)
            self.solver.highs.deleteRows(count, np.arange(first, first + count, dtype=np.int32))

    def drop_idle_cuts(self) -> None:
        """Forget cuts that do not hold up the bound at the relaxed optimum: the integers are found faster without."""
        answer = self.solve()
        if answer.status != "optimal" or answer.row_duals is None:
            return
        first = len(self.matrix.rows)
        idle = first + np.flatnonzero(np.abs(answer.row_duals[first:]) < 1e-9)
        if len(idle):
            self.solver.highs.deleteRows(len(idle), idle.astype(np.int32))

    def whole_numbers(self, values: np.ndarray) -> np.ndarray:
        """Whole numbers near a relaxed point; something is built where the build is worth more than half its least size."""
        capacity, build = self.inputs.capacity, self.model.build
        near = np.round(values[: self.count])
        for (k, v), variable in self.model.is_built.items():
            ordered = values[self.matrix.column[id(build[k, v])]]
            least = max(capacity.min_build.get(k, 0.0), 0.02 * capacity.build_max[k, v])
            near[self.matrix.column[id(variable)]] = 1.0 if ordered >= 0.5 * least else 0.0
        return near[self.matrix.integer]

    def nearest(self, values: np.ndarray) -> np.ndarray | None:
        """The point that the master's rows and bounds allow nearest to the values, builds and plantings weighed alike.

        None where there is none.
        """
        solver, count = self.solver, self.count
        moved = self.matrix.columns_of([*self.model.build.values(), *self.model.plant.values()])
        first = solver.highs.getNumCol()
        first_row = solver.highs.getNumRow()
        everything = np.arange(first, dtype=np.int32)
        own = np.concatenate([self.matrix.cost, [self.discount[y] for y in self.operating]]) * solver.scale
        solver.highs.changeColsCost(first, everything, np.zeros(first))
        size = np.maximum(np.abs(values[moved]), 1.0)
        for place, value, one in zip(moved.tolist(), values[moved].tolist(), size.tolist(), strict=True):
            over, under = solver.highs.getNumCol(), solver.highs.getNumCol() + 1
            empty_i, empty_v = np.zeros(0, dtype=np.int32), np.zeros(0)
            solver.highs.addCol(1.0 / one, 0.0, INFINITY, 0, empty_i, empty_v)
            solver.highs.addCol(1.0 / one, 0.0, INFINITY, 0, empty_i, empty_v)
            solver.add_row(value, value, np.array([place, over, under], dtype=np.int32), np.array([1.0, -1.0, 1.0]))
        answer = solver.run()
        rows = solver.highs.getNumRow() - first_row
        solver.highs.deleteRows(rows, np.arange(first_row, first_row + rows, dtype=np.int32))
        columns = solver.highs.getNumCol() - first
        solver.highs.deleteCols(columns, np.arange(first, first + columns, dtype=np.int32))
        solver.highs.changeColsCost(first, everything, own)
        return answer.values[:count].copy() if answer.status == "optimal" else None

    def decision_cost(self, values: np.ndarray) -> float:
        """Discounted cost of the decisions of a point."""
        return float(self.matrix.cost @ values[: self.count]) + self.matrix.offset

    def points_of(self, values: np.ndarray) -> dict[int, np.ndarray]:
        """The links of every year at a point."""
        return {y: np.clip(values[p], self.matrix.lower[p], self.matrix.upper[p]) for y, p in self.links.items()}

    def sizes(self, values: np.ndarray) -> np.ndarray:
        """What each link comes to over all years: the largest value of its kind, but a share of its limit at least."""
        found = np.zeros(self.count)
        largest: dict[Link, float] = {}
        for y, places in self.links.items():
            for link, place in zip(self.link_names[y], places.tolist(), strict=True):
                limit = self.inputs.capacity.max_capacity.get(link[1], 0.0) if link[0] == "capacity" else 0.0
                largest[link] = max(largest.get(link, 0.0), abs(values[place]), 0.2 * limit)
        for y, places in self.links.items():
            for link, place in zip(self.link_names[y], places.tolist(), strict=True):
                found[place] = largest[link]
        return found

    def solve(self) -> Answer:
        """The least bound that decisions and cuts allow.

        Cuts cannot make the master infeasible, but their size can mislead the simplex method: then it begins anew.
        """
        answer = self.solver.run()
        if answer.status not in ("optimal", "feasible"):
            self.solver.highs.clearSolver()
            answer = self.solver.run()
        if answer.status not in ("optimal", "feasible"):
            self.solver.options(presolve="off", simplex_scale_strategy=4)
            self.solver.highs.clearSolver()
            answer = self.solver.run()
            self.solver.options(presolve="choose", simplex_scale_strategy=2)
        return answer

    def solve_whole_numbers(self, known: np.ndarray | None, gap: float, seconds: float) -> Answer:
        """The master with its integers; begins from a known point with whole numbers, if there is one."""
        solver = self.solver
        solver.relax(False)
        if known is not None:
            solver.start_from(known)
        solver.options(mip_rel_gap=gap, mip_abs_gap=0.0, solver="choose", time_limit=solver.highs.getRunTime() + seconds)
        answer = solver.run()
        solver.relax(True)
        solver.options(solver="simplex", time_limit=INFINITY)
        return answer

    def total(self, values: np.ndarray, cuts: dict[int, Cut]) -> float:
        """System cost of a point whose years have been solved."""
        return self.decision_cost(values) + sum(self.discount[y] * cut.value for y, cut in cuts.items())
