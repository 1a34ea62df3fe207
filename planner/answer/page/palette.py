"""Colours of kinds of things: one hue a kind, fixed, in shades for the things of that kind; and colours for all else.

A look is a number: the first are for what has no kind, then come the shades of each kind. The first eight plain colours are
those of Okabe and Ito. Dark pages take the same hues, lighter.
"""

from __future__ import annotations

from planner.tables.output import KINDS

#: Colours of what has no kind.
PLAIN = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#cc79a7",
    "#56b4e9",
    "#d55e00",
    "#f0e442",
    "#8a8f98",
    "#b8a9e3",
    "#8c6d46",
    "#a6d96a",
    "#3f6f8f",
    "#e8a7a0",
    "#5b5ea6",
    "#7fd6cb",
    "#a34a28",
)
#: Shades of each kind, the first for the first thing of it.
SHADES = {
    "sun": ("#e6a700", "#f7d264", "#b07d00", "#fbe7ae"),
    "wind": ("#1f9ec9", "#86cde9", "#0d6889", "#c1e5f3"),
    "water": ("#2456b8", "#7499e0", "#153a80", "#b3c8f1"),
    "power": ("#4a6fa5", "#96b0d3", "#2f4a74", "#c6d4e8"),
    "contract": ("#2f9e6e", "#7fcba8", "#1b6747", "#bce4d2"),
    "storage": ("#7a55c7", "#ae96e3", "#513391", "#d5c9f3"),
    "heat": ("#d6453d", "#ec918b", "#962822", "#f5c2be"),
    "cold": ("#23b5b0", "#86d9d5", "#117572", "#c2edeb"),
    "gas": ("#e07b1f", "#f2b27a", "#a0530f", "#f8d7b7"),
    "coal": ("#4a413d", "#857a75", "#2a2422", "#b5aca8"),
    "biomass": ("#6a9a2d", "#a6c876", "#476a1b", "#d0e3b4"),
    "hydrogen": ("#c2449a", "#de93c4", "#842867", "#f0c5e1"),
    "capture": ("#7d3c5d", "#b8879f", "#52243c", "#dcc0ce"),
    "land": ("#2e7d32", "#81b884", "#1a5120", "#bad9bc"),
    "credit": ("#b08a3e", "#d3b985", "#7b5e24", "#e9dabb"),
    "certificate": ("#b07cc6", "#d3b3e1", "#7b4b92", "#e8d7ef"),
    "measure": ("#c98b6b", "#e3baa5", "#915d3e", "#f2d6c8"),
    "demand": ("#8391a0", "#b3bec9", "#586470", "#d1d8df"),
    "other": ("#a0a0a0", "#cacaca", "#767676", "#e0e0e0"),
}
#: How many shades a kind has; number of all looks.
EACH = 4
COUNT = len(PLAIN) + EACH * len(KINDS)
#: Share of white in the colours of a dark page; the same in all, so that shades of a kind stay as far apart.
LIGHTER = 0.3


def looks_of(kind: str | None) -> range:
    """The looks of a kind of thing; the plain ones for what has none."""
    if kind not in KINDS:
        return range(len(PLAIN))
    first = len(PLAIN) + EACH * KINDS.index(kind)
    return range(first, first + EACH)


def colours() -> list[str]:
    """The colour of each look."""
    return [*PLAIN, *(shade for kind in KINDS for shade in SHADES[kind])]


def lighter(colour: str) -> str:
    """A colour for a dark page."""
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(p + LIGHTER * (255 - p)):02x}" for p in parts)


def palette_css() -> str:
    """Variables and classes of the looks: `--kN` its colour, `--fN` what fills it, that or its pattern.

    Patterns are for print, and where a reader asks for them.
    """
    light = "".join(f"--k{i}:{c};" for i, c in enumerate(colours()))
    dark = "".join(f"--k{i}:{lighter(c)};" for i, c in enumerate(colours()))
    plain = "".join(f"--f{i}:var(--k{i});" for i in range(COUNT))
    patterns = "".join(f"--f{i}:url(#p{i});" for i in range(COUNT))
    classes = "".join(f".k{i}{{fill:var(--k{i})}}.s{i}{{fill:var(--f{i})}}" for i in range(COUNT))
    return (
        f":root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}@media print{{:root{{{light}}}}}"
        f"body{{{plain}}}body:has(#patterns:checked){{{patterns}}}@media print{{body{{{patterns}}}}}{classes}\n"
    )
