"""What vehicles are charged with in a year: the rows of chargers.csv."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from models.inputs import Inputs
from planner.output.flows import DispatchFlow

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
