"""Words and figures by which files are recognised: `words.toml` beside this file, in six languages."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _joined(lines: str | list[str]) -> str:
    """A pattern that is written on several lines."""
    return lines if isinstance(lines, str) else "|".join(lines)


@cache
def term(of: str) -> re.Pattern[str]:
    """The words for a thing in all languages."""
    return re.compile(_joined(DATA["words"][of]), re.IGNORECASE)


@cache
def headings(of: str) -> dict[str, str]:
    """What headings of a table hold, by what a column is."""
    return {key: _joined(lines) for key, lines in DATA["headings"][of].items()}
