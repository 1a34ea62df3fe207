"""The page of what a run writes: every table and column, from the schema of the output."""

from __future__ import annotations

from as_markdown import WORDS, table_of

from models.operation.carbon import FIGURES
from planner.tables import schema
from planner.tables.accounts import ITEMS


def parts() -> list[str]:
    """The sections of the page."""
    found = [WORDS["outputs"]["folder"], table_of(("file", "what it holds"), _files())]
    found += ["## Files of later commands", WORDS["outputs"]["later"]]
    rows = [(f"`{name}`", f"`{asked}`", text) for name, (asked, text) in WORDS["later_files"].items()]
    found.append(table_of(("file", "command", "what it holds"), rows))
    for name, table in schema.TABLES.items():
        columns = table.names
        found += [f"## {name}", table.told]
        found.append(table_of(("column", "what it is", "kind", "unit"), [_column(c) for c in table.columns]))
        items = item_words(name)
        if items:
            head = next(name for name in ("flow", "item", "figure") if name in columns)
            rows = [(f"`{i}`" if "`" not in i else i, text) for i, text in items.items()]
            found.append(table_of((head, "what it is"), rows))
    return found


def _files() -> list[tuple[str, str]]:
    tables = [(f"`{table.file}`", table.told) for table in schema.TABLES.values()]
    return [(f"`{name}`", text) for name, text in WORDS["files"].items()] + tables


def _column(column: schema.Column) -> tuple[str, ...]:
    kinds = {"text": "text", "whole": "whole number", "number": "number", "truth": "True or False", "time": "moment"}
    return f"`{column.name}`", column.doc, kinds[column.kind] + (", or empty" if column.may_be_blank else ""), column.unit


def item_words(table: str) -> dict[str, str]:
    """What each item of an output table is."""
    figures = {item: FIGURES[figure] for item, figure in ITEMS.items()} if table == "emissions" else {}
    net = {"net": FIGURES["net"]} if table == "emissions" else {}
    return {**figures, **net, **WORDS["items"].get(table, {})}
