"""The page of the mathematics: the model's own docstrings, in the order of its tables of contents, and what the register says."""

from __future__ import annotations

import ast
from pathlib import Path

from as_markdown import WORDS, markdown, table_of

from models import families

ROOT = Path(__file__).parent.parent
#: What rows tie together, in words.
TIES = {
    "": "",
    "hours": "one hour and the one before",
    "month": "hours of a month",
    "days": "days",
    "year": "all hours of the year",
}
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


def parts() -> list[str]:
    """The sections of the page."""
    found = ["## Conventions", WORDS["mathematics"]["conventions"], *_file("models/inputs/finance.py")]
    found += ["## Investment: the decisions over the years", *_chapter("investment", "build_investment")]
    found += ["## Operation: one year", *_chapter("operation", "build_operation")]
    found += ["## Finance: what a plan is worth", *(part for name in FINANCE for part in _file(f"planner/finance/{name}.py"))]
    found += ["## Several futures", *(part for name in TREES for part in _file(f"planner/{name}.py"))]
    return found


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
