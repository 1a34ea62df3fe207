"""Demand: end uses, measures, vehicles, and what of it may move or be called off."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from models.case import Case, Chargers, Demand, Measure, Response, Session
from models.errors import Message
from models.inputs.calendar import DAYS_OF_MONTH, HOURS_OF_YEAR, Calendar, TypicalDays
from models.inputs.finance import each_over_years, horizon_share, whole_years
from models.units import factor, yearly_factor

# --- vehicles ----------------------------------------------------------------------------------------------------------------
# A row's vehicles are alike, so they are one band. Energy here is what is drawn from the carrier: energy / efficiency.

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
    fleet, energy = each_over_years((((c.chargers,), c.year, c.fleet) for c in case.chargers), years), energy_at_once(case)
    return {(r.name, y): energy[r.name] * fleet[r.chargers.chargers, y] for r in fleet_rows(case) for y in years}


def at_once_shapes(case: Case) -> dict[str, np.ndarray]:
    """What each row draws at once in every hour of the profiles, per energy of the year (1/h)."""
    energy = energy_at_once(case)
    return {r: band.at_once / (energy[r] or 1.0) for r, band in year_bands(case).items()}


def resolve_vehicles(case: Case, found: Mapping[str, Band], years: Sequence[int]) -> Vehicles:
    """Decided is the charging of groups that are flexible, or whose capacity is an investment."""
    built = {t.technology for t in case.technologies if t.type_name in {k.type for k in case.types if k.role == CHARGER}}
    energy, fleet = energy_at_once(case), fleet_rows(case)
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


# --- demand and measures -----------------------------------------------------------------------------------------------------


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
    lasts        years from adoption to the end of its life     year (m)
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
    drawn = energy_at_once(case)
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
    stated = (((row.demand,), row.year, row.value * yearly_factor(row.unit, "MWh")) for row in case.demand)
    return each_over_years(stated, years) | drawn_energy(case, years)


def resolve_measures(case: Case, years: Sequence[int]) -> Measures:
    """Offered adoptions, their costs, and the order in which savings multiply."""
    rows = {m.measure: m for m in case.measures}
    kept = frozenset(a for a in case.kept.measures if a[0] in rows and a[1] in years)
    adoptions = [
        (m, v)
        for m, row in rows.items()
        for v in years
        if (m, v) in kept
        or ((row.first_year is None or v >= row.first_year) and case.park.may_order(v) and v + row.lead_time <= years[-1])
    ]
    begins = {(m, v): v + rows[m].lead_time for m, v in adoptions}
    in_force = {a: tuple(y for y in years if y0 <= y < y0 + whole_years(rows[a[0]].lifetime)) for a, y0 in begins.items()}
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
        lasts={m: row.lead_time + whole_years(row.lifetime) for m, row in rows.items()},
        capital_cost={m: row.capital_cost for m, row in rows.items()},
        seen_share={a: horizon_share(rate, rows[a[0]].lifetime, begin, years[-1]) for a, begin in begins.items()},
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


# --- flexibility -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Flexibility:
    """End uses u of which a part may be served in another hour, or not at all; what is 0 or not stated is absent.

    share        of the demand of each hour, that may move                              1 (u,y)
    power        most of the movable part in an hour, by its highest hour               1 (u,y); absent = no limit
    cost         of a MWh served in another hour than asked                             money/MWh (u,y)
    hours        by which it may come later or earlier                                  h (u)
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
    hours: Mapping[str, int] = field(default_factory=dict)
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

    def shaped(self, calendar: Calendar, shape: Mapping[str, np.ndarray], highest: Mapping[str, float]) -> Flexibility:
        """What may move, on these snapshots and with these shapes of demands, of which these are the highest hours."""
        after = np.argsort(calendar.before)
        return replace(
            self,
            highest={u: highest[u] for u in self.hours},
            owed={u: shape[u] + _along(shape[u], calendar.before, h - 1) for u, h in self.hours.items()},
            ahead={u: _along(shape[u], after, h) for u, h in self.hours.items()},
        )

    def with_a_unit_out(self, y: int) -> Flexibility:
        """What may move in a year, of what must be served with a unit out, and nothing paid for it."""
        share = {(u, y): self.share[u, y] / self.needed(u, y) for u in self.movable(y)}
        return Flexibility(share=share, power=self.power, hours={u: self.hours[u] for u, _ in share})


