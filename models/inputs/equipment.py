"""Equipment in operation: converters, stores and links, with what an hour of them needs; capture plants: `capture`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from models.case import Case, EquipmentType, Technology
from models.inputs.calendar import HOURS_OF_YEAR, Calendar
from models.inputs.commitment import is_committed
from models.inputs.costs import CostTable


@dataclass(frozen=True)
class EquipmentPort:
    """A carrier at a piece of equipment; ratio per unit of activity, above 0 out of it, below 0 into it.

    shape   multiplies the ratio, never below 0   1 (snapshots,); None = always 1
    no_load, per_start   into it beside that, per capacity that is on, and that is started   MWh/MWh, MWh/MW
    """

    carrier: str
    ratio: float
    shape: np.ndarray | None = field(default=None, compare=False)
    no_load: float = 0.0
    per_start: float = 0.0

    @property
    def at_full_load(self) -> EquipmentPort:
        """What it takes per activity where all that is on runs in full, starts left out."""
        return replace(self, ratio=self.ratio - self.no_load, no_load=0.0, per_start=0.0)

    @property
    def hourly(self) -> float | np.ndarray:
        """The ratio, of each snapshot where it has a shape."""
        return self.ratio if self.shape is None else self.ratio * self.shape


@dataclass(frozen=True)
class Conversion:
    """Converters k.

    converters     all of them, in order
    zone           where each stands                       (k)
    ports          what flows in and out                   (k) -> tuple of Port
    availability   most activity per capacity              1 (k) -> (snapshots,); absent = always 1
    min_load       least activity per capacity, of converters that are not committed   1 (k); absent = 0
    variable_cost  of activity                             money/MWh (k,y); absent = 0
    green          those whose electricity is clean        set of k
    """

    converters: tuple[str, ...]
    zone: dict[str, str]
    ports: dict[str, tuple[EquipmentPort, ...]]
    availability: dict[str, np.ndarray]
    min_load: dict[str, float]
    variable_cost: dict[tuple[str, int], float]
    green: frozenset[str]

    def net(self, k: str, carrier: str, *, out_only: bool = False) -> float | np.ndarray:
        """What all ports of a carrier come to, per unit of activity; of each snapshot where a port has a shape."""
        found: float | np.ndarray = 0.0
        for port in self.ports[k]:
            if port.carrier == carrier and (port.ratio > 0 or not out_only):
                found = found + port.hourly
        return found

    def active(self, k: str, snapshots: range) -> list[int]:
        """Snapshots in which it can run at all."""
        if k not in self.availability:
            return list(snapshots)
        return np.flatnonzero(self.availability[k] > 0).tolist()


@dataclass(frozen=True)
class Storage:
    """Stores s.

    stores, zone, carrier    names; where each stands and what it holds      (s)
    charge_efficiency        held per charged                                1 (s)
    discharge_efficiency     delivered per taken out                         1 (s)
    standing_loss            lost of what is held                            1/h (s)
    full_power_hours         capacity / power, of stores without power of their own   h (s)
    power                    technologies whose capacity bounds charge and discharge   (s) -> tuple of k; absent = full_power_hours
    least                    always held per capacity                        1 (s); absent = 0
    usable                   most held per capacity                          1 (s); absent = 1
    initial                  held as the year begins and ends per capacity   1 (s); absent = free
    inflow                   flows in, mean of the year                      MW (s); absent = 0
    inflow_shape             in each hour per mean                           1 (s) -> (snapshots,)
    cycles                   most given off in a year per capacity           1 (s); absent = any
    seasonal                 those that carry energy between days            set of s
    variable_cost            of discharge                                    money/MWh (s,y); absent = 0
    """

    stores: tuple[str, ...]
    zone: dict[str, str]
    carrier: dict[str, str]
    charge_efficiency: dict[str, float]
    discharge_efficiency: dict[str, float]
    standing_loss: dict[str, float]
    full_power_hours: dict[str, float]
    seasonal: frozenset[str]
    variable_cost: dict[tuple[str, int], float]
    power: dict[str, tuple[str, ...]] = field(default_factory=dict)
    least: dict[str, float] = field(default_factory=dict)
    usable: dict[str, float] = field(default_factory=dict)
    initial: dict[str, float] = field(default_factory=dict)
    inflow: dict[str, float] = field(default_factory=dict)
    inflow_shape: dict[str, np.ndarray] = field(default_factory=dict)
    cycles: dict[str, float] = field(default_factory=dict)

    @property
    def of_their_own(self) -> frozenset[str]:
        """Stores with power apart, levels or an inflow."""
        return frozenset([*self.power, *self.least, *self.initial, *self.inflow])


@dataclass(frozen=True)
class Network:
    """Directed arcs a of the links between zones; a link that works both ways has two.

    arcs           names (link, from)                                  tuple of a
    link           the link whose capacity holds                       (a)
    carrier, from_zone, to_zone                                        (a)
    delivered      1 - loss                                            1 (a)
    variable_cost  of what is sent                                     money/MWh (link,y); absent = 0
    """

    arcs: tuple[tuple[str, str], ...]
    carrier: dict[tuple[str, str], str]
    from_zone: dict[tuple[str, str], str]
    to_zone: dict[tuple[str, str], str]
    delivered: dict[tuple[str, str], float]
    variable_cost: dict[tuple[str, int], float]


def ports_of(case: Case, type_name: str, profiles: Mapping[str, np.ndarray] | None = None) -> tuple[EquipmentPort, ...]:
    """The ports of a type; without `profiles` their shapes are left out."""
    sign = {"out": 1.0, "in": -1.0}
    return tuple(
        EquipmentPort(
            p.carrier,
            sign[p.direction] * p.ratio,
            profiles[p.profile] if profiles is not None and p.profile else None,
            p.no_load,
            p.per_start,
        )
        for p in case.ports
        if p.type == type_name
    )


def of_role(case: Case, role: str) -> list[Technology]:
    """Technologies whose type has the role, in order."""
    roles = {t.type: t.role for t in case.types}
    return [t for t in case.technologies if roles[t.type_name] == role]


def variable_cost_of(rows: list[Technology], table: CostTable, unit: str) -> dict[tuple[str, int], float]:
    """Variable cost of each row and year in the unit (k,y); absent where it is 0."""
    found = {}
    for row in rows:
        for y, value in table.series(row.type_name, "variable_cost", unit).items():
            if value:
                found[row.technology, y] = value
    return found


def resolve_conversion(case: Case, years: Sequence[int], profiles: Mapping[str, np.ndarray]) -> Conversion:
    """Converters with their ports, availability on the snapshots, and costs."""
    apart = power_types(case)
    rows = [r for r in of_role(case, "converter") if r.type_name not in apart]
    types = {t.type: t for t in case.types}
    return Conversion(
        converters=tuple(r.technology for r in rows),
        zone={r.technology: r.zone for r in rows},
        ports={r.technology: ports_of(case, r.type_name, profiles) for r in rows},
        availability={r.technology: profiles[r.profile] for r in rows if r.profile},
        min_load={
            r.technology: types[r.type_name].min_load
            for r in rows
            if types[r.type_name].min_load > 0 and not r.profile and not is_committed(case, r, types[r.type_name])
        },
        variable_cost=variable_cost_of(rows, CostTable(case.costs, years, case.park.currency), "money/MWh"),
        green=frozenset(r.technology for r in rows if types[r.type_name].green),
    )


def power_types(case: Case) -> frozenset[str]:
    """Types that are the power of stores, and convert nothing by themselves."""
    return frozenset(t.power_type for t in case.types if t.power_type)


def power_of(row: Technology, kind: EquipmentType, technologies: Sequence[Technology]) -> tuple[str, ...]:
    """Technologies whose capacity is the power of a store."""
    return tuple(t.technology for t in technologies if kind.power_type and (t.type_name, t.zone) == (kind.power_type, row.zone))


def inflow_shapes(case: Case, calendar: Calendar, profiles: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What flows into each store in every hour, per mean of the year."""
    found = {}
    for row in of_role(case, "store"):
        if row.inflow > 0:
            raw = profiles[row.inflow_profile] if row.inflow_profile else np.ones(len(calendar.weight))
            found[row.technology] = raw * HOURS_OF_YEAR / calendar.total(raw)
    return found


