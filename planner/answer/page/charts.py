"""Scales and text sizes: what is needed to place marks and labels without a browser."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple
from unicodedata import east_asian_width

import numpy as np
import pandas as pd

from planner.answer.page.table import DASHES, Markup, Styles, explained, frame_table, join, leading, legend, scroll, tag, titled
from planner.language.language import Language

#: Width of a letter of a Latin and of a Chinese text, as a share of its size; on the safe side.
NARROW_LETTER, WIDE_LETTER = 0.58, 1.02


def text_width(words: str, size: float) -> float:
    """Width of a text in pixels."""
    return size * sum(WIDE_LETTER if east_asian_width(c) in "WF" else NARROW_LETTER for c in words)


def shortened(words: str, size: float, room: float) -> str:
    """A text that fits, with an ellipsis where letters had to go."""
    if text_width(words, size) <= room:
        return words
    while words and text_width(words + "…", size) > room:
        words = words[:-1]
    return words + "…"


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers that enclose low and high, about `count` of them; always 0 where it lies between."""
    if not high > low:
        high = low + 1.0
    rough = (high - low) / max(count - 1, 1)
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(m * size for m in (1, 2, 2.5, 5, 10) if m * size >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 12) for i in range(first, last + 1)]


def decimals_of(values: Sequence[float]) -> int:
    """Decimals that tell the values of an axis apart."""
    step = min((abs(b - a) for a, b in pairwise(values) if b != a), default=1.0)
    return next((d for d in range(7) if abs(round(step, d) - step) < 1e-9 * step), 6)


def shown_every(labels: Sequence[str], size: float, room: float) -> int:
    """Every which label of a row of equal places, each `room` wide, can be shown without touching the next."""
    widest = max((text_width(label, size) for label in labels), default=0.0) + size * 0.6
    needed = max(1, math.ceil(widest / room))
    return next((n for n in (1, 2, 5, 10, 20, 50) if n >= needed), needed)


def short(value: float) -> str:
    """A coordinate with one decimal."""
    return f"{value:.1f}".removesuffix(".0")


# --- frame -----------------------------------------------------------------------------------------------------------------
# The frame of a chart over years or hours: scales, grid and axes of one drawing.

#: Size of the text of charts, in the units of their view box.
SIZE = 12
#: How far an axis goes on beyond the values, as a share of all.
BEYOND = 0.03
#: Width and height of a chart: two stand side by side on a screen, one fills that of a telephone.
WIDTH, HEIGHT = 420.0, 250.0
#: The same of hours one after the other, which scroll in a narrow window, and of those without stacks; where their hours begin, so
#: that an hour stands at one place in pictures one above the other; hours of a day.
WIDE, FLOWS, LINES, LEFT, DAY = 920.0, 300.0, 200.0, 60.0, 24


@dataclass(frozen=True)
class Frame:
    """Where things stand in one drawing.

    width, height   of the view box
    left, right, top, bottom   of the area of marks
    low, high       values at its bottom and at its top
    marks           values of the horizontal grid lines, lowest first
    count           equal places along the horizontal axis
    """

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    low: float
    high: float
    marks: tuple[float, ...]
    count: int

    def y(self, value: float) -> float:
        """Vertical place of a value."""
        return self.bottom - (value - self.low) / (self.high - self.low) * (self.bottom - self.top)

    @property
    def band(self) -> float:
        """Width of one place along the horizontal axis."""
        return (self.right - self.left) / self.count

    def x(self, place: float) -> float:
        """Horizontal middle of a place, counted from 0."""
        return self.left + (place + 0.5) * self.band


def frame_of(width: float, height: float, low: float, high: float, count: int, language: Language) -> Frame:
    """A frame that holds values from low to high, and 0, with room for the numbers beside it.

    It ends a little beyond the values, at the latest at the next grid line.
    """
    marks = ticks(min(low, 0.0), max(high, 0.0), 6 if height >= 240 else 4)
    beyond = BEYOND * (marks[-1] - marks[0])
    bottom, top = max(marks[0], min(low - beyond, 0.0)), min(marks[-1], max(high + beyond, 0.0))
    inside = [v for v in marks if bottom <= v <= top]
    if len(inside) > 1:
        marks = inside
    else:
        bottom, top = marks[0], marks[-1]
    widest = max(text_width(language.number(v, decimals_of(marks)), SIZE) for v in marks)
    return Frame(width, height, widest + 8, width - 4, 24, height - 22, bottom, top, tuple(marks), max(count, 1))


