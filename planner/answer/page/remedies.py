"""Why a goal cannot be met: the rules that block it, and the remedies with their amounts and costs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd

from planner.answer.hangs_on import SMALL, composition, items_of, left_net
from planner.answer.page.annex import Report, Section, section
from planner.answer.page.frame import SIZE, WIDE, drawing, figure
from planner.answer.page.scale import decimals_of, short, shortened, shown_every, text_width, ticks
from planner.answer.page.table import Markup, behind, join, legend, most_of, number, table, tag
from planner.explain.explanation import ALL_STAGES, LIMITS
from planner.language.language import NONE, Language, mark
from planner.language.words import EMISSIONS, METRICS, STAGES, named


def remedies_section(report: Report) -> Section:
    """The rules, then the remedies."""
    return section("ways", report.language.translate("Remedies"), _rules(report), _remedies(report))


def _rules(report: Report) -> Markup | None:
    """Rules whose single removal is enough, or the least breach of all."""
    language, summary = report.language, report.output.summary
    say = language.translate
    parts = []
    titles = {"blocking": say("Rules of which any one blocks the goal"), "breaches": say("Least total breach of the rules")}
    for key, title in titles.items():
        found = summary.get(key) or []
        if not found:
            continue
        rows = [
            (
                str(b["year"]),
                named(language, STAGES, b["stage"]),
                named(language, METRICS, b["metric"]),
                number(b["amount"], language.amount(b["amount"])),
                b["unit"],
            )
            for b in found
        ]
        head = [say("year"), say("stage"), say("metric"), say("too much or too little"), say("unit")]
        parts += [tag("h3", title), table(head, rows, 3, title)]
    return join(parts)


def _remedies(report: Report) -> Markup:
    """What is enough; what is of no help can be opened."""
    language, rows = report.language, report.output.explain
    say = language.translate
    if rows.empty:
        return tag("p", say("No remedy was found within the time, or none was looked for."))
    enough, rest = rows[rows["needed"].notna()], rows[rows["needed"].isna()]
    note = language.sentences(
        say("Each row is one number that would have to be another; the cheapest remedy that is enough alone comes first."),
        say("The extra cost is against the park without a goal; what the change itself costs comes on top."),
    )
    parts = [
        tag("h3", say("What would be enough")),
        tag("p", note, class_="note"),
        _table(report, enough, say("What would be enough")),
    ]
    if enough.empty:
        parts = [tag("h3", say("What would be enough")), tag("p", say("No amount of any one number is enough."))]
    if len(rest):
        parts.append(behind(_table(report, rest, say("Not enough alone, however much")), say("Not enough alone, however much")))
    said = report.output.explanation
    parts.append(behind(tag("ul", *(tag("li", language.tell(line)) for line in said)), say("As the run said it")))
    return join(parts)


def change_of(report: Report, row: pd.Series) -> str:
    """What would have to change, in words: `a larger connection for grid`; the columns of explain.csv where there are none."""
    language, name = report.language, str(row["name"])
    if row["table"] in ("stages", "rules"):
        metric = named(language, METRICS, str(row["parameter"]))
        return language.translate("a looser rule of {stage}: {metric}", stage=named(language, STAGES, name), metric=metric)
    words = LIMITS.get((str(row["table"]), str(row["parameter"])))
    if words is None:
        return f"{name} {row['parameter']}".strip()
    name = named(language, STAGES, name) if row["table"] == "goal" else report.titles.of(name)
    return language.translate(words, name=name, year="" if pd.isna(row["year"]) else int(row["year"]))


def _note(report: Report, row: pd.Series) -> str:
    """The note of a row of explain.csv: why it is of no help, or that a later deadline moves the milestones, too."""
    if row["table"] == "goal" and pd.notna(row["needed"]) and row["note"]:
        return report.language.translate(ALL_STAGES, years=int(row["needed"] - row["now"]))
    return report.language.translate(str(row["note"])) if row["note"] else ""


def amount_of(report: Report, value: float, unit: str) -> str:
    """A number of explain.csv; a year is no amount."""
    return str(int(value)) if unit == "year" and math.isfinite(value) else report.language.amount(value)


def _table(report: Report, rows: pd.DataFrame, title: str) -> Markup:
    language = report.language
    say, (money, size) = language.translate, report.money
    head = [
        say("what would have to change"),
        say("year"),
        say("now"),
        say("needed"),
        say("unit"),
        say("enough"),
        say("extra cost") + f" [{money}]",
        say("note"),
    ]
    cells = []
    for _, r in rows.iterrows():
        enough = say("only with the others") if r.together else say("alone")
        if pd.isna(r.needed):
            enough = say("no")
        cells.append(
            [
                join([tag("b", change_of(report, r)), " ", tag("small", f"{r.table}: {r.parameter}")]),
                NONE if pd.isna(r.year) else str(int(r.year)),
                number(r.now, amount_of(report, r.now, r.unit)),
                number(r.needed, amount_of(report, r.needed, r.unit)),
                say("year") if r.unit == "year" else r.unit,
                enough,
                number(r.extra_cost, language.number(r.extra_cost / size, 1)),
                _note(report, r),
            ]
        )
    return table(head, cells, len(head), title, "ways")


# --- made of ---------------------------------------------------------------------------------------------------------------
# What the net emissions of the deadline year are made of: what is emitted, what is taken off it, and what is left.

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


# --- curves ----------------------------------------------------------------------------------------------------------------
# The true and the naive abatement curve in one picture: cost of a tonne over the tonnes that are cut.

#: Margins and height.
LEFT, RIGHT, TOP, BOTTOM, HEIGHT = 80.0, 20.0, 30.0, 48.0, 320.0
#: Curve -> its name, and how its line is drawn.
LINES = {"true": (mark("true: all decided anew"), None), "naive": (mark("naive: each project alone"), "7 5")}
#: Costs beyond so many times the highest of the true curve are cut off.
MOST = 2.0


def curves(rows: pd.DataFrame, currency: str, language: Language) -> Markup | None:
    """Both curves as steps; None where there is no step with a cost."""
    shown = rows[rows["per_tonne"].notna() & rows["total"].notna()]
    true = shown[shown["curve"] == "true"]
    if true.empty:
        return None
    say = language.translate
    high = max(MOST * float(true["per_tonne"].max()), 1.0)
    values = [min(float(v), high) for v in shown["per_tonne"]]
    up, along = ticks(min(0.0, *values), max(values)), ticks(0.0, float(shown["total"].max()))

    def x(tonnes: float) -> float:
        return LEFT + (WIDE - LEFT - RIGHT) * tonnes / along[-1]

    def y(cost: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (up[-1] - min(cost, up[-1])) / (up[-1] - up[0])

    parts = [tag("line", x1=LEFT, x2=WIDE - RIGHT, y1=short(y(v)), y2=short(y(v)), class_="grid") for v in up]
    decimals = decimals_of(up)
    parts += [tag("text", language.number(v, decimals), x=LEFT - 8, y=short(y(v) + 4), class_="t end") for v in up]
    labels = [language.amount(v) for v in along]
    every = shown_every(labels, 12, (WIDE - LEFT - RIGHT) / len(along))
    parts += [
        tag("text", label, x=short(x(v)), y=HEIGHT - BOTTOM + 20, class_="t mid")
        for v, label in list(zip(along, labels, strict=True))[::every]
    ]
    for i, (curve, (name, dashes)) in enumerate(LINES.items()):
        own = shown[shown["curve"] == curve]
        points = [
            f"{short(x(end))},{short(y(float(r.per_tonne)))}"
            for r in own.itertuples(index=False)
            for end in (float(r.total) - float(r.cut), float(r.total))
        ]
        if points:
            line = {"fill": "none", "stroke": "currentColor", "stroke_width": 2, "stroke_dasharray": dashes}
            parts.append(tag("polyline", points=" ".join(points), **line))
            at = LEFT + 20 + 230 * i
            parts.append(tag("polyline", points=f"{at},12 {at + 30},12", **line))
            parts.append(tag("text", say(name), x=at + 38, y=16, class_="t"))
    for r in true[true["comes_in"].fillna("") != ""].itertuples(index=False):
        room = (WIDE - LEFT - RIGHT) * float(r.cut) / along[-1] - 6
        place = {"x": short(x(float(r.total) - float(r.cut)) + 4), "y": short(y(float(r.per_tonne)) - 6)}
        parts.append(tag("text", tag("title", r.comes_in), shortened(str(r.comes_in), 12, room), **place, class_="t"))
    title = say("Cost of a tonne over the tonnes cut")
    unit = f"{language.currency(currency)}/t, t"
    parts.append(tag("text", f"{language.currency(currency)}/t", x=8, y=16, class_="t"))
    parts.append(tag("text", say("cut in a year, t"), x=short((LEFT + WIDE - RIGHT) / 2), y=HEIGHT - 8, class_="t mid"))
    return tag(
        "svg",
        tag("title", f"{title} [{unit}]"),
        *parts,
        viewBox=f"0 0 {WIDE} {HEIGHT:.0f}",
        role="img",
        aria_label=title,
        class_="wide-and-narrow",
        width="100%",
    )
