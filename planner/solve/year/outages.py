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

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from pyomo.core import ConcreteModel, Var

from models.families import HOURLY
from models.inputs import Inputs
from models.operation.links import link_variables
from models.park import build_outage_day
from planner.machine.stopping import Watch
from planner.solve.handover.matrix import NOISE, Matrix, compile_model, modelling
from planner.solve.handover.naming import series_of
from planner.solve.handover.reduced import NONE
from planner.solve.handover.solver import Solver
from planner.solve.year.template import with_all_assets
from planner.solve.year.view import DayView

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
