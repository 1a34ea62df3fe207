"""The tables and the summary of a plan for several futures."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from planner.futures.figures import groups, told
from planner.futures.tree import ROOT
from planner.output.schema import TABLES
from planner.plan import of_item
from planner.recourse.result import TreePlan

#: Stands in commit.csv for what is ordered before anything is known.
NOW = "now"


def tree_tables(plan: TreePlan) -> dict[str, pd.DataFrame]:
    """futures, commit and regret, by name."""
    currency = plan.case.park.currency
    rows: dict[str, list[tuple[Any, ...]]] = {
        "futures": [
            (name, plan.probability[name], *figure) for name in plan.tree.leaves for figure in _figures(plan, name, currency)
        ],
        "commit": [
            (o.node, o.year, o.item, o.build, o.unit, o.capital_cost, _when(plan, o.node), o.share) for o in plan.orders
        ],
        "regret": [(r.plan, r.future, _finite(r.cost), r.least_cost, _finite(r.regret)) for r in plan.regrets],
    }  # fmt: skip
    return {name: pd.DataFrame(own, columns=list(TABLES[name].names)) for name, own in rows.items()}


def _when(plan: TreePlan, node: str) -> str:
    """When an order of a node is decided: now, or in the first year of the node."""
    return NOW if node == ROOT else str(plan.tree.begins(node))


def _figures(plan: TreePlan, name: str, currency: str) -> list[tuple[str, float, str]]:
    """Item, value and unit of a leaf."""
    found: list[tuple[str, float, str]] = []
    if name in plan.costs:
        found.append(("system_cost", plan.costs[name], currency))
    if name in plan.best and _is_whole(plan):
        found += [("least_cost", plan.best[name], currency), ("least_cost_bound", plan.best_bound[name], currency)]
    if name in plan.runs and plan.runs[name].target.has_tables:
        found += [(f"net_emissions_{y}", net, "t") for y, net in _net(plan, name).items()]
    return found


def _is_whole(plan: TreePlan) -> bool:
    return plan.terms.recourse == "whole"


def _net(plan: TreePlan, name: str) -> dict[int, float]:
    net = of_item(plan.runs[name].target.tables["emissions"], "net")
    return {int(y): float(value) for y, value in zip(net["year"], net["value"], strict=True)}


def tree_summary(plan: TreePlan) -> dict[str, Any]:
    """summary.json of the whole: `system_cost` is the expected cost whatever was minimised."""
    park, goal = plan.case.park, plan.case.goal
    assert goal is not None
    return {
        "park": park.name, "status": plan.status, "system_cost": plan.expected_cost if plan.costs else None,
        "target": goal.target, "by": goal.by, "milestones": dict(goal.milestones), "standard": park.standard,
        "currency": park.currency,
        "price_year": park.price_year, "discount_rate": park.discount_rate, "accounting": park.accounting,
        "typical_days": plan.typical_days, "blocking": list(plan.blocking), "futures": futures_block(plan),
        "differs": {
            name: {"parent": plan.tree.row(name).parent, "from_year": plan.tree.row(name).from_year,
                   "figures": [_said(group) for group in groups(plan.case.future_values, name)]}
            for name in (row.future for row in plan.tree.rows)
        },
        "in_all_hours": [
            {"future": own.future, "cost": own.cost, "holds": own.holds,
             "unserved": [{"year": w.year, "carrier": w.carrier, "zone": w.zone, "energy": w.energy, "first_day": w.first + 1}
                          for w in own.weeks],
             "missed": [dict(zip(("year", "stage", "metric", "amount"), row, strict=True)) for row in own.missed]}
            for own in plan.in_all_hours
        ],
        "warnings": [str(text) for text in (*plan.case.warnings, *plan.warnings)],
        "seconds": {name: round(s, 3) for name, s in plan.seconds.items()},
    }  # fmt: skip


def _said(group: list[Any]) -> dict[str, Any]:
    """A figure that differs: what it is, and in the first and the last year that are stated its factor or value."""
    ends = [group[0], *group[-1:]] if len(group) > 1 else group
    return {
        "figure": told(group[0]),
        "changes": [{"year": row.year, "factor": row.factor, "value": row.value or None, "unit": row.unit} for row in ends],
    }


def futures_block(plan: TreePlan) -> dict[str, Any]:
    """The block `futures`."""
    goal = plan.case.goal
    assert goal is not None
    has_plan = bool(plan.costs)
    return {
        "objective": plan.terms.objective,
        "expected_cost": plan.expected_cost if has_plan else None,
        "value": _finite(plan.objective), "bound": _finite(plan.bound), "gap": _finite(plan.gap),
        "cvar": _finite(plan.cvar), "tail": plan.terms.tail, "weight": plan.terms.weight,
        "regret": plan.largest_regret, "wait_and_see": plan.wait_and_see, "evpi": plan.evpi,
        "vss": None if plan.vss is None else _finite(plan.vss),
        "mean_plan_can_be_kept": None if plan.vss is None else math.isfinite(plan.vss),
        "recourse": plan.terms.recourse,
        "leaves": [
            {
                "name": name, "probability": plan.probability[name], "cost": plan.costs.get(name),
                "regret": plan.costs[name] - plan.best[name] if has_plan and name in plan.best and _is_whole(plan) else None,
                "net": _net(plan, name).get(goal.by) if name in plan.runs and plan.runs[name].target.has_tables else None,
            }
            for name in plan.tree.leaves
        ],
    }  # fmt: skip


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
