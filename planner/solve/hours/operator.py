r"""A year in every hour: which months, which prices to start from, and column generation over them (`column_generation`).

`Operator.operate`, with the decisions over the years fixed:

1. Where the year is no trial of the Benders master: commitment and activity at month ends are fixed at what the months choose at
   the first prices (`Columns.fix_month_ends`), and the year is solved by column generation. Fewer rounds are needed then. If it has
   no slack, it ends.
2. Else the year is solved with them free, and the months agree on them by prices (`splitting`). In 1 and 2 the months are solved at
   the first prices, then at better ones where `correct` has any, before column generation begins.
3. Where a month is unbounded at the first prices, which may be those of another year or plan: 1 and 2 again from guessed prices, at
   which it has an optimum (`Hours.first_price`).
4. Where stores charge and discharge in the same hours, and the year is no trial: once more without that (`Operator.one_way`).

Returns `Operation`. Raises SolverError where HiGHS gives no answer, and Stopped once the watch in force is over.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import numpy as np

from models.errors import SolverError
from models.inputs import Inputs
from planner.machine.stopping import Stopped
from planner.solve.handover.matrix import NOISE
from planner.solve.handover.reduced import NONE
from planner.solve.hours.column_generation import generate
from planner.solve.hours.columns import Columns
from planner.solve.hours.months import MONTHS, Hours, LinkValues
from planner.solve.hours.operation import Conditions, Operation
from planner.solve.hours.prices import Penalty
from planner.solve.hours.restricted_master import PRECISE, RestrictedMaster
from planner.solve.year.penalties import penalties, rule_weight
from planner.solve.year.template import Templates, Total
from planner.solve.year.view import YearView

#: In phase 1 the penalty of slack is this, divided by the scale of the slack: well above the precision of a cost.
PHASE_1 = 1e5
#: What may leave a store in the hours in which it is charged, as a share of what it is charged with in a year. A run warns of ten
#: times as much.
BOTH_WAYS = 0.001
#: A rule counts as missed by no more than before within this share of base emissions.
SAME_RULE = 1e-6
#: A year under all its rules, with all that it may buy.
AS_STATED = Conditions()
#: From a year, and its totals at the prices that it starts from, better prices; None where none are known.
Correct = Callable[[int, Mapping[Total, float]], Mapping[Total, float] | None]


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
        """Leave the memory of HiGHS to others; months that are asked for again are made anew (`Hours.free_months`)."""
        for hours in self.templates.known.values():
            hours.free_months()

    def view(self, y: int, operation: Operation) -> YearView:
        """A year as the output tables read it."""
        return YearView(self.templates.of(y), operation.values, operation.account, operation.terms)

    def totals(self, y: int, operation: Operation) -> dict[Total, float]:
        """Yearly totals of an operation (MWh, t)."""
        hours = self.hours(y)
        return dict(zip(hours.totals, operation.values[hours.total_places].tolist(), strict=True))

    def operate(
        self,
        y: int,
        linking: LinkValues,
        prices: Mapping[Total, float],
        conditions: Conditions = AS_STATED,
        correct: Correct | None = None,
    ) -> Operation:
        """The least-cost operation of a year; where it is no trial of the Benders master, see also `one_way`.

        prices   of the totals to start from, where any are known   money/MWh, money/t
        correct  tells better prices, once the months are solved at the first ones
        """
        try:
            found = self._operate_from(y, linking, prices, conditions, correct)
        except SolverError:
            if not prices:
                raise
            found = self._operate_from(y, linking, {}, conditions, None)
        return found if conditions.is_trial else self.one_way(y, linking, found, conditions)

    def one_way(self, y: int, linking: LinkValues, found: Operation, conditions: Conditions) -> Operation:
        """The operation of a year, solved once more with each store held to one way in each hour (`ways_to_close`).

        That second operation is returned only if its cost is within the gap of the bound of the first, it serves all demand, and it
        misses no rule by more. Otherwise the first is returned, as where no store does both, demand is unserved, or the time is
        over.
        """
        closed = frozenset() if found.unserved or found.coupling_slack else ways_to_close(self.hours(y), found.values)
        if not closed:
            return found
        try:
            again = self._operate_from(y, linking, found.prices, replace(conditions, closed=closed), None)
        except (SolverError, Stopped):
            return found
        most = max(found.cost, found.lagrangian_bound + self.gap * max(abs(found.cost), 1.0))
        noise = SAME_RULE * max(1.0, self.inputs.carbon.base)
        misses = any(by > found.violations.get(rule, 0.0) + noise for rule, by in again.violations.items())
        if again.cost > most or again.unserved or again.coupling_slack or misses:
            return found
        seconds, rounds = found.seconds + again.seconds, found.rounds + again.rounds
        return replace(again, lagrangian_bound=found.lagrangian_bound, prices=found.prices, rounds=rounds, seconds=seconds)

    def _operate_from(
        self, y: int, linking: LinkValues, prices: Mapping[Total, float], conditions: Conditions, correct: Correct | None
    ) -> Operation:
        """Steps 1 and 2."""
        if not conditions.is_trial and len(self.hours(y).copies.columns):
            fixed = self._operate(y, linking, prices, conditions, correct, fixes_month_ends=True)
            if not fixed.unserved and not fixed.coupling_slack:
                return fixed
        return self._operate(y, linking, prices, conditions, correct, fixes_month_ends=False)

    def _operate(
        self,
        y: int,
        linking: LinkValues,
        prices: Mapping[Total, float],
        conditions: Conditions,
        correct: Correct | None,
        fixes_month_ends: bool,
    ) -> Operation:
        """Column generation; `fixes_month_ends`: commitment and activity at month ends are fixed first."""
        began, hours, is_trial = time.perf_counter(), self.hours(y), conditions.is_trial
        cost, terms = hours.cost_of(self.inputs, y)
        penalty = self._penalty(y, hours, conditions)
        cost = np.zeros(len(cost)) if conditions.phase_1 else cost
        contracted = hours.contracted_in(linking)
        hours.set_year(linking, y, cost, penalty.energy, is_trial=is_trial, contracted=contracted, closed=conditions.closed)
        master = RestrictedMaster(self.inputs, y, hours, linking, conditions, penalty, self.gap)
        columns = Columns(hours, master, self.pool)
        first = np.array([prices.get(total, hours.first_price(total, self.inputs, y)) for total in hours.totals])
        contract_prices = master.first_contract_prices(prices)
        if fixes_month_ends:
            columns.fix_month_ends(first, contract_prices)
        columns.try_prices(first, contract_prices)
        better = correct(y, dict(zip(hours.totals, columns.totals().tolist(), strict=True))) if correct else None
        if better is not None:
            first = np.array([better.get(total, price) for total, price in zip(hours.totals, first.tolist(), strict=True)])
            columns.try_prices(first, contract_prices)
        master.box_prices(first, contract_prices)
        rounds = generate(columns, master, is_trial, master.bound_at if prices and not is_trial else None)
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

    def _penalty(self, y: int, hours: Hours, conditions: Conditions) -> Penalty:
        """The penalty of slack of a year."""
        if conditions.phase_1:
            return Penalty(PHASE_1 / hours.largest_demand, PHASE_1 * rule_weight(self.inputs.carbon.base), True)
        energy, tonne = penalties(self.inputs, y)
        return Penalty(conditions.penalty_factor * energy, conditions.penalty_factor * tonne)


def ways_to_close(hours: Hours, values: np.ndarray) -> frozenset[int]:
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
    return frozenset(found)
