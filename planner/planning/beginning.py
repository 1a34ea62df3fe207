"""The method that makes the plans of a run, and the plan on fewer typical days that it begins from."""

from __future__ import annotations

import gc
from dataclasses import replace
from functools import partial

import numpy as np

from models.case import Case
from models.inputs import resolve
from models.inputs.calendar import HOURS_OF_YEAR
from planner.days import choose_days
from planner.language.words import FEW_DAYS
from planner.machine.resources import paused_garbage_collector
from planner.plan import TARGET
from planner.planning import strategy
from planner.planning.hourly import HourlyMethod
from planner.planning.methods import DecomposedMethod, FallbackPlan, Method, WholeMethod
from planner.planning.task import Task
from planner.solve import NEIGHBOURHOOD_ONLY, Limits, solve_decomposed


def method_for(
    case: Case,
    task: Task,
    method: str,
    before: Method | None = None,
    start: np.ndarray | None = None,
    first: FallbackPlan | None = None,
) -> Method:
    """The method asked for, or the faster one; `before` has solved the same plan with fewer days, to begin from there; `start` are
    decisions of a like park, left alone where this one has others, or too many integers to search all: the search near decisions
    of a like park was seen to end at whole numbers that need slack.

    Where the time is limited, the plan on fewer days is one that can be given: it is kept beside the method, and given alone
    where no time is left for more. `first` is the first plan, where there is one (`first_plan`), which is given
    until then.
    """
    found = _method_for(case, task, method, before, start, first)
    found.fallback = found.fallback or first
    return found


def _method_for(
    case: Case, task: Task, method: str, before: Method | None, start: np.ndarray | None, first: FallbackPlan | None
) -> Method:
    large = strategy.is_large(task.inputs)
    if strategy.plans_whole(method, large):
        return WholeMethod(task)
    if task.days is None and case.hours == HOURS_OF_YEAR:
        return _hourly(case, task, before, first)
    if before is not None:
        again = DecomposedMethod(task, before.best)
        if isinstance(before, DecomposedMethod):  # one that has solved nothing itself hands on what it was given
            again.enough = strategy.ENOUGH_FACTOR * before.reached if before.reached > task.gap else before.enough
        return again
    if start is not None:
        found = DecomposedMethod(task, start)
        if len(found.master.matrix.integer) == len(start) and len(found.master.integers) <= NEIGHBOURHOOD_ONLY:
            return found
    if task.clock.watch.limit is not None:
        return _within_time(case, task, first)
    if not large:
        return DecomposedMethod(task)
    found = DecomposedMethod(task, *_point_on_few_days(case, task, TARGET))
    found.point_on_few_days = partial(_point_on_few_days, case, task)
    return found


def has_search_beside(case: Case, task: Task, method: str, start: np.ndarray | None = None) -> bool:
    """True where the plans to compare with have a search of their own (`strategy.has_search_beside`)."""
    hourly, every_hour, limit = task.days is None, case.hours == HOURS_OF_YEAR, task.clock.watch.limit
    return strategy.has_search_beside(method, strategy.is_large(task.inputs), hourly, every_hour, start is not None, limit)


def method_beside(case: Case, task: Task) -> Method:
    """The decomposed method for the plans to compare with: on typical days each is planned on a few days first."""
    if task.days is None:
        return _hourly(case, task, None, None)
    found = DecomposedMethod(task)
    found.point_on_few_days = partial(_point_on_few_days, case, task)
    return found


def _point_on_few_days(case: Case, task: Task, name: str, start: np.ndarray | None = None) -> tuple[np.ndarray | None, bool]:
    """Decisions of a plan on a few typical days, integers relaxed: near the optimum of the real one; and whether the goal is
    unlikely there already. Each of the plans begins from the one on fewer days, the first one from `start`.

    Commitment is left out: it takes half of the time, and moves decisions by little. Of the extreme days that size equipment those
    are kept that differ most from the other days: the first trial on the days of the park is then nearer.
    """
    best, is_mostly_penalty, gap = start, False, strategy.FEW_GAP
    for count in strategy.few_days(task.inputs):
        with task.clock.step("planning on a few days first"), paused_garbage_collector():
            few = on_days(case, task, count, least_shown_first=True)
            if few is None or is_mostly_penalty:
                break
            plain = replace(few.inputs, commitment=few.inputs.commitment.relaxed())
            best, is_mostly_penalty = _point_on(replace(few, inputs=plain), name, gap, best)
            gc.collect()  # its models hold each other; the memory is for the real one
            gap /= 2
    return best, is_mostly_penalty


def _point_on(task: Task, name: str, gap: float, start: np.ndarray | None) -> tuple[np.ndarray | None, bool]:
    """Decisions of a plan within the gap, integers relaxed, begun from a point; and whether the goal is unlikely there."""
    method, limits = DecomposedMethod(task), Limits(gap, task.clock.left(strategy.FEW_SHARE))
    method.turn_to(name)
    result = solve_decomposed(method.master, method.years, limits, task.say(FEW_DAYS), start)
    return result.point, result.is_mostly_penalty


def _within_time(case: Case, task: Task, first: FallbackPlan | None) -> Method:
    """The decomposed method where time is limited: on the fewest days first, for a plan that can be given; from `first` where there
    is one."""
    if first is not None and isinstance(first.method, DecomposedMethod):
        few: DecomposedMethod | None = first.method
        if first.method.task.days is task.days:
            first.method.task = task
            return first.method
    else:
        few = _on_few_days(case, task)
    if few is None:
        return DecomposedMethod(task)
    fallback = _fallback_by(few, task)
    if fallback and task.clock.watch.is_over():
        return fallback.method
    method = DecomposedMethod(task, few.best, few.is_mostly_penalty)
    method.fallback = fallback
    return method


def _on_few_days(case: Case, task: Task) -> DecomposedMethod | None:
    """The decomposed method on the fewest days; None of a small park, and of one on these days."""
    many = strategy.is_large(task.inputs) and len(task.inputs.calendar.weight) > 24 * strategy.FEW_LEAST
    few = on_days(case, task, strategy.FEW_LEAST) if many else None
    if few is None:
        return None
    gap = max(task.gap, strategy.FEW_GAP)
    return DecomposedMethod(replace(few, gap=gap, share=strategy.FEW_SHARE))


def _hourly(case: Case, task: Task, before: Method | None, first: FallbackPlan | None) -> Method:
    """On every hour, begun from the plan of `before`, or from one on typical days."""
    if before is not None:
        return HourlyMethod(task, before)
    days = on_days(case, task, strategy.BEGIN_DAYS)
    if days is None:
        return HourlyMethod(task, None)
    fallback = _fallback_by(method_for(case, replace(days, gap=max(task.gap, strategy.BEGIN_GAP)), "decomposed", first=first), task)
    if fallback and task.clock.watch.is_over():
        return fallback.method
    method = HourlyMethod(task, None if fallback is None else fallback.method)
    method.fallback = fallback
    return method


def on_days(case: Case, task: Task, count: int, least_shown_first: bool = False) -> Task | None:
    """The task on so many typical days (`choose_days`); None where every hour stands for itself."""
    days = choose_days(case, count, least_shown_first)
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
