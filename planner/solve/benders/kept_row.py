"""A row of the master, in any of its columns, that every plan keeps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class KeptRow:
    """values · columns ≤ most; `short` is by how much the point broke it at which it was found."""

    columns: np.ndarray
    values: np.ndarray
    most: float
    short: float = 0.0

    def is_broken(self, point: np.ndarray, tolerance: float) -> bool:
        """True if a point violates it by more than the tolerance (relative, absolute below 1)."""
        return float(self.values @ point[self.columns]) > self.most + tolerance * max(1.0, abs(self.most))
