r"""Phase 1 of the decomposed method: whether any decisions let every year be operated with nothing missing.

.. math:: \min_x \sum_y V_y(x)

over the decisions, with :math:`V_y` the least total of the scaled slacks of a year (`Year.shortage`). Nothing costs anything but
what is missing, so the answer does not depend on prices or the currency. Planes support each :math:`V_y` from below; their least
sum over all decisions is a lower bound. Above 0 it is the proof that the goal cannot be met. The same planes, held at or below 0,
are feasibility cuts of the master (Benders, 1962).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from planner.solve.benders.master import Master
from planner.solve.benders.state import MISSING
from planner.solve.handover.answer import Answer
from planner.solve.handover.highs import NO_LIMIT, Solver
from planner.solve.handover.matrix import INFINITY
from planner.solve.year.subproblem import Cut, YearSet

#: The least total that is proof: a tenth of what may be missing in a plan.
PROOF = 0.1 * MISSING
#: Planes stand in the programme as multiples of this, so that the tolerance of its rows is far below `PROOF`.
SCALE = 1e-4
#: Most trials.
MOST = 400
#: Of what is missed, years that miss at least this share of what the worst one misses are asked first.
WORST = 0.1
#: Trials without a higher bound or a lower total, after which there is no answer.
STALLED = 60
#: Seconds that whole numbers may take at a time.
SECONDS = 30.0


@dataclass(frozen=True)
class Reached:
    """What phase 1 found: is_possible None where it found nothing out; a point with nothing missing, where there is one; the least
    total that is missing."""

    is_possible: bool | None
    point: np.ndarray | None = None
    least: float = 0.0


@dataclass(frozen=True)
class _Missed:
    """A point, the total of the scaled slacks there, and the largest of them; unknown ones are without end."""

    point: np.ndarray
    total: float = INFINITY
    most: float = INFINITY


class Phase1:
    """Decisions, and a column for what each year misses, held from below by planes."""

    def __init__(self, master: Master, years: YearSet) -> None:
        self.master, self.years = master, years
        self.solver = solver = Solver(master.matrix, threads=1)
        solver.set_cost(np.zeros(master.count))
        solver.scale = 1.0
        solver.relax(True)
        places = solver.add_free_columns(np.ones(len(master.links)))
        solver.set_bounds(places, np.zeros(len(places)), np.full(len(places), INFINITY))
        self.missing = dict(zip(master.links, places.tolist(), strict=True))
        #: Years that are asked first; none before the first trial, of which all are.
        self.worst: set[int] = set()

    def reach(self, start: np.ndarray, whole: bool, late: Callable[[], bool], say: Callable[[str], None]) -> Reached:
        """From a point to one with nothing missing, or to the proof that there is none. `whole`: integers are whole."""
        trial, best, bound, since, with_integers = start, _Missed(start), 0.0, 0, False
        for turn in range(1, MOST + 1):
            known, missed = len(self.worst), self._miss(trial)
            since += 1
            if len(self.worst) > known:  # totals are of more years now
                best = _Missed(trial)
            is_whole = not whole or self._is_whole(trial)
            if missed.total <= PROOF and is_whole:
                return Reached(True, trial)
            if missed.total < 0.99 * best.total and (is_whole or not with_integers):
                best, since = missed, 0
            if whole and missed.total <= PROOF:
                with_integers, best = True, _Missed(trial)
            answer = self._lowest(with_integers)
            if answer.status.startswith("infeasible"):
                return Reached(False, None, missed.total)
            if not answer.has_point:
                break
            lowest = max(0.0, answer.bound * SCALE)
            if lowest > max(1.01 * bound, bound + 0.1 * PROOF):
                since = 0
            bound = max(bound, lowest)
            say(f"phase 1, {turn}: least possible {bound:.2g} missing, found {missed.total:.2g}")
            if bound > PROOF:
                return Reached(False, None, bound)
            if late() or since > STALLED:
                break
            corner = self.master.within(answer.values)
            if with_integers:
                corner[self.master.integers] = np.round(corner[self.master.integers])
            trial = 0.5 * (corner + best.point) if turn % 2 == 0 and not with_integers else corner
        return Reached(True, best.point) if best.most <= MISSING and (not whole or self._is_whole(best.point)) else Reached(None)

    def _is_whole(self, trial: np.ndarray) -> bool:
        whole = trial[self.master.integers]
        return bool(np.abs(whole - np.round(whole)).max(initial=0.0) < 1e-9)

    def _miss(self, trial: np.ndarray) -> _Missed:
        """What is missing at a trial, whose planes are kept, in the master as well.

        The worst years are asked, and the others only where these miss nothing: what some years must miss is proof enough, and the
        total is then of these.
        """
        points = self.master.points_of(trial)
        found = self.years.shortages({y: points[y] for y in points if y in self.worst}) if self.worst else {}
        total, most = self._sum(found)
        if total <= PROOF or most <= MISSING:
            found |= self.years.shortages({y: point for y, point in points.items() if y not in self.worst})
            least = max(WORST * max(cut.value for cut in found.values()), 0.01 * PROOF)
            self.worst |= {y for y, cut in found.items() if cut.value > least}
            total, most = self._sum(found)
        short = {y: cut for y, cut in found.items() if cut.value > 0.01 * PROOF}
        self.master.add_feasibility_cuts(short.items())
        for y, cut in short.items():
            self._add(y, cut)
        return _Missed(trial, total, most)

    @staticmethod
    def _sum(found: Mapping[int, Cut]) -> tuple[float, float]:
        """The total of the scaled slacks of these years, and the largest of them."""
        return sum(cut.cost for cut in found.values()), max((cut.missing for cut in found.values()), default=0.0)

    def _add(self, y: int, cut: Cut) -> None:
        """slope·x - missing ≤ slope·point - value."""
        steep = np.abs(cut.slope) > 1e-9 * max(float(np.abs(cut.slope).max(initial=0.0)), 1e-12)
        most = (float(cut.slope[steep] @ cut.point[steep]) - cut.value) / SCALE
        places = np.append(self.master.links[y][steep], self.missing[y]).astype(np.int32)
        self.solver.add_row(-INFINITY, most, places, np.append(cut.slope[steep] / SCALE, -1.0))

    def _lowest(self, with_integers: bool) -> Answer:
        """The least total that the planes allow."""
        solver = self.solver
        solver.relax(not with_integers)
        if with_integers:
            solver.clear()
            solver.options(solver="choose", mip_rel_gap=1e-3, mip_abs_gap=1e-9, time_limit=solver.until(SECONDS))
            answer = solver.surely()
            solver.options(time_limit=INFINITY)
            return answer
        solver.options(solver="simplex", simplex_iteration_limit=solver.iteration_limit())
        answer = solver.surely()
        solver.options(simplex_iteration_limit=NO_LIMIT)
        return answer
