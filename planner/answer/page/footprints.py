"""Footprints: what each tenant and each product emits, by year; and what is embodied in the orders, beside."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from planner.answer.page.markup import Markup, join, tag
from planner.answer.page.report import Report
from planner.answer.page.table import number, table
from planner.language.language import mark

#: Items of footprints.csv that are shown, tonnes first, then those per tonne of product.
ITEMS = {
    "scope1": mark("scope 1"),
    "scope2_location": mark("scope 2, location basis"),
    "scope2_market": mark("scope 2, market basis"),
    "scope3": mark("scope 3"),
    "captured": mark("captured, off already"),
    "certificates": mark("certificates, off already"),
    "amount": mark("amount made"),
    "specific_scope1": mark("scope 1 per tonne"),
    "specific_scope2_location": mark("scope 2 per tonne, location basis"),
    "specific_scope2_market": mark("scope 2 per tonne, market basis"),
}


def footprints(report: Report) -> Markup | None:
    """A table of tenants and products; None where there is neither and nothing is embodied in an order."""
    say, rows = report.language.translate, report.output.target["footprints"]
    parts = [part for part in (_table(report, rows), _embodied(report)) if part is not None]
    if not parts:
        return None
    title = say("Footprints of tenants and products") if len(rows) else say("Embodied in the orders")
    return tag("figure", tag("figcaption", tag("h3", title)), join(parts), class_="full")


def _table(report: Report, rows: pd.DataFrame) -> Markup | None:
    if rows.empty:
        return None
    say = report.language.translate
    body = list(_lines(report, rows.assign(tenant=rows["tenant"].fillna(""), product=rows["product"].fillna(""))))
    head = [say("tenant"), say("product"), say("what"), *map(str, report.output.years)]
    note = say(
        "From gate to gate, without raw materials: in words of GB/T 24067 a partial footprint, declared unit one tonne. In words "
        "of CBAM (Regulation (EU) 2023/956) bought heat is direct, and all electricity that is used is indirect, that made in the "
        "park, too. Whether indirect emissions count depends on the good: Annex II of the regulation lists those of which only "
        "direct ones count. That is not judged here; look up the CN codes of the products."
    )
    return join([tag("p", note, class_="note"), table(head, body, 3, say("Footprints of tenants and products"), "by-year")])


def _lines(report: Report, rows: pd.DataFrame) -> Iterator[list[object]]:
    """Tenant, product, item with its unit, and a number for each year, of the items that are ever other than 0."""
    language, say = report.language, report.language.translate
    for (tenant, product, item, unit), own in rows.groupby(["tenant", "product", "item", "unit"], sort=False):
        values = own.set_index("year")["value"].reindex(report.output.years)
        if not values.abs().max() > 0:
            continue
        cells = [number(v, language.amount(v)) if pd.notna(v) else "–" for v in values.tolist()]
        yield [str(tenant) or say("all other use"), str(product) or say("all"), f"{say(ITEMS[str(item)])} [{unit}]", *cells]


def _embodied(report: Report) -> Markup | None:
    """What is embodied in all orders, and whether it is counted."""
    orders = report.output.target["investments"]
    tonnes = float(orders["embodied"].sum()) if "embodied" in orders else 0.0
    if not tonnes > 0:
        return None
    say, values = report.language.translate, {"tonnes": report.language.amount(tonnes)}
    sources = report.output.target["emission_sources"]
    if (sources["name"].isin(orders["technology"]) & (sources["item"] == "scope3")).any():
        words = say("Making and building what is ordered emits {tonnes} t, counted in scope 3 of the year of each order.", **values)
    else:
        words = say("Making and building what is ordered emits {tonnes} t more, outside the park; no rule counts it.", **values)
    return tag("p", words)
