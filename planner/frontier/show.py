"""A frontier as a table, a page and sentences."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from textwrap import wrap

import pandas as pd
from rich.cells import cell_len
from rich.table import Table

from planner.answer.page.annex import section
from planner.answer.page.frame import NARROW, WIDE
from planner.answer.page.page import document
from planner.answer.page.scale import decimals_of, short, shown_every, ticks
from planner.answer.page.table import Markup, join, number, table, tag
from planner.frontier.curve import Curve
from planner.frontier.points import BUDGET, BY, CAP
from planner.language.language import Language, mark
from planner.language.words import STATUSES, named
from planner.tables.output import PLANNED

NAME = "frontier.html"
#: What is varied, as the head of a column.
HEADS = {BY: mark("deadline"), CAP: mark("cap, t a year"), BUDGET: mark("budget a year")}
#: Statuses beyond those of a run.
OWN_STATUSES = {**STATUSES, "implied": mark("out of reach, since a looser one is")}
#: Letters of a line of a head in a terminal, columns of one in Chinese, and the least columns of a status.
HEAD, CHINESE, STATUS = 9, 9, 6
#: Margins and height of the picture.
LEFT, RIGHT, TOP, BOTTOM, HEIGHT = 80.0, 20.0, 16.0, 44.0, 360.0


def sentences(found: Curve, currency: str, language: Language) -> Iterator[str]:
    """The earliest year or tightest limit, and the knee."""
    say, what = language.translate, found.frontier.what
    tightest, unmet = found.tightest, found.unmet
    if tightest is None:
        yield say("No point can be met.") if unmet is not None else say("No point was planned.")
        return
    value = point_text(found, tightest, currency, language)
    other = "" if unmet is None else point_text(found, unmet, currency, language)
    if what == BY and unmet is not None:
        yield say("Earliest deadline that can be met, of those tried: {year}; {other} cannot.", year=value, other=other)
    elif what == BY:
        yield say("Every deadline can be met; the earliest tried is {year}.", year=value)
    elif unmet is not None:
        yield say("Tightest limit that can be met, of those tried: {value}; {other} cannot.", value=value, other=other)
    else:
        yield say("Every limit can be met; the tightest tried is {value}.", value=value)
    if found.knee is not None:
        yield say(
            "The knee is at {value}: beyond it the cost rises faster than over the whole range.",
            value=point_text(found, found.knee, currency, language),
        )


def point_text(found: Curve, value: float, currency: str, language: Language) -> str:
    """A point as a person reads it."""
    if found.frontier.what == BY:
        return f"{value:.0f}"
    return f"{language.number(value)} t" if found.frontier.what == CAP else language.money(value, currency)


def cells(found: Curve, currency: str, language: Language) -> tuple[list[str], list[list[tuple[float | None, str]]]]:
    """Heads, and for each point the numbers with their texts."""
    say = language.translate
    largest = float(found.rows["system_cost"].abs().max())
    unit, size = language.money_unit(currency, None if math.isnan(largest) else largest)
    steps = {BY: mark("{money}/year"), CAP: mark("{money}/(t/year)")}
    step = say(steps.get(found.frontier.what, "1"), money=language.currency(currency))
    head = [
        say(HEADS[found.frontier.what]),
        say("status"),
        say("system cost") + f" [{unit}]",
        say("gap"),
        say("extra cost") + f" [{unit}]",
        say("cost of the step") + f" [{step}]",
        say("capital") + f" [{unit}]",
        say("net in last year, t"),
    ]
    rows = []
    for r in found.rows.itertuples(index=False):
        cost, extra, capital = ((v, language.number(v / size, 1)) for v in (r.system_cost, r.extra_cost, r.capital))
        each = r.step_cost, language.number(r.step_cost, 0 if abs(r.step_cost) >= 100 else 2)
        point, status = (r.point, point_text(found, r.point, currency, language)), named(language, OWN_STATUSES, r.status)
        net = r.net_emissions_last_year, language.number(r.net_emissions_last_year)
        rows.append([point, (None, status), cost, (r.gap, language.percent(r.gap, 2)), extra, each, capital, net])
    return head, rows


def console_table(found: Curve, currency: str, language: Language) -> Table:
    """The table of a terminal: no number is cut, heads and statuses are folded."""
    head, rows = cells(found, currency, language)
    shown = Table(box=None, pad_edge=False)
    for i, title in enumerate(head):
        if i == 1:
            shown.add_column(title, justify="left", overflow="fold", min_width=STATUS)
        else:
            shown.add_column(folded(title, language), justify="right", no_wrap=True)
    for row in rows:
        shown.add_row(*(text for _, text in row))
    return shown


def folded(title: str, language: Language) -> str:
    """A head over lines; in Chinese, which has few gaps, it is parted at brackets and commas as well."""
    if language.code != "zh":
        return "\n".join(wrap(title, HEAD, break_long_words=False))
    lines = [""]
    for part in re.findall(r"[ （]?[^ （，]+，?", title):
        if cell_len(lines[-1] + part) > CHINESE and lines[-1]:
            lines.append("")
        lines[-1] += part if lines[-1] else part.lstrip()
    return "\n".join(lines)


def frontier_page(found: Curve, park: str, currency: str, language: Language) -> str:
    """The picture, what it says, and the table, as one HTML file."""
    say = language.translate
    title = say("Frontier: {what}", what=say(HEADS[found.frontier.what]))
    head, rows = cells(found, currency, language)
    body = [[text if value is None or value != value else number(value, text) for value, text in row] for row in rows]
    told = join(tag("p", text) for text in sentences(found, currency, language))
    parts = [tag("div", told, class_="lead"), _picture(found, currency, language), table(head, body, 2, title)]
    return document(f"{park}: {title}", park, title, [section("frontier", title, *parts)], language)


def _picture(found: Curve, currency: str, language: Language) -> Markup:
    """Cost over what is varied, drawn for wide windows and for narrow ones."""
    say = language.translate
    planned = found.rows[found.rows["status"].isin(PLANNED)]
    if len(planned) < 2:
        return Markup("")
    unit, size = language.money_unit(currency, float(planned["system_cost"].abs().max()))
    drawn = [_drawn(found, currency, language, size, width, kind) for width, kind in ((WIDE, "wide"), (NARROW, "narrow"))]
    title, note = say("System cost of each point"), say("A ring marks the knee; × is what cannot be met.")
    return tag("figure", tag("figcaption", tag("h3", f"{title} [{unit}]"), tag("p", note, class_="note")), *drawn, class_="full")


def _drawn(found: Curve, currency: str, language: Language, size: float, width: float, kind: str) -> Markup:
    """A dot a point, the knee ringed; what cannot be met as a cross on the axis. Costs are in units of `size`."""
    say = language.translate
    planned = found.rows[found.rows["status"].isin(PLANNED)]
    low, high = (float(f(found.rows["point"])) for f in (min, max))
    levels = ticks(float(planned["system_cost"].min()) / size, float(planned["system_cost"].max()) / size)
    bottom, top = levels[0], levels[-1]

    def x(point: float) -> float:
        return LEFT + (width - LEFT - RIGHT) * (point - low) / (high - low)

    def y(cost: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (top - cost) / (top - bottom)

    places = [(x(r.point), y(r.system_cost / size), r.point) for r in planned.itertuples(index=False)]
    parts = [tag("line", x1=LEFT, x2=width - RIGHT, y1=short(y(v)), y2=short(y(v)), class_="grid") for v in levels]
    decimals = decimals_of(levels)
    parts += [tag("text", language.number(v, decimals), x=LEFT - 8, y=short(y(v) + 4), class_="t end") for v in levels]
    points = found.rows["point"].tolist()
    labels = [
        f"{p:.0f}" if found.frontier.what == BY else language.amount(p / (size if found.frontier.what == BUDGET else 1))
        for p in points
    ]
    every = shown_every(labels, 12, (width - LEFT - RIGHT) / len(points))
    parts += [
        tag("text", label, x=short(x(p)), y=HEIGHT - BOTTOM + 20, class_="t mid")
        for p, label in list(zip(points, labels, strict=True))[::every]
    ]
    line = " ".join(f"{short(px)},{short(py)}" for px, py, _ in places)
    parts.append(tag("polyline", points=line, fill="none", stroke="currentColor", stroke_width=2))
    for px, py, point in places:
        name = tag("title", point_text(found, point, currency, language))
        parts.append(tag("circle", name, cx=short(px), cy=short(py), r=4, fill="currentColor"))
        if point == found.knee:
            parts.append(tag("circle", cx=short(px), cy=short(py), r=10, fill="none", stroke="currentColor", stroke_width=2))
            parts.append(tag("text", say("knee"), x=short(px), y=short(py - 16), class_="t mid"))
    for point in found.rows[~found.rows["status"].isin(PLANNED)]["point"].tolist():
        parts.append(tag("text", "×", x=short(x(point)), y=HEIGHT - BOTTOM - 4, class_="t mid"))
    title = say("System cost of each point")
    return tag(
        "svg", *parts, viewBox=f"0 0 {width} {HEIGHT:.0f}", role="img", aria_label=title, class_=f"chart {kind}", width="100%"
    )


def frontier_csv(found: Curve) -> str:
    """frontier.csv."""
    rows: pd.DataFrame = found.rows
    return rows.to_csv(index=False, float_format="%.12g", lineterminator="\n")