def axes(frame: Frame, labels: Sequence[str], unit: str, language: Language) -> Markup:
    """Grid lines with their numbers, the unit above them, and the labels below."""
    decimals = decimals_of(frame.marks)
    parts, lines = [tag("text", unit, x=2, y=13, class_="t unit")], {"grid": "", "zero": ""}
    for value in frame.marks:
        y = short(frame.y(value))
        lines["zero" if value == 0 else "grid"] += f"M{short(frame.left)} {y}H{short(frame.right)}"
        shown = language.number(value, decimals)
        parts.append(tag("text", shown, x=short(frame.left - 5), y=short(frame.y(value) + 4), class_="t end"))
    parts += [tag("path", d=path, class_=name) for name, path in lines.items() if path]
    places = _shown_labels(labels, shown_every(labels, SIZE, frame.band))
    for i, label in enumerate(labels):
        if label and i in places:
            half = text_width(label, SIZE) / 2
            x = min(max(frame.x(i), half), frame.width - half)
            parts.append(tag("text", label, x=short(x), y=short(frame.height - 6), class_="t mid"))
    return tag("g", *parts, aria_hidden="true", data_left=short(frame.left), data_right=short(frame.right))


def _shown_labels(labels: Sequence[str], every: int) -> set[int]:
    """Places of the labels that are shown: every second of years, or where there is no room the first, the last and round ones."""
    if every <= 2 or not all(label.isdigit() for label in labels):
        return set(range(0, len(labels), every))
    last, apart, step = len(labels) - 1, (every + 1) // 2, max(every, 5)
    return {0, last} | {i for i, label in enumerate(labels) if int(label) % step == 0 and apart <= i <= last - apart}


def drawing(content: object, width: float, height: float, label: str, class_: str = "") -> Markup:
    """An SVG picture with its name for those who cannot see it."""
    box = f"0 0 {short(width)} {short(height)}"
    return tag("svg", content, class_=f"chart {class_}".strip(), viewBox=box, role="img", aria_label=label)


def figure(
    pictures: object, title: str, *around: object, note: object = None, class_: str = "", id_: str | None = None, finding: str = ""
) -> Markup:
    """A chart with what it shows and its title above, its legend and its table below."""
    caption = tag("figcaption", titled(title, finding), tag("p", note, class_="note") if note else None)
    return tag("figure", caption, pictures, *around, class_=class_ or None, id=id_)


# --- bars ------------------------------------------------------------------------------------------------------------------
# Charts over the years: stacked bars, lines over them, and limits as dashes over each year.

#: Share of a year's place that its bar takes.
BAR = 0.76
#: Height of a chart of lines that have their names beside them.
NAMED = 200.0
#: Share of a chart's width that names of lines beside it take at most.
MARGIN = 0.3
#: Up to so many years of a line have a dot.
FEW = 10
#: Dashes of limits.
LIMITS = ("", "5 3", "2 2")


@dataclass(frozen=True)
class YearChart:
    """What a chart over the years shows. Frames have the years as index and one column a series.

    bars    stacked: what is above 0 upwards, what is below downwards; side by side where they are grouped
    lines   drawn over the bars
    limits  dashes over the years that have one; NaN where there is none
    labels  what a series is called, where not by its name
    note, more   a caption of a line, and what else is to be known, behind the chart
    first    what the places are, where they are no years: each value then holds over its place, as a step
    wide     hours one after the other, whose index begins with the day: as wide as the page, stacks in steps, without a table
    finding  what it shows; where none is given, which of several stacked parts is largest in the end
    """

    title: str
    unit: str
    bars: pd.DataFrame = field(default_factory=pd.DataFrame)
    lines: pd.DataFrame = field(default_factory=pd.DataFrame)
    limits: pd.DataFrame = field(default_factory=pd.DataFrame)
    labels: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    more: str = ""
    finding: str = ""
    grouped: bool = False
    first: str | None = None
    wide: bool = False

    def label(self, name: str) -> str:
        """What a series is called."""
        return self.labels.get(name, name)

    @property
    def is_named_at_ends(self) -> bool:
        """Whether each line has its name where it ends, in place of a legend: a few lines alone over the years, whose names fit."""
        names, room = [self.label(str(c)) for c in self.lines.columns], WIDTH * MARGIN
        is_alone = not self.wide and not self.first and not self.bars.columns.size and 1 < len(names) <= len(DASHES)
        return is_alone and max(text_width(name, SIZE) for name in names) <= room

    @cached_property
    def whole(self) -> pd.DataFrame:
        """All series side by side."""
        frames = [f for f in (self.bars, self.lines, self.limits) if f.columns.size]
        return pd.concat(frames, axis=1) if frames else pd.DataFrame()


