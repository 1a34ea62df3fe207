"""The picture of a park's tariff: hours by months, workdays and weekends, in money."""

from __future__ import annotations

import numpy as np

from models.case import Case, Supply
from models.inputs.finance import over_years
from models.inputs.tariff import ranges
from models.units import factor
from planner.language.language import Language
from planner.profiles.heat import ABOVE, heat_height, heat_map
from planner.report.page.markup import Markup, join, tag
from planner.report.page.scale import short

STYLE = (
    "svg{background:#fff}.t{font:12px sans-serif;fill:#444}.title{font:bold 15px sans-serif;fill:#222}.mid{text-anchor:middle}"
    ".end{text-anchor:end}"
)
WIDTH, CELL, HEAD = 460.0, 11.0, 30.0


def prices_of(case: Case, supply: Supply, item: str = "energy") -> np.ndarray | None:
    """(12, 2, 24) prices of the base year [money/MWh] of months, workdays and weekends, and hours; None where there is no price."""
    rows = [p for p in case.prices if p.supply == supply.supply and p.item == item]
    if not rows or supply.carrier == "co2":
        return None
    points = [(p.year, p.value * factor(p.unit, "money/MWh", case.park.currency)) for p in rows]
    factors = np.ones((12, 2, 24))
    for row in reversed([r for r in case.tariff if (r.supply, r.item) == (supply.supply, item)]):
        months, hours = sorted(ranges(row.months, 1, 12)), sorted(ranges(row.hours, 0, 23))
        days = {"weekday": [0], "weekend": [1]}.get(row.days, [0, 1])
        factors[np.ix_([m - 1 for m in months], days, hours)] = row.factor
    return factors * over_years(points, [case.park.base_year])[case.park.base_year]


def tariff_picture(name: str, prices: np.ndarray, currency: str, language: Language) -> str:
    """An SVG drawing: months from left to right, hours from top to bottom, for workdays and for weekends."""
    say = language.translate
    labels = [(m + 0.5, str(m + 1)) for m in range(12)]
    scale = [f"{language.amount(float(v))} {currency}/MWh" for v in (prices.min(), prices.max())]
    parts = []
    for i, days in enumerate((say("workdays"), say("weekends"))):
        own = heat_map(prices[:, i].T, WIDTH - 20, labels, scale, CELL, (float(prices.min()), float(prices.max())))
        parts.append(
            tag("g", tag("text", days, x=40, y=-8, class_="t"), own, transform=f"translate({short(i * WIDTH)} {short(HEAD + 14)})")
        )
    said = say("{supply}: price of each hour by month", supply=name)
    height = HEAD + 14 + heat_height(24, CELL) + ABOVE
    drawing = tag(
        "svg", tag("style", Markup(STYLE)), tag("title", said), tag("text", name, x=4, y=18, class_="title"), join(parts),
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {short(2 * WIDTH)} {short(height)}", role="img", aria_label=said,
    )  # fmt: skip
    return str(drawing) + "\n"
