"""The operations with a unit out as feasibility cuts of the master.

At a point the operations of every year and stress day are solved that no operation found before covers; what is unserved gives a
row that every plan keeps. Operations that were short in recent trials are solved first, the others only where none of these is
short in any year, and no more of a year once `ROWS` of it are short. The penalty covers only the operations that were solved.
Capacities, what is lost of them, demands, contracts and schemes are the master's own columns, so nothing of it is a link of a year.
Returns what is unserved. Raises SolverError where HiGHS gives no answer, and Stopped once the watch in force is over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from pyomo.core import ConcreteModel

from models.dot import dot
from models.inputs import Inputs
from models.inputs.reserves import Outages
from planner.machine.resources import cores
from planner.solve.handover.matrix import Matrix
from planner.solve.year.outages import OutageDays
from planner.solve.year.penalties import penalties

#: Trials in a row at which an outage that was short is looked at again.
HOT = 20
#: Rows that one trial adds for each year at most: the first that are found short.
ROWS = 6
#: Unserved energy of a day below which it gives no row (share of the peak in an hour).
NOTHING = 1e-9


@dataclass(frozen=True)
class KeptRow:
    """A row that every plan keeps: values · columns ≤ most.

    short  by how much it was violated at the point at which it was found
    of     the operation with a unit out that it is of
    ray    what it says in the links of the day: slopes, and the most of their sum
    """

    columns: np.ndarray
    values: np.ndarray
    most: float
    short: float = 0.0
    of: Any = None
    ray: tuple[np.ndarray, float] | None = None

    def is_broken(self, point: np.ndarray, tolerance: float) -> bool:
        """True if a point violates it by more than the tolerance (relative, absolute below 1)."""
        return dot(self.values, point[self.columns]) > self.most + tolerance * max(1.0, abs(self.most))


class KeptRows(Protocol):
    """What takes the rows, and has those found so far."""

    outage_rows: list[KeptRow]

    def add_row(self, row: KeptRow, is_violated: bool = True) -> None:
        """Take a row; one that is not violated may wait until it is."""


#: Year, stress day, and what is out.
Key = tuple[int, int, str]


@dataclass(frozen=True)
class Short:
    """What outages leave unserved at a point, of those looked at: the highest power as a share of the peak, and its penalty
    (discounted money)."""

    most: float = 0.0
    total: float = 0.0
    penalty: float = 0.0
    rows: tuple[KeptRow, ...] = ()


class OutageCuts:
    """All operations with a unit out; they bind while `holds`."""

    def __init__(
        self,
        inputs: Inputs,
        model: ConcreteModel,
        matrix: Matrix,
        cuts: KeptRows,
        make: Callable[[Inputs], OutageDays] = OutageDays,
    ) -> None:
        """make: the stress days of the inputs."""
        self.inputs, self.model, self.matrix, self.cuts, self.make = inputs, model, matrix, cuts, make
        self.holds = True
        self.all = inputs.outages.all
        self.hot: dict[Key, int] = {}
        self.out = inputs.outages.out
        self.price = {y: penalties(inputs, y)[0] * inputs.finance.discount[y] for y in inputs.outages.days}

    @cached_property
    def days(self) -> OutageDays:
        """The stress days; the first of a model are those of its plan."""
        days = self.make(self.inputs)
        if not hasattr(self.model, "outage_days"):
            self.model.outage_days = days
        return days

    def on_days(self, make: Callable[[Inputs], OutageDays]) -> OutageCuts:
        """The same operations, with stress days that `make` builds from the inputs."""
        return OutageCuts(self.inputs, self.model, self.matrix, self.cuts, make)

    def with_others(self, outages: Outages) -> OutageCuts:
        """Other operations with a unit out of the same park."""
        return OutageCuts(replace(self.inputs, outages=outages), self.model, self.matrix, self.cuts, self.make)

    def asked_for_by(self, other: OutageCuts) -> list[KeptRow]:
        """Of the rows found so far those of operations that the other has, too, with the same demand and the same out."""
        before, now = self.inputs.outages, other.inputs.outages
        alike = {
            (y, d, name)
            for y, d, name in other.all
            if now.raised[y, d] == before.raised.get((y, d)) and now.out[y][name] == before.out[y].get(name)
        }
        return [row for row in self.cuts.outage_rows if row.of in alike]

    def add_rows_at(self, point: np.ndarray) -> Short:
        """What is unserved at a point; the rows of it go to the master. Operations that were short of late are solved and, where
        they are met in all years, the others; a year ends with the first `ROWS` that are short."""
        if not self.all or not self.holds:
            return Short()
        first = [key for key in self.all if self.hot.get(key, 0) > 0]
        found = self._look(point, first, ROWS)
        if not found and len(first) < len(self.all):
            seen = set(first)
            found = self._look(point, [key for key in self.all if key not in seen], ROWS)
        for key in list(self.hot):
            self.hot[key] -= 1
        self.hot |= dict.fromkeys(found, HOT)
        rows: list[KeptRow] = []
        for y in dict.fromkeys(key[0] for key in found):
            own = sorted((key for key in found if key[0] == y), key=lambda key: -found[key][1])
            rows += [found[key][3] for key in own[:ROWS]]
        for row in rows:
            self.cuts.add_row(row)
            for other in self._in_other_years(row):
                self.cuts.add_row(other, is_violated=False)
        worst = max((own[0] for own in found.values()), default=0.0)
        return Short(worst, sum(own[2] for own in found.values()), sum(own[1] for own in found.values()), tuple(rows))

    def told(self, point: np.ndarray) -> dict[tuple[int, str], float]:
        """What is unserved at a point at least, by year and what is out (MWh of all stress days)."""
        found: dict[tuple[int, str], float] = {}
        for (y, d, name), (_, _, scaled, _) in self._look(point, self.all if self.holds else []).items():
            found[y, name] = found.get((y, name), 0.0) + scaled * self.days.days[y, d].peak
        return found

    def _look(self, point: np.ndarray, keys: list[Key], most: int | None = None) -> dict[Key, tuple[float, float, float, KeptRow]]:
        """Operations that leave demand unserved, at most `most` of each year, in the order in which they are tried: share of the
        peak, penalty, energy and row of each. Days of different structures are solved in parallel; the result does not depend on
        the number of cores."""
        asked = sorted(keys, key=lambda key: (-self.hot.get(key, 0), not self._loses(point, key)))
        groups: dict[int, list[Key]] = {}
        for key in asked:
            groups.setdefault(id(self.days.days[key[:2]]), []).append(key)
        with ThreadPoolExecutor(max(1, min(cores(), len(groups)))) as pool:
            each = pool.map(lambda own: self._look_at(point, own, most), groups.values())
            all_short = {key: short for own in each for key, short in own.items()}
        found: dict[Key, tuple[float, float, float, KeptRow]] = {}
        count: Counter[int] = Counter()
        for key in asked:
            if key in all_short and (most is None or count[key[0]] < most):
                count[key[0]] += 1
                found[key] = all_short[key]
        return found

    def _look_at(self, point: np.ndarray, keys: list[Key], most: int | None) -> dict[Key, tuple[float, float, float, KeptRow]]:
        """The same of operations of one structure, in their order."""
        found: dict[Key, tuple[float, float, float, KeptRow]] = {}
        count: Counter[int] = Counter()
        for y, d, name in keys:
            if most is not None and count[y] >= most:
                continue
            day = self.days.days[y, d]
            terms = [self._terms(y, link, self.out[y][name]) for link in day.links]
            amounts = np.array([sum(a * (point[c] if c >= 0 else 1.0) for c, a in own) for own in terms])
            amounts = np.where(day.is_more, np.maximum(amounts, 0.0), amounts)
            if day.is_met(amounts):
                continue
            short = day.unserved(amounts)
            if short.value <= NOTHING * day.peak:
                continue
            ray = short.slope, dot(short.slope, amounts) - short.value
            row = replace(self._row(point, terms, short.slope, short.value), of=(y, d, name), ray=ray)
            count[y] += 1
            found[y, d, name] = short.most, short.value * self.price[y], short.value / day.peak, row
        return found

    def _loses(self, point: np.ndarray, key: Key) -> bool:
        """True if something is lost in an operation at a point: such an operation covers more of the others."""
        y, _, name = key
        return any(c >= 0 and point[c] > 0 for c, _ in (self._column(y, "loss", k) for k in self.out[y][name]))

    def _row(self, point: np.ndarray, terms: list[list[tuple[int, float]]], slope: np.ndarray, value: float) -> KeptRow:
        """value + slope · (x - point) ≤ 0 in the master's columns, divided by its steepest."""
        sums: dict[int, float] = {}
        for own, by in zip(terms, slope.tolist(), strict=True):
            for c, a in own:
                if c >= 0 and by:
                    sums[c] = sums.get(c, 0.0) + a * by
        columns = np.array(list(sums), dtype=np.int32)
        values = np.array(list(sums.values()))
        size = max(float(np.abs(values).max(initial=0.0)), 1e-12)
        steep = np.abs(values) > 1e-9 * size
        columns, values = columns[steep], values[steep]
        return KeptRow(columns, values / size, (dot(values, point[columns]) - value) / size, value / size)

    def _in_other_years(self, row: KeptRow) -> Iterator[KeptRow]:
        """The same row of the other years whose stress day has the same matrix, with the same out: the least unserved energy of a
        day is convex in its links, whatever the year."""
        y, d, name = row.of
        for other in self.out:
            is_alike = other != y and self.days.days.get((other, d)) is self.days.days[y, d]
            if is_alike and self.out[other].get(name) == self.out[y][name]:
                yield self.row_of(row, other)

    def row_of(self, row: KeptRow, other: int) -> KeptRow:
        """A row with its ray, such as another master found, as one of this master and of a year whose stress day has its matrix."""
        assert row.ray is not None
        (y, d, name), (slope, most) = row.of, row.ray
        sums, constant = dict[int, float](), 0.0
        for link, by in zip(self.days.days[y, d].links, slope.tolist(), strict=True):
            for c, a in self._terms(other, link, self.out[other][name]) if by else ():
                if c >= 0:
                    sums[c] = sums.get(c, 0.0) + a * by
                else:
                    constant += a * by
        columns, values = np.array(list(sums), dtype=np.int32), np.array(list(sums.values()))
        size = max(float(np.abs(values).max(initial=0.0)), 1e-12)
        steep = np.abs(values) > 1e-9 * size
        return KeptRow(columns[steep], values[steep] / size, (most - constant) / size, of=(other, d, name))

    def _terms(self, y: int, link: tuple[str, Any], out: tuple[str, ...]) -> list[tuple[int, float]]:
        """A link of a day as a sum of the master's columns; a number stands with the column -1."""
        kind, name = link
        own = [self._column(y, kind, name)]
        if kind == "capacity" and name in out:
            c, a = self._column(y, "loss", name)
            own.append((c, -a))
        return own

    def _column(self, y: int, kind: str, name: Any) -> tuple[int, float]:
        """Column of the master and its factor, or -1 and a number."""
        variables = getattr(self.model, kind)
        if (name, y) in variables:
            place = self.matrix.column.get(id(variables[name, y]))
            return (-1, 0.0) if place is None else (place, 1.0)
        if kind == "demand":
            return -1, float(self.inputs.demands.energy[name, y])
        return -1, self.inputs.connections.of_outages(kind).get(name, 0.0) if kind in ("capacity", "loss") else 0.0