def year_figure(chart: YearChart, styles: Styles, language: Language) -> Markup:
    """The chart with its legend and its table."""
    looks, is_named = styles.of([str(c) for c in chart.bars.columns]), chart.is_named_at_ends
    line_looks = {str(c): i for i, c in enumerate(chart.lines.columns)}
    entries = [(chart.label(name), look, False) for name, look in styles.named(looks).items()]
    entries += [] if is_named else [(chart.label(name), look, True) for name, look in line_looks.items()]
    key = legend(entries, _limit_key(chart) if chart.limits.columns.size else None)
    label = f"{chart.title} [{chart.unit}]"
    if chart.wide:
        high = FLOWS if chart.bars.columns.size else LINES
        picture = drawing(_draw(chart, looks, line_looks, language, WIDE, high), WIDE, high, label, "hours")
        return figure(
            scroll(picture, chart.title, "picture"), chart.title, key, note=chart.note, class_="full", finding=chart.finding
        )
    high = NAMED if is_named else HEIGHT
    picture = drawing(_draw(chart, looks, line_looks, language, WIDTH, high), WIDTH, high, label)
    behind = frame_table(chart.whole, chart.unit, chart.title, language, chart.label, chart.first)
    more = explained(chart.more, language) if chart.more else None
    finding = chart.finding or ("" if chart.grouped else leading(chart.bars.rename(columns=chart.label), chart.unit, language))
    return figure(picture, chart.title, key, more, behind, note=chart.note or None, finding=finding)


def _limit_key(chart: YearChart) -> Markup:
    """Entries of the legend for the limits."""
    entries = []
    for i, name in enumerate(chart.limits.columns):
        dash = tag("path", d="M1 7h20", class_="limit", stroke_dasharray=LIMITS[i % len(LIMITS)] or None)
        sample = tag("svg", dash, class_="swatch", viewBox="0 0 22 14", width=22, height=14, aria_hidden="true")
        entries.append(tag("li", sample, chart.label(str(name))))
    return join(entries)


