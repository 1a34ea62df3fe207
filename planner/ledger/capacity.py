"""Capacity: what stands in each year follows from what stood, what was ordered and what was retired, within its limits."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import pandas as pd

from models.case import Connection, Technology
from models.errors import Message
from planner.ledger.equipment import charged_at_once, charged_rows
from planner.ledger.figures import NOISE, STOOD, TOLERANCE, Book, Builds, Figures, LedgerAsset, existing, lasting, lines, works
from planner.ledger.money import Cash, committed_capital, horizon_share
from planner.plan import BUSINESS, LEAST_COST, REFERENCE, TARGET

# --- retirement ------------------------------------------------------------------------------------------------------------
# Early retirement: nothing that is not there, nothing new, nothing that must be kept, and only in the pieces that can go.
#
# Value beyond the horizon that early retirement gives up: of each order the part of its price that the horizon does not bear.


def check_retirements(book: Book, figures: Figures, asset: LedgerAsset, builds: Builds) -> dict[int, float]:
    """Check what is retired of an asset; gives what stands of it in each year of the horizon."""
    sizes = {v: size for (k, v), size in builds.ordered.items() if k == asset.name}
    gone = {(c, z): size for (k, c, z), size in builds.retired.items() if k == asset.name}
    stood = _check_existing(book, figures, asset, {z: size for (c, z), size in gone.items() if c == STOOD})
    if gone and isinstance(asset.row, Connection):
        book.equal("retirement of a connection", None, asset.name, math.fsum(gone.values()), 0.0)
    alive = {v: works(figures, asset, v) for v in sizes}
    earning = {v for v in sizes if _earns(figures, asset, builds, v)}
    for (v, z), size in gone.items():
        if v != STOOD and z not in alive.get(v, ()):
            book.equal("retirement of what does not work", z, asset.name, size, 0.0)
        elif v != STOOD and z == alive[v].start:
            book.equal("retirement in the year in which it begins to work", z, asset.name, size, 0.0)
        if (v in earning) and size:
            book.equal("retirement of an order that earned capital", z, asset.name, size, 0.0)

    def left(v: int, y: int) -> float:
        return sizes[v] - math.fsum(size for (own, z), size in gone.items() if own == v and z <= y)

    for v, size in sizes.items():
        book.at_least("what is left of an order after retirement", v, asset.name, left(v, figures.years[-1]), 0.0, size)
    if not asset.of_orders("partial_retirement"):
        unit = asset.of_orders("unit_size")
        for z in sorted({z for v, z in gone if v != STOOD}):
            retired = {v: size for (v, when), size in gone.items() if when == z and v in sizes}
            for v, size in retired.items() if unit else ():
                if (asset.name, v) in builds.committed:
                    own, noise = round(size / unit) * unit, 2 * TOLERANCE * (unit + size)
                    book.equal("retirement of signed orders in whole units", z, asset.name, size, own, noise=noise)
            if not unit:
                whole = {v: sizes[v] for v in retired}
                book.equal_items(
                    Message("retirement of whole orders of {asset}", asset=asset.name), z, _named(retired), _named(whole)
                )
    return {
        y: stood.get(y, 0.0) + math.fsum(lasting(figures, asset, v, y) * left(v, y) for v in sizes if y in alive[v])
        for y in figures.years
    }


def _earns(figures: Figures, asset: LedgerAsset, builds: Builds, v: int) -> bool:
    """True if an order, decided or signed, has a capital cost below 0: then none of that year is retired early."""
    decided = (asset.name, v) in builds.decided and figures.cost(asset, "capital_cost").get(v, 0.0) < 0
    return decided or ((asset.name, v) in builds.committed and committed_capital(figures, asset, v, 1.0) < 0)


def _named(items: Mapping[int, float]) -> dict[str, float]:
    return {str(v): size for v, size in items.items()}


def _check_existing(book: Book, figures: Figures, asset: LedgerAsset, gone: Mapping[int, float]) -> dict[int, float]:
    """What stands of what stood before: it falls as the park says, and what was retired counts as what falls first."""
    stated, stands, left = existing(figures, asset), {}, math.inf
    keep = 0.0 if isinstance(asset.row, Connection) else asset.row.keep
    for z, size in gone.items():
        if z not in stated:
            book.equal("retirement of what does not work", z, asset.name, size, 0.0)
    for y, most in stated.items():
        left = stands[y] = min(left, most) - gone.get(y, 0.0)
        book.at_least("what is left of what stood", y, asset.name, left, min(keep, most), most, NOISE * (1 + len(gone)))
    unit = asset.of_orders("existing_unit")
    if unit and stated:
        _check_existing_units(book, asset, unit, next(iter(stated.values())), gone)
    return stands


def _check_existing_units(book: Book, asset: LedgerAsset, unit: float, existing: float, gone: Mapping[int, float]) -> None:
    """What stood is retired in whole units, and once what is left beside them."""
    rest = existing - math.floor(existing / unit + 1e-9) * unit
    for z, size in sorted(gone.items()):
        noise = 2 * TOLERANCE * (unit + size)
        is_rest = rest > noise and abs(size - round(size / unit) * unit) > noise
        own = size - rest if is_rest else size
        book.equal("retirement of what stood in whole units", z, asset.name, own, round(own / unit) * unit, noise=noise)
        rest = 0.0 if is_rest else rest


def given_up(figures: Figures, tables: Mapping[str, pd.DataFrame], y: int) -> Cash:
    """Of the orders of a year, by asset, not discounted; nothing of what stood, and nothing in cash."""
    builds = Builds(tables)
    retired: dict[str, float] = {}
    for (k, v, _), size in builds.retired.items():
        if v == y and k in figures.assets:
            retired[k] = retired.get(k, 0.0) + size
    return {("value_given_up", k): _of_order(figures, figures.assets[k], y, builds, size) for k, size in retired.items()}


def _of_order(figures: Figures, asset: LedgerAsset, v: int, builds: Builds, retired: float) -> float:
    """Of what is retired of an order (money): of what was decided and what was signed in the same year the cheaper goes first."""
    price, grant = (figures.cost(asset, parameter).get(v, 0.0) for parameter in ("capital_cost", "grant"))
    paid = [
        (max((1 - grant) * price, 0.0), builds.decided.get((asset.name, v), 0.0)),
        (max(committed_capital(figures, asset, v, 1.0), 0.0), builds.committed.get((asset.name, v), 0.0)),
    ]
    lost, left = [], retired
    for each, size in sorted(paid):
        lost.append(each * min(size, left))
        left -= min(size, left)
    return (1 - horizon_share(figures, v + asset.lead_time, figures.lifetime(asset))) * math.fsum(lost)


# --- capacity --------------------------------------------------------------------------------------------------------------


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


# --- business --------------------------------------------------------------------------------------------------------------
# Business as usual: what stood is ordered again as its life ends, and nothing else is ordered or retired.


def check_as_usual(book: Book, figures: Figures, tables: Mapping[str, pd.DataFrame]) -> None:
    """Every order is the renewal of what stood, of its size and in its year, and none is missing; nothing is retired early."""
    builds = Builds(tables)
    wanted = {(a.name, v): size for a in figures.assets.values() for v, size in _renewals(figures, a)}
    for k, v in dict.fromkeys([*builds.decided, *wanted]):
        book.equal("renewal of what stood", v, k, builds.decided.get((k, v), 0.0), wanted.get((k, v), 0.0))
    for (k, _, y), size in builds.retired.items():
        book.equal("retirement in business as usual", y, k, size, 0.0)


def _renewals(figures: Figures, asset: LedgerAsset) -> Iterator[tuple[int, float]]:
    """Year and size of each order: whatever comes to an end is ordered again in the first year that serves, the rest later."""
    stood, spacing = existing(figures, asset), asset.of_orders("order_spacing")
    years = sorted(stood)
    ending = {y - 1: stood[y - 1] - stood[y] for y in years[1:] if stood[y - 1] > stood[y]}
    ending |= {years[-1]: stood[years[-1]]} if years else {}
    orders = {c.year: c.build for c in figures.case.committed if c.technology == asset.name}
    last = -math.inf
    for v in (v for v in figures.years if _is_offered(figures, asset, v)):
        span = works(figures, asset, v)
        due = math.fsum(size for y, size in ending.items() if y < span.start)
        wanted = max(due, _short(figures, asset, span, stood, orders))
        size = _sold(asset, wanted, _most(figures, asset, v, stood, orders)) if v - last >= spacing else 0.0
        if size <= 0:
            continue
        yield v, size
        last, orders[v] = v, orders.get(v, 0.0) + size
        ending = {y: left for y, left in ending.items() if y >= span.start}
        if size < due:
            ending[span.start - 1] = due - size
        ending[span.stop - 1] = ending.get(span.stop - 1, 0.0) + size


def _short(figures: Figures, asset: LedgerAsset, span: range, stood: Mapping[int, float], orders: Mapping[int, float]) -> float:
    """What chargers lack to charge each vehicle as it arrives, in the years until the next order may work; 0 of all else."""
    rows = [row for row in charged_rows(figures.case) if row.chargers.chargers == asset.name]
    if asset.kind is None or asset.kind.role != "charger" or not rows:
        return 0.0
    short, highest = 0.0, 0.0
    for y in (y for y in span if y in figures.years and y < span.start + max(int(asset.of_orders("order_spacing")), 1)):
        drawn = float(sum(charged_at_once(figures, y, row) for row in rows).max())  # type: ignore[union-attr]
        stands = stood.get(y, 0.0) + math.fsum(size for w, size in orders.items() if y in works(figures, asset, w))
        short, highest = max(short, drawn - stands), max(highest, drawn)
    return short if short > 1e-9 * highest else 0.0


def _is_offered(figures: Figures, asset: LedgerAsset, v: int) -> bool:
    near = [c for c in figures.case.committed if c.technology == asset.name and abs(v - c.year) < asset.of_orders("order_spacing")]
    return not near and may_order(figures, asset, v, BUSINESS)


def _most(figures: Figures, asset: LedgerAsset, v: int, stood: Mapping[int, float], orders: Mapping[int, float]) -> float:
    """Most that may be ordered in a year: by max_build, the site, and max_capacity beside what stands in the years in which it
    works."""
    row, most = asset.row, figures.limit(asset, "max_build").get(v, math.inf)
    if isinstance(row, Technology) and row.site and row.area:
        most = min(most, *(site.area / row.area for site in figures.case.sites if site.site == row.site))
    for y in set(works(figures, asset, v)) & set(figures.years):
        stands = math.fsum(size for w, size in orders.items() if y in works(figures, asset, w))
        most = min(most, figures.limit(asset, "max_capacity").get(y, math.inf) - stood.get(y, 0.0) - stands)
    return most


def _sold(asset: LedgerAsset, due: float, most: float) -> float:
    """At least the least order, in whole units, no more than that; 0 where that cannot be, or nothing is due."""
    least, unit = asset.of_orders("min_build"), asset.of_orders("unit_size")
    size = max(due, least)
    if unit:
        size = unit * math.ceil(size / unit - 1e-9)
    if size > most * (1 + 1e-9):
        size = unit * math.floor(most / unit + 1e-9) if unit else most
    return size if due > 0 and size >= max(least * (1 - 1e-9), 1e-9 * due) else 0.0
