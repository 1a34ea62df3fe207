"""The investment schedule: rows are technologies and measures, columns are years, a cell says size and money."""

from __future__ import annotations

import pandas as pd

from planner.answer import series
from planner.answer.caveats import contradicted, told_in_one
from planner.answer.money import orders_of
from planner.answer.page.charts import YearChart
from planner.answer.page.first import schedule
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import Markup, most_in, tag
from planner.answer.views import drawn
from planner.language.words import COSTS


def schedule_section(report: Report) -> Section:
    """All orders, capital by year, what is retired early."""
    say, found = report.language.translate, orders_of(report.output.target)
    told = told_in_one(contradicted(report.output.target), report.language)
    note = tag("p", told, class_="note") if told else None
    return section(
        "schedule",
        say("Investment schedule"),
        capital_chart(report),
        schedule(report, found, found),
        note,
        *drawn("retired", report),
    )


def capital_chart(report: Report) -> Markup:
    """Capital by year, and the budget."""
    say, (unit, size) = report.language.translate, report.money
    tables = report.output.target
    budget = tables["budget"].set_index("year")["budget"].reindex(report.output.years) / size
    limits = pd.DataFrame({say("budget"): budget}) if budget.notna().any() else pd.DataFrame()
    words = {name: say(text) for name, text in COSTS.items()}
    bars = series.capital(tables) / size
    finding = most_in(bars.sum(axis=1), unit, report.language)
    return report.chart(
        YearChart(
            say("Capital by year"),
            unit,
            bars.loc[:, bars.abs().max() > 0],
            limits=limits,
            labels=words,
            finding=finding,
        )
    )
