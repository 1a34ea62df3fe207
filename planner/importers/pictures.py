"""The picture of a profile: its days over the year, its mean day of each kind, and a calendar of all its hours.

The picture of a park's tariff: hours by months, workdays and weekends, in money. Both have heat maps: the hours of a day over the
days of a year, or over the months of a tariff.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from models.inputs.calendar import DAYS_OF_MONTH
from planner.answer.loads import COLOURS, levels_of
from planner.answer.page.charts import Frame, axes, frame_of, short, text_width
from planner.answer.page.table import Markup, join, tag
from planner.importers.profile import WEEKDAYS, Profile
from planner.language.language import ENGLISH, Language, mark

WIDTH, YEAR_HEIGHT, DAY_HEIGHT, HEAD = 920.0, 260.0, 220.0, 30.0
STYLE = (
    "svg{background:#fff}.t{font:12px sans-serif;fill:#444}.title{font:bold 15px sans-serif;fill:#222}.mid{text-anchor:middle}"
    ".end{text-anchor:end}.grid{stroke:#ddd}.zero{stroke:#777}.band{fill:#bcd8ee}.l{fill:none;stroke-width:1.6}"
    ".l0{stroke:#0072b2}.l1{stroke:#d55e00}.l2{stroke:#009e73}"
)
_DASHES = (None, "6 4", "2 3")


def picture(profile: Profile, language: Language = ENGLISH) -> str:
    """An SVG drawing: lowest, mean and highest hour of each day; below, the mean days; below, every hour of the year."""
    say = language.translate
    unit = profile.unit if profile.unit != "1" else say("share")
    days = profile.values.reshape(365, 24)
    top = tag("g", _year(days, unit, language), transform=f"translate(0 {short(HEAD)})")
    low = tag("g", _mean_days(profile, days, unit, language), transform=f"translate(0 {short(HEAD + YEAR_HEIGHT + 30)})")
    below = HEAD + YEAR_HEIGHT + DAY_HEIGHT + 50
    calendar = tag("g", _calendar(days, unit, language), transform=f"translate(0 {short(below)})")
    height = below + heat_height()
    said = say("{name}: lowest, mean and highest hour of each day, and the mean day", name=profile.name)
    return svg(STYLE, said, profile.name, (WIDTH, height), top, low, calendar)


def svg(style: str, title: str, heading: str, size: tuple[float, float], *parts: object) -> str:
    """A drawing of its own: what it shows in words, a heading, its parts."""
    width, height = size
    drawing = tag(
        "svg",
        tag("style", Markup(style)),
        tag("title", title),
        tag("text", heading, x=4, y=18, class_="title"),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {short(width)} {short(height)}",
        role="img",
        aria_label=title,
    )
    return str(drawing) + "\n"


def _calendar(days: np.ndarray, unit: str, language: Language) -> Markup:
    """Every hour of the year: days from left to right, hours from top to bottom."""
    scale = [f"{language.amount(float(days.min()))} {unit}", f"{language.amount(float(days.max()))} {unit}"]
    return heat_map(days.T, WIDTH, [(start + length / 2, str(m)) for m, start, length in _months()], scale)


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


#: Height of an hour; room for numbers on the left, labels above, and the scale below.
CELL, LEFT, ABOVE, BELOW = 6.0, 40.0, 16.0, 30.0


def heat_height(cell: float = CELL) -> float:
    """Height of a map of the hours of a day."""
    return ABOVE + 24 * cell + BELOW


def heat_map(
    values: np.ndarray,
    width: float,
    labels: Sequence[tuple[float, str]],
    scale: Sequence[str],
    cell: float = CELL,
    ends: tuple[float, float] | None = None,
) -> Markup:
    """A map of (hours, columns), hour 0 on top. `labels`: (column, text) above; `scale`: text of the lowest and the highest value,
    which are those of the values or `ends`.

    Cells of one colour that follow each other in a column are one piece of one path, so that a year has some 50 kB.
    """
    hours, count = values.shape
    low, high = ends or (float(values.min()), float(values.max()))
    level = levels_of(values, low, high)
    wide = (width - LEFT) / count
    pieces: dict[int, list[str]] = {n: [] for n in range(len(COLOURS))}
    for column in range(count):
        edges = [0, *(np.flatnonzero(np.diff(level[:, column])) + 1).tolist(), hours]
        for first, last in itertools.pairwise(edges):
            place = f"M{short(LEFT + column * wide)} {short(ABOVE + first * cell)}"
            pieces[int(level[first, column])].append(f"{place}h{wide:.2f}v{short((last - first) * cell)}h-{wide:.2f}z")
    paths = join(tag("path", d="".join(parts), fill=COLOURS[n]) for n, parts in pieces.items() if parts)
    clock = join(
        tag("text", str(hour), x=short(LEFT - 6), y=short(ABOVE + hour * cell + 5), class_="t end") for hour in range(0, hours, 6)
    )
    above = join(tag("text", text, x=short(LEFT + at * wide), y=short(ABOVE - 4), class_="t mid") for at, text in labels)
    foot = ABOVE + hours * cell + 8
    keys = join(tag("rect", x=short(LEFT + n * 22), y=short(foot), width=22, height=10, fill=c) for n, c in enumerate(COLOURS))
    places = zip(scale, (0, len(COLOURS) * 22), strict=True)
    texts = [tag("text", text, x=short(LEFT + at), y=short(foot + 21), class_="t") for text, at in places]
    return join([paths, clock, above, keys, join(texts)])


TARIFF_WIDTH, TARIFF_CELL, TARIFF_HEAD = 460.0, 11.0, 30.0
#: Kinds of days, by how many prices are of.
KINDS = {2: (mark("workdays"), mark("weekends")), 3: (mark("workdays"), mark("Saturdays"), mark("Sundays"))}


def tariff_picture(name: str, prices: np.ndarray, currency: str, language: Language) -> str:
    """An SVG drawing: months from left to right, hours from top to bottom, for each kind of days."""
    say = language.translate
    labels = [(m + 0.5, str(m + 1)) for m in range(12)]
    scale = [f"{language.amount(float(v))} {currency}/MWh" for v in (prices.min(), prices.max())]
    parts = []
    kinds = KINDS[prices.shape[1]]
    for i, days in enumerate(map(say, kinds)):
        own = heat_map(prices[:, i].T, TARIFF_WIDTH - 20, labels, scale, TARIFF_CELL, (float(prices.min()), float(prices.max())))
        place = f"translate({short(i * TARIFF_WIDTH)} {short(TARIFF_HEAD + 14)})"
        parts.append(tag("g", tag("text", days, x=40, y=-8, class_="t"), own, transform=place))
    said = say("{supply}: price of each hour by month", supply=name)
    height = TARIFF_HEAD + 14 + heat_height(TARIFF_CELL) + ABOVE
    return svg(STYLE, said, name, (len(kinds) * TARIFF_WIDTH, height), *parts)
