"""The penalty of slack (unserved energy, violated rules), its scale, and a crude lower bound of a year's operating cost."""

from __future__ import annotations

from collections import Counter

import numpy as np

from models.dot import dot
from models.inputs import Inputs
from models.inputs.calendar import HOURS_OF_YEAR

#: Penalty of an unserved MWh, in prices of the dearest MWh (value of lost load).
PENALTY = 200.0
#: The same in prices of a MWh that is shed by agreement, or moved, where that is more: so much more it is to cost than these.
AGREED = 4.0
#: Penalty of a violated rule by 1 t, in prices of the dearest MWh or of the dearest credit (t).
RULE_PENALTY = 20.0
#: Weight of a rule's slack as a share of base emissions, beside unserved power as a share of the peak: a rule bounds a sum over the
#: year, so a violation that matters is a much smaller share than unserved power that matters.
RULE_WEIGHT = 200.0
#: Base emissions below this (t) count as this much: a park that emitted nothing has rules, too.
LEAST_BASE = 1e-3
#: Imports without a limit are taken to be at most this (MW), far more than any park can use.
MOST_IMPORTED = 1e6


def penalties(inputs: Inputs, y: int) -> tuple[float, float]:
    """Penalty of an unserved MWh and of a violation by one t (or MWh, tce) of a rule (money): far above the dearest of their kind.

    Where no supply has a price, a MWh is worth the dearest capacity divided by the hours of a year, so that the currency does not
    matter. The penalty need not be exact: `benders` raises it where a plan still has slack that is not needed.
    """
    inputs = inputs.at(y)
    supplies, offsets = inputs.supplies, inputs.offsets
    prices = [abs(p) * supplies.highest.get((s, "energy"), 1.0) for (s, when), p in supplies.price.items() if when == y]
    energy = max(prices, default=0.0)
    energy = max(energy, max((-cost for _, cost in _premiums(inputs, y)), default=0.0))
    dearest = max((abs(cost) for cost in inputs.capacity.capital_cost.values()), default=0.0)
    yearly = max(inputs.capacity.annuity.values(), default=0.0)
    energy = energy or max(dearest, yearly) / HOURS_OF_YEAR or 1.0
    credit = max((p for (_, when), p in offsets.price.items() if when == y), default=0.0)
    flexibility = inputs.flexibility
    own = [*flexibility.shed_price.items(), *flexibility.cost.items()]
    agreed = max((p for (_, when), p in own if when == y), default=0.0)
    return max(PENALTY * energy, AGREED * agreed), RULE_PENALTY * max(energy, credit)


def rule_weight(base: float) -> float:
    """What a violation of a rule by one t (or MWh, tce) counts, beside unserved power as a share of the peak (1 per t).

    base  base emissions   t
    """
    return RULE_WEIGHT / max(base, LEAST_BASE)


def trivial_lower_bound(inputs: Inputs, y: int) -> float:
    """A crude lower bound of a year's operating cost: all exports and premiums earned, all prices and emission factors below 0
    used, nothing paid.

    It holds as long as no import without a limit is above `MOST_IMPORTED` at a negative price. What is emitted of scope 1 is 0 at
    least, so a price of all of it earns nothing.
    """
    inputs = inputs.at(y)
    supplies, weight = inputs.supplies, inputs.calendar.weight
    least = 0.0
    for s in supplies.offered[y].intersection(supplies.exporters):
        earned = np.maximum(supplies.hourly_price(s, y, "export", len(weight)), 0.0)
        least -= dot(weight, earned) * supplies.export_max[s]
    for s in supplies.offered[y].intersection(supplies.importers):
        earned = np.maximum(-supplies.hourly_price(s, y, "energy", len(weight)), 0.0)
        carbon = supplies.carbon_price.get((s, y), 0.0)
        if carbon:
            earned = earned + np.maximum(-carbon * supplies.hourly_factor(s, y, inputs.carbon.accounting, len(weight)), 0.0)
        if earned.any():
            least -= dot(weight, earned) * supplies.import_max.get(s, MOST_IMPORTED)
    least += sum(HOURS_OF_YEAR * cost * power for power, cost in _premiums(inputs, y))
    return least - 1.0


def _premiums(inputs: Inputs, y: int) -> list[tuple[float, float]]:
    """Of all that runs at a variable cost below 0: most that it can do in an hour (MW, t/h), and that cost (money/MWh, money/t).

    What has no limit does at most `MOST_IMPORTED`. Each of several stores that share power may use all of it.
    """
    storage, network = inputs.storage, inputs.network
    costs = [
        (k, 1.0, cost)
        for own in (inputs.conversion.variable_cost, inputs.captures.variable_cost)
        for (k, when), cost in own.items()
        if when == y
    ]
    for (s, when), cost in storage.variable_cost.items():
        if when == y:
            apart = [(k, 1.0) for k in storage.power.get(s, ())]
            costs += [(k, per, cost) for k, per in apart or [(s, 1.0 / storage.full_power_hours[s])]]
    ways = Counter(link for link, _ in network.arcs)
    costs += [(link, float(ways[link]), cost) for (link, when), cost in network.variable_cost.items() if when == y]
    return [(per * _most_capacity(inputs, k, y), cost) for k, per, cost in costs if cost < 0]


def _most_capacity(inputs: Inputs, k: str, y: int) -> float:
    """Most capacity of an asset that can work in a year."""
    capacity = inputs.capacity
    orders = sum(
        capacity.build_max.get((own, v), 0.0) + capacity.committed.get((own, v), 0.0)
        for own, v in capacity.lasts
        if own == k and y in capacity.works[own, v]
    )
    most = min(capacity.existing.get((k, y), 0.0) + orders, capacity.max_capacity.get((k, y), MOST_IMPORTED))
    return min(most, MOST_IMPORTED)
