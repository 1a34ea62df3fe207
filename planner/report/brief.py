"""What to do in each year, in as many lines as there is room for: the dearest years are told at most length.

What must not be hidden is told in any case, also where it takes more lines than there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from rich.cells import cell_len

#: Stands between two decisions.
BETWEEN = " · "


class Decisions(NamedTuple):
    """Decisions of a year.

    named    in words: first those that must not be hidden, then the others, the dearest first
    small    how many more are too small for a word
    capital  of all
    kept     how many of the first must not be hidden
    """

    named: list[str]
    small: int
    capital: float
    kept: int = 0

    def text(self, more: Callable[[int], str], named: int | None = None) -> str:
        """The first `named` of them (all that have words), and how many more there are."""
        shown = self.named[:named]
        left = len(self.named) - len(shown) + self.small
        return BETWEEN.join([*shown, *([more(left)] if left else [])])


def brief(
    years: Mapping[int, Decisions], columns: int, lines: int, more: Callable[[int], str]
) -> list[tuple[list[int], str, float]]:
    """(years, text, capital) of each row; no more than `lines` of `columns` characters together, where that can be.

    A year has one line, or as many as what must not be hidden takes. Lines that are left go one by one to the year with the most
    capital for each line that it has. Where there are more years than lines, those with the least capital share the last row,
    unless they have something that must not be hidden.
    """
    order = sorted(years, key=lambda y: (years[y].kept == 0, -years[y].capital))
    most = lines if len(years) <= lines else max(lines - 1, 1, sum(year.kept > 0 for year in years.values()))
    kept = order[:most]
    rest = sorted(set(years) - set(kept))
    room = {y: lines_of(years[y].text(more, years[y].kept), columns) if years[y].kept else 1 for y in kept}
    needed = {y: lines_of(years[y].text(more), columns) for y in kept}
    for _ in range(lines - sum(room.values()) - bool(rest)):
        waiting = [y for y in kept if room[y] < needed[y]]
        if waiting:
            room[max(waiting, key=lambda y: years[y].capital / room[y])] += 1
    rows = [([y], _fitted(years[y], columns, room[y], more), years[y].capital) for y in sorted(kept)]
    if rest:
        count = sum(len(years[y].named) + years[y].small for y in rest)
        rows.append((rest, more(count), sum(years[y].capital for y in rest)))
    return rows


def _fitted(year: Decisions, columns: int, lines: int, more: Callable[[int], str]) -> str:
    """As many decisions as the lines hold: at least those that must not be hidden, and one."""
    least = max(year.kept, 1)
    texts = (year.text(more, named) for named in range(len(year.named), least - 1, -1))
    return next((text for text in texts if lines_of(text, columns) <= lines), year.text(more, least))


def lines_of(text: str, columns: int) -> int:
    """Lines that a text takes when it is broken between words, and within those that are longer than a line."""
    lines, used = 1, 0
    for size in map(cell_len, text.split(" ")):
        if used and used + 1 + size > columns:
            lines, used = lines + 1, 0
        used += size + bool(used)
        lines, used = lines + max(used - 1, 0) // columns, (used - 1) % columns + 1 if used else 0
    return lines
