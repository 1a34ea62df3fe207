r"""The fewest orders among plans of nearly equal cost: a list that one can place.

.. math:: \min_x \sum_{k,v} z_{k,v} \quad \text{with} \quad c \cdot x + \sum_y \delta_y \theta_y \le (1 + \varepsilon) \, U

over the decisions and the cuts that are known

z  is_built   1 (k,v)     U  cost of the incumbent   money     ε  a share of the gap   1
θ  cost of a year, by the cuts   money     δ  its discount   1

The years are then solved with these whole numbers; what costs no more than that takes the place of the incumbent.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from planner.solve.benders.state import SLACK_TOLERANCE, State
from planner.solve.benders.trials import Trials

#: Share of the gap that fewer orders may cost, and trials that whole numbers are given.
SHARE, TRIED = 0.2, 4
#: How often fewer are sought.
TIMES = 3


def with_fewest_orders(trials: Trials, find: Callable[[np.ndarray, float], np.ndarray], times: int = TIMES) -> None:
    """Put a plan with fewer orders in place of the incumbent, where one costs next to nothing more.

    They are sought `times` times at most. `find` gives whole numbers with fewer orders than the known ones that may cost so much
    (money), or these. A plan within the gap stays within it.
    """
    master, plan, gap = trials.master, trials.plan, trials.limits.gap
    more = SHARE * gap * abs(plan.cost)
    if plan.is_within(gap):
        more = max(0.0, min(more, 0.9 * (gap * abs(plan.cost) - (plan.cost - plan.bound))))
    most = plan.cost + more
    for _ in range(times):
        if plan.best is None or trials.late() or not len(master.yes):
            return
        known = np.round(plan.best[master.integers])
        whole = find(known, most)
        if whole[master.yes].sum() > known[master.yes].sum() - 0.5:
            return
        found = _tried(trials, whole, most)
        if found.best is None or found.cost > most:
            return
        plan.take(found)


def _tried(trials: Trials, whole: np.ndarray, most: float) -> State:
    """The best trial with these integers that has no slack."""
    best = State(bound=trials.plan.bound)
    trials.master.fix(whole)
    try:
        for _ in range(TRIED):
            lowest = trials.master.lowest()
            if lowest.status != "optimal" or lowest.bound > most:
                break
            found = trials.at(State(bound=trials.plan.bound), lowest.values)
            trials.tell(found, "fewer orders", is_bound=False)
            if found.slack <= SLACK_TOLERANCE and found.cost < best.cost and found.best is not None:
                best.take(found)
            if best.cost <= most:
                break
    finally:
        trials.master.unfix()
    return best
