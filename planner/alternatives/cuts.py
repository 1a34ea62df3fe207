r"""Near-optimal plans by the decomposed method: the same master with another objective, and its cuts in a row for the cost.

The cuts of the years are planes below what the years cost, whatever is minimised. So the decisions that they allow within the
budget are an outer approximation of the near-optimal plans, and the least of a weighted sum over them is a bound:

.. math::
    L = \min_{x, \theta} \; \sum_k w_k z_k(x) \qquad \text{subject to} \qquad c\,x + \sum_y d_y \theta_y \le B, \quad
    \theta_y \ge \text{cuts}_y(x)

Whether a trial is a near-optimal plan is found by solving its years: it costs what they do, and its cuts go to the master. All cuts
of the least-cost search, and of extremes before, still hold. Trials are well inside what the cuts allow, at a level between the
bound and the least that was found, as in `planner.solve` of the least cost; the last are corners, which build nothing that is
not needed.

1. integers relaxed: until the bound is near the least of the trials, or the most trials are made
2. where a plan that was found before is near that bound, it is the answer, as for the least of what it does without
3. whole numbers near that point, or those that the master prefers, fixed: until a trial is a near-optimal plan

Where there are too many integers to search all of them, trials far from each other take ten times as long as others, and rounded
ones are seldom within the budget. There `NEARBY` trials near the best plan found before raise the bound, and the integers of what
is weighed are sought from that plan (MIP start), all others fixed as they are in it (fix-and-optimise, `neighbourhood`). Where no
such plan is within the budget, all integers stay as they are in it.

c  cost of decisions   money     θ  operating cost of a year   money (y)     d  discount   1 (y)     B  budget   money
"""

from __future__ import annotations

import numpy as np

from models.dot import dot
from planner.alternatives.space import NEAR, OF_COST, Extreme, Weights, columns_and_weights
from planner.plan import TARGET, Plan
from planner.planning.methods import DecomposedMethod
from planner.solve import INFINITY, Answer, BendersSession, Limits, Trial, Years

#: Trials with integers relaxed, and with whole numbers fixed; whole numbers that are tried.
RELAXED, FIXED, WHOLES = 12, 8, 3
#: Where between the bound and the least found the level of a trial lies.
LEVEL = 0.3
#: Share of what the budget allows above the least that a corner leaves, since its years cost a little more than the cuts say.
ROOM = (1e-3, 0.05, 0.15, 0.4)
#: Seconds that the master's integers may take at a time; where they are too many the nodes and the gap end the search before.
SECONDS, SECONDS_OF_MANY, NODES, COARSE = 10.0, 300.0, 5, 2e-2
#: Where integers are too many: trials with integers relaxed, and their place between the best known plan (0) and the extreme that
#: the cuts allow (1).
NEARBY, STEP = 2, 0.3


