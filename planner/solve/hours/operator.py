"""A year in every hour: which months, which prices to start from, and column generation over them (`generate`).

`Operator.operate`, with the decisions over the years fixed:

1. Where the year is no trial of the Benders master: commitment and activity at month ends are fixed at what the months choose at
   the first prices (`Columns.fix_month_ends`), and the year is solved by column generation. Fewer rounds are needed then. If it has
   no slack, it ends.
2. Else the year is solved with them free, and the months agree on them by prices (`split_at_month_ends`).
3. Where a month is unbounded at the first prices, which may be those of another year or plan: 1 and 2 again from guessed prices, at
   which it has an optimum (`Hours.first_price`).
4. Where stores charge and discharge in the same hours, or a part of a unit is on, and the year is no trial: once more without that
   (`Operator.as_run`).

Returns `Operation`. Raises SolverError where HiGHS gives no answer, and Stopped once the watch in force is over.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from models.dot import dot
from models.errors import SolverError
from models.inputs import Inputs
from planner.machine.stopping import Stopped
from planner.solve.handover.matrix import NOISE, NONE
from planner.solve.hours.months import MONTHS, Hours, LinkValues, MonthColumn
from planner.solve.hours.restricted_master import PRECISE, Conditions, Prices, RestrictedMaster
from planner.solve.year.subproblem import penalties, rule_weight
from planner.solve.year.template import Templates, Total, YearView


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
    lagrangian_bound  lower bound of `cost`, with what stores hold at month ends fixed unless it is priced; where the year is no
                trial of the Benders master, with all that is priced there fixed, too, see `Operator.operate`   money
    terms       the cost by (item, name) of `values`, whose peaks and starts are no larger than needed: they may add up to a little
                less than `cost` without `penalty`   money
    violations  (stage, metric, sense) -> violation of a rule                                    t, tce, MWh
    unserved    unserved demand, the largest first
    coupling_slack  totals whose coupling row has slack (they are beyond a limit of the year), and how much
    prices      of the totals, at which the bound is best, and parts of the charge for contracted capacity: a start for other years
    slope       of the lower bound in each linking variable, for a Benders cut; only of a trial of the Benders master   money/unit
    penalty     the part of the cost that is penalty of slack                                   money
    slack       largest slack, scaled as in `Cut.slack`, but power as a share of the largest demand of any year   1
    units_cost  what whole units cost more than the linear operation; None where a part of a unit may be on   money
    parts       hours of plants in which a part may be on all the same
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
    units_cost: float | None = None
    parts: int = 0

    @property
    def gap(self) -> float:
        """Relative gap between cost and bound."""
        return (self.cost - self.lagrangian_bound) / max(abs(self.cost), 1.0)


#: Unserved power up to this share of the largest demand is not reported: the tolerance of the solver in a month.
UNSERVED = 1e-6


class Columns:
    """The columns of each month known so far, and pricing."""

    def __init__(self, hours: Hours, master: RestrictedMaster, pool: ThreadPoolExecutor) -> None:
        self.hours, self.master, self.pool = hours, master, pool
        self.columns: list[list[MonthColumn]] = [[] for _ in range(MONTHS)]
        #: Slope of the cost of the months in the linking variables, at the prices of the bound.
        self.slope = np.zeros(len(hours.linking))

    def price_months(self, prices: np.ndarray) -> tuple[float, np.ndarray]:
        """Pricing: the best column of each month at these prices is added.

        Returns the cost of all months at the prices (their part of the Lagrangian bound) and its slope. A month whose costs are
        those of before returns its last column, which is not added twice.
        """
        lowest, slope = 0.0, np.zeros(len(self.hours.linking))
        for month, column in zip(self.hours.months, self.solve_months(prices), strict=True):
            known = self.columns[month.month]
            if not known or column is not known[-1]:
                known.append(column)
                self.master.add(month.month, column)
            lowest += column.cost + dot(prices, column.totals)
            slope += column.slope
        return lowest, slope

    def try_prices(self, prices: np.ndarray) -> Prices | None:
        """Pricing at prices that are no duals. Returns them with the account's part of the bound, or None where it has none."""
        lowest, slope = self.price_months(prices)
        master, found = self.master, self.master.at(prices)
        if found is not None and found.value + lowest > master.bound:
            master.bound, master.bound_at, self.slope = found.value + lowest, found, slope
        return found

    def solve_months(self, prices: np.ndarray) -> list[MonthColumn]:
        """The best operation of each month at these prices. Raises what a month raises, after all have ended: the same months may
        be solved again then."""
        working = [self.pool.submit(month.solve, prices) for month in self.hours.months]
        try:
            return [one.result() for one in working]
        finally:
            for one in working:
                one.cancel()
            wait(working)

    def fix_month_ends(self, prices: np.ndarray) -> None:
        """Fix what is priced at month ends at what the months choose by themselves at these prices.

        Each month begins as the one before it ends. What is to be 0 there
        (`models.families.ZERO_AT_MONTH_END`) is fixed: other values might not go together.
        """
        months, values = self.hours.months, np.zeros(len(self.hours.copies.columns))
        for month in months:
            for at in (month.at_start, month.at_end):
                month.fix(at[self.hours.is_zero[at[:, 1]]], values)
        for month, column in zip(months, self.solve_months(prices), strict=True):
            values[month.at_end[:, 1]] = column.values[month.at_end[:, 0]]
        for month in months:
            month.fix(month.at_start, values)
            month.fix(month.at_end, values)

    def combined(self, shares: list[np.ndarray]) -> np.ndarray:
        """Values of all variables of the hours: in each month the convex combination of its columns with these shares."""
        values = np.zeros(len(self.hours.matrix.columns))
        for month, columns, share in zip(self.hours.months, self.columns, shares, strict=True):
            values[month.columns] = sum(s * column.values for s, column in zip(share.tolist(), columns, strict=True))
        values = np.clip(values, self.hours.matrix.lower, self.hours.matrix.upper)  # the solver's tolerance
        values[self.hours.total_places] = self.hours.summing @ values
        self._recompute_peaks(values)
        self._recompute_starts(values)
        self._recompute_moved(values)
        return values

    def _recompute_starts(self, values: np.ndarray) -> None:
        """Set starts and stops to the change of commitment: a convex combination of columns may start and stop at once."""
        series, before = self.hours.series, self.hours.inputs.calendar.before
        for family, sign in (("start", 1.0), ("stop", -1.0)):
            for index, places in series[family].items():
                if index[0] in self.hours.inputs.commitment.starting:
                    continue  # what it takes as it starts is in the balances
                online = values[series["online"][index]]
                values[places] = np.maximum(sign * (online - online[before]), 0.0)

    def _recompute_moved(self, values: np.ndarray) -> None:
        """Set what is moved to what is served beyond what is asked: in a convex combination of columns it may be more."""
        inputs, series = self.hours.inputs, self.hours.series
        for (u,), places in series["moved"].items():
            asked = inputs.flexibility.share[u, self.master.y] * self.master.demand[u] * inputs.demands.shape[u]
            values[places] = np.maximum(values[series["served"][u,]] - asked, 0.0)

    def _recompute_peaks(self, values: np.ndarray) -> None:
        """Set the billed peak to the highest import: in a convex combination of columns it may be more."""
        hours, chosen = self.hours, self.master.chosen
        single, imports, month = hours.single, hours.series["imports"], hours.month
        paying = set(single["contracted"]) | {b for b, _ in single["peak"]}
        supplies = hours.inputs.supplies
        imported = {b: supplies.peak_factor[b] * sum(values[imports[s,]] for s in supplies.billed[b]) for b in paying}
        for b in paying:
            if (within := supplies.in_period(b)) is not None:
                imported[b] = np.where(within.any(axis=0), imported[b], 0.0)
        for b, place in single["contracted"].items():
            of = supplies.charge_of[b]
            pays_for_it = chosen.get(b, 1.0) > 0.5 if of == b else chosen.get(of, 0.0) < 0.5
            pays = pays_for_it and b not in self.master.not_in_force
            values[place] = imported[b].max() if pays else 0.0
        for (b, i), place in single["peak"].items():
            pays = chosen.get(b, 0.0) < 0.5 and b not in self.master.not_in_force
            always = supplies.ratchet[b] * imported[b].max() if b in supplies.ratchet else 0.0
            values[place] = max(0.0, imported[b][month == i].max() - always) if pays else 0.0

    def with_avoidable_slack(self) -> list[tuple[int, int]]:
        """(month, which of its columns) of each column with slack of a month that has columns without."""
        return [
            (m, i)
            for m, columns in enumerate(self.columns)
            if not all(map(self.has_slack, columns))
            for i, column in enumerate(columns)
            if self.has_slack(column)
        ]

    def penalty_of(self, shares: list[np.ndarray]) -> float:
        """Penalty of slack in the months (money)."""
        return sum(
            s * column.penalty
            for columns, share in zip(self.columns, shares, strict=True)
            for column, s in zip(columns, share.tolist(), strict=True)
        )

    def largest_slack(self, shares: list[np.ndarray]) -> float:
        """Largest unserved or surplus power in an hour (MW)."""
        return max(
            sum(s * column.slack for column, s in zip(columns, share.tolist(), strict=True))
            for columns, share in zip(self.columns, shares, strict=True)
        )

    def has_slack(self, column: MonthColumn) -> bool:
        """True if the column has unserved demand or surplus above the tolerance."""
        return column.slack > UNSERVED * self.hours.largest_demand

    def has_month_with_slack(self) -> bool:
        """True if all columns of some month have slack."""
        return any(all(self.has_slack(column) for column in columns) for columns in self.columns)

    def unserved(self, y: int, shares: list[np.ndarray]) -> list[Unserved]:
        """Unserved power of the convex combination, the largest first."""
        found = []
        for month, columns, share in zip(self.hours.months, self.columns, shares, strict=True):
            for column, part in zip(columns, share.tolist(), strict=True):
                if part > 0 and self.has_slack(column):
                    found += [Unserved(y, zone, carrier, t, part * power) for zone, carrier, t, power in month.unserved(column)]
        return sorted(found, key=lambda u: -abs(u.power))


