"""The annex, on paper only: the tables that an auditor needs, years across, and every assumed figure with its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from planner.answer import series
from planner.answer.page.grades import GRADES
from planner.answer.page.markup import Markup, join, tag
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import number, table
from planner.language.language import NONE
from planner.language.words import COSTS, EMISSIONS, SOURCES, named

NAME = "annex"
#: Years beside each other in a table.
ABREAST = 10


def annex_section(report: Report) -> Section:
    """Emissions, capacity, purchases, cash, figures."""
    say = report.language.translate
    tables, currency = report.output.target, report.language.currency(report.output.currency)
    sources = tables["emission_sources"]
    words = {item: say(text) for item, text in {**EMISSIONS, **SOURCES}.items()}
    sources = sources.assign(of=sources["name"] + " · " + sources["item"].map(lambda item: words.get(item, item)))
    bought = tables["energy"][tables["energy"]["flow"] == "import"]
    cash = tables["costs"].assign(of=tables["costs"]["item"].map(lambda item: named(report.language, COSTS, item)))
    emissions = tables["emissions"][tables["emissions"]["unit"] == "t"]
    emissions = emissions.assign(of=emissions["item"].map(lambda item: words.get(item, item)))
    parts = (
        _years(report, say("Emissions by source") + " [t CO2e]", sources, "of"),
        _years(report, say("Emissions and what is taken off") + " [t CO2e]", emissions, "of"),
        _years(report, say("Capacity") + " [MW, MWh, t/h]", tables["capacity"], "technology", "capacity"),
        _years(report, say("Bought") + " [MWh]", bought, "name"),
        _years(report, say("Paid in the year, not discounted") + f" [{currency}]", cash, "of"),
        _figures(report),
    )
    return section(NAME, say("Annex: tables"), *parts)


def _years(report: Report, title: str, rows: pd.DataFrame, column: str, value: str = "value") -> Markup:
    """Sums by a column, the years across, so many abreast; what is 0 in every year is left out."""
    years = report.output.years
    frame = series.over_years(rows, column, value).reindex(years, fill_value=0.0)
    found = {str(name): of_name for name, of_name in zip(frame.columns, frame.to_numpy().T.tolist(), strict=True) if any(of_name)}
    if not found:
        return Markup("")
    parts = [tag("h3", title)]
    for first in range(0, len(years), ABREAST):
        shown = slice(first, first + ABREAST)
        body = [[name, *_amounts(report, of_name[shown])] for name, of_name in found.items()]
        parts.append(table([report.language.translate("what"), *map(str, years[shown])], body, 1, title))
    return join(parts)


def _amounts(report: Report, values: Iterable[float]) -> Iterator[Markup]:
    language = report.language
    return (number(v, language.number(v) if abs(v) >= 100 else language.amount(v)) if v else tag("span", NONE) for v in values)


def _figures(report: Report) -> Markup:
    """Every figure of the catalogue, a row for all years of it."""
    say, rows = report.language.translate, report.output.assumptions
    if rows.empty:
        return Markup("")
    sources = {source: n for n, source in enumerate(dict.fromkeys(rows["source"]), start=1)}
    body = []
    for (name, parameter, unit, grade, source), own in rows.groupby(["name", "parameter", "unit", "grade", "source"], sort=False):
        years = ["" if pd.isna(y) else f"{int(y)}: " for y in own["year"]]
        told = "; ".join(year + str(value) for year, value in zip(years, own["value"], strict=True))
        graded = named(report.language, GRADES, str(grade))
        body.append([str(name), str(parameter), told, str(unit), graded, f"[{sources[source]}]"])
    title = say("Figures taken from the catalogue")
    head = [say(c) for c in ("name", "parameter", "value", "unit", "grade", "source")]
    listed = tag("ul", *(tag("li", f"[{n}] {source}") for source, n in sources.items()), class_="sources")
    return join([tag("h3", title), table(head, body, 6, title, "text catalogue"), tag("h3", say("Sources")), listed])
