"""Looks of series: a colour of its kind for each, and a pattern, so that they are told apart in black and white too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from planner.answer.page.markup import Markup, tag
from planner.answer.page.palette import COUNT, EACH, PLAIN, looks_of

#: Size of a pattern's tile.
TILE = 8
#: Lines of the patterns over the colour, as SVG paths; the first look is plain.
HATCHES = (
    "",
    "M0 8L8 0M-2 2L2 -2M6 10L10 6",
    "M2 2h1.5M6 6h1.5",
    "M0 4h8",
    "M0 0L8 8M-2 6L2 10M6 -2L10 2",
    "M4 0v8",
    "M0 0L8 8M0 8L8 0",
    "M0 2h8M0 6h8",
    "M2 0v8M6 0v8",
    "M4 0v8M0 4h8",
    "M1 4h4",
    "M4 1v4",
    "M2 2h2v2h-2z",
    "M0 4L4 0L8 4",
    "M4 2a2 2 0 1 0 .1 0z",
    "M0 8L4 4L0 0",
)
#: Dashes of lines.
DASHES = ("", "7 4", "2 3", "10 3 2 3", "4 2", "1 4")


class Styles:
    """Gives every name a look of its kind, the same in all charts of a page as far as two of one chart do not collide.

    kinds  name -> kind of thing; what has none takes the plain looks
    """

    def __init__(self, kinds: Mapping[str, str] | None = None) -> None:
        self.kinds = dict(kinds or {})
        #: How many names of each kind have a look.
        self._counts: dict[str | None, int] = {}
        #: Name -> the name whose look it has too: what a thing takes beside what it gives.
        self._same: dict[str, str] = {}
        #: Looks of each name, the one it has wherever it can first, then those that it had where that was taken.
        self._liked: dict[str, list[int]] = {}
        for name in self.kinds:
            self._know(name)

    def of(self, names: Iterable[str]) -> dict[str, int]:
        """Number of the look of each name of a chart, all different while there are no more things than looks.

        Of two that want the same look the one that was on the page first has it; nobody else's is taken instead.
        """
        wanted = list(dict.fromkeys(names))
        looks = self._of(dict.fromkeys(self._same.get(name, name) for name in wanted))
        return {name: looks[self._same.get(name, name)] for name in wanted}

    def named(self, looks: Mapping[str, int]) -> dict[str, int]:
        """The looks that a legend names: a thing that gives and takes stands there once."""
        return {name: look for name, look in looks.items() if self._same.get(name) not in looks}

    def _of(self, shown: Mapping[str, None]) -> dict[str, int]:
        """Looks of things, each of its own."""
        for name in shown:
            self._know(name)
        known = [name for name in self._liked if name in shown]
        taken: dict[str, int] = {}
        for name in known:
            if self._liked[name][0] not in taken.values():
                taken[name] = self._liked[name][0]
        for name in known:
            if name not in taken:
                taken[name] = self._other(name, set(taken.values()))
        return {name: taken[name] for name in shown}

    def _know(self, name: str) -> None:
        """Give a name the next look of its kind, if it has none."""
        if name not in self._liked:
            kind = self.kinds.get(name)
            looks, count = looks_of(kind), self._counts.get(kind, 0)
            self._liked[name], self._counts[kind] = [looks[count % len(looks)]], count + 1

    def like(self, name: str, other: str) -> None:
        """A name has the look of another one: it is the same thing on the other side of zero."""
        self._same[name] = other

    def _other(self, name: str, taken: set[int]) -> int:
        """A look for a name whose own one is taken: one that it had before, else a free one."""
        liked = self._liked[name]
        free = [i for i in (*liked, *looks_of(self.kinds.get(name)), *range(COUNT)) if i not in taken]
        if free and free[0] not in liked:
            liked.append(free[0])
        return free[0] if free else liked[0]


def pattern_definitions() -> Markup:
    """The patterns, once in a page; marks take them by class."""
    patterns = []
    for i in range(COUNT):
        hatch = HATCHES[_hatch(i)]
        lines = tag("path", d=hatch, class_="hatch") if hatch else None
        ground = tag("rect", width=TILE, height=TILE, class_=f"k{i}")
        patterns.append(tag("pattern", ground, lines, id=f"p{i}", width=TILE, height=TILE, patternUnits="userSpaceOnUse"))
    return tag("svg", tag("defs", *patterns), class_="patterns", width=0, height=0, aria_hidden="true")


def _hatch(look: int) -> int:
    """Which pattern a look has: the shades of a kind have different ones, and so have the first of each kind."""
    kind, shade = divmod(look - len(PLAIN), EACH)
    return look if look < len(PLAIN) else (kind + 5 * shade) % len(HATCHES)


def swatch(look: int, line: bool = False) -> Markup:
    """A sample of a look for a legend."""
    mark = (
        tag("line", x1=0, y1=7, x2=22, y2=7, class_=f"l l{look}", stroke_dasharray=DASHES[look % len(DASHES)] or None)
        if line
        else tag("rect", x=4, y=0, width=14, height=14, class_=f"s{look}")
    )
    return tag("svg", mark, class_="swatch", viewBox="0 0 22 14", width=22, height=14, aria_hidden="true")


def legend(entries: Iterable[tuple[str, int, bool]], *more: Markup | None) -> Markup:
    """A list of (label, look, is a line), and `more` of its items."""
    return tag("ul", *(tag("li", swatch(look, line), tag("span", label)) for label, look, line in entries), *more, class_="legend")
