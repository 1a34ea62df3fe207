r"""The decomposed method: Benders with one cut a year and iteration, kept inside a level set.

The operating cost of a year is a convex function of its links; the reduced costs of the fixed links are a plane that
supports it. The master chooses decisions against all planes seen so far: its optimum :math:`L` is a lower bound. Solving
the years at a trial point gives an upper bound :math:`U`. The trial is not the master's optimum, which jumps between far
corners, but a point well inside the set of decisions that the planes allow to cost no more than

.. math:: L + \alpha (U - L),

as an interior point method without an objective finds it. Such points are balanced and change little from one iteration
to the next, so the years are re-solved quickly and their planes are where they are needed (Pecci and Jenkins, "Regularized
Benders decomposition for high performance capacity expansion models", 2024).

A solve that is given a point to begin from (the plan on fewer days, the plan before) stays near its best point besides: no link
goes further than a share of the most that it is in any year, and the level is taken between the least that the cuts allow there
and the best. The years are then solved again in a tenth of the time that a far trial takes, and planes on all sides of the
optimum raise the bound, which is of everywhere. The share grows once little is promised within it.

Integers come last: the linear relaxation is solved first, then the integers near it are fixed and the rest is solved
again, then the master's own branch and bound proposes others, until the gap holds. Every trial whose numbers are whole and
that misses nothing is a plan; the best one is kept for a solve that is stopped.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from planner.solve.hourly import HourlyYears
from planner.solve.master import Lowest, Master
from planner.solve.matrix import INFINITY
from planner.solve.rounding import Rounding
from planner.solve.whole import Limits
from planner.solve.years import Years

#: Where between the bound and the best the level lies.
LEVEL = 0.3
#: What may be missing at the end (share of the peak, of base emissions): solver noise.
MISSING = 2e-7
#: The price of what is missing is raised so much at a time, and so often.
DEARER, RAISES = 20.0, 2
#: Trials stay within this share of the best at first; it grows by so much where they promise less than this share of the gap.
NEAR, WIDER, NEARLY, NOT_NEAR = 0.1, 3.0, 1.0, 10.0
#: A cost that is only likely, being that of other whole numbers, is at least so much above the bound (relative).
LEAST_LEVEL = 1e-3
#: Share of the gap for the linear phase, and for the rest once integers are fixed: with half of the gap, which the master's
#: integers may leave, the second stays below all of it, so that whole numbers that come back are within it.
RELAXED, REST = 0.6, 0.4
#: Name of the phase in which the bound holds only for the whole numbers that are tried.
FIXED = "whole"
#: Share of the time after which the linear phase makes way for the integers.
LINEAR_SHARE = 0.7
#: Gaps below this are finer than an interior point reaches.
FINE = 1e-6
#: Iterations without a better bound or best after which numbers are as good as they get.
STALLED = 25
#: Seconds that the master's integers may take at a time.
MASTER_SECONDS = 30.0
#: Corners of the master that are tried in place of the best interior point.
CORNERS = 3
#: Corners that are tried until nothing is missing, half of them against cuts deeper by this share of what is missing: a corner
#: of planes that only touch what years cost misses a little of something else each time.
CLEANINGS, DEEPER = 40, 3.0


@dataclass
class State:
    """What is known so far: the best point, its cost, what it misses and pays for that, the bound, and why it ended.

    operation  of each year at the best point, as its years tell it (y)
    """

    best: np.ndarray | None = None
    cost: float = INFINITY
    bound: float = -INFINITY
    missing: float = 0.0
    paid: float = 0.0
    operation: dict[int, Any] = field(default_factory=dict)
    status: str = "failed"
    iterations: int = 0
    history: list[tuple[float, float, float]] = field(default_factory=list)

    @property
    def gap(self) -> float:
        """Relative gap of the best point."""
        return (self.cost - self.bound) / max(abs(self.cost), 1e-9) if np.isfinite(self.cost) else INFINITY

    @property
    def is_short(self) -> bool:
        """True if more is paid for what is missing than the gap can explain.

        At a price of at least twice that at which nothing need be missing, a point within g of the optimum pays no more
        than 2 g for what it misses.
        """
        return self.missing > MISSING and self.paid > 2.0 * (self.cost - self.bound) + 1e-9 * abs(self.cost)

    def take(self, other: State) -> None:
        """The other's point is now the best."""
        self.best, self.cost, self.operation = other.best, other.cost, other.operation
        self.missing, self.paid = other.missing, other.paid


