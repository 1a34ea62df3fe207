"""The pages of the reference, made as the site is built: what a park states, what a run writes, the mathematics, the command line.

Their text is the schema, the docstrings of the models and the help of the commands; words.toml has the sentences that stand in none
of them. `pages()` gives file name -> Markdown; docs/site.py adds them to the site.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
import types
import typing
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import typer
from annotated_types import Ge, Gt, Le, Lt

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from models import families  # noqa: E402
from models.case import PARAMETERS, TABLES, Financing, Goal, Orders, OwnTerms, Park, Row, Tax, Uncertainty  # noqa: E402
from models.case.base import Record, Unit, UnitColumn  # noqa: E402
from models.metrics import KNOWN, METRICS  # noqa: E402
from planner.command.cli import app  # noqa: E402
from planner.tables import schema  # noqa: E402
from planner.tables.accounts import ITEMS  # noqa: E402

WORDS: dict[str, Any] = tomllib.loads((ROOT / "docs" / "words.toml").read_text(encoding="utf-8"))


def pages() -> dict[str, str]:
    """Every generated page, file name -> text."""
    made = {
        "reference.md": ("What a park states", park()),
        "outputs.md": ("What a run writes", outputs()),
        "mathematics.md": ("Mathematics", mathematics()),
        "options.md": ("Every command and option", options()),
    }
    heads = {name: f"# {title}\n\n{WORDS['pages'][name.removesuffix('.md')].strip()}" for name, (title, _) in made.items()}
    return {name: "\n\n".join([heads[name], *(p.strip() for p in parts)]) + "\n" for name, (_, parts) in made.items()}


def table_of(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table of cells with a row of headings."""
    lines = ["| " + " | ".join(cells) + " |" for cells in [head, ("---",) * len(head)]]
    lines += ["| " + " | ".join(" ".join(c.split()).replace("|", "\\|") for c in cells) + " |" for cells in rows]
    return "\n".join(lines)


# What a park states


def park() -> Iterator[str]:
    """Every table and column of a park, from the schema and its docstrings."""
    words = WORDS["reference"]
    yield from ("## Rules for every table", words["rules"], "## Park and catalogue", words["catalogue"])
    yield from ("## Remarks", words["remarks"], _columns(Row), "## park.toml", _doc(Park), _columns(Park))
    inner = {"orders": Orders, "tax": Tax, "futures": Uncertainty, "finance": Financing, "finance.owners.NAME": OwnTerms}
    for name, record in inner.items():
        yield from (f"### [{name}]", _doc(record), _columns(record))
    yield from ("## goal.toml", _doc(Goal), _columns(Goal), "## profiles.csv", words["profiles"])
    subject = ""
    for table, row in TABLES.items():
        if row.__module__ != subject:
            subject = row.__module__
            yield f"## {(sys.modules[subject].__doc__ or '').strip()}"
        yield from (f"### {table}.csv", _doc(row), _keys(row), _columns(row), *_more(table))


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
    for name, field in sorted(record.model_fields.items(), key=lambda f: key.index(f[0]) if f[0] in key else len(key)):
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
        rows = [(f"`{m.name}`", *map(_figure, m.ratio)) for m in METRICS.values()]
        return ["Metrics, each of one year:", table_of(("metric", "what", "divided by"), rows)]
    return []


# What a run writes


def outputs() -> Iterator[str]:
    """Every table and column that a run writes, from the schema of the output."""
    tables = [(f"`{table.file}`", table.told) for table in schema.TABLES.values()]
    yield WORDS["outputs"]["folder"]
    yield table_of(("file", "what it holds"), [(f"`{name}`", text) for name, text in WORDS["files"].items()] + tables)
    yield from ("## Files of later commands", WORDS["outputs"]["later"])
    rows = [(f"`{name}`", f"`{asked}`", text) for name, (asked, text) in WORDS["later_files"].items()]
    yield table_of(("file", "command", "what it holds"), rows)
    for name, table in schema.TABLES.items():
        yield from (f"## {name}", table.told)
        yield table_of(("column", "what it is", "kind", "unit"), [_column(c) for c in table.columns])
        items = item_words(name)
        if items:
            head = next(name for name in ("flow", "item", "figure") if name in table.names)
            yield table_of((head, "what it is"), [(f"`{i}`" if "`" not in i else i, text) for i, text in items.items()])


def _column(column: schema.Column) -> tuple[str, ...]:
    kinds = {"text": "text", "whole": "whole number", "number": "number", "truth": "True or False", "time": "moment"}
    return f"`{column.name}`", column.doc, kinds[column.kind] + (", or empty" if column.may_be_blank else ""), column.unit


def item_words(table: str) -> dict[str, str]:
    """What each item of an output table is."""
    figures = {item: _figure(name) for item, name in (ITEMS | {"net": "net"}).items()} if table == "emissions" else {}
    return {**figures, **WORDS["items"].get(table, {})}


def _figure(name: str) -> str:
    return f"{KNOWN[name].doc} [{KNOWN[name].unit}]"


# The mathematics


def mathematics() -> Iterator[str]:
    """The docstrings of the models in the order of their tables of contents, and what the register of families says."""
    yield from ("## Conventions", WORDS["mathematics"]["conventions"], *_file(ROOT / "models/inputs/finance.py"))
    yield from ("## Investment: the decisions over the years", *_chapter("investment", "build_investment"))
    yield from ("## Operation: one year", *_chapter("operation", "build_operation"))
    for title, folders in (("Finance: what a plan is worth", ["finance"]), ("Several futures", ["futures", "recourse"])):
        yield f"## {title}"
        for path in (p for folder in folders for p in sorted((ROOT / "planner" / folder).glob("*.py"))):
            if re.search(r"math::|:math:", path.read_text(encoding="utf-8")):
                yield from _file(path)