def _draw(
    chart: YearChart, looks: Mapping[str, int], line_looks: Mapping[str, int], language: Language, width: float, height: float
) -> Markup:
    years = list(chart.whole.index)
    bars = chart.bars.fillna(0.0).to_numpy(dtype=float)
    stacks = np.maximum(bars, 0.0).sum(axis=1), np.minimum(bars, 0.0).sum(axis=1)
    if chart.grouped and bars.size:
        stacks = bars.max(axis=1), bars.min(axis=1)
    over = [f.to_numpy(dtype=float) for f in (chart.lines, chart.limits) if f.columns.size]
    points = [*stacks[0], *stacks[1], *(v for a in over for v in a.ravel() if math.isfinite(v))]
    frame = frame_of(width, height, min(points, default=0.0), max(points, default=1.0), len(years), language)
    if chart.is_named_at_ends:
        widest = max(text_width(chart.label(str(name)), SIZE) for name in chart.lines.columns)
        frame = replace(frame, right=width - widest - 8)
    labels, places, nights = [str(y) for y in years], frame, ""
    if chart.wide:
        frame = replace(frame, left=max(frame.left, LEFT))
        labels, places = [label.split()[0] for label in labels[::DAY]], replace(frame, count=max(len(years) // DAY, 1))
        edges = (short(frame.left + i * places.band) for i in range(1, len(labels)))
        nights = "".join(f"M{x} {short(frame.top)}V{short(frame.bottom)}" for x in edges)
    return join(
        [
            tag("path", d=nights, class_="grid") if nights else None,
            axes(places, labels, chart.unit, language),
            join(_areas(chart, looks, frame) if chart.wide else _bars(chart, looks, frame)),
            join(_limits(chart, frame)),
            join(_lines(chart, line_looks, frame)),
            join(_names_at_ends(chart, line_looks, frame)) if chart.is_named_at_ends else None,
        ]
    )


def _bars(chart: YearChart, looks: Mapping[str, int], frame: Frame) -> Iterator[Markup]:
    """A shape a series, as a browser prints the pattern of each as a picture. The table has the values, which the pointer reads."""
    wide = frame.band * BAR
    thick = wide / max(len(chart.bars.columns), 1) if chart.grouped else wide
    paths: dict[str, list[str]] = {str(name): [] for name in chart.bars.columns}
    for i, (_, row) in enumerate(chart.bars.iterrows()):
        up = down = 0.0
        for n, (name, value) in enumerate(row.items()):
            if not value:
                continue
            start = 0.0 if chart.grouped else up if value > 0 else down
            up, down = (start + value, down) if value > 0 else (up, start + value)
            top, bottom = sorted((frame.y(start), frame.y(start + value)))
            if bottom - top >= 0.05:
                x = short(frame.x(i) - wide / 2 + (n * thick if chart.grouped else 0.0))
                paths[str(name)].append(f"M{x} {top:.2f}h{short(thick)}v{bottom - top:.2f}H{x}z")
    yield from (tag("path", d="".join(path), class_=f"s{looks[name]} edge") for name, path in paths.items() if path)


def _areas(chart: YearChart, looks: Mapping[str, int], frame: Frame) -> Iterator[Markup]:
    """Stacks of steps, one place an hour: what is above zero upwards, what is below downwards."""
    for sign in (1, -1):
        base = np.zeros(len(chart.bars))
        for name in chart.bars.columns:
            size = (sign * chart.bars[name]).clip(lower=0).to_numpy()
            if size.max(initial=0.0) > 0:
                there, back = (_steps(frame, values) for values in (base + sign * size, base))
                corners = [*there, *reversed(back)]
                path = "".join(f"V{y}" if x == before else f"H{x}" for (before, _), (x, y) in pairwise(corners))
                begin = " ".join(corners[0])
                yield tag("path", tag("title", str(name)), d=f"M{begin}{path}Z", class_=f"s{looks[str(name)]}")
            base = base + sign * size


def _steps(frame: Frame, values: np.ndarray) -> list[tuple[str, str]]:
    """The corners of a line of steps; a level stretch has two."""
    found = list[tuple[str, str]]()
    for i, value in enumerate(values.tolist()):
        y = short(frame.y(value))
        left, right = ((short(frame.left + n * frame.band), y) for n in (i, i + 1))
        if found and found[-1][1] == y:
            found[-1] = right
        else:
            found += [left, right]
    return found


def _lines(chart: YearChart, looks: Mapping[str, int], frame: Frame) -> Iterator[Markup]:
    for name in reversed(chart.lines.columns):
        values = [(i, v) for i, v in enumerate(chart.lines[name]) if math.isfinite(v)]
        look = looks[str(name)]
        beside = (-frame.band / 2, frame.band / 2) if chart.first and not chart.wide else (0.0,)
        path = " ".join(f"{short(frame.x(i) + d)},{short(frame.y(v))}" for i, v in values for d in beside)
        yield tag("polyline", points=path, class_="halo")
        yield tag("polyline", points=path, class_=f"l l{look}", stroke_dasharray=DASHES[look % len(DASHES)] or None)
        if len(values) <= FEW and not chart.first:
            yield from (tag("circle", cx=short(frame.x(i)), cy=short(frame.y(v)), r=2.6, class_=f"m m{look}") for i, v in values)


def _names_at_ends(chart: YearChart, looks: Mapping[str, int], frame: Frame) -> Iterator[Markup]:
    """The name of each line beside its last value, the names a line of text apart."""
    ends = {str(name): frame.y(float(values.iloc[-1])) for name in chart.lines if len(values := chart.lines[name].dropna())}
    lowest = frame.bottom + SIZE
    for left, (name, y) in zip(range(len(ends), 0, -1), sorted(ends.items(), key=lambda each: -each[1]), strict=True):
        lowest = max(min(y, lowest - SIZE - 1), frame.top + (left - 1) * (SIZE + 1))
        place = {"x": short(frame.right + 3), "y": short(lowest + 4)}
        yield tag("text", chart.label(name), **place, class_=f"t m{looks[name]}", aria_hidden="true")


def _limits(chart: YearChart, frame: Frame) -> Iterator[Markup]:
    half = frame.band * 0.48
    for n, name in enumerate(chart.limits.columns):
        dashes = (
            f"M{short(frame.x(i) - half)} {short(frame.y(v))}h{short(2 * half)}"
            for i, v in enumerate(chart.limits[name])
            if math.isfinite(v)
        )
        yield tag("path", d="".join(dashes), class_="limit", stroke_dasharray=LIMITS[n % len(LIMITS)] or None)


# --- ranges ----------------------------------------------------------------------------------------------------------------
# Bars from a low to a high, a row each, split where the figure is as it stands; a thin line as far as bounds go.

#: Height of a row, of which its words take the upper part, and of its bar; room at both sides, and below.
ROW, THICK, BESIDE, BELOW = 36.0, 10.0, 24.0, 38.0


class RangeBar(NamedTuple):
    """A row: its name, the ends of its bar, where it is split, what is told of it, and the ends of its bounds."""

    name: str
    low: float
    high: float
    at: float
    text: str
    least: float
    most: float


@dataclass(frozen=True)
class RangeChart:
    """Ranges on one scale; `unit`: of the axis, which has no numbers where it is empty; `sides`: what both parts of a bar are."""

    title: str
    unit: str
    rows: Sequence[RangeBar]
    sides: tuple[str, str]
    note: str = ""
    more: str = ""
    finding: str = ""


def range_figure(chart: RangeChart, language: Language) -> Markup:
    """The chart with its legend."""
    values = [v for r in chart.rows for v in r[1:4] + r[5:]]
    along = ticks(min(0.0, *values), max(values))
    bottom, decimals = ROW * len(chart.rows), decimals_of(along)

    def x(value: float) -> str:
        return short(BESIDE + (WIDTH - 2 * BESIDE) * (value - along[0]) / (along[-1] - along[0]))

    parts = [tag("line", x1=x(v), x2=x(v), y1=0, y2=bottom, class_="grid") for v in along]
    if chart.unit:
        parts += [tag("text", language.number(v, decimals), x=x(v), y=bottom + 16, class_="t mid") for v in along]
        parts.append(tag("text", chart.unit, x=short(WIDTH / 2), y=bottom + 32, class_="t mid unit"))
    for i, r in enumerate(chart.rows):
        middle = ROW * (i + 1) - THICK
        parts.append(tag("line", x1=x(r.least), x2=x(r.most), y1=short(middle), y2=short(middle), class_="zero"))
        for look, end in (("s0", r.low), ("s1", r.high)):
            a, b = sorted((r.at, end))
            box = {"x": x(a), "width": short(max(float(x(b)) - float(x(a)), 0.5)), "y": short(middle - THICK / 2), "height": THICK}
            parts.append(tag("rect", tag("title", f"{r.name}: {r.text}"), **box, class_=look))
        parts.append(tag("circle", cx=x(r.at), cy=short(middle), r=3.5, class_="m"))
        place, room = {"y": short(ROW * i + SIZE + 2)}, WIDTH - text_width(r.text, SIZE) - SIZE
        parts.append(tag("text", shortened(r.name, SIZE, room), x=0, **place, class_="t over"))
        parts.append(tag("text", r.text, x=WIDTH, **place, class_="t end over"))
    picture = drawing(join(parts), WIDTH, bottom + BELOW, f"{chart.title} [{chart.unit}]" if chart.unit else chart.title)
    key = legend([(words, look, False) for look, words in enumerate(chart.sides)])
    more = explained(chart.more, language) if chart.more else None
    return figure(picture, chart.title, key, more, note=chart.note or None, finding=chart.finding)
