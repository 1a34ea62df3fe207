"""What moves the saving most, and what ends it or the cover of the debt: sentences, a picture and one table for both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from planner.answer.hangs_on import DEMAND, RATE, SELLING, SWING, saving_of, with_demand_row
from planner.answer.page.charts import decimals_of, short, shortened, text_width, ticks
from planner.answer.page.finance import NOTHING
from planner.answer.page.questions import SENSITIVITY
from planner.answer.page.report import Report
from planner.answer.page.table import Markup, join, number, scroll, table, tag
from planner.language.language import Language, mark
from planner.language.words import PLANS, named

# --- tornado ---------------------------------------------------------------------------------------------------------------
# A tornado chart: what a figure comes to where one thing is lower, and where it is higher; the widest above.

#: Width, where bars begin, height of a row; right margin, top margin, height of a bar and of the axis with what it shows.
WIDTH, LEFT, ROW, RIGHT, TOP, BAR, AXIS = 680.0, 290.0, 26.0, 24.0, 44.0, 16.0, 42.0
#: Font size, and space between a bar and its value   px.
LETTERS, SPACE = 12.0, 4.0

#: What a bar is of, what the figure comes to with it lower, and higher (money).
Bar = tuple[str, float, float]


@dataclass(frozen=True)
class Tornado:
    """Bars from a figure as it is (`now`) to what it comes to (money). `axis`: what the figure is."""

    bars: Sequence[Bar]
    now: float
    axis: str
    money: tuple[str, float]
    language: Language
    title: str


def tornado(chart: Tornado) -> Markup:
    """The chart."""
    (unit, size), language = chart.money, chart.language
    now = chart.now / size
    values = [v / size for _, low, high in chart.bars for v in (low, high)]
    along = ticks(min(0.0, *values), max(*values, now))
    bottom, decimals = TOP + ROW * len(chart.bars), decimals_of(along)
    beside = SPACE + max(text_width(language.number(v, 1), LETTERS) for v in (*values, now))
    first, last = LEFT + beside, WIDTH - RIGHT - beside

    def x(value: float) -> float:
        return first + (last - first) * (value - along[0]) / (along[-1] - along[0])

    parts = [tag("line", x1=short(x(v)), x2=short(x(v)), y1=TOP, y2=bottom, class_="grid") for v in along]
    parts += [tag("text", language.number(v, decimals), x=short(x(v)), y=bottom + 18, class_="t mid") for v in along]
    for i, (name, low, high) in enumerate(chart.bars):
        top = TOP + ROW * i + (ROW - BAR) / 2
        shown_name = shortened(name, LETTERS, LEFT - 16)
        parts.append(tag("text", tag("title", name), shown_name, x=LEFT - 8, y=short(top + 13), class_="t end"))
        ends = [(v / size, language.number(v / size, 1)) for v in (low, high)]
        for look, (value, shown) in zip(("s0", "s1"), ends, strict=True):
            begins, ends_at = sorted((x(now), x(value)))
            place = {"x": short(begins), "y": short(top), "width": short(max(ends_at - begins, 0.5)), "height": BAR}
            parts.append(tag("rect", tag("title", f"{name}: {shown} {unit}"), **place, class_=look))
        for at, end, shown in _values(sorted(ends), x, now):
            parts.append(tag("text", shown, x=short(at), y=short(top + BAR - 4), class_=f"t over {end}".strip()))
    parts += [*_reference(chart, x(now), bottom), *_legend(language)]
    parts.append(tag("text", f"{chart.axis} [{unit}]", x=short((first + last) / 2), y=bottom + 36, class_="t mid unit"))
    return tag(
        "svg",
        tag("title", f"{chart.title} [{unit}]"),
        *parts,
        viewBox=f"0 0 {WIDTH:.0f} {bottom + AXIS:.0f}",
        role="img",
        aria_label=chart.title,
        class_="tornado",
        width="100%",
    )


def _values(ends: Sequence[tuple[float, str]], x: Callable[[float], float], now: float) -> Iterator[tuple[float, str, str]]:
    """Where the lesser and the larger value of a bar stand, the class of their texts, and the values: outside the bar, on both
    sides of the line. The figure as it is stands at the line already."""
    (low, shown_low), (high, shown_high) = ends
    if low != now:
        yield x(min(low, now)) - SPACE, "end", shown_low
    if high != now:
        yield x(max(high, now)) + SPACE, "", shown_high


def _reference(chart: Tornado, at: float, bottom: float) -> Iterator[Markup]:
    """The line of the figure as it is, and its value above it."""
    unit, size = chart.money
    yield tag("line", x1=short(at), x2=short(at), y1=TOP - 4, y2=bottom, stroke="currentColor", stroke_width=1.5)
    words = chart.language.translate("as planned: {money}", money=f"{chart.language.number(chart.now / size, 1)} {unit}")
    half = text_width(words, LETTERS) / 2
    middle = min(max(at, half), WIDTH - half)
    yield tag("text", words, x=short(middle), y=TOP - 9, class_="t mid")


def _legend(language: Language) -> Iterator[Markup]:
    for i, (look, words) in enumerate((("s0", language.translate("lower")), ("s1", language.translate("higher")))):
        yield tag("rect", x=8 + 100 * i, y=6, width=14, height=12, class_=look)
        yield tag("text", words, x=28 + 100 * i, y=16, class_="t")


# --- swings ----------------------------------------------------------------------------------------------------------------

#: How many swings are told.
MOST = 10
#: What a supply is called of which both is in a plan.
BOTH = {"bought": mark("{name}, bought"), "sold": mark("{name}, sold")}
#: What stands in place of a figure that nobody worked out; and what each word that stands in place of one means.
UNKNOWN = mark("not computed")
EMPTY = {
    NOTHING: mark("None: neither a fall to nothing nor a rise to twice its value ends it."),
    UNKNOWN: mark("Not computed: this run did not work it out."),
}


def swings(report: Report) -> Markup:
    """Sentences on what would end the saving, a picture and a table of what moves it most; nothing without a saving."""
    language, output = report.language, report.output
    say, against, rows = language.translate, saving_of(output.summary), with_demand_row(output.alone)
    if against is None or rows.empty:
        return Markup("")
    found = [r for i, r in enumerate(rows.itertuples(index=False)) if i < MOST or r.what in (DEMAND, SELLING)]
    today, saving = against
    values = {"plan": named(language, PLANS, today), "share": f"{SWING:.0%}"}
    title = (
        say("Saving against {plan} if one thing changes by {share}, plans as they are", **values)
        if not any(map(_is_own, found))
        else say("Saving against {plan} if one thing changes by {share} or as stated, plans as they are", **values)
    )
    has_demand, is_anew = any(s.what == DEMAND for s in found), not output.alone[SENSITIVITY].empty
    notes = [
        say("Each is changed alone, orders as they are."),
        say("Planned anew, with the first orders that would be others: below.")
        if is_anew
        else say("With a plan made anew they could be others (`plan what-if OUT`)."),
        "" if has_demand or is_anew else say("Not tested here: more or less demand (`plan what-if OUT --demand`)."),
    ]
    drawn = [s for s in found if pd.notna(s.saving_low) or pd.notna(s.saving_high)]
    bars = [(_named(report, s, found), _known(s.saving_low, saving), _known(s.saving_high, saving)) for s in drawn]
    axis = say("saved against {plan}", plan=values["plan"])
    picture = scroll(tornado(Tornado(bars, saving, axis, report.money, language, title)), title, "picture")
    words = tag("p", language.sentences(*_ends(report, found), *notes))
    heading = tag("h4", moved, tag("small", title)) if (moved := _most(report, drawn, found)) else tag("h4", title)
    drawing = tag("figure", tag("figcaption", heading), picture)
    return join([words, drawing, _table(report, found, title)])


def _most(report: Report, drawn: Sequence[Any], found: Sequence[Any]) -> str:
    """The figure that moves the saving most, with the saving at its low and high; empty if none has both."""
    known = [s for s in drawn if pd.notna(s.saving_low) and pd.notna(s.saving_high)]
    if not known:
        return ""
    widest = max(known, key=lambda s: abs(s.saving_high - s.saving_low))
    (unit, size), number = report.money, report.language.number
    low, high = sorted((widest.saving_low / size, widest.saving_high / size))
    values = {"what": _named(report, widest, found), "low": number(low, 1), "high": f"{number(high, 1)} {unit}"}
    return report.language.translate("{what} moves the saving most: {low} to {high}", **values)


def _known(amount: float, saving: float) -> float:
    return saving if pd.isna(amount) else float(amount)


def _is_own(swing: Any) -> bool:
    """True if it changes by other shares than all that state none."""
    return abs(swing.low + SWING) > 1e-9 or abs(swing.high - SWING) > 1e-9


def _named(report: Report, swing: Any, found: Sequence[Any]) -> str:
    """What a swing is called, with the shares by which it changes where they are its own."""
    language, say = report.language, report.language.translate
    name = report.titles.of(str(swing.name))
    both = {s.what for s in found if s.name == swing.name} >= set(BOTH)
    if swing.what == RATE:
        rate = float(report.output.summary["discount_rate"])
        low, high = (language.percent((1 + share) * rate, 1) for share in (swing.low, swing.high))
        return say("discount rate ({low}, {high})", low=low, high=high)
    if swing.what == DEMAND:
        what = say("all demand")
    elif swing.what == "capital":
        what = say("{name}, capital", name=name)
    else:
        what = say(BOTH[swing.what], name=name) if both else name
    if not _is_own(swing):
        return what
    return say("{what} ({low}, {high})", what=what, low=f"{swing.low:+.0%}", high=f"{swing.high:+.0%}")


def _ends(report: Report, found: Sequence[Any]) -> list[str]:
    """What would end the saving in words: falls of prices, rises of prices; or that no price does."""
    say = report.language.translate
    ends = {s: s.ends_at for s in found if pd.notna(s.ends_at) and s.what != "capital"}
    both = {
        s: say(BOTH[s.what], name=report.titles.of(str(s.name)))
        if {o.what for o in found if o.name == s.name} >= set(BOTH)
        else report.titles.of(str(s.name))
        for s in ends
    }
    falls, rises = (
        say(", ").join(f"{both[s]} {x:+.0%}" for s, x in ends.items() if (x < 0) is falling) for falling in (True, False)
    )
    return [
        say("The saving ends if a price falls so far, all else as it is: {prices}.", prices=falls) if falls else "",
        say("The saving ends if a price rises so far: {prices}.", prices=rises) if rises else "",
        "" if ends else say("No single price that falls to nothing or doubles ends the saving, all else as it is."),
    ]


def _table(report: Report, found: Sequence[Any], title: str) -> Markup:
    """What ends the saving, what is saved, and what the goal costs."""
    language, say, (unit, size) = report.language, report.language.translate, report.money
    sides = (say("lower"), say("higher"))
    head = [say("what changes"), say("ends the saving at")]
    head += [say("saving with it {change}, {unit}", change=side, unit=unit) for side in sides]
    has_goal = any(pd.notna(s.goal_low) or pd.notna(s.goal_high) for s in found)
    if has_goal:
        head += [say("the goal costs with it {change}, {unit}", change=side, unit=unit) for side in sides]
    rows = []
    for s in found:
        values = [s.saving_low, s.saving_high, *([s.goal_low, s.goal_high] if has_goal else [])]
        missing = say("not served") if s.what == DEMAND else say(UNKNOWN)
        cells: list[object] = [missing if pd.isna(v) else number(v, language.number(v / size, 1)) for v in values]
        ends = f"{s.ends_at:+.0%}" if pd.notna(s.ends_at) else say(UNKNOWN if s.what in (RATE, DEMAND) else NOTHING)
        rows.append([_named(report, s, found), ends, *cells])
    shown = {str(cell) for row in rows for cell in row}
    told = [say(note) for word, note in EMPTY.items() if say(word) in shown]
    return join([table(head, rows, 1, title), tag("p", language.sentences(*told), class_="note") if told else ""])
