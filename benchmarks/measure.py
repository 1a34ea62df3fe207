"""What a run costs: wall time, processor time, time inside HiGHS, peak memory; all of the process that it runs in."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

import highspy


@dataclass
class Measured:
    """Seconds and MiB of a process, and what it found.

    read, build   reading the park and choosing days; making the model, from inputs to what HiGHS is given
    highs         within HiGHS's run, of this process; highs_processor the processor time of it, all threads
    processor     user and system time, of this process and of those that it started and that have ended
    memory        largest resident set of this process, or of one that it started (MiB)
    """

    objective: float = float("nan")
    bound: float | None = None
    read: float = 0.0
    build: float = 0.0
    highs: float = 0.0
    highs_processor: float = 0.0
    wall: float = 0.0
    processor: float = 0.0
    memory: float = 0.0
    matrix: str = ""
    settings: str = ""
    seconds: dict[str, float] = field(default_factory=dict)

    def as_dict(self) -> dict:
        """For JSON."""
        return asdict(self)


@contextmanager
def timed_highs(measured: Measured) -> Iterator[None]:
    """Count the time within every run of HiGHS of this process, whoever calls it."""
    plain = highspy.Highs.run

    def run(highs: highspy.Highs, *arguments: object, **keywords: object) -> object:
        began, processor = time.perf_counter(), time.process_time()
        try:
            return plain(highs, *arguments, **keywords)
        finally:
            measured.highs += time.perf_counter() - began
            measured.highs_processor += time.process_time() - processor

    highspy.Highs.run = run  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        highspy.Highs.run = plain  # type: ignore[method-assign]


def finish(measured: Measured, began: float) -> Measured:
    """Fill in what the system knows of this process."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    measured.wall = time.perf_counter() - began
    measured.processor = sum(u.ru_utime + u.ru_stime for u in usages)
    measured.memory = max(u.ru_maxrss for u in usages) / 1024
    return measured
