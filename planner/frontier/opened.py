"""A run's own plan, found again by the decomposed method: where a question that needs many small searches begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from models.inputs import resolve
from planner.clock import Clock
from planner.days import choose_days
from planner.frontier.question import RunQuestion
from planner.planning.base_of import base_of
from planner.planning.methods import DecomposedMethod
from planner.planning.restored import is_of, restored
from planner.planning.strategy import is_large, plans_whole
from planner.planning.task import Task
from planner.solve import Trial


@dataclass(frozen=True)
class PlanFoundAgain:
    """The method, the plan as a trial of it, and the bound of its cost that the run has proved (money)."""

    method: DecomposedMethod
    trial: Trial
    bound: float


def task_of(question: RunQuestion, clock: Clock) -> Task:
    """The run's park on the typical days of its plan."""
    case, options = question.case, question.options
    base = case.park.base_emissions or base_of(case)
    days = choose_days(case, case.park.typical_days if options.days is None else options.days)
    return Task(resolve(case, case.goal, base, days), case.park.currency, options.gap, clock, days)


def opened(question: RunQuestion, task: Task, make: Callable[[Task], DecomposedMethod] = DecomposedMethod) -> PlanFoundAgain | None:
    """The run's plan by the method that `make` gives.

    None where the whole method plans such a park, where repairs have changed the typical days of the run, or where the plan is not
    found again at its cost.
    """
    said, asked = question.output.summary["typical_days"], question.options.method
    if plans_whole(asked, is_large(task.inputs)) or not is_of(said, task.days) or question.output.summary["repairs"]:
        return None
    method = make(task)
    trial = task.clock.watch.guarded(lambda: restored(method, question.output.target, said["cost"], task.gap))
    return None if trial is None else PlanFoundAgain(method, trial, float(said["bound"]))
