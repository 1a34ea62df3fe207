"""What the net emissions of the deadline year are made of: what is emitted, what is taken off it, and what is left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd

from planner.answer.composition import SMALL, composition, items_of, left_net
from planner.answer.page.findings import most_of
from planner.answer.page.frame import SIZE, WIDE, drawing, figure
from planner.answer.page.markup import Markup, join, tag
from planner.answer.page.report import Report
from planner.answer.page.scale import short, shortened, text_width
from planner.answer.page.styles import legend
from planner.answer.page.table import behind, number, table
from planner.language.language import mark
from planner.language.words import EMISSIONS

#: Height of a bar, and of a row with its heading; width of the picture on a screen.
BAR, ROW, COLUMN = 24.0, 52.0, 280

#: What is taken off, as the charts of emissions name it.
TAKEN = {
    "captured_fossil": EMISSIONS["captured_fossil"],
    "captured_removals": EMISSIONS["captured_removals"],
    "restoration": EMISSIONS["restoration"],
    "certificates": mark("green certificates"),
    "avoidance": EMISSIONS["avoidance"],
    "removal_credits": EMISSIONS["removal_credits"],
}


class Bar(NamedTuple):
    """A row: what it is, its parts (t) by name, those too small to be drawn left out, and all of it together (t)."""

    title: str
    parts: Mapping[str, float]
    total: float


def made_of(report: Report) -> Markup | None:
    """The bars of the deadline year, with the location-based figure as a bar of its own."""
    output, say = report.output, report.language.translate
    year = output.summary["by"]
    if year not in output.years:
        return None
    bars = list(_bars(report, composition(output.target, output.summary["accounting"], year)))
    looks = report.styles.of(dict.fromkeys(name for bar in bars for name in bar.parts))
    title = say("What the net emissions of {year} are made of", year=year)
    pictures = join(
        drawing(_draw(report, bars, looks, width), width, ROW * len(bars), f"{title} [t CO2e]", kind)
        for width, kind in ((float(WIDE), "wide"), (float(COLUMN), "narrow"))
    )
    amount = report.language.number
    cells = [(bar.title, name, number(v, amount(v))) for bar in bars for name, v in bar.parts.items()]
    listed = behind(table([say("which"), say("what"), "t CO2e"], cells, 2, title), say("Table: {title}", title=title))
    key = legend((f"{name} {amount(_value(bars, name))} t", look, False) for name, look in looks.items())
    note = say(
        "Location basis: all bought electricity counts with the mean emissions of its grid, power by green contracts too; "
        "certificates are not counted, capture of fossil CO2 is."
    )
    if (then := output.summary.get("base_location")) is not None:
        also = say("On the same basis the base year has {then} t.", then=report.language.number(then))
        note = report.language.sentences(note, also)
    finding = most_of(pd.Series(bars[0].parts, dtype=float), "t CO2e", report.language)
    return figure(pictures, title, key, tag("p", note, class_="note"), listed, class_="full made-of", finding=finding)


def _value(bars: list[Bar], name: str) -> float:
    return next(bar.parts[name] for bar in bars if name in bar.parts)


def taken_off(report: Report, parts: Mapping[str, Any]) -> dict[str, float]:
    """Item -> what it takes off the emissions of a year (t), from the parts of that year: captured, bound, certified, bought."""
    items = items_of(report.output.target, parts["year"])
    return {key: float(parts[key] if key == "certificates" else items[key]) for key in TAKEN}


def _bars(report: Report, parts: Mapping[str, Any]) -> Iterator[Bar]:
    say = report.language.translate
    emitted = parts["emitted_by_source"]
    least = max(SMALL * sum(emitted.values()), 0.5)
    off = {say(TAKEN[key]): value for key, value in taken_off(report, parts).items()}
    location = parts["gross_location"]
    yield Bar(say("emitted"), {name: value for name, value in emitted.items() if value > least}, sum(emitted.values()))
    yield Bar(say("taken off"), {name: value for name, value in off.items() if value > least}, sum(off.values()))
    net = left_net(parts["net"], report.output.summary["base_emissions"])
    yield Bar(say("left, net"), {say("net emissions"): net} if net > least else {}, net)
    yield Bar(say("gross, location basis"), {say("gross, location basis"): location}, location)


def _draw(report: Report, bars: list[Bar], looks: Mapping[str, int], width: float) -> Markup:
    most = max([sum(bar.parts.values()) for bar in bars] + [1e-9])
    drawn: list[Markup] = []
    for i, bar in enumerate(bars):
        top = i * ROW
        said = f"{report.language.number(bar.total)} t"
        room = width - text_width(said, SIZE) - 12
        drawn.append(tag("text", shortened(bar.title, SIZE, room), x=0, y=short(top + 15), class_="t"))
        drawn.append(tag("text", said, x=short(width), y=short(top + 15), class_="t end total"))
        left = 0.0
        for name, value in bar.parts.items():
            wide = value / most * width
            label = tag("title", f"{name}: {report.language.number(value)} t")
            box = {"x": short(left), "y": short(top + 20), "width": short(wide), "height": short(BAR)}
            drawn.append(tag("rect", label, class_=f"s{looks[name]} edge", **box))
            left += wide
        if not bar.parts:
            drawn.append(tag("line", x1=0, x2=0, y1=short(top + 20), y2=short(top + 20 + BAR), class_="zero"))
    return join(drawn)
