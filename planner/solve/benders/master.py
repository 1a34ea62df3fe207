r"""The master of the decomposed method: the decisions of all years, and a column θ for the operating cost of each year under cuts.

.. math:: \min_{x,\theta}\; c \cdot x + \sum_y \delta_y \theta_y \quad A x \le b, \quad
   \theta_y \ge q_{y,i} + g_{y,i} \cdot (x_y - x_{y,i}), \quad V_{y,k} + v_{y,k} \cdot (x_y - x_{y,k}) \le 0

The first cuts are optimality cuts, the others feasibility cuts (Benders, 1962; one cut for each year and iteration: multi-cut,
Birge and Louveaux, 1988). With integers relaxed or required its optimum is a lower bound of the park's cost. Each row of a cut is
divided by its largest coefficient. An optimality cut that was inactive in more than `IDLE` solves of the master in a row (`lowest`,
several in some iterations) is dropped.

Two HiGHS objects hold it: `solver` for the simplex method and branch and bound, whose basis is kept, and `inner` for interior
points. Solves return a status; they raise Stopped once the watch in force is over.

x  decisions     θ  operating cost of a year (y)     q, g  value and slope of a cut (y,i)     V, v  least slack and its slope (y,k)
δ  discount (y)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from pyomo.environ import ConcreteModel

from models.inputs import Inputs
from planner.solve.handover.answer import Answer
from planner.solve.handover.highs import NO_LIMIT
from planner.solve.handover.matrix import INFINITY, compile_model
from planner.solve.handover.solver import Solver
from planner.solve.handover.variant import Variant
from planner.solve.year.penalties import least_cost
from planner.solve.year.subproblem import Cut, YearSet

#: A cut that was inactive in more solves in a row than this is dropped; one with FOR_GOOD as its count never is.
IDLE = 20
FOR_GOOD = -(2**31)
#: A cut with a dual below this share of its year's total is inactive.
SHARE = 1e-4
#: Violation of a row of the decisions that a plan may have (relative, absolute below 1).
ROWS_HOLD = 3e-7
#: An order below this share of the largest is very small.
TINY_ORDER = 1e-4
#: Heuristics of HiGHS that take half of the time of a search from integers that are known, and what they find is found without them
#: there; a search that ends at its root node, for the first integers, needs them.
SLOW = "mip_heuristic_run_rens", "mip_heuristic_run_root_reduced_cost"
#: In a search for the fewest orders a difference of the second (share of the cost) counts as much as the first, in orders.
CHEAPER, ALIKE = 0.5, 1e-3
#: Optimality tolerance of an interior point solve; its bound is lowered by it (relative).
INTERIOR_TOLERANCE = 1e-8
#: The same for a trial: without an objective the first feasible point of the central path is nearly as good as the last, at two
#: thirds of the iterations.
CENTRED = 1e-2


@dataclass(frozen=True)
class Lowest:
    """The optimum of the master: status, value (money), and values of the decisions."""

    status: str
    bound: float
    values: np.ndarray


class Master:
    """The master in two HiGHS objects; `links`: columns of the linking variables of each year, in the order of its cuts."""

    def __init__(self, inputs: Inputs, model: ConcreteModel, years: YearSet) -> None:
        """`model` as `build_master` gives it."""
        self.inputs = inputs
        self.model = model
        self.matrix = self.compiled = compile_model(self.model)
        #: For the simplex method, whose basis is kept; and for interior points, which would lose that basis.
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
        #: Integers that are fixed, and at what.
        self.fixed, self.whole = self.integers[:0], np.zeros(0)
        self.links: dict[int, np.ndarray] = {}
        self.discount = inputs.finance.discount
        self.least_size = 1.0
        for y, year in years.years.items():
            self.links[y] = np.array([self._place(kind, name, y) for kind, name in year.links], dtype=np.int32)
        self.alike = self._alike(years)
        self.near = np.unique(np.concatenate([np.zeros(0, dtype=np.int32), *self.alike.values()])).astype(np.int32)
        #: Money in one unit of θ, so that coefficients are of like size.
        self.unit = 1.0 / self.solver.scale
        prices = np.array([self.discount[y] * self.unit for y in inputs.years])
        for solver in self.both:
            self.operating = dict(zip(inputs.years, solver.add_free_columns(prices), strict=True))
            for y, place in self.operating.items():
                least = np.array([least_cost(inputs, y) / self.unit])
                solver.set_bounds(np.array([place], dtype=np.int32), least, np.array([INFINITY]))
        self._add_level(prices)
        self.first_cut = self.solver.row_count()
        self.idle = np.zeros(0, dtype=int)
        self.cut_price = np.zeros(0)
        self.is_raised = np.zeros(0, dtype=bool)

    def _place(self, kind: str, name: Any, y: int) -> int:
        """Column of a linking variable. Raises KeyError where the master has none."""
        index = (*name, y) if isinstance(name, tuple) else (name, y)
        variable = getattr(self.model, kind)[index]
        place = self.matrix.column.get(id(variable))
        if place is None:
            raise KeyError(f"the master has no column for {kind} of {name} in {y}")
        return place

    def _alike(self, years: YearSet) -> dict[tuple[str, Any], np.ndarray]:
        """Columns of each linking variable in all years, by kind and name, without integers."""
        found: dict[tuple[str, Any], list[int]] = {}
        for y, year in years.years.items():
            for link, place in zip(year.links, self.links[y].tolist(), strict=True):
                if not self.matrix.integer[place]:
                    found.setdefault(link, []).append(place)
        return {link: np.array(places, dtype=np.int32) for link, places in found.items()}

    def _add_level(self, prices: np.ndarray) -> None:
        """The row of the level set: total cost at most a level, infinite until it is set."""
        self.costs = np.concatenate([self.matrix.cost, prices])
        self.every = np.arange(len(self.costs), dtype=np.int32)
        self.level = np.array([self.solver.row_count()], dtype=np.int32)
        for solver in self.both:
            solver.add_row(-INFINITY, INFINITY, self.every, self.costs * solver.scale)

    def add_cuts(self, cuts: dict[int, Cut], raised: float = 0.0) -> None:
        """Optimality cuts: θ_y - slope·x ≥ value - slope·point.

        `raised`: share of the penalty paid that is added to the value. Such cuts are no lower bounds and must be dropped
        (`drop_raised`).
        """
        for y, cut in cuts.items():
            steep = np.abs(cut.slope) > 1e-9
            size = max(self.unit, float(np.abs(cut.slope).max(initial=0.0)))
            places = np.append(self.links[y][steep], self.operating[y]).astype(np.int32)
            least = (cut.value + raised * cut.penalty - float(cut.slope[steep] @ cut.point[steep])) / size
            for solver in self.both:
                solver.add_row(least, INFINITY, places, np.append(-cut.slope[steep] / size, self.unit / size))
            self.cut_price = np.append(self.cut_price, self.discount[y] * size)
        self.idle = np.append(self.idle, np.zeros(len(cuts), dtype=int))
        self.is_raised = np.append(self.is_raised, np.full(len(cuts), raised > 0))

    def add_feasibility_cuts(self, cuts: Iterable[tuple[int, Cut]]) -> None:
        """Feasibility cuts: value + slope·(x - point) ≤ 0. They stay until all cuts are dropped."""
        for y, cut in cuts:
            size = max(float(np.abs(cut.slope).max(initial=0.0)), 1e-12)
            steep = np.abs(cut.slope) > 1e-9 * size
            most = (float(cut.slope[steep] @ cut.point[steep]) - cut.value) / size
            for solver in self.both:
                solver.add_row(-INFINITY, most, self.links[y][steep], cut.slope[steep] / size)
            self.cut_price = np.append(self.cut_price, 1.0)
            self.idle = np.append(self.idle, FOR_GOOD)
            self.is_raised = np.append(self.is_raised, False)

    def set_terms(self, variant: Variant) -> None:
        """Be this variant of the decisions from now on: `matrix` has its bounds."""
        lower, upper, row_lower, row_upper = variant.bounds(self.compiled)
        self.matrix = replace(self.compiled, lower=lower, upper=upper, row_lower=row_lower, row_upper=row_upper)
        for solver in self.both:
            solver.set_terms(variant)

    def _bound(self, places: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> None:
        for solver in self.both:
            solver.set_bounds(places, lower, upper)

    def _restore(self, places: np.ndarray) -> None:
        self._bound(places, self.matrix.lower[places], self.matrix.upper[places])

    def drop_cuts(self) -> None:
        """Drop all cuts: those of years under other terms are no lower bounds."""
        self._drop(np.arange(len(self.idle)))

    def drop_raised(self) -> None:
        """Drop the raised cuts."""
        self._drop(np.flatnonzero(self.is_raised))

    def _drop(self, cuts: np.ndarray) -> None:
        if len(cuts):
            for solver in self.both:
                solver.delete_rows(self.first_cut + cuts)
            self.idle, self.cut_price = np.delete(self.idle, cuts), np.delete(self.cut_price, cuts)
            self.is_raised = np.delete(self.is_raised, cuts)

    def keep_cuts(self) -> None:
        """Never drop the cuts of now: with integers fixed, cuts that the relaxed bound needs are inactive."""
        self.idle[:] = FOR_GOOD

    def _note_idle(self, row_duals: np.ndarray) -> None:
        """Count the solves in a row in which each cut was inactive, and drop those above `IDLE`; one FOR_GOOD stays so."""
        share = np.abs(row_duals[self.first_cut :]) / self.cut_price
        self.idle = np.where(self.idle == FOR_GOOD, FOR_GOOD, np.where(share > SHARE, 0, self.idle + 1))
        self._drop(np.flatnonzero(self.idle > IDLE))

    def has_tiny_orders(self, values: np.ndarray | None) -> bool:
        """True if there are very small orders or retirements, as interior points have and extreme points do not."""
        if values is None:
            return False
        most = TINY_ORDER * values[self.orders].max(initial=0.0)
        return any(bool(((own > 1e-6) & (own < most)).any()) for own in (values[self.orders], values[self.retired]))

    def set_trust_region(self, values: np.ndarray, radius: float) -> None:
        """Trust region: keep each linking variable within `radius` times the largest value of its kind and name in any year."""
        lower, upper = self.matrix.lower.copy(), self.matrix.upper.copy()
        for places in self.alike.values():
            size = radius * np.maximum(float(np.abs(values[places]).max()), self.least_size)
            lower[places] = np.maximum(lower[places], np.minimum(values[places] - size, upper[places]))
            upper[places] = np.minimum(upper[places], np.maximum(values[places] + size, lower[places]))
        self._bound(self.near, lower[self.near], upper[self.near])

    def drop_trust_region(self) -> None:
        """Drop the trust region."""
        self._restore(self.near)

    def fix(self, whole: np.ndarray, where: np.ndarray | None = None) -> None:
        """Fix the integers, or of them those `where` it is True."""
        every = np.ones(len(self.integers), dtype=bool) if where is None else where
        self.fixed, self.whole = self.integers[every], whole[every]
        self._bound(self.fixed, self.whole, self.whole)

    def unfix(self) -> None:
        """Free the integers."""
        self._restore(self.integers)
        self.fixed, self.whole = self.integers[:0], np.zeros(0)

    def within(self, values: np.ndarray) -> np.ndarray:
        """The decisions of a point, clipped to their bounds, with fixed integers exact."""
        inside = np.clip(values[: self.count], self.matrix.lower, self.matrix.upper)
        inside[self.fixed] = self.whole
        return inside

    def breaks_rows(self, values: np.ndarray) -> bool:
        """True if a point violates a row of the decisions by more than `ROWS_HOLD`, as interior points may."""
        sums, lower, upper = self.rows @ values[: self.count], self.matrix.row_lower, self.matrix.row_upper
        off = np.maximum(np.maximum(lower - sums, sums - upper), 0.0)
        scale = np.maximum(1.0, np.abs(np.where(np.isfinite(upper), upper, lower)))
        return bool((off > ROWS_HOLD * scale).any())

    def decision_cost(self, values: np.ndarray) -> float:
        """Discounted cost of the decisions of a point."""
        return float(self.matrix.cost @ values[: self.count]) + self.matrix.offset

    def points_of(self, values: np.ndarray) -> dict[int, np.ndarray]:
        """Values of the linking variables of every year at a point."""
        return {y: values[places] for y, places in self.links.items()}

    def lowest(self) -> Lowest:
        """The optimum, an extreme point, by the simplex method from the last basis; by the interior point method where that
        fails.

        The bound of the interior point method is not the value of a dual solution: it is the cost of the point less the relative
        tolerance of its duality gap (`INTERIOR_TOLERANCE`), so it holds to that tolerance, not beyond.
        """
        answer, tolerance = self._simplex(), 0.0
        if answer.status != "optimal":
            answer, tolerance = self._interior(), INTERIOR_TOLERANCE
        if answer.status == "optimal" and answer.row_duals is not None:
            self._note_idle(answer.row_duals)
        return Lowest(answer.status, answer.objective - tolerance * abs(answer.objective), answer.values[: self.count])

    def inside(self, level: float) -> np.ndarray | None:
        """An interior point of the level set, the decisions whose cost under the cuts is at most the level; None where none is
        found."""
        solver, zero = self.inner, np.zeros(len(self.costs))
        most = np.array([(level - self.matrix.offset) * solver.scale])
        solver.set_row_bounds(self.level, np.array([-INFINITY]), most)
        solver.set_cost(zero)
        try:
            answer = self._interior(CENTRED)
        finally:
            solver.set_cost(self.costs)
            solver.set_row_bounds(self.level, np.array([-INFINITY]), np.array([INFINITY]))
        return answer.values[: self.count] if answer.has_point else None

    def extreme_point(self, anew: bool = False) -> np.ndarray | None:
        """The optimum, an extreme point, by the simplex method; None where that fails.

        `anew`: a cold start, which scales the matrix anew; a warm start keeps the scaling of its first solve, whose tolerance may
        hide a violation of newer cuts.
        """
        if anew:
            self.solver.clear()
        answer = self._simplex()
        return answer.values[: self.count] if answer.status == "optimal" else None

    def _interior(self, tolerance: float = INTERIOR_TOLERANCE) -> Answer:
        self.inner.clear()
        self.inner.options(solver="ipx", run_crossover="off", ipm_optimality_tolerance=tolerance)
        return self.inner.run()

    def _simplex(self) -> Answer:
        """The simplex method from the last basis, then without one; limited in iterations, since it was seen to cycle on steep
        cuts."""
        self.solver.options(solver="simplex", simplex_iteration_limit=self.solver.iteration_limit())
        answer = self.solver.run()
        if answer.status != "optimal" and not answer.status.startswith("infeasible"):
            self.solver.clear()
            answer = self.solver.run()
        self.solver.options(simplex_iteration_limit=NO_LIMIT)
        return answer

    def solve_whole_numbers(
        self,
        known: np.ndarray | None,
        gap: float,
        seconds: float,
        still: np.ndarray | None = None,
        nodes: int = 1,
        loose: np.ndarray | None = None,
    ) -> Answer:
        """Branch and bound over the integers; `known`: integers for a MIP start.

        still  True for integers that are fixed as in `known`, or at 0 (neighbourhood search): the bound is then not one of the
               master. The search ends after `nodes` nodes, so that its result does not depend on the clock
        loose  True for integers that are relaxed: without `still` the bound is one of the master, and the search ends after
               `nodes` nodes, too
        """
        solver = self.solver
        solver.clear()
        solver.relax(False)
        if loose is not None:
            solver.relax_some(self.integers[loose])
        held = self.integers[np.zeros(len(self.integers), dtype=bool) if still is None else still]
        values = np.zeros(len(held)) if known is None or still is None else np.round(known[still])
        solver.set_bounds(held, values, values)
        if known is not None:
            required = np.ones(len(self.integers), dtype=bool) if loose is None else ~loose
            solver.start_from_some(self.integers[required], known[required])
        limits = {} if still is None and loose is None else {"mip_max_nodes": nodes, "mip_allow_restart": False}
        limits |= dict.fromkeys(SLOW, False) if nodes > 1 and still is not None else {}
        solver.options(mip_rel_gap=gap, mip_abs_gap=0.0, solver="choose", time_limit=solver.until(seconds), **limits)
        try:
            return solver.decided()
        finally:
            solver.relax(True)
            self._restore(held)
            solver.options(time_limit=INFINITY, mip_max_nodes=NO_LIMIT, mip_allow_restart=True, **dict.fromkeys(SLOW, True))

    def fewest_orders(self, known: np.ndarray, most: float, seconds: float, still: np.ndarray, nodes: int = 1) -> Answer:
        """Integers with the fewest orders whose cost under the cuts is at most `most` (money), from known ones as MIP start; of as
        many orders those that cost least.

        `still` and `nodes` as in `solve_whole_numbers`.
        """
        solver, count = self.solver, np.zeros(len(self.costs))
        count[self.integers[self.yes]] = 1.0
        solver.set_row_bounds(self.level, np.array([-INFINITY]), np.array([(most - self.matrix.offset) * solver.scale]))
        # All that the cost may differ by counts less than one order.
        solver.set_cost((count + CHEAPER / max(abs(most) * ALIKE, 1.0) * self.costs) / solver.scale)
        try:
            return self.solve_whole_numbers(known, 0.0, seconds, still, nodes)
        finally:
            solver.set_cost(self.costs)
            solver.set_row_bounds(self.level, np.array([-INFINITY]), np.array([INFINITY]))

    def total(self, values: np.ndarray, cuts: dict[int, Cut]) -> float:
        """System cost of a point whose years are solved (money)."""
        return self.decision_cost(values) + sum(self.discount[y] * cut.cost for y, cut in cuts.items())

    def largest_term(self, values: np.ndarray) -> float:
        """Size of the largest cost of a decision at a point (money)."""
        return float(np.abs(self.matrix.cost * values[: self.count]).max(initial=0.0))

    def penalty_of(self, cuts: dict[int, Cut]) -> float:
        """The part of the system cost that is penalty of slack (money)."""
        return sum(self.discount[y] * cut.penalty for y, cut in cuts.items())
