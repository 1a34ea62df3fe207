"""The first plan: of a large park on its fewest typical days, whole numbers that serve these days, in one coarse search.

It is told as such as soon as it is there; it is given where the time limit ends the run before there is another one; and a quick
run ends with it. Nothing is proven of its cost, and it is operated on its typical days only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from models.case import Case
from models.inputs.calendar import HOURS_OF_YEAR
from planner.language.language import mark
from planner.language.message import Message
from planner.machine.resources import paused_garbage_collector
from planner.machine.stopping import Stopped
from planner.plan import Plan
from planner.planning.beginning import on_days
from planner.planning.methods import DecomposedMethod, FallbackPlan
from planner.planning.strategy import FEW_GAP, FEW_LEAST, FEW_SHARE, is_large
from planner.planning.task import Task

#: What is told of it: roughly at what cost, what is built first, and how rough it is.
TOLD = mark(
    "after {seconds} s: about {cost} M {currency} of system cost; built first: {orders}. It is rough: planned on {count} typical "
    "days, no bound of its cost is known, not operated in every hour"
)
#: Said of the plan of a quick run: where it is a first plan; of a small park planned on typical days, and on all its hours.
QUICK = mark(
    "--quick: a first plan, of one coarse search on {count} typical days; its cost may be some per cent above the least, and it "
    "was not operated in every hour; without --quick it is bettered and compared"
)
QUICK_SMALL = mark("--quick: not operated in every hour, and compared with no other plan; without --quick it is")
QUICK_HOURS = mark("--quick: compared with no other plan; without --quick it is")
#: Orders of the first year that are told, those that cost most.
ORDERS = 3


def first_plan(case: Case, task: Task, once_built: Callable[[], None] = lambda: None) -> FallbackPlan | None:
    """The first plan and the method that has it; None of a small park, of one without typical days, and where none is found.

    It is soon told, so its operations with a unit out are not read yet (`with_outages`).

    once_built  called before it is searched: other plans that are built meanwhile would keep it waiting
    """
    if not is_large(task.inputs) or case.hours != HOURS_OF_YEAR:
        return None
    try:
        method = task.clock.watch.guarded(lambda: _method(case, task))
    except Stopped:
        return None
    once_built()
    plan = method.rough_plan() if method is not None else None
    if method is None or plan is None or not plan.has_tables:
        return None
    method.fallback = FallbackPlan(method, plan)
    return method.fallback


def with_outages(first: FallbackPlan) -> FallbackPlan:
    """The first plan with its operations with a unit out (`Task.with_outages`); its method's model still has its values."""
    return replace(first, plan=first.method.task.with_outages(first.plan, first.method.model))


def said_of_small(plan: Plan) -> Message:
    """What a quick run of a small park left out; a plan on all hours holds in every hour as it is."""
    return Message(QUICK_HOURS if plan.verified else QUICK_SMALL)


def _method(case: Case, task: Task) -> DecomposedMethod | None:
    is_few = task.days is not None and task.days.count <= FEW_LEAST
    few = task if is_few else on_days(case, task, FEW_LEAST)
    if few is None:
        return None
    with paused_garbage_collector():
        return DecomposedMethod(replace(few, gap=max(task.gap, FEW_GAP), share=FEW_SHARE))


def told(plan: Plan, task: Task) -> Message:
    """What is built first, roughly at what cost, and how rough that is."""
    assert plan.system_cost is not None and plan.on_days is not None
    orders = plan.tables["investments"]
    first = orders[orders["year"] == orders["year"].min()].sort_values("capital_cost", ascending=False, kind="stable")
    names = [f"{row.year} {row.technology} {row.build:,.3g} {row.unit}" for row in first.head(ORDERS).itertuples()]
    return Message(
        TOLD,
        seconds=f"{task.clock.watch.elapsed():.0f}",
        cost=f"{plan.system_cost / 1e6:,.0f}",
        currency=task.currency,
        orders=", ".join([*names, *(["…"] if len(first) > ORDERS else [])]) or Message("nothing"),
        count=plan.on_days.count,
    )
