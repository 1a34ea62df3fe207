"""A tornado chart: what a figure comes to where one thing is lower, and where it is higher; the widest above."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from planner.answer.page.markup import Markup, join, tag
from planner.answer.page.scale import decimals_of, short, shortened, text_width, ticks
from planner.language.language import Language

#: Right margin, top margin, height of a bar and of the axis with what it shows.
RIGHT, TOP, BAR, AXIS = 24.0, 44.0, 16.0, 42.0
#: Font size, and space between a bar and its value   px.
LETTERS, SPACE = 12.0, 4.0

#: What a bar is of, what the figure comes to with it lower, and higher (money).
Bar = tuple[str, float, float]


@dataclass(frozen=True)
class TornadoSize:
    """Width of the chart, where its bars begin, and height of a row; names stand beside the bars, or above them."""

    kind: str
    wide: float
    left: float
    row: float
    is_above: bool


#: For a wide and a narrow window; the style sheet shows the one that fits.
SIZES = (TornadoSize("wide", 680.0, 290.0, 26.0, False), TornadoSize("narrow", 345.0, 10.0, 40.0, True))


@dataclass(frozen=True)
class Tornado:
    """Bars from a figure as it is (`now`) to what it comes to (money). `axis`: what the figure is."""

    bars: Sequence[Bar]
    now: float
    axis: str
    money: tuple[str, float]
    language: Language
    title: str


def tornado(chart: Tornado) -> Markup:
    """The chart, drawn for a wide and a narrow window."""
    return join([_drawn(chart, size) for size in SIZES])


def _drawn(chart: Tornado, at_size: TornadoSize) -> Markup:
    (unit, size), language, row = chart.money, chart.language, at_size.row
    now = chart.now / size
    values = [v / size for _, low, high in chart.bars for v in (low, high)]
    along = ticks(min(0.0, *values), max(*values, now))
    bottom, decimals = TOP + row * len(chart.bars), decimals_of(along)
    beside = SPACE + max(text_width(language.number(v, 1), LETTERS) for v in (*values, now))
    first, last = at_size.left + beside, at_size.wide - RIGHT - beside

    def x(value: float) -> float:
        return first + (last - first) * (value - along[0]) / (along[-1] - along[0])

    parts = [tag("line", x1=short(x(v)), x2=short(x(v)), y1=TOP, y2=bottom, class_="grid") for v in along]
    parts += [tag("text", language.number(v, decimals), x=short(x(v)), y=bottom + 18, class_="t mid") for v in along]
    for i, (name, low, high) in enumerate(chart.bars):
        top = TOP + row * i + (row - BAR - 2 if at_size.is_above else (row - BAR) / 2)
        parts.append(_name(name, at_size, top))
        ends = [(v / size, language.number(v / size, 1)) for v in (low, high)]
        for look, (value, shown) in zip(("s0", "s1"), ends, strict=True):
            begins, ends_at = sorted((x(now), x(value)))
            place = {"x": short(begins), "y": short(top), "width": short(max(ends_at - begins, 0.5)), "height": BAR}
            parts.append(tag("rect", tag("title", f"{name}: {shown} {unit}"), **place, class_=look))
        for at, end, shown in _values(sorted(ends), x, now):
            parts.append(tag("text", shown, x=short(at), y=short(top + BAR - 4), class_=f"t over {end}".strip()))
    parts += [*_reference(chart, x(now), bottom, at_size), *_legend(language)]
    parts.append(tag("text", f"{chart.axis} [{unit}]", x=short((first + last) / 2), y=bottom + 36, class_="t mid unit"))
    return tag(
        "svg",
        tag("title", f"{chart.title} [{unit}]"),
        *parts,
        viewBox=f"0 0 {at_size.wide:.0f} {bottom + AXIS:.0f}",
        role="img",
        aria_label=chart.title,
        class_=f"tornado {at_size.kind}",
        width="100%",
    )


def _values(ends: Sequence[tuple[float, str]], x: Callable[[float], float], now: float) -> Iterator[tuple[float, str, str]]:
    """Where the lesser and the larger value of a bar stand, the class of their texts, and the values: outside the bar, on both
    sides of the line. The figure as it is stands at the line already."""
    (low, shown_low), (high, shown_high) = ends
    if low != now:
        yield x(min(low, now)) - SPACE, "end", shown_low
    if high != now:
        yield x(max(high, now)) + SPACE, "", shown_high


def _reference(chart: Tornado, at: float, bottom: float, at_size: TornadoSize) -> Iterator[Markup]:
    """The line of the figure as it is, and its value above it."""
    unit, size = chart.money
    yield tag("line", x1=short(at), x2=short(at), y1=TOP - 4, y2=bottom, stroke="currentColor", stroke_width=1.5)
    words = chart.language.translate("as planned: {money}", money=f"{chart.language.number(chart.now / size, 1)} {unit}")
    half = text_width(words, LETTERS) / 2
    middle = min(max(at, half), at_size.wide - half)
    yield tag("text", words, x=short(middle), y=TOP - 9, class_="t mid")


def _legend(language: Language) -> Iterator[Markup]:
    for i, (look, words) in enumerate((("s0", language.translate("lower")), ("s1", language.translate("higher")))):
        yield tag("rect", x=8 + 100 * i, y=6, width=14, height=12, class_=look)
        yield tag("text", words, x=28 + 100 * i, y=16, class_="t")


def _name(name: str, size: TornadoSize, top: float) -> Markup:
    """What changes, beside its bar or above it."""
    if size.is_above:
        shown = shortened(name, LETTERS, size.wide - size.left - RIGHT)
        return tag("text", tag("title", name), shown, x=size.left, y=short(top - 5), class_="t over")
    shown = shortened(name, LETTERS, size.left - 16)
    return tag("text", tag("title", name), shown, x=size.left - 8, y=short(top + 13), class_="t end")
