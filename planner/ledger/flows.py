"""Flows: the dispatch of one year as arrays, and what its flows come to."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from models.case import Case, Measure, Price, Restoration, TariffRow
from models.errors import Message
from planner.ledger.figures import NOISE, Book, Figures, lines

# --- hours -----------------------------------------------------------------------------------------------------------------
# Hours: what each snapshot of a year stands for, read from the profiles or the table of typical days.

HOURS_OF_YEAR = 8760.0
DAYS_OF_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True)
class LedgerMonth:
    """A billing month: its label in connections.csv, how often it is paid, and its snapshots."""

    label: str
    times: int
    snapshots: np.ndarray


@dataclass(frozen=True)
class LedgerHours:
    """The snapshots of a year.

    weight    hours of the year that each stands for                                        (t)
    before    the snapshot before each, in its own day or in the year                       (t)
    of_day    typical day of each calendar day; empty where every hour stands for itself    (365,)
    months    billing months
    profiles  availabilities and shapes                                                     name -> (t)
    columns   column of profiles.csv that a profile has in the year, where it is another one   name -> name
    """

    weight: np.ndarray
    before: np.ndarray
    of_day: np.ndarray
    months: tuple[LedgerMonth, ...]
    profiles: Mapping[str, np.ndarray]
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many snapshots there are."""
        return len(self.weight)

    @property
    def is_year(self) -> bool:
        """True if the snapshots stand for a whole year, not for days of it."""
        return bool(np.isclose(self.weight.sum(), HOURS_OF_YEAR))

    def profile(self, name: str) -> np.ndarray:
        """A profile on the snapshots; flat where none is named."""
        return self.profiles[self.columns.get(name, name)] if name else np.ones(self.count)

    def total(self, powers: np.ndarray) -> float:
        """What a series of powers comes to in the year."""
        return float(powers @ self.weight)

    def by_month(self, powers: np.ndarray) -> dict[str, float]:
        """What a series of powers comes to in each month, of the calendar days that the typical days stand for."""
        if len(self.of_day):
            month, days = np.repeat(np.arange(1, 13), DAYS_OF_MONTH), powers.reshape(-1, 24).sum(axis=1)
            return {str(m): float((days * np.bincount(self.of_day[month == m], minlength=len(days))).sum()) for m in range(1, 13)}
        return {m.label: float((powers * self.weight)[m.snapshots].sum()) for m in self.months}

    def on_snapshots(self, hourly: np.ndarray) -> np.ndarray:
        """A series of every hour on the snapshots: the mean of the days that each typical day stands for."""
        if not len(self.of_day):
            return hourly
        days = pd.DataFrame(hourly.reshape(-1, 24)).groupby(self.of_day).mean()
        return days.to_numpy().ravel()


def column_of(case: Case, profile: str, y: int) -> str:
    """The column of profiles.csv that a profile has in a year: that of the last row of profile_years.csv that has begun."""
    column = profile
    for row in sorted(case.profile_years, key=lambda row: row.year):
        if row.profile == profile and row.year <= y:
            column = row.column
    return column


def profile_in(case: Case, profile: str, y: int) -> np.ndarray:
    """A profile in every hour of a year; 1 where none is named."""
    return np.asarray(case.profiles[column_of(case, profile, y)]) if profile else np.ones(case.hours)


def hours_in(hours: LedgerHours, case: Case, y: int) -> LedgerHours:
    """The snapshots with the columns of a year."""
    return replace(hours, columns={row.profile: column_of(case, row.profile, y) for row in case.profile_years})


def hours_of(case: Case, tables: Mapping[str, pd.DataFrame]) -> LedgerHours:
    """The snapshots of a plan, on the typical days that its tables name, else of every hour of the profiles."""
    days = tables.get("typical_days")
    if days is not None and len(days):
        of_day = days.sort_values("day")["typical_day"].to_numpy()
        profiles = tables["profiles"].pivot_table(index="hour", columns="profile", values="value").sort_index()
        return _typical(of_day, {name: profiles[name].to_numpy() for name in profiles})
    weight, chain = np.full(case.hours, HOURS_OF_YEAR / case.hours), np.roll(np.arange(case.hours), 1)
    if case.hours != HOURS_OF_YEAR:
        months: tuple[LedgerMonth, ...] = (LedgerMonth("all", 12, np.arange(case.hours)),)
    else:
        month = _months(case.hours)
        months = tuple(LedgerMonth(str(m), 1, np.flatnonzero(month == m)) for m in range(1, 13))
    return LedgerHours(weight, chain, np.zeros(0, dtype=int), months, case.profiles)


