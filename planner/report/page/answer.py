"""The first screen: the answers to what a person asks first, each under its question; and the stages with their years."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from planner.language.words import STAGES, named
from planner.plan import of_item
from planner.report import series
from planner.report.composition import net_told
from planner.report.page.hangs_on import what_would_end_it
from planner.report.page.made_of import made_of
from planner.report.page.markup import Markup, join, tag
from planner.report.page.orders import first_orders, printed_orders
from planner.report.page.plans import plans_beside
from planner.report.page.report import Report, Section, section
from planner.report.page.risks import risks
from planner.report.page.sure import how_sure
from planner.report.page.tiles import costs
from planner.report.page.verdict import can_it_be_done, why_not
from planner.report.saving import usual
from planner.report.standing_words import told_beside, told_gross, told_guidance, told_standing


def answer_section(report: Report) -> Section:
    """Can it be done, what does it cost, what is zero made of, what comes first, how sure is it, what could change it."""
    say = report.language.translate
    if not report.output.has_plan:
        sentences = tag("div", join(tag("p", s) for s in why_not(report)), class_="lead")
        return section("answer", say("The answer"), sentences, _whose(report), _stage_strip(report))
    return section(
        "answer",
        say("The answer"),
        tag("div", tag("p", can_it_be_done(report)), class_="lead"),
        _whose(report),
        costs(report),
        tag(
            "div",
            first_orders(report),
            how_sure(report),
            printed_orders(report),
            risks(report),
            made_of(report),
            what_would_end_it(report),
            class_="grid first",
        ),
        _stage_strip(report),
        plans_beside(report),
    )


def _whose(report: Report) -> Markup | None:
    """Under which standard the goal is and whose that is; and what of the other standards is reached."""
    language, summary = report.language, report.output.summary
    words = told_standing(language, summary, report.output.target["stages"] if report.output.has_plan else None)
    if not words:
        return None
    others = [tag("li", line) for line in told_beside(language, summary)]
    told = [tag("p", language.sentences(words, told_gross(language, summary, _usual(report))))]
    if others:
        told.append(tag("p", language.translate("By other standards:"), tag("ul", *others)))
    if guidance := told_guidance(language, summary):
        told.append(tag("p", guidance))
    return tag("div", *told, class_="whose note")


def _usual(report: Report) -> pd.DataFrame | None:
    """Emissions of going on as today; None where that was not planned."""
    name = usual(report.output.summary)
    return report.output.plans[name]["emissions"] if name is not None and name in report.output.plans else None


def _stage_strip(report: Report) -> Markup:
    """The stages in a row, with the years from which they hold, net emissions then, and what is invested until then."""
    language, output = report.language, report.output
    items = [_step(report, year, named(language, STAGES, stage), stage) for stage, year in output.steps]
    if output.has_plan and output.years[0] < output.steps[0][1]:
        items.insert(0, _step(report, output.years[0], language.translate("first year of the plan")))
    if output.has_plan and output.years[-1] > output.steps[-1][1]:
        items.append(_step(report, output.years[-1], language.translate("last year of the plan")))
    return tag("ol", *items, class_="strip", aria_label=language.translate("stages"))


def _step(report: Report, year: int, words: str, class_: str = "") -> Markup:
    return tag(
        "li", tag("span", str(year), class_="year"), tag("span", words), *_then(report, year), class_=f"stage {class_}".strip()
    )


def _then(report: Report, year: int) -> Iterator[Markup]:
    """Net emissions of a year, and all that is invested up to its end."""
    language, output = report.language, report.output
    if output.has_plan and year in output.years:
        net = of_item(output.target["emissions"], "net")
        emissions = net[net["year"] == year]["value"].sum()
        capital = series.capital(output.target).sum(axis=1)
        yield tag(
            "small",
            language.translate(
                "net {net} t CO2e; invested so far {money}",
                net=net_told(language, float(emissions), output.summary["base_emissions"]),
                money=language.money(float(capital[capital.index <= year].sum()), output.currency),
            ),
        )
