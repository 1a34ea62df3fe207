"""Supplies as PyPSA generators: what is bought feeds the bus, what is sold draws from it (sign -1).

Connections as PyPSA links: supplies behind one have a bus of their own, and what passes is within its limit and what is paid.
"""

from __future__ import annotations

import math

import numpy as np

from models.operation.connection import import_bound
from planner.export.pypsa_draft import NetworkDraft
from planner.export.pypsa_files import Attribute
from planner.export.pypsa_rules import ROOM, planned
from planner.plan import TARGET


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
