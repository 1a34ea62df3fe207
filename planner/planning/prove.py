"""The proof of a plan: how far its cost in all hours of all years is above the least possible, at most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from pyomo.core import ConcreteModel, Var

from models.errors import SolverError
from models.inputs import Inputs
from planner.clock import Clock
from planner.language.progress import PROVING, step_of, stopped_by
from planner.machine.cores import cores
from planner.machine.freed import paused_garbage_collector
from planner.machine.stopping import TIME_LIMIT, Stopped
from planner.plan import Plan
from planner.planning.strategy import UNASKED_TRIALS, is_proven_unasked, proves_coarsely_first
from planner.solve import INFINITY, BoundWarmStart, KnownPlan, LinkValues, LowerBound, Operation, Operator


@dataclass(frozen=True)
class Evidence:
    """What a proof begins from: the plan's decisions, how its years were operated, and the operator that did.

    inputs      on every hour, with the rules as the case states them
    contracted  capacity of each contract, by year   MW
    is_committed  whether plants start and ramp
    """

    inputs: Inputs
    operator: Operator
    decisions: Mapping[tuple[str, Any], float]
    years: Mapping[int, Operation]
    contracted: Mapping[int, np.ndarray]
    is_committed: bool = False

    def relaxed(self) -> Evidence:
        """The same without commitment, whose bound is one of both; the operator of before leaves its memory to that of this one."""
        inputs = replace(self.inputs, commitment=self.inputs.commitment.relaxed())
        self.operator.free_solvers()
        return replace(self, inputs=inputs, operator=Operator(inputs, cores()), is_committed=False)

    @classmethod
    def of(
        cls,
        inputs: Inputs,
        operator: Operator,
        model: ConcreteModel,
        given: Mapping[int, LinkValues],
        years: Mapping[int, Operation],
    ) -> Evidence:
        """`model` has the decisions in its variables; `given` has what stores hold as months end, where the model does not."""
        families = list(model.component_objects(Var, descend_into=False))
        found = {(own.local_name, index): float(v.value or 0.0) for own in families for index, v in own.items()}
        found |= {("held", (s, m, y)): amount for y, own in given.items() for (s, m), amount in own.held.items()}
        contracted = {y: year.values[operator.templates.of(y).contract_places] for y, year in years.items()}
        slim = {y: _slim(year) for y, year in years.items()}
        return cls(inputs, operator, found, slim, contracted, bool(inputs.commitment.plants))


def _slim(year: Operation) -> Operation:
    """The year without its hours, which are long."""
    return Operation(year.values[:0], None, year.cost, year.lagrangian_bound, {}, year.violations, [], prices=year.prices)


def proven(plan: Plan, evidence: Evidence | None, gap: float, clock: Clock, kept: float, asked: bool) -> Plan:
    """The plan with a lower bound of its cost in all hours, within the gap or the best in the time.

    Unchanged where it was not operated in all hours, or is proven already.

    kept   seconds of the time limit that are left for other work
    asked  False to prove a small park only
    """
    if evidence is None or not plan.verified or (plan.gap is not None and plan.gap <= gap):
        return plan
    if not asked and not is_proven_unasked(evidence.inputs):
        return plan
    watch = clock.watch
    seconds = None if watch.limit is None else watch.limit - watch.elapsed() - kept
    return prove(plan, evidence, gap, clock, seconds, None if asked else UNASKED_TRIALS)


def prove(
    plan: Plan, evidence: Evidence, gap: float, clock: Clock, seconds: float | None = None, trials: int | None = None
) -> Plan:
    """The plan with a lower bound of its cost in all hours: within the gap, or the best that the method gives, in `seconds` and
    `trials` if there are no more for it.

    Raises BoundError where the bound is above the plan's cost: a fault of the program.
    """
    assert plan.system_cost is not None
    prices = {y: year.prices for y, year in evidence.years.items()}
    broken = {y: year.violations for y, year in evidence.years.items()}
    known = KnownPlan(evidence.decisions, prices, evidence.contracted, plan.system_cost, broken)
    begun: list[LowerBound] = []

    def say(text: str) -> None:
        clock.progress(step_of(PROVING, plan.name), text)

    note, reached = plan.note, [-INFINITY if plan.bound is None else plan.bound]

    def prove_of(own: Evidence, warm_start: BoundWarmStart | None = None, is_first: bool = False) -> float:
        with paused_garbage_collector():
            begun[:] = [LowerBound(own.inputs, own.operator, known, gap, say, warm_start)]
        return begun[0].run(trials, is_first)

    def work() -> None:
        """Raise the lower bound: first with relaxed commitment, where a coarse gap may do, then with all of it."""
        warm_start = None
        if proves_coarsely_first(evidence.is_committed, gap):
            reached.append(prove_of(evidence.relaxed(), is_first=True))
            warm_start = begun[0].warm_start()
            begun.clear()
            if known.cost - reached[-1] <= gap * abs(known.cost):
                return
        prove_of(evidence, warm_start)

    with clock.step(step_of(PROVING, plan.name)):
        try:
            if seconds is not None and seconds <= 0:
                raise Stopped
            clock.watch.guarded(work, seconds)
        except Stopped:
            note = note or stopped_by(clock.watch.reason or TIME_LIMIT)
        except SolverError as error:  # the plan stands, and so does what was found until then
            say(str(error))
    return replace(plan, note=note).with_bound(max([*reached, *(lower.bound for lower in begun)]), gap)
