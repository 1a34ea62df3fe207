"""Measures and planting: what is in force, what it excludes and needs, what it leaves of each demand, what land takes up."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from models.case import Measure, Restoration
from models.message import Message
from planner.ledger.compare import NOISE, Book
from planner.ledger.figures import Figures
from planner.ledger.orders import lines


def adoptions(tables: Mapping[str, pd.DataFrame]) -> list[tuple[str, int]]:
    """(measure, year in which it starts)."""
    return [(r.measure, int(r.year)) for r in lines(tables["measures"])]


def in_force(figures: Figures, tables: Mapping[str, pd.DataFrame], y: int) -> list[Measure]:
    """Measures in force, in the order of measures.csv; one adopted twice at a time stands twice."""
    started = adoptions(tables)
    return [m for m in figures.case.measures for name, v in started if name == m.measure and v <= y < v + int(m.lifetime + 1e-9)]


def check_measures(book: Book, figures: Figures, tables: Mapping[str, pd.DataFrame], in_reference: bool) -> None:
    """Adopted once at a time, in time, one of a group, never without what it requires; none in the reference plan."""
    rows = {m.measure: m for m in figures.case.measures}
    for name, v in adoptions(tables):
        known = rows.get(name)
        if (name, v) in figures.case.kept.measures:
            continue
        if known is None or in_reference or v < (known.first_year or v) or not _may_decide(figures, v):
            book.equal("adoption of a measure that is not offered", v, name, 1.0, 0.0)
    for name, v in figures.case.kept.measures:
        book.equal("adoption of a measure that is kept", v, name, float((name, v) in adoptions(tables)), 1.0)
    for y in figures.years:
        active = [m.measure for m in in_force(figures, tables, y)]
        for name in dict.fromkeys(active):
            book.at_most("times in force at once", y, name, active.count(name), 1.0)
            for needed in rows[name].required:
                book.at_least(Message("times in force of {needed}, required", needed=needed), y, name, active.count(needed), 1.0)
        for group in dict.fromkeys(m.group for m in rows.values() if m.group):
            members = sum(rows[name].group == group for name in active)
            book.at_most("measures in force of a group", y, group, members, 1.0)


def _may_decide(figures: Figures, y: int) -> bool:
    """True if the park orders, adopts and plants in that year."""
    return not figures.park.orders.years or y in figures.park.orders.years


def energy_after_measures(figures: Figures, active: list[Measure], y: int) -> dict[str, float]:
    """Energy of every demand (MWh): what the measures leave, each of what those before it left, and what they add."""
    left = {u: energy[y] for u, energy in figures.demand.items()}
    added = dict.fromkeys(left, 0.0)
    for measure in active:
        for s in (s for s in figures.case.savings if s.measure == measure.measure):
            saved = left[s.demand] * s.saving
            left[s.demand] -= saved
            if s.adds:
                added[s.adds] += saved * (s.adds_ratio or 0.0)
    return {u: left[u] + added[u] for u in left}


def uptake_per_hectare(figures: Figures, project: Restoration, age: int) -> float:
    """Tonnes that a hectare of that age takes up in a year, the buffer held back."""
    curve = sorted((u.age, u.value) for u in figures.case.uptake if u.project == project.project)
    return float(np.interp(age, [a for a, _ in curve], [v for _, v in curve])) * (1 - project.buffer)


def restoration_items(tables: Mapping[str, pd.DataFrame]) -> dict[tuple[str, str, int], float]:
    """Figures of restoration.csv by (item, project, year)."""
    return {(r.item, r.project, int(r.year)): r.value for r in lines(tables["restoration"])}


def check_planting(book: Book, figures: Figures, tables: Mapping[str, pd.DataFrame], in_reference: bool) -> None:
    """Area and uptake follow from what was planted when, within the limits; nothing is planted in the reference plan."""
    said = restoration_items(tables)
    for p in figures.case.restoration:
        name = p.project
        per_hectare = [uptake_per_hectare(figures, p, age) for age in range(len(figures.years))]
        planted = {y: said.get(("planted", name, y), 0.0) for y in figures.years}
        for y in figures.years:
            kept = {v: ha for v, ha in planted.items() if v <= y < v + int(p.lifetime + 1e-9)}
            area = math.fsum(kept.values())
            grown = math.fsum(ha * per_hectare[y - v] for v, ha in kept.items())
            noise = NOISE * (1 + max(per_hectare, default=0.0))
            book.equal("area kept up (ha)", y, name, said.get(("kept_up", name, y), 0.0), area)
            book.equal("uptake of restored land (t)", y, name, said.get(("uptake", name, y), 0.0), grown, noise=noise)
            book.at_most("area kept up within max_area", y, name, area, math.inf if p.max_area is None else p.max_area)
            most = 0.0 if in_reference or not _may_decide(figures, y) else math.inf if p.max_plant is None else p.max_plant
            before = next((area for own, v, area in figures.case.kept.planting if (own, v) == (name, y)), None)
            book.at_most("planting within max_plant", y, name, planted[y], most if before is None else before)
            book.at_least("planting", y, name, planted[y], before or 0.0)
            counted = said.get(("counted", name, y), 0.0)
            book.at_most("counted of the uptake (t)", y, name, counted, grown, noise=noise)
            book.at_least("counted of the uptake (t)", y, name, counted, 0.0)