Say = Callable[[str], None]


def solve_decomposed(
    master: Master,
    years: Years | HourlyYears,
    limits: Limits,
    say: Say,
    start: np.ndarray | None = None,
    rounding: Rounding | None = None,
    plan: State | None = None,
) -> State:
    """The optimum within the gap or the time. `start` is a point of the master to begin from.

    `rounding` gives whole numbers near a relaxed point; without it the integers stay relaxed and a little may be missing,
    which serves to begin another solve.

    Raises Stopped where the watch in force ends it; `plan` then holds the best plan so far, if there is one.

    Missing is priced. What is paid for it at an optimum within the gap is either no more than the gap allows: then it is
    noise, and is cleaned away; or it is more: then the price was too low, and is raised, or the goal cannot be met.
    """
    loop = _Loop(master, years, limits, say, rounding, State(status="feasible") if plan is None else plan)
    state = loop.finish(loop.run(start))
    loop.raise_price(1.0 / loop.price)
    return state


class _Loop:
    def __init__(
        self, master: Master, years: Years | HourlyYears, limits: Limits, say: Say, rounding: Rounding | None, plan: State
    ) -> None:
        self.master, self.years, self.limits, self.say, self.rounding = master, years, limits, say, rounding
        self.plan = plan
        self.began = time.perf_counter()
        self.integers = master.integers
        self.iterations = 0
        self.price = 1.0
        self.radius = 0.0

    def finish(self, state: State) -> State:
        """What is missing is made dearer, or cleaned away, until nothing is, or the goal is known to be out of reach."""
        if self.rounding is None:
            return state
        for _ in range(RAISES):
            if state.status != "optimal" or not state.is_short:
                break
            self.say(f"{state.missing:.2g} of the peak or of base emissions is missing; its price is raised")
            self.raise_price(DEARER)
            state = self.run(state.best)
        if state.status == "optimal" and state.is_short:
            state.status = "infeasible"
        elif state.status == "optimal" and (state.missing > MISSING or self.master.has_crumbs(state.best)):
            self.clean(state)
        if state.status == "feasible" and state.missing > MISSING:
            state.status = "failed"
        return self.plan if state.status == "failed" and self.plan.best is not None else state

    def run(self, start: np.ndarray | None) -> State:
        """Linear phase, then integers."""
        self.master.solver.relax(True)
        state = State()
        if start is not None:
            self._try(state, start)
            self.radius = NEAR
        whole = self.rounding is not None and len(self.integers) > 0
        share = LINEAR_SHARE if whole else 1.0
        self._converge(state, self.limits.gap * (RELAXED if whole else 0.9), "relaxed" if whole else "linear", share=share)
        if not whole:
            return state
        return self._integers(state) if state.status in ("optimal", "feasible") else state

    def raise_price(self, times: float) -> None:
        """Make what is missing dearer; the cuts found so far still hold."""
        self.years.raise_price(times)
        self.price *= times

    def clean(self, state: State) -> None:
        """Corners of the master, each cut off where something is missing, until nothing is; whole numbers are kept."""
        assert state.best is not None
        if len(self.integers):
            self.master.fix(np.round(state.best[self.integers]))
        corner = State(bound=state.bound, history=state.history)
        try:
            self._corners(state, corner)
        finally:
            self.master.drop_deeper()  # whatever ends it: they are no bound for the next plan
        if corner.best is None:
            self._inside_instead(corner)
        self.master.unfix()
        if corner.best is not None and (state.missing > MISSING or corner.gap <= self.limits.gap):
            state.take(corner)
        if state.missing > MISSING or state.gap > self.limits.gap:
            state.status = "feasible" if state.missing <= MISSING else "failed"

    def _corners(self, state: State, corner: State) -> None:
        """Corners of the master until one within the gap misses nothing; the best of them is taken."""
        before, anew = np.zeros(0), False
        for turn in range(1, CLEANINGS + 1):
            answer = self.master.corner(anew)
            if answer is not None and np.array_equal(answer, before):
                anew = True
                answer = self.master.corner(anew)
            before = answer = self.master.lowest().values if answer is None else answer
            latest = State(bound=state.bound)
            self._try(latest, answer, DEEPER if turn <= CLEANINGS / 2 else 0.0)
            if latest.best is not None and latest.missing <= MISSING and latest.cost < corner.cost:
                corner.take(latest)
            self._tell(corner, "nothing missing")
            if corner.gap <= self.limits.gap or self.late():
                break
            if turn % 8 == 0 and self.price < 1e4:
                self.raise_price(10.0)
            if turn == CLEANINGS // 2:
                self.master.drop_deeper()

    def _inside_instead(self, corner: State) -> None:
        """A point inside the master within the gap, where no corner of it is without something missing: it has some room."""
        for share in (0.3, 0.6, 0.9):
            inside = self.master.inside(corner.bound + share * self.limits.gap * abs(corner.bound))
            if inside is None or self.late():
                continue
            latest = State(bound=corner.bound)
            self._try(latest, inside)
            self._tell(latest, "inside")
            if latest.best is not None and latest.missing <= MISSING:
                corner.take(latest)
                return

    def _integers(self, linear: State) -> State:
        """Whole numbers near the relaxed optimum, then those that the master prefers, until the gap holds."""
        assert linear.best is not None and self.rounding is not None
        best = State(bound=linear.bound, history=linear.history)
        self.master.keep_cuts()
        whole = self.rounding(linear.best)
        tried: list[np.ndarray] = []
        # Whole numbers that cannot be within the gap are left at once, where others will be proposed.
        worst = linear.bound + self.limits.gap * abs(linear.bound) if linear.status == "optimal" else INFINITY
        while True:
            tried.append(whole)
            self._with_integers(best, whole, linear if best.best is None else best, min(worst, best.cost))
            worst = INFINITY
            self.master.keep_cuts()
            best.status = "failed" if best.best is None else "feasible"
            if best.gap <= self.limits.gap:
                best.status = "optimal"
                return best
            if self.late():
                return best
            known = None if best.best is None else best.best[self.integers]
            answer = self.master.solve_whole_numbers(known, self.limits.gap / 2, self._master_seconds())
            best.bound = max(best.bound, answer.bound if np.isfinite(answer.bound) else -INFINITY)
            if answer.status.startswith("infeasible"):
                best.status = "infeasible"
            if not answer.has_point:
                return best
            whole = np.round(answer.values[self.integers])
            if any(np.array_equal(whole, before) for before in tried) and len(tried) > 20:
                return best

    def _master_seconds(self) -> float:
        """Seconds that the master's integers may take."""
        if self.limits.seconds is None:
            return MASTER_SECONDS
        return min(MASTER_SECONDS, max(1.0, self.limits.seconds - (time.perf_counter() - self.began)))

    def _with_integers(self, best: State, whole: np.ndarray, near: State, worst: float) -> None:
        """The continuous decisions that suit the whole numbers; `near` is the best known, which they may be near."""
        self.master.fix(whole)
        inner = State(history=best.history)
        self._converge(inner, self.limits.gap * REST, FIXED, worst, near)
        self.master.unfix()
        if inner.best is not None and inner.cost < best.cost:
            best.take(inner)

    def _converge(
        self,
        state: State,
        gap: float,
        phase: str,
        stop_above: float = INFINITY,
        near: State | None = None,
        share: float = 1.0,
    ) -> None:
        """Cuts until the gap holds, that share of the time is over, or the bound shows that it is of no use.

        Where the gap asked for is finer than the arithmetic, it ends once nothing gets better.
        """
        since, before = 0, (-INFINITY, INFINITY)
        while True:
            lowest = self.master.lowest()
            if lowest.status != "optimal":
                state.status = "infeasible" if lowest.status.startswith("infeasible") else "failed"
                return
            state.bound = max(state.bound, lowest.bound)
            if state.gap <= gap or state.bound > stop_above:
                self._to_corner(state, gap, phase)
                state.status = "optimal"
                return
            since, before = self._stalled(state, since, before)
            if since > STALLED and state.gap <= FINE:
                state.status = "optimal"
                return
            if state.best is not None and self.late(share):
                state.status = "feasible"
                return
            self._try(state, self._next(state, lowest, state if near is None or state.best is not None else near))
            self._tell(state, phase)

    def _next(self, state: State, lowest: Lowest, near: State) -> np.ndarray:
        """The next trial: near the best, or near what it may be like, where that is known to be no far point; else well
        inside what may cost no more than the level."""
        assert near.best is not None or not np.isfinite(near.cost)
        trial = self._near(near, np.isfinite(state.cost)) if self.radius and near.best is not None else None
        if trial is not None or not np.isfinite(near.cost):
            return lowest.values if trial is None else trial
        inside = self._inside(state.bound, near.cost, near is state)
        if inside is None and state.best is not None:
            return 0.5 * (state.best + lowest.values)
        return lowest.values if inside is None else inside

    def _near(self, near: State, is_best: bool) -> np.ndarray | None:
        """A trial near a point: far trials take the years long to solve, and their cuts say little.

        Once the cuts promise little there, it may be as far again; None where that is no longer near.
        """
        assert near.best is not None
        radius = self.radius
        while radius < NOT_NEAR:
            self.master.keep_near(near.best, radius)
            try:
                lowest = self.master.lowest()
                promised = near.cost - lowest.bound
                if lowest.status == "optimal" and (promised > NEARLY * self.limits.gap * abs(near.cost) or not is_best):
                    inside = self._inside(lowest.bound, near.cost, is_best)
                    return lowest.values if inside is None else inside
            finally:
                self.master.let_go()
            radius *= WIDER
            self.radius = radius if is_best else self.radius
        return None

    def _inside(self, bound: float, cost: float, is_known: bool) -> np.ndarray | None:
        """A point well inside what may cost no more than the level between a bound and a cost, known or likely."""
        return self.master.inside(bound + LEVEL * max(cost - bound, 0.0 if is_known else LEAST_LEVEL * abs(bound)))

    @staticmethod
    def _stalled(state: State, since: int, before: tuple[float, float]) -> tuple[int, tuple[float, float]]:
        """Iterations since the bound or the best was better than before, and what these are now."""
        noise = 1e-12 * abs(state.cost) if np.isfinite(state.cost) else 0.0
        better = state.bound > before[0] + noise or state.cost < before[1] - noise
        return (0, (state.bound, state.cost)) if better else (since + 1, before)

    def _to_corner(self, state: State, gap: float, phase: str) -> None:
        """A corner of the master within the gap in place of the best, which as an interior point builds a little of all.

        Not where the point only serves to begin another solve.
        """
        if self.rounding is None:
            return
        corner = State(bound=state.bound)
        for _ in range(CORNERS):
            answer = self.master.corner()
            if answer is None or self.late():
                return
            self._try(corner, answer)
            self._tell(corner, phase)
            if corner.gap <= max(gap, state.gap) and corner.missing <= max(state.missing, MISSING):
                state.take(corner)
                return

    def _try(self, state: State, trial: np.ndarray, deeper: float = 0.0) -> None:
        """Solve the years at a trial and keep the cuts, `deeper` by that share of what is missing."""
        trial = self.master.within(trial)
        cuts = self.years.cuts(self.master.points_of(trial))
        self.master.add_cuts(cuts, deeper)
        self.iterations += 1
        cost = self.master.total(trial, cuts)
        if cost < state.cost:
            missing = max((cut.missing for cut in cuts.values()), default=0.0)
            operation = dict(self.years.operation())
            state.take(State(trial, cost, missing=missing, paid=self.master.paid(cuts), operation=operation))
            self._keep(state)

    def _keep(self, state: State) -> None:
        """Keep the best point as a plan if its numbers are whole and nothing is missing."""
        assert state.best is not None
        whole = state.best[self.integers]
        if state.cost < self.plan.cost and state.missing <= MISSING and np.abs(whole - np.round(whole)).max(initial=0.0) < 1e-6:
            self.plan.take(state)

    def late(self, share: float = 1.0) -> bool:
        """True once that share of the time is over. Where a plan is wanted, all of it lasts until there is one or the run ends."""
        if self.limits.seconds is None or (share == 1.0 and self.rounding is not None and self.plan.best is None):
            return False
        return time.perf_counter() - self.began > share * self.limits.seconds

    def _tell(self, state: State, phase: str) -> None:
        state.iterations = self.iterations
        state.history.append((state.bound, state.cost, state.gap))
        if phase != FIXED:
            self.plan.bound = max(self.plan.bound, state.bound)
        seconds = time.perf_counter() - self.began
        bound = f"{state.bound:,.0f}" if np.isfinite(state.bound) else "none yet"
        best = f"{state.cost:,.0f}" if np.isfinite(state.cost) else "none yet"
        gap = f"{state.gap:.3%}" if np.isfinite(state.gap) else "open"
        self.say(f"{phase} {self.iterations}: bound {bound}, best {best}, gap {gap}, {seconds:.1f} s")

