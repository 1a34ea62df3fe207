"""The frame of a chart over years or hours: scales, grid and axes of one drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planner.answer.page.scale import decimals_of, short, shown_every, text_width, ticks
from planner.answer.page.table import Markup, tag, titled
from planner.language.language import Language

#: Size of the text of charts, in the units of their view box.
SIZE = 12
#: How far an axis goes on beyond the values, as a share of all.
BEYOND = 0.03
#: View boxes are drawn for a wide and a narrow window; the style sheet shows the one that fits.
WIDE, NARROW = 920, 370


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
    parts = [tag("text", unit, x=2, y=13, class_="t unit")]
    for value in frame.marks:
        y = short(frame.y(value))
        parts.append(tag("line", x1=short(frame.left), x2=short(frame.right), y1=y, y2=y, class_="zero" if value == 0 else "grid"))
        shown = language.number(value, decimals)
        parts.append(tag("text", shown, x=short(frame.left - 5), y=short(frame.y(value) + 4), class_="t end"))
    every = shown_every(labels, SIZE, frame.band)
    for i, label in enumerate(labels):
        if label and i % every == 0:
            half = text_width(label, SIZE) / 2
            x = min(max(frame.x(i), half), frame.width - half)
            parts.append(tag("text", label, x=short(x), y=short(frame.height - 6), class_="t mid"))
    return tag("g", *parts, aria_hidden="true", data_left=short(frame.left), data_right=short(frame.right))


def drawing(content: object, width: float, height: float, label: str, class_: str) -> Markup:
    """An SVG picture with its name for those who cannot see it."""
    return tag(
        "svg", content, class_=f"chart {class_}", viewBox=f"0 0 {short(width)} {short(height)}", role="img", aria_label=label
    )


def figure(
    pictures: object, title: str, *around: object, note: object = None, class_: str = "", id_: str | None = None, finding: str = ""
) -> Markup:
    """A chart with what it shows and its title above, its legend and its table below."""
    caption = tag("figcaption", titled(title, finding), tag("p", note, class_="note") if note else None)
    return tag("figure", caption, pictures, *around, class_=class_ or None, id=id_)
