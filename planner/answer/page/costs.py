"""Cost of each year by kind, and what the plan costs more or less than the reference, added up over the years."""

from __future__ import annotations

import pandas as pd

from planner.answer import series
from planner.answer.page.bars import YearChart
from planner.answer.page.findings import added_up
from planner.answer.page.markup import Markup
from planner.answer.page.report import Report, Section, section
from planner.answer.saving import at_end, back, cumulated, told_back, told_timing, within, yearly
from planner.language.language import mark
from planner.language.words import COSTS, PLANS, named

#: Why the discounted curve ends elsewhere than the saving, by whether the plan has more or less capital beyond the years.
MORE_BEYOND = mark(
    "The discounted curve ends at {end}, the saving in system cost is {saving}: the plan has {beyond} more of its capital in years "
    "after {last} than the other, which the system cost leaves out."
)
LESS_BEYOND = mark(
    "The discounted curve ends at {end}, the saving in system cost is {saving}: the plan has {beyond} less of its capital in years "
    "after {last} than the other, which the system cost leaves out."
)


def costs_section(report: Report) -> Section:
    """Two charts: cost by kind, and the difference to the reference."""
    return section("costs", report.language.translate("Costs"), _by_kind(report), _difference(report))


def _curve_and_saving(report: Report, discounted: pd.Series) -> str:
    """Why the discounted curve ends at another number than the saving in system cost: capital of later years, and timing."""
    language, output = report.language, report.output
    name, summary = output.summary["compared_with"], output.summary
    saving, end = summary["plans"][name]["system_cost"] - summary["system_cost"], float(discounted.iloc[-1])
    if abs(saving - end) < 5e-4 * max(abs(saving), abs(end)):
        return ""
    beyond = saving - within(output.target, output.plans[name], float(summary["discount_rate"]))
    values = {
        "end": language.money(end, output.currency),
        "saving": language.money(saving, output.currency),
        "beyond": language.money(abs(beyond), output.currency),
        "last": output.years[-1],
    }
    words = MORE_BEYOND if beyond >= 0 else LESS_BEYOND
    late = language.translate("The system cost counts all of a year at its start.") if at_end(summary) else ""
    return language.sentences(language.translate(words, **values), late)


def _by_kind(report: Report) -> Markup:
    say, (unit, size) = report.language.translate, report.money
    rows = report.output.target["costs"]
    words = {**{name: say(text) for name, text in COSTS.items()}, series.OTHER: say("other")}
    total = pd.DataFrame({say("total"): yearly(report.output.target).reindex(report.output.years) / size})
    bars = report.over_years(rows, "item", most=14) / size
    note = say("Paid in the year, not discounted; capital stands in full in the year in which it is paid.")
    return report.chart(YearChart(say("Cost of each year by kind"), unit, bars, total, labels=words, note=note, height=360))


def _difference(report: Report) -> Markup | None:
    language, output = report.language, report.output
    say, (unit, size), other = language.translate, report.money, report.output.compared
    if other is None or other is output.target:
        return None
    rate = float(output.summary.get("discount_rate", 0.0))
    late = at_end(output.summary)
    plain, discounted = cumulated(output.target, other), cumulated(output.target, other, rate, late)
    name = named(language, PLANS, output.summary["compared_with"])
    names = {
        "year": say("saved in the year"),
        "plain": say("added up"),
        "discounted": say("added up, discounted at {rate}", rate=language.percent(rate)),
    }
    bars = pd.DataFrame({names["year"]: yearly(other) - yearly(output.target)}).reindex(output.years) / size
    lines = pd.DataFrame({names["plain"]: plain, names["discounted"]: discounted}).reindex(output.years) / size
    found = told_back(language, back(output.target, other, rate, late), late)
    note = say(
        "Years from the first payment until what was laid out is back: {plain}; discounted: {discounted}.",
        plain=found[0],
        discounted=found[1],
    )
    above = say("Above zero the plan costs less than the {plan} plan.", plan=name)
    by_date = say(
        "Payback counts by date: on 1 January the capital of the year that begins is paid, or saved, already, which stands in the "
        "table in the row of that year; the sum there may turn a year later."
    )
    more = language.sentences(
        told_timing(language, late), note, *([by_date] if late else []), _curve_and_saving(report, discounted)
    )
    finding = added_up(discounted.reindex(output.years) / size, unit, language)
    title = say("Difference to the {plan} plan", plan=name)
    return report.chart(YearChart(title, unit, bars, lines, note=above, more=more, finding=finding))
