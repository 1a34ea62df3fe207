"""Why a goal cannot be met: the remedies with their amounts and costs, and the rules that block it."""

from __future__ import annotations

import pandas as pd

from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import Markup, behind, join, tag
from planner.answer.views import drawn
from planner.language.language import mark


def remedies_section(report: Report) -> Section:
    """The remedies, then the rules that break most; the others can be opened."""
    say, others = report.language.translate, join(drawn("broken_less", report))
    rules = [*drawn("blocking", report), *drawn("breaches", report)]
    rules += [behind(others, say("Other rules that break"))] if others else []
    return section("ways", say("Remedies"), _remedies(report), *rules)


def _remedies(report: Report) -> Markup:
    """What is enough; what is of no help can be opened."""
    language, rows = report.language, report.output.explain
    say = language.translate
    if rows.empty:
        return tag("p", say("No remedy was found within the time, or none was looked for."))
    enough, rest = (join(drawn(name, report)) for name in ("enough", "not_enough"))
    parts = [enough or join([tag("h3", say("What would be enough")), tag("p", say("No amount of any one number is enough."))])]
    parts += [behind(rest, say("Not enough alone, however much"))] if rest else []
    said = report.output.explanation
    return join([*parts, behind(tag("ul", *(tag("li", language.tell(line)) for line in said)), say("As the run said it"))])


# --- alternatives ----------------------------------------------------------------------------------------------------------
# What else would do: the range of each group in plans that cost little more, as a picture, and as tables.


def alternatives_section(report: Report) -> Section | None:
    """Groups, things and plans; None where nobody asked."""
    groups, plans, parts = (report.output.alone[n] for n in ("alternatives", "alternative_plans", "alternative_parts"))
    if groups.empty:
        return None
    language = report.language
    say = language.translate
    title = say("What else would do")
    lead = tag("div", *(tag("p", text) for text in _sentences(groups, plans, parts, report)), class_="lead")
    tables = (made for name in ("groups_drawn", "groups", "alternative_parts", "alternative_plans") for made in drawn(name, report))
    return section("alternatives", title, lead, *tables)


def _sentences(groups: pd.DataFrame, plans: pd.DataFrame, parts: pd.DataFrame, report: Report) -> list[str]:
    """How many plans, and what is in all and in none of them."""
    say, language = report.language.translate, report.language
    most = language.percent(float(plans["share"].max()), 2)
    year = str(int(groups["year"].iloc[0]))
    several = mark("{count} plans were found that cost at most {share} more than the least.")
    one = mark("One plan was found that costs at most {share} more than the least.")
    said = [say(several if len(plans) > 1 else one, count=len(plans), share=most)]
    for words, text in (
        (("sure",), mark("In every such plan in {year}, proven: {names}.")),
        (("in all found",), mark("In all plans found in {year}: {names}.")),
        (("out",), mark("In no such plan in {year}, proven: {names}.")),
        (("in none found",), mark("In no plan found in {year}: {names}.")),
    ):
        names = [str(n) for n, v in zip(parts["name"], parts["verdict"], strict=True) if v in words]
        if names:
            said.append(say(text, year=year, names=", ".join(report.titles.of(n) for n in names)))
    return said
