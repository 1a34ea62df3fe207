"""Charts over hours: what gives above zero, what takes below, and what stores hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from planner.answer.page.frame import WIDE, Frame, axes, drawing, frame_of
from planner.answer.page.markup import Markup, join, tag
from planner.answer.page.scale import short
from planner.answer.page.styles import DASHES
from planner.answer.page.weeks import DAY
from planner.language.language import Language

#: Heights of the picture of flows and of the picture of what is held.
FLOWS, HELD = 300.0, 130.0


def frames_of(flows: pd.DataFrame, held: pd.DataFrame, language: Language) -> tuple[Frame, Frame]:
    """The frames of the flows and of what is held, one above the other: an hour stands at the same place in both."""
    ends = float(flows.clip(upper=0).sum(axis=1).min()), float(flows.clip(lower=0).sum(axis=1).max())
    upper = frame_of(WIDE, FLOWS, *ends, len(flows), language)
    lower = frame_of(WIDE, HELD, held.to_numpy().min(initial=0.0), held.to_numpy().max(initial=0.0), len(flows), language)
    left = max(upper.left, lower.left)
    return replace(upper, left=left), replace(lower, left=left)


def draw_flows(
    frame: pd.DataFrame, at: Frame, days: Sequence[str], looks: Mapping[str, int], unit: str, label: str, language: Language
) -> Markup:
    """Stacked steps, one place an hour: columns above zero upwards, below zero downwards."""
    parts = []
    for sign in (1, -1):
        base = np.zeros(len(frame))
        for name in frame.columns:
            size = (sign * frame[name]).clip(lower=0).to_numpy()
            if size.max(initial=0.0) <= 0:
                continue
            path = _steps(at, base + sign * size, base)
            parts.append(tag("path", tag("title", str(name)), d=path, class_=f"s{looks[str(name)]}"))
            base = base + sign * size
    grid = axes(_by_day(at), days, unit, language)
    return drawing(join([_nights(at), grid, join(parts), _zero(at)]), WIDE, FLOWS, label, "hours")


def draw_held(
    frame: pd.DataFrame,
    at: Frame,
    days: Sequence[str],
    looks: Mapping[str, int],
    label: str,
    language: Language,
    unit: str = "MWh",
    height: float = HELD,
) -> Markup:
    """A line for each store, or each load."""
    lines = []
    for name, look in looks.items():
        points = " ".join(f"{short(at.x(i))},{short(at.y(v))}" for i, v in enumerate(frame[name].to_numpy()))
        dash = DASHES[look % len(DASHES)] or None
        lines.append(tag("polyline", tag("title", name), points=points, class_=f"l l{look}", stroke_dasharray=dash))
    return drawing(join([_nights(at), axes(_by_day(at), days, unit, language), join(lines)]), WIDE, height, label, "hours")


def _by_day(frame: Frame) -> Frame:
    """The same frame with one place a day, for the labels."""
    return replace(frame, count=max(frame.count // DAY, 1))


def _zero(frame: Frame) -> Markup:
    """The line between what gives and what takes, over the areas."""
    y = short(frame.y(0.0))
    return tag("line", x1=short(frame.left), x2=short(frame.right), y1=y, y2=y, class_="zero")


def _nights(frame: Frame) -> Markup:
    """A line where each day begins."""
    edges = [frame.left + i * DAY * frame.band for i in range(1, frame.count // DAY)]
    return join(tag("line", x1=short(x), x2=short(x), y1=short(frame.top), y2=short(frame.bottom), class_="grid") for x in edges)


def _steps(frame: Frame, upper: np.ndarray, lower: np.ndarray) -> str:
    """The path of an area between two step lines; level stretches take one move."""
    there = _line(frame, upper, range(len(upper)))
    back = _line(frame, lower, range(len(lower) - 1, -1, -1), from_right=True)
    return "M" + there.removeprefix("L") + back + "Z"


def _line(frame: Frame, values: np.ndarray, order: range, from_right: bool = False) -> str:
    parts: list[str] = []
    last = None
    for i in order:
        near, far = (i + 1, i) if from_right else (i, i + 1)
        y = short(frame.y(float(values[i])))
        if y == last:
            parts[-1] = f"H{short(frame.left + far * frame.band)}"
            continue
        x = short(frame.left + near * frame.band)
        parts += [f"L{x} {y}" if last is None else f"V{y}", f"H{short(frame.left + far * frame.band)}"]
        last = y
    return "".join(parts)
