"""datapackage.json of an output: every table that is there, with columns, types, units and meaning, after the Data Package
standard (frictionlessdata.io). Other tools read it as the data dictionary of the folder.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from planner.tables.schema import DISPATCH, TABLES, Column, Table

NAME = "datapackage.json"
TYPES = {"text": "string", "whole": "integer", "number": "number", "truth": "boolean", "time": "datetime"}


def package(folder: Path, title: str, currency: str) -> dict[str, Any]:
    """What describes the tables of a folder.

    title     the park, and which of its plans
    currency  unit of what is money
    """
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "plan"
    resources = [_resource(folder / table.file, table, currency) for table in TABLES.values() if (folder / table.file).is_file()]
    return {"name": slug, "title": title, "profile": "tabular-data-package", "resources": resources}


def package_text(folder: Path, title: str, currency: str) -> str:
    """As JSON."""
    return json.dumps(package(folder, title, currency), indent=1, ensure_ascii=False) + "\n"


def renew(folder: Path, title: str, currency: str) -> None:
    """Describe the tables of a folder once more, where it has been described: one has joined."""
    if (folder / NAME).is_file():
        (folder / NAME).write_text(package_text(folder, title, currency), encoding="utf-8")


def _resource(path: Path, table: Table, currency: str) -> dict[str, Any]:
    kind = (
        {"format": "parquet", "mediatype": "application/vnd.apache.parquet"}
        if table is DISPATCH
        else {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
    )
    schema: dict[str, Any] = {"fields": [_field(column, currency) for column in table.columns], "missingValues": [""]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    return {
        "name": table.name.replace("_", "-"),
        "path": path.name,
        "profile": "tabular-data-resource",
        **kind,
        "description": table.told,
        "schema": schema,
    }


def _field(column: Column, currency: str) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": TYPES[column.kind], "description": column.doc}
    if column.kind == "truth":
        field |= {"trueValues": ["True"], "falseValues": ["False"]}
    if column.unit:
        unit = column.unit.replace("money", currency)
        field["unit"] = f"column {unit.strip('`')}" if unit.startswith("`") else unit
    return field if column.may_be_blank or column.kind == "text" else field | {"constraints": {"required": True}}
