"""What could change the answer: figures that move the saving most, prices that may rise, figures of low grade, spending limits
that are reached, no reserve."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from planner.answer import series
from planner.answer.page.annex import Report
from planner.answer.page.grades import uncertain_capital, uncertain_energy
from planner.answer.page.question_sentences import SENSITIVITY
from planner.answer.page.questions import question_part
from planner.answer.page.schedule import orders
from planner.answer.page.swings import swings
from planner.answer.page.table import Markup, join, tag
from planner.language.language import Language

#: From this share of its budget on, a year has reached it.
REACHED = 0.995
#: Supplies whose doubled price is told one by one, and from which share of the system cost on; technologies of low grade.
PRICES, LARGE, FIGURES = 4, 0.01, 3


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
