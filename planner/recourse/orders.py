"""What is ordered, node by node: the rows of commit.csv."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from models.case import Case
from planner.futures.tree import Tree
from planner.plan import Run
from planner.recourse.result import NodeOrder

#: Table of a plan -> columns of what is ordered, how much, its unit, and the money paid for it; None: 1. What is paid for planting
#: stands in costs.csv (`PLANTING`).
TABLES: Mapping[str, tuple[str, str | None, str | None, str]] = {
    "investments": ("technology", "build", "unit", "capital_cost"),
    "measures": ("measure", None, None, "capital_cost"),
    "restoration": ("project", "value", "unit", "paid"),
}
#: Item of costs.csv: what is paid for planting.
PLANTING = "restoration"
#: Amounts of orders that differ by less are the same.
SAME = 1e-6


def orders_of(tree: Tree, runs: Mapping[str, Run], case: Case) -> list[NodeOrder]:
    """Each order once for its node, with the probability of the leaves that pass through the node in that year; without what the
    park keeps of an earlier run."""
    found: dict[tuple[str, int, str, str], NodeOrder] = {}
    for leaf, run in runs.items():
        for kind, y, item, build, unit, money in _orders(run.target.tables):
            node = tree.node(leaf, y)
            found.setdefault((node, y, kind, item), NodeOrder(node, y, kind, item, build, unit, money, 0.0))
    shares = {
        (o.node, o.year): sum(tree.probability(leaf) for leaf in tree.leaves if tree.node(leaf, o.year) == o.node)
        for o in found.values()
    }
    rows = sorted(found.values(), key=lambda o: (o.year, o.node, -o.capital_cost, o.item))
    return [replace(o, share=shares[o.node, o.year]) for o in rows if not _is_kept(o, case)]


def _is_kept(order: NodeOrder, case: Case) -> bool:
    """True for a measure or a planting of an earlier run that the park keeps."""
    kept = (*case.kept.measures, *((name, y) for name, y, _ in case.kept.planting))
    return order.kind != "contracts" and (order.item, order.year) in kept


def _orders(tables: Mapping[str, Any]) -> Iterator[tuple[str, int, str, float, str, float]]:
    for kind, (name, amount, unit, money) in TABLES.items():
        rows = tables.get(kind)
        if rows is None or rows.empty:
            continue
        if kind == "investments":
            rows = rows[rows["committed"] == 0]
        elif kind == "restoration":
            rows = rows[rows["item"] == "planted"]
            rows = rows.assign(paid=_paid(tables, rows))
        for row in rows.to_dict("records"):
            size = float(row[amount]) if amount else 1.0
            if size > SAME:
                yield (
                    kind,
                    int(row["year"]),
                    str(row[name]),
                    size,
                    str(row[unit]) if unit else "1",
                    float(row[money]),
                )
    yield from _contracts(tables)


def _paid(tables: Mapping[str, Any], rows: Any) -> list[float]:
    """What is paid for each planting (money)."""
    costs = tables["costs"]
    own = {(r["name"], r["year"]): float(r["value"]) for r in costs[costs["item"] == PLANTING].to_dict("records")}
    return [own.get(key, 0.0) for key in zip(rows["project"], rows["year"], strict=True)]


def _contracts(tables: Mapping[str, Any]) -> Iterator[tuple[str, int, str, float, str, float]]:
    """Contracted capacity where it begins or grows."""
    rows = tables.get("contracts")
    if rows is None or rows.empty:
        return
    own = rows[rows["item"] == "contracted"].sort_values("year")
    before: dict[str, float] = {}
    for row in own.to_dict("records"):
        name, size = str(row["supply"]), float(row["value"])
        if size > before.get(name, 0.0) + SAME:
            yield "contracts", int(row["year"]), name, size, str(row["unit"]), 0.0
        before[name] = size
