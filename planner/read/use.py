"""What a park can use of each carrier at one time: demands, sales, and what its technologies take to serve them."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from models.case import Demand, Port, Saving, Supply, Technology
from models.units import UnitError, yearly_factor
from planner.read.draft import Draft

#: Ways from carrier to carrier that are followed at most; a park with more has no bound.
MOST_WAYS = 10_000


class Use:
    """The most of each carrier that is of use in an hour (MW, t/h of co2).

    It is what is demanded and sold of it, and of what is made of it as much again: for each way from carrier to carrier that comes
    to none twice, what is used at its end times what is taken for it on the way. What goes in a circle only loses.
    """

    def __init__(self, draft: Draft) -> None:
        self.own = _own(draft)
        self.ways = _ways(draft)
        self.left = MOST_WAYS

    def of(self, carrier: str, seen: frozenset[str] = frozenset()) -> float:
        """The most that is of use of a carrier. inf where there are too many ways."""
        self.left -= 1
        if self.left < 0:
            return float("inf")
        seen = seen | {carrier}
        onward = [(taken, made) for made, taken in self.ways[carrier].items() if made not in seen]
        return self.own.get(carrier, 0.0) + sum(taken * self.of(made, seen) for taken, made in onward)


def _own(draft: Draft) -> dict[str, float]:
    """Highest hour of the demands of each carrier, with what measures add to them, and what can leave over supplies."""
    peak: dict[str, float] = {}
    carrier = {row.demand: row.carrier for row in draft.rows(Demand)}
    for row in draft.rows(Demand):
        shapes = [shape for shape in draft.series_of(row.profile) if np.mean(shape) > 0]
        highest = max((float(np.max(shape) / np.mean(shape)) for shape in shapes), default=1.0)
        peak[row.demand] = max(peak.get(row.demand, 0.0), row.value * _factor(row.unit) / 8760 * highest)
    found: dict[str, float] = defaultdict(float)
    for name, most in peak.items():
        found[carrier[name]] += most
    for c in draft.charged:
        found[c.carrier] += c.peak
    for saving in draft.rows(Saving):
        if saving.adds in carrier:
            found[carrier[saving.adds]] += abs(saving.saving * (saving.adds_ratio or 0.0)) * peak.get(saving.demand, 0.0)
    for supply in draft.rows(Supply):
        found[supply.carrier] += supply.max_export or 0.0
    return found


def _ways(draft: Draft) -> dict[str, dict[str, float]]:
    """carrier -> another that is made of it -> the most of the first that is taken for one of the other."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for kind in {row.type_name for row in draft.rows(Technology)}:
        if kind not in draft.types or draft.types[kind].role == "store":
            continue
        ports = draft.ports.get(kind, [])
        for taken in (p for p in ports if p.direction == "in"):
            for made in (p for p in ports if p.direction == "out"):
                least = _shape(draft, made)[0]
                if least > 0:
                    ratio = taken.ratio * _shape(draft, taken)[1] / (made.ratio * least)
                    found[taken.carrier][made.carrier] = max(found[taken.carrier].get(made.carrier, 0.0), ratio)
    return found


def _shape(draft: Draft, port: Port) -> tuple[float, float]:
    """The least above 0 and the most of what multiplies the ratio of a port."""
    shapes = [series for series in draft.series_of(port.profile) if (series > 0).any()]
    if not shapes:
        return 1.0, 1.0
    return min(float(series[series > 0].min()) for series in shapes), max(float(series.max()) for series in shapes)


def _factor(unit: str) -> float:
    try:
        return yearly_factor(unit, "MWh")
    except UnitError:
        return 1.0  # complained of elsewhere
