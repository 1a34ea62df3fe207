"""The years of the decomposed method: each a linear programme kept warm, that gives a cut at a trial point."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from pyomo.environ import ConcreteModel
from scipy import sparse

from models.errors import SolverError
from models.inputs import Inputs
from models.operation import TOTALS
from models.park import build_year
from planner.solve.highs import INFINITY, Solver, compile_model
from planner.solve.reduced import Reduced

#: A missing MWh costs as much as so many of the dearest.
PENALTY = 200.0
#: A basis of an operation that misses so much (share of the peak, of base emissions) is no start for the next: it takes
#: longer to come back from there than from nothing.
FAR = 0.1
#: A total of a year: name of the variable and its index; and the rows that sum them up.
Total = tuple[str, tuple[str, ...]]
TOTAL_ROWS = dict(
    zip(TOTALS, ("import_total", "export_total", "capture_total", "converted_total"), strict=True)
)
#: A link of a year: which kind of decision, and of what.
Link = tuple[str, str]


@dataclass(frozen=True)
class Cut:
    r"""What a year costs at a trial point, and a plane that is nowhere above what it costs elsewhere.

    .. math:: Q_y(x) \ge value + slope \cdot (x - point)

    value    least operating cost at the point, not discounted, with the price of what is missing; or a bound of it   money
    slope    reduced costs of the fixed links                                    money per unit of link
    missing  most that is unserved or unmet, as a share of the peak and of base  1
    paid     the part of the cost that is paid for what is missing               money
    cost     operating cost that was found, where it is above the bound          money
    """

    point: np.ndarray
    value: float
    slope: np.ndarray
    missing: float
    paid: float
    cost: float


@dataclass(frozen=True)
class Terms:
    """What a plan changes for all years.

    dearer  how often the price of what is missing is that of `penalties`
    free    True where the rules of the stages do not hold
    barred  variables of the years that are forbidden
    """

    dearer: float = 1.0
    free: bool = False
    barred: tuple[str, ...] = ()


class Year:
    """The operation of one year in one HiGHS object.

    Every balance may be missed and every rule broken at a price, so that each trial point gives a cut. The price is
    far above what any plan would pay, and is raised where a plan still uses it.
    """

    def __init__(self, inputs: Inputs, y: int) -> None:
        self.y = y
        self.model: ConcreteModel = build_year(inputs, y)
        self.matrix = compile_model(self.model)
        block = self.model.year
        self.links: list[Link] = []
        variables: list[Any] = []
        for kind in ("capacity", "demand", "uptake", "pays_capacity"):
            for name, variable in getattr(block, f"link_{kind}").items():
                if id(variable) in self.matrix.column:
                    self.links.append((kind, name))
                    variables.append(variable)
        self.places = self.matrix.columns_of(variables)
        self._reduce(block)
        self._add_slacks(inputs, block)
        self.was_missing = 0.0
        self.terms = Terms()
        self.totals = {
            (name, index if isinstance(index, tuple) else (index,)): self.reduced.row[self.matrix.row[id(row)]]
            for name, rows in TOTAL_ROWS.items() for index, row in getattr(block, rows).items() if id(row) in self.matrix.row
        }  # fmt: skip
        self.solver.options(solver="simplex")

    def _reduce(self, block: Any) -> None:
        """The programme with its links given; balances, rules and sums remain rows."""
        matrix = self.matrix
        rows = sparse.csc_matrix((matrix.value, matrix.index, matrix.start), shape=(len(matrix.rows), len(matrix.columns))).tocsr()
        stays = np.zeros(len(matrix.rows), dtype=bool)
        for name in ("balance", "stage_rule", *TOTAL_ROWS.values()):
            stays[matrix.rows_of(getattr(block, name).values())] = True
        free = np.ones(len(matrix.columns), dtype=bool)
        free[self.places] = False
        self.reduced = Reduced(matrix, rows, np.arange(len(matrix.rows)), np.flatnonzero(free), self.places, stays)
        self.solver = Solver(self.reduced.matrix, threads=1)
        self.rule_rows = self._rows_of(block.stage_rule.values())

    def _rows_of(self, constraints: Iterable[Any]) -> np.ndarray:
        return np.array([self.reduced.row[r] for r in self.matrix.rows_of(constraints).tolist()], dtype=np.int32)

    def _add_slacks(self, inputs: Inputs, block: Any) -> None:
        weight, base = inputs.calendar.weight, inputs.carbon.base
        balances = list(block.balance.items())
        rows = self._rows_of(c for _, c in balances)
        energy, tonne = penalties(inputs, self.y)
        self.balances = [index for index, _ in balances]
        hours = np.array([weight[index[-1]] for index in self.balances])
        self.slack_cost = np.concatenate([hours * energy, hours * energy, np.full(len(self.rule_rows), tonne)])
        demands = inputs.demands
        peak = max([1e-3, *(demands.energy[u, self.y] * float(demands.shape[u].max()) for u in demands.demands)])
        self.slack_size = np.concatenate([np.full(2 * len(rows), 1.0 / peak), np.full(len(self.rule_rows), 1.0 / base)])
        missing = self.solver.add_columns(rows, 1.0, self.slack_cost[: len(rows)])
        surplus = self.solver.add_columns(rows, -1.0, self.slack_cost[: len(rows)])
        broken = self.solver.add_slacks(self.rule_rows, self.slack_cost[2 * len(rows) :])
        self.slacks = np.concatenate([missing, surplus, broken])

    def stand_under(self, terms: Terms) -> None:
        """Be solved under these terms from now on."""
        if terms.dearer != self.terms.dearer:
            self.slack_cost = self.slack_cost * (terms.dearer / self.terms.dearer)
            self.solver.set_costs_of(self.slacks, self.slack_cost)
        for name in set(terms.barred) - set(self.terms.barred):
            places = self.matrix.columns_of(getattr(self.model.year, name).values())
            barred = np.isin(self.reduced.columns, places)
            self.reduced.lower[barred] = self.reduced.upper[barred] = 0.0
        self.terms = terms

    def cut(self, point: np.ndarray) -> Cut:
        """Solve at a trial point. Raises SolverError where HiGHS gives no answer."""
        if self.was_missing > FAR:
            self.solver.highs.clearSolver()
        limits = self.reduced.limits(point)
        if self.terms.free:
            limits[0][self.rule_rows], limits[1][self.rule_rows] = -INFINITY, INFINITY
        self.reduced.set_limits(self.solver, limits)
        answer = self.solver.run()
        if answer.status != "optimal":
            self.solver.highs.clearSolver()
            answer = self.solver.run()
        if answer.status != "optimal":
            raise SolverError(f"operation of {self.y}: HiGHS stopped with status {answer.status!r}")
        assert answer.row_duals is not None
        self.duals = answer.row_duals
        count, slack = len(self.matrix.columns), answer.values[self.slacks]
        self.values = np.concatenate([np.zeros(count), slack])
        self.values[self.reduced.columns] = answer.values[: len(self.reduced.columns)]
        self.values[self.places] = point
        missing, paid = float((slack * self.slack_size).max(initial=0.0)), float(slack @ self.slack_cost)
        self.was_missing = missing
        own = self.matrix.cost[self.places]
        cost = answer.objective + float(own @ point) + self.matrix.offset
        return Cut(point.copy(), cost, self.reduced.slope(answer) + own, missing, paid, cost)

    def prices(self, point: np.ndarray) -> dict[Total, float]:
        """What one more of each total costs the account of the year at a point, which becomes the last solution."""
        self.cut(point)
        return {total: -float(self.duals[row]) for total, row in self.totals.items()}

    def broken_rules(self) -> dict[tuple[str, str, str], float]:
        """(stage, metric, sense) and by how much the rule is broken in the last solution (t, tce or MWh)."""
        count = len(self.rule_rows)
        broken = self.values[len(self.values) - count :] if count else np.zeros(0)
        return dict(zip(self.model.year.stage_rule, broken.tolist(), strict=True))

    def unserved(self) -> list[tuple[tuple[str, str, int], float]]:
        """(zone, carrier, snapshot) and power missing in the last solution."""
        missing = self.values[len(self.matrix.columns) :][: len(self.balances)]
        return [(self.balances[i], float(missing[i])) for i in np.flatnonzero(missing > 1e-6)]

    def load(self) -> None:
        """Write the last solution into the Pyomo block."""
        self.matrix.load(self.values[: len(self.matrix.columns)])


def penalties(inputs: Inputs, y: int) -> tuple[float, float]:
    """Price of a missing MWh and of a missing t (or MWh, tce) of a rule: far above the dearest of their kind."""
    supplies, offsets = inputs.supplies, inputs.offsets
    energy = max((abs(p) for (_, when), p in supplies.price.items() if when == y), default=100.0) or 100.0
    credit = max((p for (_, when), p in offsets.price.items() if when == y), default=0.0)
    return PENALTY * energy, 20.0 * max(energy, credit)


def least_cost(inputs: Inputs, y: int) -> float:
    """A crude lower bound of a year's operating cost: all exports earned, all negative prices used, nothing paid."""
    supplies, weight = inputs.supplies, inputs.calendar.weight
    least = 0.0
    for s in supplies.exporters:
        earned = np.maximum(supplies.hourly_price(s, y, "export", len(weight)), 0.0)
        least -= float(weight @ earned) * supplies.export_max[s]
    for s in supplies.importers:
        earned = np.maximum(-supplies.hourly_price(s, y, "energy", len(weight)), 0.0)
        if earned.any():
            least -= float(weight @ earned) * supplies.import_max.get(s, 1e6)
    return least - 1.0


