"""The investment schedule: rows are technologies and measures, columns are years, a cell says size and money."""

from __future__ import annotations

import pandas as pd

from planner.answer import series
from planner.answer.caveats import contradicted, told_in_one
from planner.answer.money import orders_of
from planner.answer.page.charts import YearChart, figure
from planner.answer.page.first import schedule
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import Markup, most_in, number, table, tag
from planner.finance.pieces import GIVEN_UP
from planner.language.language import NONE
from planner.language.words import COSTS


def schedule_section(report: Report) -> Section:
    """All orders, capital by year, what is retired early."""
    say, found = report.language.translate, orders_of(report.output.target)
    told = told_in_one(contradicted(report.output.target), report.language)
    note = tag("p", told, class_="note") if told else None
    return section(
        "schedule", say("Investment schedule"), capital_chart(report), schedule(report, found, found), note, retired_early(report)
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


def retired_early(report: Report) -> Markup | None:
    """What is retired before the end of its life, of which order and when, and the value beyond the horizon that is given up."""
    language, tables = report.language, report.output.target
    say, rows = language.translate, tables["retirements"]
    if rows.empty:
        return None
    costs = tables["system_cost"]
    lost = costs[costs["item"] == GIVEN_UP].groupby(["name", "year"])["value"].sum()
    body = []
    for (k, ordered, unit), own in rows.groupby(["technology", "ordered", "unit"], sort=False):
        sizes = (say("{what} ({more})", what=language.amount(r.retired), more=int(r.year)) for r in own.itertuples())
        money = float(lost.get((k, ordered), 0.0))
        body.append(
            [
                k,
                say("; ").join(sizes),
                unit,
                str(int(ordered)) if ordered else say("stood before"),
                number(money, language.number(money)) if money else NONE,
            ]
        )
    head = [say("what"), say("retired (year)"), say("unit"), say("order year")]
    head.append(say("value given up") + f" [{language.currency(report.output.currency)}]")
    title = say("What is retired before the end of its life")
    note = say("Value given up: what an order would still have been worth beyond the horizon, discounted; no cash.")
    return figure(table(head, body, 4, title), title, note=note, class_="full")
