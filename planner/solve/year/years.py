"""The year set on typical days: a `Year` for each year, solved in parallel.

1. The first solve: the first and the last year of each structure are solved from nothing. Then the middle of each gap between
   solved years begins from the basis of one end, until none is left (`rounds_of`): most years begin from one next to them, which
   is most alike.
2. Later each year is solved from its own last basis (warm start). The first years keep their HiGHS objects, as far as memory
   allows; the others only their basis.

Returns cuts. Raises SolverError where HiGHS gives no answer, and Stopped once the watch in force is over.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

import numpy as np

from models.inputs import Inputs
from planner.machine.resources import cores
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

    def __init__(self, inputs: Inputs, workers: int | None = None, make: Callable[[Inputs, int], Template] = Template) -> None:
        """`make`: the template of a structure, from the inputs with all assets present and one of its years."""
        templates = Templates(inputs, make)
        self.years: dict[int, Year] = {}
        left = WARM
        for y in inputs.years:
            self.years[y] = year = Year(inputs, y, templates.of(y), left > 0)
            left -= len(year.matrix.columns)
        self.pool = ThreadPoolExecutor(workers or cores())
        self.variant = YearVariant()
        self.discount = inputs.finance.discount
        #: The last cuts of each year at the prices and rules of the inputs; other searches may use them (`CutRows.know`).
        self.found: dict[int, deque[Cut]] = {y: deque(maxlen=KEPT) for y in self.years}

    def begin_as(self, before: Years) -> None:
        """Give each year that was not solved yet the basis of that year in another set, where its programme is of the same size."""
        for y, year in self.years.items():
            other = before.years.get(y)
            if year.basis is None and other is not None and year.size == other.size:
                year.basis = other.basis

    def allow(self, money: float) -> None:
        """Nothing: years on typical days are solved exactly."""

    def cuts(self, points: Mapping[int, np.ndarray]) -> dict[int, Cut]:
        """The cut of every year at its part of a trial point.

        Years without a basis are solved in rounds (`rounds_of`), each from the basis of a year of the same structure.
        """
        without: dict[tuple, list[int]] = {}
        for y in points:
            if self.years[y].basis is None:
                without.setdefault(self.years[y].structure, []).append(y)
        found: dict[int, Cut] = {}
        rounds = [rounds_of(years) for years in without.values()]
        for now in range(max(map(len, rounds), default=0)):
            from_year = {y: near for own in rounds if now < len(own) for y, near in own[now].items()}
            for y, near in from_year.items():
                self.years[y].basis = None if near is None else self.years[near].basis
            found |= self._solved({y: points[y] for y in from_year})
        found |= self._solved({y: point for y, point in points.items() if y not in found})
        if self.variant == YearVariant():
            for y, cut in found.items():
                self.found[y].append(cut)
        return {y: found[y] for y in points}

    def _solved(self, points: Mapping[int, np.ndarray]) -> dict[int, Cut]:
        """The cuts of years, each from its basis."""
        return dict(zip(points, self.pool.map(lambda y: self.years[y].cut(points[y]), points), strict=True))

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


Place = TypeVar("Place", bound=Hashable)


class SharedYears(Generic[Place]):
    """Operations of years of several inputs, those that are alike once, and the cuts that any search found of each.

    year   of a place: its operation
    cuts   of an operation, by its id, at the prices and rules of its inputs
    """

    def __init__(
        self,
        places: Iterable[tuple[Place, Hashable, Inputs, int]],
        make: Callable[[Inputs], Callable[[Inputs, int], Template]] = lambda _: Template,
    ) -> None:
        """Of each: the place, what is equal of places with one operation, the inputs, and the year; `make`: the template of a
        structure, for these inputs. Templates of several inputs that are alike have one matrix: cuts of the one hold in the other.
        """
        alike: list[Template] = []

        def made(own: Inputs, y: int) -> Template:
            template = make(inputs)(own, y)
            template.matrix = next((other.matrix for other in alike if template.is_like(other)), template.matrix)
            alike.append(template)
            return template

        self.year: dict[Place, Year] = {}
        self.cuts: dict[int, deque[Cut]] = {}
        known: dict[Hashable, Year] = {}
        templates: tuple[Inputs, Templates[Template]] | None = None
        left = WARM
        for place, key, inputs, y in places:
            if templates is None or templates[0] is not inputs:
                templates = inputs, Templates(inputs, made)
            if key not in known:
                known[key] = own = Year(inputs, y, templates[1].of(y), left > 0)
                left -= len(own.matrix.columns)
                self.cuts[id(own)] = deque(maxlen=KEPT)
            self.year[place] = known[key]

    def years(self, places: Mapping[int, Place], discount: Mapping[int, float]) -> Years:
        """A year set of the operations of these places, each under a number; `discount`: by how much each counts."""
        years = {i: self.year[place] for i, place in places.items()}
        return Numbered(years, {i: self.cuts[id(year)] for i, year in years.items()}, discount)


class Numbered(Years):
    """A year set of operations that are there already, each under a number."""

    def __init__(self, years: Mapping[int, Year], found: Mapping[int, deque[Cut]], discount: Mapping[int, float]) -> None:
        self.years, self.found, self.discount = dict(years), dict(found), dict(discount)
        self.pool = ThreadPoolExecutor(cores())
        self.set_variant(YearVariant())


def rounds_of(years: Sequence[int]) -> list[dict[int, int | None]]:
    """In which rounds years are solved first, and each from the basis of which other year, None: from nothing.

    The ends first, then the middle of each gap between solved years, from the basis of the year before the gap.
    """
    ends = list(dict.fromkeys((years[0], years[-1])))
    found: list[dict[int, int | None]] = [dict.fromkeys(ends)]
    gaps = [(0, len(years) - 1)]
    while gaps := [(low, high) for low, high in gaps if high - low > 1]:
        middles = [(low, (low + high) // 2, high) for low, high in gaps]
        found.append({years[middle]: years[low] for low, middle, _ in middles})
        gaps = [part for low, middle, high in middles for part in ((low, middle), (middle, high))]
    return found
