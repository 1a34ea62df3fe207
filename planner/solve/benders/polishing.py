"""Extreme-point polishing at the end of a search: from an interior point to an extreme point of the master near it, integers fixed.

An interior point of the level set has a little of every technology, and often a little slack. An extreme point (the optimum of the
master by the simplex method) has neither, but costs more than its cuts say.

- `clean`, where no plan is within the gap yet: the cheapest point without slack near the incumbent; where that is not good enough,
  extreme points as trials, until one within the gap has no slack. The first half of them
  against deepened cuts, which ask for more than the slack and are dropped at the end; the penalty is raised every few trials, and
  is what it was at the end. Where the feasibility cuts leave no decision with these integers, none of this is of any use: that is
  the result.
- `tidy`: a few extreme points in place of a plan with very small orders, if one costs less.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from planner.solve.benders.state import MISSING, NO_CUT, State
from planner.solve.benders.trials import Trials

#: Extreme points that are tried in place of a plan with very small orders.
CORNERS = 3
#: Extreme points that are tried until one has no slack, half of them against cuts deepened by this share of the penalty paid: an
#: extreme point of cuts that only touch the cost of the years has a little slack elsewhere each time.
CLEANINGS, DEEPER = 40, 3.0
#: Points near the best one that are sought first, until nothing is missing; within this share of it, which grows by so much where
#: feasibility cuts leave none there.
NEAREST, NEAR, WIDER, NOT_NEAR = 20, 0.003, 3.0, 1.0
#: Factor by which the penalty is raised after `AFTER` of them, up to `DEAREST` times.
DEARER, AFTER, DEAREST = 10.0, 8, 1e4


class Corners:
    """Extreme points of the master with the integers of a point fixed."""

    def __init__(self, trials: Trials) -> None:
        self.trials, self.master, self.plan = trials, trials.master, trials.plan
        self.gap = trials.limits.gap

    def clean(self, state: State, is_enough: Callable[[State], bool] = lambda _: False) -> bool:
        """The cheapest point near the incumbent without slack; where the plan `is_enough` for the incumbent neither then nor is
        within the gap, extreme points, each cut off if it has slack, until one within the gap has none, which is the plan then.

        False if the integers of the incumbent are proven to need slack: the feasibility cuts found allow no decision with them.
        """
        assert state.best is not None
        price = self.trials.price
        self._fix(state.best)
        try:
            if not self._serve(state.best):
                return False
            if not self.plan.is_within(self.gap) and not is_enough(state):
                self._deeper(state, is_enough)
            self.master.drop_deeper()
            if self.plan.best is None:
                self._inside(state)
        finally:
            self.master.drop_deeper()  # whatever ends it: deepened cuts are no lower bounds
            self.master.unfix()
        if self.trials.price != price:
            self.trials.raise_price(price / self.trials.price)
        return True

    def tidy(self) -> None:
        """A few extreme points in place of a plan with very small orders; the trials keep the one that costs least."""
        plan = self.plan
        if plan.best is None or not self.master.has_crumbs(plan.best):
            return
        self._fix(plan.best)
        for _ in range(CORNERS):
            answer = self.master.corner()
            if answer is None or self.trials.late():
                break
            self._try(answer, "corner")
            if not self.master.has_crumbs(plan.best):
                break
        self.master.unfix()

    def _fix(self, point: np.ndarray) -> None:
        if len(self.master.integers):
            self.master.fix(np.round(point[self.master.integers]))

    def _try(self, point: np.ndarray, phase: str, deeper: float = 0.0) -> State:
        found = self.trials.at(State(bound=self.plan.bound), point, deeper)
        self.trials.tell(found, phase, is_bound=False)
        return found

    def _serve(self, best: np.ndarray) -> bool:
        """Feasibility cuts, and the least of the master near the best point again, until nothing is missing: it is a trial.

        Only what is missing is asked for, and only of years whose links are others than when they missed nothing. False if the cuts
        leave no decision with the integers fixed as they are.
        """
        served: dict[int, bytes] = {}
        near: np.ndarray | None = self.master.within(best)
        for turn in range(1, NEAREST + 1):
            if near is None or self.trials.late():
                break
            points = self.master.points_of(near)
            asked = {y: point for y, point in points.items() if served.get(y) != point.tobytes()}
            found = self.trials.years.shortages(asked)
            short = {y: cut for y, cut in found.items() if cut.value > NO_CUT}
            self.trials.say(f"serving what is missing, {turn}: {sum(cut.cost for cut in found.values()):.2g} is left")
            if max((cut.missing for cut in found.values()), default=0.0) <= MISSING:
                strict, self.trials.strict = self.trials.strict, True  # whatever it costs to serve, it is served
                self._try(near, "nothing missing")
                self.trials.strict = strict
                break
            self.master.add_feasibility_cuts(short.items())
            served |= {y: points[y].tobytes() for y in found if y not in short}
            near = self._least_near(best)
        return near is not None

    def _least_near(self, best: np.ndarray) -> np.ndarray | None:
        """The least of the master near a point, or anywhere where cuts leave nothing near it; None where they leave nothing."""
        radius = NEAR
        while radius < NOT_NEAR:
            self.master.keep_near(best, radius)
            try:
                lowest = self.master.lowest()
            finally:
                self.master.let_go()
            if lowest.status == "optimal":
                return self.master.within(lowest.values)
            radius *= WIDER
        lowest = self.master.lowest()
        return self.master.within(lowest.values) if lowest.status == "optimal" else None

    def _deeper(self, state: State, is_enough: Callable[[State], bool]) -> None:
        before, anew = np.zeros(0), False
        for turn in range(1, CLEANINGS + 1):
            answer = self.master.corner(anew)
            if answer is not None and np.array_equal(answer, before):
                anew = True
                answer = self.master.corner(anew)
            before = answer = self.master.lowest().values if answer is None else answer
            self._try(answer, "nothing missing", DEEPER if turn <= CLEANINGS / 2 else 0.0)
            if self.plan.is_within(self.gap) or is_enough(state) or self.trials.late():
                break
            if turn % AFTER == 0 and self.trials.price < DEAREST:
                self.trials.raise_price(DEARER)
            if turn == CLEANINGS // 2:
                self.master.drop_deeper()

    def _inside(self, state: State) -> None:
        """Interior points within the gap, where no extreme point is without slack: they keep some distance from the cuts."""
        for share in (0.3, 0.6, 0.9):
            inside = self.master.inside(state.bound + share * self.gap * abs(state.bound))
            if inside is None or self.trials.late():
                continue
            if self._try(inside, "inside").missing <= MISSING:
                return
