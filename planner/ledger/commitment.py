"""Commitment: what is on stands, what runs is on and above its minimum load, and changes within the ramp; outages are kept."""

from __future__ import annotations

import numpy as np

from models.case import Technology
from models.message import Message
from planner.ledger.compare import YEARLY
from planner.ledger.equipment import activity_of
from planner.ledger.flows import LedgerYear


def check_commitment(year: LedgerYear) -> None:
    """Every committed plant, and every plant with an outage."""
    for k, row in year.figures.technologies.items():
        kind, capacity = year.figures.types[row.type_name], year.capacity.get(k, 0.0)
        _check_hours(year, k, row, kind.role, capacity)
        if kind.role == "store" or (kind.role == "converter" and row.profile):
            continue
        activity = captured_by(year, k) if kind.role == "capture" else activity_of(year, k)
        is_committed = year.figures.is_committed(k)
        if kind.outage:
            most, held = (1 - kind.outage) * 8760 * capacity, year.flow("online", k) if is_committed else activity
            year.book.at_most("work within what outages leave", year.y, k, year.hours.total(held), most, noise=YEARLY)
        if is_committed:
            _check_plant(year, k, activity, capacity)


def _check_hours(year: LedgerYear, k: str, row: Technology, role: str, capacity: float) -> None:
    """What is done in the year lies between the least and the most full-load hours."""
    if row.min_hours is None and row.max_hours is None:
        return
    done, scale = captured_by(year, k) if role == "capture" else activity_of(year, k), 8760 * capacity
    total = year.hours.total(done)
    if row.min_hours is not None:
        year.book.at_least("full-load hours of at least min_hours", year.y, k, total, row.min_hours * capacity, scale, noise=YEARLY)
    if row.max_hours is not None:
        year.book.at_most("full-load hours within max_hours", year.y, k, total, row.max_hours * capacity, scale, noise=YEARLY)


def _check_plant(year: LedgerYear, k: str, activity: np.ndarray, capacity: float) -> None:
    kind = year.figures.types[year.figures.technologies[k].type_name]
    book, y, on = year.book, year.y, year.flow("online", k)
    book.at_most_hours("capacity that is on within capacity", y, k, on, capacity, scale=capacity)
    book.at_most_hours("activity within what is on", y, k, activity, on, scale=capacity)
    book.at_most_hours("minimum load of what is on within activity", y, k, kind.min_load * on, activity, scale=capacity)
    if kind.ramp is None:
        return
    begun, ended = started(year, k), started(year, k, stopped=True)
    stays, most = kind.ramp * (on - begun), max(kind.min_load, kind.ramp)
    change = activity - activity[year.hours.before]
    for name, moved, came, went in (("up", change, begun, ended), ("down", -change, ended, begun)):
        allowed = stays + most * came - kind.min_load * went
        book.at_most_hours(Message("change {name} within the ramp", name=name), y, k, moved, allowed, scale=capacity)


def started(year: LedgerYear, k: str, *, stopped: bool = False) -> np.ndarray:
    """Capacity that is started (or stopped) in every hour: by what more (or less) is on than in the hour before."""
    on = year.flow("online", k)
    change = on - on[year.hours.before]
    return np.maximum(-change if stopped else change, 0.0)


def captured_by(year: LedgerYear, k: str) -> np.ndarray:
    """All that a plant captures in every hour (t/h)."""
    sources = [c.source for c in year.figures.case.captures if c.technology == k]
    return sum((year.flow("captured", f"{k} from {q}") for q in sources), np.zeros(year.hours.count))
