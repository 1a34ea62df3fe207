"""Charts over the years: stacked bars, lines over them, and limits as dashes over each year."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from planner.answer.page.frame import NARROW, WIDE, Frame, axes, drawing, figure, frame_of
from planner.answer.page.scale import short
from planner.answer.page.table import DASHES, Markup, Styles, alone, explained, frame_table, from_to, join, leading, legend, tag
from planner.language.language import Language

#: Share of a year's place that its bar takes.
BAR = 0.76
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
    height: float = 320
    half: bool = False
    grouped: bool = False

    def label(self, name: str) -> str:
        """What a series is called."""
        return self.labels.get(name, name)

    @cached_property
    def whole(self) -> pd.DataFrame:
        """All series side by side."""
        frames = [f for f in (self.bars, self.lines, self.limits) if f.columns.size]
        return pd.concat(frames, axis=1) if frames else pd.DataFrame()


def _finding(chart: YearChart, language: Language) -> str:
    """Its largest part; of one part alone how much there is in the first and the last year; or that one is all in the last."""
    bars = chart.bars.rename(columns=chart.label)
    return next(filter(None, (told(bars, chart.unit, language) for told in (leading, from_to, alone))), "")


def year_figure(chart: YearChart, styles: Styles, language: Language) -> Markup:
    """The chart with its legend and its table."""
    looks = styles.of([str(c) for c in chart.bars.columns])
    line_looks = {str(c): i for i, c in enumerate(chart.lines.columns)}
    entries = [(chart.label(name), look, False) for name, look in styles.named(looks).items()]
    entries += [(chart.label(name), look, True) for name, look in line_looks.items()]
    key = legend(entries, _limit_key(chart) if chart.limits.columns.size else None)
    sizes = [(420.0, "only")] if chart.half else [(float(WIDE), "wide"), (float(NARROW), "narrow")]
    pictures = join(
        drawing(_draw(chart, looks, line_looks, width, language), width, chart.height, f"{chart.title} [{chart.unit}]", kind)
        for width, kind in sizes
    )
    behind = frame_table(chart.whole, chart.unit, chart.title, language, chart.label)
    more = explained(chart.more, language) if chart.more else None
    finding = chart.finding or ("" if chart.grouped else _finding(chart, language))
    look = "half" if chart.half else "full"
    return figure(pictures, chart.title, key, more, behind, note=chart.note or None, class_=look, finding=finding)


def _limit_key(chart: YearChart) -> Markup:
    """Entries of the legend for the limits."""
    entries = []
    for i, name in enumerate(chart.limits.columns):
        dash = tag("path", d="M1 7h20", class_="limit", stroke_dasharray=LIMITS[i % len(LIMITS)] or None)
        sample = tag("svg", dash, class_="swatch", viewBox="0 0 22 14", width=22, height=14, aria_hidden="true")
        entries.append(tag("li", sample, tag("span", chart.label(str(name)))))
    return join(entries)


def _draw(chart: YearChart, looks: Mapping[str, int], line_looks: Mapping[str, int], width: float, language: Language) -> Markup:
    years = list(chart.whole.index)
    bars = chart.bars.fillna(0.0).to_numpy(dtype=float)
    stacks = np.maximum(bars, 0.0).sum(axis=1), np.minimum(bars, 0.0).sum(axis=1)
    if chart.grouped and bars.size:
        stacks = bars.max(axis=1), bars.min(axis=1)
    over = [f.to_numpy(dtype=float) for f in (chart.lines, chart.limits) if f.columns.size]
    points = [*stacks[0], *stacks[1], *(v for a in over for v in a.ravel() if math.isfinite(v))]
    frame = frame_of(width, chart.height, min(points, default=0.0), max(points, default=1.0), len(years), language)
    return join(
        [
            axes(frame, [str(y) for y in years], chart.unit, language),
            join(_bars(chart, looks, frame, language)),
            join(_limits(chart, frame, language)),
            join(_lines(chart, line_looks, frame, language)),
        ]
    )


def _bars(chart: YearChart, looks: Mapping[str, int], frame: Frame, language: Language) -> Iterator[Markup]:
    """A shape a series, since a browser prints the pattern of each as a picture; over it a place a bar that says its value."""
    paths: dict[str, list[str]] = {str(name): [] for name in chart.bars.columns}
    places = list(_places(chart, paths, frame, language))
    yield from (tag("path", d="".join(path), class_=f"s{looks[name]} edge") for name, path in paths.items() if path)
    yield from places


def _places(chart: YearChart, paths: dict[str, list[str]], frame: Frame, language: Language) -> Iterator[Markup]:
    """The place of each bar; its shape is added to the path of its series."""
    wide = frame.band * BAR
    thick = wide / max(len(chart.bars.columns), 1) if chart.grouped else wide
    for i, (year, row) in enumerate(chart.bars.iterrows()):
        up = down = 0.0
        left = frame.x(i) - wide / 2
        for n, (name, value) in enumerate(row.items()):
            if not value:
                continue
            start = 0.0 if chart.grouped else up if value > 0 else down
            end = start + value
            up, down = (end, down) if value > 0 else (up, end)
            top, bottom = sorted((frame.y(start), frame.y(end)))
            if bottom - top < 0.05:
                continue
            x, y = short(left + n * thick if chart.grouped else left), f"{top:.2f}"
            across, down_to = short(thick), f"{bottom - top:.2f}"
            paths[str(name)].append(f"M{x} {y}h{across}v{down_to}H{x}z")
            said = tag("title", f"{year} {chart.label(str(name))}: {language.amount(value)} {chart.unit}")
            yield tag("rect", said, x=x, y=y, width=across, height=down_to, class_="hit")


def _lines(chart: YearChart, looks: Mapping[str, int], frame: Frame, language: Language) -> Iterator[Markup]:
    for name in chart.lines.columns:
        values = [(i, y, v) for i, (y, v) in enumerate(chart.lines[name].items()) if math.isfinite(v)]
        look = looks[str(name)]
        path = " ".join(f"{short(frame.x(i))},{short(frame.y(v))}" for i, _, v in values)
        dash = DASHES[look % len(DASHES)] or None
        yield tag("polyline", points=path, class_="halo")
        yield tag("polyline", points=path, class_=f"l l{look}", stroke_dasharray=dash)
        for i, year, v in values:
            said = tag("title", f"{year} {chart.label(str(name))}: {language.amount(v)} {chart.unit}")
            yield tag("circle", said, cx=short(frame.x(i)), cy=short(frame.y(v)), r=2.6, class_=f"m m{look}")


def _limits(chart: YearChart, frame: Frame, language: Language) -> Iterator[Markup]:
    half = frame.band * 0.48
    for n, name in enumerate(chart.limits.columns):
        dash = LIMITS[n % len(LIMITS)] or None
        for i, (year, v) in enumerate(chart.limits[name].items()):
            if math.isfinite(v):
                said = tag("title", f"{year} {chart.label(str(name))}: {language.amount(v)} {chart.unit}")
                path = f"M{short(frame.x(i) - half)} {short(frame.y(v))}h{short(2 * half)}"
                yield tag("path", said, d=path, class_="limit", stroke_dasharray=dash)
