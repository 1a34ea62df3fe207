"""The first screen's figures: what the goal costs, what is invested, how it compares; and what to order first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from planner.plan import BUSINESS, REFERENCE
from planner.report import series
from planner.report.goal_cost import MEANING
from planner.report.page.markup import Markup, tag
from planner.report.page.report import Report
from planner.report.page.table import number, table

#: Orders that are listed.
MOST = 7


def tiles(report: Report) -> Markup:
    """A tile for each figure: what it is, the figure, and what it is of."""
    found = (tag("li", tag("span", what), tag("b", figure), tag("small", of)) for what, figure, of in _tiles(report))
    return tag("ul", *found, class_="tiles")


def _tiles(report: Report) -> Iterator[tuple[str, str, str]]:
    language, output = report.language, report.output
    say, summary, currency = language.translate, output.summary, output.currency
    yield from _goal(report)
    years = say("from {first} to {last}, discounted", first=output.years[0], last=output.years[-1])
    yield say("System cost"), language.money(summary["system_cost"], currency), years
    capital = series.capital(output.target).sum(axis=1)
    first = next((int(y) for y in capital.index if capital[y] > 0), None)
    if first is None:
        yield say("Invested"), language.money(0.0, currency), say("nothing has to be built")
    else:
        values = {"money": language.money(capital[first], currency), "year": first}
        of = say("paid over the years, not discounted; {money} of it in {year}", **values)
        yield say("Invested"), language.money(float(capital.sum()), currency), of
    costs = {name: facts["system_cost"] for name, facts in summary["plans"].items() if facts["system_cost"] is not None}
    for name, what in ((BUSINESS, say("Against business as usual")), (REFERENCE, say("Against the reference"))):
        if name in costs:
            more = summary["system_cost"] - costs[name]
            words = say("{money} more", money=language.money(more, currency)) if more > 0 else say(
                "{money} less", money=language.money(-more, currency)
            )  # fmt: skip
            yield what, words, say("system cost, discounted; it is {plan}", plan=say(MEANING[name]))


def _goal(report: Report) -> Iterator[tuple[str, str, str]]:
    """What the goal itself costs: the plan less the cheapest one without the goal."""
    language, found = report.language, report.output.summary["goal_cost"]
    say, currency = language.translate, report.output.currency
    if found is None:
        return
    if found["money"] <= 0:
        yield say("The goal costs"), say("nothing"), say("the least-cost plan without it is no cheaper, within what is proven")
        return
    each = {key: language.number(found[f"per_tonne_{key}"]) for key in ("discounted", "undiscounted")}
    of = say("more than the cheapest plan without a goal, discounted")
    if found["per_tonne_discounted"] is not None and found["per_tonne_undiscounted"] is not None:
        of = say(
            "more than the cheapest plan without a goal, discounted; {discounted} {currency} for each discounted tonne less of net "
            "emissions, {undiscounted} for each undiscounted one", currency=language.currency(currency), **each,
        )  # fmt: skip
    yield say("The goal costs"), language.money(found["money"], currency), of


class Order(NamedTuple):
    """A decision: of which year, what, how much, from when it works, what is paid."""

    year: int
    what: str
    size: str
    works_from: int
    paid: float


def orders(report: Report) -> list[Order]:
    """All orders, adoptions and plantings of the plan, by year, the dearest first."""
    tables, amount = report.output.target, report.language.amount
    costs = tables["costs"]
    planting = costs[costs["item"] == "restoration"].groupby(["name", "year"])["value"].sum()
    planted = tables["restoration"].query("item == 'planted' and value > 0.005")
    found = [
        *(Order(int(r.year), r.technology, f"{amount(r.build)} {r.unit}", int(r.works_from), float(r.capital_cost))
          for r in tables["investments"].itertuples()),
        *(Order(int(r.year), r.measure, report.language.translate("measure"), int(r.year), float(r.capital_cost))
          for r in tables["measures"].itertuples()),
        *(Order(int(r.year), r.project, f"{amount(r.value)} {r.unit}", int(r.year), float(planting.get((r.project, r.year), 0.0)))
          for r in planted.itertuples()),
    ]  # fmt: skip
    return sorted(found, key=lambda order: (order.year, -order.paid, order.what))


def first_orders(report: Report) -> Markup:
    """What to order first: the dearest decisions of the first year that has any."""
    language, currency = report.language, report.output.currency
    say, (unit, size) = language.translate, report.money
    found = orders(report)
    title = tag("h3", say("What to order first"))
    if not found:
        return tag("div", title, tag("p", say("Nothing has to be built.")))
    own = [order for order in found if order.year == found[0].year]
    rows: list[list[object]] = [
        [o.what, o.size, str(o.year), str(o.works_from), number(o.paid, language.number(o.paid / size, 1))] for o in own[:MOST]
    ]
    rest = own[MOST:]
    more = None
    if rest:
        values = {"count": len(rest), "year": own[0].year, "money": language.money(sum(o.paid for o in rest), currency)}
        more = tag("p", say("and {count} more in {year}, for {money}", **values), class_="note")
    head = [say("what"), say("size"), say("order"), say("works from"), unit]
    return tag("div", title, table(head, rows, 2, say("What to order first"), "orders"), more)
