"""The plan's last year as a PyPSA network: its table of contents.

What the plan decided stands still: capacities, demands after measures, certificates, credits, restored land, paid peaks.
What an hour decides is PyPSA's to dispatch, under the same balances, limits and stage rules, at the same prices.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from planner import __version__
from planner.export.load import Loaded
from planner.export.pypsa_boundary import add_supplies
from planner.export.pypsa_capture import add_capture, pairs_of_year
from planner.export.pypsa_equipment import add_converters, add_links, add_stores
from planner.export.pypsa_files import Network
from planner.export.pypsa_rules import ROOM, YearRule, planned, rules_of_year
from planner.plan import TARGET

#: Items of costs.csv that the dispatch pays.
DISPATCHED = ("energy", "export", "variable_cost", "carbon")
CAPITAL = ("capital", "measures", "restoration")


class Draft:
    """The network while it is made, and what its parts need to know.

    capacity   what works in the year, with a millionth of room   MW, MWh, t/h (k)
    rules      stage rules that the dispatch can change
    """

    def __init__(self, run: Loaded) -> None:
        self.run, self.inputs = run, run.inputs
        self.year = y = run.inputs.years[-1]
        rows = run.plans[TARGET]["capacity"].query(f"year == {y}")
        self.capacity = {
            str(k): float(c) * (1 + ROOM) for k, c in zip(rows["technology"], rows["capacity"], strict=True) if c > 1e-9
        }
        self.pairs = pairs_of_year(run.inputs, y, self.capacity)
        self.rules: list[YearRule] = rules_of_year(run, y, self.pairs)
        self.network = Network(run.inputs.calendar.weight, run.inputs.calendar.has_typical_days)
        self.flows = {key: own.sort_values("hour")["value"].to_numpy()
                      for key, own in run.dispatch(y).groupby(["flow", "name"], observed=True)}  # fmt: skip

    def bus(self, zone: str, carrier: str) -> str:
        """The bus of a carrier in a zone."""
        return self.network.bus(f"{zone} {carrier}", carrier)

    def counts(self, *flow: Any) -> dict[str, float]:
        """What a unit of a flow counts in each rule; empty where no rule knows it."""
        return {r.name: r.terms[flow] for r in self.rules if flow in r.terms}

    def port(self, link: dict[str, Any], bus: str, efficiency: float | np.ndarray) -> None:
        """One more port of a link that is being drafted."""
        n = sum(name.startswith("bus") for name in link)
        link[f"bus{n}"] = bus
        link["efficiency" if n == 1 else f"efficiency{n}"] = efficiency

    def count(
        self, link: dict[str, Any], name: str, efficiency: float | np.ndarray, factors: dict[str, float], cost: float = 0.0
    ) -> None:
        """A port of a link whose flow counts in rules or costs something, and goes nowhere."""
        bus = self.network.bus(f"counted {name}", "counted")
        self.port(link, bus, efficiency)
        carrier = self.network.carrier(f"counted {name}", **factors)
        most = float(np.max(np.abs(efficiency))) * link["p_nom"] * (1 + ROOM)
        self.network.add("Generator", f"counted {name}", bus=bus, sign=-1.0, p_nom=most, carrier=carrier, marginal_cost=cost)


def pypsa_network(run: Loaded) -> tuple[Network, dict[str, Any]]:
    """The network of the last year, and what its meta.json says."""
    draft = Draft(run)
    add_demands(draft)
    add_converters(draft)
    add_stores(draft)
    add_links(draft)
    add_capture(draft)
    add_supplies(draft)
    add_rules(draft)
    return draft.network, _meta(draft)


def write_pypsa(run: Loaded, folder: Path) -> dict[str, Any]:
    """Write the network as a folder of CSV files; gives what its meta.json says."""
    network, meta = pypsa_network(run)
    network.write(folder, meta)
    return meta


def add_demands(draft: Draft) -> None:
    """Every demand, after measures, hour by hour."""
    demands = draft.inputs.demands
    for u in demands.demands:
        bus = draft.bus(demands.zone[u], demands.carrier[u])
        draft.network.add("Load", u, bus=bus, p_set=draft.flows["demand", u])


def add_rules(draft: Draft) -> None:
    """Each stage rule as a global constraint on what the carriers of generators count."""
    for rule in draft.rules:
        draft.network.add(
            "GlobalConstraint", rule.name, type="primary_energy", carrier_attribute=rule.name,
            sense=rule.sense, constant=rule.constant,
        )  # fmt: skip


def _meta(draft: Draft) -> dict[str, Any]:
    costs = draft.run.plans[TARGET]["costs"].query(f"year == {draft.year}")
    operating = costs[~costs["item"].isin(CAPITAL)]
    outside = operating[~operating["item"].isin(DISPATCHED)]["value"].sum() + _carbon_constant(draft)
    return {
        "parkzero": __version__,
        "park": draft.run.case.park.name,
        "year": draft.year,
        "currency": f"{draft.run.case.park.currency}_{draft.run.case.park.price_year}",
        "multi_investment_periods": draft.network.periods,
        "cost_of_year": float(operating["value"].sum()),
        "cost_outside_dispatch": float(outside),
        "not_represented": list(_not_represented(draft)),
    }


def _carbon_constant(draft: Draft) -> float:
    """Carbon cost that no dispatch changes: of processes, less that of certified imports."""
    inputs, y = draft.inputs, draft.year
    supplies, market = inputs.supplies, inputs.carbon.accounting == "market"
    total = supplies.carbon_price.get(("*", y), 0.0) * inputs.carbon.process.get((1, y), 0.0)
    for c, volume in planned(draft.run, y, "certificates", "certificate").items():
        s = supplies.certificate_supply[c]
        if market and supplies.scope.get(s) == 2:
            total -= supplies.carbon_price.get((s, y), 0.0) * supplies.market[s, y] * volume
    return total


def _not_represented(draft: Draft) -> Iterable[str]:
    """What of the plan the network leaves out or holds still, a line each."""
    tables, y, storage = draft.run.plans[TARGET], draft.year, draft.inputs.storage
    yield f"years before {y}, orders, retirements, measures, budget: the network is that of {y} as it was planned"
    stores = [s for s in storage.stores if s in draft.capacity]
    seasonal = [s for s in stores if draft.network.periods and s in storage.seasonal]
    if seasonal:
        yield f"seasonal stores between days ({', '.join(seasonal)}): they are charged and discharged as planned"
    if set(stores) - set(seasonal):
        yield "stores: charging and discharging have a limit each, not one together"
    for table, name, what in (
        ("certificates", "certificate", "certificates"), ("offsets", "offset", "carbon credits"),
        ("restoration", "project", "restored land"), ("connections", "supply", "demand and capacity charges"),
    ):  # fmt: skip
        rows = tables[table][(tables[table]["year"] == y) & (np.abs(tables[table]["value"]) > 1e-9)]
        if len(rows):
            held = "imports stay within the peaks that are paid for" if table == "connections" else "as planned"
            yield f"{what} ({', '.join(dict.fromkeys(map(str, rows[name])))}): {held}; their cost is outside the dispatch"
