"""Whole numbers that the master finds near its relaxed optimum, where it has too many to search all of them."""

from __future__ import annotations

import numpy as np

from planner.solve.benders.neighbourhood import Neighbourhood
from planner.solve.benders.trials import Trials
from planner.solve.handover.highs import Answer

#: More integers than the first are first searched among those that matter; more than the second among them alone.
MANY, VERY_MANY = 200, 800
#: Seconds that a search may take, which ends by itself unless the machine is busy.
SECONDS = 120.0
#: Most nodes of a search of some years, and its gap as a share of that asked for.
NODES, FINE = 5, 0.2


class LocalSearch:
    """Searches among the integers that matter.

    is_many, is_too_many  there are many integers, and so many that all of them are never searched
    is_wide  True where all integers are searched instead
    relaxed  values of the relaxed optimum, from which follows which integers matter; None: not known yet
    """

    def __init__(self, trials: Trials) -> None:
        self.trials, self.master, self.gap = trials, trials.master, trials.limits.gap
        self.count = len(self.master.integers)
        self.is_many = self.count > MANY
        self.is_too_many = self.count > VERY_MANY
        self.is_wide = not self.is_many
        self.relaxed: np.ndarray | None = None
        self.near = Neighbourhood(self.master.matrix, self.master.model, self.master.inputs)

    def begin(self) -> None:
        """Take the relaxed optimum of now."""
        self.is_wide = not self.is_many
        self.relaxed = self.master.lowest().values if self.is_many else None

    def widen(self) -> bool:
        """Search all integers from now on; False where they are too many."""
        self.is_wide = True
        return not self.is_too_many

    def first(self, rounded: np.ndarray | None) -> np.ndarray | None:
        """Whole numbers to begin with, from rounded ones that may break rows; None where there are none."""
        answer = self.master.solve_whole_numbers(rounded, self.gap / 2, self._seconds(), self._still(rounded))
        return self.improved(self._of(answer)) if answer.has_point else None

    def improved(self, known: np.ndarray) -> np.ndarray:
        """Whole numbers that cost less, as far as the cuts tell, found by windows of years."""

        def search(whole: np.ndarray, still: np.ndarray) -> Answer:
            return self.master.solve_whole_numbers(whole, FINE * self.gap, self._seconds(), still, NODES)

        return self.near.by_windows(known, self._still(known), search)

    def fewer(self, known: np.ndarray, most: float) -> np.ndarray:
        """Whole numbers with fewer orders that cost no more than that (money), as far as the cuts tell: where there are many by
        windows of years."""

        def search(whole: np.ndarray, still: np.ndarray) -> Answer:
            return self.master.fewest_orders(whole, most, self._seconds(), still, 1 if self.is_too_many else NODES)

        if self.is_many:
            return self.near.by_windows(known, self._still(known), search)
        answer = search(known, np.zeros(self.count, dtype=bool))
        return self._of(answer) if answer.has_point else known

    def _of(self, answer: Answer) -> np.ndarray:
        return np.round(answer.values[self.master.integers])

    def _seconds(self) -> float:
        return self.trials.seconds_left(SECONDS)

    def _still(self, known: np.ndarray | None) -> np.ndarray:
        """Integers that stay as they are."""
        if self.relaxed is None:
            return np.zeros(self.count, dtype=bool)
        return self.near.still(self.relaxed, known)
