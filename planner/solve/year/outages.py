r"""The operations with a unit out, one linear programme for each stress day and structure of a year: is all demand met?

.. math:: V_{y,d,o}(x) = \min \sum_i s_i \quad A z + G x + s = b, \quad \underline{z} \le z \le \overline{z}, \; s \ge 0

with what is decided fixed at x: capacities less what is out, demands, contracts, the scheme. The optimum and its slope in x are a
feasibility cut of the decisions, V + v (x - point) ≤ 0 (Benders, 1962). More capacity is never worse, so a day that was met with no
more of anything is met. Returns what is unserved, with its slope. Raises SolverError where HiGHS gives no answer, and Stopped once
the watch in force is over.

z  operation of the day (j)     x  what is decided (l)     s  unserved   MW (i)

What an operation needs of what is decided: so that one operation covers others that have no less of it.

An operation z was found with amounts x of capacities and contracts. Where each row has at most one of these amounts,

.. math:: a_r z - g_r x_k \le b_r, \; g_r > 0 \qquad n_k = \max\Big(0, \max_r \frac{a_r z - b_r}{g_r}\Big) \le x_k

and z keeps every row with any x' for which x'_k ≥ n_k for all k: a row without an amount is as before, and one of k holds since
g_r x'_k ≥ g_r n_k ≥ a_r z - b_r. Demands and schemes are the same, and bounds of z do not depend on x. So z is an operation of
every outage of the same hours that leaves at least n of everything, and none of these need be solved: of what z does not run, any
amount may be out. An amount that stands in an equation, in a row with another, or where more of it is worse, is needed as it is.
Returns the amounts needed. Raises nothing.

z  operation of the day (j)     x  what is decided (l)     n  what is needed of it (l)     g, b  of row r
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from pyomo.core import ConcreteModel, Var

from models.dot import dot
from models.families import HOURLY
from models.inputs import Inputs
from models.inputs.reserves import Outages
from models.operation.links import link_variables
from models.park import build_outage_day
from planner.machine.resources import cores
from planner.machine.stopping import Watch
from planner.solve.handover.matrix import NOISE, NONE, Matrix, compile_model, modelling, series_of
from planner.solve.handover.solver import Solver
from planner.solve.year.subproblem import penalties
from planner.solve.year.template import DayView, with_all_assets

#: Kinds of links of which more is never worse.
MORE = ("capacity", "contract")
#: Demands with which operations of a day are remembered as met, and how many of each.
DEMANDS, KEPT = 500, 30


@dataclass(frozen=True)
class UnservedOut:
    """What a day with something out leaves unserved at least.

    value   unserved energy                                       MWh
    slope   of it in each link of the day                         MWh per unit of link
    most    highest unserved power as a share of the peak         1
    """

    value: float
    slope: np.ndarray
    most: float


class OutageDay:
    """A stress day of the years that share its structure.

    links  what is decided, (kind, name), in the order of amounts
    watch  ends its solves; None: the one in force does
    """

    #: Kinds of links besides those of every park, of which more is never worse.
    further: tuple[str, ...] = ()

    def __init__(self, inputs: Inputs, y: int, d: int) -> None:
        with modelling():
            self.model = self.build(inputs, y, d)
        self.matrix: Matrix = compile_model(self.model)
        day = self.model.year
        links = link_variables(day, self.further)
        known = {link: self.matrix.column[id(v)] for link, v in links if id(v) in self.matrix.column}
        self.links = list(known)
        self.places = np.array(list(known.values()), dtype=np.int32)
        self.is_more = np.array([kind in (*MORE, *self.further) for kind, _ in self.links], dtype=bool)
        needed = {(inputs.demands.zone[u], inputs.demands.carrier[u]) for u in inputs.demands.demands}
        needed |= {(zone, g) for g, (zone, _) in inputs.vehicles.limited.items()}
        balances = [(index, row) for index, row in day.balance.items() if index[:2] in needed and id(row) in self.matrix.row]
        self.rows = self.matrix.rows_of(row for _, row in balances)
        self.hour = np.array([index[-1] for index, _ in balances], dtype=int)
        self.place = [index[:2] for index, _ in balances]
        own = inputs.outages.hours[y, d].demand
        self.peak = max([1e-3, *(inputs.demands.energy[u, y] * float(own[u].max()) for u in own)])
        self._solver: Solver | None = None
        self.watch: Watch | None = None
        self.needs = Needs(self.matrix, self.places, self.is_more)
        #: What operations in which all was met need, by the amounts that must be the same.
        self.met: dict[bytes, list[np.ndarray]] = {}

    def build(self, inputs: Inputs, y: int, d: int) -> ConcreteModel:
        """The model of the day."""
        return build_outage_day(inputs, y, d)

    @property
    def solver(self) -> Solver:
        """The solver, in which only what is unserved costs."""
        if self._solver is None:
            self._solver = solver = Solver(self.matrix, threads=1)
            solver.set_cost(np.zeros(len(self.matrix.cost)))
            solver.scale = 1.0
            solver.add_columns(self.rows, 1.0, np.ones(len(self.rows)))
            solver.warm()
        return self._solver

    def amounts(self, given: Mapping[tuple[str, Any], float]) -> np.ndarray:
        """What is given of each link, 0 where nothing is."""
        return np.array([given.get(link, 0.0) for link in self.links])

    def is_met(self, amounts: np.ndarray) -> bool:
        """True if an operation that needs no more of anything, with the same demands and scheme, met all before."""
        known = self.met.get(amounts[~self.is_more].tobytes())
        return known is not None and any(self.covers(own, amounts) for own in reversed(known))

    def covers(self, needed: np.ndarray, amounts: np.ndarray) -> bool:
        """True if what an operation needs is there."""
        return bool((needed[self.is_more] <= amounts[self.is_more]).all())

    def needed(self, amounts: np.ndarray) -> np.ndarray:
        """What the last solve's operation needs of these amounts, with which it was found."""
        return self.needs.of(self.values, amounts)

    def unserved(self, amounts: np.ndarray) -> UnservedOut:
        """What is unserved at least with these amounts."""
        solver, count = self.solver, len(self.matrix.columns)
        solver.set_bounds(self.places, amounts, amounts)
        solver.watch = self.watch
        answer = solver.optimum("operation with a unit out")
        assert answer.column_duals is not None
        self.values = answer.values[:count]
        short = np.maximum(answer.values[count:], 0.0)
        #: Unserved power of each balance, and of each hour   MW
        self.each_short = short
        self.short = np.bincount(self.hour, short, int(self.hour.max(initial=-1)) + 1)
        if self.is_served():
            self._remember(amounts)
        return UnservedOut(max(0.0, answer.objective), answer.column_duals[self.places], float(short.max(initial=0.0)) / self.peak)

    def is_served(self) -> bool:
        """True if the last solve met all demand."""
        return float(self.short.sum()) <= 1e-9 * self.peak

    @cached_property
    def _series(self) -> dict[str, dict[tuple, np.ndarray]]:
        """Family -> index before the hour -> columns (hours,)."""
        families = [family for family in self.model.year.component_objects(Var, descend_into=False) if family.local_name in HOURLY]
        column, hours = self.matrix.column, int(self.hour.max(initial=-1)) + 1
        return {f.local_name: series_of({i: column.get(id(v), NONE) for i, v in f.items()}, hours) for f in families}

    def view(self) -> DayView:
        """The operation of the last solve: values below `NOISE` are 0, and none is outside its bounds."""
        values = np.where(np.abs(self.values) < NOISE, 0.0, self.values)
        return DayView(self._series, np.clip(values, self.matrix.lower, self.matrix.upper))

    def _remember(self, amounts: np.ndarray) -> None:
        """What the last solve's operation needs; of the demands that were longest not asked for nothing is kept."""
        key = amounts[~self.is_more].tobytes()
        known = self.met.pop(key, [])
        self.met[key] = [*known[-KEPT:], self.needed(amounts)]
        if len(self.met) > DEMANDS:
            del self.met[next(iter(self.met))]

    def short_by_place(self) -> dict[tuple[str, str, str, str], np.ndarray]:
        """What the last solve left unserved, as a flow of every hour by zone and carrier."""
        found: dict[tuple[str, str, str, str], np.ndarray] = {}
        for (zone, carrier), t, power in zip(self.place, self.hour.tolist(), self.each_short.tolist(), strict=True):
            own = found.setdefault(("unserved", carrier, zone, carrier), np.zeros(len(self.short)))
            own[t] += power
        return found


