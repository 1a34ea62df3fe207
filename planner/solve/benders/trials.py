"""Trials of the decomposed method: the years are solved at a point, their cuts go to the master, the best plan is kept.

`Trials.evaluate`, at a point x:

1. Every year is solved, exactly or as closely as the bounds of the search need (`INEXACT`): optimality cuts to the master (none
   where the years are of full days, which the master does not search), and the cost of x, an upper bound, with its slack.
1b. Operations with a unit out are solved (`OutageCuts`): unserved energy is slack at the penalty of the year, and gives rows to
   the master, which every plan keeps.
2. Where slack is not allowed (at any cost once `forbid_slack` is called, above a cost in `slack_forbidden_above`), a point with it
   has no cost (infinite). Its feasibility cuts go to the master; where no slack is needed and the penalty was only too low, the
   year is solved again without slack.
3. x becomes the incumbent of its phase if it costs less. It becomes the plan if it costs less than the best plan so far, its
   integers are whole, it has no slack, and it satisfies the rows of the master.

Returns a `Trial`. Raises SolverError where HiGHS gives no answer, and Stopped once the watch in force is over.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

import numpy as np

from planner.language.message import Message
from planner.language.words import BEST, LEAST_SO_FAR, NO_BEST, NO_BOUND, TRIAL, Sign, phase
from planner.solve.benders.master import Master
from planner.solve.handover.matrix import INFINITY
from planner.solve.whole.whole import Limits, Say
from planner.solve.year.subproblem import SLACK_TOLERANCE, Cut, YearSet

# --- bounds ----------------------------------------------------------------------------------------------------------------
# What a search knows: its trials, its incumbent, whose cost is the upper bound, and the lower bound; and how it ends.

#: Absolute gap at which the bounds count as equal: this share of the largest item of the cost, or of 1 money if that is more.
ABSOLUTE = 1e-6
#: A gap that is good where integers are too many to search all of them.
ACCEPTABLE_GAP = 0.01

#: A year whose least total slack (scaled) is no more than this gives no feasibility cut.
NO_CUT = 1e-3 * SLACK_TOLERANCE
#: A goal is unlikely to be met where the penalty is more than this share of penalty and other cost, each without its sign.
MOSTLY_PENALTY = 0.5


class End(Enum):
    """Why a phase ended.

    GAP         the gap holds
    CUTOFF      its lower bound is above the cutoff: what is known elsewhere is better
    STALLED     neither bound improves
    LIMIT       the most iterations
    TIME        the time is over
    INFEASIBLE  no decision satisfies the rows of the master
    FAILED      HiGHS gave no answer
    """

    GAP = "gap"
    CUTOFF = "cutoff"
    STALLED = "stalled"
    LIMIT = "limit"
    TIME = "time"
    INFEASIBLE = "infeasible"
    FAILED = "failed"


@dataclass(frozen=True)
class Trial:
    """A point of the master at which the years were solved.

    point         values of the master's columns
    cost          system cost, with the penalty of slack; infinite where slack is not allowed and the point has some   money
    slack         its largest slack, as `Cut.slack`                       1
    penalty       the part of the cost that is penalty of slack           money
    operation     solution of each year, as `YearSet.operation` returns it (y)
    largest_item  size of the largest single item of the cost             money

    A trial that did not cost less than the incumbent of its phase has neither of the last two.
    """

    point: np.ndarray
    cost: float
    slack: float = 0.0
    penalty: float = 0.0
    operation: Mapping[int, Any] = field(default_factory=dict)
    largest_item: float = 0.0

    @property
    def has_slack(self) -> bool:
        """True if it has more slack than a plan may have."""
        return self.slack > SLACK_TOLERANCE

    @property
    def is_mostly_penalty(self) -> bool:
        """True if most of the cost is penalty: the goal is out of reach, or the point is far from any plan."""
        return self.penalty > MOSTLY_PENALTY * (abs(self.cost - self.penalty) + self.penalty)


@dataclass
class Bounds:
    """Upper and lower bound of a phase, or of a whole solve.

    incumbent  the trial that costs least so far, of a phase perhaps with slack or fractions, of a whole solve the best plan; None
               before the first
    bound      lower bound    money
    """

    incumbent: Trial | None = None
    bound: float = -INFINITY

    @property
    def cost(self) -> float:
        """Cost of the incumbent, the upper bound; infinite without one."""
        return INFINITY if self.incumbent is None else self.incumbent.cost

    @property
    def point(self) -> np.ndarray | None:
        """The incumbent's values of the master's columns."""
        return None if self.incumbent is None else self.incumbent.point

    @property
    def gap(self) -> float:
        """Relative gap between the bounds."""
        return (self.cost - self.bound) / max(abs(self.cost), 1e-9) if np.isfinite(self.cost) else INFINITY

    def is_within(self, gap: float) -> bool:
        """True if the bounds are within the relative gap, or within the absolute one."""
        largest = 0.0 if self.incumbent is None else self.incumbent.largest_item
        return self.gap <= gap or self.cost - self.bound <= ABSOLUTE * max(largest, 1.0)

    @property
    def has_unexplained_slack(self) -> bool:
        """True if the incumbent pays more penalty than the gap explains: the penalty is too low, or slack cannot be avoided.

        If the penalty is at least twice the exact one (that at which an optimum has no slack), a point within g of the optimum pays
        at most 2 g of penalty.
        """
        best = self.incumbent
        return best is not None and best.has_slack and best.penalty > 2.0 * (self.cost - self.bound) + 1e-9 * abs(self.cost)

    @property
    def is_mostly_penalty(self) -> bool:
        """True if there is an incumbent and most of its cost is penalty."""
        return self.incumbent is not None and self.incumbent.is_mostly_penalty

    def offer(self, trial: Trial | None) -> None:
        """Make a trial the incumbent if it costs less."""
        if trial is not None and trial.cost < self.cost:
            self.incumbent = trial


@dataclass
class Phase(Bounds):
    """The bounds of a phase, and why it ended."""

    end: End = End.FAILED


@dataclass
class Result(Bounds):
    """What a solve ends with.

    incumbent   the best plan; where the goal cannot be met, the point with the least penalty found
    bound       lower bound of what any plan costs   money
    status      optimal, feasible (a plan that is not proven within the gap), infeasible, failed
    end         why the last phase ended
    trials      how many were made
    """

    status: str = "failed"
    end: End = End.FAILED
    trials: int = 0

    @property
    def is_stalled(self) -> bool:
        """True if the last phase ended because its bounds did not improve any more."""
        return self.end is End.STALLED

    @classmethod
    def of(cls, bounds: Bounds, status: str, end: End = End.FAILED, trials: int = 0) -> Result:
        """The result with these bounds."""
        return cls(bounds.incumbent, bounds.bound, status, bounds.end if isinstance(bounds, Phase) else end, trials)

    @classmethod
    def stopped(cls, overall: Bounds) -> Result:
        """The result of a solve that was stopped: the best plan so far, if there is one."""
        return cls.of(overall, "failed" if overall.incumbent is None else "feasible")


# --- trials ----------------------------------------------------------------------------------------------------------------

#: Progress shown at most (share of 1) as long as there is no plan, only a relaxed solution.
PROGRESS_WITHOUT_PLAN = 0.8
#: Where years are not solved exactly, the cost of a trial may be above its cuts by this share of the smallest gap (money) between
#: upper and lower bound so far (inexact cuts; Zakeri, Philpott and Ryan, 2000).
INEXACT = 0.1
#: Integrality tolerance.
NEARLY_WHOLE = 1e-6


class Trials:
    """All trials of one solve.

    overall the bounds of the whole solve: its incumbent is the best plan. After `scale_penalty` or a restriction to points without
            slack its lower bound holds for points without slack only
    count   number of trials
    most_with_slack  a trial that has slack and costs more than this is no candidate, and is cut off by feasibility cuts   money
    penalty_factor  factor on the penalty of slack
    """

    def __init__(self, master: Master, years: YearSet, limits: Limits, say: Say, overall: Bounds, wants_plan: bool) -> None:
        """`wants_plan`: the search goes on beyond the time limit as long as there is no plan, see `late`."""
        self.master, self.years, self.limits, self.say, self.overall = master, years, limits, say, overall
        self.wants_plan = wants_plan
        self.began = time.perf_counter()
        self.count = 0
        self.most_with_slack = INFINITY
        self.penalty_factor = 1.0
        #: Smallest difference of upper and lower bound in any phase so far   money
        self.nearest = INFINITY

    @property
    def forbids_slack(self) -> bool:
        """True if no point with slack is a candidate, whatever it costs."""
        return self.most_with_slack == -INFINITY

    def forbid_slack(self) -> None:
        """From now on no point with slack is a candidate."""
        self.most_with_slack = -INFINITY

    def evaluate(self, point: np.ndarray, phase: Bounds | None = None) -> Trial:
        """Solve the years at a point; the phase takes the trial as its incumbent if it costs less."""
        point = self.master.within(point)
        points = self.master.points_of(point)
        bounds = self.overall if phase is None else phase
        self.nearest = min(self.nearest, max(0.0, bounds.cost - bounds.bound))
        self.years.allow(INEXACT * self.nearest)
        cuts = self.years.cuts(points)
        if self.years is self.master.years:  # else they are of full days, which the master does not search
            self.master.cuts.add(cuts)
        self.count += 1
        cost, slack = self.master.system_cost(point, cuts), max((cut.slack for cut in cuts.values()), default=0.0)
        if cost > self.most_with_slack and slack > SLACK_TOLERANCE:
            cost, slack = self._without_slack(point, points, cuts, slack)
        short = self.master.outages.add_rows_at(point)
        paid = self.penalty_factor * short.penalty
        if short.most > SLACK_TOLERANCE:
            cost = INFINITY if self.forbids_slack else cost + paid
            slack = max(slack, short.most)
        trial = Trial(point, cost, slack, self.master.penalty_of(cuts) + paid)
        if cost < (INFINITY if phase is None else phase.cost):
            largest = max(self.master.largest_term(point), self.years.largest_term())
            trial = replace(trial, operation=dict(self.years.operation()), largest_item=largest)
            if phase is not None:
                phase.incumbent = trial
            self._keep(trial)
        return trial

    def add_cuts(self, point: np.ndarray, years: Sequence[int], has_outages: bool) -> None:
        """Cuts of some years at a point, and rows of operations with a unit out where that is asked for; no upper bound."""
        point = self.master.within(point)
        points = self.master.points_of(point)
        self.master.cuts.add(self.years.cuts({y: points[y] for y in years}))
        if has_outages:
            self.master.outages.add_rows_at(point)

    @contextmanager
    def slack_forbidden_above(self, cost: float) -> Iterator[None]:
        """As long as it lasts, a trial that has slack and costs more than that (money) is no candidate: its feasibility cuts go to
        the master, so that no like trial is made."""
        before = self.most_with_slack
        self.most_with_slack = min(before, cost)
        try:
            yield
        finally:
            self.most_with_slack = before

    def _without_slack(
        self, point: np.ndarray, points: dict[int, np.ndarray], cuts: dict[int, Cut], slack: float
    ) -> tuple[float, float]:
        """Cost and slack of a point with slack, where none is allowed: infinite, and feasibility cuts; or its cost without slack,
        where that is not needed. `cuts` are then those without slack."""
        least = self.years.least_slacks({y: points[y] for y, cut in cuts.items() if cut.slack > 0})
        self.master.cuts.add_feasibility((y, cut) for y, cut in least.items() if cut.value > NO_CUT)
        if max(cut.slack for cut in least.values()) > SLACK_TOLERANCE:
            return INFINITY, slack
        without = self.years.cuts_without_slack({y: points[y] for y in least})  # the penalty was too low
        if self.years is self.master.years:
            self.master.cuts.add(without)
        cuts |= without
        slack = max(cut.slack for cut in cuts.values())
        return self.master.system_cost(point, cuts) if slack <= SLACK_TOLERANCE else INFINITY, slack

    def is_plan(self, trial: Trial) -> bool:
        """True if its integers are whole, it has no slack, and it keeps to the master's rows, which interior points may break.

        The rows hold with the integers rounded, too: a millionth of a yes may allow a millionth of a large order, which its rounded
        no does not.
        """
        integers = trial.point[self.master.integers]
        whole = np.round(integers)
        if np.abs(integers - whole).max(initial=0.0) >= NEARLY_WHOLE or trial.has_slack or self.master.breaks_rows(trial.point):
            return False
        rounded = trial.point.copy()
        rounded[self.master.integers] = whole
        return not self.master.breaks_rows(rounded)

    def _keep(self, trial: Trial) -> None:
        """The trial is the plan if it is one and costs less."""
        if trial.cost < self.overall.cost and self.is_plan(trial):
            self.overall.incumbent = trial

    def attempt(self, point: np.ndarray, name: str) -> Trial:
        """A trial of its own, outside of the iterations of a phase, with its log line."""
        trial = self.evaluate(point)
        self.log(Bounds(trial, self.overall.bound), name, bound_is_global=False)
        return trial

    def scale_penalty(self, factor: float) -> None:
        """Multiply the penalty of slack. Cuts found before stay lower bounds of the cost of points without slack, so of plans."""
        self.years.set_variant(replace(self.years.variant, penalty_factor=self.years.variant.penalty_factor * factor))
        self.penalty_factor *= factor

    @contextmanager
    def penalty_of_at_least(self, factor: float) -> Iterator[None]:
        """Raise the penalty of slack to at least `factor` times its first value, for the duration of the context."""
        before = self.penalty_factor
        if before < factor:
            self.scale_penalty(factor / before)
        try:
            yield
        finally:
            if self.penalty_factor != before:
                self.scale_penalty(before / self.penalty_factor)

    def late(self, share: float = 1.0) -> bool:
        """True once that share of the time limit is over.

        Where a plan is wanted and there is none yet, the whole time limit (share 1) is never over here: the search goes on, until
        the watch in force ends the run.
        """
        if self.limits.seconds is None or (share == 1.0 and self.wants_plan and self.overall.incumbent is None):
            return False
        return time.perf_counter() - self.began > share * self.limits.seconds

    def seconds_left(self, most: float) -> float:
        """Seconds left for a piece of work: at least 1, at most `most`."""
        if self.limits.seconds is None:
            return most
        return min(most, max(1.0, self.limits.seconds - (time.perf_counter() - self.began)))

    def log(self, bounds: Bounds, name: str, bound_is_global: bool = True) -> None:
        """Log line of a trial: lower bound, incumbent of the phase or the plan if that costs less, and gap.

        name    of the phase
        bound_is_global  True if the lower bound of the phase is one of the whole solve
        """
        shown = self.overall if np.isfinite(self.overall.cost) and bounds.cost >= self.overall.cost else bounds
        known = bounds.bound if bound_is_global else self.overall.bound
        bound = f"{known:,.0f}" if np.isfinite(known) else Message(NO_BOUND)
        best = Message(BEST if shown is self.overall else LEAST_SO_FAR, cost=f"{shown.cost:,.0f}")
        best = best if np.isfinite(shown.cost) else Message(NO_BEST)
        seconds = f"{time.perf_counter() - self.began:.1f}"
        told = Message(TRIAL, phase=phase(name), count=self.count, bound=bound, best=best, seconds=seconds)
        self.say(Sign(told, self._done(_gap(shown.cost, known)), _gap(self.overall.cost, known)))

    def _done(self, gap: float | None) -> float:
        """Share of the way from a gap of 1 to the one asked for, by its logarithm; without a plan yet at most PROGRESS_WITHOUT_PLAN
        of it."""
        wanted = max(self.limits.gap, 1e-9)
        if gap is None or wanted >= 1:
            return 0.0
        share = np.log(min(max(gap, wanted), 1.0)) / np.log(wanted)
        return float(share if np.isfinite(self.overall.cost) else PROGRESS_WITHOUT_PLAN * share)


def _gap(cost: float, bound: float) -> float | None:
    """How far a cost is above the bound, as a share of it; None where one of them is not known."""
    return (cost - bound) / max(abs(cost), 1e-9) if np.isfinite(cost) and np.isfinite(bound) else None
