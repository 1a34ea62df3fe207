"""What a park can have at most, and must need at least: bounds that hold whatever is decided. No solve is needed for them."""

from __future__ import annotations

import math

import numpy as np

from models.inputs import Inputs
from models.investment.budget import spent_on_signed
from models.metrics import METRICS


def most_capacity(inputs: Inputs, k: str, y: int) -> float:
    """Most of an asset that can stand in a year, with all that may be ordered and paid for until then."""
    capacity = inputs.capacity
    built = sum(most_order(inputs, k, v) for own, v in capacity.builds if own == k and y in capacity.works[k, v])
    built += sum(size for (own, v), size in capacity.committed.items() if own == k and y in capacity.works[k, v])
    room = capacity.site_area[capacity.site[k]] / capacity.area[k] if k in capacity.site else math.inf
    return min(capacity.existing.get((k, y), 0.0) + built, capacity.max_capacity.get((k, y), math.inf), room)


def most_order(inputs: Inputs, k: str, v: int) -> float:
    """Most that can be ordered in a year within the limits and the year's budget; 0 where the least order is too dear."""
    capacity, budget = inputs.capacity, inputs.finance.budget
    most = capacity.build_max[k, v]
    if v in budget:
        own = capacity.own_share[k, v]
        left = budget[v] - spent_on_signed(inputs, v) - own * capacity.project_cost[k, v]
        price = own * capacity.capital_cost[k, v]
        most = most if price < 0 else 0.0 if left < 0 else min(most, left / price) if price > 0 else most
    if k in capacity.unit_size and math.isfinite(most):
        most = math.floor(most / capacity.unit_size[k] + 1e-6) * capacity.unit_size[k]
    return most if most >= capacity.min_build.get(k, 0.0) * (1 - 1e-6) else 0.0


def can_adopt(inputs: Inputs, m: str, y: int) -> bool:
    """True if a measure can be in force in a year: some year of its start lets it be paid for."""
    measures, budget = inputs.measures, inputs.finance.budget
    return any(
        y in measures.in_force[a] and measures.capital_cost[m] <= budget.get(a[1], math.inf) * (1 + 1e-6)
        for a in measures.adoptions
        if a[0] == m
    )


def least_demand(inputs: Inputs, u: str, y: int) -> float:
    """Energy of a demand (MWh) when every measure that can be in force saves all it can, and none adds to it."""
    left = 1.0
    for step in inputs.measures.steps.get(u, ()):
        if can_adopt(inputs, step.measure, y):
            left *= min(1.0, 1.0 - step.saving)
    lowered = any(s.adds == u and s.adds_ratio * s.saving < 0 for own in inputs.measures.steps.values() for s in own)
    return 0.0 if lowered else inputs.demands.energy[u, y] * max(0.0, left)


def most_supply(inputs: Inputs, y: int, zone: str, carrier: str, *, of_year: bool) -> dict[str, np.ndarray]:
    """Most that everything that can feed a carrier gives in each hour (MW), by name; of the year stores give what flows in."""
    inputs = inputs.at(y)
    hours = np.ones(len(inputs.calendar.weight))
    supplies, conversion, captures, storage = inputs.supplies, inputs.conversion, inputs.captures, inputs.storage
    found: dict[str, np.ndarray] = {}
    for s in supplies.importers:
        if (supplies.zone[s], supplies.carrier[s]) == (zone, carrier):
            if s not in supplies.offered[y]:
                continue
            most = supplies.import_max.get(s, math.inf) * hours
            if s in inputs.contracts.most:
                most = np.minimum(most, inputs.contracts.most[s] * inputs.contracts.shape[s])
            even = supplies.import_year_max.get(s, math.inf) / 8760.0 if of_year else math.inf
            found[s] = np.minimum(most, even)
    for k in inputs.capacity.present[y]:
        if conversion.zone.get(k) == zone:
            share = conversion.availability.get(k, hours) * conversion.net(k, carrier, out_only=True)
            if (share > 0).any():
                found[k] = share * _size(inputs, k, y, share)
        if captures.zone.get(k) == zone:
            made = sum(p.ratio for p in captures.ports[k] if p.carrier == carrier and p.ratio > 0)
            if made > 0:
                found[k] = made * most_capacity(inputs, k, y) * hours
        if (storage.zone.get(k), storage.carrier.get(k)) == (zone, carrier) and (not of_year or k in storage.inflow):
            comes = storage.inflow[k] * storage.discharge_efficiency[k] if of_year else math.inf
            found[k] = min(comes, _most_power(inputs, k, y)) * hours
    network = inputs.network
    for arc in network.arcs:
        if arc[0] in inputs.capacity.present[y] and (network.to_zone[arc], network.carrier[arc]) == (zone, carrier):
            found[arc[0]] = network.delivered[arc] * most_capacity(inputs, arc[0], y) * hours
    return found


