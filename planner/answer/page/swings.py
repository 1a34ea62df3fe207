"""What moves the saving most, and what ends it or the cover of the debt: sentences, a picture and one table for both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from planner.answer.page.ends import NAMED, NOTHING, ends_of, nearest, told_end
from planner.answer.page.markup import Markup, join, tag
from planner.answer.page.question_sentences import SENSITIVITY
from planner.answer.page.report import Report
from planner.answer.page.table import number, table
from planner.answer.page.tornado import Tornado, tornado
from planner.answer.saving import beyond
from planner.answer.swings import DEMAND, RATE, SELLING, SWING, saving_of, with_demand_row
from planner.finance.ends import COVER
from planner.language.language import mark
from planner.language.words import PLANS, named

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
    cover = _cover_ends(report)
    ending = {(r.what, r.name) for r in cover.itertuples() if pd.notna(r.ends_at)}
    always = {DEMAND, SELLING}
    found = [r for i, r in enumerate(rows.itertuples(index=False)) if i < MOST or r.what in always or (r.what, r.name) in ending]
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
        _told_later(report, today),
    ]
    drawn = [s for s in found if pd.notna(s.saving_low) or pd.notna(s.saving_high)]
    bars = [(_named(report, s, found), _known(s.saving_low, saving), _known(s.saving_high, saving)) for s in drawn]
    axis = say("saved against {plan}", plan=values["plan"])
    picture = tornado(Tornado(bars, saving, axis, report.money, language, title))
    words = tag("p", language.sentences(*_ends(report, found), _told_cover_ends(report, cover), *notes))
    heading = tag("h4", moved, tag("small", title)) if (moved := _most(report, drawn, found)) else tag("h4", title)
    drawing = tag("figure", tag("figcaption", heading), picture)
    return join([words, drawing, _table(report, found, cover, title)])


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


def _told_later(report: Report, today: str) -> str:
    """A sentence on the part of the saving that is value beyond the horizon; empty where that part is small."""
    output, language = report.output, report.language
    later = beyond(output.summary, output.target, output.plans[today], today)
    if not later:
        return ""
    money = language.money(later, output.currency)
    return language.translate("{beyond} of the saving is value beyond {last}.", beyond=money, last=output.years[-1])


def _cover_ends(report: Report) -> pd.DataFrame:
    """The rows of finance_ends.csv that are of the least cover of the debt; none where none is told or it is missed as planned."""
    against = report.output.summary["compared_with"]
    rows = ends_of(report, against) if against else report.output.alone["finance_ends"][:0]
    return rows[rows["figure"] == COVER]


def _told_cover_ends(report: Report, cover: pd.DataFrame) -> str:
    """The nearest changes that end the cover of the debt: another limit than the saving, and against another plan."""
    language, ended = report.language, nearest(cover)
    if ended.empty:
        return ""
    return language.translate(
        "The debt has a limit of its own: the least cover against {plan}, {now} in its worst year, falls to {limit} with any one "
        "of: {changes}.",
        plan=named(language, PLANS, report.output.summary["compared_with"]),
        now=language.number(float(cover["now"].iloc[0]), 2),
        limit=language.number(float(cover["limit"].iloc[0]), 2),
        changes=language.translate("; ").join(told_end(report, r) for r in ended.head(NAMED).itertuples()),
    )


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


def _table(report: Report, found: Sequence[Any], cover: pd.DataFrame, title: str) -> Markup:
    """What moves the saving most: first what ends it and the cover of the debt, so that a narrow screen shows both; then what is
    saved, and what the goal costs."""
    language, say, (unit, size) = report.language, report.language.translate, report.money
    sides = (say("lower"), say("higher"))
    head, covered = [say("what changes"), say("ends the saving at")], {(r.what, r.name): r.ends_at for r in cover.itertuples()}
    if covered:
        limit = language.number(float(cover["limit"].iloc[0]), 2)
        head.append(say("debt cover falls to {limit} at", limit=limit))
    head += [say("saving with it {change}, {unit}", change=side, unit=unit) for side in sides]
    has_goal = any(pd.notna(s.goal_low) or pd.notna(s.goal_high) for s in found)
    if has_goal:
        head += [say("the goal costs with it {change}, {unit}", change=side, unit=unit) for side in sides]
    rows = []
    for s in found:
        values = [s.saving_low, s.saving_high, *([s.goal_low, s.goal_high] if has_goal else [])]
        missing = say("not served") if s.what == DEMAND else say(UNKNOWN)
        cells: list[object] = [missing if pd.isna(v) else number(v, language.number(v / size, 1)) for v in values]
        rows.append([_named(report, s, found), *_ends_at(report, s, covered), *cells])
    shown = {str(cell) for row in rows for cell in row}
    told = [say(note) for word, note in EMPTY.items() if say(word) in shown]
    return join([table(head, rows, 1, title), tag("p", language.sentences(*told), class_="note") if told else ""])


def _ends_at(report: Report, swing: Any, covered: Mapping[tuple[str, str], float]) -> list[str]:
    """The change that ends the saving, and that which ends the cover where that is known; that none does, or that it was not looked
    for: of demand never, of the discount rate for the saving alone, as cover is of cash that is not discounted."""
    found = [(swing.ends_at, swing.what in (RATE, DEMAND))]
    if covered:
        found.append((covered.get((swing.what, swing.name)), swing.what == DEMAND))
    say = report.language.translate
    return [f"{at:+.0%}" if pd.notna(at) else say(UNKNOWN if is_unknown else NOTHING) for at, is_unknown in found]
