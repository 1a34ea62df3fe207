"""The first screen: what a person asks first; and how sure that is: what could change it, and what would end the goal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pandas as pd

from models.metrics import METRICS as MEASURED
from planner.answer import series
from planner.answer.hangs_on import (
    DEMAND,
    RATE,
    SELLING,
    SWING,
    GoalPart,
    called,
    hangs_on,
    saving_of,
    told_hangs_on,
    with_demand_row,
)
from planner.answer.page.charts import decimals_of, short, shortened, text_width, ticks
from planner.answer.page.finance import NOTHING
from planner.answer.page.questions import SENSITIVITY, question_part
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import Markup, join, number, scroll, table, tag
from planner.answer.purchase import uncertain_capital, uncertain_energy
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


def tornado(bars: Sequence[Bar], as_planned: float, axis: str, report: Report, title: str) -> Markup:
    """Bars from a figure as it is planned to what it comes to (money); `axis`: what the figure is."""
    (unit, size), language = report.money, report.language
    now = as_planned / size
    values = [v / size for _, low, high in bars for v in (low, high)]
    along = ticks(min(0.0, *values), max(*values, now))
    bottom, decimals = TOP + ROW * len(bars), decimals_of(along)
    beside = SPACE + max(text_width(language.number(v, 1), LETTERS) for v in (*values, now))
    first, last = LEFT + beside, WIDTH - RIGHT - beside

    def x(value: float) -> float:
        return first + (last - first) * (value - along[0]) / (along[-1] - along[0])

    parts = [tag("line", x1=short(x(v)), x2=short(x(v)), y1=TOP, y2=bottom, class_="grid") for v in along]
    parts += [tag("text", language.number(v, decimals), x=short(x(v)), y=bottom + 18, class_="t mid") for v in along]
    for i, (name, low, high) in enumerate(bars):
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
    parts += [*_reference(language, f"{language.number(now, 1)} {unit}", x(now), bottom), *_legend(language)]
    parts.append(tag("text", f"{axis} [{unit}]", x=short((first + last) / 2), y=bottom + 36, class_="t mid unit"))
    return tag(
        "svg",
        tag("title", f"{title} [{unit}]"),
        *parts,
        viewBox=f"0 0 {WIDTH:.0f} {bottom + AXIS:.0f}",
        role="img",
        aria_label=title,
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


def _reference(language: Language, money: str, at: float, bottom: float) -> Iterator[Markup]:
    """The line of the figure as it is, and its value above it."""
    yield tag("line", x1=short(at), x2=short(at), y1=TOP - 4, y2=bottom, stroke="currentColor", stroke_width=1.5)
    words = language.translate("as planned: {money}", money=money)
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
    picture = scroll(tornado(bars, saving, axis, report, title), title, "picture")
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


# --- risks -----------------------------------------------------------------------------------------------------------------
# What could change the answer: figures that move the saving most, prices that may rise, figures of low grade, spending limits
# that are reached, no reserve.

#: From this share of its budget on, a year has reached it.
REACHED = 0.995
#: Most parts that are named.
NAMED = 4


def risks(report: Report) -> Markup:
    """A heading, a sentence for each, and what moves the saving most."""
    say = report.language.translate
    anew = None if report.output.alone[SENSITIVITY].empty else question_part(report, SENSITIVITY)
    found = [*_figures(report), *_of_energy(report), *_budgets(report), *_reserve(report)]
    listed = tag("ul", *(tag("li", words) for words in found))
    return tag("div", tag("h3", say("What could change it?")), listed, swings(report), anew, class_="risks")


def _figures(report: Report) -> Iterator[str]:
    """The share of what is invested whose figure is an estimate, of the catalogue or of the park, and the largest parts of it."""
    language, years = report.language, report.output.years
    share, paid = uncertain_capital(report.output, report.titles)
    if share <= 0:
        return
    largest = (f"{name} {language.money(float(money), report.output.currency)}" for name, money in paid.head(NAMED).items())
    yield language.translate(
        "{share} of what is invested from {first} to {last} has prices of general knowledge, or that the park marks as estimates; "
        "the largest: {largest}: ask for quotes.",
        share=language.percent(share, 0),
        first=years[0],
        last=years[-1],
        largest=language.translate(", ").join(largest),
    )


def _of_energy(report: Report) -> Iterator[str]:
    """The share of what is paid for energy whose price is an estimate of the park, and the largest parts of it."""
    language, (share, parts) = report.language, uncertain_energy(report.output, report.titles)
    if share > 0:
        say = language.translate
        told = (f"{name} {language.percent(part, 0)}" for name, part in parts.head(NAMED).items())
        yield say(
            "{share} of what is paid for energy, discounted, rests on prices that the park marks as estimates ({parts}): ask for "
            "quotes.",
            share=language.percent(share, 0),
            parts=say(", ").join(told),
        )


def _budgets(report: Report) -> Iterator[str]:
    """Years in which as much is spent as may be."""
    tables, say = report.output.target, report.language.translate
    budget = tables["budget"].set_index("year")["budget"]
    paid = series.capital(tables).sum(axis=1).reindex(budget.index).fillna(0.0)
    reached = [y for y in budget.index if budget[y] > 0 and paid[y] >= REACHED * budget[y]]
    if reached:
        money = report.language.money
        limits = (say("{what} ({more})", what=int(y), more=money(float(budget[y]), report.output.currency)) for y in reached)
        told = say(", ").join(limits)
        yield say("The spending limit of {years} is reached: with a higher one the plan may cost less.", years=told)


def _reserve(report: Report) -> Iterator[str]:
    reserves = report.output.target.get("reserves")
    outages = report.output.target.get("outages")
    if outages is not None and not outages.empty:
        short = outages[outages["hours_short"] > 0]
        if len(short):
            worst = short.loc[short["energy_short"].idxmax()]
            yield report.language.translate(
                "With a unit of {name} out {hours} hours of a week of {year} are not served in full ({worst} MW at worst).",
                name=str(worst["technology"]),
                hours=int(worst["hours_short"]),
                year=int(worst["year"]),
                worst=f"{worst['worst']:.3g}",
            )
    elif reserves is None or reserves.empty:
        yield report.language.translate("No reserve is stated: the plan does not cover the outage of a unit.")


def risks_section(report: Report) -> Section:
    """What could change the answer, and what would end the goal."""
    return section("risks", report.language.translate("How sure is this?"), risks(report), _what_would_end_it(report))


def _what_would_end_it(report: Report) -> Markup | None:
    """A row for each part, in the year of the goal and in the last year; None where nothing is taken off."""
    output, language, say = report.output, report.language, report.language.translate
    summary, by = output.summary, output.summary["by"]
    years = list(dict.fromkeys((by, output.years[-1])))
    found = {year: hangs_on(output.target, summary["accounting"], summary["target"], year) for year in years}
    if not found[by]:
        return None
    title, content = say("What would end the goal"), [tag("p", told_hangs_on(language, found[by], by))]
    note = say("One thing missing at a time, all else as planned, nothing ordered in its place.")
    if any(part.is_missed for parts in found.values() for part in parts):
        head = [say("if missing"), say("missed then"), *(say("{year}: by t", year=year) for year in years)]
        content = [table(head, _rows(report, found), 2, title)]
    more = say(
        "What could be decided instead, `plan what-if` and `plan explain --projects` find out. A contract's power is taken "
        "from the grid, "
        "at the mean emissions of what is bought there in that year; of capture, all CO2 captured is missing. Rules that a "
        "standard works out with its own factors, of energy or of shares are not in this table; the margins of those in force "
        "stand above."
    )
    caption = tag("figcaption", tag("h3", title), tag("p", note, class_="note"))
    return tag("figure", caption, *content, tag("p", more, class_="note"), class_="ends")


def _rows(report: Report, found: dict[int, list[GoalPart]]) -> list[list[object]]:
    """What is missing, which rules are missed then, and in each year by how much."""
    language, rows = report.language, list[list[object]]()
    for key in dict.fromkeys((part.kind, part.name) for parts in found.values() for part in parts):
        own = {year: next((p for p in parts if (p.kind, p.name) == key), None) for year, parts in found.items()}
        there = [part for part in own.values() if part is not None]
        phrases = dict.fromkeys(MEASURED[m].phrase for part in there for m in part.metrics)
        rules = language.translate(", ").join(map(language.translate, phrases)) or language.translate("nothing")
        cells = [
            number(part.over, language.number(part.over)) if part is not None and part.is_missed else number(None, "")
            for part in own.values()
        ]
        rows.append([called(language, there[0]), rules, *cells])
    return rows
