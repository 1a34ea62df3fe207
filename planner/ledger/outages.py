"""Outages: the operation of each stress day with a unit out, checked as an operation of any day is, with what is lost taken off."""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from models.case import Case, EquipmentType, Reserve, Response, Technology
from models.errors import Message
from planner.ledger.connections import check_limits, check_schemes, check_supplies, contracted
from planner.ledger.equipment import (
    agreed,
    charged_at_once,
    charged_rows,
    check_converters,
    check_links,
    check_moves,
    check_stores,
    check_vehicles,
)
from planner.ledger.figures import NOISE, STOOD, TOLERANCE, Book, Builds, Figures, existing, lasting, lines, works
from planner.ledger.flows import (
    Key,
    LedgerHours,
    LedgerYear,
    check_balances,
    check_places,
    column_of,
    energy_after_measures,
    in_force,
    profile_in,
)
from planner.plan import LEAST_COST, TARGET

# --- response --------------------------------------------------------------------------------------------------------------
# Response contracts: no more is offered than can be called off in every hour in which it must stand ready, and what it brings.


def check_responses(book: Book, figures: Figures, tables: Mapping[str, pd.DataFrame]) -> None:
    """Every figure of responses.csv."""
    said = {(int(r.year), r.response, r.item): r.value for r in lines(tables["responses"])}
    found: dict[tuple[int, str, str], float] = {}
    for y in figures.years:
        energy = energy_after_measures(figures, in_force(figures, tables, y), y)
        for row in contracts(figures):
            name, offered = row.response, said.get((y, row.response, "offered"), 0.0)
            possible = min(_least(figures, row, energy[row.demand], y), stated(figures, name, "max_offer", y, np.inf))
            book.at_least(Message("what is offered to be called off"), y, name, offered, 0.0)
            book.at_most(Message("what is offered to be called off"), y, name, offered, possible)
            called = stated(figures, name, "calls", y) * offered
            received = stated(figures, name, "price", y) * offered + stated(figures, name, "call_price", y) * called
            items = {
                "offered": offered,
                "possible": possible,
                "called": called,
                "received": received,
                "lost": stated(figures, name, "call_cost", y) * called,
            }
            found |= {(y, name, item): value for item, value in items.items()}
    book.equal_items("responses.csv", None, said, found)


def response_cash(figures: Figures, tables: Mapping[str, pd.DataFrame], y: int) -> dict[tuple[str, str], float]:
    """What contracts cost in a year, below 0 where they pay: (item, name) -> money."""
    found = {}
    for r in lines(tables["responses"]):
        if int(r.year) == y and r.item == "offered":
            calls = stated(figures, r.response, "calls", y)
            each = calls * (stated(figures, r.response, "call_cost", y) - stated(figures, r.response, "call_price", y))
            found["response", r.response] = (each - stated(figures, r.response, "price", y)) * r.value
    return found


def contracts(figures: Figures) -> list[Response]:
    """The first row of every contract."""
    return list({row.response: row for row in reversed(figures.case.responses)}.values())


def stated(figures: Figures, name: str, column: str, y: int, otherwise: float = 0.0) -> float:
    """A column of responses.csv in a year."""
    rows = [(r.year, getattr(r, column)) for r in figures.case.responses if r.response == name]
    return figures.series([(when, value) for when, value in rows if value is not None]).get(y, otherwise)


def offered_in(tables: Mapping[str, pd.DataFrame], y: int) -> dict[str, float]:
    """What is offered of each contract in a year (MW)."""
    return {r.response: r.value for r in lines(tables["responses"]) if int(r.year) == y and r.item == "offered"}


def _least(figures: Figures, row: Response, energy: float, y: int) -> float:
    """What of the demand can be called off in the least of the hours in which it must stand ready (MW)."""
    case = figures.case
    profile = next(d.profile for d in case.demand if d.demand == row.demand)
    power = stated(figures, row.response, "share", y) * energy * _shape(case, profile, y)
    ready = profile_in(case, row.profile, y) > 0
    return float(power[ready].min()) if ready.any() else 0.0


# --- reserves --------------------------------------------------------------------------------------------------------------
# Reserves: firm capacity, highest demand and largest unit of each carrier, from what stands and from the profiles alone.


