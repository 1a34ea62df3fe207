"""A year of the plan as a PyPSA network: its table of contents.

What the plan decided stands still: capacities, demands after measures, certificates, credits, restored land, paid peaks.
What an hour decides is PyPSA's to dispatch, under the same balances, limits and stage rules, at the same prices.

Capture as PyPSA components: flue gas flows through a link for each source into the plant, and from there to storage.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from models.inputs.equipment import EquipmentPort
from models.operation.boundary import import_bound
from planner import __version__
from planner.export.load import Loaded
from planner.export.pypsa_rules import ROOM, Attribute, LinkDraft, NetworkDraft, NetworkFiles, left_out, planned
from planner.language.language import mark
from planner.language.message import Message
from planner.plan import CAPITAL_ITEMS, TARGET

# --- pypsa boundary --------------------------------------------------------------------------------------------------------
# Supplies as PyPSA generators: what is bought feeds the bus, what is sold draws from it (sign -1).
#
# Connections as PyPSA links: supplies behind one have a bus of their own, and what passes is within its limit and what is paid.


def add_supplies(draft: NetworkDraft) -> None:
    """Imports with price and carbon price, within the connection and the peaks paid for; exports with theirs."""
    supplies, y, hours = draft.inputs.supplies, draft.year, len(draft.network.weight)
    contracts = draft.inputs.contracts
    contracted = planned(draft.run, y, "contracts", "supply", "item == 'contracted'")
    for s in supplies.importers:
        price = contracts.paid_share(s) * supplies.hourly_price(s, y, "energy", hours) + _carbon(draft, s)
        most = import_bound(draft.inputs, s) if s in supplies.offered[y] and in_force(draft, s) else 0.0
        limits: dict[str, Attribute] = {"p_nom": most * (1 + ROOM)}
        paid = paid_for(draft, s)
        if s in contracts.most:
            generated = contracted.get(s, 0.0) * contracts.shape[s]
            paid = generated if paid is None else np.minimum(paid, generated)
        if paid is not None:
            most = max(float(paid.max()), 1e-9)
            limits = {"p_nom": most * (1 + ROOM), "p_max_pu": paid / most}
        if s in supplies.import_year_max:
            limits["e_sum_max"] = supplies.import_year_max[s] * (1 + ROOM)
        certified = _certified(draft, s)
        if certified:
            limits["e_sum_min"] = certified * (1 - ROOM)
        carrier = draft.network.carrier(f"{s} import", **draft.counts("import", s))
        draft.network.add("Generator", f"{s} import", bus=draft.bus_of(s, "import"), carrier=carrier, marginal_cost=price, **limits)
    for s in supplies.exporters:
        limits = {"p_nom": supplies.most(supplies.export_max, s, y) if in_force(draft, s) else 0.0}
        if s in supplies.export_year_max:
            limits["e_sum_max"] = supplies.export_year_max[s] * (1 + ROOM)
        carrier = draft.network.carrier(f"{s} export", **draft.counts("export", s))
        draft.network.add(
            "Generator",
            f"{s} export",
            bus=draft.bus_of(s, "export"),
            sign=-1.0,
            carrier=carrier,
            marginal_cost=-supplies.hourly_price(s, y, "export", hours),
            **limits,
        )


def _carbon(draft: NetworkDraft, s: str) -> float | np.ndarray:
    """Carbon cost of a MWh bought in each hour: the supply's own price, and that of all of scope 1."""
    supplies, y = draft.inputs.supplies, draft.year
    price = supplies.carbon_price.get((s, y), 0.0)
    if supplies.scope[s] == 1:
        price += supplies.carbon_price.get(("*", y), 0.0)
    return price * supplies.hourly_factor(s, y, draft.inputs.carbon.accounting, len(draft.network.weight)) if price else 0.0


