"""Tables of a terminal, all drawn alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from rich.table import Table


def titled_table(title: str, heads: Iterable[str], texts: Collection[int] = (0,)) -> Table:
    """A table of a terminal under its title, still without rows: columns `texts` to the left, those of numbers to the right."""
    table = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 1), header_style="dim")
    for i, head in enumerate(heads):
        table.add_column(head, justify="left" if i in texts else "right", overflow="fold")
    return table