def check_reserves(book: Book, figures: Figures, tables: Mapping[str, pd.DataFrame], plan: str) -> None:
    """Every figure of reserves.csv, and that the reserve holds in plans that must keep it."""
    said = {(int(r.year), r.carrier, r.zone, r.item): r.value for r in lines(tables["reserves"])}
    stands = {(r.technology, int(r.year)): r.capacity for r in lines(tables["capacity"])}
    builds = Builds(tables)
    schemes = {(r.connection, int(r.year)): str(r.scheme) for r in lines(tables["schemes"])}
    found: dict[tuple[int, str, str, str], float] = {}
    for y in figures.years:
        energy = energy_after_measures(figures, in_force(figures, tables, y), y)
        for row in (row for row in _rows_in_force(figures, y) if not row.operated):
            imports = _imports(figures, row, y, stands, schemes)
            if imports is None:
                continue
            firm = _firm(figures, row, y)
            left = {k: profile_in(figures.case, figures.technologies[k].derating, y) for k in firm}
            units = {k: max(units_of(figures, builds, k, share, y), default=0.0) for k, share in firm.items()}
            each = np.zeros((4, figures.case.hours))
            each[0] = imports + sum(share * stands.get((k, y), 0.0) * left[k] for k, share in firm.items())
            each[1] = _asked(figures, row, energy, y, offered_in(tables, y))
            for k, size in units.items():
                each[2] = np.maximum(each[2], size * left[k])
            each[3] = (1 + row.margin) * each[1] + row.largest_out * each[2]
            spare = each[0] - each[3]
            near = np.flatnonzero(spare <= spare.min() + 1e-6 * (1 + each[3]))
            given, highest, largest, needed = each[:, near[each[1, near].argmax()]].tolist()
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


def _rows_in_force(figures: Figures, y: int) -> list[Reserve]:
    """The latest row of each place in a year."""
    begun = sorted((r for r in figures.case.reserves if (r.year or 0) <= y), key=lambda r: r.year or 0)
    return list({(r.carrier, r.zone): r for r in begun}.values())


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
                series = series + sign * p.ratio * profile_in(figures.case, p.profile, y)
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


def _asked(figures: Figures, row: Reserve, energy: Mapping[str, float], y: int, offered: Mapping[str, float]) -> np.ndarray:
    """What is left of all demands in every hour (MW), vehicles charged at once; of firm contracts only what is offered."""
    total, spared = np.zeros(figures.case.hours), dict.fromkeys(energy, 0.0)
    for contract in (c for c in contracts(figures) if c.firm):
        spared[contract.demand] += stated(figures, contract.response, "share", y)
    for u in dict.fromkeys(d.demand for d in figures.case.demand):
        first = next(d for d in figures.case.demand if d.demand == u)
        if first.carrier == row.carrier and _is_here(row, first.zone):
            total = total + sum(offered.get(c.response, 0.0) for c in contracts(figures) if c.firm and c.demand == u)
            total = total + (1 - firm_shed(figures, u, y) - spared[u]) * energy[u] * _shape(figures.case, first.profile, y)
    for own in charged_rows(figures.case):
        if own.chargers.carrier == row.carrier and _is_here(row, own.chargers.zone):
            total = total + charged_at_once(figures, y, own)
    return total


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
        newest = max((lasting(figures, asset, v, y) for v in left), default=1.0)
        yield share * newest * unit if math.fsum(left.values()) > NOISE * (1 + len(left)) else 0.0
    else:
        for v in left:  # what is decided and what is signed: of the larger first, then of both alike
            small, big = sorted(orders.get((k, v), 0.0) for orders in (builds.decided, builds.committed))
            first = min(lost.get(v, 0.0), big - small)
            both = (lost.get(v, 0.0) - first) / 2
            of_order = share * lasting(figures, asset, v, y)
            yield from (of_order * size for size in (big - first - both, small - both))


def check_whole_units(year: LedgerYear, builds: Builds, most: int) -> None:
    """What is on of each committed plant in units is a sum of them, but in as many hours as the plan tells."""
    parts = 0
    for k in (k for k in year.figures.technologies if year.figures.is_committed(k)):
        gone = {(v, z): size for (own, v, z), size in builds.retired.items() if own == k}
        stands = {0.0}
        for size in _all_units(year.figures, k, gone, year.capacity.get(k, 0.0), year.y):
            stands |= {round(s + size, 6) for s in stands}
        if len(stands) > 1:
            derating = year.hours.profile(year.figures.technologies[k].derating)
            of_units = np.array(sorted(stands))[:, None] * np.broadcast_to(derating, year.hours.count)
            off = np.abs(year.flow("online", k) - of_units).min(axis=0)
            parts += int((off > TOLERANCE * max(1.0, max(stands))).sum())
    year.book.at_most("hours with a part of a unit on", year.y, "committed plants", float(parts), float(most))


