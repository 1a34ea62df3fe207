"""Primal heuristics of the master, under the cuts found so far: relax-and-fix, then fix-and-optimise in neighbourhoods.

They search for whole numbers before branch and bound over all integers, or in place of it where there are too many.

1. Large orders first (relax and fix, Pochet and Wolsey, "Production planning by mixed integer programming", 2006): branch and bound
   over the integers of technologies of which the least order costs much, and of measures that do, all others relaxed. They are few,
   and they keep plans from the relaxed optimum; so the bound of that search, which is one of the master, is well above it.
2. With the large ones fixed, the others, in the neighbourhood of the optimum of 1.
3. Then fix-and-optimise: technology by technology, and where that changes nothing by windows of years. Which integers are free in
   a search of 2 and 3 says `neighbourhood`.

Decision 24 lists the heuristics that were tried and what each gained. CONTRIBUTING.md says what a new
one needs.

Returns assignments, None where none is found. Raises Stopped once the watch in force is over.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from models.inputs import ANY
from planner.solve.benders.branch_and_bound import branch_and_bound, fewest_orders
from planner.solve.benders.fewest_orders import Find
from planner.solve.benders.neighbourhood import Neighbourhood
from planner.solve.benders.projection import Projection
from planner.solve.benders.trial import Trial
from planner.solve.benders.trials import Trials
from planner.solve.handover.answer import Answer
from planner.solve.handover.matrix import INFINITY
from planner.solve.rounding.rounding import Rounding

#: With more than `NEIGHBOURHOOD_FIRST` integers only a neighbourhood is searched at first, and all of them later; with more than
#: `NEIGHBOURHOOD_ONLY` all of them only where no neighbourhood gave an assignment.
NEIGHBOURHOOD_FIRST, NEIGHBOURHOOD_ONLY = 200, 800
#: With more than `NEIGHBOURHOOD_ONLY` integers the steps of a search work to at most this gap, whatever gap ends the search: cuts
#: that are known coarsely give poor assignments, so that a search with a wide gap took longer than one with a narrow gap, and
#: found less.
STEP_GAP = 1e-3
#: `LARGE_ORDER`: share of the system cost. A technology is large if its least order costs more than that, a measure if its adoption
#: does. `LARGE_NODES`: most nodes of branch and bound over the orders of large ones.
LARGE_ORDER, LARGE_NODES = 1e-3, 50
#: Seconds that a search may take: the limit of nodes ends it before, so that results do not depend on the clock.
SECONDS = 300.0
#: Most nodes of a search of some years or of a technology, and its gap as a share of that asked for.
NODES, FINE = 5, 0.2
#: How often fewer orders are sought where all integers are searched.
TIMES = 3


class PrimalHeuristics:
    """Relax-and-fix and fix-and-optimise of one master.

    neighbourhood_first, neighbourhood_only  there are more integers than these constants of the module
    gap      at which steps of the search end; that asked for, or `STEP_GAP` if that is less and integers are too many
    searches_all  True where all integers are searched instead
    near_point  values from which follows which integers matter: of the relaxed optimum, then of all with the large orders decided;
             None: not known yet
    bound    lower bound of the master that a search for the large orders found   money
    proposed  cost, under the cuts of then, of the large orders that such a search found last   money
    """

    def __init__(self, trials: Trials, rounding: Rounding | None) -> None:
        self.rounding = rounding
        self.trials, self.master = trials, trials.master
        self.count = len(self.master.integers)
        self.neighbourhood_first = self.count > NEIGHBOURHOOD_FIRST
        self.neighbourhood_only = self.count > NEIGHBOURHOOD_ONLY
        is_fine = self.neighbourhood_only and rounding is not None
        self.gap = min(trials.limits.gap, STEP_GAP) if is_fine else trials.limits.gap
        self.searches_all = not self.neighbourhood_first
        self.near_point: np.ndarray | None = None
        self.bound, self.proposed = -INFINITY, INFINITY
        #: True for the integers of large technologies and measures (see `LARGE_ORDER`), and for those that choose a tariff scheme.
        self.large = np.zeros(self.count, dtype=bool)
        self.near = Neighbourhood(self.master.matrix, self.master.model, self.master.inputs)
        self.least_orders = self.near.costs_of_least_orders()

    def begin(self) -> None:
        """Take the relaxed optimum of now."""
        self.searches_all = not self.neighbourhood_first
        self.near_point = self.master.optimum().values if self.neighbourhood_first else None
        if self.neighbourhood_only:
            least = LARGE_ORDER * abs(self.trials.overall.bound)
            costly = [k for k, cost in self.least_orders.items() if cost > least]
            is_costly = np.abs(self.master.matrix.cost[self.master.integers]) > least
            self.large = np.isin(self.near.asset, costly) | self.near.is_scheme | is_costly

    def widen(self) -> None:
        """Search all integers from now on."""
        self.searches_all = True

    def first(self, rounded: np.ndarray | None, large: Trial | None = None) -> np.ndarray | None:
        """Whole numbers to begin with, from rounded ones that may break rows; None where there are none.

        `large`: a trial with whole numbers of the large orders, which stay.
        """
        if large is not None:
            found = self._whole(large.point, frees_large=True)
            if found is not None:
                return found
        answer = branch_and_bound(self.master, rounded, self.gap / 2, self._seconds(), self._still(rounded))
        return self.improved(self._of(answer)) if answer.has_point else None

    def other(self, tried: Trial) -> np.ndarray | None:
        """An assignment in place of that of a trial, which was proven to need slack, under the feasibility cuts found; None where
        there is none."""
        return self.first(np.round(tried.point[self.master.integers]))

    def covering(self, search: Projection, point: np.ndarray) -> np.ndarray | None:
        """Whole numbers, near those of the point that is projected, that give little less capacity; None where none are found.

        They only have to be feasible, not cheap: at first nothing is retired before its time, which takes a fifth of the time.
        """
        assert self.rounding is not None
        idle, rounded = self.near.still(point, None), self.rounding(point)
        pooled = self.master.matrix.columns_of(v for (_, cohort, _), v in self.master.model.retire.items() if cohort == ANY)
        for still, kept in ((idle | self.near.is_retirement, pooled), (idle, pooled[:0])):
            found = search.whole_numbers(rounded, still, SECONDS, kept)
            if found is not None:
                return found
        return None

    def large_orders(self, known: np.ndarray | None) -> np.ndarray | None:
        """Values with whole numbers of the large orders that cost least, as far as the cuts tell, all else relaxed; None where
        there are none. `bound` is raised, and `proposed` is their cost.

        known  values with such whole numbers, to begin from
        """
        if self.rounding is None or not self.large.any():
            return None
        answer = self._large(None if known is None else np.round(known[self.master.integers]))
        if np.isfinite(answer.bound):
            self.bound = max(self.bound, answer.bound)
        self.proposed = _cost(answer)
        return answer.values if answer.has_point else None

    def _large(self, known: np.ndarray | None) -> Answer:
        return branch_and_bound(self.master, known, self.gap, self._seconds(), None, LARGE_NODES, ~self.large)

    def _whole(self, decided: np.ndarray, frees_large: bool = False) -> np.ndarray | None:
        """What `_others` finds, improved; None where it finds nothing."""
        found = self._others(decided, frees_large)
        return None if found is None else self.improved(found)

    def _others(self, decided: np.ndarray, frees_large: bool) -> np.ndarray | None:
        """Whole numbers of all orders with the large ones as they are decided; None where none are found.

        At first only of what is ordered there, then of all others too: where a reserve or a budget is just met with parts of an
        order, whole ones need more. Where the large ones leave no room for that, those of one technology are free, in turn, and
        the best that is found is taken, if `frees_large`.
        """
        assert self.rounding is not None
        idle = self.near.still(decided, None) & ~self.large
        known = np.where(idle, 0.0, self.rounding(decided))
        known[self.large] = np.round(decided[self.master.integers][self.large])
        for still in (idle | self.large, self.large):
            answer = self._searched(known, still)
            if answer.has_point:
                break
        else:
            free = [self.large & (self.near.asset != k) for k in self._ordered(known)] if frees_large else []
            answer = min((self._searched(known, still) for still in free), key=_cost, default=answer)
        if not answer.has_point:
            return None
        self.near_point = decided
        return self._of(answer)

    def _searched(self, known: np.ndarray, still: np.ndarray) -> Answer:
        """Branch and bound at the root node with integers that stay as they are known."""
        return branch_and_bound(self.master, known, FINE * self.gap, self._seconds(), still)

    def improved(self, known: np.ndarray) -> np.ndarray:
        """Whole numbers that cost less, as far as the cuts tell, found technology by technology, or else by windows of years."""

        def search(whole: np.ndarray, still: np.ndarray) -> Answer:
            return branch_and_bound(self.master, whole, FINE * self.gap, self._seconds(), still, NODES)

        still = self._still(known)
        found = self.near.by_assets(known, still, self._ordered(known), search)
        return self.near.by_windows(known, still, search) if np.array_equal(found, known) else found

    def fewer(self, plan: np.ndarray | None) -> list[Find]:
        """Searches for whole numbers with fewer orders than those of a plan, if there is one: where there are many of each
        technology that it orders, else of all some times."""
        if plan is None:
            return []
        if not self.neighbourhood_first:
            return [partial(self._fewer, "")] * TIMES
        return [partial(self._fewer, asset) for asset in self._ordered(np.round(plan[self.master.integers]))]

    def _fewer(self, asset: str, known: np.ndarray, most: float) -> np.ndarray:
        """Whole numbers with fewer orders of a technology, or of all if it is empty, that cost no more than that (money), as far as
        the cuts tell."""

        def search(whole: np.ndarray, still: np.ndarray) -> Answer:
            return fewest_orders(self.master, whole, most, self._seconds(), still, NODES)

        if asset:
            return self.near.by_assets(known, self._still(known), [asset], search)
        answer = search(known, np.zeros(self.count, dtype=bool))
        return self._of(answer) if answer.has_point else known

    def _ordered(self, known: np.ndarray) -> list[str]:
        """The technologies of which something is ordered or retired, that with the cheapest least order first."""
        return [k for k in self.least_orders if known[self.near.asset == k].any()]

    def _of(self, answer: Answer) -> np.ndarray:
        return np.round(answer.values[self.master.integers])

    def _seconds(self) -> float:
        return self.trials.seconds_left(SECONDS)

    def _still(self, known: np.ndarray | None) -> np.ndarray:
        """Integers that stay as they are."""
        if self.near_point is None:
            return np.zeros(self.count, dtype=bool)
        return self.near.still(self.near_point, known)


def _cost(answer: Answer) -> float:
    """Cost of a point of the master (money); infinite where there is none."""
    return answer.objective if answer.has_point else INFINITY
