"""The output folder of a plan for several futures: tables, summary and first page, and below `futures` the output of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from planner.answer.files import write_csv, write_into, write_json
from planner.answer.page.page import NAME as PAGE
from planner.answer.tree.facts import tree_summary, tree_tables
from planner.answer.tree.page import make_tree_page
from planner.language.language import ENGLISH, Language
from planner.recourse.result import TreePlan
from planner.tables.place import LEAVES, TREE, writing
from planner.tables.schema import TABLES


def write_tree(plan: TreePlan, out: Path, options: Callable[[Path], Mapping[str, Any]], language: Language = ENGLISH) -> Path:
    """Write all of it; gives where it stands. Raises CaseError where nothing can be written.

    options  of the run, as run.json of an output in that place has them
    """
    mistakes: list[Exception] = []
    with writing(out, TREE) as (new, moved):
        (new / LEAVES).mkdir()
        for name, run in plan.runs.items():
            (new / LEAVES / name).mkdir()
            told = {**options(out / LEAVES / name), "future": name}
            mistake = write_into(run, plan.leaf_cases[name], new / LEAVES / name, told, language)
            mistakes += [mistake] if mistake is not None else []
        for name, table in tree_tables(plan).items():
            write_csv(table, new / TABLES[name].file)
        write_json(tree_summary(plan), new / "summary.json")
        (new / PAGE).write_text(make_tree_page(new, language), encoding="utf-8")
    if mistakes:
        raise mistakes[0]
    return moved.place