def _certified(draft: NetworkDraft, s: str) -> float:
    """Least imports of the year that the certificates of the plan need."""
    supplies, y = draft.inputs.supplies, draft.year
    volumes = planned(draft.run, y, "certificates", "certificate")
    own = {c: v for c, v in volumes.items() if supplies.certificate_supply[c] == s and v > 0}
    shares = [v / supplies.certificate_share[c, y] for c, v in own.items()]
    return max([sum(own.values()), *shares], default=0.0)


def add_connections(draft: NetworkDraft) -> None:
    """A link each way of every connection with a limit: its own, its capacity, or the peaks that are paid for."""
    inputs, connections = draft.inputs, draft.inputs.connections
    for c in connections.connections:
        own = draft.capacity.get(c, 0.0) if c in connections.sized else math.inf
        for way, members, limits in (
            ("import", connections.importers[c], connections.import_max),
            ("export", connections.exporters[c], connections.export_max),
        ):
            most = min(own, limits.get(c, math.inf))
            paid = paid_for(draft, c) if way == "import" else None
            if not members or (math.isinf(most) and paid is None):
                continue
            place = inputs.supplies.zone[members[0]], inputs.supplies.carrier[members[0]]
            ends = [draft.network.bus(bus_of(c, way), place[1]), draft.bus(*place)]
            hourly = np.minimum(most, math.inf if paid is None else paid)
            largest = max(float(np.max(hourly)), 1e-9)
            shape: dict[str, Attribute] = {} if paid is None else {"p_max_pu": hourly / largest}
            draft.network.add(
                "Link",
                bus_of(c, way),
                bus0=ends[way == "export"],
                bus1=ends[way == "import"],
                efficiency=1.0,
                p_nom=largest * (1 + ROOM),
                carrier=draft.network.carrier(c),
                **shape,
            )
            draft.behind |= {(s, way): bus_of(c, way) for s in members}


def bus_of(connection: str, way: str) -> str:
    """The bus between a connection and its supplies, and the link to the park."""
    return f"{connection} {way} of all"


def paid_for(draft: NetworkDraft, payer: str) -> np.ndarray | None:
    """Most that a supply or connection may import in each hour under the peaks and the contract paid for; None where none is."""
    rows = draft.run.plans[TARGET]["connections"]
    rows = rows[(rows["year"] == draft.year) & (rows["name"] == payer)]
    if rows.empty:
        return None
    contracted = float(rows[rows["item"] == "contracted"]["value"].sum())
    supplies, billing = draft.inputs.supplies, draft.inputs.calendar.billing
    peaks = rows[rows["item"] == "peak"]
    by_contract = (rows["item"] == "contracted").any() and (peaks["period"] != "").all()
    limit = np.full(len(draft.network.weight), contracted if by_contract else np.inf)
    for period, month, peak in peaks[["period", "month", "value"]].itertuples(index=False):
        for i, (_, hours) in enumerate(billing):
            own = list(hours) if not period else np.flatnonzero(supplies.period_hours[payer, period][i])
            if str(month) in (str(i + 1), "all"):
                limit[own] = np.minimum(limit[own], peak + (0.0 if period else contracted))
    return limit / draft.inputs.supplies.peak_factor.get(payer, 1.0)


def in_force(draft: NetworkDraft, s: str) -> bool:
    """True if a supply is sold in the year under the scheme that the plan chose, or under each."""
    connections = draft.inputs.connections
    rows = draft.run.plans[TARGET]["schemes"]
    chosen = rows[(rows["year"] == draft.year) & (rows["connection"] == connections.of(s))]["scheme"].astype(str).tolist()
    return s not in connections.scheme_of or connections.scheme_in(connections.scheme_of[s]) in chosen


# --- pypsa equipment -------------------------------------------------------------------------------------------------------
# Converters, stores and links of the year as PyPSA components.
#
# A converter with one port is a generator. One with more is a link: its first port is what flows in, the others have an
# efficiency each, below 0 for what flows in too. A store is a storage unit, a link between zones a link each way.


