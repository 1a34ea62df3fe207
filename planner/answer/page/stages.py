"""Stages: each rule with value and limit in every year, standards in full, both books of scope 2, how far the hours agree."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from planner.answer import series
from planner.answer.caveats import aside_words
from planner.answer.page.annex import Report, Section, section
from planner.answer.page.bars import YearChart
from planner.answer.page.table import Markup, join, number, table, tag
from planner.answer.saving import usual
from planner.answer.standing_short import told_short
from planner.answer.standing_words import told_beside, told_besides, told_gross, told_guidance, told_standing
from planner.language.language import NONE, Language
from planner.language.words import EMISSIONS, METRICS, STAGES, named, told_metric

# --- standards -------------------------------------------------------------------------------------------------------------
# Whose zero it is: the standard of the goal and a line for each other one; and all that is to be said of them, with the rules.

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


# --- stages ----------------------------------------------------------------------------------------------------------------

def stages_section(report: Report) -> Section:
    """The rules, standards in full, and scope 2 in both books."""
    return section("stages", report.language.translate("Stages and rules"), _rules(report), standards(report), _books(report))


def _rules(report: Report) -> Markup:
    """A row for each rule, a column for each year in which any holds."""
    language, rules = report.language, report.output.target["stages"]
    say = language.translate
    if rules.empty:
        return tag("p", say("No rule is in force within the horizon."))
    years = sorted(set(rules["year"]))
    rows = []
    for (stage, metric, sense, limit), own in rules.groupby(["stage", "metric", "sense", "limit"], sort=False):
        cells = own.set_index("year")
        shown = [_cell(report, cells.loc[y]) if y in cells.index else NONE for y in years]
        sign = {"<=": "≤", ">=": "≥"}.get(str(sense), str(sense))
        bound = tag("span", f"{sign} ", number(float(limit), told_metric(report.language, str(metric), float(limit))))
        name = join([tag("b", named(language, STAGES, str(stage))), tag("br"), named(language, METRICS, str(metric))])
        rows.append([name, bound, *shown])
    head = [say("stage, rule"), say("limit"), *map(str, years)]
    note = language.sentences(
        say("✓ the rule holds, ✗ it does not. A rule holds from the year of its stage until the next stage begins."),
        _tolerances(language, rules),
    )
    return join([tag("p", note, class_="note"), table(head, rows, 1, say("Every rule by year"), "rules")])


def _tolerances(language: Language, rules: pd.DataFrame) -> str:
    """By how much rules may be missed and are, where any is; empty where none is."""
    near = rules[series.missed_within(rules)]
    if near.empty:
        return ""
    return language.translate(
        "≈✓ the limit is missed, by no more than the tolerance of {tolerance} (1, of intensity t/tce).",
        tolerance=language.amount(near["tolerance"].max()),
    )


def _cell(report: Report, rule: pd.Series) -> Markup:
    mark, words = ("✓", "holds") if rule["holds"] else ("✗", "fails")
    near = "≈" if series.missed_within(rule.to_frame().T).all() else ""
    shown = told_metric(report.language, str(rule["metric"]), float(rule["value"]))
    return tag("span", number(float(rule["value"]), shown), f" {near}{mark}", class_=words)


def _books(report: Report) -> Markup:
    """Scope 2 on both bases, and gross emissions on each."""
    say = report.language.translate
    items = series.over_years(report.output.target["emissions"], "item").reindex(report.output.years)
    rest = items["scope1"] + items["scope3"]
    frame = pd.DataFrame(
        {
            named(report.language, EMISSIONS, "scope2_location"): items["scope2_location"],
            named(report.language, EMISSIONS, "scope2_market"): items["scope2_market"],
            say("gross emissions, location basis"): rest + items["scope2_location"],
            say("gross emissions, market basis"): rest + items["scope2_market"],
        }
    )
    basis = say("location") if report.output.summary.get("accounting") == "location" else say("market")
    note = say("The rules use the {basis} basis; both books are always kept.", basis=basis)
    last = items.iloc[-1]
    finding = say(
        "In {year} scope 2 is {location} t by location, {market} t by market",
        year=items.index[-1],
        location=report.language.number(float(last["scope2_location"])),
        market=report.language.number(float(last["scope2_market"])),
    )
    title = say("Scope 2 in both books")
    return report.chart(YearChart(title, "t CO2e", lines=frame, note=note, height=280, finding=finding))
