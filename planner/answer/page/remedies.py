"""Why a goal cannot be met: the rules that block it, and the remedies with their amounts and costs."""

from __future__ import annotations

import pandas as pd

from planner.answer.facts import group_name
from planner.answer.page.charts import WIDE, decimals_of, short, shortened, shown_every, ticks
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import Markup, behind, explained, join, tag
from planner.answer.views import drawn
from planner.language.language import Language, mark


def remedies_section(report: Report) -> Section:
    """The rules, then the remedies."""
    return section(
        "ways", report.language.translate("Remedies"), *drawn("blocking", report), *drawn("breaches", report), _remedies(report)
    )


def _remedies(report: Report) -> Markup:
    """What is enough; what is of no help can be opened."""
    language, rows = report.language, report.output.explain
    say = language.translate
    if rows.empty:
        return tag("p", say("No remedy was found within the time, or none was looked for."))
    enough, rest = (join(drawn(name, report)) for name in ("enough", "not_enough"))
    parts = [enough or join([tag("h3", say("What would be enough")), tag("p", say("No amount of any one number is enough."))])]
    parts += [behind(rest, say("Not enough alone, however much"))] if rest else []
    said = report.output.explanation
    return join([*parts, behind(tag("ul", *(tag("li", language.tell(line)) for line in said)), say("As the run said it"))])


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


# --- alternatives ----------------------------------------------------------------------------------------------------------
# What else would do: the range of each group in plans that cost little more, as a picture, and as tables.

NOTE = mark(
    "A bar goes from the least to the most of a group in the plans that were found; the thin line as far as nothing is proven to "
    "lie beyond. The dot is the plan of the least cost. All costs are those of typical days, where the run was planned on such."
)
CAPTION = mark("Bars: from least to most in the plans found. Thin line: proven bounds. Dot: the cheapest plan.")
#: Where the names and the numbers stand, height of a row, and of the whole beside the rows.
NAMES_END, VALUES_WIDTH, RANGE_ROW, FRAME = 190.0, 190.0, 26.0, 12.0


def alternatives_section(report: Report) -> Section | None:
    """Groups, things and plans; None where nobody asked."""
    groups, plans, parts = (report.output.alone[n] for n in ("alternatives", "alternative_plans", "alternative_parts"))
    if groups.empty:
        return None
    language = report.language
    say = language.translate
    title = say("What else would do")
    lead = tag("div", *(tag("p", text) for text in _sentences(groups, plans, parts, report)), class_="lead")
    caption = tag("figcaption", tag("h3", say("Least and most of each group")), tag("p", say(CAPTION), class_="note"))
    picture = tag("figure", caption, _picture(groups, language), explained(say(NOTE), language), class_="full")
    tables = (made for name in ("groups", "alternative_parts", "alternative_plans") for made in drawn(name, report))
    return section("alternatives", title, lead, picture, *tables)


def _sentences(groups: pd.DataFrame, plans: pd.DataFrame, parts: pd.DataFrame, report: Report) -> list[str]:
    """How many plans, and what is in all and in none of them."""
    say, language = report.language.translate, report.language
    most = language.percent(float(plans["share"].max()), 2)
    year = str(int(groups["year"].iloc[0]))
    several = mark("{count} plans were found that cost at most {share} more than the least.")
    one = mark("One plan was found that costs at most {share} more than the least.")
    said = [say(several if len(plans) > 1 else one, count=len(plans), share=most)]
    for words, text in (
        (("sure",), mark("In every such plan in {year}, proven: {names}.")),
        (("in all found",), mark("In all plans found in {year}: {names}.")),
        (("out",), mark("In no such plan in {year}, proven: {names}.")),
        (("in none found",), mark("In no plan found in {year}: {names}.")),
    ):
        names = [str(n) for n, v in zip(parts["name"], parts["verdict"], strict=True) if v in words]
        if names:
            said.append(say(text, year=year, names=", ".join(report.titles.of(n) for n in names)))
    return said


def _picture(groups: pd.DataFrame, language: Language) -> Markup:
    """A row a group, each to its own scale from 0 to the most that is proven."""
    say, height = language.translate, FRAME + RANGE_ROW * len(groups)
    parts: list[Markup] = []
    for i, r in enumerate(groups.itertuples(index=False)):
        y = FRAME / 2 + RANGE_ROW * (i + 0.5)
        top = max(float(r.most if pd.isna(r.most_bound) else r.most_bound), 1e-9)

        def x(value: float, top: float = top) -> float:
            return NAMES_END + (WIDE - NAMES_END - VALUES_WIDTH) * min(max(value / top, 0.0), 1.0)

        low, high = (float(found if pd.isna(own) else own) for own, found in ((r.least_bound, r.least), (r.most_bound, r.most)))
        name = f"{group_name(str(r.group), language)} [{r.unit}]"
        parts.append(tag("text", shortened(name, 13, NAMES_END - 12), x=NAMES_END - 10, y=short(y + 4), class_="t end"))
        parts.append(tag("line", x1=short(NAMES_END), x2=short(WIDE - VALUES_WIDTH), y1=short(y), y2=short(y), class_="grid"))
        ends = {"x1": short(x(low)), "x2": short(x(high)), "y1": short(y), "y2": short(y)}
        parts.append(tag("line", **ends, stroke="currentColor", stroke_width=1))
        width = max(x(float(r.most)) - x(float(r.least)), 2.0)
        title = tag("title", f"{name}: {language.amount(r.least)} – {language.amount(r.most)}")
        box = {"x": short(x(float(r.least))), "y": short(y - 6), "width": short(width), "height": 12}
        parts.append(tag("rect", title, **box, fill="currentColor", opacity="0.35"))
        parts.append(tag("circle", cx=short(x(float(r.amount))), cy=short(y), r=5, fill="currentColor"))
        said = f"{language.amount(r.least)} – {language.amount(r.most)}  {say(str(r.verdict))}"
        parts.append(
            tag("text", shortened(said, 13, VALUES_WIDTH - 12), x=short(WIDE - VALUES_WIDTH + 10), y=short(y + 4), class_="t")
        )
    return tag(
        "svg",
        *parts,
        viewBox=f"0 0 {WIDE} {height:.0f}",
        role="img",
        aria_label=say("Least and most of each group"),
        class_="wide-and-narrow",
        width="100%",
    )