def resolve_flexibility(case: Case, years: Sequence[int], calendar: Calendar, shape: Mapping[str, np.ndarray]) -> Flexibility:
    """What may move and be shed in every year; `shape` of each demand on the snapshots."""
    rows: dict[str, list[Demand]] = {}
    for row in case.demand:
        rows.setdefault(row.demand, []).append(row)
    rows = {u: own for u, own in rows.items() if any(row.shift_share or row.shed_share for row in own)}

    def of(column: str) -> dict[tuple[str, int], float]:
        """A column in every year, of the rows that state it."""
        return each_over_years((((u,), row.year, getattr(row, column)) for u, own in rows.items() for row in own), years)

    share, shed = ({key: value for key, value in of(column).items() if value > 0} for column in ("shift_share", "shed_share"))
    hours = {u: next(row.shift_hours for row in rows[u]) or 0 for u in dict.fromkeys(u for u, _ in share)}
    flexibility = Flexibility(
        share=share,
        power={key: value for key, value in of("shift_power").items() if key in share},
        cost={key: value for key, value in of("shift_cost").items() if key in share and value > 0},
        hours=hours,
        shed_share=shed,
        shed_price={key: value for key, value in of("shed_price").items() if key in shed},
        shed_hours={key: value for key, value in of("shed_hours").items() if key in shed},
        firm={(u, y): value for (u, y), value in shed.items() if rows[u][0].firm_shed},
    )
    return flexibility.shaped(calendar, shape, {u: float(shape[u].max()) for u in hours})


def _along(shape: np.ndarray, step: np.ndarray, hours: int) -> np.ndarray:
    """Sum over so many hours that follow each hour, or go before it, one `step` after the other."""
    total, place = np.zeros(len(shape)), np.arange(len(shape))
    for _ in range(hours):
        place = step[place]
        total = total + shape[place]
    return total


@dataclass(frozen=True)
class Responses:
    """Contracts r of responses.csv and the demand that each is of.

    demand    that is called off                                                              (r)
    least     of the share of the demand that may be offered, in the hours that count         1/h (r,y)
    share     of each hour's demand that may be offered                                       1 (r,y)
    most      most that is taken                                                              MW (r,y); absent = no limit
    price     received for a MW that stands ready                                             money/MW (r,y)
    calls     full hours of calls                                                             h (r,y)
    call_price, call_cost   received for, and lost by, a MWh that is called                   money/MWh (r,y)
    cost      of a MW offered: what its calls cost, less what is received; mostly below 0     money/MW (r,y)
    firm      contracts of which what is not offered need not be held in reserve              set of r
    """

    demand: Mapping[str, str] = field(default_factory=dict)
    least: Mapping[tuple[str, int], float] = field(default_factory=dict)
    share: Mapping[tuple[str, int], float] = field(default_factory=dict)
    most: Mapping[tuple[str, int], float] = field(default_factory=dict)
    price: Mapping[tuple[str, int], float] = field(default_factory=dict)
    calls: Mapping[tuple[str, int], float] = field(default_factory=dict)
    call_price: Mapping[tuple[str, int], float] = field(default_factory=dict)
    call_cost: Mapping[tuple[str, int], float] = field(default_factory=dict)
    cost: Mapping[tuple[str, int], float] = field(default_factory=dict)
    firm: frozenset[str] = frozenset()

    def spared(self, u: str, y: int) -> float:
        """Share of a demand that need not be held in reserve as far as it is not offered (1)."""
        return sum(share for (r, when), share in self.share.items() if when == y and r in self.firm and self.demand[r] == u)

    def firm_of(self, demands: Mapping[str, float]) -> list[str]:
        """Contracts of some demands of which what is not offered need not be held in reserve."""
        return [r for r, u in self.demand.items() if r in self.firm and u in demands]


def resolve_responses(case: Case, years: Sequence[int]) -> Responses:
    """Contracts in every year, on all hours of the profiles of that year."""
    rows: dict[str, list[Response]] = {}
    for row in case.responses:
        rows.setdefault(row.response, []).append(row)

    def of(column: str) -> dict[tuple[str, int], float]:
        """A column in every year, of the rows that state it."""
        return each_over_years((((row.response,), row.year, getattr(row, column)) for row in case.responses), years)

    share, price, calls, received, lost = map(of, ("share", "price", "calls", "call_price", "call_cost"))
    least = {(r, y): share[r, y] * _least_hour(case.in_year(y), own[0]) for r, own in rows.items() for y in years}
    return Responses(
        demand={r: own[0].demand for r, own in rows.items()},
        least=least,
        share=share,
        most=of("max_offer"),
        price=price,
        calls=calls,
        call_price=received,
        call_cost=lost,
        cost={key: calls[key] * (lost[key] - received[key]) - price[key] for key in least},
        firm=frozenset(r for r, own in rows.items() if own[0].firm),
    )


def _least_hour(case: Case, row: Response) -> float:
    """Least share of the year's energy that the demand asks for in an hour in which the contract is to stand ready (1/h)."""
    profile = next(d.profile for d in case.demand if d.demand == row.demand)
    shape = case.profiles[profile] if profile else np.ones(case.hours)
    ready = case.profiles[row.profile] > 0 if row.profile else np.ones(case.hours, dtype=bool)
    return float(shape[ready].min(initial=np.inf)) * case.hours / (float(shape.sum()) * HOURS_OF_YEAR) if ready.any() else 0.0
