"""The investment schedule: rows are technologies and measures, columns are years, a cell says size and money."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from planner.language.words import COSTS
from planner.report import series
from planner.report.page.bars import YearChart
from planner.report.page.markup import Markup, join, tag
from planner.report.page.report import Report, Section, section
from planner.report.page.table import behind, number, scroll, table


def schedule_section(report: Report) -> Section:
    """The timeline, and capital by year against the budget."""
    say = report.language.translate
    return section("schedule", say("Investment schedule"), _timeline(report), _capital(report))


def _capital(report: Report) -> Markup:
    say, (unit, size) = report.language.translate, report.money
    tables = report.output.target
    budget = tables["budget"].set_index("year")["budget"].reindex(report.output.years) / size
    limits = pd.DataFrame({say("budget"): budget}) if budget.notna().any() else pd.DataFrame()
    words = {name: say(text) for name, text in COSTS.items()}
    bars = series.capital(tables) / size
    return report.chart(
        YearChart(say("Capital by year"), unit, bars.loc[:, bars.abs().max() > 0], limits=limits, labels=words, height=260)
    )


def _timeline(report: Report) -> Markup:
    language, years = report.language, report.output.years
    say, (unit, _) = language.translate, report.money
    rows = [*_equipment(report), *_measures(report), *_planting(report)]
    if not rows:
        return tag("p", say("nothing is built"))
    head = tag("tr", tag("th", say("what"), scope="col"), *(tag("th", str(y), scope="col") for y in years))
    whole = tag("table", tag("thead", head), tag("tbody", join(rows)), class_="timeline", style=f"--years:{len(years)}")
    title = say("What is built, adopted and planted in which year")
    note = say(
        "In each cell the size, and below it the money in {unit}, in the year of the order. The bar of a cell is what works in "
        "that year; ▽ is what is retired.", unit=unit,
    )  # fmt: skip
    caption = tag("figcaption", tag("h3", title), tag("p", note, class_="note"))
    return tag("figure", caption, scroll(whole, title), behind(_list(report), say("Table: {title}", title=title)), class_="full")


def _equipment(report: Report) -> Iterator[Markup]:
    """A row for each technology that is built or retired, in the order of the first build."""
    tables, (_, size) = report.output.target, report.money
    builds, retired = tables["investments"], tables["retirements"]
    capacity = tables["capacity"].pivot_table(index="technology", columns="year", values="capacity", aggfunc="sum").fillna(0.0)
    order = builds.sort_values(["year", "capital_cost"], ascending=[True, False], kind="stable")["technology"]
    for k in dict.fromkeys([*order, *retired["technology"]]):
        own = builds[builds["technology"] == k].groupby("year").agg({"build": "sum", "capital_cost": "sum", "unit": "first"})
        gone = retired[retired["technology"] == k].groupby("year")["retired"].sum()
        stands = capacity.loc[k] if k in capacity.index else pd.Series(dtype=float)
        most = max(stands.max() if len(stands) else 0.0, 1e-9)
        cells = []
        for y in report.output.years:
            said = []
            if y in own.index:
                said.append(tag("b", number(own["build"][y], _size(report, own["build"][y]))))
                said.append(tag("small", number(own["capital_cost"][y], _money(report, own["capital_cost"][y] / size))))
            if y in gone.index and gone[y] >= 0.01 * most:
                said.append(tag("i", "▽", number(gone[y], _size(report, gone[y]))))
            share = stands.get(y, 0.0) / most
            cells.append(
                tag(
                    "td", *said, style=f"--share:{share:.2f}" if share > 0.005 else None, class_="built" if y in own.index else None
                )
            )
        unit = next(iter(own["unit"]), "") or next(iter(retired[retired["technology"] == k]["unit"]), "")
        yield tag("tr", tag("th", k, " ", tag("small", unit), scope="row"), *cells)


def _size(report: Report, value: float) -> str:
    """A size of a cell, short: two figures below 0.1."""
    if 0 < abs(value) < 0.01:
        return "<" + report.language.number(0.01, 2)
    return report.language.number(value, 3) if abs(value) < 0.1 else report.language.amount(value)


def _money(report: Report, value: float) -> str:
    """Money of a cell, short."""
    if 0 < abs(value) < 0.05:
        return "<" + report.language.number(0.1, 1)
    return report.language.number(value, 0 if abs(value) >= 99.5 else 1)


def _measures(report: Report) -> Iterator[Markup]:
    tables, (_, size) = report.output.target, report.money
    for m in dict.fromkeys(tables["measures"]["measure"]):
        own = tables["measures"][tables["measures"]["measure"] == m].set_index("year")["capital_cost"]
        cells = [
            tag("td", tag("b", "✓"), tag("small", number(own[y], _money(report, own[y] / size))), class_="built")
            if y in own.index
            else tag("td")
            for y in report.output.years
        ]
        yield tag("tr", tag("th", m, " ", tag("small", report.language.translate("measure")), scope="row"), *cells)


def _planting(report: Report) -> Iterator[Markup]:
    """Planted hectares, with the area kept up as the bar."""
    rows, costs = report.output.target["restoration"], report.output.target["costs"]
    paid = costs[costs["item"] == "restoration"].groupby(["name", "year"])["value"].sum()
    for p in dict.fromkeys(rows["project"]):
        area = rows[rows["project"] == p].pivot_table(index="year", columns="item", values="value")
        if area["planted"].max() <= 0.05:
            continue
        most = max(area["kept_up"].max(), 1e-9)
        cells = []
        for y in report.output.years:
            planted, share = area["planted"].get(y, 0.0), area["kept_up"].get(y, 0.0) / most
            said = []
            if planted > 0.05:
                money = float(paid.get((p, y), 0.0))
                said = [
                    tag("b", number(planted, _size(report, planted))),
                    tag("small", number(money, _money(report, money / report.money[1]))),
                ]
            cells.append(
                tag("td", *said, style=f"--share:{share:.2f}" if share > 0.005 else None, class_="built" if said else None)
            )
        yield tag("tr", tag("th", p, " ", tag("small", "ha"), scope="row"), *cells)


def _list(report: Report) -> Markup:
    """The decisions one below the other."""
    language, tables = report.language, report.output.target
    say, currency = language.translate, report.language.currency(report.output.currency)
    rows: list[tuple[object, ...]] = [
        (
            str(int(r.year)),
            r.technology,
            number(r.build, language.amount(r.build)),
            r.unit,
            number(r.capital_cost, language.number(r.capital_cost)),
            str(int(r.works_from)),
        )
        for r in tables["investments"].itertuples()
    ]
    rows += [
        (
            str(int(r.year)), r.measure, number(1, "1"), say("measure"), number(r.capital_cost, language.number(r.capital_cost)),
            str(int(r.year)),
        )
        for r in tables["measures"].itertuples()
    ]  # fmt: skip
    rows += [
        (str(int(r.year)), r.project, number(r.value, language.amount(r.value)), r.unit, "", str(int(r.year)))
        for r in tables["restoration"].query("item == 'planted' and value > 0").itertuples()
    ]
    head = [say("order year"), say("what"), say("build"), say("unit"), say("capital_cost") + f" [{currency}]", say("works_from")]
    return table(head, sorted(rows, key=lambda row: str(row[0])), 2, say("What is built, adopted and planted in which year"))
