"""One plan of a ranking: its system cost, and what it orders in the first years.

Of a large park it is made with any numbers for whole ones, from what is known (`RelaxedPlans`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from models.case import Case
from models.errors import CaseError, PlanError
from planner.clock import Progress
from planner.plan import Plan
from planner.planning.relaxed import Differs, RelaxedPlans
from planner.planning.run import Options, plan_park
from planner.rank.figures import AssumedFigure, changed

#: Relative gap of each plan.
GAP = 1e-4
#: Parameters of costs.csv, and tables, whose figures are costs of decisions alone: no operation depends on them.
COST_OF_DECISIONS = ("capital_cost", "project_cost", "grant", "fixed_cost", "retirement_cost")
OF_DECISIONS = ("measures", "restoration")
#: Orders of so many years, from the first, are compared.
YEARS = 5


@dataclass(frozen=True)
class Outcome:
    """A plan made anew: its system cost, None where there is none, and the capital ordered in the first years by name.

    gap         of the plan (money); changes of the cost below it are not told apart
    is_relaxed  whole numbers may be any
    """

    cost: float | None
    orders: Mapping[str, float] = field(default_factory=dict)
    gap: float = 0.0
    is_relaxed: bool = False


@dataclass(frozen=True)
class Ranking:
    """What every plan of a ranking begins from: the case, the number of typical days, its base emissions (t), and as text what the
    plan as assumed of a large park found (`RelaxedPlans`)."""

    case: Case
    days: int
    base: float
    warm: str = ""

    @cached_property
    def _relaxed(self) -> RelaxedPlans:
        """The relaxed plans, that as assumed the first of them."""
        found = RelaxedPlans(self.days, self.warm)
        found.plan(with_base(self.case, self.base))
        return found

    @staticmethod
    def differs(figure: AssumedFigure) -> Differs:
        """In what a park with that figure changed differs from the park as assumed."""
        if figure.table in OF_DECISIONS or (figure.table == "costs" and figure.parameter.startswith(COST_OF_DECISIONS)):
            return Differs.COST_OF_DECISIONS
        return Differs.COSTS if figure.table == "costs" else Differs.ANYTHING

    def outcome(self, figure: AssumedFigure, factor: float) -> Outcome:
        """The plan with a figure changed."""
        case, differs = changed(self.case, figure, factor), self.differs(figure)
        if differs is Differs.COST_OF_DECISIONS or figure.parameter == "lifetime":  # what stands emits the same in the base year
            case = with_base(case, self.base)
        try:
            if self.warm:
                plan = self._relaxed.plan(case, differs)
                assert plan is not None, "a figure does not change how large a park is"
                return _outcome(plan, case, is_relaxed=True)
            return _outcome(_whole(case, self.days), case)
        except (CaseError, PlanError):
            return Outcome(None)


def with_base(case: Case, base: float) -> Case:
    """The case with known base emissions (t)."""
    return case.model_copy(update={"park": case.park.model_copy(update={"base_emissions": base})})


def as_assumed(ranking: Ranking, progress: Progress) -> tuple[Outcome, Ranking]:
    """The plan as assumed, and what the others begin from."""
    case, relaxed = with_base(ranking.case, ranking.base), RelaxedPlans(ranking.days)
    try:
        plan = relaxed.plan(case, progress=progress)
        if plan is None:
            return _outcome(_whole(case, ranking.days), case), ranking
        return _outcome(plan, case, is_relaxed=True), replace(ranking, warm=relaxed.warm.as_text())
    except (CaseError, PlanError):
        return Outcome(None), ranking


def _whole(case: Case, days: int) -> Plan:
    return plan_park(case, Options(days=days, gap=GAP, compare=False, verify=False)).target


def _outcome(plan: Plan, case: Case, is_relaxed: bool = False) -> Outcome:
    if plan.system_cost is None or not plan.has_tables:
        return Outcome(None, is_relaxed=is_relaxed)
    orders: dict[str, float] = {}
    last = case.park.first_year + YEARS
    for table, name in (("investments", "technology"), ("measures", "measure")):
        rows = plan.tables.get(table)
        if rows is None or not len(rows):
            continue
        early = rows[rows["year"] < last]
        for who, money in zip(early[name], early["capital_cost"], strict=True):
            orders[str(who)] = orders.get(str(who), 0.0) + float(money)
    found = plan.bound if plan.on_days is None else plan.on_days.bound
    gap = 0.0 if found is None else max(0.0, plan.system_cost - found)
    return Outcome(float(plan.system_cost), orders, gap, is_relaxed)
