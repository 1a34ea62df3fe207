"""What it costs: a tile for each figure, the cost of the goal first. Discounted and undiscounted are never in one sum."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from planner.language.language import mark
from planner.language.words import COSTS, named
from planner.plan import BUSINESS, LEAST_COST, REFERENCE
from planner.report import series
from planner.report.goal_cost import MEANING
from planner.report.page.markup import Markup, tag
from planner.report.page.report import Report

#: Kinds of cost that a tile names, and below which share of the system cost one is left out.
KINDS, SMALL = 6, 0.005


def costs(report: Report) -> Markup:
    """The question, the money that the figures are in, and a tile for each: what it is, the figure, and what it is of."""
    found = (tag("li", tag("span", what), tag("b", figure), tag("small", of)) for what, figure, of in _tiles(report))
    language, output = report.language, report.output
    note = language.translate(
        "All costs of {first} to {last}, in prices of {price_year}. Discounted: to {first}, at {rate} a year; of equipment that "
        "lasts longer, only the share of its life until {last}.",
        price_year=output.summary["price_year"], first=output.years[0], last=output.years[-1],
        rate=language.percent(output.summary["discount_rate"], 1),
    )  # fmt: skip
    title = tag("h3", language.translate("What does it cost?"))
    return tag("div", title, tag("p", note, class_="note"), tag("ul", *found, class_="tiles"), class_="cost")


def _tiles(report: Report) -> Iterator[tuple[str, str, str]]:
    language, output = report.language, report.output
    say, summary, currency = language.translate, output.summary, output.currency
    cost = summary["system_cost"]
    yield from _goal(report)
    yield say("The whole plan costs"), language.money(cost, currency), say("discounted; it includes {kinds}", kinds=_kinds(report))
    yield say("To be invested"), *_invested(report)
    others = {name: facts["system_cost"] for name, facts in summary["plans"].items() if facts["system_cost"] is not None}
    for name, what in ((BUSINESS, say("Against business as usual")), (REFERENCE, say("Against the reference"))):
        if name in others:
            more = cost - others[name]
            words = mark("{money} more") if more > 0 else mark("{money} less")
            figure = say(words, money=language.money(abs(more), currency))
            of = say(
                "than {money} for {plan}; both discounted", money=language.money(others[name], currency), plan=say(MEANING[name])
            )
            yield what, figure, of


def _goal(report: Report) -> Iterator[tuple[str, str, str]]:
    """What the goal itself costs: the plan less the cheapest one without the goal, and that for a tonne."""
    language, summary = report.language, report.output.summary
    found, say, currency = summary["goal_cost"], language.translate, report.output.currency
    if found is None:
        return
    if found["money"] <= 0:
        yield say("The goal costs"), say("nothing"), say("the cheapest plan that was found without it is no cheaper")
        return
    values = {"cost": language.money(summary["plans"][LEAST_COST]["system_cost"], currency)}
    if found["per_tonne_discounted"] is None:
        of = say("more than the cheapest plan without a goal ({cost}); both discounted", **values)
    else:
        each = f"{language.number(found['per_tonne_discounted'])} {language.currency(currency)}"
        of = say(
            "more than the cheapest plan without a goal ({cost}); {each} for each tonne of net CO2e less; money and tonnes are "
            "discounted", each=each, **values,
        )  # fmt: skip
    yield say("The goal costs"), language.money(found["money"], currency), of


def _kinds(report: Report) -> str:
    """The kinds of cost of the plan, the largest first."""
    language, rows = report.language, report.output.target["system_cost"]
    sums: pd.Series = rows.groupby("item")["value"].sum()
    large = sums[sums.abs() > SMALL * sums.abs().sum()].abs().sort_values(ascending=False).head(KINDS)
    return language.translate(", ").join(named(language, COSTS, str(item)) for item in large.index)


def _invested(report: Report) -> tuple[str, str]:
    """Capital of all years as it is paid, and that of the first year that has any."""
    language, currency, say = report.language, report.output.currency, report.language.translate
    capital = series.capital(report.output.target).sum(axis=1)
    first = next((int(y) for y in capital.index if capital[y] > 0), None)
    if first is None:
        return language.money(0.0, currency), say("nothing has to be built")
    of = say("what is paid for equipment, measures and planting, not discounted; {money} of it in {year}",
             money=language.money(capital[first], currency), year=first)  # fmt: skip
    return language.money(float(capital.sum()), currency), of
