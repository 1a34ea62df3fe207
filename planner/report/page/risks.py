"""What could change the answer: figures that move the saving most, prices that may rise, figures of low grade, spending limits
that are reached, no reserve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from planner.language.language import Language, mark
from planner.language.words import PLANS, named
from planner.report import series
from planner.report.page.ends import NOTHING
from planner.report.page.grades import uncertain_capital, uncertain_energy
from planner.report.page.markup import Markup, join, tag
from planner.report.page.orders import orders
from planner.report.page.question_sentences import SENSITIVITY
from planner.report.page.questions import question_part
from planner.report.page.report import Report
from planner.report.page.table import number, table
from planner.report.page.tornado import Tornado, tornado
from planner.report.swings import DEMAND, RATE, SWING, saving_of

#: From this share of its budget on, a year has reached it.
REACHED = 0.995
#: Supplies whose doubled price is told one by one, and from which share of the system cost on; technologies of low grade.
PRICES, LARGE, FIGURES = 4, 0.01, 3
#: How many swings are told.
MOST = 10
#: What a supply is called of which both is in a plan.
BOTH = {"bought": mark("{name}, bought"), "sold": mark("{name}, sold")}
#: What stands in place of a figure that nobody worked out; and what each word that stands in place of one means.
UNKNOWN = mark("not computed")
EMPTY = {
    NOTHING: mark("None: neither a fall to nothing nor a rise to twice its value ends the saving."),
    UNKNOWN: mark("Not computed: this run did not work it out."),
}


def risks(report: Report) -> Markup:
    """A heading, and a sentence for each; what a price comes to as a list in its own."""
    say = report.language.translate
    moves = [moved] if (moved := swings(report)) else list(_prices(report))
    anew = None if report.output.alone[SENSITIVITY].empty else question_part(report, SENSITIVITY)
    found = [*moves, *_figures(report), *_of_energy(report), *_budgets(report), *_reserve(report)]
    listed = tag("ul", *(tag("li", words) for words in found))
    return tag("div", tag("h3", say("What could change it?")), listed, anew, class_="risks")


def _prices(report: Report) -> Iterator[Markup]:
    """What the plan, as it stands, costs more where a supply costs twice as much: its bill over all years, discounted."""
    language, rows = report.language, report.output.target["system_cost"]
    say, cost = language.translate, report.output.summary["system_cost"]
    bought = rows[rows["item"].isin(("energy", "contract"))]
    bills: pd.Series = bought.groupby("name")["value"].sum().sort_values(ascending=False)
    bills = bills[bills > 0]
    large = bills[bills > LARGE * cost].head(PRICES)
    told = [
        say(
            "{supply}: {money} more, {share}",
            supply=name,
            money=language.money(bill, report.output.currency),
            share=language.percent(bill / cost, 0),
        )
        for name, bill in large.items()
    ]
    rest = bills.drop(large.index)
    if len(rest):
        share = language.percent(max(float(rest.max()) / cost, LARGE), 0)
        told.append(say("{supplies}: at most {share} more", supplies=say(", ").join(rest.index), share=share))
    if told:
        words = say(
            "If a price doubles in all years, this plan as it is costs more, in shares of its {cost}; a plan made for that price "
            "would cost less than that:",
            cost=language.money(cost, report.output.currency),
        )
        yield join([words, tag("ul", *(tag("li", each) for each in told))])


def _figures(report: Report) -> Iterator[str]:
    """The share of what is invested whose figure is an estimate, of the catalogue or of the park, and the largest parts of it."""
    language, years = report.language, report.output.years
    share, paid = uncertain_capital(report.output, report.titles)
    if share <= 0:
        return
    bought: dict[str, list[int]] = {}
    for order in orders(report):
        bought.setdefault(order.what, []).append(order.year)
    largest = [
        language.translate(
            "{what} ({more})",
            what=f"{name} {language.money(float(money), report.output.currency)}",
            more=_ordered(language, bought[str(name)]),
        )
        for name, money in paid.head(FIGURES).items()
    ]
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
        told = (f"{name} {language.percent(part, 0)}" for name, part in parts.head(PRICES).items())
        yield say(
            "{share} of what is paid for energy, discounted, rests on prices that the park marks as estimates ({parts}): ask for "
            "quotes.",
            share=language.percent(share, 0),
            parts=say(", ").join(told),
        )


def _ordered(language: Language, years: list[int]) -> str:
    """The year of an order; of several how many, and from when to when."""
    if len(years) == 1:
        return str(years[0])
    return language.translate("{count} orders, {first} to {last}", count=len(years), first=years[0], last=years[-1])


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
    axis = say("saved against {plan}", plan=values["plan"])
    picture = tornado(Tornado(bars, saving, axis, report.money, language, title))
    words = tag("p", language.sentences(*_ends(report, found), *notes))
    drawing = tag("figure", tag("figcaption", tag("h4", title)), picture)
    return join([words, drawing, _table(report, found, title)])


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
        missing = say("not served") if s.what == DEMAND else say(UNKNOWN)
        cells: list[object] = [missing if pd.isna(v) else number(v, language.number(v / size, 1)) for v in values]
        rows.append([_named(report, s, found), *cells[:2], _ends_at(report, s), *cells[2:]])
    shown = {str(cell) for row in rows for cell in row}
    told = [say(note) for word, note in EMPTY.items() if say(word) in shown]
    return join([table(head, rows, 1, title), tag("p", language.sentences(*told), class_="note") if told else ""])


def _ends_at(report: Report, swing: Any) -> str:
    """The change that ends the saving, that none does, or that it was not looked for: of a rate and of demand it is not."""
    if pd.notna(swing.ends_at):
        return f"{swing.ends_at:+.0%}"
    return report.language.translate(UNKNOWN if swing.what in (RATE, DEMAND) else NOTHING)
