"""The decomposed method: Benders with one cut a year and iteration, kept near the best point.

The operating cost of a year is a convex function of its links; the reduced costs of the fixed links are a plane that
supports it. The master chooses decisions against all planes seen so far, which is a lower bound; solving the years at a
trial point gives an upper bound. The trial is not the master's bare optimum: most come from a box around the best point
known, since far trials cost hundreds of times more simplex work and teach little. Integers come last: the linear
relaxation is solved first, then the integers with the cuts found, then the continuous decisions for those integers.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from planner.solve.highs import INFINITY
from planner.solve.master import Master
from planner.solve.whole import Limits
from planner.solve.years import Years

#: How far a trial goes from the best point to the master's optimum, when the bound is asked for.
OUTWARD = 0.3
#: What may be missing at the end (share of the peak, of base emissions): solver noise.
MISSING = 2e-7
#: Seconds that the master's integers may take at a time.
MASTER_SECONDS = 30.0


@dataclass
class State:
    """What is known so far: the best point (`known`: with the cost of its years), the bound, and why it ended."""

    best: np.ndarray | None = None
    cost: float = INFINITY
    bound: float = -INFINITY
    missing: float = 0.0
    known: np.ndarray | None = None
    status: str = "failed"
    iterations: int = 0
    history: list[tuple[float, float, float]] = field(default_factory=list)

    @property
    def gap(self) -> float:
        """Relative gap of the best point."""
        return (self.cost - self.bound) / max(abs(self.cost), 1e-9) if np.isfinite(self.cost) else INFINITY


Say = Callable[[str], None]


def solve_decomposed(
    master: Master, years: Years, limits: Limits, say: Say, start: np.ndarray | None = None, linear_only: bool = False
) -> State:
    """The optimum within the gap or the time. `start` is a point of the master to begin from.

    With `linear_only` the integers stay relaxed and a little may be missing: for a first point of another solve.

    A plan within the gap may still miss a little, at the price of missing it. The price is raised until nothing is
    missing; what is missing at any price cannot be met, and the status is infeasible.
    """
    loop = _Loop(master, years, limits, say)
    if linear_only:
        return loop.linear(start)
    state = loop.run(start)
    price = 1.0
    while state.missing > MISSING and state.status == "optimal" and price < 300.0:
        say("a little is missing at the price of missing it; the price is raised")
        years.raise_price(20.0)
        price *= 20.0
        if state.missing > 100 * MISSING:
            state = loop.run(state.best)
        else:
            loop.polish(state)
    years.raise_price(1.0 / price)
    if state.missing > 100 * MISSING:
        state.status = "infeasible"
    return state


class _Box:
    """Bounds around the best point on the links of all years, as a share of what each kind of link comes to."""

    def __init__(self, master: Master, size: float = 0.15) -> None:
        self.master, self.size = master, size
        self.places = np.concatenate(list(master.links.values()))
        matrix = master.matrix
        self.places = self.places[~matrix.integer[self.places]]
        self.lower, self.upper = matrix.lower[self.places], matrix.upper[self.places]

    def grow(self, times: float) -> None:
        """Make the box larger or smaller."""
        self.size = float(np.clip(self.size * times, 1e-4, 10.0))

    def put(self, best: np.ndarray) -> None:
        """Lay the box around a point."""
        at = best[self.places]
        reach = self.size * np.maximum(self.master.sizes(best)[self.places], 1.0)
        self.master.solver.set_bounds(self.places, np.maximum(self.lower, at - reach), np.minimum(self.upper, at + reach))

    def lift(self) -> None:
        """Take the box away."""
        self.master.solver.set_bounds(self.places, self.lower, self.upper)


class _Loop:
    def __init__(self, master: Master, years: Years, limits: Limits, say: Say) -> None:
        self.master, self.years, self.limits, self.say = master, years, limits, say
        self.began = time.perf_counter()
        self.integers = np.flatnonzero(master.matrix.integer).astype(np.int32)

    def linear(self, start: np.ndarray | None) -> State:
        """The relaxation alone."""
        self.master.solver.relax(True)
        state = State()
        if start is not None:
            self._try(state, start)
        self._converge(state, self.limits.gap * (0.25 if len(self.integers) else 0.9), "linear")
        return state

    def run(self, start: np.ndarray | None) -> State:
        """Linear phase, then integers."""
        state = self.linear(start)
        if not len(self.integers):
            return state
        if state.status == "optimal":
            return self._integers(state)
        if state.status == "feasible":
            state.best, state.cost = None, INFINITY  # stopped before any plan had whole numbers
            state.status = "failed"
        return state

    def _integers(self, linear: State) -> State:
        """Whole numbers near the relaxed optimum, then those that the master prefers, until the gap holds."""
        assert linear.best is not None
        best = State(bound=linear.bound, iterations=linear.iterations, history=linear.history)
        self.master.drop_idle_cuts()
        whole = self.master.whole_numbers(linear.best)
        tried: list[np.ndarray] = []
        while True:
            tried.append(whole)
            self._with_integers(best, whole, linear.best)
            self._tell(best, "integers")
            best.status = "failed" if best.best is None else "feasible"
            if best.gap <= self.limits.gap:
                best.status = "optimal"
                return best
            if self._late():
                return best
            answer = self.master.solve_whole_numbers(best.known, self.limits.gap / 2, self._master_seconds())
            best.bound = max(best.bound, answer.bound if np.isfinite(answer.bound) else -INFINITY)
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

    def polish(self, state: State) -> None:
        """Solve again near the best point, its whole numbers kept, now that missing is dearer."""
        assert state.best is not None
        again = State(bound=state.bound)
        self._with_integers(again, np.round(state.best[self.integers]), state.best)
        if again.best is not None:
            state.best, state.cost, state.missing, state.known = again.best, again.cost, again.missing, again.known
        if state.gap > self.limits.gap:
            state.status = "feasible" if self._late() else state.status

    def _with_integers(self, best: State, whole: np.ndarray, centre: np.ndarray) -> None:
        """The continuous decisions that suit the whole numbers."""
        solver, places = self.master.solver, self.integers
        solver.set_bounds(places, whole, whole)
        inner = State()
        trial = centre.copy()
        trial[places] = whole
        near = self.master.nearest(trial)
        if near is not None:
            self._try(inner, near)
        self._converge(inner, self.limits.gap * 0.2, "integers fixed", stop_above=best.cost)
        solver.restore_columns(places)
        best.iterations += inner.iterations
        if inner.cost < best.cost:
            best.best, best.cost, best.missing, best.known = inner.best, inner.cost, inner.missing, inner.known

    def _converge(self, state: State, gap: float, phase: str, stop_above: float = INFINITY) -> None:
        """Cuts until the gap holds, the time is over, or the bound shows that it is of no use.

        Within the box the model is good, so most trials come from there; the master without the box is asked for the
        bound when the box promises little more, and its optimum pulls the next trial outwards where the bound is weak.
        """
        box = _Box(self.master)
        ask = state.best is None
        while True:
            if ask or state.best is None:
                answer = self.master.solve()
                if answer.status != "optimal":
                    state.status = "infeasible" if answer.status.startswith("infeasible") else "failed"
                    return
                state.bound = max(state.bound, answer.objective)
                outer = answer.values[: self.master.count]
                trial = outer if state.best is None else OUTWARD * outer + (1 - OUTWARD) * state.best
                promise = answer.objective
            else:
                box.put(state.best)
                answer = self.master.solve()
                box.lift()
                if answer.status != "optimal":
                    ask = True
                    box.grow(2.0)
                    continue
                trial, promise = answer.values[: self.master.count], answer.objective
            if state.gap <= gap or state.bound > stop_above:
                state.status = "optimal"
                return
            if self._late():
                state.status = "feasible" if state.best is not None else "failed"
                return
            before = state.cost
            cost = self._try(state, trial)
            asked, ask = ask, before - promise < 0.5 * gap * abs(before)
            if not asked:
                gained = (before - cost) / max(before - promise, 1e-9) if np.isfinite(before) else 1.0
                box.grow(1.6 if gained > 0.5 else 1.0 if gained > 0.05 else 0.6)
            elif ask is False and cost < before:
                box.grow(1.5)
            state.iterations += 1
            self._tell(state, phase)

    def _try(self, state: State, trial: np.ndarray) -> float:
        """Solve the years at a trial, keep the cuts, and give the cost."""
        cuts = self.years.cuts(self.master.points_of(trial))
        self.master.add_cuts(cuts)
        cost = self.master.total(trial, cuts)
        if cost < state.cost:
            state.best, state.cost = trial.copy(), cost
            state.missing = max(cut.missing for cut in cuts.values())
            state.known = np.concatenate([trial, [cut.value for cut in cuts.values()]])
        return cost

    def _late(self) -> bool:
        return self.limits.seconds is not None and time.perf_counter() - self.began > self.limits.seconds

    def _tell(self, state: State, phase: str) -> None:
        state.history.append((state.bound, state.cost, state.gap))
        seconds = time.perf_counter() - self.began
        bound = f"{state.bound:,.0f}" if np.isfinite(state.bound) else "none yet"
        gap = f"{state.gap:.3%}" if np.isfinite(state.gap) else "open"
        self.say(f"{phase} {state.iterations}: bound {bound}, best {state.cost:,.0f}, gap {gap}, {seconds:.1f} s")
