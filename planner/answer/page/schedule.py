"""The investment schedule: rows are technologies and measures, columns are years, a cell says size and money."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

import pandas as pd

from planner.answer import series
from planner.answer.caveats import contradicted, told_in_one
from planner.answer.page.charts import YearChart, figure
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import Markup, explained, join, most_in, most_of, number, scroll, table, tag
from planner.finance.pieces import GIVEN_UP
from planner.language.language import NONE
from planner.language.words import COSTS
from planner.plan import of_item

# --- orders ----------------------------------------------------------------------------------------------------------------
# What to order first, with amounts and years; and all orders, adoptions and plantings as one list.

#: Orders that are listed, and years after the first that are told.
MOST, LATER = 7, 3


class Order(NamedTuple):
    """A decision: of which year, what, how much, from when it works, what is paid; a measure has no size."""

    year: int
    what: str
    size: str
    works_from: int
    paid: float
    is_measure: bool = False


def orders(report: Report) -> list[Order]:
    """All orders, adoptions and plantings of the plan, by year, the dearest first."""
    tables, amount = report.output.target, report.language.amount
    planted = of_item(tables["restoration"], "planted", above=0.005)
    planting = of_item(tables["costs"], "restoration").groupby(["name", "year"])["value"].sum() if len(planted) else {}
    found = [
        *(
            Order(int(r.year), r.technology, f"{amount(r.build)} {r.unit}", int(r.works_from), float(r.capital_cost))
            for r in tables["investments"].itertuples()
        ),
        *(Order(int(r.year), r.measure, NONE, int(r.year), float(r.capital_cost), True) for r in tables["measures"].itertuples()),
        *(
            Order(int(r.year), r.project, f"{amount(r.value)} {r.unit}", int(r.year), float(planting.get((r.project, r.year), 0.0)))
            for r in planted.itertuples()
        ),
    ]
    return sorted(found, key=lambda order: (order.year, -order.paid, order.what))


def _size(report: Report, order: Order) -> str:
    """How much is ordered; a measure has no size and is called one."""
    return report.language.translate("measure") if order.is_measure else order.size


def first_orders(report: Report) -> Markup:
    """What to order first: the dearest decisions of the first year that has any, and what later years take."""
    language, (unit, size) = report.language, report.money
    say, found = language.translate, orders(report)
    if not found:
        return tag("div", tag("h3", say("What comes first?")), tag("p", say("Nothing has to be built.")))
    first, *rest = [list(own) for _, own in groupby(found, key=lambda order: order.year)]
    title = say("What comes first? Orders of {year}", year=first[0].year)
    rows: list[list[object]] = [
        [o.what, _size(report, o), str(o.works_from), number(o.paid, language.number(o.paid / size, 1))] for o in first[:MOST]
    ]
    head = [say("what"), say("size"), say("works from"), unit]
    sums = [(say("all of {year}", year=first[0].year), first)]
    if left := first[MOST:]:
        sums.insert(0, (say("{count} more", count=len(left)), left))
    total = [[what, "", "", number(paid := _paid(own), language.number(paid / size, 1))] for what, own in sums]
    note = tag("p", language.sentences(*_later(report, rest)), class_="note") if rest else None
    return tag("div", tag("h3", title), table(head, rows, 1, title, "orders", total), note, class_="soon")


def _paid(found: Iterable[Order]) -> float:
    return sum(order.paid for order in found)


def _later(report: Report, years: list[list[Order]]) -> Iterable[str]:
    """The dearest order of each of the next years."""
    say = report.language.translate
    parts = [f"{own[0].year} {own[0].what}" for own in years[:LATER]]
    if parts:
        yield say("After that, above all: {years}.", years=say("; ").join(parts))


# --- schedule --------------------------------------------------------------------------------------------------------------

#: An order of less than this share of all capital is a dot.
DOT = 0.001


def schedule_section(report: Report) -> Section:
    """The timeline, and what is retired early."""
    say = report.language.translate
    return section("schedule", say("Investment schedule"), _timeline(report), retired_early(report))


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
            height=260,
            half=True,
            finding=finding,
        )
    )


class TimelineRow(NamedTuple):
    """A row of the timeline.

    name, unit  what it is, and of which unit its sizes are
    sizes, money  what is ordered, and what is paid, by year of the order
    stands      what works in each year, as a share of the most
    starts      years in which an order of a year before begins to work
    gone        what is retired, by year
    """

    name: str
    unit: str
    sizes: Mapping[int, float]
    money: Mapping[int, float]
    stands: Mapping[int, float]
    starts: frozenset[int] = frozenset()
    gone: Mapping[int, float] = {}
    is_measure: bool = False


def _timeline(report: Report) -> Markup:
    language, years = report.language, report.output.years
    say, (unit, _) = language.translate, report.money
    rows = [*_equipment(report), *_measures(report), *_planting(report)]
    if not rows:
        return tag("p", say("nothing is built"))
    head = tag("tr", tag("th", say("what"), scope="col"), *(tag("th", str(y), scope="col") for y in years))
    least = DOT * sum(sum(row.money.values()) for row in rows)
    body = join(_row(report, row, least) for row in rows)
    foot = _total(report, rows)
    whole = tag("table", tag("thead", head), tag("tbody", body), foot, class_="timeline", style=f"--years:{len(years)}")
    title = say("What is built, adopted and planted in which year")
    short = say(
        "Size above, money ({unit}) below, in the year of the order; a dot is below {share} of all capital.",
        unit=unit,
        share=language.percent(DOT),
    )
    note = language.sentences(
        say(
            "In each cell the size, and below it the money in {unit}, in the year of the order; a dot is an order of less than "
            "{share} of all capital.",
            unit=unit,
            share=language.percent(DOT),
        ),
        say("The bar of a cell is what works in that year; ▸ is where an earlier order begins to work, ▽ what is retired."),
    )
    told = told_in_one(contradicted(report.output.target), language)
    paid = pd.Series({row.name: sum(row.money.values()) for row in rows}, dtype=float) / report.money[1]
    below = tag("p", told, class_="note") if told else None, explained(note, language)
    return figure(scroll(whole, title), title, *below, note=short, class_="full", finding=most_of(paid, unit, language))


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


def _total(report: Report, rows: list[TimelineRow]) -> Markup:
    """What the orders of each year cost together."""
    say, (unit, size) = report.language.translate, report.money
    paid = [sum(row.money.get(y, 0.0) for row in rows) for y in report.output.years]
    cells = (tag("td", number(v, _money(report, v / size)) if v else None) for v in paid)
    return tag("tfoot", tag("tr", tag("th", say("all"), " ", tag("small", unit), scope="row"), *cells))


def _row(report: Report, row: TimelineRow, least: float) -> Markup:
    head = tag("th", row.name, " ", tag("small", row.unit), scope="row")
    return tag("tr", head, *(tag("td", *said, **look) for said, look in _cells(report, row, least)))


def _cells(report: Report, row: TimelineRow, least: float) -> Iterator[tuple[list[Markup], dict[str, str | None]]]:
    """What stands in each cell, and how it looks."""
    size = report.money[1]
    for y in report.output.years:
        said: list[Markup] = []
        if y in row.sizes:
            shown = _schedule_size(report, row.sizes[y])
            if not row.is_measure and row.money.get(y, 0.0) < least:
                said.append(tag("b", number(row.sizes[y], "·"), class_="dot", title=f"{shown} {row.unit}"))
            else:
                said.append(tag("b", "✓" if row.is_measure else number(row.sizes[y], shown)))
                said.append(tag("small", number(row.money.get(y, 0.0), _money(report, row.money.get(y, 0.0) / size))))
        if y in row.starts:
            said.append(tag("i", "▸", class_="starts"))
        if y in row.gone:
            said.append(tag("i", "▽", number(row.gone[y], _schedule_size(report, row.gone[y]))))
        share = row.stands.get(y, 0.0)
        yield said, {"style": f"--share:{share:.2f}" if share > 0.005 else None, "class_": "built" if y in row.sizes else None}


def _equipment(report: Report) -> Iterator[TimelineRow]:
    """A row for each technology that is built or retired, in the order of the first build."""
    tables = report.output.target
    builds, retired = tables["investments"], tables["retirements"]
    capacity = series.over_years(tables["capacity"], "technology", "capacity")
    order = builds.sort_values(["year", "capital_cost"], ascending=[True, False], kind="stable")["technology"]
    for k in dict.fromkeys([*order, *retired["technology"]]):
        own, gone = builds[builds["technology"] == k], retired[retired["technology"] == k]
        stands = capacity[k] if k in capacity else pd.Series(dtype=float)
        most = max(stands.max() if len(stands) else 0.0, 1e-9)
        sums = gone.groupby("year")["retired"].sum()
        yield TimelineRow(
            k,
            next(iter([*own["unit"], *gone["unit"]]), ""),
            own.groupby("year")["build"].sum().to_dict(),
            own.groupby("year")["capital_cost"].sum().to_dict(),
            (stands / most).to_dict(),
            frozenset(own[own["works_from"] > own["year"]]["works_from"]),
            sums[sums >= 0.01 * most].to_dict(),
        )


def _schedule_size(report: Report, value: float) -> str:
    """A size of a cell, short: two figures below 0.1."""
    if 0 < abs(value) < 0.01:
        return "<" + report.language.number(0.01, 2)
    return report.language.number(value, 3) if abs(value) < 0.1 else report.language.amount(value)


def _money(report: Report, value: float) -> str:
    """Money of a cell, short."""
    if 0 < abs(value) < 0.05:
        return "<" + report.language.number(0.1, 1)
    return report.language.number(value, 0 if abs(value) >= 99.5 else 1)


def _measures(report: Report) -> Iterator[TimelineRow]:
    """A row for each measure, with a bar for as long as it stands."""
    rows = report.output.target["measures"]
    for m in dict.fromkeys(rows["measure"]):
        own = rows[rows["measure"] == m]
        stands = {y: 1.0 for r in own.itertuples() for y in range(int(r.year), int(r.works_until) + 1)}
        money = own.set_index("year")["capital_cost"].to_dict()
        yield TimelineRow(m, report.language.translate("measure"), dict.fromkeys(money, 1.0), money, stands, is_measure=True)


def _planting(report: Report) -> Iterator[TimelineRow]:
    """Planted hectares, with the area kept up as the bar."""
    rows, costs = report.output.target["restoration"], report.output.target["costs"]
    paid = costs[costs["item"] == "restoration"].groupby(["name", "year"])["value"].sum()
    for p in dict.fromkeys(rows["project"]):
        area = rows[rows["project"] == p].pivot_table(index="year", columns="item", values="value")
        area = area.reindex(columns=["planted", "kept_up"]).fillna(0.0)
        planted = area["planted"][area["planted"] > 0.05]
        if planted.empty:
            continue
        money = {y: float(paid.get((p, y), 0.0)) for y in planted.index}
        yield TimelineRow(p, "ha", planted.to_dict(), money, (area["kept_up"] / max(area["kept_up"].max(), 1e-9)).to_dict())
