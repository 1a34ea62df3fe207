r"""What limits of a large park cost: prices by year at its own plan, and the plan without a limit, other whole numbers as planned.

The columns of `loosened` are 0 in the plan. With its whole numbers fixed, the master's optimum gives their reduced costs:

.. math:: p_{l,y} = -d_{l,y} / s_l

Then each of the dearest is done without: its columns are fixed at far more than today, and the plan is sought anew from its own
point under the cuts so far. Only the whole numbers of what the limit bounds may change.

A reserve has no price. Without it the operations with a unit out, and the sums of firm capacity, are those of the other reserves
(`LoosenedMethod.with_reserves_of`), and the whole numbers of what it can bind may change.

p  price   money per unit (l,y)     d  reduced cost   money (l,y)     s  what one of the column is   unit of the limit (l)

Returns prices, costs and lower bounds. Raises SolverError where HiGHS gives no answer, and Stopped once the watch in force is over.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.explain.elastic import LARGEST, LimitAsRows
from planner.frontier.beside import BesidePlan
from planner.frontier.changes import lift
from planner.frontier.estimates import of_names
from planner.frontier.loosened import STEP, Key, LoosenedMethod
from planner.frontier.opened import PlanFoundAgain
from planner.frontier.reserves import bound_by, without_reserves
from planner.solve import INFINITY, BendersSession, Limits, Phase
from planner.tables.schema import RESERVES

#: Gap at which prices are read.
PRICED = 2e-6
#: A saving is known once its limits are this near, as a share of it; gaps at which it is sought, one after the other.
KNOWN, GAPS = 0.05, (1e-3, 1e-4, 2e-5)
#: First radius of the trust region around the plan without a limit: what a limit bounds moves far.
RADIUS = 1.0
#: Assignments of the whole numbers that are tried without a limit; seconds and nodes of one branch and bound.
TURNS, SECONDS, NODES = 3, 20.0, 50
#: Where the columns of a limit still have a price, it still binds: it is loosened `MORE` times as much, at most `TIMES` times.
MORE, TIMES = 20.0, 4
#: Tables of limits that bound no one thing: without them all whole numbers stay.
OF_ALL = ("stages", "rules", "budget")
#: The penalty of slack is multiplied by this as long as slack is cheaper than to serve or to keep a rule, so often at most.
PENALTY, RAISES = 10.0, 4


@dataclass(frozen=True)
class Without:
    """The plan without a limit: its cost, and a lower bound of the least cost with the other whole numbers as planned (money)."""

    cost: float
    bound: float


class BesideLimits(BesidePlan):
    """The plan of a run of a park whose limits are columns."""

    method: LoosenedMethod

    def __init__(self, opened: PlanFoundAgain) -> None:
        assert isinstance(opened.method, LoosenedMethod)
        super().__init__(opened, PRICED)
        self.method = opened.method
        self._refuse_slack()
        self.bound = min(self.bound, self.cost)

    def _refuse_slack(self) -> None:
        """Raise the penalty until the optimum with the plan's whole numbers has no slack: with slack, prices would be penalties."""
        for _ in range(RAISES):
            if self.bound > self.cost - KNOWN * GAPS[0] * abs(self.cost):
                return
            self.search.scale_penalty(PENALTY)
            self._refine(PRICED)

    def prices(self) -> dict[Key, dict[int, float]]:
        """Limit -> year -> what one unit more of it would save (discounted money); without those that are 0."""
        master, method = self.master, self.method
        master.solver.relax(True)
        master.fix(self.whole)
        try:
            master.optimum()
            answer = master.solver.run()
        finally:
            master.unfix()
        found: dict[Key, dict[int, float]] = {}
        if answer.status != "optimal" or answer.column_duals is None:
            return found
        for (key, y), place in method.columns.items():
            price = -float(answer.column_duals[place]) / method.units[key, y]
            if price > 0:
                found.setdefault(key, {})[y] = price
        return found

    def without(self, limit: LimitAsRows) -> Without:
        """The plan without a limit or a reserve in all its years, a rule in all its steps."""
        if limit.table == RESERVES:
            return self._without_reserve(limit)
        own, columns = self._own(limit), self._columns(limit)
        places = np.array([self.method.columns[at] for at in columns], dtype=np.int32)
        room, found = (LARGEST - 1) / STEP, Without(self.cost, self.bound)
        try:
            for _ in range(TIMES):
                self.method.set_more(dict.fromkeys(columns, room))
                found, priced = self._least(places, room, own)
                if priced * room <= KNOWN * (self.cost - found.cost):
                    break
                room *= MORE
        finally:
            self.master.unfix()
            self.method.set_more({})
            self.master.cuts.exempt_from_ageing()
        return found

    def _without_reserve(self, limit: LimitAsRows) -> Without:
        """The plan without a reserve, or without all of them. It has no columns, so nothing is left of it that could bind."""
        case = self.method.case
        nowhere = np.zeros(0, dtype=np.int32)
        try:
            with self.method.with_reserves_of(without_reserves(case, limit.name)):
                try:
                    # All whole numbers of what makes a carrier are free: finer than a tenth of the gap asked for takes long.
                    gaps = tuple(gap for gap in GAPS if gap >= min(GAPS[0], 0.1 * self.method.task.gap)) or GAPS[:1]
                    found, _ = self._least(nowhere, 0.0, self._own(limit), gaps)
                finally:
                    self.master.unfix()
        finally:
            self.master.cuts.exempt_from_ageing()
        return found

    def _columns(self, limit: LimitAsRows) -> list[tuple[Key, int]]:
        """The columns of a limit; of a rule those of all its steps, which it is one change to do without."""
        limits = self.method.limits
        return [at for at in self.method.columns if lift(limits[at[0]]) == lift(limit)]

    def _least(self, places: np.ndarray, room: float, own: np.ndarray, gaps: tuple[float, ...] = GAPS) -> tuple[Without, float]:
        """The best plan found with these columns fixed at `room`, and what one more of each of them would still save (money)."""
        say, start = self.method.task.say("target"), self.search.overall.point
        assert start is not None
        search = BendersSession(self.master, self.method.years, Limits(gaps[-1]), say)
        start = start.copy()
        start[places] = room
        self.master.solver.relax(True)
        self.master.fix(self.whole, ~own)
        phase = search.begin(start)
        self._iterate(search, phase, gaps)
        if own.any():
            bound = self._with_whole(search, phase.bound, own, gaps)
        else:
            bound = phase.bound
            self._remove_slack(search, phase)
        self._fix(search)
        self.master.optimum()
        answer = self.master.solver.run()
        priced = 0.0 if answer.column_duals is None else -float(answer.column_duals[places].sum())
        cost = min(search.overall.cost, self.cost)
        return Without(cost, min(bound, cost)), priced

    def _iterate(self, search: BendersSession, phase: Phase, gaps: tuple[float, ...], cutoff: float = INFINITY) -> None:
        """Iterate until the saving is known by the bounds of a phase, or to the last of the gaps."""
        for gap in gaps:
            is_within = search.iterate(phase, gap, radius=RADIUS, cutoff=cutoff)
            if not is_within or self._is_known(phase.cost, phase.bound, gaps):
                return

    def _is_known(self, cost: float, bound: float, gaps: tuple[float, ...]) -> bool:
        """True if bounds tell a saving well enough."""
        return cost - bound <= max(KNOWN * (self.cost - cost), gaps[-1] * abs(cost))

    def _with_whole(self, search: BendersSession, bound: float, own: np.ndarray, gaps: tuple[float, ...]) -> float:
        """Seek whole numbers for those that are free, and the rest with each assignment that is found; the lower bound."""
        master, tried = self.master, set()
        for _ in range(TURNS):
            if self._is_known(search.overall.cost, bound, gaps):
                break
            assert search.overall.point is not None
            start = np.round(search.overall.point[master.integers])
            found = search.whole_numbers(start, gaps[-1], SECONDS, ~own, NODES)
            bound = max(bound, found.bound)
            if not found.has_point:
                break
            whole = np.round(found.values[master.integers])
            if whole.tobytes() in tried:
                break
            tried.add(whole.tobytes())
            master.fix(whole)
            phase = search.begin(found.values)
            self._iterate(search, phase, gaps, search.overall.cost)
            self._remove_slack(search, phase)
            master.unfix()
        return bound

    @staticmethod
    def _remove_slack(search: BendersSession, phase: Phase) -> None:
        """Seek a plan near the best point of a phase that is none, since it has slack."""
        if phase.point is not None and phase.cost < search.overall.cost:
            search.remove_slack(phase.point)

    def _fix(self, search: BendersSession) -> None:
        """Fix the whole numbers of the best plan."""
        assert search.overall.point is not None
        self.master.unfix()
        self.master.fix(np.round(search.overall.point[self.master.integers]))

    def _own(self, limit: LimitAsRows) -> np.ndarray:
        """True for the integers that may change without a limit: those of what it bounds; none where it is a rule or a budget."""
        integers = self.master.integers
        if limit.table in OF_ALL:
            return np.zeros(len(integers), dtype=bool)
        names = {limit.name}
        if limit.table == RESERVES:
            names = bound_by(self.method.case, limit.name)
        if limit.table == "sites":
            names = {k for k, site in self.inputs.capacity.site.items() if site == limit.name}
        return of_names(self.master.matrix, integers, names)
