"""A year of the plan as a PyPSA network: its table of contents.

What the plan decided stands still: capacities, demands after measures, certificates, credits, restored land, paid peaks.
What an hour decides is PyPSA's to dispatch, under the same balances, limits and stage rules, at the same prices.

Capture as PyPSA components: flue gas flows through a link for each source into the plant, and from there to storage.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TypedDict

import numpy as np

from planner import __version__
from planner.export.load import Loaded
from planner.export.pypsa_boundary import add_connections, add_supplies
from planner.export.pypsa_draft import LinkDraft, NetworkDraft
from planner.export.pypsa_equipment import add_converters, add_links, add_stores, draft_link, flue_gas
from planner.export.pypsa_files import NetworkFiles
from planner.export.pypsa_rules import captured_shares, left_out, planned
from planner.language.message import Message
from planner.plan import CAPITAL_ITEMS, TARGET

#: Items of costs.csv that the dispatch pays.
DISPATCHED = ("energy", "export", "variable_cost", "carbon")


class MetaOfRun(TypedDict):
    """What meta.json says of the run."""

    parkzero: str
    park: str
    currency: str


class YearFacts(TypedDict):
    """How the network of a year is solved, and what the year costs in the plan (money): all but capital, and of that what no
    dispatch changes."""

    multi_investment_periods: bool
    cost_of_year: float
    cost_outside_dispatch: float


class YearMeta(MetaOfRun, YearFacts):
    """What meta.json says of a network of one year."""

    year: int
    not_represented: list[Message]


def pypsa_network(run: Loaded, year: int | None = None) -> tuple[NetworkFiles, YearMeta]:
    """The network of a year, the last one where none is named, and what its meta.json says."""
    draft = drafted(run, run.inputs.years[-1] if year is None else year)
    y = draft.year
    others = Message(
        "years other than {y}, orders, retirements, measures, budget: the network is that of {y} as it was planned", y=y
    )
    notes = [others, *held_still(draft)]
    return draft.network, {**meta_of_run(run), "year": y, **facts_of_year(draft), "not_represented": notes}


def drafted(run: Loaded, year: int) -> NetworkDraft:
    """The network of a year with all its parts."""
    draft = NetworkDraft(run.of_year(year), year)
    add_demands(draft)
    add_converters(draft)
    add_stores(draft)
    add_links(draft)
    add_capture(draft)
    add_connections(draft)
    add_supplies(draft)
    add_rules(draft)
    return draft


def write_pypsa(run: Loaded, folder: Path, year: int | None = None) -> YearMeta:
    """Write the network of a year as a folder of CSV files; gives what its meta.json says."""
    network, meta = pypsa_network(run, year)
    network.write(folder, meta)
    return meta


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


def meta_of_run(run: Loaded) -> MetaOfRun:
    """What meta.json says of the run, whichever year is written."""
    park = run.case.park
    return {"parkzero": __version__, "park": park.name, "currency": f"{park.currency}_{park.price_year}"}


def facts_of_year(draft: NetworkDraft) -> YearFacts:
    """How the network is solved, and what the year costs in the plan."""
    costs = draft.run.plans[TARGET]["costs"].query(f"year == {draft.year}")
    operating = costs[~costs["item"].isin(CAPITAL_ITEMS)]
    outside = operating[~operating["item"].isin(DISPATCHED)]["value"].sum() + _carbon_constant(draft)
    return {
        "multi_investment_periods": draft.network.periods,
        "cost_of_year": float(operating["value"].sum()),
        "cost_outside_dispatch": float(outside),
    }


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


def held_still(draft: NetworkDraft) -> Iterable[Message]:
    """What of the plan's year the network leaves out or holds still, a line each."""
    tables, y, storage = draft.run.plans[TARGET], draft.year, draft.inputs.storage
    stores = [s for s in storage.stores if s in draft.capacity]
    seasonal = [s for s in stores if draft.network.periods and s in storage.seasonal]
    if seasonal:
        yield Message(
            "seasonal stores between days ({seasonal}): they are charged and discharged as planned", seasonal=", ".join(seasonal)
        )
    own = [s for s in stores if s in storage.of_their_own]
    if own:
        names = ", ".join(own)
        yield Message(
            "stores with power apart, levels or an inflow ({names}): they are charged and discharged as planned", names=names
        )
    if set(stores) - set(seasonal) - set(own):
        yield Message("stores: charging and discharging have a limit each, not one together")
    plants = [k for k in draft.inputs.commitment.plants if k in draft.capacity]
    if plants:
        names = ", ".join(plants)
        yield Message(
            "starts, ramps and minimum loads of what is on ({names}): left out; the cost of starts is outside the dispatch",
            names=names,
        )
    fed = [k for k in plants if k in draft.inputs.commitment.fed]
    if fed:
        yield Message("what plants take at no load and as they start ({names}): left out", names=", ".join(fed))
    limited = [k for k in draft.inputs.commitment.outage if k in draft.capacity]
    if limited:
        yield Message("outages ({limited}): left out, so that more may run in the year", limited=", ".join(limited))
    bounded = [k for k in draft.capacity if k in {*draft.inputs.commitment.min_hours, *draft.inputs.commitment.max_hours}]
    if bounded:
        yield Message("full-load hours ({names}): left out, so that more or less may run in the year", names=", ".join(bounded))
    cycled = [s for s in draft.inputs.storage.cycles if s in draft.capacity]
    if cycled:
        yield Message("cycles of stores ({names}): left out, so that more may be discharged in the year", names=", ".join(cycled))
    hourly = [s for s, basis in draft.inputs.supplies.factor_profile if basis == draft.inputs.carbon.accounting]
    if hourly and draft.rules:
        yield Message(
            "emission factors by the hour ({hourly}): rules count what the plan's imports come to by the MWh",
            hourly=", ".join(hourly),
        )
    if draft.inputs.connections.one_way:
        names = ", ".join(draft.inputs.connections.one_way)
        yield Message("one_way ({names}): left out, so that both ways may be used at once", names=names)
    flexible = dict.fromkeys([*draft.inputs.flexibility.movable(y), *draft.inputs.flexibility.sheddable(y)])
    if flexible:
        names = ", ".join(flexible)
        yield Message("demand that moves or is shed ({names}): as planned; its cost is outside the dispatch", names=names)
    schemes = tables["schemes"][tables["schemes"]["year"] == y]
    for r in schemes.itertuples():
        yield Message(
            "the choice of a tariff scheme ({connection}): that of the plan, {scheme}, is in force",
            connection=r.connection,
            scheme=r.scheme,
        )
    contracts = planned(draft.run, y, "contracts", "supply", "item == 'contracted'")
    if contracts:
        yield Message(
            "what is contracted ({contracts}): as planned; what is paid in any case is outside the dispatch",
            contracts=", ".join(contracts),
        )
    rules = left_out(draft.run, y, draft.pairs)
    if rules:
        yield Message("rules of rules.csv over hours or years ({rules}): left out", rules=", ".join(rules))
    for table, name, what in (
        ("certificates", "certificate", Message("certificates")),
        ("offsets", "offset", Message("carbon credits")),
        ("restoration", "project", Message("restored land")),
        ("connections", "name", Message("demand and capacity charges")),
    ):
        rows = tables[table][(tables[table]["year"] == y) & (np.abs(tables[table]["value"]) > 1e-9)]
        if len(rows):
            held = Message("imports stay within the peaks that are paid for") if table == "connections" else Message("as planned")
            yield Message(
                "{what} ({names}): {held}; their cost is outside the dispatch",
                what=what,
                names=", ".join(dict.fromkeys(map(str, rows[name]))),
                held=held,
            )


def add_capture(draft: NetworkDraft) -> None:
    """Plants, and what each of their sources gives off."""
    captures, y, network = draft.inputs.captures, draft.year, draft.network
    for k, q in draft.pairs:
        rate, capacity = captures.rate[k, q], draft.capacity[k]
        ends = {"bus0": _source(draft, q), "bus1": network.bus(f"captured by {k}", "co2")}
        most = capacity / rate
        link = LinkDraft({**ends, "efficiency": rate, "p_nom": most, "carrier": network.carrier(k)}, most)
        fossil, _ = captured_shares(draft.run, y, q)
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
