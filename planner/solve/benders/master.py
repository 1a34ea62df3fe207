r"""The master of the decomposed method: the decisions and the accounts of all years, and a column θ for the cost of the hours of
each year under cuts.

.. math:: \min_{x,\theta,T}\; c \cdot x + \sum_y \delta_y (\theta_y + d_y \cdot T_y) \quad A x \le b, \quad
   B_y T_y + G_y x_y \le b_y, \quad \text{cuts of } \theta_y, x_y, T_y

The cuts are those of `pool` (Benders, 1962; one cut for each year: multi-cut, Birge and Louveaux, 1988), the accounts those of
`pool`. `optimum`, with integers relaxed or fixed, is an extreme point by the simplex method, solved again as long as it
violates a cut of the pool: a lower bound of the park's cost, where integers are relaxed and there is no trust region.
branch and bound is in `integer_phase`.

Returns a `MasterSolution`, a point or an `Answer`, each with its status. Raises Stopped when the watch ends.

x  decisions, in rows A x ≤ b     θ  cost of the hours of a year (y)     δ  discount (y)     T, d, B, G  of the accounts (y)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from pyomo.core import ConcreteModel

from models.dot import dot
from models.inputs import Inputs
from models.investment.boundary import dominated_schemes
from planner.solve.benders.pool import Accounts, CutRows
from planner.solve.handover.matrix import INFINITY, Matrix, Variant, compile_model
from planner.solve.handover.solver import NO_LIMIT, Answer, Solver
from planner.solve.year.outages import OutageCuts
from planner.solve.year.subproblem import Cut, YearSet, trivial_lower_bound

#: Violation of a row of the decisions that a plan may have (relative, absolute below 1).
ROWS_HOLD = 3e-7
#: An order below this share of the largest is very small; a planting that costs less than this share of all decisions, and is more
#: than nothing (ha).
TINY_ORDER, SMALL_PLANTING, NOTHING = 1e-4, 1e-4, 1e-9
#: Optimality tolerance of an interior point solve; its bound is lowered by it (relative).
INTERIOR_TOLERANCE = 1e-8


@dataclass(frozen=True)
class MasterSolution:
    """The optimum of the master: status, value (money), and values of the decisions.

    Of an interior point the value is lowered by the tolerance, so that it is a lower bound of the optimum.
    """

    status: str
    value: float
    values: np.ndarray


class Master:
    """The master in a HiGHS object.

    integers   columns of the integers; fixed, whole: those that are fixed, and at what; held: columns that are 0 where `holds` is
    links      columns of the linking variables of each year, in the order of its cuts
    same_link  columns of each linking variable in all years, by kind and name, without integers; region: all of these
    theta      column of the cost of the hours of each year, of the whole operation where it has no account, in units of `unit`
               (money)
    level_row  the row of the level set: total cost at most a level
    """

    def __init__(
        self,
        inputs: Inputs,
        model: ConcreteModel,
        years: YearSet,
        matrix: Matrix | None = None,
        discount: Mapping[int, float] | None = None,
    ) -> None:
        """`model` as `build_master` gives it; `matrix`, `discount`: of a tree of futures, whose years are its operations."""
        self.inputs, self.model, self.years = inputs, model, years
        self.matrix = self.compiled = without_dominated(inputs, model, compile_model(model)) if matrix is None else matrix
        self.solver = Solver(self.matrix, threads=1)
        self.count = len(self.matrix.columns)
        self.rows = self.matrix.by_rows()
        self.integers = np.flatnonzero(self.matrix.integer).astype(np.int32)
        self.orders = self.matrix.columns_of(self.model.build.values())
        self.retired = self.matrix.columns_of(self.model.retire.values())
        self.plantings = self.matrix.columns_of(self.model.plant.values())
        self.fixed, self.whole = self.integers[:0], np.zeros(0)
        self.held, self.holds = (places.astype(np.int32) for places in self.matrix.none_without())
        self.links: dict[int, np.ndarray] = {}
        self.discount = inputs.finance.discount if discount is None else discount
        self.least_size = 1.0
        for y, year in years.years.items():
            self.links[y] = np.array([self._place(kind, name, y) for kind, name in year.links], dtype=np.int32)
        self.same_link = self._same_link(years)
        self.region = np.unique(np.concatenate([np.zeros(0, dtype=np.int32), *self.same_link.values()])).astype(np.int32)
        #: Money in one unit of θ, so that coefficients are of like size.
        self.unit = 1.0 / self.solver.scale
        theta_costs = np.array([self.discount[y] * self.unit for y in years.years])
        self.theta = dict(zip(years.years, self.solver.add_free_columns(theta_costs), strict=True))
        for y, place in self.theta.items():
            least = np.array([self._least(y) / self.unit])
            self.solver.set_bounds(np.array([place], dtype=np.int32), least, np.array([INFINITY]))
        self.accounts = Accounts(self.solver, years.years, self.links, self.discount)
        self.costs = np.concatenate([self.matrix.cost, theta_costs])
        self.costs = np.append(self.costs, np.zeros(self.solver.column_count() - len(self.costs)))
        self.costs += self.accounts.costs(len(self.costs))
        self.solver.set_cost(self.costs, self.matrix.offset)
        self._add_level()
        self.cuts = CutRows(self.solver, self.links, self.theta, self.unit, self.discount, self.accounts)
        self.outages = OutageCuts(inputs, model, self.compiled, self.cuts)

    def _place(self, kind: str, name: Any, y: int) -> int:
        """Column of a linking variable. Raises KeyError where the master has none."""
        index = (*name, y) if isinstance(name, tuple) else (name, y)
        variable = getattr(self.model, kind)[index]
        place = self.matrix.column.get(id(variable))
        if place is None:
            raise KeyError(f"the master has no column for {kind} of {name} in {y}")
        return place

    def _least(self, y: int) -> float:
        """A crude lower bound of what a year costs to operate (money)."""
        return self.least_of(self.inputs, y)

    @staticmethod
    def least_of(inputs: Inputs, y: int) -> float:
        """A crude lower bound of what a year of these inputs costs to operate (money)."""
        return trivial_lower_bound(inputs, y)

    def _same_link(self, years: YearSet) -> dict[tuple[str, Any], np.ndarray]:
        """Columns of each linking variable in all years, by kind and name, without integers."""
        found: dict[tuple[str, Any], list[int]] = {}
        for y, year in years.years.items():
            for link, place in zip(year.links, self.links[y].tolist(), strict=True):
                if not self.matrix.integer[place]:
                    found.setdefault(link, []).append(place)
        return {link: np.array(places, dtype=np.int32) for link, places in found.items()}

    def _add_level(self) -> None:
        """The row of the level set: total cost at most a level, infinite until it is set."""
        self.all_columns = np.arange(len(self.costs), dtype=np.int32)
        self.level_row = np.array([self.solver.row_count()], dtype=np.int32)
        self.solver.add_row(-INFINITY, INFINITY, self.all_columns, self.costs * self.solver.scale)

    def set_variant(self, variant: Variant) -> None:
        """Solve this variant of the decisions from now on; `matrix` has its bounds then."""
        lower, upper, row_lower, row_upper = variant.bounds(self.compiled)
        self.matrix = replace(self.compiled, lower=lower, upper=upper, row_lower=row_lower, row_upper=row_upper)
        self.solver.set_variant(variant)

    def hold(self, places: np.ndarray, values: np.ndarray) -> None:
        """Fix columns at values, until `restore`."""
        self.solver.set_bounds(places, values, values)

    def restore(self, places: np.ndarray) -> None:
        """Give columns the bounds of the variant again."""
        self.solver.set_bounds(places, self.matrix.lower[places], self.matrix.upper[places])

    def has_tiny_orders(self, values: np.ndarray) -> bool:
        """True if there are very small orders, retirements or plantings, as interior points have and extreme points do not."""
        most = TINY_ORDER * values[self.orders].max(initial=0.0)
        planted = values[self.plantings]
        cost = np.abs(self.matrix.cost[self.plantings]) * planted
        is_small = (planted > NOTHING) & (cost < SMALL_PLANTING * abs(self.decision_cost(values)))
        return bool(is_small.any()) or any(
            bool(((own > 1e-6) & (own < most)).any()) for own in (values[self.orders], values[self.retired])
        )

    @contextmanager
    def trust_region(self, values: np.ndarray, radius: float) -> Iterator[None]:
        """As long as it lasts, each linking variable that is no integer stays within `radius` times the largest value of its kind
        and name in any year."""
        lower, upper = self.matrix.lower.copy(), self.matrix.upper.copy()
        for places in self.same_link.values():
            size = radius * np.maximum(float(np.abs(values[places]).max()), self.least_size)
            lower[places] = np.maximum(lower[places], np.minimum(values[places] - size, upper[places]))
            upper[places] = np.minimum(upper[places], np.maximum(values[places] + size, lower[places]))
        self.solver.set_bounds(self.region, lower[self.region], upper[self.region])
        try:
            yield
        finally:
            self.restore(self.region)

    def fix(self, whole: np.ndarray, where: np.ndarray | None = None) -> None:
        """Fix the integers, or of them those `where` it is True; columns with a bound x ≤ M z are
        fixed at 0 with z = 0, too, since scaling may leave x a little above it."""
        every = np.ones(len(self.integers), dtype=bool) if where is None else where
        self.fixed, self.whole = self.integers[every], whole[every]
        self.solver.set_bounds(self.fixed, self.whole, self.whole)
        none = np.unique(self.held[np.isin(self.holds, self.fixed[self.whole == 0])])
        self.restore(np.unique(self.held))
        self.hold(none, np.zeros(len(none)))

    def unfix(self) -> None:
        """Free the integers."""
        self.restore(np.union1d(self.integers, self.held))
        self.fixed, self.whole = self.integers[:0], np.zeros(0)

    def within(self, values: np.ndarray) -> np.ndarray:
        """The decisions of a point, clipped to their bounds, with fixed integers exact."""
        inside = np.clip(values[: self.count], self.matrix.lower, self.matrix.upper)
        inside[self.fixed] = self.whole
        return inside

    def breaks_rows(self, values: np.ndarray) -> bool:
        """True if a point violates a row of the decisions or a kept cut by more than `ROWS_HOLD`: interior points may."""
        sums, lower, upper = self.rows @ values[: self.count], self.matrix.row_lower, self.matrix.row_upper
        off = np.maximum(np.maximum(lower - sums, sums - upper), 0.0)
        scale = np.maximum(1.0, np.abs(np.where(np.isfinite(upper), upper, lower)))
        return bool((off > ROWS_HOLD * scale).any()) or self.cuts.breaks_kept(values, ROWS_HOLD)

    def decision_cost(self, values: np.ndarray) -> float:
        """Discounted cost of the decisions of a point."""
        return dot(self.matrix.cost, values[: self.count]) + self.matrix.offset

    def points_of(self, values: np.ndarray) -> dict[int, np.ndarray]:
        """Values of the linking variables of every year at a point."""
        return {y: values[places] for y, places in self.links.items()}

    def optimum(self) -> MasterSolution:
        """The optimum, an extreme point, by the simplex method from the last basis; by the interior point method where that
        fails.

        The bound of the interior point method is not the value of a dual solution: it is the cost of the point less the relative
        tolerance of its duality gap (`INTERIOR_TOLERANCE`), so it holds to that tolerance, not beyond.
        """
        answer, tolerance = self.simplex(), 0.0
        while answer.status == "optimal" and self.cuts.separate(answer.values):
            answer = self.simplex()
        if answer.status != "optimal":
            answer, tolerance = self._interior(), INTERIOR_TOLERANCE
        if answer.status == "optimal" and answer.row_duals is not None:
            self.cuts.note_idle(answer.row_duals)
        return MasterSolution(answer.status, answer.objective - tolerance * abs(answer.objective), answer.values[: self.count])

    def extreme_point(self) -> np.ndarray | None:
        """The optimum by the simplex method over the rows in force: no cut of the pool is added or taken out; None where it
        fails."""
        answer = self.simplex()
        return answer.values[: self.count] if answer.status == "optimal" else None

    def _interior(self) -> Answer:
        self.solver.clear()
        self.solver.options(solver="ipx", run_crossover="off", ipm_optimality_tolerance=INTERIOR_TOLERANCE)
        try:
            return self.solver.run()
        finally:
            self.solver.options(run_crossover="on")

    def simplex(self) -> Answer:
        """The simplex method from the last basis, then without one; limited in iterations, since it was seen to cycle."""
        self.solver.options(solver="simplex", simplex_iteration_limit=self.solver.iteration_limit())
        answer = self.solver.run()
        if answer.status != "optimal" and not answer.status.startswith("infeasible"):
            self.solver.clear()
            answer = self.solver.run()
        self.solver.options(simplex_iteration_limit=NO_LIMIT)
        return answer

    def system_cost(self, values: np.ndarray, cuts: dict[int, Cut]) -> float:
        """System cost of a point whose years are solved (money)."""
        return self.decision_cost(values) + sum(self.discount[y] * cut.cost for y, cut in cuts.items())

    def largest_term(self, values: np.ndarray) -> float:
        """Size of the largest cost of a decision at a point (money)."""
        return float(np.abs(self.matrix.cost * values[: self.count]).max(initial=0.0))

    def penalty_of(self, cuts: dict[int, Cut]) -> float:
        """The part of the system cost that is penalty of slack (money)."""
        return sum(self.discount[y] * cut.penalty for y, cut in cuts.items())


def without_dominated(inputs: Inputs, model: ConcreteModel, matrix: Matrix) -> Matrix:
    """The matrix of a master in which a dominated tariff scheme (`dominated_schemes`) is never in force, unless it is held already.

    Not for a tree of futures: what dominates in one future may not do so in another that shares the decision.
    """
    dominated = dominated_schemes(inputs.supplies, inputs.connections, inputs.years)
    places = matrix.columns_of(v for (key, _), v in model.scheme.items() if key in dominated)
    upper = matrix.upper.copy()
    upper[places] = np.maximum(matrix.lower[places], 0.0)
    return replace(matrix, upper=upper)
