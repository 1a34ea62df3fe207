"""The relaxed target plan of a large park: integers may take any value. It is found soon, and it cannot be ordered as it stands.

It serves to compare similar parks, where the gaps of two integer plans would be wider than the difference between them. Operations
with a unit out bind but are not read into tables. The ledger does not check the plan, since it asks for whole orders.

The search for a changed park starts from the decisions of the unchanged one and from the cuts of its years that are still valid
(`WarmStart`). If only the cost of decisions has changed, the search uses the same years, cuts and operations with a unit out.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum, auto

import numpy as np
from threadpoolctl import threadpool_limits

from models.case import Case
from models.inputs import Inputs, resolve
from models.park import build_master
from planner.clock import Clock, Progress
from planner.days import choose_days
from planner.machine.stopping import Watch, watched
from planner.plan import TARGET, Plan
from planner.planning.base import base_of
from planner.planning.methods import DecomposedMethod
from planner.planning.run import WarmStart
from planner.planning.strategy import is_large
from planner.planning.task import Task
from planner.solve import Master, Result, Years, compile_model

#: Relative gap of such a plan.
RELAXED_GAP = 1e-3


class Differs(Enum):
    """What a changed park may differ in: the cost of decisions alone; any cost, and lifetimes, which leave operations with a unit
    out as they are; or anything."""

    COST_OF_DECISIONS = auto()
    COSTS = auto()
    ANYTHING = auto()


class RelaxedMethod(DecomposedMethod):
    """The decomposed method without whole numbers."""

    def __init__(
        self, task: Task, start: np.ndarray | None = None, like: RelaxedMethod | None = None, differs: Differs = Differs.ANYTHING
    ) -> None:
        """`like`: the method of the unchanged park, whose work is used again as far as `differs` allows; None: there is none."""
        self.like, self.differs = like, differs
        super().__init__(task, start)

    def _parts(self) -> tuple[Years, Master]:
        like, model = self.like, build_master(self.inputs)
        same = like if self.differs is Differs.COST_OF_DECISIONS else None
        years = Years(self.inputs) if same is None else same.years
        assert isinstance(years, Years)
        matrix = compile_model(model)
        master = Master(self.inputs, model, years, replace(matrix, integer=np.zeros_like(matrix.integer)))
        if like is not None and self.differs is not Differs.ANYTHING and _has_alike(like.inputs, self.inputs):
            theirs = like.master.outages
            master.outages = master.outages.on_days(lambda _: theirs.days)
            master.outages.hot |= theirs.hot
        if same is not None:
            for y, cuts in years.found.items():
                for cut in cuts:
                    master.cuts.add({y: cut})
            for row in same.master.cuts.outage_rows:
                master.cuts.add_row(row)
        return years, master

    def _read(self, name: str, result: Result) -> Plan:
        assert isinstance(self.years, Years)
        self.model.year = {y: year.view() for y, year in self.years.years.items()}
        return self.task.as_plan(name, result.status, result.bound, self.model, reads_outages=False)


def _has_alike(one: Inputs, other: Inputs) -> bool:
    """True if both ask for the same operations with a unit out of the same assets."""

    def asked(inputs: Inputs) -> tuple[object, ...]:
        outages, present = inputs.outages, inputs.capacity.present
        return outages.days, outages.raised, outages.out, {k for own in present.values() for k in own}

    return asked(one) == asked(other)


class RelaxedPlans:
    """The relaxed target plans of a large park and of parks like it on so many typical days, within `RELAXED_GAP`.

    warm  what the plan of the park as it is found
    """

    def __init__(self, days: int) -> None:
        self.days, self.warm = days, WarmStart()
        self.known: RelaxedMethod | None = None

    def plan(self, case: Case, differs: Differs = Differs.ANYTHING, progress: Progress = lambda *_: None) -> Plan | None:
        """The plan of a park, that as it is first; None of a park that is not large. `differs`: in what it does from that.

        Raises CaseError where the existing park cannot serve its base year, SolverError where HiGHS gives no answer.
        """
        assert case.goal is not None
        clock = Clock(progress, Watch(None))
        with watched(clock.watch), threadpool_limits(1, user_api="blas"):
            days = choose_days(case, self.days)
            inputs = resolve(case, case.goal, case.park.base_emissions or base_of(case), days)
            if not is_large(inputs):
                return None
            task = Task(inputs, case.park.currency, RELAXED_GAP, clock, days, has_fewest=False)
            found = RelaxedMethod(task, self.warm.best, self.known, differs)
            if found.best is not None and len(found.best) != len(found.master.matrix.columns):
                found.best = None
            if found.years is not (self.known and self.known.years):
                self.warm.give_cuts_to(found)
            plan = found.plan(TARGET)
            if self.known is None:
                self.known = found
                self.warm.learn(found)
                self.warm.best = found.best
            return plan
