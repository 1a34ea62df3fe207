"""Wedges: stacked areas from the emissions of one plan down to those of another."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.answer import series
from planner.answer.page.findings import explained, most_of
from planner.answer.page.frame import NARROW, SIZE, WIDE, Frame, axes, drawing, figure, frame_of
from planner.answer.page.markup import Markup, join, tag
from planner.answer.page.scale import short, text_width
from planner.answer.page.styles import DASHES, Styles, legend
from planner.answer.page.table import frame_table
from planner.language.language import Language

#: Most wedges; the smaller ones are summed.
MOST = 15
HEIGHT = 400


@dataclass(frozen=True)
class WedgeChart:
    """Tonnes by year (index) and decision (column): above 0 what is cut from `start` down to `end`, below 0 what is added.

    What is added is cut again, so that the wedges begin above `start` by that much.
    """

    title: str
    unit: str
    parts: pd.DataFrame
    start: pd.Series
    end: pd.Series
    note: str = ""


def wedge_figure(chart: WedgeChart, styles: Styles, language: Language) -> Markup:
    """The wedges with legend and table."""
    say = language.translate
    parts = chart.parts if chart.parts.columns.is_unique else chart.parts.T.groupby(level=0, sort=False).sum().T
    parts = series.largest(parts, MOST).rename(columns={series.OTHER: say("other")})
    parts = parts[parts.sum().sort_values(kind="stable").index]
    cutting = [str(c) for c in parts.columns if parts[c].max() > 0]
    looks = styles.of(cutting)
    lines = {str(chart.start.name): 1, str(chart.end.name): 0}
    key = legend([*((n, look, False) for n, look in looks.items()), *((n, look, True) for n, look in lines.items())])
    pictures = join(
        drawing(_draw(chart, parts, looks, lines, width, language), width, HEIGHT, f"{chart.title} [{chart.unit}]", kind)
        for width, kind in ((float(WIDE), "wide"), (float(NARROW), "narrow"))
    )
    whole = pd.concat([chart.start, chart.parts, chart.end], axis=1)
    sums = chart.parts.sum()
    adding = [str(c) for c in sums.sort_values().index if sums[c] < -2e-3 * sums.abs().sum()]
    note = chart.note
    if adding:
        above = say("What stands above the reference makes up for what adds: {names}.", names=say(", ").join(adding))
        note = language.sentences(note, above)
    cut = parts.clip(lower=0).sum()
    listed, finding = frame_table(whole, chart.unit, chart.title, language), most_of(cut, chart.unit, language)
    caption = say("From the reference down to the plan, by what each decision avoids.")
    return figure(pictures, chart.title, key, explained(note, language), listed, note=caption, class_="full", finding=finding)


def _draw(
    chart: WedgeChart, parts: pd.DataFrame, looks: Mapping[str, int], lines: Mapping[str, int], width: float, language: Language
) -> Markup:
    added = (-parts.clip(upper=0)).sum(axis=1)
    top = (chart.start.reindex(parts.index) + added).to_numpy(dtype=float)
    low = min(0.0, float(chart.end.min()), float(chart.start.min()))
    frame = frame_of(width, HEIGHT, low, float(max(top.max(), chart.start.max())), len(parts), language)
    return join(
        [
            axes(frame, [str(y) for y in parts.index], chart.unit, language),
            join(_wedges(parts, top, looks, frame, chart.unit, language)),
            join(_edge(s.reindex(parts.index), frame, lines[str(s.name)]) for s in (chart.start, chart.end)),
            join(_names(parts, top, frame)) if width > NARROW else None,
        ]
    )


def places(frame: Frame, count: int) -> list[float]:
    """Horizontal places of a line over all years that reaches both edges."""
    return [frame.left, *(frame.x(i) for i in range(count)), frame.right]


def widened(values: Sequence[float] | np.ndarray) -> np.ndarray:
    """Values for `places`: the first and the last year reach the edges."""
    array = np.asarray(values, dtype=float)
    return np.concatenate([array[:1], array, array[-1:]])


def area(frame: Frame, xs: Sequence[float], upper: np.ndarray, lower: np.ndarray) -> str:
    """The path of an area between two lines."""
    there = [f"{short(x)},{short(frame.y(v))}" for x, v in zip(xs, upper, strict=True)]
    back = [f"{short(x)},{short(frame.y(v))}" for x, v in zip(reversed(xs), reversed(lower), strict=True)]
    return "M" + "L".join([*there, *back]) + "Z"


def _layers(parts: pd.DataFrame, top: np.ndarray) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """(name, upper line, lower line) of what cuts, from the top down."""
    upper = top.copy()
    for name in parts.columns:
        size = parts[name].clip(lower=0).to_numpy(dtype=float)
        if size.max(initial=0.0) > 0:
            yield str(name), upper, upper - size
            upper = upper - size


def _wedges(
    parts: pd.DataFrame, top: np.ndarray, looks: Mapping[str, int], frame: Frame, unit: str, language: Language
) -> Iterator[Markup]:
    xs = places(frame, len(parts))
    for name, upper, lower in _layers(parts, top):
        said = tag("title", f"{name}: {parts.index[-1]} {language.amount(float(parts[name].iloc[-1]))} {unit}")
        yield tag("path", said, d=area(frame, xs, widened(upper), widened(lower)), class_=f"s{looks[name]} edge")


def _edge(line: pd.Series, frame: Frame, look: int) -> Markup:
    points = " ".join(
        f"{short(x)},{short(frame.y(v))}" for x, v in zip(places(frame, len(line)), widened(line.to_numpy()), strict=True)
    )
    dash = DASHES[look % len(DASHES)] or None
    return join(
        [tag("polyline", points=points, class_="halo"), tag("polyline", points=points, class_=f"l l{look}", stroke_dasharray=dash)]
    )


def _names(parts: pd.DataFrame, top: np.ndarray, frame: Frame) -> Iterator[Markup]:
    """The name of each wedge where it fits best: all of its length inside the wedge."""
    for name, upper, lower in _layers(parts, top):
        half = text_width(name, SIZE) / 2
        beside = math.ceil((half - frame.band / 2) / frame.band) if half > frame.band / 2 else 1
        over, under = [frame.y(v) for v in upper], [frame.y(v) for v in lower]
        rooms = [
            (min(under[i - beside : i + beside + 1]), max(over[i - beside : i + beside + 1]), i)
            for i in range(beside, len(over) - beside)
        ]
        if not rooms:
            continue
        bottom, edge, i = max(rooms, key=lambda room: room[0] - room[1])
        if bottom - edge >= SIZE * 1.2:
            y = short((bottom + edge) / 2 + SIZE * 0.35)
            yield tag("text", name, x=short(frame.x(i)), y=y, class_="t mid over", aria_hidden="true")