def _most_power(inputs: Inputs, s: str, y: int) -> float:
    """Most power of a store (MW)."""
    storage = inputs.storage
    if s in storage.power:
        return sum(most_capacity(inputs, k, y) for k in storage.power[s] if k in inputs.capacity.present[y])
    return most_capacity(inputs, s, y) / storage.full_power_hours[s]


def _size(inputs: Inputs, k: str, y: int, share: np.ndarray) -> np.ndarray:
    """The capacity in hours in which it can run, and nothing in the others: no limit times nothing is no number."""
    return np.where(share > 0, most_capacity(inputs, k, y), 0.0)


def least_gross(inputs: Inputs, y: int) -> float:
    """Gross emissions (t) that no plan can avoid: process emissions that cannot be captured. -inf where it is not sure."""
    captures, carbon, supplies = inputs.captures, inputs.carbon, inputs.supplies
    present = set(inputs.capacity.present[y])
    pairs = [(k, q) for k, q in captures.pairs if k in present]
    factors = supplies.market if carbon.accounting == "market" else supplies.location
    fossil = any(captures.fuel_co2.get((q, y), 0.0) > 0 and captures.removal_share[q, y] < 1 for _, q in pairs)
    below = any(value < 0 for (_, when), value in factors.items() if when == y)
    if fossil or below or any(shape.min() < 0 for shape in supplies.factor_shape.values()):
        return -math.inf  # what is captured of fuels is not followed here
    taken = 0.0
    for q in {q for _, q in pairs if (q, y) in captures.process_co2}:
        own = [(k, p) for k, p in pairs if p == q]
        can = sum(most_capacity(inputs, k, y) for k, _ in own)
        taken += 8760.0 * min(can, max(captures.rate[pair] for pair in own) * captures.process_co2[q, y])
    return max(0.0, sum(t for (_, when), t in carbon.process.items() if when == y) - taken)


def most_uptake(inputs: Inputs, p: str, y: int) -> float:
    """Most that a restoration project can take up in a year (t), planted as early and as fast as is allowed and paid for."""
    restoration, budget = inputs.restoration, inputs.finance.budget
    area, total = restoration.area_max.get(p, math.inf), 0.0
    grown = [(restoration.uptake[p, v, y], v) for v in sorted(restoration.plant_years) if y in restoration.kept[p, v]]
    for per_hectare, v in sorted(grown, reverse=True):
        price = restoration.capital_cost[p]
        paid = budget[v] / price if v in budget and price > 0 else math.inf
        planted = min(area, restoration.plant_max.get(p, math.inf), paid)
        total += per_hectare * planted if per_hectare > 0 else 0.0
        area -= planted
        if not area > 0 or math.isinf(total):
            break
    return total


def most_removed(inputs: Inputs, y: int) -> dict[str, float]:
    """Most that can be taken off gross emissions in a year (t), by what does it, the rules of the year respected."""
    offsets, restoration, captures = inputs.offsets, inputs.restoration, inputs.captures
    rules = [r for r in inputs.carbon.rules.get(y, ()) if r.sense == "<=" and r.metric in METRICS]
    caps = {r.metric: min(o.limit * inputs.carbon.base_of(o) for o in rules if o.metric == r.metric) for r in rules}
    volume = {o: offsets.volume_max.get((o, y), math.inf) for o in offsets.offsets}
    avoidance = min(caps.get("avoidance_ratio", math.inf), sum(volume[o] for o in volume if offsets.kind[o] == "avoidance"))
    removal = sum(volume[o] for o in volume if offsets.kind[o] == "removal")
    outside = sum(most_uptake(inputs, p, y) for p in restoration.projects if p not in restoration.inside)
    inside = sum(most_uptake(inputs, p, y) for p in restoration.projects if p in restoration.inside)
    made = [c for c, is_biogenic in captures.own_makers.items() if is_biogenic]
    capturing = {
        k
        for k, q in captures.pairs
        if captures.removal_share.get((q, y), 0.0) > 0 or any((q, c, y) in captures.own_share for c in made)
    }
    captured = sum(8760.0 * most_capacity(inputs, k, y) for k in capturing & set(inputs.capacity.present[y]))
    offset = max(0.0, min(caps.get("offset_ratio", math.inf), max(0.0, avoidance) + removal + outside))
    return {"offsets": offset, "restored land inside the park": inside, "captured removals": captured}
