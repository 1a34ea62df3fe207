"""The hours of a year as text that the script of the page unpacks: whole steps, told from other series where they are like them.

A flow is a whole number of steps; the step of a carrier is 1, 2 or 5 times a power of ten of which its largest flow has 500 to
1,250. A series that is near a multiple of another one (what a boiler burns and gives, or the same flow in the year of the goal)
is packed as what it differs from that multiple, rounded. Differences are counted 0, -1, 1, -2, 2 ... as 0, 1, 2, 3, 4 ...

The numbers of a year stand one series after the other as unsigned 16-bit numbers, low bytes first, then high bytes, deflated
(RFC 1950) and written in base64.
"""

from __future__ import annotations

import base64
import math
import zlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

#: Least steps of the largest flow of a carrier.
STEPS = 500
#: Series that are tried as the one that another is like.
TRIED = 3
#: Digits of the multiple.
DIGITS = 4


class Packed(NamedTuple):
    """A series as it is packed: numbers (hours), and of which other series it is what multiple; None of none."""

    numbers: np.ndarray
    like: int | None
    times: float | None


class Alike(NamedTuple):
    """A series that others may be like: its steps (hours), the same as floats, and the sum of their squares, worked out once.

    Of whole numbers sums of products are exact, in whatever order they are added.
    """

    numbers: np.ndarray
    floats: np.ndarray
    square: float

    @classmethod
    def of(cls, numbers: np.ndarray) -> Alike:
        """With what is worked out of it."""
        floats = numbers.astype(float)
        return cls(numbers, floats, float(floats @ floats))


def step_of(largest: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten of which `largest` has at least STEPS."""
    power = 10.0 ** math.floor(math.log10(largest / STEPS) + 1e-9)
    return float(f"{max(m * power for m in (1, 2, 5) if m * power * STEPS <= largest * (1 + 1e-9)):.0e}")


def like_others(numbers: np.ndarray, others: Sequence[Alike]) -> Packed:
    """The series (steps) as what is left of a multiple of one of the others, where that takes less room."""
    best, least = Packed(numbers, None, None), _bits(numbers)
    if not others:
        return best
    own = numbers.astype(float)
    products, squares = np.array([other.floats @ own for other in others]), np.array([other.square for other in others])
    explained = np.divide(products**2, squares, out=np.zeros(len(others)), where=squares > 0)
    for i in np.argsort(-explained, kind="stable")[:TRIED].tolist():
        if explained[i] <= 0:
            break
        times = round(float(products[i] / squares[i]), DIGITS)
        left = numbers - multiple(others[i].numbers, times)
        counted = np.where(left >= 0, 2 * left, -2 * left - 1)
        bits = _bits(counted)
        if bits < least:
            best, least = Packed(counted, i, times), bits
    return best


def multiple(numbers: np.ndarray, times: float) -> np.ndarray:
    """A multiple in whole steps, halves upwards, as the script has it."""
    return np.floor(times * numbers + 0.5).astype(np.int64)


def _bits(numbers: np.ndarray) -> float:
    """Room that numbers take, by how often each occurs (their entropy)."""
    counts = np.bincount(numbers)
    shares = counts[counts > 0] / len(numbers)
    return float(-(shares * np.log2(shares)).sum())


def as_text(columns: Sequence[np.ndarray]) -> str:
    """Numbers of all series as base64."""
    numbers = np.concatenate([np.zeros(0, dtype=np.int64), *columns]).astype("<u2")
    planes = np.concatenate([numbers & np.uint16(0xFF), numbers >> np.uint16(8)]).astype(np.uint8)
    return base64.b64encode(zlib.compress(planes.tobytes(), 9)).decode()