def resolve_storage(case: Case, years: Sequence[int], calendar: Calendar, profiles: Mapping[str, np.ndarray]) -> Storage:
    """Stores with their efficiencies and costs, and what flows into them on the snapshots."""
    rows = of_role(case, "store")
    types = {r.technology: next(t for t in case.types if t.type == r.type_name) for r in rows}
    return Storage(
        stores=tuple(types),
        zone={r.technology: r.zone for r in rows},
        carrier={r.technology: ports_of(case, r.type_name)[0].carrier for r in rows},
        charge_efficiency={s: t.charge_efficiency for s, t in types.items()},
        discharge_efficiency={s: t.discharge_efficiency for s, t in types.items()},
        standing_loss={s: t.standing_loss for s, t in types.items()},
        full_power_hours={s: t.full_power_hours for s, t in types.items()},
        seasonal=frozenset(s for s, t in types.items() if t.seasonal),
        variable_cost=variable_cost_of(rows, CostTable(case.costs, years, case.park.currency), "money/MWh"),
        power={r.technology: power_of(r, types[r.technology], case.technologies) for r in rows if types[r.technology].power_type},
        least={s: t.min_level for s, t in types.items() if t.min_level > 0},
        initial={s: t.initial_level for s, t in types.items() if t.initial_level is not None},
        inflow={r.technology: r.inflow / HOURS_OF_YEAR for r in rows if r.inflow > 0},
        inflow_shape=inflow_shapes(case, calendar, profiles),
        cycles={r.technology: r.max_cycles for r in rows if r.max_cycles is not None},
    )


def resolve_network(case: Case, years: Sequence[int]) -> Network:
    """The links as directed arcs."""
    ends = {}
    for link in case.links:
        ends[link.link, link.from_zone] = (link, link.from_zone, link.to_zone)
        if link.both_ways:
            ends[link.link, link.to_zone] = (link, link.to_zone, link.from_zone)
    table, cost = CostTable(case.costs, years, case.park.currency), {}
    for link in case.links:
        unit = "money/t" if link.carrier == "co2" else "money/MWh"
        for y, value in table.series(link.type_name, "variable_cost", unit, link.length or 0.0).items():
            if value:
                cost[link.link, y] = value
    return Network(
        arcs=tuple(ends),
        carrier={a: e[0].carrier for a, e in ends.items()},
        from_zone={a: e[1] for a, e in ends.items()},
        to_zone={a: e[2] for a, e in ends.items()},
        delivered={a: 1 - e[0].loss for a, e in ends.items()},
        variable_cost=cost,
    )
