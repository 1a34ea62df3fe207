"""One plan of a ranking: its system cost, and what it orders in the first years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.case import Case
from models.errors import CaseError, PlanError
from planner.planning.run import Options, plan_park

#: Relative gap of each plan; changes of the cost below it are not told apart.
GAP = 1e-4
#: Orders of so many years, from the first, are compared.
YEARS = 5


@dataclass(frozen=True)
class Outcome:
    """A plan made anew: its system cost, None where there is none, and the capital ordered in the first years by name."""

    cost: float | None
    orders: Mapping[str, float] = field(default_factory=dict)


def outcome(case: Case, days: int) -> Outcome:
    """The target plan of a case on a number of typical days."""
    try:
        run = plan_park(case, Options(days=days, gap=GAP, compare=False, verify=False))
    except (CaseError, PlanError):
        return Outcome(None)
    plan = run.target
    if plan.system_cost is None or not plan.has_tables:
        return Outcome(None)
    orders: dict[str, float] = {}
    last = case.park.first_year + YEARS
    for table, name in (("investments", "technology"), ("measures", "measure")):
        rows = plan.tables.get(table)
        if rows is None or not len(rows):
            continue
        early = rows[rows["year"] < last]
        for who, money in zip(early[name], early["capital_cost"], strict=True):
            orders[str(who)] = orders.get(str(who), 0.0) + float(money)
    return Outcome(float(plan.system_cost), orders)
