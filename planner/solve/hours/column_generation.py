r"""The operation of a year in every hour, with the decisions over the years fixed: a linear programme, solved by column generation.

.. math:: \min\; c_a(T, K) + \sum_w c_w \cdot v_w \quad T = \sum_w S_w v_w, \quad K \ge k_w(v_w), \quad v_w \in X_w

Its months w are blocks: they touch each other only in the yearly totals T and the contracted capacity K, on which the account of
the year (certificates, credits, rules) depends. This is the decomposition of Dantzig and Wolfe (1960); a column is one operation of
one month.

1. Restricted master (`restricted_master`): the account with a convex combination, λ, of the columns known,

   .. math:: \min\; c_a(T, K) + \sum_{w,j} \lambda_{w,j}\, c_{w,j} \quad
      T_i = \sum_{w,j} \lambda_{w,j}\, t_{w,j,i}, \quad K \ge \sum_j \lambda_{w,j}\, k_{w,j}, \quad \sum_j \lambda_{w,j} = 1

   Its optimum is an upper bound, its duals are prices of the totals and of the contracted capacity.
2. Prices to try: between the best so far (the stability centre) and these duals (smoothing, Wentges 1997), within a box (Marsten,
   Hogan and Blankenship 1975).
3. Pricing: each month is solved at these prices (`months`). What months and account cost at them is a lower bound (Lagrangian
   bound), and the operations found are new columns.
4. Until upper and lower bound are within `PRECISE`, or after `ROUNDS` rounds.

Returns `Operation`: operation, cost, lower bound, prices, and for a Benders cut the slope in the linking variables at the best
prices. Raises SolverError where HiGHS gives no answer, and Stopped once the watch in force is over.

T  yearly total   MWh, t (i)     K  contracted capacity   MW     v  operation of a month     λ  share of a column   1 (w,j)
c  cost   money     S  sums of a month     t, k  totals and contracted capacity of a column (w,j)
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from models.errors import SolverError
from models.inputs import Inputs
from planner.solve.hours.months import MONTHS, Column, Hours, LinkValues
from planner.solve.hours.restricted_master import PRECISE, Penalty, Prices, RestrictedMaster
from planner.solve.year.penalties import penalties, rule_weight
from planner.solve.year.template import Templates, Total
from planner.solve.year.view import YearView

#: Smoothing: share of the stability centre in the prices that are tried next.
SMOOTH = 0.5
#: Rounds after which the best solution so far is taken.
ROUNDS = 40
#: In phase 1 the penalty of slack is this, divided by the scale of the slack: well above the precision of a cost.
PHASE_1 = 1e5
#: Unserved power up to this share of the largest demand is told to nobody: the tolerance of the solver.
UNSERVED = 1e-6


@dataclass(frozen=True)
class Unserved:
    """Unserved power: year, zone, carrier, hour of the year, MW (negative where there is a surplus)."""

    year: int
    zone: str
    carrier: str
    hour: int
    power: float


@dataclass
class Operation:
    """A year in every hour.

    values      of all columns of the hours
    account     the Pyomo block of the account, with its values
    cost        of operating the year, not discounted   money
    lagrangian_bound  lower bound of `cost` with what stores hold at month ends fixed; where the year is no trial of a master, with
                commitment and activity at month ends fixed, too, see `Operator.operate`   money
    terms       the cost by (item, name)                                                       money
    violations  (stage, metric, sense) -> violation of a rule                                    t, tce, MWh
    unserved    unserved demand, the largest first
    coupling_slack  totals whose coupling row has slack (they are beyond a limit of the year), and how much
    prices      dual prices of the totals at the end, a start for years of like structure
    slope       of the lower bound in each linking variable, for a Benders cut; only of a trial of the master   money per unit
    penalty     the part of the cost that is penalty of slack                                   money
    slack       largest slack, scaled as in `Cut.slack`, but power as a share of the largest demand of any year   1
    """

    values: np.ndarray
    account: Any
    cost: float
    lagrangian_bound: float
    terms: dict[tuple[str, str], float]
    violations: dict[tuple[str, str, str], float]
    unserved: list[Unserved]
    coupling_slack: dict[Total, float] = field(default_factory=dict)
    prices: dict[Total, float] = field(default_factory=dict)
    rounds: int = 0
    seconds: float = 0.0
    slope: Mapping[tuple[str, Any], float] = field(default_factory=dict)
    penalty: float = 0.0
    slack: float = 0.0

    @property
    def gap(self) -> float:
        """Relative gap between cost and bound."""
        return (self.cost - self.lagrangian_bound) / max(abs(self.cost), 1.0)


class Operator:
    """Operates years over all hours; years of like structure share what is compiled."""

    def __init__(self, inputs: Inputs, workers: int) -> None:
        """`inputs` are on every hour."""
        self.templates = Templates(inputs, Hours)
        self.inputs = self.templates.inputs
        self.pool = ThreadPoolExecutor(workers)
        #: Relative gap at which a year counts as solved.
        self.gap = PRECISE
        #: Assets without capacity in all years that are operated from now on; they have no columns.
        self.absent: frozenset[str] = frozenset()

    def hours(self, y: int) -> Hours:
        """The months of the structure of a year."""
        hours = self.templates.of(y)
        hours.leave_out(self.absent)
        return hours

    def rest(self) -> None:
        """Leave the memory of HiGHS to others; months that are asked for again are cut anew."""
        for hours in self.templates.known.values():
            hours.months = []

    def view(self, y: int, operated: Operation) -> YearView:
        """A year as the output tables read it."""
        return YearView(self.hours(y), operated.values, operated.account, operated.terms)

    def operate(
        self,
        y: int,
        linking: LinkValues,
        prices: Mapping[Total, float],
        *,
        binds: str = "all",
        may_buy: bool = True,
        penalty_factor: float = 1.0,
        is_trial: bool = False,
        phase_1: bool = False,
    ) -> Operation:
        """The least-cost operation of a year.

        Where it is no trial of the master, commitment and activity at month ends are fixed first, at those that each month would
        choose by itself at the first prices: fewer rounds are needed then. If that leaves slack, the year is solved again with them
        free, and the months agree on them by prices (`splitting`).

        prices  of the totals to start from, where any are known   money/MWh, money/t
        binds   which rules hold: "all", those that hold whatever the goal ("lasting"), or "none"
        bought  False where credits and certificates may not be bought
        penalty_factor  factor on the penalty of slack
        is_trial  True for a trial of the master: solved to its gap even where slack is unavoidable, and with the slope
        phase_1  True in phase 1: the only costs are those of slack, its scale times `PHASE_1`
        """
        how: dict[str, Any] = {
            "binds": binds, "may_buy": may_buy, "penalty_factor": penalty_factor, "is_trial": is_trial, "phase_1": phase_1,
        }  # fmt: skip
        try:
            return self._operate_from(y, linking, prices, how)
        except SolverError:
            # A month may be unbounded at prices of another year or plan; at guessed ones it has an optimum.
            if not prices:
                raise
            return self._operate_from(y, linking, {}, how)

    def _operate_from(self, y: int, linking: LinkValues, prices: Mapping[Total, float], how: dict[str, Any]) -> Operation:
        """See `operate`."""
        if not how["is_trial"] and len(self.hours(y).copies.columns):
            fixed = self._operate(y, linking, prices, fixes_month_ends=True, **how)
            if not fixed.unserved and not fixed.coupling_slack:
                return fixed
        return self._operate(y, linking, prices, fixes_month_ends=False, **how)

    def _operate(
        self, y: int, linking: LinkValues, prices: Mapping[Total, float], *, fixes_month_ends: bool, binds: str, may_buy: bool,
        penalty_factor: float, is_trial: bool, phase_1: bool,
    ) -> Operation:  # fmt: skip
        """See `operate`; `fixes_month_ends`: commitment and activity at month ends are fixed first."""
        began = time.perf_counter()
        hours = self.hours(y)
        cost, terms = hours.cost_of(self.inputs, y)
        energy, tonne = penalties(self.inputs, y)
        penalty = Penalty(penalty_factor * energy, penalty_factor * tonne)
        if phase_1:
            cost = np.zeros(len(cost))
            penalty = Penalty(PHASE_1 / hours.largest_demand, PHASE_1 * rule_weight(self.inputs.carbon.base), phase_1)
        hours.set_year(linking, y, cost, penalty.energy, is_trial=is_trial)
        master = RestrictedMaster(self.inputs, y, hours, linking, binds=binds, may_buy=may_buy, penalty=penalty, gap=self.gap)
        found = _Columns(hours, master, self.pool)
        start = np.array([prices.get(total, hours.first_price(total, self.inputs, y)) for total in hours.totals])
        if fixes_month_ends:
            month_ends = hours.month_ends_of(found.solve_months(start, master.first_contract_prices()))
            hours.set_year(linking, y, cost, penalty.energy, is_trial=is_trial, month_ends=month_ends)
        found.propose(start, master.first_contract_prices())
        master.box_prices(start)
        rounds = _generate(found, master, is_trial)
        shares = master.shares()
        mixed, unserved = found.mixed(shares), found.unserved(y, shares)
        paid = {key: own.at(mixed) for key, own in terms.items()}
        master.load(mixed)
        return Operation(
            values=mixed, account=master.block, cost=master.objective, lagrangian_bound=master.bound,
            terms=paid | master.terms(), violations=master.violations(), unserved=unserved, coupling_slack=master.coupling_slack(),
            prices=dict(zip(hours.totals, master.prices.tolist(), strict=True)), rounds=rounds,
            seconds=time.perf_counter() - began, slope=master.slope_of_bound(found.slope) if is_trial else {},
            penalty=found.penalty_of(shares) + master.total_penalty(),
            slack=max(found.largest_slack(shares) / hours.largest_demand, master.largest_slack()),
        )  # fmt: skip


def _generate(found: _Columns, master: RestrictedMaster, is_trial: bool) -> int:
    """Rounds of restricted master and pricing until the gap is closed; returns their number."""
    centre: Prices | None = None
    smooth, rounds = SMOOTH, 0
    while rounds < ROUNDS:
        master.solve()
        wider = master.widen_box()
        gives_up = found.has_month_with_slack() and not is_trial
        if master.is_within_gap() or gives_up:
            if gives_up or not (wider or master.raise_rule_penalty()):
                master.leave_out_unserved(found)
                break
            centre = None
            continue
        at = master.duals if centre is None else centre.towards(master.duals, 1 - smooth)
        lowest, slope = found.propose(at.totals, at.contracts)
        bound = at.value + lowest
        if bound > master.bound:
            master.bound, master.bound_at, found.slope = bound, at, slope
            centre, smooth = at, SMOOTH
        else:
            smooth = 0.0  # the duals themselves either raise the bound or give a new column
        rounds += 1
    else:
        master.solve()  # with the last columns; then without slack that only the box or the first price of a rule allows
        while master.widen_box() or master.raise_rule_penalty():
            master.solve()
        master.leave_out_unserved(found)
    return rounds


class _Columns:
    """The columns of each month known so far, and pricing."""

    def __init__(self, hours: Hours, master: RestrictedMaster, pool: ThreadPoolExecutor) -> None:
        self.hours, self.master, self.pool = hours, master, pool
        self.columns: list[list[Column]] = [[] for _ in range(MONTHS)]
        #: Slope of the cost of the months in the linking variables, at the prices of the bound.
        self.slope = np.zeros(len(hours.linking))

    def propose(self, prices: np.ndarray, contract_prices: np.ndarray) -> tuple[float, np.ndarray]:
        """Pricing: the best column of each month at these prices is added.

        Returns the cost of all months at the prices (their part of the Lagrangian bound) and its slope. A month whose costs are
        those of before returns its last column, which is not added twice.
        """

        lowest, slope = 0.0, np.zeros(len(self.hours.linking))
        for month, column in zip(self.hours.months, self.solve_months(prices, contract_prices), strict=True):
            known = self.columns[month.month]
            if not known or column is not known[-1]:
                known.append(column)
                self.master.add(month.month, column)
            lowest += column.cost + float(prices @ column.totals) + float(contract_prices[month.month] @ column.contracts)
            slope += column.slope
        return lowest, slope

    def solve_months(self, prices: np.ndarray, contract_prices: np.ndarray) -> list[Column]:
        """The best operation of each month at these prices."""

        def solve(month: Any) -> Column:
            return month.solve(prices, contract_prices[month.month])

        return list(self.pool.map(solve, self.hours.months))

    def mixed(self, shares: list[np.ndarray]) -> np.ndarray:
        """Values of all variables of the hours: in each month the convex combination of its columns with these shares."""
        values = np.zeros(len(self.hours.matrix.columns))
        for month, columns, share in zip(self.hours.months, self.columns, shares, strict=True):
            values[month.columns] = sum(s * column.values for s, column in zip(share.tolist(), columns, strict=True))
        values = np.clip(values, self.hours.matrix.lower, self.hours.matrix.upper)  # the solver's tolerance
        values[self.hours.total_places] = self.hours.summing @ values
        self._pay_peaks(values)
        self._start_what_is_needed(values)
        return values

    def _start_what_is_needed(self, values: np.ndarray) -> None:
        """Set starts and stops to the change of commitment: a convex combination of columns may start and stop at once."""
        series, before = self.hours.series, self.hours.inputs.calendar.before
        for family, sign in (("start", 1.0), ("stop", -1.0)):
            for index, places in series[family].items():
                online = values[series["online"][index]]
                values[places] = np.maximum(sign * (online - online[before]), 0.0)

    def _pay_peaks(self, values: np.ndarray) -> None:
        """Set the billed peak to the highest import: in a convex combination of columns it may be more."""
        hours, chosen = self.hours, self.master.chosen
        single, imports, month = hours.single, hours.series["imports"], hours.month
        paying = set(single["contracted"]) | {b for b, _ in single["peak"]}
        billed = hours.inputs.supplies.billed
        imported = {b: sum(values[imports[s,]] for s in billed[b]) for b in paying}
        for b, place in single["contracted"].items():
            pays = chosen.get(b, 1.0) > 0.5 and b not in self.master.not_in_force
            values[place] = imported[b].max() if pays else 0.0
        for (b, i), place in single["peak"].items():
            pays = chosen.get(b, 0.0) < 0.5 and b not in self.master.not_in_force
            values[place] = imported[b][month == i].max() if pays else 0.0

    def penalty_of(self, shares: list[np.ndarray]) -> float:
        """Penalty of slack in the months (money)."""
        return sum(
            s * column.penalty
            for columns, share in zip(self.columns, shares, strict=True) for column, s in zip(columns, share.tolist(), strict=True)
        )  # fmt: skip

    def largest_slack(self, shares: list[np.ndarray]) -> float:
        """Largest unserved or surplus power in an hour (MW)."""
        return max(
            sum(s * column.slack for column, s in zip(columns, share.tolist(), strict=True))
            for columns, share in zip(self.columns, shares, strict=True)
        )

    def has_slack(self, column: Column) -> bool:
        """True if the column has unserved demand or surplus."""
        return column.slack > UNSERVED * self.hours.largest_demand

    def has_month_with_slack(self) -> bool:
        """True if all columns of some month have unserved demand."""
        return any(all(self.has_slack(column) for column in columns) for columns in self.columns)

    def unserved(self, y: int, shares: list[np.ndarray]) -> list[Unserved]:
        """Unserved power of the convex combination, the largest first."""
        found = []
        for month, columns, share in zip(self.hours.months, self.columns, shares, strict=True):
            for column, part in zip(columns, share.tolist(), strict=True):
                if part > 0 and self.has_slack(column):
                    found += [Unserved(y, zone, carrier, t, part * power) for zone, carrier, t, power in month.unserved(column)]
        return sorted(found, key=lambda u: -abs(u.power))
