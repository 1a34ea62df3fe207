r"""No plantings that are too small to be placed, among plans of nearly equal cost.

A point inside a level set plants a little of each project in each year. The plantings of the plan of which each costs less than
`SMALL` of the system cost are left out, all at once; orders and other plantings stay, and the master decides the rest:

.. math:: \min_x c \cdot x + \sum_y \delta_y \theta_y \quad \text{with} \quad p_{r,v} = 0 \;(r,v) \text{ small}, \quad
    b = \hat b, \; q = \hat q, \; p_{r,v} = \hat p_{r,v} \text{ else}

The years are solved there. The trial replaces the plan if it has no slack and costs at most `fewest_orders.most_cost`, the limit
that a plan with fewer orders has, too.

p  planted   ha (r,v)     b  orders     q  retirements     ^  of the plan
θ  cost of a year, by the cuts   money     δ  its discount   1

Returns nothing: the plan is `plan` of the trials. Raises SolverError where HiGHS gives no answer, and Stopped once the watch in
force is over.
"""

from __future__ import annotations

import numpy as np

from planner.solve.benders.fewest_orders import most_cost
from planner.solve.benders.trials import Trials

#: A planting that costs less than this share of the system cost is small; below `NOTHING` (ha) nothing is planted.
SMALL, NOTHING = 1e-4, 1e-9


def without_small_plantings(trials: Trials) -> None:
    """Put a plan without small plantings in place of the incumbent, where that costs next to nothing."""
    master, plan = trials.master, trials.plan
    if plan.point is None or trials.late():
        return
    planted, point = master.plantings, plan.point
    is_small = (point[planted] > NOTHING) & (point[planted] * np.abs(master.matrix.cost[planted]) < SMALL * abs(plan.cost))
    if not is_small.any():
        return
    most = most_cost(trials)
    held = np.concatenate([master.orders, master.retired, planted])
    values = np.concatenate([point[master.orders], point[master.retired], np.where(is_small, 0.0, point[planted])])
    master.fix(np.round(point[master.integers]))
    master.hold(held, values)
    try:
        optimum = master.optimum()
        if optimum.status != "optimal" or optimum.value > most:
            return
        found = trials.attempt(optimum.values, "fewer plantings")
    finally:
        master.restore(held)
        master.unfix()
    if found.cost <= most and trials.is_plan(found):
        plan.incumbent = found
