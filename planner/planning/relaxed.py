"""The relaxed target plan of a large park: integers may take any value. It is found soon, and it cannot be ordered as it stands.

It serves to compare similar parks, where the gaps of two integer plans would be wider than the difference between them. Operations
with a unit out bind but are not read into tables. The ledger does not check the plan, since it asks for whole orders.

The search for a changed park starts from the decisions of the unchanged one and from the cuts of its years that are still valid
(`WarmStart`). If only the cost of decisions has changed, the search uses the same years, cuts and operations with a unit out.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from threadpoolctl import threadpool_limits

from models.case import Case
from models.inputs import resolve
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


class RelaxedMethod(DecomposedMethod):
    """The decomposed method without whole numbers."""

    def __init__(self, task: Task, start: np.ndarray | None = None, same: RelaxedMethod | None = None) -> None:
        """`same`: the method of a park that differs in the cost of decisions alone; None: there is none."""
        self.same = same
        super().__init__(task, start)

    def _parts(self) -> tuple[Years, Master]:
        same, model = self.same, build_master(self.inputs)
        years = Years(self.inputs) if same is None else same.years
        assert isinstance(years, Years)
        matrix = compile_model(model)
        master = Master(self.inputs, model, years, replace(matrix, integer=np.zeros_like(matrix.integer)))
        if same is not None:
            theirs = same.master.outages
            master.outages = master.outages.on_days(lambda _: theirs.days)
            master.outages.hot |= theirs.hot
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


class RelaxedPlans:
    """The relaxed target plans of a large park and of parks like it on so many typical days, within `RELAXED_GAP`.

    warm  what the plan of the park as it is found
    """

    def __init__(self, days: int) -> None:
        self.days, self.warm = days, WarmStart()
        self.known: RelaxedMethod | None = None

    def plan(self, case: Case, same_years: bool = False, progress: Progress = lambda *_: None) -> Plan | None:
        """The plan of a park, that as it is first; None of a park that is not large. `same_years`: it differs from that in the cost
        of decisions alone.

        Raises CaseError where the existing park cannot serve its base year, SolverError where HiGHS gives no answer.
        """
        assert case.goal is not None
        clock = Clock(progress, Watch(None))
        with watched(clock.watch), threadpool_limits(1, user_api="blas"):
            days = choose_days(case, self.days)
            inputs = resolve(case, case.goal, case.park.base_emissions or base_of(case), days)
            if not is_large(inputs):
                return None
            task = Task(inputs, case.park.currency, RELAXED_GAP, clock, days)
            found = RelaxedMethod(task, self.warm.best, self.known if same_years else None)
            if found.best is not None and len(found.best) != len(found.master.matrix.columns):
                found.best = None
            if found.same is None:
                found.begin_from(self.warm.years)
            plan = found.plan(TARGET)
            if self.known is None:
                self.known, self.warm.best = found, found.best
                self.warm.years = found.known_years
            return plan
