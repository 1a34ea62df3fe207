"""The first screen: the verdict, what to approve now, four figures against one plan, net emissions and orders by year; all else
opens by a click."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planner.answer import series
from planner.answer.caveats import contradicted, told_in_one
from planner.answer.facts import present_values
from planner.answer.money import (
    COSTS_HELD,
    Order,
    at_end,
    decision,
    goal_range,
    orders_of,
    saved_against,
    told_back,
    told_decision,
    told_timing,
    usual,
)
from planner.answer.page.assumptions import how_sure
from planner.answer.page.charts import figure
from planner.answer.page.emissions import whose
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import Markup, join, number, scroll, tag
from planner.answer.page.verdict import can_it_be_done, of_chain, why_not
from planner.answer.standing_words import titled
from planner.answer.views import drawn
from planner.language.language import NONE, mark
from planner.language.words import PLANS, named, told_days
from planner.plan import LEAST_COST

#: Orders that the first screen lists.
MOST = 7
#: A figure: what it is of, the figure, and what it is in a line.
Tile = tuple[str, str, str]


def answer_section(report: Report) -> Section:
    """Can it be done, what to approve now, what it costs, how emissions fall, what is ordered when; how sure, by whose rules."""
    say = report.language.translate
    if not report.output.has_plan:
        sentences = tag("div", join(tag("p", s) for s in why_not(report)), class_="lead")
        return section("answer", say("The answer"), sentences, whose(report))
    found = orders_of(report.output.target)
    now = decision(report.output.target, report.output.plans.get(LEAST_COST))
    told = told_decision(report.language, now, found, report.output.target, report.output.currency)
    soon = [o for o in found if now is None or o.year <= (now.then or now.year)]
    shown = sorted(sorted(soon, key=lambda o: -o.paid)[:MOST], key=lambda o: (o.year, -o.paid))
    tiles = (tag("li", tag("span", what), tag("b", value), tag("small", of)) for what, value, of in _tiles(report))
    return section(
        "answer",
        say("The answer"),
        tag("div", tag("p", can_it_be_done(report)), of_chain(report), tag("p", told, class_="decision"), class_="lead"),
        tag("ul", *tiles, class_="tiles"),
        tag("div", *drawn("net", report), schedule(report, shown, found), class_="grid"),
        how_sure(report, [_whose(report), _counted(report)]),
    )


def _tiles(report: Report) -> Iterator[Tile]:
    """What is invested; what the goal costs; what the plan saves, and when it is paid back, against one other plan."""
    language, output, summary = report.language, report.output, report.output.summary
    say, currency = language.translate, output.currency
    with_cash = summary["compared_with"] if not output.alone["finance"].empty else None
    against = with_cash or usual(summary)
    plan = named(language, PLANS, against) if against else ""
    capital = float(series.capital(output.target).to_numpy().sum())
    of = say("full price, not discounted")
    if against:
        other = float(series.capital(output.plans[against]).to_numpy().sum())
        of += say("; ") + say("{plan}: {money}", plan=plan, money=language.money(other, currency))
    yield say("To be invested"), language.money(capital, currency), of
    if (goal := summary["goal_cost"]) is not None:
        dear, each = goal["money"] > 0, goal["per_tonne_discounted"]
        of = say("{cost} a tonne", cost=language.money(each, currency)) if dear and each else ""
        between = goal_range(summary)
        if dear and between is not None:
            values = dict(zip(("low", "high"), (language.money(between[end], currency) for end in ("least", "most")), strict=True))
            on_days = told_days(language, between["typical_days"]) if between["typical_days"] else ""
            words = mark("proven on {days}: {low} to {high}") if on_days else mark("proven: {low} to {high}")
            of = say("; ").join(filter(None, [say(words, days=on_days, **values), of]))
        yield say("The goal costs"), language.money(goal["money"], currency) if dear else say("nothing"), of
    if against is None:
        yield say("The whole plan costs"), language.money(summary["system_cost"], currency), say("discounted")
        return
    saved = saved_against(summary, against)
    words = say("Saves against {plan}", plan=plan) if saved >= 0 else say("Costs more than {plan}", plan=plan)
    worth = present_values(report, with_cash).get("npv_after_tax") if with_cash else None
    bank = say("a bank counts {money}: net present value after tax", money=language.money(worth, currency)) if worth else ""
    yield words, language.money(abs(saved), currency), bank or say("discounted")
    if told := told_back(language, output.beside(against), output.plans[against], at_end(summary)):
        yield say("Pays back"), told, say("against {plan}, not discounted", plan=plan)


def schedule(report: Report, shown: Sequence[Order], every: Sequence[Order]) -> Markup:
    """Orders with a bar for as long as each works, and what it costs; those that are not `shown` open by a click."""
    language, years, (unit, size) = report.language, report.output.years, report.money
    say, first, span = language.translate, report.output.years[0], report.output.years[-1] - report.output.years[0] + 1
    title = say("Orders by year")
    if not every:
        return figure(tag("p", say("Nothing has to be built.")), title)
    looks = report.styles.of([o.what for o in every])

    def money(paid: float) -> Markup:
        return number(paid, language.number(paid / size, 1))

    def row(o: Order) -> Markup:
        begins, ends = max(o.works_from, first), min(o.works_until, years[-1]) + 1
        place = f"margin-left:{100 * (begins - first) / span:.1f}%;width:{max(100 * (ends - begins) / span, 1):.1f}%"
        bar = tag("i", style=f"{place};background:var(--k{looks[o.what]})", title=f"{o.works_from}–{o.works_until}")
        sized = language.amount(o.size) + f" {o.unit}" if o.unit else NONE
        cells = (tag("td", str(o.year)), tag("th", o.what, scope="row"), tag("td", sized), tag("td", bar, class_="bar"))
        return tag("tr", *cells, tag("td", money(o.paid)))

    heads = say("order"), say("what"), say("size"), say("works {first} to {last}", first=first, last=years[-1]), unit
    head = tag("thead", tag("tr", *(tag("th", words, scope="col") for words in heads)))

    def listed(orders: Sequence[Order], foot: str = "") -> Markup:
        paid = money(sum(o.paid for o in every))
        total = tag("tfoot", tag("tr", tag("td"), tag("th", foot, scope="row", colspan=3), tag("td", paid))) if foot else None
        return scroll(tag("table", head, tag("tbody", *map(row, orders)), total, class_="orders"), title)

    left, all_ = [o for o in every if o not in shown], say("all orders of {first} to {last}", first=first, last=years[-1])
    more = None
    if left:
        words = say(
            "{count} more: {money}", count=len(left), money=language.money(sum(o.paid for o in left), report.output.currency)
        )
        more = tag("details", tag("summary", words), listed(left, all_), class_="more")
    by, total = int(report.output.summary["by"]), sum(o.paid for o in every)
    share = language.percent(sum(o.paid for o in every if o.year <= by) / total, 0) if total > 0 else ""
    finding = say("{share} of all investment is ordered by {year}", share=share, year=by) if share else ""
    return figure(listed(shown, "" if left else all_), title, more, finding=finding)


def _whose(report: Report) -> Markup | None:
    """By whose rules, in a line; what they are, and what others come to, opens."""
    say, found = report.language.translate, report.output.summary.get("standing")
    words = whose(report)
    if words is None or not found:
        return words
    return tag("details", tag("summary", tag("b", say("By whose rules?")), " ", titled(report.language, found)), words)


def _counted(report: Report) -> Markup:
    """Which costs the figures hold."""
    language, output = report.language, report.output
    values = {"price_year": output.summary["price_year"], "first": output.years[0], "last": output.years[-1]}
    held = language.translate(COSTS_HELD, rate=language.percent(output.summary["discount_rate"], 1), **values)
    line = join([tag("b", language.translate("Which costs are counted?")), " "])
    short = language.translate(
        "All of {first} to {last}, discounted at {rate}, in prices of {price_year}.",
        rate=language.percent(output.summary["discount_rate"], 1),
        **values,
    )
    more = language.sentences(held, told_timing(language, at_end(output.summary)))
    return tag("details", tag("summary", line, short), tag("p", more))


def schedule_section(report: Report) -> Section:
    """Capital by year, and what is retired early; the orders stand on the first screen."""
    say = report.language.translate
    told = told_in_one(contradicted(report.output.target), report.language)
    note = tag("p", told, class_="note") if told else None
    return section("schedule", say("Investment schedule"), *drawn("capital", report), note, *drawn("retired", report))
