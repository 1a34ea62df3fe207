"""The restricted master of column generation: the account of a year with the shares of the columns of its months.

The problem is given in `operator.generate`. Its rows:

- coupling, one a total: the account's total is the sum over months of the totals of their columns. Dual: price of the total.
- contract, one a month and contract: the contracted capacity is at least that of the columns of the month. Dual: its price.
- convexity, one a month: the shares of its columns sum to 1.

Every coupling row has slack of both signs at a high penalty (`FAR`). Prices of coupling and contract rows are kept in a soft box
around those to start from (`PriceBox`). Rules have slack, too, at their penalty. So the optimum is an upper bound of the year's
cost only once the box is as wide as is needed.

`solve` gives `objective` and `duals`. Raises SolverError where HiGHS gives no answer, and Stopped once the watch in force is over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from pyomo.core import value

from models.inputs import Inputs
from models.operation.cost import Terms
from models.operation.links import link_variables
from models.park import build_account
from planner.solve.handover.matrix import COUPLED, INFINITY, compile_model
from planner.solve.handover.solver import Answer, Solver
from planner.solve.hours.months import CONTRACTED, MONTHS, Hours, LinkValues, MonthColumn
from planner.solve.year.subproblem import PENALTY, rule_weight
from planner.solve.year.template import Total


@dataclass(frozen=True)
class Prices:
    """Prices, and the account's part of the Lagrangian bound at them.

    totals  of the totals, and of contracted capacity: of `Hours.priced`   money/MWh, money/t, money/MW (i)
    value   least cost of the account at the prices                       money
    slope   of `value` in each linking variable of the account            money per unit (l)
    """

    totals: np.ndarray
    value: float
    slope: np.ndarray

    def towards(self, other: Prices, share: float) -> Prices:
        """Prices between two. The least cost of the account is concave in prices, so the mean of two values is a lower bound."""
        own = 1 - share
        value = own * self.value + share * other.value
        return Prices(own * self.totals + share * other.totals, value, own * self.slope + share * other.slope)


#: The box grows by this factor where its edge was reached.
WIDER = 3.0
#: Slack below this is none (relative to what the row counts, absolute below 1).
NOISE = 1e-6


class Shape(NamedTuple):
    """A box: the prices in its middle, and its half width (money per unit; row)."""

    centre: np.ndarray
    half: np.ndarray


class PriceBox:
    r"""A soft box around the prices of some rows of a restricted master: slack of limited size, at the prices of its edge.

    .. math:: \sum_j a_{ij} \lambda_j + s^+_i - s^-_i = b_i, \quad 0 \le s^\pm_i \le S_i, \quad
       \text{cost } (h_i - d_i)\, s^+_i + (h_i + d_i)\, s^-_i

    The price of row i, minus its dual, then lies in d ± h, until one of its slacks is used up (du Merle, Villeneuve, Desrosiers and
    Hansen, "Stabilized column generation", 1999; the box without slack is that of Marsten, Hogan and Blankenship, "The Boxstep
    method", 1975). With few columns duals are far off, and prices far off give columns of no use.

    With h = 0 and unlimited slack the price is d, and the optimum is the least cost at these prices (`hold`).

    λ  what the rows count      s  slack, of size S at most     d  price in the middle of the box     h  half width of the box

    `values` of the methods are those of all columns in a solution.
    """

    def __init__(self, solver: Solver, rows: np.ndarray, counted: np.ndarray, most: np.ndarray) -> None:
        """counted  column of what the row counts   (row)
        most     greatest half width   money per unit (row)
        """
        self.solver, self.rows, self.counted, self.most = solver, rows, counted, most
        none = np.zeros(len(rows))
        self.slack = np.stack([solver.add_columns(rows, 1.0, none), solver.add_columns(rows, -1.0, none)])
        self.shape = Shape(none, none)

    def set(self, shape: Shape) -> None:
        """Make the box one of this shape."""
        self.shape = shape
        self.solver.set_costs_of(self.slack[0], shape.half - shape.centre)
        self.solver.set_costs_of(self.slack[1], shape.half + shape.centre)

    def place(self, shape: Shape, size: np.ndarray) -> None:
        """Set the shape of the box, and the upper bound of its slacks (`size`, in the unit of the row; row)."""
        for places in self.slack:
            self.solver.set_bounds(places, np.zeros(len(places)), size)
        self.set(shape)

    def hold(self, prices: np.ndarray) -> None:
        """Hold the prices: a box without width, whose slack is of any size."""
        self.place(Shape(prices, np.zeros(len(prices))), np.full(len(prices), INFINITY))

    def widen(self, values: np.ndarray) -> bool:
        """Widen the box of the rows whose slack is used; False where none is."""
        out = values[self.slack].max(axis=0) > NOISE * np.maximum(1.0, np.abs(values[self.counted]))
        out &= self.shape.half < self.most
        if out.any():
            self.set(self.shape._replace(half=np.where(out, np.minimum(WIDER * self.shape.half, self.most), self.shape.half)))
        return bool(out.any())

    def clipped(self, prices: np.ndarray) -> np.ndarray:
        """Prices, cut off at the edge of the box."""
        return np.clip(prices, self.shape.centre - self.shape.half, self.shape.centre + self.shape.half)


#: Relative gap at which a year counts as solved.
PRECISE = 3e-4
#: Relative gap at which a year counts as solved as long as the search has no finite bounds, so that any difference is allowed.
GAP_WITHOUT_BOUNDS = 1e-2
#: Half width of the box of a price: the share `BOX` of the price to start from, plus the share `LEAST_BOX` of the dearest energy.
#: Prices of totals that couple months are not known before: the half width of their box is the price of the dearest energy.
BOX, LEAST_BOX = 0.1, 0.01
#: Half width of the box of a price of contracted capacity, in monthly charges.
CONTRACT_BOX = 0.3
#: Penalty of slack in a coupling row, in penalties of an unserved MWh: demand stays unserved rather than a limit be exceeded.
FAR = 20.0
#: A share up to this is none. Its flows would be so small that tables list them in some hours and leave them out in others.
NO_SHARE = 1e-9
#: Upper bound of the slack of the box, as a share of the total or of the contracted capacity.
LITTLE = 0.1


@dataclass(frozen=True)
class Conditions:
    """Under which conditions a year is operated.

    binds     which rules hold: "all", those that hold whatever the goal ("lasting"), or "none"
    may_buy   False where credits and certificates may not be bought
    penalty_factor  factor on the penalty of slack
    is_trial  True for a trial of the Benders master: solved to its gap even where slack is unavoidable, and with the slope
    allowed   difference between cost and lower bound of the year that is allowed where the gap allows less; infinite: bounds of
              the search are not known yet   money
    phase_1   True in phase 1: a unit of slack costs `PHASE_1` divided by its scale; nothing else has a cost
    held      column of the hours -> value that it is held at   MW, t/h
    levels    committed plant -> what may be on of it in each hour, where units are whole   MW, t/h (level, hours)
    """

    binds: str = "all"
    may_buy: bool = True
    penalty_factor: float = 1.0
    is_trial: bool = False
    allowed: float = 0.0
    phase_1: bool = False
    held: Mapping[int, float] = field(default_factory=dict)
    levels: Mapping[str, np.ndarray] = field(default_factory=dict)


class RestrictedMaster:
    """The restricted master in one HiGHS object; `objective` is its optimum, `bound` the best Lagrangian bound so far (money)."""

    def __init__(
        self,
        inputs: Inputs,
        y: int,
        hours: Hours,
        linking: LinkValues,
        under: Conditions,
        penalty: tuple[float, float],
        gap: float = PRECISE,
    ) -> None:
        """penalty  of unserved demand (money/MWh), and of a violated rule (money per t, tce or MWh)
        gap      relative gap at which the year counts as solved
        """
        self.inputs, self.y, self.hours = inputs, y, hours
        self.given_contracts = {s: amount for (kind, s), amount in linking.links.items() if kind == CONTRACTED}
        self.chosen = {s: amount for (kind, s), amount in linking.links.items() if kind == "pays_capacity"}
        #: Energy of each demand (MWh).
        self.demand = {u: amount for (kind, u), amount in linking.links.items() if kind == "demand"}
        schemes = {key: amount for (kind, key), amount in linking.links.items() if kind == "scheme"}
        #: Charges of schemes that are not in force.
        self.not_in_force = {b for b, key in inputs.supplies.bill_scheme.items() if schemes.get(key, 0.0) < 0.5}
        self.model = build_account(inputs, y)
        self.block = self.model.year
        self.matrix = matrix = compile_model(self.model)
        self.solver = solver = Solver(matrix, threads=1)
        energy, self.rule_penalty = penalty
        self.gap, self.allowed, self.is_phase_1 = gap, under.allowed, under.phase_1
        if self.is_phase_1:
            solver.set_cost(np.zeros(len(matrix.cost)))
            energy = max(energy, self.rule_penalty)  # only rules give a total a price
        self.bound_at: Prices | None = None
        self._fix_links(linking, under.may_buy)
        rules = self.block.stage_rule
        self.rules = list(rules)
        rows = matrix.rows_of(rules.values())
        self.rule_slacks = solver.add_slacks(rows, np.full(len(rows), self.rule_penalty))
        lasting = inputs.carbon.lasting(y) if under.binds == "lasting" else set()
        free = [row for key, row in zip(self.rules, rows.tolist(), strict=True) if under.binds != "all" and key not in lasting]
        solver.free_rows(np.array(free, dtype=np.int32))
        self._add_coupling(energy)
        self.first_columns: list[MonthColumn] = []
        self.shares_at: list[list[int]] = [[] for _ in range(MONTHS)]
        self.bound = -INFINITY

    def _fix_links(self, linking: LinkValues, may_buy: bool) -> None:
        block, matrix = self.block, self.matrix
        self.links = {link: matrix.column[id(v)] for link, v in link_variables(block) if id(v) in matrix.column}
        amounts = np.array([linking.links.get(link, 0.0) for link in self.links])
        self.solver.set_bounds(np.array(list(self.links.values()), dtype=np.int32), amounts, amounts)
        if not may_buy:
            barred = matrix.columns_of([*block.credits.values(), *block.certified.values()])
            self.solver.set_bounds(barred, np.zeros(len(barred)), np.zeros(len(barred)))

    def _add_coupling(self, energy: float) -> None:
        """Coupling, contract and convexity rows, still without columns of months."""
        solver, hours, block = self.solver, self.hours, self.block
        self.account_totals = []
        for variable in hours.account_totals(block):
            place = self.matrix.column.get(id(variable))
            if place is None:  # in no row of the account
                most = INFINITY if variable.ub is None else float(variable.ub)
                place = solver.add_bounded_column(0.0, -INFINITY if variable.lb is None else float(variable.lb), most)
            self.account_totals.append(place)
        self.coupling_row = solver.row_count()
        for place in self.account_totals:
            solver.add_row(0.0, 0.0, np.array([place], dtype=np.int32), np.array([-1.0]))
        rows = np.arange(self.coupling_row, self.coupling_row + len(self.account_totals), dtype=np.int32)
        price = np.full(len(rows), FAR * energy)
        self.hard_slack = np.stack([solver.add_columns(rows, 1.0, price), solver.add_columns(rows, -1.0, price)])
        self.energy = energy
        ends = [(0.0, INFINITY) if (own := self.given_contracts.get(s)) is None else (own, own) for s in hours.contracts]
        self.contracted = [solver.add_bounded_column(12 * charge, *end) for charge, end in zip(self.charges(), ends, strict=True)]
        for place in MONTHS * self.contracted:
            solver.add_row(-INFINITY, 0.0, np.array([place], dtype=np.int32), np.array([-1.0]))
        self.convexity_row = solver.row_count()
        self.price_box = PriceBox(
            solver,
            np.arange(self.coupling_row, self.convexity_row, dtype=np.int32),
            np.array([*self.account_totals, *MONTHS * self.contracted], dtype=np.int32),
            np.concatenate([np.full(len(self.account_totals), energy), 12 * np.tile(self.charges(), MONTHS)]),
        )
        for _ in range(MONTHS):
            solver.add_row(1.0, 1.0, np.zeros(0, dtype=np.int32), np.zeros(0))

    def first_prices(self, known: Mapping[Total, float]) -> np.ndarray:
        """Prices of `Hours.priced` to start from: those that are known, else what a total is worth at a guess
        (`Hours.first_price`), and the charge of contracted capacity in equal parts for all months."""
        guess = [self.hours.first_price(total, self.inputs, self.y) for total in self.hours.totals] + MONTHS * self.charges()
        return np.array([known.get(total, price) for total, price in zip(self.hours.priced, guess, strict=True)])

    def best_prices(self) -> dict[Total, float]:
        """The prices of the best bound, a start for years of like structure."""
        return dict(zip(self.hours.priced, (self.bound_at or self.duals).totals.tolist(), strict=True))

    def charges(self) -> list[float]:
        """Monthly charge of each contracted capacity (money/MW); nothing in phase 1."""
        charge = self.inputs.supplies.contracted_charge
        return [0.0 if self.is_phase_1 else charge(s, self.y) for s in self.hours.contracts]

    def add(self, month: int, column: MonthColumn) -> None:
        """Add a column of a month."""
        totals = np.flatnonzero(column.totals)
        rows = np.append(self.coupling_row + totals, self.convexity_row + month)
        place = self.solver.add_bounded_column(column.cost, 0.0, INFINITY, rows, np.append(column.totals[totals], 1.0))
        self.shares_at[month].append(place)
        if len(self.shares_at[month]) == 1:
            self.first_columns.append(column)

    def exclude(self, columns: Sequence[tuple[int, int]]) -> None:
        """Fix the shares of these columns (month, which of the month's) at 0, unless a coupling row has slack without them.

        Near the optimum a month may have a share of a column with slack, although it has columns without.
        """
        places = np.array([self.shares_at[m][i] for m, i in columns], dtype=np.int32)
        if (self.values[places] > 0).any():
            none = np.zeros(len(places))
            self.solver.set_bounds(places, none, none)
            self.solve()
            if self.coupling_slack():
                self.solver.set_bounds(places, none, np.full(len(places), INFINITY))
                self.solve()

    def solve(self) -> None:
        """The optimum over the columns known; `values`, `objective` and `duals` are those of it."""
        self._read(self.solver.optimum(f"account of {self.y}"))

    def _read(self, answer: Answer) -> None:
        assert answer.row_duals is not None
        self.values, self.objective = answer.values, answer.objective
        duals = answer.row_duals
        value = self.objective - float(duals[self.convexity_row : self.convexity_row + MONTHS].sum())
        assert answer.column_duals is not None
        slope = answer.column_duals[list(self.links.values())]
        self.duals = Prices(-duals[self.coupling_row : self.convexity_row], value, slope)

    def at(self, prices: np.ndarray) -> Prices | None:
        """These prices with the least cost of the account at them; None where it has none."""
        self.price_box.hold(prices)
        answer = self.solver.run()
        if answer.status != "optimal":
            self.solver.clear()
            return None
        self._read(answer)
        return self.duals

    def is_within_gap(self) -> bool:
        """True if objective and bound are within the gap, or within what is allowed."""
        size = max(abs(self.objective), 1.0)
        allowed = self.allowed if self.allowed < INFINITY else GAP_WITHOUT_BOUNDS * size
        return self.objective - self.bound <= max(self.gap * size, allowed)

    def is_within_gap_without_box(self) -> bool:
        """True if that holds with a box as wide as is needed; if not, duals and box are left as they were."""
        duals, shape = self.duals, self.price_box.shape
        while self.is_within_gap():
            self.solve()
            if not self.widen_box():
                return self.is_within_gap()
        self.duals = duals
        self.price_box.set(shape)
        return False

    def box_prices(self, prices: np.ndarray) -> None:
        """Box the prices around these."""
        count = len(self.account_totals)
        counted = np.abs(sum(column.totals for column in self.first_columns))
        capacity = counted[count:].reshape(MONTHS, -1).max(axis=0)
        size = LITTLE * np.concatenate([np.maximum(1.0 / LITTLE, counted[:count]), np.tile(capacity, MONTHS)])
        least = np.where([kind == COUPLED for kind, _ in self.hours.totals], 1.0, LEAST_BOX) * self.energy / PENALTY
        half = np.concatenate([BOX * np.abs(prices[:count]) + least, CONTRACT_BOX * np.tile(self.charges(), MONTHS)])
        self.price_box.place(Shape(prices, half), size)

    def widen_box(self) -> bool:
        """Widen the box of the prices whose slack at the edge is used; False where none is."""
        return self.price_box.widen(self.values)

    def misses_totals(self) -> bool:
        """True if the columns known cannot give some total without the slack at the high penalty."""
        missed = self.values[self.hard_slack].sum(axis=0)
        return bool((missed > NOISE * np.maximum(1.0, np.abs(self.values[self.account_totals]))).any())

    def boxed_prices(self) -> np.ndarray:
        """The duals, cut off at the edge of the box (money/MWh, money/t, money/MW)."""
        return self.price_box.clipped(self.duals.totals)

    def shares(self) -> list[np.ndarray]:
        """Shares of the columns, month by month; one that is less than the tolerance of the solver is none."""
        own = [np.where(self.values[places] > NO_SHARE, self.values[places], 0.0) for places in self.shares_at]
        return [shares / shares.sum() for shares in own]

    def load(self, mixed: np.ndarray) -> None:
        """Write the solution into the Pyomo block of the account, with the totals of the hours."""
        self.matrix.load(self.values[: len(self.matrix.columns)])
        self.hours.load_totals(self.block, mixed)

    def terms(self) -> dict[tuple[str, str], float]:
        """Cost terms of the account."""
        terms: Terms = self.block.cost_terms
        return {key: float(value(term)) for key, term in terms.items()}

    def slope_of_bound(self, months: np.ndarray) -> dict[tuple[str, Any], float]:
        """Slope of the bound in each linking variable: that of the months plus that of the account, at the prices of the bound."""
        slope: dict[tuple[str, Any], float] = dict(zip(self.hours.linking, months.tolist(), strict=True))
        if self.bound_at is not None:
            for link, own in zip(self.links, self.bound_at.slope.tolist(), strict=True):
                slope[link] = slope.get(link, 0.0) + own
        return slope

    def total_penalty(self) -> float:
        """Penalty of violated rules and of slack in coupling rows (money)."""
        far = FAR * self.energy * float(self.values[self.hard_slack].sum())
        return far + self.rule_penalty * float(self.values[self.rule_slacks].sum())

    def largest_slack(self) -> float:
        """Largest violation of a rule, weighted as `Cut.slack` has it; at least 1 where a coupling row has slack."""
        broken = float(self.values[self.rule_slacks].max(initial=0.0)) * rule_weight(self.inputs.carbon.base)
        return max(broken, float(bool(self.coupling_slack())))

    def coupling_slack(self) -> dict[Total, float]:
        """Totals with slack in their coupling row above the tolerance, and how much."""
        box_slack = self.price_box.slack[:, : len(self.account_totals)]
        off = np.abs(self.values[self.hard_slack] + self.values[box_slack]).max(axis=0)
        allowed = NOISE * np.maximum(1.0, np.abs(self.values[self.account_totals]))
        return {self.hours.totals[i]: float(off[i]) for i in np.flatnonzero(off > allowed)}

    def violations(self) -> dict[tuple[str, str, str], float]:
        """Violation of each rule."""
        return dict(zip(self.rules, np.maximum(self.values[self.rule_slacks], 0.0).tolist(), strict=True))
