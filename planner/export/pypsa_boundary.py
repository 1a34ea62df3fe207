"""Supplies as PyPSA generators: what is bought feeds the bus, what is sold draws from it (sign -1)."""

from __future__ import annotations

import numpy as np

from models.operation.connection import import_bound
from planner.export.pypsa_connections import in_force, paid_for
from planner.export.pypsa_draft import NetworkDraft
from planner.export.pypsa_files import Attribute
from planner.export.pypsa_rules import ROOM, planned


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
