"""Make docs/reference.md, mathematics.md, outputs.md and constants.md from the code: `python docs/build.py`.

The schema, the docstrings and the column lists are the text; words.toml adds the sentences that stand in none of them. What README
and the guide quote of runs is put into them, too, see runs.py: `python docs/build.py --runs [NAME…]` makes these runs again first.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
import types
import typing
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))
sys.path.append(str(HERE))  # last: docs/site.py is no `site`

import runs  # noqa: E402
from annotated_types import Ge, Gt, Le, Lt  # noqa: E402
from as_markdown import markdown, table_of  # noqa: E402
from constants import parts as parts_of_constants  # noqa: E402

from models import families  # noqa: E402
from models.case import PARAMETERS, TABLES, Financing, Goal, Orders, OwnTerms, Park, Row, Tax, Uncertainty  # noqa: E402
from models.case.base import Record, Unit, UnitColumn  # noqa: E402
from models.metrics import METRICS  # noqa: E402
from models.operation.carbon import FIGURES  # noqa: E402
from planner.output import schema  # noqa: E402
from planner.output.accounts import ITEMS  # noqa: E402

#: What rows tie together, in words.
TIES = {
    "": "",
    "hours": "one hour and the one before",
    "month": "hours of a month",
    "days": "days",
    "year": "all hours of the year",
}
#: Every table that a run may write, and its columns.
OUTPUTS = {name: table.names for name, table in schema.TABLES.items()}
#: Files of planner/finance that state mathematics.
FINANCE = ("pieces", "accounts", "figures", "ends", "levelised")
#: Files that state how several futures are planned.
TREES = (
    "futures/tree",
    "futures/paths",
    "recourse/merged",
    "recourse/programme",
    "recourse/decomposed",
    "recourse/tree_master",
    "recourse/mean",
    "recourse/candidates",
)
WORDS: dict[str, Any] = tomllib.loads((HERE / "words.toml").read_text(encoding="utf-8"))


def pages() -> dict[str, str]:
    """Every generated page, file name -> text."""
    return {"reference.md": reference(), "mathematics.md": mathematics(), "outputs.md": outputs(), "constants.md": constants()}


def _page(title: str, words: str, parts: Iterable[str]) -> str:
    head = f"# {title}\n\n<!-- Made by `python docs/build.py`; change the docstrings or words.toml, not this page. -->"
    return "\n\n".join([head, WORDS["pages"][words].strip(), *(p.strip() for p in parts)]) + "\n"


def constants() -> str:
    """Every constant that steers a search, and the records that say what it bought."""
    return _page("Constants of the searches", "constants", parts_of_constants())


# --- reference.md ----------------------------------------------------------------------------------------------------


def reference() -> str:
    """Every table and column that a park may have."""
    words = WORDS["reference"]
    parts = ["## Rules for every table", words["rules"], "## Park and catalogue", words["catalogue"]]
    parts += ["## Remarks", words["remarks"], _columns(Row)]
    parts += ["## park.toml", _doc(Park), _columns(Park), "### [orders]", _doc(Orders), _columns(Orders)]
    parts += ["### [tax]", _doc(Tax), _columns(Tax)]
    parts += ["### [futures]", _doc(Uncertainty), _columns(Uncertainty)]
    parts += ["### [finance]", _doc(Financing), _columns(Financing)]
    parts += ["### [finance.owners.NAME]", _doc(OwnTerms), _columns(OwnTerms)]
    parts += ["## goal.toml", _doc(Goal), _columns(Goal)]
    parts += ["## profiles.csv", words["profiles"]]
    subject = ""
    for table, row in TABLES.items():
        if row.__module__ != subject:
            subject = row.__module__
            parts.append(f"## {(sys.modules[subject].__doc__ or '').strip()}")
        parts += [f"### {table}.csv", _doc(row), _keys(row), _columns(row), *_more(table)]
    return _page("Reference: what a park states", "reference", parts)


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
        figures = FIGURES | WORDS["denominators"]
        rows = [(f"`{m}`", figures[above], figures[below]) for m, (above, below) in ((m.name, m.ratio) for m in METRICS.values())]
        return ["Metrics, each of one year:", table_of(("metric", "what", "divided by"), rows)]
    return []


# --- outputs.md ------------------------------------------------------------------------------------------------------


def outputs() -> str:
    """Every table that a run writes."""
    parts = [WORDS["outputs"]["folder"], table_of(("file", "what it holds"), _files())]
    for name, table in schema.TABLES.items():
        columns = table.names
        parts += [f"## {name}", table.told]
        parts.append(table_of(("column", "what it is", "kind", "unit"), [_column(c) for c in table.columns]))
        items = item_words(name)
        if items:
            head = next(name for name in ("flow", "item", "figure") if name in columns)
            rows = [(f"`{i}`" if "`" not in i else i, text) for i, text in items.items()]
            parts.append(table_of((head, "what it is"), rows))
    return _page("Outputs: what a run writes", "outputs", parts)


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


# --- mathematics.md --------------------------------------------------------------------------------------------------


def mathematics() -> str:
    """The model's own docstrings, in the order of its tables of contents."""
    parts = ["## Conventions", WORDS["mathematics"]["conventions"], *_file("models/inputs/finance.py")]
    parts += ["## Investment: the decisions over the years", *_chapter("investment", "build_investment")]
    parts += ["## Operation: one year", *_chapter("operation", "build_operation")]
    parts += ["## Finance: what a plan is worth", *(part for name in FINANCE for part in _file(f"planner/finance/{name}.py"))]
    parts += ["## Several futures", *(part for name in TREES for part in _file(f"planner/{name}.py"))]
    return _page("Mathematics", "mathematics", parts)


