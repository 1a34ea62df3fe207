"""Equal arrays are kept once: the programmes of like years differ in prices and in a few limits only."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse


class Shared:
    """Arrays seen so far, by the place in a thing where they stood last."""

    def __init__(self) -> None:
        self._last: dict[str, np.ndarray] = {}

    def share(self, thing: Any, place: str = "") -> None:
        """Let the arrays and sparse matrices that are attributes of the thing be those of the last thing at that place, where they
        are equal. From then on they are read only: whoever changes one makes a copy."""
        for name, own in vars(thing).items():
            if isinstance(own, np.ndarray):
                setattr(thing, name, self._one(f"{place}.{name}", own))
            elif sparse.issparse(own):
                for part in ("data", "indices", "indptr"):
                    setattr(own, part, self._one(f"{place}.{name}.{part}", getattr(own, part)))

    def _one(self, place: str, own: np.ndarray) -> np.ndarray:
        last = self._last.get(place)
        if last is None or last.dtype != own.dtype or not np.array_equal(last, own):
            self._last[place] = last = own
        last.flags.writeable = False
        return last