class OutageDays:
    """The stress days of all years; years of one structure share theirs."""

    def __init__(self, inputs: Inputs, make: Callable[[Inputs, int, int], OutageDay] = OutageDay) -> None:
        self.inputs, self.outages = inputs, inputs.outages
        self.days: dict[tuple[int, int], OutageDay] = {}
        alike: dict[tuple, OutageDay] = {}
        #: The inputs with all assets in every year, whose days these are.
        self.everything = everything = with_all_assets(inputs)
        for y, own in inputs.outages.days.items():
            contracts = tuple(s for s, when in inputs.contracts.contracts if when == y)
            for d in own:
                raised = tuple(sorted(inputs.outages.raised[y, d].items()))
                key = (d, inputs.columns_of(y), inputs.supplies.offered[y], contracts, raised, inputs.flexibility.in_year(y))
                if key not in alike:
                    alike[key] = make(everything, y, d)
                self.days[y, d] = alike[key]

    @contextmanager
    def ended_by(self, watch: Watch | None) -> Iterator[None]:
        """As long as it lasts, this watch ends the solves; None: the one in force does."""
        for day in self.days.values():
            day.watch = watch
        try:
            yield
        finally:
            for day in self.days.values():
                day.watch = None


class Needs:
    """Rows that bound an operation by an amount, read from a matrix once.

    places   columns of the links              (l)
    is_more  links of which more is never worse    (l)
    """

    def __init__(self, matrix: Matrix, places: np.ndarray, is_more: np.ndarray) -> None:
        self.places = places
        by_rows = matrix.by_rows()
        own = by_rows[:, places[is_more]].tocoo()
        link = np.flatnonzero(is_more)[own.col]
        alone = np.bincount(own.row, minlength=len(matrix.rows))[own.row] == 1
        below = np.isinf(matrix.row_lower[own.row]) & (own.data < 0)
        above = np.isinf(matrix.row_upper[own.row]) & (own.data > 0)
        sign = np.where(below, 1.0, -1.0)
        limit = np.where(below, matrix.row_upper[own.row], matrix.row_lower[own.row])
        #: Links that cannot be told from rows of their own.
        self.kept = np.setdiff1d(np.arange(len(places)), np.setdiff1d(np.flatnonzero(is_more), link[~(alone & (below | above))]))
        good = alone & (below | above) & ~np.isin(link, self.kept)
        self.link, self.row, self.step = link[good], own.row[good], np.abs(own.data[good])
        self.sign, self.limit, self.matrix = sign[good], limit[good], by_rows

    def of(self, values: np.ndarray, amounts: np.ndarray) -> np.ndarray:
        """Least amounts with which an operation (all columns of the matrix) can be kept; the given ones are enough for it."""
        bare = values.copy()
        bare[self.places] = np.where(np.isin(np.arange(len(self.places)), self.kept), amounts, 0.0)
        used = (self.sign * ((self.matrix @ bare)[self.row] - self.limit)) / self.step
        needed = np.zeros(len(amounts))
        np.maximum.at(needed, self.link, used)
        needed[self.kept] = amounts[self.kept]
        return np.minimum(needed, amounts)


# --- outage cuts -----------------------------------------------------------------------------------------------------------
# The operations with a unit out as feasibility cuts of the master.
#
# At a point the operations of every year and stress day are solved that no operation found before covers; what is unserved gives a
# row that every plan keeps. Operations that were short in recent trials are solved first, the others only where none of these is
# short in any year, and no more of a year once `ROWS` of it are short. The penalty covers only the operations that were solved.
# Capacities, what is lost of them, demands, contracts and schemes are the master's own columns, so nothing of it is a link of a
# year. Returns what is unserved. Raises SolverError where HiGHS gives no answer, and Stopped once the watch in force is over.

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
