"""Text for the console as it stands: neither the terminal nor rich takes anything of it for an instruction."""

from __future__ import annotations

from rich.markup import escape

from models.message import printable

#: What is printed at the end of a run fits in so many columns and lines; with --details in more lines.
COLUMNS, LINES, DETAILED = 100, 30, 40


def plain(text: object) -> str:
    """One printable line, with nothing in it that rich would take for markup."""
    return escape(printable(str(text), longest=None))
