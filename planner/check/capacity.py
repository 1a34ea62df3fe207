"""Capacity: what stands in each year follows from what stood, what was ordered and what was retired, within its limits."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from models.case import Connection, Technology
from planner.check.compare import NOISE, TOLERANCE, Book
from planner.check.figures import Asset, Figures
from planner.plan import BUSINESS, REFERENCE

#: Stands in `ordered` for what stood before the horizon.
STOOD = 0


class Builds:
    """What a plan orders and retires: capacity by (asset, year of order), and by (asset, year of order, year).

    ordered is what was decided and what was signed before, `committed`.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        built, retired = tables["investments"], tables["retirements"]
        orders = [(bool(r.committed), (r.technology, int(r.year)), float(r.build)) for r in built.itertuples()]
        self.decided = {order: size for committed, order, size in orders if not committed}
        self.committed = {order: size for committed, order, size in orders if committed}
        self.ordered: dict[tuple[str, int], float] = dict(self.decided)
        for order, size in self.committed.items():
            self.ordered[order] = self.ordered.get(order, 0.0) + size
        self.retired: dict[tuple[str, int, int], float] = {
            (r.technology, int(r.ordered), int(r.year)): r.retired for r in retired.itertuples()
        }


def works(figures: Figures, asset: Asset, ordered: int) -> range:
    """The years in which an order works, those after the horizon too."""
    first = ordered + asset.lead_time
    return range(first, first + int(figures.lifetime(asset) + 1e-9))


def existing(figures: Figures, asset: Asset) -> dict[int, float]:
    """What stood before, in the years in which it works."""
    until = getattr(asset.row, "existing_until", None) or figures.years[-1]
    return {y: asset.row.existing for y in figures.years if y <= until} if asset.row.existing else {}


def check_capacity(book: Book, figures: Figures, tables: Mapping[str, pd.DataFrame], plan: str) -> None:
    """Stocks, orders, retirements, and the limits on each."""
    builds = Builds(tables)
    said: dict[tuple[str, int], float] = {
        (r.technology, int(r.year)): r.capacity for r in tables["capacity"].itertuples()
    }
    for name in {k for k, *_ in [*said, *builds.ordered, *builds.retired]} - set(figures.assets):
        book.equal("capacity", None, f"{name}, which the case does not know", 1.0, 0.0)
    signed = {(c.technology, c.year): c.build for c in figures.case.committed}
    book.equal_items("committed order", None, builds.committed, signed)
    for asset in figures.assets.values():
        _check_stock(book, figures, asset, builds, said)
        for y in figures.years:
            _check_order(book, figures, asset, y, builds.decided.get((asset.name, y), 0.0), plan)
    _check_sites(book, figures, said)


def _check_stock(
    book: Book, figures: Figures, asset: Asset, builds: Builds, said: Mapping[tuple[str, int], float]
) -> None:
    stood = existing(figures, asset)
    cohorts = {STOOD: stood} | {
        v: dict.fromkeys(works(figures, asset, v), size) for (k, v), size in builds.ordered.items() if k == asset.name
    }
    gone = {(c, z): size for (k, c, z), size in builds.retired.items() if k == asset.name}
    for c in dict.fromkeys(c for c, _ in gone):
        was = max(cohorts.get(c, {}).values(), default=0.0)
        left = was - math.fsum(size for (cohort, _), size in gone.items() if cohort == c)
        book.at_least("what is left of an order after retirement", c or None, asset.name, left, 0.0, was)
    if gone and isinstance(asset.row, Connection):
        book.equal("retirement of a connection", None, asset.name, sum(gone.values()), 0.0)
    for c, z in gone:
        if z not in cohorts.get(c, {}):
            book.equal("retirement of what does not work", z, asset.name, gone[c, z], 0.0)
        elif c != STOOD and z == c + asset.lead_time:
            book.equal("retirement in the year in which it begins to work", z, asset.name, gone[c, z], 0.0)
    limit = math.inf if asset.row.max_capacity is None else asset.row.max_capacity
    noise = NOISE * (1 + len(cohorts) + len(figures.years))  # what is too small to be listed
    for y in figures.years:
        stands = math.fsum(
            by_year[y] - math.fsum(size for (cohort, z), size in gone.items() if cohort == c and z <= y)
            for c, by_year in cohorts.items() if y in by_year
        )  # fmt: skip
        capacity = said.get((asset.name, y), 0.0)
        book.equal("capacity", y, asset.name, capacity, stands, noise=noise)
        book.at_most("capacity within max_capacity", y, asset.name, capacity, limit)
        book.at_least("capacity", y, asset.name, capacity, 0.0)


def _check_order(book: Book, figures: Figures, asset: Asset, y: int, size: float, plan: str) -> None:
    if size <= 0:
        book.at_least("order", y, asset.name, size, 0.0)
        return
    if not may_order(figures, asset, y, plan):
        book.equal("order that may not be made", y, asset.name, size, 0.0)
    book.at_least("order of at least min_build", y, asset.name, size, asset.row.min_build)
    if isinstance(asset.row, Technology):
        most = math.inf if asset.row.max_build is None else asset.row.max_build
        book.at_most("order within max_build", y, asset.name, size, most)
        unit = asset.row.unit_size
        if unit:
            # Whole numbers are whole within 1e-6 to the solver.
            book.equal("order in whole units", y, asset.name, size, round(size / unit) * unit, noise=2 * TOLERANCE * unit)


def may_order(figures: Figures, asset: Asset, y: int, plan: str) -> bool:
    """True if the case offers an order in that year, and the plan of that name may make it."""
    row = asset.row
    if isinstance(row, Technology):
        within = (row.first_year or y) <= y <= (row.until_year or y)
        for_reference = row.existing > 0 if row.reference is None else row.reference == 1
    else:
        within, for_reference = True, row.existing > 0
    is_priced = bool(figures.cost(asset, "capital_cost")) and figures.lifetime(asset) > 0
    in_time = y + asset.lead_time <= figures.years[-1]
    allowed = {REFERENCE: for_reference, BUSINESS: row.existing > 0}.get(plan, True)
    years = figures.park.orders.years
    return (not years or y in years) and within and is_priced and in_time and allowed


def _check_sites(book: Book, figures: Figures, said: Mapping[tuple[str, int], float]) -> None:
    for site in figures.case.sites:
        users = [t for t in figures.case.technologies if t.site == site.site]
        for y in figures.years:
            used = math.fsum(t.area * said.get((t.technology, y), 0.0) for t in users)
            book.at_most("area used of a site (ha)", y, site.site, used, site.area)
