"""What to do in each year, in as many lines as there is room for: the dearest years are told at most length.

What must not be hidden is told in any case, also where it takes more lines than there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from rich.cells import cell_len

#: Stands between two decisions.
BETWEEN = " · "
#: A year with more than this share of all capital has a row of its own where lines do not do.
DEAR = 0.01


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
    years: Mapping[int, Decisions], columns: int, lines: int, more: Callable[[int], str], may_hide: bool = False
) -> list[tuple[list[int], str, float]]:
    """(years, text, capital) of each row; no more than `lines` of `columns` characters together, where that can be.

    A year has one line, or as many as what must not be hidden takes. Lines that are left go one by one to the year with the most
    capital for each line that it has. Where there are more years than lines, those with the least capital share the last row; no
    year of much capital does where what must not be hidden takes more lines than there are, unless anything `may_hide`.
    """
    order = sorted(years, key=lambda y: -years[y].capital)
    splits = [(order[:n], sorted(order[n:])) for n in range(len(order), 0, -1)] or [([], [])]
    sizes = [sum(_least(years[y], columns, more) for y in own) + _shared(years, rest, columns, more)[1] for own, rest in splits]
    whole = sum(year.capital for year in years.values())
    dear = max(0 if may_hide else sum(year.capital > DEAR * whole for year in years.values()), 1)
    kept, rest = next((split for split, size in zip(splits, sizes, strict=True) if size <= lines), splits[-dear])
    text, taken = _shared(years, rest, columns, more)
    room = {y: _least(years[y], columns, more) for y in kept}
    needed = {y: lines_of(years[y].text(more), columns) for y in kept}
    for _ in range(lines - sum(room.values()) - taken):
        waiting = [y for y in kept if room[y] < needed[y]]
        if waiting:
            room[max(waiting, key=lambda y: years[y].capital / room[y])] += 1
    rows = [([y], _fitted(years[y], columns, room[y], more), years[y].capital) for y in sorted(kept)]
    if rest:
        rows.append((rest, text, sum(years[y].capital for y in rest)))
    return rows


def _least(year: Decisions, columns: int, more: Callable[[int], str]) -> int:
    """Lines that a year takes at least."""
    return lines_of(year.text(more, max(year.kept, 1)), columns) if year.kept else 1


def _shared(years: Mapping[int, Decisions], rest: Sequence[int], columns: int, more: Callable[[int], str]) -> tuple[str, int]:
    """What the years that share a row say, and its lines: what must not be hidden by year, all else counted."""
    if not rest:
        return "", 0
    parts = [f"{y} {BETWEEN.join(years[y].named[: years[y].kept])}" for y in rest if years[y].kept]
    left = sum(len(years[y].named) - years[y].kept + years[y].small for y in rest)
    text = BETWEEN.join([*parts, *([more(left)] if left else [])])
    return text, lines_of(text, columns)


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
