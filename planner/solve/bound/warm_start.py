"""The warm start of a bound with commitment from one without: which cuts of the hours hold in both.

Without commitment the operation of a year costs no more: each operation with it is one without, once what is online and what is
started are left out, and costs no less by the starts. So a cut of the one,

    W + (r_b - r_y) · Z + p · T ≥ …,

holds for the other: W has the starts in addition, whose cost is never negative. A sum Z that only the year with commitment
has, such as starts, gets the coefficient 0: its rate is taken to be that of the year in which the cut is used. Totals that only
that year has, the coupling of month to month, get the price 0. Of outages (`worked`) it counts what is on, which is no less than
the activity that the other one counts: where that has a price below 0, the cut does not hold, and is left out. Symbols: `cuts`.

The two problems have different columns, so the numbers of a cut are matched by name. Returns cuts. Raises nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from planner.solve.bound.cuts import CutPool, HoursCut
from planner.solve.bound.rates import Rates
from planner.solve.hours.months import Hours
from planner.solve.year.template import Total


@dataclass(frozen=True)
class CutNames:
    """What the numbers of a cut of a structure of years belong to: the years, and the order of rates, totals, contracts and linking
    variables."""

    years: tuple[int, ...]
    rates: Sequence[Hashable]
    totals: Sequence[Total]
    contracts: Sequence[Hashable]
    linking: Sequence[Hashable]

    @classmethod
    def of(cls, y: int, hours: Mapping[int, Hours], rates: Mapping[int, Rates]) -> CutNames:
        """Those of the structure of a year."""
        own, alike = hours[y], tuple(z for z in hours if hours[z] is hours[y])
        return cls(alike, rates[y].keys, list(own.totals), own.contracts, list(own.linking))


@dataclass(frozen=True)
class BoundWarmStart:
    """What a bound without commitment leaves to the one with it.

    cuts    of each structure, with their names
    centre  of its last trials, by family and index of the decision
    """

    cuts: Sequence[tuple[CutNames, Sequence[HoursCut]]]
    centre: Mapping[tuple[str, Any], float]

    def give(self, pool: CutPool, names: Mapping[int, CutNames]) -> None:
        """Add to a pool the cuts of each structure that consists of the same years and knows all that the cuts have numbers for.

        names  of the structure of each year
        """
        for there in {names[y].years: names[y] for y in names}.values():
            for own, cuts in self.cuts:
                if own.years == there.years and _is_part(own, there):
                    pool.add_known(there.years[0], [_renamed(cut, own, there) for cut in cuts if _holds(cut, own)])


def _is_part(own: CutNames, there: CutNames) -> bool:
    """True if all that the one names is named by the other, too."""
    pairs = (own.rates, there.rates), (own.totals, there.totals), (own.contracts, there.contracts), (own.linking, there.linking)
    return all(set(few) <= set(many) for few, many in pairs)


def _holds(cut: HoursCut, own: CutNames) -> bool:
    """True if a cut of the hours without commitment holds where outages are of what is on, too."""
    prices = zip(own.totals, cut.prices.tolist(), strict=True)
    return all(price >= 0 for total, price in prices if isinstance(total, tuple) and total[0] == "worked")


def _renamed(cut: HoursCut, own: CutNames, there: CutNames) -> HoursCut:
    """The cut in the order of the other."""
    return HoursCut(
        rates=_placed(cut.rates, own.rates, there.rates, np.nan),
        prices=_placed(cut.prices, own.totals, there.totals, 0.0),
        contracts=_placed(cut.contracts, own.contracts, there.contracts, 0.0),
        slope=_placed(cut.slope, own.linking, there.linking, 0.0),
        constant=cut.constant,
    )


def _placed(values: np.ndarray, own: Sequence[Hashable], there: Sequence[Hashable], other: float) -> np.ndarray:
    """Values in another order; `other` where there are none."""
    known = dict(zip(own, values.tolist(), strict=True))
    return np.array([known.get(name, other) for name in there], dtype=float)
