r"""Between which amounts the cost of the goal lies, by what is proven of the plan and of the cheapest one without the goal.

.. math:: \max(0, B - C') \;\le\; C^* - C'^* \;\le\; C - B'

Each least cost C* is between the bound B and the cost C of the plan that was found. The goal only adds rules, so it costs at least
nothing. Costs and bounds are of the same hours in both plans: of all hours where both have a bound there, else of typical days.

Returns the range, None where a bound is missing. Raises nothing.

C  cost of the plan     B  its lower bound     C*  least cost there is   money     ' of the plan without the goal
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner.plan import LEAST_COST


def goal_range(facts: Mapping[str, Any]) -> dict[str, Any] | None:
    """The range of `summary.json`: the typical days that it is of (0: all hours), what the plans found differ by, the least and the
    most, and the gap of either plan."""
    other = facts["plans"].get(LEAST_COST)
    if facts["goal_cost"] is None or other is None:
        return None
    pair = facts, other
    days, cost, bound, gap = 0, *_all(pair, "system_cost", "bound", "gap")
    if None in bound:
        own = [plan["typical_days"] or {"count": 0} for plan in pair]
        days = own[0]["count"]
        if not days or own[1]["count"] != days:
            return None
        cost, bound, gap = _all(own, "cost", "bound", "gap")
    if None in (*cost, *bound):
        return None
    low, high = max(bound[0] - cost[1], 0.0), max(cost[0] - bound[1], 0.0)
    return {"typical_days": days, "cost": cost[0] - cost[1], "least": low, "most": high, "gap": gap[0], "gap_without_goal": gap[1]}


def _all(pair: tuple[Mapping[str, Any], ...] | list[Any], *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(plan.get(key) for plan in pair) for key in keys]
