"""The year set on typical days: a `Year` for each year, solved in parallel.

1. The first solve: one year of each structure is solved from nothing, then the others from its basis.
2. Later each year is solved from its own last basis (warm start). The first years keep their HiGHS objects, as far as memory
   allows; the others only their basis.

Returns cuts. Raises SolverError where HiGHS gives no answer, and Stopped once the watch in force is over.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from models.inputs import Inputs
from planner.solve.machine.cores import cores
from planner.solve.year.sharing import Shared
from planner.solve.year.subproblem import Cut, SlackCut, YearVariant
from planner.solve.year.template import Template, Templates, Total
from planner.solve.year.year import Year

#: Columns of the years that keep their HiGHS object, which takes 15 MB for 36 days; without it a trial near the last takes three
#: times as long. The first years do, as far as this reaches.
WARM = 400_000
#: Cuts of a year that are remembered.
KEPT = 40


class Years:
    """The subproblems of all years, solved in parallel; see `YearSet` for what each method returns."""

    def __init__(
        self, inputs: Inputs, workers: int | None = None, make: Callable[[Inputs, int], Template] = Template
    ) -> None:
        """`make`: the template of a structure, from the inputs with all assets present and one of its years."""
        templates = Templates(inputs, make)
        self.years: dict[int, Year] = {}
        left, shared = WARM, Shared()
        for y in inputs.years:
            self.years[y] = year = Year(inputs, y, templates.of(y), left > 0)
            year.share(shared)
            left -= len(year.matrix.columns)
        self.pool = ThreadPoolExecutor(workers or cores())
        self.variant = YearVariant()
        self.discount = inputs.finance.discount
        #: The last cuts of each year at the prices and rules of the inputs; other searches may use them (`known`).
        self.found: dict[int, deque[Cut]] = {y: deque(maxlen=KEPT) for y in self.years}

    def cuts(self, points: Mapping[int, np.ndarray]) -> dict[int, Cut]:
        """The cut of every year at its part of a trial point.

        Of years that have no basis yet, one of each structure is solved first, and the others start from its basis.
        """
        first: dict[tuple, int] = {}
        for y in points:
            if self.years[y].basis is None:
                first.setdefault(self.years[y].structure, y)
        leaders = dict(zip(first.values(), self.pool.map(lambda y: self.years[y].cut(points[y]), first.values()), strict=True))
        for y in points:
            if self.years[y].basis is None and y not in leaders:
                self.years[y].basis = self.years[first[self.years[y].structure]].basis
        others = [y for y in points if y not in leaders]
        found = leaders | dict(zip(others, self.pool.map(lambda y: self.years[y].cut(points[y]), others), strict=True))
        if self.variant == YearVariant():
            for y, cut in found.items():
                self.found[y].append(cut)
        return {y: found[y] for y in points}

    def least_slacks(self, points: Mapping[int, np.ndarray]) -> dict[int, SlackCut]:
        """The least total slack of every year at its part of a trial point (`Year.least_slack`)."""
        return dict(zip(points, self.pool.map(lambda y: self.years[y].least_slack(points[y]), points), strict=True))

    def cuts_without_slack(self, points: Mapping[int, np.ndarray]) -> dict[int, Cut]:
        """The cut of every year with slacks no larger than `least_slacks` found at these points (`Year.cut_without_slack`)."""
        return dict(zip(points, self.pool.map(lambda y: self.years[y].cut_without_slack(points[y]), points), strict=True))

    def largest_term(self) -> float:
        """Size of the largest cost term of a year in the last solution, discounted (money)."""
        return max(self.discount[y] * year.largest_term() for y, year in self.years.items())

    def operation(self) -> dict[int, np.ndarray]:
        """The values of all columns of every year in its last solution."""
        return {y: year.values for y, year in self.years.items()}

    def take(self, operation: Mapping[int, np.ndarray]) -> None:
        """Make this operation, which `operation` returned before, the last solution again."""
        for y, values in operation.items():
            self.years[y].values = values

    def free_solvers(self) -> None:
        """Free the HiGHS objects for what reads and writes a plan; bases are kept."""
        for year in self.years.values():
            year.free_solver()

    def prices(self, points: Mapping[int, np.ndarray]) -> dict[int, Mapping[Total, float]]:
        """Dual price of each yearly total in every year at a point; the HiGHS objects are freed then (`free_solvers`)."""
        told = self.pool.map(lambda y: self.years[y].prices(points[y]), points)
        found: dict[int, Mapping[Total, float]] = dict(zip(points, told, strict=True))
        self.free_solvers()
        return found

    def set_variant(self, variant: YearVariant) -> None:
        """Solve under this variant from now on."""
        self.variant = variant
        for year in self.years.values():
            year.set_variant(variant)
