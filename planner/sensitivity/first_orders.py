"""The orders of the first year in which a plan orders, and how those of another plan differ in that year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.output.output import Tables

#: Sizes that differ by less than this share are the same.
ALIKE = 0.01


@dataclass(frozen=True)
class FirstOrders:
    """A year, and what is ordered or started in it: name -> size, with its unit, empty of a measure; what is signed apart."""

    year: int
    sizes: Mapping[str, tuple[float, str]] = field(default_factory=dict)


def first_orders(plan: Tables, year: int | None = None) -> FirstOrders:
    """The orders of a year; left out: the first in which the plan orders or starts anything."""
    orders, measures = plan["investments"], plan["measures"]
    orders = orders[orders["committed"] == 0]
    if year is None:
        year = int(min([*orders["year"], *measures["year"]], default=0))
    own = orders[orders["year"] == year]
    sizes = {str(k): (float(v), str(u)) for k, v, u in zip(own["technology"], own["build"], own["unit"], strict=True)}
    return FirstOrders(year, sizes | {str(m): (1.0, "") for m in measures[measures["year"] == year]["measure"]})


def differing(own: FirstOrders, other: FirstOrders) -> str:
    """`name now → then unit` of each that differs, what comes in or goes out as a whole first; a measure is 0 or 1."""
    found = []
    for name in dict.fromkeys((*own.sizes, *other.sizes)):
        (now, unit), (then, of) = (found_in.sizes.get(name, (0.0, "")) for found_in in (own, other))
        apart = abs(then - now) / max(now, then)
        if apart > ALIKE:
            found.append((apart, f"{name} {now:.3g} → {then:.3g} {unit or of}".rstrip()))
    return "; ".join(told for _, told in sorted(found, key=lambda each: -each[0]))
