r"""The operation of a year in every hour, with all decisions over the years fixed: one linear programme, solved in parts.

Its months (`windows`) know each other only through sums over the year and the contracted capacity; the account of the year
(certificates, credits, rules) knows the hours only through those sums. So the year is solved by column generation (Dantzig
and Wolfe, 1960): the account mixes the ways to operate each month that are known so far,

.. math:: \min\; c_a(T) + \sum_{w,j} \lambda_{w,j}\, c_{w,j} \quad
   T_i = \sum_{w,j} \lambda_{w,j}\, t_{w,j,i}, \quad K \ge \sum_j \lambda_{w,j}\, k_{w,j}, \quad \sum_j \lambda_{w,j} = 1,

and its duals are the prices at which each month proposes another way. A mix of ways is a way, since a month is convex. What
the months cost at any prices, with what the account costs at them, is a lower bound; it ends where the two are near.

T  total   MWh, t (i)     K  contracted   MW     λ  share of a way   1 (w,j)     c  cost   money     t, k  of a way (w,j)
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pyomo.environ import value

from models.errors import SolverError
from models.inputs import Inputs
from models.operation.cost import Terms
from models.park import build_account
from planner.solve.highs import INFINITY, Solver, compile_model, paused_garbage_collector
from planner.solve.windows import MONTHS, Column, Given, Hours, same_hours
from planner.solve.years import PENALTY, Total, penalties

#: Cost within which a year is operated at its least (relative).
PRECISE = 3e-4
#: Share of the best prices so far in those that are tried next.
SMOOTH = 0.4
#: Rounds after which the best mix so far is taken.
ROUNDS = 40
#: Prices stay within this share of those known, and this share of the dearest energy, until that proves too narrow.
BOX, LEAST_BOX, WIDER = 0.3, 0.02, 3.0
#: A total that is missed costs so many times a missing MWh: what no limit of the year allows is rather not served.
FAR = 20.0
#: Share of a total that may be missed at the edge.
LITTLE = 0.1
#: A broken rule costs at first this share of its full price, so that prices stay near those that will hold.
FIRST_SHARE = 0.05
#: A total that is off by less (relative, and in MWh or t below 1) is not missed.
NOISE = 1e-6
#: Power (share of the largest demand) that counts as missing, above the solver's own tolerance.
MISSING = 1e-6


@dataclass(frozen=True)
class Unserved:
    """Power that cannot be had: year, zone, carrier, hour of the year, MW (below 0 where there is too much)."""

    year: int
    zone: str
    carrier: str
    hour: int
    power: float


@dataclass
class Operated:
    """A year in every hour.

    values      of all columns of the hours
    account     the Pyomo block of the account, with its values
    cost, bound of operating the year, not discounted; no operation is cheaper than the bound   money
    terms       the cost by (item, name)                                                       money
    broken      (stage, metric, sense) -> by how much a rule is broken                          t, tce, MWh
    unserved    demand that cannot be met, the largest first
    exceeded    totals that go beyond the limit of the year, and by how much
    prices      of the totals at the end, near which those of a like year are
    slope       what one more of each of what is given costs: a plane through the bound that is nowhere above the least cost
    paid        the part of the cost that is paid for what is missing                           money
    missing     most that is unserved or broken, as a share of the largest demand and of base   1
    """

    values: np.ndarray
    account: Any
    cost: float
    bound: float
    terms: dict[tuple[str, str], float]
    broken: dict[tuple[str, str, str], float]
    unserved: list[Unserved]
    exceeded: dict[Total, float] = field(default_factory=dict)
    prices: dict[Total, float] = field(default_factory=dict)
    rounds: int = 0
    seconds: float = 0.0
    slope: Mapping[tuple[str, Any], float] = field(default_factory=dict)
    paid: float = 0.0
    missing: float = 0.0

    @property
    def gap(self) -> float:
        """By how much of its cost the year might be operated more cheaply."""
        return (self.cost - self.bound) / max(abs(self.cost), 1.0)


class Operator:
    """Operates years over all hours; years of like structure share what is compiled."""

    def __init__(self, inputs: Inputs, workers: int) -> None:
        """`inputs` are on every hour, each asset present in every year; see `windows.everywhere`."""
        self.inputs = inputs
        self.templates: dict[tuple, Hours] = {}
        self.pool = ThreadPoolExecutor(workers)

    def hours(self, y: int) -> Hours:
        """The months that serve a year."""
        key = same_hours(self.inputs, y)
        if key not in self.templates:
            with paused_garbage_collector():
                self.templates[key] = Hours(self.inputs, y)
        return self.templates[key]

    def operate(
        self,
        y: int,
        given: Given,
        prices: Mapping[Total, float],
        *,
        binds: bool = True,
        bought: bool = True,
        dearer: float = 1.0,
        to_the_end: bool = False,
    ) -> Operated:
        """The least-cost operation of a year.

        prices  of the totals, near those at the optimum, where they are known   money/MWh, money/t
        binds   False where the rules of the stages do not hold
        bought  False where credits and certificates may not be bought
        dearer  how often the price of what is missing is that of `penalties`
        to_the_end  True if the least cost is sought where something is missing at any price, too
        """
        began = time.perf_counter()
        hours = self.hours(y)
        cost, terms = hours.cost_of(self.inputs, y)
        hours.give(self.inputs, y, given, cost, dearer)
        account = _Account(self.inputs, y, hours, given, binds=binds, bought=bought, dearer=dearer)
        found = _Columns(hours, account, self.pool)
        start = np.array([prices.get(total, 0.0) for total in hours.totals])
        found.propose(start, account.first_contract_prices())
        account.stay_near(start)
        rounds = _generate(found, account, to_the_end)
        shares = account.shares()
        mixed, unserved = found.mixed(shares), found.unserved(y, shares)
        paid = {key: float((own @ mixed)[0]) for key, own in terms.items()}
        account.load(mixed)
        return Operated(
            values=mixed, account=account.block, cost=account.objective, bound=account.bound,
            terms=paid | account.terms(), broken=account.broken(), unserved=unserved, exceeded=account.missed(),
            prices=dict(zip(hours.totals, account.prices.tolist(), strict=True)), rounds=rounds,
            seconds=time.perf_counter() - began, slope=account.plane(found.slope), paid=found.paid(shares) + account.paid(),
            missing=max(found.missing(shares) / hours.largest_demand, account.missing()),
        )  # fmt: skip


def _generate(found: _Columns, account: _Account, to_the_end: bool) -> int:
    """Rounds of prices and proposals until the mix is as good as any; gives their number."""
    centre: _Prices | None = None
    smooth, rounds = SMOOTH, 0
    while rounds < ROUNDS:
        account.solve()
        wider = account.widen()
        gives_up = found.is_lacking() and not to_the_end
        if account.is_near() or gives_up:
            if gives_up or not (wider or account.insist()):
                account.serve(found)
                break
            centre = None
            continue
        at = account.now if centre is None else centre.towards(account.now, 1 - smooth)
        lowest, slope = found.propose(at.totals, at.contracts)
        bound = at.value + lowest
        if bound > account.bound:
            account.bound, account.bound_at, found.slope = bound, at, slope
            centre, smooth = at, SMOOTH
        else:
            smooth = 0.0  # the prices of the account itself help for sure
        rounds += 1
    return rounds


@dataclass(frozen=True)
class _Prices:
    """Prices of the totals and of the contracts in each month, what the account costs at them, and what one more of each link
    that it knows costs it then."""

    totals: np.ndarray
    contracts: np.ndarray
    value: float
    slope: np.ndarray

    def towards(self, other: _Prices, share: float) -> _Prices:
        """Prices between two: what the account costs at them is concave, so the mean is a lower bound of it."""
        mixed = [(1 - share) * a + share * b for a, b in zip(self._parts(), other._parts(), strict=True)]
        return _Prices(mixed[0], mixed[1], float(mixed[2]), mixed[3])

    def _parts(self) -> tuple[Any, ...]:
        return self.totals, self.contracts, self.value, self.slope


class _Columns:
    """The ways to operate each month that are known so far."""

    def __init__(self, hours: Hours, account: _Account, pool: ThreadPoolExecutor) -> None:
        self.hours, self.account, self.pool = hours, account, pool
        self.ways: list[list[Column]] = [[] for _ in range(MONTHS)]
        #: Slope of what the months cost at the prices of the bound.
        self.slope = np.zeros(len(hours.given))

    def propose(self, prices: np.ndarray, contract_prices: np.ndarray) -> tuple[float, np.ndarray]:
        """The best way of each month at these prices; gives what all of them cost then, and the slope of that."""

        def solve(window: Any) -> Column:
            return window.solve(prices, contract_prices[window.month])

        lowest, slope = 0.0, np.zeros(len(self.hours.given))
        for window, way in zip(self.hours.windows, self.pool.map(solve, self.hours.windows), strict=True):
            self.ways[window.month].append(way)
            self.account.add(window.month, way)
            lowest += way.cost + float(prices @ way.totals) + float(contract_prices[window.month] @ way.contracts)
            slope += way.slope
        return lowest, slope

    def mixed(self, shares: list[np.ndarray]) -> np.ndarray:
        """Values of all columns, each month a mix of its ways."""
        values = np.zeros(len(self.hours.matrix.columns))
        for window, ways, share in zip(self.hours.windows, self.ways, shares, strict=True):
            values[window.columns] = sum(s * way.values for s, way in zip(share.tolist(), ways, strict=True))
        values = np.clip(values, self.hours.matrix.lower, self.hours.matrix.upper)  # the solver's tolerance
        values[self.hours.total_places] = self.hours.summing @ values
        self._pay_peaks(values)
        return values

    def _pay_peaks(self, values: np.ndarray) -> None:
        """Pay for the highest import and no more: a mix of ways may hold more."""
        hours, chosen = self.hours, self.account.chosen
        single, imports, month = hours.single, hours.series["imports"], hours.month
        for s, place in single["contracted"].items():
            pays = chosen.get(s, 1.0) > 0.5
            values[place] = values[imports[s,]].max() if pays else 0.0
        for (s, b), place in single["peak"].items():
            pays = chosen.get(s, 0.0) < 0.5
            values[place] = values[imports[s,][month == b]].max() if pays else 0.0

    def paid(self, shares: list[np.ndarray]) -> float:
        """What the mix pays for what is missing."""
        return sum(
            s * way.paid
            for ways, share in zip(self.ways, shares, strict=True) for way, s in zip(ways, share.tolist(), strict=True)
        )  # fmt: skip

    def missing(self, shares: list[np.ndarray]) -> float:
        """Most that the mix misses in an hour (MW)."""
        return max(
            sum(s * way.missing for way, s in zip(ways, share.tolist(), strict=True))
            for ways, share in zip(self.ways, shares, strict=True)
        )

    def is_missing(self, way: Column) -> bool:
        """True if the way leaves demand unserved."""
        return way.missing > MISSING * self.hours.largest_demand

    def is_lacking(self) -> bool:
        """True if some month cannot be served at any of the prices tried."""
        return any(all(self.is_missing(way) for way in ways) for ways in self.ways)

    def unserved(self, y: int, shares: list[np.ndarray]) -> list[Unserved]:
        """What the mix does not serve."""
        found = []
        for window, ways, share in zip(self.hours.windows, self.ways, shares, strict=True):
            for way, part in zip(ways, share.tolist(), strict=True):
                if part > 0 and self.is_missing(way):
                    found += [Unserved(y, zone, carrier, t, part * power) for zone, carrier, t, power in window.unserved(way)]
        return sorted(found, key=lambda u: -abs(u.power))


class _Account:
    """The account of a year with the shares of the ways of its months, in one HiGHS object."""

    def __init__(
        self, inputs: Inputs, y: int, hours: Hours, given: Given, *, binds: bool, bought: bool, dearer: float
    ) -> None:
        self.inputs, self.y, self.hours = inputs, y, hours
        self.chosen = {s: amount for (kind, s), amount in given.links.items() if kind == "pays_capacity"}
        self.model = build_account(inputs, y)
        self.block = self.model.year
        self.matrix = matrix = compile_model(self.model)
        self.solver = solver = Solver(matrix, threads=1)
        energy, self.tonne = (dearer * price for price in penalties(inputs, y))
        self.bound_at: _Prices | None = None
        self._fix_links(given, bought)
        rules = self.block.stage_rule
        self.rules = list(rules)
        rows = matrix.rows_of(rules.values())
        self.rule_price = np.full(len(rows), FIRST_SHARE * self.tonne)
        self.rule_slacks = solver.add_slacks(rows, self.rule_price)
        if not binds:
            solver.free_rows(rows)
        self._add_coupling(energy)
        self.first: list[Column] = []
        self.shares_at: list[list[int]] = [[] for _ in range(MONTHS)]
        self.bound = -INFINITY

    def _fix_links(self, given: Given, bought: bool) -> None:
        block, matrix = self.block, self.matrix
        self.links: dict[tuple[str, str], int] = {}
        for kind in ("uptake", "capacity", "pays_capacity"):
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
        for name, index in hours.totals:
            variable = getattr(block, name)[index if len(index) > 1 else index[0]]
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

    def serve(self, found: _Columns) -> None:
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
        answer = self.solver.run()
        if answer.status != "optimal" or answer.row_duals is None:
            raise SolverError(f"account of {self.y}: HiGHS stopped with status {answer.status!r}")
        self.values, self.objective = answer.values, answer.objective
        duals, count = answer.row_duals, len(self.contracted)
        self.prices = -duals[self.first_row : self.first_row + len(self.stand_in)]
        contract = duals[self.contract_row : self.contract_row + MONTHS * count]
        value = self.objective - float(duals[self.share_row : self.share_row + MONTHS].sum())
        assert answer.column_duals is not None
        slope = answer.column_duals[list(self.links.values())]
        self.now = _Prices(self.prices, contract.reshape(MONTHS, count), value, slope)

    def is_near(self) -> bool:
        """True where no mix can be much cheaper."""
        return self.objective - self.bound <= PRECISE * max(abs(self.objective), 1.0)

    def stay_near(self, prices: np.ndarray) -> None:
        """Keep the prices of the totals in a box around these: a little of a total may be missed at a price at its edges.

        Far prices make months do what no mix needs.
        """
        little = np.maximum(1.0, LITTLE * np.abs(sum(way.totals for way in self.first)))
        for places in self.near:
            self.solver.set_bounds(places, np.zeros(len(places)), little)
        self.centre = prices
        self.box = BOX * np.abs(prices) + LEAST_BOX * self.energy / PENALTY
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
        for (name, index), total in zip(self.hours.totals, mixed[self.hours.total_places].tolist(), strict=True):
            getattr(self.block, name)[index if len(index) > 1 else index[0]].set_value(total, skip_validation=True)

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
