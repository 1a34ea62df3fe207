"""End uses and the measures on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.case import Case, Measure
from models.inputs.calendar import Calendar
from models.inputs.finance import horizon_share, over_years, whole_years
from models.inputs.vehicles import Band, drawn_energy, energy_at_once, fleet_rows
from models.units import yearly_factor


@dataclass(frozen=True)
class Demands:
    """End uses u: those of demand.csv, then the rows of sessions.csv, whose shape is what is drawn at once.

    demands         names; carrier and zone of each                 (u)
    energy          use of the year before any measure              MWh (u,y)
    shape           power per energy of the year                    1/h (u) -> (snapshots,); weighted sum is 1
    tenant          who uses it                                     (u); absent = nobody in particular
    """

    demands: tuple[str, ...]
    carrier: dict[str, str]
    zone: dict[str, str]
    energy: dict[tuple[str, int], float]
    shape: dict[str, np.ndarray]
    tenant: dict[str, str]


@dataclass(frozen=True)
class SavingStep:
    """A measure's saving on one demand, in its place among the savings on that demand."""

    measure: str
    saving: float
    adds: str = ""
    adds_ratio: float = 0.0


@dataclass(frozen=True)
class Measures:
    """Efficiency measures m.

    measures     names in order
    adoptions    start years offered, and those that are kept   tuple of (m,v)
    kept         of them those that were decided before         set of (m,v)
    in_force     years that an adoption covers                  (m,v) -> tuple of y
    lasts        years that an adoption works, horizon or not   year (m)
    capital_cost full price                                     money (m)
    seen_share   share of it that the horizon bears             1 (m,v)
    fixed_cost   while in force                                 money/year (m)
    groups       measures of which one at most is in force      tuple of tuples of m
    requires     (m, n): m only with n                          tuple of (m,n)
    steps        savings on each demand, in order               (u) -> tuple of Step
    """

    measures: tuple[str, ...]
    adoptions: tuple[tuple[str, int], ...]
    kept: frozenset[tuple[str, int]]
    in_force: dict[tuple[str, int], tuple[int, ...]]
    lasts: dict[str, int]
    capital_cost: dict[str, float]
    seen_share: dict[tuple[str, int], float]
    fixed_cost: dict[str, float]
    groups: tuple[tuple[str, ...], ...]
    requires: tuple[tuple[str, str], ...]
    steps: dict[str, tuple[SavingStep, ...]]


def resolve_demands(
    case: Case, years: Sequence[int], calendar: Calendar, profiles: Mapping[str, np.ndarray], bands: Mapping[str, Band]
) -> Demands:
    """Energy of every year and the shape of every end use on the snapshots; bands: of vehicles there."""
    first = {row.demand: row for row in reversed(case.demand)}
    names = tuple(dict.fromkeys(row.demand for row in case.demand))
    shape = {}
    for u in names:
        raw = profiles[first[u].profile] if first[u].profile else np.ones(len(calendar.weight))
        shape[u] = raw / calendar.total(raw)
    fleet = fleet_rows(case)
    drawn = energy_at_once(case) if fleet else {}
    shape |= {r.name: bands[r.name].at_once / (drawn[r.name] or 1.0) for r in fleet}
    return Demands(
        demands=(*names, *(r.name for r in fleet)),
        carrier={u: first[u].carrier for u in names} | {r.name: r.chargers.carrier for r in fleet},
        zone={u: first[u].zone for u in names} | {r.name: r.chargers.zone for r in fleet},
        energy=yearly_energy(case, years),
        shape=shape,
        tenant={u: first[u].tenant for u in names if first[u].tenant},
    )


def yearly_energy(case: Case, years: Sequence[int]) -> dict[tuple[str, int], float]:
    """Energy of every demand and year before any measure (MWh), of vehicles what they draw."""
    points: dict[str, list[tuple[int | None, float]]] = {}
    for row in case.demand:
        points.setdefault(row.demand, []).append((row.year, row.value * yearly_factor(row.unit, "MWh")))
    stated = {(u, y): v for u, series in points.items() for y, v in over_years(series, years).items()}
    return stated | drawn_energy(case, years)


def resolve_measures(case: Case, years: Sequence[int]) -> Measures:
    """Offered adoptions, their costs, and the order in which savings multiply."""
    rows = {m.measure: m for m in case.measures}
    kept = frozenset(a for a in case.kept.measures if a[0] in rows and a[1] in years)
    adoptions = [
        (m, v)
        for m, row in rows.items()
        for v in years
        if (m, v) in kept or ((row.first_year is None or v >= row.first_year) and case.park.may_order(v))
    ]
    in_force = {(m, v): tuple(y for y in years if v <= y < v + whole_years(rows[m].lifetime)) for m, v in adoptions}
    rate = case.park.discount_rate
    groups: dict[str, list[str]] = {}
    for m, row in rows.items():
        if row.group:
            groups.setdefault(row.group, []).append(m)
    return Measures(
        measures=tuple(rows),
        adoptions=tuple(adoptions),
        kept=kept,
        in_force=in_force,
        lasts={m: whole_years(row.lifetime) for m, row in rows.items()},
        capital_cost={m: row.capital_cost for m, row in rows.items()},
        seen_share={(m, v): horizon_share(rate, rows[m].lifetime, v, years[-1]) for m, v in adoptions},
        fixed_cost={m: row.fixed_cost for m, row in rows.items()},
        groups=tuple(tuple(g) for g in groups.values() if len(g) > 1),
        requires=tuple((m, n) for m, row in rows.items() for n in row.required),
        steps=_steps(case, rows),
    )


def _steps(case: Case, rows: Mapping[str, Measure]) -> dict[str, tuple[SavingStep, ...]]:
    place = {m: i for i, m in enumerate(rows)}
    found: dict[str, list[SavingStep]] = {}
    for s in sorted(case.savings, key=lambda s: place.get(s.measure, len(place))):
        if s.measure in rows:
            found.setdefault(s.demand, []).append(SavingStep(s.measure, s.saving, s.adds, s.adds_ratio or 0.0))
    return {u: tuple(steps) for u, steps in found.items()}
