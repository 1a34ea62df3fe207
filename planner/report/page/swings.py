"""What could change the saving, on the page: sentences on what would end it, a picture and a table of what moves it most."""

from __future__ import annotations

from planner.language.language import mark
from planner.language.words import PLANS, named
from planner.report.page.markup import Markup, join, tag
from planner.report.page.report import Report
from planner.report.page.table import number, table
from planner.report.page.tornado import tornado
from planner.report.swings import RATE, SWING, Swing, goal_of, saving_of, swings_of

#: How many are told.
MOST = 10
#: What a supply is called of which both is in a plan.
BOTH = {"bought": mark("{name}, bought"), "sold": mark("{name}, sold")}


def swings(report: Report) -> Markup:
    """Sentences on what would end the saving, a picture and a table of what moves it most; nothing without a saving."""
    language, output = report.language, report.output
    say, against = language.translate, saving_of(output.summary)
    found = swings_of(output.summary, output.plans, output.years)[:MOST]
    if against is None or not found:
        return Markup("")
    today, saving = against
    title = say("Saving against {plan} if one thing changes by {share}, plans as they are", plan=named(language, PLANS, today),
                share=f"{SWING:.0%}")  # fmt: skip
    note = say("Other demand, and orders that would be others then, take a plan made anew.")
    bars = [(_named(report, s, found), s.low, s.high) for s in found]
    picture = tornado(bars, saving, report.money, language, title)
    words = tag("p", language.sentences(*_ends(report, found), note))
    return join([words, picture, _table(report, found, goal_of(output.summary, output.plans), title)])


def _named(report: Report, swing: Swing, found: list[Swing]) -> str:
    """What a swing is called."""
    language = report.language
    if swing.kind == RATE:
        rate = float(report.output.summary["discount_rate"])
        low, high = (language.percent((1 + side * SWING) * rate, 1) for side in (-1, 1))
        return language.translate("discount rate ({low}, {high})", low=low, high=high)
    if swing.kind == "capital":
        return language.translate("{name}, capital", name=swing.name)
    both = {s.kind for s in found if s.name == swing.name} >= set(BOTH)
    return language.translate(BOTH[swing.kind], name=swing.name) if both else swing.name


def _ends(report: Report, found: list[Swing]) -> list[str]:
    """What would end the saving in words: falls of prices, rises of prices; or that no price does."""
    say = report.language.translate
    ends = {_named(report, s, found): s.ends for s in found if s.ends is not None and s.kind != "capital"}
    falls, rises = (
        say(", ").join(f"{name} {x:+.0%}" for name, x in ends.items() if (x < 0) is falling) for falling in (True, False)
    )
    return [
        say("Falls of a price that would end the saving, all else as it is: {prices}.", prices=falls) if falls else "",
        say("Rises of a price that would end it: {prices}.", prices=rises) if rises else "",
        "" if ends else say("No single price that falls to nothing or doubles ends the saving, all else as it is."),
    ]


def _table(report: Report, found: list[Swing], goal: float | None, title: str) -> Markup:
    """What moves the saving most, and what the goal costs then."""
    language, say, (unit, size) = report.language, report.language.translate, report.money
    sides = [f"{s * SWING:+.0%}" for s in (-1, 1)]
    head = [say("what changes"), *(say("saving at {change}, {unit}", change=side, unit=unit) for side in sides), say("ends at")]
    if goal is not None:
        head += [say("the goal costs at {change}, {unit}", change=side, unit=unit) for side in sides]
    rows = []
    for s in found:
        cells = [number(v, language.number(v / size, 1)) for v in (s.low, s.high)]
        costs = [] if goal is None else [number(goal + v, language.number((goal + v) / size, 1)) for v in s.goal or (0.0, 0.0)]
        rows.append([_named(report, s, found), *cells, f"{s.ends:+.0%}" if s.ends is not None else "–", *costs])
    return table(head, rows, 1, title)
