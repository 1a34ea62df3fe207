r"""Levelised cost: what a MWh of each carrier that end uses draw costs in one plan.

.. math::
    \ell_c = \frac{\sum_y \delta_y \sum_{n \in c} x_{n,y} d_{n,y}}{\sum_y \delta_y \sum_{n \in c} d_{n,y}}

x  cost of a MWh of a node, traced   money/MWh (n,y)     d  what end uses draw of it   MWh (n,y)     δ  discount factor   1 (y)

Of all that the plan pays for energy: what is bought, connections, carbon, certificates, running and fixed cost, and the capital
that the horizon bears, as a level payment in the years in which an order works. What stood before costs no capital. Measures, land,
credits, capture, and the income of what is sold are in no carrier's cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from models.case import Case
from planner.finance.pieces import GIVEN_UP, KINDS, OF_CAPITAL, TECHNOLOGY, Key, Tables, books
from planner.plan import CAPITAL_ITEMS
from planner.tables.tenants import SMALL, Flow, equations, solve

#: Items of what is bought.
BOUGHT = ("energy", "contract", "shortfall", "fixed", "demand_charge", "capacity_charge", "carbon")


@dataclass(frozen=True)
class Part:
    """A part of what end uses of a carrier cost in a year: real money, and the price or capital cost that it follows."""

    year: int
    carrier: str
    amount: float
    key: Key | None


@dataclass(frozen=True)
class Levelised:
    """parts of the cost, and MWh that end uses draw, by (carrier, year)."""

    parts: tuple[Part, ...]
    energy: Mapping[tuple[str, int], float]

    def cost(self, discount: Mapping[int, float], factors: Mapping[Key, float] | None = None) -> dict[str, float]:
        """Carrier -> money/MWh. `factors` say what a price or capital cost is taken times."""
        money: dict[str, float] = defaultdict(float)
        energy: dict[str, float] = defaultdict(float)
        for p in self.parts:
            money[p.carrier] += discount[p.year] * p.amount * ((factors or {}).get(p.key, 1.0) if p.key else 1.0)
        for (carrier, y), value in self.energy.items():
            energy[carrier] += discount[y] * value
        return {carrier: money[carrier] / value for carrier, value in energy.items() if value > SMALL}


def levelised(case: Case, plan: Tables, discount: Mapping[int, float]) -> Levelised:
    """The levelised costs of a plan."""
    own = books(plan, discount)
    yearly = _spread(plan, discount)
    supply_of = {row.certificate: row.supply for row in case.certificates}
    behind = {c.connection: [s.supply for s in case.supplies if s.connection == c.connection] for c in case.connections}
    parts: list[Part] = []
    energy: dict[tuple[str, int], float] = defaultdict(float)
    for y, all_flows in own.flows.items():
        flows = [f for f in all_flows if f.node[1] != "co2"]
        paid = {(item, name, y): value for (at, item, name), value in own.money.items() if at == y and item not in CAPITAL_ITEMS}
        costs = [*paid.items(), *((key, value) for (key, when), value in yearly.items() if when == y)]
        amounts, keys = _amounts(costs, flows, supply_of, behind)
        found = {node: own for node, own in equations(flows, amounts, with_stores=True).items() if own[0] > SMALL}
        worth, nothing = solve(found, len(keys)), np.zeros(len(keys))
        used: dict[str, np.ndarray] = {}
        for f in flows:
            if f.flow == "demand":
                energy[f.node[1], y] += f.value
                used[f.node[1]] = used.get(f.node[1], nothing) + f.value * worth.get(f.node, nothing)
        for carrier, values in used.items():
            parts += [Part(y, carrier, float(v), key) for key, v in zip(keys, values, strict=True) if abs(v) > SMALL]
    return Levelised(tuple(parts), dict(energy))


def _spread(plan: Tables, discount: Mapping[int, float]) -> dict[tuple[Key, int], float]:
    """Capital of orders of equipment that the horizon bears, and what retirement gives up of it, in each year in which they work,
    by what is left of them: (key of the order, year) -> money."""
    borne = plan["system_cost"]
    seen = borne[borne["item"].isin((OF_CAPITAL, GIVEN_UP))].groupby(["name", "year"])["value"].sum().to_dict()
    gone = plan["retirements"].set_index(["technology", "ordered"])[["year", "retired"]]
    found: dict[tuple[Key, int], float] = {}
    orders = plan["investments"].groupby(["technology", "year"]).agg({"build": "sum", "works_from": "min", "works_until": "max"})
    for (name, v), row in orders.iterrows():
        early = gone[gone.index == (name, v)]
        left = {y: row["build"] - early.loc[early["year"] <= y, "retired"].sum() for y in discount}
        weight = {y: discount[y] * max(left[y], 0.0) for y in discount if row["works_from"] <= y <= row["works_until"]}
        total = sum(weight.values())
        for y in (y for y in weight if weight[y] > 0):
            found[("capital", str(name), int(v)), y] = seen.get((name, int(v)), 0.0) * weight[y] / discount[y] / total
    return found


def _amounts(
    costs: Iterable[tuple[Key, float]], flows: list[Flow], supply_of: Mapping[str, str], behind: Mapping[str, list[str]]
) -> tuple[dict[tuple[str, str], np.ndarray], list[Key | None]]:
    """What comes with each flow, one number a key; the last key is None: what follows neither a price nor a capital cost."""
    gives = {f.name: f.flow for f in flows if f.flow in ("out", "discharge", "arrived") and f.value > SMALL}
    bought = {f.name: f.value for f in flows if f.flow == "import"}
    placed: list[tuple[tuple[str, str], Key | None, float]] = []
    for key, value in costs:
        item, name, _ = key
        supply = supply_of.get(name, "") if item == "certificates" else name if item in BOUGHT else ""
        follows = key if item in CAPITAL_ITEMS or supply else None
        if name in behind:  # a connection: its supplies share what it costs by what they bring in
            total = sum(bought.get(s, 0.0) for s in behind[name])
            placed += [(("import", s), follows, value * bought.get(s, 0.0) / total) for s in behind[name] if total > SMALL]
        elif supply:
            placed.append((("import", supply), key, value))
        elif KINDS.get(item) == TECHNOLOGY and name in gives:
            placed.append(((gives[name], name), follows, value))
    keys: list[Key | None] = [*dict.fromkeys(key for _, key, _ in placed if key is not None), None]
    place = {key: i for i, key in enumerate(keys)}
    found: dict[tuple[str, str], np.ndarray] = defaultdict(lambda: np.zeros(len(keys)))
    for flow, own, value in placed:
        found[flow][place[own]] += value
    return dict(found), keys
