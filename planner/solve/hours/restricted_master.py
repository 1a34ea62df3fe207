"""The account of a year with the shares of the ways to operate its months: the master of its column generation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from pyomo.environ import value

from models.inputs import Inputs
from models.investment import CHOICES
from models.operation.cost import Terms
from models.park import build_account
from planner.solve.handover.highs import Solver
from planner.solve.handover.matrix import INFINITY, compile_model
from planner.solve.handover.naming import HANDED
from planner.solve.hours.months import MONTHS, Column, Given, Hours
from planner.solve.year.penalties import PENALTY
from planner.solve.year.template import Total

#: Cost within which a year is operated at its least (relative).
PRECISE = 3e-4
#: Prices stay within this share of those known, and this share of the dearest energy, until that proves too narrow; those of what
#: months hand over, of which nothing is known, within all of it.
BOX, LEAST_BOX, WIDER = 0.3, 0.02, 3.0
#: A total that is missed costs so many times a missing MWh: what no limit of the year allows is rather not served.
FAR = 20.0
#: Share of a total that may be missed at the edge.
LITTLE = 0.1
#: A broken rule costs at first this share of its full price, so that prices stay near those that will hold.
FIRST_SHARE = 0.05
#: A total that is off by less (relative, and in MWh or t below 1) is not missed.
NOISE = 1e-6


@dataclass(frozen=True)
class Prices:
    """Prices of the totals and of the contracts in each month, what the account costs at them, and what one more of each link
    that it knows costs it then."""

    totals: np.ndarray
    contracts: np.ndarray
    value: float
    slope: np.ndarray

    def towards(self, other: Prices, share: float) -> Prices:
        """Prices between two: what the account costs at them is concave, so the mean is a lower bound of it."""
        mixed = [(1 - share) * a + share * b for a, b in zip(self._parts(), other._parts(), strict=True)]
        return Prices(mixed[0], mixed[1], float(mixed[2]), mixed[3])

    def _parts(self) -> tuple[Any, ...]:
        return self.totals, self.contracts, self.value, self.slope


@dataclass(frozen=True)
class Penalty:
    """Price of what is missing.

    energy  of unserved demand              money/MWh
    tonne   of a broken rule                money per t, tce or MWh
    only_missing  True if nothing else costs anything
    """

    energy: float
    tonne: float
    only_missing: bool = False


class Account:
    """The account of a year with the shares of the ways of its months, in one HiGHS object."""

    def __init__(
        self, inputs: Inputs, y: int, hours: Hours, given: Given, *, binds: str, bought: bool, penalty: Penalty,
        precise: float = PRECISE,
    ) -> None:  # fmt: skip
        """`precise`: cost within which the year is operated at its least (relative)."""
        self.inputs, self.y, self.hours = inputs, y, hours
        self.chosen = {s: amount for (kind, s), amount in given.links.items() if kind == "pays_capacity"}
        under = {key: amount for (kind, key), amount in given.links.items() if kind == "scheme"}
        #: Charges of schemes that are not in force.
        self.not_in_force = {b for b, key in inputs.supplies.bill_scheme.items() if under.get(key, 0.0) < 0.5}
        self.model = build_account(inputs, y)
        self.block = self.model.year
        self.matrix = matrix = compile_model(self.model)
        self.solver = solver = Solver(matrix, threads=1)
        energy, self.tonne, self.precise = penalty.energy, penalty.tonne, precise
        if penalty.only_missing:
            solver.set_cost(np.zeros(len(matrix.cost)))
            energy = max(energy, self.tonne)  # what a total is worth is measured by the rules alone
        self.bound_at: Prices | None = None
        self._fix_links(given, bought)
        rules = self.block.stage_rule
        self.rules = list(rules)
        rows = matrix.rows_of(rules.values())
        self.rule_price = np.full(len(rows), FIRST_SHARE * self.tonne)
        self.rule_slacks = solver.add_slacks(rows, self.rule_price)
        lasting = inputs.carbon.lasting(y) if binds == "lasting" else set()
        free = [row for key, row in zip(self.rules, rows.tolist(), strict=True) if binds != "all" and key not in lasting]
        solver.free_rows(np.array(free, dtype=np.int32))
        self._add_coupling(energy)
        self.first: list[Column] = []
        self.shares_at: list[list[int]] = [[] for _ in range(MONTHS)]
        self.bound = -INFINITY

    def _fix_links(self, given: Given, bought: bool) -> None:
        block, matrix = self.block, self.matrix
        self.links: dict[tuple[str, str], int] = {}
        for kind in ("uptake", "capacity", *CHOICES):
            for name, variable in getattr(block, f"link_{kind}").items():
                places = matrix.columns_of([variable])
                amount = np.full(len(places), given.links.get((kind, str(name)), 0.0))
                self.solver.set_bounds(places, amount, amount)
                self.links |= {(kind, str(name)): place for place in places.tolist()}
        if not bought:
            barred = matrix.columns_of([*block.credits.values(), *block.certified.values()])
            self.solver.set_bounds(barred, np.zeros(len(barred)), np.zeros(len(barred)))

    def _add_coupling(self, energy: float) -> None:
        """Rows that tie each total to the ways of the months, that share out each month, and contracts above all months."""
        solver, hours, block = self.solver, self.hours, self.block
        self.stand_in = []
        for variable in hours.stand_in(block):
            place = self.matrix.column.get(id(variable))
            if place is None:  # nothing in the account asks for it, but its own limit
                most = INFINITY if variable.ub is None else float(variable.ub)
                place = solver.add_bounded_column(0.0, -INFINITY if variable.lb is None else float(variable.lb), most)
            self.stand_in.append(place)
        self.first_row = solver.row_count()
        for place in self.stand_in:
            solver.add_row(0.0, 0.0, np.array([place], dtype=np.int32), np.array([-1.0]))
        rows = np.arange(self.first_row, self.first_row + len(self.stand_in), dtype=np.int32)
        price = np.full(len(rows), FAR * energy)
        self.far = np.stack([solver.add_columns(rows, 1.0, price), solver.add_columns(rows, -1.0, price)])
        self.near = np.stack([solver.add_columns(rows, 1.0, price), solver.add_columns(rows, -1.0, price)])
        self.energy = energy
        charge = self.inputs.supplies.capacity_charge
        self.contracted = [solver.add_bounded_column(12 * charge[s, self.y], 0.0, INFINITY) for s in hours.contracts]
        self.contract_row = solver.row_count()
        for _ in range(MONTHS):
            for place in self.contracted:
                solver.add_row(0.0, INFINITY, np.array([place], dtype=np.int32), np.array([1.0]))
        self.share_row = solver.row_count()
        for _ in range(MONTHS):
            solver.add_row(1.0, 1.0, np.zeros(0, dtype=np.int32), np.zeros(0))

    def first_contract_prices(self) -> np.ndarray:
        """Contracted capacity paid for in equal parts by all months."""
        charge = self.inputs.supplies.capacity_charge
        return np.array([[charge[s, self.y] for s in self.hours.contracts] for _ in range(MONTHS)]).reshape(MONTHS, -1)

    def add(self, month: int, way: Column) -> None:
        """One more way to operate a month."""
        count = len(self.contracted)
        totals = np.flatnonzero(way.totals)
        rows = [
            self.first_row + totals,
            self.contract_row + month * count + np.arange(count),
            np.array([self.share_row + month]),
        ]
        values = np.concatenate([way.totals[totals], -way.contracts, [1.0]])
        place = self.solver.add_bounded_column(way.cost, 0.0, INFINITY, np.concatenate(rows), values)
        self.shares_at[month].append(place)
        if len(self.shares_at[month]) == 1:
            self.first.append(way)

    def serve(self, found: Any) -> None:
        """Leave out ways that leave demand unserved, where others serve it: within the gap they may still be in the mix.

        Not where the others together go beyond what the year allows.
        """
        places = [
            place for ways, own in zip(found.ways, self.shares_at, strict=True)
            if not all(map(found.is_missing, ways)) for way, place in zip(ways, own, strict=True) if found.is_missing(way)
        ]  # fmt: skip
        if any(self.values[p] > 0 for p in places):
            barred, none = np.array(places, dtype=np.int32), np.zeros(len(places))
            self.solver.set_bounds(barred, none, none)
            self.solve()
            if self.missed():
                self.solver.set_bounds(barred, none, np.full(len(places), INFINITY))
                self.solve()

    def solve(self) -> None:
        """The best mix of the ways known; its duals are prices. Raises SolverError where HiGHS fails."""
        answer = self.solver.optimum(f"account of {self.y}")
        assert answer.row_duals is not None
        self.values, self.objective = answer.values, answer.objective
        duals, count = answer.row_duals, len(self.contracted)
        self.prices = -duals[self.first_row : self.first_row + len(self.stand_in)]
        contract = duals[self.contract_row : self.contract_row + MONTHS * count]
        value = self.objective - float(duals[self.share_row : self.share_row + MONTHS].sum())
        assert answer.column_duals is not None
        slope = answer.column_duals[list(self.links.values())]
        self.now = Prices(self.prices, contract.reshape(MONTHS, count), value, slope)

    def is_near(self) -> bool:
        """True where no mix can be much cheaper."""
        return self.objective - self.bound <= self.precise * max(abs(self.objective), 1.0)

    def stay_near(self, prices: np.ndarray) -> None:
        """Keep the prices of the totals in a box around these: a little of a total may be missed at a price at its edges.

        Far prices make months do what no mix needs.
        """
        little = np.maximum(1.0, LITTLE * np.abs(sum(way.totals for way in self.first)))
        for places in self.near:
            self.solver.set_bounds(places, np.zeros(len(places)), little)
        self.centre = prices
        least = np.where([kind == HANDED for kind, _ in self.hours.totals], 1.0, LEAST_BOX)
        self.box = BOX * np.abs(prices) + least * self.energy / PENALTY
        self._set_box()

    def _set_box(self) -> None:
        self.solver.set_costs_of(self.near[0], self.box - self.centre)
        self.solver.set_costs_of(self.near[1], self.box + self.centre)

    def widen(self) -> bool:
        """Widen the box of totals that are missed at its edge; False where none is."""
        missed = self.values[self.near].max(axis=0)
        out = missed > NOISE * np.maximum(1.0, np.abs(self.values[self.stand_in]))
        out &= self.box < self.energy
        self.box = np.where(out, np.minimum(WIDER * self.box, self.energy), self.box)
        self._set_box()
        return bool(out.any())

    def insist(self) -> bool:
        """Make broken rules dearer, once, where one is still broken."""
        full = np.full(len(self.rule_price), self.tonne)
        if not len(full) or self.values[self.rule_slacks].max() <= 1e-9 or (self.rule_price >= full).all():
            return False
        self.rule_price = full
        self.solver.set_costs_of(self.rule_slacks, full)
        return True

    def shares(self) -> list[np.ndarray]:
        """Share of each way of each month."""
        return [np.maximum(self.values[places], 0.0) / self.values[places].sum() for places in self.shares_at]

    def load(self, mixed: np.ndarray) -> None:
        """Write the account's values into its block, the totals as the hours have them."""
        self.matrix.load(self.values[: len(self.matrix.columns)])
        self.hours.load_totals(self.block, mixed)

    def terms(self) -> dict[tuple[str, str], float]:
        """Cost terms of the account."""
        terms: Terms = self.block.cost_terms
        return {key: float(value(term)) for key, term in terms.items()}

    def plane(self, months: np.ndarray) -> dict[tuple[str, Any], float]:
        """What one more of each of what is given costs, in the months and here, at the prices of the bound."""
        slope: dict[tuple[str, Any], float] = dict(zip(self.hours.given, months.tolist(), strict=True))
        if self.bound_at is not None:
            for link, own in zip(self.links, self.bound_at.slope.tolist(), strict=True):
                slope[link] = slope.get(link, 0.0) + own
        return slope

    def paid(self) -> float:
        """What is paid for broken rules and for totals that are missed."""
        far = FAR * self.energy * float(self.values[self.far].sum())
        return far + float(self.values[self.rule_slacks] @ self.rule_price)

    def missing(self) -> float:
        """Most that a rule is broken by, as a share of base; all of it where a total is missed."""
        broken = float(self.values[self.rule_slacks].max(initial=0.0)) / max(self.inputs.carbon.base, 1e-9)
        return max(broken, float(bool(self.missed())))

    def missed(self) -> dict[Total, float]:
        """Totals that the account holds to be others than the hours', by more than the solver's tolerance."""
        off = np.abs(self.values[self.far] + self.values[self.near]).max(axis=0)
        allowed = NOISE * np.maximum(1.0, np.abs(self.values[self.stand_in]))
        return {self.hours.totals[i]: float(off[i]) for i in np.flatnonzero(off > allowed)}

    def broken(self) -> dict[tuple[str, str, str], float]:
        """By how much each rule is broken."""
        return dict(zip(self.rules, np.maximum(self.values[self.rule_slacks], 0.0).tolist(), strict=True))
