"""The points of a frontier, from the loosest to the tightest, as many at once as there are cores; what is there already stays."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from models.errors import CaseError, SolverError
from planner.frontier.point import Point, as_text, plan_point
from planner.frontier.worker import CORE

#: Status of a point that was not tried, since a looser one cannot be met.
IMPLIED = "implied"
#: Told of each point as it ends: the point and its status, and whether it was there already.
Say = Callable[[Point, str, bool], None]


def work(points: Sequence[Point], digest: str, jobs: int, say: Say) -> None:
    """Plan and save what is not there yet, the loosest first. Once a point cannot be met no tighter one is begun.

    With one job in this process, else in processes of their own. Raises what a run raises.
    """
    left = []
    for point in points:
        if point.is_done(digest):
            say(point, "", True)
        else:
            left.append(point)
    if jobs == 1 or len(left) < 2:
        for point in left:
            status = plan_point(point)
            say(point, status, False)
            if status == "infeasible":
                return
        return
    for point, status in _in_processes(left, jobs):
        say(point, status, False)


def _in_processes(points: Sequence[Point], jobs: int) -> Iterator[tuple[Point, str]]:
    """Each point and its status, as they end."""
    jobs = min(jobs, len(points))
    workers = [_Worker(core) for core in range(jobs)]
    coming, idle = iter(points), list(workers)
    running: dict[Future[str], tuple[Point, _Worker]] = {}
    is_met = True
    with ThreadPoolExecutor(jobs) as threads:
        try:
            while True:
                while is_met and idle and (point := next(coming, None)) is not None:
                    worker = idle.pop()
                    running[threads.submit(worker.plan, point)] = point, worker
                if not running:
                    return
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    point, worker = running.pop(future)
                    idle.append(worker)
                    status = future.result()
                    is_met = is_met and status != "infeasible"
                    yield point, status
        finally:  # before the threads are waited for, which wait for their processes
            for worker in workers:
                worker.end()


class _Worker:
    """A process that plans one point after the other."""

    def __init__(self, core: int) -> None:
        paths = os.pathsep.join(path for path in sys.path if path)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "planner.frontier.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            encoding="utf-8", env={**os.environ, "PYTHONPATH": paths, CORE: str(core)},
        )  # fmt: skip

    def plan(self, point: Point) -> str:
        """Its status. Raises what planning it raised, and SolverError where the process ended."""
        assert self.process.stdin is not None and self.process.stdout is not None
        try:
            self.process.stdin.write(as_text(point) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except OSError:
            line = ""
        if not line:
            raise SolverError(f"{point.out.name}: the process that planned it ended; the points before it stay")
        answer = json.loads(line)
        if "complaints" in answer:
            raise CaseError(answer["complaints"])
        if "error" in answer:
            raise SolverError(f"{point.out.name}: {answer['error']}")
        return str(answer["status"])

    def end(self) -> None:
        """End the process, whatever it does."""
        self.process.kill()
        self.process.wait()
