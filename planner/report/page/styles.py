"""Looks of series: a colour and a pattern for each, so that they are told apart in black and white and by colour-blind eyes.

The colours stand in style.css, in a light and a dark set; the first eight are those of Okabe and Ito.
"""

from __future__ import annotations

from collections.abc import Iterable

from planner.report.page.markup import Markup, join, tag

#: Number of looks.
COUNT = 16
#: Size of a pattern's tile.
TILE = 8
#: Lines of the patterns over the colour, as SVG paths; the first look is plain.
HATCHES = (
    "", "M0 8L8 0M-2 2L2 -2M6 10L10 6", "M2 2h1.5M6 6h1.5", "M0 4h8", "M0 0L8 8M-2 6L2 10M6 -2L10 2", "M4 0v8",
    "M0 0L8 8M0 8L8 0", "M0 2h8M0 6h8", "M2 0v8M6 0v8", "M4 0v8M0 4h8", "M1 4h4", "M4 1v4",
    "M2 2h2v2h-2z", "M0 4L4 0L8 4", "M4 2a2 2 0 1 0 .1 0z", "M0 8L4 4L0 0",
)  # fmt: skip
#: Dashes of lines.
DASHES = ("", "7 4", "2 3", "10 3 2 3", "4 2", "1 4")


class Styles:
    """Gives every name a look, the same in all charts of a page as far as two of one chart do not collide."""

    def __init__(self) -> None:
        self._wanted: dict[str, int] = {}

    def of(self, names: Iterable[str]) -> dict[str, int]:
        """Number of the look of each name of a chart, all different while there are no more names than looks."""
        taken: dict[str, int] = {}
        for name in names:
            wanted = self._wanted.setdefault(name, len(self._wanted) % COUNT)
            free = [i for i in range(COUNT) if i not in taken.values()]
            taken[name] = wanted if wanted in free or not free else free[0]
        return taken


def pattern_definitions() -> Markup:
    """The patterns, once in a page; marks take them by class."""
    patterns = []
    for i, hatch in enumerate(HATCHES):
        lines = tag("path", d=hatch, class_="hatch") if hatch else None
        ground = tag("rect", width=TILE, height=TILE, class_=f"k{i}")
        patterns.append(tag("pattern", ground, lines, id=f"p{i}", width=TILE, height=TILE, patternUnits="userSpaceOnUse"))
    return tag("svg", tag("defs", *patterns), class_="patterns", width=0, height=0, aria_hidden="true")


def swatch(look: int, line: bool = False) -> Markup:
    """A sample of a look for a legend."""
    mark = (
        tag("line", x1=0, y1=7, x2=22, y2=7, class_=f"l l{look}", stroke_dasharray=DASHES[look % len(DASHES)] or None)
        if line else tag("rect", x=4, y=0, width=14, height=14, class_=f"s{look}")
    )  # fmt: skip
    return tag("svg", mark, class_="swatch", viewBox="0 0 22 14", width=22, height=14, aria_hidden="true")


def legend(entries: Iterable[tuple[str, int, bool]]) -> Markup:
    """A list of (label, look, is a line)."""
    return tag("ul", join(tag("li", swatch(look, line), tag("span", label)) for label, look, line in entries), class_="legend")
