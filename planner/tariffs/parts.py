"""Parts of a price that are added to its level: network charges, levies, taxes, at every hour or at some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.tariffs.days import DAYS

#: Half hours of a day.
HALVES = 48


@dataclass(frozen=True)
class PriceAdded:
    """A part of the price [money/MWh].

    where    (12, days, 48) of where it is added; None for every hour
    is_rest  True where it is added at the hours that other parts of its charge leave
    """

    name: str
    price: float
    where: np.ndarray | None
    is_rest: bool

    @property
    def charge(self) -> str:
        """What parts of one charge share: the first word of their names."""
        return self.name.split()[0].lower()


def added_by(parts: Sequence[PriceAdded]) -> np.ndarray:
    """(12, days, 48) of what all parts come to [money/MWh]."""
    sums = np.zeros((12, len(DAYS), HALVES))
    for part in parts:
        where = np.ones(sums.shape, dtype=bool) if part.where is None else part.where
        others = [p.where for p in parts if part.is_rest and p.where is not None and p.charge == part.charge]
        for other in others:
            where &= ~other
        sums += part.price * where
    return sums
