"""Purchase: schemes by year, contracts, what connections are paid for, rules beyond stages with their source, tenants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from planner.answer import series
from planner.answer.page.annex import Report, Section, section
from planner.answer.page.table import Markup, join, number, table, tag
from planner.language.language import NONE, mark
from planner.language.words import METRICS, named, told_metric

#: Items of contracts.csv that are shown.
CONTRACTS = {
    "contracted": mark("contracted"),
    "generated": mark("generated"),
    "taken": mark("taken"),
    "curtailed": mark("curtailed"),
    "shortfall": mark("short of the least energy"),
    "cost": mark("cost"),
}
#: Items of connections.csv and of costs.csv that are shown of connections.
CHARGES = {
    "peak": mark("highest peak"),
    "contracted": mark("contracted capacity"),
    "demand_charge": mark("demand charge"),
    "capacity_charge": mark("capacity charge"),
    "fixed": mark("yearly fee"),
}
#: Items of tenants.csv that are shown, summed over months.
TENANTS = {
    "electricity": mark("electricity"),
    "green_own": mark("green, own"),
    "green_direct": mark("green, contracts with a line of their own"),
    "green_contract": mark("green, other contracts"),
    "green_stored": mark("green, from stores"),
    "cost": mark("cost without capital"),
    "capital": mark("capital"),
    "gross": mark("gross emissions"),
}


def purchase_section(report: Report) -> Section | None:
    """A table for each part that the park has; None where it has none."""
    parts = [part for make in (_schemes, _contracts, _charges, _rules, _tenants) if (part := make(report))]
    return section("purchase", report.language.translate("Contracts, connections and rules"), *parts) if parts else None


def _figure(title: str, note: str, content: object) -> Markup:
    said = [tag("p", note, class_="note")] if note else []
    return tag("figure", tag("figcaption", tag("h3", title), *said), content, class_="full")


def _schemes(report: Report) -> Markup | None:
    """A row for each connection and scheme, and each range of years in which it is in force."""
    rows, say = report.output.target["schemes"], report.language.translate
    if rows.empty:
        return None
    body = [[name, scheme, f"{first}–{last}" if last > first else str(first)] for name, scheme, first, last in _ranges(rows)]
    title = say("Tariff scheme in force")
    return _figure(title, "", table([say("connection"), say("scheme"), say("years")], body, 3, title))


def _ranges(rows: pd.DataFrame) -> Iterator[tuple[str, str, int, int]]:
    """(connection, scheme, first year, last year) of years that follow on each other with the same scheme."""
    rows = rows.sort_values(["connection", "year"], kind="stable")
    new = (rows["connection"] != rows["connection"].shift()) | (rows["scheme"] != rows["scheme"].shift())
    new |= rows["year"] != rows["year"].shift() + 1
    for _, own in rows.groupby(new.cumsum()):
        first, last = own.iloc[0], own.iloc[-1]
        yield str(first["connection"]), str(first["scheme"]), int(first["year"]), int(last["year"])


def _by_year(report: Report, rows: pd.DataFrame, key: str, words: Mapping[str, str]) -> Iterator[list[object]]:
    """Name, item with its unit, and a number for each year, of the items that are ever above 0."""
    language, (money, size) = report.language, report.money
    for (name, item, unit), own in rows.groupby([key, "item", "unit"], sort=False):
        values = own.groupby("year")["value"].sum().reindex(report.output.years)
        if item not in words or not values.abs().max() > 0:
            continue
        shown = values / size if unit == report.output.currency else values
        cells = [number(v, language.amount(v)) for v in shown.tolist()]
        label = f"{language.translate(words[str(item)])} [{money if unit == report.output.currency else unit}]"
        yield [str(name) or language.translate("all other use"), label, *cells]


def _contracts(report: Report) -> Markup | None:
    say = report.language.translate
    body = list(_by_year(report, report.output.target["contracts"], "supply", CONTRACTS))
    title = say("Contracts")
    note = say("What is generated and not taken is curtailed; what is paid all the same is in the cost.")
    head = [say("supply"), say("what"), *map(str, report.output.years)]
    return _figure(title, note, table(head, body, 2, title, "by-year")) if body else None


def _charges(report: Report) -> Markup | None:
    """The highest peak of the months of each year, what is contracted, and what both cost beside yearly fees of connections."""
    tables, say = report.output.target, report.language.translate
    rows, costs = tables["connections"], tables["costs"]
    highest = rows.groupby(["name", "item", "unit", "year"], sort=False)["value"].max().reset_index()
    is_of_contract = costs["name"].isin(tables["contracts"]["supply"])  # a fee in the cost of its contract
    paid = costs[costs["item"].isin(CHARGES) & ~((costs["item"] == "fixed") & is_of_contract)]
    shown = pd.concat([highest, paid], ignore_index=True) if len(highest) else paid
    place = {name: i for i, name in enumerate(dict.fromkeys(shown["name"]))}
    order = {item: i for i, item in enumerate(CHARGES)}
    shown = shown.sort_values("item", key=lambda items: items.map(order), kind="stable")
    shown = shown.sort_values("name", key=lambda names: names.map(place), kind="stable")
    body, title = list(_by_year(report, shown, "name", CHARGES)), say("Peaks, capacities and fees that are paid for")
    head = [say("supply or connection"), say("what"), *map(str, report.output.years)]
    return _figure(title, "", table(head, body, 2, title, "by-year")) if body else None


def _rules(report: Report) -> Markup | None:
    """Each rule of rules.csv and of the catalogue: limit, source, and its value in every year."""
    language, rules, years = report.language, report.output.target["rules"], report.output.years
    say, body = language.translate, list[list[object]]()
    if rules.empty:
        return None
    for (rule, metric, sense, limit), own in rules.groupby(["rule", "metric", "sense", "limit"], sort=False):
        cells = {int(r.year): r for r in own.itertuples()}
        near = dict(zip(own["year"], series.missed_within(own), strict=True))
        shown = [_rule_cell(report, cells[y], bool(near[y])) if y in cells else NONE for y in years]
        sign = {"<=": "≤", ">=": "≥"}.get(str(sense), str(sense))
        bound = tag("span", f"{sign} ", number(float(limit), told_metric(report.language, str(metric), float(limit))))
        name = join([tag("b", str(rule)), tag("br"), named(language, METRICS, str(metric))])
        body.append([name, _source(report, str(rule), f"{metric} {sense}"), bound, *shown])
    title = say("Rules beyond stages")
    note = say("✓ the rule holds, ✗ it does not, ≈✓ within its tolerance. They bind the target and the least-cost plan.")
    return _figure(title, note, table([say("rule"), say("source"), say("limit"), *map(str, years)], body, 2, title))


def _rule_cell(report: Report, rule: tuple, is_near: bool) -> Markup:
    value, holds = float(rule.value), bool(rule.holds)  # type: ignore[attr-defined]
    mark_, words = ("✓", "holds") if holds else ("✗", "fails")
    shown = told_metric(report.language, str(rule.metric), value)  # type: ignore[attr-defined]
    return tag("span", number(value, shown), f" {'≈' if is_near else ''}{mark_}", class_=words)


def _source(report: Report, rule: str, parameter: str) -> str:
    """The paragraph that a rule of the catalogue comes from; a rule of the park says it in its own table."""
    rows = report.output.alone["assumptions"]
    own = rows[(rows["table"] == "rules") & (rows["name"] == rule) & (rows["parameter"] == parameter)]
    said = dict.fromkeys(str(text) for text in own["source"] if isinstance(text, str) and text)
    return "; ".join(said) or "rules.csv"


def _tenants(report: Report) -> Markup | None:
    say = report.language.translate
    rows = report.output.target["tenants"]
    body = list(_by_year(report, rows.assign(tenant=rows["tenant"].fillna("")), "tenant", TENANTS))
    title = say("Tenants")
    note = say("Green power is that of its hour; money and tonnes are shared by the energy that carries them.")
    head = [say("tenant"), say("what"), *map(str, report.output.years)]
    return _figure(title, note, table(head, body, 2, title, "by-year")) if body else None
