"""The yardstick: the same park in which anything can be ordered in any size in any year, and nothing is held in reserve.

What stands is retired in any part. Limits on what may stand and be ordered, budgets and rules hold as they do in the park. No plan
that can be ordered costs less, so the difference is what being practical costs.
"""

from __future__ import annotations

from dataclasses import replace

from models.case import ORDER_COLUMNS, Case
from models.inputs import Inputs
from models.inputs.capacity import resolve_capacity
from models.inputs.carbon import resolve_restoration
from models.inputs.demand import resolve_measures
from models.inputs.outages import Outages
from models.inputs.reserves import resolve_reserves
from planner.plan import TARGET, Plan, Yardstick
from planner.planning.beginning import method_for
from planner.planning.task import Task

#: What the type of equipment says of orders where it asks for nothing.
FREE = {"min_build": 0.0, "unit_size": 0.0, "order_spacing": 0, "partial_retirement": 1, "existing_unit": 0.0}
#: The same of a link.
FREE_LINK = {"min_build": 0.0, "existing_unit": 0.0, "partial_retirement": 1, "keep": 0.0}


def freely_ordered(case: Case) -> Case:
    """The park without sizes, spacing, project costs, pieces, years of orders and reserves."""
    left_to_type = dict.fromkeys(ORDER_COLUMNS) | {"keep": 0.0, "max_growth": None}
    return case.model_copy(
        update={
            "park": case.park.model_copy(update={"orders": case.park.orders.model_copy(update={"years": ()})}),
            "technologies": tuple(t.model_copy(update=left_to_type) for t in case.technologies),
            "types": tuple(t.model_copy(update=FREE) for t in case.types),
            "links": tuple(link.model_copy(update=FREE_LINK) for link in case.links),
            "connections": tuple(c.model_copy(update={"min_build": 0.0}) for c in case.connections),
            "costs": tuple(c for c in case.costs if c.parameter != "project_cost"),
            "reserves": (),
        }
    )


def freely_ordered_inputs(case: Case, inputs: Inputs) -> Inputs:
    """The same inputs, with orders as in `freely_ordered`."""
    free, years = freely_ordered(case), inputs.years
    return replace(
        inputs,
        capacity=resolve_capacity(free, years),
        measures=resolve_measures(free, years),
        restoration=resolve_restoration(free, years),
        reserves=resolve_reserves(free, years, existing_only=False),
        outages=Outages(),
    )


def measured(case: Case, task: Task, plan: Plan, method: str) -> Yardstick | None:
    """What the plan costs beside the least of the freely ordered park, on the same hours; None where that is not known."""
    cost = plan.system_cost if task.days is None else None if plan.on_days is None else plan.on_days.cost
    if cost is None or (plan.on_days is not None and task.days is not None and plan.on_days.count != task.days.count):
        return None
    free = replace(task, inputs=freely_ordered_inputs(case, task.inputs), stated=None)
    least = method_for(case, free, method).plan(TARGET)
    found = least.system_cost if task.days is None else None if least.on_days is None else least.on_days.cost
    if found is None or not found > 0:
        return None
    found = min(found, cost)
    return Yardstick(task.days.count if task.days else 0, cost, found, cost / found - 1.0)
