"""Response contracts: no more is offered than can be called off in every hour in which it must stand ready, and what it brings."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from models.case import Response
from models.message import Message
from planner.ledger.compare import Book
from planner.ledger.figures import Figures
from planner.ledger.hours import column_of
from planner.ledger.measures import energy_after_measures, in_force
from planner.ledger.orders import lines


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
    shape = case.profiles[column_of(case, profile, y)] if profile else np.ones(case.hours)
    power = stated(figures, row.response, "share", y) * energy * shape / shape.mean() / 8760
    ready = case.profiles[column_of(case, row.profile, y)] > 0 if row.profile else np.ones(case.hours, dtype=bool)
    return float(power[ready].min()) if ready.any() else 0.0
