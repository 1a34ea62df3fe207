"""A tornado chart: what a figure comes to where one thing is lower, and where it is higher; the widest above."""

from __future__ import annotations

from collections.abc import Sequence

from planner.language.language import Language
from planner.report.page.markup import Markup, tag
from planner.report.page.scale import decimals_of, short, shortened, ticks

#: Sizes of the chart: width, left and right margin, top margin, height of a row, of a bar and of the axis. Legible on a telephone.
WIDE, LEFT, RIGHT, TOP, ROW, BAR, AXIS = 600.0, 240.0, 24.0, 26.0, 26.0, 16.0, 26.0


def tornado(
    bars: Sequence[tuple[str, float, float]], now: float, money: tuple[str, float], language: Language, title: str
) -> Markup:
    """Bars from the figure as it is to what it comes to with each thing lower (left in the legend) and higher (money)."""
    unit, size = money
    values = [v / size for _, low, high in bars for v in (low, high)]
    along = ticks(min(0.0, *values), max(*values, now / size))
    height = TOP + ROW * len(bars) + AXIS

    def x(value: float) -> float:
        return LEFT + (WIDE - LEFT - RIGHT) * (value - along[0]) / (along[-1] - along[0])

    bottom, decimals = TOP + ROW * len(bars), decimals_of(along)
    parts = [tag("line", x1=short(x(v)), x2=short(x(v)), y1=TOP, y2=bottom, class_="grid") for v in along]
    parts += [tag("text", language.number(v, decimals), x=short(x(v)), y=bottom + 18, class_="t mid") for v in along]
    for i, (name, low, high) in enumerate(bars):
        top = TOP + ROW * i + (ROW - BAR) / 2
        parts.append(tag("text", tag("title", name), shortened(name, 12, LEFT - 16), x=LEFT - 8, y=short(top + 13), class_="t end"))
        for look, value in (("s0", low), ("s1", high)):
            left, right = sorted((x(now / size), x(value / size)))
            words = f"{name}: {language.number(value / size, 1)} {unit}"
            place = {"x": short(left), "y": short(top), "width": short(max(right - left, 0.5)), "height": BAR}
            parts.append(tag("rect", tag("title", words), **place, class_=look))
    at = short(x(now / size))
    parts.append(tag("line", x1=at, x2=at, y1=TOP - 4, y2=bottom, stroke="currentColor", stroke_width=1.5))
    for i, (look, words) in enumerate((("s0", language.translate("lower")), ("s1", language.translate("higher")))):
        parts.append(tag("rect", x=8 + 100 * i, y=6, width=14, height=12, class_=look))
        parts.append(tag("text", words, x=28 + 100 * i, y=16, class_="t"))
    parts.append(tag("text", unit, x=WIDE - RIGHT, y=16, class_="t end unit"))
    return tag(
        "svg",
        tag("title", f"{title} [{unit}]"),
        *parts,
        viewBox=f"0 0 {WIDE:.0f} {height:.0f}",
        role="img",
        aria_label=title,
        class_="tornado",
        width="100%",
    )
