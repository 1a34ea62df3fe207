"""Connections as PyPSA links: supplies behind one have a bus of their own, and what passes is within its limit and what is paid."""

from __future__ import annotations

import math

import numpy as np

from planner.export.pypsa_draft import NetworkDraft
from planner.export.pypsa_files import Attribute
from planner.export.pypsa_rules import ROOM
from planner.plan import TARGET


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