def _typical(of_day: np.ndarray, profiles: Mapping[str, np.ndarray]) -> LedgerHours:
    count = int(of_day.max()) + 1
    index = np.arange(24 * count).reshape(count, 24)
    month = np.repeat(np.arange(1, 13), DAYS_OF_MONTH)
    months = tuple(LedgerMonth(str(m), 1, index[np.unique(of_day[month == m])].ravel()) for m in range(1, 13))
    weight = np.repeat(np.bincount(of_day, minlength=count).astype(float), 24)
    return LedgerHours(weight, np.roll(index, 1, axis=1).ravel(), of_day, months, profiles)


def _months(hours: int) -> np.ndarray:
    return np.repeat(np.arange(1, 13), 24 * np.array(DAYS_OF_MONTH))[:hours]


def price_shape(case: Case, supply: str, item: str, hours: LedgerHours) -> np.ndarray:
    """What tariff and profile multiply a price by, on the snapshots: the first row that fits an hour, 1 where none does."""
    clock = np.arange(case.hours)
    is_weekend = (clock // 24 + case.park.first_weekday) % 7 >= 5
    found = np.ones(case.hours)
    own = [r for r in case.tariff if (r.supply, r.item) == (supply, item)]
    for row in reversed(own):  # the first row has the last word
        found[_fits(row, clock, is_weekend)] = row.factor
    for name in {p.profile for p in case.prices if (p.supply, p.item) == (supply, item) and p.profile}:
        found = found * case.profiles[hours.columns.get(name, name)]
    return hours.on_snapshots(found)


def in_period(case: Case, row: Price, hours: LedgerHours) -> list[np.ndarray]:
    """The snapshots of each billing month that are in the period of a charge: of a typical day the hours that are so on some
    calendar day of the month for which it stands."""
    if not row.period:
        return [month.snapshots for month in hours.months]
    clock = np.arange(case.hours)
    within = _fits(row, clock, (clock // 24 + case.park.first_weekday) % 7 >= 5)
    if not len(hours.of_day):
        return [month.snapshots[within[month.snapshots]] for month in hours.months]
    days, of_month = np.nonzero(within.reshape(-1, 24)), np.repeat(np.arange(1, 13), DAYS_OF_MONTH)
    snapshots, month = 24 * hours.of_day[days[0]] + days[1], of_month[days[0]]
    return [np.unique(snapshots[month == m]) for m in range(1, 13)]


def _fits(row: TariffRow | Price, clock: np.ndarray, is_weekend: np.ndarray) -> np.ndarray:
    fits = _within(row.months, _months(len(clock)), 12) & _within(row.hours, clock % 24, 24)
    if row.days in ("weekday", "weekend"):
        fits &= is_weekend == (row.days == "weekend")
    return fits


def _within(text: str, values: np.ndarray, around: int) -> np.ndarray:
    """True where a value lies in one of the ranges, `8-11;17-21`, ends included; a range may wrap around."""
    fits = np.zeros(len(values), dtype=bool)
    for part in text.split(";") if text.strip() else ():
        first, _, last = part.partition("-")
        start, end = int(first), int(last or first)
        fits |= (values - start) % around <= (end - start) % around
    return fits if text.strip() else np.ones(len(values), dtype=bool)


# --- flows -----------------------------------------------------------------------------------------------------------------

#: How a flow enters the balance of its zone and carrier.
FEEDS = ("import", "out", "discharge", "arrived")
DRAWS = ("export", "in", "charge", "demand", "sent")

#: What is so in an hour and flows nowhere: it has no sum over the year.
STATES = ("held", "online", "matched", "green_charge", "green_discharge", "green_held", "at_once")

#: (flow, name, zone, carrier)
Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class LedgerYear:
    """What all checks of one year read.

    tables    the result tables, of this year alone
    flows     every flow of dispatch                       (flow, name, zone, carrier) -> (t)
    capacity  that the plan says works                     MW, MWh, t/h (k)
    demand    energy that the measures in force leave      MWh (u)
    read      what was read of the tables; operations with a unit out share it
    """

    book: Book
    figures: Figures
    hours: LedgerHours
    y: int
    tables: Mapping[str, pd.DataFrame]
    flows: Mapping[Key, np.ndarray]
    capacity: Mapping[str, float]
    demand: Mapping[str, float]
    read: dict[Any, Any] = field(default_factory=dict)

    @property
    def schemes(self) -> dict[str, list[str]]:
        """What stands in schemes.csv in the year, by connection."""
        if "schemes" not in self.read:
            found = self.read["schemes"] = dict[str, list[str]]()
            for r in lines(self.tables["schemes"]):
                found.setdefault(str(r.connection), []).append(str(r.scheme))
        return self.read["schemes"]

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], list[tuple[str, str, np.ndarray]]]:
        """Zone, carrier and values of each flow, by kind and name."""
        found: dict[tuple[str, str], list[tuple[str, str, np.ndarray]]] = {}
        for (kind, name, zone, carrier), values in self.flows.items():
            found.setdefault((kind, name), []).append((zone, carrier, values))
        return found

    def flow(self, kind: str, name: str, carrier: str | None = None, zone: str | None = None) -> np.ndarray:
        """A flow of every hour; 0 where dispatch has none."""
        found = np.zeros(self.hours.count)
        for of_zone, of_carrier, values in self._by_name.get((kind, name), ()):
            if carrier in (None, of_carrier) and zone in (None, of_zone):
                found = found + values
        return found

    def total(self, kind: str, names: Iterable[str], carrier: str | None = None) -> float:
        """What a flow of the names comes to in the year (MWh, t)."""
        return sum(self.hours.total(self.flow(kind, name, carrier)) for name in names)

    def said(self, table: str, *keys: str, value: str = "value") -> dict:
        """A column of a table of the year, by its keys; to be read only."""
        if (table, keys, value) not in self.read:
            rows = self.tables[table]
            if rows.empty:
                return {}
            names = [map(str, rows[k].tolist()) for k in keys]
            index = zip(*names, strict=True) if len(keys) > 1 else names[0]
            self.read[table, keys, value] = dict(zip(index, rows[value].to_numpy(float).tolist(), strict=True))
        return self.read[table, keys, value]


def flows_of(book: Book, hours: LedgerHours, y: int, dispatch: pd.DataFrame) -> dict[Key, np.ndarray]:
    """Dispatch of one year as arrays. Every flow must have every hour once, and each hour its weight."""
    keys = ["flow", "name", "zone", "carrier"]
    texts = [pd.Categorical(dispatch[k].array) for k in keys]
    sizes = [len(text.categories) + 1 for text in texts]
    place = np.ravel_multi_index([text.codes.astype(int) + 1 for text in texts], sizes)
    number, hour = pd.factorize(place)[0], dispatch["hour"].to_numpy()
    step = np.diff(number)
    in_order = ((step > 0) | ((step == 0) & (np.diff(hour) > 0))).all()
    order = np.arange(len(number)) if in_order else np.lexsort((hour, number))
    first = order[np.flatnonzero(np.diff(number[order], prepend=-1))]
    known = [[*map(str, text.categories), "nan"] for text in texts]  # a text that is missing has code -1
    names = list(zip(*([own[code] for code in text.codes[first]] for own, text in zip(known, texts, strict=True)), strict=True))
    hour, wanted = hour[order], np.tile(np.arange(hours.count), len(names))
    if not np.array_equal(hour, wanted):
        book.equal("hours of dispatch", y, "all flows", len(hour), len(wanted))
        book.equal("hours of dispatch that stand in order", y, "all flows", 0.0, 1.0)
        return {}
    weight = dispatch["weight"].to_numpy()[order].reshape(len(names), hours.count) if names else np.zeros((1, hours.count))
    if names:
        worst = int(np.abs(weight - hours.weight).max(axis=1).argmax())
        book.equal_hours("hours that a snapshot stands for", y, names[worst][1], weight[worst], hours.weight)
    values = dispatch["value"].to_numpy()[order].reshape(len(names), hours.count)
    return dict(zip(names, values, strict=True))


def check_places(year: LedgerYear) -> None:
    """Every flow is one that the case knows, in its zone and of its carrier, and is never below 0."""
    known = year.figures.of_case("flows", lambda: set(_known(year.figures)))
    for (flow, name, zone, carrier), values in year.flows.items():
        label = f"{name} ({zone}, {carrier})"
        if (flow, name, zone, carrier) not in known:
            year.book.equal(
                Message("{flow} that the case does not know", flow=flow), year.y, label, float(np.abs(values).max()), 0.0, noise=0.0
            )
        if flow != "held" and not values.min() >= -1e-9:  # of a seasonal store it is a gain, which may be below 0
            year.book.at_most_hours(Message("{flow} below 0", flow=flow), year.y, label, -values, 0.0, noise=1e-9)


def _known(figures: Figures) -> Iterable[Key]:
    for k, t in figures.technologies.items():
        role, ports = figures.types[t.type_name].role, figures.ports[k]
        if role == "store":
            carrier = next(carrier for _, carrier in ports)
            for flow in ("charge", "discharge", "held"):
                yield from ((name, k, t.zone, carrier) for name in (flow, f"green_{flow}"))
            continue
        yield from ((direction, k, t.zone, carrier) for direction, carrier in ports)
        yield from (("curtailed", k, t.zone, c) for d, c in ports if d == "out" and t.profile)
        yield from (("online", k, t.zone, c) for _, c in ports)
    for c in figures.case.captures:
        yield "captured", f"{c.technology} from {c.source}", figures.technologies[c.technology].zone, "co2"
    for s in figures.case.supplies:
        if s.can_import:
            yield "import", s.supply, s.zone, s.carrier
        if s.can_export:
            yield "export", s.supply, s.zone, s.carrier
    for link in figures.case.links:
        ends = [(link.from_zone, link.to_zone)] + [(link.to_zone, link.from_zone)] * link.both_ways
        for start, end in ends:
            yield "sent", link.link, start, link.carrier
            yield "arrived", link.link, end, link.carrier
    yield "matched", "electricity", "*", "electricity"
    for d in figures.case.demand:
        yield "demand", d.demand, d.zone, d.carrier
        yield from ((flow, d.demand, d.zone, d.carrier) for flow in ("asked", "served") if d.shift_share)
        yield from ((flow, d.demand, d.zone, d.carrier) for flow in ("shed",) if d.shed_share)
    yield from ((flow, name, zone, carrier) for name, zone, carrier in figures.charged for flow in ("demand", "at_once"))


def check_balances(year: LedgerYear) -> None:
    """In every zone, of every carrier, in every hour, what comes equals what goes.

    A balance may be off by 1e-6 of the largest flow of its place or of the park's largest demand: the decomposed method
    prices unserved power, and leaves up to 2e-7 of the peak of it as noise.
    """
    peak = max((float(v.max()) for (flow, *_), v in year.flows.items() if flow == "demand"), default=0.0)
    places: dict[tuple[str, str], list[np.ndarray]] = {}
    for (flow, _, zone, carrier), values in year.flows.items():
        if flow in FEEDS or flow in DRAWS:
            places.setdefault((zone, carrier), []).append(values if flow in FEEDS else -values)
    for (zone, carrier), signed in places.items():
        comes = np.sum([np.maximum(v, 0.0) for v in signed], axis=0)
        goes = np.sum([np.maximum(-v, 0.0) for v in signed], axis=0)
        year.book.equal_hours("balance", year.y, f"{carrier} in {zone}", comes, goes, scale=peak)


def check_totals(year: LedgerYear) -> None:
    """The yearly sums of energy.csv are dispatch times the hours that each snapshot stands for."""
    found = {
        (flow, name, zone, carrier): year.hours.total(values)
        for (flow, name, zone, carrier), values in year.flows.items()
        if flow not in STATES
    }
    said = year.said("energy", "flow", "name", "zone", "carrier")
    year.book.equal_items("yearly flow", year.y, said, found)


def check_demands(year: LedgerYear) -> None:
    """Each demand is what the measures in force leave, spread over the hours as its profile says, less what moved to other hours or
    was shed, and with what moved there."""
    rows = {d.demand: d for d in reversed(year.figures.case.demand)}
    for name, energy in year.demand.items():
        shape = year.hours.profile(rows[name].profile)
        said, shed = year.flow("demand", name), year.flow("shed", name)
        drawn = energy * shape / year.hours.total(shape) - year.flow("asked", name) + year.flow("served", name) - shed
        year.book.equal("demand of the year", year.y, name, year.hours.total(said + shed), energy)
        year.book.equal_hours("demand", year.y, name, said, drawn)


# --- measures --------------------------------------------------------------------------------------------------------------
# measures.

# --- measures --------------------------------------------------------------------------------------------------------------
# Measures and planting: what is in force, what it excludes and needs, what it leaves of each demand, what land takes up.


def adoptions(tables: Mapping[str, pd.DataFrame]) -> list[tuple[str, int]]:
    """(measure, year in which it starts)."""
    return [(r.measure, int(r.year)) for r in lines(tables["measures"])]


def in_force(figures: Figures, tables: Mapping[str, pd.DataFrame], y: int) -> list[Measure]:
    """Measures in force, in the order of measures.csv; one adopted twice at a time stands twice."""
    begun = [(name, y - v) for name, v in adoptions(tables)]
    ends = {m.measure: m.lead_time + int(m.lifetime + 1e-9) for m in figures.case.measures}
    return [m for m in figures.case.measures for name, age in begun if name == m.measure and m.lead_time <= age < ends[name]]


def check_measures(book: Book, figures: Figures, tables: Mapping[str, pd.DataFrame], in_reference: bool) -> None:
    """Adopted once at a time, in time, one of a group, never without what it requires; none in the reference plan."""
    rows = {m.measure: m for m in figures.case.measures}
    for name, v in adoptions(tables):
        known = rows.get(name)
        if (name, v) in figures.case.kept.measures:
            continue
        late = known is not None and v + known.lead_time > figures.years[-1]
        if known is None or late or in_reference or v < (known.first_year or v) or not _may_decide(figures, v):
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
