"""Equipment in operation: converters, stores, capture plants and links, with what an hour of them needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from models.case import Case, Technology
from models.inputs.commitment import is_committed
from models.inputs.costs import CostTable
from models.inputs.finance import over_years
from models.units import factor, yearly_factor

#: Stands for the air as a source of CO2.
AIR = "air"


@dataclass(frozen=True)
class Port:
    """A carrier at a piece of equipment; ratio per unit of activity, above 0 out of it, below 0 into it.

    shape   multiplies the ratio, never below 0   1 (snapshots,); None = always 1
    """

    carrier: str
    ratio: float
    shape: np.ndarray | None = field(default=None, compare=False)

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
    ports: dict[str, tuple[Port, ...]]
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
    full_power_hours         capacity / power                                h (s)
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


@dataclass(frozen=True)
class Captures:
    """Capture plants k and the sources q of CO2 that they can take.

    plants, zone, ports   names; where each stands; flows per t captured        (k)
    pairs                 who can take from whom                                tuple of (k,q)
    rate                  share of the source's CO2 that can be taken           1 (k,q)
    fuel_co2              CO2 per activity of a source that burns fuel          t/MWh (q,y)
    fuel_shape            multiplies it                                         1 (q) -> (snapshots,); absent = always 1
    removal_share         share of a source's CO2 that is biogenic or air       1 (q,y)
    own_share             share of a source's CO2 that is of a carrier made in the park too, and counted as `own_fuel` says;
                          removal_share has none of it                          1 (q,carrier,y)
    own_makers            of such a carrier, True if what makes it is biogenic  (carrier)
    process_co2           CO2 of a source that is a process                     t/h (q,y)
    process_scope         scope in which that process counts                    (q)
    variable_cost         of CO2 captured                                       money/t (k,y); absent = 0
    """

    plants: tuple[str, ...]
    zone: dict[str, str]
    ports: dict[str, tuple[Port, ...]]
    pairs: tuple[tuple[str, str], ...]
    rate: dict[tuple[str, str], float]
    fuel_co2: dict[tuple[str, int], float]
    fuel_shape: dict[str, np.ndarray]
    removal_share: dict[tuple[str, int], float]
    own_share: dict[tuple[str, str, int], float]
    own_makers: dict[str, bool]
    process_co2: dict[tuple[str, int], float]
    process_scope: dict[str, int]
    variable_cost: dict[tuple[str, int], float]

    def co2(self, q: str, y: int) -> float | np.ndarray:
        """CO2 per activity of a source that burns fuel (t/MWh), of each snapshot where the ports of its fuels have a shape."""
        return self.fuel_co2[q, y] * self.fuel_shape[q] if q in self.fuel_shape else self.fuel_co2[q, y]


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


def _ports(case: Case, type_name: str, profiles: Mapping[str, np.ndarray] | None = None) -> tuple[Port, ...]:
    """The ports of a type; without `profiles` their shapes are left out."""
    sign = {"out": 1.0, "in": -1.0}
    return tuple(
        Port(p.carrier, sign[p.direction] * p.ratio, profiles[p.profile] if profiles is not None and p.profile else None)
        for p in case.ports if p.type == type_name
    )  # fmt: skip


def _of_role(case: Case, role: str) -> list[Technology]:
    roles = {t.type: t.role for t in case.types}
    return [t for t in case.technologies if roles[t.type_name] == role]


def _variable_cost(rows: list[Technology], table: CostTable, unit: str) -> dict[tuple[str, int], float]:
    found = {}
    for row in rows:
        for y, value in table.series(row.type_name, "variable_cost", unit).items():
            if value:
                found[row.technology, y] = value
    return found


def resolve_conversion(case: Case, years: Sequence[int], profiles: Mapping[str, np.ndarray]) -> Conversion:
    """Converters with their ports, availability on the snapshots, and costs."""
    rows = _of_role(case, "converter")
    types = {t.type: t for t in case.types}
    return Conversion(
        converters=tuple(r.technology for r in rows),
        zone={r.technology: r.zone for r in rows},
        ports={r.technology: _ports(case, r.type_name, profiles) for r in rows},
        availability={r.technology: profiles[r.profile] for r in rows if r.profile},
        min_load={
            r.technology: types[r.type_name].min_load
            for r in rows
            if types[r.type_name].min_load > 0 and not r.profile and not is_committed(case, r, types[r.type_name])
        },
        variable_cost=_variable_cost(rows, CostTable(case.costs, years, case.park.currency), "money/MWh"),
        green=frozenset(r.technology for r in rows if types[r.type_name].green),
    )  # fmt: skip


def resolve_storage(case: Case, years: Sequence[int]) -> Storage:
    """Stores with their efficiencies and costs."""
    rows = _of_role(case, "store")
    types = {r.technology: next(t for t in case.types if t.type == r.type_name) for r in rows}
    return Storage(
        stores=tuple(types),
        zone={r.technology: r.zone for r in rows},
        carrier={r.technology: _ports(case, r.type_name)[0].carrier for r in rows},
        charge_efficiency={s: t.charge_efficiency for s, t in types.items()},
        discharge_efficiency={s: t.discharge_efficiency for s, t in types.items()},
        standing_loss={s: t.standing_loss for s, t in types.items()},
        full_power_hours={s: t.full_power_hours for s, t in types.items()},
        seasonal=frozenset(s for s, t in types.items() if t.seasonal),
        variable_cost=_variable_cost(rows, CostTable(case.costs, years, case.park.currency), "money/MWh"),
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


def resolve_captures(case: Case, years: Sequence[int], profiles: Mapping[str, np.ndarray]) -> Captures:
    """Capture plants, and the CO2 that each of their sources gives off."""
    rows = _of_role(case, "capture")
    fuel_shape: dict[str, np.ndarray] = {}
    fuel_co2, removal_share, process_co2, scope = {}, {}, {}, {}
    own_share: dict[tuple[str, str, int], float] = {}
    makers = own_fuels(case)
    technologies = {t.technology: t for t in case.technologies}
    for q in dict.fromkeys(c.source for c in case.captures):
        if q in technologies:
            fuels = _co2_of_fuels(case, technologies[q], years)
            shapes = [p.shape for p in _ports(case, technologies[q].type_name, profiles) if p.ratio < 0 and p.carrier in fuels]
            if shapes and shapes[0] is not None:  # the same at all of its fuels, see the checks of the case
                fuel_shape[q] = shapes[0]
            for y in years:
                fuel_co2[q, y] = total = sum(co2[y] for co2, _ in fuels.values())
                biogenic = sum(co2[y] for c, (co2, is_biogenic) in fuels.items() if is_biogenic and c not in makers)
                removal_share[q, y] = biogenic / total if total else 0.0
                own_share |= {(q, c, y): co2[y] / total for c, (co2, _) in fuels.items() if c in makers and total}
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
        ports={r.technology: _ports(case, r.type_name) for r in rows},
        pairs=tuple((c.technology, c.source) for c in case.captures),
        rate={(c.technology, c.source): c.rate for c in case.captures},
        fuel_co2=fuel_co2, fuel_shape=fuel_shape, removal_share=removal_share, own_share=own_share, own_makers=makers,
        process_co2=process_co2, process_scope=scope,
        variable_cost=_variable_cost(rows, CostTable(case.costs, years, case.park.currency), "money/t"),
    )  # fmt: skip


def own_fuels(case: Case) -> dict[str, bool]:
    """Carriers with CO2 that converters of the park make too, and True if their makers are biogenic.

    Not those that are biogenic wherever they come from: nothing of them is counted when it is bought, and all that is captured
    is a removal.
    """
    found: dict[str, bool] = {}
    bought = {s.carrier: s.supply for s in reversed(case.supplies) if s.scope == 1 and s.can_import}
    for technology in _of_role(case, "converter"):
        ports = _ports(case, technology.type_name)
        from_biomass = any(p.ratio < 0 and _is_biogenic(case, bought[p.carrier]) for p in ports if p.carrier in bought)
        for made in (p.carrier for p in ports if p.ratio > 0 and p.carrier in bought):
            found[made] = found.get(made, True) and from_biomass
    return {c: biogenic for c, biogenic in found.items() if not (biogenic and _is_biogenic(case, bought[c]))}


def _is_biogenic(case: Case, supply: str) -> bool:
    return any(f.biogenic for f in case.emission_factors if f.supply == supply)


def _co2_of_fuels(case: Case, source: Technology, years: Sequence[int]) -> dict[str, tuple[dict[int, float], bool]]:
    """CO2 per activity of each carrier that the source burns (t/MWh by year), and whether what is bought of it is biogenic."""
    found: dict[str, tuple[dict[int, float], bool]] = {}
    for port in _ports(case, source.type_name):
        fuels = [s for s in case.supplies if s.carrier == port.carrier and s.scope == 1 and s.can_import]
        if port.ratio > 0 or not fuels:
            continue
        rows = [f for f in case.emission_factors if f.supply == fuels[0].supply]
        content = over_years([(f.year, f.value * factor(f.unit, "t/MWh")) for f in rows], years)
        found[port.carrier] = {y: -port.ratio * content[y] for y in years}, bool(rows[0].biogenic)
    return found
