"""Emissions that no energy causes, what can make up for emissions, and the rules that the stages set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.case import Case, Goal
from models.inputs.finance import horizon_share, over_years, whole_years
from models.units import yearly_factor


@dataclass(frozen=True)
class Rule:
    """A rule of a stage in a year in which it holds."""

    stage: str
    metric: str
    sense: str
    limit: float


@dataclass(frozen=True)
class Carbon:
    """The inventory outside energy, and what stage rules compare with.

    accounting   basis of scope 2 in the rules, market or location
    base         gross emissions that ratios are of                  t
    process      process emissions by scope                          t (scope,y)
    process_of   the same by source                                  t (q,scope,y)
    rules        rules that hold in each year                        (y) -> tuple of Rule
    """

    accounting: str
    base: float
    process: dict[tuple[int, int], float]
    process_of: dict[tuple[str, int, int], float]
    rules: dict[int, tuple[Rule, ...]]


@dataclass(frozen=True)
class Offsets:
    """Credits o that can be bought.

    offsets, kind   names; avoidance or removal            (o)
    price           of a credit                            money/t (o,y)
    volume_max      most in a year                         t (o,y); absent = no limit
    """

    offsets: tuple[str, ...]
    kind: dict[str, str]
    price: dict[tuple[str, int], float]
    volume_max: dict[tuple[str, int], float]


@dataclass(frozen=True)
class Restoration:
    """Restoration projects p, planted in years v.

    projects      names; plantings offered are all (p,v)
    kept          years in which a planting is kept up and counts    (p,v) -> tuple of y
    uptake        of a hectare planted in v, buffer held back        t/ha (p,v,y)
    area_max      most kept up at one time                           ha (p); absent = no limit
    plant_max     most planted in a year                             ha (p); absent = no limit
    plant_years   years in which anything may be planted
    capital_cost  of a hectare                                       money/ha (p)
    seen_share    share of it that the horizon bears                 1 (p,v)
    fixed_cost    of a hectare kept up                               money/ha/year (p)
    inside        projects inside the park's boundary                set of p
    """

    projects: tuple[str, ...]
    kept: dict[tuple[str, int], tuple[int, ...]]
    uptake: dict[tuple[str, int, int], float]
    area_max: dict[str, float]
    plant_max: dict[str, float]
    plant_years: frozenset[int]
    capital_cost: dict[str, float]
    seen_share: dict[tuple[str, int], float]
    fixed_cost: dict[str, float]
    inside: frozenset[str]


def resolve_carbon(case: Case, years: Sequence[int], goal: Goal | None, base: float) -> Carbon:
    """Process emissions and the rules of every year under the goal."""
    points: dict[str, list[tuple[int | None, float]]] = {}
    scope = {}
    for row in case.process_emissions:
        points.setdefault(row.source, []).append((row.year, row.value * yearly_factor(row.unit, "t")))
        scope[row.source] = row.scope
    process: dict[tuple[int, int], float] = {}
    process_of: dict[tuple[str, int, int], float] = {}
    for name, series in points.items():
        for y, value in over_years(series, years).items():
            process_of[name, scope[name], y] = value
            process[scope[name], y] = process.get((scope[name], y), 0.0) + value
    return Carbon(case.park.accounting, base, process, process_of, rules_of_years(case, years, goal))


def rules_of_years(case: Case, years: Sequence[int], goal: Goal | None) -> dict[int, tuple[Rule, ...]]:
    """The rules of a stage hold from its year until the year before the next stage's, the last to the end."""
    found: dict[int, tuple[Rule, ...]] = {}
    for stage, since in goal.steps if goal else ():
        rules = tuple(
            Rule(r.stage, r.metric, r.sense, r.limit)
            for r in case.stages if r.standard == case.park.standard and r.stage == stage
        )  # fmt: skip
        found.update({y: rules for y in years if y >= since})
    return found


def resolve_offsets(case: Case, years: Sequence[int]) -> Offsets:
    """Prices and volumes of credits in every year."""
    rows: dict[str, list] = {}
    for o in case.offsets:
        rows.setdefault(o.offset, []).append(o)
    price, volume = {}, {}
    for name, own in rows.items():
        limits = [(o.year, o.max_volume) for o in own if o.max_volume is not None]
        for y, value in over_years([(o.year, o.price) for o in own], years).items():
            price[name, y] = value
        for y, value in (over_years(limits, years) if limits else {}).items():
            volume[name, y] = value
    return Offsets(tuple(rows), {name: own[0].kind for name, own in rows.items()}, price, volume)


def resolve_restoration(case: Case, years: Sequence[int]) -> Restoration:
    """Plantings, the uptake of each in every year, and their costs."""
    rows = {p.project: p for p in case.restoration}
    rate = case.park.discount_rate
    kept, uptake, seen = {}, {}, {}
    for name, row in rows.items():
        curve = sorted((u.age, u.value) for u in case.uptake if u.project == name)
        ages, values = [a for a, _ in curve], [v for _, v in curve]
        for v in years:
            kept[name, v] = tuple(y for y in years if v <= y < v + whole_years(row.lifetime))
            seen[name, v] = horizon_share(rate, row.lifetime, v, years[-1])
            for y in kept[name, v]:
                uptake[name, v, y] = float(np.interp(y - v, ages, values)) * (1 - row.buffer)
    return Restoration(
        projects=tuple(rows),
        kept=kept,
        uptake=uptake,
        area_max={p: r.max_area for p, r in rows.items() if r.max_area is not None},
        plant_max={p: r.max_plant for p, r in rows.items() if r.max_plant is not None},
        plant_years=frozenset(y for y in years if case.park.may_order(y)),
        capital_cost={p: r.capital_cost for p, r in rows.items()},
        seen_share=seen,
        fixed_cost={p: r.fixed_cost for p, r in rows.items()},
        inside=frozenset(p for p, r in rows.items() if r.inside),
    )
