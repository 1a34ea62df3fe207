"""The integer phase: branch and bound of the master proposes whole numbers, iterations with these fixed give cuts, and again.

1. Branch and bound over the large integers, all others relaxed (relax and fix: Pochet and Wolsey, "Production planning by mixed
   integer programming", 2006), to a gap (ε-optimal master; Geoffrion and Graves, "Multicommodity distribution system design by
   Benders decomposition", 1974). Its bound is one of the whole solve. Few integers (up to `MANY`) are all large; of many those of
   technologies of which the least order costs much, of measures that do, and of tariff schemes: they are few, and they keep plans
   from the relaxed optimum.
2. These are fixed, and iterations decide the rest. Where their lower bound shows that no plan with these numbers is within the gap,
   branch and bound proposes others, with the cuts found (`PROPOSALS` times).
3. Of many integers: branch and bound at its root node over the others, of what is ordered in 2 (an RENS by technology; Berthold,
   "RENS: the relaxation enforced neighborhood search", 2014). They are fixed, too, and iterations decide the rest; with these cuts
   again, `SMALL_ROUNDS` times.
4. The gap holds, or 1 again under all cuts, as long as a round is of use. Where all integers can be searched (up to
   `MOST_SEARCHED`) all are large then.

Iterations with all integers fixed pay a higher penalty of slack (`WHOLE_PENALTY_FACTOR`); a trial whose slack makes it dear
(`DEAR_FOR_SLACK`) is cut off by feasibility cuts at once. They end at `FIXED_SHARE` of the gap, branch and bound over all integers
at `BRANCHING_SHARE` of it; together less than 1, so an assignment that is proposed again is optimal within the gap.

Returns the bounds of the phase, why it ended, and its incumbent. Raises SolverError where HiGHS gives no answer, and Stopped once
the watch in force is over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
from pyomo.core import ConcreteModel

from models.families import FOLLOWING, INTEGERS_OF_ASSETS, OF_EXISTING, OF_ORDERS, OF_RETIREMENTS
from models.inputs import EXISTING, Inputs
from planner.solve.benders.iterations import Iterations
from planner.solve.benders.master import Master
from planner.solve.benders.trials import Bounds, End, Phase, Trial
from planner.solve.handover.matrix import INFINITY, Matrix
from planner.solve.handover.solver import NO_LIMIT, Answer
from planner.solve.rounding.rounding import Rounding
from planner.solve.whole.whole import in_whole_numbers

# --- branch and bound ------------------------------------------------------------------------------------------------------
# Branch and bound over the integers of the master under the cuts found, by HiGHS: all of them, or some with the others fixed or
# relaxed.
#
# Returns HiGHS's answer, whose values are those of the columns of the master. Raises Stopped once the watch in force is over.

#: Heuristics of HiGHS that are off in searches of several nodes: they take half of the time there and find nothing better. They
#: are on in a search that ends at its root node, where a first assignment is wanted.
SLOW_HEURISTICS = "mip_heuristic_run_rens", "mip_heuristic_run_root_reduced_cost"


def branch_and_bound(
    master: Master,
    start: np.ndarray | None,
    gap: float,
    seconds: float,
    fixed: np.ndarray | None = None,
    nodes: int = 1,
    relaxed: np.ndarray | None = None,
) -> Answer:
    """The least-cost assignment of the integers.

    start    an assignment for a MIP start
    fixed    True for integers that are fixed at `start`, or at 0 where there is none: bound and infeasible then prove nothing
    relaxed  True for integers that are relaxed: without `fixed` the bound is one of the master
    nodes    after which the search ends where `fixed` or `relaxed` is given, so that its result does not depend on the clock
    """
    solver, integers = master.solver, master.integers
    solver.clear()
    solver.relax(False)
    if relaxed is not None:
        solver.relax(True, integers[relaxed])
    held = integers[np.zeros(len(integers), dtype=bool) if fixed is None else fixed]
    values = np.zeros(len(held)) if start is None or fixed is None else np.round(start[fixed])
    solver.set_bounds(held, values, values)
    if start is not None:
        required = np.ones(len(integers), dtype=bool) if relaxed is None else ~relaxed
        solver.start_from(start[required], integers[required])
    limits = {} if fixed is None and relaxed is None else {"mip_max_nodes": nodes, "mip_allow_restart": False}
    limits |= dict.fromkeys(SLOW_HEURISTICS, False) if nodes > 1 else {}
    solver.options(mip_rel_gap=gap, mip_abs_gap=0.0, solver="choose", time_limit=solver.until(seconds), **limits)
    try:
        return in_whole_numbers(solver, solver.decided) if relaxed is None else solver.decided()
    finally:
        solver.relax(True)
        master.restore(held)
        free = {"mip_max_nodes": NO_LIMIT, "mip_allow_restart": True, **dict.fromkeys(SLOW_HEURISTICS, True)}
        solver.options(time_limit=INFINITY, **free)


# --- neighbourhood ---------------------------------------------------------------------------------------------------------
# Which integers of the master a search leaves as they are: those of what is neither ordered nor retired.
#
# What the relaxed optimum neither orders nor retires in any year is fixed at 0. This is the neighbourhood of Berthold ("RENS: the
# relaxation enforced neighborhood search", 2014), by technology instead of by variable: in which years a technology is ordered is
# left open. Most integers are yes-or-noes of technologies that are never worth ordering.
#
# What is found so satisfies all rows of the master. The bound of such a search is not one of the master. What was tried, and what
# it bought: decision 24. Raises nothing.

#: An asset of which less than this share of a least order is ordered in all years together is not ordered.
NOT_ORDERED = 0.25
#: The same of what is retired, as a share of the largest order or of what is existing; and what is nothing where no least order is
#: given.
NOT_RETIRED, NOTHING = 0.01, 1e-4


class Neighbourhood:
    """Which integers of the master stay as they are.

    orders    columns of the orders of an asset, and the integers that say whether and how many          (k)
    retired   columns of what is retired of its orders, and of what is existing, and the integers of these   (k, is_existing)
    """

    def __init__(self, matrix: Matrix, model: ConcreteModel, inputs: Inputs) -> None:
        self.capacity = inputs.capacity
        self.count = int(matrix.integer.sum())
        self.integers = np.flatnonzero(matrix.integer)
        #: Year of each integer; 0 of those that follow from others.
        self.year = np.array([_year_of(matrix.columns[i]) for i in self.integers], dtype=int)
        #: Place among the integers of each column.
        self.place = np.cumsum(matrix.integer) - 1
        #: Asset that each integer decides of; empty of other choices.
        self.asset = np.array([_asset_of(matrix.columns[i]) for i in self.integers], dtype=str)
        family = np.array([matrix.columns[i].parent_component().local_name for i in self.integers], dtype=str)
        #: True for integers that say which scheme a connection is charged by.
        self.is_scheme = family == "scheme"
        self.orders: dict[str, tuple[list[int], list[int]]] = {}
        self.retired: dict[tuple[str, bool], tuple[list[int], list[int]]] = {}
        for (k, _), build in model.build.items():
            self.orders.setdefault(k, ([], []))[0].append(matrix.column[id(build)])
        for (k, cohort, _), retire in model.retire.items():
            self.retired.setdefault((k, cohort == EXISTING), ([], []))[0].append(matrix.column[id(retire)])
        for name in OF_ORDERS:
            for (k, _), choice in getattr(model, name).items():
                self.orders[k][1].append(matrix.column[id(choice)])
        for name in OF_RETIREMENTS:
            for index, choice in getattr(model, name).items():
                self.retired[index[0], name in OF_EXISTING][1].append(matrix.column[id(choice)])

    def still(self, relaxed: np.ndarray, known: np.ndarray | None) -> np.ndarray:
        """True for integers that stay as they are known, or at 0: those of what neither the relaxed optimum nor the known whole
        numbers order or retire."""
        stays = np.zeros(self.count, dtype=bool)
        for integers in self._idle(relaxed):
            places = self.place[integers]
            if known is None or not known[places].any():
                stays[places] = True
        return stays

    def costs_of_least_orders(self) -> dict[str, float]:
        """Capital cost of the least order of each asset that may be ordered, in its dearest year (money), the cheapest first."""
        capacity, found = self.capacity, dict[str, float]()
        for k, v in capacity.builds:
            piece = max(capacity.unit_size.get(k, 0.0), capacity.min_build.get(k, 0.0))
            found[k] = max(found.get(k, 0.0), piece * capacity.capital_cost[k, v] + capacity.project_cost[k, v])
        return dict(sorted(found.items(), key=lambda item: (item[1], item[0])))

    def _idle(self, values: np.ndarray) -> Iterator[list[int]]:
        """Integers of what is as good as not ordered, or not retired, at a point."""
        capacity = self.capacity
        ordered = {k: float(values[columns].sum()) for k, (columns, _) in self.orders.items()}
        for k, (_, integers) in self.orders.items():
            least = max(capacity.unit_size.get(k, 0.0), capacity.min_build.get(k, 0.0), NOTHING)
            if ordered[k] < NOT_ORDERED * least:
                yield integers
        for (k, is_existing), (columns, integers) in self.retired.items():
            most = max((size for (own, _), size in capacity.existing.items() if own == k), default=0.0)
            most = most if is_existing else ordered.get(k, 0.0)
            if float(values[columns].sum()) <= max(NOT_RETIRED * most, NOTHING):
                yield integers


def _asset_of(variable: Any) -> str:
    """The asset of which an integer decides; empty where it decides something else."""
    index = variable.index()
    is_of_asset = variable.parent_component().local_name in INTEGERS_OF_ASSETS
    return str(index[0]) if is_of_asset else ""


def _year_of(variable: Any) -> int:
    """The year in which an integer decides something: the last of its index; 0 of what follows from others, free in any search."""
    if variable.parent_component().local_name in FOLLOWING:
        return 0
    index = variable.index()
    return int(index[-1] if isinstance(index, tuple) else index)


# --- integer phase ---------------------------------------------------------------------------------------------------------

#: Up to so many integers all are large; up to the second all of them are searched in the end.
MANY, MOST_SEARCHED = 200, 800
#: Gap of the steps of a search with more integers than `MOST_SEARCHED` at most, whatever gap ends the search: cuts that are known
#: coarsely give poor assignments. Most gap of branch and bound over large orders, narrower than what cuts are off at its proposals.
STEP_GAP, BRANCHING_GAP = 1e-3, 2e-3
#: Share of the system cost: a technology is large if its least order costs more than that, a measure if its adoption does.
LARGE_ORDER = 1e-3
#: First proposals that are left where their bound is above the gap; most proposals; how often the same may be solved.
PROPOSALS, MOST, REPEATS = 4, 200, 3
#: Most rounds of small orders for one proposal; they end after this many in a row that do not lower the cost.
SMALL_ROUNDS, USELESS = 4, 2
#: A round is of use if it closes at least this share of the distance between the best cost and the bound.
USEFUL = 0.1
#: Nodes of branch and bound over large orders, which end it before the seconds do, so that results do not depend on the clock;
#: seconds of one over all integers, and of one by size.
LARGE_NODES, SECONDS, SECONDS_BY_SIZE = 50, 30.0, 300.0
#: Shares of the gap at which iterations with fixed integers end, and branch and bound of the master.
FIXED_SHARE, BRANCHING_SHARE = 0.4, 0.5
#: With whole numbers fixed, a trial may cost at most this share more than the large orders did with all else relaxed, if it has
#: slack: whatever costs more than that pays a penalty for much slack.
DEAR_FOR_SLACK = 0.1
#: With whole numbers fixed, the penalty of slack is at least this many times its first value. At the first value a little slack
#: in the hottest hours costs less than one more unit, but whole numbers that need slack are no plan. With 20 in place of 5 the
#: slopes of the cuts were so steep that the iterations stalled.
WHOLE_PENALTY_FACTOR = 5.0


class IntegerPhase:
    """The integer phase of one solve.

    is_many  there are more integers than `MANY`     large  True for the integers that are decided first
    gap      at which steps of the search end: that asked for, or `STEP_GAP` if that is less and integers are too many to search
    """

    def __init__(self, iterations: Iterations, rounding: Rounding | None) -> None:
        self.iterations, self.trials, self.master = iterations, iterations.trials, iterations.master
        self.overall, self.asked = self.trials.overall, self.trials.limits.gap
        self.rounding = rounding
        count = len(self.master.integers)
        self.is_many, self.is_searched = count > MANY, count <= MOST_SEARCHED
        self.gap = self.asked if self.is_searched or rounding is None else min(self.asked, STEP_GAP)
        self.large = np.ones(count, dtype=bool)

    def run(self, relaxed: Phase) -> Phase:
        """Assignments from a relaxed incumbent on; the phase itself where there are no integers, or no incumbent."""
        if self.rounding is None or not len(self.master.integers) or relaxed.incumbent is None:
            return relaxed
        phase = Phase(self.overall.incumbent, relaxed.bound, End.STALLED)
        self.master.cuts.exempt_from_ageing()
        self.large = self._large() if self.is_many else np.ones(len(self.master.integers), dtype=bool)
        phase.end = self._proposals(phase)
        if phase.end is End.STALLED and self.is_searched and not self.large.all():
            self.large = np.ones(len(self.master.integers), dtype=bool)
            phase.end = self._proposals(phase)
        return phase

    @cached_property
    def near(self) -> Neighbourhood:
        """Which integers decide of what."""
        return Neighbourhood(self.master.matrix, self.master.model, self.master.inputs)

    def _large(self) -> np.ndarray:
        """The integers that are decided first (see `LARGE_ORDER`)."""
        least = LARGE_ORDER * abs(self.overall.bound)
        costly = [k for k, cost in self.near.costs_of_least_orders().items() if cost > least]
        is_costly = np.abs(self.master.matrix.cost[self.master.integers]) > least
        large: np.ndarray = np.isin(self.near.asset, costly) | self.near.is_scheme | is_costly
        return large

    def _proposals(self, phase: Phase) -> End:
        """Whole numbers of the large integers as the master prefers them, under all cuts found; why they end."""
        times: Counter[bytes] = Counter()
        for turn in range(MOST):
            if phase.is_within(self.asked) or self._is_enough:
                return End.GAP
            if self.trials.late():
                return End.TIME
            before, bound = phase.cost, phase.bound
            answer = self._proposed(phase)
            if not answer.has_point:
                return End.INFEASIBLE if answer.status.startswith("infeasible") else End.FAILED
            if phase.is_within(self.asked):
                return End.GAP
            whole = np.round(answer.values[self.master.integers]) + 0.0  # -0.0 is 0.0, of which the bytes are a key below
            key = whole[self.large].tobytes()
            times[key] += 1
            if times[key] > REPEATS:
                return End.STALLED
            # Whole numbers whose bound is above this cannot be within the gap: others are proposed at once.
            is_tried = turn >= PROPOSALS or times[key] > 1
            cutoff = INFINITY if is_tried else phase.bound + self.asked * abs(phase.bound)
            if self.large.all():
                self.solve_fixed(phase, whole, min(cutoff, phase.cost), FIXED_SHARE * self.gap / times[key])
            elif self._by_size(phase, whole, cutoff):
                closed = max(before - phase.cost if np.isfinite(before) else INFINITY, 0.0) + phase.bound - bound
                if closed < USEFUL * (phase.cost - phase.bound):
                    return End.GAP if phase.is_within(self.asked) else End.STALLED
        return End.LIMIT

    def _proposed(self, phase: Phase) -> Answer:
        """The large integers that the master prefers, all others relaxed; the bound is one of the whole solve."""
        known = None if phase.point is None else np.round(phase.point[self.master.integers])
        if self.large.all():
            gap, seconds = BRANCHING_SHARE * self.asked, self.trials.seconds_left(SECONDS)
            answer = branch_and_bound(self.master, known, gap, seconds)
        else:
            gap = min(2 * self.gap, BRANCHING_GAP)
            answer = branch_and_bound(self.master, known, gap, self._seconds(), None, LARGE_NODES, ~self.large)
        if np.isfinite(answer.bound):
            phase.bound = max(phase.bound, answer.bound)
            self.overall.bound = max(self.overall.bound, answer.bound)
        return answer

    def solve_fixed(self, phase: Phase, assignment: np.ndarray, cutoff: float, gap: float, dear: float = INFINITY) -> None:
        """Iterations with integers fixed; the phase takes over their incumbent if that costs less.

        cutoff  iterations end where their bound is above this   money
        dear    a trial that has slack and costs more than this is no candidate   money
        """
        self.master.fix(assignment)
        fixed = Phase()
        with self.trials.slack_forbidden_above(dear), self.trials.penalty_of_at_least(WHOLE_PENALTY_FACTOR):
            self.iterations.run(fixed, gap, "whole", cutoff=cutoff, bound_is_global=False)
        self.master.unfix()
        self.master.cuts.exempt_from_ageing()
        phase.offer(fixed.incumbent)

    @property
    def _is_enough(self) -> bool:
        """True if there is a plan that is not to be searched further (`Limits.enough`)."""
        return self.overall.incumbent is not None and self.overall.is_within(max(self.asked, self.trials.limits.enough))

    def _by_size(self, phase: Phase, whole: np.ndarray, cutoff: float) -> bool:
        """Iterations with the large integers fixed, then whole numbers of the others, unless their bound is above the cutoff:
        False."""
        fixed = Phase()
        self.master.fix(whole, self.large)
        self.iterations.run(fixed, BRANCHING_GAP, "large", cutoff=cutoff, bound_is_global=False)
        self.master.unfix()
        self.master.cuts.exempt_from_ageing()
        if fixed.bound > cutoff:
            return False
        if fixed.incumbent is not None:
            self._small_orders(phase, fixed.incumbent)
        return True

    def _small_orders(self, phase: Phase, large: Trial) -> None:
        """Whole numbers of all orders, with the large ones as in that trial; the phase takes over the best trial."""
        assert self.rounding is not None
        dear = large.cost + DEAR_FOR_SLACK * abs(large.cost)
        known = self.rounding(large.point)
        known[self.large] = np.round(large.point[self.master.integers][self.large])
        tried, useless = set[bytes](), 0
        for _ in range(SMALL_ROUNDS):
            answer = self._others(known, large.point)
            if not answer.has_point or answer.objective >= phase.cost:
                return
            whole = np.round(answer.values[self.master.integers]) + 0.0
            if whole.tobytes() in tried:
                return
            tried.add(whole.tobytes())
            before = phase.cost
            self.solve_fixed(phase, whole, phase.cost, FIXED_SHARE * self.gap, dear)
            useless = useless + 1 if phase.cost >= before and phase.incumbent is not None else 0
            if phase.is_within(self.asked) or self.trials.late() or useless == USELESS:
                return
            if phase.cost < before and phase.point is not None:
                known = np.round(phase.point[self.master.integers])

    def _others(self, known: np.ndarray, decided: np.ndarray) -> Answer:
        """Branch and bound at its root node with the large orders as they are known: at first only of what is ordered in a trial in
        which these are decided, then of all others, too, since a reserve or a budget that is just met with parts of an order may
        need more with whole ones; then with the large ones free as well."""
        idle = self.near.still(decided, None) & ~self.large
        nothing = np.zeros(len(known), dtype=bool)
        for still in (idle | self.large, self.large, nothing):
            answer = branch_and_bound(self.master, known, BRANCHING_GAP, self._seconds(), still)
            if answer.has_point:
                break
        return answer

    def _seconds(self) -> float:
        return self.trials.seconds_left(SECONDS_BY_SIZE)

    def is_rest_of_integers(self, last: Bounds) -> bool:
        """True if there is a plan, the incumbent of the last phase is not clearly cheaper, and integers are many: the rest of the
        gap is then attributed to the integers."""
        more = USEFUL * max(self.asked * abs(last.cost), last.cost - self.overall.bound)
        return self.is_many and self.overall.incumbent is not None and self.overall.cost <= last.cost + more
