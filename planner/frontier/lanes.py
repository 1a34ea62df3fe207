"""Which point of a frontier is planned next where several are planned at once: neighbours one after the other.

A point begins from what is known of the one that the same process planned before, the better the nearer that is. So each lane has
points that lie side by side, the loosest first. A lane that is through takes the tightest point of the lane that has most left.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import pairwise
from typing import Generic, TypeVar

Point = TypeVar("Point")


class Lanes(Generic[Point]):
    """Points that are not begun yet, from the loosest to the tightest, in so many lanes of equal length, or nearly."""

    def __init__(self, points: Sequence[Point], count: int) -> None:
        ends = [round(lane * len(points) / count) for lane in range(count + 1)]
        self._left = [deque(points[first:last]) for first, last in pairwise(ends)]
        self._rank = {id(point): rank for rank, point in enumerate(points)}

    @property
    def left(self) -> int:
        """How many points are not begun yet."""
        return sum(map(len, self._left))

    def next(self, lane: int) -> Point | None:
        """The next point of a lane, not begun yet until now; None where no lane has one."""
        if self._left[lane]:
            return self._left[lane].popleft()
        longest = max(self._left, key=len)
        return longest.pop() if longest else None

    def drop_tighter(self, point: Point) -> None:
        """Begin no point that is tighter than this one, which cannot be met."""
        most = self._rank[id(point)]
        self._left = [deque(p for p in lane if self._rank[id(p)] < most) for lane in self._left]
