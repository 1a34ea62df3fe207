"""The tables and the summary of a plan for several futures."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from models.case import Case, FutureValue
from models.inputs.finance import over_years
from planner.answer.standing import standing
from planner.futures.paths import path_case
from planner.futures.tree import ROOT, SUBJECTS, groups, meant, told
from planner.language.message import as_json
from planner.plan import BUSINESS, of_item
from planner.recourse.result import TreePlan
from planner.tables.schema import TABLES

#: Tables whose rows have years, a value and a unit.
LEVELS = ("prices", "costs", "demand", "emission_factors", "process_emissions")
#: Stands in commit.csv for what is ordered before anything is known.
NOW = "now"


def tree_tables(plan: TreePlan) -> dict[str, pd.DataFrame]:
    """futures, commit and regret, by name."""
    currency = plan.case.park.currency
    rows: dict[str, list[tuple[Any, ...]]] = {
        "futures": [
            *((name, plan.probability[name], *figure) for name in plan.tree.leaves for figure in _figures(plan, name, currency)),
            *((ROOT, 1.0, *figure) for figure in _of_all(plan, currency)),
        ],
        "commit": [(o.node, o.year, o.item, o.build, o.unit, o.capital_cost, _when(plan, o.node), o.share) for o in plan.orders],
        "regret": [(r.plan, r.future, _finite(r.cost), r.least_cost, _finite(r.regret)) for r in plan.regrets],
    }
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


def _of_all(plan: TreePlan, currency: str) -> list[tuple[str, float, str]]:
    """Item, value and unit of what is of all futures together: expected cost, and values with what the bounds leave them."""
    found = [("expected_cost", plan.expected_cost if plan.costs else None), ("wait_and_see", plan.wait_and_see)]
    for name, value, span in (("evpi", plan.evpi, plan.evpi_range), ("vss", plan.vss, plan.vss_range)):
        found += [(name, value), *((f"{name}_{end}", at) for end, at in zip(("least", "most"), span or (), strict=False))]
    return [(name, value, currency) for name, value in found if value is not None and math.isfinite(value)]


def _is_whole(plan: TreePlan) -> bool:
    return plan.terms.recourse == "whole"


def _net(plan: TreePlan, name: str) -> dict[int, float]:
    net = of_item(plan.runs[name].target.tables["emissions"], "net")
    return {int(y): float(value) for y, value in zip(net["year"], net["value"], strict=True)}


def tree_summary(plan: TreePlan) -> dict[str, Any]:
    """summary.json of the whole: `system_cost` is the expected cost whatever was minimised."""
    park, goal = plan.case.park, plan.case.goal
    assert goal is not None
    warnings = (*plan.case.warnings, *plan.warnings)
    return {
        "park": park.name,
        "status": plan.status,
        "system_cost": plan.expected_cost if plan.costs else None,
        "target": goal.target,
        "by": goal.by,
        "milestones": dict(goal.milestones),
        "standard": park.standard,
        "standing": standing(plan.case),
        "first_year": park.first_year,
        "last_year": park.last_year,
        "ended": plan.ended,
        "time_limit": plan.time_limit,
        "alone_failed": list(plan.alone_failed),
        "assumed": list(plan.tree.assumed),
        "currency": park.currency,
        "price_year": park.price_year,
        "discount_rate": park.discount_rate,
        "accounting": park.accounting,
        "typical_days": plan.typical_days,
        "blocking": list(plan.blocking),
        "futures": futures_block(plan),
        "differs": {
            name: {
                "parent": plan.tree.row(name).parent,
                "from_year": plan.tree.row(name).from_year,
                **{key: getattr(plan.tree.row(name), key) for key in ("title", "title_en", "title_zh")},
                "figures": [{**_said(group), **_level(plan, name, group[0])} for group in groups(plan.case.future_values, name)],
            }
            for name in (row.future for row in plan.tree.rows)
        },
        "in_all_hours": [
            {
                "future": own.future,
                "cost": own.cost,
                "holds": own.holds,
                "unserved": [
                    {"year": w.year, "carrier": w.carrier, "zone": w.zone, "energy": w.energy, "first_day": w.first + 1}
                    for w in own.weeks
                ],
                "missed": [dict(zip(("year", "stage", "metric", "amount"), row, strict=True)) for row in own.missed],
            }
            for own in plan.in_all_hours
        ],
        "warnings": [str(text) for text in warnings],
        "messages": {"warnings": [as_json(text) for text in warnings]},
        "seconds": {name: round(s, 3) for name, s in plan.seconds.items()},
    }


def _said(group: list[Any]) -> dict[str, Any]:
    """A figure that differs: what it is, and in the first and the last year that are stated its factor or value."""
    ends = [group[0], *group[-1:]] if len(group) > 1 else group
    return {
        "figure": told(group[0]),
        "table": group[0].changed,
        "name": group[0].name,
        "item": group[0].item,
        "changes": [{"year": row.year, "factor": row.factor, "value": row.value or None, "unit": row.unit} for row in ends],
    }


def _level(plan: TreePlan, name: str, value: FutureValue) -> dict[str, Any]:
    """A figure of one series with a unit of its own: its level in the first year in the park's tables, and in the year from which
    the future is known as the future's parent states it and on its path; nothing of any other."""
    year, first, parent = plan.tree.begins(name), plan.case.park.first_year, plan.tree.row(name).parent
    if value.changed not in LEVELS:
        return {}
    of_parent = plan.case if parent == ROOT else path_case(plan.case, plan.tree, parent)
    of_path = path_case(plan.case, plan.tree, name)
    found = [_of_year(case, value, y) for case, y in ((plan.case, first), (of_parent, year), (of_path, year))]
    if any(own is None or own[1] != found[0][1] for own in found if found[0]) or found[0] is None:
        return {}
    keys = ("value", "stated", "then")
    levels = {key: own[0] for key, own in zip(keys, found, strict=True) if own is not None}
    return {"level": {"first_year": first, "year": year, **levels, "unit": found[0][1]}}


