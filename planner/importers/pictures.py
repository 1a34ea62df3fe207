"""The picture of a profile: its days over the year, its mean day of each kind, and a calendar of all its hours."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np

from models.inputs.calendar import DAYS_OF_MONTH
from planner.answer.page.charts import Frame, axes, frame_of, short, text_width
from planner.answer.page.table import Markup, join, tag
from planner.importers.profile import WEEKDAYS, Profile
from planner.language.language import ENGLISH, Language

WIDTH, YEAR_HEIGHT, DAY_HEIGHT, HEAD = 920.0, 260.0, 220.0, 30.0
#: Of the calendar: height of an hour, room for numbers on the left and labels above.
CELL, LEFT, ABOVE = 6.0, 40.0, 16.0
STYLE = (
    "svg{background:#fff}.t{font:12px sans-serif;fill:#444}.title{font:bold 15px sans-serif;fill:#222}.mid{text-anchor:middle}"
    ".end{text-anchor:end}.grid{stroke:#ddd}.zero{stroke:#777}.band{fill:#bcd8ee}.l{fill:none;stroke-width:1.6}"
    ".l0{stroke:#0072b2}.l1{stroke:#d55e00}.l2{stroke:#009e73}"
)
_DASHES = (None, "6 4", "2 3")


#: Colours of the calendar, from little to much; told apart by everybody, in print too.
COLOURS = ("#f7fbff", "#deebf7", "#c6dbef", "#9ecae1", "#6baed6", "#4292c6", "#2171b5", "#08519c", "#08306b")


def _png(values: np.ndarray, low: float, high: float) -> str:
    """A dot for each of (rows, columns) in the colour of its value, as a PNG in base64; no library that draws is a dependency."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    levels = np.clip((values - low) / ((high - low) or 1.0) * len(COLOURS), 0, len(COLOURS) - 1).astype(np.uint8)
    head = struct.pack(">IIBBBBB", levels.shape[1], levels.shape[0], 8, 3, 0, 0, 0)
    dots = zlib.compress(b"".join(b"\0" + row.tobytes() for row in levels), 9)
    parts = ((b"IHDR", head), (b"PLTE", bytes.fromhex("".join(COLOURS).replace("#", ""))), (b"IDAT", dots), (b"IEND", b""))
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)).decode()


def picture(profile: Profile, language: Language = ENGLISH) -> str:
    """An SVG drawing: lowest, mean and highest hour of each day; below, the mean days; below, every hour of the year."""
    say = language.translate
    unit = profile.unit if profile.unit != "1" else say("share")
    days = profile.values.reshape(365, 24)
    top = tag("g", _year(days, unit, language), transform=f"translate(0 {short(HEAD)})")
    low = tag("g", _mean_days(profile, days, unit, language), transform=f"translate(0 {short(HEAD + YEAR_HEIGHT + 30)})")
    below = HEAD + YEAR_HEIGHT + DAY_HEIGHT + 50
    calendar = tag("g", _calendar(days, unit, language), transform=f"translate(0 {short(below)})")
    said = say("{name}: lowest, mean and highest hour of each day, and the mean day", name=profile.name)
    heading, size = (
        tag("text", profile.name, x=4, y=18, class_="title"),
        f"0 0 {short(WIDTH)} {short(below + ABOVE + 24 * CELL + 30)}",
    )
    parts = (tag("style", Markup(STYLE)), tag("title", said), heading, top, low, calendar)
    return str(tag("svg", *parts, xmlns="http://www.w3.org/2000/svg", viewBox=size, role="img", aria_label=said)) + "\n"