def _chapter(folder: str, contents: str) -> Iterator[str]:
    """All files of a model: its table of contents, then in the order in which this calls them, the others after."""
    path = ROOT / "models" / folder
    tree = ast.parse((path / "__init__.py").read_text(encoding="utf-8"))
    imports = [n for n in tree.body if isinstance(n, ast.ImportFrom)]
    home = {alias.name: (n.module or "").split(".")[-1] for n in imports for alias in n.names}
    body = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == contents)
    calls = [n.func.id for n in ast.walk(body) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]
    called = [home[c] for c in sorted(calls, key=calls.index) if c in home and (path / f"{home[c]}.py").exists()]
    rest = [p.stem for p in sorted(path.glob("*.py")) if p.stem != "__init__"]
    for name in dict.fromkeys(["__init__", *called, *rest]):
        yield from _file(path / f"{name}.py")


def _file(path: Path) -> Iterator[str]:
    """A file as a section: its docstring, and each function or record that states mathematics or adds rows."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    head, _, rest = (ast.get_docstring(tree) or "").partition(": ")
    if not rest:
        head, rest = path.stem.capitalize(), head
    yield from (f"### {head}", f"`{path.relative_to(ROOT).as_posix()}`", markdown(rest.strip()[:1].upper() + rest.strip()[1:]))
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        doc, added = ast.get_docstring(node) or "", _added(node)
        if added or "math::" in doc or ":math:" in doc or (isinstance(node, ast.ClassDef) and "   " in doc):
            yield from (f"#### {node.name}", markdown(doc))
            if added:
                yield table_of(("name in the model", "", "what it is", "what else"), added)


def _added(function: ast.AST) -> list[tuple[str, ...]]:
    """Variables and rows that a function adds, with their doc, and what the register says of them."""
    added = []
    for node in ast.walk(function):
        # variables and rows of `models/linear.py`, or Pyomo's own
        match node:
            case ast.Assign(targets=[ast.Attribute(attr=name)], value=ast.Call(func=ast.Name(id="Var" | "variables")) as call):
                added.append((node.lineno, name, "variable", call))
            case ast.FunctionDef(
                name=name, decorator_list=[ast.Call(func=ast.Attribute(attr="Constraint") | ast.Name(id="rows")) as call]
            ):
                added.append((node.lineno, name, "row", call))
    return [
        (f"`{name}`", kind, _doc_of(call), _registered(name, kind == "row"))
        for _, name, kind, call in sorted(added, key=lambda a: a[0])
    ]


def _doc_of(call: ast.Call) -> str:
    return next((str(ast.literal_eval(k.value)) for k in call.keywords if k.arg == "doc"), "")


def _registered(name: str, is_row: bool) -> str:
    """What the register of families says of it."""
    family = next(f for f in families.ALL if (f.name, f.is_row) == (name, is_row))
    ties = {
        "": "",
        "hours": "one hour and the one before",
        "month": "hours of a month",
        "days": "days",
        "year": "all hours of the year",
    }
    texts = [
        ties[family.ties] and f"ties together {ties[family.ties]}",
        family.item and f"paid as `{family.item}`",
        family.output and f"told in `{family.output}`",
    ]
    return "; ".join(text for text in texts if text)


def markdown(doc: str) -> str:
    """A docstring as Markdown: its formulas as math blocks, its lists of symbols as they stand."""
    blocks = (_blocks(block.splitlines()) for block in re.split(r"\n\s*\n", doc.strip()))
    return "\n\n".join(text for block in blocks for text in block if text)


def _blocks(lines: list[str]) -> Iterator[str]:
    """The paragraphs, formulas and symbol lists of one block of lines."""
    plain: list[str] = []
    while lines:
        line = lines.pop(0)
        if line.strip() != ".. math::":
            plain.append(line)
            continue
        yield _plain(plain)
        plain, formula = [], []
        while lines and lines[0].startswith("    "):
            formula.append(lines.pop(0).strip())
        yield "```math\n" + "\n".join(formula) + "\n```"
    yield _plain(plain)


def _plain(lines: list[str]) -> str:
    if any(re.search(r"\S {3,}\S", line) for line in lines):
        return "```text\n" + "\n".join(lines) + "\n```"
    return re.sub(r":math:`([^`]*)`", r"$`\1`$", "\n".join(lines))


# The command line


def options() -> Iterator[str]:
    """Every command with its arguments and options, as `--help` tells them."""
    yield from _command(typer.main.get_command(app), "plan")


def _command(command: Any, name: str) -> Iterator[str]:
    yield from (f"## {name}", (command.help or "").partition("\n\nExample")[0].replace("\b", ""))
    rows = []
    for param in (p for p in command.params if not getattr(p, "hidden", False)):
        shown = ", ".join(param.opts) if param.param_type_name == "option" else param.name.upper()
        rows.append((f"`{shown}`", getattr(param, "help", None) or ""))
    if rows:
        yield table_of(("option", "what it does"), rows)
    for own, inner in getattr(command, "commands", {}).items():
        if not inner.hidden:
            yield from _command(inner, f"{name} {own}")
