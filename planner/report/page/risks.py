"""What the answer rests on: prices that may rise, budgets that are used up, capital of uncertain figures, no reserve."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from planner.report import series
from planner.report.page.report import Report

#: From this share of its budget on, a year has used it up; most prices that are told.
USED_UP, PRICES = 0.995, 3
#: Grade of figures that nobody has looked up.
UNCERTAIN = "general knowledge"


def risks(report: Report) -> Iterator[str]:
    """A sentence each, those that every plan has first."""
    yield from _prices(report)
    yield from _budgets(report)
    yield from _figures(report)
    yield from _reserve(report)


def _prices(report: Report) -> Iterator[str]:
    """What the plan, as it stands, costs more where a supply costs twice as much: its bill over all years, discounted."""
    language, rows = report.language, report.output.target["system_cost"]
    bills = rows[rows["item"] == "energy"].groupby("name")["value"].sum().sort_values(ascending=False)
    for name, bill in bills.head(PRICES).items():
        if bill > 0:
            yield language.translate(
                "If {supply} costs twice as much, this plan costs {money} more ({share} of the system cost); a plan made for that "
                "price may cost less.", supply=name, money=language.money(bill, report.output.currency),
                share=language.percent(bill / report.output.summary["system_cost"], 0),
            )  # fmt: skip


def _budgets(report: Report) -> Iterator[str]:
    tables, say = report.output.target, report.language.translate
    budget = tables["budget"].set_index("year")["budget"]
    paid = series.capital(tables).sum(axis=1).reindex(budget.index).fillna(0.0)
    years = [str(int(y)) for y in budget.index if budget[y] > 0 and paid[y] >= USED_UP * budget[y]]
    if years:
        yield say("The budget of {years} is used up: with more of it the plan may cost less.", years=say(", ").join(years))


def _figures(report: Report) -> Iterator[str]:
    """The share of the capital whose figure in the catalogue is general knowledge, and the largest part of it."""
    language, tables = report.language, report.output.target
    known = report.output.assumptions
    known = known[(known["table"] == "costs") & (known["parameter"] == "capital_cost") & (known["grade"] == UNCERTAIN)]
    builds = tables["investments"]
    uncertain = builds["technology"].map(lambda title: report.titles.types.get(title, title)).isin(set(known["name"]))
    paid: pd.Series = builds[uncertain].groupby("technology")["capital_cost"].sum().sort_values(ascending=False)
    whole = float(series.capital(tables).to_numpy().sum())
    if paid.empty or whole <= 0 or paid.iloc[0] <= 0:
        return
    yield language.translate(
        "{share} of the capital is of catalogue figures that are general knowledge; the largest is {technology} with {money}: ask "
        "for a quote.", share=language.percent(float(paid.sum()) / whole, 0), technology=paid.index[0],
        money=language.money(float(paid.iloc[0]), report.output.currency),
    )  # fmt: skip


def _reserve(report: Report) -> Iterator[str]:
    reserves = report.output.target.get("reserves")
    if reserves is None or reserves.empty:
        yield report.language.translate("No reserve is stated: the plan does not cover the outage of a unit.")
