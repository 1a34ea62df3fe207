r"""The decomposed method: Benders decomposition with one cut for each year and iteration, stabilised by a level set.

.. math:: \min_{x \in X}\; c \cdot x + \sum_y \delta_y Q_y(x_y)

x are the decisions over all years, some of them integer; :math:`Q_y`, the least operating cost of a year (`YearSet`), is convex in
its linking variables :math:`x_y`. One iteration (`_Search._converge`):

1. The optimum of the master (`master`), which has cuts in place of Q, is a lower bound.
2. A trial point is chosen (`level_set`).
3. The years are solved there (`trials`): their cuts go to the master, the cost of the trial is an upper bound.

The phases, and how each may end (`End`):

1. Linear: integers relaxed, until a share of the gap is reached. If its share of the time is over first and there is no plan, one
   is made from the incumbent (`repair`).
2. Phase 1 (`phase1`), only if more penalty is paid for slack than the gap explains. Ends with the proof that slack cannot be
   avoided (infeasible), or with a point without slack. From there on points with slack are cut off by feasibility cuts.
3. Integers: they are rounded (`rounding`) and fixed, and iterations go on with the continuous decisions; then branch and bound of
   the master proposes other integers, until the gap holds. Where there are many integers, it searches a neighbourhood first
   (`local_search`); where there are very many, the large orders first, then the neighbourhood only, as long as that improves the
   plan clearly.
4. Extreme-point polishing (`polishing`), if there is no plan within the gap yet: near the incumbent, a point without slack.
5. If there is no plan within the gap yet: 1 and 3 again with feasibility cuts; before that, if there is no plan at all, phase 1
   with integers.
6. Of plans of equal cost, the one with the fewest orders (`fewest_orders`).

Every trial with whole integers and without slack is a plan. The best plan is the result, whatever happens later: optimal if the
lower bound is within the gap of its cost, else feasible. A phase also ends when neither bound improves, or after the most
iterations. Raises SolverError where HiGHS gives no answer, and Stopped once the watch in force is over; the plan so far is then
kept.

δ  discount of a year
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.solve.benders.fewest_orders import with_fewest_orders
from planner.solve.benders.level_set import RADIUS, LevelSet
from planner.solve.benders.local_search import LocalSearch
from planner.solve.benders.master import Master
from planner.solve.benders.phase1 import Phase1
from planner.solve.benders.polishing import Polishing
from planner.solve.benders.repair import complete
from planner.solve.benders.state import COMMON, End, State
from planner.solve.benders.trials import Say, Trials
from planner.solve.handover.matrix import INFINITY
from planner.solve.rounding.rounding import Rounding
from planner.solve.whole.whole import Limits
from planner.solve.year.subproblem import YearSet

#: Shares of the gap at which the linear phase ends, and a solve with fixed integers. The latter and the half of the gap at which
#: branch and bound of the master ends add up to less than the gap, so integers that are proposed a second time are within the gap.
RELAXED, REST = 0.6, 0.4
#: The first where integers are too many to search all of them: they leave more than that between plan and bound.
RELAXED_OF_MANY = 1.5
#: Share of the time limit after which the linear phase ends.
LINEAR_SHARE = 0.7
#: If the gap has not fallen below `SLOW` times its value in `STALLED` iterations, the next trials are optima of the master instead
#: of interior points; after twice as many iterations the phase ends. It also ends after `MOST` iterations in all.
STALLED, SLOW, MOST = 25, 0.98, 1000
#: Most proposals of whole numbers of large orders, and how near the bound their cost ends them, as a multiple of the gap.
LARGE_TIMES, LARGE_GAP = 3, 3.0
#: Seconds of one branch and bound of the master; most integers tried, and how often the same may be proposed.
MASTER_SECONDS, WHOLES, REPEATS = 30.0, 200, 3
#: A proposal is of use if it closes at least this share of the distance between the best cost and the bound.
USEFUL = 0.1
#: Proposals of no use in a row after which the search ends where integers are too many to search: where the best is within `COMMON`
#: of the bound, and where it is not.
TIRED, PATIENT = 1, 3
#: Most times that other integers are proposed in place of some that are proven to need slack.
OTHERS = 4
#: A point that costs less than a plan by no more than this share of the gap asked for, or of what integers leave, is no better.
ALIKE = 0.1
#: If most of the cost of the first point is penalty, the linear phase pauses at this gap, and phase 1 is asked first.
COARSE = 0.02
#: Factor by which the penalty is raised once phase 1 has found that no slack is needed.
RAISED = 20.0


def solve_decomposed(
    master: Master,
    years: YearSet,
    limits: Limits,
    say: Say,
    start: np.ndarray | None = None,
    rounding: Rounding | None = None,
    plan: State | None = None,
    is_near: bool = False,
    known: np.ndarray | None = None,
) -> State:
    """The optimum within the gap or the time limit.

    start     a point of the master to start from: the first trial, and the centre of the trust region
    rounding  whole integers near a relaxed point; without it integers stay relaxed and slack may be left, which is enough to find a
              point for another solve to start from
    plan      filled with the best plan, which is there also where Stopped is raised
    is_near   True if `start` is near the optimum even where it has much slack, so that there is a trust region
    known     a point that is a plan here, too, such as that of a plan with stricter rules: the incumbent to begin with

    Where the result is infeasible, its incumbent is the point with the least penalty found.
    """
    trials = Trials(master, years, limits, say, State(status="feasible") if plan is None else plan, rounding is not None)
    if known is not None:
        trials.tell(trials.at(State(), known), "known", is_bound=False)
    return _Search(trials, rounding, is_near).solve(start)


class _Search:
    """The phases of one solve."""

    def __init__(self, trials: Trials, rounding: Rounding | None, is_near: bool = False) -> None:
        self.trials, self.rounding, self.is_near = trials, rounding, is_near
        self.master, self.limits, self.plan = trials.master, trials.limits, trials.plan
        self.level = LevelSet(self.master, self.limits.gap)
        self.has_integers = rounding is not None and len(self.master.integers) > 0
        self.local = LocalSearch(trials, rounding)
        #: Proposals of no use in a row.
        self.useless = 0

    def solve(self, start: np.ndarray | None) -> State:
        """See `_phases`. Whatever ends them, integers are free and the penalty is what it was afterwards."""
        try:
            return self._phases(start)
        finally:
            self.master.unfix()
            self.trials.raise_penalty(1.0 / self.trials.penalty_factor)

    def _phases(self, start: np.ndarray | None) -> State:
        """All phases; returns the best plan, or a state without one that is infeasible or failed."""
        state = self._linear(start)
        if self.rounding is None:
            state.status = "optimal" if state.end is End.GAP else "feasible"
            return state
        if state.end is End.TIME and self.plan.best is None and state.best is not None:
            complete(self.trials, state.best, self.rounding)
        if state.end is End.EMPTY or state.has_needless_slack:
            reached = self._reach(state, whole=False)
            if not reached:
                return self._without(state)
            state = self._linear(state.best)
        short = state if state.best is not None else None
        state = self._whole(state)
        polishing = Polishing(self.trials)
        if not self._is_done and state.best is not None and not state.has_needless_slack and not self._is_settled(state):
            state = self._polished(state, polishing)
        if not self._is_done and not self.trials.late() and not self._is_settled(state):
            if self.plan.best is None and not self._reach(state, whole=True):
                return self._without(state if state.best is not None or short is None else short)
            self.trials.strict = True
            state = self._again(state, short)
        if self.has_integers:
            with_fewest_orders(self.trials, *self.local.fewer(self.plan.best))
        polishing.drop_tiny_orders()
        return self._ended(state)

    @property
    def _is_done(self) -> bool:
        return self.plan.best is not None and self.plan.is_within(self.limits.gap)

    def _is_settled(self, state: State) -> bool:
        """True if there is a plan, no point is known to be clearly cheaper, and it is integers that keep it from the gap."""
        more = ALIKE * max(self.limits.gap * abs(state.cost), state.cost - self.plan.bound)
        return self.has_integers and self.local.is_many and self.plan.best is not None and self.plan.cost <= state.cost + more

    def _ended(self, state: State) -> State:
        """The best plan with its status and why the search ended; a failed state where there is none."""
        if self.plan.best is None:
            return State(status="failed", bound=self.plan.bound, end=state.end)
        self.plan.status = "optimal" if self._is_done else "feasible"
        self.plan.end = End.GAP if self._is_done else state.end
        self.plan.iterations, self.plan.history = self.trials.count, state.history
        return self.plan

    def _without(self, state: State) -> State:
        """What phase 1 ends with: the plan if there is one, else a state that is infeasible if that is proven, or failed."""
        if self.plan.best is not None:
            return self._ended(state)
        state.status = "infeasible" if self.is_proven else "failed"
        return state

    def _polished(self, state: State, polishing: Polishing) -> State:
        """Extreme-point polishing; where the integers are proven to need slack, of other integers, which the master proposes under
        the feasibility cuts found. Returns the state of the integers polished last."""
        for _ in range(OTHERS):
            if polishing.polish(state, self._is_settled) or not self.local.is_many or self.trials.late():
                break
            assert state.best is not None
            self.trials.say("the integers need slack; others are sought")
            self.master.keep_cuts()
            whole = self.local.first(np.round(state.best[self.master.integers]))
            if whole is None:
                break
            other = State(bound=state.bound, history=state.history, end=state.end)
            self._with_integers(other, whole, state, INFINITY, REST * self.limits.gap)
            if other.best is None:
                break
            state = other
        return state

    def _again(self, state: State, short: State | None) -> State:
        """The phases of a search once more, with the feasibility cuts found.

        Where there are many integers it is these that keep the plan from the gap, and the linear phase is not repeated: the relaxed
        optimum under the cuts is near the one before, and far from the point that phase 1 found.
        """
        if not self.local.is_many or short is None:
            return self._whole(self._linear(state.best if self.plan.best is None else self.plan.best))
        if self.plan.best is None and state.best is not None:
            self.trials.tell(self.trials.at(State(bound=self.plan.bound), state.best), "without slack", is_bound=False)
        return self._whole(short)

    # --- phases -------------------------------------------------------------------------------------------------------

    def _linear(self, start: np.ndarray | None) -> State:
        """The linear phase: integers relaxed, to `RELAXED` of the gap, or to nearly all of it where there are no integers."""
        self.master.solver.relax(True)
        state = State()
        if start is not None:
            self.trials.at(state, start)
            self.level.radius = RADIUS if self.is_near or not state.is_mostly_penalty else 0.0
        share, gap = (LINEAR_SHARE, RELAXED) if self.has_integers else (1.0, 0.9)
        gap = RELAXED_OF_MANY if self.has_integers and self.local.is_too_many else gap
        phase, gap = "relaxed" if self.has_integers else "linear", gap * self.limits.gap
        if self.rounding is not None and not self.trials.strict and state.is_mostly_penalty and gap < COARSE:
            self._converge(state, COARSE, phase, share=share)  # phase 1 tells whether more is of any use
            if state.end is not End.GAP or state.has_needless_slack:
                return state
        self._converge(state, gap, phase, share=share)
        return state

    def _reach(self, state: State, whole: bool) -> bool:
        """Phase 1 from the incumbent; False where slack cannot be avoided, or where there is no answer.

        Otherwise the incumbent is then a point without slack, and from now on only such points are candidates.
        """
        start = np.zeros(self.master.count) if state.best is None else state.best
        phase = Phase1(self.master, self.trials.years)
        found = phase.reach(self.master.within(start), whole, self.trials.late, self.trials.say)
        self.is_proven = found.is_possible is False
        if found.point is None:
            return False
        self.trials.strict = True
        self.trials.raise_penalty(RAISED)
        state.best = found.point
        return True

    def _whole(self, linear: State) -> State:
        """The integer phase: integers near the relaxed optimum, then those that the master proposes, until the gap holds."""
        if not self.has_integers or linear.best is None:
            return linear
        best, gap = State(bound=linear.bound, history=linear.history, end=End.LIMIT), self.limits.gap
        self.master.keep_cuts()
        self.local.begin()
        whole = self._first_whole(linear)
        best.bound = max(best.bound, self.plan.bound)
        seen: dict[bytes, int] = {}
        self.useless = 0
        # Rounded integers whose bound is above this cannot be within the gap: others are proposed at once, unless there are many.
        worst = INFINITY if self.local.is_many or linear.end is not End.GAP else linear.bound + gap * abs(linear.bound)
        for _ in range(WHOLES):
            times, before = seen.get(whole.tobytes(), 0) + 1, best.cost
            seen[whole.tobytes()] = times
            self._with_integers(best, whole, linear if best.best is None else best, min(worst, best.cost), REST * gap / times)
            worst = INFINITY
            self.master.keep_cuts()
            end = End.STALLED if self._is_stuck(best, before) else self._propose(best)
            if end is not None:
                best.end = end
                break
            whole = np.round(self.proposed)
            if seen.get(whole.tobytes(), 0) >= REPEATS:
                best.end = End.STALLED
                break
        return best

    def _first_whole(self, linear: State) -> np.ndarray:
        """Whole numbers to begin with: those of the point if they are, else it is rounded; where there are many the master mends
        what the rounding breaks."""
        assert self.rounding is not None and linear.best is not None
        integers = linear.best[self.master.integers]
        if np.abs(integers - np.round(integers)).max() < 1e-6:
            return np.round(integers)
        near = self.rounding(linear.best)
        mended = None if self.local.is_wide else self.local.first(near, self._large_orders(linear))
        return near if mended is None else mended

    def _large_orders(self, linear: State) -> np.ndarray | None:
        """A point with whole numbers of the large orders, all others relaxed: those that the master proposes, and others under the
        cuts found there, until what they cost is near the bound; None where there are none."""
        best, known, tried = State(), None, None
        for _ in range(LARGE_TIMES):
            decided = self.local.large_orders(known)
            self.plan.bound = max(self.plan.bound, self.local.bound)
            if decided is None or self.trials.late(LINEAR_SHARE):
                break
            whole = np.round(decided[self.master.integers])
            if tried is not None and np.array_equal(whole[self.local.large], tried):
                break
            tried, inner = whole[self.local.large], State(history=linear.history)
            self.master.fix(whole, self.local.large)
            self._converge(inner, self.limits.gap, "large", best.cost, linear, is_bound=False)
            self.master.unfix()
            if inner.best is not None and inner.cost < best.cost:
                best.take(inner)
            known = best.best
            if known is None or best.cost - self.plan.bound <= LARGE_GAP * self.limits.gap * abs(best.cost):
                break
        self.master.keep_cuts()
        return best.best

    def _propose(self, best: State) -> End | None:
        """Whole numbers that the master prefers, and a bound where it looks among all of them; why there is nothing more to try,
        where that is so."""
        if best.is_within(self.limits.gap):
            return End.GAP
        if self.trials.late():
            return End.TIME
        known = None if best.best is None else best.best[self.master.integers]
        if not self.local.is_wide:
            proposed = self.local.first(None) if known is None else self.local.improved(known)
            if proposed is not None:
                self.proposed = proposed
                return None
            self.local.widen()
        answer = self.master.solve_whole_numbers(known, self.limits.gap / 2, self.trials.seconds_left(MASTER_SECONDS))
        if np.isfinite(answer.bound):
            best.bound = max(best.bound, answer.bound)
            self.plan.bound = max(self.plan.bound, answer.bound)
        if not answer.has_point:
            return End.EMPTY if answer.status.startswith("infeasible") else End.FAILED
        self.proposed = answer.values[self.master.integers]
        return End.GAP if best.is_within(self.limits.gap) else None

    def _is_stuck(self, best: State, before: float) -> bool:
        """True if the last proposals were of little use where all integers are too many to search; where they are not, all of them
        are searched from now on.

        The cuts of a proposal of no use make the next one better: `PATIENT` of them are tried as long as the gap is above `COMMON`.
        """
        is_of_use = best.best is None or before - best.cost > USEFUL * (best.cost - best.bound)
        if not self.local.is_many or is_of_use or best.is_within(self.limits.gap):
            self.useless = 0
            return False
        if not self.local.is_too_many:
            return not self.local.widen()
        self.useless += 1
        return self.useless >= (TIRED if best.is_within(COMMON) else PATIENT)

    def _with_integers(self, best: State, whole: np.ndarray, near: State, worst: float, gap: float) -> None:
        """Solve with these integers fixed; `near`: incumbent with other integers, centre of the trust region at first."""
        self.master.fix(whole)
        inner = State(history=best.history)
        self._converge(inner, gap, "whole", worst, near, is_bound=False)
        self.master.unfix()
        if inner.best is not None and inner.cost < best.cost:
            best.take(inner)

    def _converge(
        self, state: State, gap: float, phase: str, stop_above: float = INFINITY, near: State | None = None,
        share: float = 1.0, is_bound: bool = True,
    ) -> None:  # fmt: skip
        """Iterations of one phase until one of its ends, see `_end_of`; `is_bound`: the bound of the phase is one of the whole
        solve."""
        pace = _Pace()
        while True:
            lowest = self.master.lowest()
            if lowest.status != "optimal":
                state.end = End.EMPTY if lowest.status.startswith("infeasible") else End.FAILED
                return
            state.bound = max(state.bound, lowest.bound)
            if is_bound:
                self.plan.bound = max(self.plan.bound, state.bound)
            pace.note(state)
            end = self._end_of(state, gap, stop_above, pace, share)
            if end is not None:
                state.end = end
                return
            likely = state if near is None or state.best is not None else near
            trial = lowest.values if pace.is_slow else self.level.next(state, lowest, likely)
            pace.tried(trial)
            self.trials.at(state, trial)
            self.trials.tell(state, phase, is_bound)

    def _end_of(self, state: State, gap: float, stop_above: float, pace: _Pace, share: float) -> End | None:
        """Why a phase ends now; None to go on."""
        if state.is_within(gap):
            return End.GAP
        if state.bound > stop_above:
            return End.ABOVE
        if pace.since > 2 * STALLED:
            return End.STALLED
        if pace.turns > MOST:
            return End.LIMIT
        return End.TIME if state.best is not None and self.trials.late(share) else None


@dataclass
class _Pace:
    """Iterations of a phase, and how many since the gap (the bound, before there is a gap) last improved clearly."""

    turns: int = 0
    since: int = 0
    left: float = INFINITY
    bound: float = -INFINITY
    last: np.ndarray | None = None

    def tried(self, trial: np.ndarray) -> None:
        """Note a trial; the same as the one before gives no new cut, and counts as `STALLED` iterations."""
        if self.last is not None and self.since and np.allclose(trial, self.last, rtol=1e-12, atol=1e-12):
            self.since += STALLED
        self.last = trial

    def note(self, state: State) -> None:
        """One more iteration."""
        left = state.cost - state.bound
        is_better = left < SLOW * self.left if np.isfinite(left) else state.bound > self.bound + 1e-9 * abs(state.bound)
        self.turns += 1
        self.since = 0 if is_better else self.since + 1
        if is_better:
            self.left, self.bound = left, state.bound

    @property
    def is_slow(self) -> bool:
        """True once interior points of the level set do not improve anything any more."""
        return self.since > STALLED
