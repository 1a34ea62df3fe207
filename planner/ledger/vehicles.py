"""Vehicles: each row of sessions.csv is charged no earlier and no later than its vehicles can be, and with all that they need.

Worked out from the clock times a second time: what a session has drawn at the earliest and at the latest by each full hour.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from models.case import Case, Chargers, Session
from models.units import factor
from planner.ledger.figures import Figures
from planner.ledger.flows import LedgerYear

DAYS_OF_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True)
class SessionRow:
    """A row of sessions.csv under its name in the tables: its days, its first and last hour there, what it draws."""

    name: str
    chargers: Chargers
    days: frozenset[int]
    begin: float
    end: float
    energy: float
    power: float

    def drawn(self, hours: np.ndarray, late: bool) -> np.ndarray:
        """What a session has drawn by each full hour, as early or as late as it can be (MWh)."""
        if late:
            return np.clip(self.energy - self.power * np.clip(self.end - hours, 0.0, None), 0.0, None)
        return np.minimum(self.energy, self.power * np.clip(hours - self.begin, 0.0, None))


def charged_rows(case: Case) -> Iterator[SessionRow]:
    """Every row of sessions.csv."""
    groups = {c.chargers: c for c in case.chargers}
    for session, (name, *_) in zip(case.sessions, Figures(case).charged, strict=True):
        own = groups[session.chargers]
        days, begin, end = _when(session, case)
        energy = session.number * session.energy * factor(session.unit, "MWh") / own.efficiency
        yield SessionRow(name, own, days, begin, end, energy, session.number * session.power)


def _when(session: Session, case: Case) -> tuple[frozenset[int], float, float]:
    count = -(-case.hours // 24)
    if not session.day:
        begin, end = float(session.arrive), float(session.leave)
        end += case.hours if end <= begin else 0.0
        first = int(begin) // 24
        return frozenset({first} if first < count else ()), begin - 24 * first, end - 24 * first
    begin, end = (int(h) + int(m) / 60 for h, m in (text.split(":") for text in (session.arrive, session.leave)))
    end += 24.0 if end <= begin else 0.0
    is_weekend = {d: (d + case.park.first_weekday) % 7 > 4 for d in range(count)}
    if session.day == "all":
        return frozenset(is_weekend), begin, end
    if session.day in ("weekday", "weekend"):
        return frozenset(d for d, own in is_weekend.items() if own == (session.day == "weekend")), begin, end
    month, day = (int(part) for part in session.day.split("-")[-2:])
    date = sum(DAYS_OF_MONTH[: month - 1]) + day - 1
    return frozenset({date} & set(is_weekend)), begin, end


def fleet_of(figures: Figures) -> dict[str, dict[int, float]]:
    """What multiplies the sessions of each group in every year."""
    names = dict.fromkeys(c.chargers for c in figures.case.chargers)
    return {g: figures.series((c.year, c.fleet) for c in figures.case.chargers if c.chargers == g) for g in names}


def charged_at_once(figures: Figures, y: int, row: SessionRow) -> np.ndarray:
    """What a row draws in every hour where each vehicle is charged as it arrives (MW)."""
    return _series(figures.case, row)[0] * fleet_of(figures)[row.chargers.chargers][y]


def _series(
    case: Case, row: SessionRow, chains: list[tuple[list[int], int]] | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """At once (MW), most that is drawn (MW), and by how much the latest is behind the earliest (MWh), a fleet of 1; chains as of
    `_chains`."""
    edges = np.arange(int(np.ceil(row.end)) + 1)
    early = row.drawn(edges, late=False)
    late = row.drawn(edges, late=True) if row.chargers.flexible else early
    there = np.clip(np.minimum(edges[1:], row.end) - np.maximum(edges[:-1], row.begin), 0.0, None)
    one = (np.diff(early), row.power * there, (early - late)[1:])
    found: tuple[list, list, list] = ([], [], [])
    for days, hours in chains or [(list(range(-(-case.hours // 24))), case.hours)]:
        share = 1.0 if hours != 24 else 1.0 / len(days)
        for own, values in zip(found, one, strict=True):
            sums = np.zeros(hours)
            for place, d in enumerate(days):
                if d in row.days:
                    for h, value in enumerate(values.tolist()):
                        sums[(24 * place + h) % hours] += value * share
            own.append(sums)
    return tuple(np.concatenate(own) for own in found)  # type: ignore[return-value]


def chains_of(year: LedgerYear) -> list[tuple[list[int], int]] | None:
    """Days and hours of each chain that closes on itself: a typical day has those that it stands for; None for the whole year."""
    of_day = year.hours.of_day
    return [(np.flatnonzero(of_day == d).tolist(), 24) for d in range(int(of_day.max()) + 1)] if len(of_day) else None


def check_vehicles(
    year: LedgerYear, chains: list[tuple[list[int], int]] | None = None, raised: Mapping[str, float] | None = None
) -> dict[str, np.ndarray]:
    """Every row within its band, with all that it needs; every group within its power. What each group draws (MW)."""
    figures, chains = year.figures, chains or chains_of(year)
    fleet, drawn = fleet_of(figures), dict[str, np.ndarray]()
    for row in charged_rows(figures.case):
        times = fleet[row.chargers.chargers][year.y] * (raised or {}).get(row.name, 1.0)
        at_once, power, room = (times * values for values in _series(figures.case, row, chains))
        said = year.flow("demand", row.name)
        drawn[row.chargers.chargers] = drawn.get(row.chargers.chargers, 0.0) + said
        year.book.at_most_hours("charging within power", year.y, row.name, said, power)
        if any(flow == "at_once" and name == row.name for flow, name, *_ in year.flows):
            year.book.equal_hours("charging at once", year.y, row.name, year.flow("at_once", row.name), at_once)
        for first, count in _chains(chains, year.hours.count):
            own = slice(first, first + count)
            asked, done = float(at_once[own].sum()), float(said[own].sum())
            year.book.equal("charging of a day or year (MWh)", year.y, row.name, done, asked, noise=1e-6 * count)
            gone = np.cumsum(said[own] - at_once[own])  # by how much it is ahead, but for what it began with
            least, most = float(gone.max()), float((room[own] + gone).min())
            year.book.at_most("charging between early and late (MWh)", year.y, row.name, least, most, asked, noise=1e-6 * count)
    for g, power in drawn.items():
        limit = _limit(year, g)
        if limit is not None:
            year.book.at_most_hours("charging within the chargers", year.y, g, power, limit, scale=limit)
    return drawn


def check_chargers(year: LedgerYear) -> None:
    """Every row within its band, and chargers.csv."""
    found: dict[tuple[str, str], float] = {}
    efficiency = {c.chargers: c.efficiency for c in year.figures.case.chargers}
    for g, power in check_vehicles(year).items():
        found[g, "delivered"], found[g, "peak"] = efficiency[g] * year.hours.total(power), float(power.max())
    year.book.equal_items("charging", year.y, year.said("chargers", "chargers", "item"), found)


def _chains(chains: list[tuple[list[int], int]] | None, count: int) -> Iterator[tuple[int, int]]:
    first = 0
    for _, hours in chains or [([], count)]:
        yield first, hours
        first += hours


def _limit(year: LedgerYear, g: str) -> float | None:
    own = next(c for c in year.figures.case.chargers if c.chargers == g)
    return year.capacity.get(g, 0.0) if g in year.figures.of_role("charger") else own.max_power
