"""What summary.json says: the run, and of each plan its status, cost and what is proven of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from models.case import Case, Financing
from planner.answer.hangs_on import composition
from planner.answer.money import goal_range
from planner.answer.purchase import estimates
from planner.answer.standing import beside, standing
from planner.plan import Breach, Difference, OnDays, Plan, Run, of_item

#: Facts of a plan, under the names of summary.json.
Facts = Mapping[str, Any]


def summary(run: Run, case: Case) -> dict[str, Any]:
    """All that summary.json holds."""
    goal = case.goal
    assert goal is not None
    told = {
        "park": case.park.name,
        **plan_facts(run.target),
        "typical_days": plan_facts(run.target)["typical_days"] or _days(run),
        "target": goal.target,
        "by": goal.by,
        "milestones": dict(goal.milestones),
        "standard": case.park.standard,
        "standing": standing(case, run.target.tables if run.target.has_tables else None),
        "beside": beside(case, run.target.tables, goal.by) if run.target.has_tables else [],
        "currency": run.currency,
        "price_year": case.park.price_year,
        "discount_rate": case.park.discount_rate,
        "timing": (case.park.finance or Financing()).timing,
        "financing": _financing(case.park.finance),
        "accounting": case.park.accounting,
        "base_year": case.park.base_year,
        "base_emissions": _finite(run.base),
        "base_location": getattr(run.base, "location", None),
        "compared_with": run.compared_with if run.compared_with in run.plans and run.plans[run.compared_with].has_tables else None,
        "blocking": [_breach_facts(b) for b in run.blocking],
        "breaches": [_breach_facts(b) for b in run.breaches],
        "explanation": list(run.explanation),
        "composition": composition(run.target.tables, case.park.accounting, goal.by) if run.target.has_tables else None,
        "goal_cost": _difference_facts(run.goal_cost),
        "plans": {
            name: {**plan_facts(plan), "abatement_cost": _difference_facts(run.abatement_cost.get(name))}
            for name, plan in run.plans.items()
        },
        **chain_facts(run),
        "estimates": estimates(case),
        "warnings": [*case.warnings, *run.warnings],
    }
    return {**told, "goal_cost_range": goal_range(told)}


def chain_facts(run: Run) -> dict[str, Any]:
    """What a chain of plans that know some years ahead costs more than one that knows all, and where it ends if it has no plan;
    nothing of any other run."""
    found = run.foresight
    if found is None:
        return {}
    more = None if found.cost is None else found.cost - found.least
    told = {"years": found.years, "cost": found.cost, "known": found.least, "more": more, "ends": found.failed}
    return {"foresight": told}


def _financing(terms: Financing | None) -> dict[str, Any] | None:
    """Terms of the loan, of tax and of inflation; None where no statements are asked for."""
    if terms is None:
        return None
    own = {name: getattr(terms, name) for name in ("interest", "tenor", "grace", "cover_ratio", "tax_rate", "inflation")}
    return {"debt_share": terms.most_debt, **own, "owners": bool(terms.owners)}


def plan_facts(plan: Plan) -> dict[str, Any]:
    """What summary.json says of one plan. `system_cost`, `bound` and `gap` are of the same hours: bound and gap of all hours, or
    None; what was found on typical days stands in a block of its own."""
    facts: dict[str, Any] = {
        "status": plan.status,
        "system_cost": plan.system_cost,
        "bound": plan.bound,
        "gap": plan.gap,
        "proof": plan.proof,
        "typical_days": None if plan.on_days is None else {k: _finite(v) for k, v in asdict(plan.on_days).items()},
    }
    if plan.has_tables:
        net = of_item(plan.tables["emissions"], "net")
        facts["net_emissions_last_year"] = float(net["value"].iloc[-1])
        facts["verified"] = plan.verified
        facts["repairs"] = plan.repairs
        if plan.hourly_gap is not None:
            facts["hourly_gap"] = plan.hourly_gap
        if plan.operated is not None:
            facts["operated_cost"] = plan.operated
        if plan.failure:
            facts["hourly_failure"] = plan.failure
    if plan.note:
        facts["note"] = plan.note
    return {k: _finite(v) for k, v in facts.items()}


def day_count(facts: Facts) -> int:
    """On how many typical days was planned; 0 is every hour."""
    days = facts.get("typical_days")
    return int(days["count"]) if days else 0


def is_of_all_hours(facts: Facts) -> bool:
    """True if costs and emissions of a plan are those of all hours, and not of typical days."""
    return bool(facts.get("verified")) or not day_count(facts)


def _days(run: Run) -> dict[str, Any] | None:
    """The block of a run without a plan on its typical days."""
    return asdict(OnDays(run.typical_days)) if run.typical_days else None


def _finite(value: Any) -> Any:
    """None for a number that is none: JSON has no NaN and no Infinity."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _difference_facts(found: Difference | None) -> dict[str, float | None] | None:
    return None if found is None else asdict(found)


def _breach_facts(breach: Breach) -> dict[str, Any]:
    return {"stage": breach.stage, "metric": breach.metric, "year": breach.year, "amount": breach.amount, "unit": breach.unit}
