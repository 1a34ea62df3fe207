"""Vehicles: when each row of sessions.csv is charged at the earliest and at the latest, on the hours of a year.

A row's vehicles are alike, so they are one band. What is told here is drawn from the carrier: energy / efficiency.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from models.case import Case, Chargers, Session
from models.inputs.calendar import DAYS_OF_MONTH, HOURS_OF_YEAR, TypicalDays
from models.inputs.finance import over_years
from models.message import Message
from models.units import factor

#: Days on which vehicles may arrive, besides dates.
EVERY_DAY, WEEKDAY, WEEKEND = "all", "weekday", "weekend"
CHARGER = "charger"
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)|24:00")
_DATE = re.compile(r"(?:\d{4}-)?(\d{1,2})-(\d{1,2})")


class SessionError(ValueError):
    """A time of a session that cannot be understood."""


@dataclass(frozen=True)
class Stay:
    """When the vehicles of a row are there: on which days, from which hour of the day, how long (h)."""

    day: str
    date: int
    start: float
    hours: float

    def days(self, first_weekday: int, count: int) -> list[int]:
        """The calendar days, from 0, on which they arrive."""
        if self.day not in (EVERY_DAY, WEEKDAY, WEEKEND):
            return [self.date] if self.date < count else []
        wanted = {EVERY_DAY: range(7), WEEKDAY: range(5), WEEKEND: range(5, 7)}[self.day]
        return [d for d in range(count) if (first_weekday + d) % 7 in wanted]


@dataclass(frozen=True)
class Band:
    """Between what and what a row of a fleet of 1 is charged; all over the hours of a chain that closes on itself.

    at_once  drawn where each charges as it arrives          MW (t)
    power    most that those who are there draw              MW (t)
    room     most that charging may be behind that at once   MWh (t)
    """

    at_once: np.ndarray
    power: np.ndarray
    room: np.ndarray


@dataclass(frozen=True)
class Vehicles:
    """Rows r of sessions.csv, each a demand of `Demands` whose shape is what is drawn at once.

    rows       names of those whose charging is decided by the hour; power and room are theirs, per energy drawn in the year
    group      chargers of each row, decided or not                      (r)
    efficiency energy in the vehicle per energy drawn                    1 (g)
    power      most that is drawn                                        1/h (r) -> (snapshots,)
    room       most that is behind                                       1 (r) -> (snapshots,)
    highest    highest hour of a group whose capacity is an investment, in all hours of the profiles, charged at once   MW (g,y)
    limited    groups with a limit, and where they draw from             (g) -> (zone, carrier)
    max_power  limit of those that no technology limits                  MW (g)
    """

    rows: tuple[str, ...] = ()
    group: Mapping[str, str] = field(default_factory=dict)
    efficiency: Mapping[str, float] = field(default_factory=dict)
    power: Mapping[str, np.ndarray] = field(default_factory=dict)
    room: Mapping[str, np.ndarray] = field(default_factory=dict)
    highest: Mapping[tuple[str, int], float] = field(default_factory=dict)
    limited: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    max_power: Mapping[str, float] = field(default_factory=dict)

    def raised(self, times: Mapping[str, float]) -> Vehicles:
        """The same with more of some rows."""
        power, room = ({r: times.get(r, 1.0) * own for r, own in values.items()} for values in (self.power, self.room))
        return replace(self, power=power, room=room)

    def shaped(self, power: np.ndarray, room: np.ndarray) -> Vehicles:
        """The same on other hours, of these shapes and each as high as before."""
        highest = {r: float(own.max()) for r, own in self.power.items()}
        rooms = {r: float(own.max()) or 1.0 for r, own in self.room.items()}
        return replace(self, power={r: h * power for r, h in highest.items()}, room={r: h * room for r, h in rooms.items()})

    @property
    def of_rows(self) -> dict[str, Mapping[str, np.ndarray]]:
        """What bounds a row of the model has, by its family."""
        return {"charging_limit": self.power, "behind_limit": self.room}

    def there(self, r: str) -> list[int]:
        """Snapshots in which vehicles of a row are plugged in."""
        return np.flatnonzero(self.power[r] > 0).tolist()


@dataclass(frozen=True)
class FleetRow:
    """A row of sessions.csv with its name among the demands and the chargers that it stands at."""

    name: str
    session: Session
    chargers: Chargers


def fleet_rows(case: Case) -> list[FleetRow]:
    """Rows of sessions.csv; one that is alone in its group has the group's name, else the name and its number in the group."""
    groups = {c.chargers: c for c in reversed(case.chargers)}
    names = row_names([s.chargers for s in case.sessions])
    return [FleetRow(name, s, groups[s.chargers]) for name, s in zip(names, case.sessions, strict=True)]


