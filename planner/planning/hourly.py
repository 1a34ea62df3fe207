"""The decomposed method on every hour of the year: begun from a plan on typical days, its operation read as it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from pyomo.core import ConcreteModel

from models.park import build_master
from planner.language.message import Message
from planner.language.words import OF_MONTHS
from planner.machine.resources import cores
from planner.plan import HOLDS_WITHIN, Plan
from planner.planning.given import links_given
from planner.planning.methods import DecomposedMethod, Method
from planner.planning.task import Task, said_of
from planner.planning.whole_units import levels_of, with_whole_units
from planner.solve import HourlyYears, LinkValues, Master, Operator, Result


class HourlyMethod(DecomposedMethod):
    """A master for the decisions, and each year in every hour, month by month."""

    def __init__(self, task: Task, typical: Method | None) -> None:
        """`task` on every hour; `typical` has solved the same plan on typical days and stands at it."""
        self.typical = typical
        super().__init__(task)
        if typical is not None:
            self.best = self._start(typical.model)

    def _build(self) -> None:
        model = build_master(self.inputs)
        prices = self.typical.prices() if self.typical else {}
        years = HourlyYears(self.inputs, model, cores(), prices)
        years.operator.gap = min(Operator.precise, self.task.gap / 3)
        self.years: HourlyYears = years
        self.master = Master(self.inputs, model, years)
        hours = years.operator.hours(self.inputs.years[0])
        self.size: str = Message(OF_MONTHS, decisions=self.master.matrix.size, months=years.operator.months, year=hours.matrix.size)
        self.matrices = {0: self.master.matrix, **dict.fromkeys(self.inputs.years, hours.matrix)}

    def _start(self, model: ConcreteModel) -> np.ndarray:
        """The decisions of the plan on typical days."""

        def known(variable: Any) -> float:
            return float(getattr(model, variable.parent_component().name)[variable.index()].value or 0.0)

        return np.array([known(v) for v in self.master.matrix.columns])

    def _read(self, name: str, result: Result) -> Plan:
        given = {y: LinkValues(links_given(self.model, self.inputs, y), {}) for y in self.inputs.years}
        levels = {y: levels_of(self.model, self.inputs, y) for y in self.inputs.years}
        operated = self.years.as_run(given, levels)
        views = {y: self.years.operator.view(y, own) for y, own in operated.items()}
        plan = self.task.as_plan(name, result.status, result.bound, self.model, views, HOLDS_WITHIN, said_of(result))
        return replace(plan, units=with_whole_units(self.inputs, operated))
