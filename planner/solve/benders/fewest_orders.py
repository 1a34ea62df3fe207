r"""The fewest orders among plans of nearly equal cost, and no small plantings: a list that one can place.

.. math:: \min_x \sum_{k,v} z_{k,v} \quad \text{with} \quad c \cdot x + \sum_y \delta_y \theta_y \le (1 + \varepsilon) \, U

over the decisions and the cuts that are known. The search (`branch_and_bound.fewest_orders`) minimises a weighted sum of orders and
cost, so that of as many orders it finds the cheapest.

z  is_built   1 (k,v)     U  cost of the incumbent   money     ε  a share of the gap   1     c · x  with the constant cost   money
θ  cost of a year, by the cuts   money     δ  its discount   1

The years are then solved with these whole numbers; what costs no more than that takes the place of the incumbent. What costs more
has given cuts that say so.

Nor are there plantings that are too small to be placed, where leaving them out costs as little.

A trial between centre and optimum has a little planting of each project in each year. Plantings that cost less than `SMALL` of the
system cost each are left out, all at once; orders and other plantings stay, and the master decides the rest:

.. math:: \min_x c \cdot x + \sum_y \delta_y \theta_y \quad \text{with} \quad p_{r,v} = 0 \;(r,v) \text{ small}, \quad
    b = \hat b, \; q = \hat q, \; p_{r,v} = \hat p_{r,v} \text{ else}

The years are solved there. The trial replaces the plan if it has no slack and costs at most `most_cost`, the limit
that a plan with fewer orders has, too.

p  planted   ha (r,v)     b  orders     q  retirements     ^  of the plan
θ  cost of a year, by the cuts   money     δ  its discount   1

Returns nothing: the plan is the incumbent of `Trials.overall`. Raises SolverError where HiGHS gives no answer, and
Stopped once the watch in force is over.
"""

from __future__ import annotations

import numpy as np

from planner.solve.benders.integer_phase import fewest_orders
from planner.solve.benders.iterations import TrialPoints
from planner.solve.benders.slack_removal import SlackRemover
from planner.solve.benders.trials import ACCEPTABLE_GAP, Bounds, Trial, Trials

#: Share of the gap that fewer orders may cost, where the plan is within the gap (`SHARE`) and where it is not (`MISSED`); trials of
#: one assignment.
SHARE, MISSED, TRIED = 0.2, 1.0, 4
#: How often the search is made. Solving the years of an assignment gives cuts; where it proves too dear, the next search has these
#: cuts and finds another one.
ATTEMPTS = 3
#: Seconds and nodes of a search for fewer orders.
SECONDS, NODES = 300.0, 5


def with_fewest_orders(trials: Trials) -> None:
    """Put a plan with fewer orders in place of the incumbent, where one costs at most `SHARE` of the gap more (`MISSED` of it where
    the plan is not within it). A plan within the gap, or within `ACCEPTABLE_GAP`, stays within it."""
    master, overall, most = trials.master, trials.overall, most_cost(trials)
    for _ in range(ATTEMPTS):
        if overall.point is None or trials.late() or not len(master.order_binaries):
            return
        known = np.round(overall.point[master.integers])
        answer = fewest_orders(master, known, most, trials.seconds_left(SECONDS), NODES)
        whole = np.round(answer.values[master.integers]) if answer.has_point else known
        if whole[master.order_binaries].sum() > known[master.order_binaries].sum() - 0.5:
            return
        found = _tried(trials, whole, most)
        if found is not None and found.cost <= most:
            overall.incumbent = found


def most_cost(trials: Trials) -> float:
    """What a plan with fewer orders may cost at most (money)."""
    overall, gap = trials.overall, trials.limits.gap
    within, share = (gap, SHARE) if overall.is_within(gap) else (ACCEPTABLE_GAP, MISSED)
    more = share * gap * abs(overall.cost)
    if overall.is_within(within):
        more = max(0.0, min(more, 0.9 * (within * abs(overall.cost) - (overall.cost - overall.bound))))
    return overall.cost + more


def _tried(trials: Trials, whole: np.ndarray, most: float) -> Trial | None:
    """The best trial with these integers that is a plan: at first an extreme point of the master, then points between.

    If only trials that are none are cheap enough, the slack of the cheapest is removed (`SlackRemover.remove_slack`).
    """
    master, best, cheapest, points = trials.master, Bounds(), Bounds(), TrialPoints()
    master.fix(whole)
    try:
        for turn in range(TRIED):
            optimum = master.optimum()
            if optimum.status != "optimal" or optimum.value > most:
                break
            found = trials.attempt(points.next(optimum.values, 0), "fewer orders")
            best.offer(found if trials.is_plan(found) else None)
            cheapest.offer(found)
            if best.cost <= most or (turn and cheapest.cost <= most):
                break
        if best.cost > most and cheapest.point is not None and cheapest.cost <= most:
            removed = SlackRemover(trials).remove_slack(cheapest.point).trial
            best.offer(removed if removed is not None and trials.is_plan(removed) else None)
    finally:
        master.unfix()
    return best.incumbent


#: A planting that costs less than this share of the system cost is small; below `NOTHING` (ha) nothing is planted.
SMALL, NOTHING = 1e-4, 1e-9


def without_small_plantings(trials: Trials) -> None:
    """Put a plan without small plantings in place of the incumbent, where that costs next to nothing."""
    master, overall = trials.master, trials.overall
    if overall.point is None or trials.late():
        return
    planted, point = master.plantings, overall.point
    is_small = (point[planted] > NOTHING) & (point[planted] * np.abs(master.matrix.cost[planted]) < SMALL * abs(overall.cost))
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
        overall.incumbent = found
