"""Demand that can move or be shed: what demand.csv allows of each end use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from models.case import Case, Demand
from models.inputs.calendar import Calendar
from models.inputs.finance import over_years


@dataclass(frozen=True)
class Flexibility:
    """End uses u of which a part may be served in another hour, or not at all; what is 0 or not stated is absent.

    share        of the demand of each hour, that may move                              1 (u,y)
    power        most of the movable part in an hour, by its highest hour               1 (u,y); absent = no limit
    cost         of a MWh served in another hour than asked                             money/MWh (u,y)
    highest      highest hour of the shape                                              1/h (u)
    owed         shape of this hour and those before, as many as it may come later      1 (u) -> (snapshots,)
    ahead        shape of the hours after this one, as many as it may come earlier      1 (u) -> (snapshots,)
    shed_share   of the demand of each hour, that may go unserved                       1 (u,y)
    shed_price   of a MWh unserved                                                      money/MWh (u,y)
    shed_hours   most in a year, in hours of that share of the mean demand              h (u,y); absent = no limit
    firm         share of the demand that need not be held in reserve                   1 (u,y)
    """

    share: Mapping[tuple[str, int], float] = field(default_factory=dict)
    power: Mapping[tuple[str, int], float] = field(default_factory=dict)
    cost: Mapping[tuple[str, int], float] = field(default_factory=dict)
    highest: Mapping[str, float] = field(default_factory=dict)
    owed: Mapping[str, np.ndarray] = field(default_factory=dict)
    ahead: Mapping[str, np.ndarray] = field(default_factory=dict)
    shed_share: Mapping[tuple[str, int], float] = field(default_factory=dict)
    shed_price: Mapping[tuple[str, int], float] = field(default_factory=dict)
    shed_hours: Mapping[tuple[str, int], float] = field(default_factory=dict)
    firm: Mapping[tuple[str, int], float] = field(default_factory=dict)

    def movable(self, y: int) -> list[str]:
        """End uses of which a part may move in a year."""
        return [u for u, when in self.share if when == y]

    def sheddable(self, y: int) -> list[str]:
        """End uses of which a part may go unserved in a year."""
        return [u for u, when in self.shed_share if when == y]

    def in_year(self, y: int) -> tuple:
        """All of a year that stands in the rows of its hours: equal for years of one structure."""
        tables = (self.share, self.power, self.shed_share, dict.fromkeys(self.cost), dict.fromkeys(self.shed_hours))
        return tuple(tuple((u, value) for (u, when), value in own.items() if when == y) for own in tables)

    def needed(self, u: str, y: int) -> float:
        """Share of a demand that must be held in reserve (1)."""
        return 1.0 - self.firm.get((u, y), 0.0)


def resolve_flexibility(case: Case, years: Sequence[int], calendar: Calendar, shape: Mapping[str, np.ndarray]) -> Flexibility:
    """What may move and be shed in every year; `shape` of each demand on the snapshots."""
    rows: dict[str, list[Demand]] = {}
    for row in case.demand:
        rows.setdefault(row.demand, []).append(row)
    rows = {u: own for u, own in rows.items() if any(row.shift_share or row.shed_share for row in own)}

    def of(column: str) -> dict[tuple[str, int], float]:
        """A column in every year, of the rows that state it."""
        told = {u: [(row.year, getattr(row, column)) for row in own] for u, own in rows.items()}
        stated = {u: [(year, value) for year, value in own if value is not None] for u, own in told.items()}
        return {(u, y): value for u, own in stated.items() if own for y, value in over_years(own, years).items()}

    share, shed = ({key: value for key, value in of(column).items() if value > 0} for column in ("shift_share", "shed_share"))
    hours = {u: next(row.shift_hours for row in rows[u]) or 0 for u in dict.fromkeys(u for u, _ in share)}
    after = np.argsort(calendar.before)
    return Flexibility(
        share=share,
        power={key: value for key, value in of("shift_power").items() if key in share},
        cost={key: value for key, value in of("shift_cost").items() if key in share and value > 0},
        highest={u: float(shape[u].max()) for u in hours},
        owed={u: shape[u] + _along(shape[u], calendar.before, h - 1) for u, h in hours.items()},
        ahead={u: _along(shape[u], after, h) for u, h in hours.items()},
        shed_share=shed,
        shed_price={key: value for key, value in of("shed_price").items() if key in shed},
        shed_hours={key: value for key, value in of("shed_hours").items() if key in shed},
        firm={(u, y): value for (u, y), value in shed.items() if rows[u][0].firm_shed},
    )


def _along(shape: np.ndarray, step: np.ndarray, hours: int) -> np.ndarray:
    """Sum over so many hours that follow each hour, or go before it, one `step` after the other."""
    total, place = np.zeros(len(shape)), np.arange(len(shape))
    for _ in range(hours):
        place = step[place]
        total = total + shape[place]
    return total
