"""Early retirement: nothing that is not there, nothing new, nothing that must be kept, and only in the pieces that can go.

Value beyond the horizon that early retirement gives up: of each order the part of its price that the horizon does not bear.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from models.case import Connection
from models.message import Message
from planner.ledger.compare import NOISE, TOLERANCE, Book
from planner.ledger.figures import Figures, LedgerAsset
from planner.ledger.money import Cash, committed_capital, horizon_share
from planner.ledger.orders import STOOD, Builds, existing, works


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
    return {y: stood.get(y, 0.0) + math.fsum(left(v, y) for v in sizes if y in alive[v]) for y in figures.years}


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