def _all_units(figures: Figures, k: str, gone: Mapping[tuple[int, int], float], capacity: float, y: int) -> Iterator[float]:
    """Every unit of a plant and the rests beside them; none where nothing says how large its units are."""
    asset = figures.assets[k]
    stood, rest, unit = _left_of_stood(figures, k, gone, y) or (0.0, 0.0, 0.0)
    size = asset.of_orders("unit_size") or 0.0
    if not size and (not unit or capacity - stood > NOISE * 10):
        return
    for amount, own in ((stood - rest, unit or size), (rest, rest), (capacity - stood, size)):
        count = math.floor(amount / own + 1e-6) if own else 0
        yield from [own] * count
        if amount - count * own > NOISE * 10:
            yield amount - count * own


def _stood(figures: Figures, k: str, gone: Mapping[tuple[int, int], float], y: int) -> Iterator[float]:
    """Units of what stood, or all of it where it has none."""
    found = _left_of_stood(figures, k, gone, y)
    if found is None:
        return
    left, rest, unit = found
    if not unit:
        yield left
    else:
        yield rest
        yield unit if left - rest > NOISE * 10 else 0.0


def _left_of_stood(figures: Figures, k: str, gone: Mapping[tuple[int, int], float], y: int) -> tuple[float, float, float] | None:
    """What is left of what stood, the rest in it that is no unit, and the unit, 0 where it has none; None where nothing stood."""
    asset = figures.assets[k]
    stated, left = existing(figures, asset), math.inf
    if y not in stated:
        return None
    unit = asset.of_orders("existing_unit")
    first = next(iter(stated.values()))
    rest = first - math.floor(first / unit + 1e-9) * unit if unit else 0.0
    for year, most in stated.items():
        if year <= y:
            lost = gone.get((STOOD, year), 0.0)
            left = min(left, most) - lost
            if unit and rest > 0 and abs(lost / unit - round(lost / unit)) > 2 * TOLERANCE * (1 + lost / unit):
                rest = 0.0
    return left, rest, unit or 0.0


# --- outages ---------------------------------------------------------------------------------------------------------------


def check_outages(year: LedgerYear, builds: Builds, said: Mapping[tuple[int, int, str], Mapping[Key, np.ndarray]]) -> None:
    """Every year, stress day and outage that the case asks for has an operation, and it serves all demand."""
    rows = _rows(year.figures, year.y)
    if not rows:
        return
    stress = {(r.carrier, r.zone): year.figures.of_case(("days", r.carrier, r.zone), partial(_days, year.figures, r)) for r in rows}
    days = dict.fromkeys(d for own in stress.values() for d in own)
    hours = {d: _hours(year.figures.case, year.y, d) for d in days}
    margins = {d: {(r.carrier, r.zone): r.margin for r in rows if d in stress[r.carrier, r.zone]} for d in days}
    wanted = {d: _wanted(year, margins[d]) for d in days}
    feeds = set().union(*(_feeders(year.figures, row.carrier) for row in rows))
    bare = _bare_figures(year.figures)
    outages: dict[str, frozenset[str]] = {"": frozenset()}
    outages |= _outages(year.figures, feeds, year.capacity) | _lines(year, {row.carrier for row in rows})
    left = {name: _left(year, builds, out) for name, out in outages.items()}
    for d in days:
        for name in outages:
            if (year.y, d, name) not in said:
                year.book.equal("operations with a unit out", year.y, _label(name, d + 1), 0.0, 1.0)
        for names in _alike({name: said[year.y, d, name] for name in outages if (year.y, d, name) in said}):
            capacity = _outages_least([left[name] for name in names])
            own = replace(year, figures=bare, hours=hours[d], flows=said[year.y, d, names[0]], capacity=capacity)
            _check_day(own)
            check_vehicles(own, [([d], 24)], _raised_vehicles(year, margins[d]))
            _check_demands(own, d, wanted[d], own.book.equal_hours)


