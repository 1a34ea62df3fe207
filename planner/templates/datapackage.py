"""datapackage.json: a park folder described to other tools, after the Data Package standard (frictionlessdata.io).

Each table is a resource; each of its columns a field with type, unit, choices and limits, all from the schema.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from annotated_types import Ge, Gt, Le

from models.case import TABLES
from models.case.base import Row
from planner.park.fields import FieldColumn, columns_of, limits_of
from planner.tables.place import facts_of

#: What we write says so, and nothing else is overwritten.
FILE, MARK = "datapackage.json", "parkzero"
_TYPES = {"int": "integer", "float": "number", "text": "string"}


def datapackage(folder: Path) -> dict[str, Any]:
    """What describes the tables of a folder."""
    try:
        name = str(tomllib.loads((folder / "park.toml").read_text(encoding="utf-8-sig")).get("name", folder.name))
    except (OSError, UnicodeError, tomllib.TOMLDecodeError):
        name = folder.name
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "park"
    resources = [_resource(path) for path in sorted(folder.glob("*.csv")) if path.stem in TABLES or path.stem == "profiles"]
    return {"name": slug, "title": name, "profile": "tabular-data-package", "generator": MARK, "resources": resources}


def datapackage_text(folder: Path) -> str:
    """As JSON."""
    return json.dumps(datapackage(folder), indent=1, ensure_ascii=False) + "\n"


def is_ours(path: Path) -> bool:
    """True for a description that was written here, also by versions that did not say so."""
    found = facts_of(path)
    keys = {"name", "title", "profile", "resources"}
    return found.get("generator") == MARK or (set(found) == keys and found["profile"] == "tabular-data-package")


def _resource(path: Path) -> dict[str, Any]:
    kind = TABLES.get(path.stem)
    try:
        header = path.read_text(encoding="utf-8-sig").split("\n", 1)[0].strip().split(",")
    except (OSError, UnicodeError):
        header = []
    fields = [_field(name.strip().strip('"'), kind) for name in header if name.strip()]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if kind is not None and kind.key and not kind.is_yearly():
        schema["primaryKey"] = list(kind.key)
    return {
        "name": path.stem.replace("_", "-"),
        "path": path.name,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "description": _says(kind),
        "schema": schema,
    }


def _says(kind: type[Row] | None) -> str:
    return " ".join((kind.__doc__ or "").split()) if kind else "profiles.csv: hourly series of one year, or of some whole days."


def _field(name: str, kind: type[Row] | None) -> dict[str, Any]:
    if kind is None:
        return {"name": name, "type": "integer" if name == "hour" else "number"}
    column = columns_of(kind).get(name)
    if column is None:
        return {"name": name, "type": "string"}
    field: dict[str, Any] = {"name": name, "type": _TYPES[column.kind], "description": column.says}
    if column.unit or column.unit_column:
        field["unit"] = column.unit or f"column {column.unit_column}"
    constraints = _constraints(name, column, kind)
    return field | ({"constraints": constraints} if constraints else {})


def _constraints(name: str, column: FieldColumn, kind: type[Row]) -> dict[str, Any]:
    found: dict[str, Any] = {"required": True} if column.required else {}
    if column.kind == "text" and column.choices:
        found["enum"] = [*column.choices]
    for limit in limits_of(kind, name):
        if isinstance(limit, Ge):
            found["minimum"] = limit.ge
        elif isinstance(limit, Gt):
            found["exclusiveMinimum"] = limit.gt
        elif isinstance(limit, Le):
            found["maximum"] = limit.le
    return found
