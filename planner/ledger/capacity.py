"""Capacity: what stands in each year follows from what stood, what was ordered and what was retired, within its limits."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from models.case import Technology
from planner.ledger.compare import NOISE, TOLERANCE, Book
from planner.ledger.figures import Figures, LedgerAsset
from planner.ledger.orders import Builds, lines
from planner.ledger.retirement import check_retirements
from planner.plan import BUSINESS, LEAST_COST, REFERENCE, TARGET


def check_capacity(book: Book, figures: Figures, tables: Mapping[str, pd.DataFrame], plan: str) -> None:
    """Stocks, orders, retirements, and the limits on each."""
    builds = Builds(tables)
    said: dict[tuple[str, int], float] = {(r.technology, int(r.year)): r.capacity for r in lines(tables["capacity"])}
    for name in {k for k, *_ in [*said, *builds.ordered, *builds.retired]} - set(figures.assets):
        book.equal("capacity", None, f"{name}, which the case does not know", 1.0, 0.0)
    signed = {(c.technology, c.year): c.build for c in figures.case.committed}
    book.equal_items("committed order", None, builds.committed, signed)
    for asset in figures.assets.values():
        stands = check_retirements(book, figures, asset, builds)
        _check_stock(book, figures, asset, stands, said, plan)
        for y in figures.years:
            _check_order(book, figures, asset, y, builds.decided.get((asset.name, y), 0.0), plan)
        _check_spacing(book, asset, builds)
        if plan in (TARGET, LEAST_COST):
            _check_growth(book, asset, builds)
    _check_sites(book, figures, said)


def _check_stock(
    book: Book, figures: Figures, asset: LedgerAsset, stands: Mapping[int, float], said: Mapping[tuple[str, int], float], plan: str
) -> None:
    """What stands in each year is what works of all orders and of what stood, and within its limits."""
    most, least = figures.limit(asset, "max_capacity"), figures.limit(asset, "min_capacity")
    noise = NOISE * (1 + 2 * len(figures.years))  # what is too small to be listed
    for y in figures.years:
        capacity = said.get((asset.name, y), 0.0)
        book.equal("capacity", y, asset.name, capacity, stands[y], noise=noise)
        book.at_most("capacity within max_capacity", y, asset.name, capacity, most.get(y, math.inf))
        book.at_least("capacity", y, asset.name, capacity, 0.0)
        if plan in (TARGET, LEAST_COST):
            book.at_least("capacity of at least min_capacity", y, asset.name, capacity, least.get(y, 0.0))


def _check_order(book: Book, figures: Figures, asset: LedgerAsset, y: int, size: float, plan: str) -> None:
    if size <= 0:
        book.at_least("order", y, asset.name, size, 0.0)
        return
    if not may_order(figures, asset, y, plan):
        book.equal("order that may not be made", y, asset.name, size, 0.0)
    least = asset.of_orders("min_build")
    if min(figures.cost(asset, "project_cost").values(), default=0.0) < 0:
        least = least or asset.of_orders("unit_size")
    book.at_least("order of at least min_build", y, asset.name, size, least)
    book.at_most("order within max_build", y, asset.name, size, figures.limit(asset, "max_build").get(y, math.inf))
    unit = asset.of_orders("unit_size")
    if unit:
        # Whole numbers are whole within 1e-6 to the solver.
        book.equal("order in whole units", y, asset.name, size, round(size / unit) * unit, noise=2 * TOLERANCE * unit)


def _check_growth(book: Book, asset: LedgerAsset, builds: Builds) -> None:
    """Each order is at most `max_growth` times the order of the year before, plus what is always allowed (`growth_base`)."""
    row = asset.row
    if not isinstance(row, Technology) or row.max_growth is None:
        return
    for (name, v), size in builds.decided.items():
        if name == asset.name:
            most = row.max_growth * builds.ordered.get((name, v - 1), 0.0) + row.growth_base
            book.at_most("order within growth", v, name, size, most, noise=NOISE * (2 + row.max_growth))


def _check_spacing(book: Book, asset: LedgerAsset, builds: Builds) -> None:
    """Orders lie far enough from each other and from those that are signed."""
    spacing = asset.of_orders("order_spacing")
    decided = sorted(v for k, v in builds.decided if k == asset.name)
    signed = [v for k, v in builds.committed if k == asset.name]
    for i, v in enumerate(decided):
        for w in [*decided[:i], *signed]:
            if abs(v - w) < spacing:
                book.at_least("years since another order", v, asset.name, abs(v - w), spacing)


def may_order(figures: Figures, asset: LedgerAsset, y: int, plan: str) -> bool:
    """True if the case offers an order in that year, and the plan of that name may make it."""
    row = asset.row
    comes_with_demand = asset.kind is not None and asset.kind.role == "charger"
    within, for_reference = True, row.existing > 0 or comes_with_demand
    if isinstance(row, Technology):
        within = (row.first_year or y) <= y <= (row.until_year or y)
        for_reference = for_reference if row.reference is None else row.reference == 1
    is_priced = any(figures.cost(asset, p) for p in ("capital_cost", "annuity")) and figures.lifetime(asset) > 0
    in_time = y + asset.lead_time <= figures.years[-1]
    allowed = {REFERENCE: for_reference, BUSINESS: row.existing > 0 or comes_with_demand}.get(plan, True)
    years = figures.park.orders.years
    return (not years or y in years) and within and is_priced and in_time and allowed


def _check_sites(book: Book, figures: Figures, said: Mapping[tuple[str, int], float]) -> None:
    for site in figures.case.sites:
        users = [t for t in figures.case.technologies if t.site == site.site]
        for y in figures.years:
            used = math.fsum(t.area * said.get((t.technology, y), 0.0) for t in users)
            book.at_most("area used of a site (ha)", y, site.site, used, site.area)
