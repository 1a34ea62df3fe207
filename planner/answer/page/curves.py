"""The true and the naive abatement curve in one picture: cost of a tonne over the tonnes that are cut."""

from __future__ import annotations

import pandas as pd

from planner.answer.page.frame import WIDE
from planner.answer.page.markup import Markup, tag
from planner.answer.page.scale import decimals_of, short, shortened, shown_every, ticks
from planner.language.language import Language, mark

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
