"""The master of the decomposed method: the decisions, and what the cuts say of the years."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from pyomo.environ import ConcreteModel

from models.inputs import Inputs
from planner.solve.handover.answer import Answer
from planner.solve.handover.highs import ITERATIONS, Solver
from planner.solve.handover.matrix import INFINITY, compile_model
from planner.solve.handover.variant import Variant
from planner.solve.year.penalties import least_cost
from planner.solve.year.subproblem import Cut, YearSet

#: A cut that has not held up the bound for so many iterations is forgotten.
IDLE = 20
FOR_GOOD = -(2**31)
#: A cut whose share in its year's dual is below this does not hold up the bound.
SHARE = 1e-4
#: Rows of the decisions hold within this in a plan (relative, and below 1 absolute).
ROWS_HOLD = 3e-7
#: An order below this share of the largest is a crumb.
CRUMB = 1e-4
#: The bound of an interior point solve is taken so much lower (relative), for its tolerance.
INTERIOR_TOLERANCE = 1e-8
#: The same where any point inside will do: without an objective all points of the central path are one, so the first that is
#: feasible is nearly as good as the last, at two thirds of the iterations.
CENTRED = 1e-2


@dataclass(frozen=True)
class Lowest:
    """The least that decisions and cuts allow: status, bound in money, and a point that reaches it."""

    status: str
    bound: float
    values: np.ndarray


class Master:
    """Decisions x and a column for the operating cost of every year, held from below by cuts."""

    def __init__(self, inputs: Inputs, model: ConcreteModel, years: YearSet) -> None:
        """`model` as `build_master` gives it."""
        self.inputs = inputs
        self.model = model
        self.matrix = self.compiled = compile_model(self.model)
        #: One that goes from corner to corner, and one for points inside, which would lose the other's basis.
        self.solver, self.inner = Solver(self.matrix, threads=1), Solver(self.matrix, threads=1)
        self.both = self.solver, self.inner
        self.inner.relax(True)
        self.count = len(self.matrix.columns)
        self.rows = self.matrix.by_rows()
        self.integers = np.flatnonzero(self.matrix.integer).astype(np.int32)
        self.orders = self.matrix.columns_of(self.model.build.values())
        self.retired = self.matrix.columns_of(self.model.retire.values())
        #: Places among the integers of the yes or no of orders.
        self.yes = np.searchsorted(self.integers, np.sort(self.matrix.columns_of(self.model.is_built.values())))
        self.whole: np.ndarray | None = None
        self.links: dict[int, np.ndarray] = {}
        self.discount = inputs.finance.discount
        self.least_size = 1.0
        for y, year in years.years.items():
            self.links[y] = np.array([self._place(kind, name, y) for kind, name in year.links], dtype=np.int32)
        self.alike = self._alike(years)
        self.near = np.unique(np.concatenate([np.zeros(0, dtype=np.int32), *self.alike.values()])).astype(np.int32)
        #: Operating costs stand in the master as multiples of this, so that its columns are of like size.
        self.unit = 1.0 / self.solver.scale
        prices = np.array([self.discount[y] * self.unit for y in inputs.years])
        for solver in self.both:
            self.operating = dict(zip(inputs.years, solver.add_free_columns(prices), strict=True))
            for y, place in self.operating.items():
                solver.highs.changeColBounds(int(place), least_cost(inputs, y) / self.unit, INFINITY)
        self._add_level(prices)
        self.first_cut = self.solver.highs.getNumRow()
        self.idle = np.zeros(0, dtype=int)
        self.cut_price = np.zeros(0)
        self.is_deeper = np.zeros(0, dtype=bool)

    def _place(self, kind: str, name: Any, y: int) -> int:
        """Column of the decision that a link is; a decision in no row of the master has none and is added."""
        index = (*name, y) if isinstance(name, tuple) else (name, y)
        variable = getattr(self.model, kind)[index]
        place = self.matrix.column.get(id(variable))
        if place is None:
            raise KeyError(f"the master has no column for {kind} of {name} in {y}")
        return place

    def _alike(self, years: YearSet) -> dict[tuple[str, Any], np.ndarray]:
        """Columns of the links of each kind and name in all years, integers left out."""
        found: dict[tuple[str, Any], list[int]] = {}
        for y, year in years.years.items():
            for link, place in zip(year.links, self.links[y].tolist(), strict=True):
                if not self.matrix.integer[place]:
                    found.setdefault(link, []).append(place)
        return {link: np.array(places, dtype=np.int32) for link, places in found.items()}

    def _add_level(self, prices: np.ndarray) -> None:
        """A row that can hold the total cost below a level."""
        self.costs = np.concatenate([self.matrix.cost, prices]) * self.solver.scale
        self.every = np.arange(len(self.costs), dtype=np.int32)
        self.level = np.array([self.solver.highs.getNumRow()], dtype=np.int32)
        for solver in self.both:
            solver.add_row(-INFINITY, INFINITY, self.every, self.costs)

    def add_cuts(self, cuts: dict[int, Cut], deeper: float = 0.0) -> None:
        """θ_y - slope·x ≥ value - slope·point; each row is divided by what is largest in it.

        `deeper` cuts ask for more than is missing, by that share of it: they are no bound, and to be dropped (`drop_deeper`).
        """
        for y, cut in cuts.items():
            steep = np.abs(cut.slope) > 1e-9
            size = max(self.unit, float(np.abs(cut.slope).max(initial=0.0)))
            places = np.append(self.links[y][steep], self.operating[y]).astype(np.int32)
            least = (cut.value + deeper * cut.paid - float(cut.slope[steep] @ cut.point[steep])) / size
            for solver in self.both:
                solver.add_row(least, INFINITY, places, np.append(-cut.slope[steep] / size, self.unit / size))
            self.cut_price = np.append(self.cut_price, self.discount[y] * size)
        self.idle = np.append(self.idle, np.zeros(len(cuts), dtype=int))
        self.is_deeper = np.append(self.is_deeper, np.full(len(cuts), deeper > 0))

    def add_feasibility_cuts(self, cuts: Iterable[tuple[int, Cut]]) -> None:
        """Ask that nothing is missing, as far as planes tell: value + slope·(x - point) ≤ 0. They stay until all cuts go."""
        for y, cut in cuts:
            size = max(float(np.abs(cut.slope).max(initial=0.0)), 1e-12)
            steep = np.abs(cut.slope) > 1e-9 * size
            most = (float(cut.slope[steep] @ cut.point[steep]) - cut.value) / size
            for solver in self.both:
                solver.add_row(-INFINITY, most, self.links[y][steep], cut.slope[steep] / size)
            self.cut_price = np.append(self.cut_price, 1.0)
            self.idle = np.append(self.idle, FOR_GOOD)
            self.is_deeper = np.append(self.is_deeper, False)

    def stand_under(self, variant: Variant) -> None:
        """Be this variant of the decisions from now on: `matrix` has its bounds."""
        lower, upper, row_lower, row_upper = variant.bounds(self.compiled)
        self.matrix = replace(self.compiled, lower=lower, upper=upper, row_lower=row_lower, row_upper=row_upper)
        for solver in self.both:
            solver.stand_under(variant)

    def _bound(self, places: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> None:
        for solver in self.both:
            solver.set_bounds(places, lower, upper)

    def _restore(self, places: np.ndarray) -> None:
        self._bound(places, self.matrix.lower[places], self.matrix.upper[places])

    def drop_cuts(self) -> None:
        """Forget all cuts: the years have become others."""
        self._drop(np.arange(len(self.idle)))

    def drop_deeper(self) -> None:
        """Forget the cuts that are no bound."""
        self._drop(np.flatnonzero(self.is_deeper))

    def _drop(self, cuts: np.ndarray) -> None:
        if len(cuts):
            for solver in self.both:
                solver.highs.deleteRows(len(cuts), (self.first_cut + cuts).astype(np.int32))
            self.idle, self.cut_price = np.delete(self.idle, cuts), np.delete(self.cut_price, cuts)
            self.is_deeper = np.delete(self.is_deeper, cuts)

    def keep_cuts(self) -> None:
        """Keep the cuts of now for good: with integers fixed those that hold up the relaxed bound are idle."""
        self.idle[:] = FOR_GOOD

    def _note_idle(self, row_duals: np.ndarray) -> None:
        """Forget cuts that have not held up the bound for long."""
        share = np.abs(row_duals[self.first_cut :]) / self.cut_price
        self.idle = np.where(share > SHARE, 0, self.idle + 1)
        self._drop(np.flatnonzero(self.idle > IDLE))

    def has_crumbs(self, values: np.ndarray | None) -> bool:
        """True if something that is ordered or retired is so small that it only comes of a point inside the best decisions, not of
        a corner."""
        if values is None:
            return False
        most = CRUMB * values[self.orders].max(initial=0.0)
        return any(bool(((own > 1e-6) & (own < most)).any()) for own in (values[self.orders], values[self.retired]))

    def keep_near(self, values: np.ndarray, radius: float) -> None:
        """Hold the links near a point: within that share of the most that the link of a kind and name is in any year."""
        lower, upper = self.matrix.lower.copy(), self.matrix.upper.copy()
        for places in self.alike.values():
            size = radius * np.maximum(float(np.abs(values[places]).max()), self.least_size)
            lower[places] = np.maximum(lower[places], np.minimum(values[places] - size, upper[places]))
            upper[places] = np.minimum(upper[places], np.maximum(values[places] + size, lower[places]))
        self._bound(self.near, lower[self.near], upper[self.near])

    def let_go(self) -> None:
        """Hold the links no longer."""
        self._restore(self.near)

    def fix(self, whole: np.ndarray) -> None:
        """Fix the integers."""
        self._bound(self.integers, whole, whole)
        self.whole = whole

    def unfix(self) -> None:
        """Let the integers go."""
        self._restore(self.integers)
        self.whole = None

    def within(self, values: np.ndarray) -> np.ndarray:
        """The decisions of a point, inside their bounds, with the integers that are fixed."""
        inside = np.clip(values[: self.count], self.matrix.lower, self.matrix.upper)
        if self.whole is not None:
            inside[self.integers] = self.whole
        return inside

    def breaks_rows(self, values: np.ndarray) -> bool:
        """True if a point satisfies a row of the decisions only within the tolerance of an interior point."""
        sums, lower, upper = self.rows @ values[: self.count], self.matrix.row_lower, self.matrix.row_upper
        off = np.maximum(np.maximum(lower - sums, sums - upper), 0.0)
        scale = np.maximum(1.0, np.abs(np.where(np.isfinite(upper), upper, lower)))
        return bool((off > ROWS_HOLD * scale).any())

    def decision_cost(self, values: np.ndarray) -> float:
        """Discounted cost of the decisions of a point."""
        return float(self.matrix.cost @ values[: self.count]) + self.matrix.offset

    def points_of(self, values: np.ndarray) -> dict[int, np.ndarray]:
        """The links of every year at a point."""
        return {y: values[places] for y, places in self.links.items()}

    def lowest(self) -> Lowest:
        """The least cost that decisions and cuts allow, at a corner: from the last one, which a few more cuts change little.

        By the interior point method where the simplex method does not come to an end.
        """
        answer, tolerance = self._simplex(), 0.0
        if answer.status != "optimal":
            answer, tolerance = self._interior(), INTERIOR_TOLERANCE
        if answer.status == "optimal" and answer.row_duals is not None:
            self._note_idle(answer.row_duals)
        return Lowest(answer.status, answer.objective - tolerance * abs(answer.objective), answer.values[: self.count])

    def inside(self, level: float) -> np.ndarray | None:
        """A point well inside the decisions that the cuts allow to cost no more than the level; None where it fails."""
        solver, zero = self.inner, np.zeros(len(self.costs))
        most = np.array([(level - self.matrix.offset) * solver.scale])
        solver.set_row_bounds(self.level, np.array([-INFINITY]), most)
        solver.highs.changeColsCost(len(zero), self.every, zero)
        answer = self._interior(CENTRED)
        solver.highs.changeColsCost(len(zero), self.every, self.costs)
        solver.set_row_bounds(self.level, np.array([-INFINITY]), np.array([INFINITY]))
        return answer.values[: self.count] if answer.has_point else None

    def corner(self, anew: bool = False) -> np.ndarray | None:
        """A corner of the master where it is least; None where the simplex method does not come to an end.

        From the last corner, unless `anew`: what a cut forbids by less than the tolerance of the scaling of long ago is then
        seen.
        """
        if anew:
            self.solver.highs.clearSolver()
        answer = self._simplex()
        return answer.values[: self.count] if answer.status == "optimal" else None

    def _interior(self, tolerance: float = INTERIOR_TOLERANCE) -> Answer:
        self.inner.highs.clearSolver()
        self.inner.options(solver="ipx", run_crossover="off", ipm_optimality_tolerance=tolerance)
        return self.inner.run()

    def _simplex(self) -> Answer:
        """The simplex method has been seen to cycle on steep cuts: its iterations are limited, from the last basis and then
        from none."""
        highs = self.solver.highs
        self.solver.options(solver="simplex", simplex_iteration_limit=ITERATIONS * (highs.getNumRow() + highs.getNumCol()))
        answer = self.solver.run()
        if answer.status != "optimal" and not answer.status.startswith("infeasible"):
            highs.clearSolver()
            answer = self.solver.run()
        self.solver.options(simplex_iteration_limit=2**31 - 1)
        return answer

    def solve_whole_numbers(
        self, known: np.ndarray | None, gap: float, seconds: float, still: np.ndarray | None = None, nodes: int = 1
    ) -> Answer:
        """The master with its integers; begins from known whole numbers, if there are any.

        `still`: of each integer, whether it stays as it is known, or at 0; the bound is then none of the master. So limited, the
        search ends after so many nodes: what it finds depends on no clock.
        """
        solver = self.solver
        solver.highs.clearSolver()
        solver.relax(False)
        held = self.integers[np.zeros(len(self.integers), dtype=bool) if still is None else still]
        values = np.zeros(len(held)) if known is None or still is None else np.round(known[still])
        solver.set_bounds(held, values, values)
        if known is not None:
            solver.start_from_some(self.integers, known)
        limits = {} if still is None else {"mip_max_nodes": nodes, "mip_allow_restart": False}
        solver.options(mip_rel_gap=gap, mip_abs_gap=0.0, solver="choose", time_limit=solver.highs.getRunTime() + seconds, **limits)
        answer = solver.decided()
        solver.relax(True)
        self._restore(held)
        solver.options(time_limit=INFINITY, mip_max_nodes=2**31 - 1, mip_allow_restart=True)
        return answer

    def fewest_orders(self, known: np.ndarray, most: float, seconds: float, still: np.ndarray, nodes: int = 1) -> Answer:
        """Whole numbers with the fewest orders that, as far as the cuts tell, cost no more than `most` (money); begins from known
        ones. `still` as in `solve_whole_numbers`."""
        solver, count = self.solver, np.zeros(len(self.costs))
        count[self.integers[self.yes]] = 1.0
        solver.set_row_bounds(self.level, np.array([-INFINITY]), np.array([(most - self.matrix.offset) * solver.scale]))
        solver.highs.changeColsCost(len(count), self.every, count)
        try:
            return self.solve_whole_numbers(known, 0.0, seconds, still, nodes)
        finally:
            solver.highs.changeColsCost(len(count), self.every, self.costs)
            solver.set_row_bounds(self.level, np.array([-INFINITY]), np.array([INFINITY]))

    def total(self, values: np.ndarray, cuts: dict[int, Cut]) -> float:
        """System cost of a point whose years have been solved."""
        return self.decision_cost(values) + sum(self.discount[y] * cut.cost for y, cut in cuts.items())

    def largest_term(self, values: np.ndarray) -> float:
        """Size of the largest cost of a decision at a point (money)."""
        return float(np.abs(self.matrix.cost * values[: self.count]).max(initial=0.0))

    def paid(self, cuts: dict[int, Cut]) -> float:
        """The part of the system cost that is paid for what is missing."""
        return sum(self.discount[y] * cut.paid for y, cut in cuts.items())
