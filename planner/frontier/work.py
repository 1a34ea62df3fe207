"""The points of a frontier, as many at once as there are cores; what is there already stays.

A point begins from what is known of the one that the same process planned before, the better the nearer that is (of a park with too
many integers to search all it begins from nothing, `planning.beginning`). So each lane has points that lie side by side, the
loosest first. A lane that is through takes the tightest point of the lane that has most left.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from itertools import pairwise
from pathlib import Path
from typing import Generic, TypeVar

from models.errors import CaseError, SolverError
from planner.frontier.point import Point, plan_point
from planner.frontier.saved import DAMAGED, is_cleared
from planner.frontier.worker import CORE
from planner.process.worker import Pool, ProcessEnded, Worker

#: Status of a point that was not tried, since a looser one cannot be met.
IMPLIED = "implied"
#: Told of each point as it ends: the point and its status, and whether it was there already; of one that is made anew before.
Say = Callable[[Point, str, bool], None]
AnyPoint = TypeVar("AnyPoint")


class Lanes(Generic[AnyPoint]):
    """Points that are not begun yet, from the loosest to the tightest, in so many lanes of equal length, or nearly."""

    def __init__(self, points: Sequence[AnyPoint], count: int) -> None:
        ends = [round(lane * len(points) / count) for lane in range(count + 1)]
        self._left = [deque(points[first:last]) for first, last in pairwise(ends)]
        self._rank = {id(point): rank for rank, point in enumerate(points)}

    @property
    def left(self) -> int:
        """How many points are not begun yet."""
        return sum(map(len, self._left))

    def next(self, lane: int) -> AnyPoint | None:
        """The next point of a lane, not begun yet until now; None where no lane has one."""
        if self._left[lane]:
            return self._left[lane].popleft()
        longest = max(self._left, key=len)
        return longest.pop() if longest else None

    def drop_tighter(self, point: AnyPoint) -> None:
        """Begin no point that is tighter than this one, which cannot be met."""
        most = self._rank[id(point)]
        self._left = [deque(p for p in lane if self._rank[id(p)] < most) for lane in self._left]


def work(points: Sequence[Point], digest: str, jobs: int, say: Say) -> set[Path]:
    """Plan and save what is not there yet, in lanes (`Lanes`). Once a point cannot be met no tighter one is begun.

    With one job in this process, else in processes of their own. Gives the folders of all points that are there now, of this park.
    Raises what a run raises.
    """
    left: list[Point] = []
    there: set[Path] = set()
    for point in points:
        if point.is_done(digest):
            say(point, "", True)
            there.add(point.out)
        else:
            if is_cleared(point.out):
                say(point, DAMAGED, False)
            left.append(point)
    jobs = min(jobs, len(left)) or 1
    lanes = Lanes(left, jobs)
    with PointPool(jobs) as pool, ThreadPoolExecutor(jobs) as threads, pool.ended():
        running: dict[Future[str], tuple[Point, int]] = {}

        def begin(lane: int) -> None:
            if (point := lanes.next(lane)) is not None:
                running[threads.submit(pool.plan, point, lane, lanes.left == 0)] = point, lane

        for lane in range(jobs):
            begin(lane)
        while running:
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                (point, lane), status = running.pop(future), future.result()
                if status == "infeasible":
                    lanes.drop_tighter(point)
                if status != "failed":
                    there.add(point.out)
                say(point, status, False)
                begin(lane)
    return there


class PointPool:
    """So many points at once: with one job in this process, else each in a process that keeps to a core."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._pool = Pool(_Worker, jobs if jobs > 1 else 0)
        #: What the last point has taught, for a process that has planned none.
        self._known = ""

    def __enter__(self) -> PointPool:
        self._pool.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.end()

    def ended(self) -> AbstractContextManager[None]:
        """As that of a pool: what ends the block by an exception ends the processes first."""
        return self._pool.ended()

    def plan(self, point: Point, lane: int | None = None, is_last: bool = False) -> str:
        """Plan a point once a process is free, or in that of a lane, which plans no other point meanwhile; the last one on all
        cores. Gives its status. Raises what planning it raises."""
        if self.jobs == 1:
            return plan_point(point)
        if lane is not None:
            return self._planned(point, self._pool.members[lane], is_last)
        with self._pool.free() as worker:
            return self._planned(point, worker, is_last)

    def _planned(self, point: Point, worker: _Worker, is_last: bool) -> str:
        status, self._known = worker.plan(point, self._known, is_last)
        return status


class _Worker:
    """A process that plans one point after the other."""

    def __init__(self, core: int) -> None:
        self.has_planned = False
        self.process = Worker("planner.frontier.worker", variables={CORE: str(core)})

    def plan(self, point: Point, known: str, is_last: bool) -> tuple[str, str]:
        """Its status, and what is known after it; `known` is what other processes have found. Raises what planning it raised, and
        SolverError where the process ended."""
        known, self.has_planned = "" if self.has_planned else known, True
        try:
            answer = self.process.ask((point, known, is_last))
        except ProcessEnded as error:
            raise SolverError.because(
                "{out}: the process that planned it ended; the points before it stay", out=point.out.name
            ) from error
        if "complaints" in answer:
            raise CaseError(answer["complaints"])
        if "errors" in answer:
            first, *others = answer["errors"]
            words = "; ".join([first, *others]) if others else first
            raise SolverError.because("{place}: {words}", place=point.out.name, words=words)
        return answer["status"], answer["known"]

    def end(self) -> None:
        """End the process, whatever it does."""
        self.process.end()
