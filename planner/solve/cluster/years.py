"""The year sets of the decomposed method on a Dask cluster: optimality cuts, and years in every hour, are solved by its workers.
Least slacks and cuts without slack on typical days are solved on this machine.

1. Inputs are scattered to the workers once for each solve, and again where the worker that has them is lost.
2. Each year's subproblem is a task, sent to the same worker each time all years are asked; a worker keeps the HiGHS object and
   basis of its years (warm start).
3. A task contains everything its answer depends on, so where a worker is lost Dask repeats its tasks elsewhere.
4. Where the cluster is lost, the years are solved on this machine from then on, and one line says so.

Returns cuts and operations. Raises Stopped once the watch in force is over, and SolverError where HiGHS gives no answer.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

import numpy as np

from models.inputs import Inputs
from planner.machine.cores import cores
from planner.solve.cluster.tasks import ClusterAsked
from planner.solve.cluster.tls import Tls
from planner.solve.hours.months import LinkValues
from planner.solve.hours.operation import Operation
from planner.solve.hours.operator import Conditions, Operator
from planner.solve.hours.years import HourlyYears
from planner.solve.year.subproblem import Cut, YearVariant
from planner.solve.year.template import Template, Templates, Total
from planner.solve.year.year import Year
from planner.solve.year.years import Numbered, Place, SharedYears, Years

#: Operations of several inputs by number: of each the inputs and the year.
Programmes = Mapping[int, tuple[Inputs, int]]
_lock = threading.Lock()
_known: dict[tuple[str, int], Year] = {}
_templates: dict[tuple[str, int], Templates[Template]] = {}
_operators: dict[str, Operator] = {}


def years_on(inputs: Inputs, address: str, tls: Tls | None, say: Callable[[str], None]) -> Years:
    """The year set on typical days: of the cluster at an address, or of this machine. `say` is told what is lost."""
    return ClusterYears(inputs, address, tls, say) if address else Years(inputs)


def hourly_years_on(
    inputs: Inputs,
    model: Any,
    address: str,
    tls: Tls | None,
    prices: Mapping[int, Mapping[Total, float]],
    say: Callable[[str], None],
) -> HourlyYears:
    """As above, on all hours of the year; `prices`: of the yearly totals, from which each year begins."""
    return ClusterHourlyYears(inputs, model, address, tls, prices, say) if address else HourlyYears(inputs, model, cores(), prices)


class ClusterYears(Years):
    """The year set on typical days, solved by workers; the years are built on this machine, too, to be read and for when the
    cluster is lost.

    Cuts and bases of the workers are not kept for other searches (`year.known`): `found` and the years' `basis` stay empty here
    but for what this machine solved.
    """

    def __init__(self, inputs: Inputs, address: str, tls: Tls | None, say: Callable[[str], None]) -> None:
        super().__init__(inputs)
        self.asked = ClusterAsked(inputs, address, tls, say)

    def cuts(self, points: Mapping[int, np.ndarray]) -> dict[int, Cut]:
        """The cut of every year at its part of a trial point. Raises SolverError where HiGHS gives no answer."""
        answers = self.asked.ask(cut, {y: (point, self.variant) for y, point in points.items()})
        self.take({y: values for y, (_, values) in answers.items()})
        found = {y: cut for y, (cut, _) in answers.items()}
        rest = {y: point for y, point in points.items() if y not in found}
        if rest:
            found |= super().cuts(rest)
        return {y: found[y] for y in points}


class SharedYearsOn(SharedYears[Place]):
    """Operations of several inputs, solved by this machine or by the cluster at an address.

    All inputs are scattered together, and an operation keeps its worker in every search of them. Unlike those of `ClusterYears`
    their cuts are kept for other searches. `say` is told what is lost.
    """

    def __init__(
        self, places: Iterable[tuple[Place, Hashable, Inputs, int]], address: str, tls: Tls | None, say: Callable[[str], None]
    ) -> None:
        known = list(places)
        super().__init__(known)
        #: By the id of an operation: the number by which workers know it.
        self.names: dict[int, int] = {}
        programmes: dict[int, tuple[Inputs, int]] = {}
        for place, _, inputs, y in known:
            i = self.names.setdefault(id(self.year[place]), len(self.names))
            programmes.setdefault(i, (inputs, y))
        self.asked = ClusterAsked(programmes, address, tls, say) if address else None

    def years(self, places: Mapping[int, Place], discount: Mapping[int, float]) -> Years:
        """A year set of the operations of these places, each under a number; `discount`: by how much each counts."""
        if self.asked is None:
            return super().years(places, discount)
        years = {i: self.year[place] for i, place in places.items()}
        names = {i: self.names[id(year)] for i, year in years.items()}
        return _ClusterNumbered(years, {i: self.cuts[id(year)] for i, year in years.items()}, discount, names, self.asked)


class _ClusterNumbered(Numbered):
    """A year set of such operations, each under a number."""

    def __init__(
        self,
        years: Mapping[int, Year],
        found: Mapping[int, deque[Cut]],
        discount: Mapping[int, float],
        names: Mapping[int, int],
        asked: ClusterAsked,
    ) -> None:
        super().__init__(years, found, discount)
        self.names, self.asked = names, asked

    def cuts(self, points: Mapping[int, np.ndarray]) -> dict[int, Cut]:
        """The cut of every operation at its part of a trial point. Raises SolverError where HiGHS gives no answer."""
        number = {self.names[i]: i for i in points}
        answers = self.asked.ask(cut_of, {name: (points[i], self.variant) for name, i in number.items()})
        self.take({number[name]: values for name, (_, values) in answers.items()})
        found = {number[name]: own for name, (own, _) in answers.items()}
        if self.variant == YearVariant():
            for i, own in found.items():
                self.found[i].append(own)
        rest = {i: point for i, point in points.items() if i not in found}
        if rest:
            found |= super().cuts(rest)
        return {i: found[i] for i in points}


class ClusterHourlyYears(HourlyYears):
    """Years in every hour, operated by the workers."""

    def __init__(
        self,
        inputs: Inputs,
        model: Any,
        address: str,
        tls: Tls | None,
        prices: Mapping[int, Mapping[Total, float]],
        say: Callable[[str], None],
    ) -> None:
        super().__init__(inputs, model, cores(), prices)
        self.asked = ClusterAsked(inputs, address, tls, say)

    def operate(self, linking: Mapping[int, LinkValues], phase_1: bool = False) -> dict[int, Operation]:
        """All years, each by a worker. Raises SolverError where HiGHS gives no answer."""
        conditions = self._conditions(phase_1)
        asked = {y: (own, self._first_prices(y, phase_1), conditions) for y, own in linking.items()}
        found = self.asked.ask(operated, asked)
        rest = {y: own for y, own in linking.items() if y not in found}
        return found | super().operate(rest, phase_1) if rest else found


def cut(inputs: Inputs, key: str, y: int, point: np.ndarray, variant: YearVariant) -> tuple[Cut, np.ndarray]:
    """What a worker does: the cut of a year, and the values of all its columns."""
    return _cut(inputs, key, y, y, point, variant)


def cut_of(programmes: Programmes, key: str, i: int, point: np.ndarray, variant: YearVariant) -> tuple[Cut, np.ndarray]:
    """The same of an operation among those of several inputs."""
    inputs, y = programmes[i]
    return _cut(inputs, key, i, y, point, variant)


def _cut(inputs: Inputs, key: str, i: int, y: int, point: np.ndarray, variant: YearVariant) -> tuple[Cut, np.ndarray]:
    """A worker knows the years of one solve."""
    with _lock:
        for other in [k for k in _known if k[0] != key]:
            del _known[other]
        for before in [k for k in _templates if k[0] != key]:
            del _templates[before]
        if (key, id(inputs)) not in _templates:
            _templates[key, id(inputs)] = Templates(inputs, Template)
        if (key, i) not in _known:
            _known[key, i] = Year(inputs, y, _templates[key, id(inputs)].of(y))
        year = _known[key, i]
        year.set_variant(variant)
        return year.cut(point), year.values


def operated(
    inputs: Inputs, key: str, y: int, linking: LinkValues, prices: Mapping[Total, float], conditions: Conditions
) -> Operation:
    """What a worker does: a year in every hour."""
    with _lock:
        if key not in _operators:
            _operators.clear()
            _operators[key] = Operator(inputs, 1, prices_stores=True)
        return _operators[key].operate(y, linking, prices, conditions)
