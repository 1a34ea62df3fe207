"""Variables and rows of a model in the words of a park's author: the table, the name in it, and what is counted there."""

from __future__ import annotations

from typing import Any

from models.families import TABLES
from models.inputs import Inputs


def say_component(component: Any, inputs: Inputs, y: int = 0) -> str:
    """`technologies.csv pv, 2030: capacity that works`; `y` is the year of a model that is of one year."""
    parent, block = component.parent_component(), component.parent_block()
    index = component.index()
    parts = index if isinstance(index, tuple) else (index,)
    year = y or (block.index() if block.index() in inputs.years else next((p for p in parts if p in inputs.years), 0))
    names = [p for p in parts if isinstance(p, str)]
    table = TABLES[parent.local_name]
    if table == "technologies" and names[0] in {link for link, _ in inputs.network.arcs}:
        table = "links"
    if table in ("technologies", "supplies") and names[0] in inputs.connections.connections:
        table = "connections"
    of = " ".join([f"{table}.csv"] * bool(table) + (names[:1] if table not in ("", "stages") else names))
    when = f", {year}" if year else ""
    return f"{of or 'the park'}{when}: {parent.doc.rpartition(' [')[0]}"
