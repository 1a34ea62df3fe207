"""The output folder of a plan for several futures: tables, summary and first page, and below `futures` the output of each."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from models.case import Case, FutureValue
from models.inputs.finance import over_years
from planner.answer.files import write_csv, write_into, write_json
from planner.answer.page.page import NAME
from planner.answer.summary import standing
from planner.answer.tree import NOW, make_tree_page
from planner.futures.paths import path_case
from planner.futures.results import TreePlan
from planner.futures.tree import ROOT, SUBJECTS, groups, meant, told
from planner.language.language import ENGLISH, Language
from planner.language.message import as_json
from planner.plan import BUSINESS, of_item
from planner.tables.place import LEAVES, TREE, writing
from planner.tables.schema import TABLES

#: Tables whose rows have years, a value and a unit.
LEVELS = ("prices", "costs", "demand", "emission_factors", "process_emissions")


def write_tree(plan: TreePlan, out: Path, options: Callable[[Path], Mapping[str, Any]], language: Language = ENGLISH) -> Path:
    """Write all of it; gives where it stands. Raises CaseError where nothing can be written.

    options  of the run, as run.json of an output in that place has them
    """
    mistakes: list[Exception] = []
    with writing(out, TREE) as (new, moved):
        (new / LEAVES).mkdir()
        for name, run in plan.runs.items():
            (new / LEAVES / name).mkdir()
            asked = {**options(out / LEAVES / name), "future": name}
            mistake = write_into(run, plan.leaf_cases[name], new / LEAVES / name, asked, language)
            mistakes += [mistake] if mistake is not None else []
        for name, table in tree_tables(plan).items():
            write_csv(table, new / TABLES[name].file)
        write_json(tree_summary(plan), new / "summary.json")
        (new / NAME).write_text(make_tree_page(new, language), encoding="utf-8")
    if mistakes:
        raise mistakes[0]
    return moved.place


def tree_tables(plan: TreePlan) -> dict[str, pd.DataFrame]:
    """futures, commit and regret, by name."""
    currency, rows = plan.case.park.currency, list[tuple[Any, ...]]()
    for name, share in plan.probability.items():
        found = {"system_cost": plan.costs.get(name), "least_cost": plan.best.get(name)}
        found["least_cost_bound"] = plan.best_bound.get(name) if name in plan.best else None
        rows += [(name, share, item, value, currency) for item, value in found.items() if value is not None]
        rows += [(name, share, f"net_emissions_{y}", net, "t") for y, net in _net(plan, name).items()]
    of_all = {"expected_cost": plan.expected_cost if plan.costs else None, "wait_and_see": plan.wait_and_see}
    for name, value, ends in (("evpi", plan.evpi, plan.evpi_range), ("vss", plan.vss, plan.vss_range)):
        of_all |= {name: value, **dict(zip((f"{name}_least", f"{name}_most"), ends or (), strict=False))}
    rows += [(ROOT, 1.0, item, v, currency) for item, v in of_all.items() if v is not None and math.isfinite(v)]
    whens = {order.node: NOW if order.node == ROOT else str(plan.tree.begins(order.node)) for order in plan.orders}
    made: dict[str, list[tuple[Any, ...]]] = {
        "futures": rows,
        "commit": [(o.node, o.year, o.item, o.build, o.unit, o.capital_cost, whens[o.node], o.share) for o in plan.orders],
        "regret": [(r.plan, r.future, _finite(r.cost), r.least_cost, _finite(r.regret)) for r in plan.regrets],
    }
    return {name: pd.DataFrame(own, columns=list(TABLES[name].names)) for name, own in made.items()}


def _net(plan: TreePlan, name: str) -> dict[int, float]:
    """Net emissions of a leaf by year (t); none without a plan."""
    if name not in plan.runs or not plan.runs[name].target.has_tables:
        return {}
    net = of_item(plan.runs[name].target.tables["emissions"], "net")
    return {int(y): float(value) for y, value in zip(net["year"], net["value"], strict=True)}


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def tree_summary(plan: TreePlan) -> dict[str, Any]:
    """summary.json of the whole: `system_cost` is the expected cost whatever was minimised."""
    park, goal, warnings = plan.case.park, plan.case.goal, (*plan.case.warnings, *plan.warnings)
    assert goal is not None
    of_park = ("standard", "first_year", "last_year", "currency", "price_year", "discount_rate", "accounting")
    return {
        "park": park.name,
        "status": plan.status,
        "system_cost": plan.expected_cost if plan.costs else None,
        "target": goal.target,
        "by": goal.by,
        "milestones": dict(goal.milestones),
        **{key: getattr(park, key) for key in of_park},
        "standing": standing(plan.case),
        **{key: getattr(plan, key) for key in ("ended", "time_limit", "typical_days")},
        "alone_failed": list(plan.alone_failed),
        "assumed": list(plan.tree.assumed),
        "blocking": list(plan.blocking),
        "futures": _futures_block(plan),
        "differs": {
            row.future: {
                **{key: getattr(row, key) for key in ("parent", "from_year", "title", "title_en", "title_zh")},
                "figures": [_figure(plan, row.future, group) for group in groups(plan.case.future_values, row.future)],
            }
            for row in plan.tree.rows
        },
        "in_all_hours": [
            {
                **{key: getattr(own, key) for key in ("future", "cost", "holds")},
                "unserved": [
                    {**{key: getattr(w, key) for key in ("year", "carrier", "zone", "energy")}, "first_day": w.first + 1}
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


def _futures_block(plan: TreePlan) -> dict[str, Any]:
    """The block `futures`."""
    usual, by, has_plan = _usual(plan), plan.case.goal.by if plan.case.goal else 0, bool(plan.costs)
    mean = sum(share * cost for share, cost in zip(plan.probability.values(), usual.values(), strict=True) if cost is not None)
    return {
        **{key: getattr(plan.terms, key) for key in ("objective", "tail", "weight", "recourse")},
        "expected_cost": plan.expected_cost if has_plan else None,
        "value": _finite(plan.objective),
        **{key: _finite(getattr(plan, key)) for key in ("bound", "gap", "cvar", "vss")},
        "regret": plan.largest_regret,
        **{key: getattr(plan, key) for key in ("wait_and_see", "evpi", "evpi_range", "vss_range")},
        "first_orders": {name: [order._asdict() for order in orders] for name, orders in plan.first_orders.items()},
        "business_as_usual": None if None in usual.values() else mean,
        "mean_plan_can_be_kept": None if plan.vss is None else math.isfinite(plan.vss),
        "leaves": [
            {
                "name": name,
                "probability": share,
                "cost": plan.costs.get(name),
                "business_as_usual": usual[name],
                "regret": plan.costs[name] - plan.best[name] if has_plan and name in plan.best else None,
                "net": _net(plan, name).get(by),
            }
            for name, share in plan.probability.items()
        ],
    }


def _usual(plan: TreePlan) -> dict[str, float | None]:
    """Cost of going on as today by leaf (money); None where it has no such plan."""
    plans = {name: plan.runs[name].plans.get(BUSINESS) if name in plan.runs else None for name in plan.tree.leaves}
    return {name: None if own is None else _finite(own.system_cost) for name, own in plans.items()}


def _figure(plan: TreePlan, future: str, group: list[FutureValue]) -> dict[str, Any]:
    """A figure that differs: what it is, in the first and the last year that are stated its factor or value, and its levels."""
    first, ends = group[0], dict.fromkeys((0, len(group) - 1))
    said = {"figure": told(first), "table": first.changed, "name": first.name, "item": first.item}
    changes = [{"year": r.year, "factor": r.factor, "value": r.value or None, "unit": r.unit} for r in (group[i] for i in ends)]
    return {**said, "changes": changes, **_levels(plan, future, first)}


def _levels(plan: TreePlan, future: str, value: FutureValue) -> dict[str, Any]:
    """A figure of one series with a unit of its own: its level in the first year in the park's tables, and in the year from which
    the future is known as the future's parent states it and on its path; nothing of any other."""
    year, first, parent = plan.tree.begins(future), plan.case.park.first_year, plan.tree.row(future).parent
    if value.changed not in LEVELS:
        return {}
    of_parent = plan.case if parent == ROOT else path_case(plan.case, plan.tree, parent)
    at = {"value": (plan.case, first), "stated": (of_parent, year), "then": (path_case(plan.case, plan.tree, future), year)}
    found = {key: own for key, (case, y) in at.items() if (own := _level(case, value, y)) is not None}
    units = {unit for _, unit in found.values()}
    if "value" not in found or len(found) < len(at) or len(units) > 1:
        return {}
    return {"level": {"first_year": first, "year": year, **{key: own[0] for key, own in found.items()}, "unit": units.pop()}}


def _level(case: Case, value: FutureValue, year: int) -> tuple[float, str] | None:
    """Level and unit of a series in a year; None where the value speaks of several or of none. An emission factor of both bases is
    that of the basis in which the park accounts."""
    rows: list[Any] = meant(value, {value.changed: getattr(case, value.changed)}, case.park)
    if value.changed == "emission_factors":
        rows = [row for row in rows if row.basis in ("", value.item or case.park.accounting)]
    if len({(getattr(row, SUBJECTS[value.changed].names), row.unit) for row in rows}) != 1:
        return None
    return over_years([(row.year, row.value) for row in rows], [year])[year], rows[0].unit
