"""Equipment in operation: what an hour of converters, stores, links and capture plants needs, and what can be counted on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from models.case import Case, EquipmentType, Port, Technology
from models.inputs.calendar import HOURS_OF_YEAR, Calendar
from models.inputs.finance import CostTable, over_years
from models.units import factor, yearly_factor

# --- commitment --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Commitment:
    """Committed plants k: converters without a profile, and capture plants, whose type asks for it.

    plants      all of them, in the order of technologies.csv
    min_load    least activity per capacity that is on                  1 (k); absent = 0
    ramp        change of activity in an hour per capacity that is on   1/h (k); absent = any
    start_cost  of capacity that is started                             money/capacity (k,y); absent = 0
    fed         those into which something flows as they start or while they are on   set of k
    starting    those of them into which something flows as they start                set of k
    outage      share of the year in which a plant is not available, of plants that are not committed too   1 (k); absent = 0
    min_hours, max_hours   least and most full-load hours of a year, of every converter and capture plant   h (k); absent = any
    """

    plants: tuple[str, ...]
    min_load: dict[str, float]
    ramp: dict[str, float]
    start_cost: dict[tuple[str, int], float]
    outage: dict[str, float]
    min_hours: dict[str, float]
    max_hours: dict[str, float]
    fed: frozenset[str] = frozenset()
    starting: frozenset[str] = frozenset()

    def relaxed(self) -> Commitment:
        """Plants of which any part runs as it likes, but those that take more than goes with their activity: the operation of a
        year costs no more."""
        return replace(
            self,
            plants=tuple(k for k in self.plants if k in self.fed),
            min_load={k: value for k, value in self.min_load.items() if k in self.fed},
            ramp={k: value for k, value in self.ramp.items() if k in self.fed},
            start_cost={(k, y): value for (k, y), value in self.start_cost.items() if k in self.fed},
        )


def may_commit(row: Technology, kind: EquipmentType) -> bool:
    """True for converters without a profile and for capture plants."""
    return kind.role == "capture" or (kind.role == "converter" and not row.profile)


def is_committed(case: Case, row: Technology, kind: EquipmentType) -> bool:
    """True if a technology may be committed and its type asks for it: by `ramp`, a `start_cost`, what a port takes beside the
    activity, or `commitment` itself."""
    has_cost = any((c.type, c.parameter) == (kind.type, "start_cost") for c in case.costs)
    is_fed = any(p.type == kind.type and (p.no_load or p.per_start) for p in case.ports)
    return may_commit(row, kind) and (kind.ramp is not None or has_cost or is_fed or kind.commitment == 1)


def resolve_commitment(case: Case, years: Sequence[int]) -> Commitment:
    """Who is committed, and with which figures."""
    types = {t.type: t for t in case.types}
    kinds = {row.technology: (row, types[row.type_name]) for row in case.technologies}
    committed = {k: kind for k, (row, kind) in kinds.items() if is_committed(case, row, kind)}
    fed = {p.type for p in case.ports if p.no_load or p.per_start}
    starting = {p.type for p in case.ports if p.per_start}
    table, cost = CostTable(case.costs, years, case.park.currency), {}
    for k, kind in committed.items():
        unit = "money/(t/h)" if kind.role == "capture" else "money/MW"
        cost.update({(k, y): value for y, value in table.series(kind.type, "start_cost", unit).items() if value})
    return Commitment(
        plants=tuple(committed),
        min_load={k: kind.min_load for k, kind in committed.items() if kind.min_load > 0},
        ramp={k: kind.ramp for k, kind in committed.items() if kind.ramp is not None},
        start_cost=cost,
        outage={k: kind.outage for k, (row, kind) in kinds.items() if kind.outage > 0 and may_commit(row, kind)},
        min_hours={k: row.min_hours for k, (row, _) in kinds.items() if row.min_hours},
        max_hours={k: row.max_hours for k, (row, _) in kinds.items() if row.max_hours is not None},
        fed=frozenset(k for k, kind in committed.items() if kind.type in fed),
        starting=frozenset(k for k, kind in committed.items() if kind.type in starting),
    )


# --- converters, stores, networks --------------------------------------------------------------------------------------------


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
    derated        those whose capacity alone it changes   set of k
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
    derated: frozenset[str] = frozenset()

    @property
    def by_profile(self) -> set[str]:
        """Converters that a profile gives."""
        return self.availability.keys() - self.derated

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
    costs = {row.technology: table.series(row.type_name, "variable_cost", unit) for row in rows}
    return {(k, y): value for k, own in costs.items() for y, value in own.items() if value}


def resolve_conversion(case: Case, years: Sequence[int], profiles: Mapping[str, np.ndarray]) -> Conversion:
    """Converters with their ports, availability on the snapshots, and costs."""
    apart = power_types(case)
    rows = [r for r in of_role(case, "converter") if r.type_name not in apart]
    types = {t.type: t for t in case.types}
    return Conversion(
        converters=tuple(r.technology for r in rows),
        zone={r.technology: r.zone for r in rows},
        ports={r.technology: ports_of(case, r.type_name, profiles) for r in rows},
        availability={
            r.technology: np.prod([profiles[name] for name in (r.profile, r.derating) if name], axis=0)
            for r in rows
            if r.profile or r.derating
        },
        min_load={
            r.technology: types[r.type_name].min_load
            for r in rows
            if types[r.type_name].min_load > 0 and not r.profile and not is_committed(case, r, types[r.type_name])
        },
        variable_cost=variable_cost_of(rows, CostTable(case.costs, years, case.park.currency), "money/MWh"),
        green=frozenset(r.technology for r in rows if types[r.type_name].green),
        derated=frozenset(r.technology for r in rows if r.derating and not r.profile),
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
    table = CostTable(case.costs, years, case.park.currency)
    units = {link: "money/t" if link.carrier == "co2" else "money/MWh" for link in case.links}
    costs = {link.link: table.series(link.type_name, "variable_cost", units[link], link.length or 0.0) for link in case.links}
    return Network(
        arcs=tuple(ends),
        carrier={a: e[0].carrier for a, e in ends.items()},
        from_zone={a: e[1] for a, e in ends.items()},
        to_zone={a: e[2] for a, e in ends.items()},
        delivered={a: 1 - e[0].loss for a, e in ends.items()},
        variable_cost={(name, y): value for name, own in costs.items() for y, value in own.items() if value},
    )


# --- firm capacity -----------------------------------------------------------------------------------------------------------

#: Stands for all zones as one.
ALL_ZONES = "*"
#: Hours that a store must be able to give its power.
STORE_HOURS = 4.0


def producers(case: Case, carrier: str, zone: str) -> dict[str, float]:
    """Technologies that feed a carrier in a zone, and what each capacity gives for sure (MW per MW, per MWh of a store)."""
    types = {t.type: t for t in case.types}
    found = {}
    for row in case.technologies:
        kind = types[row.type_name]
        if zone in (ALL_ZONES, row.zone) and kind.role in ("converter", "store"):
            ratio = 1.0 if kind.role == "store" else _least_ratio(case, kind.type, carrier)
            holds = any(p.type == kind.type and p.carrier == carrier for p in case.ports)
            given = firm_share(row, kind) * ratio if holds else 0.0
            if given > 0:
                found[row.technology] = given
    return found


def counted_in_units(case: Case) -> frozenset[str]:
    """Technologies of which the largest unit may be out in some year: those that a reserve with `largest_out` counts on."""
    asked = {(r.carrier, r.zone) for r in case.reserves if r.largest_out and not r.operated}
    alike = {case.columns(y): case.in_year(y) for y in range(case.park.first_year, case.park.last_year + 1)} if asked else {}
    counted = {k for own in alike.values() for carrier, zone in asked for k in producers(own, carrier, zone)}
    operated = {r.carrier for r in case.reserves if r.operated}
    out = outages_of(case.technologies, case.types, case.ports, operated)
    return frozenset(counted | {k for group in out.values() for k in group})


def feeders(
    technologies: Sequence[Technology], kinds: Iterable[EquipmentType], all_ports: Iterable[Port], carriers: Iterable[str]
) -> tuple[str, ...]:
    """Stores and converters without a profile that put out one of the carriers or, step by step, what is made into one."""
    types = {t.type: t for t in kinds}
    ports: dict[str, list[Port]] = {}
    for port in all_ports:
        ports.setdefault(port.type, []).append(port)
    made = [
        (row, types[row.type_name], ports.get(row.type_name, []))
        for row in technologies
        if row.type_name in types and not row.profile
    ]
    found: set[str] = set()
    reached = set(carriers)
    grows = True
    while grows:
        grows = False
        for row, kind, own in made:
            gives = {p.carrier for p in own if p.direction == "out" or kind.role == "store"}
            if row.technology not in found and kind.role in ("converter", "store") and gives & reached:
                found.update((row.technology, *power_of(row, kind, technologies)))
                grows = True
                reached |= {p.carrier for p in own if p.direction == "in"}
    return tuple(row.technology for row in technologies if row.technology in found)


def outages_of(
    technologies: Sequence[Technology], kinds: Iterable[EquipmentType], ports: Iterable[Port], carriers: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """What is out together in each outage that an operation for these carriers must stand, by its name: one technology, or the
    group that it is of."""
    group = {row.technology: row.outage_group for row in technologies}
    found: dict[str, tuple[str, ...]] = {}
    for k in feeders(technologies, kinds, ports, carriers):
        name = group[k] or k
        found.setdefault(name, tuple(row.technology for row in technologies if group[row.technology] == name) or (k,))
    return found


def firm_share(row: Technology, kind: EquipmentType) -> float:
    """Share of the capacity of a technology that can be counted on; of a store MW per MWh."""
    stated = kind.firm if row.firm is None else row.firm
    if stated is not None:
        return stated
    if kind.role == "store":
        return 0.0 if kind.power_type else min(1.0 / kind.full_power_hours, kind.discharge_efficiency / STORE_HOURS)
    return 0.0 if row.profile else 1.0


def _least_ratio(case: Case, type_name: str, carrier: str) -> float:
    """What comes out of a converter per activity, less what goes in; with a port profile in its worst hour."""
    total: np.ndarray | float = 0.0
    for port in case.ports:
        if (port.type, port.carrier) == (type_name, carrier):
            shape = case.profiles[port.profile] if port.profile else 1.0
            total = total + (port.ratio if port.direction == "out" else -port.ratio) * shape
    return float(np.min(total))


# --- capture -----------------------------------------------------------------------------------------------------------------

#: Stands for the air as a source of CO2.
AIR = "air"


@dataclass(frozen=True)
class Captures:
    """Capture plants k and the sources q of CO2 that they can take.

    plants, zone, ports   names; where each stands; flows per t captured        (k)
    pairs                 who can take from whom                                tuple of (k,q)
    rate                  share of the source's CO2 that can be taken           1 (k,q)
    fuel_co2              CO2 per activity of a source that burns fuel          t/MWh (q,y)
    fuel_shape            multiplies it                                         1 (q) -> (snapshots,); absent = always 1
    removal_share         share of a source's CO2 that is biogenic or air       1 (q,y)
    process_co2           CO2 of a source that is a process                     t/h (q,y)
    process_scope         scope in which that process counts                    (q)
    variable_cost         of CO2 captured                                       money/t (k,y); absent = 0
    """

    plants: tuple[str, ...]
    zone: dict[str, str]
    ports: dict[str, tuple[EquipmentPort, ...]]
    pairs: tuple[tuple[str, str], ...]
    rate: dict[tuple[str, str], float]
    fuel_co2: dict[tuple[str, int], float]
    fuel_shape: dict[str, np.ndarray]
    removal_share: dict[tuple[str, int], float]
    process_co2: dict[tuple[str, int], float]
    process_scope: dict[str, int]
    variable_cost: dict[tuple[str, int], float]

    def co2(self, q: str, y: int) -> float | np.ndarray:
        """CO2 per activity of a source that burns fuel (t/MWh), of each snapshot where the ports of its fuels have a shape."""
        return self.fuel_co2[q, y] * self.fuel_shape[q] if q in self.fuel_shape else self.fuel_co2[q, y]


def resolve_captures(case: Case, years: Sequence[int], profiles: Mapping[str, np.ndarray]) -> Captures:
    """Capture plants, and the CO2 that each of their sources gives off."""
    rows = of_role(case, "capture")
    fuel_shape: dict[str, np.ndarray] = {}
    fuel_co2, removal_share, process_co2, scope = {}, {}, {}, {}
    technologies = {t.technology: t for t in case.technologies}
    for q in dict.fromkeys(c.source for c in case.captures):
        if q in technologies:
            fuels = _co2_of_fuels(case, technologies[q], years)
            shapes = [p.shape for p in ports_of(case, technologies[q].type_name, profiles) if p.ratio < 0 and p.carrier in fuels]
            if shapes and shapes[0] is not None:  # the same at all of its fuels, see the checks of the case
                fuel_shape[q] = shapes[0]
            for y in years:
                fuel_co2[q, y] = total = sum(co2[y] for co2, _ in fuels.values())
                biogenic = sum(co2[y] for co2, is_biogenic in fuels.values() if is_biogenic)
                removal_share[q, y] = biogenic / total if total else 0.0
        elif q == AIR:
            removal_share |= {(q, y): 1.0 for y in years}
        else:
            emitted = [e for e in case.process_emissions if e.source == q]
            scope[q] = emitted[0].scope
            for y, tonnes in over_years([(e.year, e.value * yearly_factor(e.unit, "t")) for e in emitted], years).items():
                process_co2[q, y] = tonnes / 8760
                removal_share[q, y] = 0.0
    return Captures(
        plants=tuple(r.technology for r in rows),
        zone={r.technology: r.zone for r in rows},
        ports={r.technology: ports_of(case, r.type_name) for r in rows},
        pairs=tuple((c.technology, c.source) for c in case.captures),
        rate={(c.technology, c.source): c.rate for c in case.captures},
        fuel_co2=fuel_co2,
        fuel_shape=fuel_shape,
        removal_share=removal_share,
        process_co2=process_co2,
        process_scope=scope,
        variable_cost=variable_cost_of(rows, CostTable(case.costs, years, case.park.currency), "money/t"),
    )


def _co2_of_fuels(case: Case, source: Technology, years: Sequence[int]) -> dict[str, tuple[dict[int, float], bool]]:
    """CO2 per activity of each carrier that the source burns (t/MWh by year), and whether what is bought of it is biogenic."""
    found: dict[str, tuple[dict[int, float], bool]] = {}
    for port in ports_of(case, source.type_name):
        fuels = [s for s in case.supplies if s.carrier == port.carrier and s.scope == 1 and s.can_import]
        if port.ratio > 0 or not fuels:
            continue
        rows = [f for f in case.emission_factors if f.supply == fuels[0].supply]
        content = over_years([(f.year, f.value * factor(f.unit, "t/MWh")) for f in rows], years)
        found[port.carrier] = {y: -port.ratio * content[y] for y in years}, bool(rows[0].biogenic)
    return found
