"""What a method is given to solve, and how what it found becomes a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from pyomo.core import ConcreteModel

from models.inputs import Inputs, TypicalDays
from models.operation.links import SolvedYear
from planner.clock import Clock
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import (
    NO_SMALLER,
    ON_DAY,
    ON_DAYS,
    ON_HOURS,
    ON_REPAIRED_DAY,
    ON_REPAIRED_DAYS,
    SOLVING,
    put_into,
    step_of,
    stopped_by,
)
from planner.machine.stopping import Stopped, Watch
from planner.plan import ALL_HOURS, BINDS, BUSINESS, LEAST_COST, REFERENCE, TARGET, TYPICAL_DAYS, OnDays, Plan
from planner.planning.outages import outage_rows, with_units_out
from planner.solve import Limits, Result, modelling, settle_orders
from planner.tables.accounts import plan_tables
from planner.tables.flows import contract_least
from planner.tables.output import Tables
from planner.tables.schema import COLUMNS

#: Said where outages.csv is empty for want of time.
NO_WEEKS = Message(mark("there was no time to operate the weeks with a unit out; outages.csv is empty"))


@dataclass(frozen=True)
class Task:
    """What both methods are given.

    stated  inputs with the rules as the case states them, for the tables; None: they are those of `inputs`
    share   of the seconds left that the target plan may take
    segments    of a typical day on which the decomposed method searches a large park; 24: its hours
    has_fewest  True where the decomposed method looks for the fewest orders at the end
    """

    inputs: Inputs
    currency: str
    gap: float
    clock: Clock
    days: TypicalDays | None = None
    stated: Inputs | None = None
    share: float = 0.6
    has_fewest: bool = True
    segments: int = 24

    def limits(self, name: str) -> Limits:
        """Gap and seconds of a plan: the target may take most of the time, the others share the rest."""
        seconds = self.clock.left({TARGET: self.share, LEAST_COST: 0.6, REFERENCE: 0.8}.get(name, 1.0))
        return Limits(self.gap, seconds, has_fewest=self.has_fewest)

    def is_repaired(self, name: str) -> bool:
        """True where the plan of that name is asked for more than the case asks: by raised demand, or rules that were tightened."""
        if self.days is not None and self.days.is_raised:
            return True
        is_tightened = self.stated is not None and self.stated is not self.inputs
        return is_tightened and (BINDS[name] == "all" or (BINDS[name] == "lasting" and self.inputs.carbon.has_lasting))

    def say(self, name: str, is_repaired: bool = False) -> Callable[[str], None]:
        """Tell how a plan's solve goes, and on what it is planned: bound, best and gap are of that and of no other search.

        `is_repaired`: they are of plans that serve hours by cuts.
        """
        step, count = step_of(SOLVING, name), 0 if self.days is None else self.days.count
        where = ON_HOURS if not count else ON_DAY if count == 1 else ON_DAYS
        if count and (is_repaired or self.is_repaired(name)):
            where = ON_REPAIRED_DAY if count == 1 else ON_REPAIRED_DAYS
        return lambda text: self.clock.progress(step, put_into(where, text, count=count))

    def as_plan(
        self,
        name: str,
        status: str,
        bound: float,
        model: ConcreteModel,
        operation: Mapping[int, SolvedYear] | None = None,
        tolerance: float = 0.0,
        limit: str = "a limit",
        reads_outages: bool = True,
    ) -> Plan:
        """The plan that stands in the model's variables; for `operation` and `tolerance` see `plan_tables`.

        `limit` says what ended a plan that is only feasible; `reads_outages`: with its operations with a unit out, see
        `with_outages`.

        `status` and `bound` are of the inputs of the task. On typical days they prove nothing of all hours: the plan is feasible,
        and what was found stands in `on_days`.
        """
        with self.clock.step("reading results", name), modelling():
            if operation is None:
                contract_least(model, self.inputs)
            settle_orders(model, self.inputs, self.gap * abs(bound) if name != BUSINESS and np.isfinite(bound) else 0.0)
            tables = self._tables(model, operation, tolerance)
        reason = self.clock.watch.reason or (limit if status == "feasible" else "")
        note = stopped_by(reason) if reason else ""
        cost = float(tables["system_cost"]["value"].sum())
        plan = Plan(name, status, cost, tables=tables, note=note)
        if reads_outages:
            plan = self.with_outages(plan, model, operation, tolerance)
        if self.days is None:
            return plan.with_bound(bound, self.gap)
        added = tuple(day + 1 for day in self.days.added)
        return plan.proven_on_days(OnDays(self.days.count, cost, added=added, raised=self.days.is_raised).with_bound(bound))

    def with_outages(
        self, plan: Plan, model: ConcreteModel, operation: Mapping[int, SolvedYear] | None = None, tolerance: float = 0.0
    ) -> Plan:
        """The plan that stands in the model's variables with its operations with a unit out: of the stress days, which the ledger
        checks, and of the weeks around them, for outages.csv. It is left as it is where no reserve is operated.

        Where they need more of a contract that costs nothing by itself, the tables have it.
        """
        if not self._has_units_out(plan.name):
            return plan
        with self.clock.step("reading results", plan.name):
            before = [own.value for own in model.contract.values()]
            plan = replace(plan, outages=with_units_out(model, self.inputs))
            if plan.name == TARGET:
                rows, weeks = self._weeks(model)
                outages = {"outages": pd.DataFrame(rows, columns=list(COLUMNS["outages"]))}
                plan = replace(plan, tables={**plan.tables, **outages}, outage_weeks=weeks)
            if before != [own.value for own in model.contract.values()]:
                with modelling():
                    told = self._tables(model, operation, tolerance)
                plan = replace(plan, tables={**told, "outages": plan.tables["outages"]})
            return plan

    def _weeks(self, model: ConcreteModel) -> tuple[list[tuple], dict]:
        """The weeks with a unit out, in the time that is kept for reading; none where that is too little."""
        try:
            return outage_rows(model, self.inputs, Watch(self.clock.left_to_read()))
        except Stopped:
            self.clock.warn(NO_WEEKS)
            return [], {}

    def _tables(self, model: ConcreteModel, operation: Mapping[int, SolvedYear] | None, tolerance: float) -> Tables:
        return plan_tables(model, self.stated or self.inputs, self.currency, self.days, operation, tolerance)

    def _has_units_out(self, name: str) -> bool:
        """True of a plan that is operated with any one unit out."""
        return name in (TARGET, LEAST_COST) and bool(self.inputs.outages.all)

    def no_plan(self, name: str, status: str = "failed") -> Plan:
        """No plan, and what was tried."""
        if status == "failed":
            return Plan(name, status, note=self.clock.say_tried())
        return Plan(name, status, proof=ALL_HOURS if self.days is None else TYPICAL_DAYS)


def said_of(result: Result) -> str:
    """What ended a solve before its gap was reached."""
    return NO_SMALLER if result.is_stalled else "a limit"
