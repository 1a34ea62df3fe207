"""Capture as PyPSA components: flue gas flows through a link for each source into the plant, and from there to storage."""

from __future__ import annotations

from planner.export.pypsa_draft import LinkDraft, NetworkDraft
from planner.export.pypsa_equipment import draft_link, flue_gas
from planner.export.pypsa_rules import captured_shares


def add_capture(draft: NetworkDraft) -> None:
    """Plants, and what each of their sources gives off."""
    captures, y, network = draft.inputs.captures, draft.year, draft.network
    for k, q in draft.pairs:
        rate, capacity = captures.rate[k, q], draft.capacity[k]
        ends = {"bus0": _source(draft, k, q), "bus1": network.bus(f"captured by {k}", "co2")}
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


def _source(draft: NetworkDraft, k: str, q: str) -> str:
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