def _check_demands(day: LedgerYear, d: int, wanted: Mapping[str, np.ndarray], check: Callable[..., None]) -> None:
    """What demands draw from a day on, beside what is asked and served at another hour of the operation."""
    for u, power in wanted.items():
        asked = agreed(day, u, "shift_share") / ((1.0 - firm_shed(day.figures, u, day.y)) or 1.0) * power
        part, served = slice(24 * d, 24 * d + day.hours.count), day.flow("served", u)
        check("demand", day.y, u, day.flow("demand", u), power[part] - asked[part] + served)
        if asked.any():
            check_moves(day, u, asked[part], served, float(asked.max()))


def _left(year: LedgerYear, builds: Builds, out: Iterable[str]) -> dict[str, float]:
    """Capacity of each asset with the largest unit of these out (MW, MWh), of a store without what it always keeps."""
    lost = {k: _lost(year, builds, k) for k in out}
    kept = {k: kind.min_level for k, kind in year.figures.of_role("store").items()}
    limits = {c.connection: c.max_import for c in year.figures.case.connections if c.max_import is not None}
    stands = {k: limits[k] for k in lost if k in limits} | dict(year.capacity)
    return {k: max(0.0, size - lost.get(k, 0.0)) * (1.0 - kept.get(k, 0.0)) for k, size in stands.items()}


def _lines(year: LedgerYear, carriers: Container[str]) -> dict[str, frozenset[str]]:
    """Connections of these carriers of which a unit is out, as outages."""
    rows = [c for c in year.figures.case.connections if c.unit_size and c.carrier in carriers]
    return {c.connection: frozenset([c.connection]) for c in rows if not c.type or c.connection in year.capacity}


def _lost(year: LedgerYear, builds: Builds, k: str) -> float:
    """The largest unit of a technology that stands, or a unit of a connection."""
    line = next((c for c in year.figures.case.connections if c.connection == k), None)
    if line is not None:
        return min(line.unit_size, year.capacity.get(k, 0.0) if line.max_import is None else line.max_import)
    return max(units_of(year.figures, builds, k, 1.0, year.y), default=0.0)


def _alike(said: Mapping[str, Mapping[Key, np.ndarray]]) -> list[list[str]]:
    """Outages whose operation is one and the same."""
    found: dict[int, list[str]] = {}
    for name, flows in said.items():
        found.setdefault(id(flows), []).append(name)
    return list(found.values())


