"""What could change the saving, on the page: sentences on what would end it, a picture and a table of what moves it most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from planner.language.language import mark
from planner.language.words import PLANS, named
from planner.report.page.markup import Markup, join, tag
from planner.report.page.report import Report
from planner.report.page.table import number, table
from planner.report.page.tornado import tornado
from planner.report.swings import DEMAND, RATE, SWING, saving_of

#: How many are told.
MOST = 10
#: What a supply is called of which both is in a plan.
BOTH = {"bought": mark("{name}, bought"), "sold": mark("{name}, sold")}


def swings(report: Report) -> Markup:
    """Sentences on what would end the saving, a picture and a table of what moves it most; nothing without a saving."""
    language, output = report.language, report.output
    say, against, rows = language.translate, saving_of(output.summary), output.alone["swings"]
    if against is None or rows.empty:
        return Markup("")
    rows = rows.fillna({"low": -SWING, "high": SWING})  # outputs of older versions have neither
    found = list(rows.head(MOST).itertuples(index=False))
    found += [r for r in rows[rows["what"] == DEMAND].itertuples(index=False) if r not in found]
    today, saving = against
    values = {"plan": named(language, PLANS, today), "share": f"{SWING:.0%}"}
    title = (
        say("Saving against {plan} if one thing changes by {share}, plans as they are", **values)
        if not any(map(_is_own, found))
        else say("Saving against {plan} if one thing changes by {share} or as stated, plans as they are", **values)
    )
    has_demand, is_anew = any(s.what == DEMAND for s in found), not output.alone["sensitivity"].empty
    notes = [
        say("Each is changed alone, orders as they are."),
        say("Planned anew, with the first orders that would be others: below.")
        if is_anew
        else say("With a plan made anew they could be others (`plan sensitivity OUT`)."),
        "" if has_demand or is_anew else say("Not tested here: more or less demand (`plan stress OUT --demand`)."),
    ]
    drawn = [s for s in found if pd.notna(s.saving_low) or pd.notna(s.saving_high)]
    bars = [(_named(report, s, found), _known(s.saving_low, saving), _known(s.saving_high, saving)) for s in drawn]
    picture = tornado(bars, saving, report.money, language, title)
    words = tag("p", language.sentences(*_ends(report, found), *notes))
    return join([words, picture, _table(report, found, title)])


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
    """What moves the saving most, and what the goal costs then."""
    language, say, (unit, size) = report.language, report.language.translate, report.money
    sides = (say("lower"), say("higher"))
    head = [say("what changes"), *(say("saving with it {change}, {unit}", change=side, unit=unit) for side in sides)]
    head.append(say("ends at"))
    has_goal = any(pd.notna(s.goal_low) or pd.notna(s.goal_high) for s in found)
    if has_goal:
        head += [say("the goal costs with it {change}, {unit}", change=side, unit=unit) for side in sides]
    rows = []
    for s in found:
        values = [s.saving_low, s.saving_high, *([s.goal_low, s.goal_high] if has_goal else [])]
        cells: list[object] = [
            say("not served") if pd.isna(v) and s.what == DEMAND else "–" if pd.isna(v) else number(v, language.number(v / size, 1))
            for v in values
        ]
        ends = f"{s.ends_at:+.0%}" if pd.notna(s.ends_at) else "–"
        rows.append([_named(report, s, found), *cells[:2], ends, *cells[2:]])
    if any(pd.isna(s.ends_at) for s in found):
        none = say("–: no fall to nothing and no rise to twice ends the saving, or that was not looked for.")
        return join([table(head, rows, 1, title), tag("p", none, class_="note")])
    return table(head, rows, 1, title)