def row_names(groups: Sequence[str]) -> list[str]:
    """Names of rows by the group of each."""
    found, seen = [], dict.fromkeys(groups, 0)
    for group in groups:
        seen[group] += 1
        found.append(f"{group} {seen[group]}" if groups.count(group) > 1 else group)
    return found


def stay_of(session: Session) -> Stay:
    """When the vehicles of a row are there. Raises SessionError where a day or time cannot be understood."""
    day = session.day.strip()
    if not day:
        start, end = (_hour(getattr(session, column), column) for column in ("arrive", "leave"))
        return Stay(day, int(start // 24), start % 24, end - start)
    start, end = (_clock(getattr(session, column), column) for column in ("arrive", "leave"))
    hours = end - start if end > start else end - start + 24
    return Stay(day, -1 if day in (EVERY_DAY, WEEKDAY, WEEKEND) else _date(day), start, hours)


def over_the_end(stay: Stay, hours: int) -> Stay:
    """A stay in hours of the profiles that leaves no later than it arrives goes on at their start."""
    return Stay(stay.day, stay.date, stay.start, stay.hours + hours) if stay.hours <= 0 else stay


def _hour(text: str, column: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < np.inf:
        raise SessionError(
            Message(
                "{column} {text}: is no hour of the profiles; write hours since they begin, as 42.5, or give day and clock time",
                column=column,
                text=repr(text),
            )
        )
    return value


def _clock(text: str, column: str) -> float:
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        raise SessionError(Message("{column} {text}: is no clock time; write it as 18:30", column=column, text=repr(text)))
    return 24.0 if found[1] is None else int(found[1]) + int(found[2]) / 60


def _date(text: str) -> int:
    found = _DATE.fullmatch(text)
    month, day = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= month <= 12 or not 1 <= day <= DAYS_OF_MONTH[month - 1]:
        raise SessionError(
            Message("day {text}: is none; write weekday, weekend, all or a date, as 03-14 (29 February is none)", text=repr(text))
        )
    return sum(DAYS_OF_MONTH[: month - 1]) + day - 1


def drawn(row: FleetRow) -> float:
    """Energy that a vehicle draws in a session (MWh)."""
    return row.session.energy * factor(row.session.unit, "MWh") / row.chargers.efficiency


def one_session(row: FleetRow, stay: Stay) -> Band:
    r"""The band of one session, from the hour of the day in which it begins at 0 o'clock on.

    .. math::
        E^{early}_t = \min(E, \sum_{\tau \le t} P_\tau), \qquad E^{late}_t = \max(0, E - \sum_{\tau > t} P_\tau)

    P_t is the power times the part of the hour in which the vehicle is there; the energy of all vehicles of the row.
    """
    hours = np.arange(int(np.ceil(stay.start + stay.hours)))
    part = np.clip(np.minimum(hours + 1, stay.start + stay.hours) - np.maximum(hours, stay.start), 0.0, 1.0)
    power = row.session.power * row.session.number * part
    energy, could = drawn(row) * row.session.number, np.cumsum(power)
    early = np.minimum(energy, could)
    late = early if not row.chargers.flexible else np.maximum(0.0, energy - (could[-1] - could))
    return Band(np.diff(early, prepend=0.0), power, np.maximum(early - late, 0.0))


def bands(case: Case, chains: Sequence[tuple[Sequence[int], int]]) -> dict[str, Band]:
    """The band of each row over chains one after the other. Each chain is (calendar days, hours): days that follow each other, or
    a chain of 24 hours that is the mean of its days. What goes on over the end of a chain goes on at its start."""
    found = {}
    for row in fleet_rows(case):
        stay = over_the_end(stay_of(row.session), case.hours)
        one, arrivals = one_session(row, stay), set(stay.days(case.park.first_weekday, _days(case)))
        own = [_in_chain(one, arrivals, days, hours) for days, hours in chains]
        found[row.name] = Band(*(np.concatenate([getattr(part, name) for part in own]) for name in ("at_once", "power", "room")))
    return found


def _in_chain(one: Band, arrivals: set[int], days: Sequence[int], hours: int) -> Band:
    follow = hours != 24 or len(days) == 1
    starts = [24 * i if follow else 0 for i, d in enumerate(days) if d in arrivals]
    length, found = len(one.power), np.zeros((3, hours))
    places = (np.array(starts, dtype=int)[:, None] + np.arange(length)) % hours
    for own, values in zip(found, (one.at_once, one.power, one.room), strict=True):
        np.add.at(own, places.ravel(), np.tile(values, len(starts)))
    return Band(*(found if follow else found / len(days)))


def _days(case: Case) -> int:
    """Days of the profiles; a part of one counts."""
    return -(-case.hours // 24)


def year_bands(case: Case, days: TypicalDays | None = None) -> dict[str, Band]:
    """The band of each row in all hours of the profiles; on typical days the mean of the days that each stands for."""
    if days is None:
        return bands(case, [(range(_days(case)), case.hours)])
    return bands(case, [(np.flatnonzero(days.of_day == d).tolist(), 24) for d in range(days.count)])


def energy_at_once(case: Case) -> dict[str, float]:
    """What each row of a fleet of 1 draws in the year (MWh)."""
    per_hour = HOURS_OF_YEAR / case.hours
    found = {}
    for row in fleet_rows(case):
        times = len(stay_of(row.session).days(case.park.first_weekday, _days(case)))
        found[row.name] = times * drawn(row) * row.session.number * per_hour
    return found


def drawn_energy(case: Case, years: Sequence[int]) -> dict[tuple[str, int], float]:
    """What each row draws in every year (MWh)."""
    points: dict[str, list[tuple[int | None, float]]] = {}
    for c in case.chargers:
        points.setdefault(c.chargers, []).append((c.year, c.fleet))
    fleet = {g: over_years(own, years) for g, own in points.items()}
    energy = energy_at_once(case) if case.sessions else {}
    return {(r.name, y): energy[r.name] * fleet[r.chargers.chargers][y] for r in fleet_rows(case) for y in years}


def at_once_shapes(case: Case) -> dict[str, np.ndarray]:
    """What each row draws at once in every hour of the profiles, per energy of the year (1/h)."""
    energy = energy_at_once(case) if case.sessions else {}
    return {r: band.at_once / (energy[r] or 1.0) for r, band in year_bands(case).items()} if case.sessions else {}


def resolve_vehicles(case: Case, found: Mapping[str, Band], years: Sequence[int]) -> Vehicles:
    """Decided is the charging of groups that are flexible, or whose capacity is an investment."""
    built = {t.technology for t in case.technologies if t.type_name in {k.type for k in case.types if k.role == CHARGER}}
    energy = energy_at_once(case) if case.sessions else {}
    fleet = fleet_rows(case)
    own = [r for r in fleet if energy[r.name] > 0 and (r.chargers.flexible or r.chargers.chargers in built)]
    return Vehicles(
        rows=tuple(r.name for r in own),
        group={r.name: r.chargers.chargers for r in fleet},
        efficiency={r.chargers.chargers: r.chargers.efficiency for r in fleet},
        power={r.name: found[r.name].power / energy[r.name] for r in own},
        room={r.name: found[r.name].room / energy[r.name] for r in own},
        highest=_highest(case, built, years) if built else {},
        limited={
            c.chargers: (c.zone, c.carrier) for c in (r.chargers for r in own) if c.chargers in built or c.max_power is not None
        },
        max_power={r.chargers.chargers: r.chargers.max_power for r in own if r.chargers.max_power is not None},
    )


def _highest(case: Case, built: set[str], years: Sequence[int]) -> dict[tuple[str, int], float]:
    """The highest hour of what each group that is built draws in every year, charged at once (MW)."""
    energy, shapes, power = drawn_energy(case, years), at_once_shapes(case), dict[tuple[str, int], np.ndarray]()
    for r in (r for r in fleet_rows(case) if r.chargers.chargers in built):
        for y in years:
            key = r.chargers.chargers, y
            power[key] = power.get(key, 0.0) + energy[r.name, y] * shapes[r.name]
    return {key: float(own.max()) for key, own in power.items()}
