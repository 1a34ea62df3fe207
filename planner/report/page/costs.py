"""Cost of each year by kind, and what the plan costs more or less than the reference, added up over the years."""

from __future__ import annotations

import pandas as pd

from planner.language.words import COSTS, PLANS, named
from planner.output.output import Tables
from planner.report import series
from planner.report.page.bars import YearChart
from planner.report.page.markup import Markup
from planner.report.page.report import Report, Section, section


def costs_section(report: Report) -> Section:
    """Two charts: cost by kind, and the difference to the reference."""
    return section("costs", report.language.translate("Costs"), _by_kind(report), _difference(report))


def yearly(tables: Tables) -> pd.Series:
    """All that is paid in each year (money)."""
    return tables["costs"].groupby("year")["value"].sum().reindex(series.years_of(tables), fill_value=0.0)


def cumulated(plan: Tables, other: Tables, rate: float = 0.0) -> pd.Series:
    """What a plan has cost less than another up to each year, discounted to the first one (money)."""
    saved = (yearly(other) - yearly(plan)).dropna()
    return (saved / (1.0 + rate) ** (saved.index - saved.index.min())).cumsum()


def payback_year(saved: pd.Series) -> int | None:
    """The first year from which on the plan has cost no more than the other; None where it does not come."""
    behind = [int(y) for y, v in saved.items() if v < 0]
    if not behind:
        return int(saved.index[0])
    return next((int(y) for y in saved.index if y > behind[-1]), None)


def _beyond(report: Report, discounted: pd.Series) -> str:
    """Why the discounted curve ends at another number than the saving in system cost: capital that serves later years."""
    language, output = report.language, report.output
    costs = output.summary["plans"]
    saving = costs[output.summary["compared_with"]]["system_cost"] - output.summary["system_cost"]
    beyond = saving - float(discounted.iloc[-1])
    if abs(beyond) < 5e-4 * max(abs(saving), abs(float(discounted.iloc[-1]))):
        return ""
    values = {
        "end": language.money(float(discounted.iloc[-1]), output.currency), "saving": language.money(saving, output.currency),
        "beyond": language.money(abs(beyond), output.currency), "last": output.years[-1],
    }  # fmt: skip
    if beyond > 0:
        return language.translate(
            "The discounted curve ends at {end}, the saving in system cost is {saving}: the plan has {beyond} more of its capital "
            "in years after {last} than the other, which the system cost leaves out.", **values,
        )  # fmt: skip
    return language.translate(
        "The discounted curve ends at {end}, the saving in system cost is {saving}: the plan has {beyond} less of its capital "
        "in years after {last} than the other, which the system cost leaves out.", **values,
    )  # fmt: skip


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
    plain, discounted = cumulated(output.target, other), cumulated(output.target, other, rate)
    name = named(language, PLANS, output.summary["compared_with"])
    names = {
        "year": say("saved in the year"), "plain": say("added up"),
        "discounted": say("added up, discounted at {rate}", rate=language.percent(rate)),
    }  # fmt: skip
    bars = pd.DataFrame({names["year"]: yearly(other) - yearly(output.target)}).reindex(output.years) / size
    lines = pd.DataFrame({names["plain"]: plain, names["discounted"]: discounted}).reindex(output.years) / size
    years = [payback_year(plain), payback_year(discounted)]
    if years[0] is None:
        note = say("Within the horizon it does not pay back.")
    elif years[1] is None:
        note = say("It pays back in {year}; discounted, it does not within the horizon.", year=years[0])
    else:
        note = say("It pays back in {year}; discounted, in {later}.", year=years[0], later=years[1])
    above = say("Above zero the plan costs less than the {plan} plan.", plan=name)
    note = language.sentences(above, note, _beyond(report, discounted))
    title = say("Difference to the {plan} plan", plan=name)
    return report.chart(YearChart(title, unit, bars, lines, note=note))