#: Smoothing: share of the stability centre in the prices that are tried next.
SMOOTH = 0.5
#: Where the bound has risen by this share of what a straight line to the duals would give, the duals themselves are tried next.
STRAIGHT = 0.8
#: Rounds after which the best solution so far is taken.
ROUNDS = 40


def generate(
    columns: Columns, master: RestrictedMaster, is_trial: bool, centre: Prices | None = None, most: int | None = None
) -> int:
    r"""Column generation: rounds of restricted master and pricing until the gap is closed. Returns their number.

    .. math:: \min\; c_a(T, K) + \sum_w c_w \cdot v_w \quad T = \sum_w S_w v_w, \quad K \ge k_w(v_w), \quad v_w \in X_w

    Its months w are blocks: they touch each other only in the yearly totals T and the contracted capacity K, on which the account
    of the year (certificates, credits, rules) depends. This is the decomposition of Dantzig and Wolfe (1960); a column is one
    operation of one month.

    1. Restricted master (`restricted_master`): the account with a convex combination, λ, of the columns known,

       .. math:: \min\; c_a(T, K) + \sum_{w,j} \lambda_{w,j}\, c_{w,j} \quad
          T_i = \sum_{w,j} \lambda_{w,j}\, t_{w,j,i}, \quad K \ge \sum_j \lambda_{w,j}\, k_{w,j}, \quad \sum_j \lambda_{w,j} = 1

       Its duals are prices of the totals and of the contracted capacity. They are kept in a soft box around the first prices; the
       optimum is an upper bound once the box does not make it less.
    2. The box is widened where its edge was reached.
    3. Upper and lower bound are within the gap, also with a box as wide as is needed: ends. If only with the box, duals and box
       stay as they were. It also ends where all columns of some month have slack: the plan fails anyway. A trial of the Benders
       master goes on, since its cut needs the bound.
    4. Prices to try: between the best so far (the stability centre) and the duals (smoothing; Wentges, "Weighted Dantzig-Wolfe
       decomposition", 1997). Where the columns known cannot keep to a limit of a total, its dual is that of a penalty, and says
       nothing: the duals are then cut off at the box that 2 has just widened. Such prices give columns and no bound.
    5. Pricing: each month is solved at these prices (`months`); the operations found are new columns. What months and account cost
       at these prices is a lower bound, the Lagrangian bound.
    6. If it is the best so far, these prices are the centre. If not, the next prices are the duals themselves: they raise the bound
       or give a new column. Back to 1, for so many rounds at most (None: `ROUNDS`); then 1 and 2 until nothing changes.
    7. At the end, a month that has columns without slack may not use its columns with slack, unless totals would then miss a limit.

    The solution stands in the restricted master. `centre`: the first stability centre, the best prices tried so far, where they are
    more than a guess.

    T  yearly total   MWh, t (i)     K  contracted capacity   MW     v  operation of a month     λ  share of a column   1 (w,j)
    c  cost   money     S  sums of a month     t, k  totals and contracted capacity of a column (w,j)
    """
    smooth, rounds = SMOOTH, 0
    while rounds < (ROUNDS if most is None else most):
        master.solve()
        is_widened = master.widen_box()
        gives_up = columns.has_month_with_slack() and not is_trial
        if gives_up or (master.is_within_gap() and (not is_widened or master.is_within_gap_without_box())):
            break
        rounds += 1
        if is_widened and master.misses_totals():
            columns.price_months(master.boxed_prices())
            continue
        prices = master.duals if centre is None else centre.towards(master.duals, 1 - smooth)
        lowest, slope = columns.price_months(prices.totals)
        bound = prices.value + lowest
        if bound > master.bound:
            is_straight = bound - master.bound >= STRAIGHT * (1 - smooth) * (master.objective - master.bound)
            master.bound, master.bound_at, columns.slope = bound, prices, slope
            smooth = 0.0 if is_straight and centre is not None else SMOOTH
            centre = prices
        else:
            smooth = 0.0
    else:
        master.solve()
        while master.widen_box():
            master.solve()
    master.exclude(columns.with_avoidable_slack())
    return rounds


