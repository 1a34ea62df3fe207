"""The picture of a park's tariff: hours by months, workdays and weekends, in money."""

from __future__ import annotations

import numpy as np

from planner.language.language import Language, mark
from planner.profiles.heat import ABOVE, heat_height, heat_map
from planner.report.page.markup import Markup, join, tag
from planner.report.page.scale import short

STYLE = (
    "svg{background:#fff}.t{font:12px sans-serif;fill:#444}.title{font:bold 15px sans-serif;fill:#222}.mid{text-anchor:middle}"
    ".end{text-anchor:end}"
)
WIDTH, CELL, HEAD = 460.0, 11.0, 30.0
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
        own = heat_map(prices[:, i].T, WIDTH - 20, labels, scale, CELL, (float(prices.min()), float(prices.max())))
        parts.append(
            tag("g", tag("text", days, x=40, y=-8, class_="t"), own, transform=f"translate({short(i * WIDTH)} {short(HEAD + 14)})")
        )
    said = say("{supply}: price of each hour by month", supply=name)
    height = HEAD + 14 + heat_height(24, CELL) + ABOVE
    drawing = tag(
        "svg",
        tag("style", Markup(STYLE)),
        tag("title", said),
        tag("text", name, x=4, y=18, class_="title"),
        join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {short(len(kinds) * WIDTH)} {short(height)}",
        role="img",
        aria_label=said,
    )
    return str(drawing) + "\n"
