"""The method that makes the plans of a run; on every hour it begins from a plan on typical days."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.case import Case
from models.inputs import resolve
from models.inputs.calendar import HOURS_OF_YEAR
from planner.days import choose_days
from planner.plan import TARGET
from planner.planning import strategy
from planner.planning.methods import DecomposedMethod, FallbackPlan, HourlyMethod, Method, WholeMethod
from planner.planning.task import Task
from planner.solve import MOST_SEARCHED


def method_for(
    case: Case,
    task: Task,
    method: str,
    before: Method | None = None,
    start: np.ndarray | None = None,
) -> Method:
    """The method asked for, or the faster one; `before` has solved the same plan with fewer days, to begin from there; `start` are
    decisions of a like park, left alone where this one has others, or too many integers to search all: the search near decisions
    of a like park was seen to end at whole numbers that need slack."""
    if strategy.plans_whole(method, strategy.is_large(task.inputs)):
        return WholeMethod(task)
    if task.days is None and case.hours == HOURS_OF_YEAR:
        return _hourly(case, task, before)
    if before is not None:
        again = DecomposedMethod(task, before.best)
        if isinstance(before, DecomposedMethod):  # one that has solved nothing itself hands on what it was given
            again.enough = strategy.ENOUGH_FACTOR * before.reached if before.reached > task.gap else before.enough
        return again
    found = DecomposedMethod(task)
    if start is not None and len(found.master.matrix.integer) == len(start) and len(found.master.integers) <= MOST_SEARCHED:
        found.best = start
    return found


def has_search_beside(case: Case, task: Task, method: str, start: np.ndarray | None = None) -> bool:
    """True where the plans to compare with have a search of their own (`strategy.has_search_beside`)."""
    hourly, every_hour, limit = task.days is None, case.hours == HOURS_OF_YEAR, task.clock.watch.limit
    return strategy.has_search_beside(method, strategy.is_large(task.inputs), hourly, every_hour, start is not None, limit)


def method_beside(case: Case, task: Task) -> Method:
    """The decomposed method for the plans to compare with."""
    return _hourly(case, task, None) if task.days is None else DecomposedMethod(task)


def _hourly(case: Case, task: Task, before: Method | None) -> Method:
    """On every hour, begun from the plan of `before`, or from one on typical days."""
    if before is not None:
        return HourlyMethod(task, before)
    days = on_days(case, task, strategy.BEGIN_DAYS)
    if days is None:
        return HourlyMethod(task, None)
    fallback = _fallback_by(method_for(case, replace(days, gap=max(task.gap, strategy.BEGIN_GAP)), "decomposed"), task)
    if fallback and task.clock.watch.is_over():
        return fallback.method
    method = HourlyMethod(task, None if fallback is None else fallback.method)
    method.fallback = fallback
    return method


def on_days(case: Case, task: Task, count: int) -> Task | None:
    """The task on so many typical days (`choose_days`); None where every hour stands for itself."""
    days = choose_days(case, count)
    if days is None:
        return None
    return replace(task, inputs=resolve(case, case.goal, task.inputs.carbon.both_bases, days), days=days, stated=None)


def _fallback_by(method: Method, task: Task) -> FallbackPlan | None:
    """The target plan by that method, or its own fallback; None where there is none."""
    plan = method.plan(TARGET)
    fallback = FallbackPlan(method, plan) if plan.has_tables else method.fallback
    if fallback is not None:
        # What is planned after it by the method has the gap and the share that were asked for.
        fallback.method.task = replace(fallback.method.task, gap=task.gap, share=task.share)
        fallback.method.fallback = fallback
    return fallback
