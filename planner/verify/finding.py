"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass

#: Numbers of files have twelve digits, and sums of them fewer.
DIGITS = 1e-7


@dataclass(frozen=True)
class Finding:
    """A sentence, and whether the certificate fails by it."""

    words: str
    fails: bool = False


def same(one: float, other: float, size: float = 1.0) -> bool:
    """True if two numbers are the same within the digits of a file, or of what they are sums of (`size`)."""
    return abs(one - other) <= DIGITS * max(abs(one), abs(other), size)
