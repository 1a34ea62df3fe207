"""How sure the answer is: what could change it, and what would end the goal."""

from __future__ import annotations

from collections.abc import Iterator

from planner.answer import series
from planner.answer.hangs_on import hangs_on, told_hangs_on
from planner.answer.page.questions import SENSITIVITY, question_part
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import Markup, tag
from planner.answer.purchase import uncertain_capital, uncertain_energy
from planner.answer.views import drawn

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
    return tag(
        "div",
        tag("h3", say("What could change it?")),
        listed,
        *drawn("swings_drawn", report),
        *drawn("swings", report),
        anew,
        class_="risks",
    )


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
    return section("risks", report.language.translate("How sure is this?"), risks(report), *_what_would_end_it(report))


def _what_would_end_it(report: Report) -> Iterator[Markup]:
    """In a sentence and a table; nothing where nothing is taken off."""
    output, summary = report.output, report.output.summary
    if parts := hangs_on(output.target, summary["accounting"], summary["target"], summary["by"]):
        yield tag("p", told_hangs_on(report.language, parts, summary["by"]))
        yield from drawn("ends_of_goal", report)
