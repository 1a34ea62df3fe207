"""Reserves: how much firm capacity of a carrier there must be beside its highest demand, with the largest unit out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from models.case import Case, Reserve, Supply, Technology
from models.inputs.boundary import resolve_contracts, scheme_key, schemes_of
from models.inputs.calendar import HOURS_OF_YEAR, Calendar, TypicalDays, make_calendar, months_of_hours
from models.inputs.capacity import Capacity
from models.inputs.demand import Vehicles, at_once_shapes, bands, energy_at_once, fleet_rows, resolve_vehicles, yearly_energy
from models.inputs.equipment import ALL_ZONES, EquipmentPort, feeders, inflow_shapes, outages_of, producers, resolve_conversion

if TYPE_CHECKING:
    from models.inputs import Inputs


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
    peaks         hours of the profiles that can be the tightest                   (carrier,zone) -> tuple of 1/h (u)
    derating      share of the capacity that is there in each of them              (carrier,zone) -> tuple of 1 (k); absent = 1
    """

    margin: dict[Place, float]
    largest_out: frozenset[Place]
    firm: dict[tuple[str, str], dict[str, float]]
    imports: dict[Place, float]
    over: dict[tuple[str, str, int, str], float]
    under: dict[tuple[str, str, int, str], dict[str, float]]
    peaks: dict[tuple[str, str], tuple[dict[str, float], ...]]
    derating: dict[tuple[str, str], tuple[dict[str, float], ...]]

    def is_derated(self, carrier: str, zone: str) -> bool:
        """True if firm capacity differs from hour to hour."""
        return any(self.derating[carrier, zone])


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
    hours = {place: _peaks(case, *place) for place in places}
    return Reserves(
        margin=margin,
        largest_out=frozenset(largest_out),
        firm={place: producers(case, *place) for place in places},
        imports=imports,
        over=over,
        under={
            (carrier, zone, y, c): own for carrier, zone, y, c in over if (own := firm_under_schemes(case, carrier, zone, y, c))
        },
        peaks={place: tuple(own for own, _ in each) for place, each in hours.items()},
        derating={place: tuple(own for _, own in each) for place, each in hours.items()},
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
    for s in _sure(case, carrier, zone, y):
        behind[s.connection] = behind.get(s.connection, 0.0) + (math.inf if s.max_import is None else s.max_import)
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


def _sure(case: Case, carrier: str, zone: str, y: int) -> list[Supply]:
    """Supplies that can bring a carrier for sure."""
    own = [s for s in case.supplies if s.carrier == carrier and zone in (ALL_ZONES, s.zone)]
    return [s for s in own if s.can_import and s.is_offered(y) and not s.is_as_generated]


def firm_under_schemes(case: Case, carrier: str, zone: str, y: int, connection: str) -> dict[str, float]:
    """What can be imported of a carrier for sure over a connection under each of its schemes (MW); empty where it has none."""
    row = next(c for c in case.connections if c.connection == connection)
    limit = row.max_capacity if row.type else row.max_import
    own = [s for s in _sure(case, carrier, zone, y) if s.connection == connection]
    return {
        scheme_key(connection, name): min(
            sum(math.inf if s.max_import is None else s.max_import for s in own if s.scheme in ("", name)),
            math.inf if limit is None else limit,
        )
        for name in schemes_of(case, connection)
    }


def _peaks(case: Case, carrier: str, zone: str) -> list[tuple[dict[str, float], dict[str, float]]]:
    """Demands per energy of the year (1/h), and derating, in the hours that can be the tightest: no other hour is as high for each
    demand and as low for each derating.

    Vehicles count as charged at once."""
    places = _places(case)
    every = dict.fromkeys([*(d.demand for d in reversed(case.demand)), *places])
    names = [u for u in every if places[u][0] == carrier and zone in (ALL_ZONES, places[u][1])]
    if not names:
        return []
    shapes, given = demand_shapes(case), producers(case, carrier, zone)
    lost = {t.technology: -np.asarray(case.profiles[t.derating]) for t in case.technologies if t.derating and t.technology in given}
    hours = np.unique(np.stack([*(shapes[u] for u in names), *lost.values()], axis=1), axis=0)
    front = np.full((0, hours.shape[1]), 0.0)
    for hour in hours[np.argsort(-hours.sum(axis=1), kind="stable")]:
        if not (hour <= front).all(axis=1).any():
            front = np.vstack([front, hour])
    count = len(names)
    return [
        (dict(zip(names, hour[:count].tolist(), strict=True)), dict(zip(lost, (-hour[count:]).tolist(), strict=True)))
        for hour in front
    ]


# --- operation with a unit out -----------------------------------------------------------------------------------------------

#: The outage of nothing.
NOTHING_OUT = ""
#: One in so many days is among those on which least comes of itself.
LEAST_DAYS = 5
#: Days that are operated around a stress day once the plan is made.
WEEK = 7
#: Days whose sums differ by less than this share are alike: the earlier one is taken.
ALIKE = 1e-12


@dataclass(frozen=True)
class Day:
    """What profiles say of the hours of a day, or of a week.

    availability, ports   of converters                            see `Conversion`
    demand                power per energy of the year             1/h (u) -> (hours,)
    highest               of it, in the year                       1/h (u)
    contract              what a MW contracted generates           1 (s) -> (hours,)
    inflow                into stores per mean of the year         1 (s) -> (hours,)
    vehicles              of these hours, which close on themselves   see `Vehicles`
    """

    availability: dict[str, np.ndarray]
    ports: dict[str, tuple[EquipmentPort, ...]]
    demand: dict[str, np.ndarray]
    highest: dict[str, float]
    contract: dict[str, np.ndarray]
    inflow: dict[str, np.ndarray] = field(default_factory=dict)
    vehicles: Vehicles = field(default_factory=Vehicles)


@dataclass(frozen=True)
class Outages:
    """Operations that must be possible with a unit out: one for each year, day and outage; none where no reserve asks for it.

    days    stress days of a year                                     (y) -> tuple of calendar day, from 0
    raised  what a margin multiplies a demand by on such a day        1 (y,day) -> (u)
    out     technologies that are out in an outage, '' nothing        (y) -> (outage) -> tuple of k
    hours   what the profiles of a year say of a day                  (y,day)
    weeks   the weeks around stress days: their first days            (y) -> tuple of calendar day
    week_hours  what the profiles of a year say of such a week        (y,day)
    """

    days: dict[int, tuple[int, ...]] = field(default_factory=dict)
    raised: dict[tuple[int, int], dict[str, float]] = field(default_factory=dict)
    out: dict[int, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    hours: dict[tuple[int, int], Day] = field(default_factory=dict)
    weeks: dict[int, tuple[int, ...]] = field(default_factory=dict)
    week_hours: dict[tuple[int, int], Day] = field(default_factory=dict)

    def of_weeks(self, years: Sequence[int]) -> Outages:
        """The same of whole weeks, without margins, in these years."""
        weeks = {y: self.weeks[y] for y in years if y in self.weeks}
        each = [(y, d) for y, own in weeks.items() for d in own]
        return Outages(
            weeks,
            {key: {} for key in each},
            {y: {name: own for name, own in self.out[y].items() if own} for y in weeks},
            {key: self.week_hours[key] for key in each},
        )

    def snapshots(self, y: int, d: int) -> range:
        """Hours of an operation."""
        return range(len(next(iter(self.hours[y, d].demand.values()), range(24))))

    @property
    def all(self) -> list[tuple[int, int, str]]:
        """Year, day and outage of every operation."""
        return [(y, d, name) for y, days in self.days.items() for d in days for name in self.out[y]]

    @property
    def counted(self) -> list[tuple[str, int]]:
        """Technologies of which a unit is out in some operation of a year."""
        return list(dict.fromkeys((k, y) for y, own in self.out.items() for group in own.values() for k in group))


def resolve_outages(case: Case, years: Sequence[int], capacity: Capacity) -> Outages:
    """The operations of every year. Days are those of the profiles and demands of the last year, in all years."""
    places = list(dict.fromkeys((r.carrier, r.zone) for r in case.reserves if r.operated))
    if not places:
        return Outages()
    stress = {place: stress_days(case, *place) for place in places}
    days: dict[int, tuple[int, ...]] = {}
    raised: dict[tuple[int, int], dict[str, float]] = {}
    out: dict[int, dict[str, tuple[str, ...]]] = {}
    carriers = _places(case)
    for y in years:
        rows = operated_rows(case, y)
        if not rows:
            continue
        days[y] = tuple(dict.fromkeys(d for row in rows for d in stress[row.carrier, row.zone]))
        for d in days[y]:
            own = [row for row in rows if d in stress[row.carrier, row.zone]]
            raised[y, d] = {
                u: max(1.0 + row.margin for row in asking)
                for u, place in carriers.items()
                if (asking := [row for row in own if row.carrier == place[0] and row.zone in (ALL_ZONES, place[1])])
            }
        present = set(capacity.present[y])
        asked = outages_of(case.technologies, case.types, case.ports, {r.carrier for r in rows})
        there = {name: tuple(k for k in own if k in present) for name, own in asked.items()}
        lines = [c for c in case.connections if c.unit_size and c.carrier in {r.carrier for r in rows}]
        there |= {c.connection: (c.connection,) for c in lines if not c.type or c.connection in present}
        out[y] = {NOTHING_OUT: ()} | {name: own for name, own in there.items() if own}
    count = case.hours // 24
    length = min(WEEK, count)
    weeks = {y: tuple(dict.fromkeys(min(d // WEEK * WEEK, count - length) for d in own)) for y, own in days.items()}
    return Outages(days, raised, out, _hours(case, years, days, 1), weeks, _hours(case, years, weeks, length))


def all_months(case: Case, years: Sequence[int], outages: Outages) -> Outages:
    """The same of every month of every year in which a reserve holds by operation, without margins."""
    own = [y for y in years if y in outages.out]
    months = months_of_hours(case.hours)[::24]
    first = {m: int(np.flatnonzero(months == m)[0]) for m in dict.fromkeys(months.tolist())}
    hours: dict[tuple[int, int], Day] = {}
    for m, d in first.items():
        hours |= _hours(case, years, dict.fromkeys(own, (d,)), int((months == m).sum()))
    days = dict.fromkeys(own, tuple(first.values()))
    out = {y: {name: technologies for name, technologies in outages.out[y].items() if technologies} for y in own}
    return Outages(days, {(y, d): {} for y in own for d in days[y]}, out, hours)


def may_be_ordered(row: Technology, has_price: bool) -> bool:
    """True if it has a price and a limit leaves room for an order."""
    return has_price and row.max_capacity != 0 and row.max_build != 0


def operated_rows(case: Case, y: int) -> list[Reserve]:
    """Reserves that hold by operation in a year."""
    found = []
    for carrier, zone in dict.fromkeys((r.carrier, r.zone) for r in case.reserves):
        row = in_force([r for r in case.reserves if (r.carrier, r.zone) == (carrier, zone)], y)
        if row is not None and row.operated and y >= first_use(case, carrier):
            found.append(row)
    return found


def first_use(case: Case, carrier: str) -> int:
    """The first year in which an order of first_year can work, of what feeds a carrier; where none is offered, first_year."""
    first = case.park.first_year
    lead = {t.type: t.lead_time for t in case.types}
    bought = {c.type for c in case.costs if c.parameter in ("capital_cost", "annuity")}
    fed = set(feeders(case.technologies, case.types, case.ports, {carrier}))
    own = [
        lead[row.type_name]
        for row in case.technologies
        if row.technology in fed
        and may_be_ordered(row, row.type_name in bought)
        and (row.first_year or first) <= first <= (row.until_year or first)
    ]
    return first + min(own, default=0) if case.park.may_order(first) else first


def stress_days(case: Case, carrier: str, zone: str) -> tuple[int, ...]:
    """The days with the highest demand over the day, with the highest hour, and with the highest demand over the day among the
    fifth with least of all that is available by a profile; each once, the earlier of like ones."""
    last = case.park.last_year
    columns = dict.fromkeys(case.column(row.profile, last) for row in case.technologies if row.profile)
    given = np.sum([np.zeros(case.hours), *(case.profiles[name] for name in columns)], axis=0).reshape(-1, 24).sum(axis=1)
    case = case.in_year(last)
    energy, load, places = yearly_energy(case, (last,)), np.zeros(case.hours), _places(case)
    for u, shape in demand_shapes(case).items():
        own, place = places[u]
        if own == carrier and zone in (ALL_ZONES, place):
            load = load + energy[u, last] * shape
    by_day = load.reshape(-1, 24)
    found = [_first(by_day.sum(axis=1)), _first(by_day.max(axis=1))]
    if columns:
        least = np.argsort(np.round(given, 9), kind="stable")[: -(-len(given) // LEAST_DAYS)]
        among = np.full(len(given), -np.inf)
        among[least] = by_day.sum(axis=1)[least]
        found.append(_first(among))
    return tuple(dict.fromkeys(found))


def _first(values: np.ndarray) -> int:
    """The first day with the highest value."""
    most = float(values.max())
    return int(np.flatnonzero(values >= most - ALIKE * abs(most))[0])


def _places(case: Case) -> dict[str, tuple[str, str]]:
    """Carrier and zone of every demand, vehicles too."""
    stated = {d.demand: (d.carrier, d.zone) for d in case.demand}
    return stated | {r.name: (r.chargers.carrier, r.chargers.zone) for r in fleet_rows(case)}


def demand_shapes(case: Case) -> dict[str, np.ndarray]:
    """Power per energy of the year of every demand in every hour of the profiles (1/h), of vehicles charged at once."""
    found = {}
    for row in case.demand:
        if row.demand not in found:
            raw = case.profiles[row.profile] if row.profile else np.ones(case.hours)
            found[row.demand] = raw / (raw.sum() * HOURS_OF_YEAR / case.hours)
    return found | at_once_shapes(case)


def _hours(case: Case, years: Sequence[int], days: dict[int, tuple[int, ...]], length: int) -> dict[tuple[int, int], Day]:
    """What profiles say of so many days from a day on, in each year; years with the same columns share it."""
    alike: dict[tuple, Day] = {}
    found = {}
    for y, own in days.items():
        for d in own:
            key = (case.columns(y), d)
            if key not in alike:
                alike[key] = _day(case.in_year(y), years, d, length)
            found[y, d] = alike[key]
    return found


def _day(case: Case, years: Sequence[int], d: int, length: int) -> Day:
    """So many days from a day on, of a case whose profiles change no more."""
    part = slice(24 * d, 24 * (d + length))
    profiles = {name: np.asarray(values)[part] for name, values in case.profiles.items()}
    conversion = resolve_conversion(case, years, profiles)
    one = TypicalDays(np.zeros(1, dtype=int), np.array([d]), profiles)
    found, energy = bands(case, [(range(d, d + length), 24 * length)]), energy_at_once(case)
    charged = {r: band.at_once / (energy[r] or 1.0) for r, band in found.items()}
    shapes = demand_shapes(case)
    return Day(
        availability=conversion.availability,
        ports={k: tuple(port.at_full_load for port in ports) for k, ports in conversion.ports.items()},
        demand={u: shape[part] for u, shape in shapes.items()} | charged,
        highest={u: float(shape.max()) for u, shape in shapes.items()},
        vehicles=resolve_vehicles(case, found, years),
        contract=resolve_contracts(case, years, one, existing_only=False).shape,
        inflow={s: shape[part] for s, shape in inflow_shapes(case, make_calendar(case.hours, None), case.profiles).items()},
    )


def day_inputs(inputs: Inputs, y: int, d: int) -> Inputs:
    """The inputs of an operation: 24 hours that close on themselves, without capture, least loads, starts, yearly limits and
    charges."""
    outages = inputs.outages
    own, raised = outages.hours[y, d], outages.raised[y, d]
    inputs = inputs.at(y)
    count = len(outages.snapshots(y, d))
    calendar = Calendar(np.ones(count), np.roll(np.arange(count), 1), ())
    asked = {u: raised.get(u, 1.0) * inputs.flexibility.needed(u, y) for u in own.demand}
    shapes, highest = {u: asked[u] * shape for u, shape in own.demand.items()}, {u: asked[u] * own.highest[u] for u in own.highest}
    supplies = replace(
        inputs.supplies,
        import_year_max={},
        export_year_max={},
        factor_profile={},
        factor_shape={},
        demand_charge={},
        capacity_charge={},
        year_charge={},
    )
    return replace(
        inputs,
        shapes={},
        calendar=calendar,
        conversion=replace(inputs.conversion, availability=own.availability, ports=own.ports, min_load={}),
        commitment=replace(inputs.commitment.relaxed(), plants=(), outage={}, min_hours={}, max_hours={}),
        storage=replace(
            inputs.storage,
            inflow_shape=own.inflow,
            initial={},
            least={},
            usable={s: 1.0 - share for s, share in inputs.storage.least.items()},
        ),
        demands=replace(inputs.demands, shape=shapes),
        flexibility=inputs.flexibility.with_a_unit_out(y).shaped(calendar, shapes, highest),
        vehicles=own.vehicles.raised(raised),
        contracts=replace(inputs.contracts, shape=own.contract, optional=()),
        captures=replace(inputs.captures, plants=(), pairs=()),
        supplies=supplies,
    )
