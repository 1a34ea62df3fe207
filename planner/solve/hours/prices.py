"""Prices of the totals and contracts of a year, with the part of the bound that they give, and the penalty of slack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Prices:
    """Prices, and the account's part of the Lagrangian bound at them.

    totals     of the totals                                     money/MWh, money/t (i)
    contracts  of contracted capacity                            money/MW (month, s)
    value      least cost of the account at the prices           money
    slope      of `value` in each linking variable of the account   money per unit (l)
    """

    totals: np.ndarray
    contracts: np.ndarray
    value: float
    slope: np.ndarray

    def towards(self, other: Prices, share: float) -> Prices:
        """Prices between two. The least cost of the account is concave in prices, so the mean of two values is a lower bound."""
        mixed = [(1 - share) * a + share * b for a, b in zip(self._parts(), other._parts(), strict=True)]
        return Prices(mixed[0], mixed[1], float(mixed[2]), mixed[3])

    def _parts(self) -> tuple[Any, ...]:
        return self.totals, self.contracts, self.value, self.slope


@dataclass(frozen=True)
class Penalty:
    """Penalty of slack.

    energy  of unserved demand              money/MWh
    tonne   of a violated rule              money per t, tce or MWh
    phase_1  True in phase 1: nothing else has a cost
    """

    energy: float
    tonne: float
    phase_1: bool = False
