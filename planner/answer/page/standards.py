"""Whose zero it is: the standard of the goal and a line for each other one; and all that is to be said of them, with the rules."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from planner.answer.aside import aside_words
from planner.answer.page.markup import Markup, join, tag
from planner.answer.page.report import Report
from planner.answer.saving import usual
from planner.answer.standing_short import told_short
from planner.answer.standing_words import told_beside, told_besides, told_gross, told_guidance, told_standing

#: Anchor of all that is said of standards.
NAME = "standards"


def whose(report: Report) -> Markup | None:
    """Under which standard the goal is and whose that is, which milestones of the park it leaves out; and in a line each whether
    others are reached. Without a plan, which has no section of rules, all that there is to say."""
    language, output = report.language, report.output
    aside = aside_words(output.warnings, language)
    if not output.has_plan:
        told = [*(tag("p", words) for words in aside), *_in_full(report)]
        return tag("div", *told, class_="whose note") if told else None
    words = told_standing(language, output.summary, output.target["stages"])
    told = [tag("p", language.sentences(words, *aside), *_link(report, bool(words)))] if words or aside else []
    if words and (others := [tag("li", line) for line in told_short(language, output.summary)]):
        told += [tag("p", language.translate("By other standards:")), tag("ul", *others)]
    return tag("div", *told, class_="whose note") if told else None


def _link(report: Report, has_more: bool) -> Iterator[object]:
    """A link to all else that is said, where there is more."""
    if has_more:
        words = report.language.translate("Dates, sources and what is not worked out: under Stages and rules.")
        yield from (" ", tag("a", words, href=f"#{NAME}"))


def standards(report: Report) -> Markup | None:
    """All that is said of the standard of the goal and of each other one; None for an output that does not say it."""
    told = list(_in_full(report))
    if not told:
        return None
    return tag(
        "div", tag("h3", report.language.translate("Whose standard it is, and what others ask")), *told, id=NAME, class_=NAME
    )


def _in_full(report: Report) -> Iterator[Markup]:
    """Paragraphs: the standard of the goal, what is left out of gross emissions; each other standard; guiding indicators."""
    language, output = report.language, report.output
    summary = output.summary
    words = told_standing(language, summary, output.target["stages"] if output.has_plan else None)
    if not words:
        return
    besides = told_besides(language, summary["standing"])
    yield tag("p", language.sentences(*filter(None, (words, besides, told_gross(language, summary, _usual(report))))))
    if others := [tag("li", line) for line in told_beside(language, summary)]:
        yield join([tag("p", language.translate("By other standards:")), tag("ul", *others)])
    if guidance := told_guidance(language, summary):
        yield tag("p", guidance)


def _usual(report: Report) -> pd.DataFrame | None:
    """Emissions of going on as today; None where that was not found."""
    today = usual(report.output.summary) if report.output.has_plan else None
    return report.output.plans[today]["emissions"] if today is not None and today in report.output.plans else None
