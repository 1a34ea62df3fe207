"""Stages: each rule with value and limit in every year, standards in full, both books of scope 2, how far the hours agree."""

from __future__ import annotations

import pandas as pd

from planner.answer import series
from planner.answer.page.bars import YearChart
from planner.answer.page.markup import Markup, join, tag
from planner.answer.page.report import Report, Section, section
from planner.answer.page.standards import standards
from planner.answer.page.table import number, table
from planner.language.language import NONE, Language
from planner.language.words import EMISSIONS, METRICS, STAGES, named, told_metric


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