#: In phase 1 the penalty of slack is this, divided by the scale of the slack: well above the precision of a cost.
PHASE_1 = 1e5
#: What may leave a store in the hours in which it is charged, as a share of what it is charged with in a year. A run warns of ten
#: times as much.
BOTH_WAYS = 0.001
#: A rule counts as missed by no more than before within this share of base emissions.
SAME_RULE = 1e-6
#: A year under all its rules, with all that it may buy.
AS_STATED = Conditions()


class Operator:
    """Operates years over all hours; years of like structure share what is compiled.

    precise  relative gap at which a year counts as solved, where none is given
    months   into which a year is cut
    """

    precise, months = PRECISE, MONTHS

    def __init__(self, inputs: Inputs, workers: int, prices_stores: bool = False) -> None:
        """inputs         on every hour
        prices_stores  what stores hold at month ends is priced, as commitment is there; else it is a linking variable
        """
        self.templates = Templates(inputs, partial(Hours, prices_stores=prices_stores))
        self.inputs = self.templates.inputs
        self.pool = ThreadPoolExecutor(workers)
        #: Relative gap at which a year counts as solved.
        self.gap = PRECISE
        #: Assets without capacity in all years that are operated from now on; they have no columns.
        self.absent: frozenset[str] = frozenset()

    def leave_out_absent(self, given: Iterable[LinkValues]) -> None:
        """From now on assets without capacity in any of these years have no columns."""
        capacity: dict[str, float] = {}
        for own in given:
            for (kind, name), amount in own.links.items():
                if kind == "capacity":
                    capacity[name] = max(amount, capacity.get(name, 0.0))
        self.absent = frozenset(k for k, most in capacity.items() if most <= NOISE)

    def hours(self, y: int) -> Hours:
        """The months of the structure of a year."""
        hours = self.templates.of(y)
        hours.leave_out(self.absent)
        return hours

    def free_solvers(self) -> None:
        """Leave the memory of HiGHS to others; months that are asked for again are made anew."""
        for hours in self.templates.known.values():
            hours.months = []

    def view(self, y: int, operation: Operation) -> YearView:
        """A year as the output tables read it."""
        return YearView(self.templates.of(y), operation.values, operation.account, operation.terms)

    def operate(
        self,
        y: int,
        linking: LinkValues,
        prices: Mapping[Total, float],
        conditions: Conditions = AS_STATED,
    ) -> Operation:
        """The least-cost operation of a year; where it is no trial of the Benders master, see also `as_run`.

        prices  of the totals to start from, where any are known   money/MWh, money/t
        """
        try:
            found = self._operate_from(y, linking, prices, conditions)
        except SolverError:
            if not prices:
                raise
            found = self._operate_from(y, linking, {}, conditions)
        return found if conditions.is_trial else self.as_run(y, linking, found, conditions)

    def as_run(self, y: int, linking: LinkValues, found: Operation, conditions: Conditions) -> Operation:
        """The operation of a year, solved once more with units whole (`whole_units`) and each store one way in each hour
        (`ways_to_close`).

        What a capture takes is what other plants give off: its units are rounded from an operation in which theirs are whole, and
        may have parts where even so they cannot be had. With whole units the operation is returned if it serves all demand and
        misses no rule by more: its bound is still that of the linear year, and `units_cost` what it costs more. Where there are
        none, or they cannot be had, stores alone are held: that operation is returned if its cost is within the gap of the bound,
        too. Otherwise the first is, as where demand is unserved or the time is over; `parts` tells of it all the same.
        """
        if found.unserved or found.coupling_slack:
            return found
        hours, again = self.hours(y), None
        ways, online = ways_to_close(hours, found.values), hours.series["online"]
        levels = {k: at for k, at in conditions.levels.items() if (k,) in online and (online[k,] != NONE).all()}
        captures = {k: at for k, at in levels.items() if k in hours.inputs.captures.plants}
        others = {k: at for k, at in levels.items() if k not in captures}
        if parts_on(hours, found.values, levels):
            of_year = y, linking, found, conditions
            if captures:
                first, held = self._with_whole_units(*of_year, found, others, ways, rounds=0)
                again = None if first is None else self._with_whole_units(*of_year, first, captures, held)[0]
            if others and not self._is_as_good(again, found):
                again, _ = self._with_whole_units(*of_year, found, others, ways)
        if again is not None and self._is_as_good(again, found):
            return replace(again, units_cost=again.cost - found.cost, parts=parts_on(hours, again.values, levels))
        if ways:
            again = self._again(y, linking, found, replace(conditions, held=ways))
            most = max(found.cost, found.lagrangian_bound + self.gap * max(abs(found.cost), 1.0))
            found = again if again is not None and again.cost <= most and self._is_as_good(again, found) else found
        return replace(found, units_cost=0.0, parts=parts_on(hours, found.values, levels)) if levels else found

    def _with_whole_units(
        self,
        y: int,
        linking: LinkValues,
        found: Operation,
        conditions: Conditions,
        like: Operation,
        levels: Mapping[str, np.ndarray],
        held: Mapping[int, float],
        rounds: int | None = None,
    ) -> tuple[Operation | None, dict[int, float]]:
        """The year with units of these plants whole, rounded from an operation like it, and all that is held then.

        In hours in which whole units leave demand unserved, or power without use, they are rounded up, or down; on days on which
        they still do, a part of a unit may be on as before.
        """
        hours = self.hours(y)
        units = whole_units(hours, like.values, levels)
        for is_last in (False, True, True):
            again = self._again(y, linking, found, replace(conditions, held={**held, **units}), rounds)
            if again is None or not again.unserved:
                break
            if is_last:
                units = _without_days(hours, units, {u.hour // 24 for u in again.unserved})
            else:
                units = whole_units(hours, like.values, levels, again.unserved)
        return again, {**held, **units}

    def _again(
        self, y: int, linking: LinkValues, found: Operation, conditions: Conditions, most: int | None = None
    ) -> Operation | None:
        """The year with columns held, after so many rounds at most; None where HiGHS gives no answer, or the time is over."""
        try:
            again = self._operate(y, linking, found.prices, conditions, fixes_month_ends=True, most=most)
        except (SolverError, Stopped):
            return None
        seconds, rounds = found.seconds + again.seconds, found.rounds + again.rounds
        return replace(again, lagrangian_bound=found.lagrangian_bound, prices=found.prices, rounds=rounds, seconds=seconds)

    def _is_as_good(self, again: Operation | None, found: Operation) -> bool:
        """True if all demand is served and no rule is missed by more."""
        if again is None:
            return False
        noise = SAME_RULE * max(1.0, self.inputs.carbon.base)
        misses = any(by > found.violations.get(rule, 0.0) + noise for rule, by in again.violations.items())
        return not (again.unserved or again.coupling_slack or misses)

    def _operate_from(self, y: int, linking: LinkValues, prices: Mapping[Total, float], conditions: Conditions) -> Operation:
        """Steps 1 and 2."""
        if not conditions.is_trial and len(self.hours(y).copies.columns):
            fixed = self._operate(y, linking, prices, conditions, fixes_month_ends=True)
            if not fixed.unserved and not fixed.coupling_slack:
                return fixed
        return self._operate(y, linking, prices, conditions, fixes_month_ends=False)

    def _operate(
        self,
        y: int,
        linking: LinkValues,
        prices: Mapping[Total, float],
        conditions: Conditions,
        fixes_month_ends: bool,
        most: int | None = None,
    ) -> Operation:
        """Column generation; `fixes_month_ends`: commitment and activity at month ends are fixed first."""
        began, hours, is_trial = time.perf_counter(), self.hours(y), conditions.is_trial
        cost, terms = hours.cost_of(self.inputs, y)
        penalty = self._penalty(y, hours, conditions)
        cost = np.zeros(len(cost)) if conditions.phase_1 else cost
        contracted = hours.contracted_in(linking)
        hours.set_year(linking, y, cost, penalty[0], is_trial=is_trial, contracted=contracted, held=conditions.held)
        master = RestrictedMaster(self.inputs, y, hours, linking, conditions, penalty, self.gap)
        columns = Columns(hours, master, self.pool)
        first = master.first_prices(prices)
        if fixes_month_ends and len(hours.copies.columns):
            columns.fix_month_ends(first)
        columns.try_prices(first)
        master.box_prices(first)
        rounds = generate(columns, master, is_trial, master.bound_at if prices and not is_trial else None, most)
        shares = master.shares()
        values = columns.combined(shares)
        listed = np.where(np.abs(values) < NOISE, 0.0, values)  # as the tables have it, see `YearView`
        paid = {key: own.at(listed) for key, own in terms.items()}
        master.load(values)
        return Operation(
            values=values,
            account=master.block,
            cost=master.objective,
            lagrangian_bound=master.bound,
            terms=paid | master.terms(),
            violations=master.violations(),
            unserved=columns.unserved(y, shares),
            coupling_slack=master.coupling_slack(),
            prices=master.best_prices(),
            rounds=rounds,
            seconds=time.perf_counter() - began,
            slope=master.slope_of_bound(columns.slope) if is_trial else {},
            penalty=columns.penalty_of(shares) + master.total_penalty(),
            slack=max(columns.largest_slack(shares) / hours.largest_demand, master.largest_slack()),
        )

    def _penalty(self, y: int, hours: Hours, conditions: Conditions) -> tuple[float, float]:
        """The penalty of slack of a year: of unserved demand (money/MWh), and of a violated rule (money per t, tce or MWh)."""
        if conditions.phase_1:
            return PHASE_1 / hours.largest_demand, PHASE_1 * rule_weight(self.inputs.carbon.base)
        energy, tonne = penalties(self.inputs, y)
        return conditions.penalty_factor * energy, conditions.penalty_factor * tonne


def ways_to_close(hours: Hours, values: np.ndarray) -> dict[int, float]:
    r"""Columns to hold at 0: of each store that does both by more than `BOTH_WAYS`, the smaller flow of each hour.

    .. math:: \sum_t \min(c_{s,t}, d_{s,t}) > \beta \sum_t c_{s,t}: \qquad
       d_{s,t} = 0 \text{ where } c_{s,t} > d_{s,t}, \quad c_{s,t} = 0 \text{ where } d_{s,t} > c_{s,t}

    No store does both in one hour. A linear year allows it, and column generation ends with a convex combination of operations of
    each month, of which one may charge in an hour in which another discharges. With each store held to the way in which more flows,
    the year still is a linear programme. Each of its operations is one of the year without that, whose lower bound so stays valid.

    c  charge, d  discharge   MW (s,t)     β  `BOTH_WAYS`   1     values  of all columns of the hours, as an operation has them   MW
    """
    found: set[int] = set()
    for store, into in hours.series.get("charge", {}).items():
        out = hours.series["discharge"][store]
        is_there = (into != NONE) & (out != NONE)
        into, out = into[is_there], out[is_there]
        charge, discharge = values[into], values[out]
        if np.minimum(charge, discharge).sum() > BOTH_WAYS * charge.sum():
            found.update(out[charge > discharge].tolist(), into[discharge > charge].tolist())
    return dict.fromkeys(found, 0.0)


def whole_units(
    hours: Hours, values: np.ndarray, levels: Mapping[str, np.ndarray], short: Sequence[Unserved] = ()
) -> dict[int, float]:
    r"""What is on of each plant in each hour, rounded to whole units: column -> value to hold it at (MW, t/h).

    .. math:: n_{k,t} = \arg\min_{L \in \mathcal{L}_{k,t}} \; \max(\ell_k L - a_{k,t},\; a_{k,t} - L,\; 0), \qquad
       \sum_t n_{k,t} \le (1 - \omega_k)\, 8760\, C_k

    Of the levels that whole units of a plant make, the one whose range, from its least load to all of it, is nearest to the
    activity; of several that hold it, the one nearest to what is on. What is on is held there, and the year solved again, so that
    starts, ramps, stores, other plants and the account follow: a linear programme still, and each of its operations is one of the
    linear year. A unit of 5 MW with a least load of 2 MW that is to give 1.2 MW is on, and off for 0.8 MW. In hours that are
    `short` so, no level below the activity is taken; in those with power that has no use, and of a capture, none whose least load
    is above it. Where more would be on than the hours in which the plant is available allow, it is a unit less in the hours in
    which that takes least from the activity. As a month ends no more is on than as the next one begins: the activity there, which
    is fixed first, could not follow a stop.

    a  activity   MW, t/h (k,t)     ℓ  min_load   1 (k)     L  level      MW, t/h (k,t)
    ω  outage     1 (k)             C  capacity   MW, t/h (k)
    """
    held: dict[int, float] = {}
    commitment, every = hours.inputs.commitment, np.arange(len(hours.month))
    ends = np.flatnonzero(hours.month != np.roll(hours.month, -1))
    lacks, has_more = ({u.hour for u in short if sign * u.power > 0} for sign in (1, -1))
    for k, own in levels.items():
        activity, least = _activity(hours, values, k), commitment.min_load.get(k, 0.0)
        below, above = own < activity - NOISE, least * own > activity + NOISE
        away = np.where(below, activity - own, np.where(above, least * own - activity, 0.0))
        away = away + NOISE * np.abs(own - values[hours.series["online"][k,]])
        for refused, where in ((below, sorted(lacks)), (above, every if k in hours.inputs.captures.plants else sorted(has_more))):
            away[:, where] = np.where(refused[:, where], own.max() + away[:, where], away[:, where])
        level = np.argmin(away, axis=0)
        at, less = own[level, every], own[np.maximum(level - 1, 0), every]
        freed = np.cumsum((at - less)[order := np.argsort(np.maximum(activity - less, 0.0) / np.maximum(at - less, NOISE))])
        over = at.sum() - (1 - commitment.outage.get(k, 0.0)) * len(every) * own[-1].max()
        if over > 0:
            fewer = order[: int(np.searchsorted(freed, over)) + 1]
            at[fewer] = less[fewer]
        at[ends] = np.minimum(at[ends], np.roll(at, -1)[ends])
        held |= dict(zip(hours.series["online"][k,].tolist(), at.tolist(), strict=True))
    return held


def parts_on(hours: Hours, values: np.ndarray, levels: Mapping[str, np.ndarray]) -> int:
    """Hours of plants in which a part of a unit is on."""
    return sum(int((np.abs(own - values[hours.series["online"][k,]]).min(axis=0) > NOISE).sum()) for k, own in levels.items())


def _activity(hours: Hours, values: np.ndarray, k: str) -> np.ndarray:
    """What a plant does in each hour (MW, t/h)."""
    series = hours.series
    rows = [series["activity"][k,]] if (k,) in series["activity"] else [p for (q, *_), p in series["captured"].items() if q == k]
    return np.sum([values[p] for p in rows], axis=0)


def _without_days(hours: Hours, units: Mapping[int, float], days: set[int]) -> dict[int, float]:
    """What is held of whole units, but on some days of the year, from 0."""
    free = {int(place) for own in hours.series["online"].values() for t, place in enumerate(own.tolist()) if t // 24 in days}
    return {place: at for place, at in units.items() if place not in free}
