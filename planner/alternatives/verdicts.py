"""What the plans of a search say: of each group and each thing least, most and whether it is sure, out or open; as tables."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from planner.alternatives.groups import Group, Member
from planner.alternatives.search import LEAST, MAXIMUM, MINIMUM, NONE, Aim, AlternativesFound, KeptPlan
from planner.language.language import mark
from planner.tables.schema import TABLES

#: In every plan, in no plan: proven; in all, in none of those found; in some.
SURE, OUT, IN_ALL, IN_NONE, OPEN = mark("sure"), mark("out"), mark("in all found"), mark("in none found"), mark("open")
#: Plans of the handful.
HANDFUL = 5


def verdict(least: float, most: float, least_bound: float | None, most_bound: float | None, size: float) -> str:
    """The word for an amount that lies between two numbers that were found, and two that were proven.

    `size` is the most that the budget allows with whole numbers relaxed: below one per cent of it nothing is told apart from none.
    """
    none = max(NONE * most, 1e-6)
    if least_bound is not None and least_bound > none:
        return SURE
    if most_bound is not None and most <= 1e-6 and most_bound <= max(NONE * size, 1e-6):
        return OUT
    return IN_ALL if least > none else IN_NONE if most <= 1e-6 else OPEN


def limits_of(found: AlternativesFound, group: Group) -> tuple[float, float | None, float, float | None, float]:
    """Least and most of a group in the plans found, each with its bound; and the most that the relaxed budget allows."""
    sums = [plan.sum(group.members) for plan in found.plans]
    low, high = (found.bounds[Aim(what, group.name).name] for what in (MINIMUM, MAXIMUM))
    least, most = min(sums), max(sums)
    size = found.sizes[Aim(MAXIMUM, group.name).name] or 0.0
    return least, None if low is None else min(max(low, 0.0), least), most, None if high is None else max(-high, most), size


def group_table(found: AlternativesFound, groups: Sequence[Group]) -> pd.DataFrame:
    """alternatives.csv."""
    rows = []
    for g in groups:
        least, low, most, high, size = limits_of(found, g)
        said = verdict(least, most, low, high, size)
        names = "; ".join(m.name for m in g.members)
        rows.append((g.name, g.unit, found.year, found.least.sum(g.members), least, low, most, high, said, names))
    return pd.DataFrame(rows, columns=list(TABLES["alternatives"].names))


def part_table(found: AlternativesFound, groups: Sequence[Group], members: Sequence[Member]) -> pd.DataFrame:
    """alternative_parts.csv; what is alone in its group is proven with it."""
    alone = {g.members[0]: g for g in groups if len(g.members) == 1}
    rows = []
    for m in members:
        amounts = [plan.amounts[m] for plan in found.plans]
        least, most = min(amounts), max(amounts)
        _, low, _, high, size = limits_of(found, alone[m]) if m in alone else (0.0, None, 0.0, None, 0.0)
        count = sum(a > max(NONE * most, 1e-6) for a in amounts)
        rows.append((m.kind, m.name, m.unit, found.least.amounts[m], least, most, count, verdict(least, most, low, high, size)))
    return pd.DataFrame(rows, columns=list(TABLES["alternative_parts"].names))


def plan_table(found: AlternativesFound, currency: str) -> pd.DataFrame:
    """alternative_plans.csv: the least-cost plan first."""
    least, few = found.least.cost, handful(found.plans)
    places = {name: i for i, name in enumerate(few, start=1)}
    size = max(abs(least), 1e-9)
    rows = [(p.name, p.cost, p.cost - least, (p.cost - least) / size, places.get(p.name), currency) for p in found.plans]
    return pd.DataFrame(rows, columns=list(TABLES["alternative_plans"].names)).astype({"unlike": "Int64"})


def handful(plans: Sequence[KeptPlan]) -> list[str]:
    """The least-cost plan, then one after the other that whose nearest of those before is furthest from it.

    The distance of two plans is the sum of what they differ in, each as a share of the most that any plan has of it.
    """
    most = {m: max(p.amounts[m] for p in plans) for m in plans[0].amounts}

    def distance(a: KeptPlan, b: KeptPlan) -> float:
        return sum(abs(a.amounts[m] - b.amounts[m]) / top for m, top in most.items() if top > 1e-6)

    chosen, left = [plans[0]], list(plans[1:])
    assert chosen[0].name == LEAST
    while left and len(chosen) < HANDFUL:
        furthest = max(left, key=lambda p: min(distance(p, c) for c in chosen))
        if min(distance(furthest, c) for c in chosen) <= NONE:
            break
        chosen.append(furthest)
        left.remove(furthest)
    return [p.name for p in chosen]
