"""Tables and docstrings as Markdown, and the sentences that stand in none of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

WORDS: dict[str, Any] = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


def table_of(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table of cells with a row of headings."""
    lines = ["| " + " | ".join(cells) + " |" for cells in [head, ("---",) * len(head)]]
    lines += ["| " + " | ".join(" ".join(c.split()).replace("|", "\\|") for c in cells) + " |" for cells in rows]
    return "\n".join(lines)


def markdown(doc: str) -> str:
    """A docstring as Markdown: its formulas as math blocks, its lists of symbols as they stand."""
    out = []
    for block in re.split(r"\n\s*\n", doc.strip()):
        out += [text for text in _blocks(block.splitlines()) if text]
    return "\n\n".join(out)


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
