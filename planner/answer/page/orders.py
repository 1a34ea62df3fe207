"""What to order first, with amounts and years; and all orders, adoptions and plantings as one list."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from planner.answer.page.markup import Markup, join, tag
from planner.answer.page.report import Report
from planner.answer.page.table import number, table
from planner.language.language import NONE, mark
from planner.plan import of_item

#: Orders that are listed, and years after the first that are told.
MOST, LATER = 7, 3
#: Orders below this share of all capital are only counted on paper.
SMALL = 5e-4


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


def what_is_ordered(report: Report, order: Order) -> Markup:
    """What an order is of; a measure is called one."""
    kind = tag("small", " ", report.language.translate("measure")) if order.is_measure else None
    return join([order.what, kind])


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


def totals(report: Report, found: Iterable[Order]) -> list[tuple[str, float]]:
    """What is paid for the orders of each year, and for all of them."""
    say, own = report.language.translate, list(found)
    years = [(str(year), _paid(of_year)) for year, of_year in groupby(own, key=lambda order: order.year)]
    return [*((say("all of {year}", year=year), paid) for year, paid in years), (say("all years"), _paid(own))]


def _later(report: Report, years: list[list[Order]]) -> Iterable[str]:
    """The dearest order of each of the next years."""
    say = report.language.translate
    parts = [f"{own[0].year} {own[0].what}" for own in years[:LATER]]
    if parts:
        yield say("After that, above all: {years}.", years=say("; ").join(parts))


def printed_orders(report: Report) -> Markup | None:
    """Every order, adoption and planting of some size, the sum of its year beside the last one of it, and how many more there are
    for how much; on paper only."""
    say, language, currency = report.language.translate, report.language, report.output.currency
    found = orders(report)
    if not found:
        return None
    least = SMALL * sum(order.paid for order in found)
    told, rows = dict(totals(report, found)), list[list[object]]()
    listed = [order for order in found if order.paid >= least]
    for order, after in zip(listed, [*listed[1:], None], strict=True):
        is_last = after is None or after.year != order.year
        all_of_it = told.pop(say("all of {year}", year=order.year)) if is_last else None
        cells = [number(paid, language.number(paid)) if paid is not None else "" for paid in (order.paid, all_of_it)]
        rows.append([what_is_ordered(report, order), str(order.year), order.size, str(order.works_from), *cells])
    rest = [order.paid for order in found if order.paid < least]
    sums = [[what, "", "", "", "", number(paid, language.number(paid))] for what, paid in told.items()]
    unit = language.currency(currency)
    head = [say("what"), say("order"), say("size"), say("works from"), unit, say("all of the year, {unit}", unit=unit)]
    more = None
    if rest:
        values = {"count": len(rest), "money": language.money(sum(rest), currency), "share": language.percent(SMALL, 2)}
        words = mark("and {count} orders below {share} of all capital each, for {money} together")
        words = words if len(rest) > 1 else mark("and one order below {share} of all capital, for {money}")
        more = tag("p", say(words, **values), class_="note")
    return tag("div", tag("h3", say("Orders")), table(head, rows, 4, say("Orders"), "text", sums), more, class_="printed")
