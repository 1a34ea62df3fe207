"""Repair of a plan that leaves hours unserved: feasibility cuts of these hours, required of every plan of its search.

The cheapest point near the plan at which every month is served is found (`point_that_serves`), and the search goes on from it. It
keeps its days and all its cuts, so it does not begin anew.

The cuts take what stores hold at month ends from the plan, and leave out types that the plan has in no year. So they say nothing of
other plans: each of the plans that are compared has its own, and the bound on typical days is one of plans that satisfy them.
"""

from __future__ import annotations

from functools import partial

from planner.planning.given import given_of
from planner.planning.methods import DecomposedMethod, Method
from planner.planning.strategy import ENOUGH
from planner.planning.task import Task
from planner.solve import Operator, point_that_serves


def require_served(method: Method, operator: Operator, task: Task) -> bool:
    """Require that the next plan of a method serves the hours that its last plan left unserved; it begins from the point found.

    False where the method does not plan by years, no month is found that is not served, or no decision serves them all: nothing is
    required then.
    """
    if not isinstance(method, DecomposedMethod):
        return False
    assert method.best is not None
    given, before = {y: given_of(method.model, task.inputs, y) for y in task.inputs.years}, len(method.master.cuts.required)
    say = partial(task.clock.progress, "repairing")
    point = point_that_serves(method.master, method.years, operator, given, method.best, say)
    if point is None:
        method.master.cuts.release()
        return False
    if len(method.master.cuts.required) == before:
        return False
    method.best, method.known_bound = point, method.bound
    method.enough = ENOUGH * method.reached if method.reached > task.gap else 0.0
    return True