def _chapter(folder: str, contents: str) -> list[str]:
    """All files of a model: in the order in which its table of contents calls them, the others after."""
    path = ROOT / "models" / folder
    tree = ast.parse((path / "build.py").read_text(encoding="utf-8"))
    imports = [n for n in tree.body if isinstance(n, ast.ImportFrom)]
    home = {alias.name: (n.module or "").split(".")[-1] for n in imports for alias in n.names}
    body = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == contents)
    calls = [n.func.id for n in ast.walk(body) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]
    called = [home[c] for c in sorted(calls, key=calls.index) if c in home and (path / f"{home[c]}.py").exists()]
    rest = [p.stem for p in sorted(path.glob("*.py")) if p.stem not in ("build", "__init__")]
    parts = []
    for name in dict.fromkeys([*called, *rest]):
        parts += _file(f"models/{folder}/{name}.py")
    return parts


def _file(path: str) -> list[str]:
    """A file as a section: its docstring, and each function or record that states mathematics or adds rows."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    head, _, rest = (ast.get_docstring(tree) or "").partition(": ")
    if not rest:
        head, rest = Path(path).stem.capitalize(), head
    first = rest.strip()
    parts = [f"### {head}", f"`{path}`", markdown(first[:1].upper() + first[1:])]
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        doc, added = ast.get_docstring(node) or "", _added(node)
        if added or "math::" in doc or ":math:" in doc or (isinstance(node, ast.ClassDef) and "   " in doc):
            parts += [f"#### {node.name}", markdown(doc)]
            if added:
                parts.append(table_of(("name in the model", "", "what it is", "what else"), added))
    return parts


def _added(function: ast.AST) -> list[tuple[str, ...]]:
    """Variables and rows that a function adds, with their doc, and what the register says of them."""
    found = []
    for node in ast.walk(function):
        # variables and rows of `models/components.py`, or Pyomo's own
        match node:
            case ast.Assign(targets=[ast.Attribute(attr=name)], value=ast.Call(func=ast.Name(id="Var" | "variables")) as call):
                found.append((node.lineno, name, "variable", _doc_of(call)))
            case ast.FunctionDef(
                name=name, decorator_list=[ast.Call(func=ast.Attribute(attr="Constraint") | ast.Name(id="rows")) as call]
            ):
                found.append((node.lineno, name, "row", _doc_of(call)))
    return [(f"`{name}`", kind, text, _registered(name, kind == "row")) for _, name, kind, text in sorted(found)]


def _registered(name: str, is_row: bool) -> str:
    """What the register of families says of it."""
    family = next(f for f in families.ALL if (f.name, f.is_row) == (name, is_row))
    said = [
        TIES[family.ties] and f"ties together {TIES[family.ties]}",
        family.item and f"paid as `{family.item}`",
        family.output and f"told in `{family.output}`",
    ]
    return "; ".join(text for text in said if text)


def _doc_of(call: ast.Call) -> str:
    return next((str(ast.literal_eval(k.value)) for k in call.keywords if k.arg == "doc"), "")


def main(arguments: Sequence[str]) -> None:
    """Write the pages; with --runs after the runs that they quote, all of them or those named."""
    if "--runs" in arguments:
        runs.make(arguments[arguments.index("--runs") + 1 :] or runs.RUNS)
    written = {f"{HERE.name}/{name}": text for name, text in pages().items()}
    written |= {name: runs.filled((ROOT / name).read_text(encoding="utf-8")) for name in runs.PAGES}
    for name, text in written.items():
        (ROOT / name).write_text(text, encoding="utf-8", newline="\n")
        print(name)


if __name__ == "__main__":
    main(sys.argv[1:])
