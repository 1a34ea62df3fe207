"""The sums that a board reads: what one plan costs more than another, and for each tonne that it emits less."""

from __future__ import annotations

from collections.abc import Mapping

from planner.plan import LEAST_COST, TARGET, Difference, Plan, of_item

#: Emissions that differ by less (t) are the same.
SAME = 1e-6


def goal_cost(plans: Mapping[str, Plan], discount: Mapping[int, float]) -> Difference | None:
    """What the goal costs: the target plan against the least-cost one; None where either is missing."""
    target, other = plans.get(TARGET), plans.get(LEAST_COST)
    if target is None or other is None or not target.has_tables or not other.has_tables:
        return None
    return difference(target, other, discount)


def abatement(plans: Mapping[str, Plan], against: str, discount: Mapping[int, float]) -> dict[str, Difference]:
    """Every plan against the one that it is compared with."""
    other = plans.get(against)
    if other is None or not other.has_tables:
        return {}
    return {name: difference(plan, other, discount) for name, plan in plans.items() if name != against and plan.has_tables}


def difference(plan: Plan, other: Plan, discount: Mapping[int, float]) -> Difference:
    r"""Difference of system cost, and by tonne of net emissions: discounted like money, and as they are.

    .. math:: \frac{C - C'}{\sum_y \delta_y (n'_y - n_y)} \qquad \frac{C - C'}{\sum_y (n'_y - n_y)}

    C  system cost   money      n  net emissions   t (y)      δ  discount factor   1 (y)      ' of the other plan

    A sum that is not above 0 has no cost of a tonne.
    """
    assert plan.system_cost is not None and other.system_cost is not None
    money = plan.system_cost - other.system_cost
    net, others = (of_item(p.tables["emissions"], "net").set_index("year")["value"] for p in (plan, other))
    avoided = others - net
    discounted = float((avoided * avoided.index.map(discount)).sum())
    return Difference(money, _each(money, discounted), _each(money, float(avoided.sum())))


def _each(money: float, tonnes: float) -> float | None:
    return money / tonnes if tonnes > SAME else None
