"""What a store earns, by stream and year, and who gets it; once `plan what-if OUT --stores` was asked."""

from __future__ import annotations

import pandas as pd

from planner.answer.page.frame import figure
from planner.answer.page.markup import Markup
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import number, table
from planner.language.words import STREAMS, told_years


def stores_section(report: Report) -> Section | None:
    """A table for each store; None where it was not asked."""
    rows = report.output.alone["stores"]
    if rows.empty:
        return None
    tables = [_earned(report, str(name), own) for name, own in rows.groupby("technology", sort=False)]
    return section("stores", report.language.translate("What stores earn"), *tables)


def _earned(report: Report, name: str, rows: pd.DataFrame) -> Markup:
    """Money by stream, then what its owner keeps and passes on, then its share of a reserve and what would be short."""
    language, (money, size) = report.language, report.money
    say, years, body = language.translate, report.output.years, list[list[object]]()

    def add(what: str, values: pd.Series, of: float = 1.0) -> None:
        shown = (values.reindex(years).fillna(0.0) / of).tolist()
        body.append([what, *(number(v, language.amount(v)) for v in (*shown, sum(shown)))])

    paid = rows[rows["unit"] == report.output.currency]
    for stream, words in STREAMS.items():
        own = paid[paid["stream"] == stream]
        if len(own):
            add(f"{say(words)} [{money}]", own.groupby("year")["saved"].sum(), size)
    add(f"{say('earned in all')} [{money}]", paid.groupby("year")["saved"].sum(), size)
    owner = str(rows["owner"].iloc[0])
    if float(paid["passed"].abs().sum()) > 0:
        add(f"{say('{owner} keeps', owner=owner)} [{money}]", paid.groupby("year")["kept"].sum(), size)
        add(f"{say('passed on to the park')} [{money}]", paid.groupby("year")["passed"].sum(), size)
    for _, own in rows[rows["stream"].isin(["reserve", "short"])].groupby(["stream", "item"], sort=False):
        place, is_reserve = str(own["item"].iloc[0]), own["stream"].iloc[0] == "reserve"
        what = say("of the reserve of {place}", place=place) if is_reserve else say("short without it: {place}", place=place)
        values = own.groupby("year")["saved"].sum().reindex(years).fillna(0.0)
        body.append([f"{what} [{own['unit'].iloc[0]}]", *(number(v, language.amount(v)) for v in values.tolist()), "–"])
    total = float(paid["saved"].sum())
    title = say(
        "{name} earns {money} in {years}, not discounted",
        name=report.titles.of(name),
        money=language.money(total, report.output.currency),
        years=told_years(language, rows["year"].nunique()),
    )
    note = say("Operated with it standing still, less as planned. Firm capacity of a reserve pays nothing by itself.")
    head = [say("stream"), *map(str, years), say("all years")]
    return figure(table(head, body, 1, title, "by-year"), title, note=note, class_="full")