def _outages_least(left: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The least of each capacity: what is operated with it is operated with each."""
    return {k: min(own[k] for own in left if k in own) for k in dict.fromkeys(k for own in left for k in own)}


def check_outage_weeks(year: LedgerYear, builds: Builds, said: Mapping[tuple[int, int, str], Mapping[Key, np.ndarray]]) -> None:
    """Every figure of outages.csv: what is out, and what is short in a week that is operated so."""
    table = {(str(r.technology), int(r.first_day)): r for r in lines(year.tables["outages"])}
    operated = {(name, d + 1): flows for (y, d, name), flows in said.items() if y == year.y}
    for name, first in dict.fromkeys([*table, *operated]):
        is_there = (name, first) in table, (name, first) in operated
        if not all(is_there):
            year.book.equal("operations with a unit out", year.y, _label(name, first), float(is_there[0]), float(is_there[1]))
    both = [key for key in table if key in operated]
    if not both:
        return
    bare = _bare_figures(year.figures)
    members = _outages(year.figures, set(year.figures.technologies), year.capacity)
    members |= _lines(year, {c.carrier for c in year.figures.case.connections})
    left = {name: _left(year, builds, members.get(name, ())) for name, _ in both}
    count = min(7, year.figures.case.hours // 24)
    for first in dict.fromkeys(first for _, first in both):
        hours = _hours(year.figures.case, year.y, first - 1, count)
        for names in _alike({name: operated[name, first] for name, own in both if own == first}):
            flows, capacity = _served(operated[names[0], first]), _outages_least([left[name] for name in names])
            own = replace(year, figures=bare, hours=hours, flows=flows, capacity=capacity)
            _check_day(own)
            _check_demands(own, first - 1, _wanted(own, {}), own.book.at_most_hours)
    for name, first in both:
        lost = sum(_lost(year, builds, k) for k in members.get(name, ()))
        _check_row(year, table[name, first], operated[name, first], lost, count)


def _check_row(year: LedgerYear, row: Any, flows: Mapping[Key, np.ndarray], lost: float, count: int) -> None:
    """The figures of a row of outages.csv."""
    short = np.sum([np.zeros(24 * count), *(v for (flow, *_), v in flows.items() if flow == "unserved")], axis=0)
    peak = max((float(v.max()) for (flow, *_), v in flows.items() if flow == "demand"), default=0.0)
    short = np.where(short > 1e-6 * max(peak, 1e-3), short, 0.0)
    found = {
        "lost": lost,
        "days": float(count),
        "hours_short": float((short > 0).sum()),
        "energy_short": float(short.sum()),
        "worst": float(short.max()),
    }
    for item, amount in found.items():
        about = Message("{item} of outages.csv", item=item)
        told = float(getattr(row, item))
        year.book.equal(about, year.y, _label(str(row.technology), int(row.first_day)), told, amount, noise=1e-5 * (1 + peak))


def _label(name: str, first: int) -> Message:
    return Message("day {day} with {name} out", day=first, name=name or "-")


def _served(flows: Mapping[Key, np.ndarray]) -> dict[Key, np.ndarray]:
    """The flows with demand less what is unserved of its place, which is then served in full."""
    short = {(zone, carrier): v.copy() for (flow, _, zone, carrier), v in flows.items() if flow == "unserved"}
    found = {}
    for (flow, name, zone, carrier), values in flows.items():
        if flow == "demand" and (zone, carrier) in short:
            less = np.minimum(values, short[zone, carrier])
            short[zone, carrier] -= less
            values = values - less
        if flow != "unserved":
            found[flow, name, zone, carrier] = values
    return found


def _check_day(day: LedgerYear) -> None:
    """An operation, but for its demands."""
    check_places(day)
    check_balances(day)
    check_converters(day)
    check_stores(day)
    check_links(day)
    check_supplies(day)
    check_limits(day)
    check_schemes(day)
    for s in day.figures.case.supplies:
        if s.is_as_generated:
            most = contracted(day, s) * day.hours.profile(s.profile) if s.is_offered(day.y) else np.zeros(day.hours.count)
            day.book.at_most_hours("import within what is generated", day.y, s.supply, day.flow("import", s.supply), most)


def _wanted(year: LedgerYear, asked: Mapping[tuple[str, str], float]) -> dict[str, np.ndarray]:
    """Power of each demand in every hour of the profiles, with the margins asked for by carrier and zone."""
    case, found = year.figures.case, {}
    for u in dict.fromkeys(r.demand for r in case.demand):
        first = next(r for r in case.demand if r.demand == u)
        needed = 1.0 - firm_shed(year.figures, u, year.y)
        raised = 1.0 + max(asked.get((first.carrier, zone), 0.0) for zone in ("*", first.zone))
        found[u] = needed * raised * year.demand[u] * _shape(case, first.profile, year.y)
    return found


def _raised_vehicles(year: LedgerYear, asked: Mapping[tuple[str, str], float]) -> dict[str, float]:
    """What the margins asked for by carrier and zone multiply each row of sessions.csv by."""
    return {
        row.name: 1.0 + max(asked.get((row.chargers.carrier, zone), 0.0) for zone in ("*", row.chargers.zone))
        for row in charged_rows(year.figures.case)
    }


def _rows(figures: Figures, y: int) -> list[Reserve]:
    """Reserves by operation in force, once an order of the first year can work."""
    return [row for row in _rows_in_force(figures, y) if row.operated and y >= _earliest(figures, row.carrier)]


def _earliest(figures: Figures, carrier: str) -> int:
    first = figures.park.first_year
    if figures.park.orders.years and first not in figures.park.orders.years:
        return first
    leads = []
    for k in _feeders(figures, carrier):
        row, kind = figures.technologies[k], figures.types[figures.technologies[k].type_name]
        is_bought = _is_bought(figures, kind.type)
        closed = 0 in (row.max_capacity, row.max_build) or (row.first_year or first) > first or (row.until_year or first) < first
        if is_bought and not closed:
            leads.append(kind.lead_time)
    return first + min(leads, default=0)


def _is_bought(figures: Figures, type_name: str) -> bool:
    return any(c.type == type_name and c.parameter in ("capital_cost", "annuity") for c in figures.case.costs)


def _feeders(figures: Figures, carrier: str) -> set[str]:
    """What makes a carrier, holds it, or makes what it is made of, and is not given by a profile."""
    wanted, found = [carrier], set()
    for now in wanted:
        for k, row in figures.technologies.items():
            kind, ports = figures.types[row.type_name], figures.ports[k]
            if row.profile or kind.role == "capture":
                continue
            if kind.role == "store" and now in {c for _, c in ports}:
                found |= {k, *(p for p, t in figures.technologies.items() if (t.type_name, t.zone) == (kind.power_type, row.zone))}
            elif kind.role == "converter" and ("out", now) in ports:
                found.add(k)
                wanted += [c for direction, c in ports if direction == "in" and c not in wanted]
    return found


def _outages(figures: Figures, feeds: set[str], capacity: Mapping[str, float]) -> dict[str, frozenset[str]]:
    """What is out together, of what can have capacity in the year."""
    group = {k: row.outage_group or k for k, row in figures.technologies.items()}
    names = {group[k] for k in feeds}
    found = {name: frozenset(k for k in figures.technologies if group[k] == name and k in capacity) for name in names}
    return {name: out for name, out in found.items() if out}


def _days(figures: Figures, row: Reserve) -> list[int]:
    """Stress days of a reserve."""
    case, last = figures.case, figures.park.last_year
    energy = Figures(case, (last,)).demand
    load = np.zeros(case.hours)
    for u in energy:
        first = next(r for r in case.demand if r.demand == u)
        if first.carrier == row.carrier and row.zone in ("*", first.zone):
            load += energy[u][last] * _shape(case, first.profile, last)
    for own in charged_rows(case):
        if own.chargers.carrier == row.carrier and row.zone in ("*", own.chargers.zone):
            load += charged_at_once(Figures(case, (last,)), last, own)
    daily = load.reshape(-1, 24)
    found = [_outages_highest(daily.sum(axis=1)), _outages_highest(daily.max(axis=1))]
    columns = {column_of(case, t.profile, last) for t in case.technologies if t.profile}
    if columns:
        comes = np.sum([case.profiles[c] for c in columns], axis=0).reshape(-1, 24).sum(axis=1)
        few = sorted(range(len(comes)), key=lambda d: (round(float(comes[d]), 9), d))[: (len(comes) + 4) // 5]
        best = max(float(daily[d].sum()) for d in few)
        found.append(min(d for d in few if float(daily[d].sum()) >= best - 1e-12 * abs(best)))
    return list(dict.fromkeys(found))


def _outages_highest(values: np.ndarray) -> int:
    return int(np.argmax(values >= values.max() - 1e-12 * abs(values.max())))


def _shape(case: Case, profile: str, y: int) -> np.ndarray:
    """Power of a MWh a year in every hour of the profiles."""
    series = profile_in(case, profile, y)
    return series / series.mean() / 8760


def _hours(case: Case, y: int, d: int, days: int = 1) -> LedgerHours:
    """The hours of days that end as they began."""
    count = 24 * days
    part = slice(24 * d, 24 * d + count)
    profiles = {name: np.asarray(case.profiles[column_of(case, name, y)])[part] for name in case.profiles}
    return LedgerHours(np.ones(count), (np.arange(count) - 1) % count, np.zeros(0, dtype=int), (), profiles)


def _bare(kind: EquipmentType) -> EquipmentType:
    """The type without least load and initial level; what a store always keeps is no part of it, see `_left`."""
    hours = kind.full_power_hours * (1.0 - kind.min_level) or kind.full_power_hours
    return kind.model_copy(update={"min_load": 0.0, "initial_level": None, "min_level": 0.0, "full_power_hours": hours})


def _bare_figures(figures: Figures) -> Figures:
    return figures.of_case("bare", lambda: Figures(_without_what_does_not_count(figures.case)))


def _without_what_does_not_count(case: Case) -> Case:
    """The case without least loads, initial levels and limits of the year."""
    return case.model_copy(
        update={
            "types": tuple(_bare(t) for t in case.types),
            "ports": tuple(
                p.model_copy(update={"ratio": p.ratio + p.no_load, "no_load": 0.0, "per_start": 0.0}) for p in case.ports
            ),
            "supplies": tuple(s.model_copy(update={"max_import_year": None, "max_export_year": None}) for s in case.supplies),
        }
    )