class Years:
    """All years; their cuts are made in parallel, each year by its own HiGHS object."""

    def __init__(self, inputs: Inputs, workers: int | None = None) -> None:
        self.years: dict[int, Year] = {y: Year(inputs, y) for y in inputs.years}
        self.pool = ThreadPoolExecutor(workers or os.cpu_count() or 1)
        self.terms = Terms()

    def cuts(self, points: Mapping[int, np.ndarray]) -> dict[int, Cut]:
        """The cut of every year at its part of a trial point."""
        return dict(zip(points, self.pool.map(lambda y: self.years[y].cut(points[y]), points), strict=True))

    def operation(self) -> dict[int, np.ndarray]:
        """The values of all columns of every year in its last solution."""
        return {y: year.values for y, year in self.years.items()}

    def take(self, operation: Mapping[int, np.ndarray]) -> None:
        """Stand as they did when they told of this operation."""
        for y, values in operation.items():
            self.years[y].values = values

    def prices(self, points: Mapping[int, np.ndarray]) -> dict[int, Mapping[Total, float]]:
        """What one more of each total costs the account of every year at a point, which becomes the last solution."""
        return dict(zip(points, self.pool.map(lambda y: self.years[y].prices(points[y]), points), strict=True))

    def _change(self, **terms: Any) -> None:
        self.terms = replace(self.terms, **terms)
        for year in self.years.values():
            year.stand_under(self.terms)

    def raise_price(self, times: float) -> None:
        """Make what is missing dearer in all years."""
        self._change(dearer=self.terms.dearer * times)

    def free_rules(self, free: bool) -> None:
        """Let the rules of all stages hold no longer, or again."""
        self._change(free=free)

    def bar(self, names: Sequence[str]) -> None:
        """Forbid variables of the years for good."""
        self._change(barred=(*self.terms.barred, *names))
