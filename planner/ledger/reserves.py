"""Reserves: firm capacity, highest demand and largest unit of each carrier, from what stands and from the profiles alone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from models.case import Reserve, Technology
from models.message import Message
from planner.ledger.compare import NOISE, TOLERANCE, Book
from planner.ledger.figures import Figures
from planner.ledger.hours import column_of
from planner.ledger.measures import energy_after_measures, in_force
from planner.ledger.orders import STOOD, Builds, existing, lines, works
from planner.ledger.response import contracts, offered_in, stated
from planner.ledger.vehicles import charged_at_once, charged_rows
from planner.plan import LEAST_COST, TARGET


def check_reserves(book: Book, figures: Figures, tables: Mapping[str, pd.DataFrame], plan: str) -> None:
    """Every figure of reserves.csv, and that the reserve holds in plans that must keep it."""
    said = {(int(r.year), r.carrier, r.zone, r.item): r.value for r in lines(tables["reserves"])}
    stands = {(r.technology, int(r.year)): r.capacity for r in lines(tables["capacity"])}
    builds = Builds(tables)
    schemes = {(r.connection, int(r.year)): str(r.scheme) for r in lines(tables["schemes"])}
    found: dict[tuple[int, str, str, str], float] = {}
    for y in figures.years:
        energy = energy_after_measures(figures, in_force(figures, tables, y), y)
        for row in _rows_in_force(figures, y):
            imports = _imports(figures, row, y, stands, schemes)
            if imports is None:
                continue
            firm = _firm(figures, row, y)
            given = imports + math.fsum(share * stands.get((k, y), 0.0) for k, share in firm.items())
            highest = _highest(figures, row, energy, y, offered_in(tables, y))
            largest = max((size for k, share in firm.items() for size in units_of(figures, builds, k, share, y)), default=0.0)
            needed = (1 + row.margin) * highest + (largest if row.largest_out else 0.0)
            items = {"firm": given, "demand": highest, "largest_unit": largest, "required": needed}
            found |= {(y, row.carrier, row.zone, item): value for item, value in items.items()}
            if plan in (TARGET, LEAST_COST):
                scale = max(given, needed)
                book.at_least(
                    Message("firm capacity of {carrier}", carrier=row.carrier),
                    y,
                    row.zone,
                    given,
                    needed,
                    scale,
                    NOISE * (2 + len(firm)),
                )
    book.equal_items("reserve", None, said, found, noise=dict.fromkeys(found, NOISE * (2 + len(figures.technologies))))


def _rows_in_force(figures: Figures, y: int) -> Iterator[Reserve]:
    places = dict.fromkeys((r.carrier, r.zone) for r in figures.case.reserves)
    for place in places:
        begun = sorted((r.year or 0, i) for i, r in enumerate(figures.case.reserves) if (r.carrier, r.zone) == place)
        begun = [(since, i) for since, i in begun if since <= y]
        if begun and not figures.case.reserves[begun[-1][1]].operated:
            yield figures.case.reserves[begun[-1][1]]


def _is_here(row: Reserve, zone: str) -> bool:
    return row.zone in ("*", zone)


def _firm(figures: Figures, row: Reserve, y: int) -> dict[str, float]:
    """What a capacity of each technology gives of the carrier for sure."""
    found = {}
    for k, technology in figures.technologies.items():
        kind, ports = figures.types[technology.type_name], [p for p in figures.case.ports if p.type == technology.type_name]
        own = [p for p in ports if p.carrier == row.carrier]
        if not own or not _is_here(row, technology.zone) or kind.role == "capture":
            continue
        if kind.role == "store":
            stated = kind.firm if technology.firm is None else technology.firm
            alone = 0.0 if kind.power_type else min(1 / kind.full_power_hours, kind.discharge_efficiency / 4)
            share = alone if stated is None else stated
        else:
            series = np.zeros(figures.case.hours)
            for p in own:
                sign = 1.0 if p.direction == "out" else -1.0
                series = series + sign * p.ratio * (_series(figures, p.profile, y) if p.profile else 1.0)
            stated = kind.firm if technology.firm is None else technology.firm
            always = (0.0 if technology.profile else 1.0) if stated is None else stated
            share = always * float(series.min())
        if share > 0:
            found[k] = share
    return found


def _imports(
    figures: Figures, row: Reserve, y: int, stands: Mapping[tuple[str, int], float], schemes: Mapping[tuple[str, int], str]
) -> float | None:
    """Imports that can be counted on, of each connection at most its limit or capacity; None without a limit."""
    here = [s for s in figures.case.supplies if s.carrier == row.carrier and _is_here(row, s.zone)]
    own = [s for s in here if s.can_import and s.is_offered(y) and not s.is_as_generated]
    own = [s for s in own if s.scheme in ("", schemes.get((s.connection, y)))]
    connections = {c.connection: c for c in figures.case.connections}
    total = 0.0
    for name in dict.fromkeys(s.connection for s in own):
        most = math.fsum(math.inf if s.max_import is None else s.max_import for s in own if s.connection == name)
        if name and connections[name].type:
            total += min(most, stands.get((name, y), 0.0))
            continue
        limit = connections[name].max_import if name else None
        total += most if limit is None else min(most, limit)
    return None if math.isinf(total) else total


def _series(figures: Figures, profile: str, y: int) -> np.ndarray:
    """A profile in every hour of a year."""
    return figures.case.profiles[column_of(figures.case, profile, y)]


def _highest(figures: Figures, row: Reserve, energy: Mapping[str, float], y: int, offered: Mapping[str, float]) -> float:
    """The highest hour of what is left of all demands (MW), vehicles charged at once; of firm contracts only what is offered."""
    total, spared = np.zeros(figures.case.hours), dict.fromkeys(energy, 0.0)
    for contract in (c for c in contracts(figures) if c.firm):
        spared[contract.demand] += stated(figures, contract.response, "share", y)
    for u in dict.fromkeys(d.demand for d in figures.case.demand):
        first = next(d for d in figures.case.demand if d.demand == u)
        if first.carrier == row.carrier and _is_here(row, first.zone):
            shape = _series(figures, first.profile, y) if first.profile else np.ones(figures.case.hours)
            total = total + sum(offered.get(c.response, 0.0) for c in contracts(figures) if c.firm and c.demand == u)
            total = total + (1 - firm_shed(figures, u, y) - spared[u]) * energy[u] * shape / shape.mean() / 8760
    for own in charged_rows(figures.case):
        if own.chargers.carrier == row.carrier and _is_here(row, own.chargers.zone):
            total = total + charged_at_once(figures, y, own)
    return float(total.max())


def firm_shed(figures: Figures, u: str, y: int) -> float:
    """Share of a demand that need not be held in reserve, since it may be shed."""
    rows = [d for d in figures.case.demand if d.demand == u]
    return figures.series((d.year, d.shed_share) for d in rows).get(y, 0.0) * rows[0].firm_shed


def units_of(figures: Figures, builds: Builds, k: str, share: float, y: int) -> Iterator[float]:
    """What each unit of a technology that stands in a year gives for sure."""
    asset = figures.assets[k]
    assert isinstance(asset.row, Technology)
    gone = {(v, z): size for (own, v, z), size in builds.retired.items() if own == k}
    yield from (share * size for size in _stood(figures, k, gone, y))
    lost = {v: math.fsum(size for (own, z), size in gone.items() if own == v and z <= y) for v, _ in gone}
    left = {v: size - lost.get(v, 0.0) for (own, v), size in builds.ordered.items() if own == k and y in works(figures, asset, v)}
    unit = asset.of_orders("unit_size")
    if unit:
        yield share * unit if math.fsum(left.values()) > NOISE * (1 + len(left)) else 0.0
    else:
        for v in left:  # what is decided and what is signed: of the larger first, then of both alike
            small, big = sorted(orders.get((k, v), 0.0) for orders in (builds.decided, builds.committed))
            first = min(lost.get(v, 0.0), big - small)
            both = (lost.get(v, 0.0) - first) / 2
            yield from (share * size for size in (big - first - both, small - both))


def _stood(figures: Figures, k: str, gone: Mapping[tuple[int, int], float], y: int) -> Iterator[float]:
    """Units of what stood, or all of it where it has none."""
    asset = figures.assets[k]
    stated, left = existing(figures, asset), math.inf
    if y not in stated:
        return
    unit = asset.of_orders("existing_unit")
    first = next(iter(stated.values()))
    rest = first - math.floor(first / unit + 1e-9) * unit if unit else 0.0
    for year, most in stated.items():
        if year <= y:
            lost = gone.get((STOOD, year), 0.0)
            left = min(left, most) - lost
            if unit and rest > 0 and abs(lost / unit - round(lost / unit)) > 2 * TOLERANCE * (1 + lost / unit):
                rest = 0.0
    if not unit:
        yield left
    else:
        yield rest
        yield unit if left - rest > NOISE * 10 else 0.0