def add_converters(draft: NetworkDraft) -> None:
    """All converters that have capacity."""
    conversion, y = draft.inputs.conversion, draft.year
    for k in conversion.converters:
        if k not in draft.capacity:
            continue
        bounds: dict[str, Attribute] = {}
        if k in conversion.availability:
            bounds["p_max_pu"] = conversion.availability[k]
        if k in conversion.min_load:
            bounds["p_min_pu"] = conversion.min_load[k] * (1 - 1e-6) * conversion.availability.get(k, 1.0)
        cost = conversion.variable_cost.get((k, y), 0.0)
        ports = conversion.ports[k]
        if len(ports) == 1 and ports[0].shape is None and (k, y) not in draft.inputs.captures.fuel_co2:
            _generator(draft, k, ports[0], bounds, cost)
        else:
            _converter(draft, k, bounds, cost)


def _generator(draft: NetworkDraft, k: str, port: EquipmentPort, bounds: dict[str, Attribute], cost: float) -> None:
    ratio = abs(port.ratio)
    factors = draft.counts("made", k) if port.carrier == "electricity" and port.ratio > 0 else {}
    draft.network.add(
        "Generator",
        k,
        bus=draft.bus(draft.inputs.conversion.zone[k], port.carrier),
        sign=1.0 if port.ratio > 0 else -1.0,
        p_nom=draft.capacity[k] * ratio,
        marginal_cost=cost / ratio,
        carrier=draft.network.carrier(k, **factors),
        **bounds,
    )


def _converter(draft: NetworkDraft, k: str, bounds: dict[str, Attribute], cost: float) -> None:
    conversion, y = draft.inputs.conversion, draft.year
    zone, ports = conversion.zone[k], conversion.ports[k]
    link = draft_link(draft, k, zone, ports, draft.capacity[k], cost)
    made = conversion.net(k, "electricity", out_only=True)
    if np.any(made) and draft.counts("made", k):
        draft.count(link, f"electricity of {k}", made / link.per, draft.counts("made", k))
    if draft.inputs.captures.fuel_co2.get((k, y)) and any(q == k for _, q in draft.pairs):
        link.port(flue_gas(draft, k, draft.capacity[k]), draft.inputs.captures.co2(k, y) / link.per)
    draft.network.add("Link", k, **link.attributes, **bounds)


def draft_link(draft: NetworkDraft, k: str, zone: str, ports: Iterable[EquipmentPort], capacity: float, cost: float) -> LinkDraft:
    """A link with the ports of a piece of equipment.

    A port whose ratio differs from hour to hour is not the first: the link's own flow would not tell its activity.
    """
    ports = list(ports)
    first = next((p for p in ports if p.ratio < 0 and p.shape is None), None)
    if first is None:  # runs on nothing that is balanced: a generator without cost stands before it
        bus = draft.network.bus(f"source of {k}", "source")
        draft.network.add("Generator", f"source of {k}", bus=bus, p_nom=capacity, carrier=draft.network.carrier("source"))
        per = 1.0
    else:
        bus, per = draft.bus(zone, first.carrier), -first.ratio
    most = capacity * per
    carrier = draft.network.carrier(k)
    link = LinkDraft({"bus0": bus, "p_nom": most, "marginal_cost": cost / per, "carrier": carrier}, most, per)
    for port in ports:
        if port is not first:
            link.port(draft.bus(zone, port.carrier), port.hourly / per)
    return link


def flue_gas(draft: NetworkDraft, q: str, capacity: float) -> str:
    """The bus of the CO2 that a source gives off; what is not captured goes to the air."""
    name, network = f"flue gas of {q}", draft.network
    if name not in network.static["Bus"]:
        network.bus(name, "co2")
        most = capacity * float(np.max(draft.inputs.captures.co2(q, draft.year)))
        carrier = network.carrier("flue gas")
        network.add("Generator", f"{name} to the air", bus=name, sign=-1.0, p_nom=most * 1.001, carrier=carrier)
    return name


