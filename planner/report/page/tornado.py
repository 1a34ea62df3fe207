"""A tornado chart: what a figure comes to where one thing is lower, and where it is higher; the widest above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planner.language.language import Language
from planner.report.page.markup import Markup, join, tag
from planner.report.page.scale import decimals_of, short, shortened, ticks

#: Right margin, top margin, height of a bar and of the axis.
RIGHT, TOP, BAR, AXIS = 24.0, 26.0, 16.0, 26.0


@dataclass(frozen=True)
class TornadoSize:
    """Width of the chart, where its bars begin, and height of a row; names stand beside the bars, or above them."""

    kind: str
    wide: float
    left: float
    row: float
    is_above: bool


#: For a wide and a narrow window; the style sheet shows the one that fits.
SIZES = (TornadoSize("wide", 600.0, 260.0, 26.0, False), TornadoSize("narrow", 345.0, 10.0, 40.0, True))


def tornado(
    bars: Sequence[tuple[str, float, float]], now: float, money: tuple[str, float], language: Language, title: str
) -> Markup:
    """Bars from the figure as it is to what it comes to with each thing lower (left in the legend) and higher (money); drawn for a
    wide and a narrow window."""
    return join([_drawn(bars, now, money, language, title, size) for size in SIZES])


def _drawn(
    bars: Sequence[tuple[str, float, float]],
    now: float,
    money: tuple[str, float],
    language: Language,
    title: str,
    at_size: TornadoSize,
) -> Markup:
    unit, size = money
    wide, left, row = at_size.wide, at_size.left, at_size.row
    values = [v / size for _, low, high in bars for v in (low, high)]
    along = ticks(min(0.0, *values), max(*values, now / size))
    bottom, decimals = TOP + row * len(bars), decimals_of(along)

    def x(value: float) -> float:
        return left + (wide - left - RIGHT) * (value - along[0]) / (along[-1] - along[0])

    parts = [tag("line", x1=short(x(v)), x2=short(x(v)), y1=TOP, y2=bottom, class_="grid") for v in along]
    parts += [tag("text", language.number(v, decimals), x=short(x(v)), y=bottom + 18, class_="t mid") for v in along]
    for i, (name, low, high) in enumerate(bars):
        top = TOP + row * i + (row - BAR - 2 if at_size.is_above else (row - BAR) / 2)
        parts.append(_name(name, at_size, top))
        for look, value in (("s0", low), ("s1", high)):
            begins, ends = sorted((x(now / size), x(value / size)))
            words = f"{name}: {language.number(value / size, 1)} {unit}"
            place = {"x": short(begins), "y": short(top), "width": short(max(ends - begins, 0.5)), "height": BAR}
            parts.append(tag("rect", tag("title", words), **place, class_=look))
    at = short(x(now / size))
    parts.append(tag("line", x1=at, x2=at, y1=TOP - 4, y2=bottom, stroke="currentColor", stroke_width=1.5))
    for i, (look, words) in enumerate((("s0", language.translate("lower")), ("s1", language.translate("higher")))):
        parts.append(tag("rect", x=8 + 100 * i, y=6, width=14, height=12, class_=look))
        parts.append(tag("text", words, x=28 + 100 * i, y=16, class_="t"))
    parts.append(tag("text", unit, x=wide - RIGHT, y=16, class_="t end unit"))
    return tag(
        "svg",
        tag("title", f"{title} [{unit}]"),
        *parts,
        viewBox=f"0 0 {wide:.0f} {bottom + AXIS:.0f}",
        role="img",
        aria_label=title,
        class_=f"tornado {at_size.kind}",
        width="100%",
    )


def _name(name: str, size: TornadoSize, top: float) -> Markup:
    """What changes, beside its bar or above it."""
    if size.is_above:
        shown = shortened(name, 12, size.wide - size.left - RIGHT)
        return tag("text", tag("title", name), shown, x=size.left, y=short(top - 5), class_="t over")
    return tag("text", tag("title", name), shortened(name, 12, size.left - 16), x=size.left - 8, y=short(top + 13), class_="t end")
