r"""A rough plan, soon: whole numbers without slack, of a few years first, then of all. No bound is known of it.

1. Linear phase to the gap `ROUGH`, integers relaxed, with a few years solved and the others guessed (`FewYears`).
2. All guessed cuts are dropped, and the point is projected on decisions that need no slack in any year (`repair_heuristic`): branch
   and bound looks for whole numbers with at least that capacity.

Returns nothing: the plan is that of the bounds given, if there is one. Raises SolverError where HiGHS gives no answer, and Stopped
once the watch in force is over; a plan found before is then kept.

The few years: what the others cost is guessed from the nearest one that is solved.

.. math:: \tilde Q_z(x) = q_y + \sum_{l} g_{y,l}\, (x_l - \bar x_{y,l})

Years differ in prices, demands and capacities, and what is guessed leaves that out. So it is no bound, and a point found in this
way is only somewhere to begin: all cuts must be dropped before a search whose bounds are to hold.

1. Years with the same rules are one group after the other. Of each the first, the last, and between them every `APART` years are
   solved.
2. The cut of any other year is that of the nearest solved one of its group, written in the links of its own (`_guessed`); a link
   that the other lacks has none of it.

Returns cuts. Raises what the years raise.

Q̃  guessed cost of a year z     q, g  value and slope of the cut of the solved year y at its point x̄     x  links (l)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from typing import cast

import numpy as np

from models.dot import dot
from models.inputs import Inputs
from planner.solve.benders.bounds import Bounds
from planner.solve.benders.decomposed import DecomposedSearch
from planner.solve.benders.master import Master
from planner.solve.benders.repair_heuristic import repair_to_plan
from planner.solve.benders.trials import Trials
from planner.solve.rounding.rounding import Rounding
from planner.solve.whole.whole import Limits, Say
from planner.solve.year.subproblem import Cut, YearSet
from planner.solve.year.years import Years

#: Gap of the linear phase. Half of it was measured to take half as long again, and the plan to cost 1 % less.
ROUGH = 0.05


def find_rough_plan(master: Master, years: Years, limits: Limits, say: Say, rounding: Rounding, overall: Bounds) -> None:
    """Make a rough plan, the incumbent of `overall`, and leave master and years as if nothing had been solved. It may
    not succeed."""
    solved = cast(YearSet, FewYears(master.inputs, years))  # what it does not say itself, the years do
    few = DecomposedSearch(Trials(master, solved, limits, say, Bounds(), False), rounding)
    few.linear.gap = ROUGH
    try:
        point = few.linear.run(None).point
        master.cuts.drop_all()
        if point is not None:
            every = DecomposedSearch(Trials(master, years, limits, say, overall, True), rounding)
            repair_to_plan(every.trials, master.within(point), rounding, every.heuristics)
    finally:
        master.unfix()
        master.solver.relax(False)
        master.cuts.drop_all()


#: Years from one that is solved to the next one, at most.
APART = 8


class FewYears:
    """The years of a search of which only a few are solved; all else is that of `years`."""

    def __init__(self, inputs: Inputs, years: Years) -> None:
        self.of = years
        #: Year -> the solved year that it is guessed from, which is itself where it is solved.
        self.nearest = _nearest(inputs)

    @property
    def years(self) -> Mapping[int, object]:
        """All years."""
        return self.of.years

    def __getattr__(self, name: str) -> object:
        return getattr(self.of, name)

    def cuts(self, points: Mapping[int, np.ndarray]) -> dict[int, Cut]:
        """The cuts of the solved years, and guessed ones of the others."""
        found = self.of.cuts({y: points[y] for y in dict.fromkeys(self.nearest.values())})
        return {y: found[near] if y == near else self._guessed(y, near, found[near], points[y]) for y, near in self.nearest.items()}

    def _guessed(self, y: int, near: int, cut: Cut, point: np.ndarray) -> Cut:
        """The cut of `near` as one of `y`, at a point of that."""
        place = {link: i for i, link in enumerate(self.of.years[y].links)}
        theirs = np.array([place.get(link, -1) for link in self.of.years[near].links], dtype=int)
        shared = theirs >= 0
        at = np.where(shared, point[theirs], 0.0)
        slope = np.zeros(len(point))
        slope[theirs[shared]] = cut.slope[shared]
        by = dot(cut.slope, at - cut.point)
        return replace(cut, point=point.copy(), value=cut.value + by, slope=slope, cost=cut.cost + by)


def _nearest(inputs: Inputs) -> dict[int, int]:
    """Year -> the nearest year that is solved and has the same rules."""
    found: dict[int, int] = {}
    for _, group in groupby(inputs.years, lambda y: inputs.carbon.rules.get(y, ())):
        own = list(group)
        solved = sorted({*own[::APART], own[-1]})
        found |= {y: min(solved, key=lambda z: abs(z - y)) for y in own}
    return found