def add_stores(draft: NetworkDraft) -> None:
    """Stores; those with power apart, levels or an inflow run as planned, and so do seasonal ones where days stand for others."""
    storage, y, network = draft.inputs.storage, draft.year, draft.network
    for s in storage.stores:
        if s not in draft.capacity:
            continue
        bus, cost = draft.bus(storage.zone[s], storage.carrier[s]), storage.variable_cost.get((s, y), 0.0)
        if (network.periods and s in storage.seasonal) or s in storage.of_their_own:
            _as_planned(draft, s, bus, cost)
            continue
        network.add(
            "StorageUnit",
            s,
            bus=bus,
            carrier=network.carrier(s),
            p_nom=draft.capacity[s] / storage.full_power_hours[s],
            max_hours=storage.full_power_hours[s],
            efficiency_store=storage.charge_efficiency[s],
            efficiency_dispatch=storage.discharge_efficiency[s],
            standing_loss=storage.standing_loss[s],
            marginal_cost=cost,
            cyclic_state_of_charge=not network.periods,
            cyclic_state_of_charge_per_period=network.periods,
        )


def _as_planned(draft: NetworkDraft, s: str, bus: str, cost: float) -> None:
    charge, discharge = draft.flows["charge", s], draft.flows["discharge", s]
    draft.network.add("Load", f"{s} charge", bus=bus, p_set=charge)
    most = float(discharge.max())
    if most > 0:
        share = np.clip(discharge / most, 0.0, 1.0)
        draft.network.add(
            "Generator",
            f"{s} discharge",
            bus=bus,
            p_nom=most,
            p_min_pu=share,
            p_max_pu=share,
            marginal_cost=cost,
            carrier=draft.network.carrier(s),
        )


def add_links(draft: NetworkDraft) -> None:
    """Links between zones, one each way that they work."""
    grid, y = draft.inputs.network, draft.year
    for a in grid.arcs:
        name, start = a
        if name in draft.capacity:
            carrier = grid.carrier[a]
            draft.network.add(
                "Link",
                f"{name} from {start}",
                bus0=draft.bus(grid.from_zone[a], carrier),
                bus1=draft.bus(grid.to_zone[a], carrier),
                efficiency=grid.delivered[a],
                p_nom=draft.capacity[name],
                marginal_cost=grid.variable_cost.get((name, y), 0.0),
                carrier=draft.network.carrier(name),
            )


# --- pypsa network ---------------------------------------------------------------------------------------------------------

#: Items of costs.csv that the dispatch pays.
DISPATCHED = ("energy", "export", "variable_cost", "carbon")


def pypsa_network(run: Loaded, year: int | None = None) -> tuple[NetworkFiles, dict[str, Any]]:
    """The network of a year, the last one where none is named, and what its meta.json says: of the run, how it is solved, what the
    year costs in the plan (all but capital; of that, what no dispatch changes; money), and what the network does not represent."""
    y, park = run.inputs.years[-1] if year is None else year, run.case.park
    draft = NetworkDraft(run.of_year(y), y)
    for add in (add_demands, add_converters, add_stores, add_links, add_capture, add_connections, add_supplies, add_rules):
        add(draft)
    costs = run.plans[TARGET]["costs"].query(f"year == {y}")
    operating = costs[~costs["item"].isin(CAPITAL_ITEMS)]
    outside = operating[~operating["item"].isin(DISPATCHED)]["value"].sum() + _carbon_constant(draft)
    others = Message(
        "years other than {y}, orders, retirements, measures, budget: the network is that of {y} as it was planned", y=y
    )
    return draft.network, {
        "parkzero": __version__,
        "park": park.name,
        "currency": f"{park.currency}_{park.price_year}",
        "year": y,
        "multi_investment_periods": draft.network.periods,
        "cost_of_year": float(operating["value"].sum()),
        "cost_outside_dispatch": float(outside),
        "not_represented": [others, *held_still(draft)],
    }


