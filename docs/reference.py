"""The page of what a park states: every table and column, from the schema and its docstrings."""

from __future__ import annotations

import re
import sys
import types
import typing
from collections.abc import Iterator
from typing import Any

from annotated_types import Ge, Gt, Le, Lt
from as_markdown import WORDS, table_of

from models.case import PARAMETERS, TABLES, Financing, Goal, Orders, OwnTerms, Park, Row, Tax, Uncertainty
from models.case.base import Record, Unit, UnitColumn
from models.metrics import METRICS
from models.operation.carbon import FIGURES
from models.operation.green_power import LOW_CARBON


def parts() -> list[str]:
    """The sections of the page."""
    words = WORDS["reference"]
    found = ["## Rules for every table", words["rules"], "## Park and catalogue", words["catalogue"]]
    found += ["## Remarks", words["remarks"], _columns(Row)]
    found += ["## park.toml", _doc(Park), _columns(Park), "### [orders]", _doc(Orders), _columns(Orders)]
    found += ["### [tax]", _doc(Tax), _columns(Tax)]
    found += ["### [futures]", _doc(Uncertainty), _columns(Uncertainty)]
    found += ["### [finance]", _doc(Financing), _columns(Financing)]
    found += ["### [finance.owners.NAME]", _doc(OwnTerms), _columns(OwnTerms)]
    found += ["## goal.toml", _doc(Goal), _columns(Goal)]
    found += ["## profiles.csv", words["profiles"]]
    subject = ""
    for table, row in TABLES.items():
        if row.__module__ != subject:
            subject = row.__module__
            found.append(f"## {(sys.modules[subject].__doc__ or '').strip()}")
        found += [f"### {table}.csv", _doc(row), _keys(row), _columns(row), *_more(table)]
    return found


def _doc(record: type[Record]) -> str:
    """The record's docstring without the file name that it begins with."""
    text = re.sub(r"^\w+\.\w+: ", "", (record.__doc__ or "").strip())
    return text[:1].upper() + text[1:]


def _keys(row: type[Row]) -> str:
    if not row.key:
        return "Rows are read in order; the first that fits counts."
    key = [row.model_fields[c].alias or c for c in row.key if c != "year"]
    names = ", ".join(f"`{k}`" for k in (*key, *(["year"] if row.is_yearly() and "year" in row.columns() else [])))
    text = f"One row for each {names}."
    if row.constant:
        text += " The same in all rows of a name: " + ", ".join(f"`{c}`" for c in row.constant) + "."
    return text


def _columns(record: type[Record]) -> str:
    rows = []
    key: tuple[str, ...] = getattr(record, "key", ())
    fields = sorted(record.model_fields.items(), key=lambda f: key.index(f[0]) if f[0] in key else len(key))
    for name, field in fields:
        if name == "origin" or isinstance(field.default, Record) or name in ("finance", "tax"):
            continue
        if record is not Row and issubclass(record, Row) and _is_remark(record, name):
            continue
        leaves = [*_leaves(field.annotation), *field.metadata]
        default = "required" if field.is_required() else _shown(field.default)
        rows.append((f"`{field.alias or name}`", field.description or "", _unit(leaves), _values(leaves), default))
    return table_of(("column" if issubclass(record, Row) else "key", "what it is", "unit", "values", "default"), rows)


def _is_remark(record: type[Row], name: str) -> bool:
    """True of `source`, `note` …, unless the table gives the name a meaning of its own."""
    return name in Row.model_fields and record.model_fields[name].description == Row.model_fields[name].description


def _shown(default: Any) -> str:
    if default in (None, "", (), {}) or str(default) == "PydanticUndefined":
        return "–"
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`"


def _leaves(annotation: Any) -> Iterator[Any]:
    """Everything that an annotation is made of: types, choices, units, bounds."""
    if typing.get_origin(annotation) in (typing.Annotated, typing.Union, types.UnionType, typing.Literal, tuple):
        for part in typing.get_args(annotation):
            yield from _leaves(part)
    elif hasattr(annotation, "metadata"):
        yield from annotation.metadata
    else:
        yield annotation


def _unit(leaves: list[Any]) -> str:
    for leaf in leaves:
        if isinstance(leaf, Unit):
            return leaf.text
        if isinstance(leaf, UnitColumn):
            return f"as `{leaf.column}` says"
    return ""


def _values(leaves: list[Any]) -> str:
    choices = [f"`{c}`" for c in leaves if isinstance(c, str) and c]
    if choices:
        return ", ".join(choices)
    if any(isinstance(leaf, Unit) and leaf.text == "year" for leaf in leaves) and any(b == Le(2300) for b in leaves):
        return "year, from 1"
    if int in leaves and Ge(0) in leaves and Le(1) in leaves:
        return "0 or 1"
    kind = "whole number" if int in leaves else "number" if float in leaves else "text"
    kind = "table" if any(typing.get_origin(leaf) is dict for leaf in leaves) else kind
    signs = ((Ge, "ge", "≥"), (Gt, "gt", ">"), (Le, "le", "≤"), (Lt, "lt", "<"))
    bounds = [f"{sign} {getattr(b, key):g}" for b in leaves for cls, key, sign in signs if isinstance(b, cls)]
    return " ".join([kind, ", ".join(bounds)]).strip()


def _more(table: str) -> list[str]:
    if table == "types":
        return ["Roles:", table_of(("role", "what it does"), [(f"`{r}`", text) for r, text in WORDS["roles"].items()])]
    if table == "costs":
        rows = [(f"`{p}`", *reversed(WORDS["parameters"][p])) for p in PARAMETERS]
        return ["Parameters:", table_of(("parameter", "what it is", "unit"), rows)]
    if table == "stages":
        figures = FIGURES | LOW_CARBON | WORDS["denominators"]
        rows = [(f"`{m}`", figures[above], figures[below]) for m, (above, below) in ((m.name, m.ratio) for m in METRICS.values())]
        return ["Metrics, each of one year:", table_of(("metric", "what", "divided by"), rows)]
    return []