def _of_year(case: Case, value: FutureValue, year: int) -> tuple[float, str] | None:
    """Level and unit of a series in a year; None where the value speaks of several or of none. An emission factor of both bases is
    that of the basis in which the park accounts."""
    rows: list[Any] = meant(value, {value.changed: getattr(case, value.changed)}, case.park)
    if value.changed == "emission_factors":
        rows = [row for row in rows if row.basis in ("", value.item or case.park.accounting)]
    names = {(getattr(row, SUBJECTS[value.changed].names), row.unit) for row in rows}
    if len(names) != 1:
        return None
    return over_years([(row.year, row.value) for row in rows], [year])[year], rows[0].unit


def futures_block(plan: TreePlan) -> dict[str, Any]:
    """The block `futures`."""
    goal = plan.case.goal
    assert goal is not None
    has_plan = bool(plan.costs)
    return {
        "objective": plan.terms.objective,
        "expected_cost": plan.expected_cost if has_plan else None,
        "value": _finite(plan.objective),
        "bound": _finite(plan.bound),
        "gap": _finite(plan.gap),
        "cvar": _finite(plan.cvar),
        "tail": plan.terms.tail,
        "weight": plan.terms.weight,
        "regret": plan.largest_regret,
        "wait_and_see": plan.wait_and_see,
        "evpi": plan.evpi,
        "evpi_range": None if plan.evpi_range is None else list(plan.evpi_range),
        "first_orders": {name: [order._asdict() for order in orders] for name, orders in plan.first_orders.items()},
        "business_as_usual": _as_usual(plan),
        "vss": None if plan.vss is None else _finite(plan.vss),
        "vss_range": None if plan.vss_range is None else list(plan.vss_range),
        "mean_plan_can_be_kept": None if plan.vss is None else math.isfinite(plan.vss),
        "recourse": plan.terms.recourse,
        "leaves": [
            {
                "name": name,
                "probability": plan.probability[name],
                "cost": plan.costs.get(name),
                "business_as_usual": _usual_of(plan, name),
                "regret": plan.costs[name] - plan.best[name] if has_plan and name in plan.best and _is_whole(plan) else None,
                "net": _net(plan, name).get(goal.by) if name in plan.runs and plan.runs[name].target.has_tables else None,
            }
            for name in plan.tree.leaves
        ],
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _usual_of(plan: TreePlan, name: str) -> float | None:
    """Cost of going on as today in a future (money); None where it has no such plan."""
    own = plan.runs[name].plans.get(BUSINESS) if name in plan.runs else None
    return None if own is None or own.system_cost is None else _finite(own.system_cost)


def _as_usual(plan: TreePlan) -> float | None:
    """Expected cost of going on as today (money); None where a future has no such plan."""
    own = {name: _usual_of(plan, name) for name in plan.runs}
    costs = {name: cost for name, cost in own.items() if cost is not None}
    return sum(plan.probability[name] * cost for name, cost in costs.items()) if own and len(costs) == len(own) else None