def add_demands(draft: NetworkDraft) -> None:
    """Every demand, after measures, hour by hour."""
    demands = draft.inputs.demands
    for u in demands.demands:
        bus = draft.bus(demands.zone[u], demands.carrier[u])
        draft.network.add("Load", u, bus=bus, p_set=draft.flows["demand", u])


def add_rules(draft: NetworkDraft) -> None:
    """Each stage rule as a global constraint on what the carriers of generators count."""
    for rule in draft.rules:
        draft.network.add(
            "GlobalConstraint",
            rule.name,
            type="primary_energy",
            carrier_attribute=rule.name,
            sense=rule.sense,
            constant=rule.constant,
        )


def _carbon_constant(draft: NetworkDraft) -> float:
    """Carbon cost that no dispatch changes: of processes, less that of certified imports."""
    inputs, y = draft.inputs, draft.year
    supplies, market = inputs.supplies, inputs.carbon.accounting == "market"
    total = supplies.carbon_price.get(("*", y), 0.0) * inputs.carbon.process.get((1, y), 0.0)
    for c, volume in planned(draft.run, y, "certificates", "certificate").items():
        s = supplies.certificate_supply[c]
        if market and supplies.scope.get(s) == 2:
            total -= supplies.carbon_price.get((s, y), 0.0) * supplies.market[s, y] * volume
    return total


def held_still(draft: NetworkDraft) -> Iterator[Message]:
    """What of the plan's year the network leaves out or holds still, a line each."""
    tables, y, inputs, there = draft.run.plans[TARGET], draft.year, draft.inputs, draft.capacity
    storage, commitment, flexibility = inputs.storage, inputs.commitment, inputs.flexibility
    stores = [s for s in storage.stores if s in there]
    seasonal = [s for s in stores if draft.network.periods and s in storage.seasonal]
    alone = [s for s in stores if s in storage.of_their_own]
    plants = [k for k in commitment.plants if k in there]
    hourly = [s for s, basis in inputs.supplies.factor_profile if basis == inputs.carbon.accounting] if draft.rules else []
    first: list[tuple[str, Iterable[str]]] = [
        (mark("seasonal stores between days ({names}): they are charged and discharged as planned"), seasonal),
        (mark("stores with power apart, levels or an inflow ({names}): they are charged and discharged as planned"), alone),
        (
            mark("stores: charging and discharging have a limit each, not one together"),
            [s for s in stores if s not in seasonal and s not in alone],
        ),
        (
            mark("starts, ramps and minimum loads of what is on ({names}): left out; the cost of starts is outside the dispatch"),
            plants,
        ),
        (mark("what plants take at no load and as they start ({names}): left out"), [k for k in plants if k in commitment.fed]),
        (mark("outages ({names}): left out, so that more may run in the year"), [k for k in commitment.outage if k in there]),
        (
            mark("full-load hours ({names}): left out, so that more or less may run in the year"),
            [k for k in there if k in commitment.min_hours or k in commitment.max_hours],
        ),
        (
            mark("cycles of stores ({names}): left out, so that more may be discharged in the year"),
            [s for s in storage.cycles if s in there],
        ),
        (mark("emission factors by the hour ({names}): rules count what the plan's imports come to by the MWh"), hourly),
        (mark("one_way ({names}): left out, so that both ways may be used at once"), inputs.connections.one_way),
        (
            mark("demand that moves or is shed ({names}): as planned; its cost is outside the dispatch"),
            dict.fromkeys([*flexibility.movable(y), *flexibility.sheddable(y)]),
        ),
    ]
    yield from _of_names(first)
    for r in tables["schemes"][tables["schemes"]["year"] == y].itertuples():
        yield Message(
            "the choice of a tariff scheme ({connection}): that of the plan, {scheme}, is in force",
            connection=r.connection,
            scheme=r.scheme,
        )
    last: list[tuple[str, Iterable[str]]] = [
        (
            mark("what is contracted ({names}): as planned; what is paid in any case is outside the dispatch"),
            planned(draft.run, y, "contracts", "supply", "item == 'contracted'"),
        ),
        (mark("rules of rules.csv over hours or years ({names}): left out"), left_out(draft.run, y, draft.pairs)),
    ]
    for table, name, words in HELD:
        rows = tables[table][(tables[table]["year"] == y) & (np.abs(tables[table]["value"]) > 1e-9)]
        last.append((words, dict.fromkeys(map(str, rows[name]))))
    yield from _of_names(last)