def _calendar(days: np.ndarray, unit: str, language: Language) -> Markup:
    """Every hour of the year: days from left to right, hours from top to bottom, with the colours' ends below."""
    low, high = float(days.min()), float(days.max())
    wide, tall = WIDTH - LEFT, 24 * CELL
    place = {"x": short(LEFT), "y": short(ABOVE), "width": short(wide), "height": short(tall)}
    image = f"data:image/png;base64,{_png(days.T, low, high)}"
    parts = [tag("image", href=image, preserveAspectRatio="none", style="image-rendering:pixelated", **place)]
    for month, start, length in _months():
        parts.append(tag("text", str(month), x=short(LEFT + (start + length / 2) * wide / 365), y=short(ABOVE - 4), class_="t mid"))
    parts += [tag("text", str(h), x=short(LEFT - 6), y=short(ABOVE + h * CELL + 5), class_="t end") for h in range(0, 24, 6)]
    foot = ABOVE + tall + 8
    for n, colour in enumerate(COLOURS):
        parts.append(tag("rect", x=short(LEFT + n * 22), y=short(foot), width=22, height=10, fill=colour))
    for at, value in ((0, low), (len(COLOURS) * 22, high)):
        parts.append(tag("text", f"{language.amount(value)} {unit}", x=short(LEFT + at), y=short(foot + 21), class_="t"))
    return join(parts)


def _months() -> list[tuple[int, float, int]]:
    """(month, its first day, its length)."""
    starts = np.concatenate([[0], np.cumsum(DAYS_OF_MONTH)[:-1]])
    return [(m, float(start), DAYS_OF_MONTH[m - 1]) for m, start in enumerate(starts, start=1)]


def _year(days: np.ndarray, unit: str, language: Language) -> Markup:
    frame = frame_of(WIDTH, YEAR_HEIGHT, float(days.min()), float(days.max()), 365, language)
    upper = [f"{short(frame.x(d))},{short(frame.y(v))}" for d, v in enumerate(days.max(axis=1))]
    lower = [f"{short(frame.x(d))},{short(frame.y(v))}" for d, v in enumerate(days.min(axis=1))]
    band = tag("path", d="M" + "L".join([*upper, *reversed(lower)]) + "Z", class_="band")
    months = join(
        tag("text", str(m), x=short(frame.x(start + length / 2)), y=short(frame.height - 6), class_="t mid")
        for m, start, length in _months()
    )
    return join([axes(frame, [], unit, language), band, _line(frame, days.mean(axis=1), 0), months])


def _mean_days(profile: Profile, days: np.ndarray, unit: str, language: Language) -> Markup:
    """The mean day of workdays, Saturdays and Sundays; of weather, of winter, of summer and of the months between."""
    say = language.translate
    number = np.arange(365)
    if profile.first_weekday is None:
        winter, summer = (number < 59) | (number >= 334), (number >= 151) & (number < 243)
        kinds = [
            (say("December to February"), winter),
            (say("June to August"), summer),
            (say("the months between"), ~winter & ~summer),
        ]
    else:
        weekday = (profile.first_weekday + number) % 7
        kinds = [(say("Monday to Friday"), weekday < 5), (say(WEEKDAYS[5]), weekday == 5), (say(WEEKDAYS[6]), weekday == 6)]
    means = [(name, days[which].mean(axis=0)) for name, which in kinds]
    values = np.concatenate([m for _, m in means])
    frame = frame_of(WIDTH, DAY_HEIGHT, float(values.min()), float(values.max()), 24, language)
    parts: list[object] = [axes(frame, [f"{h}" for h in range(24)], unit, language)]
    x = frame.left + 60
    for look, (name, mean) in enumerate(means):
        parts += [
            _line(frame, mean, look),
            tag("line", x1=short(x), x2=short(x + 22), y1=9, y2=9, class_=f"l l{look}", stroke_dasharray=_DASHES[look]),
        ]
        parts.append(tag("text", name, x=short(x + 28), y=13, class_="t"))
        x += 28 + text_width(name, 12) + 24
    return join(parts)


def _line(frame: Frame, values: np.ndarray, look: int) -> Markup:
    points = " ".join(f"{short(frame.x(i))},{short(frame.y(float(v)))}" for i, v in enumerate(values))
    return tag("polyline", points=points, class_=f"l l{look}", stroke_dasharray=_DASHES[look])
