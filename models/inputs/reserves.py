"""Reserves: how much firm capacity of a carrier there must be beside its highest demand, with the largest unit out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.case import Case, Reserve
from models.inputs.boundary import scheme_key, schemes_of
from models.inputs.calendar import HOURS_OF_YEAR
from models.inputs.demand import at_once_shapes, fleet_rows
from models.inputs.equipment import ALL_ZONES, producers

#: A carrier, a zone or `*` for all zones as one, and a year.
Place = tuple[str, str, int]


@dataclass(frozen=True)
class Reserves:
    """What must be held in reserve.

    margin        share of the highest demand, on top of it                        1 (carrier,zone,y); absent = no reserve
    largest_out   places in which the highest demand is met with the largest unit out        set of (carrier,zone,y)
    firm          what a capacity gives for sure                                   MW/MW or MW/MWh (carrier,zone) -> (k)
    imports       what can be imported for sure                                    MW (carrier,zone,y)
    over          the same over a connection whose capacity is decided, at most    MW (carrier,zone,y,connection); may be inf
    under         the same over a connection with schemes, under each of them      MW (carrier,zone,y,connection) -> (scheme_key)
    peaks         hours of the profiles that can be the highest                    (carrier,zone) -> tuple of 1/h (u)
    """

    margin: dict[Place, float]
    largest_out: frozenset[Place]
    firm: dict[tuple[str, str], dict[str, float]]
    imports: dict[Place, float]
    over: dict[tuple[str, str, int, str], float]
    under: dict[tuple[str, str, int, str], dict[str, float]]
    peaks: dict[tuple[str, str], tuple[dict[str, float], ...]]


def resolve_reserves(case: Case, years: Sequence[int], existing_only: bool) -> Reserves:
    """Reserves of every year, on all hours of the profiles; none where a supply without a limit can feed the carrier."""
    margin: dict[Place, float] = {}
    largest_out: set[Place] = set()
    imports: dict[Place, float] = {}
    over: dict[tuple[str, str, int, str], float] = {}
    places = [] if existing_only else list(dict.fromkeys((r.carrier, r.zone) for r in case.reserves))
    for carrier, zone in places:
        rows = [r for r in case.reserves if (r.carrier, r.zone) == (carrier, zone)]
        for y in years:
            row = in_force(rows, y)
            given = firm_imports(case, carrier, zone, y)
            always = given.pop("")
            if row is None or row.operated or math.isinf(always):
                continue
            margin[carrier, zone, y], imports[carrier, zone, y] = row.margin, always
            over |= {(carrier, zone, y, connection): most for connection, most in given.items()}
            if row.largest_out:
                largest_out.add((carrier, zone, y))
    return Reserves(
        margin=margin,
        largest_out=frozenset(largest_out),
        firm={place: producers(case, *place) for place in places},
        imports=imports,
        over=over,
        under={
            (carrier, zone, y, c): own for carrier, zone, y, c in over if (own := firm_under_schemes(case, carrier, zone, y, c))
        },
        peaks={place: _peaks(case, *place) for place in places},
    )


def in_force(rows: Sequence[Reserve], y: int) -> Reserve | None:
    """The row of a carrier and zone that holds in a year: the latest one."""
    begun = [r for r in rows if r.year is None or r.year <= y]
    return max(begun, key=lambda r: r.year or 0, default=None)


def firm_imports(case: Case, carrier: str, zone: str, y: int) -> dict[str, float]:
    """What can be imported of a carrier in every hour of a year (MW), inf without a limit; by connection whose size or scheme is
    decided, and under '' all the rest."""
    connections = {c.connection: c for c in case.connections}
    behind: dict[str, float] = {}
    for s in case.supplies:
        if s.carrier == carrier and zone in (ALL_ZONES, s.zone) and s.can_import and s.is_offered(y) and not s.is_as_generated:
            most = math.inf if s.max_import is None else s.max_import
            behind[s.connection] = behind.get(s.connection, 0.0) + most
    found = {"": behind.pop("", 0.0)}
    for name, most in behind.items():
        if schemes_of(case, name):
            found[name] = max(firm_under_schemes(case, carrier, zone, y, name).values())
        elif connections[name].type:
            found[name] = most
        else:
            limit = connections[name].max_import
            found[""] += min(most, math.inf if limit is None else limit)
    return found


def firm_under_schemes(case: Case, carrier: str, zone: str, y: int, connection: str) -> dict[str, float]:
    """What can be imported of a carrier for sure over a connection under each of its schemes (MW); empty where it has none."""
    row = next(c for c in case.connections if c.connection == connection)
    limit = row.max_capacity if row.type else row.max_import
    own = [
        s
        for s in case.supplies
        if s.connection == connection
        and s.carrier == carrier
        and zone in (ALL_ZONES, s.zone)
        and s.can_import
        and s.is_offered(y)
        and not s.is_as_generated
    ]
    return {
        scheme_key(connection, name): min(
            sum(math.inf if s.max_import is None else s.max_import for s in own if s.scheme in ("", name)),
            math.inf if limit is None else limit,
        )
        for name in schemes_of(case, connection)
    }


def _peaks(case: Case, carrier: str, zone: str) -> tuple[dict[str, float], ...]:
    """Demands per energy of the year in the hours that can be the highest: no other hour is as high for each of them (1/h).

    Vehicles count as charged at once."""
    first = {d.demand: d for d in reversed(case.demand)}
    stated = [u for u, d in first.items() if d.carrier == carrier and zone in (ALL_ZONES, d.zone)]
    charged = at_once_shapes(case)
    fleet = [r.name for r in fleet_rows(case) if r.chargers.carrier == carrier and zone in (ALL_ZONES, r.chargers.zone)]
    names = [*stated, *fleet]
    if not names:
        return ()
    shapes = [charged[r] for r in fleet]
    for u in reversed(stated):
        raw = case.profiles[first[u].profile] if first[u].profile else np.ones(case.hours)
        shapes.insert(0, raw / (raw.sum() * HOURS_OF_YEAR / case.hours))
    hours = np.unique(np.stack(shapes, axis=1), axis=0)
    front: list[np.ndarray] = []
    for hour in hours[np.argsort(-hours.sum(axis=1), kind="stable")]:
        if not any((hour <= other).all() for other in front):
            front.append(hour)
    return tuple(dict(zip(names, hour.tolist(), strict=True)) for hour in front)