def _of_names(lines: Iterable[tuple[str, Iterable[str]]]) -> Iterator[Message]:
    """The sentences that have names."""
    return (Message(words, names=", ".join(names)) for words, names in lines if names)


#: Decisions of the year that stand as planned: their table, what they are of, and what is said of them.
HELD = (
    ("certificates", "certificate", mark("certificates ({names}): as planned; their cost is outside the dispatch")),
    ("offsets", "offset", mark("carbon credits ({names}): as planned; their cost is outside the dispatch")),
    ("restoration", "project", mark("restored land ({names}): as planned; their cost is outside the dispatch")),
    (
        "connections",
        "name",
        mark(
            "demand and capacity charges ({names}): imports stay within the peaks that are paid for; their cost is outside the "
            "dispatch"
        ),
    ),
)


def add_capture(draft: NetworkDraft) -> None:
    """Plants, and what each of their sources gives off."""
    captures, y, network = draft.inputs.captures, draft.year, draft.network
    for k, q in draft.pairs:
        rate, capacity = captures.rate[k, q], draft.capacity[k]
        ends = {"bus0": _source(draft, q), "bus1": network.bus(f"captured by {k}", "co2")}
        most = capacity / rate
        link = LinkDraft({**ends, "efficiency": rate, "p_nom": most, "carrier": network.carrier(k)}, most)
        fossil = 1 - draft.run.inputs.captures.removal_share[q, y]
        price = draft.inputs.supplies.carbon_price.get(("*", y), 0.0) if captures.process_scope.get(q, 1) == 1 else 0.0
        draft.count(link, f"captured by {k} from {q}", rate, draft.counts("captured", k, q), -price * fossil)
        network.add("Link", f"{k} from {q}", **link.attributes)
    for k in dict.fromkeys(k for k, _ in draft.pairs):
        cost = captures.variable_cost.get((k, y), 0.0)
        # The activity of a plant is what it is given: a port of that flow, per unit of activity, stands first.
        link = draft_link(draft, k, captures.zone[k], captures.ports[k], draft.capacity[k], cost)
        link.port(f"captured by {k}", -1.0 / link.per)
        if captures.fuel_co2.get((k, y)) and any(q == k for _, q in draft.pairs):
            link.port(flue_gas(draft, k, draft.capacity[k]), captures.fuel_co2[k, y] / link.per)
        network.add("Link", k, **link.attributes)


def _source(draft: NetworkDraft, q: str) -> str:
    """The bus that the CO2 of a source comes from."""
    captures, network, y = draft.inputs.captures, draft.network, draft.year
    if (q, y) in captures.fuel_co2:
        return flue_gas(draft, q, draft.capacity[q])
    name = f"flue gas of {q}"
    if name not in network.static["Bus"]:
        network.bus(name, "co2")
        most = sum(draft.capacity[p] / captures.rate[p, r] for p, r in draft.pairs if r == q)
        given = captures.process_co2.get((q, y), most)
        network.add("Generator", name, bus=name, p_nom=given, carrier=network.carrier("flue gas"))
    return name
