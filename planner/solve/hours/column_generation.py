r"""The operation of a year in every hour, with all decisions over the years fixed: one linear programme, solved in parts.

Its months (`months`) know each other only through sums over the year and the contracted capacity; the account of the year
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

from models.inputs import Inputs
from planner.solve.hours.months import MONTHS, Column, Given, Hours
from planner.solve.hours.restricted_master import PRECISE, Account, Penalty, Prices
from planner.solve.year.penalties import RULE_MISSING, penalties
from planner.solve.year.template import Templates, Total
from planner.solve.year.view import YearView

#: Share of the best prices so far in those that are tried next.
SMOOTH = 0.2
#: Rounds after which the best mix so far is taken.
ROUNDS = 40
#: What is missing is priced at so many times its scale where nothing else costs anything: well above the precision of a cost.
PHASE_1 = 1e5
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
    cost, bound of operating the year, not discounted; no operation is cheaper than the bound with what stores hold, and where the
                year is no trial with what plants have on, as months end   money
    terms       the cost by (item, name)                                                       money
    broken      (stage, metric, sense) -> by how much a rule is broken                          t, tce, MWh
    unserved    demand that cannot be met, the largest first
    exceeded    totals that go beyond the limit of the year, and by how much
    prices      of the totals at the end, near which those of a like year are
    slope       what one more of each of what is given costs: a plane through the bound that is nowhere above the least cost; of a
                year that is one of many trials
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
        """`inputs` are on every hour."""
        self.templates = Templates(inputs, Hours)
        self.inputs = self.templates.inputs
        self.pool = ThreadPoolExecutor(workers)
        #: Cost within which a year is operated at its least (relative).
        self.precise = PRECISE
        #: Assets without capacity in all years that are operated from now on.
        self.absent: frozenset[str] = frozenset()

    def hours(self, y: int) -> Hours:
        """The months that serve a year."""
        hours = self.templates.of(y)
        hours.leave_out(self.absent)
        return hours

    def view(self, y: int, operated: Operated) -> YearView:
        """A year as the tables read it."""
        return YearView(self.hours(y), operated.values, operated.account, operated.terms)

    def operate(
        self,
        y: int,
        given: Given,
        prices: Mapping[Total, float],
        *,
        binds: str = "all",
        bought: bool = True,
        dearer: float = 1.0,
        to_the_end: bool = False,
        only_missing: bool = False,
    ) -> Operated:
        """The least-cost operation of a year.

        Where it is no trial, what plants have on and do as months end is fixed first, at what each month would end with by itself:
        the others need fewer rounds then. If that leaves something missing, the months agree on it by prices (`splitting`).

        prices  of the totals, near those at the optimum, where they are known   money/MWh, money/t
        binds   which rules hold: "all", those that hold whatever the goal ("lasting"), or "none"
        bought  False where credits and certificates may not be bought
        dearer  how often the price of what is missing is that of `penalties`
        to_the_end  True if the year is one of many trials: its least cost is sought where something is missing at any price, too,
                    and its slope told
        only_missing  True if nothing costs anything but what is missing, by its scale times `PHASE_1`
        """
        how: dict[str, Any] = {
            "binds": binds, "bought": bought, "dearer": dearer, "to_the_end": to_the_end, "only_missing": only_missing,
        }  # fmt: skip
        if not to_the_end and len(self.hours(y).copies.columns):
            settled = self._operate(y, given, prices, settles=True, **how)
            if not settled.unserved and not settled.exceeded:
                return settled
        return self._operate(y, given, prices, settles=False, **how)

    def _operate(
        self, y: int, given: Given, prices: Mapping[Total, float], *, settles: bool, binds: str, bought: bool, dearer: float,
        to_the_end: bool, only_missing: bool,
    ) -> Operated:  # fmt: skip
        """See `operate`; with `settles` what months hand over is fixed first."""
        began = time.perf_counter()
        hours = self.hours(y)
        cost, terms = hours.cost_of(self.inputs, y)
        energy, tonne = penalties(self.inputs, y)
        penalty = Penalty(dearer * energy, dearer * tonne)
        if only_missing:
            cost = np.zeros(len(cost))
            penalty = Penalty(PHASE_1 / hours.largest_demand, PHASE_1 * RULE_MISSING / self.inputs.carbon.base, only_missing)
        hours.give(given, y, cost, penalty.energy, returns=to_the_end)
        account = Account(self.inputs, y, hours, given, binds=binds, bought=bought, penalty=penalty, precise=self.precise)
        found = _Columns(hours, account, self.pool)
        start = np.array([prices.get(total, hours.guess(total, self.inputs, y)) for total in hours.totals])
        if settles:
            ended = hours.ended(found.ways_at(start, account.first_contract_prices()))
            hours.give(given, y, cost, penalty.energy, returns=to_the_end, ended=ended)
        found.propose(start, account.first_contract_prices())
        account.stay_near(start)
        rounds = _generate(found, account, to_the_end)
        shares = account.shares()
        mixed, unserved = found.mixed(shares), found.unserved(y, shares)
        paid = {key: own.at(mixed) for key, own in terms.items()}
        account.load(mixed)
        return Operated(
            values=mixed, account=account.block, cost=account.objective, bound=account.bound,
            terms=paid | account.terms(), broken=account.broken(), unserved=unserved, exceeded=account.missed(),
            prices=dict(zip(hours.totals, account.prices.tolist(), strict=True)), rounds=rounds,
            seconds=time.perf_counter() - began, slope=account.plane(found.slope) if to_the_end else {},
            paid=found.paid(shares) + account.paid(),
            missing=max(found.missing(shares) / hours.largest_demand, account.missing()),
        )  # fmt: skip


def _generate(found: _Columns, account: Account, to_the_end: bool) -> int:
    """Rounds of prices and proposals until the mix is as good as any; gives their number."""
    centre: Prices | None = None
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
    else:
        account.solve()  # the last ways are in the mix, too; and no total or rule is missed for the sake of prices that stay near
        while account.widen() or account.insist():
            account.solve()
        account.serve(found)
    return rounds


class _Columns:
    """The ways to operate each month that are known so far."""

    def __init__(self, hours: Hours, account: Account, pool: ThreadPoolExecutor) -> None:
        self.hours, self.account, self.pool = hours, account, pool
        self.ways: list[list[Column]] = [[] for _ in range(MONTHS)]
        #: Slope of what the months cost at the prices of the bound.
        self.slope = np.zeros(len(hours.given))

    def propose(self, prices: np.ndarray, contract_prices: np.ndarray) -> tuple[float, np.ndarray]:
        """The best way of each month at these prices; gives what all of them cost then, and the slope of that.

        A month whose costs are those of before gives its last way again, which is not added twice.
        """

        lowest, slope = 0.0, np.zeros(len(self.hours.given))
        for window, way in zip(self.hours.windows, self.ways_at(prices, contract_prices), strict=True):
            known = self.ways[window.month]
            if not known or way is not known[-1]:
                known.append(way)
                self.account.add(window.month, way)
            lowest += way.cost + float(prices @ way.totals) + float(contract_prices[window.month] @ way.contracts)
            slope += way.slope
        return lowest, slope

    def ways_at(self, prices: np.ndarray, contract_prices: np.ndarray) -> list[Column]:
        """The best way of each month at these prices."""

        def solve(window: Any) -> Column:
            return window.solve(prices, contract_prices[window.month])

        return list(self.pool.map(solve, self.hours.windows))

    def mixed(self, shares: list[np.ndarray]) -> np.ndarray:
        """Values of all columns, each month a mix of its ways."""
        values = np.zeros(len(self.hours.matrix.columns))
        for window, ways, share in zip(self.hours.windows, self.ways, shares, strict=True):
            values[window.columns] = sum(s * way.values for s, way in zip(share.tolist(), ways, strict=True))
        values = np.clip(values, self.hours.matrix.lower, self.hours.matrix.upper)  # the solver's tolerance
        values[self.hours.total_places] = self.hours.summing @ values
        self._pay_peaks(values)
        self._start_what_is_needed(values)
        return values

    def _start_what_is_needed(self, values: np.ndarray) -> None:
        """Start and stop no more than what is on changes by: a mix of ways that start and that stop may do both at once."""
        series, before = self.hours.series, self.hours.inputs.calendar.before
        for family, sign in (("start", 1.0), ("stop", -1.0)):
            for index, places in series[family].items():
                online = values[series["online"][index]]
                values[places] = np.maximum(sign * (online - online[before]), 0.0)

    def _pay_peaks(self, values: np.ndarray) -> None:
        """Pay for the highest import and no more: a mix of ways may hold more."""
        hours, chosen = self.hours, self.account.chosen
        single, imports, month = hours.single, hours.series["imports"], hours.month
        paying = set(single["contracted"]) | {b for b, _ in single["peak"]}
        billed = hours.inputs.supplies.billed
        imported = {b: sum(values[imports[s,]] for s in billed[b]) for b in paying}
        for b, place in single["contracted"].items():
            pays = chosen.get(b, 1.0) > 0.5 and b not in self.account.not_in_force
            values[place] = imported[b].max() if pays else 0.0
        for (b, i), place in single["peak"].items():
            pays = chosen.get(b, 0.0) < 0.5 and b not in self.account.not_in_force
            values[place] = imported[b][month == i].max() if pays else 0.0

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
