"""What a method is given to solve, and how what it found becomes a plan."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from pyomo.core import ConcreteModel, value

from models.inputs import Inputs, TypicalDays
from models.inputs.reserves import Outages, day_inputs
from models.operation.links import Links, SolvedYear
from planner.clock import Clock
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import (
    FIRST,
    NO_SMALLER,
    ON_DAY,
    ON_DAYS,
    ON_HOURS,
    ON_REPAIRED_DAY,
    ON_REPAIRED_DAYS,
    SOLVING,
    Sign,
    put_into,
    step_of,
    stopped_by,
)
from planner.machine.stopping import Stopped, Watch
from planner.plan import ALL_HOURS, BINDS, BUSINESS, LEAST_COST, REFERENCE, TARGET, TYPICAL_DAYS, OnDays, Plan
from planner.planning.given import links_given
from planner.solve import Limits, OutageDay, OutageDays, Result, modelling, settle_orders
from planner.tables.accounts import Retirement, plan_tables, retirements, units_of
from planner.tables.flows import contract_at_least, contract_least, flows_of_year, free_contracts
from planner.tables.output import Tables
from planner.tables.schema import COLUMNS

# --- outages ---------------------------------------------------------------------------------------------------------------
# How a plan is operated with something out, on each stress day of each year.

#: Power below this share of the peak is noise of the solver.
NOTHING = 1e-6
#: Flows of a day, by (flow, name, zone, carrier).
Flows = Mapping[tuple[str, str, str, str], np.ndarray]


def with_units_out(model: ConcreteModel, inputs: Inputs) -> dict[tuple[int, int, str], Flows]:
    """The operation of every year, stress day and outage of the plan that stands in a model; outages that one operation covers
    share it (`planner/solve/year/outages.py`)."""
    if not hasattr(model, "outage_days"):
        model.outage_days = OutageDays(inputs)  # made once, for all plans of the model
    days, gone = model.outage_days, retirements(model, inputs)
    found: dict[tuple[int, int, str], Flows] = {}
    with days.ended_by(Watch()):  # a plan that is found is read to its end
        for y, own in inputs.outages.days.items():
            lost = _lost(model, inputs, gone, inputs.outages.out[y], y)
            for d in own:
                operated = _Operated(model, inputs, days, y, d)
                for name in lost:
                    found[y, d, name] = operated.flows(lost[name])
    return found


def short_rows(
    model: ConcreteModel,
    inputs: Inputs,
    weeks: Outages,
    done: Callable[[int], None] = lambda _: None,
    watch: Watch | None = None,
) -> tuple[list[tuple], dict[tuple[int, int, str], Flows]]:
    """What is short of each operation of these weeks, or months, with each unit out; and how they are operated. `done` is told each
    year that is; the `watch`, or the one in force, ends it."""
    gone = retirements(model, inputs)
    days, rows = OutageDays(replace(inputs, outages=weeks)), []
    operated: dict[tuple[int, int, str], Flows] = {}
    with days.ended_by(watch):
        for y, firsts in weeks.days.items():
            lost = _lost(model, inputs, gone, weeks.out[y], y)
            for d in firsts:
                own = _Operated(model, inputs, days, y, d)
                for name, sizes in lost.items():
                    operated[y, d, name] = flows = own.flows(sizes, tells_short=True)
                    nothing = np.zeros(len(next(iter(flows.values()))))
                    short = np.sum([nothing, *(v for (flow, *_), v in flows.items() if flow == "unserved")], axis=0)
                    short = np.where(short > NOTHING * own.day.peak, short, 0.0)
                    label = inputs.capacity.label.get(next(iter(sizes)), "MW")
                    hours, energy, worst = int((short > 0).sum()), float(short.sum()), float(short.max(initial=0.0))
                    rows.append((y, name, math.fsum(sizes.values()), label, d + 1, len(short) // 24, hours, energy, worst))
            done(y)
    return rows, operated


class _Operated:
    """Operations of the same hours of a year: one that serves all covers every outage that leaves what it needs.

    Where the contract of a supply costs nothing by itself and more of it serves more, the model's contract is raised to what the
    operation needs of it.
    """

    def __init__(self, model: ConcreteModel, inputs: Inputs, days: OutageDays, y: int, d: int) -> None:
        self.model, self.inputs, self.day, self.everything, self.y, self.d = model, inputs, days.days[y, d], days.everything, y, d
        self.free = {("contract", s): most for s, most in free_contracts(model, inputs, y).items()}
        self.known: list[tuple[np.ndarray, Flows]] = []

    def flows(self, lost: Mapping[str, float], tells_short: bool = False) -> Flows:
        """The flows with this lost of each technology; with `tells_short` what is unserved, too.

        What a profile gives and nobody takes is a flow of what stands, so an operation with such a technology out is its own.
        """
        given, is_alike = given_links(self.model, self.inputs, self.y, lost), not self._by_profile & lost.keys()
        amounts = self.day.amounts(given)
        if is_alike:
            for needed, flows in self.known:
                if self.day.covers(needed, amounts):
                    return flows
        amounts = self._operate(given, amounts)
        found = _flows(self.day, self.everything, self.y, self.d, given)
        found = {**found, **self.day.short_by_place()} if tells_short else found
        if is_alike and self.day.is_served():
            self.known.append((self.day.needed(amounts), found))
        return found

    @property
    def _by_profile(self) -> Set[str]:
        return self.everything.conversion.by_profile

    def _operate(self, given: Mapping[tuple[str, str], float], amounts: np.ndarray) -> np.ndarray:
        """Solve the day; returns the amounts with which it was solved."""
        day, short = self.day, self.day.unserved(amounts)
        if day.is_served() or not self.free:
            return amounts
        most = day.amounts({**given, **self.free})
        if day.unserved(most).value >= short.value - NOTHING * day.peak:
            day.unserved(amounts)
            return amounts
        needed = dict(zip(day.links, day.needed(most).tolist(), strict=True))
        contract_at_least(self.model, self.y, {s: needed.get((kind, s), 0.0) for kind, s in self.free})
        return most


def _lost(
    model: ConcreteModel, inputs: Inputs, gone: list[Retirement], outages: Mapping[str, tuple[str, ...]], y: int
) -> dict[str, dict[str, float]]:
    """What each outage of a year takes of each technology (MW, MWh); those that take something first, since they cover more."""
    found = {name: {k: lost_of(model, inputs, gone, k, y) for k in out} for name, out in outages.items()}
    return dict(sorted(found.items(), key=lambda item: not any(item[1].values())))


def lost_of(model: ConcreteModel, inputs: Inputs, gone: list[Retirement], k: str, y: int) -> float:
    """What is out with the largest unit of a technology that stands in a year (MW, MWh)."""
    lines = inputs.connections
    if k in lines.unit:
        return min(lines.unit[k], model.capacity[k, y].value) if k in lines.sized else lines.of_outages("loss")[k]
    return max(units_of(model, inputs, gone, k, y), default=0.0)


def given_links(model: ConcreteModel, inputs: Inputs, y: int, lost: Mapping[str, float]) -> dict[tuple[str, Any], float]:
    """What a plan gives the links of a day with something lost."""
    given: dict[tuple[str, Any], float] = dict(links_given(model, inputs, y))
    stands = {k: given["capacity", k] for k in inputs.capacity.present[y]} | inputs.connections.of_outages("capacity")
    return given | {("capacity", k): max(0.0, size - lost.get(k, 0.0)) for k, size in stands.items()}


def _flows(day: OutageDay, inputs: Inputs, y: int, d: int, given: Mapping[tuple[str, Any], float]) -> Flows:
    own = day_inputs(inputs, y, d)
    links = Links(
        capacity={k: given.get(("capacity", k), 0.0) for k in own.capacity.present[y]},
        demand={u: given["demand", u] for u in own.demands.demands},
    )
    flows = flows_of_year(day.view(), own, y, links)
    return {(f.flow, f.name, f.zone, f.carrier): f.values for f in flows}


# --- task ------------------------------------------------------------------------------------------------------------------

#: Told of the first plan of a search, before its orders are read.
FOUND = mark("found after {seconds} s, within {gap} of the least on {count} typical days, its orders follow ({text})")
#: Said where outages.csv is empty for want of time.
NO_WEEKS = Message(mark("there was no time to operate the weeks with a unit out; outages.csv is empty"))


@dataclass(frozen=True)
class Task:
    """What both methods are given.

    stated  inputs with the rules as the case states them, for the tables; None: they are those of `inputs`
    share   of the seconds left that the target plan may take
    segments    of a typical day on which the decomposed method searches a large park; 24: its hours
    """

    inputs: Inputs
    currency: str
    gap: float
    clock: Clock
    days: TypicalDays | None = None
    stated: Inputs | None = None
    share: float = 0.6
    segments: int = 24

    def limits(self, name: str) -> Limits:
        """Gap and seconds of a plan: the target may take most of the time, the others share the rest."""
        seconds = self.clock.left({TARGET: self.share, LEAST_COST: 0.6, REFERENCE: 0.8}.get(name, 1.0))
        return Limits(self.gap, seconds)

    def is_repaired(self, name: str) -> bool:
        """True where the plan of that name is asked for more than the case asks: by raised demand, or rules that were tightened."""
        if self.days is not None and self.days.is_raised:
            return True
        is_tightened = self.stated is not None and self.stated is not self.inputs
        return is_tightened and (BINDS[name] == "all" or (BINDS[name] == "lasting" and self.inputs.carbon.has_lasting))

    def say(self, name: str) -> Callable[[str], None]:
        """Tell how a plan's solve goes, and on what it is planned: bound, best and gap are of that and of no other search."""
        step, count = step_of(SOLVING, name), 0 if self.days is None else self.days.count
        where = ON_HOURS if not count else ON_DAY if count == 1 else ON_DAYS
        if count and self.is_repaired(name):
            where = ON_REPAIRED_DAY if count == 1 else ON_REPAIRED_DAYS
        told = name != TARGET or not count or self.is_repaired(name)  # what is repaired had its first plan before

        def tell(text: str) -> None:
            nonlocal told
            self.clock.progress(step, put_into(where, text, count=count))
            if not told and isinstance(text, Sign) and text.gap is not None:
                told = True
                seconds, gap = f"{self.clock.watch.elapsed():.0f}", f"{text.gap:.2%}"
                self.clock.progress(FIRST, Message(FOUND, seconds=seconds, gap=gap, count=count, text=text.text))

        return tell

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
        if plan.name not in (TARGET, LEAST_COST) or not self.inputs.outages.all:
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
        """Rows of outages.csv: the weeks of the stress days with each unit out, in each year in which a capacity changes; and how
        these are operated. None where the time that is kept for reading is too little."""
        inputs, known = self.inputs, self.inputs.outages.weeks
        stands = {y: {k: round(value(model.capacity[k, y]), 6) for k in inputs.capacity.present[y]} for y in inputs.years}
        weeks = inputs.outages.of_weeks([y for y in known if y - 1 not in known or stands[y] != stands[y - 1]])
        try:
            return short_rows(model, inputs, weeks, watch=Watch(self.clock.left_to_read()))
        except Stopped:
            self.clock.warn(NO_WEEKS)
            return [], {}

    def _tables(self, model: ConcreteModel, operation: Mapping[int, SolvedYear] | None, tolerance: float) -> Tables:
        return plan_tables(model, self.stated or self.inputs, self.currency, self.days, operation, tolerance)

    def no_plan(self, name: str, status: str = "failed") -> Plan:
        """No plan, and what was tried."""
        if status == "failed":
            return Plan(name, status, note=self.clock.say_tried())
        return Plan(name, status, proof=ALL_HOURS if self.days is None else TYPICAL_DAYS)


def said_of(result: Result) -> str:
    """What ended a solve before its gap was reached."""
    return NO_SMALLER if result.is_stalled else "a limit"
