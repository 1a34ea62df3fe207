"""A plan for several futures with titles in place of names: of the futures, and of what is ordered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from planner.answer.tree.told import EXPECTED, LEAST_REGRET, WrittenTree
from planner.language.language import Language
from planner.tables.place import LEAVES
from planner.tables.schema import TABLES


def titled(tree: WrittenTree, language: Language) -> WrittenTree:
    """The output with titles for names, where they have any. Two of one title keep their names behind it; `folder` of a leaf is
    the name of its folder."""
    futures = _unlike({name: _title(row, language) or name for name, row in tree.summary["differs"].items()})
    plans = {name: title for name, title in futures.items() if title not in (EXPECTED, LEAST_REGRET)}
    items, types = _titles(tree, language)
    block = dict(tree.block)
    block["leaves"] = [{**leaf, "name": plans.get(leaf["name"], leaf["name"]), "folder": leaf["name"]} for leaf in block["leaves"]]
    block["first_orders"] = {
        plans.get(plan, plan): [{**row, "item": items.get(row["item"], row["item"])} for row in rows]
        for plan, rows in block.get("first_orders", {}).items()
    }
    differs = {
        plans.get(name, name): {
            **row,
            "parent": plans.get(row["parent"], row["parent"]),
            "figures": [{**f, "title": items.get(f.get("name", ""), types.get(f.get("name", ""), ""))} for f in row["figures"]],
        }
        for name, row in tree.summary["differs"].items()
    }
    hours = [{**own, "future": plans.get(own["future"], own["future"])} for own in tree.summary.get("in_all_hours", [])]
    named = {key: [plans.get(n, n) for n in tree.summary.get(key, [])] for key in ("blocking", "alone_failed", "assumed")}
    summary = {**tree.summary, **named, "futures": block, "differs": differs, "in_all_hours": hours}
    columns: Mapping[str, Mapping[str, str]] = {"future": plans, "plan": plans, "node": plans, "item": items}
    tables = {
        name: _renamed(table, columns if name == "commit" else {**columns, "item": {}}) for name, table in tree.tables.items()
    }
    return replace(tree, summary=summary, tables=tables)


def _title(row: Mapping[str, Any], language: Language) -> str:
    return str(row.get("title_zh" if language.code == "zh" else "title_en") or row.get("title") or "")


def _unlike(titles: Mapping[str, str]) -> dict[str, str]:
    """Titles of which no two are the same."""
    count = Counter(titles.values())
    return {name: title if count[title] == 1 else f"{title} ({name})" for name, title in titles.items()}


def _titles(tree: WrittenTree, language: Language) -> tuple[dict[str, str], dict[str, str]]:
    """Titles by name and by type, from what the outputs of the futures wrote; of a type that several share its first one's."""
    column = "title_zh" if language.code == "zh" else "title_en"
    names: dict[str, str] = {}
    types: dict[str, str] = {}
    for leaf in tree.leaves:
        path = tree.folder / LEAVES / leaf["name"] / TABLES["names"].file
        if path.is_file():
            table = pd.read_csv(path, keep_default_na=False, dtype=str)
            for row in table.to_dict("records"):
                names.setdefault(row["name"], row[column] or row["name"])
                types.setdefault(row["type"], row[column] or row["type"])
    return _unlike(names), types


def _renamed(table: pd.DataFrame, columns: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    changed = {name: table[name].map(lambda n, own=own: own.get(n, n)) for name, own in columns.items() if name in table and own}
    return table.assign(**changed) if changed else table
