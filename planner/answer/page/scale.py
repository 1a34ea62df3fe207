"""Scales and text sizes: what is needed to place marks and labels without a browser."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from unicodedata import east_asian_width

#: Width of a letter of a Latin and of a Chinese text, as a share of its size; on the safe side.
NARROW, WIDE = 0.58, 1.02


def text_width(words: str, size: float) -> float:
    """Width of a text in pixels."""
    return size * sum(WIDE if east_asian_width(c) in "WF" else NARROW for c in words)


def shortened(words: str, size: float, room: float) -> str:
    """A text that fits, with an ellipsis where letters had to go."""
    if text_width(words, size) <= room:
        return words
    while words and text_width(words + "…", size) > room:
        words = words[:-1]
    return words + "…"


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers that enclose low and high, about `count` of them; always 0 where it lies between."""
    if not high > low:
        high = low + 1.0
    rough = (high - low) / max(count - 1, 1)
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(m * size for m in (1, 2, 2.5, 5, 10) if m * size >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 12) for i in range(first, last + 1)]


def decimals_of(values: Sequence[float]) -> int:
    """Decimals that tell the values of an axis apart."""
    step = min((abs(b - a) for a, b in pairwise(values) if b != a), default=1.0)
    return next((d for d in range(7) if abs(round(step, d) - step) < 1e-9 * step), 6)


def shown_every(labels: Sequence[str], size: float, room: float) -> int:
    """Every which label of a row of equal places, each `room` wide, can be shown without touching the next."""
    widest = max((text_width(label, size) for label in labels), default=0.0) + size * 0.6
    needed = max(1, math.ceil(widest / room))
    return next((n for n in (1, 2, 5, 10, 20, 50) if n >= needed), needed)


def short(value: float) -> str:
    """A coordinate with one decimal."""
    return f"{value:.1f}".removesuffix(".0")