class DecomposedSpace:
    """The near-optimal plans of a master and its years; see `Space`."""

    def __init__(self, method: DecomposedMethod, budget: float, room: float, year: int) -> None:
        """`room` is what the budget allows above the cost of the method's best point (money)."""
        self.method, self.budget, self.room, self.year = method, budget, room, year
        self.master, self.solver, self.interior_solver = method.master, method.master.solver, method.master.interior_solver
        self.unit = max(abs(self.budget), 1.0)
        assert method.best is not None
        #: Near-optimal plans that were found, and what they cost.
        self.points = [(method.best.copy(), budget - room)]
        self.search = BendersSession(self.master, method.years, Limits())
        self.search.forbid_slack()
        self.master.cuts.exempt_from_ageing()
        self.costs = self.master.costs
        self.aim_row: np.ndarray | None = None

    def reach(self, weights: Weights) -> float | None:
        """The most of the sum that the cuts allow, integers relaxed."""
        self._aim_at(weights, -1.0, 0.0)
        answer = self._corner()
        return abs(dot(self.aim, answer.values)) if answer.status == "optimal" else None

    def extreme(self, weights: Weights, size: float) -> Extreme:
        """Bound and plan; the plan is None where no trial was one. Raises Stopped where the watch in force ends it."""
        return self.method.task.clock.watch.guarded(lambda: self._extreme(weights, size))

    def _extreme(self, weights: Weights, size: float) -> Extreme:
        self.names = {member.name for member in weights}
        self._aim_at(weights, 1.0 / size, OF_COST / self.unit)
        bound, point = self._of_cuts() if self.search.neighbourhood_only else self._relaxed()
        is_known = self._sum_of_known() - bound <= 2 * NEAR
        sought = self._sought if self.search.neighbourhood_only else self._whole
        plan = None if is_known else sought(bound, point)
        return Extreme(plan, (bound - OF_COST * (self.budget - self.master.matrix.offset) / self.unit) * size, is_known)

    # --- what is asked of the master ----------------------------------------------------------------------------------

    def _aim_at(self, weights: Weights, times: float, of_cost: float) -> None:
        """Minimise the sum and the cost, each times a number, and have a row that can hold that below a level."""
        master = self.master
        aim = columns_and_weights(master.model, master.matrix, self.method.inputs, weights, self.year, len(self.costs))
        self.wanted = times * aim
        self.aim = self.wanted + of_cost * self.costs
        places = np.flatnonzero(self.aim).astype(np.int32)
        if self.aim_row is not None:
            for solver in master.solvers:
                solver.free_rows(self.aim_row)
        self.aim_row = np.array([self.solver.row_count()], dtype=np.int32)
        for solver in master.solvers:  # it stands among the cuts, of which it is none
            solver.add_row(-INFINITY, INFINITY, places, self.aim[places])
        master.cuts.note_row()
        self.solver.set_cost(self.aim / self.solver.scale)
        self._allow(self.budget)

    def _allow(self, budget: float) -> None:
        """Let the cost be no more than a budget."""
        most = np.array([(budget - self.master.matrix.offset) * self.solver.scale])
        self.solver.set_row_bounds(self.master.level_row, np.array([-INFINITY]), most)

    def _corner(self) -> Answer:
        """The least of the sum that the cuts allow, by the simplex method."""
        self.solver.relax(True)
        return self.master.simplex()

    def _inside(self, level: float) -> np.ndarray | None:
        """A point well inside what the cuts allow within the budget, whose sum is no more than a level."""
        assert self.aim_row is not None
        none, most = np.array([-INFINITY]), np.array([level])
        self.interior_solver.set_row_bounds(self.aim_row, none, most)
        found = self.master.interior_point(self.budget)
        self.interior_solver.set_row_bounds(self.aim_row, none, np.array([INFINITY]))
        return found

    # --- trials -------------------------------------------------------------------------------------------------------

    def _sum(self, point: np.ndarray, cost: float) -> float:
        """The objective at a point that costs so much."""
        count = self.master.count
        return dot(self.wanted[:count], point[:count]) + OF_COST * (cost - self.master.matrix.offset) / self.unit

    def _try(self, point: np.ndarray) -> Trial | None:
        """The trial where it is a near-optimal plan, integers aside; its cuts are kept."""
        found = self.search.evaluate(point)
        return found if found.cost <= self.budget else None

    def _relaxed(self) -> tuple[float, np.ndarray]:
        """A bound, and the best point, integers relaxed, of the trials and the least-cost plan."""
        least, best = min(((self._sum(*known), known[0]) for known in self.points), key=lambda found: found[0])
        bound = -INFINITY
        for turn in range(RELAXED):
            answer = self._corner()
            if answer.status != "optimal":
                break
            bound = max(bound, dot(self.aim, answer.values))
            if least - bound <= NEAR:
                break
            inside = self._inside(bound + LEVEL * (least - bound)) if turn % 3 < 2 else None
            found = self._try(answer.values[: self.master.count] if inside is None else inside)
            if found is not None and (value := self._sum(found.point, found.cost)) < least:
                least, best = value, found.point
        return bound, best

    def _whole(self, bound: float, point: np.ndarray) -> Plan | None:
        """The best plan of whole numbers near a point, then of those that the master prefers."""
        master = self.master
        best: tuple[float, Trial] | None = None
        whole = self.method.rounding(point) if len(master.integers) else np.zeros(0)
        for _ in range(WHOLES):
            best = self._fixed(whole, bound, best)
            if not len(master.integers) or (best is not None and best[0] - bound <= 2 * NEAR):
                break
            answer = self._preferred()
            if not answer.has_point:
                break
            other = np.round(answer.values[master.integers])
            if np.array_equal(other, whole):
                break
            whole = other
        return self._taken(best)

    def _of_cuts(self) -> tuple[float, np.ndarray]:
        """Bound and extreme of the cuts known, integers relaxed, with trials not far from the best known plan."""
        known, bound = self._best_known(), -INFINITY
        for turn in range(NEARBY + 1):
            answer = self._corner()
            if answer.status != "optimal":
                return bound, known
            bound, point = max(bound, dot(self.aim, answer.values)), answer.values[: self.master.count]
            if turn < NEARBY and self._sum_of_known() - bound > 2 * NEAR:
                self._try(known + STEP * (point - known))
        return bound, point

    def _sought(self, bound: float, point: np.ndarray) -> Plan | None:
        """The best plan with whole numbers found from those of the best known one, or with these themselves."""
        integers, near = self.master.integers, self.search.neighbourhood
        known = np.round(self._best_known()[integers])
        own = np.isin(near.asset, sorted(self.names)) | (near.year == 0) | (self.wanted[integers] != 0)
        still = near.still(point, known) | ~own
        best = None
        for _ in range(WHOLES):
            answer = self.search.whole_numbers(known, COARSE, SECONDS_OF_MANY, still, NODES)
            found = np.round(answer.values[integers]) if answer.has_point else known
            best = self._fixed(found, bound, None)
            if best is not None or np.array_equal(found, known):
                break
        return self._taken(best or self._fixed(known, bound, None))

    def _best_known(self) -> np.ndarray:
        """The plan found before whose sum is least."""
        return min(self.points, key=lambda one: self._sum(*one))[0]

    def _sum_of_known(self) -> float:
        """The least sum of a plan found before."""
        return min(self._sum(*known) for known in self.points)

    def _taken(self, best: tuple[float, Trial] | None) -> Plan | None:
        """A plan that was found joins those known."""
        if best is None:
            return None
        self.points.append((best[1].point, best[1].cost))
        return self._read(best[1])

    def _fixed(self, whole: np.ndarray, bound: float, best: tuple[float, Trial] | None) -> tuple[float, Trial] | None:
        """Polishing with whole numbers fixed, each leaving more of the budget, until one is a plan."""
        if len(whole):
            self.master.fix(whole)
        try:
            for turn in range(FIXED):
                self._allow(self.budget - ROOM[min(turn // 2, len(ROOM) - 1)] * self.room)
                answer = self._corner()
                if answer.status != "optimal" or (best is not None and dot(self.aim, answer.values) >= best[0]):
                    break
                found = self._try(answer.values[: self.master.count])
                if found is None or self.master.breaks_rows(found.point):
                    continue
                value = self._sum(found.point, found.cost)
                if best is None or value < best[0]:
                    best = value, found
                if value - bound <= 2 * NEAR or turn % 2:
                    break
        finally:
            if len(whole):
                self.master.unfix()
            self._allow(self.budget)
        return best

    def _preferred(self) -> Answer:
        """Whole numbers that the master prefers."""
        solver = self.solver
        solver.clear()
        solver.relax(False)
        limit = solver.until(SECONDS)
        solver.options(mip_rel_gap=0.0, mip_abs_gap=NEAR, solver="choose", time_limit=limit)
        answer = solver.decided()
        solver.relax(True)
        solver.options(time_limit=INFINITY)
        return answer

    def _read(self, trial: Trial) -> Plan:
        """The plan as tables."""
        method = self.method
        method.years.take(trial.operation)
        self.master.matrix.load(trial.point)
        assert isinstance(method.years, Years)
        method.model.year = {y: year.view() for y, year in method.years.years.items()}
        return method.task.as_plan(TARGET, "feasible", -INFINITY, method.model)
