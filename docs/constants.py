"""The page of constants: every number that a search is steered by, from the comments above them in planner/solve and
planner/planning, with the decision records that name their files."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROOMS = ("planner/planning", "planner/solve")
#: How a constant is written.
NAME = re.compile(r"[A-Z][A-Z0-9_]*")


@dataclass(frozen=True)
class Register:
    """A constant: its file, the names and values as they stand there, and the comment above them."""

    file: str
    names: tuple[str, ...]
    values: tuple[str, ...]
    says: str


def registered() -> Iterator[Register]:
    """Every numeric constant of the rooms, file by file."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            lines = text.splitlines()
            for node in ast.parse(text).body:
                if isinstance(node, ast.Assign) and _is_number(node.value):
                    names = tuple(n.id for n in ast.walk(node.targets[0]) if isinstance(n, ast.Name))
                    parts = node.value.elts if isinstance(node.value, ast.Tuple) and len(names) > 1 else [node.value]
                    if all(NAME.fullmatch(name) for name in names):
                        file, says = path.relative_to(ROOT).as_posix(), _above(lines, node.lineno)
                        yield Register(file, names, tuple(map(ast.unparse, parts)), says)


def _is_number(value: ast.AST) -> bool:
    """True of a number, and of a tuple or product of numbers."""
    if isinstance(value, ast.Constant):
        return isinstance(value.value, int | float) and not isinstance(value.value, bool)
    if isinstance(value, ast.Tuple):
        return bool(value.elts) and all(_is_number(part) for part in value.elts)
    if isinstance(value, ast.BinOp):
        return _is_number(value.left) and _is_number(value.right)
    return isinstance(value, ast.UnaryOp) and _is_number(value.operand)


def _above(lines: list[str], number: int) -> str:
    """The comment above a line."""
    found: list[str] = []
    for line in reversed(lines[: number - 1]):
        if not line.startswith("#:"):
            break
        found.insert(0, line.removeprefix("#:").strip())
    return " ".join(found)


def parts() -> Iterator[str]:
    """The page, a section a file: its constants, and the records that name it."""
    every = list(registered())
    records = {p.name: p.read_text(encoding="utf-8") for p in sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))}
    for file in dict.fromkeys(one.file for one in every):
        rows = ["| constant | value | what it is |", "| --- | --- | --- |"]
        for one in every:
            if one.file == file:
                names, says = ", ".join(f"`{name}`" for name in one.names), one.says.replace("|", "\\|")
                rows.append(f"| {names} | {', '.join(one.values)} | {says} |")
        named = ", ".join(f"[{name[:3]}](decisions/{name})" for name, text in records.items() if _names(text, file))
        told = f"Records: {named}.\n\n" if named else ""
        yield f"## {file.removeprefix('planner/')}\n\n{told}" + "\n".join(rows)


def _names(text: str, file: str) -> bool:
    """True if a record names a file: by its path, its name, or its stem among words of code."""
    path = Path(file)
    room, stem = path.parent.name, path.stem
    return file in text or f"`{stem}`" in text or f"{room}/{stem}.py" in text or f"{room}.{stem}`" in text
