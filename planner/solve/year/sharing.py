"""Equal arrays are kept once in memory: years of like structure differ in prices and in a few limits only."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse


class Shared:
    """The array seen last under each name."""

    def __init__(self) -> None:
        self._last: dict[str, np.ndarray] = {}

    def share(self, thing: Any, place: str = "") -> None:
        """Replace each array attribute of an object by the equal one of the object before that was shared under the same name.

        `thing` is the object, `place` the prefix of its names. Sparse matrices share their three arrays. Shared arrays are read
        only from then on: a change needs a copy.
        """
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
