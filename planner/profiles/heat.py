"""Heat maps: the hours of a day over the days of a year, or over the months of a tariff."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from planner.report.page.markup import Markup, join, tag
from planner.report.page.pixels import COLOURS, levels_of
from planner.report.page.scale import short

#: Height of an hour; room for numbers on the left, labels above, and the scale below.
CELL, LEFT, ABOVE, BELOW = 6.0, 40.0, 16.0, 30.0


def heat_height(rows: int = 24, cell: float = CELL) -> float:
    """Height of a map."""
    return ABOVE + rows * cell + BELOW


def heat_map(
    values: np.ndarray,
    width: float,
    labels: Sequence[tuple[float, str]],
    scale: Sequence[str],
    cell: float = CELL,
    ends: tuple[float, float] | None = None,
) -> Markup:
    """A map of (hours, columns), hour 0 on top. `labels`: (column, text) above; `scale`: text of the lowest and the highest value,
    which are those of the values or `ends`.

    Cells of one colour that follow each other in a column are one piece of one path, so that a year has some 50 kB.
    """
    hours, count = values.shape
    low, high = ends or (float(values.min()), float(values.max()))
    level = levels_of(values, low, high)
    wide = (width - LEFT) / count
    pieces: dict[int, list[str]] = {n: [] for n in range(len(COLOURS))}
    for column in range(count):
        edges = [0, *(np.flatnonzero(np.diff(level[:, column])) + 1).tolist(), hours]
        for first, last in itertools.pairwise(edges):
            place = f"M{short(LEFT + column * wide)} {short(ABOVE + first * cell)}"
            pieces[int(level[first, column])].append(f"{place}h{wide:.2f}v{short((last - first) * cell)}h-{wide:.2f}z")
    paths = join(tag("path", d="".join(parts), fill=COLOURS[n]) for n, parts in pieces.items() if parts)
    clock = join(
        tag("text", str(hour), x=short(LEFT - 6), y=short(ABOVE + hour * cell + 5), class_="t end") for hour in range(0, hours, 6)
    )
    above = join(tag("text", text, x=short(LEFT + at * wide), y=short(ABOVE - 4), class_="t mid") for at, text in labels)
    foot = ABOVE + hours * cell + 8
    keys = join(tag("rect", x=short(LEFT + n * 22), y=short(foot), width=22, height=10, fill=c) for n, c in enumerate(COLOURS))
    places = zip(scale, (0, len(COLOURS) * 22), strict=True)
    texts = [tag("text", text, x=short(LEFT + at), y=short(foot + 21), class_="t") for text, at in places]
    return join([paths, clock, above, keys, join(texts)])
