"""What is missing in a year, as money: the prices of it, and how it is measured; and a crude bound of what a year costs."""

from __future__ import annotations

import numpy as np

from models.inputs import Inputs
from models.inputs.calendar import HOURS_OF_YEAR

#: A missing MWh costs as much as so many of the dearest.
PENALTY = 200.0
#: A rule's slack counts so many times as a share of base emissions, beside unserved power as a share of the peak: a goal is missed
#: by a hair of its limit, and what a rule bounds is a sum of many rows.
RULE_MISSING = 200.0


def penalties(inputs: Inputs, y: int) -> tuple[float, float]:
    """Price of a missing MWh and of a missing t (or MWh, tce) of a rule: far above the dearest of their kind.

    Without supplies that cost anything, energy is worth the dearest capacity by the hours of a year, so that the currency does not
    matter. Where the price proves too low, it is raised: see `phase1`.
    """
    supplies, offsets = inputs.supplies, inputs.offsets
    prices = [abs(p) * supplies.highest.get((s, "energy"), 1.0) for (s, when), p in supplies.price.items() if when == y]
    energy = max(prices, default=0.0)
    energy = energy or max(inputs.capacity.capital_cost.values(), default=0.0) / HOURS_OF_YEAR or 1.0
    credit = max((p for (_, when), p in offsets.price.items() if when == y), default=0.0)
    return PENALTY * energy, 20.0 * max(energy, credit)


def least_cost(inputs: Inputs, y: int) -> float:
    """A crude lower bound of a year's operating cost: all exports earned, all negative prices used, nothing paid."""
    supplies, weight = inputs.supplies, inputs.calendar.weight
    least = 0.0
    for s in supplies.offered[y].intersection(supplies.exporters):
        earned = np.maximum(supplies.hourly_price(s, y, "export", len(weight)), 0.0)
        least -= float(weight @ earned) * supplies.export_max[s]
    for s in supplies.offered[y].intersection(supplies.importers):
        earned = np.maximum(-supplies.hourly_price(s, y, "energy", len(weight)), 0.0)
        if earned.any():
            least -= float(weight @ earned) * supplies.import_max.get(s, 1e6)
    return least - 1.0
