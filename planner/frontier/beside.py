r"""At which capital cost a project comes in beside a plan whose other whole numbers stay, by the decomposed method.

Capital costs are costs of the master only, so a cut of a year holds whatever they are. With f times the capital cost of project k,
and all whole numbers but its own as planned, the least cost is

.. math::
    C_k(f) = \min_{x} \; c \cdot x + (f - 1)\, B_k \cdot x + \sum_y \delta_y Q_y(x_y)

which never falls as f grows; the project comes in below the f at which it is what the plan costs without.

1. Estimate: with the columns of k held at next to nothing, the years are solved there, and their reduced costs d in the master say
   at which f the first of them would enter, :math:`\max_j (1 - d_j / B_j)`.
2. The master at a little less: where it takes nothing of k that pays, this f is the upper limit. Else its point is a trial: the
   years are solved there, which gives new cuts, and a plan with k that costs as much as the plan without at an f, the lower limit.
3. Next f a little above the lower limit, until the limits meet.

f  share of the capital cost    B  capital cost in the objective   money (column)   d  reduced cost   money (column)

Returns limits that are proven for these whole numbers. Raises SolverError where HiGHS gives no answer, and Stopped once the watch
in force is over.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.dot import dot
from planner.frontier.estimates import capital_columns, entering, little_of, own_integers
from planner.frontier.opened import PlanFoundAgain
from planner.solve import INFINITY, BendersSession, Limits

#: Gap at which the plan itself is found again, so that small projects are told from none; trials of one project; seconds of one
#: branch and bound, of its own whole numbers only.
FINE, MOST, SECONDS = 2e-5, 24, 30.0
#: Money below this share of the system cost is noise.
NOISE = 1e-7


@dataclass(frozen=True)
class Beside:
    """What is found of a project, as factors of its capital cost; `slack` is what the plan's own cost leaves open (money).

    estimate  where it would come in by its reduced costs; None: at none
    least     a plan with it costs as much as the plan without; None: none was found
    most      above it no plan with it costs less
    """

    estimate: float | None
    least: float | None
    most: float


class BesidePlan:
    """The plan of a run, and the search for what would come in beside it.

    whole  the plan's whole numbers     cost, bound  least cost with them, and its lower bound   money
    """

    def __init__(self, opened: PlanFoundAgain, gap: float = FINE) -> None:
        """`gap`: at which the least cost with the plan's whole numbers is found."""
        self.method, self.master = opened.method, opened.method.master
        self.inputs, self.model = opened.method.inputs, opened.method.master.model
        self.cost = opened.trial.cost
        self.whole = np.round(opened.trial.point[self.master.integers])
        say = self.method.task.say("target")
        self.search = BendersSession(self.master, self.method.years, Limits(gap), say, opened.trial)
        self.master.cuts.exempt_from_ageing()
        self._refine(gap)

    def _refine(self, gap: float) -> None:
        """Find the least cost with the plan's whole numbers as near as the gap."""
        self.master.solver.relax(True)
        self.master.fix(self.whole)
        phase = self.search.go_on()
        self.search.iterate(phase, gap)
        self.master.unfix()
        self.cost, self.bound = min(self.cost, self.search.overall.cost), phase.bound
        self.master.cuts.exempt_from_ageing()

    def find(self, kind: str, name: str, nearly_free: float, within: float) -> Beside:
        """The factors of a project, sought between `nearly_free` and the estimate until they meet `within` a share."""
        master = self.master
        places, money = capital_columns(master.matrix, self.model, self.inputs, kind, name)
        own = own_integers(master.matrix, self.inputs, master.integers, kind, name)
        master.solver.relax(True)
        master.fix(self.whole, ~own)
        try:
            return self._found(places, money, own, nearly_free, within)
        finally:
            master.unfix()
            master.solver.set_costs_of(places, master.costs[places])
            master.restore(places)
            master.cuts.exempt_from_ageing()

    def _found(self, places: np.ndarray, money: np.ndarray, own: np.ndarray, nearly_free: float, within: float) -> Beside:
        estimate = self._estimate(places, money)
        least, most, tried, step = None, INFINITY, min((1 - within) * estimate, 1 - within), within / 3
        for _ in range(MOST):
            if least is not None and most <= (1 + within) * least:
                break
            tried = max(tried, nearly_free)
            bound, point = self._at(tried, places, money, own)
            paid = 0.0 if point is None else dot(money, point[places])
            if point is None or self.cost - bound <= max(step * tried * paid, NOISE * abs(self.cost)):
                most = min(most, (1 + step) * tried)
                if tried <= nearly_free:
                    break
                tried = nearly_free if least is None else (1 + step) * least
                continue
            trial = self.search.evaluate(point)
            other = trial.cost - paid  # of all but the project; infinite where the point has slack
            if paid <= NOISE * abs(self.cost):
                self.cost = min(self.cost, trial.cost)  # a better plan without it
            elif (factor := (self.cost - other) / paid) > (least or 0.0):
                least, tried = factor, (1 + step) * factor
        return Beside(estimate if estimate > nearly_free else None, least, most)

    def _at(self, factor: float, places: np.ndarray, money: np.ndarray, own: np.ndarray) -> tuple[float, np.ndarray | None]:
        """What a plan costs at least at a factor, as far as the cuts tell, and the point that the master prefers."""
        master = self.master
        master.solver.set_costs_of(places, master.costs[places] + (factor - 1) * money)
        if not own.any():
            answer = master.optimum()
            return answer.value, answer.values if answer.status == "optimal" else None
        found = self.search.whole_numbers(self.whole, 0.0, SECONDS, ~own, nodes=50)
        return found.bound, found.values[: master.count] if found.has_point else None

    def _estimate(self, places: np.ndarray, money: np.ndarray) -> float:
        """The factor at which the first column of a project would enter the master."""
        master, little = self.master, little_of(self.master.matrix, places)
        master.solver.set_bounds(places, little, little)
        self.search.evaluate(master.optimum().values)
        answer = master.solver.run()
        master.solver.restore_columns(places)
        if answer.status != "optimal" or answer.column_duals is None:
            return 1.0
        return entering(answer.column_duals[places], money)
