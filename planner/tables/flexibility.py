"""Demand that moves: rows of flexibility.csv (what moved and what was shed), chargers.csv (what vehicles are charged with) and
responses.csv: what stands ready to be called off in a year, and what that brings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from pyomo.core import ConcreteModel, value

from models.inputs import Inputs
from models.investment.reserve import demand_of
from planner.tables.flows import DispatchFlow


def flexibility_rows(
    flows: Sequence[DispatchFlow], inputs: Inputs, y: int, currency: str
) -> Iterator[tuple[int, str, str, float, str]]:
    """Year, demand, item, value and unit, of each demand of which a part may move or be shed in the year."""
    flexibility, total = inputs.flexibility, inputs.calendar.total
    none = np.zeros(len(inputs.calendar.weight))
    known = {(f.flow, f.name): f.values for f in flows if f.flow in ("demand", "asked", "served", "shed")}
    for u in dict.fromkeys([*flexibility.movable(y), *flexibility.sheddable(y)]):
        asked, served, shed = (known.get((flow, u), none) for flow in ("asked", "served", "shed"))
        moved = total(np.maximum(served - asked, 0.0))
        paid = flexibility.cost.get((u, y), 0.0) * moved + flexibility.shed_price.get((u, y), 0.0) * total(shed)
        yield y, u, "asked", total(asked), "MWh"
        yield y, u, "moved", moved, "MWh"
        yield y, u, "shed", total(shed), "MWh"
        yield y, u, "cost", paid, currency
        yield y, u, "highest_served", float(served.max(initial=0.0)), "MW"
        yield y, u, "peak_less", _less_at_peak(known, inputs, u), "MW"


def _less_at_peak(known: dict[tuple[str, str], np.ndarray], inputs: Inputs, u: str) -> float:
    """By how much the highest hour of all demands of a carrier in a zone is lower than if all came as it is asked (MW), vehicles as
    they charge."""
    demands, none = inputs.demands, np.zeros(len(inputs.calendar.weight))
    here = [v for v in demands.demands if (demands.zone[v], demands.carrier[v]) == (demands.zone[u], demands.carrier[u])]
    drawn = sum((known["demand", v] for v in here), none)
    signs = {"asked": 1, "served": -1, "shed": 1}
    back = sum((sign * known.get((flow, v), none) for v in here for flow, sign in signs.items()), none)
    return float((drawn + back).max() - drawn.max())


DELIVERED, PEAK = "delivered", "peak"


def charger_rows(flows: Sequence[DispatchFlow], inputs: Inputs) -> Iterator[tuple[str, str, float, str]]:
    """Chargers, item, value and unit: energy in the vehicles, and the highest hour of what the group draws."""
    vehicles, drawn = inputs.vehicles, dict[str, np.ndarray]()
    for f in flows:
        if f.flow == "demand" and f.name in vehicles.group:
            g = vehicles.group[f.name]
            drawn[g] = drawn.get(g, 0.0) + f.values
    for g, power in drawn.items():
        yield g, DELIVERED, vehicles.efficiency[g] * inputs.calendar.total(power), "MWh"
        yield g, PEAK, float(power.max()), "MW"


OFFERED, POSSIBLE, CALLED, RECEIVED, LOST = "offered", "possible", "called", "received", "lost"


def response_rows(model: ConcreteModel, inputs: Inputs, currency: str) -> Iterator[tuple[int, str, str, float, str]]:
    """Year, response, item, value and unit, of every contract and year."""
    responses = inputs.responses
    for r, y in sorted(responses.least, key=lambda key: key[1]):
        offered = model.offer[r, y].value
        possible = responses.least[r, y] * value(demand_of(model, inputs, responses.demand[r], y))
        called = responses.calls[r, y] * offered
        yield y, r, OFFERED, offered, "MW"
        yield y, r, POSSIBLE, min(possible, responses.most.get((r, y), possible)), "MW"
        yield y, r, CALLED, called, "MWh"
        yield y, r, RECEIVED, responses.price[r, y] * offered + responses.call_price[r, y] * called, currency
        yield y, r, LOST, responses.call_cost[r, y] * called, currency
